//! Texts by how much of them is web addresses.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_protocol::spec::OperationKind;

use super::declare::{Declared, OneMeasure, nemo};
use crate::operator::{About, Condition, Measure};
use crate::text::heuristics::nemo_filters::{url_share, urls};
use crate::text::heuristics::places::places;

/// Drops lists of links: shares are of characters, and addresses begin with `http://` or `https://`. An empty text has 1.
pub const URLS_FILTER: Declared<UrlsParams> = Declared {
    about: || About {
        name: "urls_filter",
        title: "Web addresses",
        summary: "Drops texts with a large share of web addresses",
        kind: OperationKind::Filter,
        source: "NeMo Curator 1e2e4275, UrlsFilter",
        dialects: &[],
    },
    foreign: &[nemo("UrlsFilter")],
    prepare: |params| {
        OneMeasure::new(
            Measure::new("url_to_text_ratio", "Web addresses", "share"),
            |views| url_share(views.text),
            Condition::at_most(
                0,
                ("max_url_to_text_ratio", params.max_url_to_text_ratio),
                "too much of it is web addresses",
            ),
        )
        .found_at(|text| places(text, urls(text), "url", |_| true))
        .prepared()
    },
};

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct UrlsParams {
    /// Greatest share of characters in web addresses.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    max_url_to_text_ratio: Option<f64>,
}

impl Default for UrlsParams {
    fn default() -> Self {
        Self {
            max_url_to_text_ratio: Some(0.2),
        }
    }
}
