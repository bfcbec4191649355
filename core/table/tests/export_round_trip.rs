//! What is exported loads again as an equal table.

#![expect(clippy::unwrap_used, reason = "helpers of a test fail it by panicking")]

use std::rc::Rc;

use sluice_analysis::{Params, Value};
use sluice_protocol::cells::CellColumn;
use sluice_protocol::load::ColumnType;
use sluice_table::host::{MemorySource, PlainHost};
use sluice_table::write::{ExportFormat, RowSelection, export};
use sluice_table::{ByteSource, Loaded, OwnedColumn, Table, TableError, cells, read};

fn write(table: &Table, rows: RowSelection<'_>, format: &str) -> Vec<u8> {
    let columns: Vec<String> = table
        .column_names()
        .into_iter()
        .map(str::to_owned)
        .collect();
    let mut bytes = Vec::new();
    let mut sink = |piece: Vec<u8>| bytes.extend(piece);
    let format = ExportFormat::from_name(format).unwrap();
    let summary =
        pollster::block_on(export(table, rows, &columns, format, &mut sink, &PlainHost)).unwrap();
    assert_eq!(summary.bytes, bytes.len() as u64);
    bytes
}

fn load(format: &str, bytes: Vec<u8>, options: &Params) -> Result<Loaded, TableError> {
    let source: Rc<dyn ByteSource> = Rc::new(MemorySource::new(format!("table.{format}"), bytes));
    pollster::block_on(read::load(&[source], options, &PlainHost))
}

fn all_cells(table: &Table) -> Vec<CellColumn> {
    let names: Vec<String> = table
        .column_names()
        .into_iter()
        .map(str::to_owned)
        .collect();
    let rows: Vec<u64> = (0..table.n_rows() as u64).collect();
    cells::cells(table, &rows, &names).unwrap()
}

fn check(table: &Table, format: &str) {
    let loaded = load(
        format,
        write(table, RowSelection::All, format),
        &Params::new(),
    )
    .unwrap();
    assert_eq!(
        loaded.issues.total(),
        0,
        "{format}: {:?}",
        loaded.issues.first()
    );
    assert_eq!(loaded.table.columns(), table.columns(), "{format}");
    // NaN is not equal to itself, but its debug text is.
    assert_eq!(
        format!("{:?}", all_cells(&loaded.table)),
        format!("{:?}", all_cells(table)),
        "{format}"
    );
}

fn some<T>(values: impl IntoIterator<Item = T>) -> Vec<Option<T>> {
    values.into_iter().map(Some).chain([None]).collect()
}

fn table(columns: Vec<(&str, OwnedColumn)>) -> Table {
    let columns = columns
        .into_iter()
        .map(|(name, column)| (name.to_owned(), column))
        .collect();
    Table::from_columns(columns).unwrap()
}

fn texts() -> Vec<Option<String>> {
    some(
        [
            "a,b",
            "say \"hi\"",
            "two\nlines",
            "",
            " blank ",
            "naïve 🦀 日本",
            "#x",
        ]
        .map(str::to_owned),
    )
}

const FLOATS: [f64; 7] = [0.1, -0.0, 1e300, 5e-324, f64::MAX, -1.5, 12_345_678.9];

/// Columns that every format gives back.
fn plain_columns() -> Vec<(&'static str, OwnedColumn)> {
    let day = 86_400_000_000;
    vec![
        (
            "flag",
            OwnedColumn::Bool(some([true, false, true, true, false, false, true])),
        ),
        (
            "whole",
            OwnedColumn::Int(some([0, -1, i64::MAX, i64::MIN, 7, 8, 9])),
        ),
        ("real", OwnedColumn::Float(some(FLOATS))),
        ("text, quoted \"name\"", OwnedColumn::Text(texts())),
        (
            "date",
            OwnedColumn::Date(some([0, -1, 11_016, 20_777, 18_000, 1, 2])),
        ),
        (
            "moment",
            OwnedColumn::DateTime(some([0, -1, 1_795_177_860_123_456, day, 5 * day, 1, 2])),
        ),
    ]
}

#[test]
fn text_formats_give_back_what_text_can_say() {
    let table = table(plain_columns());
    for format in ["csv", "csv.gz", "tsv", "jsonl", "jsonl.gz"] {
        check(&table, format);
    }
}

