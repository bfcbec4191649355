//! Rows that occur more than once, found by 128-bit hashes of whole rows.
//!
//! Two different rows share a hash with probability 2⁻¹²⁸ where rows are hashed as bytes, and
//! at most `n_columns · 2⁻⁶⁴` where [`fold_column`] combines hashes of their values.

use std::collections::BTreeMap;

use crate::hash::hash_u64;

/// Rows are split by the leading bits of their hash, so that each part sorts quickly:
/// 40 000 rows, about 4 ms, in a table of ten million.
const LG_N_PARTS: u32 = 8;

/// Number of steps of [`RowHashes::count_part`].
pub const N_PARTS: usize = 1 << LG_N_PARTS;

/// What is known about repeated rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Duplicates {
    pub n_rows: u64,
    /// Rows equal to an earlier one: what dropping duplicates would remove.
    pub n_repeats: u64,
    /// Distinct rows that occur at least twice.
    pub n_groups: u64,
    /// Rows of the largest group; 0 without groups.
    pub largest_group: u64,
    /// The groups that begin first, by first row.
    pub examples: Vec<DuplicateGroup>,
}

/// Rows that are all equal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DuplicateGroup {
    pub n_rows: u64,
    /// The first of them, ascending.
    pub rows: Vec<u64>,
}

/// Rows of one hash that are remembered; of more only their number is.
const ROWS_PER_HASH: usize = 8;

/// Entries of a part before it is first looked through for hashes that many rows share.
const COMPACT_AT: usize = 1 << 16;

/// How many examples [`RowHashes::count`] keeps, of a group at most its first 8 rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExampleLimits {
    pub n_groups: usize,
    pub n_rows_per_group: usize,
}

/// Hashes of all rows: 32 bytes for each row, of equal rows for the first 8 only.
///
/// # Example
///
/// ```
/// use sluice_stats::duplicates::{ExampleLimits, RowHashes};
/// use sluice_stats::hash::hash_bytes_128;
///
/// let mut hashes = RowHashes::new();
/// hashes.update(&["a", "b", "a"].map(|row| hash_bytes_128(row.as_bytes())), 0);
/// let duplicates = hashes.count(ExampleLimits { n_groups: 10, n_rows_per_group: 5 });
/// assert_eq!((duplicates.n_repeats, &duplicates.examples[0].rows[..]), (1, &[0, 2][..]));
/// ```
#[derive(Clone, Debug)]
pub struct RowHashes {
    parts: Vec<Part>,
}

/// Rows whose hashes begin alike.
#[derive(Clone, Debug)]
struct Part {
    /// Hash and row.
    entries: Vec<(u128, u64)>,
    /// How many rows of a hash are not among the entries; each comes after those that are.
    dropped: BTreeMap<u128, u64>,
    /// Length at which the entries are looked through again.
    compact_at: usize,
}

impl Default for Part {
    fn default() -> Self {
        Self {
            entries: Vec::new(),
            dropped: BTreeMap::new(),
            compact_at: COMPACT_AT,
        }
    }
}

impl Part {
    #[inline]
    fn push(&mut self, hash: u128, row: u64) {
        self.entries.push((hash, row));
        if self.entries.len() >= self.compact_at {
            self.compact();
        }
    }

    /// Drops all but the first rows of each hash, so that a table of few distinct rows takes little memory.
    fn compact(&mut self) {
        self.entries.sort_unstable();
        let (mut hash, mut n_rows) = (None, 0);
        let dropped = &mut self.dropped;
        self.entries.retain(|&(of_row, _)| {
            if hash != Some(of_row) {
                (hash, n_rows) = (Some(of_row), 0);
            }
            n_rows += 1;
            let is_kept = n_rows <= ROWS_PER_HASH;
            if !is_kept {
                *dropped.entry(of_row).or_default() += 1;
            }
            is_kept
        });
        // Doubled, so that looking through costs a constant per row however many rows there are.
        self.compact_at = (2 * self.entries.len()).max(COMPACT_AT);
    }
}

