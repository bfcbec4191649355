//! Cases for each operation, and what holds for all of them.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::json;

use crate::column::OwnedColumn;
use crate::error::TableError;
use crate::operation::Operation;
use crate::steps::{
    Cast, Concatenate, Derive, Drop, Filter, GroupBy, Join, Keep, Rename, Sample, Sort,
};
use crate::table::Table;
use crate::view::slices::SLICE_ROWS;
use crate::view::testing::{
    CountingHost, bools, floats, ints, rechunked, run, run_on, table, texts, written,
};

fn people() -> Table {
    table(vec![
        (
            "name",
            texts(&[Some("Ann"), Some("Bob"), None, Some("Dee"), Some("Eve")]),
        ),
        ("age", ints(&[Some(31), Some(17), Some(45), None, Some(17)])),
        (
            "score",
            floats(&[Some(1.5), Some(f64::NAN), Some(-2.0), Some(0.5), None]),
        ),
        (
            "member",
            bools(&[Some(true), Some(false), Some(true), None, Some(false)]),
        ),
    ])
}

fn check(
    operation: &dyn Operation,
    inputs: &[Table],
    params: serde_json::Value,
    expected: &[&str],
) {
    for chunk_rows in [1000, 1, 2] {
        let inputs: Vec<Table> = inputs
            .iter()
            .map(|table| rechunked(table, chunk_rows))
            .collect();
        let outcome = run(operation, &inputs, params.clone()).expect("it runs");
        assert_eq!(written(&outcome.tables[0]), expected, "{params}");
    }
}

fn fails(operation: &dyn Operation, inputs: &[Table], params: serde_json::Value, expected: &str) {
    let error = run(operation, inputs, params).expect_err(expected);
    assert_eq!(error.to_string(), expected);
}

#[test]
fn derived_columns_follow_each_other() {
    let columns = json!({ "columns": [
        { "name": "double", "expression": "age * 2" },
        { "name": "age", "expression": "double + 1" },
    ] });
    check(
        &Keep,
        &[run(&Derive, &[people()], columns)
            .expect("valid")
            .tables
            .remove(0)],
        json!({ "columns": ["age", "double"] }),
        &["age double", "63 62", "35 34", "91 90", "· ·", "35 34"],
    );
    let inverse = json!({ "columns": [{ "name": "x", "expression": "1 / (age - 17)" }] });
    let issues = run(&Derive, &[people()], inverse).expect("valid").issues;
    let reason = "no value in 2 rows where all columns that it reads have one";
    assert_eq!(issues.first()[0].reason, reason);
    fails(
        &Derive,
        &[people()],
        json!({ "columns": [{ "expression": "age" }] }),
        "name: a derived column needs a name",
    );
    fails(
        &Derive,
        &[people()],
        json!({ "columns": [{ "name": "x" }] }),
        "expression, character 1: an expression is needed, such as price * quantity",
    );
    fails(
        &Derive,
        &[people()],
        json!({ "colums": [] }),
        "derive: unknown field `colums`, expected `columns`",
    );
    fails(
        &Derive,
        &[],
        json!({}),
        "derive needs 1 input tables and got 0",
    );
}

