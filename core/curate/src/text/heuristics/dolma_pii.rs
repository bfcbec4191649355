//! Dolma's taggers of personal data by pattern: e-mail addresses, telephone numbers and IPv4 addresses.
//!
//! Source: Dolma 1.2.1 (`taggers/pii.py`), Apache-2.0. White space and digits are Python's.

use std::sync::LazyLock;

use regex::Regex;

use super::spans::{CodePoints, Span, paragraphs};
use crate::text::python;

const EMAIL: &str = "EMAIL_ADDRESS";
const PHONE: &str = "PHONE_NUMBER";
const IP: &str = "IP_ADDRESS";

/// Code points on both sides of a match that are searched for signs of an identifier.
const CONTEXT: usize = 100;

/// More question marks than this, and the fast tagger looks at nothing.
const MAX_QUESTION_MARKS: usize = 10_000;

/// Punctuation and white space before the address and one character after it belong to the match.
static EMAIL_PATTERN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let space = r"\s\x1c-\x1f";
    let pattern = format!(
        "[.{space}@,?!;:)(]*([^{space}@]+@([^{space}@,?!;:)(]+?))[.{space}@,?!;:)(]?[{space}]"
    );
    Regex::new(&pattern).ok()
});

/// A backspace and an URL: `\b` of the original stands in a plain string, so it is that character, not a boundary.
static URL_PATTERN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let nested = r"\((?:[^\s()<>]+|(?:\([^\s()<>]+\)))*\)";
    let pattern = format!(
        r#"(?i)\x08(?:https?://|www\d{{0,3}}[.]|[a-z0-9.\-]+[.][a-z]{{2,4}}/)(?:[^\s()<>]+|{nested})+(?:{nested}|[^\s`!()\[\]{{}};:'".,<>?«»“”‘’])"#
    );
    Regex::new(&pattern).ok()
});

/// `pii_regex_v1`: what the patterns find in the whole text, less false positives, and `doc`: spans per word.
///
/// Dropped are addresses whose part after `@` has no `.`, numbers with `isbn`, `doi` or `#` within 100 code points, and
/// telephone numbers of texts with an URL after a backspace. A text without words has `doc` 0, where Dolma raises.
pub fn pii_regex_v1(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    for (start, end) in emails(text).map(|email| (email.start, email.end)) {
        let mut parts = text[start..end].split('@');
        let addressee = parts.next().unwrap_or_default();
        let domain = parts.next().unwrap_or_default();
        if python::strip(addressee) != "(" && domain.contains('.') {
            found.push((start, end, EMAIL));
        }
    }
    let looks_like_an_identifier = |start: usize, end: usize| {
        let before = text[..start]
            .char_indices()
            .rev()
            .nth(CONTEXT - 1)
            .map_or(0, |(at, _)| at);
        let after = text[end..]
            .char_indices()
            .nth(CONTEXT)
            .map_or(text.len(), |(at, _)| end + at);
        let context = &text[before..after];
        context.contains("isbn") || context.contains("doi") || context.contains('#')
    };
    if !has_url(text) {
        found.extend(phones(text).map(|(start, end)| (start, end, PHONE)));
    }
    found.extend(ip_addresses(text).map(|(start, end)| (start, end, IP)));
    found.retain(|(start, end, kind)| *kind == EMAIL || !looks_like_an_identifier(*start, *end));

    let mut spans = in_code_points(text, 0, found);
    let n_words = python::split(text).count();
    let score = spans.len() as f64 / n_words.max(1) as f64;
    spans.push(Span::of_text(python::len(text), "doc", score));
    spans
}

/// `pii_regex_with_counts_fast_v2`: what the patterns find in each paragraph; `doc_count`, the number of spans; and
/// `doc_frac`, the length of all spans over that of the text, the one of `doc_count` included (so at least 1).
///
/// An empty text has `doc_frac` −1. Only addresses are checked further: their domain needs a `.`.
pub fn pii_regex_with_counts_fast_v2(text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    if text.bytes().filter(|byte| *byte == b'?').count() <= MAX_QUESTION_MARKS {
        let mut start = 0;
        for paragraph in paragraphs(text) {
            if !python::strip(paragraph).is_empty() {
                let mut found: Vec<_> = emails(paragraph)
                    .filter(|email| email.addressee != "(" && email.domain.contains('.'))
                    .map(|email| (email.start, email.end, EMAIL))
                    .collect();
                found.extend(phones(paragraph).map(|(start, end)| (start, end, PHONE)));
                found.extend(ip_addresses(paragraph).map(|(start, end)| (start, end, IP)));
                spans.extend(in_code_points(paragraph, start, found));
            }
            start += python::len(paragraph);
        }
    }
    let n_chars = python::len(text);
    spans.push(Span::of_text(n_chars, "doc_count", spans.len() as f64));
    let covered: usize = spans.iter().map(|span| span.end - span.start).sum();
    let share = if n_chars == 0 {
        -1.0
    } else {
        covered as f64 / n_chars as f64
    };
    spans.push(Span::of_text(n_chars, "doc_frac", share));
    spans
}

