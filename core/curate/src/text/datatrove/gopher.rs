//! Quality rules of Gopher (Rae et al. 2021, table A1), as DataTrove applies them.

use super::punctuation::is_symbol;
use crate::text::python::{is_alpha, is_space, splitlines};

/// Limits; one that is 0 is not applied.
#[derive(Clone, Debug)]
pub struct GopherQuality {
    /// Words that are not all punctuation.
    pub min_words: usize,
    pub max_words: usize,
    /// Mean length of those words.
    pub min_mean_word_len: f64,
    pub max_mean_word_len: f64,
    /// `#` per word, and ellipses per word.
    pub max_symbols_per_word: f64,
    /// Share of lines that begin with `•` or `-`.
    pub max_bullet_lines: f64,
    /// Share of lines that end in an ellipsis.
    pub max_ellipsis_lines: f64,
    /// Share of words with a letter.
    pub min_alpha_words: f64,
    /// Distinct stop words, as written.
    pub min_stop_words: usize,
}

impl GopherQuality {
    /// The defaults of DataTrove.
    pub const USUAL: Self = Self {
        min_words: 50,
        max_words: 100_000,
        min_mean_word_len: 3.0,
        max_mean_word_len: 10.0,
        max_symbols_per_word: 0.1,
        max_bullet_lines: 0.9,
        max_ellipsis_lines: 0.3,
        min_alpha_words: 0.8,
        min_stop_words: 2,
    };
}

/// Stop words of DataTrove's default.
pub const STOP_WORDS: [&str; 8] = ["the", "be", "to", "of", "and", "that", "have", "with"];

/// What Gopher's quality rules look at. Without words, or without lines, a share of them is NaN.
#[derive(Clone, Copy, Debug)]
pub struct GopherQualityMeasures {
    /// Words that are not all punctuation.
    pub n_words: usize,
    /// Of those words.
    pub mean_word_len: f64,
    /// `#` per word, of all words.
    pub hashes_per_word: f64,
    pub ellipses_per_word: f64,
    /// Share of lines that begin with `•` or `-`.
    pub bullet_lines: f64,
    /// Share of lines that end in an ellipsis.
    pub ellipsis_lines: f64,
    /// Share of words with a letter.
    pub alpha_words: f64,
    /// Distinct stop words, as written.
    pub n_stop_words: usize,
}

/// Measures a text by Gopher's quality rules. `words` are the words of `text`.
///
/// # Source
///
/// DataTrove 0.10.1, `GopherQualityFilter`.
pub fn measure_gopher_quality(
    text: &str,
    words: &[&str],
    stop_words: &[&str],
) -> GopherQualityMeasures {
    let (mut n_real, mut n_real_chars, mut n_alpha) = (0_usize, 0_usize, 0_usize);
    for word in words {
        if word.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            n_real += 1;
            n_real_chars += word.len();
            n_alpha += 1;
            continue;
        }
        if word.chars().any(|c| !is_symbol(c)) {
            n_real += 1;
            n_real_chars += word.chars().count();
        }
        n_alpha += usize::from(word.chars().any(is_alpha));
    }
    let n_hashes = text.bytes().filter(|byte| *byte == b'#').count();
    let n_ellipses = text.matches("...").count() + text.matches('…').count();
    let lines = splitlines(text);
    let is_bullet = |line: &&&str| line.trim_start_matches(is_space).starts_with(['•', '-']);
    let n_bullets = lines.iter().filter(is_bullet).count();
    let ends_in_ellipsis = |line: &&&str| {
        let line = line.trim_end_matches(is_space);
        line.ends_with("...") || line.ends_with('…')
    };
    let n_ellipsis_lines = lines.iter().filter(ends_in_ellipsis).count();
    GopherQualityMeasures {
        n_words: n_real,
        mean_word_len: ratio(n_real_chars, n_real),
        hashes_per_word: ratio(n_hashes, words.len()),
        ellipses_per_word: ratio(n_ellipses, words.len()),
        bullet_lines: ratio(n_bullets, lines.len()),
        ellipsis_lines: ratio(n_ellipsis_lines, lines.len()),
        alpha_words: ratio(n_alpha, words.len()),
        n_stop_words: count_stop_words(words, stop_words),
    }
}