#[test]
fn casts_count_what_they_lose() {
    let input = table(vec![(
        "t",
        texts(&[Some("1"), Some("x"), None, Some(" 2 ")]),
    )]);
    let outcome = run(
        &Cast,
        std::slice::from_ref(&input),
        json!({ "columns": [{ "column": "t", "to": "integer" }] }),
    )
    .expect("valid");
    assert_eq!(written(&outcome.tables[0]), ["t", "1", "·", "·", "2"]);
    assert_eq!(outcome.issues.total(), 1);
    let issue = &outcome.issues.first()[0];
    assert_eq!(
        (issue.row, issue.reason.as_str()),
        (Some(2), "“x” cannot be converted to integer")
    );
    let many = table(vec![(
        "t",
        OwnedColumn::Text(vec![Some("x".to_owned()); 3000]),
    )]);
    let outcome = run(
        &Cast,
        &[many],
        json!({ "columns": [{ "column": "t", "to": "float" }] }),
    )
    .expect("valid");
    assert_eq!(
        (outcome.issues.total(), outcome.issues.first().len()),
        (3000, 1000)
    );
    let wide = table(vec![
        ("u", OwnedColumn::UInt(vec![Some(u64::MAX)])),
        (
            "m",
            OwnedColumn::Decimal {
                values: vec![Some(150)],
                scale: 2,
            },
        ),
        ("l", OwnedColumn::ListInt(vec![Some(vec![1, 2])])),
    ]);
    let all = ["u", "m", "l"].map(|column| json!({ "column": column, "to": "text" }));
    check(
        &Cast,
        std::slice::from_ref(&wide),
        json!({ "columns": all }),
        &["u m l", "18446744073709551615 1.50 [1,2]"],
    );
    fails(
        &Cast,
        &[wide],
        json!({ "columns": [{ "column": "l", "to": "integer" }] }),
        "column “l” is list; a column of single values is needed",
    );
}

#[test]
fn columns_are_named_and_chosen() {
    let input = table(vec![
        ("a", ints(&[Some(1)])),
        ("b", ints(&[Some(2)])),
        ("c", ints(&[Some(3)])),
    ]);
    let input = std::slice::from_ref(&input);
    check(
        &Rename,
        input,
        json!({ "names": { "a": "b", "b": "a" } }),
        &["b a c", "1 2 3"],
    );
    check(&Drop, input, json!({ "columns": ["b"] }), &["a c", "1 3"]);
    check(
        &Keep,
        input,
        json!({ "columns": ["c", "a"] }),
        &["c a", "3 1"],
    );
    check(
        &Keep,
        input,
        json!({ "columns": ["c"], "others": true }),
        &["c a b", "3 1 2"],
    );
    fails(
        &Rename,
        input,
        json!({ "names": { "a": "b" } }),
        "columns: two are called “b”",
    );
    fails(
        &Drop,
        input,
        json!({ "columns": ["d"] }),
        "column “d” does not exist; the table has a, b, c",
    );
}

#[test]
fn filters_say_what_each_condition_removes() {
    let params = json!({
        "conditions": [{ "column": "member", "predicate": { "missing": false } }],
        "expression": "age < 40",
    });
    check(
        &Filter,
        &[people()],
        params.clone(),
        &[
            "name age score member",
            "Ann 31 1.5 true",
            "Bob 17 NaN false",
            "Eve 17 · false",
        ],
    );
    let figure = run(&Filter, &[people()], params)
        .expect("valid")
        .figures
        .remove(0);
    assert_eq!(figure.title, "3 of 5 rows kept");
    let sluice_protocol::figure::Mark::Table { rows, .. } = figure.mark else {
        panic!("no table")
    };
    assert_eq!(
        rows,
        [
            ["member is not missing", "1", "0"],
            ["age < 40", "2", "1"],
            ["all conditions", "2", ""],
        ]
    );
    check(
        &Filter,
        &[people()],
        json!({ "expression": "age > 100" }),
        &["name age score member"],
    );
}

#[test]
fn sorted_rows_keep_their_values() {
    let keys = json!({ "keys": [{ "column": "age", "descending": true }, { "column": "name" }] });
    check(
        &Sort,
        &[people()],
        keys,
        &[
            "name age score member",
            "· 45 -2.0 true",
            "Ann 31 1.5 true",
            "Bob 17 NaN false",
            "Eve 17 · false",
            "Dee · 0.5 ·",
        ],
    );
}

