//! Texts by the mean length of their words.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_protocol::spec::OperationKind;

use super::declare::{Declared, OneMeasure, nemo, refuse_unspaced};
use crate::operator::{About, Condition, Measure};
use crate::text::heuristics::nemo_filters::mean_word_length;

/// Keeps texts whose words, between white space, have an ordinary mean length. A text without words has no value and stays.
pub const MEAN_WORD_LENGTH_FILTER: Declared<MeanWordLengthParams> = Declared {
    about: || About {
        name: "mean_word_length_filter",
        title: "Mean word length",
        summary: "Keeps texts by the mean length of their words",
        kind: OperationKind::Filter,
        source: "NeMo Curator 1e2e4275, MeanWordLengthFilter",
        dialects: &[],
    },
    foreign: &[nemo("MeanWordLengthFilter")],
    prepare: |params| {
        refuse_unspaced(&params.lang)?;
        OneMeasure::optional(
            Measure::new(
                "mean_white_space_word_length",
                "Mean word length",
                "characters",
            ),
            |views| mean_word_length(views.text),
            Condition::between(
                ("min_mean_word_length", params.min_mean_word_length),
                ("max_mean_word_length", params.max_mean_word_length),
                "mean word length out of range",
            ),
        )
        .prepared()
    },
};

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct MeanWordLengthParams {
    /// Least mean length.
    #[schemars(range(min = 0.0), extend("unit" = "characters"))]
    min_mean_word_length: Option<f64>,
    /// Greatest mean length.
    #[schemars(range(min = 0.0), extend("unit" = "characters"))]
    max_mean_word_length: Option<f64>,
    /// Language of the texts: words are what stands between white space, so "zh" and "ja" are refused.
    #[schemars(extend("advanced" = true))]
    lang: String,
}

impl Default for MeanWordLengthParams {
    fn default() -> Self {
        Self {
            min_mean_word_length: Some(3.0),
            max_mean_word_length: Some(10.0),
            lang: "en".to_owned(),
        }
    }
}
