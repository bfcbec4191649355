//! Near duplicates among any of the rows of a table: signatures that share a band, found once and joined again for
//! each set of rows.

use std::collections::HashSet;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};

use sluice_stats::hash::hash_u64;

use crate::operator::{DuplicateDecision, DuplicateIndex, IndexBuilder};
use crate::text::buckets::{Buckets, Parts};
use crate::text::clusters::Clusters;
use crate::text::minhash::LEADERS_PER_BUCKET;
use crate::text::standing;

/// How signatures are compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Banded {
    pub n_bands: usize,
    /// Words of 32 bits in a band; longer values count as several words.
    pub words_per_band: usize,
    /// Words of 32 bits in a value: 1 or 2.
    pub words_per_value: usize,
    /// Least estimated similarity of a pair, else a band in common is enough.
    pub threshold: Option<f64>,
}

/// Signatures by row, `None` or empty for rows that take no part.
#[derive(Default)]
struct Signatures {
    words: Vec<u32>,
    /// Exclusive ends in `words`, by row.
    ends: Vec<usize>,
}

impl Signatures {
    fn of(&self, row: usize) -> &[u32] {
        let start = row.checked_sub(1).and_then(|before| self.ends.get(before));
        let end = self.ends.get(row).copied().unwrap_or(0);
        self.words
            .get(start.copied().unwrap_or(0)..end)
            .unwrap_or_default()
    }

    fn push(&mut self, signature: &[u32]) {
        self.words.extend_from_slice(signature);
        self.ends.push(self.words.len());
    }

    /// Share of equal values; 0 where either is empty.
    fn similarity(&self, a: usize, b: usize, words_per_value: usize) -> f64 {
        let (a, b) = (self.of(a), self.of(b));
        if a.is_empty() || a.len() != b.len() {
            return 0.0;
        }
        let n_equal = if words_per_value == 2 {
            let pairs = a.as_chunks::<2>().0.iter().zip(b.as_chunks::<2>().0);
            pairs.filter(|(a, b)| a == b).count()
        } else {
            a.iter().zip(b).filter(|(a, b)| a == b).count()
        };
        n_equal as f64 / (a.len() / words_per_value.max(1)) as f64
    }
}

/// Where a text meets others.
#[derive(Clone, Copy)]
enum Meeting {
    /// Two texts that alone share a band, and are similar enough.
    Pair(u32, u32),
    /// A text of a bucket of three or more; buckets of a band are numbered from 0.
    Member { row: u32, bucket: u32 },
}

/// Builds the index band by band.
pub struct BandIndexBuilder {
    banded: Banded,
    signatures: Signatures,
    parts: Parts,
    band: usize,
    /// The next row whose band is hashed; at the end, parts are sorted.
    row: usize,
    n_buckets: u32,
    in_band: Vec<Meeting>,
    seen: HashSet<u64>,
    index: BandIndex,
}

impl BandIndexBuilder {
    pub fn new(sketches: &[Option<Vec<u32>>], banded: Banded) -> Self {
        let mut signatures = Signatures::default();
        for sketch in sketches {
            signatures.push(sketch.as_deref().unwrap_or_default());
        }
        Self {
            banded,
            signatures,
            parts: Parts::default(),
            band: 0,
            row: 0,
            n_buckets: 0,
            in_band: Vec::new(),
            seen: HashSet::new(),
            index: BandIndex {
                banded,
                signatures: Signatures::default(),
                shared: Buckets::default(),
                meetings: Vec::new(),
            },
        }
    }

    fn hash_rows(&mut self, n_rows: usize) {
        let start = self.band * self.banded.words_per_band;
        let end = (self.row + n_rows).min(self.signatures.ends.len());
        for row in self.row..end {
            let signature = self.signatures.of(row);
            let Some(words) = signature.get(start..start + self.banded.words_per_band) else {
                continue;
            };
            let (pairs, last) = words.as_chunks::<2>();
            let hash = pairs.iter().fold(self.band as u64, |hash, [low, high]| {
                hash_u64(hash ^ (u64::from(*low) | u64::from(*high) << 32))
            });
            let hash = last
                .iter()
                .fold(hash, |hash, word| hash_u64(hash ^ u64::from(*word)));
            self.parts.push(hash, row as u32);
        }
        self.row = end;
    }

