//! A text with what several measures need of it, computed once.

use std::cell::OnceCell;

use super::data_juicer::characters::CharCounts;
use super::data_juicer::lower_words::LowerWords;
use super::{data_juicer, datatrove, python};

/// A text and its parts, each found when first asked for.
///
/// This is what fuses the measures of a recipe: operators that follow each other without an edit in between are handed
/// the same views.
pub struct TextViews<'a> {
    pub text: &'a str,
    n_chars: OnceCell<usize>,
    spacy_words: OnceCell<Vec<&'a str>>,
    space_words: OnceCell<Vec<&'a str>>,
    lines: OnceCell<Vec<&'a str>>,
    char_counts: OnceCell<CharCounts>,
    lower_words: OnceCell<LowerWords>,
}

impl<'a> TextViews<'a> {
    pub fn new(text: &'a str) -> Self {
        Self {
            text,
            n_chars: OnceCell::new(),
            spacy_words: OnceCell::new(),
            space_words: OnceCell::new(),
            lines: OnceCell::new(),
            char_counts: OnceCell::new(),
            lower_words: OnceCell::new(),
        }
    }

    /// Code points.
    pub fn n_chars(&self) -> usize {
        *self.n_chars.get_or_init(|| python::len(self.text))
    }

    /// Words of spaCy's blank English tokeniser, as datatrove counts them.
    pub fn spacy_words(&self) -> &[&'a str] {
        self.spacy_words
            .get_or_init(|| datatrove::tokenizer::words(self.text))
    }

    /// Words between blanks, tabs and line ends, as Data-Juicer counts them.
    pub fn space_words(&self) -> &[&'a str] {
        self.space_words
            .get_or_init(|| data_juicer::words::words(self.text).collect())
    }

    /// Lines as Python's `splitlines` has them.
    pub fn lines(&self) -> &[&'a str] {
        self.lines.get_or_init(|| python::splitlines(self.text))
    }

    /// Characters and lines by kind, counted in one pass.
    pub fn char_counts(&self) -> &CharCounts {
        self.char_counts.get_or_init(|| CharCounts::of(self.text))
    }

    /// Words in lower case, as Data-Juicer compares them.
    pub fn lower_words(&self) -> &LowerWords {
        self.lower_words.get_or_init(|| LowerWords::of(self.text))
    }
}
