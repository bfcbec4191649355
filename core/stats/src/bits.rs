//! Selections of rows: one bit per row, 64 to a word, lowest bit first.
//!
//! **Invariant.** Bits at and beyond `len` are zero in every [`Bitmap`].

use std::ops::Range;

const WORD_BITS: usize = u64::BITS as usize;

/// A set of row numbers below `len`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bitmap {
    words: Vec<u64>,
    len: usize,
}

impl Bitmap {
    /// No row of `len` is selected.
    pub fn new_clear(len: usize) -> Self {
        Self {
            words: vec![0; len.div_ceil(WORD_BITS)],
            len,
        }
    }

    /// All `len` rows are selected.
    pub fn new_set(len: usize) -> Self {
        let mut bitmap = Self {
            words: vec![u64::MAX; len.div_ceil(WORD_BITS)],
            len,
        };
        bitmap.clear_tail();
        bitmap
    }

    /// Selects the rows for which `selected` is true; it is called once per row, in order.
    pub fn from_fn(len: usize, mut selected: impl FnMut(usize) -> bool) -> Self {
        let mut bitmap = Self::new_clear(len);
        for (word_idx, word) in bitmap.words.iter_mut().enumerate() {
            let start = word_idx * WORD_BITS;
            for row in start..len.min(start + WORD_BITS) {
                *word |= u64::from(selected(row)) << (row - start);
            }
        }
        bitmap
    }

    /// Takes over words as [`Bitmap::words`] gives them; missing words are zero,
    /// superfluous words and bits beyond `len` are dropped.
    pub fn from_words(mut words: Vec<u64>, len: usize) -> Self {
        words.resize(len.div_ceil(WORD_BITS), 0);
        let mut bitmap = Self { words, len };
        bitmap.clear_tail();
        bitmap
    }

    /// Number of rows, selected or not.
    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The bits, 64 rows to a word, lowest bit first; bits beyond `len` are zero.
    pub fn words(&self) -> &[u64] {
        &self.words
    }

    /// Whether `row` is selected; rows at and beyond `len` are not.
    #[inline]
    pub fn get(&self, row: usize) -> bool {
        self.words
            .get(row / WORD_BITS)
            .is_some_and(|word| word >> (row % WORD_BITS) & 1 == 1)
    }

    /// Selects or deselects `row`; rows at and beyond `len` are ignored.
    #[inline]
    pub fn set(&mut self, row: usize, selected: bool) {
        if row < self.len {
            let bit = 1 << (row % WORD_BITS);
            let word = &mut self.words[row / WORD_BITS];
            *word = if selected { *word | bit } else { *word & !bit };
        }
    }

    /// Number of selected rows.
    pub fn count_ones(&self) -> usize {
        count_ones(&self.words)
    }

    /// Keeps the rows that `other` selects too; rows beyond `other.len()` are deselected.
    pub fn and_with(&mut self, other: &Self) {
        let others = other.words.iter().chain(std::iter::repeat(&0));
        self.words
            .iter_mut()
            .zip(others)
            .for_each(|(word, other)| *word &= other);
    }

    /// Adds the rows that `other` selects; its rows at and beyond `len` are ignored.
    pub fn or_with(&mut self, other: &Self) {
        self.words
            .iter_mut()
            .zip(&other.words)
            .for_each(|(word, other)| *word |= other);
        self.clear_tail();
    }

    /// Selects exactly the rows that were not selected.
    pub fn negate(&mut self) {
        self.words.iter_mut().for_each(|word| *word = !*word);
        self.clear_tail();
    }

    /// Selected rows in ascending order.
    pub fn iter_ones(&self) -> impl Iterator<Item = usize> + '_ {
        self.words
            .iter()
            .enumerate()
            .flat_map(|(word_idx, &word)| set_bits(word).map(move |bit| word_idx * WORD_BITS + bit))
    }

    /// Index for paging; stale as soon as the bitmap changes.
    pub fn rank_index(&self) -> RankIndex {
        let mut n_before = 0;
        let n_set_before_block = self
            .words
            .chunks(RankIndex::BLOCK_WORDS)
            .map(|block| {
                let before = n_before;
                n_before += count_ones(block);
                before
            })
            .collect();
        RankIndex {
            n_set_before_block,
            n_set: n_before,
        }
    }

    fn clear_tail(&mut self) {
        let n_used = self.len % WORD_BITS;
        if let (Some(last), true) = (self.words.last_mut(), n_used > 0) {
            *last &= (1 << n_used) - 1;
        }
    }
}

/// Cumulative counts that find the n-th selected row without a scan.
///
/// It takes a 64th of the bitmap's own size on 64-bit machines, half of that in wasm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RankIndex {
    n_set_before_block: Vec<usize>,
    n_set: usize,
}

impl RankIndex {
    /// 64 words are one block: 4096 rows.
    const BLOCK_WORDS: usize = 64;

    /// Number of selected rows.
    pub fn n_set(&self) -> usize {
        self.n_set
    }

