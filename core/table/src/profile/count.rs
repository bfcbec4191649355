//! Distinct values and the most frequent ones, from one hash per value.
//!
//! Up to [`N_TABLED`] distinct values are counted in one small table. Values that come first after
//! that are *spilled*: kept as bare hashes, sorted into buckets that each fit a fast table of their
//! own, and counted exactly at the end. Only where more than a stated number was spilled do
//! estimates take over. All of it depends on the values and their order, not on slices.

use std::cmp::Reverse;

use sluice_protocol::profile::Distinct;
use sluice_stats::distinct::DistinctCounter;
use sluice_stats::top_values::{Recount, TopValues};

use super::pace::Pacer;
use super::scan::Present;
use crate::TableError;

/// Distinct values of the first table: with its spare half it takes 2 MiB, which an L2 cache holds.
const N_TABLED: usize = 1 << 16;

/// Spilled values that are kept: 64 MiB of hashes for the column at work.
const MAX_SPILLED: usize = 1 << 23;

/// A million spilled values make buckets of a thousand, whose tables fit an L1 cache.
const N_BUCKETS: usize = 1 << 10;
const BUCKET_BITS: u32 = N_BUCKETS.trailing_zeros();

/// Counters of the frequent values where estimates take over.
const N_FREQUENT_COUNTERS: usize = 1 << 16;

/// How many of the most frequent values are asked for.
pub(super) const N_TOP: usize = 20;

/// Where there are spilled values, only those at least this frequent are candidates for the top.
const MIN_SPILLED_SHARE: f64 = 1e-4;

#[derive(Clone, Copy, Default)]
struct Slot {
    hash: u64,
    /// 0 marks an empty slot. Tables of polars have fewer than 2³² rows.
    count: u32,
    first_row: u32,
}

/// Counts hashes of present values.
pub(super) struct ValueCounter {
    /// A power of two of them, at most half in use.
    slots: Vec<Slot>,
    /// The leading bits of a hash are its first slot.
    shift: u32,
    n_used: usize,
    n: u64,
    n_tabled_max: usize,
    n_spilled_max: usize,
    spill: Spill,
}

enum Spill {
    None,
    Buckets { n: usize, buckets: Vec<Vec<u64>> },
    Sketch { distinct: Box<DistinctCounter>, frequent: Box<TopValues> },
}

/// A value among the most frequent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ranked {
    pub(super) count: u64,
    pub(super) first_row: usize,
}

impl Ranked {
    /// Sorts by count descending, equal counts by first row.
    pub(super) fn order(&self) -> (Reverse<u64>, usize) {
        (Reverse(self.count), self.first_row)
    }
}

/// What the values are, as far as one pass can tell.
pub(super) struct Counted {
    pub(super) distinct: Distinct,
    /// Rows of the first distinct values, ascending.
    pub(super) first_rows: Vec<usize>,
    top: Vec<Ranked>,
    second_pass: Option<Recount>,
}

impl ValueCounter {
    pub(super) fn new() -> Self {
        Self::with_limits(N_TABLED, MAX_SPILLED)
    }

    fn with_limits(n_tabled_max: usize, n_spilled_max: usize) -> Self {
        const LG_N_SLOTS: u32 = 10;
        Self {
            slots: vec![Slot::default(); 1 << LG_N_SLOTS],
            shift: u64::BITS - LG_N_SLOTS,
            n_used: 0,
            n: 0,
            n_tabled_max,
            n_spilled_max,
            spill: Spill::None,
        }
    }

    /// Counts the present rows of a slice, whose rows `hashes` belong to.
    pub(super) fn update(&mut self, hashes: &[u64], present: &Present, first_row: usize) {
        self.n += present.len() as u64;
        match present.positions() {
            None => {
                for (row, &hash) in (first_row as u32..).zip(hashes) {
                    self.add(hash, row);
                }
            }
            Some(positions) => {
                for &position in positions {
                    self.add(hashes[position as usize], first_row as u32 + position);
                }
            }
        }
    }

    #[inline]
    fn add(&mut self, hash: u64, row: u32) {
        let mask = self.slots.len() - 1;
        let mut slot_idx = (hash >> self.shift) as usize;
        loop {
            let slot = &mut self.slots[slot_idx & mask];
            if slot.count == 0 {
                break;
            }
            if slot.hash == hash {
                slot.count += 1;
                return;
            }
            slot_idx += 1;
        }
        if self.n_used < self.n_tabled_max {
            self.slots[slot_idx & mask] = Slot { hash, count: 1, first_row: row };
            self.n_used += 1;
            if 2 * self.n_used > self.slots.len() {
                self.grow();
            }
        } else {
            self.spill(hash);
        }
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self) {
        let n_slots = 4 * self.slots.len();
        let old = std::mem::replace(&mut self.slots, vec![Slot::default(); n_slots]);
        self.shift -= 2;
        for slot in old.into_iter().filter(|slot| slot.count > 0) {
            let mut slot_idx = (slot.hash >> self.shift) as usize;
            while self.slots[slot_idx & (n_slots - 1)].count > 0 {
                slot_idx += 1;
            }
            self.slots[slot_idx & (n_slots - 1)] = slot;
        }
    }

