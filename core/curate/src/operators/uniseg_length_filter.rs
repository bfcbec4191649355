//! Texts by their number of pieces between word boundaries.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_protocol::spec::OperationKind;

use super::declare::{Declared, OneMeasure, dolma};
use crate::operator::{About, Condition, Measure};
use crate::text::python;
use unicode_segmentation::UnicodeSegmentation as _;

/// Keeps texts by the number of pieces between the word boundaries of Unicode, white space and punctuation included. A blank
/// text has 0. Without limits it only measures.
pub const UNISEG_LENGTH_FILTER: Declared<UnisegLengthParams> = Declared {
    about: || About {
        name: "uniseg_length_filter",
        title: "Unicode pieces",
        summary: "Keeps texts by their number of pieces between word boundaries",
        kind: OperationKind::Filter,
        source: "Dolma 1.2.1, uniseg_length_v1",
        dialects: &[],
    },
    foreign: &[dolma("uniseg_length_v1")],
    prepare: |params| {
        OneMeasure::new(
            Measure::new("uniseg_length", "Unicode pieces", "pieces"),
            |views| python::strip(views.text).split_word_bounds().count() as f64,
            Condition::between(
                ("min_length", params.min_length),
                ("max_length", params.max_length),
                "length out of range",
            ),
        )
        .prepared()
    },
};

#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct UnisegLengthParams {
    /// Least length.
    #[schemars(range(min = 0.0), extend("unit" = "pieces"))]
    min_length: Option<f64>,
    /// Greatest length.
    #[schemars(range(min = 0.0), extend("unit" = "pieces"))]
    max_length: Option<f64>,
}
