//! NeMo Curator's scores of characters, words and lines.
//!
//! Lengths are code points, words split at white space, lines at `\n`. A score is `None` where the system divides by
//! zero; scores per character of an empty text are 1. Source: NeMo Curator at 1e2e4275
//! (`stages/text/filters/heuristic/string.py`), Apache-2.0.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::text::python;

const COMMON_ENGLISH_WORDS: [&str; 8] = ["the", "be", "to", "of", "and", "that", "have", "with"];

const BULLETS: [char; 12] = ['•', '‣', '⁃', '⁌', '⁍', '∙', '○', '●', '◘', '◦', '⦾', '⦿'];

const ELLIPSIS_MARKS: [&str; 6] = ["...", "[...]", "…", "(...)", "[…]", "-»"];

/// Phrases of cookie notices and the like. Three whole notices that NeMo Curator also looks for, and which hold none of
/// these phrases, are not here.
const POLICY_PHRASES: [&str; 9] = [
    "terms of use",
    "privacy policy",
    "cookie policy",
    "uses cookies",
    "privacy overview",
    "use of cookies",
    "use cookies",
    "privacy & cookies policy",
    "privacy and cookies policy",
];

static POLICIES: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasick::new(POLICY_PHRASES).ok());

/// Lines that are not blank, as they stand.
pub fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split('\n')
        .filter(|line| !python::strip(line).is_empty())
}

fn share(n_part: usize, n_whole: usize) -> Option<f64> {
    (n_whole > 0).then(|| n_part as f64 / n_whole as f64)
}

fn share_of_chars(text: &str, holds: impl Fn(char) -> bool) -> f64 {
    let (mut n_chars, mut n_held) = (0, 0);
    for c in text.chars() {
        n_chars += 1;
        n_held += usize::from(holds(c));
    }
    share(n_held, n_chars).unwrap_or(1.0)
}

fn share_of_words(text: &str, holds: impl Fn(&str) -> bool) -> Option<f64> {
    let (mut n_words, mut n_held) = (0, 0);
    for word in python::split(text) {
        n_words += 1;
        n_held += usize::from(holds(word));
    }
    share(n_held, n_words)
}

fn share_of_lines(text: &str, holds: impl Fn(&str) -> bool) -> Option<f64> {
    let (mut n_lines, mut n_held) = (0, 0);
    for line in lines(text) {
        n_lines += 1;
        n_held += usize::from(holds(python::strip(line)));
    }
    share(n_held, n_lines)
}

/// Share of characters outside `a-z A-Z 0-9 ? ! , .` and `\n`. Kept up to 0.25.
pub fn non_alphanumeric_share(text: &str) -> f64 {
    share_of_chars(text, |c| {
        !(c.is_ascii_alphanumeric() || matches!(c, '\n' | '?' | '!' | ',' | '.'))
    })
}

/// Share of decimal digits. Kept up to 0.15.
pub fn digit_share(text: &str) -> f64 {
    share_of_chars(text, python::is_decimal)
}

/// Share of tab, line feed, carriage return, backspace and space. Kept up to 0.25.
pub fn white_space_share(text: &str) -> f64 {
    share_of_chars(text, |c| matches!(c, '\t' | '\n' | '\r' | '\u{8}' | ' '))
}

/// Share of `{}⟨⟩[]()`. Kept up to 0.1.
pub fn parenthesis_share(text: &str) -> f64 {
    share_of_chars(text, |c| {
        matches!(c, '{' | '}' | '⟨' | '⟩' | '[' | ']' | '(' | ')')
    })
}

/// Share of characters in URLs. Kept up to 0.2.
pub fn url_share(text: &str) -> f64 {
    let n_url_chars = urls(text).map(python::len).sum();
    share(n_url_chars, python::len(text)).unwrap_or(1.0)
}

/// Whether an URL contains `porn`. Kept if none does.
pub fn has_pornographic_url(text: &str) -> bool {
    urls(text).any(|url| url.contains("porn"))
}

/// `http://` or `https://` in lower case and at least one character of `!`, the ASCII range from `$` to `_`, and `a-z`.
///
/// The range is what `[$-_@.&+]` of the original means, so `/`, `:`, `=` and `?` belong to an URL and `#`, `~` do not.
pub fn urls(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            let start = rest.find("http")?;
            let found = &rest[start..];
            rest = &rest[start + "http".len()..];
            let after_scheme = rest.strip_prefix('s').unwrap_or(rest);
            let Some(body) = after_scheme.strip_prefix("://") else {
                continue;
            };
            let end = body
                .find(|c: char| !matches!(c, '!' | '$'..='_' | 'a'..='z'))
                .unwrap_or(body.len());
            if end > 0 {
                rest = &body[end..];
                return Some(&found[..found.len() - rest.len()]);
            }
        }
    })
}

