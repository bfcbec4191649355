//! Texts by their share of words that are symbols.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_protocol::spec::OperationKind;

use super::declare::{Declared, OneMeasure, nemo, refuse_unspaced};
use crate::operator::{About, Condition, Measure};
use crate::text::heuristics::nemo_filters::symbol_word_share;
use crate::text::heuristics::places::places;
use crate::text::python;

/// Drops texts in which many words are an ellipsis or mostly `#`. A text without words has no value and stays.
pub const SYMBOLS_TO_WORDS_FILTER: Declared<SymbolsToWordsParams> = Declared {
    about: || About {
        name: "symbols_to_words_filter",
        title: "Symbol words",
        summary: "Drops texts with a large share of words that are ellipses or hashes",
        kind: OperationKind::Filter,
        source: "NeMo Curator 1e2e4275, SymbolsToWordsFilter",
        dialects: &[],
    },
    foreign: &[nemo("SymbolsToWordsFilter")],
    prepare: |params| {
        refuse_unspaced(&params.lang)?;
        OneMeasure::optional(
            Measure::new("symbol_words_ratio", "Symbol words", "share"),
            |views| symbol_word_share(views.text),
            Condition::at_most(
                0,
                ("max_symbol_to_word_ratio", params.max_symbol_to_word_ratio),
                "too many words are symbols",
            ),
        )
        .found_at(|text| {
            places(text, python::split(text), "symbol", |word| {
                symbol_word_share(word) == Some(1.0)
            })
        })
        .prepared()
    },
};

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SymbolsToWordsParams {
    /// Greatest share of symbol words.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    max_symbol_to_word_ratio: Option<f64>,
    /// Language of the texts: words are what stands between white space, so "zh" and "ja" are refused.
    #[schemars(extend("advanced" = true))]
    lang: String,
}

impl Default for SymbolsToWordsParams {
    fn default() -> Self {
        Self {
            max_symbol_to_word_ratio: Some(0.1),
            lang: "en".to_owned(),
        }
    }
}
