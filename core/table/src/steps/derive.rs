//! New columns from expressions.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_analysis::Params;
use sluice_protocol::spec::{OperationKind, OperationSpec, Scope};

use crate::error::TableError;
use crate::expr::Expression;
use crate::host::LocalBoxFuture;
use crate::operation::{Operation, Outcome, RunContext, typed};
use crate::steps::build::{ColumnBuilder, table};
use crate::steps::{About, ONE, one_input, param_error, spec};
use crate::table::Table;
use crate::view::slices::row_slices;

/// Parameters of [`Derive`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DeriveParams {
    /// Columns to compute, in this order; later ones can use earlier ones.
    pub columns: Vec<DerivedColumn>,
}

/// A column and what it is computed from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DerivedColumn {
    /// Name of the column. A column of this name is replaced where it stands; a new one comes last.
    pub name: String,
    /// What it holds, as an expression over the table's columns, such as `price * quantity`.
    #[schemars(extend("role" = "expression"))]
    pub expression: String,
}

/// Adds columns computed from other columns of the same row.
pub struct Derive;

const NAME: &str = "derive";

impl Operation for Derive {
    fn spec(&self) -> OperationSpec {
        spec::<DeriveParams>(About {
            name: NAME,
            title: "Derive columns",
            summary: "Adds columns that are computed from others by expressions",
            kind: OperationKind::Map,
            inputs: ONE,
            scope: Scope::Row,
            source: "Sluice's expression language",
        })
    }

    fn run<'a>(
        &'a self,
        inputs: &'a [Table],
        params: &'a Params,
        context: &'a RunContext<'a>,
    ) -> LocalBoxFuture<'a, Result<Outcome, TableError>> {
        Box::pin(async move {
            let params: DeriveParams = typed(NAME, params)?;
            let mut derived = one_input(NAME, inputs)?.clone();
            for column in &params.columns {
                if column.name.is_empty() {
                    return Err(param_error("name", "a derived column needs a name"));
                }
                derived = with_derived(&derived, column, context).await?;
            }
            Ok(Outcome::table(derived))
        })
    }
}

async fn with_derived(
    input: &Table,
    derived: &DerivedColumn,
    context: &RunContext<'_>,
) -> Result<Table, TableError> {
    let expression = Expression::new(&derived.expression, input)?;
    let mut builder = ColumnBuilder::new(&derived.name, expression.column_type());
    for rows in row_slices(&expression.columns(input), input.n_rows()) {
        context.host.progress(&derived.name, rows.start as u64, input.n_rows() as u64);
        context.host.checkpoint().await?;
        builder.push(&expression.values(input, rows)?)?;
    }
    let column = builder.finish();
    let mut columns = input.frame().columns().to_vec();
    match columns.iter_mut().find(|old| old.name() == column.name()) {
        Some(old) => *old = column,
        None => columns.push(column),
    }
    table(input.n_rows(), columns)
}
