//! Texts by their share of digits.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_protocol::spec::OperationKind;

use super::declare::{Declared, OneMeasure, nemo};
use crate::operator::{About, Condition, Measure};
use crate::text::heuristics::nemo_filters::digit_share;

/// Drops texts full of digits: tables, logs, price lists. An empty text has 1.
pub const NUMBERS_FILTER: Declared<NumbersParams> = Declared {
    about: || About {
        name: "numbers_filter",
        title: "Digits",
        summary: "Drops texts with a large share of digits",
        kind: OperationKind::Filter,
        source: "NeMo Curator 1e2e4275, NumbersFilter",
        dialects: &[],
    },
    foreign: &[nemo("NumbersFilter")],
    prepare: |params| {
        OneMeasure::new(
            Measure::new("number_to_text_ratio", "Digits", "share"),
            |views| digit_share(views.text),
            Condition::at_most(
                0,
                ("max_number_to_text_ratio", params.max_number_to_text_ratio),
                "too many digits",
            ),
        )
        .prepared()
    },
};

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NumbersParams {
    /// Greatest share of digits.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    max_number_to_text_ratio: Option<f64>,
}

impl Default for NumbersParams {
    fn default() -> Self {
        Self {
            max_number_to_text_ratio: Some(0.15),
        }
    }
}
