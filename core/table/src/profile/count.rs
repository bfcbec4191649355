//! Distinct values and the most frequent ones, from one hash per value.
//!
//! Up to [`N_TABLED`] distinct values are counted in one small table. Hashes that come after it is
//! full are *spilled*: kept as they are, sorted into buckets that each fit a fast table of their
//! own, and counted exactly at the end. Only where more than a stated number is spilled do estimates
//! take over. All of it depends on the values and their order, not on slices.

use std::cmp::Reverse;

use sluice_protocol::profile::Distinct;
use sluice_stats::distinct::DistinctCounter;
use sluice_stats::top_values::{Recount, TopValues};

use super::pace::Pacer;
use super::scan::Present;
use super::spill::{Spill, Tallied};
use crate::TableError;

/// Distinct values of the first table: with its spare half it takes 2 MiB, which an L2 cache holds.
const N_TABLED: usize = 1 << 16;

/// Spilled values that are kept: 64 MiB of hashes for the column at work.
const MAX_SPILLED: usize = 1 << 23;

/// Counters of the frequent values where estimates take over.
const N_FREQUENT_COUNTERS: usize = 1 << 16;

/// How many of the most frequent values are asked for.
pub(super) const N_TOP: usize = 20;

/// Where there are more distinct values than the table holds, rarer ones are not among the most
/// frequent: they would be in no particular order of importance.
const MIN_SPILLED_SHARE: f64 = 1e-4;

/// A hash, how often it came, and the row it came in first.
#[derive(Clone, Copy, Default)]
pub(super) struct Slot {
    pub(super) hash: u64,
    /// 0 marks an empty slot. Tables of polars have fewer than 2³² rows.
    pub(super) count: u32,
    pub(super) first_row: u32,
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
    rest: Rest,
}

/// What came after the table was full.
enum Rest {
    None,
    Spilled(Spill),
    Estimated {
        distinct: Box<DistinctCounter>,
        frequent: Box<TopValues>,
    },
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
    /// Rarer values are not listed.
    min_count: u64,
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
            rest: Rest::None,
        }
    }

    /// Counts the present rows of a slice, whose rows `hashes` belong to.
    pub(super) fn update(&mut self, hashes: &[u64], present: &Present, first_row: usize) {
        self.n += present.len() as u64;
        match present.positions() {
            None => {
                let n_tabled = self.fill_table(hashes.iter().copied().zip(first_row as u32..));
                self.add_rest(hashes[n_tabled..].iter().copied());
            }
            Some(positions) => {
                let of = |&position: &u32| hashes[position as usize];
                let rows = positions.iter().map(|position| first_row as u32 + position);
                let n_tabled = self.fill_table(positions.iter().map(of).zip(rows));
                self.add_rest(positions[n_tabled..].iter().map(of));
            }
        }
    }

    /// Counts values until the table is full; returns how many that were.
    #[inline]
    fn fill_table(&mut self, hashes_and_rows: impl Iterator<Item = (u64, u32)>) -> usize {
        let mut n_tabled = 0;
        if matches!(self.rest, Rest::None) {
            for (hash, row) in hashes_and_rows {
                if !self.add(hash, row) {
                    self.rest = Rest::Spilled(Spill::new());
                    break;
                }
                n_tabled += 1;
            }
        }
        n_tabled
    }

    /// False, and nothing is counted, if the table is full and does not have the hash.
    #[inline]
    fn add(&mut self, hash: u64, row: u32) -> bool {
        let mask = self.slots.len() - 1;
        let mut slot_idx = (hash >> self.shift) as usize;
        loop {
            let slot = &mut self.slots[slot_idx & mask];
            if slot.count == 0 {
                break;
            }
            if slot.hash == hash {
                slot.count += 1;
                return true;
            }
            slot_idx += 1;
        }
        if self.n_used == self.n_tabled_max {
            return false;
        }
        self.slots[slot_idx & mask] = Slot {
            hash,
            count: 1,
            first_row: row,
        };
        self.n_used += 1;
        if 2 * self.n_used > self.slots.len() {
            self.grow();
        }
        true
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

    fn add_rest(&mut self, hashes: impl Iterator<Item = u64>) {
        for hash in hashes {
            if let Rest::Spilled(spill) = &mut self.rest {
                if spill.n() < self.n_spilled_max {
                    spill.push(hash);
                    continue;
                }
                self.estimate();
            }
            if let Rest::Estimated { distinct, frequent } = &mut self.rest {
                distinct.update(&[hash]);
                frequent.add(hash, 0);
            }
        }
    }

    #[cold]
    #[inline(never)]
    fn estimate(&mut self) {
        let mut distinct = DistinctCounter::new(self.n_tabled_max);
        let mut frequent = TopValues::new(N_FREQUENT_COUNTERS);
        for slot in self.slots.iter().filter(|slot| slot.count > 0) {
            distinct.update(&[slot.hash]);
        }
        if let Rest::Spilled(spill) = std::mem::replace(&mut self.rest, Rest::None) {
            spill.for_each_run(|hashes| {
                distinct.update(hashes);
                frequent.update(hashes, 0);
            });
        }
        self.rest = Rest::Estimated {
            distinct: Box::new(distinct),
            frequent: Box::new(frequent),
        };
    }

    /// Ends the first pass.
    pub(super) async fn finish(self, pacer: &mut Pacer<'_>) -> Result<Counted, TableError> {
        let mut tabled: Vec<Slot> = self
            .slots
            .into_iter()
            .filter(|slot| slot.count > 0)
            .collect();
        let mut first_rows: Vec<usize> =
            tabled.iter().map(|slot| slot.first_row as usize).collect();
        keep_smallest(&mut first_rows, N_TOP, |&row| row);
        pacer.spend(tabled.len(), 10).await?;
        let exact = |count| Distinct {
            count,
            exact: true,
            relative_standard_error: 0.0,
        };
        let min_count = match self.rest {
            Rest::None => 1,
            _ => ((self.n as f64 * MIN_SPILLED_SHARE) as u64).max(2),
        };
        let (distinct, top, second_pass) = match self.rest {
            Rest::None => {
                let ranked = |slot: &Slot| Ranked {
                    count: slot.count.into(),
                    first_row: slot.first_row as usize,
                };
                let mut top: Vec<Ranked> = tabled.iter().map(ranked).collect();
                keep_smallest(&mut top, N_TOP, Ranked::order);
                (exact(tabled.len() as u64), top, None)
            }
            Rest::Spilled(spill) => {
                let tallied = spill.tally(&tabled, min_count, pacer).await?;
                let (top, second_pass) = top_of_spill(&tallied);
                (exact(tallied.n_distinct), top, second_pass)
            }
            Rest::Estimated { distinct, frequent } => {
                let sketch = distinct.finish();
                keep_smallest(&mut tabled, N_TOP, |slot| {
                    (Reverse(slot.count), slot.first_row)
                });
                let candidates = frequent.ranking(N_TOP * N_TOP).values;
                let hashes = candidates.iter().map(|value| value.key);
                let second_pass = recount_of(hashes.chain(tabled.iter().map(|slot| slot.hash)));
                let distinct = Distinct {
                    count: sketch.count,
                    exact: sketch.exact,
                    relative_standard_error: sketch.relative_standard_error,
                };
                (distinct, Vec::new(), second_pass)
            }
        };
        Ok(Counted {
            distinct,
            first_rows,
            top,
            min_count,
            second_pass,
        })
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
            let found = recount.ranking(N_TOP).values.into_iter();
            top.extend(
                found
                    .filter(|value| value.count >= self.min_count)
                    .map(|value| Ranked {
                        count: value.count,
                        first_row: value.first_row as usize,
                    }),
            );
            keep_smallest(&mut top, N_TOP, Ranked::order);
        }
        top
    }
}