    #[inline]
    fn spill(&mut self, hash: u64) {
        match &mut self.spill {
            Spill::Buckets { n, buckets } if *n < self.n_spilled_max => {
                *n += 1;
                buckets[hash as usize % N_BUCKETS].push(hash);
            }
            Spill::None => {
                let mut buckets = vec![Vec::new(); N_BUCKETS];
                buckets[hash as usize % N_BUCKETS].push(hash);
                self.spill = Spill::Buckets { n: 1, buckets };
            }
            Spill::Sketch { distinct, frequent } => {
                distinct.update(&[hash]);
                frequent.add(hash, 0);
            }
            Spill::Buckets { .. } => {
                self.estimate();
                self.spill(hash);
            }
        }
    }

    #[cold]
    #[inline(never)]
    fn estimate(&mut self) {
        let mut distinct = DistinctCounter::new(self.n_tabled_max);
        let mut frequent = TopValues::new(N_FREQUENT_COUNTERS);
        let spilled = std::mem::replace(&mut self.spill, Spill::None);
        if let Spill::Buckets { buckets, .. } = spilled {
            for bucket in buckets {
                distinct.update(&bucket);
                frequent.update(&bucket, 0);
            }
        }
        self.spill = Spill::Sketch { distinct: Box::new(distinct), frequent: Box::new(frequent) };
    }

    /// Ends the first pass.
    pub(super) async fn finish(self, pacer: &mut Pacer<'_>) -> Result<Counted, TableError> {
        let mut tabled: Vec<Ranked> = (self.slots.iter())
            .filter(|slot| slot.count > 0)
            .map(|slot| Ranked { count: slot.count.into(), first_row: slot.first_row as usize })
            .collect();
        let first_rows = {
            let mut rows: Vec<usize> = tabled.iter().map(|value| value.first_row).collect();
            keep_smallest(&mut rows, N_TOP, |&row| row);
            rows
        };
        let n_tabled = tabled.len() as u64;
        keep_smallest(&mut tabled, N_TOP, Ranked::order);
        pacer.spend(self.slots.len(), 2).await?;
        let exact =
            |count| Distinct { count, exact: true, relative_standard_error: 0.0 };
        // The N_TOP-th of the tabled values: a spilled one must be more frequent to get among them,
        // because its first row comes after all of theirs.
        let last_count = tabled.get(N_TOP - 1).map_or(0, |value| value.count);
        let min_count = ((self.n as f64 * MIN_SPILLED_SHARE) as u64).max(2).max(last_count + 1);
        let (distinct, second_pass) = match self.spill {
            Spill::None => (exact(n_tabled), None),
            Spill::Buckets { buckets, .. } => {
                let mut n_distinct = n_tabled;
                let mut candidates: Vec<(u64, u64)> = Vec::new();
                let mut table = Vec::new();
                for bucket in buckets {
                    n_distinct += count_bucket(&bucket, min_count, &mut table, &mut candidates);
                    pacer.spend(bucket.len(), 8).await?;
                }
                candidates.sort_unstable_by_key(|&(_, count)| Reverse(count));
                // Ties with the last one stay, until their first rows are known.
                let least = candidates.get(N_TOP - 1).map_or(0, |&(_, count)| count);
                candidates.retain(|&(_, count)| count >= least);
                (exact(n_distinct), recount_of(candidates.into_iter().map(|(hash, _)| hash)))
            }
            Spill::Sketch { distinct, frequent } => {
                let spilled = distinct.finish();
                let distinct = Distinct {
                    count: n_tabled + spilled.count,
                    exact: spilled.exact,
                    relative_standard_error: spilled.relative_standard_error,
                };
                let candidates = frequent.ranking(N_TOP * N_TOP).values;
                (distinct, recount_of(candidates.into_iter().map(|value| value.key)))
            }
        };
        Ok(Counted { distinct, first_rows, top: tabled, second_pass })
    }
}

impl Counted {
    /// What a second pass has to feed, if one is needed to know the most frequent values.
    pub(super) fn second_pass(&mut self) -> Option<&mut Recount> {
        self.second_pass.as_mut()
    }

    /// The most frequent values: by count descending, equal counts by first row.
    pub(super) fn into_top(self) -> Vec<Ranked> {
        let mut top = self.top;
        if let Some(recount) = self.second_pass {
            let spilled = recount.ranking(N_TOP).values;
            top.extend(spilled.into_iter().filter(|value| value.count > 0).map(|value| Ranked {
                count: value.count,
                first_row: value.first_row as usize,
            }));
            keep_smallest(&mut top, N_TOP, Ranked::order);
        }
        top
    }
}

