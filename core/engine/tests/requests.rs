//! The engine as the page uses it: one document, requests in, answers out.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use sluice_analysis::{
    Analysis, Origin, Params, Pill, Predicate, Ref, Selection, SortKey, SourceId, Value,
};
use sluice_engine::{Cancelled, Engine, Host, LocalBoxFuture, MemorySource, TaskHost};
use sluice_protocol::cells::{Cells, RowPage};
use sluice_protocol::message::{Failure, FailureKind, ProfileLevel, Request, Response, RowWindow};

/// Counts checkpoints and cancels at the `cancel_at`-th.
struct TestHost {
    checkpoints: Cell<u32>,
    cancel_at: u32,
    partials: RefCell<Vec<Response>>,
}

impl TestHost {
    fn new(cancel_at: u32) -> Self {
        Self {
            checkpoints: Cell::new(0),
            cancel_at,
            partials: RefCell::default(),
        }
    }
}

impl Host for TestHost {
    fn progress(&self, _stage: &str, _done: u64, _total: u64) {}
    fn checkpoint(&self) -> LocalBoxFuture<'_, Result<(), Cancelled>> {
        self.checkpoints.set(self.checkpoints.get() + 1);
        let is_cancelled = self.checkpoints.get() >= self.cancel_at;
        Box::pin(async move { if is_cancelled { Err(Cancelled) } else { Ok(()) } })
    }
    fn memory_budget_bytes(&self) -> u64 {
        1 << 30
    }
}

impl TaskHost for TestHost {
    fn partial(&self, body: Response) {
        self.partials.borrow_mut().push(body);
    }
}

fn ask(engine: &Engine, request: Request) -> Result<Response, Failure> {
    pollster::block_on(engine.handle(request, &TestHost::new(u32::MAX)))
}

/// 1,000 rows: `n` counts, `parity` says "even" or "odd", `tens` is `n / 10` and missing for every 7th row.
fn engine_with_table() -> (Engine, Ref) {
    let mut csv = String::from("n,parity,tens\n");
    for n in 0..1000 {
        let tens = if n % 7 == 0 {
            String::new()
        } else {
            (n / 10).to_string()
        };
        csv.push_str(&format!(
            "{n},{},{tens}\n",
            if n % 2 == 0 { "even" } else { "odd" }
        ));
    }
    let mut document = Analysis::new(1);
    let id = document.add_source("numbers.csv", Origin::Files(Vec::new()), Params::new());
    let engine = Engine::new();
    engine.attach(
        id,
        vec![Rc::new(MemorySource::new("numbers.csv", csv.into_bytes()))],
    );
    engine.set_document(Arc::new(document));
    (engine, Ref::Source(id))
}

fn odd() -> Pill {
    Pill {
        column: "parity".to_owned(),
        predicate: Predicate::OneOf {
            values: vec![Value::from("odd")],
            negated: false,
        },
    }
}

fn below(column: &str, high: f64) -> Pill {
    let predicate = Predicate::Range {
        low: None,
        high: Some(high),
        high_inclusive: false,
    };
    Pill {
        column: column.to_owned(),
        predicate,
    }
}