    /// Number of selected rows before `row` in the `bitmap` that the index was built from.
    pub fn rank(&self, bitmap: &Bitmap, row: usize) -> usize {
        if row >= bitmap.len {
            return self.n_set;
        }
        let word_idx = row / WORD_BITS;
        let block_idx = word_idx / Self::BLOCK_WORDS;
        let whole = &bitmap.words[block_idx * Self::BLOCK_WORDS..word_idx];
        let below = bitmap.words[word_idx] & ((1 << (row % WORD_BITS)) - 1);
        self.n_set_before_block[block_idx] + count_ones(whole) + below.count_ones() as usize
    }

    /// The `nth` selected row (counted from 0) of the `bitmap` that the index was built from.
    pub fn nth_set(&self, bitmap: &Bitmap, nth: usize) -> Option<usize> {
        self.rows(bitmap, nth..nth.checked_add(1)?).next()
    }

    /// Selected rows number `nths` (counted from 0): one page under a filter.
    pub fn rows<'a>(
        &self,
        bitmap: &'a Bitmap,
        nths: Range<usize>,
    ) -> impl Iterator<Item = usize> + 'a {
        let nths = nths.start..nths.end.min(self.n_set);
        let block_idx = self
            .n_set_before_block
            .partition_point(|&n_before| n_before <= nths.start)
            .saturating_sub(1);
        let n_before = self.n_set_before_block.get(block_idx).copied().unwrap_or(0);
        let first_word = (block_idx * Self::BLOCK_WORDS).min(bitmap.words.len());
        bitmap.words[first_word..]
            .iter()
            .enumerate()
            .flat_map(move |(word_idx, &word)| {
                set_bits(word).map(move |bit| (first_word + word_idx) * WORD_BITS + bit)
            })
            .skip(nths.start.saturating_sub(n_before))
            .take(nths.len())
    }
}

/// Positions of the ones in `word`, ascending.
#[inline]
pub(crate) fn set_bits(mut word: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        (word != 0).then(|| {
            let bit = word.trailing_zeros() as usize;
            word &= word - 1;
            bit
        })
    })
}

fn count_ones(words: &[u64]) -> usize {
    words.iter().map(|word| word.count_ones() as usize).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(len: usize, selected: impl Fn(usize) -> bool) {
        let rows: Vec<usize> = (0..len).filter(|&row| selected(row)).collect();
        let bitmap = Bitmap::from_fn(len, &selected);
        let index = bitmap.rank_index();
        assert_eq!(bitmap.iter_ones().collect::<Vec<_>>(), rows);
        assert_eq!(
            (bitmap.count_ones(), index.n_set()),
            (rows.len(), rows.len())
        );
        assert_eq!(Bitmap::from_words(bitmap.words().to_vec(), len), bitmap);
        for (nth, &row) in rows.iter().enumerate() {
            assert_eq!(
                index.nth_set(&bitmap, nth),
                Some(row),
                "row number {nth} of {len}"
            );
            assert_eq!(index.rank(&bitmap, row), nth, "rank of row {row} of {len}");
        }
        assert_eq!(index.nth_set(&bitmap, rows.len()), None);
        assert_eq!(index.rank(&bitmap, len), rows.len());
    }

    #[test]
    fn rows_are_found_by_number() {
        check(0, |_| true);
        check(1, |_| true);
        check(64, |row| row == 63);
        check(65, |_| false);
        check(10_000, |row| row % 7 == 3);
        check(10_000, |row| row >= 9_000);
        check(8_192, |_| true);
    }

    #[test]
    fn a_page_is_a_range_of_selected_rows() {
        let bitmap = Bitmap::from_fn(20_000, |row| row % 3 == 0);
        let page: Vec<usize> = bitmap.rank_index().rows(&bitmap, 2_000..2_003).collect();
        assert_eq!(page, [6_000, 6_003, 6_006]);
    }

    #[test]
    fn bits_beyond_the_end_stay_clear() {
        let mut bitmap = Bitmap::new_clear(70);
        bitmap.set(70, true);
        bitmap.negate();
        bitmap.or_with(&Bitmap::new_set(128));
        assert_eq!(bitmap, Bitmap::new_set(70));
        bitmap.and_with(&Bitmap::new_set(3));
        assert_eq!(bitmap.count_ones(), 3);
        assert!(!bitmap.get(70));
    }

    proptest! {
        #[test]
        fn set_algebra_agrees_with_booleans(pairs in prop::collection::vec(any::<(bool, bool)>(), 0..300)) {
            let a = Bitmap::from_fn(pairs.len(), |row| pairs[row].0);
            let b = Bitmap::from_fn(pairs.len(), |row| pairs[row].1);
            let (mut and, mut or, mut not) = (a.clone(), a.clone(), a);
            and.and_with(&b);
            or.or_with(&b);
            not.negate();
            for (row, &(in_a, in_b)) in pairs.iter().enumerate() {
                prop_assert_eq!(and.get(row), in_a && in_b);
                prop_assert_eq!(or.get(row), in_a || in_b);
                prop_assert_eq!(not.get(row), !in_a);
            }
        }
    }
}
