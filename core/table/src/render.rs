//! Values as text: for cells of the grid and for text formats.
//!
//! - Floats: the shortest digits that read back equal; `NaN`, `inf`, `-inf`.
//! - Dates and times: ISO 8601, date-times in UTC with `Z`; zeros at the end of a fraction are left out.
//! - Binary: `0x` and hexadecimal digits.
//! - Lists and structs: JSON. JSON has no number for NaN and infinities: they become `null`.

mod time;

use std::fmt::Write as _;

use polars_core::prelude::{AnyValue, Series};

use crate::error::TableError;
use time::{write_date, write_date_time, write_duration, write_iso_duration, write_time};

/// How a value is written where the formats differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// For people: durations as `1 d 02:03:04`.
    Cell,
    /// For other programs: durations as `P1DT2H3M4S`.
    File,
    /// As [`Style::File`], as a JSON value.
    Json,
}

/// A column whose rows are read in any order.
///
/// Polars finds the chunk of a row by walking all of them, or joins them first; here it is a binary search.
pub(crate) struct Rows {
    chunks: Vec<Series>,
    /// First row of each chunk, ascending.
    starts: Vec<usize>,
    n_rows: usize,
}

impl Rows {
    pub(crate) fn of(series: &Series) -> Self {
        let chunks: Vec<Series> = (0..series.n_chunks())
            .map(|chunk_idx| series.select_chunk(chunk_idx))
            .collect();
        let mut n_rows = 0;
        let starts = chunks
            .iter()
            .map(|chunk| {
                let start = n_rows;
                n_rows += chunk.len();
                start
            })
            .collect();
        Self {
            chunks,
            starts,
            n_rows,
        }
    }

    pub(crate) fn get(&self, row: usize) -> Result<AnyValue<'_>, TableError> {
        // Empty chunks share their start with the next one; the last of them has the row.
        let chunk_idx = self
            .starts
            .partition_point(|&start| start <= row)
            .saturating_sub(1);
        let value = match (self.chunks.get(chunk_idx), self.starts.get(chunk_idx)) {
            (Some(chunk), Some(start)) => chunk.get(row - start).ok(),
            _ => None,
        };
        value.ok_or_else(|| no_row(row as u64, self.n_rows))
    }
}

#[cold]
pub(crate) fn no_row(row: u64, n_rows: usize) -> TableError {
    TableError::Param {
        what: format!("row {row}"),
        reason: format!("the table has {n_rows} rows"),
    }
}

/// Appends `value`; nothing for a null, but `null` in JSON. Stops inside long lists and binaries
/// once `out` holds `limit_bytes`.
pub(crate) fn write_value(out: &mut String, value: &AnyValue, style: Style, limit_bytes: usize) {
    if style == Style::Json {
        return write_json(out, value, limit_bytes);
    }
    match value {
        AnyValue::Null => {}
        AnyValue::Float32(value) => write_float(out, f64::from(*value), Some(*value)),
        AnyValue::Float64(value) => write_float(out, *value, None),
        AnyValue::Duration(value, unit) if style == Style::Cell => {
            write_duration(out, *value, *unit)
        }
        AnyValue::List(_)
        | AnyValue::Array(..)
        | AnyValue::Struct(..)
        | AnyValue::StructOwned(_) => {
            write_json(out, value, limit_bytes);
        }
        value => match text_of(value) {
            Some(text) => out.push_str(text),
            None => write_plain(out, value, limit_bytes),
        },
    }
}

/// The text of a text or category.
pub(crate) fn text_of<'a>(value: &'a AnyValue) -> Option<&'a str> {
    match value {
        AnyValue::String(text) => Some(text),
        AnyValue::StringOwned(text) => Some(text.as_str()),
        AnyValue::Categorical(id, mapping) | AnyValue::Enum(id, mapping) => mapping.cat_to_str(*id),
        AnyValue::CategoricalOwned(id, mapping) | AnyValue::EnumOwned(id, mapping) => {
            mapping.cat_to_str(*id)
        }
        _ => None,
    }
}