impl RowHashes {
    pub fn new() -> Self {
        Self {
            parts: vec![Part::default(); N_PARTS],
        }
    }

    /// Takes the hashes of consecutive rows, of which `first_row` is the first.
    pub fn update(&mut self, hashes: &[u128], first_row: u64) {
        for (row, &hash) in (first_row..).zip(hashes) {
            self.parts[(hash >> (u128::BITS - LG_N_PARTS)) as usize].push(hash, row);
        }
    }

    pub fn merge(&mut self, other: &Self) {
        for (part, others) in self.parts.iter_mut().zip(&other.parts) {
            part.entries.extend_from_slice(&others.entries);
            for (hash, n_rows) in &others.dropped {
                *part.dropped.entry(*hash).or_default() += n_rows;
            }
        }
    }

    /// Counts the rows of one of the [`N_PARTS`] parts into `duplicates` and forgets them.
    /// Parts may be counted in any order.
    pub fn count_part(
        &mut self,
        part_idx: usize,
        limits: ExampleLimits,
        duplicates: &mut Duplicates,
    ) {
        let Part {
            mut entries,
            dropped,
            ..
        } = self
            .parts
            .get_mut(part_idx)
            .map(std::mem::take)
            .unwrap_or_default();
        entries.sort_unstable();
        duplicates.n_rows += entries.len() as u64 + dropped.values().sum::<u64>();
        for group in entries
            .chunk_by(|a, b| a.0 == b.0)
            .filter(|group| group.len() > 1)
        {
            let n_rows = group.len() as u64 + dropped.get(&group[0].0).copied().unwrap_or(0);
            duplicates.n_repeats += n_rows - 1;
            duplicates.n_groups += 1;
            duplicates.largest_group = duplicates.largest_group.max(n_rows);
            let examples = &mut duplicates.examples;
            let first_row = group[0].1;
            let at = examples.partition_point(|example| example.rows[0] < first_row);
            if at < limits.n_groups && limits.n_rows_per_group > 0 {
                let rows = group
                    .iter()
                    .take(limits.n_rows_per_group.min(ROWS_PER_HASH))
                    .map(|&(_, row)| row);
                examples.insert(
                    at,
                    DuplicateGroup {
                        n_rows,
                        rows: rows.collect(),
                    },
                );
                examples.truncate(limits.n_groups);
            }
        }
    }

    /// Counts all parts.
    pub fn count(mut self, limits: ExampleLimits) -> Duplicates {
        let mut duplicates = Duplicates::default();
        for part_idx in 0..N_PARTS {
            self.count_part(part_idx, limits, &mut duplicates);
        }
        duplicates
    }
}

impl Default for RowHashes {
    fn default() -> Self {
        Self::new()
    }
}

