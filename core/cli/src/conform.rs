//! `sluice conform`: conformance cases, whose expectations other systems or closed forms computed.
//!
//! A file is a list of `{id, system, op, params, input, expected, …}` or `{…, cases: [{id, method, …}]}`.
//! Adapters stand beside the operations they serve; a case without an adapter is unsupported.

use std::path::Path;
use std::process::ExitCode;

use serde_json::{Value as Json, json};
use sluice_engine::TableError;

use crate::{Common, output};

#[derive(clap::Args)]
pub struct Arguments {
    /// Case files
    #[arg(required = true)]
    files: Vec<String>,
}

#[derive(Default)]
struct Tally {
    passed: u64,
    failed: u64,
    unsupported: u64,
}

pub fn run(arguments: &Arguments, common: &Common) -> Result<ExitCode, TableError> {
    let mut tally = Tally::default();
    let mut failures = Vec::new();
    for path in &arguments.files {
        for case in cases(path)? {
            let id = case
                .get("id")
                .and_then(Json::as_str)
                .unwrap_or("(no id)")
                .to_owned();
            match sluice_engine::conformance::check(&case) {
                None => tally.unsupported += 1,
                Some(Ok(())) => tally.passed += 1,
                Some(Err(difference)) => {
                    tally.failed += 1;
                    if !common.json {
                        let line = format!(
                            "{id}: expected {}, got {}\n",
                            difference.expected, difference.got
                        );
                        output::text(&line)?;
                    }
                    failures.push(
                        json!({ "id": id, "expected": difference.expected, "got": difference.got }),
                    );
                }
            }
        }
    }
    let Tally {
        passed,
        failed,
        unsupported,
    } = tally;
    if common.json {
        output::json(&json!({
            "passed": passed, "failed": failed, "unsupported": unsupported, "failures": failures,
        }))?;
    } else {
        output::text(&format!(
            "{passed} passed, {failed} failed, {unsupported} unsupported\n"
        ))?;
    }
    Ok(if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// The cases of a file; records that only hold shared input are none.
fn cases(path: &str) -> Result<Vec<Json>, TableError> {
    let unreadable = |reason: String| TableError::Read {
        file: path.to_owned(),
        reason,
    };
    let text = std::fs::read_to_string(path).map_err(|error| unreadable(error.to_string()))?;
    let document: Json =
        serde_json::from_str(&text).map_err(|error| unreadable(error.to_string()))?;
    let records = match document {
        Json::Array(records) => records,
        Json::Object(mut fields) => match fields.remove("cases") {
            Some(Json::Array(cases)) => cases,
            _ => Vec::new(),
        },
        _ => {
            return Err(unreadable(
                "a list of cases, or an object with “cases”, is needed".to_owned(),
            ));
        }
    };
    let is_case = |record: &Json| record.get("expected").is_some() || record.get("error").is_some();
    let (mut cases, shared): (Vec<Json>, Vec<Json>) = records.into_iter().partition(is_case);
    for case in &mut cases {
        let Some(name) = case.get("input").and_then(Json::as_str).map(str::to_owned) else {
            continue;
        };
        if let Some(input) = named_input(&name, &shared, Path::new(path)) {
            case["input"] = input;
        }
    }
    Ok(cases)
}

/// The input of a shared record of this id, or the content of the JSON file of this name beside the cases.
fn named_input(name: &str, shared: &[Json], cases: &Path) -> Option<Json> {
    let is_named = |record: &&Json| record.get("id").and_then(Json::as_str) == Some(name);
    if let Some(record) = shared.iter().find(is_named) {
        return record.get("input").cloned();
    }
    let file = cases.parent()?.join(name);
    serde_json::from_str(&std::fs::read_to_string(file).ok()?).ok()
}
