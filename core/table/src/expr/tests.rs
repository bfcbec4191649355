//! The language, case by case.

use sluice_protocol::load::ColumnType;

use crate::column::OwnedColumn;
use crate::expr;
use crate::steps::Derive;
use crate::table::Table;
use crate::view::testing::{bools, floats, ints, rechunked, run, table, texts, written};

fn sample() -> Table {
    table(vec![
        ("n", ints(&[Some(7), Some(-2), None])),
        ("x", floats(&[Some(2.5), Some(f64::NAN), Some(0.0)])),
        ("t", texts(&[Some("Größe a-b"), None, Some("")])),
        ("b", bools(&[Some(true), Some(false), None])),
        ("day", OwnedColumn::Date(vec![Some(20_000), Some(-1), None])),
        (
            "at",
            OwnedColumn::DateTime(vec![Some(1_000_000), Some(-1), None]),
        ),
        (
            "took",
            OwnedColumn::Duration(vec![Some(90_000_000), None, Some(-1)]),
        ),
        (
            "big",
            OwnedColumn::UInt(vec![Some(u64::MAX), Some(1), None]),
        ),
        ("l", OwnedColumn::ListInt(vec![Some(vec![1]), None, None])),
        ("my col", ints(&[Some(i64::MAX), Some(i64::MIN), Some(0)])),
    ])
}

/// The last words of an expression's values, `·` for a missing one.
fn check(expr: &str, expected: &[&str]) {
    for chunk_rows in [3, 1, 2] {
        let json = serde_json::json!({ "columns": [{ "name": "result", "expression": expr }] });
        let derived = run(&Derive, &[rechunked(&sample(), chunk_rows)], json).expect(expr);
        let lines = written(&derived.tables[0]);
        let results: Vec<&str> = lines[1..]
            .iter()
            .map(|line| line.rsplit(' ').next().unwrap_or_default())
            .collect();
        assert_eq!(results, expected, "{expr}");
    }
}

#[test]
fn arithmetic() {
    check("n + 1", &["8", "-1", "·"]);
    check("n * 2.5", &["17.5", "-5.0", "·"]);
    check("n / 2", &["3.5", "-1.0", "·"]);
    check("n / 0", &["·", "·", "·"]);
    check("x / 0", &["·", "·", "·"]);
    check("n % 4", &["3", "-2", "·"]);
    check("n % 0", &["·", "·", "·"]);
    check("n ^ 2", &["49.0", "4.0", "·"]);
    check("-n ^ 2", &["-49.0", "-4.0", "·"]);
    check("x ^ -1", &["0.4", "NaN", "·"]);
    check("`my col` + 1", &["·", "-9223372036854775807", "1"]);
    check("-`my col`", &["-9223372036854775807", "·", "0"]);
    check("`my col` % -1", &["0", "0", "0"]);
    check("big", &["·", "1", "·"]);
    check("1e308 * 10", &["inf", "inf", "inf"]);
}

#[test]
fn comparison_and_logic() {
    check("n > 0", &["true", "false", "·"]);
    check("x = x", &["true", "false", "true"]);
    check("x != x", &["false", "true", "false"]);
    check("n < x", &["false", "false", "·"]);
    check("b and null", &["·", "false", "·"]);
    check("b or null", &["true", "·", "·"]);
    check("not b", &["false", "true", "·"]);
    check("t is null or b", &["true", "true", "·"]);
    check("n in (7, 8)", &["true", "false", "·"]);
    check("n not in (7, 8)", &["false", "true", "·"]);
    check("x in (2.5, 0)", &["true", "false", "true"]);
    check("t in ('', 'x')", &["false", "·", "true"]);
    check("day >= '2024-01-01'", &["true", "false", "·"]);
    check("at < day", &["true", "false", "·"]);
    check("day in (date'2024-10-04')", &["true", "false", "·"]);
    check(
        "at in (date'1970-01-01', '1970-01-01T00:00:01Z')",
        &["true", "false", "·"],
    );
    check("l is not null", &["true", "false", "false"]);
    check("is_null(n)", &["false", "false", "true"]);
}

#[test]
fn choices() {
    check("if(n > 0, 'yes', 'no')", &["yes", "no", "no"]);
    check(
        "case when n > 0 then n when x is not null then 1.5 end",
        &["7.0", "1.5", "1.5"],
    );
    check("case when n > 100 then 1 end", &["·", "·", "·"]);
    check("coalesce(n, x)", &["7.0", "-2.0", "0.0"]);
    check("coalesce(t, 'none')", &["a-b", "none", ""]);
    check("min(n, x, 3)", &["2.5", "NaN", "·"]);
    check("max(n, 3)", &["7", "3", "·"]);
    check("max(t, 'H')", &["H", "·", "H"]);
    check("clip(n, 0, 5)", &["5", "0", "·"]);
}

#[test]
fn numbers() {
    check("abs(n)", &["7", "2", "·"]);
    check("abs(`my col`)", &["9223372036854775807", "·", "0"]);
    check("round(x)", &["3.0", "NaN", "0.0"]);
    check("round(-2.5)", &["-3.0", "-3.0", "-3.0"]);
    check("round(1.25, 1)", &["1.3", "1.3", "1.3"]);
    check("round(n * 10, -2)", &["100", "0", "·"]);
    check("floor(x) + ceil(x)", &["5.0", "NaN", "0.0"]);
    check("sqrt(n)", &["2.6457513110645907", "·", "·"]);
    check("ln(x)", &["0.9162907318741551", "NaN", "·"]);
    check("log10(1000)", &["3.0", "3.0", "3.0"]);
    check("exp(0)", &["1.0", "1.0", "1.0"]);
    check("row_number()", &["0", "1", "2"]);
}

