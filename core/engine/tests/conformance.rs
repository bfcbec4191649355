//! Our own conformance cases pass, and a case that is not ours is unsupported, never failed.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests may stop at the first fault"
)]

use serde_json::Value as Json;
use sluice_engine::conformance::check;

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
            Some(Ok(())) => {}
            Some(Err(difference)) => panic!(
                "{}: expected {}, got {}",
                case["id"], difference.expected, difference.got
            ),
            None => panic!("{} is unsupported", case["id"]),
        }
    }
}

#[test]
fn a_wrong_expectation_fails_and_a_foreign_system_is_unsupported() {
    let mut case = serde_json::json!({
        "system": "sluice", "op": "drop", "params": { "columns": ["b"] },
        "input": { "columns": ["a", "b"], "rows": [[1, 2]] },
        "expected": { "columns": ["a"], "rows": [[7]] },
    });
    assert!(matches!(check(&case), Some(Err(_))));
    case["system"] = "datatrove".into();
    assert!(check(&case).is_none());
}

#[test]
fn operators_of_other_systems_run_by_their_names() {
    let mut case = serde_json::json!({
        "system": "data-juicer", "op": "text_length_filter", "params": { "min_len": 3 },
        "input": [{ "text": "abc" }, { "text": "é" }],
        "expected_kind": "kept_rows", "expected": [{ "text": "abc" }],
    });
    assert!(matches!(check(&case), Some(Ok(()))));
    case["params"]["min_len"] = 1.into();
    assert!(matches!(check(&case), Some(Err(_))));
}
