//! Walking over a column in slices that lie within one chunk, and over the rows that take part.

use std::ops::Range;

use polars_arrow::array::{Array, ArrayRef};
use polars_arrow::bitmap::Bitmap as Validity;
use sluice_stats::bits::Bitmap;

/// Rows of one slice at most: the scratch of a slice (128 KiB of `u64`) stays in the L2 cache.
pub(super) const SLICE_ROWS: usize = 1 << 14;

/// A column and the rows of it that are looked at.
#[derive(Clone, Copy)]
pub(super) struct Scan<'a> {
    pub(super) chunks: &'a [ArrayRef],
    /// `None` means all rows.
    pub(super) selection: Option<&'a Bitmap>,
    pub(super) slice_rows: usize,
}

/// Consecutive rows of one chunk.
#[derive(Clone, Copy)]
pub(super) struct Slice<'a> {
    pub(super) array: &'a dyn Array,
    /// Position of the first row in the array.
    pub(super) start: usize,
    pub(super) len: usize,
    /// Row number of the first row in the table.
    pub(super) first_row: usize,
}

impl<'a> Scan<'a> {
    pub(super) fn slices(self) -> impl Iterator<Item = Slice<'a>> {
        let mut first_row = 0;
        self.chunks.iter().flat_map(move |chunk| {
            let chunk_row = first_row;
            first_row += chunk.len();
            (0..chunk.len())
                .step_by(self.slice_rows)
                .map(move |start| Slice {
                    array: chunk.as_ref(),
                    start,
                    len: self.slice_rows.min(chunk.len() - start),
                    first_row: chunk_row + start,
                })
        })
    }

    /// Rows that are looked at, missing values included.
    pub(super) fn n_selected(&self) -> usize {
        match self.selection {
            Some(selection) => selection.count_ones(),
            None => self.chunks.iter().map(|chunk| chunk.len()).sum(),
        }
    }
}

/// Reads several columns side by side, although their chunks end at different rows.
pub(super) struct Cursor<'a> {
    chunks: &'a [ArrayRef],
    /// Row number of the first row of `chunks[0]`.
    first_row: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(chunks: &'a [ArrayRef]) -> Self {
        Self {
            chunks,
            first_row: 0,
        }
    }

    /// The pieces of the column that make up `rows`, in order; ranges must not go back.
    pub(super) fn pieces(&mut self, rows: Range<usize>) -> Vec<Slice<'a>> {
        let mut pieces = Vec::new();
        while let Some((chunk, rest)) = self.chunks.split_first() {
            let end_row = self.first_row + chunk.len();
            let (from, to) = (rows.start.max(self.first_row), rows.end.min(end_row));
            if from < to {
                let start = from - self.first_row;
                pieces.push(Slice {
                    array: chunk.as_ref(),
                    start,
                    len: to - from,
                    first_row: from,
                });
            }
            if rows.end < end_row {
                break;
            }
            (self.chunks, self.first_row) = (rest, end_row);
        }
        pieces
    }
}

/// The rows of a slice that are selected and not null.
#[derive(Default)]
pub(super) struct Present {
    n_rows: usize,
    n_selected: usize,
    /// Positions in the slice, ascending; unused where every row is present.
    positions: Vec<u32>,
    all: bool,
}

impl Present {
    /// Finds the present rows of `slice`, forgetting those of the slice before.
    pub(super) fn find(&mut self, slice: &Slice<'_>, selection: Option<&Bitmap>) {
        self.n_rows = slice.len;
        self.n_selected = slice.len;
        let validity = slice.array.validity().filter(|validity| {
            validity.lazy_unset_bits() != Some(0)
                && validity.null_count_range(slice.start, slice.len) > 0
        });
        self.all = validity.is_none() && selection.is_none();
        if self.all {
            return;
        }
        self.positions.clear();
        self.n_selected = 0;
        for offset in (0..slice.len).step_by(64) {
            let n_bits = (slice.len - offset).min(64);
            let selected = selection.map_or(u64::MAX, |selection| {
                word_at(selection, slice.first_row + offset)
            }) & u64::MAX >> (64 - n_bits);
            self.n_selected += selected.count_ones() as usize;
            let mut present = selected
                & validity.map_or(u64::MAX, |validity| {
                    validity_word_at(validity, slice.start + offset)
                });
            while present != 0 {
                self.positions
                    .push(offset as u32 + present.trailing_zeros());
                present &= present - 1;
            }
        }
    }

    /// Takes all of `n_rows` rows.
    #[cfg(test)]
    pub(super) fn all(n_rows: usize) -> Self {
        Self {
            n_rows,
            n_selected: n_rows,
            positions: Vec::new(),
            all: true,
        }
    }