#[test]
fn text() {
    check("length(t)", &["9", "·", "0"]);
    check("upper(substring(t, 1, 5))", &["GRÖSSE", "·", ""]);
    check("lower('ÀΣ')", &["àς", "àς", "àς"]);
    check("substring(t, 8)", &["-b", "·", ""]);
    check("substring('abc', 0, 2)", &["a", "a", "a"]);
    check("trim('  x ')", &["x", "x", "x"]);
    check("contains(t, 'ö')", &["true", "·", "false"]);
    check("starts_with(t, 'Gr')", &["true", "·", "false"]);
    check("ends_with(t, 'b')", &["true", "·", "false"]);
    check("replace('a-a', 'a', 'bb')", &["bb-bb", "bb-bb", "bb-bb"]);
    check("regex_match(t, '^G.*b$')", &["true", "·", "false"]);
    check("regex_extract(t, '(.)-(.)', 2)", &["b", "·", "·"]);
    check("split_part('a,b', ',', 2)", &["b", "b", "b"]);
    check("split_part('a,b', ',', 3)", &["·", "·", "·"]);
    check("concat(n, '/', b)", &["7/true", "-2/false", "·"]);
}

#[test]
fn dates_and_times() {
    check("year(day)", &["2024", "1969", "·"]);
    check("month(at) * 100 + day(at)", &["101", "1231", "·"]);
    check("weekday(day)", &["5", "3", "·"]);
    check("hour(at) + minute(at) + second(at)", &["1", "141", "·"]);
    check("epoch_s(at)", &["1.0", "-1e-6", "·"]);
    check("epoch_s(took)", &["90.0", "·", "-1e-6"]);
    check("to_date(at)", &["1970-01-01", "1969-12-31", "·"]);
    check("at + took", &["1970-01-01T00:01:31Z", "·", "·"]);
    check("epoch_s(day - at) > 0", &["true", "false", "·"]);
    check(
        "to_datetime(n)",
        &["1970-01-01T00:00:07Z", "1969-12-31T23:59:58Z", "·"],
    );
}

#[test]
fn conversions() {
    check("to_text(n)", &["7", "-2", "·"]);
    check("to_number('1.5')", &["1.5", "1.5", "1.5"]);
    check("to_number(t)", &["·", "·", "·"]);
    check("to_integer(x)", &["2", "·", "0"]);
    check("to_date('2026-02-30')", &["·", "·", "·"]);
    check("null", &["·", "·", "·"]);
}

#[test]
fn mistakes_are_explained_where_they_are() {
    let schema = sample().columns();
    let fails = |expr: &str, expected: &str| {
        let error = expr::check(expr, &schema).expect_err(expr);
        assert_eq!(
            error.to_string(),
            format!("expression, character {expected}")
        );
    };
    fails("nn + 1", "1: there is no column “nn”, did you mean “n”?");
    fails(
        "1 + lenght(t)",
        "5: there is no function “lenght”, did you mean “length”?",
    );
    fails(
        "length(n)",
        "8: text is needed in length, not an integer; to_text(…) converts it",
    );
    fails("t + 1", "3: texts are joined with concat(…), not “+”");
    fails(
        "t * 2",
        "1: a number is needed in arithmetic, not text; to_number(…) converts it",
    );
    fails(
        "n = 'x'",
        "5: text and an integer cannot be mixed in a comparison",
    );
    fails(
        "n = null",
        "3: nothing compares with null; write “is null” or “is not null”",
    );
    fails(
        "n in (1, null)",
        "10: null is in no list; add “or … is null”",
    );
    fails("day > 'soon'", "7: 'soon' is not a date such as 2026-01-31");
    fails(
        "substring(t)",
        "1: substring(text, start, length) got 1 arguments",
    );
    fails(
        "regex_match(t, '(')",
        "16: this pattern is not valid: unclosed group",
    );
    fails(
        "regex_match(t, t)",
        "16: the pattern is a plain text in quotes",
    );
    fails("l", "1: a list cannot be used in an expression");
    fails(
        "if(n, 1, 2)",
        "4: a boolean is needed as a condition, not an integer; compare it, as in x != 0",
    );
    fails(
        "if(b, 1, 'a')",
        "10: text and an integer cannot be mixed as results of one condition",
    );
    fails(
        "b < true",
        "3: booleans have no order; only “=” and “!=” compare them",
    );
}

#[test]
fn types_are_known_before_evaluation() {
    let schema = sample().columns();
    let has_type = |expr: &str, expected: ColumnType| {
        assert_eq!(expr::check(expr, &schema), Ok(expected), "{expr}");
    };
    has_type("n + 1", ColumnType::Integer);
    has_type("n / 1", ColumnType::Float);
    has_type("day - day", ColumnType::Duration);
    has_type("day + took", ColumnType::DateTime);
    has_type("t", ColumnType::Text);
    has_type("n > 1", ColumnType::Boolean);
}

#[test]
fn long_columns_are_cut_into_slices() {
    let n_rows = 40_000;
    let table = table(vec![(
        "n",
        OwnedColumn::Int((0..n_rows).map(Some).collect()),
    )]);
    let json =
        serde_json::json!({ "columns": [{ "name": "r", "expression": "row_number() - n" }] });
    let derived = run(&Derive, &[table], json).expect("valid");
    let zeros = derived.tables[0].i64_values("r").expect("integers");
    assert!(zeros.values.len() == n_rows as usize && zeros.values.iter().all(|value| *value == 0));
}
