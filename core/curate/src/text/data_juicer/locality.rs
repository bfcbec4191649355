//! The best numbers of bands and rows for a similarity threshold.

use super::minhash::Banding;

/// What an error costs; only the ratio matters.
#[derive(Clone, Copy, Debug)]
pub struct ErrorWeights {
    pub false_positive: f64,
    pub false_negative: f64,
}

/// Bands b and rows r with b·r ≤ `n_permutations` that minimise w₊·F₊ + w₋·F₋, the first of equals by b, then r.
///
/// F₊ = ∫₀ᵗ 1 − (1 − sʳ)ᵇ ds and F₋ = ∫ₜ¹ (1 − sʳ)ᵇ ds at the threshold t, from 0 to 1: the chances that documents
/// less similar than t share a band, and that more similar ones do not. No permutations give no bands.
/// Source: Data-Juicer `optimal_param`, from datasketch.
pub fn optimal_banding(threshold: f64, n_permutations: usize, weights: ErrorWeights) -> Banding {
    // Polynomials of degree b·r: Gauss–Legendre with n nodes is exact up to 2n − 1.
    let nodes = legendre_nodes(n_permutations / 2 + 1);
    let mut best = (f64::INFINITY, 0, 0);
    for n_bands in 1..=n_permutations {
        // sʳ at each node, by steps of r.
        let mut below = powers_over(&nodes, 0.0, threshold);
        let mut above = powers_over(&nodes, threshold, 1.0);
        for n_rows in 1..=n_permutations / n_bands {
            let mut false_positive = 0.0;
            for node in &mut below {
                false_positive += node.weight * (1.0 - node.miss(n_bands));
            }
            let mut false_negative = 0.0;
            for node in &mut above {
                false_negative += node.weight * node.miss(n_bands);
            }
            let error =
                weights.false_positive * false_positive + weights.false_negative * false_negative;
            if error < best.0 {
                best = (error, n_bands, n_rows);
            }
        }
    }
    Banding {
        n_bands: best.1,
        rows_per_band: best.2,
    }
}

struct Node {
    similarity: f64,
    /// sʳ of the rows so far.
    power: f64,
    weight: f64,
}

impl Node {
    /// Adds a row, and gives (1 − sʳ)ᵇ: the chance that no band is shared.
    fn miss(&mut self, n_bands: usize) -> f64 {
        self.power *= self.similarity;
        let (mut result, mut factor, mut exponent) = (1.0, 1.0 - self.power, n_bands);
        while exponent > 0 {
            if exponent & 1 == 1 {
                result *= factor;
            }
            factor *= factor;
            exponent >>= 1;
        }
        result
    }
}

fn powers_over(nodes: &[(f64, f64)], low: f64, high: f64) -> Vec<Node> {
    let half = (high - low) / 2.0;
    let node = |&(at, weight): &(f64, f64)| Node {
        similarity: low + half * (at + 1.0),
        power: 1.0,
        weight: weight * half,
    };
    nodes.iter().map(node).collect()
}

/// Places from −1 to 1 and weights of Gauss–Legendre quadrature, by Newton's method on the Legendre polynomial.
fn legendre_nodes(n_nodes: usize) -> Vec<(f64, f64)> {
    let n = n_nodes as f64;
    let node = |idx: usize| {
        let mut at = libm::cos(std::f64::consts::PI * (idx as f64 + 0.75) / (n + 0.5));
        let mut slope = 1.0;
        // Converges in about five steps from the guess above.
        for _ in 0..20 {
            let (mut value, mut before) = (1.0, 0.0);
            for degree in 0..n_nodes {
                let degree = degree as f64;
                let next = ((2.0 * degree + 1.0) * at * value - degree * before) / (degree + 1.0);
                before = value;
                value = next;
            }
            slope = n * (at * value - before) / (at * at - 1.0);
            let step = value / slope;
            at -= step;
            if step.abs() < 1e-15 {
                break;
            }
        }
        (at, 2.0 / ((1.0 - at * at) * slope * slope))
    };
    (0..n_nodes).map(node).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVEN: ErrorWeights = ErrorWeights {
        false_positive: 0.5,
        false_negative: 0.5,
    };

    #[test]
    fn quadrature_is_exact_for_polynomials() {
        let nodes = legendre_nodes(5);
        let integral: f64 = nodes.iter().map(|(at, weight)| weight * at.powi(8)).sum();
        assert!((integral - 2.0 / 9.0).abs() < 1e-14);
    }

    #[test]
    fn bandings_are_those_of_datasketch() {
        let banding = |threshold, n| {
            let banding = optimal_banding(threshold, n, EVEN);
            (banding.n_bands, banding.rows_per_band)
        };
        assert_eq!(banding(0.7, 256), (25, 10));
        assert_eq!(banding(0.5, 128), (25, 5));
        assert_eq!(banding(0.5, 0), (0, 0));
    }
}