fn keep_smallest<T, K: Ord>(values: &mut Vec<T>, n: usize, key: impl Fn(&T) -> K) {
    if n < values.len() {
        values.select_nth_unstable_by_key(n, &key);
        values.truncate(n);
    }
    values.sort_unstable_by_key(key);
}

fn recount_of(hashes: impl Iterator<Item = u64>) -> Option<Recount> {
    // As many counters as there may be keys, so that none is dropped and no count is too rare.
    let mut keys = TopValues::new(usize::MAX);
    let mut n_keys = 0;
    for hash in hashes {
        keys.add(hash, 0);
        n_keys += 1;
    }
    (n_keys > 0).then(|| keys.recount())
}

/// Number of distinct hashes in `bucket`; appends those that occur at least `min_count` times.
fn count_bucket(
    bucket: &[u64],
    min_count: u64,
    table: &mut Vec<(u64, u32)>,
    candidates: &mut Vec<(u64, u64)>,
) -> u64 {
    let n_slots = (2 * bucket.len()).next_power_of_two();
    table.clear();
    table.resize(n_slots, (0, 0));
    let mut n_distinct = 0;
    for &hash in bucket {
        let mut slot_idx = (hash >> BUCKET_BITS) as usize;
        loop {
            let slot = &mut table[slot_idx & (n_slots - 1)];
            if slot.1 == 0 {
                *slot = (hash, 1);
                n_distinct += 1;
                break;
            }
            if slot.0 == hash {
                slot.1 += 1;
                break;
            }
            slot_idx += 1;
        }
    }
    let frequent = table.iter().filter(|&&(_, count)| u64::from(count) >= min_count);
    candidates.extend(frequent.map(|&(hash, count)| (hash, u64::from(count))));
    n_distinct
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use sluice_stats::hash::hash_u64;

    use super::*;
    use crate::host::PlainHost;

    /// Both passes over `values`, one per row, against counting in a map.
    fn check(values: &[u64], n_tabled: usize, n_spilled: usize) -> Distinct {
        let hashes: Vec<u64> = values.iter().map(|&value| hash_u64(value)).collect();
        let mut counter = ValueCounter::with_limits(n_tabled, n_spilled);
        counter.n = values.len() as u64;
        (0..).zip(&hashes).for_each(|(row, &hash)| counter.add(hash, row));
        let mut counted = pollster::block_on(counter.finish(&mut Pacer::new(&PlainHost))).unwrap();
        if let Some(recount) = counted.second_pass() {
            recount.update(&hashes, 0);
        }
        let distinct = counted.distinct;
        let first_rows = counted.first_rows.clone();

        let mut counts: HashMap<u64, (u64, usize)> = HashMap::new();
        for (row, &hash) in hashes.iter().enumerate() {
            counts.entry(hash).or_insert((0, row)).0 += 1;
        }
        let n_distinct = counts.len() as u64;
        let mut expected: Vec<Ranked> = counts
            .into_values()
            .map(|(count, first_row)| Ranked { count, first_row })
            .collect();
        expected.sort_unstable_by_key(|value| value.first_row);
        let expected_rows: Vec<usize> = expected.iter().map(|value| value.first_row).collect();
        let n_first = N_TOP.min(expected_rows.len()).min(n_tabled);
        assert_eq!(first_rows[..n_first], expected_rows[..n_first]);
        expected.sort_by_key(Ranked::order);
        expected.truncate(N_TOP);
        assert_eq!(counted.into_top(), expected, "{n_tabled} tabled, {n_spilled} spilled");
        if distinct.exact {
            assert_eq!(distinct.count, n_distinct);
        } else {
            let error = (distinct.count as f64 - n_distinct as f64).abs() / n_distinct as f64;
            assert!(error < 4.0 * distinct.relative_standard_error, "{distinct:?} for {n_distinct}");
        }
        distinct
    }

    #[test]
    fn few_values_are_counted_in_the_table() {
        check(&[], 100, 100);
        check(&[7], 100, 100);
        check(&[5, 4, 4, 5, 6, 0], 100, 100);
        check(&(0..5_000).map(|i| i * i % 3_001).collect::<Vec<_>>(), N_TABLED, MAX_SPILLED);
    }

    /// A value that is frequent but comes late is found by the second pass.
    #[test]
    fn spilled_values_are_counted_exactly() {
        let late = (0..4_000).map(|i| if i < 2_000 { i } else { 10_000 + i % 30 }).collect::<Vec<_>>();
        assert!(check(&late, 100, 10_000).exact);
        assert!(check(&late, N_TOP, 10_000).exact);
    }

    #[test]
    fn above_all_limits_distinct_counts_are_estimates() {
        let many: Vec<u64> = (0..200_000).map(|i| if i % 10 == 0 { i % 170 } else { i }).collect();
        assert!(!check(&many, 1_000, 2_000).exact);
    }
}
