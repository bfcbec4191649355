//! Counts, extremes, sum, mean, variance, skewness and kurtosis of a column.
//!
//! Two passes, because only the second knows around what to centre: [`Totals`], then
//! [`CentralMoments`]. Both sum without order-dependent rounding, so results are the same
//! to the bit for every chunking and order of merges.
//!
//! Non-finite values are counted by [`Totals`] and excluded from everything else.

use crate::Error;
use crate::exact_sum::ExactSum;

/// First pass: what one look at each value can tell.
#[derive(Clone, Debug, Default)]
pub struct Totals {
    /// Number of finite values.
    pub n: u64,
    pub n_nan: u64,
    pub n_positive_infinity: u64,
    pub n_negative_infinity: u64,
    /// Finite values equal to 0 or −0.
    pub n_zero: u64,
    /// Finite values below 0.
    pub n_negative: u64,
    /// Finite values that are no integers.
    pub n_fractional: u64,
    /// Smallest finite value; `None` if there is none.
    pub min: Option<f64>,
    /// Largest finite value; `None` if there is none.
    pub max: Option<f64>,
    sum: ExactSum,
}

impl Totals {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn update(&mut self, values: &[f64]) {
        let mut min = f64::INFINITY;
        let mut max = f64::NEG_INFINITY;
        for &value in values {
            if !value.is_finite() {
                self.count_non_finite(value);
                continue;
            }
            // Keeps −0 out of the extremes, whose sign would depend on order.
            let value = value + 0.0;
            self.n += 1;
            self.n_zero += u64::from(value == 0.0);
            self.n_negative += u64::from(value < 0.0);
            self.n_fractional += u64::from(value.trunc() != value);
            min = if value < min { value } else { min };
            max = if value > max { value } else { max };
            self.sum.add(value);
        }
        self.widen(min, max);
    }

    /// Adds finite values that occur so often each; as good as [`Self::update`] with repetitions
    /// but for the rounding of each product `value · count`.
    pub fn update_counted(&mut self, values_and_counts: &[(f64, u64)]) {
        for &(value, count) in values_and_counts.iter().filter(|(_, count)| *count > 0) {
            debug_assert!(
                value.is_finite(),
                "{value} has no place among finite values"
            );
            let value = value + 0.0;
            self.n += count;
            self.n_zero += if value == 0.0 { count } else { 0 };
            self.n_negative += if value < 0.0 { count } else { 0 };
            self.n_fractional += if value.trunc() == value { 0 } else { count };
            let product = value * count as f64;
            if product.is_finite() {
                self.sum.add(product);
            } else {
                (0..count).for_each(|_| self.sum.add(value));
            }
            self.widen(value, value);
        }
    }

    pub fn merge(&mut self, other: &Self) {
        self.n += other.n;
        self.n_nan += other.n_nan;
        self.n_positive_infinity += other.n_positive_infinity;
        self.n_negative_infinity += other.n_negative_infinity;
        self.n_zero += other.n_zero;
        self.n_negative += other.n_negative;
        self.n_fractional += other.n_fractional;
        if let (Some(min), Some(max)) = (other.min, other.max) {
            self.widen(min, max);
        }
        self.sum.merge(&other.sum);
    }

    /// Sum of the finite values, correctly rounded; ±∞ where it exceeds the range of `f64`.
    pub fn sum(&self) -> f64 {
        self.sum.to_f64()
    }

    /// Mean of the finite values, within 1 ulp and never outside `min..=max`.
    pub fn mean(&self) -> Option<f64> {
        Some(self.sum.mean_of(self.n)?.clamp(self.min?, self.max?))
    }

    fn widen(&mut self, min: f64, max: f64) {
        if min <= max {
            self.min = Some(self.min.map_or(min, |known| known.min(min)));
            self.max = Some(self.max.map_or(max, |known| known.max(max)));
        }
    }

    #[cold]
    fn count_non_finite(&mut self, value: f64) {
        if value.is_nan() {
            self.n_nan += 1;
        } else if value > 0.0 {
            self.n_positive_infinity += 1;
        } else {
            self.n_negative_infinity += 1;
        }
    }
}

