//! Texts by their share of lines that are list items.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_protocol::spec::OperationKind;

use super::declare::{Declared, OneMeasure, nemo};
use crate::operator::{About, Condition, Measure};
use crate::text::heuristics::nemo_filters::{bullet_line_share, lines};
use crate::text::heuristics::places::places;

/// Drops texts in which nearly every line starts with one of 12 bullets such as `•`; blank lines do not count. A text without
/// lines has no value and stays.
pub const BULLETS_FILTER: Declared<BulletsParams> = Declared {
    about: || About {
        name: "bullets_filter",
        title: "Bullet lines",
        summary: "Drops texts in which nearly every line is a list item",
        kind: OperationKind::Filter,
        source: "NeMo Curator 1e2e4275, BulletsFilter",
        dialects: &[],
    },
    foreign: &[nemo("BulletsFilter")],
    prepare: |params| {
        OneMeasure::optional(
            Measure::new("bullet_glyph_lines_ratio", "Bullet lines", "share"),
            |views| bullet_line_share(views.text),
            Condition::at_most(
                0,
                ("max_bullet_lines_ratio", params.max_bullet_lines_ratio),
                "too many lines start with a bullet",
            ),
        )
        .found_at(|text| {
            places(text, lines(text), "bullet", |line| {
                bullet_line_share(line) == Some(1.0)
            })
        })
        .prepared()
    },
};

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BulletsParams {
    /// Greatest share of lines that start with a bullet.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    max_bullet_lines_ratio: Option<f64>,
}

impl Default for BulletsParams {
    fn default() -> Self {
        Self {
            max_bullet_lines_ratio: Some(0.9),
        }
    }
}
