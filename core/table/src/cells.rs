//! Cells as the grid shows them: pages of rows, and one cell in full.

use polars_core::prelude::{AnyValue, DataType};
use sluice_protocol::cells::{CellColumn, Cells, TEXT_LIMIT};

use crate::error::TableError;
use crate::render::{Rows, Style, no_row, text_of, write_value};
use crate::table::Table;

/// The cells of `rows` (row numbers of the table, in any order) in `columns`.
///
/// Texts are cut as [`Cells::Text`] says; binary is cut too and ends with its length.
/// Time grows with the number of cells asked for and the logarithm of the number of chunks, not with the table.
///
/// # Errors
///
/// [`TableError::NoColumn`]; [`TableError::Param`] for a row that does not exist.
pub fn cells(
    table: &Table,
    rows: &[u64],
    columns: &[String],
) -> Result<Vec<CellColumn>, TableError> {
    columns
        .iter()
        .map(|name| {
            Ok(CellColumn {
                name: name.clone(),
                cells: column_cells(table, rows, name)?,
            })
        })
        .collect()
}

/// One cell in full; empty when the value is missing.
///
/// # Errors
///
/// As [`cells`].
pub fn cell_text(table: &Table, row: u64, column: &str) -> Result<String, TableError> {
    let rows = Rows::of(table.column(column)?.as_materialized_series());
    let value = rows.get(row_idx(table, row)?)?;
    let mut text = String::new();
    write_value(&mut text, &value, Style::Cell, usize::MAX);
    Ok(text)
}

fn column_cells(table: &Table, rows: &[u64], name: &str) -> Result<Cells, TableError> {
    let series = table.column(name)?.as_materialized_series();
    let reader = Rows::of(series);
    let values = || rows.iter().map(|&row| reader.get(row_idx(table, row)?));
    let cells = match series.dtype() {
        DataType::Boolean => Cells::Bool(collect(values(), |value| match value {
            AnyValue::Boolean(value) => Some(*value),
            _ => None,
        })?),
        DataType::Float32 | DataType::Float64 => {
            Cells::Float(collect(values(), |value| match value {
                // Through its digits, so that 0.1 stays 0.1 in the wider type.
                AnyValue::Float32(value) if value.is_finite() => value.to_string().parse().ok(),
                AnyValue::Float32(value) => Some(f64::from(*value)),
                AnyValue::Float64(value) => Some(*value),
                _ => None,
            })?)
        }
        dtype if dtype.is_integer() => {
            let wide = collect(values(), AnyValue::extract::<i128>)?;
            let narrow: Option<Vec<Option<i64>>> = wide
                .iter()
                .map(|value| value.map(i64::try_from).transpose().ok())
                .collect();
            match narrow {
                Some(values) => Cells::Int(values),
                // Unsigned values above `i64::MAX`.
                None => Cells::Text(
                    wide.iter()
                        .map(|value| value.map(|v| v.to_string()))
                        .collect(),
                ),
            }
        }
        _ => Cells::Text(collect(values(), shown_text)?),
    };
    Ok(cells)
}

fn row_idx(table: &Table, row: u64) -> Result<usize, TableError> {
    usize::try_from(row).map_err(|_| no_row(row, table.n_rows()))
}

fn collect<'a, T>(
    values: impl Iterator<Item = Result<AnyValue<'a>, TableError>>,
    convert: impl Fn(&AnyValue<'a>) -> Option<T>,
) -> Result<Vec<Option<T>>, TableError> {
    values.map(|value| Ok(convert(&value?))).collect()
}

/// Bytes of a binary value that are shown.
const BINARY_LIMIT: usize = 16;

/// A code point has at most four bytes, so this many hold more than [`TEXT_LIMIT`] of them.
const LIMIT_BYTES: usize = 4 * (TEXT_LIMIT + 1);

