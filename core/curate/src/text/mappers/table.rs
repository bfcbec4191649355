//! Removing tables that are written as text.

use std::borrow::Cow;
use std::ops::Range;

use crate::text::python;

/// Removes blocks of two or more lines with the same number of columns, from `min_col` to `max_col`: 2 and 20.
///
/// Columns are not empty and stand between single spaces, tabs or bars. A bar may also be part of a column, so a line
/// may count as one of several numbers of columns. Blank lines after a line of a block belong to it. The first line of
/// the text and a last one without a line feed are in no block. Numbers of columns are tried from the smallest, each on
/// what the one before left.
///
/// # Source
///
/// Data-Juicer 1.4.3, `remove_table_text_mapper`.
pub fn remove_table_text(text: &str, min_col: usize, max_col: usize) -> Cow<'_, str> {
    let mut lines: Vec<Line<'_>> = text.split_inclusive('\n').map(Line::of).collect();
    let n_lines = lines.len();
    let most = lines
        .iter()
        .map(|line| line.separators.end)
        .max()
        .unwrap_or(0);
    for n_separators in min_col.saturating_sub(1)..max_col.min(most) {
        remove_blocks(&mut lines, n_separators);
    }
    match lines.len() == n_lines {
        true => Cow::Borrowed(text),
        false => lines.iter().map(|line| line.text).collect(),
    }
}

struct Line<'a> {
    /// With its line feed.
    text: &'a str,
    /// Numbers of separators that the line can be read with; none if it is no row.
    separators: Range<usize>,
}

impl<'a> Line<'a> {
    fn of(text: &'a str) -> Self {
        let separators = text.strip_suffix('\n').and_then(separators).unwrap_or(0..0);
        Self { text, separators }
    }
}

fn separators(row: &str) -> Option<Range<usize>> {
    let (mut n_spaces, mut n_bars) = (0, 0);
    for part in row.split([' ', '\t']) {
        if part.is_empty() || part.contains(python::is_space) {
            return None;
        }
        n_spaces += 1;
        // A bar can separate if a character stands before it that is no separator, and one after it.
        let mut chars = part.chars().peekable();
        let mut in_column = false;
        while let Some(c) = chars.next() {
            let separates = c == '|' && in_column && chars.peek().is_some();
            n_bars += usize::from(separates);
            in_column = !separates;
        }
    }
    Some(n_spaces - 1..n_spaces + n_bars)
}

fn remove_blocks(lines: &mut Vec<Line<'_>>, n_separators: usize) {
    let is_row = |line: &Line<'_>| line.separators.contains(&n_separators);
    let mut blocks: Vec<Range<usize>> = Vec::new();
    let mut idx = 1;
    while idx < lines.len() {
        let start = idx;
        let mut n_rows = 0;
        while idx < lines.len() && is_row(&lines[idx]) {
            n_rows += 1;
            idx += 1;
            while idx < lines.len() && lines[idx].text == "\n" {
                idx += 1;
            }
        }
        if n_rows >= 2 {
            blocks.push(start..idx);
        }
        idx = idx.max(start + 1);
    }
    let mut blocks = blocks.into_iter().peekable();
    let mut at = 0;
    lines.retain(|_| {
        while blocks.next_if(|block| block.end <= at).is_some() {}
        let removed = blocks.peek().is_some_and(|block| block.contains(&at));
        at += 1;
        !removed
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_of_one_width_go() {
        let p = |text| remove_table_text(text, 2, 20).into_owned();
        assert_eq!(p("t\na b\nc d\ne"), "t\ne");
        // The first line, and a last one that does not end, stay.
        assert_eq!(p("a b\nc d\ne f"), "a b\nc d\ne f");
        assert_eq!(p("t\na b\n\n\nc d\n\ne"), "t\ne");
        assert_eq!(p("t\na  b\nc d\ne"), "t\na  b\nc d\ne");
        // A bar separates or belongs to a column.
        assert_eq!(p("t\na|b\nc d\n"), "t\n");
        assert_eq!(p("t\na||b c\nd e\n"), "t\n");
        assert_eq!(p("t\na b c\nd e\n"), "t\na b c\nd e\n");
    }
}