/// Extends the hashes of rows by one more column: start with 0 for each row and fold the hashes
/// of every column's values, always in the same order of columns.
///
/// `column` has one hash of [`crate::hash`] per row; give nulls a hash of their own.
/// Rows beyond the shorter of the two slices are left as they are.
pub fn fold_column(rows: &mut [u128], column: &[u64]) {
    /// Odd, so that multiplying by it loses nothing: 2⁶⁴ / π.
    const MULTIPLIER: u64 = 0x517c_c1b7_2722_0a95;
    for (row, &value) in rows.iter_mut().zip(column) {
        // Two chains of bijections of `value`: each half depends on every column.
        let (high, low) = ((*row >> 64) as u64, *row as u64);
        let low = hash_u64(low ^ value);
        let high = hash_u64(
            high.rotate_left(29)
                .wrapping_add(value.wrapping_mul(MULTIPLIER)),
        );
        *row = u128::from(high) << 64 | u128::from(low);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LIMITS: ExampleLimits = ExampleLimits {
        n_groups: 2,
        n_rows_per_group: 3,
    };

    fn hashes(rows: &[u64]) -> Vec<u128> {
        let mut hashes = vec![0; rows.len()];
        fold_column(
            &mut hashes,
            &rows.iter().map(|&row| hash_u64(row)).collect::<Vec<_>>(),
        );
        hashes
    }

    /// `examples`: size and listed rows of each group.
    fn check(rows: &[u64], counts: [u64; 4], examples: &[(u64, &[u64])]) {
        let mut row_hashes = RowHashes::new();
        row_hashes.update(&hashes(rows), 0);
        let [n_rows, n_repeats, n_groups, largest_group] = counts;
        let examples = examples
            .iter()
            .map(|&(n_rows, rows)| DuplicateGroup {
                n_rows,
                rows: rows.to_vec(),
            })
            .collect();
        let expected = Duplicates {
            n_rows,
            n_repeats,
            n_groups,
            largest_group,
            examples,
        };
        assert_eq!(row_hashes.count(LIMITS), expected, "duplicates in {rows:?}");
    }

    #[test]
    fn repeats_are_counted_and_shown() {
        check(&[], [0, 0, 0, 0], &[]);
        check(&[1, 2, 3], [3, 0, 0, 0], &[]);
        check(
            &[1, 2, 1, 3, 2, 1, 1],
            [7, 4, 2, 4],
            &[(4, &[0, 2, 5]), (2, &[1, 4])],
        );
        check(
            &[9, 8, 7, 7, 8, 9],
            [6, 3, 3, 2],
            &[(2, &[0, 5]), (2, &[1, 4])],
        );
    }

    #[test]
    fn many_equal_rows_are_counted_without_being_kept() {
        let n_rows = 3 * COMPACT_AT as u64 + 17;
        let mut row_hashes = RowHashes::new();
        // Every 1000th row is of its own, all others are equal.
        let rows: Vec<u64> = (0..n_rows)
            .map(|row| if row % 1000 == 999 { row } else { 0 })
            .collect();
        for (chunk_idx, chunk) in rows.chunks(10_000).enumerate() {
            row_hashes.update(&hashes(chunk), chunk_idx as u64 * 10_000);
        }
        let n_kept: usize = row_hashes.parts.iter().map(|part| part.entries.len()).sum();
        assert!(n_kept < 2 * COMPACT_AT, "{n_kept} entries are kept");
        let n_equal = n_rows - n_rows / 1000;
        let duplicates = row_hashes.count(LIMITS);
        assert_eq!(
            (
                duplicates.n_rows,
                duplicates.n_repeats,
                duplicates.n_groups,
                duplicates.largest_group
            ),
            (n_rows, n_equal - 1, 1, n_equal)
        );
        assert_eq!(duplicates.examples[0].rows, [0, 1, 2]);
    }

    #[test]
    fn the_order_of_columns_matters() {
        let fold = |columns: [u64; 2]| {
            let mut row = [0];
            columns
                .into_iter()
                .for_each(|value| fold_column(&mut row, &[value]));
            row[0]
        };
        assert_ne!(fold([1, 2]), fold([2, 1]));
        assert_ne!(fold([1, 1]), fold([2, 2]));
        assert_eq!(fold([1, 2]), fold([1, 2]));
    }

    proptest! {
        #[test]
        fn chunks_and_merge_order_do_not_matter(
            rows in prop::collection::vec(0u64..50, 0..300),
            chunk_len in 1usize..100,
        ) {
            let hashes = hashes(&rows);
            let mut whole = RowHashes::new();
            whole.update(&hashes, 0);
            let chunks: Vec<_> = hashes.chunks(chunk_len).enumerate().collect();
            let mut merged = RowHashes::new();
            for (idx, chunk) in chunks.into_iter().rev() {
                let mut part = RowHashes::new();
                part.update(chunk, (idx * chunk_len) as u64);
                merged.merge(&part);
            }
            prop_assert_eq!(merged.count(LIMITS), whole.count(LIMITS));
        }
    }
}
