//! Removing sentences that a text has said before.

use std::collections::HashSet;

/// How [`remove_repeat_sentences`] compares.
#[derive(Clone, Copy, Debug)]
pub struct Repeats {
    /// Compare in lower case; false by default.
    pub lowercase: bool,
    /// Compare only letters and digits of ASCII, Chinese characters and white space; true by default.
    pub ignore_special_character: bool,
    /// Sentences whose compared form has fewer characters stay; 2 by default.
    pub min_repeat_sentence_length: usize,
}

/// Removes each sentence that was there before, in any line; the line breaks stay.
///
/// A sentence ends after `.`, `。`, `!`, `！`, `？` or `?`, after `……`, or after one of these (or a digit 2 or 6 or a
/// brace, which stand in the original's class by mistake) and a closing quotation mark `’` or `”`.
///
/// # Source
///
/// Data-Juicer 1.4.3, `remove_repeat_sentences_mapper`.
pub fn remove_repeat_sentences(text: &str, repeats: Repeats) -> String {
    let mut seen = HashSet::new();
    let mut out = String::with_capacity(text.len());
    for (idx, line) in text.split('\n').enumerate() {
        if idx > 0 {
            out.push('\n');
        }
        for sentence in split_sentences(line).split('\n') {
            let form = compared(sentence, repeats);
            let short = form.chars().count() < repeats.min_repeat_sentence_length;
            if short || seen.insert(form) {
                out.push_str(sentence);
            }
        }
    }
    out
}

fn compared(sentence: &str, repeats: Repeats) -> String {
    let stripped = crate::text::python::strip(sentence);
    let mut form = match repeats.lowercase {
        true => stripped.to_lowercase(),
        false => stripped.to_owned(),
    };
    if repeats.ignore_special_character {
        form.retain(|c| {
            c.is_ascii_alphanumeric() || matches!(c, '\u{4e00}'..='\u{9fa5}' | '\t' | ' ')
        });
    }
    form
}

/// Puts a line feed after each sentence of a line.
///
/// The original has three passes, each over the result of the one before, and a fourth for six dots, which never match
/// after the first.
fn split_sentences(line: &str) -> String {
    let ended = break_after(line, 1, |end| is_end(end[0]));
    let ended = break_after(&ended, 2, |end| end[0] == '…' && end[1] == '…');
    break_after(&ended, 2, |end| {
        (is_end(end[0]) || matches!(end[0], '…' | '{' | '}' | '2' | '6')) && is_closing(end[1])
    })
}

/// Puts a line feed after each `n_chars` characters that are an end, where a character follows that closes no quotation.
///
/// That character belongs to no further end.
fn break_after(text: &str, n_chars: usize, is_end: impl Fn(&[char; 2]) -> bool) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut chars = text.chars();
    let mut window = ['\0'; 2];
    while let Some(first) = chars.next() {
        out.push(first);
        window[0] = first;
        let mut ahead = chars.clone();
        if n_chars == 2 {
            match ahead.next() {
                Some(second) => window[1] = second,
                None => continue,
            }
        }
        let Some(next) = ahead.next().filter(|next| !is_closing(*next)) else {
            continue;
        };
        if is_end(&window) {
            if n_chars == 2 {
                out.push(window[1]);
            }
            out.push('\n');
            out.push(next);
            chars = ahead;
        }
    }
    out
}

fn is_end(c: char) -> bool {
    matches!(c, '.' | '。' | '!' | '！' | '？' | '?')
}

fn is_closing(c: char) -> bool {
    matches!(c, '’' | '”')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_where_the_definition_ends_them() {
        let p = |line| split_sentences(line).replace('\n', "/");
        assert_eq!(p("a. b? c"), "a./ b?/ c");
        assert_eq!(p("a..b"), "a./.b");
        assert_eq!(p("“a。”b"), "“a。”/b");
        assert_eq!(p("a……b…c"), "a……/b…c");
        assert_eq!(p("2”b"), "2”/b");
        assert_eq!(p("a."), "a.");
    }

    #[test]
    fn short_sentences_stay() {
        let repeats = Repeats {
            lowercase: true,
            ignore_special_character: true,
            min_repeat_sentence_length: 2,
        };
        assert_eq!(
            remove_repeat_sentences("Ab. aB! c. c.\nab? d", repeats),
            "Ab. c. c.\n d"
        );
    }
}
