//! MinHash signatures as Data-Juicer computes them, and clusters of documents that share a band.

use std::collections::HashMap;

use sha1::{Digest as _, Sha1};

use super::shingles::Shingles;
use crate::text::clusters::Clusters;
use crate::text::random_state::RandomState;

/// 2⁶¹ − 1, a Mersenne prime.
const PRIME: u64 = (1 << 61) - 1;

/// Data-Juicer's seed.
const SEED: u32 = 42;

/// The functions h ↦ (((a·h + b) mod 2⁶⁴) mod (2⁶¹ − 1)) mod 2³² of a signature, one for each of its values.
///
/// a is drawn from 1, b from 0, both to 2⁶¹ − 2, a and b by turns, by NumPy's `RandomState(42)`.
#[derive(Clone, Debug)]
pub struct Permutations(Vec<(u64, u64)>);

impl Permutations {
    pub fn new(n_permutations: usize) -> Self {
        let mut random = RandomState::new(SEED);
        let mut draw = || (random.integer(1, PRIME - 1), random.integer(0, PRIME - 1));
        Self((0..n_permutations).map(|_| draw()).collect())
    }

    /// The least value of each function over the shingles' hashes; none without shingles.
    ///
    /// A shingle's hash is the first four bytes of its SHA-1, least first.
    /// Source: Data-Juicer `document_minhash_deduplicator`, which raises without shingles.
    pub fn signature(&self, shingles: &Shingles) -> Option<Vec<u32>> {
        let mut hashes: Vec<u64> = shingles
            .iter()
            .map(|shingle| sha1_32(shingle.as_bytes()))
            .collect();
        if hashes.is_empty() {
            return None;
        }
        hashes.sort_unstable();
        hashes.dedup();
        let least = |&(a, b): &(u64, u64)| {
            let values = hashes.iter().map(|hash| permuted(*hash, a, b));
            values.min().unwrap_or(u32::MAX)
        };
        Some(self.0.iter().map(least).collect())
    }
}

/// Rows of a signature by bands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Banding {
    pub n_bands: usize,
    pub rows_per_band: usize,
}

impl Banding {
    /// The values of each band; a band beyond the signature's end is shorter, or empty.
    pub fn bands(self, signature: &[u32]) -> impl Iterator<Item = &[u32]> {
        (0..self.n_bands).map(move |band| {
            let start = band.saturating_mul(self.rows_per_band).min(signature.len());
            let end = start
                .saturating_add(self.rows_per_band)
                .min(signature.len());
            signature.get(start..end).unwrap_or_default()
        })
    }
}

/// Clusters of signatures of which any two neighbours have a band in common.
///
/// A document without a signature is alone.
pub fn clusters(signatures: &[Option<Vec<u32>>], banding: Banding) -> Clusters {
    let mut clusters = Clusters::new(signatures.len());
    let mut first_with: HashMap<(usize, &[u32]), usize> = HashMap::new();
    for (idx, signature) in signatures.iter().enumerate() {
        let Some(signature) = signature else { continue };
        for (band_idx, band) in banding.bands(signature).enumerate() {
            let first = *first_with.entry((band_idx, band)).or_insert(idx);
            if first != idx {
                clusters.join(first, idx);
            }
        }
    }
    clusters
}

fn sha1_32(bytes: &[u8]) -> u64 {
    let digest: [u8; 20] = Sha1::digest(bytes).into();
    let [a, b, c, d, ..] = digest;
    u64::from(u32::from_le_bytes([a, b, c, d]))
}

fn permuted(hash: u64, a: u64, b: u64) -> u32 {
    let sum = hash.wrapping_mul(a).wrapping_add(b);
    // 2⁶¹ ≡ 1, so that the bits above are added to those below.
    let folded = (sum & PRIME) + (sum >> 61);
    let reduced = if folded >= PRIME {
        folded - PRIME
    } else {
        folded
    };
    // The low 32 bits.
    reduced as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permutations_are_reduced_by_the_prime() {
        assert_eq!(permuted(1, PRIME, 0), 0);
        assert_eq!(permuted(1, PRIME - 1, 0), (PRIME - 1) as u32);
        assert_eq!(permuted(2, PRIME, 5), 5);
        assert_eq!(permuted(u64::MAX, 1, 0), (u64::MAX % PRIME) as u32);
    }

    #[test]
    fn one_band_in_common_is_enough() {
        let banding = Banding {
            n_bands: 2,
            rows_per_band: 2,
        };
        let signatures = [
            Some(vec![1, 2, 3, 4]),
            None,
            Some(vec![5, 6, 3, 4]),
            Some(vec![5, 6, 1, 2]),
            Some(vec![3, 4, 9, 9]),
            None,
        ];
        assert_eq!(clusters(&signatures, banding).firsts(), [0, 1, 4, 5]);
    }
}
