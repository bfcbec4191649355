//! The most frequent values of a column.
//!
//! [`TopValues`] counts exactly while there are few distinct values. Above that, its counts are
//! lower bounds; a second pass with [`Recount`] makes them exact for every value whose frequency
//! is above a stated threshold, and for no other, so the result does not depend on order.
//!
//! Keys are hashes of [`crate::hash`] (or other well-mixed numbers); a key's `first_row` tells
//! the caller where to read the value itself.

use std::collections::HashMap;

use crate::Error;
use crate::hash::BuildMixedHasher;

/// One value and how often it occurs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TopValue {
    pub key: u64,
    pub count: u64,
    /// Smallest row it was seen in.
    pub first_row: u64,
}

/// The most frequent values: by count descending, equal counts by first row ascending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ranking {
    pub values: Vec<TopValue>,
    /// Number of values counted, with repetitions.
    pub n: u64,
    /// Whether counts are exact. If not, each true count lies in
    /// `count ..= count + max_undercount`.
    pub exact: bool,
    pub max_undercount: u64,
    /// No value that is missing here only because memory was short occurs more often.
    pub max_unlisted: u64,
}

type Counts = HashMap<u64, (u64, u64), BuildMixedHasher>;

/// First pass: exact counts of up to `capacity` distinct values, else the frequent ones.
///
/// # Formula
///
/// When there are more than `capacity` counters, the (`capacity/2` + 1)-th largest count is
/// subtracted from all and those left without count are dropped. Every such step removes
/// `capacity/2 + 1` times that count from the total, so no count is more than
/// `n / (capacity/2 + 1)` too low.
///
/// # Source
///
/// Misra and Gries, “Finding repeated elements”, 1982; merging as in Agarwal et al.,
/// “Mergeable summaries”, 2012.
#[derive(Clone, Debug)]
pub struct TopValues {
    capacity: usize,
    counts: Counts,
    n: u64,
    n_subtracted: u64,
}

impl TopValues {
    /// `capacity` below 2 counts as 2.
    pub fn new(capacity: usize) -> Self {
        Self {
            capacity: capacity.max(2),
            counts: Counts::default(),
            n: 0,
            n_subtracted: 0,
        }
    }

    /// Counts the keys of consecutive rows, of which `first_row` is the first.
    pub fn update(&mut self, keys: &[u64], first_row: u64) {
        for (row, &key) in (first_row..).zip(keys) {
            self.add(key, row);
        }
    }

    /// Counts one key: for columns with missing values, whose present rows have gaps.
    #[inline]
    pub fn add(&mut self, key: u64, row: u64) {
        self.n += 1;
        count(
            &mut self.counts,
            TopValue {
                key,
                count: 1,
                first_row: row,
            },
        );
        if self.counts.len() > self.capacity {
            self.purge();
        }
    }

    /// # Errors
    ///
    /// Returns [`Error::MergeMismatch`] if the two have different capacities.
    pub fn merge(&mut self, other: &Self) -> Result<(), Error> {
        if self.capacity != other.capacity {
            return Err(Error::MergeMismatch {
                setting: "their number of counters",
            });
        }
        self.n += other.n;
        self.n_subtracted += other.n_subtracted;
        // Purges only once all are in: their outcome must not depend on the order of the map.
        unsorted(&other.counts).for_each(|value| count(&mut self.counts, value));
        if self.counts.len() > self.capacity {
            self.purge();
        }
        Ok(())
    }

    /// Whether counts are exact: there were at most `capacity` distinct values.
    pub fn is_exact(&self) -> bool {
        self.n_subtracted == 0
    }

    /// The `n_top` most frequent values.
    ///
    /// If counts are not exact, they and the order depend on chunks and merges, `first_row` is
    /// not always the first, and values with close counts may be missing: see [`Self::recount`].
    pub fn ranking(&self, n_top: usize) -> Ranking {
        Ranking {
            values: most_frequent(unsorted(&self.counts).collect(), n_top),
            n: self.n,
            exact: self.is_exact(),
            max_undercount: self.n_subtracted,
            max_unlisted: self.n_subtracted,
        }
    }

    /// Starts the second pass over the same rows, which is needed unless
    /// [`Self::is_exact`].
    pub fn recount(&self) -> Recount {
        let zero = |&key: &u64| (key, (0, u64::MAX));
        Recount {
            counts: self.counts.keys().map(zero).collect(),
            n: self.n,
            min_count: self.n / (self.capacity as u64 / 2 + 1) + 1,
        }
    }

    #[cold]
    #[inline(never)]
    fn purge(&mut self) {
        let mut counts: Vec<u64> = self.counts.values().map(|&(count, _)| count).collect();
        let (_, &mut excess, _) = counts.select_nth_unstable_by(self.capacity / 2, |a, b| b.cmp(a));
        self.n_subtracted += excess;
        self.counts.retain(|_, (count, _)| {
            *count = count.saturating_sub(excess);
            *count > 0
        });
    }
}

/// Second pass: exact counts of the frequent values.
#[derive(Clone, Debug)]
pub struct Recount {
    counts: Counts,
    n: u64,
    min_count: u64,
}

impl Recount {
    /// As [`TopValues::update`].
    pub fn update(&mut self, keys: &[u64], first_row: u64) {
        for (row, &key) in (first_row..).zip(keys) {
            self.add(key, row);
        }
    }

    /// As [`TopValues::add`].
    #[inline]
    pub fn add(&mut self, key: u64, row: u64) {
        if let Some((count, first_row)) = self.counts.get_mut(&key) {
            *count += 1;
            *first_row = row.min(*first_row);
        }
    }

