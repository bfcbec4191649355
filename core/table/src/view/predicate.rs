//! Which rows satisfy the pills of a view.

use std::ops::Range;

use polars_core::prelude::Column;
use sluice_analysis::{Pill, Predicate};
use sluice_protocol::load::ColumnType;
use sluice_stats::bits::Bitmap;

use crate::error::TableError;
use crate::expr::Expression;
use crate::expr::resolve::is_single;
use crate::host::Host;
use crate::table::{Table, column_type};
use crate::view::bits::BitWriter;
use crate::view::one_of::Members;
use crate::view::range::Bounds;
use crate::view::require_row_numbers_of;
use crate::view::search::{Pattern, Searched};
use crate::view::slices::row_slices;
use crate::view::vector::{decimal_scale, read, read_present};

/// Rows for which all pills hold; `None` means all rows, which is so without pills.
///
/// # Errors
///
/// As [`pill_bitmap`].
pub async fn matching_rows(
    table: &Table,
    pills: &[Pill],
    host: &dyn Host,
) -> Result<Option<Bitmap>, TableError> {
    let mut all: Option<Bitmap> = None;
    for pill in pills {
        let rows = pill_bitmap(table, pill, host).await?;
        match &mut all {
            Some(all) => all.and_with(&rows),
            None => all = Some(rows),
        }
    }
    Ok(all)
}

/// Rows for which one pill holds.
///
/// A missing value satisfies only `Missing(true)` and a `OneOf` that lists `Null` and is not negated.
/// In `OneOf`, a number equals its other notations (3 and 3.0, as text too), NaN equals NaN, and dates and times are
/// texts in ISO 8601 or microseconds; a value that the column's type cannot hold equals none.
/// `Range` takes numbers, booleans as 0 and 1, dates and times; NaN is in no range.
///
/// # Errors
///
/// [`TableError::NoColumn`], [`TableError::ColumnType`] for a range over texts,
/// [`TableError::Param`] for a pattern and [`TableError::Expression`] for an expression that is not valid,
/// [`TableError::TooLarge`] beyond `u32::MAX` rows, and [`TableError::Cancelled`].
pub async fn pill_bitmap(
    table: &Table,
    pill: &Pill,
    host: &dyn Host,
) -> Result<Bitmap, TableError> {
    require_row_numbers_of(table)?;
    let test = Test::new(table, pill)?;
    let mut bits = BitWriter::with_capacity(table.n_rows());
    for rows in row_slices(&test.columns(table), table.n_rows()) {
        host.checkpoint().await?;
        bits.extend(&test.holds(table, rows)?);
    }
    Ok(bits.finish())
}

/// A predicate bound to the columns of a table.
enum Test<'a> {
    OneOf { column: &'a Column, members: Members, negated: bool },
    Range { column: &'a Column, bounds: Bounds },
    Missing { column: &'a Column, wanted: bool },
    Search { columns: Vec<Searched<'a>>, pattern: Pattern },
    Expression(Expression),
    /// Lists, structs and binary data, compared as they are shown.
    ShownOneOf { column: Searched<'a>, members: Members, negated: bool },
}

impl<'a> Test<'a> {
    fn new(table: &'a Table, pill: &Pill) -> Result<Self, TableError> {
        Ok(match &pill.predicate {
            Predicate::OneOf { values, negated } => {
                let column = table.column(&pill.column)?;
                let column_type = column_type(column.dtype());
                let members = Members::new(values, column_type, decimal_scale(column.dtype()));
                if is_single(column_type) {
                    Self::OneOf { column, members, negated: *negated }
                } else {
                    Self::ShownOneOf { column: Searched::new(column), members, negated: *negated }
                }
            }
            Predicate::Range { low, high, high_inclusive } => {
                let column = table.column(&pill.column)?;
                let found = column_type(column.dtype());
                let ordered = found.is_ordered_numeric()
                    || matches!(found, ColumnType::Boolean | ColumnType::Null);
                if !ordered {
                    return Err(TableError::ColumnType {
                        column: pill.column.clone(),
                        found: found.label(),
                        expected: "a number, date or time",
                    });
                }
                let bounds = Bounds { low: *low, high: *high, high_inclusive: *high_inclusive };
                Self::Range { column, bounds }
            }
            Predicate::Missing(wanted) => {
                Self::Missing { column: table.column(&pill.column)?, wanted: *wanted }
            }
            Predicate::Text { pattern, mode, case_sensitive } => {
                let columns = match pill.column.as_str() {
                    "" => table.frame().columns().iter().map(Searched::new).collect(),
                    name => vec![Searched::new(table.column(name)?)],
                };
                Self::Search { columns, pattern: Pattern::new(pattern, *mode, *case_sensitive)? }
            }
            Predicate::Expression(text) => Self::Expression(Expression::condition(text, table)?),
        })
    }

    fn columns(&self, table: &'a Table) -> Vec<&'a Column> {
        match self {
            Self::OneOf { column, .. } | Self::Range { column, .. } => vec![column],
            Self::ShownOneOf { column, .. } => vec![column.column],
            // Validity costs the same however long the texts are.
            Self::Missing { .. } => Vec::new(),
            Self::Search { columns, .. } => columns.iter().map(|searched| searched.column).collect(),
            Self::Expression(expression) => expression.columns(table),
        }
    }

    fn holds(&self, table: &Table, rows: Range<usize>) -> Result<Vec<bool>, TableError> {
        let n = rows.len();
        Ok(match self {
            Self::OneOf { column, members, negated } => {
                let vector = read(column, rows)?;
                let mut holds = members.contain(&vector);
                decide(&mut holds, vector.present.as_deref(), members.missing, *negated);
                holds
            }
            Self::Range { column, bounds } => {
                let unit = libm::exp10(decimal_scale(column.dtype()) as f64);
                let vector = read(column, rows)?;
                let mut holds = bounds.contain(&vector, unit);
                decide(&mut holds, vector.present.as_deref(), false, false);
                holds
            }
            Self::Missing { column, wanted } => match read_present(column, rows) {
                Some(present) => present.into_iter().map(|present| present != *wanted).collect(),
                None => vec![!wanted; n],
            },
            Self::Search { columns, pattern } => {
                let mut found = vec![false; n];
                for column in columns {
                    column.search(pattern, rows.clone(), &mut found)?;
                }
                found
            }
            Self::Expression(expression) => expression.true_rows(table, rows)?,
            Self::ShownOneOf { column, members, negated } => {
                let shown = column.shown(rows)?;
                let mut holds = members.contain(&shown);
                decide(&mut holds, shown.present.as_deref(), members.missing, *negated);
                holds
            }
        })
    }
}

/// Applies the negation to present values, and `missing_holds` (unless negated) to the others.
fn decide(holds: &mut [bool], present: Option<&[bool]>, missing_holds: bool, negated: bool) {
    if negated {
        holds.iter_mut().for_each(|holds| *holds = !*holds);
    }
    if let Some(present) = present {
        let of_missing = missing_holds && !negated;
        holds.iter_mut().zip(present).for_each(|(holds, present)| {
            *holds = if *present { *holds } else { of_missing };
        });
    }
}