#[test]
fn columnar_formats_give_back_every_type() {
    let mut columns = plain_columns();
    let not_finite = [
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        0.0,
        1.0,
        2.0,
        3.0,
    ];
    let lists = [
        vec![1, 2],
        vec![],
        vec![i64::MIN],
        vec![3; 100],
        vec![],
        vec![4],
        vec![5],
    ];
    columns.extend([
        ("not finite", OwnedColumn::Float(some(not_finite))),
        (
            "unsigned",
            OwnedColumn::UInt(some([u64::MAX, 0, 1, 2, 3, 4, 1 << 63])),
        ),
        (
            "clock",
            OwnedColumn::Time(some([0, 86_399_999_999, 1, 2, 3, 4, 5])),
        ),
        (
            "span",
            OwnedColumn::Duration(some([0, -1, i64::MAX, i64::MIN, 1, 2, 3])),
        ),
        (
            "price",
            OwnedColumn::Decimal {
                values: some([0, -1, 10_i128.pow(30), 5, 6, 7, 8]),
                scale: 2,
            },
        ),
        (
            "bytes",
            OwnedColumn::Binary(some([
                vec![],
                vec![0, 255],
                vec![1; 40],
                vec![2],
                vec![3],
                vec![4],
                vec![5],
            ])),
        ),
        ("ints", OwnedColumn::ListInt(some(lists))),
        (
            "floats",
            OwnedColumn::ListFloat(some(
                [0.5, f64::NAN, 1.0, 2.0, 3.0, 4.0, 5.0].map(|value| vec![value]),
            )),
        ),
        (
            "texts",
            OwnedColumn::ListText(some([(); 7].map(|()| vec!["a".to_owned(), String::new()]))),
        ),
        ("nothing", OwnedColumn::Int(vec![None; 8])),
    ]);
    let table = table(columns);
    check(&table, "parquet");
    check(&table, "arrow");
}

#[test]
fn tables_without_rows_keep_their_columns() {
    let table = table(vec![
        ("n", OwnedColumn::Int(vec![])),
        ("t", OwnedColumn::Text(vec![])),
        ("l", OwnedColumn::ListFloat(vec![])),
    ]);
    check(&table, "parquet");
    check(&table, "arrow");
    assert_eq!(write(&table, RowSelection::All, "csv"), b"n,t,l\n");
    assert_eq!(write(&table, RowSelection::All, "jsonl"), b"");
}

#[test]
fn chosen_rows_come_in_the_order_asked_for() {
    let table = table(vec![("n", OwnedColumn::Int(vec![Some(0), None, Some(2)]))]);
    for format in ["csv", "jsonl", "parquet", "arrow"] {
        let bytes = write(&table, RowSelection::Rows(&[2, 0, 2]), format);
        let loaded = load(format, bytes, &Params::new()).unwrap();
        let values: Vec<_> = loaded.table.f64_values("n").unwrap().iter().collect();
        assert_eq!(values, [Some(2.0), Some(0.0), Some(2.0)], "{format}");
    }
    let columns = ["n".to_owned()];
    let csv = ExportFormat::from_name("csv").unwrap();
    let mut sink = |_| {};
    let beyond = export(
        &table,
        RowSelection::Rows(&[3]),
        &columns,
        csv,
        &mut sink,
        &PlainHost,
    );
    assert!(matches!(
        pollster::block_on(beyond),
        Err(TableError::Param { .. })
    ));
}

#[test]
fn nulls_and_what_text_cannot_say_follow_the_rules() {
    let table = table(vec![
        (
            "x",
            OwnedColumn::Float(vec![Some(f64::NAN), Some(f64::INFINITY), None]),
        ),
        (
            "d",
            OwnedColumn::Duration(vec![Some(90_000_000), None, Some(0)]),
        ),
        (
            "l",
            OwnedColumn::ListText(vec![Some(vec!["a,\"b".into()]), None, Some(vec![])]),
        ),
        (
            "b",
            OwnedColumn::Binary(vec![Some(vec![1, 255]), None, Some(vec![])]),
        ),
    ]);
    let text = |format| String::from_utf8(write(&table, RowSelection::All, format)).unwrap();
    assert_eq!(
        text("csv"),
        "x,d,l,b\nNaN,PT1M30S,\"[\"\"a,\\\"\"b\"\"]\",0x01ff\ninf,,,\n,PT0S,[],0x\n"
    );
    assert_eq!(
        text("jsonl"),
        "{\"x\":null,\"d\":\"PT1M30S\",\"l\":[\"a,\\\"b\"],\"b\":\"0x01ff\"}\n\
         {\"x\":null,\"d\":null,\"l\":null,\"b\":null}\n\
         {\"x\":null,\"d\":\"PT0S\",\"l\":[],\"b\":\"0x\"}\n"
    );
    let single = self::table(vec![(
        "only",
        OwnedColumn::Text(vec![None, Some("a".into())]),
    )]);
    assert_eq!(write(&single, RowSelection::All, "csv"), b"only\n\"\"\na\n");
}

