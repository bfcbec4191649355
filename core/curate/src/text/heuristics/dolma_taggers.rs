//! Dolma's taggers of lengths and of the C4 rules.
//!
//! Offsets and lengths are code points. Source: Dolma 1.2.1 (`taggers/c4.py`, `taggers/length.py`), Apache-2.0.

use std::collections::HashSet;

use aho_corasick::AhoCorasick;
use unicode_segmentation::UnicodeSegmentation as _;

use super::spans::{Span, paragraphs};
use super::token_runs::token_runs;
use crate::text::python;

/// Terms that make a document `has_naughty_word`: words match whole words, terms with a space match anywhere.
#[derive(Default)]
pub struct TermList {
    words: HashSet<String>,
    phrases: Option<AhoCorasick>,
}

impl TermList {
    /// `terms` are in lower case. More phrases than an automaton can hold are left out.
    pub fn new<'a>(terms: impl IntoIterator<Item = &'a str>) -> Self {
        let (phrases, words): (Vec<&str>, Vec<&str>) =
            terms.into_iter().partition(|term| term.contains(' '));
        Self {
            words: words.into_iter().map(str::to_owned).collect(),
            phrases: if phrases.is_empty() {
                None
            } else {
                AhoCorasick::new(phrases).ok()
            },
        }
    }

    fn occurs_in(&self, text_in_lower_case: &str) -> bool {
        (!self.words.is_empty()
            && python::split(text_in_lower_case).any(|word| self.words.contains(word)))
            || self
                .phrases
                .as_ref()
                .is_some_and(|phrases| phrases.is_match(text_in_lower_case))
    }
}

/// `c4_v1`: lines without an end mark (`. ? ! "`) or with fewer than 3 words, and what the document contains.
///
/// Lines split at `\n` only and own that `\n`; an empty text is one empty line. `javascript` must be a whole word.
pub fn c4_v1(text: &str, naughty: &TermList) -> Vec<Span> {
    let n_chars = python::len(text);
    let mut found = Vec::new();
    let mut has = [false; 4];
    let mut start = 0;
    let mut n_lines = 0;
    let mut lines = text.split('\n').peekable();
    while let Some(line) = lines.next() {
        let end = start + python::len(line) + usize::from(lines.peek().is_some());
        let line = line.to_lowercase();
        let line = python::strip(&line);
        push_line_faults(&mut found, line, start, end);
        has[0] |= naughty.occurs_in(line);
        has[1] |= python::split(line).any(|word| word == "javascript");
        has[2] |= line.contains("lorem ipsum");
        has[3] |= line.contains('{');
        start = end;
        n_lines += 1;
    }
    push_document_facts(&mut found, has, n_chars, n_lines);
    found
}

/// `c4_v2`: as [`c4_v1`], but `javascript` matches anywhere, terms match across lines, and offsets of lines are those
/// of the text in lower case, which can be longer.
pub fn c4_v2(text: &str, naughty: &TermList) -> Vec<Span> {
    let lower = text.to_lowercase();
    let n_lower = python::len(&lower);
    let mut found = Vec::new();
    let mut start = 0;
    let mut n_lines = 0;
    for line in lower.split('\n') {
        let mut end = start + python::len(line);
        if end != n_lower {
            end += 1;
        }
        push_line_faults(&mut found, python::strip(line), start, end);
        start = end;
        n_lines += 1;
    }
    let has = [
        naughty.occurs_in(&lower),
        lower.contains("javascript"),
        lower.contains("lorem ipsum"),
        lower.contains('{'),
    ];
    push_document_facts(&mut found, has, python::len(text), n_lines);
    found
}

/// What [`c4_v2`] finds in a text, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct C4Lines {
    pub n_lines: usize,
    /// Without an end mark.
    pub n_unended: usize,
    /// With fewer than three words.
    pub n_short: usize,
    pub has_javascript: bool,
    pub has_lorem_ipsum: bool,
    pub has_curly_brace: bool,
}

impl C4Lines {
    /// The lines with an end mark and at least three words.
    pub fn kept(text: &str) -> String {
        let mut kept = String::with_capacity(text.len());
        for line in text.split('\n') {
            let stripped = python::strip(line);
            if is_ended(stripped) && !is_short(stripped) {
                if !kept.is_empty() {
                    kept.push('\n');
                }
                kept.push_str(line);
            }
        }
        kept
    }
}

/// Counts what [`c4_v2`] tags, without spans and without naughty words.
pub fn c4_v2_lines(text: &str) -> C4Lines {
    let lower = text.to_lowercase();
    let mut counts = C4Lines {
        has_javascript: lower.contains("javascript"),
        has_lorem_ipsum: lower.contains("lorem ipsum"),
        has_curly_brace: lower.contains('{'),
        ..C4Lines::default()
    };
    for line in lower.split('\n') {
        let line = python::strip(line);
        counts.n_lines += 1;
        counts.n_unended += usize::from(!is_ended(line));
        counts.n_short += usize::from(is_short(line));
    }
    counts
}

