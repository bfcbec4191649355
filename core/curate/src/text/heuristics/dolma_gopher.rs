//! Dolma's statistics after Gopher's quality and repetition rules.
//!
//! Source: Dolma 1.2.1 (`taggers/gopher.py`), Apache-2.0; rules from Rae et al. 2021, table A1.

use std::borrow::Cow;
use std::collections::HashMap;

use super::spans::Span;
use crate::text::python;

const REQUIRED_WORDS: [&str; 8] = ["the", "be", "to", "of", "and", "that", "have", "with"];

/// `gopher_v1`: one span over the text per statistic.
///
/// Words split at white space; `W` is the sum of their lengths, so that n-gram shares leave white space out.
/// - most common n-gram, n = 2…4: `count · length / W`, the first one where several are most common;
/// - duplicate n-grams, n = 5…10: `Σ count · length` of those with a count above 1 over that of all;
/// - duplicate lines: all copies, blank lines too, over all lines; their characters over `W`.
///
/// N-gram statistics are absent where there are fewer than n words. An empty text has 0 everywhere.
pub fn gopher_v1(text: &str) -> Vec<Span> {
    let n_chars = python::len(text);
    let mut found = gopher_v1_ngrams(text);
    found.extend(
        gopher_v1_counts(text)
            .into_iter()
            .map(|(kind, score)| Span::of_text(n_chars, kind, score)),
    );
    found
}

/// The statistics of [`gopher_v1`] that need no n-grams, by name.
pub fn gopher_v1_counts(text: &str) -> Vec<(&'static str, f64)> {
    let n_chars = python::len(text);
    let words: Vec<&str> = python::split(text).collect();
    let lengths: Vec<usize> = words.iter().map(|word| python::len(word)).collect();
    let n_word_chars: usize = lengths.iter().sum();
    let share = |part: usize, whole: usize| part as f64 / whole.max(1) as f64;

    let count_words = |holds: fn(&str) -> bool| words.iter().filter(|word| holds(word)).count();
    let n_symbol = count_words(|word| word.contains(['#', '…']));
    let n_alpha = count_words(|word| word.chars().any(python::is_alpha));
    let n_required = count_words(|word| REQUIRED_WORDS.contains(&word));
    let mut facts = vec![
        ("character_count", n_chars as f64),
        ("word_count", words.len() as f64),
        ("median_word_length", median(lengths)),
        ("symbol_to_word_ratio", share(n_symbol, words.len())),
        (
            "fraction_of_words_with_alpha_character",
            share(n_alpha, words.len()),
        ),
        ("required_word_count", n_required as f64),
    ];

    let (mut n_lines, mut n_bullet, mut n_ellipsis) = (0, 0, 0);
    let mut copies: HashMap<&str, usize> = HashMap::new();
    if !text.is_empty() {
        for line in text.split('\n') {
            n_lines += 1;
            n_bullet += usize::from(line.starts_with(['*', '-']));
            n_ellipsis += usize::from(line.ends_with('…'));
            *copies.entry(line).or_default() += 1;
        }
    }
    let (mut n_duplicate, mut n_duplicate_chars) = (0, 0);
    for (line, n_copies) in copies.into_iter().filter(|(_, n_copies)| *n_copies > 1) {
        n_duplicate += n_copies;
        n_duplicate_chars += n_copies * python::len(line);
    }
    facts.extend([
        (
            "fraction_of_lines_starting_with_bullet_point",
            share(n_bullet, n_lines),
        ),
        (
            "fraction_of_lines_ending_with_ellipsis",
            share(n_ellipsis, n_lines),
        ),
        ("fraction_of_duplicate_lines", share(n_duplicate, n_lines)),
        (
            "fraction_of_characters_in_duplicate_lines",
            share(n_duplicate_chars, n_word_chars),
        ),
    ]);
    facts
}

/// The statistics of n-grams of [`gopher_v1`].
pub fn gopher_v1_ngrams(text: &str) -> Vec<Span> {
    let words: Vec<&str> = python::split(text).collect();
    let lengths: Vec<usize> = words.iter().map(|word| python::len(word)).collect();
    ngram_spans(&words, &lengths, python::len(text))
}

