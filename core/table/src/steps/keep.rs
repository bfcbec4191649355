//! Columns chosen and put in order.

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

/// Parameters of [`Keep`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct KeepParams {
    /// Columns to keep, in their new order.
    #[schemars(extend("role" = "columns"))]
    pub columns: Vec<String>,
    /// Keeps the other columns too, after these, in their old order.
    pub others: bool,
}

/// Keeps columns in a given order.
pub struct Keep;

const NAME: &str = "keep";

impl Operation for Keep {
    fn spec(&self) -> OperationSpec {
        spec::<KeepParams>(About {
            name: NAME,
            title: "Keep and order columns",
            summary: "Keeps some columns, in a given order",
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
            let params: KeepParams = typed(NAME, params)?;
            let input = one_input(NAME, inputs)?;
            let mut columns = Vec::with_capacity(input.n_columns());
            for name in &params.columns {
                columns.push(input.column(name)?.clone());
            }
            if params.others {
                let is_other = |name: &str| !params.columns.iter().any(|chosen| chosen == name);
                let others = input
                    .frame()
                    .columns()
                    .iter()
                    .filter(|column| is_other(column.name()));
                columns.extend(others.cloned());
            }
            Ok(Outcome::table(table(input.n_rows(), columns)?))
        })
    }
}
