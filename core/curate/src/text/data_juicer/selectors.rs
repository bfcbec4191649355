//! Selectors and the grouper: which records, by their field's value, and in which order.
//!
//! Each returns the indices of the records selected. Where a selector has nothing to select by, it selects all.

use std::cmp::Ordering;
use std::collections::HashMap;

use serde_json::{Map, Value as Json};

use super::fields::{equal, field, field_or_element, number, number_to_sort_by};

/// How many: a share of all, a number, or the fewer of both. A share or number of 0 counts as not given.
#[derive(Clone, Copy, Debug, Default)]
pub struct Top {
    pub share: Option<f64>,
    pub number: Option<usize>,
}

impl Top {
    /// Of `n_all`, rounded down; none if nothing is given.
    fn of(self, n_all: usize) -> Option<usize> {
        let number = self.number.filter(|number| *number > 0);
        match self.share.filter(|share| *share != 0.0) {
            None => number,
            Some(share) => {
                let by_share = (share * n_all as f64) as usize;
                Some(number.map_or(by_share, |number| number.min(by_share)))
            }
        }
    }
}

/// Records with the largest values, largest first, or with the smallest, smallest first; equal ones in input order.
///
/// Values are those of [`number_to_sort_by`]; what has none comes last. A key without dots whose values are all text
/// sorts by the text. Source: Data-Juicer `topk_specified_field_selector`.
pub fn top_records(records: &[Json], key: &str, top: Top, largest: bool) -> Vec<usize> {
    let Some(n_top) = top.of(records.len()).filter(|_| can_select(records, key)) else {
        return all(records);
    };
    let mut order = all(records);
    let texts: Option<Vec<&str>> = records
        .iter()
        .map(|record| record.get(key).and_then(Json::as_str))
        .collect();
    match texts.filter(|_| !key.contains('.')) {
        Some(texts) => sort_by_value(&mut order, &texts, largest),
        None => {
            let last = if largest {
                f64::NEG_INFINITY
            } else {
                f64::INFINITY
            };
            sort_by_value(&mut order, &numbers(records, key, last), largest);
        }
    }
    order.truncate(n_top);
    order
}

/// Bounds of ranks in rising order of values: shares of all records, ranks, or both.
#[derive(Clone, Copy, Debug, Default)]
pub struct RankBounds {
    pub lower_share: Option<f64>,
    pub lower_rank: Option<usize>,
    pub upper_share: Option<f64>,
    pub upper_rank: Option<usize>,
}

/// Records from the lower bound (inclusive, 0-based) to the upper one (exclusive) by rising value, largest first;
/// equal ones in input order.
///
/// The larger of the lower bounds and the smaller of the upper ones hold, shares rounded down. All records if either
/// side has none. What has no number counts as smallest. Source: Data-Juicer `range_specified_field_selector`.
pub fn records_in_range(records: &[Json], key: &str, bounds: RankBounds) -> Vec<usize> {
    let n_records = records.len();
    let of_share = |share: f64| (share * n_records as f64) as usize;
    let lower = bounds.lower_share.map(of_share).max(bounds.lower_rank);
    let upper = match (bounds.upper_share.map(of_share), bounds.upper_rank) {
        (Some(by_share), Some(rank)) => Some(by_share.min(rank)),
        (by_share, rank) => by_share.or(rank),
    };
    let (Some(lower), Some(upper)) = (lower, upper) else {
        return all(records);
    };
    if !can_select(records, key) {
        return all(records);
    }
    let values = numbers(records, key, f64::NEG_INFINITY);
    let mut order = all(records);
    sort_by_value(&mut order, &values, false);
    let n_below_upper = upper.max(lower);
    order.truncate(n_below_upper);
    sort_by_value(&mut order, &values, true);
    order.truncate(n_below_upper - lower);
    order
}

/// Records whose value is among the most (or least) frequent values, value by value.
///
/// Values by falling (or rising) frequency, equal ones in order of first appearance; the records of each in input
/// order. `top` counts distinct values; null is one. Source: Data-Juicer `frequency_specified_field_selector`.
pub fn records_by_frequency(
    records: &[Json],
    key: &str,
    top: Top,
    most_frequent: bool,
) -> Vec<usize> {
    if !can_select(records, key) {
        return all(records);
    }
    let mut groups = groups(records, |record| {
        identity(field(record, key).unwrap_or(&Json::Null))
    });
    let Some(n_top) = top.of(groups.len()) else {
        return all(records);
    };
    if most_frequent {
        groups.sort_by_key(|group| std::cmp::Reverse(group.len()));
    } else {
        groups.sort_by_key(Vec::len);
    }
    groups.into_iter().take(n_top).flatten().collect()
}

