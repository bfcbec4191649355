//! Operations on tables, one per file: columns made, converted, named and chosen; rows filtered, ordered, sampled;
//! tables put together and summed up.
//!
//! # Contract
//!
//! Inputs are never changed: what stays the same is shared with the output. Missing values stay missing unless an
//! operation says otherwise. Nothing depends on how columns are chunked.

mod aggregate;
mod build;
mod cast;
mod concatenate;
mod derive;
mod drop;
mod filter;
mod group_by;
mod join;
mod keep;
mod keys;
mod rename;
mod sample;
mod sort;
#[cfg(test)]
mod tests;

pub use cast::Cast;
pub use concatenate::Concatenate;
pub use derive::Derive;
pub use drop::Drop;
pub use filter::Filter;
pub use group_by::GroupBy;
pub use join::Join;
pub use keep::Keep;
pub use rename::Rename;
pub use sample::Sample;
pub use sort::Sort;

use sluice_analysis::Bench;
use sluice_protocol::spec::{Inputs, OperationKind, OperationSpec, Scope};

use crate::error::TableError;
use crate::operation::schema_and_defaults;
use crate::table::Table;

/// What differs between the specs of this module's operations.
struct About {
    name: &'static str,
    title: &'static str,
    summary: &'static str,
    kind: OperationKind,
    inputs: Inputs,
    scope: Scope,
    source: &'static str,
}

const ONE: Inputs = Inputs { min: 1, max: 1 };

fn spec<P: schemars::JsonSchema + serde::Serialize + Default>(about: About) -> OperationSpec {
    let (params_schema, defaults) = schema_and_defaults::<P>();
    OperationSpec {
        name: about.name.to_owned(),
        version: 1,
        bench: Bench::Data,
        kind: about.kind,
        title: about.title.to_owned(),
        summary: about.summary.to_owned(),
        inputs: about.inputs,
        scope: about.scope,
        source: about.source.to_owned(),
        dialects: Vec::new(),
        params_schema,
        defaults,
    }
}

fn one_input<'a>(op: &str, inputs: &'a [Table]) -> Result<&'a Table, TableError> {
    match inputs {
        [table] => Ok(table),
        _ => Err(wrong_inputs(op, "1", inputs.len())),
    }
}

fn wrong_inputs(op: &str, expected: &str, got: usize) -> TableError {
    TableError::Inputs {
        op: op.to_owned(),
        expected: expected.to_owned(),
        got,
    }
}

fn param_error(what: impl Into<String>, reason: impl Into<String>) -> TableError {
    TableError::Param {
        what: what.into(),
        reason: reason.into(),
    }
}
