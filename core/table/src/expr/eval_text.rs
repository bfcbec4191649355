//! Text functions. Positions and lengths count Unicode code points.

use regex::Regex;
use sluice_protocol::load::ColumnType;

use crate::expr::convert::all_missing;
use crate::expr::eval::both_present;
use crate::expr::functions::Function;
use crate::view::vector::{Data, OwnedTexts, Texts, Vector};

pub(super) fn call<'a>(function: Function, args: Vec<Vector<'a>>) -> Vector<'a> {
    use Function as F;
    let n = args.first().map_or(0, Vector::len);
    let present = args.iter().fold(None, |present, arg| {
        both_present(present, arg.present.clone())
    });
    let text = |arg: usize, idx: usize| match args.get(arg).map(|arg| &arg.data) {
        Some(Data::Text(texts)) => texts.get(idx),
        _ => "",
    };
    let int = |arg: usize, idx: usize| match args.get(arg).map(|arg| &arg.data) {
        Some(Data::Int(values)) => Some(values[idx]),
        _ => None,
    };
    match function {
        F::Length => {
            let lengths = (0..n)
                .map(|idx| text(0, idx).chars().count() as i64)
                .collect();
            Vector {
                column_type: ColumnType::Integer,
                data: Data::Int(lengths),
                present,
            }
        }
        F::Contains => booleans(
            present,
            (0..n).map(|idx| text(0, idx).contains(text(1, idx))),
        ),
        F::StartsWith => booleans(
            present,
            (0..n).map(|idx| text(0, idx).starts_with(text(1, idx))),
        ),
        F::EndsWith => booleans(
            present,
            (0..n).map(|idx| text(0, idx).ends_with(text(1, idx))),
        ),
        F::Lower => written(n, present, |out, idx| lower(out, text(0, idx))),
        F::Upper => written(n, present, |out, idx| upper(out, text(0, idx))),
        F::Trim => written(n, present, |out, idx| out.push_str(text(0, idx).trim())),
        F::Replace => written(n, present, |out, idx| match text(1, idx) {
            // Rust would put the replacement between all characters.
            "" => out.push_str(text(0, idx)),
            from => out.push_str(&text(0, idx).replace(from, text(2, idx))),
        }),
        F::Substring => written(n, present, |out, idx| {
            let start = int(1, idx).unwrap_or(1);
            out.push_str(substring(text(0, idx), start, int(2, idx)));
        }),
        F::Concat => written(n, present, |out, idx| {
            (0..args.len()).for_each(|arg| out.push_str(text(arg, idx)));
        }),
        F::SplitPart => {
            let parts = (0..n).map(|idx| split_part(text(0, idx), text(1, idx), int(2, idx)));
            optional_texts(present, parts)
        }
        _ => all_missing(ColumnType::Text, n),
    }
}

pub(super) fn regex<'a>(
    function: Function,
    text: Vector<'a>,
    pattern: &Regex,
    group: usize,
) -> Vector<'a> {
    let Data::Text(texts) = &text.data else {
        return text;
    };
    // A pattern may be slow, and slots of missing values hold nothing of interest.
    let read = |idx: usize| {
        if text.is_present(idx) {
            texts.get(idx)
        } else {
            ""
        }
    };
    if function == Function::RegexMatch {
        let matches = (0..texts.len()).map(|idx| pattern.is_match(read(idx)));
        return booleans(text.present.clone(), matches);
    }
    let found = (0..texts.len()).map(|idx| {
        if group == 0 {
            return pattern.find(read(idx)).map(|found| found.as_str());
        }
        pattern
            .captures(read(idx))?
            .get(group)
            .map(|found| found.as_str())
    });
    optional_texts(text.present.clone(), found)
}

fn booleans<'a>(present: Option<Vec<bool>>, values: impl Iterator<Item = bool>) -> Vector<'a> {
    Vector {
        column_type: ColumnType::Boolean,
        data: Data::Bool(values.collect()),
        present,
    }
}

fn written<'a>(
    n: usize,
    present: Option<Vec<bool>>,
    write: impl Fn(&mut String, usize),
) -> Vector<'a> {
    let mut texts = OwnedTexts::with_capacity(n);
    for idx in 0..n {
        let is_present = present.as_ref().is_none_or(|present| present[idx]);
        texts.push_with(|out| {
            if is_present {
                write(out, idx);
            }
        });
    }
    Vector {
        column_type: ColumnType::Text,
        data: Data::Text(Texts::Owned(texts)),
        present,
    }
}

fn optional_texts<'a, 't>(
    present: Option<Vec<bool>>,
    values: impl Iterator<Item = Option<&'t str>>,
) -> Vector<'a> {
    let mut texts = OwnedTexts::with_capacity(values.size_hint().0);
    let mut found = Vec::with_capacity(values.size_hint().0);
    for value in values {
        found.push(value.is_some());
        texts.push(value.unwrap_or(""));
    }
    let present = both_present(present, found.contains(&false).then_some(found));
    Vector {
        column_type: ColumnType::Text,
        data: Data::Text(Texts::Owned(texts)),
        present,
    }
}

/// ASCII is several times as fast on its own.
fn lower(out: &mut String, text: &str) {
    if text.is_ascii() {
        let start = out.len();
        out.push_str(text);
        out[start..].make_ascii_lowercase();
    } else {
        out.push_str(&text.to_lowercase());
    }
}

fn upper(out: &mut String, text: &str) {
    if text.is_ascii() {
        let start = out.len();
        out.push_str(text);
        out[start..].make_ascii_uppercase();
    } else {
        out.push_str(&text.to_uppercase());
    }
}

/// `length` characters from character `start`, counted from 1. Characters before the first count
/// towards the length, as in SQL: `substring('abc', 0, 2)` is `'a'`.
fn substring(text: &str, start: i64, length: Option<i64>) -> &str {
    let end = length.map_or(i64::MAX, |length| start.saturating_add(length.max(0)));
    let byte_at = |position: i64| {
        let n_before = usize::try_from(position.saturating_sub(1)).unwrap_or(0);
        text.char_indices()
            .nth(n_before)
            .map_or(text.len(), |(byte, _)| byte)
    };
    let (from, to) = (byte_at(start), byte_at(end));
    if from < to { &text[from..to] } else { "" }
}

fn split_part<'t>(text: &'t str, separator: &str, n: Option<i64>) -> Option<&'t str> {
    let nth = usize::try_from(n?.checked_sub(1)?).ok()?;
    if separator.is_empty() {
        return (nth == 0).then_some(text);
    }
    text.split(separator).nth(nth)
}