/// Middle value, or the mean of the two middle ones; 0 for none.
fn median(mut values: Vec<usize>) -> f64 {
    values.sort_unstable();
    let n = values.len();
    match (values.get(n / 2), values.get((n / 2).wrapping_sub(1))) {
        (Some(upper), Some(lower)) if n.is_multiple_of(2) => (lower + upper) as f64 / 2.0,
        (Some(middle), _) => *middle as f64,
        _ => 0.0,
    }
}

/// Counts the n-grams of each n from the ids of those of n − 1, so that no n-gram is ever spelled out.
fn ngram_spans(words: &[&str], lengths: &[usize], n_chars: usize) -> Vec<Span> {
    let mut ends = vec![0];
    for length in lengths {
        ends.push(ends.last().copied().unwrap_or(0) + length);
    }
    let n_word_chars = ends.last().copied().unwrap_or(0);

    let mut ids_of_words = HashMap::new();
    let word_ids: Vec<usize> = words
        .iter()
        .map(|word| {
            let next = ids_of_words.len();
            *ids_of_words.entry(*word).or_insert(next)
        })
        .collect();
    let mut ids = word_ids.clone();
    let mut found = Vec::new();
    for n in 2..=10 {
        if words.len() < n {
            break;
        }
        let mut ids_of_pairs = HashMap::new();
        // Count and length by id; ids rise in the order of first appearance.
        let mut grams: Vec<(usize, usize)> = Vec::new();
        let longer = ids.iter().zip(&word_ids[n - 1..]).enumerate();
        ids = longer
            .map(|(at, (shorter, word))| {
                let next = ids_of_pairs.len();
                let id = *ids_of_pairs.entry((*shorter, *word)).or_insert(next);
                if id == grams.len() {
                    grams.push((0, ends[at + n] - ends[at]));
                }
                grams[id].0 += 1;
                id
            })
            .collect();
        let (kind, score) = if n <= 4 {
            // Of several maxima `max_by_key` returns the last one, here the first in order of appearance.
            let most = grams.iter().rev().max_by_key(|(count, _)| *count);
            let part = most.map_or(0, |(count, length)| count * length);
            ("most_common", part as f64 / n_word_chars.max(1) as f64)
        } else {
            let all: usize = grams.iter().map(|(count, length)| count * length).sum();
            let repeated = grams.iter().filter(|(count, _)| *count > 1);
            let part: usize = repeated.map(|(count, length)| count * length).sum();
            ("duplicate", part as f64 / all.max(1) as f64)
        };
        let kind = Cow::Owned(format!("fraction_of_characters_in_{kind}_{n}grams"));
        found.push(Span {
            start: 0,
            end: n_chars,
            kind,
            score,
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score(text: &str, kind: &str) -> Option<f64> {
        gopher_v1(text)
            .iter()
            .find(|span| span.kind == kind)
            .map(|span| span.score)
    }

    #[test]
    fn every_copy_of_a_line_counts_and_blank_ones_too() {
        assert_eq!(
            score("a\n\nb\n\nc", "fraction_of_duplicate_lines"),
            Some(0.4)
        );
        assert_eq!(score("", "fraction_of_duplicate_lines"), Some(0.0));
    }

    #[test]
    fn first_of_the_most_common_ngrams_is_taken() {
        // "aaaa b" and "b c" come once each.
        let got = score("aaaa b c", "fraction_of_characters_in_most_common_2grams");
        assert_eq!(got, Some(5.0 / 6.0));
        assert_eq!(
            score("one", "fraction_of_characters_in_most_common_2grams"),
            None
        );
    }

    #[test]
    fn duplicate_ngrams_overlap() {
        let got = score(
            "a b c d e a b c d e",
            "fraction_of_characters_in_duplicate_5grams",
        );
        assert_eq!(got, Some(10.0 / 30.0));
    }
}