    /// Present rows.
    pub(super) fn len(&self) -> usize {
        if self.all {
            self.n_rows
        } else {
            self.positions.len()
        }
    }

    pub(super) fn n_selected(&self) -> usize {
        self.n_selected
    }

    pub(super) fn n_nulls(&self) -> usize {
        self.n_selected - self.len()
    }

    /// Positions in the slice, ascending; `None` means all.
    pub(super) fn positions(&self) -> Option<&[u32]> {
        (!self.all).then_some(&self.positions)
    }

    /// Position in the slice of the `idx`-th present row.
    pub(super) fn position(&self, idx: usize) -> usize {
        if self.all {
            idx
        } else {
            self.positions[idx] as usize
        }
    }

    /// Calls `visit` with the position of every present row.
    #[inline]
    pub(super) fn for_each(&self, mut visit: impl FnMut(usize)) {
        match self.positions() {
            None => (0..self.n_rows).for_each(visit),
            Some(positions) => positions
                .iter()
                .for_each(|&position| visit(position as usize)),
        }
    }
}

/// The 64 selection bits from `row` on; bits beyond the end are clear.
fn word_at(selection: &Bitmap, row: usize) -> u64 {
    let words = selection.words();
    let (word_idx, shift) = (row / 64, row % 64);
    let low = words.get(word_idx).map_or(0, |word| word >> shift);
    match (shift, words.get(word_idx + 1)) {
        (1.., Some(next)) => low | next << (64 - shift),
        _ => low,
    }
}

/// The 64 validity bits from `position` on; bits beyond the end may be anything.
fn validity_word_at(validity: &Validity, position: usize) -> u64 {
    let (bytes, offset, _) = validity.as_slice();
    let bit = offset + position;
    let (byte_idx, shift) = (bit / 8, bit % 8);
    let mut window = [0_u8; 16];
    let available = bytes.get(byte_idx..).unwrap_or_default();
    let n_bytes = available.len().min(9);
    window[..n_bytes].copy_from_slice(&available[..n_bytes]);
    (u128::from_le_bytes(window) >> shift) as u64
}

#[cfg(test)]
mod tests {
    use polars_arrow::array::Int32Array;

    use super::*;

    fn check(
        n: usize,
        start: usize,
        valid: impl Fn(usize) -> bool,
        selected: impl Fn(usize) -> bool,
    ) {
        let array = Int32Array::from((0..n).map(|i| valid(i).then_some(1)).collect::<Vec<_>>());
        let array = array.sliced(1, n - 1);
        let selection = Bitmap::from_fn(n + 100, &selected);
        let slice = Slice {
            array: &array,
            start,
            len: n - 1 - start,
            first_row: start + 3,
        };
        let mut present = Present::default();
        present.find(&slice, Some(&selection));
        let mut found = Vec::new();
        present.for_each(|position| found.push(position));
        let in_selection = |i: &usize| selected(slice.first_row + i);
        let expected: Vec<usize> = (0..slice.len)
            .filter(in_selection)
            .filter(|i| valid(1 + start + i))
            .collect();
        assert_eq!(found, expected);
        assert_eq!(
            present.n_selected(),
            (0..slice.len).filter(in_selection).count()
        );
        assert_eq!(present.n_nulls(), present.n_selected() - expected.len());
    }

    #[test]
    fn pieces_of_rows_cross_chunks() {
        let chunks: Vec<ArrayRef> = [3, 0, 2, 5]
            .map(|len| Int32Array::from_vec(vec![1; len]).boxed())
            .into_iter()
            .collect();
        let mut cursor = Cursor::new(&chunks);
        let mut pieces = |rows: Range<usize>| {
            let pieces = cursor.pieces(rows);
            pieces
                .iter()
                .map(|piece| (piece.first_row, piece.start, piece.len))
                .collect::<Vec<_>>()
        };
        assert_eq!(pieces(0..2), [(0, 0, 2)]);
        assert_eq!(pieces(2..6), [(2, 2, 1), (3, 0, 2), (5, 0, 1)]);
        assert_eq!(pieces(6..10), [(6, 1, 4)]);
        assert_eq!(pieces(10..10), []);
    }

    #[test]
    fn present_rows_are_selected_and_valid() {
        check(300, 0, |i| i % 3 > 0, |row| row % 2 == 0);
        check(300, 7, |i| i % 5 > 0, |row| row > 100);
        check(65, 1, |_| true, |row| row != 40);
        check(200, 130, |i| i == 150, |_| true);
        check(2, 0, |_| false, |_| true);
    }
}
