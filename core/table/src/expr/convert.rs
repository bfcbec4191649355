//! Values to text and back. The steps that convert whole columns use these too.

use polars_core::prelude::{AnyValue, TimeUnit};
use sluice_protocol::load::ColumnType;

use crate::expr::calendar::{
    MICROS_PER_DAY, MICROS_PER_SECOND, parse_date, parse_datetime, parse_time,
};
use crate::render;
use crate::view::vector::{Data, OwnedTexts, Texts, Vector};

/// The text of the value at `idx`, which is present, as exports write it.
pub(crate) fn write_value(out: &mut String, vector: &Vector<'_>, idx: usize) {
    const MICROS: TimeUnit = TimeUnit::Microseconds;
    let value = match (&vector.data, vector.column_type) {
        (Data::Bool(values), _) => AnyValue::Boolean(values[idx]),
        // A date's days were 32 bits wide, or come from a text that is as near.
        (Data::Int(values), ColumnType::Date) => AnyValue::Date(saturated(values[idx])),
        (Data::Int(values), ColumnType::DateTime) => AnyValue::Datetime(values[idx], MICROS, None),
        (Data::Int(values), ColumnType::Time) => AnyValue::Time(values[idx].saturating_mul(1_000)),
        (Data::Int(values), ColumnType::Duration) => AnyValue::Duration(values[idx], MICROS),
        (Data::Int(values), _) => AnyValue::Int64(values[idx]),
        (Data::Wide(values), _) => AnyValue::Int128(values[idx]),
        (Data::Float(values), _) => AnyValue::Float64(values[idx]),
        (Data::Text(texts), _) => return out.push_str(texts.get(idx)),
    };
    render::write_value(out, &value, render::Style::File, usize::MAX);
}

/// Dates are stored in 32 bits: 5.8 million years either way.
pub(crate) fn saturated(days: i64) -> i32 {
    i32::try_from(days).unwrap_or(if days < 0 { i32::MIN } else { i32::MAX })
}

pub(crate) fn to_text<'a>(vector: Vector<'a>) -> Vector<'a> {
    if matches!(vector.data, Data::Text(_)) {
        return Vector {
            column_type: ColumnType::Text,
            ..vector
        };
    }
    let mut texts = OwnedTexts::with_capacity(vector.len());
    for idx in 0..vector.len() {
        texts.push_with(|out| {
            if vector.is_present(idx) {
                write_value(out, &vector, idx);
            }
        });
    }
    Vector {
        column_type: ColumnType::Text,
        data: Data::Text(Texts::Owned(texts)),
        present: vector.present,
    }
}

/// Converts every value; what cannot be converted is missing afterwards.
///
/// Float → integer drops the fraction. Numbers ↔ date-times are seconds since 1970-01-01.
/// Boolean ↔ number is 0 and 1 (any other number is true). Date-time → date drops the time of day.
/// `None`: there is no conversion between the two types.
pub(crate) fn convert<'a>(vector: Vector<'a>, to: ColumnType) -> Option<Vector<'a>> {
    use ColumnType as T;
    if vector.column_type == to {
        return Some(vector);
    }
    let present = vector.present;
    let converted = match (vector.data, vector.column_type, to) {
        (_, T::Null, _) => return Some(all_missing(to, present.map_or(0, |p| p.len()))),
        (data, from, T::Text) => {
            return Some(to_text(Vector {
                column_type: from,
                data,
                present,
            }));
        }
        (Data::Text(texts), _, _) => from_text(&texts, to)?,
        (Data::Bool(values), _, T::Integer) => {
            Data::Int(values.into_iter().map(i64::from).collect()).into()
        }
        (Data::Bool(values), _, T::Float) => {
            Data::Float(values.into_iter().map(|v| f64::from(u8::from(v))).collect()).into()
        }
        (Data::Int(values), T::Integer, T::Float) => {
            Data::Float(values.into_iter().map(|v| v as f64).collect()).into()
        }
        (Data::Int(values), T::Integer, T::Boolean) => {
            Data::Bool(values.into_iter().map(|v| v != 0).collect()).into()
        }
        (Data::Int(values), T::Integer, T::DateTime) => {
            checked(values.into_iter().map(|v| v.checked_mul(MICROS_PER_SECOND)))
        }
        (Data::Float(values), _, T::Integer) => checked(values.into_iter().map(integer_part)),
        (Data::Float(values), _, T::Boolean) => Converted {
            present: values.iter().map(|v| !v.is_nan()).collect(),
            data: Data::Bool(values.into_iter().map(|v| v != 0.0).collect()),
        },
        (Data::Float(values), _, T::DateTime) => checked(
            values
                .into_iter()
                .map(|v| integer_part(libm::round(v * MICROS_PER_SECOND as f64))),
        ),
        (Data::Int(values), T::Date, T::DateTime) => {
            checked(values.into_iter().map(|v| v.checked_mul(MICROS_PER_DAY)))
        }
        (Data::Int(values), T::DateTime, T::Date) => Data::Int(
            values
                .into_iter()
                .map(|v| v.div_euclid(MICROS_PER_DAY))
                .collect(),
        )
        .into(),
        (Data::Int(values), T::DateTime, T::Time) => Data::Int(
            values
                .into_iter()
                .map(|v| v.rem_euclid(MICROS_PER_DAY))
                .collect(),
        )
        .into(),
        (Data::Int(values), T::DateTime | T::Duration, T::Float) => Data::Float(
            values
                .into_iter()
                .map(|v| v as f64 / MICROS_PER_SECOND as f64)
                .collect(),
        )
        .into(),
        (Data::Int(values), T::DateTime | T::Duration, T::Integer) => Data::Int(
            values
                .into_iter()
                .map(|v| v.div_euclid(MICROS_PER_SECOND))
                .collect(),
        )
        .into(),
        _ => return None,
    };
    let present = match (present, converted.present) {
        (present, converted) if converted.is_empty() => present,
        (None, converted) => Some(converted),
        (Some(present), converted) => Some(
            present
                .into_iter()
                .zip(converted)
                .map(|(a, b)| a && b)
                .collect(),
        ),
    };
    Some(Vector {
        column_type: to,
        data: converted.data,
        present,
    })
}