#[test]
fn samples_have_the_size_asked_for() {
    let input = table(vec![("n", OwnedColumn::Int((0..1000).map(Some).collect()))]);
    let numbers = |params: serde_json::Value| {
        let outcome = run(&Sample, std::slice::from_ref(&input), params).expect("valid");
        outcome.tables[0].i64_values("n").expect("integers").values
    };
    let some = numbers(json!({ "n_rows": 100 }));
    assert!(some.len() == 100 && some.is_sorted(), "in order");
    assert_eq!(
        some,
        numbers(json!({ "n_rows": 100 })),
        "the same seed gives the same rows"
    );
    let mut shuffled = numbers(json!({ "n_rows": 100, "keep_order": false }));
    assert!(!shuffled.is_sorted());
    shuffled.sort_unstable();
    assert_eq!(
        shuffled, some,
        "the order is drawn from a stream of its own"
    );
    assert_eq!(numbers(json!({ "share": 0.25 })).len(), 250);
    assert_eq!(numbers(json!({ "n_rows": 5000 })).len(), 1000);
    assert_eq!(numbers(json!({ "n_rows": 2, "from": "head" })), [0, 1]);
    assert_eq!(numbers(json!({ "n_rows": 2, "from": "tail" })), [998, 999]);
    fails(
        &Sample,
        &[input],
        json!({ "share": 1.5 }),
        "share: 1.5 is not between 0 and 1",
    );
}

#[test]
fn samples_are_uniform() {
    let input = table(vec![("n", OwnedColumn::Int((0..10).map(Some).collect()))]);
    let mut counts = [0; 10];
    for step in 0..2000 {
        let context = crate::RunContext {
            host: &CountingHost::new(),
            seed: 1,
            stream_name: format!("step {step}"),
        };
        let params = crate::view::testing::params(json!({ "n_rows": 3 }));
        let outcome =
            pollster::block_on(Sample.run(std::slice::from_ref(&input), &params, &context))
                .expect("valid");
        let numbers = outcome.tables[0].i64_values("n").expect("integers").values;
        numbers.into_iter().for_each(|n| counts[n as usize] += 1);
    }
    // Each count is binomial with mean 600 and standard deviation 20.5.
    assert!(
        counts.iter().all(|count| (500..=700).contains(count)),
        "{counts:?}"
    );
}

#[test]
fn tables_are_put_below_each_other() {
    let a = table(vec![("x", ints(&[Some(1)])), ("t", texts(&[Some("a")]))]);
    let b = table(vec![
        ("x", floats(&[Some(0.5)])),
        ("u", bools(&[Some(true)])),
    ]);
    let c = table(vec![("x", ints(&[None])), ("u", ints(&[Some(3)]))]);
    let inputs = [a, b, c];
    check(
        &Concatenate,
        &inputs,
        json!({}),
        &["x t u", "1.0 a ·", "0.5 · true", "· · 3"],
    );
    check(
        &Concatenate,
        &inputs,
        json!({ "columns": "common" }),
        &["x", "1.0", "0.5", "·"],
    );
    let issues = run(&Concatenate, &inputs, json!({})).expect("valid").issues;
    assert_eq!(issues.first()[0].reason, "boolean and integer became text");
    let unsigned = table(vec![(
        "x",
        OwnedColumn::UInt(vec![Some(u64::MAX), Some(1)]),
    )]);
    let signed = table(vec![("x", ints(&[Some(-1)]))]);
    let outcome = run(&Concatenate, &[unsigned, signed], json!({})).expect("valid");
    assert_eq!(written(&outcome.tables[0]), ["x", "·", "1", "-1"]);
    assert_eq!(
        outcome.issues.first()[0].reason,
        "1 values do not fit the common type and are missing"
    );
    let days = table(vec![("d", OwnedColumn::Date(vec![Some(1)]))]);
    let moments = table(vec![("d", OwnedColumn::DateTime(vec![Some(1)]))]);
    check(
        &Concatenate,
        &[days, moments],
        json!({}),
        &["d", "1970-01-02T00:00:00Z", "1970-01-01T00:00:00.000001Z"],
    );
    fails(
        &Concatenate,
        &inputs[..1],
        json!({}),
        "concatenate needs 2 to 16 input tables and got 1",
    );
}

