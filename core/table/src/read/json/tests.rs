//! JSON files to tables.

use sluice_analysis::{Params, Value};

use super::load_in_blocks;
use crate::host::{MemorySource, PlainHost};
use crate::read::options::LoadOptions;
use crate::read::sniff;
use crate::read::testing::{guess_value, load, params, show};

fn check(name: &str, text: &str, options: &[(&str, Value)], expected: &str) {
    assert_eq!(
        show(&load(name, text.as_bytes(), options)),
        expected,
        "{text:?}"
    );
}

#[test]
fn objects_become_rows_and_nested_ones_dotted_columns() {
    check(
        "t.jsonl",
        "{\"id\": 1, \"meta\": {\"lang\": \"en\", \"n\": 1.5}}\n{\"id\": 2, \"meta\": {\"lang\": null}, \"ok\": true}\n",
        &[],
        "id:integer | meta.lang:text | meta.n:float | ok:boolean\n1 | en | 1.5 | ∅\n2 | ∅ | ∅ | true\n",
    );
    check(
        "t.json",
        "[{\"b\": 1}, {\"a\": 2}]",
        &[],
        "b:integer | a:integer\n1 | ∅\n∅ | 2\n",
    );
    check("t.json", "{\"a\": 1}", &[], "a:integer\n1\n");
    check(
        "t.json",
        "[1, 2.5, null]",
        &[],
        "value:float\n1.0\n2.5\n∅\n",
    );
    check("t.json", "[]", &[], "\n");
}

#[test]
fn lists_of_one_type_stay_lists() {
    check(
        "t.jsonl",
        "{\"a\": [1, 2], \"b\": []}\n{\"a\": [], \"b\": [\"x\", null]}\n{\"a\": null}\n{\"a\": [0.5]}\n",
        &[],
        "a:list | b:list\n[1.0,2.0] | []\n[] | [x,∅]\n∅ | ∅\n[0.5] | ∅\n",
    );
    check(
        "t.jsonl",
        "{\"a\": [[1], [2]]}\n{\"a\": [{\"k\": 1}]}\n",
        &[],
        "a:text\n[[1],[2]]\n[{\"k\":1}]\n",
    );
}

#[test]
fn mixed_types_become_text_and_are_named() {
    check(
        "t.jsonl",
        "{\"a\": 1}\n{\"a\": \"x\"}\n{\"a\": true}\n",
        &[],
        "a:text\n1\nx\ntrue\n! 2 a: a text after values of type integer: the column is read as text\n",
    );
    check(
        "t.jsonl",
        "{\"a\": [1, 2]}\n{\"a\": [\"x\"]}\n{\"a\": 5}\n",
        &[],
        "a:text\n[1,2]\n[\"x\"]\n5\n! 2 a: a list after lists of one type: the column is read as text\n",
    );
}

#[test]
fn bad_lines_are_counted_and_the_rest_is_kept() {
    check(
        "t.jsonl",
        "{\"a\": 1}\n{\"a\": }\n\n{\"a\": NaN}\n{\"a\": 2}\n",
        &[],
        "a:integer\n1\n∅\n2\n! - -: 1 numbers are NaN or infinite, which JSON does not have; they are null\n\
         ! 2 -: no JSON: expected value (character 7); it starts “{\"a\": }”\n",
    );
    check(
        "t.json",
        "[{\"a\": 1}, {\"a\": tru}, {\"a\": 3}",
        &[],
        "a:integer\n1\n3\n! 2 -: no JSON: expected ident (character 10); it starts “{\"a\": tru}”\n",
    );
    let deep = format!("{}{}", "[".repeat(1000), "]".repeat(1000));
    assert!(show(&load("t.json", deep.as_bytes(), &[])).contains("recursion limit"));
}

#[test]
fn texts_that_are_all_dates_become_dates() {
    check(
        "t.jsonl",
        "{\"at\": \"2020-01-01T00:00:00Z\", \"d\": \"2020-01-01\"}\n{\"at\": null, \"d\": \"2020-01-02\"}\n",
        &[],
        "at:date-time | d:date\nt1577836800000000 | d18262\n∅ | d18263\n",
    );
    check(
        "t.jsonl",
        "{\"d\": \"2020-01-01\"}\n{\"d\": \"2020-01-02\"}\n",
        &[("types", Value::Map(params(&[("d", "text".into())])))],
        "d:text\n2020-01-01\n2020-01-02\n",
    );
}

#[test]
fn rows_within_one_object_are_found() {
    let text = "{\"info\": 1, \"data\": [{\"a\": 1}, {\"a\": 2}]}";
    let loaded = load("t.json", text.as_bytes(), &[]);
    assert_eq!(
        show(&loaded),
        "a:integer\n1\n2\n! - -: beside “data”, the object's fields were left out: info\n"
    );
    assert_eq!(
        guess_value(&loaded.unwrap(), "records"),
        Value::from("data")
    );
    check(
        "t.json",
        text,
        &[("records", "".into())],
        "info:integer | data:text\n1 | [{\"a\":1},{\"a\":2}]\n",
    );
}

#[test]
fn columns_can_be_chosen() {
    let text = "{\"a\": 1, \"b\": {\"c\": 2}}\n";
    check(
        "t.jsonl",
        text,
        &[("columns", Value::List(vec!["b.c".into(), "a".into()]))],
        "b.c:integer | a:integer\n2 | 1\n",
    );
    check(
        "t.jsonl",
        text,
        &[("columns", Value::List(vec!["x".into()]))],
        "error: column “x” does not exist; the table has a, b.c\n",
    );
}

#[test]
fn slices_do_not_show_in_the_result() {
    let check = |name: &str, text: &str| {
        let options = LoadOptions::from_params(&Params::new()).unwrap();
        let source = MemorySource::new(name, text.as_bytes());
        let head = pollster::block_on(sniff::head(&source, &options)).unwrap();
        let load = |read_bytes| {
            show(&pollster::block_on(load_in_blocks(
                &source, &head, &options, &PlainHost, read_bytes,
            )))
        };
        let expected = load(4 << 20);
        for read_bytes in [1, 2, 3, 7, 64, 1000] {
            assert_eq!(
                load(read_bytes),
                expected,
                "blocks of {read_bytes}: {text:?}"
            );
        }
    };
    check(
        "t.jsonl",
        "{\"a\": 1}\r\n{\"a\": \"é\u{1F600}\"}\n\nbroken\n{\"a\": [1]}",
    );
    check(
        "t.json",
        "[{\"a\": 1}, {\"a\": \"]\\\"\"}, nope, {\"a\": [1, [2]]}] rest",
    );
    check("t.json", "{\"a\": 1} {\"a\": 2}\n{\"a\": 3}");
    check("t.json", "{\"rows\": [{\"a\": 1}, {\"a\": 2}]}");
}

#[test]
fn real_traces_have_their_types() {
    let path = "../../../shared/data/mooncake_conversation.jsonl";
    let Ok(bytes) = std::fs::read(path) else {
        println!("skipped: {path} is absent");
        return;
    };
    let loaded = load("mooncake.jsonl", &bytes, &[]).unwrap();
    let kinds: Vec<String> = loaded
        .table
        .columns()
        .iter()
        .map(|column| format!("{}:{}", column.name, column.column_type.label()))
        .collect();
    assert_eq!(
        kinds,
        [
            "timestamp:integer",
            "input_length:integer",
            "output_length:integer",
            "hash_ids:list"
        ]
    );
    assert_eq!(
        (loaded.table.n_rows() > 10_000, loaded.issues.total()),
        (true, 0)
    );
}
