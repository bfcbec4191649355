//! Texts by their share of distinct lines.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_protocol::spec::OperationKind;

use super::declare::{Declared, OneMeasure, nemo};
use crate::operator::{About, Condition, Measure};
use crate::text::heuristics::nemo_filters::lines;
use crate::text::heuristics::nemo_repetition::unique_line_share;
use crate::text::heuristics::places::repeats;

/// Drops texts that repeat their lines: the value is distinct lines over all. Lines that are not blank count. A text without any has no value and
/// stays.
pub const REPEATED_LINES_FILTER: Declared<RepeatedLinesParams> = Declared {
    about: || About {
        name: "repeated_lines_filter",
        title: "Distinct lines",
        summary: "Drops texts that repeat their lines",
        kind: OperationKind::Filter,
        source: "NeMo Curator 1e2e4275, RepeatedLinesFilter",
        dialects: &[],
    },
    foreign: &[nemo("RepeatedLinesFilter")],
    prepare: |params| {
        OneMeasure::optional(
            Measure::new("unique_lines_ratio", "Distinct lines", "share"),
            |views| unique_line_share(views.text),
            Condition::at_least(
                0,
                (
                    "max_repeated_line_fraction",
                    params.max_repeated_line_fraction,
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
pub struct RepeatedLinesParams {
    /// Least share of distinct lines: the original names this lower limit a maximum.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    max_repeated_line_fraction: Option<f64>,
}

impl Default for RepeatedLinesParams {
    fn default() -> Self {
        Self {
            max_repeated_line_fraction: Some(0.7),
        }
    }
}