#[test]
fn joins_of_every_kind() {
    let left = table(vec![
        ("k", ints(&[Some(2), Some(1), None, Some(2)])),
        ("v", texts(&[Some("a"), Some("b"), Some("c"), Some("d")])),
    ]);
    let right = table(vec![
        ("id", floats(&[Some(2.0), Some(3.0), Some(2.0), None])),
        ("v", ints(&[Some(10), Some(20), Some(30), Some(40)])),
    ]);
    let inputs = [left, right];
    let with = |kind: &str| json!({ "kind": kind, "left_keys": ["k"], "right_keys": ["id"] });
    let inner = ["2 a 10", "2 a 30", "2 d 10", "2 d 30"];
    check(
        &Join,
        &inputs,
        with("inner"),
        &[&["k v v_right"], &inner[..]].concat(),
    );
    check(
        &Join,
        &inputs,
        with("left"),
        &[
            "k v v_right",
            "2 a 10",
            "2 a 30",
            "1 b ·",
            "· c ·",
            "2 d 10",
            "2 d 30",
        ],
    );
    check(
        &Join,
        &inputs,
        with("full"),
        &[
            "k v v_right",
            "2.0 a 10",
            "2.0 a 30",
            "1.0 b ·",
            "· c ·",
            "2.0 d 10",
            "2.0 d 30",
            "3.0 · 20",
            "· · 40",
        ],
    );
    check(&Join, &inputs, with("semi"), &["k v", "2 a", "2 d"]);
    check(&Join, &inputs, with("anti"), &["k v", "1 b", "· c"]);
    fails(
        &Join,
        &inputs,
        json!({}),
        "left_keys: name the columns whose values must be equal",
    );
    fails(
        &Join,
        &inputs,
        json!({ "left_keys": ["k"], "right_keys": ["id", "v"] }),
        "right_keys: 1 left keys, but 2 right ones",
    );
    fails(
        &Join,
        &inputs,
        json!({ "left_keys": ["v"] }),
        "column “v” is integer; text, as in the other table, is needed",
    );
}

#[test]
fn rows_of_every_type_can_be_moved() {
    let right = table(vec![
        ("k", ints(&[Some(1), Some(2)])),
        ("b", bools(&[Some(true), None])),
        ("u", OwnedColumn::UInt(vec![Some(u64::MAX), None])),
        ("t", texts(&[Some("a text longer than twelve bytes"), None])),
        ("d", OwnedColumn::Date(vec![Some(1), None])),
        ("m", OwnedColumn::DateTime(vec![Some(1), None])),
        ("c", OwnedColumn::Time(vec![Some(1_000_000), None])),
        ("s", OwnedColumn::Duration(vec![Some(1_000_000), None])),
        (
            "e",
            OwnedColumn::Decimal {
                values: vec![Some(105), None],
                scale: 1,
            },
        ),
        ("y", OwnedColumn::Binary(vec![Some(vec![1, 255]), None])),
        ("li", OwnedColumn::ListInt(vec![Some(vec![1, 2]), None])),
        (
            "lt",
            OwnedColumn::ListText(vec![Some(vec!["a".to_owned()]), None]),
        ),
    ]);
    let left = table(vec![("k", ints(&[Some(2), Some(3), Some(1)]))]);
    let row = "1 true 18446744073709551615 a text longer than twelve bytes 1970-01-02 1970-01-01T00:00:00.000001Z 00:00:01 00:00:01 10.5 0x01ff [1,2] [\"a\"]";
    let header = right.column_names().join(" ");
    let empty = |key: &str| format!("{key}{}", " ·".repeat(11));
    let expected = [header, empty("2"), empty("3"), row.to_owned()];
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    check(
        &Join,
        &[left, right.clone()],
        json!({ "kind": "left", "left_keys": ["k"] }),
        &expected,
    );
    let nothing = json!({ "columns": [{ "name": "z", "expression": "null" }] });
    let with_nothing = run(&Derive, &[right], nothing)
        .expect("valid")
        .tables
        .remove(0);
    let first = json!({ "keys": ["z"], "aggregates": [{ "function": "first", "column": "li" }, { "function": "last", "column": "t" }, { "function": "count", "column": "z" }] });
    check(
        &GroupBy,
        &[with_nothing],
        first,
        &[
            "z first_li last_t count_z",
            "· [1,2] a text longer than twelve bytes 0",
        ],
    );
}

