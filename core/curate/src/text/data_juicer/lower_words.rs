//! Words in lower case, found once for every operator that needs them, and lists that they are looked up in.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use xxhash_rust::xxh3::xxh3_64;

use super::special::is_special;
use super::words::{Groups, split};

/// Words of a text in lower case, as Data-Juicer refines them.
///
/// A piece between `" "`, `"\n"` and `"\t"` is put into lower case, then loses the special characters at its ends; some
/// letters are special in one case only, so that the order matters. Nothing is allocated per word.
#[derive(Debug, Default)]
pub struct LowerWords {
    lower: String,
    /// Byte ranges in `lower`.
    spans: Vec<(usize, usize)>,
    hashes: Vec<u64>,
    n_as_written: usize,
}

impl LowerWords {
    pub fn of(text: &str) -> Self {
        if text.is_ascii() {
            Self::of_ascii(text)
        } else {
            Self::of_unicode(text)
        }
    }

    fn of_ascii(text: &str) -> Self {
        let lower = text.to_ascii_lowercase();
        let mut words = Self::with_capacity(text.len());
        let mut start = 0;
        for piece in split(&lower) {
            words.push(&lower, start, start + piece.len());
            start += piece.len() + 1;
        }
        // No ASCII letter is special, so that stripping gives as many words in either case.
        words.n_as_written = words.spans.len();
        words.lower = lower;
        words
    }

    fn of_unicode(text: &str) -> Self {
        let mut lower = String::with_capacity(text.len());
        let mut words = Self::with_capacity(text.len());
        for piece in split(text) {
            let start = lower.len();
            if piece.is_ascii() {
                lower.push_str(piece);
                if let Some(added) = lower.get_mut(start..) {
                    added.make_ascii_lowercase();
                }
            } else if piece.contains('Σ') {
                // Its lower case depends on what stands around it.
                lower.push_str(&piece.to_lowercase());
            } else {
                lower.extend(piece.chars().flat_map(char::to_lowercase));
            }
            words.n_as_written += usize::from(piece.chars().any(|c| !is_special(c)));
            words.push(&lower, start, lower.len());
        }
        words.lower = lower;
        words
    }

    fn with_capacity(n_bytes: usize) -> Self {
        Self {
            spans: Vec::with_capacity(n_bytes / 6),
            hashes: Vec::with_capacity(n_bytes / 6),
            ..Self::default()
        }
    }

    fn push(&mut self, lower: &str, start: usize, end: usize) {
        let Some(piece) = lower.get(start..end) else {
            return;
        };
        let word = piece.trim_start_matches(is_special);
        let start = end - word.len();
        let word = word.trim_end_matches(is_special);
        if !word.is_empty() {
            self.spans.push((start, start + word.len()));
            self.hashes.push(xxh3_64(word.as_bytes()));
        }
    }

    pub fn len(&self) -> usize {
        self.spans.len()
    }

    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// Number of words when they are stripped as written, which differs for letters that are special in one case only.
    pub fn n_as_written(&self) -> usize {
        self.n_as_written
    }

    /// XXH3 of each word: equal for equal words.
    pub fn hashes(&self) -> &[u64] {
        &self.hashes
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.spans
            .iter()
            .filter_map(|(start, end)| self.lower.get(*start..*end))
    }

    /// Words on the list / words, both with the groups if there are any; 0 for a text without words.
    pub fn listed_ratio(&self, list: &WordList, groups: Option<&Groups<'_>>) -> f64 {
        let mut n_words = self.len();
        let listed = self
            .iter()
            .zip(&self.hashes)
            .filter(|(word, hash)| list.has(word, **hash));
        let mut n_listed = listed.count();
        if let Some(groups) = groups {
            let words: Vec<&str> = self.iter().collect();
            let mut joined = String::new();
            for size in groups.sizes.iter().filter(|size| **size > 0) {
                for group in words.windows(*size) {
                    n_words += 1;
                    joined.clear();
                    for (idx, word) in group.iter().enumerate() {
                        // What is longer than every word of the list need not be spelled out.
                        if joined.len() > list.longest {
                            break;
                        }
                        if idx > 0 {
                            joined.push_str(groups.joined_by);
                        }
                        joined.push_str(word);
                    }
                    n_listed += usize::from(list.contains(&joined));
                }
            }
        }
        if n_words == 0 {
            return 0.0;
        }
        n_listed as f64 / n_words as f64
    }
}

/// A set of words that is asked by hash.
#[derive(Clone, Debug, Default)]
pub struct WordList {
    by_hash: HashMap<u64, Vec<Box<str>>, BuildHasherDefault<Hashed>>,
    /// Bytes of the longest word.
    longest: usize,
}

impl WordList {
    pub fn new<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        let mut list = Self::default();
        for word in words {
            let alike = list.by_hash.entry(xxh3_64(word.as_bytes())).or_default();
            if !alike.iter().any(|known| &**known == word) {
                alike.push(word.into());
            }
            list.longest = list.longest.max(word.len());
        }
        list
    }

    pub fn contains(&self, word: &str) -> bool {
        word.len() <= self.longest && self.has(word, xxh3_64(word.as_bytes()))
    }

    fn has(&self, word: &str, hash: u64) -> bool {
        let alike = self.by_hash.get(&hash);
        alike.is_some_and(|alike| alike.iter().any(|known| &**known == word))
    }
}

/// Takes keys for hashes, which they are.
#[derive(Default)]
struct Hashed(u64);

impl Hasher for Hashed {
    fn write(&mut self, bytes: &[u8]) {
        self.0 = xxh3_64(bytes);
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::data_juicer::words::{lower_words, words};

    #[test]
    fn words_are_those_found_one_by_one() {
        for text in [
            "",
            " A b\tC\n(d)1 ",
            "Øre Гора It's!",
            "ΟΔΟΣ, Σ İ\u{a0}x",
            "语 12 。 😊a",
        ] {
            let found = LowerWords::of(text);
            let expected: Vec<String> = lower_words(text).map(|word| word.into_owned()).collect();
            assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{text:?}");
            assert_eq!(found.n_as_written(), words(text).count(), "{text:?}");
        }
    }

    #[test]
    fn groups_longer_than_the_list_are_not_on_it() {
        let words = LowerWords::of("a b c");
        let groups = |sizes| Groups {
            sizes,
            joined_by: "",
        };
        let list = WordList::new(["ab", "c"]);
        // a, b, c, ab, bc
        assert_eq!(words.listed_ratio(&list, Some(&groups(&[2]))), 0.4);
        // a, b, c, abc
        assert_eq!(words.listed_ratio(&list, Some(&groups(&[3]))), 0.25);
        assert_eq!(LowerWords::of("").listed_ratio(&list, None), 0.0);
    }
}
