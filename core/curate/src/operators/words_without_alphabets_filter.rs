//! Texts by their share of words with a letter.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_protocol::spec::OperationKind;

use super::declare::{Declared, OneMeasure, nemo, refuse_unspaced};
use crate::operator::{About, Condition, Measure};
use crate::text::heuristics::nemo_filters::alphabetic_word_share;
use crate::text::heuristics::places::places;
use crate::text::python;

/// Drops texts in which many words have no letter: numbers, symbols. A text without words has no value and stays.
pub const WORDS_WITHOUT_ALPHABETS_FILTER: Declared<WordsWithoutAlphabetsParams> = Declared {
    about: || About {
        name: "words_without_alphabets_filter",
        title: "Words with letters",
        summary: "Keeps texts in which most words have a letter",
        kind: OperationKind::Filter,
        source: "NeMo Curator 1e2e4275, WordsWithoutAlphabetsFilter",
        dialects: &[],
    },
    foreign: &[nemo("WordsWithoutAlphabetsFilter")],
    prepare: |params| {
        refuse_unspaced(&params.lang)?;
        OneMeasure::optional(
            Measure::new("words_with_letters_ratio", "Words with letters", "share"),
            |views| alphabetic_word_share(views.text),
            Condition::at_least(
                0,
                ("min_words_with_alphabets", params.min_words_with_alphabets),
                "too many words without a letter",
            ),
        )
        .found_at(|text| {
            places(text, python::split(text), "no letter", |word| {
                alphabetic_word_share(word) == Some(0.0)
            })
        })
        .prepared()
    },
};

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct WordsWithoutAlphabetsParams {
    /// Least share of words with a letter.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    min_words_with_alphabets: Option<f64>,
    /// Language of the texts: words are what stands between white space, so "zh" and "ja" are refused.
    #[schemars(extend("advanced" = true))]
    lang: String,
}

impl Default for WordsWithoutAlphabetsParams {
    fn default() -> Self {
        Self {
            min_words_with_alphabets: Some(0.8),
            lang: "en".to_owned(),
        }
    }
}
