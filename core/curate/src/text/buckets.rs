//! Items that have a value in common: buckets of two or more, found by sorting in small parts.

/// Buckets one after the other; items of a bucket rise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Buckets {
    items: Vec<u32>,
    /// Exclusive ends in `items`.
    ends: Vec<u32>,
}

impl Buckets {
    /// A bucket of at least two items, which must rise.
    pub fn push(&mut self, items: impl IntoIterator<Item = u32>) {
        self.items.extend(items);
        // Fewer than 2³² items in all: 16 GB would be needed for more.
        self.ends.push(self.items.len() as u32);
    }

    pub fn iter(&self) -> impl Iterator<Item = &[u32]> {
        let mut start = 0;
        self.ends.iter().map(move |end| {
            let bucket = self.items.get(start..*end as usize).unwrap_or_default();
            start = *end as usize;
            bucket
        })
    }

    pub fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
}

/// Pairs of a hash and an item, parted by the hash's highest bits so that each part is sorted on its own.
pub struct Parts {
    parts: Vec<Vec<(u64, u32)>>,
    next: usize,
}

/// Parts, a power of two: a million pairs make parts of 4 000, sorted in a fraction of a millisecond.
const N_PARTS: usize = 256;

impl Default for Parts {
    fn default() -> Self {
        Self {
            parts: vec![Vec::new(); N_PARTS],
            next: 0,
        }
    }
}

impl Parts {
    #[inline]
    pub fn push(&mut self, hash: u64, item: u32) {
        if let Some(part) = self.parts.get_mut((hash >> 56) as usize) {
            part.push((hash, item));
        }
    }

    /// Sorts parts of about `n_pairs` in all and gives the items of each hash that has two or more, the items rising;
    /// `false` when all parts are done, and the parts are empty again.
    pub fn take(&mut self, n_pairs: usize, mut bucket: impl FnMut(&[(u64, u32)])) -> bool {
        let mut n_done = 0;
        while n_done < n_pairs {
            let Some(part) = self.parts.get_mut(self.next) else {
                self.next = 0;
                return false;
            };
            part.sort_unstable();
            for same in part.chunk_by(|a, b| a.0 == b.0) {
                if same.len() > 1 {
                    bucket(same);
                }
            }
            n_done += part.len() + 1;
            part.clear();
            self.next += 1;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_with_one_hash_are_a_bucket() {
        let mut parts = Parts::default();
        for (item, hash) in [7, u64::MAX, 7, 1 << 60, u64::MAX, 7]
            .into_iter()
            .enumerate()
        {
            parts.push(hash, item as u32);
        }
        let mut buckets = Buckets::default();
        while parts.take(1, |same| buckets.push(same.iter().map(|(_, item)| *item))) {}
        assert_eq!(
            buckets.iter().collect::<Vec<_>>(),
            [&[0, 2, 5][..], &[1, 4]]
        );
    }
}
