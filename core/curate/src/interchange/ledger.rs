//! The ledger of a run: which operators remove which rows, and why. One JSON object per line.

use serde_json::{Value as Json, json};

use super::lines;
use crate::operator::Span;

/// One row and one operator that removes it, whether or not another removed it before.
#[derive(Clone, Debug, PartialEq)]
pub struct LedgerEntry<'a> {
    /// Position in the table that went in, from 0.
    pub row: u64,
    pub op: &'a str,
    /// Position in the recipe, from 0.
    pub step: usize,
    /// Name of the measured column; empty where nothing is measured.
    pub measure: &'a str,
    /// NaN where undefined.
    pub value: f64,
    /// Limits of what stays; infinite or NaN where there is none.
    pub min: f64,
    pub max: f64,
    /// Why the row goes, in words.
    pub reason: &'a str,
    /// Whether this operator came first of those that remove the row.
    pub removed_first: bool,
    /// Where in the text, in code points; may be empty.
    pub spans: &'a [Span],
}

/// Writes the ledger as JSON lines, in the order given.
///
/// Keys: `row`, `op`, `step`, `measure`, `value`, `min`, `max`, `reason`, `removed_first`, and `spans` where there are
/// any, as `[start, end, kind, score]`. Undefined values and missing limits are null.
pub fn write_ledger<'a>(entries: impl Iterator<Item = LedgerEntry<'a>>) -> String {
    let mut text = String::new();
    for entry in entries {
        push(&mut text, &entry);
    }
    text
}

fn push(text: &mut String, entry: &LedgerEntry<'_>) {
    let mut line = json!({
        "row": entry.row,
        "op": entry.op,
        "step": entry.step,
        "measure": if entry.measure.is_empty() { Json::Null } else { json!(entry.measure) },
        "value": lines::number(entry.value),
        "min": lines::number(entry.min),
        "max": lines::number(entry.max),
        "reason": entry.reason,
        "removed_first": entry.removed_first,
    });
    if !entry.spans.is_empty() {
        let spans = entry
            .spans
            .iter()
            .map(|span| json!([span.start, span.end, span.kind, lines::number(span.score)]));
        line["spans"] = spans.collect();
    }
    lines::push(text, &line);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_lines() {
        let spans = [Span::new(2, 5, "word", 1.0)];
        let entry = LedgerEntry {
            row: 7,
            op: "words_num_filter",
            step: 2,
            measure: "num_words",
            value: 3.0,
            min: 10.0,
            max: f64::INFINITY,
            reason: "too few words",
            removed_first: true,
            spans: &spans,
        };
        let bare = LedgerEntry {
            measure: "",
            value: f64::NAN,
            spans: &[],
            ..entry.clone()
        };
        let text = write_ledger([entry, bare].into_iter());
        let lines: Vec<Json> = text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let expected = json!({
            "row": 7, "op": "words_num_filter", "step": 2, "measure": "num_words", "value": 3.0, "min": 10.0,
            "max": null, "reason": "too few words", "removed_first": true, "spans": [[2, 5, "word", 1.0]],
        });
        assert_eq!(lines[0], expected);
        assert_eq!(
            (
                &lines[1]["value"],
                &lines[1]["measure"],
                lines[1].get("spans")
            ),
            (&Json::Null, &Json::Null, None)
        );
    }
}
