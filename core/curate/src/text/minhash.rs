//! MinHash signatures and locality-sensitive hashing: texts that share most of their word n-grams.
//!
//! Broder (1997), "On the resemblance and containment of documents"; banding after Leskovec, Rajaraman and Ullman,
//! "Mining of Massive Datasets", chapter 3. Sluice's own variant works on 32-bit integers: a shingle's 32-bit hash `h`
//! is mapped by `(a·h + b) mod 2³²` with odd `a`, once per permutation, so that every backend gives the same bits.

use std::collections::BTreeMap;

use sluice_stats::hash::{hash_bytes, hash_u64};

use super::clusters::Clusters;
use super::python;

/// Multipliers and offsets of the permutations.
#[derive(Clone, Debug)]
pub struct Permutations {
    multipliers: Vec<u32>,
    offsets: Vec<u32>,
}

impl Permutations {
    /// The first `n` of a fixed sequence: signatures of different lengths agree where both have values.
    pub fn new(n: usize) -> Self {
        let word = |idx: usize, part: u64| hash_u64(2 * idx as u64 + part) as u32;
        Self {
            multipliers: (0..n).map(|idx| word(idx, 0) | 1).collect(),
            offsets: (0..n).map(|idx| word(idx, 1)).collect(),
        }
    }

    pub fn len(&self) -> usize {
        self.multipliers.len()
    }

    pub fn is_empty(&self) -> bool {
        self.multipliers.is_empty()
    }

    /// Lowers every value of a signature to its permutation of `hash`, if that is smaller.
    #[inline]
    fn lower(&self, signature: &mut [u32], hash: u32) {
        let pairs = self.multipliers.iter().zip(&self.offsets);
        for (value, (multiplier, offset)) in signature.iter_mut().zip(pairs) {
            *value = (*value).min(multiplier.wrapping_mul(hash).wrapping_add(*offset));
        }
    }
}

/// Hashes of a text's shingles: runs of `n_words` words, in lower case, between white space as Python splits at it.
///
/// A text of fewer words has one shingle, an empty one none. `hashes` is emptied first; equal shingles come once each
/// time they occur.
pub fn shingles(text: &str, n_words: usize, hashes: &mut Vec<u32>) {
    hashes.clear();
    let n_words = n_words.max(1);
    let words: Vec<u64> = python::split(text)
        .map(|word| {
            if word
                .bytes()
                .any(|byte| byte.is_ascii_uppercase() || !byte.is_ascii())
            {
                hash_bytes(word.to_lowercase().as_bytes())
            } else {
                hash_bytes(word.as_bytes())
            }
        })
        .collect();
    let combined = |words: &[u64]| {
        let hash = words
            .iter()
            .fold(0_u64, |hash, word| hash_u64(hash.rotate_left(5) ^ word));
        (hash >> 32) as u32
    };
    if words.len() < n_words {
        hashes.extend((!words.is_empty()).then(|| combined(&words)));
    } else {
        hashes.extend(words.windows(n_words).map(combined));
    }
}

/// The signature of a text: for each permutation the smallest value over its shingles. Empty without shingles.
pub fn signature(shingles: &[u32], permutations: &Permutations) -> Vec<u32> {
    if shingles.is_empty() {
        return Vec::new();
    }
    let mut signature = vec![u32::MAX; permutations.len()];
    for hash in shingles {
        permutations.lower(&mut signature, *hash);
    }
    signature
}

/// Share of equal values: an unbiased estimate of the Jaccard similarity of the shingles, with a standard error of
/// `√(j(1−j)/n)`. 0 where either is empty.
pub fn estimated_similarity(a: &[u32], b: &[u32]) -> f64 {
    if a.is_empty() || a.len() != b.len() {
        return 0.0;
    }
    let n_equal = a.iter().zip(b).filter(|(a, b)| a == b).count();
    n_equal as f64 / a.len() as f64
}

/// Probability that two texts of this similarity share a band: `1 − (1 − s^rows)^bands`.
pub fn candidate_probability(similarity: f64, bands: usize, rows: usize) -> f64 {
    1.0 - libm::pow(1.0 - libm::pow(similarity, rows as f64), bands as f64)
}

/// Bands and rows per band of at most `n` permutations for which false positives below `threshold` and false
/// negatives above it are fewest together: the areas below and above the curve of [`candidate_probability`].
pub fn best_bands(threshold: f64, n: usize) -> (usize, usize) {
    const STEPS: usize = 200;
    let area = |from: f64, to: f64, height: &dyn Fn(f64) -> f64| {
        let width = (to - from) / STEPS as f64;
        (0..STEPS)
            .map(|step| height(from + (step as f64 + 0.5) * width) * width)
            .sum::<f64>()
    };
    let mut best = (f64::INFINITY, (1, 1));
    for bands in 1..=n.max(1) {
        for rows in 1..=(n / bands).max(1) {
            let curve = |s: f64| candidate_probability(s, bands, rows);
            let wrong = area(0.0, threshold, &curve) + area(threshold, 1.0, &|s| 1.0 - curve(s));
            if wrong < best.0 {
                best = (wrong, (bands, rows));
            }
        }
    }
    best.1
}

