//! Conformance cases: those of our own operations, `{"op": "group_by", "system": "sluice", …}`, and those of other
//! systems' operators, which adapters beside the benches run.
//!
//! For ours, `input` is a list of tables `{columns, rows}` (or one), `expected` the output table in the same form.

use serde_json::Value as Json;
use sluice_analysis::{Params, Value};
use sluice_curate::conform::compare::{Tolerance, matches_kind, same};
use sluice_curate::conform::{exceptions, unsupported};
use sluice_protocol::cells::Cells;
use sluice_table::host::PlainHost;
use sluice_table::{OwnedColumn, RunContext, Table, cells};

use crate::registry::operation_named;

/// What a case expected and what it got.
pub struct Difference {
    pub expected: Json,
    pub got: Json,
}

/// What came of a case.
pub enum Outcome {
    Passed,
    /// The output is not the expected one but counts as equal, for this reason.
    PassedByException(&'static str),
    Failed(Difference),
    /// No adapter serves the case's system and operation, for this reason.
    Unsupported(&'static str),
}

/// Runs a case whose input is in it.
pub fn check(case: &Json) -> Outcome {
    let text = |name: &str| case.get(name).and_then(Json::as_str);
    let (system, op) = (
        text("system").unwrap_or_default(),
        text("op").unwrap_or_default(),
    );
    let outcome = if system == "sluice" {
        check_own(case, op)
    } else {
        check_foreign(case, system, op)
    };
    outcome.unwrap_or_else(|| Outcome::Unsupported(unsupported::reason(system, op)))
}

/// Cases of our own operations; `None` without such an operation or without an expectation.
fn check_own(case: &Json, op: &str) -> Option<Outcome> {
    let operation = operation_named(op)?;
    let expected = case.get("expected")?.clone();
    let got = run(operation, case).unwrap_or_else(Json::String);
    Some(if same(&got, &expected, Tolerance::USUAL) {
        Outcome::Passed
    } else {
        Outcome::Failed(Difference { expected, got })
    })
}

/// Cases of other systems; `None` without an adapter. An operator that panics has failed.
///
/// The output has to be the expected one; only if it is not may a recorded exception say that both count as equal.
fn check_foreign(case: &Json, system: &str, op: &str) -> Option<Outcome> {
    let adapters = sluice_curate::conform::adapters();
    let adapter = adapters
        .iter()
        .find(|adapter| adapter.system == system && adapter.op == op)?;
    let expected = case.get("expected").cloned().unwrap_or_default();
    let (no_params, no_input) = (serde_json::Map::new(), Json::Null);
    let foreign = sluice_curate::conform::Case {
        params: case
            .get("params")
            .and_then(Json::as_object)
            .unwrap_or(&no_params),
        input: case.get("input").unwrap_or(&no_input),
        expected_kind: case
            .get("expected_kind")
            .and_then(Json::as_str)
            .unwrap_or_default(),
        expected: &expected,
    };
    let run = std::panic::AssertUnwindSafe(|| (adapter.run)(&foreign));
    let got = match std::panic::catch_unwind(run) {
        // The other system raises: any value or clear error will do.
        Ok(_) if case.get("error").is_some() && case.get("expected").is_none() => {
            return Some(Outcome::Passed);
        }
        Ok(Ok(got)) => got,
        Ok(Err(reason)) => Json::String(reason),
        Err(_) => Json::String("panicked".to_owned()),
    };
    let tolerance = Tolerance::of(case.get("tol"));
    if matches_kind(foreign.expected_kind, &got, &expected, tolerance) {
        return Some(Outcome::Passed);
    }
    let exception = exceptions::reason_for_equality((system, op), &foreign, &got, tolerance);
    Some(match exception {
        Some(reason) => Outcome::PassedByException(reason),
        None => Outcome::Failed(Difference { expected, got }),
    })
}

fn run(operation: &dyn sluice_table::Operation, case: &Json) -> Result<Json, String> {
    let params: Params = match Value::from(case.get("params").cloned().unwrap_or(Json::Null)) {
        Value::Map(params) => params,
        _ => Params::new(),
    };
    let tables = match case.get("input") {
        Some(Json::Array(tables)) => tables.iter().map(table).collect::<Result<Vec<_>, _>>()?,
        Some(one @ Json::Object(_)) => vec![table(one)?],
        _ => Vec::new(),
    };
    let seed = case.get("seed").and_then(Json::as_u64).unwrap_or(0);
    let context = RunContext {
        host: &PlainHost,
        seed,
        stream_name: "conform".to_owned(),
    };
    let outcome = pollster::block_on(operation.run(&tables, &params, &context))
        .map_err(|error| error.to_string())?;
    outcome.tables.first().map_or(Ok(Json::Null), to_json)
}

/// `{columns, rows}` to a table; a column's type follows its first value that is not null.
fn table(json: &Json) -> Result<Table, String> {
    let names = json
        .get("columns")
        .and_then(Json::as_array)
        .ok_or("a table needs “columns”")?;
    let rows = json
        .get("rows")
        .and_then(Json::as_array)
        .ok_or("a table needs “rows”")?;
    let mut columns = Vec::new();
    for (idx, name) in names.iter().enumerate() {
        let values: Vec<&Json> = rows
            .iter()
            .map(|row| row.get(idx).unwrap_or(&Json::Null))
            .collect();
        let is_number =
            |value: &&Json| value.is_number() || value.is_null() || non_finite(value).is_some();
        let column = if values.iter().all(|value| value.is_i64() || value.is_null()) {
            OwnedColumn::Int(values.iter().map(|value| value.as_i64()).collect())
        } else if values.iter().all(is_number) {
            OwnedColumn::Float(
                values
                    .iter()
                    .map(|value| value.as_f64().or(non_finite(value)))
                    .collect(),
            )
        } else if values
            .iter()
            .all(|value| value.is_boolean() || value.is_null())
        {
            OwnedColumn::Bool(values.iter().map(|value| value.as_bool()).collect())
        } else {
            OwnedColumn::Text(
                values
                    .iter()
                    .map(|value| value.as_str().map(str::to_owned))
                    .collect(),
            )
        };
        columns.push((name.as_str().unwrap_or_default().to_owned(), column));
    }
    Table::from_columns(columns).map_err(|error| error.to_string())
}

fn non_finite(value: &Json) -> Option<f64> {
    match value.as_str()? {
        "NaN" => Some(f64::NAN),
        "Infinity" => Some(f64::INFINITY),
        "-Infinity" => Some(f64::NEG_INFINITY),
        _ => None,
    }
}

fn to_json(table: &Table) -> Result<Json, String> {
    let names: Vec<String> = table
        .column_names()
        .into_iter()
        .map(str::to_owned)
        .collect();
    let row_ids: Vec<u64> = (0..table.n_rows() as u64).collect();
    let columns = cells::cells(table, &row_ids, &names).map_err(|error| error.to_string())?;
    let rows: Vec<Json> = (0..table.n_rows())
        .map(|row| {
            columns
                .iter()
                .map(|column| cell(&column.cells, row))
                .collect::<Vec<_>>()
                .into()
        })
        .collect();
    Ok(serde_json::json!({ "columns": names, "rows": rows }))
}

fn cell(cells: &Cells, row: usize) -> Json {
    match cells {
        Cells::Bool(values) => values.get(row).copied().flatten().into(),
        Cells::Int(values) => values.get(row).copied().flatten().into(),
        Cells::Float(values) => match values.get(row).copied().flatten() {
            Some(value) if value.is_nan() => "NaN".into(),
            Some(f64::INFINITY) => "Infinity".into(),
            Some(f64::NEG_INFINITY) => "-Infinity".into(),
            value => value.into(),
        },
        Cells::Text(values) => values.get(row).cloned().flatten().into(),
    }
}
