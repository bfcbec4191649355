//! Hashes that found no place in the first table, counted bucket by bucket.

use super::count::Slot;
use super::pace::Pacer;
use crate::TableError;

/// A million spilled values make buckets of a thousand, whose tables fit an L1 cache.
const N_BUCKETS: usize = 1 << 10;
const BUCKET_BITS: u32 = N_BUCKETS.trailing_zeros();

/// Hashes that are sorted into buckets at a time: 2 MiB, which an L2 cache holds.
const RUN_LEN: usize = 1 << 18;

/// Hashes in the order in which they came, with repetitions.
pub(super) struct Spill {
    n: usize,
    /// The newest hashes, fewer than [`RUN_LEN`].
    newest: Vec<u64>,
    runs: Vec<Run<u64>>,
}

/// Items in the order of their buckets.
struct Run<T> {
    items: Vec<T>,
    /// Where each bucket begins, and the end.
    starts: Vec<u32>,
}

/// What was spilled, together with the table.
pub(super) struct Tallied {
    pub(super) n_distinct: u64,
    /// Values that occur at least as often as asked for, in no particular order.
    pub(super) frequent: Vec<Frequent>,
}

pub(super) struct Frequent {
    pub(super) hash: u64,
    pub(super) count: u64,
    /// `None` for values that the table does not have.
    pub(super) first_row: Option<u32>,
}

impl Spill {
    pub(super) fn new() -> Self {
        Self {
            n: 0,
            newest: Vec::new(),
            runs: Vec::new(),
        }
    }

    pub(super) fn n(&self) -> usize {
        self.n
    }

    #[inline]
    pub(super) fn push(&mut self, hash: u64) {
        self.n += 1;
        self.newest.push(hash);
        if self.newest.len() == RUN_LEN {
            self.end_run();
        }
    }

    pub(super) fn for_each_run(&self, mut visit: impl FnMut(&[u64])) {
        self.runs.iter().for_each(|run| visit(&run.items));
        visit(&self.newest);
    }

    /// Counts every hash, those of the table included.
    pub(super) async fn tally(
        mut self,
        tabled: &[Slot],
        min_count: u64,
        pacer: &mut Pacer<'_>,
    ) -> Result<Tallied, TableError> {
        self.end_run();
        let tabled = Run::new(tabled, |slot| slot.hash);
        let mut tallied = Tallied {
            n_distinct: 0,
            frequent: Vec::new(),
        };
        let mut table = Vec::new();
        for bucket in 0..N_BUCKETS {
            let n = self
                .runs
                .iter()
                .map(|run| run.bucket(bucket).len())
                .sum::<usize>();
            let seeds = tabled.bucket(bucket);
            table.clear();
            table.resize((2 * (n + seeds.len())).next_power_of_two(), Slot::default());
            for seed in seeds {
                *slot_of(&mut table, seed.hash) = *seed;
            }
            tallied.n_distinct += seeds.len() as u64;
            for &hash in self.runs.iter().flat_map(|run| run.bucket(bucket)) {
                let slot = slot_of(&mut table, hash);
                tallied.n_distinct += u64::from(slot.count == 0);
                let first_row = if slot.count == 0 {
                    UNKNOWN_ROW
                } else {
                    slot.first_row
                };
                *slot = Slot {
                    hash,
                    count: slot.count + 1,
                    first_row,
                };
            }
            let frequent = table
                .iter()
                .filter(|slot| u64::from(slot.count) >= min_count);
            tallied.frequent.extend(frequent.map(|slot| Frequent {
                hash: slot.hash,
                count: slot.count.into(),
                first_row: (slot.first_row != UNKNOWN_ROW).then_some(slot.first_row),
            }));
            pacer.spend(n, 10).await?;
        }
        Ok(tallied)
    }

    #[cold]
    #[inline(never)]
    fn end_run(&mut self) {
        self.runs.push(Run::new(&self.newest, |&hash| hash));
        self.newest.clear();
    }
}

/// No table has so many rows.
const UNKNOWN_ROW: u32 = u32::MAX;

/// The slot that has the hash, or the empty one for it. `table` is a power of two long and not full.
#[inline]
fn slot_of(table: &mut [Slot], hash: u64) -> &mut Slot {
    let mask = table.len() - 1;
    // The leading bits are the same for the whole bucket.
    let mut slot_idx = hash as usize & mask;
    while table[slot_idx].count > 0 && table[slot_idx].hash != hash {
        slot_idx = (slot_idx + 1) & mask;
    }
    &mut table[slot_idx]
}

impl<T: Copy + Default> Run<T> {
    fn new(items: &[T], hash_of: impl Fn(&T) -> u64) -> Self {
        let bucket_of = |item: &T| (hash_of(item) >> (u64::BITS - BUCKET_BITS)) as usize;
        let mut starts = vec![0_u32; N_BUCKETS + 1];
        items
            .iter()
            .for_each(|item| starts[bucket_of(item) + 1] += 1);
        for bucket in 0..N_BUCKETS {
            starts[bucket + 1] += starts[bucket];
        }
        let mut next = starts.clone();
        let mut sorted = vec![T::default(); items.len()];
        for item in items {
            let next = &mut next[bucket_of(item)];
            sorted[*next as usize] = *item;
            *next += 1;
        }
        Self {
            items: sorted,
            starts,
        }
    }

    fn bucket(&self, bucket: usize) -> &[T] {
        &self.items[self.starts[bucket] as usize..self.starts[bucket + 1] as usize]
    }
}
