//! Rules of C4 (Raffel et al. 2020) and of mC4, as DataTrove applies them.

use std::borrow::Cow;

use super::tokenizer::{count_sentences, split_into_sentences};
use crate::text::python::{is_decimal, len, split, splitlines, strip};

/// Rules of [`c4_quality`].
#[derive(Clone, Debug)]
pub struct C4Quality {
    /// Whether the rules are for lines; else for sentences.
    pub by_line: bool,
    pub removes_citations: bool,
    pub needs_end_mark: bool,
    /// Over the lines kept.
    pub min_sentences: Option<usize>,
    pub min_words_per_line: usize,
    /// In characters.
    pub max_word_len: Option<usize>,
    pub drops_lorem_ipsum: bool,
    pub drops_javascript_lines: bool,
    pub drops_curly_brackets: bool,
    pub drops_policy_lines: bool,
}

impl C4Quality {
    /// The defaults of DataTrove.
    pub const USUAL: Self = Self {
        by_line: true,
        removes_citations: true,
        needs_end_mark: true,
        min_sentences: Some(5),
        min_words_per_line: 3,
        max_word_len: Some(1000),
        drops_lorem_ipsum: true,
        drops_javascript_lines: true,
        drops_curly_brackets: true,
        drops_policy_lines: true,
    };
}

/// Marks at the end of a line that C4 keeps, unless the line ends in three full stops.
pub const END_MARKS: [char; 5] = ['.', '?', '!', '"', '\''];

const POLICIES: [&str; 6] = [
    "terms of use",
    "privacy policy",
    "cookie policy",
    "uses cookies",
    "use of cookies",
    "use cookies",
];

/// What is left of a text after C4's rules for lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct C4Lines {
    /// Lines kept, stripped and joined by line feeds (sentences by spaces).
    pub text: String,
    /// Sentences in the lines kept, up to the number asked for.
    pub n_sentences: usize,
    /// What drops the whole text: `lorem_ipsum` or `curly_bracket`, whichever comes first. Nothing after it is read.
    pub fault: Option<&'static str>,
}

/// Applies C4's rules to each line of a text. Sentences are counted up to `max_sentences`, which takes most of the time.
///
/// The words of a line are counted before its citations go. An empty text has no sentences.
///
/// # Source
///
/// DataTrove 0.10.1, `C4QualityFilter`.
pub fn c4_lines(text: &str, rules: &C4Quality, max_sentences: usize) -> C4Lines {
    let lines = if rules.by_line {
        splitlines(text)
    } else {
        split_into_sentences(text)
    };
    let mut kept = C4Lines {
        text: String::with_capacity(text.len()),
        ..C4Lines::default()
    };
    for line in lines {
        let line = strip(line);
        let mut n_words = 0;
        let mut has_long_word = false;
        for word in split(line) {
            n_words += 1;
            has_long_word |= rules
                .max_word_len
                .is_some_and(|max| word.len() > max && len(word) > max);
        }
        if has_long_word {
            continue;
        }
        let line = if rules.removes_citations {
            without_citations(line)
        } else {
            Cow::Borrowed(line)
        };
        if rules.needs_end_mark && (!line.ends_with(END_MARKS) || line.ends_with("...")) {
            continue;
        }
        if n_words < rules.min_words_per_line {
            continue;
        }
        let phrases = Phrases::of(&line);
        if rules.drops_lorem_ipsum && phrases.lorem_ipsum {
            kept.fault = Some("lorem_ipsum");
            break;
        }
        if rules.drops_javascript_lines && phrases.javascript {
            continue;
        }
        if rules.drops_curly_brackets && line.contains('{') {
            kept.fault = Some("curly_bracket");
            break;
        }
        if rules.drops_policy_lines && phrases.policy {
            continue;
        }
        if kept.n_sentences < max_sentences {
            kept.n_sentences += if rules.by_line {
                count_sentences(&line)
            } else {
                1
            };
        }
        kept.text.push_str(&line);
        kept.text.push(if rules.by_line { '\n' } else { ' ' });
    }
    kept.text = strip(&kept.text).to_owned();
    kept
}

/// The lines of a text that C4's rules keep, or why they drop the whole text.
///
/// As [`c4_lines`], with the least number of sentences.
///
/// # Source
///
/// DataTrove 0.10.1, `C4QualityFilter`.
pub fn c4_quality(text: &str, rules: &C4Quality) -> Result<String, &'static str> {
    // Sentences beyond the least number change nothing.
    let min_sentences = rules.min_sentences.unwrap_or(0);
    let kept = c4_lines(text, rules, min_sentences);
    match kept.fault {
        Some(fault) => Err(fault),
        None if kept.n_sentences < min_sentences => Err("too_few_sentences"),
        None => Ok(kept.text),
    }
}

