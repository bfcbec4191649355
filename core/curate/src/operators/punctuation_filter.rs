//! Texts by their share of lines that end without punctuation.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_protocol::spec::OperationKind;

use super::declare::{Declared, OneMeasure, nemo};
use crate::operator::{About, Condition, Measure};
use crate::text::heuristics::nemo_filters::{lines, unpunctuated_line_share};
use crate::text::heuristics::places::places;

/// Drops texts whose lines mostly end without `. ? ! " '`: menus, lists of titles. A text without lines has no value and stays.
pub const PUNCTUATION_FILTER: Declared<PunctuationParams> = Declared {
    about: || About {
        name: "punctuation_filter",
        title: "Lines without end mark",
        summary: "Drops texts in which most lines end without punctuation",
        kind: OperationKind::Filter,
        source: "NeMo Curator 1e2e4275, PunctuationFilter",
        dialects: &[],
    },
    foreign: &[nemo("PunctuationFilter")],
    prepare: |params| {
        OneMeasure::optional(
            Measure::new(
                "unpunctuated_lines_ratio",
                "Lines without end mark",
                "share",
            ),
            |views| unpunctuated_line_share(views.text),
            Condition::at_most(
                0,
                (
                    "max_num_sentences_without_endmark_ratio",
                    params.max_num_sentences_without_endmark_ratio,
                ),
                "too many lines end without punctuation",
            ),
        )
        .found_at(|text| {
            places(text, lines(text), "no end mark", |line| {
                unpunctuated_line_share(line) == Some(1.0)
            })
        })
        .prepared()
    },
};

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PunctuationParams {
    /// Greatest share of lines without punctuation at their end.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    max_num_sentences_without_endmark_ratio: Option<f64>,
}

impl Default for PunctuationParams {
    fn default() -> Self {
        Self {
            max_num_sentences_without_endmark_ratio: Some(0.85),
        }
    }
}
