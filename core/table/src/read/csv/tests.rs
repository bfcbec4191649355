//! Whole files: what the table is, what the issues say, and that neither depends on the slices.

use std::rc::Rc;

use sluice_analysis::{Params, Value};

use super::load_in_blocks;
use crate::error::TableError;
use crate::host::{ByteSource, LocalBoxFuture, MemorySource, PlainHost};
use crate::read::options::LoadOptions;
use crate::read::sniff;
use crate::read::testing::{
    PoolHost, guess_value, load, load_with, params, show, show_issues, show_table,
};

fn check(text: &str, options: &[(&str, Value)], expected: &str) {
    assert_eq!(
        show(&load("t.csv", text.as_bytes(), options)),
        expected,
        "{text:?}"
    );
}

#[test]
fn types_are_inferred() {
    check(
        "i,f,b,d,t,s\n1,1.5,true,2020-01-01,2020-01-01T00:00:01Z,x\n2,3,false,2020-01-02,2020-01-02 00:00,y\n",
        &[],
        "i:integer | f:float | b:boolean | d:date | t:date-time | s:text\n\
         1 | 1.5 | true | d18262 | t1577836801000000 | x\n\
         2 | 3.0 | false | d18263 | t1577923200000000 | y\n",
    );
}

#[test]
fn identifiers_stay_text() {
    check(
        "zip,n\n00501,1\n10001,2\n",
        &[],
        "zip:text | n:integer\n00501 | 1\n10001 | 2\n",
    );
    check(
        "id,n\n12345678901234567890,1\n",
        &[],
        "id:text | n:integer\n12345678901234567890 | 1\n",
    );
}

#[test]
fn empty_fields_are_missing_and_quoted_nothing_is_text() {
    check(
        "a,b\n1,\n,x\n,\"\"\n",
        &[],
        "a:integer | b:text\n1 | ∅\n∅ | x\n∅ | \n",
    );
}

#[test]
fn words_for_missing_values_count_in_typed_columns_only() {
    let loaded = load("t.csv", b"a,b\n1,NA\nNA,x\n?,y\n", &[]);
    assert_eq!(show(&loaded), "a:integer | b:text\n1 | NA\n∅ | x\n∅ | y\n");
    assert_eq!(
        guess_value(&loaded.unwrap(), "null_values"),
        Value::List(vec!["NA".into(), "?".into()])
    );
    check(
        "a,b\n1,NA\n-9,x\n",
        &[("null_values", Value::List(vec!["-9".into(), "x".into()]))],
        "a:integer | b:text\n1 | NA\n∅ | ∅\n",
    );
}

#[test]
fn ragged_rows_are_kept_and_named() {
    check(
        "a,b\n1,2\n3\n4,5,6\n7,8\n",
        &[],
        "a:integer | b:integer\n1 | 2\n3 | ∅\n4 | 5\n7 | 8\n\
         ! 3 -: 1 fields where 2 are expected; the rest of the row is missing values\n\
         ! 4 -: 3 fields where 2 are expected; “6” and what follows was left out\n",
    );
}

#[test]
fn names_are_made_usable() {
    check(
        "a,a,\n1,2,3\n",
        &[],
        "a:integer | a_2:integer | column_3:integer\n1 | 2 | 3\n\
         ! - a_2: a column before has the name “a” too, so this one is called “a_2”\n\
         ! - column_3: column 3 has no name and is called “column_3”\n",
    );
}

#[test]
fn an_unclosed_quote_costs_one_line() {
    check(
        "a,b\n1,\"x\n2,y\n",
        &[],
        "a:integer | b:text\n1 | \"x\n2 | y\n\
         ! 2 -: a quoted field is never closed, so its quote was read as an ordinary character\n",
    );
}

