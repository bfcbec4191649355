//! Texts by their share of brackets.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_protocol::spec::OperationKind;

use super::declare::{Declared, OneMeasure, nemo};
use crate::operator::{About, Condition, Measure};
use crate::text::heuristics::nemo_filters::parenthesis_share;

/// Drops texts full of `{}⟨⟩[]()`: code, markup, references. An empty text has 1.
pub const PARENTHESES_FILTER: Declared<ParenthesesParams> = Declared {
    about: || About {
        name: "parentheses_filter",
        title: "Brackets",
        summary: "Drops texts with a large share of brackets",
        kind: OperationKind::Filter,
        source: "NeMo Curator 1e2e4275, ParenthesesFilter",
        dialects: &[],
    },
    foreign: &[nemo("ParenthesesFilter")],
    prepare: |params| {
        OneMeasure::new(
            Measure::new("parentheses_to_text_ratio", "Brackets", "share"),
            |views| parenthesis_share(views.text),
            Condition::at_most(
                0,
                ("max_parentheses_ratio", params.max_parentheses_ratio),
                "too many brackets",
            ),
        )
        .prepared()
    },
};

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ParenthesesParams {
    /// Greatest share of brackets.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    max_parentheses_ratio: Option<f64>,
}

impl Default for ParenthesesParams {
    fn default() -> Self {
        Self {
            max_parentheses_ratio: Some(0.1),
        }
    }
}
