//! What two texts have in common: runs of words, and where they stand in both.

use std::collections::HashMap;
use std::ops::Range;

use sluice_stats::hash::{hash_bytes, hash_u64};

use super::python::is_space;

/// A run of words that both texts have, in bytes of each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedSpan {
    pub a: Range<usize>,
    pub b: Range<usize>,
    pub n_words: usize,
}

/// Places of the first text that a run of the second is compared with: more only cost time in texts that repeat.
const MAX_PLACES: usize = 32;

/// Runs of at least `min_words` words that both texts have, in the order of `b` and apart in it.
///
/// From left to right of `b`, the longest run is taken that begins at a word and stands somewhere in `a`, then it goes
/// on after it; a run cannot be extended to the right, nor to the left within what is not taken. Words stand between
/// white space and are compared in lower case.
pub fn shared_spans(a: &str, b: &str, min_words: usize) -> Vec<SharedSpan> {
    let min_words = min_words.max(1);
    let (in_a, in_b) = (words(a), words(b));
    let mut places: HashMap<u64, Vec<u32>> = HashMap::new();
    for (idx, run) in (0..).zip(in_a.windows(min_words)) {
        let places = places.entry(run_hash(run)).or_default();
        if places.len() < MAX_PLACES {
            places.push(idx);
        }
    }
    let mut spans = Vec::new();
    let mut at = 0;
    while let Some(run) = in_b.get(at..at + min_words) {
        let rest = in_b.get(at..).unwrap_or_default();
        let like = |place: &u32| {
            let rest_of_a = in_a.get(*place as usize..).unwrap_or_default();
            let words = rest_of_a.iter().zip(rest);
            (words.take_while(|(a, b)| a.hash == b.hash).count(), *place)
        };
        // The longest, the first of those.
        let best = places.get(&run_hash(run)).and_then(|places| {
            let by_len = |(n_words, place): &(usize, u32)| (*n_words, std::cmp::Reverse(*place));
            places.iter().map(like).max_by_key(by_len)
        });
        let Some((n_words, place)) = best.filter(|(n_words, _)| *n_words >= min_words) else {
            at += 1;
            continue;
        };
        let range = |words: &[Word], from: usize| {
            let first = words.get(from).map_or(0, |word| word.start);
            first..words.get(from + n_words - 1).map_or(first, |word| word.end)
        };
        spans.push(SharedSpan {
            a: range(&in_a, place as usize),
            b: range(&in_b, at),
            n_words,
        });
        at += n_words;
    }
    spans
}

struct Word {
    hash: u64,
    start: usize,
    end: usize,
}

fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut at = 0;
    for word in text.split_inclusive(is_space) {
        let start = at;
        at += word.len();
        let word = word.trim_end_matches(is_space);
        if word.is_empty() {
            continue;
        }
        let is_lower = word
            .bytes()
            .all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
        let hash = if is_lower {
            hash_bytes(word.as_bytes())
        } else {
            hash_bytes(word.to_lowercase().as_bytes())
        };
        words.push(Word {
            hash,
            start,
            end: start + word.len(),
        });
    }
    words
}

fn run_hash(run: &[Word]) -> u64 {
    run.iter().fold(0_u64, |hash, word| {
        hash_u64(hash.rotate_left(5) ^ word.hash)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(a: &str, b: &str, min_words: usize, expected: &[(&str, &str)]) {
        let spans = shared_spans(a, b, min_words);
        let found: Vec<(&str, &str)> = spans
            .iter()
            .map(|span| (&a[span.a.clone()], &b[span.b.clone()]))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn runs_are_as_long_as_they_can_be() {
        check(
            "a b c x c d e",
            "y A  b c d e",
            2,
            &[("a b c", "A  b c"), ("d e", "d e")],
        );
        check("a b a b c", "a b c", 2, &[("a b c", "a b c")]);
        check("a b", "a b a b", 2, &[("a b", "a b"), ("a b", "a b")]);
        check("a b", "a b", 3, &[]);
        check("", "a", 1, &[]);
        check("É x", "é\u{a0}x\n", 1, &[("É x", "é\u{a0}x")]);
    }
}
