//! Texts by their share of distinct paragraphs, by characters.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_protocol::spec::OperationKind;

use super::declare::{Declared, OneMeasure, nemo};
use crate::operator::{About, Condition, Measure};
use crate::text::heuristics::nemo_repetition::unique_paragraph_char_share;
use crate::text::heuristics::places::repeats;

/// Drops texts that repeat their paragraphs: the value is characters of distinct paragraphs over characters of all. Paragraphs stand between two line feeds, and empty ones count. A text without any has no value and
/// stays.
pub const REPEATED_PARAGRAPHS_BY_CHAR_FILTER: Declared<RepeatedParagraphsByCharParams> = Declared {
    about: || About {
        name: "repeated_paragraphs_by_char_filter",
        title: "Distinct paragraphs, by characters",
        summary: "Drops texts that repeat their paragraphs, by characters",
        kind: OperationKind::Filter,
        source: "NeMo Curator 1e2e4275, RepeatedParagraphsByCharFilter",
        dialects: &[],
    },
    foreign: &[nemo("RepeatedParagraphsByCharFilter")],
    prepare: |params| {
        OneMeasure::optional(
            Measure::new(
                "unique_paragraphs_char_ratio",
                "Distinct paragraphs, by characters",
                "share",
            ),
            |views| unique_paragraph_char_share(views.text),
            Condition::at_least(
                0,
                (
                    "max_repeated_paragraphs_char_ratio",
                    params.max_repeated_paragraphs_char_ratio,
                ),
                "too many paragraphs are repeated",
            ),
        )
        .found_at(|text| repeats(text, text.split("\n\n"), "repeated paragraph"))
        .prepared()
    },
};

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RepeatedParagraphsByCharParams {
    /// Least share of distinct paragraphs: the original names this lower limit a maximum.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    max_repeated_paragraphs_char_ratio: Option<f64>,
}

impl Default for RepeatedParagraphsByCharParams {
    fn default() -> Self {
        Self {
            max_repeated_paragraphs_char_ratio: Some(0.8),
        }
    }
}
