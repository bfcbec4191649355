//! Scored spans of a text, in code points.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::text::python;

/// A part of a text with what was found there.
#[derive(Clone, Debug, PartialEq)]
pub struct Span {
    /// First code point.
    pub start: usize,
    /// Exclusive end, in code points.
    pub end: usize,
    pub kind: Cow<'static, str>,
    pub score: f64,
}

impl Span {
    pub fn new(start: usize, end: usize, kind: &'static str, score: f64) -> Self {
        let kind = Cow::Borrowed(kind);
        Self {
            start,
            end,
            kind,
            score,
        }
    }

    /// A span over the whole text.
    pub fn of_text(n_chars: usize, kind: &'static str, score: f64) -> Self {
        Self::new(0, n_chars, kind, score)
    }
}

/// Turns byte offsets into code point offsets; cheap while the offsets rise.
pub struct CodePoints<'a> {
    text: &'a str,
    byte: usize,
    n_chars: usize,
}

impl<'a> CodePoints<'a> {
    pub fn new(text: &'a str) -> Self {
        Self {
            text,
            byte: 0,
            n_chars: 0,
        }
    }

    /// Number of code points before `byte`; one that is no character boundary counts up to the last one before it.
    pub fn before(&mut self, byte: usize) -> usize {
        if byte < self.byte {
            (self.byte, self.n_chars) = (0, 0);
        }
        if let Some(part) = self.text.get(self.byte..byte) {
            self.n_chars += python::len(part);
            self.byte = byte;
        }
        self.n_chars
    }
}

/// Paragraphs as Dolma has them: each runs to and includes its `\n`.
///
/// An empty text has none.
pub fn paragraphs(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive('\n')
}

/// Lines, between line feeds, that are not blank and came before.
pub fn repeated_line_spans(text: &str) -> Vec<Span> {
    let mut seen = HashSet::new();
    let mut spans = Vec::new();
    let mut start = 0;
    for line in text.split('\n') {
        let end = start + python::len(line);
        if !python::strip(line).is_empty() && !seen.insert(line) {
            spans.push(Span::new(start, end, "repeated line", 1.0));
        }
        start = end + 1;
    }
    spans
}
