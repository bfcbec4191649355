//! How varied the words of texts are.

use std::collections::HashSet;

use sluice_stats::hash::{hash_bytes, hash_u64};

use super::python;

/// Distinct words / words, of words between white space in lower case; NaN without words.
///
/// Falls with the length of a text: compare texts of equal length, or use [`moving_type_token_ratio`].
pub fn type_token_ratio(text: &str) -> f64 {
    distinct_ngrams(text, 1)
}

/// Distinct runs of `n` words / all of them, known as distinct-n; NaN for a text of fewer words.
///
/// Source: Li et al. (2016), "A diversity-promoting objective function for neural conversation models".
pub fn distinct_ngrams(text: &str, n: usize) -> f64 {
    let mut diversity = Diversity::new(n);
    diversity.add(text);
    diversity.share()
}

/// Mean of distinct words / `window` over all runs of `window` words, which does not depend on the length of a text.
///
/// [`type_token_ratio`] for a text of fewer words. Source: Covington and McFall (2010), "Cutting the Gordian knot".
pub fn moving_type_token_ratio(text: &str, window: usize) -> f64 {
    let words = word_hashes(text);
    let window = window.max(1);
    if words.len() <= window {
        return type_token_ratio(text);
    }
    let mut counts: std::collections::HashMap<u64, usize> = std::collections::HashMap::new();
    let mut sum = 0_u64;
    for (idx, word) in words.iter().enumerate() {
        *counts.entry(*word).or_default() += 1;
        let leaving = idx.checked_sub(window).and_then(|idx| words.get(idx));
        if let Some(leaving) = leaving
            && let Some(count) = counts.get_mut(leaving)
        {
            *count -= 1;
            if *count == 0 {
                counts.remove(leaving);
            }
        }
        if idx + 1 >= window {
            sum += counts.len() as u64;
        }
    }
    sum as f64 / ((words.len() - window + 1) * window) as f64
}

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

    pub fn add(&mut self, text: &str) {
        for run in word_hashes(text).windows(self.n) {
            let hash = run
                .iter()
                .fold(0_u64, |hash, word| hash_u64(hash.rotate_left(5) ^ word));
            self.distinct.insert(hash);
            self.n_runs += 1;
        }
    }

    /// Distinct runs / runs; NaN without any.
    pub fn share(&self) -> f64 {
        self.distinct.len() as f64 / self.n_runs as f64
    }

    pub fn n_runs(&self) -> u64 {
        self.n_runs
    }

    pub fn n_distinct(&self) -> usize {
        self.distinct.len()
    }
}

fn word_hashes(text: &str) -> Vec<u64> {
    python::split(text)
        .map(|word| hash_bytes(word.to_lowercase().as_bytes()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_words_and_runs_lower_the_share() {
        assert_eq!(type_token_ratio("a b A c"), 0.75);
        assert_eq!(distinct_ngrams("a b a b a", 2), 0.5);
        assert!(type_token_ratio(" ").is_nan() && distinct_ngrams("a", 2).is_nan());
        // a b, b a, a a: 2, 2 and 1 distinct of 2.
        assert_eq!(moving_type_token_ratio("a b a a", 2), 5.0 / 6.0);
        assert_eq!(moving_type_token_ratio("a a", 5), 0.5);
    }

    #[test]
    fn runs_stay_within_texts() {
        let mut diversity = Diversity::new(2);
        ["a b", "b c", "a b"]
            .into_iter()
            .for_each(|text| diversity.add(text));
        assert_eq!((diversity.n_runs(), diversity.n_distinct()), (3, 2));
    }
}
