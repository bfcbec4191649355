//! Recorded exceptions: operators of which another system itself gives more than one output.
//!
//! An exception applies where strict comparison has failed and its rule says that the expected output is one that the
//! other system could as well have given. Each one names its reason, and `sluice conform` prints it for every case that
//! passes by it. A difference that Sluice could remove is no exception.

use std::collections::HashMap;

use serde_json::{Value as Json, json};

use super::Case;
use super::compare::{Tolerance, same, same_in_any_order};
use crate::text::data_juicer::fields;
use crate::text::python;

/// All exceptions.
pub const EXCEPTIONS: &[Exception] = &[
    Exception {
        system: "data-juicer",
        op: "range_specified_field_selector",
        reason: "rows of equal value stand in another order: the case lists them in one that the system's own stable \
                 sorts do not give and that its test, which sorts both sides, does not look at",
        counts_as_equal: same_but_for_order_of_ties,
    },
    Exception {
        system: "nemo-curator",
        op: "RepeatingTopNGramsFilter",
        reason: "several n-grams are equally frequent: the system takes the first of a set of Python, whose order changes \
                 from process to process, and the expected score is that of another one of them",
        counts_as_equal: scores_of_some_top_ngram,
    },
];

/// When an operator's output counts as the expected one without being the same.
pub struct Exception {
    pub system: &'static str,
    pub op: &'static str,
    /// Why the outputs differ, as a clause without a full stop.
    pub reason: &'static str,
    /// Of a case, whose `expected` is looked at, the output that Sluice has for it, and the case's tolerance.
    pub counts_as_equal: fn(&Case<'_>, &Json, Tolerance) -> bool,
}

/// The reason why an output that differs from the expected one counts as equal. `None` where no exception says so.
pub fn reason_for_equality(
    (system, op): (&str, &str),
    case: &Case<'_>,
    got: &Json,
    tolerance: Tolerance,
) -> Option<&'static str> {
    let found = EXCEPTIONS
        .iter()
        .find(|exception| exception.system == system && exception.op == op)?;
    (found.counts_as_equal)(case, got, tolerance).then_some(found.reason)
}

/// The rows selected are those expected, and each stands among the rows of its own value.
///
/// Values count as equal where the selector's sorts take them for equal. Rows that were not sorted, because a bound is
/// missing or there is only one, have one order.
fn same_but_for_order_of_ties(case: &Case<'_>, got: &Json, tolerance: Tolerance) -> bool {
    let is_given = |name: &&str| case.params.get(*name).is_some_and(|value| !value.is_null());
    let is_sorted = ["lower_percentile", "lower_rank"].iter().any(is_given)
        && ["upper_percentile", "upper_rank"].iter().any(is_given)
        && case.records().len() > 1;
    let key = case.text("field_key").filter(|key| !key.is_empty());
    let (Some(key), Json::Array(got), Json::Array(expected)) = (key, got, case.expected) else {
        return false;
    };
    if !is_sorted || got.len() != expected.len() {
        return false;
    }
    let value = |row: &Json| {
        let value = fields::field(row, key).and_then(fields::number_to_sort_by);
        value.unwrap_or(f64::NEG_INFINITY)
    };
    let mut rest = expected.as_slice();
    got.chunk_by(|a, b| value(a) == value(b)).all(|tied| {
        let (expected, after) = rest.split_at(tied.len());
        rest = after;
        let rows = |rows: &[Json]| Json::Array(rows.to_vec());
        same_in_any_order(&rows(tied), &rows(expected), tolerance)
    })
}

