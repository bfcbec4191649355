//! What a run measured, in the files that other systems keep beside a dataset.

use std::collections::BTreeMap;

use super::ports::named_measures;
use super::{Run, Work};
use crate::interchange::data_juicer::write_stats;
use crate::interchange::datatrove::{Summary, write_statistics};
use crate::interchange::dolma::{AttributeSpan, Attributes, attribute_name, write_attributes};
use crate::operator::Prepared;
use crate::text::python;

/// The column that names documents in Dolma's files.
const ID: &str = "id";

/// A side file by the name of its form, with its file name and media type; `None` for another form.
pub fn side_file(run: &Run, form: &str) -> Option<(&'static str, &'static str, String)> {
    const LINES: &str = "application/jsonl";
    match form {
        "data-juicer-stats" => Some(("kept_stats.jsonl", LINES, stats(run))),
        "dolma-attributes" => Some(("attributes.jsonl", LINES, attributes(run))),
        "datatrove-statistics" => Some(("metric.json", "application/json", statistics(run))),
        _ => None,
    }
}

/// Values of the rows that are kept, one line each, in their order.
fn stats(run: &Run) -> String {
    let measures = named_measures(run);
    let numbers: Vec<_> = measures
        .iter()
        .filter(|(_, m, _)| m.labels.is_empty())
        .collect();
    let kept = (0..run.n_measured).filter(|row| run.alive[*row]);
    write_stats(kept.map(|row| {
        let mut line = Vec::with_capacity(numbers.len());
        for (name, _, values) in &numbers {
            line.push((name.as_str(), values.get(row).copied().unwrap_or(f64::NAN)));
        }
        line
    }))
}

/// Scores of every row, and what was found where in its text.
fn attributes(run: &Run) -> String {
    let ids = run.base.json_values(ID).ok();
    let mut documents = Vec::with_capacity(run.n_measured);
    for row in 0..run.n_measured {
        let id = match ids.as_ref().and_then(|ids| ids.get(row)) {
            Some(serde_json::Value::String(id)) => id.clone(),
            Some(id) if !id.is_null() => id.to_string(),
            _ => row.to_string(),
        };
        let mut attributes: BTreeMap<String, Vec<AttributeSpan>> = BTreeMap::new();
        for (member, judged) in run.members.iter().zip(&run.judged) {
            let lane = run
                .lanes
                .iter()
                .find(|lane| lane.column == member.common.column);
            let Some(text) = lane.and_then(|lane| lane.base.get(row)) else {
                continue;
            };
            let end = python::len(text) as u64;
            for (measure, values) in judged.measures.iter().zip(&judged.values) {
                let score = values.get(row).copied().unwrap_or(f64::NAN);
                let name = attribute_name("sluice", &member.op, measure.name);
                attributes.entry(name).or_default().push(AttributeSpan {
                    start: 0,
                    end,
                    score,
                });
            }
            if let Work::On(Prepared::Filter(filter)) = &member.work {
                for span in filter.spans(text) {
                    let name = attribute_name("sluice", &member.op, &span.kind);
                    attributes.entry(name).or_default().push(AttributeSpan {
                        start: span.start as u64,
                        end: span.end as u64,
                        score: span.score,
                    });
                }
            }
        }
        documents.push(Attributes { id, attributes });
    }
    write_attributes(documents.iter())
}

/// Sums over all rows by measure.
fn statistics(run: &Run) -> String {
    let summaries = named_measures(run)
        .into_iter()
        .filter(|(_, measure, _)| measure.labels.is_empty())
        .map(|(name, _, values)| {
            let defined = values.iter().copied().filter(|value| !value.is_nan());
            (name, Summary::of(defined))
        })
        .collect();
    write_statistics(&summaries)
}