#[test]
fn formats_are_known_by_their_endings() {
    let refused = |name: &str| ExportFormat::from_name(name).unwrap_err().to_string();
    for name in ExportFormat::NAMES {
        assert!(
            !ExportFormat::from_name(name)
                .unwrap()
                .media_type()
                .is_empty()
        );
    }
    assert!(refused("csv.zst").contains("choose .gz"));
    assert!(refused("parquet.gz").contains("parquet"));
    assert!(refused("xlsx").contains("csv.gz"));
}

fn numbers(n_rows: i64) -> Table {
    table(vec![
        ("row", OwnedColumn::Int((0..n_rows).map(Some).collect())),
        (
            "text",
            OwnedColumn::Text(
                (0..n_rows)
                    .map(|row| Some(format!("text {}", row % 1000)))
                    .collect(),
            ),
        ),
        (
            "maybe",
            OwnedColumn::Float(
                (0..n_rows)
                    .map(|row| (row % 3 > 0).then_some(row as f64))
                    .collect(),
            ),
        ),
        (
            "list",
            OwnedColumn::ListInt(
                (0..n_rows)
                    .map(|row| Some(vec![row; (row % 4) as usize]))
                    .collect(),
            ),
        ),
    ])
}

#[test]
fn many_row_groups_are_one_table() {
    let table = numbers(300_000);
    for format in ["parquet", "arrow"] {
        let loaded = load(
            format,
            write(&table, RowSelection::All, format),
            &Params::new(),
        )
        .unwrap()
        .table;
        assert_eq!(loaded.n_rows(), 300_000, "{format}");
        for name in ["row", "maybe"] {
            let expected = table.f64_values(name).unwrap();
            assert!(
                loaded.f64_values(name).unwrap().iter().eq(expected.iter()),
                "{format} {name}"
            );
        }
        for row in [0, 131_071, 131_072, 299_999] {
            for name in ["text", "list"] {
                let cell = |table| cells::cell_text(table, row, name).unwrap();
                assert_eq!(cell(&loaded), cell(&table), "{format} {name} {row}");
            }
        }
    }
}

#[test]
fn columns_and_samples_can_be_chosen() {
    let table = numbers(300_000);
    let columns = Value::List(vec!["maybe".into(), "row".into()]);
    for format in ["parquet", "arrow"] {
        let bytes = write(&table, RowSelection::All, format);
        let options = Params::from([
            ("columns".to_owned(), columns.clone()),
            ("sample_share".to_owned(), 0.1.into()),
        ]);
        let loaded = load(format, bytes.clone(), &options).unwrap();
        assert_eq!(loaded.table.column_names(), ["maybe", "row"], "{format}");
        let rows: Vec<i64> = loaded
            .table
            .i64_values("row")
            .unwrap()
            .iter()
            .flatten()
            .collect();
        assert!(
            (29_000..31_000).contains(&rows.len()),
            "{format}: {} rows",
            rows.len()
        );
        assert!(rows.is_sorted() && rows.last() > Some(&280_000), "{format}");
        let share = loaded.sampling.unwrap().share;
        assert!((0.095..0.105).contains(&share), "{format}: {share}");
        let maybe = loaded.table.f64_values("maybe").unwrap();
        for (row, value) in rows.iter().zip(maybe.iter()) {
            assert_eq!(value, (row % 3 > 0).then_some(*row as f64), "{format}");
        }
        let missing = Params::from([("columns".to_owned(), Value::List(vec!["none".into()]))]);
        assert!(
            matches!(
                load(format, bytes, &missing),
                Err(TableError::NoColumn { .. })
            ),
            "{format}"
        );
    }
}

#[test]
fn exports_keep_their_types() {
    let mixed = table(vec![
        ("u", OwnedColumn::UInt(vec![Some(1)])),
        ("b", OwnedColumn::Binary(vec![None])),
    ]);
    let loaded = load(
        "parquet",
        write(&mixed, RowSelection::All, "parquet"),
        &Params::new(),
    )
    .unwrap();
    let types: Vec<ColumnType> = loaded
        .table
        .columns()
        .iter()
        .map(|column| column.column_type)
        .collect();
    assert_eq!(types, [ColumnType::Integer, ColumnType::Binary]);
}
