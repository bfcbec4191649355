//! Texts by how much of them repeats earlier phrases.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_protocol::spec::OperationKind;

use super::declare::{Declared, OneMeasure, count, nemo, refuse_unspaced};
use crate::operator::{About, Condition, Fault, Measure};
use crate::text::heuristics::nemo_repetition::duplicate_ngram_share;

/// Drops texts that repeat phrases of n words: the share of characters in phrases that stood in the text before. A text with
/// fewer than n words has 1.
pub const REPEATING_DUPLICATE_NGRAMS_FILTER: Declared<RepeatingDuplicateNgramsParams> = Declared {
    about: || About {
        name: "repeating_duplicate_ngrams_filter",
        title: "Repeated phrases",
        summary: "Drops texts that repeat phrases of several words",
        kind: OperationKind::Filter,
        source: "NeMo Curator 1e2e4275, RepeatingDuplicateNGramsFilter",
        dialects: &[],
    },
    foreign: &[nemo("RepeatingDuplicateNGramsFilter")],
    prepare: |params| {
        refuse_unspaced(&params.lang)?;
        let n = count(params.n);
        if n == 0 {
            return Err(Fault::new("n", "a phrase has at least one word"));
        }
        OneMeasure::new(
            Measure::new(name_for(n), "Repeated phrases", "share"),
            move |views| duplicate_ngram_share(views.text, n),
            Condition::at_most(
                0,
                (
                    "max_repeating_duplicate_ngram_ratio",
                    params.max_repeating_duplicate_ngram_ratio,
                ),
                "too much of it repeats phrases",
            ),
        )
        .prepared()
    },
};

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RepeatingDuplicateNgramsParams {
    /// Words in a phrase.
    #[schemars(range(min = 1), extend("unit" = "words"))]
    n: u64,
    /// Greatest share of characters.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    max_repeating_duplicate_ngram_ratio: Option<f64>,
    /// Language of the texts: words are what stands between white space, so "zh" and "ja" are refused.
    #[schemars(extend("advanced" = true))]
    lang: String,
}

impl Default for RepeatingDuplicateNgramsParams {
    fn default() -> Self {
        Self {
            n: 2,
            max_repeating_duplicate_ngram_ratio: Some(0.2),
            lang: "en".to_owned(),
        }
    }
}

/// The measure for phrases of n words, so that a recipe can have one for each n.
fn name_for(n: usize) -> &'static str {
    const NAMES: [&str; 13] = [
        "repeating_duplicate_1gram_ratio",
        "repeating_duplicate_2gram_ratio",
        "repeating_duplicate_3gram_ratio",
        "repeating_duplicate_4gram_ratio",
        "repeating_duplicate_5gram_ratio",
        "repeating_duplicate_6gram_ratio",
        "repeating_duplicate_7gram_ratio",
        "repeating_duplicate_8gram_ratio",
        "repeating_duplicate_9gram_ratio",
        "repeating_duplicate_10gram_ratio",
        "repeating_duplicate_11gram_ratio",
        "repeating_duplicate_12gram_ratio",
        "repeating_duplicate_13gram_ratio",
    ];
    n.checked_sub(1)
        .and_then(|idx| NAMES.get(idx).copied())
        .unwrap_or("repeating_duplicate_ngram_ratio")
}
