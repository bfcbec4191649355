//! Arbitrary valid documents.

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use sluice_analysis::{
    Analysis, Bench, ColumnSpan, FileIdentity, GridView, KeyNumber, Note, Origin, Params, Pill,
    Point, Predicate, Ref, Selection, SortKey, TextMatch, Value, View,
};

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("$float".to_owned()),
        Just("NaN".to_owned()),
        ".{0,8}",
        "[a-z_]{1,12}"
    ]
}

/// Any float; NaN without a payload, since JSON has only one.
fn float() -> impl Strategy<Value = f64> {
    let special = [
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        -0.0,
        0.1,
        f64::MIN_POSITIVE,
        5e-324,
    ];
    prop_oneof![
        prop::sample::select(special.to_vec()),
        any::<u64>().prop_map(|bits| {
            let float = f64::from_bits(bits);
            if float.is_nan() { f64::NAN } else { float }
        }),
        -1e6..1e6,
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        float().prop_map(Value::Float),
        text().prop_map(Value::Text),
    ];
    leaf.prop_recursive(6, 32, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::List),
            btree_map(text(), inner, 0..4).prop_map(Value::Map),
        ]
    })
}

fn params() -> impl Strategy<Value = Params> {
    btree_map(text(), value(), 0..4)
}

fn file() -> impl Strategy<Value = FileIdentity> {
    (
        text(),
        any::<u64>(),
        option::of("[0-9a-f]{64}"),
        option::of("[0-9a-f]{64}"),
    )
        .prop_map(
            |(name, size_bytes, head_tail_blake3, blake3)| FileIdentity {
                name,
                size_bytes,
                head_tail_blake3,
                blake3,
            },
        )
}

fn origin() -> impl Strategy<Value = Origin> {
    prop_oneof![
        vec(file(), 0..3).prop_map(Origin::Files),
        (text(), params()).prop_map(|(op, params)| Origin::Sample { op, params }),
        (text(), vec(any::<u8>(), 0..64))
            .prop_map(|(file_name, bytes)| Origin::Embedded { file_name, bytes }),
        text().prop_map(|url| Origin::Url { url }),
    ]
}

fn predicate() -> impl Strategy<Value = Predicate> {
    let mode = prop_oneof![Just(TextMatch::Contains), Just(TextMatch::Regex)];
    prop_oneof![
        (vec(value(), 0..4), any::<bool>())
            .prop_map(|(values, negated)| Predicate::OneOf { values, negated }),
        (option::of(float()), option::of(float()), any::<bool>()).prop_map(
            |(low, high, high_inclusive)| Predicate::Range {
                low,
                high,
                high_inclusive
            }
        ),
        any::<bool>().prop_map(Predicate::Missing),
        (text(), mode, any::<bool>()).prop_map(|(pattern, mode, case_sensitive)| Predicate::Text {
            pattern,
            mode,
            case_sensitive
        }),
        text().prop_map(Predicate::Expression),
    ]
}

fn pills() -> impl Strategy<Value = Vec<Pill>> {
    let pill = (text(), predicate()).prop_map(|(column, predicate)| Pill { column, predicate });
    vec(pill, 0..4)
}

fn selection() -> impl Strategy<Value = Selection> {
    let span = || (text(), any::<bool>()).prop_map(|(column, log)| ColumnSpan { column, log });
    let point = (-1e300..1e300, -1.0..1.0).prop_map(|(x, y)| Point { x, y });
    prop_oneof![
        Just(Selection::None),
        pills().prop_map(Selection::Where),
        (span(), span(), vec(point, 0..5)).prop_map(|(x, y, points)| Selection::Polygon {
            x,
            y,
            points
        }),
        prop::collection::btree_set(any::<u64>(), 0..20)
            .prop_map(|rows| Selection::Rows(rows.into_iter().collect())),
    ]
}