/// Second pass: sums of powers of deviations from the mean.
///
/// # Formula
///
/// With `y = (x − mean) / 2^e`, `|y| ≤ 1`: `Σ y, Σ y², Σ y³, Σ y⁴`, each term rounded towards
/// zero to a multiple of 2⁻⁶² and summed in 128-bit integers. The largest deviation alone makes
/// `Σ y² ≥ ¼`, so the relative error of the variance is below `4n · 2⁻⁶²` (1e-10 at n = 10⁸);
/// `Σ y` corrects the rounding of the mean.
#[derive(Clone, Debug, PartialEq)]
pub struct CentralMoments {
    mean: Option<f64>,
    scale_exponent: i32,
    n: u64,
    power_sums: [i128; 4],
}

impl CentralMoments {
    const FIXED_POINT: f64 = (1_u64 << 62) as f64;

    /// Starts the second pass over the same values that `totals` saw.
    pub fn new(totals: &Totals) -> Self {
        let mean = totals.mean();
        let scale_exponent = match (mean, totals.min, totals.max) {
            (Some(mean), Some(min), Some(max)) => {
                // Halved, because the difference of two finite values may overflow.
                let half_deviation = (max * 0.5 - mean * 0.5).max(mean * 0.5 - min * 0.5);
                // Below the clamp every square is smaller than the smallest `f64`.
                (libm::frexp(half_deviation).1 + 1).max(-1_000)
            }
            _ => 0,
        };
        Self {
            mean,
            scale_exponent,
            n: 0,
            power_sums: [0; 4],
        }
    }

    pub fn update(&mut self, values: &[f64]) {
        let inverse_scale = libm::ldexp(1.0, -self.scale_exponent);
        let centre = self.mean.unwrap_or(0.0) * inverse_scale;
        for &value in values {
            if !value.is_finite() {
                continue;
            }
            self.n += 1;
            let y = value * inverse_scale - centre;
            let y2 = y * y;
            for (sum, term) in self.power_sums.iter_mut().zip([y, y2, y2 * y, y2 * y2]) {
                *sum += i128::from((term * Self::FIXED_POINT) as i64);
            }
        }
    }

    /// Adds finite values that occur so often each, as [`Self::update`] with repetitions does.
    pub fn update_counted(&mut self, values_and_counts: &[(f64, u64)]) {
        for &(value, count) in values_and_counts {
            let mut one = Self {
                n: 0,
                power_sums: [0; 4],
                ..*self
            };
            one.update(&[value]);
            self.n += one.n * count;
            for (sum, term) in self.power_sums.iter_mut().zip(one.power_sums) {
                *sum += term * i128::from(count);
            }
        }
    }

    /// # Errors
    ///
    /// Returns [`Error::MergeMismatch`] if the two were started from different totals.
    pub fn merge(&mut self, other: &Self) -> Result<(), Error> {
        if (self.mean, self.scale_exponent) != (other.mean, other.scale_exponent) {
            return Err(Error::MergeMismatch {
                setting: "the mean they are centred on",
            });
        }
        self.n += other.n;
        self.power_sums
            .iter_mut()
            .zip(other.power_sums)
            .for_each(|(sum, other)| *sum += other);
        Ok(())
    }

