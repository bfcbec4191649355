//! Fingerprints that differ in few bits, found by blocks of equal bits and joined again for each set of rows.

use sluice_stats::hash::hash_u64;

use crate::operator::{DuplicateDecision, DuplicateIndex, IndexBuilder};
use crate::text::buckets::Parts;
use crate::text::clusters::Clusters;
use crate::text::standing;

/// Blocks into which 64 bits are cut beyond those that may differ: two hashes agree in at least this many, so that
/// only hashes with so many equal blocks are compared.
const EQUAL_BLOCKS: u32 = 2;

/// Tables of equal blocks at most; more distant hashes are looked for with a single equal block.
const MAX_MASKS: usize = 64;

/// Pairs that a hash is kept with, beyond those that join clusters: among thousands of hashes that are all near each
/// other, so many keep the others joined when some rows are gone.
const PAIRS_PER_HASH: u8 = 32;

/// Finds pairs mask by mask.
pub struct SimhashIndexBuilder {
    max_bits: u32,
    masks: Vec<u64>,
    parts: Parts,
    mask: usize,
    /// The next distinct hash that is put into parts.
    next: usize,
    n_pairs: Vec<u8>,
    clusters: Clusters,
    index: SimhashIndex,
}

/// Rows by hash, and hashes by pairs.
struct SimhashIndex {
    /// By row; rows without one are alone.
    hashes: Vec<Option<u64>>,
    /// Distinct hashes with the exclusive end of their rows in `rows`.
    distinct: Vec<(u64, u32)>,
    rows: Vec<u32>,
    /// Positions in `distinct`, each pair once.
    pairs: Vec<(u32, u32)>,
}

impl SimhashIndexBuilder {
    pub fn new(hashes: impl Iterator<Item = Option<u64>>, max_bits: u32) -> Self {
        let hashes: Vec<Option<u64>> = hashes.collect();
        let mut by_hash: Vec<(u64, u32)> = (0..)
            .zip(&hashes)
            .filter_map(|(row, hash)| Some(((*hash)?, row)))
            .collect();
        by_hash.sort_unstable();
        let mut distinct = Vec::new();
        let mut n_rows = 0;
        for same in by_hash.chunk_by(|a, b| a.0 == b.0) {
            n_rows += same.len() as u32;
            distinct.extend(same.first().map(|(hash, _)| (*hash, n_rows)));
        }
        Self {
            max_bits: max_bits.min(63),
            masks: masks(max_bits.min(63)),
            parts: Parts::default(),
            mask: 0,
            next: 0,
            n_pairs: vec![0; distinct.len()],
            clusters: Clusters::new(distinct.len()),
            index: SimhashIndex {
                hashes,
                distinct,
                rows: by_hash.into_iter().map(|(_, row)| row).collect(),
                pairs: Vec::new(),
            },
        }
    }

    fn compare(&mut self, n: usize) -> bool {
        let Self {
            max_bits,
            parts,
            n_pairs,
            clusters,
            index,
            ..
        } = self;
        let SimhashIndex {
            distinct, pairs, ..
        } = index;
        let hash_of = |idx: u32| distinct.get(idx as usize).map_or(0, |(hash, _)| *hash);
        parts.take(n, |same| {
            for (at, (_, a)) in same.iter().enumerate() {
                let hash = hash_of(*a);
                for (_, b) in same.iter().skip(at + 1) {
                    if (hash ^ hash_of(*b)).count_ones() > *max_bits {
                        continue;
                    }
                    let (a, b) = (*a as usize, *b as usize);
                    let is_new = clusters.smallest(a) != clusters.smallest(b);
                    let few = |idx: usize| n_pairs.get(idx).is_some_and(|n| *n < PAIRS_PER_HASH);
                    if is_new || few(a) || few(b) {
                        clusters.join(a, b);
                        pairs.push((a as u32, b as u32));
                        for idx in [a, b] {
                            if let Some(n) = n_pairs.get_mut(idx) {
                                *n = n.saturating_add(1);
                            }
                        }
                    }
                }
            }
        })
    }
}

/// Hashes put into parts, or compared by blocks, in a step of a few milliseconds.
const HASHES_PER_STEP: usize = 20_000;

impl IndexBuilder for SimhashIndexBuilder {
    fn step(&mut self) -> bool {
        let Some(mask) = self.masks.get(self.mask).copied() else {
            return false;
        };
        let n = self.index.distinct.len();
        if self.next < n {
            let end = (self.next + HASHES_PER_STEP).min(n);
            for idx in self.next..end {
                if let Some((hash, _)) = self.index.distinct.get(idx) {
                    self.parts.push(hash_u64(hash & mask), idx as u32);
                }
            }
            self.next = end;
            return true;
        }
        if !self.compare(HASHES_PER_STEP) {
            // A pair with more blocks in common was found before.
            self.index.pairs.sort_unstable();
            self.index.pairs.dedup();
            (self.next, self.mask) = (0, self.mask + 1);
        }
        true
    }