fn write_json(out: &mut String, value: &AnyValue, limit_bytes: usize) {
    let fields = |out: &mut String, fields: &mut dyn Iterator<Item = (&str, AnyValue)>| {
        out.push('{');
        for (field_idx, (name, value)) in fields.enumerate() {
            if field_idx > 0 {
                out.push(',');
            }
            write_json_text(out, name);
            out.push(':');
            write_json(out, &value, limit_bytes);
        }
        out.push('}');
    };
    match value {
        AnyValue::Null => out.push_str("null"),
        AnyValue::Float32(value) if !value.is_finite() => out.push_str("null"),
        AnyValue::Float64(value) if !value.is_finite() => out.push_str("null"),
        AnyValue::Float32(value) => write_float(out, f64::from(*value), Some(*value)),
        AnyValue::Float64(value) => write_float(out, *value, None),
        AnyValue::List(items) | AnyValue::Array(items, _) => {
            out.push('[');
            for (item_idx, item) in items.iter().enumerate() {
                if item_idx > 0 {
                    out.push(',');
                }
                if out.len() >= limit_bytes {
                    break;
                }
                write_json(out, &item, limit_bytes);
            }
            out.push(']');
        }
        AnyValue::Struct(_, _, names) => {
            fields(
                out,
                &mut names
                    .iter()
                    .map(|field| field.name().as_str())
                    .zip(value._iter_struct_av()),
            );
        }
        AnyValue::StructOwned(boxed) => {
            let (values, names) = &**boxed;
            fields(
                out,
                &mut names
                    .iter()
                    .map(|field| field.name().as_str())
                    .zip(values.iter().cloned()),
            );
        }
        value if text_of(value).is_some() => {
            write_json_text(out, text_of(value).unwrap_or_default())
        }
        AnyValue::Boolean(_) => write_plain(out, value, limit_bytes),
        value if value.is_integer() => write_plain(out, value, limit_bytes),
        // A decimal as a number would lose digits in readers that know only floats.
        value => {
            out.push('"');
            write_plain(out, value, limit_bytes);
            out.push('"');
        }
    }
}

/// Everything that is neither nested nor text, without quotes.
fn write_plain(out: &mut String, value: &AnyValue, limit_bytes: usize) {
    // Writing to a `String` cannot fail.
    let _ = match value {
        AnyValue::Boolean(value) => write!(out, "{value}"),
        AnyValue::UInt8(value) => write!(out, "{value}"),
        AnyValue::UInt16(value) => write!(out, "{value}"),
        AnyValue::UInt32(value) => write!(out, "{value}"),
        AnyValue::UInt64(value) => write!(out, "{value}"),
        AnyValue::Int8(value) => write!(out, "{value}"),
        AnyValue::Int16(value) => write!(out, "{value}"),
        AnyValue::Int32(value) => write!(out, "{value}"),
        AnyValue::Int64(value) => write!(out, "{value}"),
        AnyValue::Int128(value) => write!(out, "{value}"),
        AnyValue::UInt128(value) => write!(out, "{value}"),
        AnyValue::Date(days) => {
            write_date(out, i64::from(*days));
            Ok(())
        }
        AnyValue::Datetime(value, unit, _) => {
            write_date_time(out, *value, *unit);
            Ok(())
        }
        AnyValue::DatetimeOwned(value, unit, _) => {
            write_date_time(out, *value, *unit);
            Ok(())
        }
        AnyValue::Time(nanos) => {
            write_time(out, *nanos);
            Ok(())
        }
        AnyValue::Duration(value, unit) => {
            write_iso_duration(out, *value, *unit);
            Ok(())
        }
        AnyValue::Decimal(value, _, scale) => {
            write_decimal(out, *value, *scale);
            Ok(())
        }
        AnyValue::Binary(bytes) => {
            write_hex(out, bytes, limit_bytes);
            Ok(())
        }
        AnyValue::BinaryOwned(bytes) => {
            write_hex(out, bytes, limit_bytes);
            Ok(())
        }
        // No other type is loaded or made.
        other => write!(out, "{other}"),
    };
}

/// `single` is the value of a 32-bit float, whose shortest digits are fewer.
fn write_float(out: &mut String, value: f64, single: Option<f32>) {
    // `Debug` changes to scientific notation for very large and small values and keeps ".0".
    let _ = match (value.is_finite(), single) {
        (true, Some(single)) => write!(out, "{single:?}"),
        (true, None) => write!(out, "{value:?}"),
        (false, _) => write!(out, "{value}"),
    };
}

/// `value / 10^scale` with all `scale` digits.
fn write_decimal(out: &mut String, value: i128, scale: usize) {
    let digits = format!("{:0width$}", value.unsigned_abs(), width = scale + 1);
    if value < 0 {
        out.push('-');
    }
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    out.push_str(whole);
    if scale > 0 {
        out.push('.');
        out.push_str(fraction);
    }
}

fn write_hex(out: &mut String, bytes: &[u8], limit_bytes: usize) {
    out.push_str("0x");
    for byte in bytes {
        if out.len() >= limit_bytes {
            break;
        }
        let _ = write!(out, "{byte:02x}");
    }
}

/// A JSON string. Only what must be escaped is: quotes, backslashes and control characters.
pub(crate) fn write_json_text(out: &mut String, text: &str) {
    out.push('"');
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c == '"' || c == '\\' || c < ' ') {
        let (clean, escaped) = rest.split_at(at);
        out.push_str(clean);
        let byte = escaped.as_bytes()[0];
        let _ = match byte {
            b'"' => write!(out, "\\\""),
            b'\\' => write!(out, "\\\\"),
            b'\n' => write!(out, "\\n"),
            b'\r' => write!(out, "\\r"),
            b'\t' => write!(out, "\\t"),
            byte => write!(out, "\\u{byte:04x}"),
        };
        rest = &escaped[1..];
    }
    out.push_str(rest);
    out.push('"');
}

