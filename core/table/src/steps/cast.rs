//! Columns converted to other types.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_analysis::Params;
use sluice_protocol::load::ColumnType;
use sluice_protocol::spec::{OperationKind, OperationSpec, Scope};

use polars_core::prelude::Column;

use crate::error::TableError;
use crate::expr::convert::{convert, write_value};
use crate::host::LocalBoxFuture;
use crate::load::Issues;
use crate::operation::{Operation, Outcome, RunContext, typed};
use crate::render::Style;
use crate::steps::build::{ColumnBuilder, push_issue, table};
use crate::steps::{About, ONE, one_input, spec};
use crate::table::{Table, column_type};
use crate::view::search::Searched;
use crate::view::slices::row_slices;
use crate::view::vector::{Vector, read_plain};

/// Parameters of [`Cast`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CastParams {
    /// Columns to convert.
    #[schemars(length(min = 1))]
    pub columns: Vec<CastColumn>,
}

/// A column and its new type.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CastColumn {
    /// The column.
    #[schemars(extend("role" = "column"))]
    pub column: String,
    /// Its new type.
    pub to: CastType,
}

/// Types that a column can be converted to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CastType {
    /// Any value has a text.
    #[default]
    Text,
    /// Whole numbers; fractions are dropped, text with a fraction is not converted.
    Integer,
    /// Numbers.
    Float,
    /// True and false; texts true, t, yes, y, 1 and false, f, no, n, 0; numbers other than 0 are true.
    Boolean,
    /// Days; from text as 2026-01-31.
    Date,
    /// Moments; from text in ISO 8601, from numbers in seconds since 1970-01-01 UTC.
    DateTime,
    /// Times of day; from text as 14:30:00.
    Time,
}

impl CastType {
    fn column_type(self) -> ColumnType {
        match self {
            Self::Text => ColumnType::Text,
            Self::Integer => ColumnType::Integer,
            Self::Float => ColumnType::Float,
            Self::Boolean => ColumnType::Boolean,
            Self::Date => ColumnType::Date,
            Self::DateTime => ColumnType::DateTime,
            Self::Time => ColumnType::Time,
        }
    }
}

/// Converts columns; values that cannot be converted become missing, and are counted and listed as issues.
pub struct Cast;

const NAME: &str = "cast";

impl Operation for Cast {
    fn spec(&self) -> OperationSpec {
        spec::<CastParams>(About {
            name: NAME,
            title: "Convert types",
            summary: "Converts columns to other types; what cannot be converted becomes missing and is listed",
            kind: OperationKind::Map,
            inputs: ONE,
            scope: Scope::Row,
            source: "ISO 8601 for dates and times",
        })
    }

    fn run<'a>(
        &'a self,
        inputs: &'a [Table],
        params: &'a Params,
        context: &'a RunContext<'a>,
    ) -> LocalBoxFuture<'a, Result<Outcome, TableError>> {
        Box::pin(async move {
            let params: CastParams = typed(NAME, params)?;
            let input = one_input(NAME, inputs)?;
            let mut columns = input.frame().columns().to_vec();
            let mut issues = Issues::default();
            for cast in &params.columns {
                let column = input.column(&cast.column)?;
                let converted = converted(column, cast.to, &mut issues, context).await?;
                columns
                    .iter_mut()
                    .filter(|old| old.name() == converted.name())
                    .for_each(|old| *old = converted.clone());
            }
            Ok(Outcome {
                tables: vec![table(input.n_rows(), columns)?],
                issues,
                ..Outcome::default()
            })
        })
    }
}

async fn converted(
    column: &Column,
    to: CastType,
    issues: &mut Issues,
    context: &RunContext<'_>,
) -> Result<Column, TableError> {
    let (found, wanted) = (column_type(column.dtype()), to.column_type());
    if found == wanted {
        return Ok(column.clone());
    }
    let texts = (to == CastType::Text).then(|| Searched::in_style(column, Style::File));
    let mut builder = ColumnBuilder::new(column.name(), wanted);
    for rows in row_slices(&[column], column.len()) {
        context
            .host
            .progress(column.name(), rows.start as u64, column.len() as u64);
        context.host.checkpoint().await?;
        if let Some(texts) = &texts {
            builder.push(&Vector {
                column_type: wanted,
                ..texts.shown(rows)?
            })?;
            continue;
        }
        let before = read_plain(column, rows.clone())?;
        let Some(after) = convert(before.clone(), wanted) else {
            return Err(TableError::ColumnType {
                column: column.name().to_string(),
                found: found.label(),
                expected: "a type that can be converted to the one wanted",
            });
        };
        for idx in (0..after.len()).filter(|idx| before.is_present(*idx) && !after.is_present(*idx))
        {
            push_issue(issues, NAME, rows.start + idx, column.name(), || {
                let mut value = String::new();
                write_value(&mut value, &before, idx);
                format!(
                    "“{}” cannot be converted to {}",
                    shortened(&value),
                    wanted.label()
                )
            });
        }
        builder.push(&after)?;
    }
    Ok(builder.finish())
}

/// Enough of a value to recognise it.
fn shortened(value: &str) -> String {
    const MOST_CHARS: usize = 60;
    match value.char_indices().nth(MOST_CHARS) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value.to_owned(),
    }
}
