//! Texts by their share of distinct paragraphs.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_protocol::spec::OperationKind;

use super::declare::{Declared, OneMeasure, nemo};
use crate::operator::{About, Condition, Measure};
use crate::text::heuristics::nemo_repetition::unique_paragraph_share;
use crate::text::heuristics::places::repeats;

/// Drops texts that repeat their paragraphs: the value is distinct paragraphs over all. Paragraphs stand between two line feeds, and empty ones count. A text without any has no value and
/// stays.
pub const REPEATED_PARAGRAPHS_FILTER: Declared<RepeatedParagraphsParams> = Declared {
    about: || About {
        name: "repeated_paragraphs_filter",
        title: "Distinct paragraphs",
        summary: "Drops texts that repeat their paragraphs",
        kind: OperationKind::Filter,
        source: "NeMo Curator 1e2e4275, RepeatedParagraphsFilter",
        dialects: &[],
    },
    foreign: &[nemo("RepeatedParagraphsFilter")],
    prepare: |params| {
        OneMeasure::optional(
            Measure::new("unique_paragraphs_ratio", "Distinct paragraphs", "share"),
            |views| unique_paragraph_share(views.text),
            Condition::at_least(
                0,
                (
                    "max_repeated_paragraphs_ratio",
                    params.max_repeated_paragraphs_ratio,
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
pub struct RepeatedParagraphsParams {
    /// Least share of distinct paragraphs: the original names this lower limit a maximum.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    max_repeated_paragraphs_ratio: Option<f64>,
}

impl Default for RepeatedParagraphsParams {
    fn default() -> Self {
        Self {
            max_repeated_paragraphs_ratio: Some(0.7),
        }
    }
}
