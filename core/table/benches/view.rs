//! `view 1e6`: milliseconds of predicates, sorts and steps on a table in chunks, the best of three.
//!
//! `cargo bench -p sluice-table --bench view [-- ROWS]`

use std::time::Instant;

use serde_json::json;
use sluice_analysis::{ColumnSpan, Pill, Point, Predicate, Selection, SortKey, TextMatch, Value};
use sluice_stats::hash::hash_u64;
use sluice_table::host::PlainHost;
use sluice_table::{OwnedColumn, RunContext, Table, registry, view};

fn main() {
    let n_rows = std::env::args()
        .filter_map(|arg| arg.parse().ok())
        .next()
        .unwrap_or(1_000_000);
    let table = table(n_rows);
    println!("table of {n_rows} rows, {} MB", table.memory_bytes() >> 20);
    predicates(&table);
    sorts(&table);
    polygon(&table);
    steps(&table);
}

fn report(name: &str, mut run: impl FnMut()) {
    let mut best = f64::INFINITY;
    for _ in 0..3 {
        let start = Instant::now();
        run();
        best = best.min(start.elapsed().as_secs_f64() * 1e3);
    }
    println!("{best:8.1} ms  {name}");
}

/// Columns in several chunks, as loaders give them.
fn table(n_rows: u64) -> Table {
    const N_CHUNKS: u64 = 15;
    let chunk_rows = n_rows.div_ceil(N_CHUNKS);
    let chunk = |start: u64| {
        let rows = start..(start + chunk_rows).min(n_rows);
        let number = |row: u64| (hash_u64(row) >> 11) as f64 / 1e6;
        let column = |name: &str, column| (name.to_owned(), column);
        Table::from_columns(vec![
            column(
                "number",
                OwnedColumn::Float(rows.clone().map(|row| Some(number(row))).collect()),
            ),
            column(
                "sparse",
                OwnedColumn::Float(
                    rows.clone()
                        .map(|row| (row % 10 != 0).then(|| number(row)))
                        .collect(),
                ),
            ),
            column(
                "small",
                OwnedColumn::Int(
                    rows.clone()
                        .map(|row| Some((hash_u64(row) % 1_000) as i64))
                        .collect(),
                ),
            ),
            column(
                "id",
                OwnedColumn::Int(
                    rows.clone()
                        .map(|row| Some((hash_u64(row) >> 1) as i64))
                        .collect(),
                ),
            ),
            column(
                "category",
                OwnedColumn::Text(
                    rows.clone()
                        .map(|row| Some(format!("cat{}", hash_u64(row) % 20)))
                        .collect(),
                ),
            ),
            column(
                "url",
                OwnedColumn::Text(
                    rows.map(|row| {
                        let hash = hash_u64(row);
                        Some(format!("https://example.org/page/{}/{hash}", hash % 1_000))
                    })
                    .collect(),
                ),
            ),
        ])
        .expect("columns of one length")
    };
    let chunks: Vec<Table> = (0..n_rows)
        .step_by(chunk_rows as usize)
        .map(chunk)
        .collect();
    run("concatenate", &chunks, &json!({}))
}

fn run(name: &str, inputs: &[Table], params: &serde_json::Value) -> Table {
    let operations = registry::operations();
    let operation = operations
        .iter()
        .find(|operation| operation.spec().name == name)
        .expect("registered");
    let Value::Map(params) = Value::from(params.clone()) else {
        panic!("parameters are a map")
    };
    let context = RunContext {
        host: &PlainHost,
        seed: 1,
        stream_name: "bench".to_owned(),
    };
    let outcome = pollster::block_on(operation.run(inputs, &params, &context));
    outcome.expect("parameters are valid").tables.remove(0)
}

