//! Data-Juicer's words: what stands between spaces, new lines and tabs, stripped of special characters.

use std::borrow::Cow;
use std::collections::HashSet;

use super::lower_words::{LowerWords, WordList};
use super::special::is_special;

/// Groups of neighbouring words that count as further words, for languages that write words without spaces.
#[derive(Clone, Debug)]
pub struct Groups<'a> {
    /// Numbers of words in a group; every run of so many neighbours is one.
    pub sizes: &'a [usize],
    pub joined_by: &'a str,
}

/// Words without the special characters at their ends; words of these alone are none.
///
/// Split at `" "`, `"\n"` and `"\t"` only: other white space is within a word, though stripped off its ends.
/// Source: Data-Juicer `get_words_from_document` and `words_refinement` without lower case.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    split(text)
        .map(|word| word.trim_matches(is_special))
        .filter(|word| !word.is_empty())
}

/// As [`words`], in lower case before they are stripped: some letters are special in one case only.
pub fn lower_words(text: &str) -> impl Iterator<Item = Cow<'_, str>> {
    split(text).filter_map(|word| {
        let word = if word.is_ascii() {
            // No ASCII letter is special, so that the order does not matter.
            let word = word.trim_matches(is_special);
            if word.bytes().any(|byte| byte.is_ascii_uppercase()) {
                Cow::Owned(word.to_ascii_lowercase())
            } else {
                Cow::Borrowed(word)
            }
        } else {
            Cow::Owned(word.to_lowercase().trim_matches(is_special).to_owned())
        };
        (!word.is_empty()).then_some(word)
    })
}

/// Number of [`words`]; 0 for the empty text.
///
/// Source: Data-Juicer `words_num_filter` without tokenization, stat `num_words`.
pub fn words_num(text: &str) -> f64 {
    words(text).count() as f64
}

/// Words on the list / words, both with the groups if there are any; 0 for a text without words.
///
/// Words are those of [`lower_words`], so that an entry of the list in upper case is never found.
/// Source: Data-Juicer `stopwords_filter`, stat `stopwords_ratio`, and `flagged_words_filter`, stat
/// `flagged_words_ratio`, without tokenization.
pub fn listed_words_ratio(text: &str, list: &HashSet<&str>, groups: Option<&Groups<'_>>) -> f64 {
    let list = WordList::new(list.iter().copied());
    LowerWords::of(text).listed_ratio(&list, groups)
}

pub(super) fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split([' ', '\n', '\t'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_three_characters_part_words() {
        assert_eq!(
            words(" a\u{a0}b\tc\r\n(d) 12 ").collect::<Vec<_>>(),
            ["a\u{a0}b", "c", "d"]
        );
        assert_eq!(words_num(""), 0.0);
    }

    #[test]
    fn words_are_lowered_before_they_are_stripped() {
        assert_eq!(
            lower_words("Øre Гора It's!").collect::<Vec<_>>(),
            ["re", "гора", "it's"]
        );
    }

    #[test]
    fn groups_count_as_words() {
        let list = HashSet::from(["ab", "c"]);
        let groups = Groups {
            sizes: &[2],
            joined_by: "",
        };
        // a, b, c, ab, bc
        assert_eq!(listed_words_ratio("a b c", &list, Some(&groups)), 0.4);
        assert_eq!(listed_words_ratio("", &list, None), 0.0);
    }
}
