//! Texts by their share of lines that break off.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_protocol::spec::OperationKind;

use super::declare::{Declared, OneMeasure, nemo};
use crate::operator::{About, Condition, Measure};
use crate::text::heuristics::nemo_filters::{ellipsis_line_share, lines};
use crate::text::heuristics::places::places;

/// Drops texts in which many lines end with an ellipsis or `read more`: lists of teasers. A text without lines has no value and
/// stays.
pub const ELLIPSIS_FILTER: Declared<EllipsisParams> = Declared {
    about: || About {
        name: "ellipsis_filter",
        title: "Lines that break off",
        summary: "Drops texts in which many lines end with an ellipsis",
        kind: OperationKind::Filter,
        source: "NeMo Curator 1e2e4275, EllipsisFilter",
        dialects: &[],
    },
    foreign: &[nemo("EllipsisFilter")],
    prepare: |params| {
        OneMeasure::optional(
            Measure::new("broken_off_lines_ratio", "Lines that break off", "share"),
            |views| ellipsis_line_share(views.text),
            Condition::at_most(
                0,
                (
                    "max_num_lines_ending_with_ellipsis_ratio",
                    params.max_num_lines_ending_with_ellipsis_ratio,
                ),
                "too many lines end with an ellipsis",
            ),
        )
        .found_at(|text| {
            places(text, lines(text), "ellipsis", |line| {
                ellipsis_line_share(line) == Some(1.0)
            })
        })
        .prepared()
    },
};

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct EllipsisParams {
    /// Greatest share of lines that break off.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    max_num_lines_ending_with_ellipsis_ratio: Option<f64>,
}

impl Default for EllipsisParams {
    fn default() -> Self {
        Self {
            max_num_lines_ending_with_ellipsis_ratio: Some(0.3),
        }
    }
}
