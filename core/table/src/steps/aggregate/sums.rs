//! Sums and standard deviations, value by value.

/// Sum with the rounding errors kept beside it.
///
/// # Source
///
/// Neumaier, *Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen*, ZAMM 54 (1974), algorithm IV.
#[derive(Clone, Copy, Default)]
pub(super) struct Compensated {
    sum: f64,
    error: f64,
}

impl Compensated {
    pub(super) fn add(&mut self, value: f64) {
        let sum = self.sum + value;
        // With an infinity the error would be NaN, and the sum says all.
        if sum.is_finite() {
            self.error += match self.sum.abs() >= value.abs() {
                true => (self.sum - sum) + value,
                false => (value - sum) + self.sum,
            };
        }
        self.sum = sum;
    }

    pub(super) fn total(self) -> f64 {
        if self.sum.is_finite() {
            self.sum + self.error
        } else {
            self.sum
        }
    }
}

/// Running mean and sum of squared differences from it.
///
/// # Source
///
/// Welford, *Note on a method for calculating corrected sums of squares and products*, Technometrics 4 (1962).
#[derive(Clone, Copy, Default)]
pub(super) struct Deviation {
    n: u64,
    mean: f64,
    squares: f64,
}

impl Deviation {
    pub(super) fn add(&mut self, value: f64) {
        self.n += 1;
        let difference = value - self.mean;
        self.mean += difference / self.n as f64;
        self.squares += difference * (value - self.mean);
    }

    /// With n − 1; `None` for fewer than two values.
    pub(super) fn of_sample(self) -> Option<f64> {
        (self.n > 1).then(|| libm::sqrt(self.squares / (self.n - 1) as f64))
    }
}