    pub fn finish(&self) -> Moments {
        let n = self.n as f64;
        let [s1, s2, s3, s4] = self
            .power_sums
            .map(|sum| sum as f64 / Self::FIXED_POINT / n);
        // Moments around the exact mean, which lies `s1` beside the rounded one.
        let m2 = (s2 - s1 * s1).max(0.0);
        let m3 = s3 - 3.0 * s1 * s2 + 2.0 * s1 * s1 * s1;
        let m4 = s4 - 4.0 * s1 * s3 + 6.0 * s1 * s1 * s2 - 3.0 * s1 * s1 * s1 * s1;
        let standard_deviation = (self.n >= 2)
            .then(|| libm::ldexp((m2 * (n / (n - 1.0))).sqrt(), self.scale_exponent))
            .filter(|deviation| deviation.is_finite());
        Moments {
            n: self.n,
            mean: self.mean,
            variance: standard_deviation
                .map(|sd| sd * sd)
                .filter(|square| square.is_finite()),
            standard_deviation,
            skewness: (self.n >= 3 && m2 > 0.0)
                .then(|| m3 / (m2 * m2.sqrt()) * (n * (n - 1.0)).sqrt() / (n - 2.0)),
            excess_kurtosis: (self.n >= 4 && m2 > 0.0).then(|| {
                let g2 = m4 / (m2 * m2) - 3.0;
                (n - 1.0) / ((n - 2.0) * (n - 3.0)) * ((n + 1.0) * g2 + 6.0)
            }),
        }
    }
}

/// Shape of a distribution, estimated from a sample.
///
/// # Formula
///
/// With central moments `m_k = Σ (x − x̄)^k / n`:
///
/// - variance `s² = m₂ · n / (n − 1)`,
/// - skewness `G₁ = m₃ / m₂^1.5 · √(n (n − 1)) / (n − 2)`,
/// - excess kurtosis `G₂ = (n − 1) / ((n − 2)(n − 3)) · ((n + 1)(m₄ / m₂² − 3) + 6)`.
///
/// # Source
///
/// Joanes and Gill, “Comparing measures of sample skewness and kurtosis”, 1998
/// (the definitions of SAS, Excel and `scipy.stats` with `bias=False`).
#[derive(Clone, Debug, PartialEq)]
pub struct Moments {
    /// Number of finite values.
    pub n: u64,
    /// In the unit of the values; `None` for `n = 0`.
    pub mean: Option<f64>,
    /// In the square of their unit; `None` for `n < 2` and where it exceeds the range of `f64`.
    pub variance: Option<f64>,
    /// In their unit; `None` for `n < 2` and where it exceeds the range of `f64`.
    pub standard_deviation: Option<f64>,
    /// `None` for `n < 3` and for constant values.
    pub skewness: Option<f64>,
    /// 0 for a normal distribution; `None` for `n < 4` and for constant values.
    pub excess_kurtosis: Option<f64>,
}

