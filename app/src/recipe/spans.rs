//! Parts of a text that something was found in. Offsets are code points; parts may overlap.

use sluice_protocol::recipe::FoundSpan;

/// A part of a text that lies in the same spans throughout.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    pub text: String,
    /// Positions of the spans, ascending.
    pub spans: Vec<usize>,
}

/// Cuts a text at both ends of every range. Ranges beyond the text are cut off, empty ones are left out.
pub fn split(text: &str, ranges: &[(u32, u32)]) -> Vec<Piece> {
    let n_chars = text.chars().count();
    let clipped: Vec<(usize, usize)> = ranges
        .iter()
        .map(|(start, end)| ((*start as usize).min(n_chars), (*end as usize).min(n_chars)))
        .collect();
    let mut cuts: Vec<usize> = clipped
        .iter()
        .filter(|(start, end)| start < end)
        .flat_map(|(start, end)| [*start, *end])
        .chain([0, n_chars])
        .collect();
    cuts.sort_unstable();
    cuts.dedup();
    let mut rest = text.chars();
    cuts.windows(2)
        .map(|pair| {
            let inside = clipped
                .iter()
                .enumerate()
                .filter(|(_, (start, end))| *start <= pair[0] && pair[1] <= *end);
            Piece {
                spans: inside.map(|(idx, _)| idx).collect(),
                text: rest.by_ref().take(pair[1] - pair[0]).collect(),
            }
        })
        .collect()
}

/// Kinds of findings in the order of first appearance in the text, with how many there are of each.
pub fn kinds(spans: &[FoundSpan]) -> Vec<(String, usize)> {
    let mut ordered: Vec<&FoundSpan> = spans.iter().collect();
    ordered.sort_by_key(|span| span.start);
    let mut kinds: Vec<(String, usize)> = Vec::new();
    for span in ordered {
        match kinds.iter_mut().find(|(kind, _)| *kind == span.kind) {
            Some((_, n)) => *n += 1,
            None => kinds.push((span.kind.clone(), 1)),
        }
    }
    kinds
}

/// The finding after (or before) the current one, of those that are shown; round at the ends.
pub fn next(
    spans: &[FoundSpan],
    is_shown: impl Fn(&str) -> bool,
    current: Option<usize>,
    forward: bool,
) -> Option<usize> {
    let mut order: Vec<usize> = (0..spans.len())
        .filter(|idx| is_shown(&spans[*idx].kind))
        .collect();
    order.sort_by_key(|idx| (spans[*idx].start, spans[*idx].end));
    let n = order.len();
    let place = current.and_then(|current| order.iter().position(|idx| *idx == current));
    let to = match (place, forward) {
        _ if n == 0 => return None,
        (None, true) => 0,
        (None, false) => n - 1,
        (Some(place), true) => (place + 1) % n,
        (Some(place), false) => (place + n - 1) % n,
    };
    Some(order[to])
}

/// White space that can be seen: spaces, tabs, line ends and their rarer relatives.
pub fn visible_space(text: &str) -> String {
    let mut visible = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => visible.push_str("↵\n"),
            '\r' => visible.push('␍'),
            '\t' => visible.push('⇥'),
            ' ' => visible.push('·'),
            c if c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}') => visible.push('⍽'),
            c => visible.push(c),
        }
    }
    visible
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(start: u32, end: u32, kind: &str) -> FoundSpan {
        FoundSpan {
            start,
            end,
            kind: kind.to_owned(),
            step: 1,
        }
    }

    #[track_caller]
    fn check(text: &str, ranges: &[(u32, u32)], expected: &[(&str, &[usize])]) {
        let pieces = split(text, ranges);
        let got: Vec<(&str, &[usize])> = pieces
            .iter()
            .map(|p| (p.text.as_str(), p.spans.as_slice()))
            .collect();
        assert_eq!(got, expected);
    }

    #[test]
    fn texts_are_cut_at_code_points() {
        check("aäöz", &[(1, 3)], &[("a", &[]), ("äö", &[0]), ("z", &[])]);
        check("👍🏽 ok", &[(0, 2)], &[("👍🏽", &[0]), (" ok", &[])]);
    }

    #[test]
    fn overlaps_belong_to_both() {
        check(
            "abcdef",
            &[(0, 4), (2, 6)],
            &[("ab", &[0]), ("cd", &[0, 1]), ("ef", &[1])],
        );
        check("abc", &[(0, 3), (0, 3)], &[("abc", &[0, 1])]);
    }

    #[test]
    fn what_is_beyond_the_text_is_cut_off() {
        check(
            "abc",
            &[(1, 99), (50, 60), (2, 2)],
            &[("a", &[]), ("bc", &[0])],
        );
        check("", &[(0, 1)], &[]);
        check("abc", &[], &[("abc", &[])]);
    }

    #[test]
    fn findings_are_walked_in_the_order_of_the_text() {
        let spans = [span(9, 12, "word"), span(1, 3, "mail"), span(5, 6, "word")];
        let all = |_: &str| true;
        assert_eq!(next(&spans, all, None, true), Some(1));
        assert_eq!(next(&spans, all, Some(1), true), Some(2));
        assert_eq!(next(&spans, all, Some(0), true), Some(1));
        assert_eq!(next(&spans, all, None, false), Some(0));
        let words = |kind: &str| kind == "word";
        assert_eq!(next(&spans, words, Some(1), true), Some(2));
        assert_eq!(next(&spans, |_: &str| false, None, true), None);
        assert_eq!(
            kinds(&spans),
            [("mail".to_owned(), 1), ("word".to_owned(), 2)]
        );
    }

    #[test]
    fn white_space_can_be_seen() {
        assert_eq!(visible_space(" \t\n\u{a0}"), "·⇥↵\n⍽");
    }
}
