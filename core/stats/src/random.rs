//! Random streams that are named, derived from the document's seed, and equal to the bit on
//! every platform.
//!
//! A stream is ChaCha12 with the 256-bit key
//! `blake3::derive_key("Sluice random stream v1", seed as 8 bytes little-endian ‖ name as UTF-8)`,
//! nonce 0. Streams of different names are independent, so adding a step to a document never
//! changes the draws of another. How many words a draw takes is part of the contract: changing it
//! changes shared results.

mod rejection;

use std::collections::BTreeSet;
use std::ops::Range;

use rand_chacha::ChaCha12Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use crate::Error;

const KEY_CONTEXT: &str = "Sluice random stream v1";

/// A position in a stream of random words.
///
/// # Source
///
/// Bernstein, “ChaCha, a variant of Salsa20”, 2008; 12 rounds as in Aumasson, “Too much
/// crypto”, 2019.
///
/// # Example
///
/// ```
/// use sluice_stats::random::Stream;
///
/// let draw = |name| Stream::named(42, name).next_u64();
/// assert_eq!(draw("step 3"), draw("step 3"));
/// assert_ne!(draw("step 3"), draw("step 4"));
/// ```
#[derive(Clone, Debug)]
pub struct Stream {
    words: ChaCha12Rng,
}

impl Stream {
    pub fn named(seed: u64, name: &str) -> Self {
        let mut material = seed.to_le_bytes().to_vec();
        material.extend_from_slice(name.as_bytes());
        Self::from_key(blake3::derive_key(KEY_CONTEXT, &material))
    }

    fn from_key(key: [u8; 32]) -> Self {
        Self {
            words: ChaCha12Rng::from_seed(key),
        }
    }

    /// 64 uniform bits.
    pub fn next_u64(&mut self) -> u64 {
        self.words.next_u64()
    }

    /// Uniform in `[0, 1)`: a multiple of 2⁻⁵³.
    pub fn uniform(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 * (f64::EPSILON / 2.0)
    }

    /// Uniform in `range`, without bias.
    ///
    /// # Errors
    ///
    /// Returns [`Error::OutOfRange`] for an empty range.
    ///
    /// # Source
    ///
    /// Lemire, “Fast random integer generation in an interval”, 2019.
    pub fn uniform_int(&mut self, range: Range<u64>) -> Result<u64, Error> {
        let width = range.end.saturating_sub(range.start);
        require(
            width > 0,
            "end of the range",
            "above its start",
            range.end as f64,
        )?;
        Ok(range.start + self.below(width))
    }

    /// Normal distribution by its mean and standard deviation (finite, at least 0).
    /// Takes two words.
    ///
    /// # Errors
    ///
    /// Returns [`Error::OutOfRange`] for parameters outside these ranges.
    ///
    /// # Source
    ///
    /// Box and Muller, “A note on the generation of random normal deviates”, 1958.
    pub fn normal(&mut self, mean: f64, standard_deviation: f64) -> Result<f64, Error> {
        require(mean.is_finite(), "mean", "finite", mean)?;
        let valid = standard_deviation.is_finite() && standard_deviation >= 0.0;
        require(
            valid,
            "standard deviation",
            "finite and at least 0",
            standard_deviation,
        )?;
        Ok(mean + standard_deviation * self.standard_normal())
    }

    /// `exp` of a normal variable with the given mean and standard deviation.
    ///
    /// # Errors
    ///
    /// As [`Self::normal`].
    pub fn log_normal(&mut self, mean_of_log: f64, sd_of_log: f64) -> Result<f64, Error> {
        Ok(libm::exp(self.normal(mean_of_log, sd_of_log)?))
    }

    /// Exponential distribution with mean `1 / rate`, by inversion. Takes one word.
    ///
    /// # Errors
    ///
    /// Returns [`Error::OutOfRange`] unless `rate` is finite and above 0.
    pub fn exponential(&mut self, rate: f64) -> Result<f64, Error> {
        require(
            rate.is_finite() && rate > 0.0,
            "rate",
            "finite and above 0",
            rate,
        )?;
        Ok(-libm::log(1.0 - self.uniform()) / rate)
    }

