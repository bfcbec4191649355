//! Texts by their longest word.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_protocol::spec::OperationKind;

use super::declare::{Declared, OneMeasure, nemo, refuse_unspaced};
use crate::operator::{About, Condition, Measure};
use crate::text::heuristics::nemo_filters::longest_word;
use crate::text::heuristics::places::places;
use crate::text::python;

/// Drops texts with a word of extreme length: encoded data, minified code. A text without words has no value and stays.
pub const LONG_WORD_FILTER: Declared<LongWordParams> = Declared {
    about: || About {
        name: "long_word_filter",
        title: "Longest word",
        summary: "Drops texts with a very long word",
        kind: OperationKind::Filter,
        source: "NeMo Curator 1e2e4275, LongWordFilter",
        dialects: &[],
    },
    foreign: &[nemo("LongWordFilter")],
    prepare: |params| {
        refuse_unspaced(&params.lang)?;
        let most = params.max_word_length.unwrap_or(f64::INFINITY);
        OneMeasure::optional(
            Measure::new("longest_white_space_word", "Longest word", "characters"),
            |views| longest_word(views.text).map(|n_chars| n_chars as f64),
            Condition::at_most(
                0,
                ("max_word_length", params.max_word_length),
                "a word is too long",
            ),
        )
        .found_at(move |text| {
            places(text, python::split(text), "long word", |word| {
                word.len() as f64 > most && python::len(word) as f64 > most
            })
        })
        .prepared()
    },
};

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct LongWordParams {
    /// Greatest length of a word.
    #[schemars(range(min = 0.0), extend("unit" = "characters"))]
    max_word_length: Option<f64>,
    /// Language of the texts: words are what stands between white space, so "zh" and "ja" are refused.
    #[schemars(extend("advanced" = true))]
    lang: String,
}

impl Default for LongWordParams {
    fn default() -> Self {
        Self {
            max_word_length: Some(1000.0),
            lang: "en".to_owned(),
        }
    }
}
