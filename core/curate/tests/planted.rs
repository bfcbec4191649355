//! What is planted in the generated web text is found: near and exact duplicates, to a stated recall and precision.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests may stop at the first fault"
)]

use sluice_analysis::{Params, Value};
use sluice_table::host::PlainHost;
use sluice_table::{RunContext, Table};

fn run(op: &str, inputs: &[Table], params: &[(&str, Value)]) -> Table {
    let operation = sluice_curate::operations()
        .into_iter()
        .find(|operation| operation.spec().name == op)
        .unwrap();
    let params: Params = params
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.clone()))
        .collect();
    let context = RunContext {
        host: &PlainHost,
        seed: 7,
        stream_name: "test".to_owned(),
    };
    let mut outcome = pollster::block_on(operation.run(inputs, &params, &context)).unwrap();
    outcome.tables.swap_remove(0)
}

fn texts(table: &Table, column: &str) -> Vec<String> {
    let mut texts = Vec::new();
    table
        .for_each_text(column, |text| {
            texts.push(text.unwrap_or_default().to_owned())
        })
        .unwrap();
    texts
}

/// Recall over the rows planted as duplicates, and precision over the rows marked: a mark is right if row and
/// representative are of one planted cluster, or if the texts are both of a kind that repeats itself.
fn found(params: &[(&str, Value)], kinds: &[&str]) -> (f64, f64) {
    let corpus = run("sample_web_text", &[], &[]);
    let marked = run("deduplicate_text", std::slice::from_ref(&corpus), params);
    let planted = texts(&marked, "planted");
    let clusters = marked.i64_values("cluster").unwrap();
    let duplicate_of = marked.i64_values("duplicate_of").unwrap();
    let is_right = |row: usize, first: usize| {
        let own = clusters.get(row);
        own.is_some() && own == clusters.get(first)
            || planted[row] == "spam" && planted[first] == "spam"
    };
    let mut n = [0_u32; 4];
    for (row, kind) in planted.iter().enumerate() {
        let first = duplicate_of.get(row).map(|first| first as usize);
        let is_planted = kinds.contains(&kind.as_str());
        // The copy may come before the page it was made from.
        let is_found = first.is_some()
            || (0..marked.n_rows()).any(|other| duplicate_of.get(other) == Some(row as i64));
        n[0] += u32::from(is_planted);
        n[1] += u32::from(is_planted && is_found);
        n[2] += u32::from(first.is_some());
        n[3] += u32::from(first.is_some_and(|first| is_right(row, first)));
    }
    (
        f64::from(n[1]) / f64::from(n[0]),
        f64::from(n[3]) / f64::from(n[2].max(1)),
    )
}

#[test]
fn near_duplicates_are_found() {
    let (recall, precision) = found(
        &[("threshold", 0.5.into())],
        &["near_duplicate", "exact_duplicate"],
    );
    assert!(recall >= 0.9 && precision >= 0.95, "{recall} {precision}");
}

#[test]
fn exact_duplicates_are_found() {
    let (recall, precision) = found(&[("method", "exact".into())], &["exact_duplicate"]);
    assert_eq!(recall, 1.0);
    assert!(precision >= 0.99, "{precision}");
}

#[test]
fn removing_leaves_one_of_each_cluster() {
    let corpus = run("sample_web_text", &[], &[]);
    let kept = run(
        "deduplicate_text",
        std::slice::from_ref(&corpus),
        &[("method", "exact".into()), ("remove", true.into())],
    );
    let mut left = texts(&kept, "text");
    let n = left.len();
    left.sort_unstable();
    left.dedup();
    assert_eq!(left.len(), n);
    assert!(n < corpus.n_rows());
}