    fn take_buckets(&mut self, n_pairs: usize) -> bool {
        let Self {
            banded,
            signatures,
            n_buckets,
            in_band,
            seen,
            index,
            ..
        } = self;
        self.parts.take(n_pairs, |same| {
            let Some(threshold) = banded.threshold else {
                if is_new(seen, same.iter().map(|(_, row)| *row)) {
                    index.shared.push(same.iter().map(|(_, row)| *row));
                }
                return;
            };
            if let [(_, a), (_, b)] = *same {
                let similarity =
                    || signatures.similarity(a as usize, b as usize, banded.words_per_value);
                if is_new(seen, [a, b].into_iter()) && similarity() >= threshold {
                    in_band.push(Meeting::Pair(a, b));
                }
                return;
            }
            let bucket = *n_buckets;
            *n_buckets += 1;
            in_band.extend(
                same.iter()
                    .map(|(_, row)| Meeting::Member { row: *row, bucket }),
            );
        })
    }
}

/// Whether the same rows were not in a bucket before: what they join is joined already.
fn is_new(seen: &mut HashSet<u64>, rows: impl Iterator<Item = u32>) -> bool {
    let mut hasher = DefaultHasher::new();
    rows.for_each(|row| row.hash(&mut hasher));
    seen.insert(hasher.finish())
}

/// Rows hashed, or pairs sorted, in a step of a few milliseconds.
const ROWS_PER_STEP: usize = 20_000;

impl IndexBuilder for BandIndexBuilder {
    fn step(&mut self) -> bool {
        if self.band >= self.banded.n_bands {
            return false;
        }
        if self.row < self.signatures.ends.len() {
            self.hash_rows(ROWS_PER_STEP);
            return true;
        }
        if self.take_buckets(ROWS_PER_STEP) {
            return true;
        }
        // Texts are compared in their order; a pair meets when its second text comes.
        self.in_band.sort_unstable_by_key(|meeting| match meeting {
            Meeting::Pair(_, row) | Meeting::Member { row, .. } => *row,
        });
        let meetings = std::mem::take(&mut self.in_band);
        if !meetings.is_empty() {
            self.index
                .meetings
                .push((meetings, self.n_buckets as usize));
        }
        (self.row, self.n_buckets) = (0, 0);
        self.band += 1;
        true
    }

    fn share_done(&self) -> f64 {
        let n_rows = self.signatures.ends.len().max(1);
        let of_band = 0.5 * self.row as f64 / n_rows as f64;
        ((self.band as f64 + of_band) / self.banded.n_bands.max(1) as f64).min(1.0)
    }

    fn finish(self: Box<Self>) -> Box<dyn DuplicateIndex> {
        let mut index = self.index;
        // Only the signatures of rows that may have a duplicate are kept.
        let mut is_kept = vec![false; self.signatures.ends.len()];
        let mut keep = |row: u32| {
            if let Some(is_kept) = is_kept.get_mut(row as usize) {
                *is_kept = true;
            }
        };
        index.shared.iter().flatten().for_each(|row| keep(*row));
        for meeting in index.meetings.iter().flat_map(|(meetings, _)| meetings) {
            match *meeting {
                Meeting::Pair(a, b) => [a, b].into_iter().for_each(&mut keep),
                Meeting::Member { row, .. } => keep(row),
            }
        }
        for (row, is_kept) in is_kept.into_iter().enumerate() {
            let signature = if is_kept {
                self.signatures.of(row)
            } else {
                &[]
            };
            index.signatures.push(signature);
        }
        Box::new(index)
    }
}

/// What shares a band.
pub struct BandIndex {
    banded: Banded,
    signatures: Signatures,
    /// Without a threshold: rows that share a band.
    shared: Buckets,
    /// With a threshold: by band, in the order of rows, and the number of buckets.
    meetings: Vec<(Vec<Meeting>, usize)>,
}

impl BandIndex {
    fn similarity(&self, a: usize, b: usize) -> f64 {
        self.signatures
            .similarity(a, b, self.banded.words_per_value)
    }

