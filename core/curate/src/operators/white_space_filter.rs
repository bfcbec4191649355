//! Texts by their share of white space.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_protocol::spec::OperationKind;

use super::declare::{Declared, OneMeasure, nemo};
use crate::operator::{About, Condition, Measure};
use crate::text::heuristics::nemo_filters::white_space_share;

/// Drops texts that are mostly blank: tab, line feed, carriage return, backspace and space count. An empty text has 1.
pub const WHITE_SPACE_FILTER: Declared<WhiteSpaceParams> = Declared {
    about: || About {
        name: "white_space_filter",
        title: "White space",
        summary: "Drops texts with a large share of white space",
        kind: OperationKind::Filter,
        source: "NeMo Curator 1e2e4275, WhiteSpaceFilter",
        dialects: &[],
    },
    foreign: &[nemo("WhiteSpaceFilter")],
    prepare: |params| {
        OneMeasure::new(
            Measure::new("white_space_to_text_ratio", "White space", "share"),
            |views| white_space_share(views.text),
            Condition::at_most(
                0,
                ("max_white_space_ratio", params.max_white_space_ratio),
                "too much white space",
            ),
        )
        .prepared()
    },
};

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct WhiteSpaceParams {
    /// Greatest share of white space.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    max_white_space_ratio: Option<f64>,
}

impl Default for WhiteSpaceParams {
    fn default() -> Self {
        Self {
            max_white_space_ratio: Some(0.25),
        }
    }
}
