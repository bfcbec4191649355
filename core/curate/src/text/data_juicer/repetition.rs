//! Shares of repeated n-grams of characters and of words.

use std::num::NonZeroUsize;

use super::lower_words::LowerWords;
use super::windows::{WindowCounts, window_counts};

/// Occurrences of the most frequent n-grams of characters / occurrences of all; 0 for a text shorter than `n_chars`.
///
/// With U distinct n-grams of which S occur once, the most frequent are the first min(⌊√U⌋, U − S) by falling count.
/// Source: Data-Juicer `character_repetition_filter`, stat `char_rep_ratio`.
pub fn character_repetition_ratio(text: &str, n_chars: NonZeroUsize) -> f64 {
    let WindowCounts {
        n_windows,
        n_distinct,
        mut repeated,
    } = if text.is_ascii() {
        window_counts(text.as_bytes(), n_chars)
    } else {
        window_counts(&text.chars().collect::<Vec<char>>(), n_chars)
    };
    repeated.sort_unstable_by(|a, b| b.cmp(a));
    let n_top = n_distinct.isqrt().min(repeated.len());
    ratio(sum(repeated.iter().take(n_top)), n_windows)
}

/// Occurrences of n-grams of words that occur more than once / occurrences of all; 0 for fewer than `n_words` words.
///
/// Source: Data-Juicer `word_repetition_filter` without tokenization, stat `word_rep_ratio`.
pub fn word_repetition_ratio(text: &str, n_words: NonZeroUsize) -> f64 {
    repeated_words_ratio(&LowerWords::of(text), n_words)
}

/// As [`word_repetition_ratio`], of words at hand. They are compared by hashes of 64 bits.
pub fn repeated_words_ratio(words: &LowerWords, n_words: NonZeroUsize) -> f64 {
    let counts = window_counts(words.hashes(), n_words);
    ratio(sum(counts.repeated.iter()), counts.n_windows)
}

fn sum<'a>(counts: impl Iterator<Item = &'a u32>) -> usize {
    counts.map(|count| *count as usize).sum()
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        return 0.0;
    }
    part as f64 / whole as f64
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
