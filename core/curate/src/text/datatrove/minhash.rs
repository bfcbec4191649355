//! Near duplicates by MinHash signatures and equal bands.

use std::collections::HashMap;

use crate::text::clusters::Clusters;
use crate::text::random_state::RandomState;

use super::{
    hashes::TextHash,
    simplify::{Simplification, simplify_text},
    tokenizer::words,
};

/// How signatures are made; the probability that two texts share a band is `1 − (1 − s^rows)^bands`.
#[derive(Clone, Debug)]
pub struct MinHash {
    /// Words per shingle.
    pub n_grams: usize,
    pub n_bands: usize,
    pub rows_per_band: usize,
    pub seed: u32,
    pub hash: TextHash,
    pub simplification: Simplification,
}

impl MinHash {
    /// The defaults of DataTrove.
    pub const USUAL: Self = Self {
        n_grams: 5,
        n_bands: 14,
        rows_per_band: 8,
        seed: 1,
        hash: TextHash::XxHash64,
        simplification: Simplification::USUAL,
    };
}

/// The functions `h ↦ (a·h + b mod 2^64) mod (2^61 − 1)` of a [`MinHash`], of which each row keeps the least value.
pub struct Signatures {
    config: MinHash,
    /// `a` from 1, `b` from 0, both below 2^61 − 1.
    functions: Vec<(u64, u64)>,
}

const MERSENNE_PRIME: u64 = (1 << 61) - 1;

impl Signatures {
    /// Draws the functions as NumPy's `RandomState(seed)` does: all of `a`, then all of `b`.
    pub fn new(config: MinHash) -> Self {
        let n_functions = config.n_bands.saturating_mul(config.rows_per_band);
        let mut random = RandomState::new(config.seed);
        let a: Vec<u64> = (0..n_functions)
            .map(|_| random.integer(1, MERSENNE_PRIME - 1))
            .collect();
        let b = (0..n_functions).map(|_| random.integer(0, MERSENNE_PRIME - 1));
        let functions = a.into_iter().zip(b).collect();
        Self { config, functions }
    }

    /// Hashes of all runs of words of the simplified text, in order.
    pub fn shingles(&self, text: &str) -> Vec<u64> {
        let simple = simplify_text(text, &self.config.simplification);
        let words = words(&simple);
        let mut joined = String::new();
        let runs = words.windows(self.config.n_grams.max(1)).map(|run| {
            joined.clear();
            for (idx, word) in run.iter().enumerate() {
                if idx > 0 {
                    joined.push(' ');
                }
                joined.push_str(word);
            }
            self.config.hash.of(&joined)
        });
        runs.collect()
    }

    /// The values of all bands one after the other; `None` without shingles.
    ///
    /// # Source
    ///
    /// DataTrove 0.10.1, `MinhashDedupSignature`.
    pub fn signature(&self, shingles: &[u64]) -> Option<Vec<u64>> {
        if shingles.is_empty() {
            return None;
        }
        let mask = if self.config.hash.is_short() {
            u64::from(u32::MAX)
        } else {
            u64::MAX
        };
        let least = self.functions.iter().map(|(a, b)| {
            let values = shingles
                .iter()
                .map(|shingle| reduced(shingle.wrapping_mul(*a).wrapping_add(*b)) & mask);
            values.min().unwrap_or(u64::MAX)
        });
        Some(least.collect())
    }
}

/// Modulo 2^61 − 1: as 2^61 is 1, the bits above are added to those below.
fn reduced(value: u64) -> u64 {
    let folded = (value & MERSENNE_PRIME) + (value >> 61);
    if folded >= MERSENNE_PRIME {
        folded - MERSENNE_PRIME
    } else {
        folded
    }
}

/// Indices of the texts, in groups that equal bands join; groups by their first text, and texts in order.
///
/// A text without a signature is a group of its own.
///
/// # Source
///
/// DataTrove 0.10.1, `MinhashDedupBuckets` and `MinhashDedupCluster`.
pub fn minhash_clusters<'a>(
    texts: impl Iterator<Item = &'a str>,
    config: &MinHash,
) -> Vec<Vec<usize>> {
    let signatures = Signatures::new(config.clone());
    let signed: Vec<Option<Vec<u64>>> = texts
        .map(|text| signatures.signature(&signatures.shingles(text)))
        .collect();
    let mut joined = Clusters::new(signed.len());
    let mut first_with_band: HashMap<(usize, &[u64]), usize> = HashMap::new();
    for (idx, signature) in signed.iter().enumerate() {
        let values = signature.as_deref().unwrap_or_default();
        for band in values.chunks(config.rows_per_band.max(1)).enumerate() {
            joined.join(*first_with_band.entry(band).or_insert(idx), idx);
        }
    }
    let mut clusters: Vec<Vec<usize>> = vec![Vec::new(); signed.len()];
    for idx in 0..signed.len() {
        clusters[joined.smallest(idx)].push(idx);
    }
    clusters.retain(|cluster| !cluster.is_empty());
    clusters
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_those_that_numpy_draws() {
        let signatures = Signatures::new(MinHash::USUAL);
        assert_eq!(
            signatures.functions[0],
            (775_169_054_918_279_404, 1_062_448_801_025_099_917)
        );
        assert_eq!(
            signatures.functions[1],
            (1_758_426_461_858_698_313, 1_324_811_268_927_594_100)
        );
    }

    #[test]
    fn equal_texts_are_joined_and_short_ones_stay_alone() {
        let texts = [
            "one two three four five six",
            "short",
            "ONE, two three four five six!",
            "short",
        ];
        assert_eq!(
            minhash_clusters(texts.into_iter(), &MinHash::USUAL),
            [vec![0, 2], vec![1], vec![3]]
        );
    }
}
