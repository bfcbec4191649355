//! Shingles: runs of neighbouring tokens, which near duplicates share.

use std::borrow::Cow;
use std::num::NonZeroUsize;

use regex::Regex;
use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory as _};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tokenization {
    /// What stands between spaces (U+0020 alone), joined by one space.
    Space,
    /// What stands between characters of punctuation, be it empty, joined by a space.
    Punctuation,
    /// A code point.
    Character,
}

/// How a text becomes shingles.
#[derive(Clone, Debug)]
pub struct Shingling<'a> {
    pub tokenization: Tokenization,
    /// Tokens in a shingle.
    pub window: NonZeroUsize,
    pub lowercase: bool,
    /// What is dropped from the text, after it is put into lower case.
    pub ignore: Option<&'a Regex>,
}

/// The tokens of a text, joined once: a shingle is a part of the joined text.
pub struct Shingles {
    joined: String,
    /// Start and end of each token, in bytes.
    tokens: Vec<(usize, usize)>,
    window: usize,
}

impl Shingles {
    pub fn of(text: &str, shingling: &Shingling<'_>) -> Self {
        let mut text = Cow::Borrowed(text);
        if shingling.lowercase {
            text = Cow::Owned(text.to_lowercase());
        }
        if let Some(ignore) = shingling.ignore {
            text = Cow::Owned(ignore.replace_all(&text, "").into_owned());
        }
        let (joined, tokens) = match shingling.tokenization {
            Tokenization::Character => {
                let tokens = text
                    .char_indices()
                    .map(|(at, c)| (at, at + c.len_utf8()))
                    .collect();
                (text.into_owned(), tokens)
            }
            Tokenization::Space => joined(text.split(' ').filter(|token| !token.is_empty())),
            Tokenization::Punctuation => joined(text.split(is_punctuation)),
        };
        Self {
            joined,
            tokens,
            window: shingling.window.get(),
        }
    }

    /// All shingles in order, repeats included; none for fewer tokens than the window.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.tokens
            .windows(self.window)
            .filter_map(|window| match window {
                [(start, end)] | [(start, _), .., (_, end)] => self.joined.get(*start..*end),
                [] => None,
            })
    }
}

fn joined<'a>(tokens: impl Iterator<Item = &'a str>) -> (String, Vec<(usize, usize)>) {
    let mut joined = String::new();
    let mut spans = Vec::new();
    for token in tokens {
        if !spans.is_empty() {
            joined.push(' ');
        }
        let start = joined.len();
        joined.push_str(token);
        spans.push((start, joined.len()));
    }
    (joined, spans)
}

/// `\p{P}`.
fn is_punctuation(c: char) -> bool {
    c.general_category_group() == GeneralCategoryGroup::Punctuation
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shingles(text: &str, tokenization: Tokenization, window: usize) -> Vec<String> {
        let shingling = Shingling {
            tokenization,
            window: NonZeroUsize::new(window).unwrap(),
            lowercase: true,
            ignore: None,
        };
        Shingles::of(text, &shingling)
            .iter()
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn shingles_join_tokens_by_a_space() {
        assert_eq!(
            shingles(" A  b\nc d", Tokenization::Space, 2),
            ["a b\nc", "b\nc d"]
        );
        assert_eq!(
            shingles("a, b.", Tokenization::Punctuation, 2),
            ["a  b", " b "]
        );
        assert_eq!(shingles("éa語", Tokenization::Character, 2), ["éa", "a語"]);
    }

    #[test]
    fn short_texts_have_none() {
        assert!(shingles("", Tokenization::Space, 1).is_empty());
        assert!(shingles("a b", Tokenization::Space, 3).is_empty());
        assert_eq!(shingles("", Tokenization::Punctuation, 1), [""]);
    }
}
