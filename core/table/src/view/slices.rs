//! How long tables are cut so that a checkpoint comes at least every 20 ms.

use std::ops::Range;

use polars_core::prelude::{Column, DataType};
use polars_core::utils::arrow::array::{BinaryViewArray, Utf8ViewArray, View};

/// Most rows between two checkpoints: at 1 µs a row, which bounds every kernel but the text ones, 16 ms.
pub(crate) const SLICE_ROWS: usize = 16_384;

/// Most bytes of text between two checkpoints, unless one value is larger: a regular expression takes
/// about 5 ms for them, natively.
pub(crate) const SLICE_TEXT_BYTES: usize = 1 << 20;

/// Consecutive ranges that cover `0..n_rows`, each with at most [`SLICE_ROWS`] rows
/// and [`SLICE_TEXT_BYTES`] of text in `columns`.
pub(crate) fn row_slices<'a>(
    columns: &[&'a Column],
    n_rows: usize,
) -> impl Iterator<Item = Range<usize>> + use<'a> {
    let mut lengths: Vec<TextLengths<'a>> = columns
        .iter()
        .filter_map(|column| TextLengths::new(column))
        .collect();
    let mut start = 0;
    std::iter::from_fn(move || {
        if start >= n_rows {
            return None;
        }
        let mut n_slice_rows = SLICE_ROWS.min(n_rows - start);
        loop {
            let slice = start..start + n_slice_rows;
            let n_bytes: usize = lengths
                .iter_mut()
                .map(|lengths| lengths.n_bytes(slice.clone()))
                .sum();
            if n_bytes <= SLICE_TEXT_BYTES || n_slice_rows == 1 {
                start = slice.end;
                return Some(slice);
            }
            n_slice_rows = n_slice_rows.div_ceil(2);
        }
    })
}

/// Byte lengths of a text column, asked for in ascending order.
struct TextLengths<'a> {
    chunks: Vec<Lengths<'a>>,
    /// The chunk where the last question began, and its first row.
    chunk_idx: usize,
    first_row: usize,
}

enum Lengths<'a> {
    Text(&'a Utf8ViewArray),
    Binary(&'a BinaryViewArray),
}

impl<'a> TextLengths<'a> {
    fn new(column: &'a Column) -> Option<Self> {
        let series = column.as_materialized_series();
        let chunks = match series.dtype() {
            DataType::String => series
                .str()
                .ok()?
                .downcast_iter()
                .map(Lengths::Text)
                .collect(),
            DataType::Binary => series
                .binary()
                .ok()?
                .downcast_iter()
                .map(Lengths::Binary)
                .collect(),
            _ => return None,
        };
        Some(Self {
            chunks,
            chunk_idx: 0,
            first_row: 0,
        })
    }

    fn n_bytes(&mut self, rows: Range<usize>) -> usize {
        while let Some(chunk) = self.chunks.get(self.chunk_idx)
            && self.first_row + chunk.views().len() <= rows.start
        {
            self.first_row += chunk.views().len();
            self.chunk_idx += 1;
        }
        let mut first_row = self.first_row;
        let mut n_bytes = 0;
        for chunk in &self.chunks[self.chunk_idx..] {
            let views = chunk.views();
            if first_row >= rows.end {
                break;
            }
            let from = rows.start.saturating_sub(first_row);
            let to = (rows.end - first_row).min(views.len());
            n_bytes += views[from..to]
                .iter()
                .map(|view| view.length as usize)
                .sum::<usize>();
            first_row += views.len();
        }
        n_bytes
    }
}

impl Lengths<'_> {
    fn views(&self) -> &[View] {
        match self {
            Self::Text(array) => array.views(),
            Self::Binary(array) => array.views(),
        }
    }
}

#[cfg(test)]
mod tests {
    use polars_core::prelude::NamedFrom as _;
    use polars_core::prelude::{IntoColumn as _, Series};

    use super::*;

    #[test]
    fn slices_cover_all_rows_once() {
        for n_rows in [0, 1, SLICE_ROWS, SLICE_ROWS + 1, 5 * SLICE_ROWS - 3] {
            let mut next = 0;
            for slice in row_slices(&[], n_rows) {
                assert_eq!(slice.start, next);
                assert!(!slice.is_empty() && slice.len() <= SLICE_ROWS);
                next = slice.end;
            }
            assert_eq!(next, n_rows);
        }
    }

    #[test]
    fn long_texts_shorten_slices() {
        let texts: Vec<String> = (0..40).map(|i| "x".repeat(100_000 * (i % 3))).collect();
        let column = Series::new("text".into(), texts).into_column();
        let slices: Vec<Range<usize>> = row_slices(&[&column], 40).collect();
        assert_eq!(slices.iter().map(Range::len).sum::<usize>(), 40);
        assert!(slices.iter().all(|slice| slice.len() <= 13), "{slices:?}");
    }
}