#[test]
fn a_join_that_explodes_is_refused() {
    let same = table(vec![("k", ints(&[Some(1); 2000]))]);
    let result = run_on(
        &CountingHost::with_budget(1 << 20),
        &Join,
        &[same.clone(), same],
        json!({ "left_keys": ["k"] }),
    );
    let Err(TableError::TooLarge {
        needed_bytes,
        budget_bytes,
        ..
    }) = result
    else {
        panic!("it ran")
    };
    assert!(needed_bytes > budget_bytes);
}

#[test]
fn groups_in_order_of_appearance() {
    let all = |column: &str| {
        let functions = [
            "count",
            "sum",
            "mean",
            "min",
            "max",
            "median",
            "standard_deviation",
            "distinct",
            "first",
            "last",
            "share",
        ];
        functions
            .map(|function| json!({ "function": function, "column": column, "name": function }))
    };
    check(
        &GroupBy,
        &[people()],
        json!({ "keys": ["member"], "aggregates": all("age") }),
        &[
            "member count sum mean min max median standard_deviation distinct first last share",
            "true 2 76 38.0 31 45 38.0 9.899494936611665 2 31 45 0.5",
            "false 2 34 17.0 17 17 17.0 0.0 1 17 17 0.5",
            "· 0 0 · · · · · 0 · · 0.0",
        ],
    );
    check(
        &GroupBy,
        &[people()],
        json!({ "aggregates": all("score") }),
        &[
            "count sum mean min max median standard_deviation distinct first last share",
            "4 NaN NaN NaN NaN NaN NaN 4 1.5 0.5 1.0",
        ],
    );
    let of_text = json!([{ "function": "min", "column": "name" }, { "function": "max", "column": "name" }, {}]);
    check(
        &GroupBy,
        &[people()],
        json!({ "keys": ["age"], "aggregates": of_text }),
        &[
            "age min_name max_name count",
            "31 Ann Ann 1",
            "17 Bob Eve 2",
            "45 · · 1",
            "· Dee Dee 1",
        ],
    );
    fails(
        &GroupBy,
        &[people()],
        json!({ "aggregates": [{ "function": "sum" }] }),
        "aggregate sum: it needs a column",
    );
    fails(
        &GroupBy,
        &[people()],
        json!({ "aggregates": [{ "function": "mean", "column": "name" }] }),
        "column “name” is text; a number is needed",
    );
}

#[test]
fn an_integer_sum_that_overflows_is_missing() {
    let big = table(vec![("n", ints(&[Some(i64::MAX), Some(1)]))]);
    let sum = json!({ "aggregates": [{ "function": "sum", "column": "n" }] });
    let outcome = run(&GroupBy, &[big], sum).expect("valid");
    assert_eq!(written(&outcome.tables[0]), ["sum_n", "·"]);
    assert_eq!(outcome.issues.total(), 1);
}

/// Rows of two small-ranged columns, so that keys repeat.
fn rows() -> impl Strategy<Value = Vec<(Option<i64>, Option<String>)>> {
    prop::collection::vec(
        (prop::option::of(0..4_i64), prop::option::of("[ab]{0,2}")),
        0..60,
    )
}

