//! Source code by its number of lines.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_protocol::spec::OperationKind;

use super::declare::{Declared, OneMeasure, nemo};
use crate::operator::{About, Condition, Measure};
use crate::text::heuristics::nemo_code::line_count;

/// Keeps files of an ordinary number of lines: one more than the number of line feeds, so 1 for an empty text.
pub const NUMBER_OF_LINES_OF_CODE_FILTER: Declared<NumberOfLinesOfCodeParams> = Declared {
    about: || About {
        name: "number_of_lines_of_code_filter",
        title: "Lines of code",
        summary: "Keeps source code by its number of lines",
        kind: OperationKind::Filter,
        source: "NeMo Curator 1e2e4275, NumberOfLinesOfCodeFilter",
        dialects: &[],
    },
    foreign: &[nemo("NumberOfLinesOfCodeFilter")],
    prepare: |params| {
        OneMeasure::new(
            Measure::new("lines_of_code", "Lines", "lines"),
            |views| line_count(views.text) as f64,
            Condition::between(
                ("min_lines", params.min_lines),
                ("max_lines", params.max_lines),
                "number of lines out of range",
            ),
        )
        .prepared()
    },
};

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NumberOfLinesOfCodeParams {
    /// Least number of lines.
    #[schemars(range(min = 0.0), extend("unit" = "lines"))]
    min_lines: Option<f64>,
    /// Greatest number of lines.
    #[schemars(range(min = 0.0), extend("unit" = "lines"))]
    max_lines: Option<f64>,
}

impl Default for NumberOfLinesOfCodeParams {
    fn default() -> Self {
        Self {
            min_lines: Some(10.0),
            max_lines: Some(20000.0),
        }
    }
}