/// Both passes over a whole slice.
///
/// # Example
///
/// ```
/// let moments = sluice_stats::moments::moments(&[1.0, 2.0, 4.0]);
/// assert_eq!(moments.variance.map(|v| (v * 3.0).round()), Some(7.0));
/// ```
pub fn moments(values: &[f64]) -> Moments {
    let mut totals = Totals::new();
    totals.update(values);
    let mut central = CentralMoments::new(&totals);
    central.update(values);
    central.finish()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn close(actual: Option<f64>, expected: Option<f64>) -> bool {
        match (actual, expected) {
            (Some(actual), Some(expected)) => {
                (actual - expected).abs() <= 1e-9 * expected.abs().max(1e-300)
            }
            _ => actual == expected,
        }
    }

    /// `expected`: mean, variance, skewness, excess kurtosis.
    fn check(values: &[f64], expected: [Option<f64>; 4]) {
        let got = moments(values);
        let actual = [got.mean, got.variance, got.skewness, got.excess_kurtosis];
        for (actual, expected) in actual.into_iter().zip(expected) {
            assert!(
                close(actual, expected),
                "{actual:?} for {expected:?} of {values:?}"
            );
        }
    }

    #[test]
    fn moments_match_scipy() {
        // scipy 1.17.1: numpy.mean, var(ddof=1), stats.skew(bias=False), stats.kurtosis(bias=False).
        check(
            &[1.0, 2.0, 3.0, 4.0],
            [Some(2.5), Some(5.0 / 3.0), Some(0.0), Some(-1.2)],
        );
        check(
            &[1.0, 2.0, 4.0, 8.0, 16.0],
            [
                Some(6.2),
                Some(37.2),
                Some(1.3253147098134046),
                Some(1.3037634408602106),
            ],
        );
        check(
            &[2.0, 2.0, 2.0, 3.0, 100.0, -7.5],
            [
                Some(16.916666666666668),
                Some(1672.0416666666665),
                Some(2.3970845151310174),
                Some(5.816095608048702),
            ],
        );
        // Small spread around a large mean: where textbook formulas cancel.
        check(
            &[1e9 + 1.0, 1e9 + 2.0, 1e9 + 4.0, 1e9 + 8.0],
            [
                Some(1000000003.75),
                Some(9.583333333333334),
                Some(1.1376243669576889),
                Some(0.7576559546313799),
            ],
        );
    }

    #[test]
    fn undefined_moments_are_none() {
        check(&[], [None; 4]);
        check(&[f64::NAN, f64::INFINITY], [None; 4]);
        check(&[5.0], [Some(5.0), None, None, None]);
        check(&[0.1; 10], [Some(0.1), Some(0.0), None, None]);
    }

    #[test]
    fn extreme_magnitudes_neither_overflow_nor_vanish() {
        let wide = moments(&[f64::MAX, -f64::MAX]);
        assert_eq!((wide.mean, wide.variance), (Some(0.0), None));
        assert_eq!(moments(&[f64::MAX, f64::MAX]).standard_deviation, Some(0.0));
        let narrow = moments(&[1e-200, 3e-200, 5e-200]);
        assert!(close(narrow.standard_deviation, Some(2e-200)), "{narrow:?}");
        assert_eq!(
            narrow.skewness.map(|skewness| skewness.abs() < 1e-9),
            Some(true)
        );
    }

    #[test]
    fn the_first_pass_counts_kinds() {
        let mut totals = Totals::new();
        totals.update(&[
            -0.0,
            0.0,
            -1.0,
            2.5,
            f64::NAN,
            f64::INFINITY,
            f64::NEG_INFINITY,
        ]);
        let t = &totals;
        assert_eq!((t.n, t.n_zero, t.n_negative, t.n_fractional), (4, 2, 1, 1));
        assert_eq!(
            (t.n_nan, t.n_positive_infinity, t.n_negative_infinity),
            (1, 1, 1)
        );
        assert_eq!((t.min, t.max, t.sum()), (Some(-1.0), Some(2.5), 1.5));
    }

    #[test]
    fn counted_values_are_as_good_as_repeated_ones() {
        let counted = [(-2.0, 3), (0.0, 2), (1.5, 0), (7.0, 4)];
        let repeated: Vec<f64> = counted
            .iter()
            .flat_map(|&(value, count)| vec![value; count as usize])
            .collect();
        let mut totals = Totals::new();
        totals.update_counted(&counted);
        let mut central = CentralMoments::new(&totals);
        central.update_counted(&counted);
        assert_eq!((totals.n, totals.n_zero, totals.n_negative), (9, 2, 3));
        assert_eq!(central.finish(), moments(&repeated));
    }

    #[test]
    fn passes_over_different_totals_do_not_merge() {
        let mut totals = Totals::new();
        totals.update(&[1.0, 2.0]);
        let mut central = CentralMoments::new(&Totals::new());
        let refused = central.merge(&CentralMoments::new(&totals));
        assert!(matches!(refused, Err(Error::MergeMismatch { .. })));
    }

    proptest! {
        #[test]
        fn chunks_and_merge_order_do_not_matter(
            values in prop::collection::vec(any::<f64>(), 0..200),
            chunk_len in 1usize..50,
        ) {
            let mut totals = Totals::new();
            for chunk in values.chunks(chunk_len).rev() {
                let mut part = Totals::new();
                part.update(chunk);
                totals.merge(&part);
            }
            let mut central = CentralMoments::new(&totals);
            for chunk in values.chunks(chunk_len).rev() {
                let mut part = CentralMoments::new(&totals);
                part.update(chunk);
                central.merge(&part).unwrap();
            }
            prop_assert_eq!(central.finish(), moments(&values));
        }
    }
}
