//! Tables below each other.

use polars_core::prelude::{Column, DataType};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_analysis::Params;
use sluice_protocol::load::LoadIssue;
use sluice_protocol::spec::{Inputs, OperationKind, OperationSpec, Scope};

use crate::error::TableError;
use crate::host::{Host, LocalBoxFuture};
use crate::load::Issues;
use crate::operation::{Operation, Outcome, RunContext, typed};
use crate::steps::build::{common_dtype, table, with_dtype};
use crate::steps::{About, spec, wrong_inputs};
use crate::table::{Table, column_type};
use crate::view::gather::failed;
use crate::view::require_row_numbers;

/// Parameters of [`Concatenate`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ConcatenateParams {
    /// Which columns come out.
    pub columns: ColumnChoice,
}

/// Which columns come out when tables differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ColumnChoice {
    /// All columns of all tables; missing where a table lacks one.
    #[default]
    Union,
    /// Columns that every table has.
    Common,
}

/// Puts tables below each other, matching columns by name.
///
/// Columns stand in the order of first appearance. Types that differ become one that holds both: integers and
/// decimals with floats become floats, dates with date-times date-times, categories texts; any others become text,
/// which is noted as an issue.
pub struct Concatenate;

const NAME: &str = "concatenate";
const INPUTS: Inputs = Inputs { min: 2, max: 16 };

impl Operation for Concatenate {
    fn spec(&self) -> OperationSpec {
        spec::<ConcatenateParams>(About {
            name: NAME,
            title: "Concatenate",
            summary: "Puts tables below each other, matching columns by name",
            kind: OperationKind::Map,
            inputs: INPUTS,
            scope: Scope::Corpus,
            source: "Sluice",
        })
    }

    fn run<'a>(
        &'a self,
        inputs: &'a [Table],
        params: &'a Params,
        context: &'a RunContext<'a>,
    ) -> LocalBoxFuture<'a, Result<Outcome, TableError>> {
        Box::pin(async move {
            let params: ConcatenateParams = typed(NAME, params)?;
            if inputs.len() < usize::from(INPUTS.min) || inputs.len() > usize::from(INPUTS.max) {
                return Err(wrong_inputs(NAME, "2 to 16", inputs.len()));
            }
            let n_rows = inputs.iter().map(|table| table.n_rows() as u64).sum();
            require_row_numbers(n_rows)?;
            let mut issues = Issues::default();
            let mut columns = Vec::new();
            for name in names(inputs, params.columns) {
                columns.push(concatenated(name, inputs, &mut issues, context.host).await?);
            }
            Ok(Outcome {
                tables: vec![table(n_rows as usize, columns)?],
                issues,
                ..Outcome::default()
            })
        })
    }
}

fn names(inputs: &[Table], choice: ColumnChoice) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for name in inputs.iter().flat_map(Table::column_names) {
        let wanted = choice == ColumnChoice::Union
            || inputs
                .iter()
                .all(|table| table.column_names().contains(&name));
        if wanted && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

async fn concatenated(
    name: &str,
    inputs: &[Table],
    issues: &mut Issues,
    host: &dyn Host,
) -> Result<Column, TableError> {
    let parts: Vec<Option<&Column>> = inputs.iter().map(|table| table.column(name).ok()).collect();
    let mut dtype: Option<DataType> = None;
    for part in parts.iter().flatten() {
        dtype = Some(match dtype {
            None => part.dtype().clone(),
            Some(before) => common_dtype(&before, part.dtype()).unwrap_or_else(|| {
                let (a, b) = (column_type(&before), column_type(part.dtype()));
                issues.push(note(
                    name,
                    format!("{} and {} became text", a.label(), b.label()),
                ));
                DataType::String
            }),
        });
    }
    let dtype = dtype.unwrap_or(DataType::Null);
    let mut all = Column::new_empty(name.into(), &dtype);
    for (part, input) in parts.into_iter().zip(inputs) {
        host.checkpoint().await?;
        let part = match part {
            None => Column::full_null(name.into(), input.n_rows(), &dtype),
            Some(part) => {
                let converted = with_dtype(part, &dtype, host).await?;
                let n_lost = converted.null_count() - part.null_count();
                if n_lost > 0 {
                    let reason =
                        format!("{n_lost} values do not fit the common type and are missing");
                    issues.push(note(name, reason));
                }
                converted
            }
        };
        all.append_owned(part).map_err(|error| failed(&error))?;
    }
    Ok(all)
}

fn note(column: &str, reason: String) -> LoadIssue {
    LoadIssue {
        file: NAME.to_owned(),
        row: None,
        column: Some(column.to_owned()),
        reason,
    }
}
