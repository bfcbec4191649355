//! Texts by their number of words between white space.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_protocol::spec::OperationKind;

use super::declare::{Declared, OneMeasure, nemo, refuse_unspaced};
use crate::operator::{About, Condition, Measure};
use crate::text::heuristics::nemo_filters::word_count;

/// Keeps texts of an ordinary length in words, counted between white space. An empty text has 0.
pub const WORD_COUNT_FILTER: Declared<WordCountParams> = Declared {
    about: || About {
        name: "word_count_filter",
        title: "Word count",
        summary: "Keeps texts by their number of words between white space",
        kind: OperationKind::Filter,
        source: "NeMo Curator 1e2e4275, WordCountFilter",
        dialects: &[],
    },
    foreign: &[nemo("WordCountFilter")],
    prepare: |params| {
        refuse_unspaced(&params.lang)?;
        OneMeasure::new(
            Measure::new("white_space_word_count", "Words", "words"),
            |views| word_count(views.text) as f64,
            Condition::between(
                ("min_words", params.min_words),
                ("max_words", params.max_words),
                "number of words out of range",
            ),
        )
        .prepared()
    },
};

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct WordCountParams {
    /// Least number of words.
    #[schemars(range(min = 0.0), extend("unit" = "words"))]
    min_words: Option<f64>,
    /// Greatest number of words.
    #[schemars(range(min = 0.0), extend("unit" = "words"))]
    max_words: Option<f64>,
    /// Language of the texts: words are what stands between white space, so "zh" and "ja" are refused.
    #[schemars(extend("advanced" = true))]
    lang: String,
}

impl Default for WordCountParams {
    fn default() -> Self {
        Self {
            min_words: Some(50.0),
            max_words: Some(100000.0),
            lang: "en".to_owned(),
        }
    }
}
