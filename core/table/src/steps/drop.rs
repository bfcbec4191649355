//! Columns left out.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_analysis::Params;
use sluice_protocol::spec::{OperationKind, OperationSpec, Scope};

use crate::error::TableError;
use crate::host::LocalBoxFuture;
use crate::operation::{Operation, Outcome, RunContext, typed};
use crate::steps::build::table;
use crate::steps::{About, ONE, one_input, spec};
use crate::table::Table;

/// Parameters of [`Drop`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DropParams {
    /// Columns to leave out.
    #[schemars(extend("role" = "columns"))]
    pub columns: Vec<String>,
}

/// Leaves columns out.
pub struct Drop;

const NAME: &str = "drop";

impl Operation for Drop {
    fn spec(&self) -> OperationSpec {
        spec::<DropParams>(About {
            name: NAME,
            title: "Drop columns",
            summary: "Leaves columns out",
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
            let params: DropParams = typed(NAME, params)?;
            let input = one_input(NAME, inputs)?;
            for name in &params.columns {
                input.column(name)?;
            }
            let is_kept = |name: &str| !params.columns.iter().any(|dropped| dropped == name);
            let kept = input
                .frame()
                .columns()
                .iter()
                .filter(|column| is_kept(column.name()));
            Ok(Outcome::table(table(
                input.n_rows(),
                kept.cloned().collect(),
            )?))
        })
    }
}
