//! Texts by their share of characters that are neither letters nor digits.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_protocol::spec::OperationKind;

use super::declare::{Declared, OneMeasure, nemo};
use crate::operator::{About, Condition, Measure};
use crate::text::heuristics::nemo_filters::non_alphanumeric_share;

/// Drops texts with much beside `a-z A-Z 0-9 ? ! , .` and line ends; spaces count as beside. An empty text has 1.
pub const NON_ALPHA_NUMERIC_FILTER: Declared<NonAlphaNumericParams> = Declared {
    about: || About {
        name: "non_alpha_numeric_filter",
        title: "Non-alphanumeric share",
        summary: "Drops texts with a large share of characters beside English letters, digits and sentence marks",
        kind: OperationKind::Filter,
        source: "NeMo Curator 1e2e4275, NonAlphaNumericFilter",
        dialects: &[],
    },
    foreign: &[nemo("NonAlphaNumericFilter")],
    prepare: |params| {
        OneMeasure::new(
            Measure::new(
                "non_alpha_numeric_to_text_ratio",
                "Other characters",
                "share",
            ),
            |views| non_alphanumeric_share(views.text),
            Condition::at_most(
                0,
                (
                    "max_non_alpha_numeric_to_text_ratio",
                    params.max_non_alpha_numeric_to_text_ratio,
                ),
                "too many characters that are neither letters nor digits",
            ),
        )
        .prepared()
    },
};

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NonAlphaNumericParams {
    /// Greatest share of other characters, spaces included.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    max_non_alpha_numeric_to_text_ratio: Option<f64>,
}

impl Default for NonAlphaNumericParams {
    fn default() -> Self {
        Self {
            max_non_alpha_numeric_to_text_ratio: Some(0.25),
        }
    }
}
