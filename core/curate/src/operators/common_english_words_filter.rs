//! Texts by how many common English words they have.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_protocol::spec::OperationKind;

use super::declare::{Declared, OneMeasure, nemo};
use crate::operator::{About, Condition, Measure};
use crate::text::heuristics::nemo_filters::common_english_words;

/// Keeps texts with at least two of `the be to of and that have with`, every occurrence counted: lists of keywords and other
/// languages go. All are counted, where the original stops at the limit unless `stop_at_false` is off; what stays is the same.
pub const COMMON_ENGLISH_WORDS_FILTER: Declared<CommonEnglishWordsParams> = Declared {
    about: || About {
        name: "common_english_words_filter",
        title: "Common English words",
        summary: "Keeps texts with a few of the most common English words",
        kind: OperationKind::Filter,
        source: "NeMo Curator 1e2e4275, CommonEnglishWordsFilter",
        dialects: &[],
    },
    foreign: &[nemo("CommonEnglishWordsFilter")],
    prepare: |params| {
        OneMeasure::new(
            Measure::new("num_common_english_words", "Common English words", "words"),
            |views| common_english_words(views.text, usize::MAX) as f64,
            Condition::at_least(
                0,
                ("min_num_common_words", params.min_num_common_words),
                "too few common English words",
            ),
        )
        .prepared()
    },
};

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CommonEnglishWordsParams {
    /// Without effect on what stays; accepted because recipes write it.
    #[schemars(extend("advanced" = true))]
    stop_at_false: bool,
    /// Least number of common words.
    #[schemars(range(min = 0.0), extend("unit" = "words"))]
    min_num_common_words: Option<f64>,
}

impl Default for CommonEnglishWordsParams {
    fn default() -> Self {
        Self {
            stop_at_false: true,
            min_num_common_words: Some(2.0),
        }
    }
}
