//! Recipes as the page uses them: steps in a document, questions about their chain.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use sluice_analysis::{Analysis, Origin, Params, Ref, StepId, Value};
use sluice_engine::{Cancelled, Engine, Host, LocalBoxFuture, MemorySource, TaskHost};
use sluice_protocol::cells::Cells;
use sluice_protocol::message::{Failure, Request, Response, RowWindow};
use sluice_protocol::recipe::{LimitSide, RecipeAnswer, RecipeOverview, RecipeQuery, RowReasons};

struct TestHost {
    n_checkpoints: Cell<u32>,
    cancel_at: u32,
    partials: RefCell<Vec<Response>>,
}

impl TestHost {
    fn new(cancel_at: u32) -> Self {
        Self {
            n_checkpoints: Cell::new(0),
            cancel_at,
            partials: RefCell::default(),
        }
    }
}

impl Host for TestHost {
    fn progress(&self, _stage: &str, _done: u64, _total: u64) {}
    fn checkpoint(&self) -> LocalBoxFuture<'_, Result<(), Cancelled>> {
        self.n_checkpoints.set(self.n_checkpoints.get() + 1);
        let is_cancelled = self.n_checkpoints.get() >= self.cancel_at;
        // Gives way once, so that whoever watches the run is polled.
        let mut gave_way = false;
        Box::pin(std::future::poll_fn(move |cx| {
            if is_cancelled {
                return std::task::Poll::Ready(Err(Cancelled));
            }
            if std::mem::replace(&mut gave_way, true) {
                return std::task::Poll::Ready(Ok(()));
            }
            cx.waker().wake_by_ref();
            std::task::Poll::Pending
        }))
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

/// A document with one table and steps after each other.
struct Bench {
    engine: Engine,
    document: Analysis,
    last: Ref,
}

impl Bench {
    fn new(jsonl: &str) -> Self {
        let mut document = Analysis::new(7);
        let id = document.add_source("texts.jsonl", Origin::Files(Vec::new()), Params::new());
        let engine = Engine::new();
        let file = MemorySource::new("texts.jsonl", jsonl.as_bytes().to_vec());
        engine.attach(id, vec![Rc::new(file)]);
        engine.set_document(Arc::new(document.clone()));
        Self {
            engine,
            document,
            last: Ref::Source(id),
        }
    }

    fn add(&mut self, op: &str, params: &[(&str, Value)]) -> StepId {
        let params = params
            .iter()
            .map(|(k, v)| ((*k).to_owned(), v.clone()))
            .collect();
        let id = self.document.add_step(op, 1, params, vec![self.last]);
        self.last = Ref::Step(id, 0);
        self.engine.set_document(Arc::new(self.document.clone()));
        id
    }

    fn ask(&self, request: Request) -> Result<Response, Failure> {
        pollster::block_on(self.engine.handle(request, &TestHost::new(u32::MAX)))
    }

    fn recipe(&self, query: RecipeQuery) -> RecipeAnswer {
        let table = self.last;
        match self.ask(Request::Recipe { table, query }) {
            Ok(Response::Recipe(answer)) => *answer,
            other => panic!("{other:?}"),
        }
    }

    fn overview(&self) -> RecipeOverview {
        match self.recipe(RecipeQuery::Overview { tried: None }) {
            RecipeAnswer::Overview(overview) => overview,
            other => panic!("{other:?}"),
        }
    }

    fn row(&self, row: u64, port: Option<u8>) -> RowReasons {
        match self.recipe(RecipeQuery::Row { row, port }) {
            RecipeAnswer::Row(reasons) => reasons,
            other => panic!("{other:?}"),
        }
    }

