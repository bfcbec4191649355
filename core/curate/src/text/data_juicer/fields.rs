//! Fields of records by dotted key, and Python's equality and numbers on them.

use serde_json::Value as Json;

use super::keep::Keep;
use crate::text::python;

/// The value at `a.b.c`; none where a part is missing.
pub fn field<'a>(record: &'a Json, dotted_key: &str) -> Option<&'a Json> {
    dotted_key
        .split('.')
        .try_fold(record, |value, key| value.get(key))
}

/// As [`field`], where a part of digits is an index of a list and never a key of an object.
///
/// Source: Data-Juicer `nested_access`.
pub fn field_or_element<'a>(record: &'a Json, dotted_key: &str) -> Option<&'a Json> {
    dotted_key.split('.').try_fold(record, |value, key| {
        if !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit()) {
            value.as_array()?.get(key.parse::<usize>().ok()?)
        } else {
            value.get(key)
        }
    })
}

/// Whether the value, or every element of a list, is among the targets. True if there are no targets.
///
/// A missing field counts as null. Source: Data-Juicer `specified_field_filter`.
pub fn is_all_among(value: Option<&Json>, targets: &[Json]) -> bool {
    let is_among = |value: &Json| targets.iter().any(|target| equal(value, target));
    match value {
        _ if targets.is_empty() => true,
        Some(Json::Array(values)) => values.iter().all(is_among),
        other => is_among(other.unwrap_or(&Json::Null)),
    }
}

/// Whether the value is a number, or text of one, and in the range.
///
/// Zero, like all that is false for Python, is no number here and is dropped even if `keep` is reversed.
/// Source: Data-Juicer `specified_numeric_field_filter`.
pub fn is_number_kept(value: Option<&Json>, keep: &Keep) -> bool {
    let number = match value {
        Some(Json::String(text)) => number_of_text(text),
        Some(other) => number(other).filter(|number| *number != 0.0),
        None => None,
    };
    number.is_some_and(|number| keep.holds(number))
}

/// Python's `==` of JSON values: `1 == 1.0 == True`.
pub fn equal(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Array(a), Json::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b))
        }
        (Json::Object(a), Json::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|(key, a)| b.get(key).is_some_and(|b| equal(a, b)))
        }
        _ => match (integer(a), integer(b)) {
            (Some(a), Some(b)) => a == b,
            _ => match (number(a), number(b)) {
                (Some(a), Some(b)) => a == b,
                _ => a == b,
            },
        },
    }
}

/// A number, or a truth value as 0 or 1.
pub fn number(value: &Json) -> Option<f64> {
    match value {
        Json::Number(number) => number.as_f64(),
        Json::Bool(truth) => Some(f64::from(u8::from(*truth))),
        _ => None,
    }
}

fn integer(value: &Json) -> Option<i128> {
    match value {
        Json::Number(number) => number.as_i128(),
        Json::Bool(truth) => Some(i128::from(*truth)),
        _ => None,
    }
}

/// Python's `float(text)`: white space around it, `_` between digits, `inf` and `nan` in any case.
///
/// Digits other than ASCII's are not read.
pub fn number_of_text(text: &str) -> Option<f64> {
    let text = python::strip(text);
    if !text.contains('_') {
        return text.parse().ok();
    }
    let bytes = text.as_bytes();
    let is_digit = |at: Option<usize>| {
        at.and_then(|at| bytes.get(at))
            .is_some_and(u8::is_ascii_digit)
    };
    let stands_between_digits = bytes
        .iter()
        .enumerate()
        .filter(|(_, byte)| **byte == b'_')
        .all(|(at, _)| is_digit(at.checked_sub(1)) && is_digit(Some(at + 1)));
    if !stands_between_digits {
        return None;
    }
    text.replace('_', "").parse().ok()
}

/// The number that selectors sort by: of a number or text of one, or the mean of a list; none of anything else.
///
/// Lists of lists count as all their elements if they are of one length. Source: Data-Juicer `stats_to_number`.
pub fn number_to_sort_by(value: &Json) -> Option<f64> {
    match value {
        Json::String(text) => number_of_text(text),
        Json::Array(values) if !values.is_empty() => {
            let mut flat = Vec::new();
            flatten(values, &mut flat)?;
            (!flat.is_empty()).then(|| flat.iter().sum::<f64>() / flat.len() as f64)
        }
        other => number(other),
    }
}

/// None if the elements are neither all numbers nor all lists of the same length.
fn flatten(values: &[Json], flat: &mut Vec<f64>) -> Option<()> {
    let lists: Vec<&Vec<Json>> = values.iter().filter_map(Json::as_array).collect();
    let Some(first) = lists.first() else {
        for value in values {
            flat.push(number(value)?);
        }
        return Some(());
    };
    if lists.len() != values.len() || lists.iter().any(|list| list.len() != first.len()) {
        return None;
    }
    lists.iter().try_for_each(|list| flatten(list, flat))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_are_read_as_python_reads_them() {
        assert_eq!(number_of_text(" 1_000.5\n"), Some(1000.5));
        assert_eq!(number_of_text("-Infinity"), Some(f64::NEG_INFINITY));
        assert_eq!(number_of_text("1__0").or(number_of_text("_1")), None);
        assert_eq!(number_to_sort_by(&json!([[1, 2], [3, 6]])), Some(3.0));
        assert_eq!(
            number_to_sort_by(&json!([])).or(number_to_sort_by(&json!(null))),
            None
        );
    }

    #[test]
    fn zero_is_no_number_to_a_filter() {
        let keep = Keep::between(-1.0, 1.0);
        assert!(
            !is_number_kept(Some(&json!(0)), &keep) && is_number_kept(Some(&json!("0")), &keep)
        );
        assert!(!is_number_kept(None, &keep) && !is_number_kept(Some(&json!("x")), &keep));
    }

    #[test]
    fn every_element_has_to_be_a_target() {
        let record = json!({"a": {"b": ["x", 1]}});
        let value = field(&record, "a.b");
        assert!(is_all_among(value, &[json!("x"), json!(1.0)]));
        assert!(!is_all_among(value, &[json!("x")]) && is_all_among(value, &[]));
        assert_eq!(field_or_element(&record, "a.b.0"), Some(&json!("x")));
        assert_eq!(field(&record, "a.c"), None);
    }
}
