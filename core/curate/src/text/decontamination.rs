//! Runs of words that a text has in common with a reference, such as the questions of a benchmark.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Range;

use sluice_stats::hash::{hash_bytes, hash_u64};
use unicode_normalization::UnicodeNormalization as _;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory as _};

use super::datatrove::punctuation::is_listed;
use super::python::{is_decimal, is_space};

/// Hashes of the runs of words of a reference.
#[derive(Clone, Debug)]
pub struct ReferenceRuns {
    n_words: usize,
    runs: HashSet<u64, BuildHasherDefault<Mixed>>,
}

/// What a text has of a reference.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overlap {
    pub n_runs: usize,
    /// Runs that the reference has.
    pub n_found: usize,
    /// Byte ranges of the text that such runs cover, ascending and apart.
    pub spans: Vec<Range<usize>>,
}

impl Overlap {
    /// Share of runs found; 0 for a text shorter than a run.
    pub fn share(&self) -> f64 {
        self.n_found as f64 / self.n_runs.max(1) as f64
    }
}

impl ReferenceRuns {
    /// Empty, for runs of `n_words` words.
    pub fn new(n_words: usize) -> Self {
        Self {
            n_words: n_words.max(1),
            runs: HashSet::default(),
        }
    }

    /// Puts in the runs of a text; one shorter than a run has none.
    pub fn insert(&mut self, text: &str) {
        let words = words(text);
        self.runs.extend(words.windows(self.n_words).map(run_hash));
    }

    /// What a text has of the reference.
    pub fn overlap(&self, text: &str) -> Overlap {
        let words = words(text);
        let mut overlap = Overlap::default();
        for run in words.windows(self.n_words) {
            overlap.n_runs += 1;
            let (Some(first), Some(last)) = (run.first(), run.last()) else {
                continue;
            };
            if !self.runs.contains(&run_hash(run)) {
                continue;
            }
            overlap.n_found += 1;
            match overlap.spans.last_mut() {
                Some(span) if first.start <= span.end => span.end = last.end,
                _ => overlap.spans.push(first.start..last.end),
            }
        }
        overlap
    }
}

struct Word {
    hash: u64,
    /// In bytes of the text, as is the exclusive end.
    start: usize,
    end: usize,
}

fn run_hash(run: &[Word]) -> u64 {
    run.iter().fold(0_u64, |hash, word| {
        hash_u64(hash.rotate_left(5) ^ word.hash)
    })
}

/// Words as datatrove simplifies them, with their places: in lower case, without marks on letters, numbers as `0`, cut
/// at white space and punctuation.
///
/// datatrove cuts some words further ("cannot"), which matters only for the number of words in a run.
fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut simple = String::new();
    let mut start = 0;
    let mut number = Number::None;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if is_decimal(c) {
            if simple.is_empty() {
                start = at;
            }
            if number == Number::None {
                simple.push('0');
                number = Number::Whole;
            }
            continue;
        }
        let is_point = matches!(c, '.' | ',' | '،' | '٫' | '⎖' | '⎗' | '⎘');
        if is_point && number == Number::Whole && chars.peek().is_some_and(|(_, c)| is_decimal(*c))
        {
            number = Number::Decimals;
            continue;
        }
        number = Number::None;
        if is_space(c) || is_listed(c) {
            close(&mut words, &mut simple, start, at);
            continue;
        }
        if simple.is_empty() {
            start = at;
        }
        if c.is_ascii() {
            simple.push(c.to_ascii_lowercase());
        } else {
            let is_kept = |c: &char| c.general_category() != GeneralCategory::NonspacingMark;
            simple.extend(c.to_lowercase().nfd().filter(is_kept));
        }
    }
    close(&mut words, &mut simple, start, text.len());
    words
}

/// Where in a number a text is: before its decimals, or in them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Number {
    None,
    Whole,
    Decimals,
}

fn close(words: &mut Vec<Word>, simple: &mut String, start: usize, end: usize) {
    if !simple.is_empty() {
        words.push(Word {
            hash: hash_bytes(simple.as_bytes()),
            start,
            end,
        });
        simple.clear();
    }
}

/// Hashes of runs are well mixed already.
#[derive(Clone, Copy, Debug, Default)]
struct Mixed(u64);

impl Hasher for Mixed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 ^= hash_bytes(bytes);
    }

    fn write_u64(&mut self, mixed: u64) {
        self.0 = mixed;
    }
}

#[cfg(test)]
#[expect(
    clippy::single_range_in_vec_init,
    reason = "a list of one range is meant"
)]
mod tests {
    use super::*;
    use crate::text::datatrove::simplify::{Simplification, simplify_text};

    #[test]
    fn words_are_those_of_the_simplified_text() {
        for text in [
            "",
            "A,b",
            "1,234.56 a12b ٣٫٥",
            "Été à l'Ångström — 7.",
            "x\u{301}y 5,x 1..2",
        ] {
            let simple = simplify_text(text, &Simplification::USUAL);
            let expected: Vec<u64> = crate::text::python::split(&simple)
                .map(|word| hash_bytes(word.as_bytes()))
                .collect();
            let found: Vec<u64> = words(text).iter().map(|word| word.hash).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn spans_cover_the_runs_found() {
        let mut reference = ReferenceRuns::new(3);
        reference.insert("One two three, four.");
        reference.insert("too short");
        let overlap = reference.overlap("So: ONE two (three) four five 2");
        assert_eq!(overlap.n_runs, 5);
        assert_eq!(overlap.n_found, 2);
        assert_eq!(overlap.spans, [4..24]);
        assert_eq!(overlap.share(), 0.4);
        assert_eq!(reference.overlap("one two"), Overlap::default());
    }
}
