//! Source code by its share of letters.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_protocol::spec::OperationKind;

use super::declare::{Declared, OneMeasure, nemo};
use crate::operator::{About, Condition, Measure};
use crate::text::heuristics::nemo_code::alphabetic_share;

/// Keeps files with enough letters: data stored as code goes. An empty text has no value and stays.
pub const ALPHA_FILTER: Declared<AlphaParams> = Declared {
    about: || About {
        name: "alpha_filter",
        title: "Letters",
        summary: "Keeps source code by its share of letters",
        kind: OperationKind::Filter,
        source: "NeMo Curator 1e2e4275, AlphaFilter",
        dialects: &[],
    },
    foreign: &[nemo("AlphaFilter")],
    prepare: |params| {
        OneMeasure::optional(
            Measure::new("alpha_ratio", "Letters", "share"),
            |views| alphabetic_share(views.text),
            Condition::at_least(
                0,
                ("min_alpha_ratio", params.min_alpha_ratio),
                "too few letters",
            ),
        )
        .prepared()
    },
};

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AlphaParams {
    /// Least share of letters.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    min_alpha_ratio: Option<f64>,
}

impl Default for AlphaParams {
    fn default() -> Self {
        Self {
            min_alpha_ratio: Some(0.25),
        }
    }
}