#[test]
fn the_dialect_is_guessed() {
    let check = |name: &str, text: &str, expected: &str| {
        assert_eq!(
            show(&load(name, text.as_bytes(), &[])),
            expected,
            "{text:?}"
        );
    };
    check(
        "t.csv",
        "a;b\n1,5;2\n3,25;4\n",
        "a:float | b:integer\n1.5 | 2\n3.25 | 4\n",
    );
    check(
        "t.csv",
        "1;2,5\n3;4,5\n",
        "column_1:integer | column_2:float\n1 | 2.5\n3 | 4.5\n",
    );
    check(
        "t.tsv",
        "a\tb\n1\tx, y\n2\tz\n",
        "a:integer | b:text\n1 | x, y\n2 | z\n",
    );
    check(
        "t.txt",
        "a|b\n1|x\n2|y\n",
        "a:integer | b:text\n1 | x\n2 | y\n",
    );
    check(
        "t.csv",
        "# made by hand\na,b\n1,2\n",
        "a:integer | b:integer\n1 | 2\n",
    );
    check("t.csv", "#id,b\n1,2\n", "#id:integer | b:integer\n1 | 2\n");
    check(
        "t.csv",
        "39, State-gov, 77\n50, Private, 83\n",
        "column_1:integer | column_2:text | column_3:integer\n39 | State-gov | 77\n50 | Private | 83\n",
    );
    check(
        "t.csv",
        "'a','b'\n'1','x,y'\n'2','z'\n",
        "a:integer | b:text\n1 | x,y\n2 | z\n",
    );
    check("t.csv", "only\nwords\nhere\n", "only:text\nwords\nhere\n");
    check(
        "t.csv",
        "\u{FEFF}a,b\n1,2\n",
        "a:integer | b:integer\n1 | 2\n",
    );
}

#[test]
fn every_guess_can_be_overridden() {
    check(
        "a;b\n1;2\n",
        &[("delimiter", ",".into())],
        "a;b:text\n1;2\n",
    );
    check(
        "1,2\n3,4\n",
        &[("header", true.into())],
        "1:integer | 2:integer\n3 | 4\n",
    );
    check(
        "x,\"y\n",
        &[("quote", "".into()), ("header", false.into())],
        "column_1:text | column_2:text\nx | \"y\n",
    );
    check(
        "junk\na,b\n1,2\n",
        &[("skip_rows", Value::Int(1))],
        "a:integer | b:integer\n1 | 2\n",
    );
    check(
        "a,b\n1,2\n",
        &[("columns", Value::List(vec!["b".into()]))],
        "b:integer\n2\n",
    );
    check(
        "a,b\n1,2\n",
        &[("types", Value::Map(params(&[("a", "text".into())])))],
        "a:text | b:integer\n1 | 2\n",
    );
    check(
        "a,b\n1,2\n",
        &[("columns", Value::List(vec!["c".into()]))],
        "error: column “c” does not exist; the table has a, b\n",
    );
}

/// `n` rows of `text`, after a header.
fn rows(header: &str, n: usize, row: impl Fn(usize) -> String) -> String {
    let mut text = format!("{header}\n");
    (0..n).for_each(|number| text.push_str(&row(number)));
    text
}

#[test]
fn later_values_widen_a_column_without_loss() {
    let n = 60_000;
    let kinds = |text: &str, options: &[(&str, Value)]| {
        let loaded = load("t.csv", text.as_bytes(), options).unwrap();
        let kinds: Vec<&str> = loaded
            .table
            .columns()
            .iter()
            .map(|column| column.column_type.label())
            .collect();
        (kinds.join(" "), show_issues(&loaded))
    };
    // The sample holds integers only; one float, and it is no further down than a probe would miss.
    let text = rows("a,b", n, |row| {
        format!(
            "{row},{}\n",
            if row == 59_990 {
                "0.5".to_owned()
            } else {
                row.to_string()
            }
        )
    });
    assert_eq!(
        kinds(&text, &[]),
        ("integer float".to_owned(), String::new())
    );
    let text = rows("a,b", n, |row| {
        format!(
            "{row},{}\n",
            if row == 59_990 {
                "00501".to_owned()
            } else {
                row.to_string()
            }
        )
    });
    assert_eq!(
        kinds(&text, &[]),
        ("integer text".to_owned(), String::new())
    );
    // A word or two are listed and missing; many make the column text, with every value as it stands.
    let text = rows("a,b", n, |row| {
        format!(
            "{row},{}\n",
            if row == 59_990 {
                "oops".to_owned()
            } else {
                row.to_string()
            }
        )
    });
    let issue = "! 59992 b: “oops” is no integer and became a missing value\n".to_owned();
    assert_eq!(kinds(&text, &[]), ("integer integer".to_owned(), issue));
    let text = rows("a,b", n, |row| {
        format!(
            "{row},{}\n",
            if row > 59_000 {
                "oops".to_owned()
            } else {
                row.to_string()
            }
        )
    });
    assert_eq!(
        kinds(&text, &[]),
        ("integer text".to_owned(), String::new())
    );
    // Nothing but missing values where the sample looked, and dates later.
    let text = rows("a,b", n, |row| {
        format!("{row},{}\n", if row > 59_995 { "2020-01-01" } else { "" })
    });
    assert_eq!(
        kinds(&text, &[]),
        ("integer date".to_owned(), String::new())
    );
    // An integer that no float holds stands before the first float.
    let text = rows("a,b", n, |row| {
        format!(
            "{row},{}\n",
            match row {
                5 => "9007199254740993".to_owned(),
                59_990 => "0.5".to_owned(),
                row => row.to_string(),
            }
        )
    });
    assert_eq!(
        kinds(&text, &[]),
        ("integer text".to_owned(), String::new())
    );
}

