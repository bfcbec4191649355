//! Which rows satisfy the pills of a view.

use std::ops::Range;

use polars_core::prelude::Column;
use sluice_analysis::{Pill, Predicate};
use sluice_protocol::load::ColumnType;
use sluice_stats::bits::Bitmap;

use crate::error::TableError;
use crate::expr::Expression;
use crate::host::Host;
use crate::table::{Table, column_type};
use crate::view::bits::BitWriter;
use crate::view::one_of::Members;
use crate::view::range::Bounds;
use crate::view::require_row_numbers_of;
use crate::view::search::{Pattern, Searched};
use crate::view::slices::row_slices;
use crate::view::vector::{decimal_scale, is_single, read, read_present};

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
    OneOf {
        column: &'a Column,
        members: Members,
        negated: bool,
    },
    Range {
        column: &'a Column,
        bounds: Bounds,
    },
    Missing {
        column: &'a Column,
        wanted: bool,
    },
    Search {
        columns: Vec<Searched<'a>>,
        pattern: Pattern,
    },
    Expression(Expression),
    /// Lists, structs and binary data, compared as they are shown.
    ShownOneOf {
        column: Searched<'a>,
        members: Members,
        negated: bool,
    },
}

impl<'a> Test<'a> {
    fn new(table: &'a Table, pill: &Pill) -> Result<Self, TableError> {
        Ok(match &pill.predicate {
            Predicate::OneOf { values, negated } => {
                let column = table.column(&pill.column)?;
                let column_type = column_type(column.dtype());
                let members = Members::new(values, column_type, decimal_scale(column.dtype()));
                if is_single(column_type) {
                    Self::OneOf {
                        column,
                        members,
                        negated: *negated,
                    }
                } else {
                    Self::ShownOneOf {
                        column: Searched::new(column),
                        members,
                        negated: *negated,
                    }
                }
            }
            Predicate::Range {
                low,
                high,
                high_inclusive,
            } => {
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
                let bounds = Bounds {
                    low: *low,
                    high: *high,
                    high_inclusive: *high_inclusive,
                };
                Self::Range { column, bounds }
            }
            Predicate::Missing(wanted) => Self::Missing {
                column: table.column(&pill.column)?,
                wanted: *wanted,
            },
            Predicate::Text {
                pattern,
                mode,
                case_sensitive,
            } => {
                let columns = match pill.column.as_str() {
                    "" => table.frame().columns().iter().map(Searched::new).collect(),
                    name => vec![Searched::new(table.column(name)?)],
                };
                Self::Search {
                    columns,
                    pattern: Pattern::new(pattern, *mode, *case_sensitive)?,
                }
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
            Self::Search { columns, .. } => {
                columns.iter().map(|searched| searched.column).collect()
            }
            Self::Expression(expression) => expression.columns(table),
        }
    }

    fn holds(&self, table: &Table, rows: Range<usize>) -> Result<Vec<bool>, TableError> {
        let n = rows.len();
        Ok(match self {
            Self::OneOf {
                column,
                members,
                negated,
            } => {
                let vector = read(column, rows)?;
                let mut holds = members.contain(&vector);
                decide(
                    &mut holds,
                    vector.present.as_deref(),
                    members.missing,
                    *negated,
                );
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
                Some(present) => present
                    .into_iter()
                    .map(|present| present != *wanted)
                    .collect(),
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
            Self::ShownOneOf {
                column,
                members,
                negated,
            } => {
                let shown = column.shown(rows)?;
                let mut holds = members.contain(&shown);
                decide(
                    &mut holds,
                    shown.present.as_deref(),
                    members.missing,
                    *negated,
                );
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

#[cfg(test)]
mod tests {
    use sluice_analysis::{TextMatch, Value};

    use super::*;
    use crate::column::OwnedColumn;
    use crate::host::PlainHost;
    use crate::view::slices::SLICE_ROWS;
    use crate::view::testing::{CountingHost, bools, floats, ints, rechunked, table, texts};

    fn sample() -> Table {
        let nan = f64::NAN;
        table(vec![
            ("n", ints(&[Some(1), Some(2), None, Some(3), Some(2)])),
            (
                "x",
                floats(&[Some(1.5), Some(nan), Some(-0.0), None, Some(f64::INFINITY)]),
            ),
            (
                "t",
                texts(&[Some("Ärger"), Some("b"), Some(""), None, Some("ärger")]),
            ),
            (
                "b",
                bools(&[Some(true), Some(false), None, Some(true), Some(false)]),
            ),
            (
                "d",
                OwnedColumn::Date(vec![Some(0), Some(1), Some(2), None, Some(-1)]),
            ),
            (
                "id",
                OwnedColumn::UInt(vec![Some(u64::MAX), Some(7), None, Some(8), Some(u64::MAX)]),
            ),
            (
                "money",
                OwnedColumn::Decimal {
                    values: vec![Some(150), Some(15), None, Some(1500), Some(-5)],
                    scale: 2,
                },
            ),
            (
                "l",
                OwnedColumn::ListInt(vec![
                    Some(vec![1, 2]),
                    Some(vec![]),
                    None,
                    Some(vec![3]),
                    Some(vec![1, 2]),
                ]),
            ),
        ])
    }

    fn check(column: &str, predicate: Predicate, expected: &[usize]) {
        let pill = Pill {
            column: column.to_owned(),
            predicate,
        };
        for chunk_rows in [5, 1, 2, 3] {
            let table = rechunked(&sample(), chunk_rows);
            let rows = pollster::block_on(pill_bitmap(&table, &pill, &PlainHost)).expect("valid");
            assert_eq!(
                rows.iter_ones().collect::<Vec<_>>(),
                expected,
                "{pill:?}, chunks of {chunk_rows}"
            );
        }
    }

    fn one_of(values: &[Value]) -> Predicate {
        Predicate::OneOf {
            values: values.to_vec(),
            negated: false,
        }
    }

    fn none_of(values: &[Value]) -> Predicate {
        Predicate::OneOf {
            values: values.to_vec(),
            negated: true,
        }
    }

    fn range(low: Option<f64>, high: Option<f64>) -> Predicate {
        Predicate::Range {
            low,
            high,
            high_inclusive: false,
        }
    }

    fn text(pattern: &str, mode: TextMatch, case_sensitive: bool) -> Predicate {
        Predicate::Text {
            pattern: pattern.to_owned(),
            mode,
            case_sensitive,
        }
    }

    #[test]
    fn values_of_a_list() {
        check("n", one_of(&[2.into()]), &[1, 4]);
        check(
            "n",
            one_of(&[2.0.into(), "3".into(), Value::Null, 2.5.into()]),
            &[1, 2, 3, 4],
        );
        check("n", none_of(&[2.into()]), &[0, 3]);
        check("n", none_of(&[2.into(), Value::Null]), &[0, 3]);
        check("n", one_of(&[]), &[]);
        check("x", one_of(&[0.into(), f64::NAN.into()]), &[1, 2]);
        check("t", one_of(&["b".into(), "".into()]), &[1, 2]);
        check("b", one_of(&[false.into()]), &[1, 4]);
        check("d", one_of(&["1970-01-02".into(), 0.into()]), &[0, 1]);
        check(
            "id",
            one_of(&["18446744073709551615".into(), 8.into()]),
            &[0, 3, 4],
        );
        check("money", one_of(&[1.5.into(), "-0.05".into()]), &[0, 4]);
        check("l", one_of(&["[1,2]".into()]), &[0, 4]);
    }

    #[test]
    fn ranges_of_numbers_and_times() {
        check("n", range(Some(2.0), Some(3.0)), &[1, 4]);
        check(
            "n",
            Predicate::Range {
                low: None,
                high: Some(3.0),
                high_inclusive: true,
            },
            &[0, 1, 3, 4],
        );
        check("x", range(None, None), &[0, 2, 4]);
        check("x", range(Some(0.0), Some(1.5)), &[2]);
        check("d", range(Some(0.0), Some(172_800_000_000.0)), &[0, 1]);
        check("id", range(Some(8.0), None), &[0, 3, 4]);
        check("money", range(Some(0.0), Some(1.5)), &[1]);
        check("b", range(Some(0.5), None), &[0, 3]);
    }

    #[test]
    fn missing_values() {
        check("t", Predicate::Missing(true), &[3]);
        check("l", Predicate::Missing(false), &[0, 1, 3, 4]);
    }

    #[test]
    fn text_as_shown() {
        check("t", text("ä", TextMatch::Contains, true), &[4]);
        check("t", text("ä", TextMatch::Contains, false), &[0, 4]);
        check("t", text("^.$", TextMatch::Regex, true), &[1]);
        check("t", text("", TextMatch::Contains, true), &[0, 1, 2, 4]);
        check("n", text("2", TextMatch::Contains, true), &[1, 4]);
        check("d", text("1970-01", TextMatch::Contains, true), &[0, 1, 2]);
        check("", text("B", TextMatch::Contains, false), &[1]);
        check("", text("1.5", TextMatch::Contains, true), &[0]);
    }

    #[test]
    fn expressions() {
        check(
            "",
            Predicate::Expression("n >= 2 and x is not null".into()),
            &[1, 4],
        );
        check(
            "",
            Predicate::Expression("l is null or b".into()),
            &[0, 2, 3],
        );
    }

    #[test]
    fn mistakes_are_named() {
        let check = |column: &str, predicate: Predicate, expected: &str| {
            let pill = Pill {
                column: column.to_owned(),
                predicate,
            };
            let error = pollster::block_on(pill_bitmap(&sample(), &pill, &PlainHost));
            assert_eq!(error.expect_err(expected).to_string(), expected);
        };
        check(
            "t",
            range(None, None),
            "column “t” is text; a number, date or time is needed",
        );
        check(
            "u",
            Predicate::Missing(true),
            "column “u” does not exist; the table has n, x, t, b, d, id, money, l",
        );
        check(
            "t",
            text("(", TextMatch::Regex, true),
            "search for “(”: unclosed group",
        );
        check(
            "",
            Predicate::Expression("n + 1".into()),
            "expression, character 1: a condition is needed, and this is an integer",
        );
    }

    #[test]
    fn pills_are_a_conjunction() {
        let pill = |predicate| Pill {
            column: "n".to_owned(),
            predicate,
        };
        let pills = [pill(range(Some(2.0), None)), pill(none_of(&[3.into()]))];
        let rows = pollster::block_on(matching_rows(&sample(), &pills, &PlainHost)).expect("valid");
        assert_eq!(rows.expect("some").iter_ones().collect::<Vec<_>>(), [1, 4]);
        assert_eq!(
            pollster::block_on(matching_rows(&sample(), &[], &PlainHost)),
            Ok(None)
        );
    }

    #[test]
    fn every_slice_can_be_cancelled() {
        let n_rows = 5 * SLICE_ROWS + 1;
        let table = table(vec![(
            "n",
            OwnedColumn::Int((0..n_rows as i64).map(Some).collect()),
        )]);
        let pill = Pill {
            column: "n".to_owned(),
            predicate: range(Some(1.0), None),
        };
        let host = CountingHost::new();
        pollster::block_on(pill_bitmap(&table, &pill, &host)).expect("not cancelled");
        assert_eq!(host.n_checkpoints.get(), 6);
        for nth in 0..6 {
            let host = CountingHost::cancelling_at(nth);
            let result = pollster::block_on(pill_bitmap(&table, &pill, &host));
            assert_eq!(result, Err(TableError::Cancelled));
        }
    }
}
