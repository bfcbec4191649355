//! Quality rules of FineWeb.

use super::{gopher::ratio, punctuation::is_terminal, repetition::duplicates};
use crate::text::python::{len, strip};

/// Limits of [`fineweb_quality`].
#[derive(Clone, Debug)]
pub struct FineWebQuality<'a> {
    /// Share of lines that end in terminal punctuation.
    pub min_terminal_lines: f64,
    /// Whether a text without any such line is kept all the same.
    pub keeps_without_terminal_lines: bool,
    /// Ends of lines that count instead of terminal punctuation.
    pub line_ends: Option<&'a [&'a str]>,
    /// Share of short lines.
    pub max_short_lines: f64,
    /// Longest line that is short, in characters.
    pub short_line_len: usize,
    /// Share of characters in lines that came before.
    pub max_duplicate_chars: f64,
    /// Line feeds per word.
    pub max_line_feeds_per_word: f64,
}

impl FineWebQuality<'static> {
    /// The defaults of DataTrove.
    pub const USUAL: Self = Self {
        min_terminal_lines: 0.12,
        keeps_without_terminal_lines: false,
        line_ends: None,
        max_short_lines: 0.67,
        short_line_len: 30,
        max_duplicate_chars: 0.01,
        max_line_feeds_per_word: 0.3,
    };
}

/// What FineWeb's rules look at. Without lines, or without words, a share of them is NaN.
#[derive(Clone, Copy, Debug)]
pub struct FineWebMeasures {
    /// Lines between line feeds that are not blank.
    pub n_lines: usize,
    /// Share of lines that end in terminal punctuation.
    pub terminal_lines: f64,
    pub short_lines: f64,
    /// Share of characters in lines that came before, of the text without its line feeds.
    pub duplicate_chars: f64,
    pub line_feeds_per_word: f64,
}

/// Measures a text by FineWeb's rules; `n_words` is the number of words of `text`.
///
/// # Source
///
/// DataTrove 0.10.1, `FineWebQualityFilter`.
pub fn measure_fineweb(
    text: &str,
    n_words: usize,
    line_ends: Option<&[&str]>,
    short_line_len: usize,
) -> FineWebMeasures {
    let lines: Vec<&str> = text
        .split('\n')
        .filter(|line| !strip(line).is_empty())
        .collect();
    let is_terminated = |line: &&&str| match line_ends {
        Some(ends) => ends.iter().any(|end| line.ends_with(end)),
        None => line.ends_with(is_terminal),
    };
    let is_short = |line: &&&str| len(line) <= short_line_len;
    let n_line_feeds = text.bytes().filter(|byte| *byte == b'\n').count();
    let (_, n_duplicate_chars) = duplicates(&lines);
    FineWebMeasures {
        n_lines: lines.len(),
        terminal_lines: ratio(lines.iter().filter(is_terminated).count(), lines.len()),
        short_lines: ratio(lines.iter().filter(is_short).count(), lines.len()),
        duplicate_chars: ratio(n_duplicate_chars, len(text) - n_line_feeds),
        line_feeds_per_word: ratio(n_line_feeds, n_words),
    }
}

/// Why FineWeb's rules drop a text, if they do; the first rule in the order of [`FineWebQuality`].
///
/// Lines are those between line feeds that are not blank; a text without any is dropped as `empty`. `n_words` is the
/// number of words of `text`. Values are those of [`measure_fineweb`].
///
/// # Source
///
/// DataTrove 0.10.1, `FineWebQualityFilter`.
pub fn fineweb_quality(
    text: &str,
    n_words: usize,
    limits: &FineWebQuality<'_>,
) -> Option<&'static str> {
    let of = measure_fineweb(text, n_words, limits.line_ends, limits.short_line_len);
    if of.n_lines == 0 {
        return Some("empty");
    }
    if of.terminal_lines < limits.min_terminal_lines
        && !(of.terminal_lines == 0.0 && limits.keeps_without_terminal_lines)
    {
        return Some("line_punct_ratio");
    }
    if of.short_lines > limits.max_short_lines {
        return Some("short_line_ratio");
    }
    if of.duplicate_chars > limits.max_duplicate_chars {
        return Some("char_dup_ratio");
    }
    if of.line_feeds_per_word > limits.max_line_feeds_per_word {
        return Some("list_ratio");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_rule_that_fails_is_named() {
        let why = |text: &str| fineweb_quality(text, 10, &FineWebQuality::USUAL);
        assert_eq!(why(" \n\u{3000}"), Some("empty"));
        assert_eq!(why("no end"), Some("line_punct_ratio"));
        assert_eq!(why("Short."), Some("short_line_ratio"));
        let long = "A line that is longer than thirty characters.";
        assert_eq!(why(&format!("{long}\n{long}")), Some("char_dup_ratio"));
        assert_eq!(why(&format!("{long}\n\n\n\n")), Some("list_ratio"));
        assert_eq!(why(long), None);
    }
}
