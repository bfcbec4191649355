//! Numbers with how often each occurs: quantiles and bars without looking at the rows again.

use sluice_protocol::profile::Histogram;
use sluice_stats::histogram::Bins;

use super::passes::histogram;

/// Distinct finite numbers in ascending order, each with its count.
pub(super) struct Tally {
    values: Vec<(f64, u64)>,
    n: u64,
}

impl Tally {
    /// `values` ascending.
    pub(super) fn new(values: Vec<(f64, u64)>) -> Self {
        let n = values.iter().map(|&(_, count)| count).sum();
        Self { values, n }
    }

    pub(super) fn values(&self) -> &[(f64, u64)] {
        &self.values
    }

    /// Quantiles by the definition of [`sluice_stats::quantiles`] (type 7); empty without values.
    /// `probs` ascending.
    pub(super) fn quantiles(&self, probs: &[f64]) -> Vec<f64> {
        if self.n == 0 {
            return Vec::new();
        }
        let mut values = self.values.iter().copied().peekable();
        let mut n_before = 0;
        let mut quantiles = Vec::with_capacity(probs.len());
        for prob in probs {
            let rank = (self.n - 1) as f64 * prob;
            let (low_rank, share) = (rank.floor() as u64, rank.fract());
            while let Some((_, count)) = values.next_if(|&(_, count)| n_before + count <= low_rank)
            {
                n_before += count;
            }
            let Some(&(low, count)) = values.peek() else {
                break;
            };
            let high = if low_rank + 1 < n_before + count {
                low
            } else {
                values.clone().nth(1).map_or(low, |(next, _)| next)
            };
            quantiles.push(if share > 0.0 {
                low + share * (high - low)
            } else {
                low
            });
        }
        quantiles
    }

    pub(super) fn histogram(&self, bins: &Bins) -> Histogram {
        let numbers: Vec<f64> = self.values.iter().map(|&(value, _)| value).collect();
        let mut codes = Vec::with_capacity(numbers.len());
        bins.append_codes(&numbers, &mut codes);
        let mut counts = [0; 256];
        for (code, (_, count)) in codes.into_iter().zip(&self.values) {
            counts[usize::from(code)] += count;
        }
        histogram(bins, &counts)
    }

    pub(super) fn n_outside(&self, (low, high): (f64, f64)) -> u64 {
        let outside = self
            .values
            .iter()
            .filter(|&&(value, _)| value < low || high < value);
        outside.map(|&(_, count)| count).sum()
    }
}

#[cfg(test)]
mod tests {
    use sluice_stats::quantiles::quantiles;

    use super::*;

    #[test]
    fn quantiles_are_those_of_the_repeated_values() {
        let probs = [0.0, 0.01, 0.25, 0.4, 0.5, 0.9, 1.0];
        let check = |counted: &[(f64, u64)]| {
            let repeated: Vec<f64> = counted
                .iter()
                .flat_map(|&(value, count)| vec![value; count as usize])
                .collect();
            let expected = quantiles(&repeated, &probs).unwrap();
            assert_eq!(
                Tally::new(counted.to_vec()).quantiles(&probs),
                expected,
                "{counted:?}"
            );
        };
        check(&[(7.0, 1)]);
        check(&[(1.0, 1), (2.0, 1), (4.0, 1), (8.0, 1)]);
        check(&[(-3.0, 5), (0.0, 1), (10.0, 4), (11.0, 1)]);
        assert!(Tally::new(Vec::new()).quantiles(&probs).is_empty());
    }
}
