//! A Bloom filter: a set that may say of what was not put in that it was, at a known rate, and never the reverse.
//!
//! Bloom (1970), "Space/time trade-offs in hash coding with allowable errors". Places are the high bits of a product
//! with the number of bits, so that every bit is used whatever their number; the k places come of two hashes, after
//! Kirsch and Mitzenmacher (2006).

use sluice_stats::hash::hash_u64;

/// A set of hashes of 64 well mixed bits.
#[derive(Clone, Debug)]
pub struct BloomFilter {
    words: Vec<u64>,
    n_places: u32,
}

impl BloomFilter {
    /// With at least so many bits; each element has the number of places that is best for `n_expected`:
    /// `ln 2 · bits / n_expected`, from 1 to 16.
    pub fn new(n_bits: usize, n_expected: usize) -> Self {
        let words = vec![0; n_bits.div_ceil(64).max(1)];
        let per_element = words.len() as f64 * 64.0 / n_expected.max(1) as f64;
        let n_places = libm::round(per_element * std::f64::consts::LN_2).clamp(1.0, 16.0);
        Self {
            words,
            n_places: n_places as u32,
        }
    }

    /// With so many bits that the rate is reached at `n_expected` elements: `−ln rate / (ln 2)²` for each.
    ///
    /// The rate is taken from 10⁻⁹ to ½.
    pub fn for_rate(n_expected: usize, rate: f64) -> Self {
        let rate = rate.clamp(1e-9, 0.5);
        let per_element = -libm::log(rate) / (std::f64::consts::LN_2 * std::f64::consts::LN_2);
        let n_bits = libm::ceil(per_element * n_expected.max(1) as f64);
        Self::new(n_bits as usize, n_expected)
    }

    /// Puts a hash in; whether it was certainly not there.
    pub fn insert(&mut self, hash: u64) -> bool {
        let mut is_new = false;
        for place in places(hash, self.n_places, self.words.len()) {
            if let Some(word) = self.words.get_mut(place.0) {
                is_new |= *word & place.1 == 0;
                *word |= place.1;
            }
        }
        is_new
    }

    /// Whether a hash may have been put in.
    pub fn contains(&self, hash: u64) -> bool {
        places(hash, self.n_places, self.words.len())
            .all(|(word, bit)| self.words.get(word).is_some_and(|word| word & bit != 0))
    }

    /// Chance that an element not among `n_elements` put in seems to be there: `(1 − e^(−k·n/m))^k`.
    pub fn false_positive_rate(&self, n_elements: usize) -> f64 {
        let k = f64::from(self.n_places);
        let full = k * n_elements as f64 / (self.words.len() as f64 * 64.0);
        libm::pow(1.0 - libm::exp(-full), k)
    }

    pub fn bytes(&self) -> usize {
        self.words.len() * 8
    }
}

fn places(hash: u64, n_places: u32, n_words: usize) -> impl Iterator<Item = (usize, u64)> {
    let step = hash_u64(hash) | 1;
    (0..u64::from(n_places)).map(move |place| {
        let at = hash.wrapping_add(place.wrapping_mul(step));
        let bit = (u128::from(at) * (n_words as u128 * 64)) >> 64;
        ((bit >> 6) as usize, 1 << (bit & 63))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_of_false_positives_is_the_one_asked_for() {
        for (n, rate) in [(1000, 0.01), (777, 0.1), (5000, 0.001)] {
            let mut filter = BloomFilter::for_rate(n, rate);
            for value in 0..n as u64 {
                filter.insert(hash_u64(value));
            }
            assert!((0..n as u64).all(|value| filter.contains(hash_u64(value))));
            let n_asked = 100_000;
            let n_false = (0..n_asked)
                .filter(|value| filter.contains(hash_u64(1 << 40 | value)))
                .count();
            let found = n_false as f64 / n_asked as f64;
            assert!(
                (found - rate).abs() < 0.3 * rate + 3e-4,
                "{found} for {rate}"
            );
            assert!((filter.false_positive_rate(n) - rate).abs() < 0.15 * rate);
        }
    }
}
