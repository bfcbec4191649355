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

use crate::error::TableError;
use crate::operation::{About, ONE, one_input, spec, wrong_inputs};

fn param_error(what: impl Into<String>, reason: impl Into<String>) -> TableError {
    TableError::Param {
        what: what.into(),
        reason: reason.into(),
    }
}
