//! Distributions drawn by rejection: how many words a draw takes varies.

use super::{Stream, require};
use crate::Error;

impl Stream {
    /// Gamma distribution with mean `shape · scale`.
    ///
    /// # Errors
    ///
    /// Returns [`Error::OutOfRange`] unless both parameters are finite and above 0.
    ///
    /// # Source
    ///
    /// Marsaglia and Tsang, “A simple method for generating gamma variables”, 2000;
    /// shapes below 1 by their section 6.
    pub fn gamma(&mut self, shape: f64, scale: f64) -> Result<f64, Error> {
        require(
            shape.is_finite() && shape > 0.0,
            "shape",
            "finite and above 0",
            shape,
        )?;
        require(
            scale.is_finite() && scale > 0.0,
            "scale",
            "finite and above 0",
            scale,
        )?;
        let boost = if shape < 1.0 {
            libm::pow(1.0 - self.uniform(), 1.0 / shape)
        } else {
            1.0
        };
        let d = if shape < 1.0 { shape + 1.0 } else { shape } - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let x = self.standard_normal();
            let v = 1.0 + c * x;
            let v = v * v * v;
            let u = 1.0 - self.uniform();
            if v > 0.0 && libm::log(u) < 0.5 * x * x + d - d * v + d * libm::log(v) {
                return Ok(d * v * boost * scale);
            }
        }
    }

    /// Poisson distribution with mean 0–10⁹.
    ///
    /// # Errors
    ///
    /// Returns [`Error::OutOfRange`] for other means.
    ///
    /// # Source
    ///
    /// Below a mean of 10 by multiplying uniforms (Knuth, TAOCP 2, 3.4.1); above, PTRS of
    /// Hörmann, “The transformed rejection method for generating Poisson random variables”, 1993.
    pub fn poisson(&mut self, mean: f64) -> Result<u64, Error> {
        require((0.0..=1e9).contains(&mean), "mean", "in 0–10⁹", mean)?;
        if mean < 10.0 {
            let end = libm::exp(-mean);
            let mut product = 1.0 - self.uniform();
            let mut count = 0;
            while product > end {
                product *= 1.0 - self.uniform();
                count += 1;
            }
            return Ok(count);
        }
        let b = 0.931 + 2.53 * mean.sqrt();
        let a = -0.059 + 0.02483 * b;
        let inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
        let v_r = 0.9277 - 3.6224 / (b - 2.0);
        loop {
            let u = self.uniform() - 0.5;
            let v = 1.0 - self.uniform();
            let us = 0.5 - u.abs();
            let k = ((2.0 * a / us + b) * u + mean + 0.43).floor();
            if us >= 0.07 && v <= v_r {
                return Ok(k as u64);
            }
            if k < 0.0 || (us < 0.013 && v > us) {
                continue;
            }
            let log_ratio = libm::log(v * inverse_alpha / (a / (us * us) + b));
            if log_ratio <= k * libm::log(mean) - mean - libm::lgamma(k + 1.0) {
                return Ok(k as u64);
            }
        }
    }

    /// Zipf distribution: ranks 1–`n_ranks` with probabilities proportional to
    /// `rank^−exponent`.
    ///
    /// # Errors
    ///
    /// Returns [`Error::OutOfRange`] unless there is a rank, at most 2⁵³, and the exponent is in
    /// 0–100.
    ///
    /// # Source
    ///
    /// Hörmann and Derflinger, “Rejection-inversion to generate variates from monotone discrete
    /// distributions”, 1996.
    pub fn zipf(&mut self, n_ranks: u64, exponent: f64) -> Result<u64, Error> {
        let valid = (1..=1 << 53).contains(&n_ranks);
        require(valid, "number of ranks", "in 1–2⁵³", n_ranks as f64)?;
        require(
            (0.0..=100.0).contains(&exponent),
            "exponent",
            "in 0–100",
            exponent,
        )?;
        // `hat` integrates the density x^−exponent; near an exponent of 1 it is a logarithm.
        let density = |x: f64| libm::exp(-exponent * libm::log(x));
        let hat = |x: f64| libm::log(x) * expm1_over(libm::log(x) * (1.0 - exponent));
        let inverse_hat = |y: f64| libm::exp(y * log1p_over((y * (1.0 - exponent)).max(-1.0)));
        let (low, high) = (hat(1.5) - 1.0, hat(n_ranks as f64 + 0.5));
        let surely_inside = 2.0 - inverse_hat(hat(2.5) - density(2.0));
        loop {
            let y = high + self.uniform() * (low - high);
            let x = inverse_hat(y);
            let rank = (x + 0.5).floor().clamp(1.0, n_ranks as f64);
            if rank - x <= surely_inside || y >= hat(rank + 0.5) - density(rank) {
                return Ok(rank as u64);
            }
        }
    }
}

/// `(eˣ − 1) / x`, continued to 0.
fn expm1_over(x: f64) -> f64 {
    if x.abs() > 1e-8 {
        libm::expm1(x) / x
    } else {
        1.0 + x / 2.0
    }
}

/// `ln(1 + x) / x`, continued to 0.
fn log1p_over(x: f64) -> f64 {
    if x.abs() > 1e-8 {
        libm::log1p(x) / x
    } else {
        1.0 - x / 2.0
    }
}
