//! Files that other programs wrote: every compression, encoding and page version, nested columns, categories.

use std::path::Path;
use std::rc::Rc;

use sluice_analysis::{Params, Value};
use sluice_protocol::load::ColumnType;
use sluice_table::host::{MemorySource, PlainHost};
use sluice_table::{ByteSource, Loaded, Table, TableError, cells, read};

const N_ROWS: usize = 200;

fn bytes(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/columnar")
        .join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn load(name: &str, bytes: Vec<u8>, options: &Params) -> Result<Loaded, TableError> {
    let source: Rc<dyn ByteSource> = Rc::new(MemorySource::new(name, bytes));
    pollster::block_on(read::load(&[source], options, &PlainHost))
}

fn cell(table: &Table, row: usize, column: &str) -> String {
    cells::cell_text(table, row as u64, column).unwrap_or_else(|error| panic!("{column}: {error}"))
}

/// What `make.py` put into `column`.
fn expected(row: usize, column: &str) -> String {
    let maybe = |text: String| {
        if row.is_multiple_of(5) {
            String::new()
        } else {
            text
        }
    };
    match column {
        "i" => row.to_string(),
        "small" => maybe((row % 100).to_string()),
        "x" => maybe(format!("{:?}", row as f64 / 4.0)),
        "b" => maybe(row.is_multiple_of(3).to_string()),
        "text" => maybe(format!("text {}", row % 7)),
        "unique" => format!("row number {row:05}"),
        "time" => format!("2026-11-20T00:{:02}:{:02}Z", row / 60, row % 60),
        "span" => {
            let fraction = format!("{:.3}", row as f64 / 1000.0);
            format!(
                "00:00:00{}",
                fraction
                    .trim_start_matches('0')
                    .trim_end_matches('0')
                    .trim_end_matches('.')
            )
        }
        "price" => maybe(format!("{:.2}", row as f64 / 100.0)),
        "kind" => maybe(["a", "b"][row % 2].to_owned()),
        "list" => maybe(format!("{:?}", (0..row % 4).collect::<Vec<_>>()).replace(' ', "")),
        "inner.a" => maybe(row.to_string()),
        "inner.deep.t" => maybe(if row % 5 == 4 {
            String::new()
        } else {
            row.to_string()
        }),
        "pairs" => {
            let value = |n: usize| {
                if n == 0 {
                    "null".to_owned()
                } else {
                    format!("{n}.0")
                }
            };
            let pairs: Vec<String> = (0..row % 3)
                .map(|n| format!(r#"{{"k":"{n}","v":{}}}"#, value(n)))
                .collect();
            maybe(format!("[{}]", pairs.join(",")))
        }
        "vector" => format!("[{row}.0,{row}.5]"),
        column => panic!("unknown column {column}"),
    }
}

const COLUMNS: [(&str, ColumnType); 15] = [
    ("i", ColumnType::Integer),
    ("small", ColumnType::Integer),
    ("x", ColumnType::Float),
    ("b", ColumnType::Boolean),
    ("text", ColumnType::Text),
    ("unique", ColumnType::Text),
    ("time", ColumnType::DateTime),
    ("span", ColumnType::Duration),
    ("price", ColumnType::Decimal),
    ("kind", ColumnType::Category),
    ("list", ColumnType::List),
    ("inner.a", ColumnType::Integer),
    ("inner.deep.t", ColumnType::Text),
    ("pairs", ColumnType::List),
    ("vector", ColumnType::List),
];

fn check(name: &str, without_schema: bool) {
    let loaded =
        load(name, bytes(name), &Params::new()).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(
        loaded.issues.total(),
        0,
        "{name}: {:?}",
        loaded.issues.first()
    );
    assert_eq!(
        (loaded.table.n_rows(), loaded.sampling),
        (N_ROWS, None),
        "{name}"
    );
    for ((column, column_type), info) in COLUMNS.into_iter().zip(loaded.table.columns()) {
        // Without the Arrow schema a file does not know durations and categories.
        let column_type = match column_type {
            ColumnType::Duration if without_schema => ColumnType::Integer,
            ColumnType::Category if without_schema => ColumnType::Text,
            column_type => column_type,
        };
        assert_eq!(
            (info.name.as_str(), info.column_type),
            (column, column_type),
            "{name}"
        );
        for row in 0..N_ROWS {
            let wanted = match column {
                "span" if without_schema => row.to_string(),
                column => expected(row, column),
            };
            assert_eq!(
                cell(&loaded.table, row, column),
                wanted,
                "{name}, row {row}, column {column}"
            );
        }
    }
}

#[test]
fn parquet_of_every_compression_is_read() {
    for codec in ["none", "snappy", "gzip", "brotli", "zstd", "lz4"] {
        check(&format!("{codec}.parquet"), false);
    }
}

#[test]
fn parquet_of_every_encoding_is_read() {
    for name in ["pages_v2.parquet", "delta.parquet", "int96.parquet"] {
        check(name, false);
    }
    check("plain.parquet", true);
}

#[test]
fn arrow_files_and_streams_are_read() {
    for name in [
        "uncompressed.arrow",
        "lz4.arrow",
        "zstd.arrow",
        "stream.arrows",
    ] {
        check(name, false);
    }
}

#[test]
fn structs_are_chosen_whole_or_in_part() {
    let columns = |names: &[&str]| {
        let names = names.iter().map(|name| Value::from(*name)).collect();
        Params::from([("columns".to_owned(), Value::List(names))])
    };
    for name in ["snappy.parquet", "zstd.arrow"] {
        let load = |names: &[&str]| load(name, bytes(name), &columns(names)).unwrap().table;
        assert_eq!(
            load(&["inner", "i"]).column_names(),
            ["inner.a", "inner.deep.t", "i"],
            "{name}"
        );
        let part = load(&["inner.deep.t"]);
        assert_eq!(part.column_names(), ["inner.deep.t"], "{name}");
        assert_eq!(cell(&part, 7, "inner.deep.t"), "7", "{name}");
    }
}

#[test]
fn the_estimate_comes_near_the_memory() {
    for name in [
        "snappy.parquet",
        "plain.parquet",
        "uncompressed.arrow",
        "zstd.arrow",
    ] {
        let source = MemorySource::new(name, bytes(name));
        let estimate =
            pollster::block_on(read::estimate(&source, &Params::new(), &PlainHost)).unwrap();
        let memory_bytes = load(name, bytes(name), &Params::new())
            .unwrap()
            .table
            .memory_bytes();
        let ratio = estimate.memory_bytes as f64 / memory_bytes as f64;
        assert!(
            (0.7..2.5).contains(&ratio),
            "{name}: {} of {memory_bytes}",
            estimate.memory_bytes
        );
    }
}

#[test]
fn what_is_cut_off_is_read_as_far_as_it_goes() {
    let mut cut = bytes("uncompressed.arrow");
    cut.truncate(cut.len() - 100);
    let loaded = load("cut.arrow", cut, &Params::new()).unwrap();
    assert_eq!(loaded.table.n_rows(), N_ROWS);
    assert!(
        loaded.issues.first()[0]
            .reason
            .contains("read from the front")
    );
    let mut cut = bytes("stream.arrows");
    cut.truncate(cut.len() - 2000);
    let loaded = load("cut.arrows", cut, &Params::new()).unwrap();
    assert_eq!(loaded.table.n_rows(), 120);
    assert!(
        loaded.issues.first()[0]
            .reason
            .contains("ends in the middle"),
        "{:?}",
        loaded.issues.first()
    );
    let mut cut = bytes("snappy.parquet");
    cut.truncate(cut.len() - 100);
    let error = load("cut.parquet", cut, &Params::new())
        .unwrap_err()
        .to_string();
    assert!(error.contains("copy or download it again"), "{error}");
}

#[test]
fn a_bad_row_group_is_left_out_and_named() {
    let mut bad = bytes("none.parquet");
    // In the data of the first row group: a text's page ends up with an impossible header.
    bad[5..60].fill(0xff);
    let loaded = load("bad.parquet", bad, &Params::new()).unwrap();
    assert_eq!(loaded.table.n_rows(), N_ROWS - 120);
    assert_eq!(cell(&loaded.table, 0, "i"), "120");
    let issue = &loaded.issues.first()[0];
    assert_eq!((loaded.issues.total(), issue.row), (1, Some(1)));
    assert!(
        issue
            .reason
            .starts_with("row group 1 of 2 (120 rows) was left out: column “i”"),
        "{}",
        issue.reason
    );
}
