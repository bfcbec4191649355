//! Mappers that drop words.

use super::special;
use crate::text::python;

/// Keeps the words whose length, or whose length without special characters at the ends, is `min_len` to `max_len`.
///
/// Words stand between spaces, tabs and line feeds. What remains is joined again by one of each: runs of separators
/// and lines without words go.
/// Defaults: 1 and no limit.
///
/// # Source
///
/// Data-Juicer 1.4.3, `remove_long_words_mapper`.
pub fn remove_long_words(text: &str, min_len: usize, max_len: usize) -> String {
    let fits = |word: &str| {
        let n_chars = python::len(word);
        min_len <= n_chars && n_chars <= max_len
    };
    keep_words(text, |word| fits(word) || fits(special::strip(word)))
}

/// Substrings of the words that [`remove_words_with_incorrect_substrings`] drops by default.
pub const INCORRECT_SUBSTRINGS: &[&str] = &["http", "www", ".com", "href", "//"];

/// Drops the words in which, without special characters at the ends, one of the substrings stands.
///
/// Words and what joins them are those of [`remove_long_words`].
///
/// # Source
///
/// Data-Juicer 1.4.3, `remove_words_with_incorrect_substrings_mapper` without a tokenizer.
pub fn remove_words_with_incorrect_substrings(text: &str, substrings: &[&str]) -> String {
    keep_words(text, |word| {
        let word = special::strip(word);
        !substrings.iter().any(|substring| word.contains(substring))
    })
}

fn keep_words(text: &str, keep: impl Fn(&str) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    // The widest separator passed since the last word kept.
    let mut pending = ' ';
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find([' ', '\t', '\n']).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        if !word.is_empty() && keep(word) {
            if !out.is_empty() {
                out.push(pending);
            }
            out.push_str(word);
            pending = ' ';
        }
        let mut chars = after.chars();
        match (chars.next(), pending) {
            (Some('\n'), _) => pending = '\n',
            (Some('\t'), ' ') => pending = '\t',
            _ => {}
        }
        rest = chars.as_str();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_merge_and_the_widest_stays() {
        assert_eq!(remove_long_words(" a  b \t c\t\n\n d ", 1, 9), "a b\tc\nd");
        assert_eq!(remove_long_words("aa b\ncc", 1, 1), "b");
        assert_eq!(remove_long_words("a bb\tc bb\nbb", 1, 1), "a\tc");
        assert_eq!(remove_long_words("", 1, 9), "");
    }

    #[test]
    fn special_characters_at_the_ends_do_not_count() {
        assert_eq!(remove_long_words("abc123😊 abcd", 1, 3), "abc123😊");
        let drop = |text| remove_words_with_incorrect_substrings(text, INCORRECT_SUBSTRINGS);
        assert_eq!(drop("a // x//y b.com"), "a //");
    }
}
