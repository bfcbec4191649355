use crate::read::testing::{load, show, workbook};
use sluice_analysis::Value;

fn text(at: &str, text: &str) -> String {
    format!(r#"<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>"#)
}

fn check(rows: &str, options: &[(&str, Value)], expected: &str) {
    assert_eq!(
        show(&load("book.xlsx", &workbook(rows), options)),
        expected,
        "{rows}"
    );
}

#[test]
fn a_sheet_becomes_a_table_with_types() {
    let rows = format!(
        r#"<row r="1">{}{}{}</row><row r="2"><c r="A2"><v>1</v></c><c r="B2"><v>1.5</v></c><c r="C2" s="1"><v>45943</v></c></row><row r="3"><c r="A3"><v>2</v></c><c r="C3" s="1"><v>45944</v></c></row>"#,
        text("A1", "id"),
        text("B1", "x"),
        text("C1", "day"),
    );
    check(
        &rows,
        &[],
        "id:integer | x:float | day:date\n1 | 1.5 | d20374\n2 | ∅ | d20375\n",
    );
    check(
        &rows,
        &[("columns", Value::List(vec!["x".into()]))],
        "x:float\n1.5\n∅\n",
    );
}

#[test]
fn headers_empty_names_and_errors_are_reported() {
    let rows = format!(
        r#"<row r="1">{}{}</row><row r="2"><c r="A2"><v>1</v></c><c r="B2" t="e"><v>#DIV/0!</v></c></row><row r="3"><c r="B3"><v>3</v></c></row>"#,
        text("A1", "a"),
        text("B1", "a"),
    );
    check(
        &rows,
        &[],
        "a:integer | a_2:integer\n1 | ∅\n∅ | 3\n! - a_2: the header of column 2 is “a”; it is called “a_2”\n! 2 a_2: “#DIV/0!” is no integer and became a missing value\n",
    );
}

#[test]
fn without_a_header_columns_are_numbered() {
    let rows = r#"<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="b"><v>1</v></c></row>"#;
    check(rows, &[], "column_1:integer | column_2:boolean\n1 | true\n");
}

#[test]
fn a_missing_sheet_and_an_empty_one_are_errors() {
    check(
        "",
        &[("sheet", "Other".into())],
        "error: load option “sheet”: “Other” does not exist; there are Data\n",
    );
    check(
        "",
        &[],
        "error: book.xlsx is not readable as xlsx: the sheet is empty\n",
    );
}

#[test]
fn a_lonely_far_cell_does_not_allocate_the_rectangle() {
    let rows = r#"<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>"#;
    let shown = show(&load("book.xlsx", &workbook(rows), &[]));
    assert_eq!(shown, "column_1:integer\n1\n");
}