    /// Puts `items` into random order.
    ///
    /// # Source
    ///
    /// Durstenfeld, “Algorithm 235: random permutation”, 1964.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last as u64 + 1) as usize);
        }
    }

    /// An index with probability proportional to its weight. Takes one word.
    ///
    /// # Errors
    ///
    /// Returns [`Error::OutOfRange`] for a weight that is negative or not finite, and unless
    /// the weights' sum is finite and above 0.
    pub fn choose_weighted(&mut self, weights: &[f64]) -> Result<usize, Error> {
        for &weight in weights {
            let valid = weight.is_finite() && weight >= 0.0;
            require(valid, "weight", "finite and at least 0", weight)?;
        }
        let total: f64 = weights.iter().sum();
        let valid = total.is_finite() && total > 0.0;
        require(valid, "sum of weights", "finite and above 0", total)?;
        let mut left = self.uniform() * total;
        let mut chosen = 0;
        for (idx, &weight) in weights
            .iter()
            .enumerate()
            .filter(|(_, weight)| **weight > 0.0)
        {
            chosen = idx;
            if left < weight {
                break;
            }
            left -= weight;
        }
        Ok(chosen)
    }

    /// `n_chosen` different numbers below `n`, ascending; all sets are equally likely.
    ///
    /// # Errors
    ///
    /// Returns [`Error::TooFew`] if `n_chosen` exceeds `n`.
    ///
    /// # Source
    ///
    /// Floyd's algorithm F2 in Bentley, “Programming pearls: a sample of brilliance”, 1987.
    pub fn sample(&mut self, n_chosen: usize, n: usize) -> Result<Vec<usize>, Error> {
        if n_chosen > n {
            return Err(Error::TooFew {
                n,
                required: n_chosen,
            });
        }
        let mut chosen = BTreeSet::new();
        for last in n - n_chosen..n {
            let number = self.below(last as u64 + 1) as usize;
            if !chosen.insert(number) {
                chosen.insert(last);
            }
        }
        Ok(chosen.into_iter().collect())
    }

    /// Uniform below `width`, which is above 0.
    fn below(&mut self, width: u64) -> u64 {
        let mut product = u128::from(self.next_u64()) * u128::from(width);
        if (product as u64) < width {
            let n_rejected = width.wrapping_neg() % width;
            while (product as u64) < n_rejected {
                product = u128::from(self.next_u64()) * u128::from(width);
            }
        }
        (product >> 64) as u64
    }

    fn standard_normal(&mut self) -> f64 {
        let radius = (-2.0 * libm::log(1.0 - self.uniform())).sqrt();
        radius * libm::cos(std::f64::consts::TAU * self.uniform())
    }
}

