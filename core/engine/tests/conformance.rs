//! Our own conformance cases pass, and a case that is not ours is unsupported, never failed.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests may stop at the first fault"
)]

use serde_json::{Value as Json, json};
use sluice_engine::conformance::{Outcome, check};

#[test]
fn steps_conform_to_cases_worked_out_by_hand() {
    conform(include_str!("../../../tests/conformance/steps.json"));
}

#[test]
fn operations_on_texts_conform_to_cases_worked_out_by_hand() {
    conform(include_str!("../../../tests/conformance/texts.json"));
}

fn conform(file: &str) {
    let file: Json = serde_json::from_str(file).unwrap();
    for case in file["cases"].as_array().unwrap() {
        match check(case) {
            Outcome::Passed => {}
            Outcome::PassedByException(reason) => panic!("{}: {reason}", case["id"]),
            Outcome::Failed(difference) => panic!(
                "{}: expected {}, got {}",
                case["id"], difference.expected, difference.got
            ),
            Outcome::Unsupported(reason) => panic!("{}: {reason}", case["id"]),
        }
    }
}

#[test]
fn a_wrong_expectation_fails_and_a_foreign_system_is_unsupported() {
    let mut case = json!({
        "system": "sluice", "op": "drop", "params": { "columns": ["b"] },
        "input": { "columns": ["a", "b"], "rows": [[1, 2]] },
        "expected": { "columns": ["a"], "rows": [[7]] },
    });
    assert!(matches!(check(&case), Outcome::Failed(_)));
    case["system"] = "datatrove".into();
    assert!(matches!(check(&case), Outcome::Unsupported(_)));
}

#[test]
fn operators_of_other_systems_run_by_their_names() {
    let mut case = json!({
        "system": "data-juicer", "op": "text_length_filter", "params": { "min_len": 3 },
        "input": [{ "text": "abc" }, { "text": "é" }],
        "expected_kind": "kept_rows", "expected": [{ "text": "abc" }],
    });
    assert!(matches!(check(&case), Outcome::Passed));
    case["params"]["min_len"] = 1.into();
    assert!(matches!(check(&case), Outcome::Failed(_)));
}

/// What came of a case in a word, and the reason where there is one.
fn verdict(case: &Json) -> (&'static str, Option<&'static str>) {
    match check(case) {
        Outcome::Passed => ("passed", None),
        Outcome::PassedByException(reason) => ("exception", Some(reason)),
        Outcome::Failed(_) => ("failed", None),
        Outcome::Unsupported(reason) => ("unsupported", Some(reason)),
    }
}

#[test]
fn rows_of_equal_value_may_be_selected_in_any_order_and_no_others() {
    let check = |expected: &[&str]| {
        let rows: Vec<Json> = expected
            .iter()
            .map(|text| json!({ "text": text }))
            .collect();
        let case = json!({
            "system": "data-juicer", "op": "range_specified_field_selector",
            "params": { "field_key": "n", "lower_rank": 1, "upper_percentile": 1.0 },
            "input": [
                { "text": "a", "n": 1 }, { "text": "b", "n": 2 }, { "text": "c", "n": 2 }, { "text": "d", "n": 3 },
            ],
            "expected_kind": "selected_rows_in_order", "expected": rows,
        });
        verdict(&case).0
    };
    assert_eq!(check(&["d", "b", "c"]), "passed");
    assert_eq!(check(&["d", "c", "b"]), "exception");
    for wrong in [
        ["b", "d", "c"].as_slice(),
        &["c", "b", "d"],
        &["d", "b", "b"],
        &["d", "b", "a"],
        &["d", "c"],
        &["d", "c", "b", "a"],
    ] {
        assert_eq!(check(wrong), "failed", "{wrong:?}");
    }
}

