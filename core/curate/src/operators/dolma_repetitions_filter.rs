//! Texts by what they say over and over.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_protocol::spec::OperationKind;

use super::declare::{Declared, dolma};
use crate::operator::{About, Condition, Measure, Prepared, Span, TextFilter, TextViews};
use crate::text::heuristics::dolma_repetitions::repetitions_v1;

/// Measures repetitions: a unit, within a line, and at least three further copies of it, with or without white space
/// between. Without limits all texts stay; a text without repetitions has 0 everywhere.
pub const DOLMA_REPETITIONS_FILTER: Declared<DolmaRepetitionsParams> = Declared {
    about: || About {
        name: "dolma_repetitions_filter",
        title: "Repetitions",
        summary: "Measures and shows what is said four times or more in a row",
        kind: OperationKind::Filter,
        source: "Dolma 1.2.1, repetitions_v1",
        dialects: &[],
    },
    foreign: &[dolma("repetitions_v1")],
    prepare: |params| Ok(Prepared::Filter(Box::new(params))),
};

#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DolmaRepetitionsParams {
    /// Greatest number of copies in a repetition.
    #[schemars(range(min = 0.0), extend("unit" = "copies"))]
    max_score: Option<f64>,
    /// Greatest length of a repetition.
    #[schemars(range(min = 0.0), extend("unit" = "characters"))]
    max_length: Option<f64>,
    /// Greatest share of the text in repetitions.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    max_frac: Option<f64>,
}

impl TextFilter for DolmaRepetitionsParams {
    fn measures(&self) -> Vec<Measure> {
        vec![
            Measure::new("doc_max_score_repetition", "Most copies", "copies"),
            Measure::new(
                "doc_max_length_repetition",
                "Longest repetition",
                "characters",
            ),
            Measure::new("doc_frac_repetition", "Repetitions", "share"),
        ]
    }

    fn measure(&self, views: &TextViews<'_>, values: &mut [f64]) {
        let spans = repetitions_v1(views.text);
        for (measure, value) in self.measures().iter().zip(values) {
            let of_text = spans.iter().rev().find(|span| span.kind == measure.name);
            *value = of_text.map_or(0.0, |span| span.score);
        }
    }

    fn conditions(&self) -> Vec<Condition> {
        vec![
            Condition::at_most(0, ("max_score", self.max_score), "repeats too often"),
            Condition::at_most(
                1,
                ("max_length", self.max_length),
                "a repetition is too long",
            ),
            Condition::at_most(
                2,
                ("max_frac", self.max_frac),
                "too much of it is repetition",
            ),
        ]
    }

    fn spans(&self, text: &str) -> Vec<Span> {
        let mut spans = repetitions_v1(text);
        spans.retain(|span| span.kind == "repetition");
        spans
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repetition_is_measured_and_shown() {
        let params = DolmaRepetitionsParams::default();
        let mut values = [f64::NAN; 3];
        params.measure(&TextViews::new("éabc abc abc abc"), &mut values);
        assert_eq!(values, [4.0, 15.0, 15.0 / 16.0]);
        let spans = params.spans("éabc abc abc abc");
        assert_eq!(
            spans.first().map(|span| (span.start, span.end)),
            Some((1, 16))
        );
        params.measure(&TextViews::new(""), &mut values);
        assert_eq!(values, [0.0; 3]);
    }
}
