//! Near duplicates by MinHash signatures and equal bands.

use std::collections::HashMap;

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
        let mut random = MersenneTwister::new(config.seed);
        let a: Vec<u64> = (0..n_functions)
            .map(|_| 1 + random.up_to(MERSENNE_PRIME - 2))
            .collect();
        let b = (0..n_functions).map(|_| random.up_to(MERSENNE_PRIME - 1));
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
                .map(|shingle| (shingle.wrapping_mul(*a).wrapping_add(*b) % MERSENNE_PRIME) & mask);
            values.min().unwrap_or(u64::MAX)
        });
        Some(least.collect())
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
    let mut parents = Vec::new();
    let mut first_with_band: HashMap<(usize, Vec<u64>), usize> = HashMap::new();
    for (idx, text) in texts.enumerate() {
        parents.push(idx);
        let Some(signature) = signatures.signature(&signatures.shingles(text)) else {
            continue;
        };
        for (band_idx, band) in signature.chunks(config.rows_per_band.max(1)).enumerate() {
            let first = *first_with_band
                .entry((band_idx, band.to_vec()))
                .or_insert(idx);
            let (left, right) = (root(&mut parents, first), root(&mut parents, idx));
            parents[left.max(right)] = left.min(right);
        }
    }
    let mut clusters: Vec<Vec<usize>> = vec![Vec::new(); parents.len()];
    for idx in 0..parents.len() {
        let root = root(&mut parents, idx);
        clusters[root].push(idx);
    }
    clusters.retain(|cluster| !cluster.is_empty());
    clusters
}

fn root(parents: &mut [usize], mut idx: usize) -> usize {
    while parents[idx] != idx {
        parents[idx] = parents[parents[idx]];
        idx = parents[idx];
    }
    idx
}

/// MT19937 (Matsumoto and Nishimura 1998), as NumPy draws 64-bit integers from it.
struct MersenneTwister {
    state: [u32; N],
    next: usize,
}

const N: usize = 624;
const M: usize = 397;

impl MersenneTwister {
    fn new(seed: u32) -> Self {
        let mut state = [seed; N];
        for idx in 1..N {
            let last = state[idx - 1];
            state[idx] = (last ^ (last >> 30))
                .wrapping_mul(1_812_433_253)
                .wrapping_add(idx as u32);
        }
        Self { state, next: N }
    }

    fn next_u32(&mut self) -> u32 {
        if self.next == N {
            for idx in 0..N {
                let bits =
                    (self.state[idx] & 0x8000_0000) | (self.state[(idx + 1) % N] & 0x7fff_ffff);
                let twist = if bits & 1 == 1 { 0x9908_b0df } else { 0 };
                self.state[idx] = self.state[(idx + M) % N] ^ (bits >> 1) ^ twist;
            }
            self.next = 0;
        }
        let mut bits = self.state[self.next];
        self.next += 1;
        bits ^= bits >> 11;
        bits ^= (bits << 7) & 0x9d2c_5680;
        bits ^= (bits << 15) & 0xefc6_0000;
        bits ^ (bits >> 18)
    }

    /// A value up to and including `max`: draws under the mask of its bits until one is in range.
    fn up_to(&mut self, max: u64) -> u64 {
        let mask = u64::MAX >> max.leading_zeros();
        loop {
            let high = u64::from(self.next_u32()) << 32;
            let value = (high | u64::from(self.next_u32())) & mask;
            if value <= max {
                return value;
            }
        }
    }
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
