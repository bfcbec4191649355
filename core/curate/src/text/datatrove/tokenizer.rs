//! Words and sentences as DataTrove has them: those of spaCy's blank English pipeline with its sentencizer.
//!
//! A text is cut at white space; a piece is looked up in the exceptions, then loses prefixes and suffixes one by one,
//! and what is left is kept whole if it is an address, else cut at its infixes. At the end, words that together spell
//! an exception are put together again.

use std::{collections::HashMap, sync::OnceLock};

use super::{
    affixes::{infixes, is_infix_byte, prefix_len, suffix_len},
    exceptions::{self, Exceptions},
    punctuation::ends_sentence,
    url::is_url,
};
use crate::text::python::is_space;
use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory as _};

/// Byte range of a word in its text, or of white space beyond a single space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    pub start: usize,
    /// Exclusive.
    pub end: usize,
}

impl Token {
    pub fn of<'a>(&self, text: &'a str) -> &'a str {
        &text[self.start..self.end]
    }
}

/// The words of a text in order, without white space; none if the text has nothing else.
///
/// # Source
///
/// DataTrove 0.10, `split_into_words`; spaCy 3.8, `Tokenizer` and the defaults of `English`.
pub fn words(text: &str) -> Vec<&str> {
    words_of(text, &tokens(text))
}

/// As [`words`], of tokens at hand.
pub fn words_of<'a>(text: &'a str, tokens: &[Token]) -> Vec<&'a str> {
    let words = tokens.iter().map(|token| token.of(text));
    words.filter(|word| !word.starts_with(is_space)).collect()
}

/// Words and white space of a text.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut tokenizer = Tokenizer {
        text,
        exceptions: Some(Exceptions::shared()),
        tokens: Vec::with_capacity(text.len() / 5),
        suffixes: Vec::new(),
    };
    tokenizer.run();
    Merges::shared().apply(text, tokenizer.tokens)
}

/// Byte ranges of sentences, without the space after them; a sentence may be white space only.
///
/// A sentence ends after marks that end sentences and any other punctuation that follows them.
pub fn sentences(text: &str, tokens: &[Token]) -> Vec<Token> {
    let mut sentences = Vec::new();
    let (mut first, mut seen_end) = (0, false);
    for (idx, token) in tokens.iter().enumerate() {
        let word = token.of(text);
        let ends = ends_sentence(word);
        if ends {
            seen_end = true;
        } else if seen_end && !is_punctuation(word) {
            sentences.push(Token {
                start: tokens[first].start,
                end: tokens[idx - 1].end,
            });
            (first, seen_end) = (idx, false);
        }
    }
    if let (Some(first), Some(last)) = (tokens.get(first), tokens.last()) {
        sentences.push(Token {
            start: first.start,
            end: last.end,
        });
    }
    sentences
}

/// The text cut at the ends of its sentences, so that nothing is lost; an empty text is one empty part.
///
/// # Source
///
/// DataTrove 0.10, `split_into_sentences`.
pub fn split_into_sentences(text: &str) -> Vec<&str> {
    let ends = sentences(text, &tokens(text));
    let mut parts = Vec::with_capacity(ends.len().max(1));
    let mut start = 0;
    for sentence in ends.split_last().map_or(&[][..], |(_, others)| others) {
        parts.push(&text[start..sentence.end]);
        start = sentence.end;
    }
    parts.push(&text[start..]);
    parts
}

/// Number of parts of [`split_into_sentences`].
pub fn count_sentences(text: &str) -> usize {
    sentences(text, &tokens(text)).len().max(1)
}

fn is_punctuation(word: &str) -> bool {
    word.chars().all(|c| match c {
        '$' | '+' | '<' | '=' | '>' | '^' | '`' | '|' | '~' => false,
        _ if c.is_ascii() => c.is_ascii_punctuation(),
        _ => c.general_category_group() == GeneralCategoryGroup::Punctuation,
    })
}

struct Tokenizer<'a> {
    text: &'a str,
    /// None while the exceptions themselves are tokenized.
    exceptions: Option<&'static Exceptions>,
    tokens: Vec<Token>,
    /// Suffixes of the piece at hand, the outermost first.
    suffixes: Vec<Token>,
}