fn predicates(table: &Table) {
    let one_of = |values: Vec<Value>| Predicate::OneOf {
        values,
        negated: false,
    };
    let range = |low, high| Predicate::Range {
        low: Some(low),
        high: Some(high),
        high_inclusive: false,
    };
    let text = |pattern: &str, mode, case_sensitive| Predicate::Text {
        pattern: pattern.to_owned(),
        mode,
        case_sensitive,
    };
    let categories = |n: usize| (0..n).map(|nth| format!("cat{nth}").into()).collect();
    for (name, column, predicate) in [
        ("range float", "number", range(1e9, 5e9)),
        ("range float with missing", "sparse", range(1e9, 5e9)),
        ("range integer", "small", range(100.0, 500.0)),
        (
            "one of 10 integers",
            "small",
            one_of((0..10).map(|nth| Value::Int(nth * 7)).collect()),
        ),
        ("one of 1 text", "category", one_of(categories(1))),
        ("one of 5 texts", "category", one_of(categories(5))),
        ("contains", "url", text("/77/", TextMatch::Contains, true)),
        (
            "contains, any case",
            "url",
            text("/77/", TextMatch::Contains, false),
        ),
        (
            "regular expression",
            "url",
            text("/7+/1", TextMatch::Regex, true),
        ),
        (
            "text in integers",
            "small",
            text("77", TextMatch::Contains, true),
        ),
        (
            "expression",
            "",
            Predicate::Expression("number * 2 + small > 1e9 and small < 500".into()),
        ),
    ] {
        let pill = Pill {
            column: column.to_owned(),
            predicate,
        };
        report(name, || {
            pollster::block_on(view::pill_bitmap(table, &pill, &PlainHost)).expect("valid");
        });
    }
}

fn sorts(table: &Table) {
    for columns in [
        &["number"][..],
        &["sparse"],
        &["small"],
        &["category"],
        &["url"],
        &["category", "number"],
    ] {
        let key = |column: &&str| SortKey {
            column: (*column).to_owned(),
            descending: false,
        };
        let keys: Vec<SortKey> = columns.iter().map(key).collect();
        report(&format!("sort by {}", columns.join(", ")), || {
            pollster::block_on(view::sorted_rows(table, &keys, None, &PlainHost))
                .expect("sortable");
        });
    }
}

fn polygon(table: &Table) {
    let corner = |nth: i32| {
        let sign = if nth % 2 == 0 { 1.0 } else { 0.8 };
        Point {
            x: f64::from(nth) * 2e8 * sign,
            y: 500.0 + f64::from(25 - (nth - 25).abs()) * 20.0 * sign,
        }
    };
    let span = |column: &str| ColumnSpan {
        column: column.to_owned(),
        log: false,
    };
    let points = (0..50).map(corner).collect();
    let selection = Selection::Polygon {
        x: span("number"),
        y: span("small"),
        points,
    };
    report("polygon of 50 corners", || {
        pollster::block_on(view::selected_rows(table, &selection, &PlainHost)).expect("numbers");
    });
}

fn steps(table: &Table) {
    let derive =
        |expression: &str| json!({ "columns": [{ "name": "d", "expression": expression }] });
    let by = |key: &str, function: &str, column: &str| json!({ "keys": [key], "aggregates": [{ "function": function, "column": column }] });
    for (name, params) in [
        ("derive", derive("number * 2 + small")),
        ("derive", derive("upper(url)")),
        ("derive", derive("ln(number)")),
        ("filter", json!({ "expression": "small < 500" })),
        ("sort", json!({ "keys": [{ "column": "number" }] })),
        ("sample", json!({ "n_rows": 100_000 })),
        (
            "cast",
            json!({ "columns": [{ "column": "small", "to": "text" }] }),
        ),
        ("group_by", by("category", "mean", "number")),
        ("group_by", by("small", "median", "number")),
        ("group_by", by("id", "count", "")),
        ("group_by", by("category", "distinct", "url")),
    ] {
        report(&format!("{name} {params}"), || {
            drop(run(name, std::slice::from_ref(table), &params))
        });
    }
    let inputs = [table.clone(), table.clone()];
    let keys = json!({ "left_keys": ["id"] });
    report("join by id", || drop(run("join", &inputs, &keys)));
}