/// Whether a text has at least three lines of at least 200 characters, between line feeds.
///
/// # Source
///
/// DataTrove 0.10.1, `C4ParagraphFilter`.
pub fn has_c4_paragraphs(text: &str) -> bool {
    nth_longest_line(text, 3) >= 200
}

/// Length of the line that `n - 1` others equal or exceed; 0 for fewer lines, or if `n` is 0.
pub fn nth_longest_line(text: &str, n: usize) -> usize {
    let mut lens: Vec<usize> = text.split('\n').map(len).collect();
    match n.checked_sub(1).filter(|idx| *idx < lens.len()) {
        Some(idx) => *lens.select_nth_unstable_by(idx, |a, b| b.cmp(a)).1,
        None => 0,
    }
}

/// The line without `[12]`, `[]`, `[edit]` and `[citation needed]`.
fn without_citations(line: &str) -> Cow<'_, str> {
    let mut kept: Option<String> = None;
    let mut rest = line;
    let mut from = 0;
    while let Some(found) = rest[from..].find('[') {
        let open = from + found;
        let after = &rest[open + 1..];
        let after_word = ["edit", "citation needed"]
            .iter()
            .find_map(|word| after.strip_prefix(word));
        let after_inside = after_word.unwrap_or_else(|| after.trim_start_matches(is_decimal));
        match after_inside.strip_prefix(']') {
            Some(after) => {
                kept.get_or_insert_default().push_str(&rest[..open]);
                rest = after;
                from = 0;
            }
            None => from = open + 1,
        }
    }
    match kept {
        Some(kept) => Cow::Owned(kept + rest),
        None => Cow::Borrowed(line),
    }
}

/// The phrases of C4 that a line contains in any case.
#[derive(Default)]
struct Phrases {
    lorem_ipsum: bool,
    javascript: bool,
    policy: bool,
}

impl Phrases {
    fn of(line: &str) -> Self {
        // The Kelvin sign is the one character outside ASCII whose lower case alone is a letter of a phrase.
        let line = if line.contains('\u{212a}') {
            Cow::Owned(line.replace('\u{212a}', "k"))
        } else {
            Cow::Borrowed(line)
        };
        let bytes = line.as_bytes();
        let mut found = Self::default();
        for (at, byte) in bytes.iter().enumerate() {
            let begins = |phrase: &str| {
                bytes[at..]
                    .get(..phrase.len())
                    .is_some_and(|here| here.eq_ignore_ascii_case(phrase.as_bytes()))
            };
            match byte {
                b'l' | b'L' => found.lorem_ipsum |= begins("lorem ipsum"),
                b'j' | b'J' => found.javascript |= begins("javascript"),
                b'c' | b'C' | b'p' | b'P' | b't' | b'T' | b'u' | b'U' => {
                    found.policy = found.policy || POLICIES.iter().any(|policy| begins(policy));
                }
                _ => {}
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn citations_go() {
        assert_eq!(
            without_citations("a[1] b[] c[edit] d[citation needed]."),
            "a b c d."
        );
        assert_eq!(without_citations("a[x] [[2]] [3"), "a[x] [] [3");
        assert_eq!(without_citations("plain"), "plain");
    }

    #[test]
    fn lines_are_kept_or_the_text_is_dropped() {
        let rules = C4Quality {
            min_sentences: Some(2),
            ..C4Quality::USUAL
        };
        let keep = |text: &str| c4_quality(text, &rules);
        assert_eq!(
            keep(
                " One two three. Four five. \nmenu\nEnds with an...\nWe USE Cookies here.\nIt is kept[1]."
            ),
            Ok("One two three. Four five.\nIt is kept.".to_owned())
        );
        assert_eq!(keep("Some Lorem Ipsum here."), Err("lorem_ipsum"));
        assert_eq!(keep("Some { bracket here."), Err("curly_bracket"));
        assert_eq!(keep(""), Err("too_few_sentences"));
        assert_eq!(
            c4_quality(
                "",
                &C4Quality {
                    min_sentences: None,
                    ..C4Quality::USUAL
                }
            ),
            Ok(String::new())
        );
    }
}
