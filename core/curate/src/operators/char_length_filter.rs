//! Texts by their number of characters.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_protocol::spec::OperationKind;

use super::declare::{Declared, OneMeasure, dolma};
use crate::operator::{About, Condition, Measure};

/// Keeps texts by their length in code points. Without limits it only measures.
pub const CHAR_LENGTH_FILTER: Declared<CharLengthParams> = Declared {
    about: || About {
        name: "char_length_filter",
        title: "Characters",
        summary: "Keeps texts by their number of characters",
        kind: OperationKind::Filter,
        source: "Dolma 1.2.1, char_length_v1",
        dialects: &[],
    },
    foreign: &[dolma("char_length_v1")],
    prepare: |params| {
        OneMeasure::new(
            Measure::new("char_length", "Characters", "characters"),
            |views| views.n_chars() as f64,
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
pub struct CharLengthParams {
    /// Least length.
    #[schemars(range(min = 0.0), extend("unit" = "characters"))]
    min_length: Option<f64>,
    /// Greatest length.
    #[schemars(range(min = 0.0), extend("unit" = "characters"))]
    max_length: Option<f64>,
}