fn require(
    valid: bool,
    parameter: &'static str,
    requirement: &'static str,
    value: f64,
) -> Result<(), Error> {
    if valid {
        Ok(())
    } else {
        Err(Error::OutOfRange {
            parameter,
            requirement,
            value,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::moments::moments;

    #[test]
    fn words_match_the_published_vectors() {
        // draft-strombergson-chacha-test-vectors-01, TC1 and TC2, 256-bit key, 12 rounds.
        let vectors: [(u8, [u8; 16]); 2] = [
            (
                0,
                *b"\x9b\xf4\x9a\x6a\x07\x55\xf9\x53\x81\x1f\xce\x12\x5f\x26\x83\xd5",
            ),
            (
                1,
                *b"\x12\x05\x6e\x59\x5d\x56\xb0\xf6\xee\xf0\x90\xf0\xcd\x25\xa2\x09",
            ),
        ];
        for (first_key_byte, block) in vectors {
            let mut key = [0; 32];
            key[0] = first_key_byte;
            let mut stream = Stream::from_key(key);
            let words = [stream.next_u64(), stream.next_u64()];
            assert_eq!(words.map(u64::to_le_bytes).concat(), block);
        }
    }

    #[test]
    fn names_and_seeds_make_different_streams() {
        let first = |seed, name| Stream::named(seed, name).next_u64();
        let all = [
            first(0, ""),
            first(1, ""),
            first(0, "a"),
            first(0, "b"),
            first(97, ""),
        ];
        for (idx, word) in all.iter().enumerate() {
            assert!(!all[..idx].contains(word), "streams {all:x?}");
        }
    }

    /// Draws 200 000 times and compares mean and variance within five standard errors.
    fn check(name: &str, mut draw: impl FnMut(&mut Stream) -> f64, mean: f64, variance: f64) {
        let mut stream = Stream::named(7, name);
        let draws: Vec<f64> = (0..200_000).map(|_| draw(&mut stream)).collect();
        let found = moments(&draws);
        let n = draws.len() as f64;
        let mean_error = 5.0 * (variance / n).sqrt();
        let kurtosis = found
            .excess_kurtosis
            .map_or(2.0, |excess| excess.max(0.0) + 2.0);
        let variance_error = 5.0 * variance * (kurtosis / n).sqrt();
        assert!(
            (found.mean.unwrap() - mean).abs() <= mean_error,
            "{name}: {found:?}"
        );
        assert!(
            (found.variance.unwrap() - variance).abs() <= variance_error,
            "{name}: {found:?}"
        );
    }

    #[test]
    fn distributions_have_their_moments() {
        check("uniform", |s| s.uniform(), 0.5, 1.0 / 12.0);
        check(
            "integer",
            |s| s.uniform_int(10..20).unwrap() as f64,
            14.5,
            8.25,
        );
        check("normal", |s| s.normal(3.0, 2.0).unwrap(), 3.0, 4.0);
        check(
            "exponential",
            |s| s.exponential(4.0).unwrap(),
            0.25,
            1.0 / 16.0,
        );
        check("gamma", |s| s.gamma(2.5, 3.0).unwrap(), 7.5, 22.5);
        check("gamma below one", |s| s.gamma(0.3, 1.0).unwrap(), 0.3, 0.3);
        check("poisson 0", |s| s.poisson(0.0).unwrap() as f64, 0.0, 0.0);
        check("poisson 3", |s| s.poisson(3.0).unwrap() as f64, 3.0, 3.0);
        check(
            "poisson 10",
            |s| s.poisson(10.0).unwrap() as f64,
            10.0,
            10.0,
        );
        check("poisson 1e6", |s| s.poisson(1e6).unwrap() as f64, 1e6, 1e6);
        // exp(½²/2) and exp(½²)·(exp(½²) − 1).
        check(
            "log-normal",
            |s| s.log_normal(0.0, 0.5).unwrap(),
            1.1331484530668263,
            0.364695848,
        );
        // Moments of rank^−s on 1–100, from numpy 2.4.6.
        for (exponent, mean, variance) in ZIPF_MOMENTS {
            check(
                "zipf",
                |s| s.zipf(100, exponent).unwrap() as f64,
                mean,
                variance,
            );
        }
        let weights = [0.0, 1.0, 3.0, 0.0];
        check(
            "weights",
            |s| s.choose_weighted(&weights).unwrap() as f64,
            1.75,
            0.1875,
        );
    }

    const ZIPF_MOMENTS: [(f64, f64, f64); 3] = [
        (0.0, 50.5, 833.2500000000005),
        (1.0, 19.277563597396004, 601.8925034168507),
        (2.2, 2.422621599915041, 27.23133196066342),
    ];

    #[test]
    fn draws_never_change() {
        let mut stream = Stream::named(42, "golden");
        let draws = [
            stream.uniform(),
            stream.normal(0.0, 1.0).unwrap(),
            stream.exponential(1.0).unwrap(),
            stream.gamma(0.5, 1.0).unwrap(),
            stream.poisson(4.0).unwrap() as f64,
            stream.poisson(400.0).unwrap() as f64,
            stream.zipf(1_000_000, 1.1).unwrap() as f64,
            stream.uniform_int(0..1_000_000).unwrap() as f64,
        ];
        assert_eq!(
            draws,
            [
                0.8119698816912603,
                -0.5089815715545437,
                0.6653783370785877,
                0.09887681469008,
                5.0,
                431.0,
                6383.0,
                777240.0
            ]
        );
    }

    #[test]
    fn every_order_and_every_sample_occurs() {
        let mut stream = Stream::named(1, "orders");
        let mut orders = BTreeSet::new();
        let mut samples = BTreeSet::new();
        for _ in 0..400 {
            let mut items = [1, 2, 3, 4];
            stream.shuffle(&mut items);
            orders.insert(items);
            samples.insert(stream.sample(2, 5).unwrap());
        }
        assert_eq!((orders.len(), samples.len()), (24, 10));
        assert!(
            samples
                .iter()
                .all(|sample| sample[0] < sample[1] && sample[1] < 5)
        );
        assert_eq!(stream.sample(3, 3).unwrap(), [0, 1, 2]);
        assert!(stream.sample(0, 0).unwrap().is_empty());
    }

    #[test]
    fn impossible_parameters_are_refused() {
        let mut s = Stream::named(0, "");
        let refused = [
            s.uniform_int(3..3).err(),
            s.normal(f64::NAN, 1.0).err(),
            s.normal(0.0, -1.0).err(),
            s.exponential(0.0).err(),
            s.gamma(0.0, 1.0).err(),
            s.poisson(-1.0).err(),
            s.zipf(0, 1.0).err(),
            s.zipf(5, f64::NAN).err(),
            s.choose_weighted(&[]).err(),
            s.choose_weighted(&[1.0, -1.0]).err(),
            s.sample(2, 1).err(),
        ];
        assert!(refused.iter().all(Option::is_some), "{refused:?}");
    }
}