/// Share of words that are an ellipsis or of which runs of `#` make up more than half. Kept up to 0.1.
///
/// A run counts once, so `#` is such a word and `##` is not. `None` without words.
pub fn symbol_word_share(text: &str) -> Option<f64> {
    share_of_words(text, |word| {
        let n_runs = word.split('#').filter(|part| !part.is_empty()).count();
        let edges = usize::from(word.starts_with('#')) + usize::from(word.ends_with('#'));
        // Runs of `#` lie between the other parts and at the edges; a word of `#` alone is one run.
        let n_hash_runs = if n_runs == 0 { 1 } else { n_runs - 1 + edges };
        ELLIPSIS_MARKS.contains(&word) || 2 * n_hash_runs > python::len(word)
    })
}

/// Share of lines that start with a bullet after white space. Kept up to 0.9; `None` without lines.
pub fn bullet_line_share(text: &str) -> Option<f64> {
    share_of_lines(text, |line| line.starts_with(BULLETS))
}

/// Share of lines that do not end with `. ? ! " '`. Kept up to 0.85; `None` without lines.
pub fn unpunctuated_line_share(text: &str) -> Option<f64> {
    share_of_lines(text, |line| !line.ends_with(['.', '?', '!', '"', '\'']))
}

/// Share of lines that end with an ellipsis or `read more`. Kept up to 0.3; `None` without lines.
pub fn ellipsis_line_share(text: &str) -> Option<f64> {
    share_of_lines(text, |line| {
        let line = line.to_lowercase();
        let more = ["read more..", "read more"];
        ELLIPSIS_MARKS
            .iter()
            .chain(&more)
            .any(|mark| line.ends_with(mark))
    })
}

/// Length of the longest word. Kept up to 1000; `None` without words.
pub fn longest_word(text: &str) -> Option<usize> {
    python::split(text).map(python::len).max()
}

/// Number of words. Kept from 50 to 100 000.
pub fn word_count(text: &str) -> usize {
    python::split(text).count()
}

/// Mean length of words. Kept from 3 to 10; `None` without words.
pub fn mean_word_length(text: &str) -> Option<f64> {
    let (mut n_words, mut n_chars) = (0, 0);
    for word in python::split(text) {
        n_words += 1;
        n_chars += python::len(word);
    }
    share(n_chars, n_words)
}

/// Share of words with a letter. Kept from 0.8; `None` without words.
pub fn alphabetic_word_share(text: &str) -> Option<f64> {
    share_of_words(text, |word| word.chars().any(char::is_alphabetic))
}

/// Number of common English words, in lower case, up to `most`. Kept from 2.
///
/// NeMo Curator stops at its threshold unless `stop_at_false` is off; then `most` is [`usize::MAX`].
pub fn common_english_words(text: &str, most: usize) -> usize {
    python::split(text)
        .filter(|word| COMMON_ENGLISH_WORDS.contains(word))
        .take(most)
        .count()
}

/// Share of paragraphs (between `\n\n`, empty ones too) with a phrase of cookie and privacy notices; 1 as soon as one
/// has `lorem ipsum`. Kept up to 0.4.
pub fn boilerplate_share(text: &str) -> f64 {
    let (mut n_paragraphs, mut n_boilerplate) = (0, 0);
    for paragraph in text.split("\n\n") {
        let paragraph = paragraph.to_lowercase();
        if paragraph.contains("lorem ipsum") {
            return 1.0;
        }
        n_paragraphs += 1;
        let policies = POLICIES.as_ref();
        n_boilerplate +=
            usize::from(policies.is_some_and(|policies| policies.is_match(&paragraph)));
    }
    share(n_boilerplate, n_paragraphs).unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_url_ends_at_a_hash_and_needs_a_body() {
        let found: Vec<_> =
            urls("see http:// https://a.b/c?d=1#e HTTP://x httphttp://z~").collect();
        assert_eq!(found, ["https://a.b/c?d=1", "http://z"]);
    }

    #[test]
    fn a_run_of_hashes_counts_once() {
        let score = |text| symbol_word_share(text);
        assert_eq!(score("# ##"), Some(0.5));
        assert_eq!(score("#a #a# ..."), Some(2.0 / 3.0));
        assert_eq!(score(" \n"), None);
    }

    #[test]
    fn empty_text_scores_one_per_character_and_nothing_per_word() {
        assert_eq!([digit_share(""), url_share("")], [1.0, 1.0]);
        assert_eq!(
            (mean_word_length(" "), bullet_line_share("\n\n")),
            (None, None)
        );
        assert_eq!(boilerplate_share(""), 0.0);
    }
}
