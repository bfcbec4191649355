//! Shingles of Sluice's MinHash beyond words in lower case: by characters, and with case.

use sluice_stats::hash::{hash_bytes, hash_u64};

use super::{minhash, python};

/// Hashes of runs of `n_words` words between white space as Python splits at it.
///
/// With `lowercase` those of [`minhash::shingles`]; else words that differ in case differ. `hashes` is emptied first.
pub fn word_shingles(text: &str, n_words: usize, lowercase: bool, hashes: &mut Vec<u32>) {
    if lowercase {
        return minhash::shingles(text, n_words, hashes);
    }
    hashes.clear();
    let words: Vec<u64> = python::split(text)
        .map(|word| hash_bytes(word.as_bytes()))
        .collect();
    let combined = |words: &[u64]| {
        let hash = words
            .iter()
            .fold(0_u64, |hash, word| hash_u64(hash.rotate_left(5) ^ word));
        (hash >> 32) as u32
    };
    let n_words = n_words.max(1);
    if words.len() < n_words {
        hashes.extend((!words.is_empty()).then(|| combined(&words)));
    } else {
        hashes.extend(words.windows(n_words).map(combined));
    }
}

/// Hashes of all runs of `n_chars` code points of a text that is not blank; a shorter one is a run, a blank one none.
///
/// `hashes` is emptied first.
pub fn character_shingles(text: &str, n_chars: usize, hashes: &mut Vec<u32>) {
    hashes.clear();
    if python::strip(text).is_empty() {
        return;
    }
    let n_chars = n_chars.max(1);
    let starts = text.char_indices().map(|(at, _)| at);
    let ends = text
        .char_indices()
        .map(|(at, c)| at + c.len_utf8())
        .skip(n_chars - 1);
    let of = |start: usize, end: usize| {
        let part = text.as_bytes().get(start..end).unwrap_or_default();
        (hash_bytes(part) >> 32) as u32
    };
    hashes.extend(starts.zip(ends).map(|(start, end)| of(start, end)));
    if hashes.is_empty() {
        hashes.push(of(0, text.len()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str, lowercase: bool) -> Vec<u32> {
        let mut hashes = Vec::new();
        word_shingles(text, 2, lowercase, &mut hashes);
        hashes
    }

    #[test]
    fn case_counts_only_when_asked() {
        assert_eq!(words("a b c", false), words("A  b\nC", true));
        assert_ne!(words("a b", false), words("A b", false));
        assert!(words(" ", false).is_empty());
    }

    #[test]
    fn characters_are_code_points() {
        let runs = |text: &str, n_chars| {
            let mut hashes = Vec::new();
            character_shingles(text, n_chars, &mut hashes);
            hashes
        };
        assert_eq!(runs("é語a", 2).len(), 2);
        assert_eq!(runs("é語a", 2)[1], runs("語a", 2)[0]);
        assert_eq!(runs("é", 3).len(), 1);
        assert!(runs(" \n", 1).is_empty());
    }
}