pub(crate) fn all_missing<'a>(column_type: ColumnType, n: usize) -> Vector<'a> {
    let data = match column_type {
        ColumnType::Boolean | ColumnType::Null => Data::Bool(vec![false; n]),
        ColumnType::Float => Data::Float(vec![0.0; n]),
        ColumnType::Text => Data::Text(Texts::Borrowed(vec![""; n])),
        _ => Data::Int(vec![0; n]),
    };
    Vector {
        column_type,
        data,
        present: Some(vec![false; n]),
    }
}

/// The integer part, where 64 bits hold it.
pub(crate) fn integer_part(value: f64) -> Option<i64> {
    let whole = libm::trunc(value);
    // 2⁶³ is the first float beyond the range; −2⁶³ is in it.
    (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0)
        .contains(&whole)
        .then_some(whole as i64)
}

/// Values after a conversion; an empty `present` means that all could be converted.
struct Converted<'a> {
    data: Data<'a>,
    present: Vec<bool>,
}

impl<'a> From<Data<'a>> for Converted<'a> {
    fn from(data: Data<'a>) -> Self {
        Self {
            data,
            present: Vec::new(),
        }
    }
}

fn checked<'a>(values: impl Iterator<Item = Option<i64>>) -> Converted<'a> {
    let (values, present) = values
        .map(|value| (value.unwrap_or_default(), value.is_some()))
        .unzip();
    Converted {
        data: Data::Int(values),
        present,
    }
}

fn from_text<'a>(texts: &Texts<'_>, to: ColumnType) -> Option<Converted<'a>> {
    let trimmed = texts.iter().map(str::trim);
    Some(match to {
        ColumnType::Integer => checked(trimmed.map(|text| text.parse().ok())),
        ColumnType::Float => {
            let (values, present) = trimmed
                .map(|text| parse_float(text).map_or((0.0, false), |value| (value, true)))
                .unzip();
            Converted {
                data: Data::Float(values),
                present,
            }
        }
        ColumnType::Boolean => {
            let (values, present) = trimmed
                .map(|text| parse_boolean(text).map_or((false, false), |value| (value, true)))
                .unzip();
            Converted {
                data: Data::Bool(values),
                present,
            }
        }
        ColumnType::Date => checked(trimmed.map(|text| {
            parse_date(text).or_else(|| Some(parse_datetime(text)?.div_euclid(MICROS_PER_DAY)))
        })),
        ColumnType::DateTime => checked(trimmed.map(parse_datetime)),
        ColumnType::Time => checked(trimmed.map(parse_time)),
        _ => return None,
    })
}

/// Decimal notation with a point, `nan`, `inf` and `infinity` in any case.
fn parse_float(text: &str) -> Option<f64> {
    text.parse().ok()
}

fn parse_boolean(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "t" | "yes" | "y" | "1" => Some(true),
        "false" | "f" | "no" | "n" | "0" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(vector: Vector<'_>) -> Vec<Option<String>> {
        let texts = to_text(vector);
        let Data::Text(values) = &texts.data else {
            panic!("not text")
        };
        (0..texts.len())
            .map(|i| texts.is_present(i).then(|| values.get(i).to_owned()))
            .collect()
    }

    #[test]
    fn texts_become_values() {
        let check = |text: &'static str, to: ColumnType, expected: Option<&str>| {
            let data = Data::Text(Texts::Borrowed(vec![text]));
            let vector = Vector {
                column_type: ColumnType::Text,
                data,
                present: None,
            };
            let converted = convert(vector, to).expect("there is a conversion");
            assert_eq!(
                text_of(converted)[0].as_deref(),
                expected,
                "{text} to {to:?}"
            );
        };
        check(" 42 ", ColumnType::Integer, Some("42"));
        check("4.2", ColumnType::Integer, None);
        check("1e3", ColumnType::Float, Some("1000.0"));
        check("1,5", ColumnType::Float, None);
        check("", ColumnType::Float, None);
        check("Yes", ColumnType::Boolean, Some("true"));
        check("maybe", ColumnType::Boolean, None);
        check("2026-01-31T23:00:00Z", ColumnType::Date, Some("2026-01-31"));
        check(
            "2026-01-31",
            ColumnType::DateTime,
            Some("2026-01-31T00:00:00Z"),
        );
        check("14:05", ColumnType::Time, Some("14:05:00"));
    }

    #[test]
    fn numbers_become_other_numbers() {
        let check = |value: f64, to: ColumnType, expected: Option<&str>| {
            let vector = Vector {
                column_type: ColumnType::Float,
                data: Data::Float(vec![value]),
                present: None,
            };
            let converted = convert(vector, to).expect("there is a conversion");
            assert_eq!(
                text_of(converted)[0].as_deref(),
                expected,
                "{value} to {to:?}"
            );
        };
        check(2.9, ColumnType::Integer, Some("2"));
        check(-2.9, ColumnType::Integer, Some("-2"));
        check(9.3e18, ColumnType::Integer, None);
        check(f64::NAN, ColumnType::Integer, None);
        check(0.5, ColumnType::DateTime, Some("1970-01-01T00:00:00.5Z"));
        check(1e300, ColumnType::Text, Some("1e300"));
        check(0.1, ColumnType::Text, Some("0.1"));
        check(3.0, ColumnType::Text, Some("3.0"));
    }
}