/// Why Gopher's quality rules drop a text, if they do; the first rule in the order of [`GopherQuality`].
///
/// `words` are the words of `text`. Without words every share is undefined and holds no limit, so that an empty text
/// falls to `min_words` or, that being 0, to `min_stop_words`; DataTrove raises in the second case.
///
/// # Source
///
/// DataTrove 0.10.1, `GopherQualityFilter`.
pub fn gopher_quality(
    text: &str,
    words: &[&str],
    stop_words: &[&str],
    limits: &GopherQuality,
) -> Option<&'static str> {
    let of = measure_gopher_quality(text, words, stop_words);
    let falls_below = |value: f64, limit: f64| limit != 0.0 && value < limit;
    let rules = [
        (of.n_words < limits.min_words, "gopher_short_doc"),
        (
            limits.max_words > 0 && of.n_words > limits.max_words,
            "gopher_long_doc",
        ),
        (
            falls_below(of.mean_word_len, limits.min_mean_word_len),
            "gopher_below_avg_threshold",
        ),
        (
            exceeds(of.mean_word_len, limits.max_mean_word_len),
            "gopher_above_avg_threshold",
        ),
        (
            exceeds(of.hashes_per_word, limits.max_symbols_per_word),
            "gopher_too_many_hashes",
        ),
        (
            exceeds(of.ellipses_per_word, limits.max_symbols_per_word),
            "gopher_too_many_ellipsis",
        ),
        (
            exceeds(of.bullet_lines, limits.max_bullet_lines),
            "gopher_too_many_bullets",
        ),
        (
            exceeds(of.ellipsis_lines, limits.max_ellipsis_lines),
            "gopher_too_many_end_ellipsis",
        ),
        (
            falls_below(of.alpha_words, limits.min_alpha_words),
            "gopher_below_alpha_threshold",
        ),
        (
            of.n_stop_words < limits.min_stop_words,
            "gopher_enough_stop_words",
        ),
    ];
    rules
        .into_iter()
        .find_map(|(fails, reason)| fails.then_some(reason))
}

/// Number of different stop words among the words.
fn count_stop_words(words: &[&str], stop_words: &[&str]) -> usize {
    let longest = stop_words.iter().map(|word| word.len()).max().unwrap_or(0);
    let mut wanted = stop_words.to_vec();
    wanted.sort_unstable();
    wanted.dedup();
    let n_all = wanted.len();
    for word in words.iter().filter(|word| word.len() <= longest) {
        if let Ok(found) = wanted.binary_search(word) {
            wanted.remove(found);
        }
        if wanted.is_empty() {
            break;
        }
    }
    n_all - wanted.len()
}

/// NaN for 0 of 0, which holds no limit.
pub(super) fn ratio(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64
}

fn exceeds(value: f64, limit: f64) -> bool {
    limit != 0.0 && value > limit
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::datatrove::tokenizer::words;

    #[test]
    fn the_first_rule_that_fails_is_named() {
        let limits = GopherQuality {
            min_words: 3,
            ..GopherQuality::USUAL
        };
        let why = |text: &str| gopher_quality(text, &words(text), &STOP_WORDS, &limits);
        assert_eq!(why(""), Some("gopher_short_doc"));
        assert_eq!(why("!!! ??? ... a b"), Some("gopher_short_doc"));
        assert_eq!(why("a b c d"), Some("gopher_below_avg_threshold"));
        assert_eq!(
            why("some words without them"),
            Some("gopher_enough_stop_words")
        );
        assert_eq!(why("some words with the stop words"), None);
    }

    #[test]
    fn limits_of_zero_are_off() {
        let off = GopherQuality {
            min_words: 0,
            min_stop_words: 0,
            ..GopherQuality::USUAL
        };
        assert_eq!(gopher_quality("", &[], &STOP_WORDS, &off), None);
    }
}