fn rows(engine: &Engine, table: Ref, window: RowWindow) -> RowPage {
    match ask(engine, Request::Rows { table, window }) {
        Ok(Response::Rows(page)) => *page,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_window_shows_filtered_rows_in_order() {
    let (engine, table) = engine_with_table();
    let window = RowWindow {
        pills: vec![odd()],
        start: 10,
        count: 3,
        ..RowWindow::default()
    };
    let page = rows(&engine, table, window.clone());
    assert_eq!((page.rows_in_view, page.rows_total), (500, 1000));
    assert_eq!(page.row_ids, [21, 23, 25]);
    let sort = vec![SortKey {
        column: "n".to_owned(),
        descending: true,
    }];
    let page = rows(&engine, table, RowWindow { sort, ..window });
    assert_eq!(page.row_ids, [979, 977, 975]);
    assert_eq!(
        page.columns[0].cells,
        Cells::Int(vec![Some(979), Some(977), Some(975)])
    );
}

#[test]
fn a_window_past_the_end_is_empty_and_a_huge_one_is_cut() {
    let (engine, table) = engine_with_table();
    let p = |start, count| {
        rows(
            &engine,
            table,
            RowWindow {
                start,
                count,
                ..RowWindow::default()
            },
        )
        .row_ids
        .len()
    };
    assert_eq!(p(1000, 10), 0);
    assert_eq!(p(u64::MAX, 10), 0);
    assert_eq!(p(995, u32::MAX), 5);
}

#[test]
fn a_row_is_found_in_every_view() {
    let (engine, table) = engine_with_table();
    let p = |row, pills: Vec<Pill>, sort: Vec<SortKey>| match ask(
        &engine,
        Request::Position {
            table,
            row,
            pills,
            sort,
        },
    ) {
        Ok(Response::Position(at)) => at,
        other => panic!("{other:?}"),
    };
    let down = vec![SortKey {
        column: "n".to_owned(),
        descending: true,
    }];
    assert_eq!(p(21, vec![], vec![]), Some(21));
    assert_eq!(p(21, vec![odd()], vec![]), Some(10));
    assert_eq!(p(20, vec![odd()], vec![]), None);
    assert_eq!(p(21, vec![], down), Some(978));
    assert_eq!(p(5000, vec![], vec![]), None);
}

#[test]
fn a_distribution_ignores_its_own_pill_only() {
    let (engine, table) = engine_with_table();
    let request = Request::Distributions {
        table,
        pills: vec![odd(), below("n", 100.0)],
        columns: vec!["parity".to_owned(), "n".to_owned(), "tens".to_owned()],
    };
    let Ok(Response::Distributions {
        rows_in_view,
        columns,
    }) = ask(&engine, request)
    else {
        panic!()
    };
    assert_eq!(rows_in_view, 50);
    let total = |idx: usize| {
        let d = &columns[idx];
        d.counts.iter().sum::<u64>() + d.nulls + d.other
    };
    assert_eq!([total(0), total(1), total(2)], [100, 500, 50]);
    assert_eq!(
        columns[2].nulls,
        (0..100).filter(|n| n % 7 == 0 && n % 2 == 1).count() as u64
    );
}

#[test]
fn a_selection_is_counted_within_the_view() {
    let (engine, table) = engine_with_table();
    let p = |selection| match ask(
        &engine,
        Request::CountSelection {
            table,
            pills: vec![odd()],
            selection,
        },
    ) {
        Ok(Response::Count(count)) => count,
        other => panic!("{other:?}"),
    };
    assert_eq!(p(Selection::None), 0);
    assert_eq!(p(Selection::Rows(vec![1, 2, 3])), 2);
    assert_eq!(p(Selection::Where(vec![below("n", 10.0)])), 5);
}

#[test]
fn export_follows_view_and_selection() {
    let (engine, table) = engine_with_table();
    let host = TestHost::new(u32::MAX);
    let request = Request::Export {
        table,
        pills: vec![below("n", 6.0)],
        selection: Selection::Where(vec![odd()]),
        sort: vec![SortKey {
            column: "n".to_owned(),
            descending: true,
        }],
        columns: vec!["n".to_owned()],
        format: "csv".to_owned(),
    };
    let answer = pollster::block_on(engine.handle(request, &host)).unwrap();
    let Response::Exported {
        rows, file_name, ..
    } = answer
    else {
        panic!("{answer:?}")
    };
    assert_eq!((rows, file_name.as_str()), (3, "numbers.csv"));
    let bytes: Vec<u8> = host
        .partials
        .borrow()
        .iter()
        .flat_map(|part| match part {
            Response::Bytes(bytes) => bytes.clone(),
            _ => Vec::new(),
        })
        .collect();
    assert_eq!(
        String::from_utf8(bytes).unwrap().replace('\r', ""),
        "n\n5\n3\n1\n"
    );
}

#[test]
fn a_step_reads_its_input_and_a_disabled_one_lets_it_through() {
    let (engine, table) = engine_with_table();
    let mut document = Analysis::new(1);
    document.add_source("numbers.csv", Origin::Files(Vec::new()), Params::new());
    let params = Params::from([(
        "columns".to_owned(),
        Value::List(vec![Value::from("parity")]),
    )]);
    let step = document.add_step("drop", 1, params, vec![table]);
    engine.set_document(Arc::new(document.clone()));
    let names = |document: &Analysis| {
        engine.set_document(Arc::new(document.clone()));
        match ask(
            &engine,
            Request::Evaluate {
                table: Ref::Step(step, 0),
            },
        ) {
            Ok(Response::Table(info)) => info
                .columns
                .into_iter()
                .map(|column| column.name)
                .collect::<Vec<_>>(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(names(&document), ["n", "tens"]);
    document.set_enabled(step, false).unwrap();
    assert_eq!(names(&document), ["n", "parity", "tens"]);
}

#[test]
fn cancelling_anywhere_leaves_the_engine_as_it_was() {
    let (engine, table) = engine_with_table();
    let request = || Request::Profile {
        table,
        pills: Vec::new(),
        level: ProfileLevel::Full,
    };
    let counting = TestHost::new(u32::MAX);
    pollster::block_on(engine_with_table().0.handle(request(), &counting)).unwrap();
    let n_checkpoints = counting.checkpoints.get();
    assert!(n_checkpoints > 0, "a profile lets no message in");
    for cancel_at in 1..=n_checkpoints {
        let failure = pollster::block_on(engine.handle(request(), &TestHost::new(cancel_at)));
        // What was finished before the cancel is kept, so later tries meet fewer checkpoints.
        if let Err(failure) = failure {
            assert_eq!(failure.kind, FailureKind::Cancelled, "at {cancel_at}");
        }
    }
    let Ok(Response::Profile(profile)) = ask(&engine, request()) else {
        panic!()
    };
    assert_eq!(profile.columns.len(), 3);
    assert_eq!(profile.rows, 1000);
}

#[test]
fn a_file_that_is_not_offered_is_asked_for() {
    let mut document = Analysis::new(1);
    let id = document.add_source("gone.csv", Origin::Files(Vec::new()), Params::new());
    let engine = Engine::new();
    engine.set_document(Arc::new(document));
    let failure = ask(
        &engine,
        Request::Evaluate {
            table: Ref::Source(id),
        },
    )
    .unwrap_err();
    assert_eq!(failure.kind, FailureKind::FileMissing);
    assert!(failure.message.contains("gone.csv"), "{}", failure.message);
    let failure = ask(
        &engine,
        Request::Evaluate {
            table: Ref::Source(SourceId(99)),
        },
    )
    .unwrap_err();
    assert_eq!(failure.kind, FailureKind::BadInput);
}

#[test]
fn key_numbers_change_with_the_data_and_with_nothing_else() {
    let (engine, _) = engine_with_table();
    let p = |engine: &Engine| match ask(engine, Request::KeyNumbers) {
        Ok(Response::KeyNumbers(numbers)) => numbers,
        other => panic!("{other:?}"),
    };
    let numbers = p(&engine);
    assert_eq!(numbers, p(&engine_with_table().0));
    let value = |name: &str| {
        numbers
            .iter()
            .find(|number| number.name == name)
            .map(|number| number.value)
    };
    assert_eq!(value("mean of n"), Some(499.5));
    assert_eq!(value("distinct values of parity"), Some(2.0));
}

#[test]
fn identity_is_the_hash_of_the_bytes() {
    let (engine, table) = engine_with_table();
    let Ref::Source(source) = table else { panic!() };
    let Ok(Response::Identity(files)) = ask(&engine, Request::Identify { source }) else {
        panic!()
    };
    assert_eq!(files.len(), 1);
    assert_eq!(files[0].blake3.as_ref().map(String::len), Some(64));
}

#[test]
fn charts_are_drawn_of_the_rows_in_view() {
    let (engine, table) = engine_with_table();
    let chart = |chart: &str, y: Option<&str>| {
        let mut spec = Params::from([
            ("chart".to_owned(), Value::from(chart)),
            (
                "x".to_owned(),
                Value::from(if chart == "bar" { "parity" } else { "n" }),
            ),
        ]);
        if let Some(y) = y {
            spec.insert("y".to_owned(), Value::from(y));
        }
        let request = Request::Figure {
            kind: "chart".to_owned(),
            a: table,
            b: None,
            pills: vec![odd()],
            selection: Selection::None,
            spec,
        };
        match ask(&engine, request) {
            Ok(Response::Figure(figure)) => *figure,
            other => panic!("{chart}: {other:?}"),
        }
    };
    for (kind, y) in [
        ("auto", None),
        ("ecdf", None),
        ("bar", None),
        ("scatter", Some("tens")),
        ("heatmap", Some("parity")),
    ] {
        let figure = chart(kind, y);
        assert_eq!(figure.n + figure.missing, 500, "{kind}");
        assert!(!figure.twin().rows.is_empty(), "{kind}");
    }
}