/// How a grid is arranged, and a number that chooses its table.
fn grid() -> impl Strategy<Value = (usize, GridView)> {
    let key =
        (text(), any::<bool>()).prop_map(|(column, descending)| SortKey { column, descending });
    let columns = || vec(text(), 0..3);
    (
        any::<usize>(),
        vec(key, 0..3),
        columns(),
        columns(),
        btree_map(text(), any::<u32>(), 0..3),
    )
        .prop_map(|(choice, sort, pinned, hidden, width_px)| {
            let table = Ref::Source(sluice_analysis::SourceId(0));
            (
                choice,
                GridView {
                    table,
                    sort,
                    pinned,
                    hidden,
                    width_px,
                },
            )
        })
}

/// Documents of up to four sources, six steps and four panels. Tables are drawn as numbers and taken modulo the
/// tables there are.
pub fn analysis() -> impl Strategy<Value = Analysis> {
    let choice = any::<usize>;
    let source = (text(), origin(), params());
    let step = (
        text(),
        any::<u32>(),
        params(),
        vec((choice(), any::<u8>()), 0..3),
        any::<bool>(),
    );
    let panel = (
        text(),
        choice(),
        option::of(choice()),
        params(),
        option::of(text()),
    );
    let bench = prop_oneof![Just(Bench::Data), Just(Bench::Shift), Just(Bench::Serve)];
    let view = (
        bench,
        option::of(choice()),
        option::of(choice()),
        pills(),
        selection(),
    );
    let number = (text(), float(), float()).prop_map(|(name, value, rel_tolerance)| KeyNumber {
        name,
        value,
        rel_tolerance,
    });
    (
        (
            text(),
            any::<u64>(),
            vec(source, 0..4),
            vec(step, 0..6),
            vec(panel, 0..4),
        ),
        (
            view,
            vec(grid(), 0..3),
            vec(text(), 0..3),
            vec(number, 0..3),
        ),
    )
        .prop_map(
            |((title, seed, sources, steps, panels), (view, grids, notes, numbers))| {
                let mut analysis = Analysis::new(seed);
                analysis.title = title;
                for (name, origin, load) in sources {
                    analysis.add_source(name, origin, load);
                }
                for (op, version, params, inputs, enabled) in steps {
                    let inputs = inputs
                        .into_iter()
                        .filter_map(|(i, port)| nth(&analysis, i, port));
                    let inputs = inputs.collect();
                    let id = analysis.add_step(op, version, params, inputs);
                    analysis.set_enabled(id, enabled).unwrap();
                }
                for (kind, a, b, spec, note) in panels {
                    let Some(a) = nth(&analysis, a, 0) else {
                        continue;
                    };
                    let b = b.and_then(|b| nth(&analysis, b, 0));
                    let panel = analysis.add_panel(kind, a, b, spec);
                    analysis.notes.extend(note.map(|text| Note {
                        panel: Some(panel),
                        text,
                    }));
                }
                let (bench, table, compare, pills, selection) = view;
                let table = table.and_then(|table| nth(&analysis, table, 0));
                let compare = compare.and_then(|table| nth(&analysis, table, 0));
                let grids = grids
                    .into_iter()
                    .filter_map(|(i, grid)| {
                        Some(GridView {
                            table: nth(&analysis, i, 0)?,
                            ..grid
                        })
                    })
                    .collect();
                analysis.view = View {
                    bench,
                    table,
                    compare,
                    pills,
                    grids,
                    selection,
                };
                analysis
                    .notes
                    .extend(notes.into_iter().map(|text| Note { panel: None, text }));
                analysis.key_numbers = numbers;
                analysis
            },
        )
}

fn nth(analysis: &Analysis, choice: usize, port: u8) -> Option<Ref> {
    let tables = analysis.tables();
    let table = *tables.get(choice.checked_rem(tables.len())?)?;
    Some(match table {
        Ref::Source(_) => table,
        Ref::Step(id, _) => Ref::Step(id, port),
    })
}