fn table_of(rows: &[(Option<i64>, Option<String>)]) -> Table {
    table(vec![
        (
            "k",
            OwnedColumn::Int(rows.iter().map(|row| row.0).collect()),
        ),
        (
            "t",
            OwnedColumn::Text(rows.iter().map(|row| row.1.clone()).collect()),
        ),
        (
            "row",
            OwnedColumn::Int((0..rows.len() as i64).map(Some).collect()),
        ),
    ])
}

proptest! {
    #[test]
    fn grouping_agrees_with_a_naive_one(rows in rows(), chunk_rows in 1_usize..60) {
        let mut groups: Vec<(Option<i64>, Option<String>)> = Vec::new();
        let mut members: BTreeMap<(Option<i64>, Option<String>), Vec<usize>> = BTreeMap::new();
        for (row, key) in rows.iter().enumerate() {
            if !groups.contains(key) {
                groups.push(key.clone());
            }
            members.entry(key.clone()).or_default().push(row);
        }
        let mut expected = vec!["k t count sum_row median_row distinct_t".to_owned()];
        expected.extend(groups.iter().map(|key| {
            let of_group = &members[key];
            let middle = (of_group[(of_group.len() - 1) / 2] + of_group[of_group.len() / 2]) as f64 / 2.0;
            let k = key.0.map_or("·".to_owned(), |k| k.to_string());
            let sum: usize = of_group.iter().sum();
            let t = key.1.as_deref().unwrap_or("·");
            format!("{k} {t} {} {sum} {middle:?} {}", of_group.len(), usize::from(key.1.is_some()))
        }));
        let aggregates = json!([
            {}, { "function": "sum", "column": "row" }, { "function": "median", "column": "row" }, { "function": "distinct", "column": "t" },
        ]);
        let params = json!({ "keys": ["k", "t"], "aggregates": aggregates });
        let outcome = run(&GroupBy, &[rechunked(&table_of(&rows), chunk_rows)], params);
        prop_assert_eq!(written(&outcome.expect("valid").tables[0]), expected);
    }

    #[test]
    fn joining_agrees_with_nested_loops(left in rows(), right in rows(), chunk_rows in 1_usize..60) {
        let mut expected = vec!["k t row row_right".to_owned()];
        let shown = |row: &(Option<i64>, Option<String>)| format!(
            "{} {}", row.0.map_or("·".to_owned(), |k| k.to_string()), row.1.as_deref().unwrap_or("·"),
        );
        let mut with_partner = vec![false; right.len()];
        for (i, a) in left.iter().enumerate() {
            let mut n_partners = 0;
            for (j, b) in right.iter().enumerate().filter(|_| a.0.is_some() && a.1.is_some()) {
                if a == b {
                    expected.push(format!("{} {i} {j}", shown(a)));
                    with_partner[j] = true;
                    n_partners += 1;
                }
            }
            if n_partners == 0 {
                expected.push(format!("{} {i} ·", shown(a)));
            }
        }
        for (j, b) in right.iter().enumerate().filter(|(j, _)| !with_partner[*j]) {
            expected.push(format!("{} · {j}", shown(b)));
        }
        let inputs = [rechunked(&table_of(&left), chunk_rows), rechunked(&table_of(&right), chunk_rows)];
        let params = json!({ "kind": "full", "left_keys": ["k", "t"] });
        let outcome = run(&Join, &inputs, params).expect("valid");
        prop_assert_eq!(written(&outcome.tables[0]), expected);
    }

    #[test]
    fn filtering_agrees_with_a_naive_one(rows in rows(), chunk_rows in 1_usize..60) {
        let kept = rows.iter().filter(|(k, t)| k.is_some_and(|k| k >= 2) || t.as_deref() == Some("a"));
        let n_kept = kept.count();
        let params = json!({ "expression": "k >= 2 or t = 'a'" });
        let outcome = run(&Filter, &[rechunked(&table_of(&rows), chunk_rows)], params).expect("valid");
        prop_assert_eq!(outcome.tables[0].n_rows(), n_kept);
        let numbers = outcome.tables[0].i64_values("row").expect("integers").values;
        prop_assert!(numbers.is_sorted());
    }
}