#[test]
fn neither_slices_nor_workers_show_in_the_result() {
    let texts = [
        "a,b\n1,2\n3\n4,5,6\n\n7,8".to_owned(),
        "a,b\r\n1,\"x\r\ny\"\r\n2,\"p\"\"q\"\r\n3,\"open\r\n4,z\r\n".to_owned(),
        "a;b\r1;2,5\r3;x\r".to_owned(),
        "# c\na,b\n# d\n1,ä\n2,\u{1F600}\n".to_owned(),
        "skip me\nand me\na,b\n1,2020-01-01\n2,2020-01-01 10:00\n".to_owned(),
        rows("a,b,c", 3000, |row| {
            format!(
                "{row},{},\"t\n{row}\"\n",
                if row == 2999 {
                    "x".to_owned()
                } else {
                    row.to_string()
                }
            )
        }),
        rows("a,b", 300, |row| {
            format!(
                "{},{}\n",
                if row == 250 { "1.5" } else { "2" },
                if row == 299 { "" } else { "NA" }
            )
        }),
    ];
    let check = |bytes: &[u8], options: &Params| {
        let options = LoadOptions::from_params(options).unwrap();
        let source = MemorySource::new("t.csv", bytes);
        let head = pollster::block_on(sniff::head(&source, &options)).unwrap();
        let load = |read_bytes: u64, width: usize, lag: usize| {
            let pool = PoolHost {
                width,
                lag,
                budget_bytes: 1 << 30,
            };
            let loaded =
                pollster::block_on(load_in_blocks(&source, &head, &options, &pool, read_bytes))
                    .unwrap();
            (show_table(&loaded), show_issues(&loaded), loaded.guesses)
        };
        let expected = load(4 << 20, 0, 0);
        for read_bytes in [1, 2, 3, 5, 64, 1000, 4096] {
            // One byte at a time is quadratic in the record length; small files are enough for it.
            if read_bytes < 64 && bytes.len() > 4096 {
                continue;
            }
            // A pool that lags has slices parsed by the thread that hands them out.
            for (width, lag) in [(0, 0), (1, 0), (1, 5), (3, 0), (3, 20)] {
                assert_eq!(
                    load(read_bytes, width, lag),
                    expected,
                    "blocks of {read_bytes}, {width} workers, lag {lag}"
                );
            }
        }
        assert_eq!(load(4 << 20, 3, 0), expected);
    };
    for text in &texts {
        let skip = if text.starts_with("skip") { 2 } else { 0 };
        check(text.as_bytes(), &params(&[("skip_rows", Value::Int(skip))]));
    }
    check(
        b"a,b\n1,\xFF\xFE\n2,ok\n3,\xC3\n",
        &params(&[("encoding", "utf-8".into())]),
    );
    check(b"a,b\n1,caf\xE9\n", &Params::new());
    let utf_16: Vec<u8> = "\u{FEFF}a,b\n1,é\n2,\u{1F600}\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    check(&utf_16, &Params::new());
}

#[test]
fn encodings_are_read_and_damage_is_counted() {
    assert_eq!(
        show(&load("t.csv", b"a,b\n1,caf\xE9\n", &[])),
        "a:integer | b:text\n1 | café\n"
    );
    let damaged = load("t.csv", b"a,b\n1,\xFF\n", &[("encoding", "utf-8".into())]);
    assert_eq!(
        show(&damaged),
        "a:integer | b:text\n1 | \u{FFFD}\n! - -: 1 byte sequences are not valid in the encoding and became U+FFFD; set another encoding if text looks wrong\n"
    );
}

