//! Texts by their number of bytes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_protocol::spec::OperationKind;

use super::declare::{Declared, OneMeasure, dolma};
use crate::operator::{About, Condition, Measure};

/// Keeps texts by their length in bytes of UTF-8. Without limits it only measures.
pub const BYTES_LENGTH_FILTER: Declared<BytesLengthParams> = Declared {
    about: || About {
        name: "bytes_length_filter",
        title: "Bytes",
        summary: "Keeps texts by their number of bytes",
        kind: OperationKind::Filter,
        source: "Dolma 1.2.1, bytes_length_v1",
        dialects: &[],
    },
    foreign: &[dolma("bytes_length_v1")],
    prepare: |params| {
        OneMeasure::new(
            Measure::new("bytes_length", "Bytes", "bytes"),
            |views| views.text.len() as f64,
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
pub struct BytesLengthParams {
    /// Least length.
    #[schemars(range(min = 0.0), extend("unit" = "bytes"))]
    min_length: Option<f64>,
    /// Greatest length.
    #[schemars(range(min = 0.0), extend("unit" = "bytes"))]
    max_length: Option<f64>,
}
