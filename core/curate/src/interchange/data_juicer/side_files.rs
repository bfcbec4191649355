//! `*_stats.jsonl`, one JSON object per line.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use crate::interchange::{InterchangeError, lines};

const STATS: &str = "__dj__stats__";

/// The measured values of one row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StatsRow {
    /// By name; NaN where undefined. Of a list of numbers the mean, as Data-Juicer's analyzer takes it; a boolean is 0
    /// or 1.
    pub numbers: Vec<(String, f64)>,
    /// Values that are texts, such as a language.
    pub texts: Vec<(String, String)>,
}

/// Writes measured values, one line per row, as `*_stats.jsonl`.
///
/// A column whose values are all whole is written in integers, so that readers give it one type. Undefined values
/// become null. The rows are gone through twice.
pub fn write_stats<'a>(rows: impl Iterator<Item = Vec<(&'a str, f64)>> + Clone) -> String {
    let mut is_whole: BTreeMap<&str, bool> = BTreeMap::new();
    for row in rows.clone() {
        for (name, value) in row {
            let whole = value.is_nan() || (value.trunc() == value && value.abs() < 1e15);
            *is_whole.entry(name).or_insert(true) &= whole;
        }
    }
    let mut text = String::new();
    for row in rows {
        let stats = row.into_iter().map(|(name, value)| {
            let whole = is_whole.get(name) == Some(&true) && !value.is_nan();
            // Below 1e15, so that the integer is exact.
            let value = if whole {
                json!(value as i64)
            } else {
                lines::number(value)
            };
            (name.to_owned(), value)
        });
        lines::push(&mut text, &json!({ STATS: stats.collect::<Map<_, _>>() }));
    }
    text
}

/// Reads `*_stats.jsonl`, in the order of its rows.
///
/// # Errors
///
/// [`InterchangeError`] with the line that is no JSON object or has no stats.
pub fn read_stats(text: &str) -> Result<Vec<StatsRow>, InterchangeError> {
    #[derive(Deserialize)]
    struct Line {
        #[serde(rename = "__dj__stats__")]
        stats: Map<String, Json>,
    }
    let lines: Vec<Line> = lines::read(
        text,
        "an object with the key __dj__stats__",
        "read a stats file of Data-Juicer, not its data set",
    )?;
    let row = |line: Line| {
        let mut row = StatsRow::default();
        for (name, value) in line.stats {
            match value {
                Json::String(text) => row.texts.push((name, text)),
                value => {
                    let value = number(&value);
                    row.numbers.push((name, value));
                }
            }
        }
        row
    };
    Ok(lines.into_iter().map(row).collect())
}

fn number(value: &Json) -> f64 {
    match value {
        Json::Bool(value) => f64::from(u8::from(*value)),
        Json::Array(values) => {
            let numbers: Vec<f64> = values.iter().filter_map(Json::as_f64).collect();
            numbers.iter().sum::<f64>() / numbers.len() as f64
        }
        value => value.as_f64().unwrap_or(f64::NAN),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stats_are_read_as_written() {
        let rows = [
            vec![("alnum_ratio", 1.0), ("num_words", 12.0)],
            vec![("alnum_ratio", 0.5), ("num_words", f64::NAN)],
        ];
        let text = write_stats(rows.iter().cloned());
        let first = text.lines().next().unwrap();
        assert_eq!(
            first,
            r#"{"__dj__stats__":{"alnum_ratio":1.0,"num_words":12}}"#
        );
        let read = read_stats(&text).unwrap();
        for (read, row) in read.iter().zip(&rows) {
            for ((name, value), (expected_name, expected)) in read.numbers.iter().zip(row) {
                assert_eq!(name, expected_name);
                assert!(value == expected || (value.is_nan() && expected.is_nan()));
            }
        }
        assert_eq!(read.len(), 2);
    }

    #[test]
    fn stats_of_other_types_are_read() {
        let text = "{\"__dj__stats__\":{\"lang\":\"en\",\"areas\":[1,3],\"ok\":true,\"none\":null,\"no\":[]},\"__dj__meta__\":{}}\n\n";
        let [row] = read_stats(text).unwrap().try_into().unwrap();
        assert_eq!(row.texts, [("lang".to_owned(), "en".to_owned())]);
        let number = |name| row.numbers.iter().find(|(key, _)| key == name).unwrap().1;
        assert_eq!((number("areas"), number("ok")), (2.0, 1.0));
        assert!(number("none").is_nan() && number("no").is_nan());
    }

    #[test]
    fn mistakes_in_stats_have_a_line() {
        let check = |text: &str, line: usize| {
            let error = read_stats(text).unwrap_err();
            assert_eq!(error.place().unwrap().0, line, "{error}");
        };
        check("{\"__dj__stats__\":{}}\n{\"text\":\"a\"}", 2);
        check("\n\n[", 3);
        check("nonsense", 1);
    }
}
