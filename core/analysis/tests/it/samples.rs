//! Documents that several tests look at.

use sluice_analysis::{
    Analysis, ColumnSpan, FileIdentity, KeyNumber, Note, Origin, Params, Pill, Point, Predicate,
    Ref, Selection, SortKey, TextMatch, Value,
};

pub fn params(fields: &[(&str, Value)]) -> Params {
    fields
        .iter()
        .map(|(key, value)| ((*key).to_owned(), value.clone()))
        .collect()
}

pub fn pill(column: &str, predicate: Predicate) -> Pill {
    Pill {
        column: column.to_owned(),
        predicate,
    }
}

/// A web corpus that is filtered, deduplicated and compared with what it was before.
pub fn typical() -> Analysis {
    let mut analysis = Analysis::new(20_260_101);
    analysis.title = "What the quality filters remove".to_owned();
    let corpus = Ref::Source(analysis.add_source(
        "crawl-2026-03.jsonl",
        Origin::Files(vec![FileIdentity {
            name: "crawl-2026-03.jsonl".to_owned(),
            size_bytes: 48_211_094,
            head_tail_blake3: Some("5b8c".repeat(16)),
            blake3: Some("a1f09d3e".repeat(8)),
        }]),
        params(&[("format", "jsonl".into())]),
    ));
    let words = Ref::Source(analysis.add_source(
        "flagged words",
        Origin::Sample {
            op: "word_list".to_owned(),
            params: params(&[("language", "en".into())]),
        },
        Params::new(),
    ));
    let mut last = corpus;
    for (op, inputs, fields) in [
        (
            "language_filter",
            vec![],
            params(&[("column", "text".into()), ("min_prob", 0.65.into())]),
        ),
        (
            "word_count_filter",
            vec![],
            params(&[
                ("column", "text".into()),
                ("min", 50.into()),
                ("max", 100_000.into()),
            ]),
        ),
        (
            "flagged_words_filter",
            vec![words],
            params(&[("column", "text".into()), ("max_share", 0.01.into())]),
        ),
        (
            "minhash_dedup",
            vec![],
            params(&[
                ("column", "text".into()),
                ("n_permutations", 128.into()),
                ("min_jaccard", 0.8.into()),
                (
                    "shingle",
                    Value::Map(params(&[("unit", "word".into()), ("n", 5.into())])),
                ),
            ]),
        ),
    ] {
        let inputs = [vec![last], inputs].concat();
        last = Ref::Step(analysis.add_step(op, 1, fields, inputs), 0);
    }
    let funnel = analysis.add_panel("funnel", last, None, Params::new());
    analysis.add_panel(
        "histogram",
        last,
        Some(corpus),
        params(&[
            ("column", "n_words".into()),
            ("n_bins", 64.into()),
            ("log", true.into()),
        ]),
    );
    analysis.notes.push(Note {
        panel: None,
        text: "Counts are documents, not tokens.".to_owned(),
    });
    analysis.notes.push(Note {
        panel: Some(funnel),
        text: "The language filter removes **most** of it:\n\n- menus\n- cookie banners".to_owned(),
    });
    analysis.toggle_value("language", "en".into());
    analysis.toggle_value("language", "de".into());
    analysis.set_pill(pill(
        "n_words",
        Predicate::Range {
            low: Some(50.0),
            high: Some(2_000.0),
            high_inclusive: false,
        },
    ));
    let grid = analysis.grid_mut(last);
    grid.sort.push(SortKey {
        column: "n_words".to_owned(),
        descending: true,
    });
    grid.pinned.push("url".to_owned());
    grid.width_px.insert("text".to_owned(), 480);
    analysis.key_numbers.push(KeyNumber {
        name: "rows kept".to_owned(),
        value: 31_337.0,
        rel_tolerance: 0.0,
    });
    analysis
}

/// Every variant of every type, and the floats that JSON lacks.
pub fn every_variant() -> Analysis {
    let mut analysis = Analysis::new(u64::MAX);
    analysis.title = "Everything “at once” \u{1F980}".to_owned();
    let a = analysis.add_source(
        "a",
        Origin::Embedded {
            file_name: "a.csv".to_owned(),
            bytes: b"x,y\n1,2\n\xff\x00".to_vec(),
        },
        params(&[("delimiter", ",".into()), ("header", true.into())]),
    );
    let b = analysis.add_source(
        "b",
        Origin::Url {
            url: "https://example.org/b.parquet".to_owned(),
        },
        Params::new(),
    );
    let c = analysis.add_source("c", Origin::Files(Vec::new()), Params::new());
    let values = [
        ("null", Value::Null),
        ("int", i64::MIN.into()),
        ("float", 0.1.into()),
        ("whole", 1.0.into()),
        ("negative_zero", (-0.0).into()),
        ("nan", f64::NAN.into()),
        ("infinity", f64::INFINITY.into()),
        (
            "list",
            Value::List(vec![
                Value::Null,
                f64::NEG_INFINITY.into(),
                Value::List(Vec::new()),
            ]),
        ),
        ("escaped", Value::Map(params(&[("$float", "NaN".into())]))),
        (
            "twice_escaped",
            Value::Map(params(&[("$$float", Value::Null)])),
        ),
    ];
    let step = analysis.add_step(
        "unknown_operation",
        7,
        params(&values),
        vec![Ref::Source(a)],
    );
    let second = analysis.add_step(
        "join",
        1,
        Params::new(),
        vec![Ref::Step(step, 1), Ref::Source(b)],
    );
    analysis.set_enabled(second, false).unwrap();
    analysis.add_panel(
        "scatter",
        Ref::Step(second, 0),
        Some(Ref::Source(c)),
        Params::new(),
    );
    analysis.view.bench = sluice_analysis::Bench::Serve;
    analysis.view.table = Some(Ref::Step(step, 0));
    analysis.view.compare = Some(Ref::Source(b));
    let one_of = Predicate::OneOf {
        values: vec![Value::Null, "x".into()],
        negated: true,
    };
    let range = Predicate::Range {
        low: None,
        high: Some(f64::INFINITY),
        high_inclusive: true,
    };
    let text = |mode| Predicate::Text {
        pattern: "a.b".to_owned(),
        mode,
        case_sensitive: true,
    };
    let conditions = vec![
        pill("k", one_of),
        pill("x", range),
        pill("y", Predicate::Missing(false)),
        pill("", text(TextMatch::Contains)),
        pill("z", text(TextMatch::Regex)),
        pill("", Predicate::Expression("x > 2 * y".to_owned())),
    ];
    analysis.view.pills.clone_from(&conditions);
    analysis.view.selection = Selection::Where(conditions);
    analysis.key_numbers.push(KeyNumber {
        name: "undefined ratio".to_owned(),
        value: f64::NAN,
        rel_tolerance: 1e-9,
    });
    analysis
}

pub fn polygon(points: &[(f64, f64)]) -> Selection {
    Selection::Polygon {
        x: ColumnSpan {
            column: "x".to_owned(),
            log: false,
        },
        y: ColumnSpan {
            column: "y".to_owned(),
            log: true,
        },
        points: points.iter().map(|&(x, y)| Point { x, y }).collect(),
    }
}

/// A list in a list in a list…: the innermost `Null` is at depth `depth`.
pub fn nested(depth: usize) -> Value {
    (0..depth).fold(Value::Null, |inner, _| Value::List(vec![inner]))
}

pub fn with_param(value: Value) -> Analysis {
    let mut analysis = Analysis::new(1);
    analysis.add_step("op", 1, params(&[("value", value)]), Vec::new());
    analysis
}
