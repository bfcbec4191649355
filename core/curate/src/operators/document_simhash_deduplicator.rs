//! Texts whose fingerprints differ in few bits.

use std::num::NonZeroUsize;

use regex::Regex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_analysis::Params;
use sluice_protocol::spec::{OperationKind, OperationSpec};

use crate::operator::{
    About, Corpus, Deduplicate, Fault, Foreign, IndexBuilder, Operator, Prepared, describe, typed,
};
use crate::text::data_juicer::shingles::{Shingles, Shingling, Tokenization};
use crate::text::data_juicer::simhash::simhash;
use crate::text::simhash_index::SimhashIndexBuilder;

/// Keeps one of texts whose SimHash fingerprints of 64 bits differ in few bits.
pub struct DocumentSimhashDeduplicator;

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct SimhashParams {
    /// What runs are made of.
    tokenization: TokenKind,
    /// Length of the runs that texts are compared by.
    #[schemars(range(min = 1, max = 100), extend("unit" = "words"))]
    window_size: usize,
    /// Whether case makes no difference.
    lowercase: bool,
    /// Regular expression of what is dropped before texts are compared, such as \p{P} for punctuation.
    ignore_pattern: Option<String>,
    /// Parts of a fingerprint by which similar ones are found; more than the bits that may differ.
    #[schemars(range(min = 2, max = 64), extend("advanced" = true))]
    num_blocks: u32,
    /// Bits that may differ between duplicates.
    #[schemars(range(min = 0, max = 63), extend("unit" = "bits"))]
    hamming_distance: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum TokenKind {
    Space,
    Punctuation,
    Character,
}

impl Default for SimhashParams {
    fn default() -> Self {
        Self {
            tokenization: TokenKind::Space,
            window_size: 6,
            lowercase: true,
            ignore_pattern: None,
            num_blocks: 6,
            hamming_distance: 4,
        }
    }
}

impl Operator for DocumentSimhashDeduplicator {
    fn spec(&self) -> OperationSpec {
        describe::<SimhashParams>(About {
            name: "document_simhash_deduplicator",
            title: "Near duplicates by fingerprint",
            summary: "Removes texts whose SimHash fingerprint differs from another's in few bits",
            kind: OperationKind::Dedup,
            source: "Charikar (2002); Manku, Jain, Das Sarma (2007); Data-Juicer 1.4.3, \
                     document_simhash_deduplicator",
            dialects: &[],
        })
    }

    fn prepare(&self, params: &Params) -> Result<Prepared, Fault> {
        let params = typed::<SimhashParams>(params)?;
        let window = NonZeroUsize::new(params.window_size)
            .ok_or_else(|| Fault::new("window_size", "a run has at least one word"))?;
        if params.hamming_distance >= params.num_blocks || params.num_blocks > 64 {
            let reason = "needs to be less than num_blocks, which is at most 64";
            return Err(Fault::new("hamming_distance", reason));
        }
        let pattern = params.ignore_pattern.as_deref();
        let ignore = pattern
            .filter(|pattern| !pattern.is_empty())
            .map(Regex::new)
            .transpose()
            .map_err(|error| Fault::new("ignore_pattern", error))?;
        let tokenization = match params.tokenization {
            TokenKind::Space => Tokenization::Space,
            TokenKind::Punctuation => Tokenization::Punctuation,
            TokenKind::Character => Tokenization::Character,
        };
        Ok(Prepared::Dedup(Box::new(SimhashDeduplicator {
            tokenization,
            window,
            lowercase: params.lowercase,
            ignore,
            max_bits: params.hamming_distance,
        })))
    }

    fn foreign(&self) -> &'static [Foreign] {
        &[Foreign {
            system: "data-juicer",
            name: "document_simhash_deduplicator",
            dialect: "",
        }]
    }
}

struct SimhashDeduplicator {
    tokenization: Tokenization,
    window: NonZeroUsize,
    lowercase: bool,
    ignore: Option<Regex>,
    max_bits: u32,
}

impl Deduplicate for SimhashDeduplicator {
    /// The low and the high half. Texts without runs all have 0 and are duplicates of each other, as for Data-Juicer.
    fn sketch(&self, text: &str) -> Option<Vec<u32>> {
        let shingling = Shingling {
            tokenization: self.tokenization,
            window: self.window,
            lowercase: self.lowercase,
            ignore: self.ignore.as_ref(),
        };
        let hash = simhash(&Shingles::of(text, &shingling)).unwrap_or(0);
        Some(vec![hash as u32, (hash >> 32) as u32])
    }

    fn index(&self, corpus: Corpus<'_>) -> Box<dyn IndexBuilder> {
        let hashes = corpus
            .sketches
            .iter()
            .map(|sketch| match sketch.as_deref() {
                Some([low, high]) => Some(u64::from(*low) | u64::from(*high) << 32),
                _ => None,
            });
        Box::new(SimhashIndexBuilder::new(hashes, self.max_bits))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::data_juicer::simhash::clusters;
    use sluice_analysis::Value;

    #[test]
    fn short_texts_are_one_cluster_and_similar_ones_another() {
        let params = Params::from([("window_size".to_owned(), Value::Int(2))]);
        let Ok(Prepared::Dedup(dedup)) = DocumentSimhashDeduplicator.prepare(&params) else {
            panic!("a deduplicator");
        };
        let long: String = (0..400).map(|n| format!("w{n} ")).collect();
        let texts = [
            "a",
            "",
            &long,
            &format!("{long} end"),
            "quite another text here",
        ];
        let sketches: Vec<_> = texts.iter().map(|text| dedup.sketch(text)).collect();
        let corpus = Corpus {
            sketches: &sketches,
            texts: &[],
            reference: &[],
        };
        let mut builder = dedup.index(corpus);
        while builder.step() {}
        let decision = builder.finish().decide(&[true; 5], None);
        assert_eq!(decision.stands_for, [0, 0, 2, 2, 4]);
        let hashes: Vec<_> = sketches
            .iter()
            .flatten()
            .map(|words| Some(u64::from(words[0]) | u64::from(words[1]) << 32))
            .collect();
        assert_eq!(clusters(&hashes, 4).firsts(), [0, 2, 4]);
    }

    #[test]
    fn the_distance_has_to_be_below_the_number_of_blocks() {
        let params = Params::from([("hamming_distance".to_owned(), Value::Int(6))]);
        let fault = DocumentSimhashDeduplicator.prepare(&params).err().unwrap();
        assert_eq!(fault.param, "hamming_distance");
    }
}
