//! Tokens as `\w+|[^\w\s]+` finds them with the classes of Unicode regular expressions.
//!
//! Python's `regex` package has the classes of UTS #18, annex C, and NLTK's and Dolma's tokenisers use it: marks and
//! joiners are word characters, as they are not for `re`.

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory as _};

/// Runs of word characters and runs of other visible characters, in order.
pub fn token_runs(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text.trim_start();
    std::iter::from_fn(move || {
        let class = class_of(rest.chars().next()?);
        let end = rest.find(|c| class_of(c) != class).unwrap_or(rest.len());
        let (token, after) = rest.split_at(end);
        rest = after.trim_start();
        Some(token)
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Space,
    Word,
    Other,
}

fn class_of(c: char) -> Class {
    use GeneralCategory::{
        ConnectorPunctuation, DecimalNumber, EnclosingMark, NonspacingMark, SpacingMark,
    };
    if c.is_ascii_alphanumeric() || c == '_' {
        return Class::Word;
    }
    if c.is_whitespace() {
        return Class::Space;
    }
    if c.is_ascii() {
        return Class::Other;
    }
    let is_word = c.is_alphabetic()
        || matches!(c, '\u{200c}' | '\u{200d}')
        || matches!(
            c.general_category(),
            ConnectorPunctuation | DecimalNumber | EnclosingMark | NonspacingMark | SpacingMark
        );
    if is_word { Class::Word } else { Class::Other }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_words_and_runs_of_punctuation() {
        let tokens: Vec<_> = token_runs(" it's a_b, \"no\"?!\n").collect();
        assert_eq!(tokens, ["it", "'", "s", "a_b", ",", "\"", "no", "\"?!"]);
    }

    #[test]
    fn marks_and_joiners_are_word_characters() {
        assert_eq!(token_runs("e\u{301}t").count(), 1);
        assert_eq!(token_runs("👨\u{200d}👩").count(), 3);
        assert_eq!(token_runs("½²Ⅷ").collect::<Vec<_>>(), ["½²", "Ⅷ"]);
    }
}