/// Records whose value is one of the tags, in input order.
///
/// Source: Data-Juicer `tags_specified_field_selector`.
pub fn records_with_tags(records: &[Json], key: &str, tags: &[Json]) -> Vec<usize> {
    if !can_select(records, key) {
        return all(records);
    }
    let has_tag = |record: &Json| {
        let value = field(record, key).unwrap_or(&Json::Null);
        tags.iter().any(|tag| equal(value, tag))
    };
    let indexed = records.iter().enumerate();
    indexed
        .filter_map(|(idx, record)| has_tag(record).then_some(idx))
        .collect()
}

/// Records with the same values at all keys, group by group in order of first appearance.
///
/// Values are the same as their text is: 1 and 1.0 are not. Missing ones are null.
/// Source: Data-Juicer `key_value_grouper`.
pub fn groups_by_values(records: &[Json], keys: &[&str]) -> Vec<Vec<usize>> {
    groups(records, |record| {
        let values = keys
            .iter()
            .map(|key| field_or_element(record, key).cloned().unwrap_or_default());
        Json::Array(values.collect()).to_string()
    })
}

/// One record of a group: each field of its first record as the list of all records' values, null where missing.
pub fn joined_record(records: &[&Json]) -> Json {
    let first = records.first().and_then(|record| record.as_object());
    let fields = first.into_iter().flat_map(Map::keys).map(|name| {
        let values = records
            .iter()
            .map(|record| record.get(name).cloned().unwrap_or_default());
        (name.clone(), values.collect())
    });
    Json::Object(fields.collect())
}

fn all(records: &[Json]) -> Vec<usize> {
    (0..records.len()).collect()
}

fn can_select(records: &[Json], key: &str) -> bool {
    records.len() > 1 && !key.is_empty()
}

fn numbers(records: &[Json], key: &str, without: f64) -> Vec<f64> {
    let number = |record| field(record, key).and_then(number_to_sort_by);
    records
        .iter()
        .map(|record| number(record).unwrap_or(without))
        .collect()
}

/// Stable, also where it falls.
fn sort_by_value<T: PartialOrd>(order: &mut [usize], values: &[T], falling: bool) {
    order.sort_by(|a, b| {
        let rising = values.get(*a).partial_cmp(&values.get(*b));
        let rising = rising.unwrap_or(Ordering::Equal);
        if falling { rising.reverse() } else { rising }
    });
}

/// Equal for values that Python's dictionaries take for the same key; integers are whole, however large.
fn identity(value: &Json) -> String {
    match value {
        Json::Number(integer) if !integer.is_f64() => integer.to_string(),
        other => number(other).map_or_else(|| value.to_string(), |number| number.to_string()),
    }
}

/// Indices of records by the same name, in order of first appearance.
fn groups(records: &[Json], name_of: impl Fn(&Json) -> String) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut group_of = HashMap::new();
    for (idx, record) in records.iter().enumerate() {
        let group_idx = *group_of.entry(name_of(record)).or_insert(groups.len());
        match groups.get_mut(group_idx) {
            Some(group) => group.push(idx),
            None => groups.push(vec![idx]),
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn records(values: &[Json]) -> Vec<Json> {
        values
            .iter()
            .map(|value| json!({"a": {"b": value}}))
            .collect()
    }

    #[test]
    fn what_has_no_number_comes_last() {
        let records = records(&[json!(null), json!(2), json!("3"), json!(2), json!("x")]);
        let top = |number, largest| {
            let top = Top {
                share: None,
                number: Some(number),
            };
            top_records(&records, "a.b", top, largest)
        };
        assert_eq!(top(3, true), [2, 1, 3]);
        assert_eq!(top(4, false), [1, 3, 2, 0]);
    }

    #[test]
    fn a_range_needs_both_bounds() {
        let records = records(&[json!(1), json!(4), json!(3), json!(3), json!(2)]);
        let bounds = RankBounds {
            lower_share: Some(0.2),
            lower_rank: Some(2),
            upper_share: Some(1.0),
            upper_rank: Some(4),
        };
        assert_eq!(records_in_range(&records, "a.b", bounds), [2, 3]);
        let only_lower = RankBounds {
            upper_share: None,
            upper_rank: None,
            ..bounds
        };
        assert_eq!(records_in_range(&records, "a.b", only_lower).len(), 5);
    }

    #[test]
    fn frequencies_count_distinct_values() {
        let records = records(&[json!(1), json!("1"), json!(1.0), json!(null)]);
        let top = Top {
            share: Some(0.5),
            number: None,
        };
        // Two thirds of three distinct values, rounded down: one.
        assert_eq!(records_by_frequency(&records, "a.b", top, true), [0, 2]);
        assert_eq!(records_by_frequency(&records, "a.b", top, false), [1]);
    }
}
