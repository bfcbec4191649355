//! `group/stat/metric.json`: summaries of a statistic by key (`summary`, a domain, a histogram bin).

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use crate::interchange::InterchangeError;

/// A summary of values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    pub total: f64,
    /// How many values.
    pub n: u64,
    pub mean: f64,
    /// Of a sample: the sum of squared differences over `n − 1`; 0 for a single value.
    pub variance: f64,
    /// Infinite without values.
    pub min: f64,
    pub max: f64,
}

impl Default for Summary {
    fn default() -> Self {
        Self {
            total: 0.0,
            n: 0,
            mean: 0.0,
            variance: 0.0,
            min: f64::INFINITY,
            max: f64::NEG_INFINITY,
        }
    }
}

impl Summary {
    /// Summarises values in one pass.
    ///
    /// Source: Welford, Note on a method for calculating corrected sums of squares and products, 1962.
    pub fn of(values: impl Iterator<Item = f64>) -> Self {
        let mut summary = Self::default();
        let mut squares = 0.0;
        for value in values {
            summary.n += 1;
            summary.total += value;
            summary.min = summary.min.min(value);
            summary.max = summary.max.max(value);
            let delta = value - summary.mean;
            summary.mean += delta / summary.n as f64;
            squares += delta * (value - summary.mean);
        }
        summary.variance = over_n_minus_1(squares, summary.n);
        summary
    }

    /// The summary of both samples together.
    ///
    /// # Formula
    ///
    /// With counts `a`, `b`, means `p`, `q` and sums of squared differences `S`, `T`:
    /// `mean = (a·p + b·q)/(a + b)` and `squares = S + T + (p − q)²·a·b/(a + b)`.
    ///
    /// # Source
    ///
    /// Chan, Golub and LeVeque, Updating formulae and a pairwise algorithm for computing sample variances, 1979.
    pub fn merge(&self, other: &Self) -> Self {
        let n = self.n + other.n;
        if n == 0 {
            return Self::default();
        }
        let (a, b, sum) = (self.n as f64, other.n as f64, n as f64);
        let delta = self.mean - other.mean;
        let squares = self.squares() + other.squares() + delta * delta * a * b / sum;
        Self {
            total: self.total + other.total,
            n,
            mean: (a * self.mean + b * other.mean) / sum,
            variance: over_n_minus_1(squares, n),
            min: self.min.min(other.min),
            max: self.max.max(other.max),
        }
    }

    fn squares(&self) -> f64 {
        self.variance * self.n.saturating_sub(1) as f64
    }

    /// Reads a summary as datatrove shortens it: a key that is missing is the mean, and a number alone is one value.
    fn read(json: &Json) -> Option<Self> {
        if let Some(value) = json.as_f64() {
            return Some(Self::of(std::iter::once(value)));
        }
        let fields = json.as_object()?;
        let number = |key: &str, absent: f64| fields.get(key).map_or(Some(absent), Json::as_f64);
        let total = fields.get("total")?.as_f64()?;
        let mean = number("mean", 1.0)?;
        // It leaves the count out when every value was 1, and when there was one.
        let n = number("n", if mean == 1.0 { total } else { 1.0 })?;
        if n < 0.0 || n.trunc() != n {
            return None;
        }
        Some(Self {
            total,
            n: n as u64,
            mean,
            variance: number("variance", 0.0)?,
            min: number("min", mean)?,
            max: number("max", mean)?,
        })
    }
}

fn over_n_minus_1(squares: f64, n: u64) -> f64 {
    if n > 1 { squares / (n - 1) as f64 } else { 0.0 }
}

