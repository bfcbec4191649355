//! How varied the words of texts are.

use std::collections::HashSet;

use sluice_stats::hash::{hash_bytes, hash_u64};

use super::python;

/// Diversity of runs of words over many texts; runs do not go from one text into the next.
#[derive(Clone, Debug)]
pub struct Diversity {
    n: usize,
    n_runs: u64,
    distinct: HashSet<u64>,
}

impl Diversity {
    /// For runs of `n` words.
    pub fn new(n: usize) -> Self {
        Self {
            n: n.max(1),
            n_runs: 0,
            distinct: HashSet::new(),
        }
    }

    /// Counts the runs of a text's words, see [`word_hashes`].
    pub fn add(&mut self, words: &[u64]) {
        for run in words.windows(self.n) {
            let hash = run
                .iter()
                .fold(0_u64, |hash, word| hash_u64(hash.rotate_left(5) ^ word));
            self.distinct.insert(hash);
            self.n_runs += 1;
        }
    }

    /// Distinct runs / runs, known as distinct-n; NaN without any.
    ///
    /// Falls with the number of words: compare as many of both sides. Source: Li et al. (2016), "A diversity-promoting
    /// objective function for neural conversation models".
    pub fn share(&self) -> f64 {
        self.distinct.len() as f64 / self.n_runs as f64
    }
}

/// Words between white space in lower case, by their hashes.
pub fn word_hashes(text: &str) -> Vec<u64> {
    python::split(text)
        .map(|word| hash_bytes(word.to_lowercase().as_bytes()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_words_and_runs_lower_the_share() {
        let check = |texts: &[&str], n: usize| {
            let mut diversity = Diversity::new(n);
            for text in texts {
                diversity.add(&word_hashes(text));
            }
            diversity.share()
        };
        assert_eq!(check(&["a b A c"], 1), 0.75);
        assert_eq!(check(&["a b a b a"], 2), 0.5);
        assert!(check(&[" "], 1).is_nan() && check(&["a"], 2).is_nan());
        // Runs stay within texts: a b, b c, a b.
        assert_eq!(check(&["a b", "b c", "a b"], 2), 2.0 / 3.0);
    }
}
