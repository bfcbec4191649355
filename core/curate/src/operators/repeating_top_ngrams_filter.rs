//! Texts by how much their most frequent phrase fills.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_protocol::spec::OperationKind;

use super::declare::{Declared, OneMeasure, count, nemo, refuse_unspaced};
use crate::operator::{About, Condition, Fault, Measure};
use crate::text::heuristics::nemo_repetition::top_ngram_share;

/// Drops texts that one phrase fills: the share of characters that removing its most frequent phrase of n words takes away. Of
/// equally frequent ones it is the first. A text with fewer than n words has 1.
pub const REPEATING_TOP_NGRAMS_FILTER: Declared<RepeatingTopNgramsParams> = Declared {
    about: || About {
        name: "repeating_top_ngrams_filter",
        title: "Most frequent phrase",
        summary: "Drops texts that one phrase fills",
        kind: OperationKind::Filter,
        source: "NeMo Curator 1e2e4275, RepeatingTopNGramsFilter",
        dialects: &[],
    },
    foreign: &[nemo("RepeatingTopNGramsFilter")],
    prepare: |params| {
        refuse_unspaced(&params.lang)?;
        let n = count(params.n);
        if n == 0 {
            return Err(Fault::new("n", "a phrase has at least one word"));
        }
        OneMeasure::new(
            Measure::new(name_for(n), "Most frequent phrase", "share"),
            move |views| top_ngram_share(views.text, n),
            Condition::at_most(
                0,
                (
                    "max_repeating_ngram_ratio",
                    params.max_repeating_ngram_ratio,
                ),
                "one phrase fills too much of it",
            ),
        )
        .prepared()
    },
};

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RepeatingTopNgramsParams {
    /// Words in a phrase.
    #[schemars(range(min = 1), extend("unit" = "words"))]
    n: u64,
    /// Greatest share of characters.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    max_repeating_ngram_ratio: Option<f64>,
    /// Language of the texts: words are what stands between white space, so "zh" and "ja" are refused.
    #[schemars(extend("advanced" = true))]
    lang: String,
}

impl Default for RepeatingTopNgramsParams {
    fn default() -> Self {
        Self {
            n: 2,
            max_repeating_ngram_ratio: Some(0.2),
            lang: "en".to_owned(),
        }
    }
}

/// The measure for phrases of n words, so that a recipe can have one for each n.
fn name_for(n: usize) -> &'static str {
    const NAMES: [&str; 13] = [
        "repeating_top_1gram_ratio",
        "repeating_top_2gram_ratio",
        "repeating_top_3gram_ratio",
        "repeating_top_4gram_ratio",
        "repeating_top_5gram_ratio",
        "repeating_top_6gram_ratio",
        "repeating_top_7gram_ratio",
        "repeating_top_8gram_ratio",
        "repeating_top_9gram_ratio",
        "repeating_top_10gram_ratio",
        "repeating_top_11gram_ratio",
        "repeating_top_12gram_ratio",
        "repeating_top_13gram_ratio",
    ];
    n.checked_sub(1)
        .and_then(|idx| NAMES.get(idx).copied())
        .unwrap_or("repeating_top_ngram_ratio")
}