/// Reads the summaries of a statistic by key. A plain 0 is one value of 0, since datatrove shortens it so.
///
/// # Errors
///
/// [`InterchangeError`] if it is no JSON object of summaries.
pub fn read_statistics(text: &str) -> Result<BTreeMap<String, Summary>, InterchangeError> {
    let advice = "read a metric.json that datatrove's statistics wrote";
    let fields: Map<String, Json> = serde_json::from_str(text).map_err(|error| {
        let problem = error.to_string();
        InterchangeError::Syntax {
            line: error.line(),
            column: error.column(),
            problem: problem
                .split(" at line ")
                .next()
                .unwrap_or_default()
                .to_owned(),
            advice,
        }
    })?;
    let read = |(key, json): (String, Json)| match Summary::read(&json) {
        Some(summary) => Ok((key, summary)),
        None => Err(InterchangeError::Shape {
            line: 1,
            column: 1,
            expected: "a number or an object with a total for every key",
            found: format!("something else for {key}"),
            advice,
        }),
    };
    fields.into_iter().map(read).collect()
}

/// Writes summaries so that datatrove and [`read_statistics`] read them. Empty ones are left out.
pub fn write_statistics(summaries: &BTreeMap<String, Summary>) -> String {
    let write = |(key, summary): (&String, &Summary)| {
        let json = json!({
            "total": summary.total,
            "n": summary.n,
            "mean": summary.mean,
            "variance": summary.variance,
            "std_dev": libm::sqrt(summary.variance),
            "min": summary.min,
            "max": summary.max,
        });
        (key.clone(), json)
    };
    let kept = summaries.iter().filter(|(_, summary)| summary.n > 0);
    Json::Object(kept.map(write).collect()).to_string()
}

/// Adds the summaries of another part of the data, key by key.
pub fn merge_statistics(into: &mut BTreeMap<String, Summary>, other: &BTreeMap<String, Summary>) {
    for (key, summary) in other {
        let merged = into.entry(key.clone()).or_default();
        *merged = merged.merge(summary);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merged_parts_are_the_whole() {
        let values = [3.0, 1.0, 4.0, 1.5, 9.25, 2.0, 6.5];
        let whole = Summary::of(values.into_iter());
        for cut in 0..=values.len() {
            let (a, b) = values.split_at(cut);
            let merged = Summary::of(a.iter().copied()).merge(&Summary::of(b.iter().copied()));
            assert_eq!((merged.n, merged.min, merged.max), (7, 1.0, 9.25));
            assert!((merged.mean - whole.mean).abs() < 1e-12);
            assert!((merged.variance - whole.variance).abs() < 1e-12);
        }
        // Values with a large mean keep their variance: 0, 1, 2 apart give 1.
        let far = |from: f64| Summary::of([from, from + 1.0, from + 2.0].into_iter());
        let merged = far(1e9).merge(&far(1e9));
        assert!((merged.variance - 0.8).abs() < 1e-9, "{merged:?}");
        assert_eq!(
            Summary::default().merge(&Summary::default()),
            Summary::default()
        );
    }

    #[test]
    fn shortened_summaries_are_read() {
        let text = r#"{"a": 0, "b": 5, "c": {"total": 10, "n": 4, "mean": 2.5, "variance": 1.5, "std_dev": 1.2,
            "min": 1, "max": 4}, "d": {"total": 7, "unit": "x"}, "e": {"total": 3, "mean": 3}}"#;
        let read = read_statistics(text).unwrap();
        let check = |key: &str, n: u64, mean: f64, min: f64| {
            let summary = read[key];
            assert_eq!(
                (summary.n, summary.mean, summary.min),
                (n, mean, min),
                "{key}"
            );
        };
        check("a", 1, 0.0, 0.0);
        check("b", 1, 5.0, 5.0);
        check("c", 4, 2.5, 1.0);
        check("d", 7, 1.0, 1.0);
        check("e", 1, 3.0, 3.0);
        assert_eq!(read_statistics(&write_statistics(&read)).unwrap(), read);
        for text in [
            "[]",
            "{",
            r#"{"a": "x"}"#,
            r#"{"a": {"total": 1, "n": -1}}"#,
        ] {
            assert!(read_statistics(text).is_err(), "{text}");
        }
    }
}
