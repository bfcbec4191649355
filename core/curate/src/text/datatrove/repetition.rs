//! Repetition rules of Gopher (Rae et al. 2021, table A1), as DataTrove applies them.

use std::{borrow::Cow, collections::HashSet};

use super::gopher::ratio;
use crate::text::python::{len, strip};

/// Limits on the share of a text that repeats; one of the first four that is 0 is not applied.
#[derive(Clone, Debug)]
pub struct GopherRepetition<'a> {
    pub max_duplicate_lines: f64,
    pub max_duplicate_paragraphs: f64,
    pub max_duplicate_line_chars: f64,
    pub max_duplicate_paragraph_chars: f64,
    /// Length in words and limit, for the most frequent run of words.
    pub top_n_grams: &'a [(usize, f64)],
    /// Length in words and limit, for all runs that came before.
    pub duplicate_n_grams: &'a [(usize, f64)],
}

impl GopherRepetition<'static> {
    /// The defaults of DataTrove.
    pub const USUAL: Self = Self {
        max_duplicate_lines: 0.3,
        max_duplicate_paragraphs: 0.3,
        max_duplicate_line_chars: 0.2,
        max_duplicate_paragraph_chars: 0.2,
        top_n_grams: &[(2, 0.2), (3, 0.18), (4, 0.16)],
        duplicate_n_grams: &[
            (5, 0.15),
            (6, 0.14),
            (7, 0.13),
            (8, 0.12),
            (9, 0.11),
            (10, 0.10),
        ],
    };
}

/// What Gopher's repetition rules look at: shares, NaN for an empty text.
#[derive(Clone, Debug)]
pub struct GopherRepetitionMeasures {
    pub duplicate_paragraphs: f64,
    pub duplicate_paragraph_chars: f64,
    pub duplicate_lines: f64,
    pub duplicate_line_chars: f64,
    /// For each length asked for.
    pub top_n_grams: Vec<f64>,
    pub duplicate_n_grams: Vec<f64>,
}

/// Measures a text by Gopher's repetition rules, for runs of the given numbers of words.
///
/// `words` are the words of `text`. Shares of characters are of the length of `text`; only copies after the first
/// count as duplicates. The top run counts with single spaces between its words, so its share may exceed 1.
///
/// # Source
///
/// DataTrove 0.10.1, `GopherRepetitionFilter`.
pub fn measure_gopher_repetition(
    text: &str,
    words: &[&str],
    top_ns: &[usize],
    duplicate_ns: &[usize],
) -> GopherRepetitionMeasures {
    let n_chars = len(text);
    let paragraphs = split_at_line_feeds(strip(text), 2);
    let (n_paragraphs, n_paragraph_chars) = duplicates(&paragraphs);
    let lines = split_at_line_feeds(text, 1);
    let (n_lines, n_line_chars) = duplicates(&lines);
    let mut runs = Runs::of(words);
    let mut top = |n: &usize| ratio(runs.top_chars(*n), n_chars);
    let top_n_grams = top_ns.iter().map(&mut top).collect();
    let mut duplicate = |n: &usize| ratio(runs.duplicate_chars(*n), n_chars);
    GopherRepetitionMeasures {
        duplicate_paragraphs: ratio(n_paragraphs, paragraphs.len()),
        duplicate_paragraph_chars: ratio(n_paragraph_chars, n_chars),
        duplicate_lines: ratio(n_lines, lines.len()),
        duplicate_line_chars: ratio(n_line_chars, n_chars),
        top_n_grams,
        duplicate_n_grams: duplicate_ns.iter().map(&mut duplicate).collect(),
    }
}