fn in_code_points(
    text: &str,
    offset: usize,
    found: Vec<(usize, usize, &'static str)>,
) -> Vec<Span> {
    let mut points = CodePoints::new(text);
    let spans = found.into_iter().map(|(start, end, kind)| {
        let start = points.before(start);
        Span::new(offset + start, offset + points.before(end), kind, 1.0)
    });
    spans.collect()
}

/// An address with what surrounds it, in bytes.
struct Email<'a> {
    start: usize,
    end: usize,
    addressee: &'a str,
    domain: &'a str,
}

fn emails(text: &str) -> impl Iterator<Item = Email<'_>> {
    let pattern = EMAIL_PATTERN.as_ref().filter(|_| text.contains('@'));
    pattern.into_iter().flat_map(move |pattern| {
        pattern.captures_iter(text).filter_map(|captures| {
            let (whole, address, domain) = (captures.get(0)?, captures.get(1)?, captures.get(2)?);
            Some(Email {
                start: whole.start(),
                end: whole.end(),
                addressee: &text[address.start()..domain.start() - 1],
                domain: domain.as_str(),
            })
        })
    })
}

fn has_url(text: &str) -> bool {
    text.contains('\u{8}')
        && URL_PATTERN
            .as_ref()
            .is_some_and(|pattern| pattern.is_match(text))
}

/// White space, then 3, 3 and 4 digits: `(ddd)` or `ddd`, any of `- .` and space, `ddd`, at most one of these, `dddd`.
fn phones(text: &str) -> impl Iterator<Item = (usize, usize)> {
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let start = from + text[from..].find(python::is_space)?;
            let rest = text[start..].trim_start_matches(python::is_space);
            if let Some(after) = strip_phone(rest) {
                from = text.len() - after.len();
                return Some((start, from));
            }
            from = text.len() - rest.len();
        }
    })
}

fn strip_phone(text: &str) -> Option<&str> {
    let separators = ['-', '.', ' '];
    let text = text.strip_prefix('(').unwrap_or(text);
    let text = strip_digits(text, 3)?;
    let text = text.strip_prefix(')').unwrap_or(text);
    let text = strip_digits(text.trim_start_matches(separators), 3)?;
    strip_digits(text.strip_prefix(separators).unwrap_or(text), 4)
}

fn strip_digits(text: &str, n: usize) -> Option<&str> {
    let mut chars = text.chars();
    for _ in 0..n {
        chars.next().filter(|c| python::is_decimal(*c))?;
    }
    Some(chars.as_str())
}

/// Four numbers of at most 255 with dots between, wherever they stand: the end of `1256.1.1.1` is one.
fn ip_addresses(text: &str) -> impl Iterator<Item = (usize, usize)> {
    let bytes = text.as_bytes();
    let mut from = 0;
    std::iter::from_fn(move || {
        while from < bytes.len() {
            let start = from;
            if let Some(length) = bytes[start]
                .is_ascii_digit()
                .then(|| ip_length(&bytes[start..]))
                .flatten()
            {
                from = start + length;
                return Some((start, from));
            }
            from += 1;
        }
        None
    })
}

fn ip_length(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    for _ in 0..3 {
        let rest = bytes.get(at..)?;
        let n_digits = rest
            .iter()
            .take(4)
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        if n_digits == 0 || octet_length(rest) != n_digits || rest.get(n_digits) != Some(&b'.') {
            return None;
        }
        at += n_digits + 1;
    }
    match octet_length(bytes.get(at..)?) {
        0 => None,
        length => Some(at + length),
    }
}

/// Length of the longest number of at most 255 at the start, leading zeros included.
fn octet_length(bytes: &[u8]) -> usize {
    let n_digits = bytes
        .iter()
        .take(3)
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    match bytes {
        [b'0' | b'1', ..] => n_digits,
        [b'2', b'0'..=b'4', ..] => n_digits,
        [b'2', b'5', b'0'..=b'5', ..] => n_digits,
        _ => n_digits.min(2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(found: impl Iterator<Item = (usize, usize)>, text: &str) -> Vec<&str> {
        found.map(|(start, end)| &text[start..end]).collect()
    }

    #[test]
    fn addresses_start_where_the_numbers_fit() {
        let text = "256.1.1.1 1.2.3 1.2.3.299 9.9.9.9.9";
        assert_eq!(
            matches(ip_addresses(text), text),
            ["56.1.1.1", "1.2.3.29", "9.9.9.9"]
        );
    }

    #[test]
    fn numbers_need_white_space_before_them() {
        let text = "5551234567 (555) 123-4567 555.1234567\n\t٣٣٣٣٣٣٣٣٣٣";
        assert_eq!(
            matches(phones(text), text),
            [" (555) 123-4567", " 555.1234567", "\n\t٣٣٣٣٣٣٣٣٣٣"]
        );
    }

    #[test]
    fn an_email_takes_the_punctuation_around_it() {
        let text = "mail: (me@here.org). Or a@b c";
        let found: Vec<_> = emails(text)
            .map(|email| (email.start, email.end, email.domain))
            .collect();
        assert_eq!(found, [(23, 28, "b")]);
        let text = "ask (me@here.org) now";
        let found: Vec<_> = emails(text)
            .map(|email| &text[email.start..email.end])
            .collect();
        assert_eq!(found, [" (me@here.org) "]);
    }

    #[test]
    fn an_empty_text_has_no_share() {
        let scores: Vec<f64> = pii_regex_with_counts_fast_v2("")
            .iter()
            .map(|span| span.score)
            .collect();
        assert_eq!(scores, [0.0, -1.0]);
    }
}
