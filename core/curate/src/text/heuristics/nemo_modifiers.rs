//! NeMo Curator's modifiers of text.
//!
//! Source: NeMo Curator at 1e2e4275 (`stages/text/modifiers`), Apache-2.0.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::text::python;

/// Removes lines, between `\n`, that are one of `patterns`.
pub fn remove_lines(text: &str, patterns: &HashSet<&str>) -> String {
    let kept: Vec<&str> = text
        .split('\n')
        .filter(|line| !patterns.contains(line))
        .collect();
    kept.join("\n")
}

/// Makes runs of three or more line ends two: first of `\n`, then of `\r\n`.
pub fn normalize_newlines(text: &str) -> String {
    shorten_runs(&shorten_runs(text, "\n"), "\r\n")
}

fn shorten_runs(text: &str, unit: &str) -> String {
    let mut shortened = String::with_capacity(text.len());
    let mut n_in_run = 0;
    for piece in text.split_inclusive(unit) {
        // A piece longer than the unit starts a new run.
        n_in_run = if piece == unit { n_in_run + 1 } else { 1 };
        if n_in_run <= 2 || !piece.ends_with(unit) {
            shortened.push_str(piece);
        }
    }
    shortened
}

/// Removes `http://`, `https://` and `www.`, in any case, with what follows up to white space, if anything does.
pub fn remove_urls(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['h', 'H', 'w', 'W']) {
        kept.push_str(&rest[..at]);
        rest = &rest[at..];
        let body = ["https://", "http://", "www."]
            .into_iter()
            .find_map(|scheme| {
                let (start, body) = rest.split_at_checked(scheme.len())?;
                let is_url = start.eq_ignore_ascii_case(scheme)
                    && body.chars().next().is_some_and(|c| !python::is_space(c));
                is_url.then_some(body)
            });
        match body {
            Some(body) => rest = body.trim_start_matches(|c| !python::is_space(c)),
            None => {
                kept.push_str(&rest[..1]);
                rest = &rest[1..];
            }
        }
    }
    kept.push_str(rest);
    kept
}

/// Removes the marks of `**bold**`, then of `*italic*`, then of `_underline_`, and makes `[text](address)` its address.
///
/// Marks pair up within a line from the left, inside words too: `a_b_c` becomes `abc`.
pub fn remove_markdown(text: &str) -> String {
    let lines = text.split('\n').map(|line| {
        let mut line = Cow::Borrowed(line);
        for mark in ["**", "*", "_"] {
            if line.contains(mark) {
                line = Cow::Owned(unwrap_pairs(&line, mark));
            }
        }
        if line.contains("](") {
            Cow::Owned(unwrap_links(&line))
        } else {
            line
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn unwrap_pairs(line: &str, mark: &str) -> String {
    let mut unwrapped = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, after)) = rest.split_once(mark) {
        let Some((inside, after)) = after.split_once(mark) else {
            break;
        };
        unwrapped.push_str(before);
        unwrapped.push_str(inside);
        rest = after;
    }
    unwrapped.push_str(rest);
    unwrapped
}

fn unwrap_links(line: &str) -> String {
    let mut unwrapped = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('[') {
        let address = after
            .split_once("](")
            .and_then(|(_, after)| after.split_once(')'));
        let Some((address, after)) = address else {
            break;
        };
        unwrapped.push_str(before);
        unwrapped.push_str(address);
        rest = after;
    }
    unwrapped.push_str(rest);
    unwrapped
}

/// Removes the `"` at both ends of a text of more than two visible characters.
///
/// They stay if the text has several lines of which the first ends with `"`: then they quote that line.
pub fn remove_quotation(text: &str) -> &str {
    let stripped = python::strip(text);
    let inside = text
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    let Some(inside) = inside.filter(|_| python::len(stripped) > 2) else {
        return text;
    };
    let quotes_first_line = stripped.contains('\n')
        && text
            .split('\n')
            .next()
            .is_some_and(|line| line.ends_with('"'));
    if quotes_first_line { text } else { inside }
}

/// An end of a slice.
#[derive(Clone, Copy, Debug)]
pub enum Edge<'a> {
    /// Of the text.
    Text,
    /// In code points; negative ones count from the end.
    Index(i64),
    /// The first occurrence for the left end, the last one for the right; without any, the slice is empty.
    Of { mark: &'a str, included: bool },
}

/// The part of a text between two ends; empty where they cross.
pub fn slice<'a>(text: &'a str, left: Edge<'_>, right: Edge<'_>) -> &'a str {
    let start = match left {
        Edge::Text => Some(0),
        Edge::Index(index) => Some(byte_at(text, index)),
        Edge::Of { mark, included } => text
            .find(mark)
            .map(|at| if included { at } else { at + mark.len() }),
    };
    let end = match right {
        Edge::Text => Some(text.len()),
        Edge::Index(index) => Some(byte_at(text, index)),
        Edge::Of { mark, included } => text
            .rfind(mark)
            .map(|at| if included { at + mark.len() } else { at }),
    };
    start
        .zip(end)
        .and_then(|(start, end)| text.get(start..end))
        .unwrap_or_default()
}

/// The byte at which a code point starts, with Python's rules for slices: clipped to the text.
fn byte_at(text: &str, index: i64) -> usize {
    let distance = usize::try_from(index.unsigned_abs()).unwrap_or(usize::MAX);
    let mut starts = text.char_indices().map(|(at, _)| at);
    match distance.checked_sub(1) {
        Some(before_last) if index < 0 => starts.nth_back(before_last).unwrap_or(0),
        _ => starts.nth(distance).unwrap_or(text.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_line_ends_become_two() {
        assert_eq!(
            normalize_newlines("\n\n\na\n\n\n\nb\n\nc\n\n\n"),
            "\n\na\n\nb\n\nc\n\n"
        );
        assert_eq!(
            normalize_newlines("a\r\n\r\n\r\n\r\nb\r\n"),
            "a\r\n\r\nb\r\n"
        );
        assert_eq!(normalize_newlines("a\n\n\r\n"), "a\n\n\r\n");
    }

    #[test]
    fn urls_need_a_body() {
        assert_eq!(
            remove_urls("www. wwww.x http://  HTTPS://a.b\u{a0}é"),
            "www. w http://  \u{a0}é"
        );
    }

    #[test]
    fn marks_pair_up_from_the_left() {
        assert_eq!(remove_markdown("a_b_c_d ***x*** ["), "abc_d x [");
        assert_eq!(remove_markdown("[a [b](c) d](e) [f](g"), "c d](e) [f](g");
        assert_eq!(remove_markdown("*a\nb*"), "*a\nb*");
    }

    #[test]
    fn quotes_of_the_first_line_stay() {
        assert_eq!(remove_quotation("\"a\"\nb\""), "\"a\"\nb\"");
        assert_eq!(remove_quotation("\"a\nb\""), "a\nb");
        assert_eq!(remove_quotation("\""), "\"");
    }

    #[test]
    fn slices_follow_python() {
        let of = |mark| Edge::Of {
            mark,
            included: true,
        };
        assert_eq!(slice("aéb", Edge::Index(-2), Edge::Index(9)), "éb");
        assert_eq!(slice("aéb", Edge::Index(-9), Edge::Index(-1)), "aé");
        assert_eq!(slice("aéb", Edge::Index(2), Edge::Index(1)), "");
        assert_eq!(slice("a-b-c", of("-"), of("-")), "-b-");
        assert_eq!(slice("a-b", of("+"), Edge::Text), "");
    }
}
