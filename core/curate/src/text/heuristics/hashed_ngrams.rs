//! Hashed n-gram counts: the features of data selection by importance resampling (DSIR).
//!
//! Source: Xie et al. 2023; `data_selection/hashed_ngram_dsir.py` of dsir at 4802a1c7, MIT.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use super::token_runs::token_runs;

/// Counts of the buckets into which the n-grams of a text fall.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct HashedNgrams {
    pub n_tokens: usize,
    /// Bucket → count; only buckets that occur.
    pub counts: BTreeMap<usize, u64>,
}

/// Counts all 1- to `n`-grams of the text in lower case.
///
/// Tokens are those of [`token_runs`]; those of an n-gram are joined by a space.
/// Its bucket is the SHA-256 of that, as one big-endian number, modulo `n_buckets`. DSIR's defaults are n = 2 and 10 000
/// buckets. 1-grams count even if `n` is 0; no buckets, no counts.
pub fn hashed_ngrams(text: &str, n: usize, n_buckets: usize) -> HashedNgrams {
    let lower = text.to_lowercase();
    let tokens: Vec<&str> = token_runs(&lower).collect();
    let mut counts = BTreeMap::new();
    if n_buckets > 0 {
        for length in 1..=n.clamp(1, tokens.len().max(1)) {
            for gram in tokens.windows(length) {
                *counts.entry(bucket(gram, n_buckets)).or_default() += 1;
            }
        }
    }
    HashedNgrams {
        n_tokens: tokens.len(),
        counts,
    }
}

fn bucket(gram: &[&str], n_buckets: usize) -> usize {
    let mut hasher = Sha256::new();
    for (idx, token) in gram.iter().enumerate() {
        if idx > 0 {
            hasher.update(b" ");
        }
        hasher.update(token.as_bytes());
    }
    let modulus = n_buckets as u128;
    let digest = hasher.finalize();
    let rest = digest.iter().fold(0, |rest: u128, byte| {
        (rest * 256 + u128::from(*byte)) % modulus
    });
    rest as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ngrams_of_every_length_count() {
        let got = hashed_ngrams("A b a", 2, 10_000);
        assert_eq!(got.n_tokens, 3);
        assert_eq!(got.counts.values().sum::<u64>(), 5);
        assert_eq!(hashed_ngrams("", 2, 10), HashedNgrams::default());
        assert_eq!(hashed_ngrams("a", 2, 0).counts.len(), 0);
    }
}