impl Tokenizer<'_> {
    fn run(&mut self) {
        let mut start = 0;
        let mut in_space = self.text.starts_with(is_space);
        let mut at = 0;
        while let Some(c) = self.text[at..].chars().next() {
            if is_space(c) != in_space {
                self.piece(start, at);
                // A single space between words is no token.
                start = if c == ' ' { at + 1 } else { at };
                in_space = !in_space;
            }
            at += c.len_utf8();
        }
        self.piece(start, at);
    }

    fn exception(&self, start: usize, end: usize) -> Option<&'static [usize]> {
        self.exceptions?.get(&self.text[start..end])
    }

    fn push(&mut self, start: usize, end: usize) {
        self.tokens.push(Token { start, end });
    }

    fn push_all(&mut self, mut start: usize, word_lens: &[usize]) {
        for len in word_lens {
            self.push(start, start + len);
            start += len;
        }
    }

    fn piece(&mut self, mut start: usize, mut end: usize) {
        if start >= end {
            return;
        }
        if self.text.as_bytes()[start..end]
            .iter()
            .all(u8::is_ascii_alphabetic)
        {
            match self.exception(start, end) {
                Some(word_lens) => self.push_all(start, word_lens),
                None => self.push(start, end),
            }
            return;
        }
        self.suffixes.clear();
        while start < end && self.exception(start, end).is_none() {
            let prefix_end = start + prefix_len(&self.text[start..end]);
            if prefix_end > start && self.exception(prefix_end, end).is_some() {
                self.push(start, prefix_end);
                start = prefix_end;
                break;
            }
            let suffix_start = end - suffix_len(&self.text[prefix_end..end]);
            if suffix_start < end && self.exception(start, suffix_start).is_some() {
                self.suffixes.push(Token {
                    start: suffix_start,
                    end,
                });
                end = suffix_start;
                break;
            }
            if prefix_end == start && suffix_start == end {
                break;
            }
            if prefix_end > start {
                self.push(start, prefix_end);
                start = prefix_end;
            }
            if suffix_start < end {
                self.suffixes.push(Token {
                    start: suffix_start,
                    end,
                });
                end = suffix_start;
            }
        }
        if start < end {
            self.stem(start, end);
        }
        self.tokens.extend(self.suffixes.drain(..).rev());
    }

    fn stem(&mut self, start: usize, end: usize) {
        if let Some(word_lens) = self.exception(start, end) {
            self.push_all(start, word_lens);
            return;
        }
        let stem = &self.text[start..end];
        if !stem.bytes().any(is_infix_byte) || is_url(stem) {
            self.push(start, end);
            return;
        }
        let mut at = start;
        for (infix_start, infix_end) in infixes(stem) {
            if infix_start == 0 {
                continue;
            }
            if start + infix_start > at {
                self.push(at, start + infix_start);
            }
            self.push(start + infix_start, start + infix_end);
            at = start + infix_end;
        }
        if at < end {
            self.push(at, end);
        }
    }
}

/// The exceptions that the rules would cut, by the first of the words that the rules make of them.
struct Merges {
    by_first: HashMap<String, Vec<Vec<String>>>,
    /// Whether the second word of any of them begins with the byte.
    second_begins_with: [bool; 256],
}

