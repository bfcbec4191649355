//! The built-in samples, and analyses of them to look at and take apart.

use sluice_analysis::{
    Analysis, Bench, Note, Origin, Params, Pill, Predicate, Ref, SortKey, Value, link,
};

use super::{AppState, edits};
use crate::recipe::{self, NewStep};
use crate::text;

/// A built-in sample: the operation that makes it and the names of its tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    pub op: &'static str,
    pub title: &'static str,
    pub about: &'static str,
    pub tables: &'static [&'static str],
}

pub const WEB_TEXT: Sample = Sample {
    op: "sample_web_text",
    title: text::SAMPLE_WEB,
    about: text::SAMPLE_WEB_ABOUT,
    tables: &["web_text"],
};
pub const CENSUS: Sample = Sample {
    op: "sample_census",
    title: text::SAMPLE_CENSUS,
    about: text::SAMPLE_CENSUS_ABOUT,
    tables: &["census_before", "census_after"],
};
pub const REQUESTS: Sample = Sample {
    op: "sample_requests",
    title: text::SAMPLE_REQUESTS,
    about: text::SAMPLE_REQUESTS_ABOUT,
    tables: &["requests"],
};
pub const SAMPLES: [Sample; 3] = [WEB_TEXT, CENSUS, REQUESTS];

/// An analysis to open, as a link.
pub struct Example {
    pub bench: &'static str,
    pub question: &'static str,
    pub fragment: String,
}

