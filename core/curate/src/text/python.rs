//! Python's notions of characters, words and lines, which the field's definitions are written in.
//!
//! Lengths and offsets count Unicode code points. Properties are those of the general category, as Python has them:
//! Rust's `char::is_alphanumeric` takes marks for letters, Python's `str.isalnum` does not.

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory as _};

/// Number of code points: `len(text)`.
pub fn len(text: &str) -> usize {
    text.chars().count()
}

/// `str.isalpha` of one character: a letter.
pub fn is_alpha(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphabetic();
    }
    use GeneralCategory::{
        LowercaseLetter, ModifierLetter, OtherLetter, TitlecaseLetter, UppercaseLetter,
    };
    matches!(
        c.general_category(),
        UppercaseLetter | LowercaseLetter | TitlecaseLetter | ModifierLetter | OtherLetter
    )
}

/// `str.isdecimal` of one character: a digit of a decimal system.
pub fn is_decimal(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_digit();
    }
    c.general_category() == GeneralCategory::DecimalNumber
}

/// `str.isnumeric` of one character: a number of any kind, ideographs of numbers apart.
pub fn is_numeric(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_digit();
    }
    use GeneralCategory::{DecimalNumber, LetterNumber, OtherNumber};
    matches!(
        c.general_category(),
        DecimalNumber | LetterNumber | OtherNumber
    )
}

/// `str.isalnum` of one character.
pub fn is_alnum(c: char) -> bool {
    is_alpha(c) || is_numeric(c)
}

/// `str.isspace` of one character: what `str.split()` and `str.strip()` take for white space.
pub fn is_space(c: char) -> bool {
    matches!(
        c,
        '\t'..='\r'
            | '\u{1c}'..='\u{20}'
            | '\u{85}'
            | '\u{a0}'
            | '\u{1680}'
            | '\u{2000}'..='\u{200a}'
            | '\u{2028}'
            | '\u{2029}'
            | '\u{202f}'
            | '\u{205f}'
            | '\u{3000}'
    )
}

/// `str.strip()`.
pub fn strip(text: &str) -> &str {
    text.trim_matches(is_space)
}

/// `str.split()`: words between white space.
pub fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split(is_space).filter(|word| !word.is_empty())
}

/// `str.splitlines()`: lines without their ends; no empty line after a final line end.
pub fn splitlines(text: &str) -> Vec<&str> {
    split_lines(text, false)
}

/// `str.splitlines(keepends=True)`.
pub fn splitlines_with_ends(text: &str) -> Vec<&str> {
    split_lines(text, true)
}

fn split_lines(text: &str, keep_ends: bool) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if !is_line_end(c) {
            continue;
        }
        let mut end = at + c.len_utf8();
        if c == '\r' && chars.next_if(|(_, next)| *next == '\n').is_some() {
            end += 1;
        }
        lines.push(&text[start..if keep_ends { end } else { at }]);
        start = end;
    }
    if start < text.len() {
        lines.push(&text[start..]);
    }
    lines
}

/// Characters at which `str.splitlines` splits.
pub fn is_line_end(c: char) -> bool {
    matches!(
        c,
        '\n'..='\r' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

/// `str.isupper`: at least one cased character, and none of them lower or title case.
pub fn is_upper(text: &str) -> bool {
    text.chars().any(char::is_uppercase)
        && !text
            .chars()
            .any(|c| c.is_lowercase() || c.general_category() == GeneralCategory::TitlecaseLetter)
}

/// `str.islower`.
pub fn is_lower(text: &str) -> bool {
    text.chars().any(char::is_lowercase)
        && !text
            .chars()
            .any(|c| c.is_uppercase() || c.general_category() == GeneralCategory::TitlecaseLetter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_where_python_ends_them() {
        assert_eq!(splitlines("a\nb\r\nc\rd"), ["a", "b", "c", "d"]);
        assert_eq!(splitlines("a\n\nb\n"), ["a", "", "b"]);
        assert_eq!(
            splitlines("a\u{b}b\u{c}c\u{1c}d\u{85}e\u{2028}f"),
            ["a", "b", "c", "d", "e", "f"]
        );
        assert_eq!(splitlines(""), Vec::<&str>::new());
        assert_eq!(splitlines_with_ends("a\r\nb\n"), ["a\r\n", "b\n"]);
    }

    #[test]
    fn characters_are_what_python_says() {
        assert!(is_alnum('é') && is_alnum('语') && is_alnum('½') && is_alnum('²'));
        // A mark is alphabetic for Rust.
        assert!(!is_alnum('\u{0345}') && 'ͅ'.is_alphanumeric());
        assert!(is_decimal('٣') && !is_decimal('²') && is_numeric('²'));
        assert!(is_space('\u{1f}') && is_space('\u{3000}') && !is_space('\u{200b}'));
        assert_eq!(
            split(" a\u{a0}b\u{1c}c ").collect::<Vec<_>>(),
            ["a", "b", "c"]
        );
        assert!(is_upper("A1É") && !is_upper("1") && !is_upper("ǅ"));
    }
}
