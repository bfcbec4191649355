//! NeMo Curator's scores of repeated lines, paragraphs and n-grams.
//!
//! A score is `None` where the system divides by zero. Source: NeMo Curator at 1e2e4275
//! (`stages/text/filters/heuristic/repetition.py`), Apache-2.0; rules from Rae et al. 2021.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

use super::nemo_filters::lines;
use crate::text::python;

/// Distinct lines over lines that are not blank. Kept from 0.7.
pub fn unique_line_share(text: &str) -> Option<f64> {
    unique_share(lines(text), |_| 1)
}

/// As [`unique_line_share`], in characters. Kept from 0.8.
pub fn unique_line_char_share(text: &str) -> Option<f64> {
    unique_share(lines(text), python::len)
}

/// Distinct paragraphs over paragraphs, which stand between `\n\n` and may be empty. Kept from 0.7.
pub fn unique_paragraph_share(text: &str) -> Option<f64> {
    unique_share(text.split("\n\n"), |_| 1)
}

/// As [`unique_paragraph_share`], in characters. Kept from 0.8.
pub fn unique_paragraph_char_share(text: &str) -> Option<f64> {
    unique_share(text.split("\n\n"), python::len)
}

/// Lines that came before over lines that are not blank: the rest of [`unique_line_share`].
pub fn repeated_line_share(text: &str) -> Option<f64> {
    repeated_share(lines(text), |_| 1)
}

/// As [`repeated_line_share`], in characters.
pub fn repeated_line_char_share(text: &str) -> Option<f64> {
    repeated_share(lines(text), python::len)
}

/// Paragraphs that came before over paragraphs: the rest of [`unique_paragraph_share`].
pub fn repeated_paragraph_share(text: &str) -> Option<f64> {
    repeated_share(text.split("\n\n"), |_| 1)
}

/// As [`repeated_paragraph_share`], in characters.
pub fn repeated_paragraph_char_share(text: &str) -> Option<f64> {
    repeated_share(text.split("\n\n"), python::len)
}

fn unique_share<'a>(parts: impl Iterator<Item = &'a str>, size: fn(&str) -> usize) -> Option<f64> {
    let (unique, all) = unique_of_all(parts, size);
    (all > 0).then(|| unique as f64 / all as f64)
}

fn repeated_share<'a>(
    parts: impl Iterator<Item = &'a str>,
    size: fn(&str) -> usize,
) -> Option<f64> {
    let (unique, all) = unique_of_all(parts, size);
    (all > 0).then(|| (all - unique) as f64 / all as f64)
}

fn unique_of_all<'a>(
    parts: impl Iterator<Item = &'a str>,
    size: fn(&str) -> usize,
) -> (usize, usize) {
    let mut seen = HashSet::new();
    let (mut all, mut unique) = (0, 0);
    for part in parts {
        let size = size(part);
        all += size;
        if seen.insert(part) {
            unique += size;
        }
    }
    (unique, all)
}

/// Share of characters that removing the most frequent n-gram of words, joined by single spaces, takes from the text.
/// Kept up to 0.2 (n = 2).
///
/// Of several most frequent ones it is the first in the text; NeMo Curator takes the one that its hash order puts
/// first, which changes from run to run. 1 if there are fewer than n words or n is 0.
pub fn top_ngram_share(text: &str, n: usize) -> f64 {
    let words: Vec<&str> = python::split(text).collect();
    let Some(ids) = ngram_ids(&words, n) else {
        return 1.0;
    };
    let mut counts = vec![0_usize; ids.len()];
    let mut firsts = vec![0; ids.len()];
    for (at, id) in ids.iter().enumerate() {
        if counts[*id] == 0 {
            firsts[*id] = at;
        }
        counts[*id] += 1;
    }
    // Ids rise in the order of first appearance, and `max_by_key` returns the last maximum.
    let most = (0..counts.len())
        .rev()
        .max_by_key(|id| counts[*id])
        .unwrap_or(0);
    let first = firsts[most];
    let ngram = words[first..first + n].join(" ");
    let n_removed = text.matches(&ngram).count() * python::len(&ngram);
    n_removed as f64 / python::len(text) as f64
}

