//! Measures of a text's characters.

use std::sync::LazyLock;

use super::special::is_special;
use crate::text::python;

/// `len(text)` in code points; 0 for the empty text.
///
/// Source: Data-Juicer `text_length_filter`, stat `text_len`.
pub fn text_length(text: &str) -> f64 {
    python::len(text) as f64
}

/// Characters for which `str.isalnum` holds / code points; 0 for the empty text.
///
/// Source: Data-Juicer `alphanumeric_filter` without tokenization, stat `alnum_ratio`.
pub fn alphanumeric_ratio(text: &str) -> f64 {
    share(text, python::is_alnum)
}

/// Special characters (see [`is_special`]) / code points; 0 for the empty text.
///
/// Source: Data-Juicer `special_characters_filter`, stat `special_char_ratio`.
pub fn special_characters_ratio(text: &str) -> f64 {
    share(text, is_special)
}

fn share(text: &str, counts: impl Fn(char) -> bool) -> f64 {
    let (mut n_counted, mut n_chars) = (0_usize, 0_usize);
    for c in text.chars() {
        n_chars += 1;
        n_counted += usize::from(counts(c));
    }
    ratio(n_counted, n_chars)
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        return 0.0;
    }
    part as f64 / whole as f64
}

/// What the measures of characters and of lines count, in one pass over a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CharCounts {
    pub n_chars: usize,
    pub n_alnum: usize,
    pub n_special: usize,
    /// Lines of `str.splitlines`.
    pub n_lines: usize,
    /// Code points of the longest line, without its end.
    pub longest_line: usize,
}

impl CharCounts {
    pub fn of(text: &str) -> Self {
        if text.is_ascii() {
            Self::of_chars(text.bytes().map(char::from))
        } else {
            Self::of_chars(text.chars())
        }
    }

    fn of_chars(chars: impl Iterator<Item = char>) -> Self {
        let mut counts = Self::default();
        let mut line_start = 0;
        let mut after_return = false;
        for c in chars {
            let class = class_of(c);
            counts.n_alnum += usize::from(class & ALNUM);
            counts.n_special += usize::from((class & SPECIAL) / SPECIAL);
            if class & LINE_END != 0 {
                // A line feed after a carriage return ends no other line.
                if !(after_return && c == '\n') {
                    counts.n_lines += 1;
                    counts.longest_line = counts.longest_line.max(counts.n_chars - line_start);
                }
                line_start = counts.n_chars + 1;
                after_return = c == '\r';
            } else {
                after_return = false;
            }
            counts.n_chars += 1;
        }
        if line_start < counts.n_chars {
            counts.n_lines += 1;
            counts.longest_line = counts.longest_line.max(counts.n_chars - line_start);
        }
        counts
    }

    /// As [`alphanumeric_ratio`].
    pub fn alphanumeric_ratio(&self) -> f64 {
        ratio(self.n_alnum, self.n_chars)
    }

    /// As [`special_characters_ratio`].
    pub fn special_characters_ratio(&self) -> f64 {
        ratio(self.n_special, self.n_chars)
    }

    /// As [`super::lines::average_line_length`].
    pub fn average_line_length(&self) -> f64 {
        ratio(self.n_chars, self.n_lines)
    }
}

const ALNUM: u8 = 1;
const SPECIAL: u8 = 2;
const LINE_END: u8 = 4;

fn class_of(c: char) -> u8 {
    static ASCII: LazyLock<[u8; 128]> =
        LazyLock::new(|| std::array::from_fn(|code| class_by_rules(char::from(code as u8))));
    match ASCII.get(c as usize) {
        Some(class) => *class,
        None => class_by_rules(c),
    }
}

fn class_by_rules(c: char) -> u8 {
    let flag = |holds: bool, flag: u8| if holds { flag } else { 0 };
    flag(python::is_alnum(c), ALNUM)
        | flag(is_special(c), SPECIAL)
        | flag(python::is_line_end(c), LINE_END)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_count_code_points() {
        assert_eq!(alphanumeric_ratio("é语½ "), 0.75);
        assert_eq!(special_characters_ratio("a😊，1"), 0.75);
        assert_eq!(
            (alphanumeric_ratio(""), special_characters_ratio("")),
            (0.0, 0.0)
        );
        assert_eq!(text_length("e\u{301}"), 2.0);
    }

    #[test]
    fn one_pass_counts_what_the_others_do() {
        use crate::text::data_juicer::lines;
        for text in [
            "",
            "\n",
            "a\r\nb c\n\nd1",
            "a\u{2028}é\u{85}",
            "a\rb\n\r",
            "\r\n\n",
            "语，\0😊\n",
        ] {
            let counts = CharCounts::of(text);
            assert_eq!(counts.n_chars as f64, text_length(text), "{text:?}");
            assert_eq!(
                counts.alphanumeric_ratio(),
                alphanumeric_ratio(text),
                "{text:?}"
            );
            assert_eq!(
                counts.special_characters_ratio(),
                special_characters_ratio(text),
                "{text:?}"
            );
            assert_eq!(
                counts.average_line_length(),
                lines::average_line_length(text),
                "{text:?}"
            );
            assert_eq!(
                counts.longest_line as f64,
                lines::maximum_line_length(text),
                "{text:?}"
            );
        }
    }
}
