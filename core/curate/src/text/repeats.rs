//! Units of rows (sentences, paragraphs, runs of words) that occur more than once, found by their hashes.
//!
//! Units are equal if their 64-bit hashes are: among 10 million different ones some two are with a chance of 3 in a
//! million. A Bloom filter says which hashes may come again; only those are kept, and compared exactly, so that its
//! false positives cost memory and change no result.

use super::bloom::BloomFilter;
use crate::operator::{DuplicateIndex, IndexBuilder};

/// A unit that may occur more than once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unit {
    /// The same for equal units, from 0.
    pub group: u32,
    /// What the sketch said of it: a byte range or numbers of parts.
    pub start: u32,
    pub end: u32,
}

/// Units by row.
#[derive(Debug, Default)]
pub struct Repeats {
    units: Vec<Unit>,
    /// Exclusive ends in `units`, by row.
    ends: Vec<u32>,
    n_groups: usize,
}

impl Repeats {
    pub fn of(&self, row: usize) -> &[Unit] {
        let start = row.checked_sub(1).and_then(|before| self.ends.get(before));
        let start = start.map_or(0, |start| *start as usize);
        let end = self.ends.get(row).map_or(start, |end| *end as usize);
        self.units.get(start..end).unwrap_or_default()
    }

    pub fn n_groups(&self) -> usize {
        self.n_groups
    }
}

/// Words of a unit in a sketch: the low and the high half of its hash, start and end.
pub const UNIT_WORDS: usize = 4;

/// Writes a unit into a sketch.
pub fn write_unit(sketch: &mut Vec<u32>, hash: u64, start: usize, end: usize) {
    sketch.extend([hash as u32, (hash >> 32) as u32, start as u32, end as u32]);
}

/// Memory of the Bloom filter.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct BloomSize {
    /// Units that are expected; as many as there are if `None`.
    pub expected_elements: Option<usize>,
    /// Chance that a unit that does not repeat is kept all the same.
    pub false_positive_rate: f64,
    /// Bytes of the filter, which then tell the rate.
    pub bytes: Option<usize>,
}

type Finish = Box<dyn FnOnce(Repeats) -> Box<dyn DuplicateIndex>>;

/// Finds repeated units in small steps: those that may repeat, then where.
pub struct RepeatsBuilder {
    units: Vec<[u32; UNIT_WORDS]>,
    /// Exclusive ends in `units`, by row.
    ends: Vec<usize>,
    filter: BloomFilter,
    /// Hashes that may have come before; sorted for the second pass.
    again: Vec<u64>,
    is_sorted: bool,
    at: usize,
    row: usize,
    repeats: Repeats,
    finish: Finish,
}

impl RepeatsBuilder {
    /// `units` has the units of each row, as [`write_unit`] writes them.
    pub fn new<'a>(
        units: impl Iterator<Item = &'a [u32]>,
        size: BloomSize,
        finish: impl FnOnce(Repeats) -> Box<dyn DuplicateIndex> + 'static,
    ) -> Self {
        let (mut all, mut ends) = (Vec::new(), Vec::new());
        for row in units {
            all.extend_from_slice(row.as_chunks::<UNIT_WORDS>().0);
            ends.push(all.len());
        }
        let n_expected = size.expected_elements.unwrap_or(all.len());
        let filter = match size.bytes {
            Some(bytes) => BloomFilter::new(bytes.saturating_mul(8), n_expected),
            None => BloomFilter::for_rate(n_expected, size.false_positive_rate),
        };
        Self {
            units: all,
            ends,
            filter,
            again: Vec::new(),
            is_sorted: false,
            at: 0,
            row: 0,
            repeats: Repeats::default(),
            finish: Box::new(finish),
        }
    }
}

fn hash_of([low, high, ..]: [u32; UNIT_WORDS]) -> u64 {
    u64::from(low) | u64::from(high) << 32
}

/// About two milliseconds.
const UNITS_PER_STEP: usize = 30_000;

impl IndexBuilder for RepeatsBuilder {
    fn step(&mut self) -> bool {
        let end = (self.at + UNITS_PER_STEP).min(self.units.len());
        let part = self.units.get(self.at..end).unwrap_or_default();
        if !self.is_sorted {
            for unit in part {
                if !self.filter.insert(hash_of(*unit)) {
                    self.again.push(hash_of(*unit));
                }
            }
            self.at = end;
            if end == self.units.len() {
                self.again.sort_unstable();
                self.again.dedup();
                self.repeats.n_groups = self.again.len();
                (self.is_sorted, self.at) = (true, 0);
            }
            return true;
        }
        for (at, unit) in (self.at..end).zip(part) {
            while self.ends.get(self.row).is_some_and(|end| *end <= at) {
                self.repeats.ends.push(self.repeats.units.len() as u32);
                self.row += 1;
            }
            if let Ok(group) = self.again.binary_search(&hash_of(*unit)) {
                let [.., start, end] = *unit;
                self.repeats.units.push(Unit {
                    group: group as u32,
                    start,
                    end,
                });
            }
        }
        self.at = end;
        end < self.units.len()
    }

    fn share_done(&self) -> f64 {
        let share = self.at as f64 / self.units.len().max(1) as f64;
        (share + f64::from(u8::from(self.is_sorted))) / 2.0
    }

    fn finish(mut self: Box<Self>) -> Box<dyn DuplicateIndex> {
        self.repeats
            .ends
            .resize(self.ends.len(), self.repeats.units.len() as u32);
        (self.finish)(self.repeats)
    }
}