    /// # Errors
    ///
    /// Returns [`Error::MergeMismatch`] if the two do not come from the same first pass.
    pub fn merge(&mut self, other: &Self) -> Result<(), Error> {
        let same_keys = self.counts.len() == other.counts.len()
            && other.counts.keys().all(|key| self.counts.contains_key(key));
        if self.n != other.n || !same_keys {
            return Err(Error::MergeMismatch {
                setting: "the values they look for",
            });
        }
        unsorted(&other.counts).for_each(|value| count(&mut self.counts, value));
        Ok(())
    }

    /// The `n_top` most frequent values, with exact counts, among those that occur more than
    /// `n / (capacity/2 + 1)` times.
    pub fn ranking(&self, n_top: usize) -> Ranking {
        let frequent = unsorted(&self.counts).filter(|value| value.count >= self.min_count);
        Ranking {
            values: most_frequent(frequent.collect(), n_top),
            n: self.n,
            exact: true,
            max_undercount: 0,
            max_unlisted: self.min_count - 1,
        }
    }
}

#[inline]
fn count(counts: &mut Counts, value: TopValue) {
    let (count, first_row) = counts.entry(value.key).or_insert((0, value.first_row));
    *count += value.count;
    *first_row = value.first_row.min(*first_row);
}

fn unsorted(counts: &Counts) -> impl Iterator<Item = TopValue> {
    counts.iter().map(|(&key, &(count, first_row))| TopValue {
        key,
        count,
        first_row,
    })
}

fn most_frequent(mut values: Vec<TopValue>, n_top: usize) -> Vec<TopValue> {
    let order = |value: &TopValue| (std::cmp::Reverse(value.count), value.first_row, value.key);
    if n_top < values.len() {
        values.select_nth_unstable_by_key(n_top, order);
        values.truncate(n_top);
    }
    values.sort_unstable_by_key(order);
    values
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::hash::hash_u64;

    fn keys(values: impl IntoIterator<Item = u64>) -> Vec<u64> {
        values.into_iter().map(hash_u64).collect()
    }

    /// `expected`: value, count and first row.
    fn check(values: &[u64], n_top: usize, expected: &[(u64, u64, u64)]) {
        let mut top = TopValues::new(100);
        top.update(&keys(values.iter().copied()), 0);
        let expected: Vec<TopValue> = expected
            .iter()
            .map(|&(value, count, first_row)| TopValue {
                key: hash_u64(value),
                count,
                first_row,
            })
            .collect();
        assert!(top.is_exact());
        assert_eq!(
            top.ranking(n_top).values,
            expected,
            "top {n_top} of {values:?}"
        );
    }

    #[test]
    fn values_are_ranked_by_count_then_first_row() {
        check(&[], 3, &[]);
        check(&[5, 4, 4, 5, 6], 3, &[(5, 2, 0), (4, 2, 1), (6, 1, 4)]);
        check(&[5, 4, 4, 5, 6], 1, &[(5, 2, 0)]);
        check(&[1, 2, 3], 2, &[(1, 1, 0), (2, 1, 1)]);
    }

    #[test]
    fn rows_may_have_gaps() {
        let mut top = TopValues::new(10);
        top.add(hash_u64(1), 9);
        top.add(hash_u64(1), 4);
        assert_eq!(
            top.ranking(1).values[0],
            TopValue {
                key: hash_u64(1),
                count: 2,
                first_row: 4
            }
        );
    }

    #[test]
    fn summaries_with_different_settings_do_not_merge() {
        let mut top = TopValues::new(4);
        assert!(top.merge(&TopValues::new(5)).is_err());
        let mut other = TopValues::new(4);
        other.add(1, 0);
        assert!(top.recount().merge(&other.recount()).is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        /// Squared uniform numbers: a few frequent values and a long tail.
        #[test]
        fn two_passes_find_every_frequent_value(
            draws in prop::collection::vec(0u64..100, 1..3_000),
            capacity in 2usize..40,
            chunk_len in 50usize..3_000,
        ) {
            let keys = keys(draws.iter().map(|draw| draw * draw / 40));
            let mut top = TopValues::new(capacity);
            for (idx, chunk) in keys.chunks(chunk_len).enumerate().collect::<Vec<_>>().into_iter().rev() {
                let mut part = TopValues::new(capacity);
                part.update(chunk, (idx * chunk_len) as u64);
                top.merge(&part).unwrap();
            }
            let mut all = TopValues::new(usize::MAX);
            all.update(&keys, 0);
            let truth = all.ranking(usize::MAX);
            let n_distinct = truth.values.len();
            prop_assert_eq!(top.is_exact(), n_distinct <= capacity);
            let first_pass = top.ranking(usize::MAX);
            for value in &truth.values {
                let found = first_pass.values.iter().find(|other| other.key == value.key);
                let count = found.map_or(0, |found| found.count);
                prop_assert!(count <= value.count && value.count <= count + first_pass.max_undercount);
            }
            prop_assert!(first_pass.max_undercount <= keys.len() as u64 / (capacity as u64 / 2 + 1));

            let mut recount = top.recount();
            for (idx, chunk) in keys.chunks(chunk_len).enumerate() {
                let mut part = top.recount();
                part.update(chunk, (idx * chunk_len) as u64);
                recount.merge(&part).unwrap();
            }
            let exact = recount.ranking(usize::MAX);
            let expected: Vec<TopValue> =
                truth.values.into_iter().filter(|value| value.count > exact.max_unlisted).collect();
            prop_assert_eq!(exact.values, expected);
        }
    }
}
