//! Texts by their share of notices about cookies and terms.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_protocol::spec::OperationKind;

use super::declare::{Declared, OneMeasure, nemo};
use crate::operator::{About, Condition, Measure};
use crate::text::heuristics::nemo_filters::boilerplate_share;
use crate::text::heuristics::places::places;

/// Drops texts in which many paragraphs are notices about cookies, privacy or terms of use; one with `lorem ipsum` makes the
/// value 1. Three whole notices that the original also lists are not looked for.
pub const BOILER_PLATE_FILTER: Declared<BoilerPlateParams> = Declared {
    about: || About {
        name: "boiler_plate_filter",
        title: "Boilerplate paragraphs",
        summary: "Drops texts with many paragraphs about cookies and terms of use",
        kind: OperationKind::Filter,
        source: "NeMo Curator 1e2e4275, BoilerPlateStringFilter",
        dialects: &[],
    },
    foreign: &[nemo("BoilerPlateStringFilter")],
    prepare: |params| {
        OneMeasure::new(
            Measure::new(
                "boilerplate_paragraphs_ratio",
                "Boilerplate paragraphs",
                "share",
            ),
            |views| boilerplate_share(views.text),
            Condition::at_most(
                0,
                (
                    "max_boilerplate_string_ratio",
                    params.max_boilerplate_string_ratio,
                ),
                "too many paragraphs of boilerplate",
            ),
        )
        .found_at(|text| {
            places(text, text.split("\n\n"), "boilerplate", |part| {
                boilerplate_share(part) > 0.0
            })
        })
        .prepared()
    },
};

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BoilerPlateParams {
    /// Without effect, as in the original; accepted because recipes write it.
    #[schemars(extend("advanced" = true))]
    remove_if_at_top_or_bottom: bool,
    /// Greatest share of paragraphs with a notice.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    max_boilerplate_string_ratio: Option<f64>,
}

impl Default for BoilerPlateParams {
    fn default() -> Self {
        Self {
            remove_if_at_top_or_bottom: true,
            max_boilerplate_string_ratio: Some(0.4),
        }
    }
}