    fn texts(&self, table: Ref, column: &str) -> Vec<String> {
        let window = RowWindow {
            count: 100,
            columns: vec![column.to_owned()],
            ..RowWindow::default()
        };
        match self.ask(Request::Rows { table, window }) {
            Ok(Response::Rows(page)) => match &page.columns[0].cells {
                Cells::Text(texts) => texts
                    .iter()
                    .map(|text| text.as_ref().map_or_else(String::new, String::clone))
                    .collect(),
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        }
    }
}

fn four_texts() -> Bench {
    let lines = [
        r#"{"id": 0, "text": "plain words\u00a0here", "source": "a"}"#,
        r#"{"id": 1, "text": "!!!! ???? ....", "source": "a"}"#,
        r#"{"id": 2, "text": "half !!!!", "source": "b"}"#,
        r#"{"id": 3, "text": null, "source": "b"}"#,
    ];
    Bench::new(&lines.join("\n"))
}

/// A chain is one recipe: edits happen, filters decide, and every row of the input knows why it stays or goes.
#[test]
fn a_chain_of_steps_is_one_recipe() {
    let mut bench = four_texts();
    bench.add("whitespace_normalization_mapper", &[]);
    let filter = bench.add("alphanumeric_filter", &[("min_ratio", Value::from(0.4))]);
    let overview = bench.overview();
    assert_eq!((overview.n_rows, overview.members.len()), (4, 2));
    let [mapper, measured] = &overview.members[..] else {
        panic!("{overview:?}");
    };
    assert_eq!((mapper.n_edited, mapper.rows_out), (1, 4));
    assert_eq!(
        (measured.rows_in, measured.rows_out, measured.n_alone),
        (4, 2, 2)
    );
    assert_eq!(measured.measures[0].n_undefined, 1);
    assert_eq!(
        bench.texts(bench.last, "text"),
        ["plain words here", "half !!!!"]
    );
    assert_eq!(
        bench.texts(Ref::Step(filter, 1), "reason"),
        ["share of letters and digits out of range"; 2]
    );
    // The second row of the removed ones is the last of the input; its text is missing.
    let reasons = bench.row(1, Some(1));
    assert_eq!(
        (reasons.row, reasons.removed_by, reasons.only_by),
        (3, Some(1), Some(1))
    );
    assert!(reasons.verdicts[1].values[0].value.is_nan());
}

/// Trying a limit changes neither the document nor what was measured.
#[test]
fn a_limit_can_be_tried() {
    let mut bench = four_texts();
    let filter = bench.add("alphanumeric_filter", &[]);
    assert_eq!(bench.overview().members[0].rows_out, 2);
    let params = Params::from([("min_ratio".to_owned(), Value::from(0.9))]);
    let tried = RecipeQuery::Overview {
        tried: Some((filter, params)),
    };
    match bench.recipe(tried) {
        RecipeAnswer::Overview(overview) => assert_eq!(overview.members[0].rows_out, 0),
        other => panic!("{other:?}"),
    }
    assert_eq!(bench.overview().members[0].rows_out, 2);
    let near = RecipeQuery::Examples {
        step: filter,
        condition: 0,
        side: LimitSide::Min,
        limit: 0.25,
        count: 3,
    };
    match bench.recipe(near) {
        RecipeAnswer::Examples(examples) => {
            let rows = |examples: &[sluice_protocol::recipe::Example]| {
                examples
                    .iter()
                    .map(|example| example.row)
                    .collect::<Vec<_>>()
            };
            assert_eq!(rows(&examples.inside), [2, 0]);
            assert_eq!(rows(&examples.outside), [1]);
        }
        other => panic!("{other:?}"),
    }
}

/// An operator that is off, unknown or given impossible parameters lets all rows through and says why.
#[test]
fn what_cannot_run_is_said() {
    let mut bench = four_texts();
    bench.add("image_shape_filter", &[("min_width", Value::from(3_i64))]);
    bench.add("alphanumeric_filter", &[("min_ratio", Value::from("much"))]);
    bench.add("alphanumeric_filter", &[]);
    let overview = bench.overview();
    let notes: Vec<(bool, bool)> = overview
        .members
        .iter()
        .map(|member| (member.is_on, member.note.is_empty()))
        .collect();
    assert_eq!(notes, [(false, false), (false, false), (true, true)]);
    assert_eq!(overview.members[2].rows_in, 4);
}

/// A watcher sees the rows measured so far; a person who stops it loses nothing.
#[test]
fn a_long_run_shows_its_parts_and_can_be_stopped() {
    let line = |n: usize| format!(r#"{{"text": "{} {n}"}}"#, "some words ".repeat(60));
    let lines: Vec<String> = (0..3000).map(line).collect();
    let mut bench = Bench::new(&lines.join("\n"));
    bench.add("alphanumeric_filter", &[]);
    let table = bench.last;
    let query = RecipeQuery::Overview { tried: None };
    let request = || Request::Recipe {
        table,
        query: query.clone(),
    };
    let stopped = pollster::block_on(bench.engine.handle(request(), &TestHost::new(12)));
    assert!(stopped.is_err());
    let host = TestHost::new(u32::MAX);
    pollster::block_on(bench.engine.handle(request(), &host)).expect("the whole run");
    let parts = host.partials.borrow();
    let measured: Vec<u64> = parts
        .iter()
        .map(|part| match part {
            Response::Recipe(answer) => match &**answer {
                RecipeAnswer::Overview(overview) => overview.n_measured,
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        })
        .collect();
    assert!(measured.len() >= 3, "{measured:?}");
    assert!(
        measured.windows(2).all(|pair| pair[0] < pair[1]),
        "{measured:?}"
    );
}

/// What is planted in the built-in web text is found by the operator that is for it, and little else is.
#[test]
fn what_is_planted_is_found() {
    let mut document = Analysis::new(7);
    let origin = Origin::Sample {
        op: "sample_web_text".to_owned(),
        params: Params::new(),
    };
    let id = document.add_source("web_text", origin, Params::new());
    let mut bench = Bench {
        engine: Engine::new(),
        document,
        last: Ref::Source(id),
    };
    bench.add("fix_unicode_mapper", &[]);
    let english = [("lang", Value::from("en")), ("min_score", Value::from(0.5))];
    let language = bench.add("language_id_score_filter", &english);
    let repetition = bench.add("word_repetition_filter", &[]);
    let personal = bench.add(
        "personal_data_filter",
        &[("max_findings", Value::from(0_i64))],
    );
    let paragraphs = bench.add("paragraph_deduplicator", &[]);
    let near = bench.add(
        "document_minhash_deduplicator",
        &[("jaccard_threshold", Value::from(0.5))],
    );
    let members: Vec<u32> = bench
        .overview()
        .members
        .iter()
        .map(|member| member.step)
        .collect();
    // Share of the rows of these values that an operator finds, and share of what it finds that has one of them.
    let found = |step: StepId, column: &str, is_meant: &dyn Fn(&str) -> bool| {
        let column = column.to_owned();
        let groups = match bench.recipe(RecipeQuery::Groups { column }) {
            RecipeAnswer::Groups(groups) => groups,
            other => panic!("{other:?}"),
        };
        let place = members
            .iter()
            .position(|member| *member == step.0)
            .expect("a member");
        let (mut n_meant, mut n_right, mut n_found) = (0, 0, 0);
        for group in groups {
            n_found += group.rows_found[place];
            if is_meant(&group.name) {
                n_meant += group.rows_in;
                n_right += group.rows_found[place];
            }
        }
        (
            n_right as f64 / n_meant as f64,
            n_right as f64 / n_found as f64,
        )
    };
    let check = |step, column: &str, is_meant: &dyn Fn(&str) -> bool, recall, precision| {
        let got = found(step, column, is_meant);
        println!("{column}: recall {:.3}, precision {:.3}", got.0, got.1);
        assert!(got.0 >= recall && got.1 >= precision, "{column}: {got:?}");
    };
    check(language, "language", &|name| name != "en", 0.99, 0.9);
    check(repetition, "planted", &|name| name == "spam", 0.9, 0.9);
    check(
        personal,
        "planted",
        &|name| name == "personal_data",
        0.95,
        0.95,
    );
    // Copies of pages share their paragraphs too.
    let repeats = [
        "boilerplate",
        "near_duplicate",
        "exact_duplicate",
        "clean",
        "spam",
    ];
    check(
        paragraphs,
        "planted",
        &|name| name == "boilerplate",
        0.95,
        0.5,
    );
    check(
        paragraphs,
        "planted",
        &|name| repeats.contains(&name),
        0.1,
        0.95,
    );
    let query = RecipeQuery::Clusters {
        step: near,
        start: 0,
        count: 3,
        truth: Some("cluster".to_owned()),
    };
    match bench.recipe(query) {
        RecipeAnswer::Clusters(clusters) => {
            let truth = clusters.truth.expect("a check");
            println!("{truth:?}");
            assert!(
                truth.n_right as f64 >= 0.9 * truth.n_named as f64,
                "{truth:?}"
            );
            assert!(
                truth.n_right as f64 >= 0.9 * truth.n_found as f64,
                "{truth:?}"
            );
        }
        other => panic!("{other:?}"),
    }
}
