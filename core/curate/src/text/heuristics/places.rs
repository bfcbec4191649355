//! Where the parts of a text stand, for a person to see what a measure found.

use std::collections::HashSet;

use super::spans::{CodePoints, Span};

/// A span for each part of `text` for which `holds`, in code points. Parts are slices of the text, in order.
pub fn places<'a>(
    text: &'a str,
    parts: impl Iterator<Item = &'a str>,
    kind: &'static str,
    mut holds: impl FnMut(&'a str) -> bool,
) -> Vec<Span> {
    let mut points = CodePoints::new(text);
    let mut spans = Vec::new();
    for part in parts.filter(|part| holds(part)) {
        let start = (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
        let first = points.before(start);
        spans.push(Span::new(
            first,
            points.before(start + part.len()),
            kind,
            1.0,
        ));
    }
    spans
}

/// A span for each part that stood in the text before; empty parts have none.
pub fn repeats<'a>(
    text: &'a str,
    parts: impl Iterator<Item = &'a str>,
    kind: &'static str,
) -> Vec<Span> {
    let mut seen = HashSet::new();
    places(text, parts, kind, |part| {
        !part.is_empty() && !seen.insert(part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_code_points() {
        let of = |spans: Vec<Span>| -> Vec<(usize, usize)> {
            spans.iter().map(|span| (span.start, span.end)).collect()
        };
        let text = "é\nab\né\n\n";
        assert_eq!(of(repeats(text, text.split('\n'), "line")), [(5, 6)]);
        let long = places(text, text.split('\n'), "line", |line| line == "ab");
        assert_eq!(of(long), [(2, 4)]);
    }
}