/// The operators of the example of curation, in their order, with what is chosen of their parameters. Duplicates of whole
/// pages go before those of single lines: cuts would make copies unlike.
fn curating() -> [(&'static str, Params); 7] {
    let params = |choices: &[(&str, Value)]| -> Params {
        let pair = |(name, value): &(&str, Value)| ((*name).to_owned(), value.clone());
        choices.iter().map(pair).collect()
    };
    [
        ("fix_unicode_mapper", Params::new()),
        ("whitespace_normalization_mapper", Params::new()),
        (
            "language_id_score_filter",
            params(&[
                ("lang", Value::from("en")),
                ("min_score", Value::Float(0.5)),
            ]),
        ),
        ("word_repetition_filter", Params::new()),
        (
            "personal_data_filter",
            params(&[("max_findings", Value::Float(0.0))]),
        ),
        (
            "document_minhash_deduplicator",
            params(&[("jaccard_threshold", Value::Float(0.5))]),
        ),
        (
            "paragraph_deduplicator",
            params(&[("min_words", Value::Int(6))]),
        ),
    ]
}

/// The steps of the example of curation, all parameters written out. `None` while one is not known.
fn curating_steps(state: AppState) -> Option<Vec<NewStep>> {
    let steps = curating().into_iter().map(|(op, choices)| {
        let spec = state.engine.operation(op)?;
        let mut params = state.default_params(op);
        params.extend(choices);
        Some(NewStep {
            op: op.to_owned(),
            op_version: spec.version,
            params,
            is_on: true,
        })
    });
    steps.collect()
}

/// One per bench and one of a recipe. Empty until the engine has said which parameters its samples have.
pub fn all(state: AppState) -> Vec<Example> {
    let make = |bench, question, doc: Analysis| {
        let fragment = link::to_fragment(&doc).ok()?;
        Some(Example {
            bench,
            question,
            fragment,
        })
    };
    let has_all = SAMPLES
        .iter()
        .all(|sample| state.engine.operation(sample.op).is_some());
    if !has_all {
        return Vec::new();
    }
    let params = |sample: Sample| state.default_params(sample.op);
    [
        make(
            text::BENCH_DATA,
            text::EXAMPLE_DATA,
            web_text(params(WEB_TEXT)),
        ),
        curating_steps(state).and_then(|steps| {
            make(
                text::BENCH_DATA,
                text::EXAMPLE_CURATE,
                curated(params(WEB_TEXT), steps),
            )
        }),
        make(
            text::BENCH_SHIFT,
            text::EXAMPLE_SHIFT,
            census(params(CENSUS)),
        ),
        make(
            text::BENCH_SERVE,
            text::EXAMPLE_SERVE,
            requests(params(REQUESTS)),
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn with_sample(sample: Sample, params: &Params, title: &str, seed: u64) -> (Analysis, Vec<Ref>) {
    let mut doc = Analysis::new(seed);
    title.clone_into(&mut doc.title);
    let tables = sample
        .tables
        .iter()
        .enumerate()
        .map(|(i, name)| {
            let origin = Origin::Sample {
                op: sample.op.to_owned(),
                params: params.clone(),
            };
            let id = edits::add_source(&mut doc, name, origin);
            if i > 0 {
                edits::set_load(&mut doc, id, "table", Some(Value::Int(i as i64)));
            }
            Ref::Source(id)
        })
        .collect();
    (doc, tables)
}

fn add_note(doc: &mut Analysis, panel_idx: usize, note: &str) {
    if let Some(panel) = doc.panels.get(panel_idx).map(|panel| panel.id) {
        doc.notes.push(Note {
            panel: Some(panel),
            text: note.to_owned(),
        });
    }
}

fn chart(doc: &mut Analysis, x: &str, y: Option<&str>, kind: &str) {
    let mut spec = Params::from([
        ("x".to_owned(), Value::from(x)),
        ("chart".to_owned(), Value::from(kind)),
    ]);
    if let Some(y) = y {
        spec.insert("y".to_owned(), Value::from(y));
    }
    edits::add_chart(doc, spec);
}

/// What is in a crawl that should not be?
fn web_text(params: Params) -> Analysis {
    let (mut doc, tables) = with_sample(WEB_TEXT, &params, text::EXAMPLE_DATA_TITLE, 7);
    add_note(&mut doc, 0, text::NOTE_WEB_OVERVIEW);
    chart(&mut doc, "language", None, "auto");
    add_note(&mut doc, 1, text::NOTE_WEB_LANGUAGE);
    if let Some(table) = tables.first() {
        doc.grid_mut(*table).sort = vec![SortKey {
            column: "text".to_owned(),
            descending: false,
        }];
    }
    doc
}

/// Which pages should a language model not read, and who is hit by each rule?
fn curated(params: Params, steps: Vec<NewStep>) -> Analysis {
    let (mut doc, tables) = with_sample(WEB_TEXT, &params, text::EXAMPLE_CURATE_TITLE, 7);
    add_note(&mut doc, 0, text::NOTE_CURATE);
    if let Some(table) = tables.first() {
        recipe::append_all(&mut doc, *table, steps);
    }
    doc
}

/// Did the people change, or what they answer?
fn census(params: Params) -> Analysis {
    let (mut doc, tables) = with_sample(CENSUS, &params, text::EXAMPLE_SHIFT_TITLE, 7);
    doc.view.bench = Bench::Shift;
    if let [a, b] = tables[..] {
        edits::look_at(&mut doc, a);
        edits::compare_with(&mut doc, Some(b));
    }
    add_note(&mut doc, 0, text::NOTE_CENSUS_OVERVIEW);
    chart(&mut doc, "age", None, "auto");
    add_note(&mut doc, 1, text::NOTE_CENSUS_AGE);
    doc
}

/// When is the service busiest, and with what?
fn requests(params: Params) -> Analysis {
    let (mut doc, _) = with_sample(REQUESTS, &params, text::EXAMPLE_SERVE_TITLE, 7);
    doc.view.bench = Bench::Serve;
    add_note(&mut doc, 0, text::NOTE_REQUESTS_OVERVIEW);
    chart(&mut doc, "prompt_tokens", None, "auto");
    add_note(&mut doc, 1, text::NOTE_REQUESTS_TOKENS);
    let predicate = Predicate::Range {
        low: Some(2000.0),
        high: None,
        high_inclusive: false,
    };
    doc.set_pill(Pill {
        column: "prompt_tokens".to_owned(),
        predicate,
    });
    doc
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_are_short_links_that_open() {
        let step = |(op, params): (&str, Params)| NewStep {
            op: op.to_owned(),
            op_version: 1,
            params,
            is_on: true,
        };
        let steps: Vec<NewStep> = curating().into_iter().map(step).collect();
        for doc in [
            web_text(Params::new()),
            curated(Params::new(), steps),
            census(Params::new()),
            requests(Params::new()),
        ] {
            let fragment = link::to_fragment(&doc).unwrap();
            assert!(fragment.len() < 2000, "{}", fragment.len());
            assert_eq!(link::decode(&fragment).unwrap(), doc);
        }
    }
}