/// Every operation on tables of several slices.
fn long_runs() -> Vec<(&'static dyn Operation, Vec<Table>, serde_json::Value)> {
    let n_rows = 3 * SLICE_ROWS as i64 + 5;
    let input = table(vec![
        (
            "k",
            OwnedColumn::Int(
                (0..n_rows)
                    .map(|row| (row % 9 != 0).then_some(row * 7 % 1000))
                    .collect(),
            ),
        ),
        (
            "t",
            OwnedColumn::Text(
                (0..n_rows)
                    .map(|row| Some(format!("text {}", row % 77)))
                    .collect(),
            ),
        ),
        (
            "x",
            OwnedColumn::Float((0..n_rows).map(|row| Some(row as f64 * 0.1)).collect()),
        ),
    ]);
    let other = table(vec![
        ("k", OwnedColumn::Int((0..n_rows).map(Some).collect())),
        ("y", OwnedColumn::Int((0..n_rows).map(Some).collect())),
    ]);
    let aggregates = [
        "count",
        "sum",
        "mean",
        "min",
        "max",
        "median",
        "standard_deviation",
        "distinct",
        "first",
        "last",
        "share",
    ]
    .map(|function| json!({ "function": function, "column": "x" }));
    vec![
        (
            &Derive,
            vec![input.clone()],
            json!({ "columns": [{ "name": "d", "expression": "upper(t)" }] }),
        ),
        (
            &Cast,
            vec![input.clone()],
            json!({ "columns": [{ "column": "t", "to": "integer" }] }),
        ),
        (
            &Filter,
            vec![input.clone()],
            json!({ "expression": "k > 500 and contains(t, '7')" }),
        ),
        (
            &Sort,
            vec![input.clone()],
            json!({ "keys": [{ "column": "t" }, { "column": "k", "descending": true }] }),
        ),
        (
            &Sample,
            vec![input.clone()],
            json!({ "n_rows": 40_000, "keep_order": false }),
        ),
        (&Concatenate, vec![input.clone(), other.clone()], json!({})),
        (
            &Join,
            vec![input.clone(), other],
            json!({ "kind": "full", "left_keys": ["k"] }),
        ),
        (
            &GroupBy,
            vec![input],
            json!({ "keys": ["t", "k"], "aggregates": aggregates }),
        ),
    ]
}

#[test]
fn long_runs_can_be_cancelled_at_every_checkpoint() {
    for (operation, inputs, params) in long_runs() {
        let name = operation.spec().name;
        let host = CountingHost::new();
        run_on(&host, operation, &inputs, params.clone()).expect("it runs");
        let n_checkpoints = host.n_checkpoints.get();
        assert!(n_checkpoints >= 4, "{name} has {n_checkpoints} checkpoints");
        for nth in (0..n_checkpoints.min(8)).chain([n_checkpoints - 1]) {
            let host = CountingHost::cancelling_at(nth);
            let result = run_on(&host, operation, &inputs, params.clone());
            assert_eq!(
                result.err(),
                Some(TableError::Cancelled),
                "{name} at checkpoint {nth}"
            );
        }
    }
}

#[test]
fn chunks_change_nothing() {
    for (operation, inputs, params) in long_runs() {
        let output = |chunk_rows: usize| {
            let inputs: Vec<Table> = inputs
                .iter()
                .map(|table| rechunked(table, chunk_rows))
                .collect();
            let outcome = run(operation, &inputs, params.clone()).expect("it runs");
            (written(&outcome.tables[0]), outcome.issues.total())
        };
        let whole = output(usize::MAX >> 1);
        assert!(whole == output(1009), "{}", operation.spec().name);
    }
}