/// Why Gopher's repetition rules drop a text, if they do: paragraphs, then lines, then runs of words.
///
/// Values are those of [`measure_gopher_repetition`]. An empty text is dropped as `empty`.
///
/// # Source
///
/// DataTrove 0.10.1, `GopherRepetitionFilter`.
pub fn gopher_repetition(
    text: &str,
    words: &[&str],
    limits: &GopherRepetition<'_>,
) -> Option<Cow<'static, str>> {
    if text.is_empty() {
        return Some("empty".into());
    }
    let lengths =
        |limits: &[(usize, f64)]| -> Vec<usize> { limits.iter().map(|(n, _)| *n).collect() };
    let top_ns = lengths(limits.top_n_grams);
    let duplicate_ns = lengths(limits.duplicate_n_grams);
    let of = measure_gopher_repetition(text, words, &top_ns, &duplicate_ns);
    let exceeds = |limit: f64, value: f64| limit != 0.0 && value > limit;
    if exceeds(limits.max_duplicate_paragraphs, of.duplicate_paragraphs) {
        return Some("dup_para_frac".into());
    }
    if exceeds(
        limits.max_duplicate_paragraph_chars,
        of.duplicate_paragraph_chars,
    ) {
        return Some("dup_para_char_frac".into());
    }
    if exceeds(limits.max_duplicate_lines, of.duplicate_lines) {
        return Some("dup_line_frac".into());
    }
    if exceeds(limits.max_duplicate_line_chars, of.duplicate_line_chars) {
        return Some("dup_line_char_frac".into());
    }
    for ((n, limit), share) in limits.top_n_grams.iter().zip(&of.top_n_grams) {
        if share > limit {
            return Some(format!("top_{n}_gram").into());
        }
    }
    for ((n, limit), share) in limits.duplicate_n_grams.iter().zip(&of.duplicate_n_grams) {
        if share > limit {
            return Some(format!("duplicated_{n}_n_grams").into());
        }
    }
    None
}

/// Number of elements that came before, and their characters.
pub fn duplicates(elements: &[&str]) -> (usize, usize) {
    let mut seen = HashSet::with_capacity(elements.len());
    let (mut n_duplicates, mut n_chars) = (0, 0);
    for element in elements {
        if !seen.insert(*element) {
            n_duplicates += 1;
            n_chars += len(element);
        }
    }
    (n_duplicates, n_chars)
}

/// The text between runs of at least `min_run` line feeds.
fn split_at_line_feeds(text: &str, min_run: usize) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut at) = (0, 0);
    while let Some(found) = text[at..].find('\n') {
        let run_start = at + found;
        at = text[run_start..]
            .find(|c| c != '\n')
            .map_or(text.len(), |run| run_start + run);
        if at - run_start >= min_run {
            parts.push(&text[start..run_start]);
            start = at;
        }
    }
    parts.push(&text[start..]);
    parts
}

/// Runs of words, found by hashes of all words before and compared letter by letter.
struct Runs {
    /// All words without anything between them.
    joined: String,
    /// Byte and character offset of each word in `joined`, and of the end.
    offsets: Vec<(usize, usize)>,
    /// `Σ byte_i · BASE^i` over the bytes of `joined` before each offset, wrapping.
    sums: Vec<u64>,
    /// `BASE^−offset`, wrapping.
    inverse_powers: Vec<u64>,
    /// Open hash table of the indices of first words, [`EMPTY`] elsewhere.
    slots: Vec<usize>,
}

/// Odd, so that it has an inverse modulo 2^64.
const BASE: u64 = 0x9e37_79b9_7f4a_7c15;
const INVERSE_BASE: u64 = 0xf1de_83e1_9937_733d;
const EMPTY: usize = usize::MAX;

impl Runs {
    fn of(words: &[&str]) -> Self {
        let mut runs = Self {
            joined: words.concat(),
            offsets: vec![(0, 0)],
            sums: vec![0],
            inverse_powers: vec![1],
            slots: vec![EMPTY; (2 * words.len()).next_power_of_two()],
        };
        let (mut n_bytes, mut n_chars) = (0, 0);
        let (mut sum, mut power, mut inverse_power) = (0_u64, 1_u64, 1_u64);
        for word in words {
            for byte in word.bytes() {
                sum = sum.wrapping_add((u64::from(byte) + 1).wrapping_mul(power));
                power = power.wrapping_mul(BASE);
                inverse_power = inverse_power.wrapping_mul(INVERSE_BASE);
            }
            n_bytes += word.len();
            n_chars += len(word);
            runs.offsets.push((n_bytes, n_chars));
            runs.sums.push(sum);
            runs.inverse_powers.push(inverse_power);
        }
        runs
    }

