//! Whether an output is what a case expects.

use serde_json::Value as Json;

/// Absolute and relative tolerance of numbers.
#[derive(Clone, Copy, Debug)]
pub struct Tolerance {
    pub absolute: f64,
    pub relative: f64,
}

impl Tolerance {
    /// Of a case that gives none.
    pub const USUAL: Self = Self {
        absolute: 1e-12,
        relative: 1e-9,
    };

    /// `{abs, rel}`, in which a missing one is 0; the usual one if both are.
    pub fn of(json: Option<&Json>) -> Self {
        let get = |name: &str| json?.get(name)?.as_f64();
        match (get("abs"), get("rel")) {
            (None, None) => Self::USUAL,
            (absolute, relative) => Self {
                absolute: absolute.unwrap_or(0.0),
                relative: relative.unwrap_or(0.0),
            },
        }
    }

    fn holds(self, got: f64, expected: f64) -> bool {
        (got.is_nan() && expected.is_nan())
            || got == expected
            || (got - expected).abs() <= self.absolute.max(self.relative * expected.abs())
    }
}

/// Objects by the keys expected, lists in order, lists of documents by `doc`, numbers within the tolerance.
///
/// An entry with `error` in place of values passes on any output: the other system raises there.
pub fn same(got: &Json, expected: &Json, tolerance: Tolerance) -> bool {
    match (got, expected) {
        (_, Json::Object(expected)) if expected.contains_key("error") => true,
        (Json::Object(got), Json::Object(expected)) => expected
            .iter()
            .filter(|(key, _)| *key != "peer_error")
            .all(|(key, value)| got.get(key).is_some_and(|got| same(got, value, tolerance))),
        (Json::Array(got), Json::Array(expected)) if expected.iter().any(has_doc) => {
            expected.iter().all(|expected| {
                let found = got.iter().find(|got| got.get("doc") == expected.get("doc"));
                found.is_some_and(|got| same(got, expected, tolerance))
            })
        }
        (Json::Array(got), Json::Array(expected)) => {
            got.len() == expected.len()
                && got
                    .iter()
                    .zip(expected)
                    .all(|(got, expected)| same(got, expected, tolerance))
        }
        (Json::Number(got), Json::Number(expected)) if is_integer(got) && is_integer(expected) => {
            got.as_i128() == expected.as_i128()
        }
        (got, expected) => match (number(got), number(expected)) {
            (Some(got), Some(expected)) => tolerance.holds(got, expected),
            _ => got == expected,
        },
    }
}

/// As [`same`] for lists whose order does not matter and in which repeats count: spans, for example.
pub fn same_in_any_order(got: &Json, expected: &Json, tolerance: Tolerance) -> bool {
    let (Json::Array(got), Json::Array(expected)) = (got, expected) else {
        return same(got, expected, tolerance);
    };
    let mut left: Vec<&Json> = got.iter().collect();
    got.len() == expected.len()
        && expected.iter().all(|expected| {
            let found = left.iter().position(|got| same(got, expected, tolerance));
            found.map(|idx| left.swap_remove(idx)).is_some()
        })
}

/// Whether `got` is what a case with this `expected_kind` expects.
pub fn matches_kind(kind: &str, got: &Json, expected: &Json, tolerance: Tolerance) -> bool {
    let sorted = |partition: &Json| -> Option<Vec<Vec<u64>>> {
        let mut clusters = Vec::new();
        for cluster in partition.as_array()? {
            let indices = cluster.as_array()?.iter().map(Json::as_u64);
            let mut indices: Vec<u64> = indices.collect::<Option<_>>()?;
            indices.sort_unstable();
            clusters.push(indices);
        }
        clusters.sort_unstable();
        Some(clusters)
    };
    match kind {
        "cluster_partition" => sorted(got).is_some() && sorted(got) == sorted(expected),
        kind if kind.starts_with("spans [") => attributes_match(got, expected, tolerance),
        "spans_per_doc" => {
            let empty = Vec::new();
            let (got, expected) = (
                got.as_array().unwrap_or(&empty),
                expected.as_array().unwrap_or(&empty),
            );
            expected.iter().all(|expected| {
                expected.get("error").is_some()
                    || got
                        .iter()
                        .find(|got| got.get("doc") == expected.get("doc"))
                        .is_some_and(|got| {
                            let spans = |doc: &Json| doc.get("spans").cloned().unwrap_or_default();
                            attributes_match(&spans(got), &spans(expected), tolerance)
                        })
            })
        }
        _ => same(got, expected, tolerance),
    }
}

/// Spans as one list, or as lists by attribute.
fn attributes_match(got: &Json, expected: &Json, tolerance: Tolerance) -> bool {
    match (got, expected) {
        (Json::Object(got), Json::Object(expected)) => expected.iter().all(|(name, expected)| {
            got.get(name)
                .is_some_and(|got| same_in_any_order(got, expected, tolerance))
        }),
        _ => same_in_any_order(got, expected, tolerance),
    }
}

fn has_doc(entry: &Json) -> bool {
    entry.get("doc").is_some()
}

fn is_integer(number: &serde_json::Number) -> bool {
    number.is_i64() || number.is_u64()
}

fn number(json: &Json) -> Option<f64> {
    match json {
        Json::Number(number) => number.as_f64(),
        Json::String(text) => match text.as_str() {
            "NaN" => Some(f64::NAN),
            "Infinity" => Some(f64::INFINITY),
            "-Infinity" => Some(f64::NEG_INFINITY),
            _ => None,
        },
        _ => None,
    }
}
