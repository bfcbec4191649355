//! Sums of floating-point numbers without rounding error.

/// Number of values that may be added before carries must be moved on: each adds less than
/// 2⁵³ to a limb of 63 bits.
const MAX_PENDING: u32 = 1 << 9;

/// Limb `i` counts units of `2^(32·i − 1075)`; the largest finite value reaches limb 64,
/// and two more hold the carries of 2⁶⁴ values.
const N_LIMBS: usize = 67;

/// The exact sum of any number of finite values, rounded once when it is read.
///
/// Addition in it is associative, so the result does not depend on order or chunking.
///
/// # Source
///
/// Neal, “Fast exact summation using small and large superaccumulators”, 2015,
/// arXiv:1505.05571 (the small superaccumulator).
///
/// # Example
///
/// ```
/// use sluice_stats::exact_sum::ExactSum;
///
/// let mut sum = ExactSum::new();
/// [1e100, 1.0, -1e100].into_iter().for_each(|value| sum.add(value));
/// assert_eq!(sum.to_f64(), 1.0);
/// ```
#[derive(Clone, Debug)]
pub struct ExactSum {
    limbs: [i64; N_LIMBS],
    n_pending: u32,
}

impl ExactSum {
    pub fn new() -> Self {
        Self {
            limbs: [0; N_LIMBS],
            n_pending: 0,
        }
    }

    /// Adds one finite value; NaN and infinities are for the caller to keep out.
    #[inline]
    pub fn add(&mut self, value: f64) {
        debug_assert!(value.is_finite(), "a sum of {value} has no limbs");
        if self.n_pending == MAX_PENDING {
            self.carry();
        }
        self.n_pending += 1;
        let bits = value.to_bits();
        let exponent = (bits >> 52) as u32 & 0x7ff;
        let fraction = bits & ((1 << 52) - 1);
        let (mantissa, exponent) = if exponent == 0 {
            (fraction, 1)
        } else {
            (fraction | 1 << 52, exponent)
        };
        let (limb_idx, shift) = ((exponent >> 5) as usize, exponent & 31);
        let low = (mantissa << shift & 0xffff_ffff) as i64;
        let high = (mantissa >> (32 - shift)) as i64;
        // All ones for negative values: `(x ^ sign) - sign` negates without a branch.
        let sign = (bits as i64) >> 63;
        self.limbs[limb_idx] += (low ^ sign) - sign;
        self.limbs[limb_idx + 1] += (high ^ sign) - sign;
    }

    pub fn merge(&mut self, other: &Self) {
        let mut other = other.clone();
        other.carry();
        self.carry();
        self.limbs
            .iter_mut()
            .zip(other.limbs)
            .for_each(|(limb, other)| *limb += other);
        self.carry();
    }

    /// The sum rounded to nearest, ties to even; ±∞ where it exceeds the range of `f64`.
    pub fn to_f64(&self) -> f64 {
        self.rounded_times_power_of_two(0)
    }

    /// The sum divided by `n`, finite also where the sum itself is not; `None` for `n = 0`.
    /// It is within 1 ulp of the exact mean.
    pub fn mean_of(&self, n: u64) -> Option<f64> {
        let sum = self.to_f64();
        (n > 0).then(|| {
            if sum.is_finite() {
                sum / n as f64
            } else {
                libm::ldexp(self.rounded_times_power_of_two(-64) / n as f64, 64)
            }
        })
    }

    fn rounded_times_power_of_two(&self, power: i32) -> f64 {
        let mut sum = self.clone();
        sum.carry();
        let negative = sum.limbs[N_LIMBS - 1] < 0;
        if negative {
            sum.limbs.iter_mut().for_each(|limb| *limb = -*limb);
            sum.carry();
        }
        let Some(top) = sum.limbs.iter().rposition(|&limb| limb != 0) else {
            return 0.0;
        };
        let limb = |below_top: usize| top.checked_sub(below_top).map_or(0, |idx| sum.limbs[idx]);
        let leading = (limb(0) as u128) << 64 | (limb(1) as u128) << 32 | limb(2) as u128;
        let sticky = sum.limbs[..top.saturating_sub(2)]
            .iter()
            .any(|&limb| limb != 0);
        // The sticky bit lets the conversion round as if it saw every limb.
        let rounded = (leading << 1 | u128::from(sticky)) as f64;
        let exponent = 32 * (top as i32 - 2) - 1076 + power;
        let magnitude = libm::ldexp(rounded, exponent);
        if negative { -magnitude } else { magnitude }
    }

    /// Brings every limb but the last into `0..2³²`.
    #[cold]
    #[inline(never)]
    fn carry(&mut self) {
        let mut carry = 0;
        for limb in &mut self.limbs[..N_LIMBS - 1] {
            let total = *limb + carry;
            *limb = total & 0xffff_ffff;
            carry = total >> 32;
        }
        self.limbs[N_LIMBS - 1] += carry;
        self.n_pending = 0;
    }
}

impl Default for ExactSum {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sum_of(values: &[f64]) -> ExactSum {
        let mut sum = ExactSum::new();
        values.iter().for_each(|&value| sum.add(value));
        sum
    }

    fn check(values: &[f64], expected: f64) {
        assert_eq!(sum_of(values).to_f64(), expected, "sum of {values:?}");
    }

    #[test]
    fn sums_round_once() {
        check(&[], 0.0);
        check(&[-0.0], 0.0);
        check(&[0.1; 10], 1.0);
        check(&[1e308, 1e308, -1e308, -1e308, 5e-324], 5e-324);
        check(&[f64::MAX, f64::MAX], f64::INFINITY);
        check(&[-f64::MAX, -f64::MAX], f64::NEG_INFINITY);
        check(&[-1.5, -2.5], -4.0);
        // 1 + 2⁻⁵³ lies half way and goes to even; anything more goes up.
        check(&[1.0, f64::EPSILON / 2.0], 1.0);
        check(&[1.0, f64::EPSILON / 2.0, 5e-324], 1.0 + f64::EPSILON);
        check(&[-1.0, -f64::EPSILON / 2.0, -5e-324], -1.0 - f64::EPSILON);
        check(&[f64::MIN_POSITIVE, -5e-324], f64::MIN_POSITIVE - 5e-324);
    }

    #[test]
    fn many_values_carry() {
        let values = vec![f64::MAX / 4_096.0; 4_096];
        check(&values, f64::MAX);
        let negative: Vec<f64> = values.iter().map(|value| -value).collect();
        check(&negative, -f64::MAX);
    }

    #[test]
    fn means_stay_finite() {
        assert_eq!(sum_of(&[f64::MAX; 3]).mean_of(3), Some(f64::MAX));
        assert_eq!(sum_of(&[]).mean_of(0), None);
    }

    proptest! {
        #[test]
        fn order_and_merging_do_not_matter(
            values in prop::collection::vec(any::<f64>().prop_filter("finite", |v| v.is_finite()), 0..200),
            cut in 0usize..200,
        ) {
            let cut = cut.min(values.len());
            let (head, tail) = values.split_at(cut);
            let mut merged = sum_of(tail);
            merged.merge(&sum_of(head));
            prop_assert_eq!(merged.to_f64().to_bits(), sum_of(&values).to_f64().to_bits());
        }
    }
}
