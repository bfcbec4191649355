//! The value is one of a list.

use sluice_analysis::Value;
use sluice_protocol::load::ColumnType;

use crate::expr::calendar::{MICROS_PER_DAY, parse_date, parse_datetime, parse_time};
use crate::expr::convert::write_value;
use crate::view::text_set::TextSet;
use crate::view::vector::{Data, Vector};

/// Values in the form that a column of one type compares with; a value that no such column can hold is left out.
#[derive(Debug, Default)]
pub(crate) struct Members {
    bools: Vec<bool>,
    /// Integers, and dates and times in the unit of [`Vector`]; sorted.
    ints: Vec<i128>,
    floats: Vec<f64>,
    texts: TextSet,
    nan: bool,
    /// The list holds `Null`.
    pub(crate) missing: bool,
}

impl Members {
    /// Dates and times are given as texts in ISO 8601 or in microseconds; numbers also as texts.
    /// `scale` is the number of decimal places of a decimal column.
    pub(crate) fn new(values: &[Value], column_type: ColumnType, scale: usize) -> Self {
        let mut members = Self {
            missing: values.contains(&Value::Null),
            ..Self::default()
        };
        let mut texts = Vec::new();
        for value in values {
            match column_type {
                ColumnType::Boolean => members.bools.extend(boolean(value)),
                ColumnType::Integer => members.ints.extend(integer(value)),
                ColumnType::Decimal => members.ints.extend(decimal(value, scale)),
                ColumnType::Float => {
                    let number = number(value);
                    members.nan |= number.is_some_and(f64::is_nan);
                    members.floats.extend(number);
                }
                ColumnType::Date => members.ints.extend(date(value)),
                ColumnType::DateTime => members.ints.extend(micros(value, parse_datetime)),
                ColumnType::Time => members.ints.extend(micros(value, parse_time)),
                ColumnType::Duration => members.ints.extend(micros(value, |_| None)),
                _ => texts.extend(text(value)),
            }
        }
        members.ints.sort_unstable();
        members.texts = TextSet::new(texts);
        members
    }

    /// For each value whether it is in the list; of missing ones it is unspecified.
    pub(crate) fn contain(&self, vector: &Vector<'_>) -> Vec<bool> {
        match &vector.data {
            Data::Bool(values) => values
                .iter()
                .map(|value| self.bools.contains(value))
                .collect(),
            Data::Int(values) => {
                let narrow: Vec<i64> = self
                    .ints
                    .iter()
                    .filter_map(|value| i64::try_from(*value).ok())
                    .collect();
                each_sorted(values, &narrow)
            }
            Data::Wide(values) => each_sorted(values, &self.ints),
            Data::Float(values) => values
                .iter()
                .map(|value| self.floats.contains(value) || (self.nan && value.is_nan()))
                .collect(),
            Data::Text(texts) => texts.iter().map(|text| self.texts.contains(text)).collect(),
        }
    }
}

/// Few members are compared one by one without a branch, which is several times as fast as a search.
fn each_sorted<T: Ord + Copy>(values: &[T], members: &[T]) -> Vec<bool> {
    const FEW: usize = 16;
    if members.len() > FEW {
        return values
            .iter()
            .map(|value| members.binary_search(value).is_ok())
            .collect();
    }
    let mut contained = vec![false; values.len()];
    for member in members {
        contained
            .iter_mut()
            .zip(values)
            .for_each(|(found, value)| *found |= value == member);
    }
    contained
}

fn boolean(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(value) => Some(*value),
        Value::Text(text) => text.parse().ok(),
        _ => None,
    }
}

fn integer(value: &Value) -> Option<i128> {
    match value {
        Value::Int(value) => Some(i128::from(*value)),
        // Beyond 2¹²⁶ no integer column reaches.
        Value::Float(value) if *value == libm::trunc(*value) && value.abs() < 8.5e37 => {
            Some(*value as i128)
        }
        Value::Text(text) => text.trim().parse().ok(),
        _ => None,
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Text(text) => text.trim().parse().ok(),
        value => value.as_f64(),
    }
}

/// The value in units of the last decimal place, where it is a whole number of them.
fn decimal(value: &Value, scale: usize) -> Option<i128> {
    let written = match value {
        Value::Int(value) => value.to_string(),
        Value::Float(value) if value.is_finite() => format!("{value}"),
        Value::Text(text) => text.trim().to_owned(),
        _ => return None,
    };
    let (whole, fraction) = written.split_once('.').unwrap_or((&written, ""));
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > scale || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    format!("{whole}{fraction:0<scale$}").parse().ok()
}

fn date(value: &Value) -> Option<i128> {
    match value {
        Value::Text(text) => parse_date(text).map(i128::from),
        value => {
            let micros = integer(value)?;
            let per_day = i128::from(MICROS_PER_DAY);
            (micros % per_day == 0).then_some(micros / per_day)
        }
    }
}

fn micros(value: &Value, parse: fn(&str) -> Option<i64>) -> Option<i128> {
    match value {
        Value::Text(text) => parse(text).map(i128::from).or_else(|| integer(value)),
        value => integer(value),
    }
}

fn text(value: &Value) -> Option<String> {
    let (column_type, data) = match value {
        Value::Text(text) => return Some(text.clone()),
        Value::Bool(value) => (ColumnType::Boolean, Data::Bool(vec![*value])),
        Value::Int(value) => (ColumnType::Integer, Data::Int(vec![*value])),
        Value::Float(value) => (ColumnType::Float, Data::Float(vec![*value])),
        _ => return None,
    };
    let mut text = String::new();
    write_value(
        &mut text,
        &Vector {
            column_type,
            data,
            present: None,
        },
        0,
    );
    Some(text)
}
