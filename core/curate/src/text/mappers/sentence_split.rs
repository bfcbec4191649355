//! Sentences of prose, by rules.

use crate::text::python;

/// Words before a dot that end no sentence, in lower case: titles, references, units of time.
const ABBREVIATIONS: &[&str] = &[
    "mr", "mrs", "ms", "dr", "prof", "rev", "hon", "gen", "col", "capt", "lt", "sgt", "sen", "rep",
    "gov", "pres", "st", "jr", "sr", "vs", "etc", "e.g", "i.e", "cf", "al", "approx", "dept",
    "est", "fig", "figs", "eq", "eqs", "sec", "ch", "vol", "no", "nos", "pp", "ed", "eds", "inc",
    "ltd", "co", "corp", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct",
    "nov", "dec", "u.s", "u.k", "a.m", "p.m", "ph.d", // English
    "z.b", "d.h", "u.a", "bzw", "ca", "usw", "nr", "str", "hr", "fr", "abb", "bd", "s",
    "vgl", // German
    "m", "mme", "mlle", "p.ex", "av", "chap", // French
    "sra", "srta", "dra", "ud", "uds", "pág", "núm", "ej", "p.ej",
    "ee.uu", // Spanish and Portuguese
];

/// Abbreviations that may also end a sentence: a capital letter after them decides for the end.
const MAY_END: &[&str] = &[
    "etc", "jr", "sr", "inc", "ltd", "co", "corp", "a.m", "p.m", "usw", "u.s", "u.k", "ca",
];

/// Puts each sentence on a line of its own; lines that there are stay, and white space between sentences goes.
///
/// A sentence ends with `.`, `!`, `?`, `…` or one of `。！？`, with the closing quotation marks and brackets after it. After
/// the first four white space has to follow and then no lower-case letter; a dot after an abbreviation, a single capital
/// letter or a number at the start of a line ends none.
pub fn split_sentences(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 64);
    for (idx, line) in text.split('\n').enumerate() {
        if idx > 0 {
            out.push('\n');
        }
        push_sentences(line, &mut out);
    }
    out
}

fn push_sentences(line: &str, out: &mut String) {
    let mut start = 0;
    let mut chars = line.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let is_full_width = matches!(c, '。' | '！' | '？');
        if !is_full_width && !matches!(c, '.' | '!' | '?' | '…') {
            continue;
        }
        let mut end = at + c.len_utf8();
        while let Some((at, mark)) = chars.next_if(|(_, c)| is_mark(*c) || is_closing(*c)) {
            end = at + mark.len_utf8();
        }
        let rest = &line[end..];
        let next = rest.trim_start_matches(python::is_space);
        let Some(first) = next.chars().next() else {
            break;
        };
        let is_parted = next.len() < rest.len();
        if !is_full_width && (!is_parted || first.is_lowercase()) {
            continue;
        }
        if c == '.' && end == at + 1 && is_abbreviation(&line[start..at], first) {
            continue;
        }
        out.push_str(&line[start..end]);
        out.push('\n');
        start = line.len() - next.len();
    }
    out.push_str(line.get(start..).unwrap_or_default());
}

/// Whether what stands before a dot is shortened by it; `next` begins what follows.
fn is_abbreviation(before: &str, next: char) -> bool {
    // Longer words are none, and a line without white space is not searched again for each dot.
    const LONGEST: usize = 12;
    let word_start = before
        .char_indices()
        .rev()
        .take(LONGEST)
        .find(|(_, c)| python::is_space(*c) || matches!(c, '(' | '[' | '"' | '“' | '-'))
        .map(|(at, c)| at + c.len_utf8());
    let short = before.chars().nth(LONGEST).is_none();
    let Some(start) = word_start.or(short.then_some(0)) else {
        return false;
    };
    let word = &before[start..];
    let mut letters = word.chars();
    if let (Some(letter), None) = (letters.next(), letters.next())
        && letter.is_uppercase()
        && letter != 'I'
    {
        return true;
    }
    if start == 0 && !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit()) {
        return true;
    }
    let lower = word.to_lowercase();
    ABBREVIATIONS.contains(&lower.as_str())
        && !(next.is_uppercase() && MAY_END.contains(&lower.as_str()))
}

fn is_mark(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…' | '。' | '！' | '？')
}

fn is_closing(c: char) -> bool {
    matches!(
        c,
        '"' | '\'' | '”' | '’' | '»' | ')' | ']' | '」' | '』' | '）'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(
            split_sentences(text).replace('\n', "/"),
            expected,
            "{text:?}"
        );
    }

    #[test]
    fn sentences_stand_on_lines() {
        check("One. Two!  Three? four.", "One./Two!/Three? four.");
        check(
            "He said “no.” Then left... Why?!",
            "He said “no.”/Then left.../Why?!",
        );
        check("a.b 3.14 x.\n\nNext. ", "a.b 3.14 x.//Next. ");
        check("你好。再见！(好。)是", "你好。/再见！/(好。)/是");
    }

    #[test]
    fn abbreviations_end_no_sentence() {
        check(
            "Dr. Smith met J. R. Ewing, e.g. On Monday.",
            "Dr. Smith met J. R. Ewing, e.g. On Monday.",
        );
        check(
            "At 5 p.m. We left. Ask me etc. Yes.",
            "At 5 p.m./We left./Ask me etc./Yes.",
        );
        check("1. First point. Second.", "1. First point./Second.");
        check("So do I. And you?", "So do I./And you?");
    }

    #[test]
    fn any_text_is_taken() {
        for text in [
            "",
            ".",
            "...",
            "\0. \0",
            "e\u{301}. \u{301}",
            "👩. 👩",
            &". ".repeat(1000),
        ] {
            assert_eq!(
                split_sentences(text).replace([' ', '\n'], ""),
                text.replace([' ', '\n'], "")
            );
        }
    }
}