/// Share of characters in n-grams of words that occurred before, with a space between words; words that the n-gram
/// before already covered count once. Kept up to 0.2 (n = 2).
///
/// 1 if there are fewer than n words or n is 0.
pub fn duplicate_ngram_share(text: &str, n: usize) -> f64 {
    let words: Vec<&str> = python::split(text).collect();
    let Some(ids) = ngram_ids(&words, n) else {
        return 1.0;
    };
    let mut ends = vec![0];
    for word in &words {
        ends.push(ends.last().copied().unwrap_or(0) + python::len(word));
    }
    let mut seen = vec![false; ids.len()];
    let (mut n_duplicate, mut n_covered) = (0, 0);
    for (at, id) in ids.into_iter().enumerate() {
        if seen[id] {
            let n_spaces = (n - n_covered).min(n - 1);
            n_duplicate += ends[at + n] - ends[at + n_covered] + n_spaces;
            n_covered = n;
        }
        seen[id] = true;
        n_covered = n_covered.saturating_sub(1);
    }
    n_duplicate as f64 / python::len(text) as f64
}

/// Equal numbers for equal n-grams, from 0 in the order of first appearance; `None` without any n-gram.
///
/// Ids of twice as long n-grams come from pairs of ids, so the time does not grow with n.
fn ngram_ids(words: &[&str], n: usize) -> Option<Vec<usize>> {
    if n == 0 || words.len() < n {
        return None;
    }
    let mut known = HashMap::with_capacity(words.len());
    let mut ids: Vec<usize> = words
        .iter()
        .map(|word| {
            let next = known.len();
            *known.entry(*word).or_insert(next)
        })
        .collect();
    let mut length = 1;
    while length < n {
        // The second half may overlap the first.
        let step = length.min(n - length);
        let mut known = HashMap::<_, _, BuildHasherDefault<PairHasher>>::with_capacity_and_hasher(
            ids.len(),
            BuildHasherDefault::default(),
        );
        ids = ids
            .iter()
            .zip(&ids[step..])
            .map(|(first, second)| {
                let next = known.len();
                *known.entry((*first, *second)).or_insert(next)
            })
            .collect();
        length += step;
    }
    Some(ids)
}

/// Mixes two numbers: faster than the standard hash, which withstands keys chosen to collide; ids are not chosen.
#[derive(Default)]
struct PairHasher(u64);

impl Hasher for PairHasher {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_usize(usize::from(*byte));
        }
    }

    fn write_usize(&mut self, number: usize) {
        let mixed = (self.0 ^ number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ (mixed >> 32);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ngrams_of_any_length_are_told_apart() {
        let words: Vec<&str> = "a b c a b c a".split(' ').collect();
        assert_eq!(ngram_ids(&words, 3), Some(vec![0, 1, 2, 0, 1]));
        assert_eq!(ngram_ids(&words, 7), Some(vec![0]));
        assert_eq!(ngram_ids(&words, 8), None);
    }

    #[test]
    fn removal_takes_single_spaces_only() {
        assert_eq!(top_ngram_share("a b a b", 2), 6.0 / 7.0);
        assert_eq!(top_ngram_share("a  b a  b", 2), 0.0);
    }

    #[test]
    fn overlapping_duplicates_count_once() {
        // The second "a b" and the "b a" after it: 2 letters and a space, then one more of each.
        assert_eq!(duplicate_ngram_share("a b a b a", 2), 5.0 / 9.0);
        assert_eq!(duplicate_ngram_share("a", 2), 1.0);
    }

    #[test]
    fn copies_shrink_the_share() {
        assert_eq!(unique_line_share("a\n\na\n b"), Some(2.0 / 3.0));
        assert_eq!(unique_paragraph_share(""), Some(1.0));
        assert_eq!(
            (unique_line_share("\n"), unique_paragraph_char_share("")),
            (None, None)
        );
    }
}