fn shown_text(value: &AnyValue) -> Option<String> {
    if matches!(value, AnyValue::Null) {
        return None;
    }
    if let Some(text) = text_of(value) {
        return Some(cut(text));
    }
    let mut text = String::new();
    match value {
        AnyValue::Binary(bytes) => {
            let shown = bytes.get(..BINARY_LIMIT).unwrap_or(bytes);
            write_value(&mut text, &AnyValue::Binary(shown), Style::Cell, usize::MAX);
            let dots = if shown.len() < bytes.len() { "…" } else { "" };
            text.push_str(&format!("{dots} ({} bytes)", bytes.len()));
        }
        value => write_value(&mut text, value, Style::Cell, LIMIT_BYTES),
    }
    Some(cut(&text))
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(TEXT_LIMIT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use polars_core::prelude::*;

    use super::*;
    use crate::OwnedColumn;

    fn check(column: OwnedColumn, expected: Cells) {
        let table = Table::from_columns(vec![("x".into(), column)]).unwrap();
        let rows: Vec<u64> = (0..table.n_rows() as u64).collect();
        let columns = cells(&table, &rows, &["x".to_owned()]).unwrap();
        assert_eq!(
            columns,
            [CellColumn {
                name: "x".into(),
                cells: expected
            }]
        );
    }

    fn text(value: &str) -> Option<String> {
        Some(value.to_owned())
    }

    #[test]
    fn every_type_has_its_cells() {
        check(
            OwnedColumn::Bool(vec![Some(true), None]),
            Cells::Bool(vec![Some(true), None]),
        );
        check(
            OwnedColumn::Int(vec![Some(i64::MIN), None]),
            Cells::Int(vec![Some(i64::MIN), None]),
        );
        check(OwnedColumn::UInt(vec![Some(7)]), Cells::Int(vec![Some(7)]));
        check(
            OwnedColumn::UInt(vec![Some(u64::MAX), None]),
            Cells::Text(vec![text("18446744073709551615"), None]),
        );
        check(
            OwnedColumn::Float(vec![Some(0.1), None]),
            Cells::Float(vec![Some(0.1), None]),
        );
        check(
            OwnedColumn::Text(vec![text(""), None]),
            Cells::Text(vec![text(""), None]),
        );
        check(
            OwnedColumn::Date(vec![Some(0), None]),
            Cells::Text(vec![text("1970-01-01"), None]),
        );
        check(
            OwnedColumn::DateTime(vec![Some(1)]),
            Cells::Text(vec![text("1970-01-01T00:00:00.000001Z")]),
        );
        check(
            OwnedColumn::Time(vec![Some(1)]),
            Cells::Text(vec![text("00:00:00.000001")]),
        );
        check(
            OwnedColumn::Duration(vec![Some(-1_000_000)]),
            Cells::Text(vec![text("-00:00:01")]),
        );
        check(
            OwnedColumn::Decimal {
                values: vec![Some(15), None],
                scale: 1,
            },
            Cells::Text(vec![text("1.5"), None]),
        );
        check(
            OwnedColumn::ListInt(vec![Some(vec![1, 2]), None, Some(vec![])]),
            Cells::Text(vec![text("[1,2]"), None, text("[]")]),
        );
        check(
            OwnedColumn::ListText(vec![Some(vec!["a\"".into()])]),
            Cells::Text(vec![text(r#"["a\""]"#)]),
        );
        check(
            OwnedColumn::Binary(vec![Some(vec![1, 255]), Some(vec![0; 17]), None]),
            Cells::Text(vec![
                text("0x01ff (2 bytes)"),
                text(&format!("0x{}… (17 bytes)", "0".repeat(32))),
                None,
            ]),
        );
    }

    #[test]
    fn categories_structs_and_nulls_have_cells() {
        let categories = Series::new("c".into(), ["x", "y"])
            .cast(&DataType::from_categories(Categories::global()))
            .unwrap();
        let fields = [
            Series::new("a".into(), [1, 2]),
            Series::new("b".into(), [Some("t"), None]),
        ];
        let structs = StructChunked::from_series("s".into(), 2, fields.iter())
            .unwrap()
            .into_series();
        let nulls = Series::new_null("n".into(), 2);
        let columns = [categories, structs, nulls]
            .map(Series::into_column)
            .to_vec();
        let table = Table::from_frame(DataFrame::new(2, columns).unwrap());
        let names = ["c", "s", "n"].map(str::to_owned);
        let found: Vec<Cells> = cells(&table, &[1, 0], &names)
            .unwrap()
            .into_iter()
            .map(|c| c.cells)
            .collect();
        assert_eq!(
            found,
            [
                Cells::Text(vec![text("y"), text("x")]),
                Cells::Text(vec![
                    text(r#"{"a":2,"b":null}"#),
                    text(r#"{"a":1,"b":"t"}"#)
                ]),
                Cells::Text(vec![None, None]),
            ]
        );
    }

    #[test]
    fn rows_are_found_in_any_chunk() {
        let mut series = Series::new("x".into(), [0i64]);
        for value in 1..100i64 {
            series.append(&Series::new("x".into(), [value])).unwrap();
        }
        let table = Table::from_frame(DataFrame::new(100, vec![series.into_column()]).unwrap());
        let rows = [99, 0, 50];
        let found = cells(&table, &rows, &["x".to_owned()]).unwrap();
        assert_eq!(
            found[0].cells,
            Cells::Int(vec![Some(99), Some(0), Some(50)])
        );
        assert!(cells(&table, &[100], &["x".to_owned()]).is_err());
        assert!(cells(&table, &[0], &["y".to_owned()]).is_err());
    }

    #[test]
    fn long_texts_are_cut_by_code_points_and_read_in_full() {
        let long = "ü".repeat(TEXT_LIMIT + 1);
        let exact = "ü".repeat(TEXT_LIMIT);
        let list = OwnedColumn::ListInt(vec![Some((0..10_000).collect()), None]);
        let texts = OwnedColumn::Text(vec![Some(long.clone()), Some(exact.clone())]);
        let table = Table::from_columns(vec![("t".into(), texts), ("l".into(), list)]).unwrap();
        let found = cells(&table, &[0, 1], &["t".to_owned(), "l".to_owned()]).unwrap();
        assert_eq!(
            found[0].cells,
            Cells::Text(vec![Some(format!("{exact}…")), Some(exact)])
        );
        let Cells::Text(lists) = &found[1].cells else {
            panic!("lists are text")
        };
        assert_eq!(lists[0].as_ref().unwrap().chars().count(), TEXT_LIMIT + 1);
        assert_eq!(cell_text(&table, 0, "t").unwrap(), long);
        assert!(cell_text(&table, 0, "l").unwrap().ends_with(",9999]"));
        assert_eq!(cell_text(&table, 1, "l").unwrap(), "");
    }
}