fn is_ended(line: &str) -> bool {
    line.ends_with(['.', '?', '!', '"'])
}

fn is_short(line: &str) -> bool {
    python::split(line).nth(2).is_none()
}

fn push_line_faults(found: &mut Vec<Span>, line: &str, start: usize, end: usize) {
    if !is_ended(line) {
        found.push(Span::new(
            start,
            end,
            "lines_with_no_ending_punctuation",
            1.0,
        ));
    }
    if is_short(line) {
        found.push(Span::new(start, end, "lines_with_too_few_words", 1.0));
    }
}

fn push_document_facts(found: &mut Vec<Span>, has: [bool; 4], n_chars: usize, n_lines: usize) {
    let kinds = [
        "has_naughty_word",
        "has_javascript",
        "has_lorem_ipsum",
        "has_curly_brace",
    ];
    for (kind, has) in kinds.into_iter().zip(has) {
        if has {
            found.push(Span::of_text(n_chars, kind, 1.0));
        }
    }
    found.push(Span::of_text(n_chars, "line_count", n_lines as f64));
}

/// `char_length_v1`: number of code points.
pub fn char_length(text: &str) -> Vec<Span> {
    let n_chars = python::len(text);
    vec![Span::of_text(n_chars, "length", n_chars as f64)]
}

/// `char_length_strip_ws_v1`: number of code points without white space at both ends.
pub fn char_length_stripped(text: &str) -> Vec<Span> {
    let n_stripped = python::len(python::strip(text));
    vec![Span::of_text(
        python::len(text),
        "length_no_ws",
        n_stripped as f64,
    )]
}

/// `bytes_length_v1`: number of UTF-8 bytes.
pub fn bytes_length(text: &str) -> Vec<Span> {
    vec![Span::of_text(python::len(text), "bytes", text.len() as f64)]
}

/// `whitespace_tokenizer_v1`: one more than the number of runs of word characters and of other visible characters.
///
/// It is the number of pieces around the tokens, not of tokens: 1 for an empty text.
pub fn whitespace_tokens(text: &str) -> Vec<Span> {
    let n_runs = token_runs(text).count();
    vec![Span::of_text(
        python::len(text),
        "length",
        (n_runs + 1) as f64,
    )]
}

/// `uniseg_length_v1`: number of pieces between word boundaries (UAX #29), those of white space included, of the
/// stripped text; 0 for a blank one.
pub fn uniseg_length(text: &str) -> Vec<Span> {
    let n_pieces = python::strip(text).split_word_bounds().count();
    vec![Span::of_text(python::len(text), "length", n_pieces as f64)]
}

/// `uniseg_length_paragraphs_v1`: for each paragraph that is not blank its number of visible pieces between word
/// boundaries, and the same negated.
pub fn uniseg_length_paragraphs(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let mut start = 0;
    for paragraph in paragraphs(text) {
        let end = start + python::len(paragraph);
        let stripped = python::strip(paragraph);
        if !stripped.is_empty() {
            let pieces = stripped.split_word_bounds();
            let n_words = pieces
                .filter(|piece| !python::strip(piece).is_empty())
                .count() as f64;
            found.push(Span::new(start, end, "paragraph", n_words));
            found.push(Span::new(start, end, "negative_paragraph", -n_words));
        }
        start = end;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(spans: &[Span]) -> Vec<&str> {
        spans.iter().map(|span| span.kind.as_ref()).collect()
    }

    #[test]
    fn first_version_wants_a_whole_word_and_second_does_not() {
        let text = "We use javascript, always and everywhere.";
        assert_eq!(kinds(&c4_v1(text, &TermList::default())), ["line_count"]);
        assert_eq!(
            kinds(&c4_v2(text, &TermList::default())),
            ["has_javascript", "line_count"]
        );
    }

    #[test]
    fn phrases_match_across_lines_in_the_second_version_only() {
        let terms = TermList::new(["bad", "very bad\nword here"]);
        let text = "It is a very bad\nword here, isn't it?";
        assert!(kinds(&c4_v2(text, &terms)).contains(&"has_naughty_word"));
        let terms = TermList::new(["very bad\nword here"]);
        assert!(!kinds(&c4_v1(text, &terms)).contains(&"has_naughty_word"));
    }

    #[test]
    fn tokens_are_counted_by_the_pieces_around_them() {
        let count = |text| whitespace_tokens(text)[0].score;
        assert_eq!(
            [count(""), count("a"), count("a b."), count("a_1-b")],
            [1.0, 2.0, 4.0, 4.0]
        );
    }
}
