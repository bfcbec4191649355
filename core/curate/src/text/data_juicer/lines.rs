//! Measures of a text's lines, which end where `str.splitlines` ends them.

use crate::text::python::{self, is_line_end};

/// Code points of the text, line ends included / lines; 0 for the empty text.
///
/// Source: Data-Juicer `average_line_length_filter`, stat `avg_line_length`.
pub fn average_line_length(text: &str) -> f64 {
    let mut n_lines = 0_usize;
    for_each_line_length(text, |_| n_lines += 1);
    if n_lines == 0 {
        return 0.0;
    }
    python::len(text) as f64 / n_lines as f64
}

/// Code points of the longest line, without its end; 0 for the empty text.
///
/// Source: Data-Juicer `maximum_line_length_filter`, stat `max_line_length`.
pub fn maximum_line_length(text: &str) -> f64 {
    let mut longest = 0;
    for_each_line_length(text, |n_chars| longest = longest.max(n_chars));
    longest as f64
}

/// Lengths of the lines in code points, as they come: no text is copied and no list is made.
fn for_each_line_length(text: &str, mut visit: impl FnMut(usize)) {
    let mut n_chars = 0;
    let mut is_open = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if !is_line_end(c) {
            n_chars += 1;
            is_open = true;
            continue;
        }
        if c == '\r' {
            chars.next_if_eq(&'\n');
        }
        visit(n_chars);
        n_chars = 0;
        is_open = false;
    }
    if is_open {
        visit(n_chars);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_those_of_splitlines() {
        for text in ["", "\n", "a\r\nbc\n\nd", "a\u{2028}é\u{85}", "a\rb\n\r"] {
            let mut lengths = Vec::new();
            for_each_line_length(text, |n_chars| lengths.push(n_chars));
            let lines = python::splitlines(text);
            let expected: Vec<usize> = lines.iter().map(|line| python::len(line)).collect();
            assert_eq!(lengths, expected, "{text:?}");
        }
    }

    #[test]
    fn the_average_counts_line_ends_and_the_maximum_does_not() {
        assert_eq!(average_line_length("ab\ncd\n"), 3.0);
        assert_eq!(maximum_line_length("ab\ncd\n"), 2.0);
        assert_eq!(
            (average_line_length(""), maximum_line_length("")),
            (0.0, 0.0)
        );
    }
}
