use std::rc::Rc;

use sluice_analysis::Params;

use crate::host::{ByteSource, MemorySource, PlainHost};
use crate::read;
use crate::read::testing::show;

fn check(files: &[(&str, &str)], expected: &str) {
    let sources: Vec<Rc<dyn ByteSource>> = files
        .iter()
        .map(|(name, text)| {
            Rc::new(MemorySource::new(*name, text.as_bytes())) as Rc<dyn ByteSource>
        })
        .collect();
    let loaded = pollster::block_on(read::load(&sources, &Params::new(), &PlainHost));
    assert_eq!(show(&loaded), expected, "{files:?}");
}

#[test]
fn files_of_the_same_columns_are_stacked() {
    check(
        &[("1.csv", "a,b\n1,x\n"), ("2.csv", "a,b\n2,y\n")],
        "a:integer | b:text\n1 | x\n2 | y\n",
    );
    check(
        &[("1.csv", "a,b\n1,x\n"), ("2.csv", "b,a\ny,2\n")],
        "a:integer | b:text\n1 | x\n2 | y\n",
    );
    check(
        &[
            ("1.csv", "a,b\n1,x\n"),
            ("2.jsonl", "{\"b\": \"y\", \"a\": 2}\n"),
        ],
        "a:integer | b:text\n1 | x\n2 | y\n",
    );
}

#[test]
fn types_widen_across_files() {
    check(
        &[("1.csv", "a,b\n1,x\n"), ("2.csv", "a,b\n2.5,y\n")],
        "a:float | b:text\n1.0 | x\n2.5 | y\n",
    );
    check(
        &[("1.csv", "a,b\n1,\n"), ("2.csv", "a,b\n2,3\n")],
        "a:integer | b:integer\n1 | ∅\n2 | 3\n",
    );
    check(
        &[("1.csv", "a,b\n1,1\n"), ("2.csv", "a,b\n2,y\n")],
        "a:integer | b:text\n1 | 1\n2 | y\n! - b: the files have it as i64 and str, so it is text\n",
    );
}

#[test]
fn differing_columns_are_named() {
    check(
        &[("1.csv", "a,b\n1,x\n"), ("2.csv", "a,c\n2,y\n")],
        "error: 2.csv is not readable as a further part of the table: its columns differ from those of 1.csv: it lacks “b” and it has “c” besides\n",
    );
}

#[test]
fn issues_name_their_file() {
    let sources: Vec<Rc<dyn ByteSource>> = vec![
        Rc::new(MemorySource::new("1.csv", &b"a,b\n1,2\n"[..])),
        Rc::new(MemorySource::new("2.csv", &b"a,b\n1\n"[..])),
    ];
    let loaded = pollster::block_on(read::load(&sources, &Params::new(), &PlainHost)).unwrap();
    let files: Vec<&str> = loaded
        .issues
        .first()
        .iter()
        .map(|issue| issue.file.as_str())
        .collect();
    assert_eq!(files, ["2.csv"]);
}