#[test]
fn rows_that_no_bound_sorts_keep_their_order() {
    let case = json!({
        "system": "data-juicer", "op": "range_specified_field_selector",
        "params": { "field_key": "n", "lower_rank": 1 },
        "input": [{ "text": "b", "n": 2 }, { "text": "c", "n": 2 }],
        "expected_kind": "selected_rows_in_order", "expected": [{ "text": "c" }, { "text": "b" }],
    });
    assert_eq!(verdict(&case).0, "failed");
}

#[test]
fn other_selectors_have_one_order_for_rows_of_equal_value() {
    let case = json!({
        "system": "data-juicer", "op": "topk_specified_field_selector", "params": { "field_key": "n", "topk": 2 },
        "input": [{ "text": "b", "n": 2 }, { "text": "c", "n": 2 }],
        "expected_kind": "selected_rows_in_order", "expected": [{ "text": "c" }, { "text": "b" }],
    });
    assert_eq!(verdict(&case).0, "failed");
}

#[test]
fn any_of_the_most_frequent_ngrams_may_give_the_score_and_no_other() {
    // "aa" and "b" are twice in the text of 13 characters, "ccc" is once; "e" is more frequent than "f".
    let input = json!([{ "id": "tie", "text": "aa b aa ccc b" }, { "id": "top", "text": "e f e" }]);
    let params = json!({ "n": 1, "max_repeating_ngram_ratio": 0.3 });
    let check = |(tie, keep): (f64, bool), top: f64| {
        let case = json!({
            "system": "nemo-curator", "op": "RepeatingTopNGramsFilter", "params": params, "input": input,
            "expected_kind": "score_keep_per_doc",
            "expected": [
                { "doc": "tie", "score": tie, "keep": keep }, { "doc": "top", "score": top, "keep": false },
            ],
        });
        let in_columns = json!({
            "system": "nemo-curator", "op": "RepeatingTopNGramsFilter", "params": params, "input": input,
            "expected_kind": "scores_and_keep", "expected": { "scores": [tie, top], "keep": [keep, false] },
        });
        let verdict_of_docs = verdict(&case).0;
        assert_eq!(verdict_of_docs, verdict(&in_columns).0);
        verdict_of_docs
    };
    let (first, second, third, top) = (4.0 / 13.0, 2.0 / 13.0, 3.0 / 13.0, 2.0 / 5.0);
    assert_eq!(check((first, false), top), "passed");
    assert_eq!(check((second, true), top), "exception");
    assert_eq!(check((second, false), top), "failed", "kept by the score");
    assert_eq!(check((third, true), top), "failed", "a rarer word");
    assert_eq!(
        check((second, true), 1.0 / 5.0),
        "failed",
        "a rarer word of another text"
    );
}

#[test]
fn what_cannot_run_says_why() {
    let reason = |system: &str, op: &str| {
        let case = json!({ "system": system, "op": op, "input": [], "expected": [] });
        verdict(&case)
    };
    let opencc = "needs OpenCC's dictionaries, which Sluice does not ship";
    let absent = "Sluice does not have this operator";
    assert_eq!(
        reason("data-juicer", "chinese_convert_mapper"),
        ("unsupported", Some(opencc))
    );
    for (system, op) in [
        ("data-juicer", "none_such"),
        ("none such", "hash"),
        ("sluice", "none_such"),
    ] {
        assert_eq!(reason(system, op), ("unsupported", Some(absent)));
    }
}

#[test]
fn words_and_phrases_of_our_own_list_are_naughty_for_dolma() {
    for (op, text, is_naughty) in [
        ("c4_v1", "Viagra is cheap.", true),
        ("c4_v2", "He will strap on his helmet.", true),
        ("c4_v1", "Viagra, is cheap.", false),
    ] {
        let mut spans = vec![json!([0, text.len(), "line_count", 1.0])];
        if is_naughty {
            spans.push(json!([0, text.len(), "has_naughty_word", 1.0]));
        }
        let case = json!({
            "system": "dolma", "op": op, "input": [{ "text": text }],
            "expected_kind": "spans [start,end,type,score]", "expected": spans,
        });
        assert_eq!(verdict(&case).0, "passed", "{text}");
    }
}
