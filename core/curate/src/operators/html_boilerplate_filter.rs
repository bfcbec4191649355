//! Web pages by their share of visible text.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_protocol::spec::OperationKind;

use super::declare::{Declared, OneMeasure, count, nemo};
use crate::operator::{About, Condition, Measure};
use crate::text::heuristics::nemo_code::html_text_share;

/// Drops pages that are mostly markup: characters of the visible text over those of the page, or 0 if there are too few of
/// them. An empty text has no value and stays.
pub const HTML_BOILERPLATE_FILTER: Declared<HtmlBoilerplateParams> = Declared {
    about: || About {
        name: "html_boilerplate_filter",
        title: "Visible text",
        summary: "Drops web pages with little visible text",
        kind: OperationKind::Filter,
        source: "NeMo Curator 1e2e4275, HTMLBoilerplateFilter",
        dialects: &[],
    },
    foreign: &[nemo("HTMLBoilerplateFilter")],
    prepare: |params| {
        let min_chars = count(params.min_lang_content_num_chars);
        OneMeasure::optional(
            Measure::new("visible_text_ratio", "Visible text", "share"),
            move |views| html_text_share(views.text, min_chars),
            Condition::at_least(
                0,
                ("min_lang_content_ratio", params.min_lang_content_ratio),
                "too little visible text",
            ),
        )
        .prepared()
    },
};

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct HtmlBoilerplateParams {
    /// Fewer visible characters than this count as none.
    #[schemars(extend("unit" = "characters"))]
    min_lang_content_num_chars: u64,
    /// Least share of visible text.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    min_lang_content_ratio: Option<f64>,
}

impl Default for HtmlBoilerplateParams {
    fn default() -> Self {
        Self {
            min_lang_content_num_chars: 100,
            min_lang_content_ratio: Some(0.2),
        }
    }
}