#[cfg(test)]
mod tests {
    use polars_core::prelude::{NamedFrom, TimeUnit};

    use super::*;

    fn cell(value: AnyValue) -> String {
        let mut out = String::new();
        write_value(&mut out, &value, Style::Cell, usize::MAX);
        out
    }

    fn file(value: AnyValue) -> String {
        let mut out = String::new();
        write_value(&mut out, &value, Style::File, usize::MAX);
        out
    }

    #[test]
    fn times_are_iso_8601_without_idle_zeros() {
        let micros = |value| cell(AnyValue::Datetime(value, TimeUnit::Microseconds, None));
        assert_eq!(micros(0), "1970-01-01T00:00:00Z");
        assert_eq!(micros(1_795_177_860_123_456), "2026-11-20T12:31:00.123456Z");
        assert_eq!(micros(-1), "1969-12-31T23:59:59.999999Z");
        assert_eq!(micros(1_500_000), "1970-01-01T00:00:01.5Z");
        assert_eq!(micros(i64::MIN), "-290308-12-21T19:59:05.224192Z");
        assert_eq!(micros(i64::MAX), "+294247-01-10T04:00:54.775807Z");
        assert_eq!(
            cell(AnyValue::Datetime(1, TimeUnit::Nanoseconds, None)),
            "1970-01-01T00:00:00.000000001Z"
        );
        assert_eq!(cell(AnyValue::Date(11_016)), "2000-02-29");
        assert_eq!(cell(AnyValue::Date(-719_528)), "0000-01-01");
        assert_eq!(cell(AnyValue::Date(2_932_897)), "+10000-01-01");
        assert_eq!(cell(AnyValue::Date(i32::MIN)), "-5877641-06-23");
        assert_eq!(cell(AnyValue::Time(3_723_000_000_500)), "01:02:03.0000005");
    }

    #[test]
    fn durations_are_for_people_in_cells_and_iso_in_files() {
        let check = |micros, expected_cell: &str, expected_file: &str| {
            let value = AnyValue::Duration(micros, TimeUnit::Microseconds);
            assert_eq!(
                (cell(value.clone()), file(value)),
                (expected_cell.to_owned(), expected_file.to_owned())
            );
        };
        check(0, "00:00:00", "PT0S");
        check(93_784_500_000, "1 d 02:03:04.5", "P1DT2H3M4.5S");
        check(-93_784_500_000, "-1 d 02:03:04.5", "-P1DT2H3M4.5S");
        check(86_400_000_000, "1 d 00:00:00", "P1D");
        check(60_000_000, "00:01:00", "PT1M");
        check(-1, "-00:00:00.000001", "-PT0.000001S");
        check(
            i64::MIN,
            "-106751991 d 04:00:54.775808",
            "-P106751991DT4H54.775808S",
        );
    }

    #[test]
    fn numbers_read_back_equal() {
        assert_eq!(cell(AnyValue::Float64(0.1)), "0.1");
        assert_eq!(cell(AnyValue::Float64(1.0)), "1.0");
        assert_eq!(cell(AnyValue::Float64(1e300)), "1e300");
        assert_eq!(cell(AnyValue::Float64(-0.0)), "-0.0");
        assert_eq!(cell(AnyValue::Float32(0.1)), "0.1");
        assert_eq!(cell(AnyValue::Float64(f64::NAN)), "NaN");
        assert_eq!(cell(AnyValue::Float64(f64::NEG_INFINITY)), "-inf");
        assert_eq!(cell(AnyValue::Decimal(-5, 38, 3)), "-0.005");
        assert_eq!(cell(AnyValue::Decimal(12345, 38, 2)), "123.45");
        assert_eq!(cell(AnyValue::Decimal(7, 38, 0)), "7");
        assert_eq!(cell(AnyValue::Binary(&[0, 255])), "0x00ff");
    }

    #[test]
    fn json_is_json() {
        let check = |value: AnyValue, expected: &str| {
            let mut out = String::new();
            write_value(&mut out, &value, Style::Json, usize::MAX);
            assert_eq!(out, expected);
            assert!(
                serde_json::from_str::<serde_json::Value>(&out).is_ok(),
                "{out}"
            );
        };
        check(AnyValue::Null, "null");
        check(AnyValue::Float64(f64::INFINITY), "null");
        check(AnyValue::Float64(0.5), "0.5");
        check(AnyValue::UInt64(u64::MAX), "18446744073709551615");
        check(AnyValue::String("a\"\\\n\u{1}ü"), r#""a\"\\\n\u0001ü""#);
        check(AnyValue::Decimal(150, 38, 2), r#""1.50""#);
        check(AnyValue::Date(0), r#""1970-01-01""#);
        check(
            AnyValue::List(Series::new("".into(), [Some(1.5), None])),
            "[1.5,null]",
        );
    }
}