    fn share_done(&self) -> f64 {
        self.mask as f64 / self.masks.len().max(1) as f64
    }

    fn finish(self: Box<Self>) -> Box<dyn DuplicateIndex> {
        Box::new(self.index)
    }
}

impl DuplicateIndex for SimhashIndex {
    fn decide(&self, alive: &[bool], rank: Option<&[f64]>) -> DuplicateDecision {
        let mut clusters = Clusters::new(alive.len());
        let mut start = 0;
        let mut first_alive = Vec::with_capacity(self.distinct.len());
        for (_, end) in &self.distinct {
            let rows = self.rows.get(start..*end as usize).unwrap_or_default();
            start = *end as usize;
            standing::join_alive(&mut clusters, rows, alive);
            let is_alive = |row: &&u32| alive.get(**row as usize).is_some_and(|alive| *alive);
            first_alive.push(rows.iter().find(is_alive).copied());
        }
        let first = |idx: u32| first_alive.get(idx as usize).copied().flatten();
        for (a, b) in &self.pairs {
            if let (Some(a), Some(b)) = (first(*a), first(*b)) {
                clusters.join(a as usize, b as usize);
            }
        }
        let hash = |row: usize| self.hashes.get(row).copied().flatten();
        standing::decide(&mut clusters, alive, rank, |row, first| {
            match (hash(row), hash(first)) {
                (Some(a), Some(b)) => 1.0 - f64::from((a ^ b).count_ones()) / 64.0,
                _ => f64::NAN,
            }
        })
    }
}

/// Masks of which two hashes that differ in at most `max_bits` agree in one.
///
/// Each difference spoils one block at most, so that of `max_bits + 2` blocks two are equal; each pair of blocks is a
/// mask, or each of `max_bits + 1` blocks where pairs would be too many.
fn masks(max_bits: u32) -> Vec<u64> {
    let n_blocks = max_bits + EQUAL_BLOCKS;
    let n_pairs = (n_blocks * (n_blocks - 1) / 2) as usize;
    if n_blocks > 64 || n_pairs > MAX_MASKS {
        return blocks(max_bits + 1);
    }
    let blocks = blocks(n_blocks);
    let pairs = |(at, a): (usize, &u64)| -> Vec<u64> {
        blocks.iter().skip(at + 1).map(|b| a | b).collect()
    };
    blocks.iter().enumerate().flat_map(pairs).collect()
}

/// Neighbouring blocks of bits, equal in length but for one bit, that cover all 64.
fn blocks(n_blocks: u32) -> Vec<u64> {
    let below = |bit: u32| 1_u64.checked_shl(bit).map_or(u64::MAX, |bit| bit - 1);
    (0..n_blocks)
        .map(|block| below((block + 1) * 64 / n_blocks) & !below(block * 64 / n_blocks))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::data_juicer::simhash::clusters;

    /// Hashes near each other and far from others, some missing.
    fn hashes(n: u64) -> Vec<Option<u64>> {
        (0..n)
            .map(|idx| {
                let flips = hash_u64(idx);
                let flip = |at: u32| 1_u64 << (flips >> (6 * at) & 63);
                let flipped = (0..flips >> 60 & 3).fold(0, |all, at| all ^ flip(at as u32));
                (idx % 11 != 3).then_some(hash_u64((1 << 40) | (idx % (n / 4))) ^ flipped)
            })
            .collect()
    }

    #[test]
    fn any_rows_cluster_as_if_there_were_no_others() {
        let hashes = hashes(400);
        for max_bits in [0, 1, 4, 20] {
            let mut builder = SimhashIndexBuilder::new(hashes.iter().copied(), max_bits);
            while builder.step() {}
            let index = Box::new(builder).finish();
            for keep in [1, 2, 3] {
                let alive: Vec<bool> = (0..400).map(|row| row % keep == 0).collect();
                let some: Vec<Option<u64>> = hashes
                    .iter()
                    .zip(&alive)
                    .map(|(hash, alive)| hash.filter(|_| *alive))
                    .collect();
                let expected = clusters(&some, max_bits).firsts();
                let removed = index.decide(&alive, None).removed;
                let kept: Vec<usize> = (0..400).filter(|row| !removed[*row]).collect();
                assert_eq!(kept, expected, "{max_bits} bits, every {keep}");
            }
        }
    }
}
