//! Mappers that look at one character at a time.

use std::borrow::Cow;

use super::pattern::Substitution;
use crate::text::python;

/// White space at the ends goes, and each other character of 23 that look like white space becomes a space.
///
/// Inner line breaks stay: only the ends are stripped of them.
///
/// # Source
///
/// Data-Juicer 1.4.3, `whitespace_normalization_mapper`.
pub fn whitespace_normalization(text: &str) -> Cow<'_, str> {
    replace_chars(python::strip(text), |c| is_various_space(c).then_some(" "))
}

/// Punctuation of other scripts becomes that of ASCII, by a table of 34 characters.
///
/// The table takes the full-width digit one for a quotation mark, as the original does.
///
/// # Source
///
/// Data-Juicer 1.4.3, `punctuation_normalization_mapper`.
pub fn punctuation_normalization(text: &str) -> Cow<'_, str> {
    replace_chars(text, |c| {
        Some(match c {
            '，' | '、' => ",",
            '。' => ".",
            '„' | '”' | '“' | '«' | '»' | '１' | '」' | '「' | '《' | '》' => "\"",
            '´' | '’' => "'",
            '∶' | '：' => ":",
            '？' => "?",
            '！' => "!",
            '（' => "(",
            '）' => ")",
            '；' => ";",
            '–' | '━' | '►' => "-",
            '—' => " - ",
            '．' => ". ",
            '～' => "~",
            '…' => "...",
            '〈' => "<",
            '〉' => ">",
            '【' => "[",
            '】' => "]",
            '％' => "%",
            _ => return None,
        })
    })
}

/// What [`remove_non_chinese_character`] keeps beside Chinese characters.
#[derive(Clone, Copy, Debug)]
pub struct Kept {
    /// Letters of ASCII.
    pub alphabet: bool,
    /// Digits of ASCII.
    pub number: bool,
    /// The space and some punctuation, Chinese and ASCII.
    pub punctuation: bool,
}

/// Keeps the Chinese characters U+4E00 to U+9FA5 and what `kept` names, all true by default.
///
/// # Source
///
/// Data-Juicer 1.4.3, `remove_non_chinese_character_mapper`.
pub fn remove_non_chinese_character(text: &str, kept: Kept) -> Cow<'_, str> {
    replace_chars(text, |c| {
        let keep = match c {
            '\u{4e00}'..='\u{9fa5}' => true,
            'A'..='Z' | 'a'..='z' => kept.alphabet,
            '0'..='9' => kept.number,
            _ => kept.punctuation && KEPT_PUNCTUATION.contains(c),
        };
        (!keep).then_some("")
    })
}

const KEPT_PUNCTUATION: &str = "., ，-。%《*》/•、&＆(—)（+）：？！“”·";

/// The characters that [`specific_chars`] removes by default.
pub const SPECIFIC_CHARS: &str = "◆●■►▼▲▴∆▻▷❖♡□";

/// Removes given characters, and with them `|` where more than one is given.
///
/// The characters, or other items, are joined by `|` into a class of a pattern, so an item `\d` stands for all digits.
/// No item: no change.
///
/// # Errors
///
/// Where the items make no class.
///
/// # Source
///
/// Data-Juicer 1.4.3, `remove_specific_chars_mapper`, `chars_to_remove`.
pub fn specific_chars<'a>(
    items: impl IntoIterator<Item = &'a str>,
) -> Result<Option<Substitution>, String> {
    let items: Vec<&str> = items.into_iter().collect();
    if items.is_empty() {
        return Ok(None);
    }
    Substitution::new(&format!("[{}]", items.join("|")), "").map(Some)
}

/// Puts for each character what `replace` gives for it, and copies nothing where it gives none.
fn replace_chars<'a>(
    text: &'a str,
    replace: impl Fn(char) -> Option<&'static str>,
) -> Cow<'a, str> {
    let mut out = String::new();
    let mut copied = 0;
    for (at, c) in text.char_indices() {
        if let Some(by) = replace(c) {
            out.push_str(&text[copied..at]);
            out.push_str(by);
            copied = at + c.len_utf8();
        }
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[copied..]);
    Cow::Owned(out)
}

fn is_various_space(c: char) -> bool {
    matches!(
        c,
        '\t' | '\u{84}' | '\u{a0}' | '\u{2000}'
            ..='\u{200d}' | '\u{202f}' | '\u{205f}' | '\u{2060}' | '\u{3000}' | '\u{fffc}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_ends_lose_line_breaks() {
        assert_eq!(whitespace_normalization("\n a\u{a0}b\nc\t"), "a b\nc");
        assert!(matches!(
            whitespace_normalization(" a b "),
            Cow::Borrowed("a b")
        ));
    }

    #[test]
    fn a_bar_goes_with_other_characters() {
        let remove = |items: &[&'static str], text: &str| {
            let found = specific_chars(items.iter().copied()).ok().flatten();
            found.map(|found| found.apply(text).into_owned())
        };
        assert_eq!(remove(&["◆", "●"], "◆a|b●").as_deref(), Some("ab"));
        assert_eq!(remove(&["◆"], "◆a|b").as_deref(), Some("a|b"));
        // A hyphen between bars is the range from bar to bar.
        assert_eq!(remove(&["a", "-", "b"], "a-b|").as_deref(), Some("-"));
        assert_eq!(remove(&[], "a"), None);
    }
}
