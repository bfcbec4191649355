//! Statistics of documents, lines and sentences.
//!
//! A share of nothing is 0.

use super::{
    c4::END_MARKS,
    punctuation::is_listed,
    repetition::duplicates,
    tokenizer::{sentences, tokens},
};
use crate::text::python::{is_alpha, is_decimal, is_space, len, strip};

/// Named values in the order of the other system.
pub type Statistics = Vec<(String, f64)>;

/// Length of a text and shares of its characters.
///
/// # Source
///
/// DataTrove 0.10.1, `DocStats`.
pub fn document_statistics(text: &str) -> Statistics {
    let mut n_chars = 0;
    let (mut n_space, mut n_other, mut n_digits, mut n_upper, mut n_listed) = (0, 0, 0, 0, 0);
    for c in text.chars() {
        let is_digit = is_digit(c);
        n_chars += 1;
        n_space += usize::from(is_space(c));
        n_digits += usize::from(is_digit);
        n_other += usize::from(!is_digit && !is_alpha(c));
        n_upper += usize::from(c.is_uppercase());
        n_listed += usize::from(is_listed(c));
    }
    let n_ellipsis = 3 * text.matches("...").count() + text.matches('…').count();
    named([
        ("length", n_chars as f64),
        ("white_space_ratio", share(n_space, n_chars)),
        ("non_alpha_digit_ratio", share(n_other, n_chars)),
        ("digit_ratio", share(n_digits, n_chars)),
        ("uppercase_ratio", share(n_upper, n_chars)),
        ("elipsis_ratio", share(n_ellipsis, n_chars)),
        ("punctuation_ratio", share(n_listed, n_chars)),
    ])
}

/// Number and length of lines and shares of them, between line feeds.
///
/// A line is short at up to each of `short_lens` characters, and long from each of `long_lens` on; the defaults are
/// 10 and 30, and 2,000 and 10,000. If `ignores_blank`, blank lines count for `n_lines` only.
///
/// # Source
///
/// DataTrove 0.10.1, `LineStats`.
pub fn line_statistics(
    text: &str,
    short_lens: &[usize],
    long_lens: &[usize],
    ignores_blank: bool,
) -> Statistics {
    let mut lines: Vec<&str> = text.split('\n').collect();
    let n_lines = lines.len();
    if ignores_blank {
        lines.retain(|line| !strip(line).is_empty());
    }
    let lens: Vec<usize> = lines.iter().map(|line| len(line)).collect();
    let n_chars = lens.iter().sum();
    let share_of = |has: &dyn Fn(&str) -> bool| {
        share(lines.iter().filter(|line| has(line)).count(), lines.len())
    };
    let (n_duplicates, n_duplicate_chars) = duplicates(&lines);

    let mut all = named([
        ("n_lines", n_lines as f64),
        ("avg_line_length", share(n_chars, lines.len())),
    ]);
    all.extend(shares_by_len(
        "line_ratio_chars",
        &lens,
        short_lens,
        long_lens,
    ));
    all.extend(named([
        (
            "lines_ending_with_terminal_mark_ratio",
            share_of(&|line| line.ends_with(END_MARKS)),
        ),
        (
            "bullet_point_lines_ratio",
            share_of(&|line| strip(line).starts_with(['-', '*', '•'])),
        ),
        ("line_duplicates", share(n_duplicates, lines.len())),
        ("line_char_duplicates", share(n_duplicate_chars, n_chars)),
    ]));
    all
}

/// Number and length of sentences that are not blank, stripped, and shares of them.
///
/// A sentence is short at up to each of `short_lens` characters, and long from each of `long_lens` on; the defaults
/// are 20 and 75.
///
/// # Source
///
/// DataTrove 0.10.1, `SentenceStats`.
pub fn sentence_statistics(text: &str, short_lens: &[usize], long_lens: &[usize]) -> Statistics {
    let sentences = sentences(text, &tokens(text));
    let lens = sentences
        .iter()
        .map(|sentence| len(strip(sentence.of(text))));
    let lens: Vec<usize> = lens.filter(|len| *len > 0).collect();
    let mut all = named([
        ("n_sentences", lens.len() as f64),
        ("avg_sentence_length", share(lens.iter().sum(), lens.len())),
    ]);
    all.extend(shares_by_len(
        "sentence_ratio",
        &lens,
        short_lens,
        long_lens,
    ));
    all
}

fn shares_by_len(name: &str, lens: &[usize], short: &[usize], long: &[usize]) -> Statistics {
    let share_of = |has: &dyn Fn(usize) -> bool| {
        share(lens.iter().filter(|len| has(**len)).count(), lens.len())
    };
    let short = short
        .iter()
        .map(|max| (format!("short_{name}_{max}"), share_of(&|len| len <= *max)));
    let long = long
        .iter()
        .map(|min| (format!("long_{name}_{min}"), share_of(&|len| len >= *min)));
    short.chain(long).collect()
}

fn named<const N: usize>(values: [(&str, f64); N]) -> Statistics {
    values
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    }
}

/// `str.isdigit` of one character: a decimal digit, or one that is raised, circled or the like.
fn is_digit(c: char) -> bool {
    let is_special = matches!(c,
        '²' | '³' | '¹' | '\u{1369}'..='\u{1371}' | '\u{19da}' | '⁰' | '⁴'..='⁹' | '₀'..='₉' | '①'..='⑨'
        | '⑴'..='⑼' | '⒈'..='⒐' | '⓪' | '⓵'..='⓽' | '⓿' | '❶'..='❾' | '➀'..='➈' | '➊'..='➒'
        | '\u{10a40}'..='\u{10a43}' | '\u{10e60}'..='\u{10e68}' | '\u{11052}'..='\u{1105a}' | '\u{1f100}'..='\u{1f10a}'
    );
    is_special || is_decimal(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_those_of_python() {
        assert!(is_digit('5') && is_digit('٣') && is_digit('²') && is_digit('①'));
        assert!(!is_digit('½') && !is_digit('⑩') && !is_digit('Ⅷ'));
    }

    #[test]
    fn an_empty_text_has_shares_of_zero() {
        assert!(
            document_statistics("")
                .iter()
                .all(|(_, value)| *value == 0.0)
        );
        assert!(
            sentence_statistics(" \n", &[20], &[75])
                .iter()
                .all(|(_, value)| *value == 0.0)
        );
        assert!(
            line_statistics("", &[], &[], true)
                .iter()
                .skip(1)
                .all(|(_, value)| *value == 0.0)
        );
    }
}