/// The most frequent values that the table has, and a pass to find the first rows of those it has not.
fn top_of_spill(tallied: &Tallied) -> (Vec<Ranked>, Option<Recount>) {
    let mut counts: Vec<u64> = tallied.frequent.iter().map(|value| value.count).collect();
    keep_smallest(&mut counts, N_TOP, |&count| Reverse(count));
    // Ties with the last one stay until their first rows are known.
    let least = counts.get(N_TOP - 1).copied().unwrap_or(0);
    let candidates = tallied.frequent.iter().filter(|value| value.count >= least);
    let known = candidates.clone().filter_map(|value| {
        Some(Ranked {
            count: value.count,
            first_row: value.first_row? as usize,
        })
    });
    let unknown = candidates.clone().filter(|value| value.first_row.is_none());
    (known.collect(), recount_of(unknown.map(|value| value.hash)))
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
        counter.update(&hashes, &Present::all(values.len()), 0);
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
        if n_distinct > n_tabled as u64 {
            expected.retain(|value| value.count >= (values.len() as u64 / 10_000).max(2));
        }
        expected.sort_by_key(Ranked::order);
        expected.truncate(N_TOP);
        assert_eq!(
            counted.into_top(),
            expected,
            "{n_tabled} tabled, {n_spilled} spilled"
        );
        if distinct.exact {
            assert_eq!(distinct.count, n_distinct);
        } else {
            let error = (distinct.count as f64 - n_distinct as f64).abs() / n_distinct as f64;
            assert!(
                error < 4.0 * distinct.relative_standard_error,
                "{distinct:?} for {n_distinct}"
            );
        }
        distinct
    }

    #[test]
    fn few_values_are_counted_in_the_table() {
        check(&[], 100, 100);
        check(&[7], 100, 100);
        check(&[5, 4, 4, 5, 6, 0], 100, 100);
        check(
            &(0..5_000).map(|i| i * i % 3_001).collect::<Vec<_>>(),
            N_TABLED,
            MAX_SPILLED,
        );
    }

    /// A value that is frequent but comes late is found by the second pass.
    #[test]
    fn spilled_values_are_counted_exactly() {
        let late = (0..4_000)
            .map(|i| if i < 2_000 { i } else { 10_000 + i % 30 })
            .collect::<Vec<_>>();
        assert!(check(&late, 100, 10_000).exact);
        assert!(check(&late, N_TOP, 10_000).exact);
    }

    #[test]
    fn above_all_limits_distinct_counts_are_estimates() {
        let many: Vec<u64> = (0..200_000)
            .map(|i| if i % 10 == 0 { i % 170 } else { i })
            .collect();
        assert!(!check(&many, 1_000, 2_000).exact);
    }
}