    /// As `minhash::NearDuplicates` would, if there were only these rows.
    fn join_similar(&self, clusters: &mut Clusters, alive: &[bool], threshold: f64) {
        let is_alive = |row: u32| alive.get(row as usize).is_some_and(|alive| *alive);
        for (meetings, n_buckets) in &self.meetings {
            let mut leaders: Vec<Vec<u32>> = vec![Vec::new(); *n_buckets];
            for meeting in meetings {
                match *meeting {
                    Meeting::Pair(a, b) => {
                        if is_alive(a) && is_alive(b) {
                            clusters.join(a as usize, b as usize);
                        }
                    }
                    Meeting::Member { row, bucket } => {
                        let Some(leaders) = leaders.get_mut(bucket as usize) else {
                            continue;
                        };
                        if !is_alive(row) {
                            continue;
                        }
                        let text = row as usize;
                        let cluster = clusters.smallest(text);
                        let like = leaders.iter().find(|leader| {
                            let leader = **leader as usize;
                            clusters.smallest(leader) == cluster
                                || self.similarity(leader, text) >= threshold
                        });
                        match like {
                            Some(leader) => clusters.join(*leader as usize, text),
                            None if leaders.len() < LEADERS_PER_BUCKET => leaders.push(row),
                            None => {}
                        }
                    }
                }
            }
        }
    }
}

impl DuplicateIndex for BandIndex {
    fn decide(&self, alive: &[bool], rank: Option<&[f64]>) -> DuplicateDecision {
        let mut clusters = Clusters::new(alive.len());
        match self.banded.threshold {
            Some(threshold) => self.join_similar(&mut clusters, alive, threshold),
            None => {
                for rows in self.shared.iter() {
                    standing::join_alive(&mut clusters, rows, alive);
                }
            }
        }
        standing::decide(&mut clusters, alive, rank, |row, first| {
            self.similarity(row, first)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::data_juicer::minhash::{Banding, clusters};
    use crate::text::minhash::NearDuplicates;

    /// Signatures of 12 values in families that share some values.
    fn signatures(n: u64) -> Vec<Option<Vec<u32>>> {
        let value = |row: u64, at: u64| {
            let family = hash_u64(row) % (n / 5);
            let own = hash_u64(row << 8 | at).is_multiple_of(4);
            hash_u64(if own {
                row << 20 | at
            } else {
                family << 40 | at
            }) as u32
                % 50
        };
        (0..n)
            .map(|row| (row % 13 != 5).then(|| (0..12).map(|at| value(row, at)).collect()))
            .collect()
    }

    fn decide(banded: Banded, sketches: &[Option<Vec<u32>>], alive: &[bool]) -> Vec<u32> {
        let mut builder = BandIndexBuilder::new(sketches, banded);
        while builder.step() {
            assert!((0.0..=1.0).contains(&builder.share_done()));
        }
        Box::new(builder).finish().decide(alive, None).stands_for
    }

    #[test]
    fn any_rows_cluster_as_if_there_were_no_others() {
        let all = signatures(500);
        for (threshold, keep) in [(0.3, 1), (0.5, 1), (0.5, 2), (0.6, 3), (0.9, 1)] {
            let alive: Vec<bool> = (0..500).map(|row| row % keep != 1).collect();
            let some: Vec<Vec<u32>> = all
                .iter()
                .zip(&alive)
                .map(|(signature, alive)| signature.clone().filter(|_| *alive).unwrap_or_default())
                .collect();
            let mut near = NearDuplicates::new(&some, threshold);
            (0..4).for_each(|band| near.add_band(band, 3));
            let banded = Banded {
                n_bands: 4,
                words_per_band: 3,
                words_per_value: 1,
                threshold: Some(threshold),
            };
            assert_eq!(
                decide(banded, &all, &alive),
                near.firsts(),
                "{threshold} {keep}"
            );
        }
    }

    #[test]
    fn without_a_threshold_a_band_is_enough() {
        let all = signatures(500);
        let banding = Banding {
            n_bands: 3,
            rows_per_band: 4,
        };
        let mut expected = clusters(&all, banding);
        let banded = Banded {
            n_bands: 3,
            words_per_band: 4,
            words_per_value: 1,
            threshold: None,
        };
        let expected: Vec<u32> = (0..500).map(|row| expected.smallest(row) as u32).collect();
        assert_eq!(decide(banded, &all, &[true; 500]), expected);
    }

    #[test]
    fn similarity_is_the_share_of_equal_values() {
        let sketches = [Some(vec![1, 2, 3, 4]), Some(vec![1, 2, 3, 5]), None];
        for (words_per_value, expected) in [(1, 0.75), (2, 0.5)] {
            let banded = Banded {
                n_bands: 2,
                words_per_band: 2,
                words_per_value,
                threshold: None,
            };
            let mut builder = BandIndexBuilder::new(&sketches, banded);
            while builder.step() {}
            let decision = Box::new(builder).finish().decide(&[true; 3], None);
            assert_eq!(decision.stands_for, [0, 0, 2]);
            assert_eq!(decision.similarity[1], expected);
        }
    }
}
