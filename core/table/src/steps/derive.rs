//! New columns from expressions.

use std::ops::Range;

use polars_core::prelude::Column;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_analysis::Params;
use sluice_protocol::load::LoadIssue;
use sluice_protocol::spec::{OperationKind, OperationSpec, Scope};

use crate::error::TableError;
use crate::expr::Expression;
use crate::host::LocalBoxFuture;
use crate::load::Issues;
use crate::operation::{Operation, Outcome, RunContext, typed};
use crate::steps::build::{ColumnBuilder, table};
use crate::steps::{About, ONE, one_input, param_error, spec};
use crate::table::Table;
use crate::view::slices::row_slices;
use crate::view::vector::{Vector, read_present};

/// Parameters of [`Derive`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DeriveParams {
    /// Columns to compute, in this order; later ones can use earlier ones.
    #[schemars(length(min = 1))]
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
///
/// Rows whose result is missing although nothing that it reads is are counted in an issue.
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
            let mut issues = Issues::default();
            for column in &params.columns {
                if column.name.is_empty() {
                    return Err(param_error("name", "a derived column needs a name"));
                }
                derived = with_derived(&derived, column, &mut issues, context).await?;
            }
            Ok(Outcome {
                tables: vec![derived],
                issues,
                ..Outcome::default()
            })
        })
    }
}

async fn with_derived(
    input: &Table,
    derived: &DerivedColumn,
    issues: &mut Issues,
    context: &RunContext<'_>,
) -> Result<Table, TableError> {
    let expression = Expression::new(&derived.expression, input)?;
    let read = expression.columns(input);
    let mut builder = ColumnBuilder::new(&derived.name, expression.column_type());
    let mut n_undefined = 0;
    for rows in row_slices(&read, input.n_rows()) {
        context
            .host
            .progress(&derived.name, rows.start as u64, input.n_rows() as u64);
        context.host.checkpoint().await?;
        let values = expression.values(input, rows.clone())?;
        n_undefined += n_missing_of_present(&values, &read, rows);
        builder.push(&values)?;
    }
    if n_undefined > 0 {
        issues.push(LoadIssue {
            file: NAME.to_owned(),
            row: None,
            column: Some(derived.name.clone()),
            reason: format!(
                "no value in {n_undefined} rows where all columns that it reads have one"
            ),
        });
    }
    let column = builder.finish();
    let mut columns = input.frame().columns().to_vec();
    match columns.iter_mut().find(|old| old.name() == column.name()) {
        Some(old) => *old = column,
        None => columns.push(column),
    }
    table(input.n_rows(), columns)
}

/// How many values are missing although no operand is: divisions by zero, overflows, failed conversions,
/// and what the expression itself makes missing.
fn n_missing_of_present(values: &Vector<'_>, read: &[&Column], rows: Range<usize>) -> usize {
    let Some(present) = &values.present else {
        return 0;
    };
    let mut undefined: Vec<bool> = present.iter().map(|present| !present).collect();
    for column in read {
        if let Some(present) = read_present(column, rows.clone()) {
            undefined
                .iter_mut()
                .zip(present)
                .for_each(|(undefined, present)| *undefined &= present);
        }
    }
    undefined.into_iter().filter(|undefined| *undefined).count()
}