    fn n_words(&self) -> usize {
        self.offsets.len() - 1
    }

    fn hash(&self, first: usize, n: usize) -> u64 {
        let sum = self.sums[first + n].wrapping_sub(self.sums[first]);
        let hash = sum.wrapping_mul(self.inverse_powers[first]);
        (hash ^ (hash >> 32)).wrapping_mul(BASE)
    }

    fn joined(&self, first: usize, n: usize) -> &str {
        &self.joined[self.offsets[first].0..self.offsets[first + n].0]
    }

    fn n_chars(&self, first: usize, n: usize) -> usize {
        self.offsets[first + n].1 - self.offsets[first].1
    }

    /// Whether two runs have their word ends at the same places.
    fn ends_alike(&self, left: usize, right: usize, n: usize) -> bool {
        let end = |first: usize, k: usize| self.offsets[first + k].0 - self.offsets[first].0;
        (1..n).all(|k| end(left, k) == end(right, k))
    }

    /// The first run equal to this one among those asked for since the table was cleared, or else itself.
    fn first_equal(&mut self, first: usize, n: usize, is_by_words: bool) -> usize {
        let mask = self.slots.len() - 1;
        let hash = self.hash(first, n);
        let mut slot = (hash ^ (hash >> 29)) as usize & mask;
        loop {
            let other = self.slots[slot];
            if other == EMPTY {
                self.slots[slot] = first;
                return first;
            }
            if self.joined(other, n) == self.joined(first, n)
                && (!is_by_words || self.ends_alike(other, first, n))
            {
                return other;
            }
            slot = (slot + 1) & mask;
        }
    }

    /// Length of the most frequent run of `n` words, the first of these, with its spaces, times its frequency.
    fn top_chars(&mut self, n: usize) -> usize {
        if n == 0 || n > self.n_words() {
            return 0;
        }
        self.slots.fill(EMPTY);
        let n_runs = self.n_words() + 1 - n;
        let mut counts = vec![0_usize; n_runs];
        for first in 0..n_runs {
            let equal = self.first_equal(first, n, true);
            counts[equal] += 1;
        }
        let (mut top, mut top_count) = (0, 0);
        for (first, count) in counts.into_iter().enumerate() {
            if count > top_count {
                (top, top_count) = (first, count);
            }
        }
        (self.n_chars(top, n) + n - 1) * top_count
    }

    /// Letters in runs of `n` words that came before; the words of such a run begin no other.
    fn duplicate_chars(&mut self, n: usize) -> usize {
        if n == 0 || n > self.n_words() {
            return 0;
        }
        self.slots.fill(EMPTY);
        let (mut first, mut n_chars) = (0, 0);
        while first + n <= self.n_words() {
            if self.first_equal(first, n, false) == first {
                first += 1;
            } else {
                n_chars += self.n_chars(first, n);
                first += n;
            }
        }
        n_chars
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hash_base_has_the_inverse() {
        assert_eq!(BASE.wrapping_mul(INVERSE_BASE), 1);
    }

    #[test]
    fn runs_of_words_are_counted() {
        let words: Vec<&str> = "a b a b a b c".split(' ').collect();
        let mut runs = Runs::of(&words);
        assert_eq!(runs.top_chars(2), 3 * 3);
        assert_eq!(runs.top_chars(7), 13);
        assert_eq!(runs.top_chars(8), 0);
        assert_eq!(runs.duplicate_chars(2), 4);
        // Different words that spell the same are a duplicate, but not the same run.
        let mut spelt = Runs::of(&["ab", "c", "a", "bc"]);
        assert_eq!((spelt.duplicate_chars(2), spelt.top_chars(2)), (3, 4));
    }

    #[test]
    fn lines_end_at_line_feeds_alone() {
        assert_eq!(
            split_at_line_feeds("\na\n\nb\rc\n", 1),
            ["", "a", "b\rc", ""]
        );
        assert_eq!(split_at_line_feeds("a\nb\n\n\nc", 2), ["a\nb", "c"]);
        assert_eq!(split_at_line_feeds("", 2), [""]);
    }
}