#[test]
fn too_large_a_file_is_sampled_and_says_so() {
    let text = rows("a,b", 200_000, |row| {
        format!("{row},word number {row} of many\n")
    });
    let small = PoolHost {
        width: 0,
        lag: 0,
        budget_bytes: 2 << 20,
    };
    let loaded = load_with("t.csv", text.as_bytes(), &[], &small).unwrap();
    let sampling = loaded.sampling.clone().unwrap();
    assert!(
        sampling.share < 0.3 && sampling.method.contains("evenly spaced"),
        "{sampling:?}"
    );
    let n_rows = loaded.table.n_rows();
    assert!(
        n_rows as f64 <= 200_000.0 * 1.2 * sampling.share,
        "{n_rows} rows at {sampling:?}"
    );
    assert!(
        n_rows as f64 >= 200_000.0 * 0.5 * sampling.share,
        "{n_rows} rows at {sampling:?}"
    );
    assert_eq!(show_issues(&loaded), "");
    assert_eq!(loaded.table.columns()[0].column_type.label(), "integer");

    let share = load(
        "t.csv",
        text.as_bytes(),
        &[("sample_share", Value::Float(0.1))],
    )
    .unwrap();
    assert!((share.sampling.unwrap().share - 0.1).abs() < 0.05);
    let refused = load_with(
        "t.csv",
        text.as_bytes(),
        &[("sample_share", Value::Float(0.9))],
        &small,
    );
    assert!(
        show(&refused).contains("lower the sample share"),
        "{}",
        show(&refused)
    );
}

/// The same rows over and over, without holding them: larger than any memory.
struct Repeated {
    rows: Vec<u8>,
    size_bytes: u64,
}

impl ByteSource for Repeated {
    fn name(&self) -> &str {
        "huge.csv"
    }

    fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    fn read(&self, range: std::ops::Range<u64>) -> LocalBoxFuture<'_, Result<Vec<u8>, TableError>> {
        let period = self.rows.len() as u64;
        let range = range.start.min(self.size_bytes)..range.end.min(self.size_bytes);
        let bytes = range.map(|at| self.rows[(at % period) as usize]).collect();
        Box::pin(async move { Ok(bytes) })
    }
}

#[test]
fn a_file_of_six_gigabytes_is_sampled_from_end_to_end() {
    let row = |number: usize| format!("{number},\"quoted, text\",{}.25\n", number * 3);
    let source: Rc<dyn ByteSource> = Rc::new(Repeated {
        rows: (0..5000).map(row).collect::<String>().into_bytes(),
        size_bytes: 6_000_000_000,
    });
    let host = PoolHost {
        width: 0,
        lag: 0,
        budget_bytes: 8 << 20,
    };
    let loaded = pollster::block_on(crate::read::load(&[source], &Params::new(), &host)).unwrap();
    let sampling = loaded.sampling.clone().unwrap();
    assert!(
        sampling.share > 1e-4 && sampling.share < 2e-3,
        "{sampling:?}"
    );
    assert!(loaded.table.memory_bytes() <= 8 << 20);
    assert_eq!(
        (show_issues(&loaded).as_str(), loaded.table.n_columns()),
        ("", 3)
    );
    assert!(loaded.table.n_rows() > 50_000, "{}", loaded.table.n_rows());
}

#[test]
fn the_adult_table_has_its_types() {
    let path = "../../../shared/data/adult.csv";
    let Ok(bytes) = std::fs::read(path) else {
        println!("skipped: {path} is absent");
        return;
    };
    let loaded = load("adult.csv", &bytes, &[]).unwrap();
    assert_eq!(
        (
            loaded.table.n_rows(),
            loaded.table.n_columns(),
            loaded.issues.total()
        ),
        (32_561, 15, 0)
    );
    let kinds: String = loaded
        .table
        .columns()
        .iter()
        .map(|column| column.column_type.label().chars().next().unwrap())
        .collect();
    assert_eq!(kinds, "ititittttttiiitt".replacen("tttttt", "ttttt", 1));
    assert_eq!(loaded.table.column_names()[14], "column_15");
}

#[test]
fn the_estimate_is_within_a_quarter_of_the_table() {
    let text = rows("a,b", 50_000, |row| {
        format!("{row},word number {row} of many\n")
    });
    let source = MemorySource::new("t.csv", text.as_bytes());
    let estimate =
        pollster::block_on(crate::read::estimate(&source, &Params::new(), &PlainHost)).unwrap();
    let loaded = load("t.csv", text.as_bytes(), &[]).unwrap();
    let ratio = estimate.memory_bytes as f64 / loaded.table.memory_bytes() as f64;
    assert!((0.75..1.25).contains(&ratio), "{ratio}");
}
