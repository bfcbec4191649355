//! How long tables are cut so that a checkpoint comes at least every 20 ms.

use std::ops::Range;

use polars_core::prelude::{Column, DataType};

/// Most rows between two checkpoints: at 1 µs a row, which bounds every kernel but the text ones, 16 ms.
pub(crate) const SLICE_ROWS: usize = 16_384;

/// Most bytes of text between two checkpoints, unless one value is larger: a regular expression
/// takes about 5 ms for them, natively.
pub(crate) const SLICE_TEXT_BYTES: usize = 1 << 20;

/// Consecutive ranges that cover `0..n_rows`, each with at most [`SLICE_ROWS`] rows
/// and about [`SLICE_TEXT_BYTES`] of text in `columns`.
pub(crate) fn row_slices<'a>(
    columns: &[&'a Column],
    n_rows: usize,
) -> impl Iterator<Item = Range<usize>> + use<'a> {
    let mut lengths: Vec<TextLengths<'a>> =
        columns.iter().filter_map(|column| TextLengths::new(column)).collect();
    let mut start = 0;
    std::iter::from_fn(move || {
        if start >= n_rows {
            return None;
        }
        let most = SLICE_ROWS.min(n_rows - start);
        let mut n_slice_rows = most;
        if !lengths.is_empty() {
            let mut n_bytes = 0;
            n_slice_rows = 0;
            while n_slice_rows < most && (n_bytes < SLICE_TEXT_BYTES || n_slice_rows == 0) {
                n_bytes += lengths.iter_mut().map(TextLengths::next_length).sum::<usize>();
                n_slice_rows += 1;
            }
        }
        let slice = start..start + n_slice_rows;
        start = slice.end;
        Some(slice)
    })
}

/// Byte lengths of a text column, row by row.
struct TextLengths<'a> {
    lengths: Box<dyn Iterator<Item = u32> + 'a>,
}

impl<'a> TextLengths<'a> {
    fn new(column: &'a Column) -> Option<Self> {
        let series = column.as_materialized_series();
        let lengths: Box<dyn Iterator<Item = u32> + 'a> = match series.dtype() {
            DataType::String => {
                Box::new(series.str().ok()?.downcast_iter().flat_map(|array| array.len_iter()))
            }
            DataType::Binary => {
                Box::new(series.binary().ok()?.downcast_iter().flat_map(|array| array.len_iter()))
            }
            _ => return None,
        };
        Some(Self { lengths })
    }

    fn next_length(&mut self) -> usize {
        self.lengths.next().unwrap_or(0) as usize
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
