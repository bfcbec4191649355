//! Round numbers to put the edges of bins at.

use super::MAX_BINS;

/// `digit · 10^exponent` with digit 1, 2 or 5.
#[derive(Clone, Copy)]
pub(super) struct Decimal {
    digit: i128,
    exponent: i32,
}

impl Decimal {
    /// The smallest that is not below `width > 0`.
    pub(super) fn at_least(width: f64) -> Self {
        let floor = libm::floor(libm::log10(width)) as i32;
        // From one decade below: the logarithm may round up.
        (floor - 1..)
            .flat_map(|exponent| [1, 2, 5].map(|digit| Self { digit, exponent }))
            .find(|step| width <= step.times(1))
            .unwrap_or(Self {
                digit: 1,
                exponent: 308,
            })
    }

    /// The double nearest to the decimal number, so that edges print as they are meant.
    fn times(self, factor: i128) -> f64 {
        decimal(self.digit * factor, self.exponent)
    }

    /// Multiples from the last not above `min` to the first that `is_end` accepts.
    pub(super) fn multiples_around(
        self,
        min: f64,
        max: f64,
        is_end: impl Fn(f64) -> bool,
    ) -> Vec<f64> {
        let mut first = (min / self.times(1)).floor() as i128;
        while self.times(first) > min {
            first -= 1;
        }
        while self.times(first + 1) <= min && self.times(first + 1) < max {
            first += 1;
        }
        let mut edges = vec![self.times(first)];
        for factor in first + 1.. {
            let edge = self.times(factor);
            edges.push(edge);
            if is_end(edge) || edges.len() > MAX_BINS {
                break;
            }
        }
        edges
    }
}

fn decimal(digits: i128, exponent: i32) -> f64 {
    // Written digits are finite, or beyond the range and clamped to its end.
    let nearest = format!("{digits}e{exponent}").parse::<f64>().unwrap_or(0.0);
    nearest.clamp(-f64::MAX, f64::MAX)
}

/// Width below which edges near `min` and `max` would fall together.
pub(super) fn resolution(min: f64, max: f64) -> f64 {
    (min.abs().max(max.abs()) * (4.0 * f64::EPSILON)).max(f64::MIN_POSITIVE)
}

/// Edges at 1–9, at 1, 2, 5 or at powers of ten, whichever is finest within `target_bins`.
pub(super) fn log_edges(min: f64, max: f64, target_bins: usize) -> Vec<f64> {
    const FINE: [&[i128]; 3] = [&[1, 2, 3, 4, 5, 6, 7, 8, 9], &[1, 2, 5], &[1]];
    let first = libm::floor(libm::log10(min)) as i32 - 1;
    let last = libm::floor(libm::log10(max)) as i32 + 2;
    let layouts = FINE
        .into_iter()
        .map(|digits| (digits, 1))
        .chain((2..).map(|n| (FINE[2], n)));
    for (digits, decades_per_bin) in layouts {
        let all: Vec<f64> = (first.div_euclid(decades_per_bin) * decades_per_bin..)
            .step_by(decades_per_bin as usize)
            .take_while(|&exponent| exponent < last + decades_per_bin)
            .flat_map(|exponent| digits.iter().map(move |&digit| decimal(digit, exponent)))
            .collect();
        let start = all.partition_point(|&edge| edge <= min).saturating_sub(1);
        let end = all
            .partition_point(|&edge| edge < max)
            .max(start + 1)
            .min(all.len() - 1);
        if end - start <= target_bins || decades_per_bin > 700 {
            return all[start..=end].to_vec();
        }
    }
    Vec::new()
}