/// Texts of a bucket that a further one is compared with.
pub const LEADERS_PER_BUCKET: usize = 16;

/// Clusters of near-duplicates, found band by band.
///
/// Two texts are put together if they share a band and the estimate from their signatures is at least `threshold`;
/// clusters are what is connected by such pairs. In a bucket a text is compared with at most 16 that are not similar to
/// each other. Texts without a signature are alone.
pub struct NearDuplicates<'a> {
    signatures: &'a [Vec<u32>],
    threshold: f64,
    clusters: Clusters,
}

impl<'a> NearDuplicates<'a> {
    /// Every text alone.
    pub fn new(signatures: &'a [Vec<u32>], threshold: f64) -> Self {
        Self {
            signatures,
            threshold,
            clusters: Clusters::new(signatures.len()),
        }
    }

    /// Puts together what shares the values `band · rows .. (band + 1) · rows`.
    pub fn add_band(&mut self, band: usize, rows: usize) {
        let mut buckets: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
        for (text, signature) in self.signatures.iter().enumerate() {
            let Some(values) = signature.get(band * rows..(band + 1) * rows) else {
                continue;
            };
            let bucket = values.iter().fold(band as u64, |hash, value| {
                hash_u64(hash ^ u64::from(*value))
            });
            let leaders = buckets.entry(bucket).or_default();
            let like = leaders.iter().find(|leader| {
                let of_leader = &self.signatures[**leader];
                self.clusters.smallest(**leader) == self.clusters.smallest(text)
                    || estimated_similarity(of_leader, signature) >= self.threshold
            });
            match like {
                Some(leader) => self.clusters.join(*leader, text),
                None if leaders.len() < LEADERS_PER_BUCKET => leaders.push(text),
                None => {}
            }
        }
    }

    /// For each text the first text of its cluster: itself if it has no duplicate.
    pub fn firsts(mut self) -> Vec<u32> {
        // Row numbers fit: a table has fewer than 2³² rows.
        (0..self.signatures.len())
            .map(|text| self.clusters.smallest(text) as u32)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sign(text: &str, permutations: &Permutations) -> Vec<u32> {
        let mut hashes = Vec::new();
        shingles(text, 3, &mut hashes);
        signature(&hashes, permutations)
    }

    fn numbered(range: std::ops::Range<usize>) -> String {
        range.map(|n| format!("word{n} ")).collect()
    }

    #[test]
    fn the_estimate_is_near_the_similarity() {
        let permutations = Permutations::new(1024);
        // 198 and 198 shingles, 148 of them common: 148 / 248.
        let (a, b) = (numbered(0..200), numbered(50..250));
        let estimate = estimated_similarity(&sign(&a, &permutations), &sign(&b, &permutations));
        assert!((estimate - 148.0 / 248.0).abs() < 0.06, "{estimate}");
    }

    #[test]
    fn signatures_do_not_depend_on_order_or_case() {
        let permutations = Permutations::new(64);
        let mut hashes = Vec::new();
        shingles("One two THREE four", 3, &mut hashes);
        let forward = signature(&hashes, &permutations);
        hashes.reverse();
        assert_eq!(signature(&hashes, &permutations), forward);
        assert_eq!(sign("one\ttwo three  four", &permutations), forward);
        assert_eq!(sign(" \n", &permutations), Vec::<u32>::new());
        assert_eq!(sign("Short", &permutations).len(), 64);
    }

    #[test]
    fn bands_follow_the_threshold() {
        let (bands, rows) = best_bands(0.7, 256);
        assert!(bands * rows <= 256);
        assert!(candidate_probability(0.85, bands, rows) > 0.95);
        assert!(candidate_probability(0.4, bands, rows) < 0.1);
    }

    #[test]
    fn clusters_are_named_by_their_first_text() {
        let permutations = Permutations::new(128);
        let base = numbered(0..100);
        let texts = [
            numbered(500..600),
            base.clone(),
            String::new(),
            format!("{base} and more"),
            numbered(900..1000),
            base,
            String::new(),
        ];
        let signatures: Vec<_> = texts.iter().map(|text| sign(text, &permutations)).collect();
        let (bands, rows) = best_bands(0.7, 128);
        let mut clusters = NearDuplicates::new(&signatures, 0.7);
        (0..bands).for_each(|band| clusters.add_band(band, rows));
        assert_eq!(clusters.firsts(), [0, 1, 2, 1, 4, 1, 6]);
    }
}
