//! `sluice conform`: conformance cases, whose expectations other systems or closed forms computed.
//!
//! A file is a list of `{id, system, op, params, input, expected, …}` or `{…, cases: [{id, method, …}]}`.
//! Adapters stand beside the operations they serve; a case without an adapter, or whose input is missing, is
//! unsupported. These cases and those that pass by a recorded exception are listed with their reasons.

use std::path::Path;
use std::process::ExitCode;

use serde_json::{Value as Json, json};
use sluice_engine::TableError;
use sluice_engine::conformance::{self, Difference, Outcome};

use crate::{Common, output};

#[derive(clap::Args)]
pub struct Arguments {
    /// Case files
    #[arg(required = true)]
    files: Vec<String>,
}

pub fn run(arguments: &Arguments, common: &Common) -> Result<ExitCode, TableError> {
    let mut n_passed = 0_u64;
    let (mut failures, mut by_exception, mut unsupported) = (Vec::new(), Vec::new(), Vec::new());
    for path in &arguments.files {
        for Case {
            case,
            missing_input,
        } in cases(path)?
        {
            let id = case
                .get("id")
                .and_then(Json::as_str)
                .unwrap_or("(no id)")
                .to_owned();
            if let Some(name) = missing_input {
                let reason = format!("its input {name} is missing");
                unsupported.push(json!({ "id": id, "reason": reason }));
                continue;
            }
            match conformance::check(&case) {
                Outcome::Passed => n_passed += 1,
                Outcome::PassedByException(reason) => {
                    n_passed += 1;
                    by_exception.push(json!({ "id": id, "reason": reason }));
                }
                Outcome::Unsupported(reason) => {
                    unsupported.push(json!({ "id": id, "reason": reason }));
                }
                Outcome::Failed(Difference { expected, got }) => {
                    if !common.json {
                        output::text(&format!("{id}: expected {expected}, got {got}\n"))?;
                    }
                    failures.push(json!({ "id": id, "expected": expected, "got": got }));
                }
            }
        }
    }
    let (n_failed, n_unsupported) = (failures.len(), unsupported.len());
    if common.json {
        output::json(&json!({
            "passed": n_passed, "failed": n_failed, "unsupported": n_unsupported, "failures": failures,
            "exceptions": by_exception, "unsupported_cases": unsupported,
        }))?;
    } else {
        output::text(&lines("by exception", &by_exception))?;
        output::text(&lines("unsupported", &unsupported))?;
        output::text(&format!(
            "{n_passed} passed, {n_failed} failed, {n_unsupported} unsupported\n"
        ))?;
    }
    Ok(if n_failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// One line for each of `{id, reason}`.
fn lines(what: &str, cases: &[Json]) -> String {
    let text = |case: &Json, name: &str| case[name].as_str().unwrap_or_default().to_owned();
    let line = |case| format!("{what}: {}: {}\n", text(case, "id"), text(case, "reason"));
    cases.iter().map(line).collect()
}

struct Case {
    /// With the input in it.
    case: Json,
    /// The name that the case gives for its input, if neither a record nor a file has it.
    missing_input: Option<String>,
}

/// The cases of a file; records that only hold shared input are none.
fn cases(path: &str) -> Result<Vec<Case>, TableError> {
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
    let (cases, shared): (Vec<Json>, Vec<Json>) = records.into_iter().partition(is_case);
    let with_input = |mut case: Json| {
        let name = case.get("input").and_then(Json::as_str).map(str::to_owned);
        let input = name
            .as_deref()
            .map(|name| named_input(name, &shared, Path::new(path)));
        let is_missing = matches!(input, Some(Input::Missing));
        if let Some(Input::Read(input)) = input {
            case["input"] = input;
        }
        Case {
            case,
            missing_input: name.filter(|_| is_missing),
        }
    };
    Ok(cases.into_iter().map(with_input).collect())
}

enum Input {
    Read(Json),
    /// A file that is not JSON: an operation that takes one reads it itself.
    Other,
    Missing,
}

/// The input of a shared record of this id, or the content of the JSON file of this name beside the cases.
fn named_input(name: &str, shared: &[Json], cases: &Path) -> Input {
    let is_named = |record: &&Json| record.get("id").and_then(Json::as_str) == Some(name);
    if let Some(record) = shared.iter().find(is_named) {
        return record
            .get("input")
            .cloned()
            .map_or(Input::Other, Input::Read);
    }
    let file = cases.with_file_name(name);
    match std::fs::read_to_string(&file) {
        Ok(text) => serde_json::from_str(&text).map_or(Input::Other, Input::Read),
        Err(_) if file.exists() => Input::Other,
        Err(_) => Input::Missing,
    }
}
