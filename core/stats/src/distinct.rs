//! Number of distinct values: exact while there are few, estimated above.

use std::collections::HashSet;

use datasketches::hll::{Coupon, HllSketch, HllType, HllUnion};

use crate::Error;
use crate::hash::BuildMixedHasher;

/// Base-2 logarithm of the number of registers: 16 KiB for each estimated column.
const LG_N_REGISTERS: u8 = 14;

/// `1.039 / √2¹⁴`: 0.81 %.
///
/// # Source
///
/// Flajolet et al., “HyperLogLog: the analysis of a near-optimal cardinality estimation
/// algorithm”, 2007, theorem 1.
pub const RELATIVE_STANDARD_ERROR: f64 = 1.039 / 128.0;

/// Number of distinct values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Distinct {
    pub count: u64,
    /// True if `count` is exact (but for collisions of hashes: below 1e-9 for 10⁵ strings,
    /// none for numbers hashed by [`crate::hash::hash_u64`]).
    pub exact: bool,
    /// 0 for an exact count.
    pub relative_standard_error: f64,
}

/// Counts distinct hashes of [`crate::hash`].
///
/// The count is exact if there are at most `limit` of them, else HyperLogLog's.
/// Both depend on the set of values alone, not on chunks or merges.
///
/// # Example
///
/// ```
/// use sluice_stats::distinct::DistinctCounter;
/// use sluice_stats::hash::hash_bytes;
///
/// let mut counter = DistinctCounter::new(65_536);
/// counter.update(&["a", "b", "a"].map(|text| hash_bytes(text.as_bytes())));
/// assert_eq!((counter.finish().count, counter.finish().exact), (2, true));
/// ```
#[derive(Clone, Debug)]
pub struct DistinctCounter {
    limit: usize,
    seen: Seen,
}

#[derive(Clone, Debug)]
enum Seen {
    Exact(HashSet<u64, BuildMixedHasher>),
    Estimated(HllSketch),
}

impl DistinctCounter {
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            seen: Seen::Exact(HashSet::default()),
        }
    }

    pub fn update(&mut self, hashes: &[u64]) {
        for (idx, &hash) in hashes.iter().enumerate() {
            match &mut self.seen {
                Seen::Exact(set) => {
                    if set.insert(hash) && set.len() > self.limit {
                        self.seen = Seen::Estimated(sketch_of(set));
                    }
                }
                Seen::Estimated(sketch) => {
                    hashes[idx..].iter().for_each(|&hash| add(sketch, hash));
                    return;
                }
            }
        }
    }

    /// # Errors
    ///
    /// Returns [`Error::MergeMismatch`] if the two have different limits.
    pub fn merge(&mut self, other: &Self) -> Result<(), Error> {
        if self.limit != other.limit {
            return Err(Error::MergeMismatch {
                setting: "their limit of exact counting",
            });
        }
        match (&mut self.seen, &other.seen) {
            (_, Seen::Exact(others)) => {
                // Order is of no consequence: both kinds of set forget it.
                let others: Vec<u64> = others.iter().copied().collect();
                self.update(&others);
            }
            (Seen::Exact(set), Seen::Estimated(others)) => {
                let mut sketch = others.clone();
                set.iter().for_each(|&hash| add(&mut sketch, hash));
                self.seen = Seen::Estimated(sketch);
            }
            (Seen::Estimated(sketch), Seen::Estimated(others)) => {
                let Ok(mut union) = HllUnion::new(LG_N_REGISTERS) else {
                    unreachable!("{LG_N_REGISTERS} is among the sizes 4–21 of a union");
                };
                union.update(sketch);
                union.update(others);
                *sketch = union.to_sketch(HllType::Hll8);
            }
        }
        Ok(())
    }

    pub fn finish(&self) -> Distinct {
        match &self.seen {
            Seen::Exact(set) => Distinct {
                count: set.len() as u64,
                exact: true,
                relative_standard_error: 0.0,
            },
            Seen::Estimated(sketch) => Distinct {
                // The other estimate of the sketch depends on the order of updates.
                // More than `limit` is known.
                count: (sketch.composite_estimate().round() as u64).max(self.limit as u64 + 1),
                exact: false,
                relative_standard_error: RELATIVE_STANDARD_ERROR,
            },
        }
    }
}

fn sketch_of(set: &HashSet<u64, BuildMixedHasher>) -> HllSketch {
    let Ok(mut sketch) = HllSketch::new(LG_N_REGISTERS, HllType::Hll8) else {
        unreachable!("{LG_N_REGISTERS} is among the sizes 4–21 of a sketch");
    };
    set.iter().for_each(|&hash| add(&mut sketch, hash));
    sketch
}

#[inline]
fn add(sketch: &mut HllSketch, hash: u64) {
    sketch.update_with_coupon(Coupon::from_value(hash));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::hash::hash_u64;

    fn count(limit: usize, values: impl Iterator<Item = u64>) -> Distinct {
        let mut counter = DistinctCounter::new(limit);
        counter.update(&values.map(hash_u64).collect::<Vec<_>>());
        counter.finish()
    }

    fn check_exact(limit: usize, values: impl Iterator<Item = u64>, expected: u64) {
        let exact = Distinct {
            count: expected,
            exact: true,
            relative_standard_error: 0.0,
        };
        assert_eq!(count(limit, values), exact);
    }

    fn check_estimated(limit: usize, n: u64) {
        let distinct = count(limit, (0..3 * n).map(|value| value % n));
        let error = (distinct.count as f64 / n as f64 - 1.0).abs();
        assert!(
            !distinct.exact && error < 4.0 * RELATIVE_STANDARD_ERROR,
            "{n}: {distinct:?}"
        );
    }

    #[test]
    fn few_are_counted_exactly() {
        check_exact(10, std::iter::empty(), 0);
        check_exact(10, [7; 1_000].into_iter(), 1);
        check_exact(1_000, (0..5_000).map(|value| value % 1_000), 1_000);
    }

    #[test]
    fn many_are_estimated() {
        check_estimated(1_000, 1_001);
        check_estimated(1_000, 20_000);
        check_estimated(65_536, 200_000);
        check_estimated(65_536, 1_000_000);
    }

    #[test]
    fn counters_with_different_limits_do_not_merge() {
        let mut counter = DistinctCounter::new(1);
        assert!(counter.merge(&DistinctCounter::new(2)).is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]

        #[test]
        fn chunks_and_merge_order_do_not_matter(
            n_distinct in 1u64..60_000,
            n_rows in 1u64..60_000,
            chunk_len in 500usize..30_000,
        ) {
            let hashes: Vec<u64> =
                (0..n_rows).map(|row| hash_u64(hash_u64(row) % n_distinct)).collect();
            let mut whole = DistinctCounter::new(9_000);
            whole.update(&hashes);
            let mut merged = DistinctCounter::new(9_000);
            for chunk in hashes.chunks(chunk_len).rev() {
                let mut part = DistinctCounter::new(9_000);
                part.update(chunk);
                merged.merge(&part).unwrap();
            }
            prop_assert_eq!(merged.finish(), whole.finish());
        }
    }
}
