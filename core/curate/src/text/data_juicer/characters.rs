//! Measures of a text's characters.

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
    if n_chars == 0 {
        return 0.0;
    }
    n_counted as f64 / n_chars as f64
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
}
