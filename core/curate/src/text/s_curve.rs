//! What a banding of MinHash signatures finds and misses: the S-curve, its errors, and similarities counted exactly.
//!
//! Two texts of similarity s share a band of r values with probability sʳ, and one of b bands with `1 − (1 − sʳ)ᵇ`.
//! Source: Leskovec, Rajaraman and Ullman, "Mining of Massive Datasets", chapter 3.4.

use super::data_juicer::locality::{ErrorWeights, optimal_banding};
use super::minhash::candidate_probability;

/// Bands and values in each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SCurve {
    pub n_bands: usize,
    pub rows_per_band: usize,
}

/// How much a banding errs at a threshold: areas from 0 to 1, which are shares of pairs if all similarities are
/// equally frequent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Errors {
    /// Less similar pairs that share a band: `∫₀ᵗ P(s) ds`.
    pub false_positives: f64,
    /// More similar pairs that share none: `∫ₜ¹ 1 − P(s) ds`.
    pub false_negatives: f64,
}

impl SCurve {
    /// The banding of at most `n_values` values whose weighted errors at a threshold are least.
    pub fn optimal(threshold: f64, n_values: usize, weights: ErrorWeights) -> Self {
        let banding = optimal_banding(threshold, n_values, weights);
        Self {
            n_bands: banding.n_bands,
            rows_per_band: banding.rows_per_band,
        }
    }

    /// Probability that two texts of this similarity become candidates.
    pub fn probability(self, similarity: f64) -> f64 {
        candidate_probability(similarity, self.n_bands, self.rows_per_band)
    }

    /// Similarity that has this probability: `(1 − (1 − p)^(1/b))^(1/r)`. NaN without bands or values.
    pub fn similarity_at(self, probability: f64) -> f64 {
        if self.n_bands == 0 || self.rows_per_band == 0 {
            return f64::NAN;
        }
        let miss = libm::pow(1.0 - probability, 1.0 / self.n_bands as f64);
        libm::pow(1.0 - miss, 1.0 / self.rows_per_band as f64)
    }

    /// Errors at a threshold from 0 to 1, to about eight digits.
    pub fn errors(self, threshold: f64) -> Errors {
        let threshold = threshold.clamp(0.0, 1.0);
        Errors {
            false_positives: area(0.0, threshold, |s| self.probability(s)),
            false_negatives: area(threshold, 1.0, |s| 1.0 - self.probability(s)),
        }
    }

    /// Similarity and probability at `n_points` similarities from 0 to 1, both ends included.
    pub fn points(self, n_points: usize) -> Vec<(f64, f64)> {
        let last = n_points.saturating_sub(1).max(1) as f64;
        (0..n_points)
            .map(|idx| idx as f64 / last)
            .map(|similarity| (similarity, self.probability(similarity)))
            .collect()
    }
}

/// Simpson's rule.
fn area(from: f64, to: f64, height: impl Fn(f64) -> f64) -> f64 {
    const INTERVALS: usize = 512;
    let width = (to - from) / INTERVALS as f64;
    let sum: f64 = (0..=INTERVALS)
        .map(|idx| {
            let weight = match idx {
                0 | INTERVALS => 1.0,
                _ if idx % 2 == 1 => 4.0,
                _ => 2.0,
            };
            weight * height(from + idx as f64 * width)
        })
        .sum();
    sum * width / 3.0
}

/// Jaccard similarity of two sets given as lists with repeats, such as hashes of shingles: common / all.
///
/// NaN if both are empty.
pub fn jaccard<T: Ord>(mut a: Vec<T>, mut b: Vec<T>) -> f64 {
    for set in [&mut a, &mut b] {
        set.sort_unstable();
        set.dedup();
    }
    let mut in_b = b.iter().peekable();
    let n_common = a
        .iter()
        .filter(|item| {
            while in_b.next_if(|other| other < item).is_some() {}
            in_b.peek().is_some_and(|other| other == item)
        })
        .count();
    n_common as f64 / (a.len() + b.len() - n_common) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_the_areas_beside_the_curve() {
        // One band of one value: P(s) = s.
        let line = SCurve {
            n_bands: 1,
            rows_per_band: 1,
        };
        let errors = line.errors(0.6);
        assert!((errors.false_positives - 0.18).abs() < 1e-12);
        assert!((errors.false_negatives - 0.08).abs() < 1e-12);
        assert_eq!(line.points(3), [(0.0, 0.0), (0.5, 0.5), (1.0, 1.0)]);
        let even = ErrorWeights {
            false_positive: 0.5,
            false_negative: 0.5,
        };
        let curve = SCurve::optimal(0.7, 256, even);
        assert_eq!((curve.n_bands, curve.rows_per_band), (25, 10));
        assert!((curve.probability(curve.similarity_at(0.5)) - 0.5).abs() < 1e-12);
    }

    #[test]
    fn similarity_counts_distinct_items() {
        assert_eq!(jaccard(vec![3, 1, 1, 2], vec![2, 3, 3, 4]), 0.5);
        assert_eq!(jaccard(vec![1], vec![]), 0.0);
        assert!(jaccard::<u32>(vec![], vec![]).is_nan());
    }
}
