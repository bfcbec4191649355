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
    if n_real < limits.min_words {
        return Some("gopher_short_doc");
    }
    if limits.max_words > 0 && n_real > limits.max_words {
        return Some("gopher_long_doc");
    }
    let mean_len = ratio(n_real_chars, n_real);
    if limits.min_mean_word_len != 0.0 && mean_len < limits.min_mean_word_len {
        return Some("gopher_below_avg_threshold");
    }
    if exceeds(mean_len, limits.max_mean_word_len) {
        return Some("gopher_above_avg_threshold");
    }

    let n_hashes = text.bytes().filter(|byte| *byte == b'#').count();
    if exceeds(ratio(n_hashes, words.len()), limits.max_symbols_per_word) {
        return Some("gopher_too_many_hashes");
    }
    let n_ellipses = text.matches("...").count() + text.matches('…').count();
    if exceeds(ratio(n_ellipses, words.len()), limits.max_symbols_per_word) {
        return Some("gopher_too_many_ellipsis");
    }

    let lines = splitlines(text);
    let n_bullets = lines
        .iter()
        .filter(|line| line.trim_start_matches(is_space).starts_with(['•', '-']))
        .count();
    if exceeds(ratio(n_bullets, lines.len()), limits.max_bullet_lines) {
        return Some("gopher_too_many_bullets");
    }
    let ends_in_ellipsis = |line: &&&str| {
        let line = line.trim_end_matches(is_space);
        line.ends_with("...") || line.ends_with('…')
    };
    let n_ellipsis_lines = lines.iter().filter(ends_in_ellipsis).count();
    if exceeds(
        ratio(n_ellipsis_lines, lines.len()),
        limits.max_ellipsis_lines,
    ) {
        return Some("gopher_too_many_end_ellipsis");
    }

    if limits.min_alpha_words != 0.0 && ratio(n_alpha, words.len()) < limits.min_alpha_words {
        return Some("gopher_below_alpha_threshold");
    }
    if limits.min_stop_words > 0 && !has_stop_words(words, stop_words, limits.min_stop_words) {
        return Some("gopher_enough_stop_words");
    }
    None
}

/// Whether at least `n_wanted` different stop words are among the words.
fn has_stop_words(words: &[&str], stop_words: &[&str], n_wanted: usize) -> bool {
    let mut found: Vec<&str> = Vec::new();
    for word in words {
        if found.len() >= n_wanted {
            break;
        }
        if stop_words.contains(word) && !found.contains(word) {
            found.push(word);
        }
    }
    found.len() >= n_wanted
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