impl Merges {
    fn shared() -> &'static Self {
        static SHARED: OnceLock<Merges> = OnceLock::new();
        SHARED.get_or_init(|| {
            let mut merges = Self {
                by_first: HashMap::new(),
                second_begins_with: [false; 256],
            };
            for exception in exceptions::all() {
                let text = exception.text.as_str();
                let is_cut =
                    prefix_len(text) > 0 || suffix_len(text) > 0 || infixes(text).next().is_some();
                if !is_cut {
                    continue;
                }
                let mut tokenizer = Tokenizer {
                    text,
                    exceptions: None,
                    tokens: Vec::new(),
                    suffixes: Vec::new(),
                };
                tokenizer.run();
                let words: Vec<String> = tokenizer
                    .tokens
                    .iter()
                    .map(|token| token.of(text).to_owned())
                    .collect();
                if let [first, second, ..] = words.as_slice()
                    && let Some(byte) = second.bytes().next()
                {
                    merges.second_begins_with[usize::from(byte)] = true;
                    merges
                        .by_first
                        .entry(first.clone())
                        .or_default()
                        .push(words);
                }
            }
            merges
        })
    }

    fn apply(&self, text: &str, tokens: Vec<Token>) -> Vec<Token> {
        let mut found = self.find(text, &tokens);
        if found.is_empty() {
            return tokens;
        }
        // The longest first, then the first; what overlaps one before it, taken or not, is left as it is.
        found.sort_by_key(|(start, len)| (std::cmp::Reverse(*len), *start));
        let mut seen = vec![false; tokens.len()];
        let mut taken = Vec::new();
        for (start, len) in found {
            if !seen[start] && !seen[start + len - 1] {
                taken.push((start, len));
            }
            seen[start..start + len].fill(true);
        }
        taken.sort_unstable();

        let mut merged = Vec::with_capacity(tokens.len());
        let mut next = 0;
        for (start, len) in taken {
            let span = &tokens[start..start + len];
            // Only words without space between them spell an exception.
            let is_joined = span.windows(2).all(|pair| pair[0].end == pair[1].start);
            let whole = Token {
                start: span[0].start,
                end: span[len - 1].end,
            };
            let word_lens = Exceptions::shared()
                .get(whole.of(text))
                .filter(|_| is_joined);
            let Some(word_lens) = word_lens else {
                continue;
            };
            merged.extend_from_slice(&tokens[next..start]);
            let mut at = whole.start;
            for len in word_lens {
                merged.push(Token {
                    start: at,
                    end: at + len,
                });
                at += len;
            }
            next = start + len;
        }
        merged.extend_from_slice(&tokens[next..]);
        merged
    }

    /// Index of the first word and number of words of every occurrence, whether or not there is space between them.
    fn find(&self, text: &str, tokens: &[Token]) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        for (idx, pair) in tokens.windows(2).enumerate() {
            if !self.second_begins_with[usize::from(text.as_bytes()[pair[1].start])] {
                continue;
            }
            let Some(patterns) = self.by_first.get(pair[0].of(text)) else {
                continue;
            };
            for pattern in patterns {
                let span = tokens.get(idx..idx + pattern.len());
                let is_here = span.is_some_and(|span| {
                    span.iter()
                        .zip(pattern)
                        .all(|(token, word)| token.of(text) == word)
                });
                if is_here {
                    found.push((idx, pattern.len()));
                }
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_cut_as_spacy_cuts_them() {
        let check = |text: &str, expected: &[&str]| assert_eq!(words(text), expected);
        check("", &[]);
        check(" \n\t ", &[]);
        check(
            "It's a dog's life, isn't it?",
            &[
                "It", "'s", "a", "dog", "'s", "life", ",", "is", "n't", "it", "?",
            ],
        );
        check(
            "(Mr. Smith's) \"U.S.A.\"",
            &["(", "Mr.", "Smith", "'s", ")", "\"", "U.S.A.", "\""],
        );
        check(
            "See https://x.org/a?b=c. Or a@b.de!",
            &["See", "https://x.org/a?b=c", ".", "Or", "a@b.de", "!"],
        );
        check(
            "state-of-the-art 1-2 x--y",
            &[
                "state", "-", "of", "-", "the", "-", "art", "1", "-", "2", "x", "--", "y",
            ],
        );
        check(
            "$3,000 5km 10% :-) wow...",
            &["$", "3,000", "5", "km", "10", "%", ":-)", "wow", "..."],
        );
        check("Mr.Smith", &["Mr.", "Smith"]);
        check("世界！", &["世界", "！"]);
    }

    #[test]
    fn sentences_keep_their_closing_marks() {
        let check =
            |text: &str, expected: &[&str]| assert_eq!(split_into_sentences(text), expected);
        check("", &[""]);
        check(
            "One. Two?! (Three.) four",
            &["One.", " Two?! (", "Three.)", " four"],
        );
        check("End.\n\nNext", &["End.", "\n\nNext"]);
    }
}
