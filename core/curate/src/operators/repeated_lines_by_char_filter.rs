//! Texts by their share of distinct lines, by characters.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_protocol::spec::OperationKind;

use super::declare::{Declared, OneMeasure, nemo};
use crate::operator::{About, Condition, Measure};
use crate::text::heuristics::nemo_filters::lines;
use crate::text::heuristics::nemo_repetition::unique_line_char_share;
use crate::text::heuristics::places::repeats;

/// Drops texts that repeat their lines: the value is characters of distinct lines over characters of all. Lines that are not blank count. A text without any has no value and
/// stays.
pub const REPEATED_LINES_BY_CHAR_FILTER: Declared<RepeatedLinesByCharParams> = Declared {
    about: || About {
        name: "repeated_lines_by_char_filter",
        title: "Distinct lines, by characters",
        summary: "Drops texts that repeat their lines, by characters",
        kind: OperationKind::Filter,
        source: "NeMo Curator 1e2e4275, RepeatedLinesByCharFilter",
        dialects: &[],
    },
    foreign: &[nemo("RepeatedLinesByCharFilter")],
    prepare: |params| {
        OneMeasure::optional(
            Measure::new(
                "unique_lines_char_ratio",
                "Distinct lines, by characters",
                "share",
            ),
            |views| unique_line_char_share(views.text),
            Condition::at_least(
                0,
                (
                    "max_repeated_lines_char_ratio",
                    params.max_repeated_lines_char_ratio,
                ),
                "too many lines are repeated",
            ),
        )
        .found_at(|text| repeats(text, lines(text), "repeated line"))
        .prepared()
    },
};

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RepeatedLinesByCharParams {
    /// Least share of distinct lines: the original names this lower limit a maximum.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    max_repeated_lines_char_ratio: Option<f64>,
}

impl Default for RepeatedLinesByCharParams {
    fn default() -> Self {
        Self {
            max_repeated_lines_char_ratio: Some(0.8),
        }
    }
}
