//! Shares of repeated n-grams of characters and of words.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hash, Hasher};
use std::num::NonZeroUsize;

use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::words::lower_words;

/// Occurrences of the most frequent n-grams of characters / occurrences of all; 0 for a text shorter than `n_chars`.
///
/// With U distinct n-grams of which S occur once, the most frequent are the first min(⌊√U⌋, U − S) by falling count.
/// Source: Data-Juicer `character_repetition_filter`, stat `char_rep_ratio`.
pub fn character_repetition_ratio(text: &str, n_chars: NonZeroUsize) -> f64 {
    // Where the characters start: the n-gram of character i runs from start i to start i + n.
    let starts = text.char_indices().map(|(at, _)| at);
    let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
    let spans = starts.zip(ends.skip(n_chars.get() - 1));
    let counts = counts(spans.filter_map(|(start, end)| text.as_bytes().get(start..end)));
    let mut repeated: Vec<usize> = counts.iter().copied().filter(|count| *count > 1).collect();
    repeated.sort_unstable_by(|a, b| b.cmp(a));
    let n_top = counts.len().isqrt().min(repeated.len());
    ratio(repeated.iter().take(n_top).sum(), counts.iter().sum())
}

/// Occurrences of n-grams of words that occur more than once / occurrences of all; 0 for fewer than `n_words` words.
///
/// Words are those of [`lower_words`].
/// Source: Data-Juicer `word_repetition_filter` without tokenization, stat `word_rep_ratio`.
pub fn word_repetition_ratio(text: &str, n_words: NonZeroUsize) -> f64 {
    let words: Vec<Cow<'_, str>> = lower_words(text).collect();
    let counts = counts(words.windows(n_words.get()));
    let n_repeated = counts.iter().filter(|count| **count > 1).sum();
    ratio(n_repeated, counts.iter().sum())
}

/// How often each distinct item occurs, in no order.
fn counts<T: Hash + Eq>(items: impl Iterator<Item = T>) -> Vec<usize> {
    let mut counts = HashMap::<T, usize, BuildHasherDefault<ShortKeys>>::default();
    for item in items {
        *counts.entry(item).or_default() += 1;
    }
    counts.into_values().collect()
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        return 0.0;
    }
    part as f64 / whole as f64
}

/// XXH3 of each part of a key, seeded by the parts before it: faster than the standard one for keys of some bytes.
#[derive(Default)]
struct ShortKeys(u64);

impl Hasher for ShortKeys {
    fn write(&mut self, bytes: &[u8]) {
        self.0 = xxh3_64_with_seed(bytes, self.0);
    }

    fn write_usize(&mut self, number: usize) {
        self.0 = self.0.rotate_left(5) ^ number as u64;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: NonZeroUsize = NonZeroUsize::new(2).unwrap();

    #[test]
    fn the_most_frequent_are_no_more_than_the_root() {
        // ab ba ab ba ab: two distinct n-grams, of which one counts.
        assert_eq!(character_repetition_ratio("ababab", TWO), 0.6);
        assert_eq!(character_repetition_ratio("éé", TWO), 0.0);
        assert_eq!(character_repetition_ratio("ééé", TWO), 1.0);
        assert_eq!(character_repetition_ratio("a", TWO), 0.0);
        assert_eq!(character_repetition_ratio("", TWO), 0.0);
    }

    #[test]
    fn words_repeat_whatever_their_case() {
        assert_eq!(word_repetition_ratio("A b a B, a!", TWO), 1.0);
        assert_eq!(word_repetition_ratio("a b c a b", TWO), 0.5);
        assert_eq!(word_repetition_ratio("a", TWO), 0.0);
    }
}
