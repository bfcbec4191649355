//! Our own conformance cases pass, and a case that is not ours is unsupported, never failed.

use serde_json::Value as Json;
use sluice_engine::conformance::check;

#[test]
fn steps_conform_to_cases_worked_out_by_hand() {
    let file: Json =
        serde_json::from_str(include_str!("../../../tests/conformance/steps.json")).unwrap();
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