/// Every text has the score of some n-gram that no other is more frequent than, and is kept as that score says.
fn scores_of_some_top_ngram(case: &Case<'_>, got: &Json, tolerance: Tolerance) -> bool {
    let most = case.number("max_repeating_ngram_ratio", 0.2);
    let n_words = case.integer("n", 2);
    let is_possible = |text: &str, expected: &Json| {
        top_ngram_shares(text, n_words).any(|score| {
            let possible = json!({ "score": score, "keep": score <= most });
            same(&possible, expected, tolerance)
        })
    };
    match (got, case.expected) {
        (Json::Array(_), Json::Array(expected)) => expected.iter().all(|expected| {
            let doc = expected.get("doc");
            let is_meant = |record: &&Json| doc.is_some() && record.get("id") == doc;
            let record = case.records().iter().find(is_meant);
            let text = record.and_then(|record| record.get("text")?.as_str());
            let mut expected = expected.clone();
            if let Json::Object(fields) = &mut expected {
                fields.remove("doc");
            }
            text.is_some_and(|text| is_possible(text, &expected))
        }),
        (Json::Object(_), Json::Object(expected)) => {
            let columns: Option<Vec<(&str, &Vec<Json>)>> = expected
                .iter()
                .map(|(name, column)| {
                    let name = match name.as_str() {
                        "scores" => "score",
                        "keep" => "keep",
                        _ => return None,
                    };
                    Some((name, column.as_array()?))
                })
                .collect();
            let n_records = case.records().len();
            columns.is_some_and(|columns| {
                columns.iter().all(|(_, column)| column.len() == n_records)
                    && case.texts().enumerate().all(|(idx, text)| {
                        let fields = columns.iter().filter_map(|(name, column)| {
                            Some(((*name).to_owned(), column.get(idx)?.clone()))
                        });
                        is_possible(text, &Json::Object(fields.collect()))
                    })
            })
        }
        _ => false,
    }
}

/// For each of the most frequent n-grams of words the share of characters that removing it takes from the text, as
/// [`top_ngram_share`](crate::text::heuristics::nemo_repetition::top_ngram_share) has it for the first of them.
fn top_ngram_shares(text: &str, n_words: usize) -> impl Iterator<Item = f64> {
    let words: Vec<&str> = python::split(text).collect();
    let mut counts: HashMap<Vec<&str>, usize> = HashMap::new();
    if n_words > 0 {
        for ngram in words.windows(n_words) {
            *counts.entry(ngram.to_vec()).or_default() += 1;
        }
    }
    let most = counts.values().copied().max();
    let without_any = most.is_none().then_some(1.0);
    let n_chars = python::len(text);
    let tied = counts
        .into_iter()
        .filter(move |(_, count)| Some(*count) == most);
    let shares = tied.map(move |(ngram, _)| {
        let ngram = ngram.join(" ");
        let n_removed = text.matches(&ngram).count() * python::len(&ngram);
        n_removed as f64 / n_chars as f64
    });
    without_any.into_iter().chain(shares)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conform::adapters;
    use crate::text::heuristics::nemo_repetition::top_ngram_share;

    #[test]
    fn every_exception_has_an_adapter() {
        let adapters = adapters();
        for exception in EXCEPTIONS {
            let is_of = |adapter: &crate::conform::Adapter| {
                adapter.system == exception.system && adapter.op == exception.op
            };
            assert!(adapters.iter().any(is_of), "{}", exception.op);
        }
    }

    #[test]
    fn tied_ngrams_are_all_possible_and_others_are_not() {
        let shares = |text, n| {
            let mut shares: Vec<f64> = top_ngram_shares(text, n).collect();
            shares.sort_by(f64::total_cmp);
            shares
        };
        assert_eq!(shares("a bb a bb ccc", 1), [2.0 / 13.0, 4.0 / 13.0]);
        assert_eq!(shares("a bb a", 1), [2.0 / 6.0]);
        assert_eq!(shares("a", 2), [1.0]);
        assert_eq!(shares("a", 0), [1.0]);
    }

    #[test]
    fn the_score_of_the_filter_is_a_possible_one() {
        for text in ["a b c a", "one two  three", "x", "", "é é ü ü é ü"] {
            for n in 1..4 {
                let ours = top_ngram_share(text, n);
                assert!(
                    top_ngram_shares(text, n).any(|share| share == ours),
                    "{text:?} {n}"
                );
            }
        }
    }
}
