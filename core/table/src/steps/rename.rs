//! New names for columns.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_analysis::Params;
use sluice_protocol::spec::{OperationKind, OperationSpec, Scope};

use crate::error::TableError;
use crate::host::LocalBoxFuture;
use crate::operation::{Operation, Outcome, RunContext, typed};
use crate::steps::build::table;
use crate::steps::{About, ONE, one_input, param_error, spec};
use crate::table::Table;

/// Parameters of [`Rename`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RenameParams {
    /// New names by old names. All take effect at once, so two columns can swap names.
    #[schemars(extend("role" = "columns"))]
    pub names: BTreeMap<String, String>,
}

/// Renames columns.
pub struct Rename;

const NAME: &str = "rename";

impl Operation for Rename {
    fn spec(&self) -> OperationSpec {
        spec::<RenameParams>(About {
            name: NAME,
            title: "Rename columns",
            summary: "Gives columns other names",
            kind: OperationKind::Map,
            inputs: ONE,
            scope: Scope::Row,
            source: "Sluice",
        })
    }

    fn run<'a>(
        &'a self,
        inputs: &'a [Table],
        params: &'a Params,
        _context: &'a RunContext<'a>,
    ) -> LocalBoxFuture<'a, Result<Outcome, TableError>> {
        Box::pin(async move {
            let params: RenameParams = typed(NAME, params)?;
            let input = one_input(NAME, inputs)?;
            for (old, new) in &params.names {
                input.column(old)?;
                if new.is_empty() {
                    return Err(param_error("names", format!("“{old}” would have no name")));
                }
            }
            let columns = input.frame().columns().iter().map(|column| {
                match params.names.get(column.name().as_str()) {
                    Some(new) => column.clone().with_name(new.as_str().into()),
                    None => column.clone(),
                }
            });
            Ok(Outcome::table(table(input.n_rows(), columns.collect())?))
        })
    }
}
