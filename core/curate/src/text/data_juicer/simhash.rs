//! SimHash of shingles, and clusters of documents whose hashes differ in few bits.

use std::collections::HashMap;

use md5::{Digest as _, Md5};

use super::shingles::Shingles;
use crate::text::clusters::Clusters;

/// 64 bits, each set if more shingles' hashes have it set than not; none without shingles.
///
/// A shingle counts as often as it occurs; its hash is the first eight bytes of its MD5, greatest first.
/// Source: Data-Juicer `document_simhash_deduplicator`, which gives 0 without shingles.
pub fn simhash(shingles: &Shingles) -> Option<u64> {
    let mut n_set = [0_usize; 64];
    let mut n_shingles = 0;
    for shingle in shingles.iter() {
        let hash = md5_64(shingle.as_bytes());
        for (bit, n_set) in n_set.iter_mut().enumerate() {
            *n_set += usize::from(hash >> bit & 1 == 1);
        }
        n_shingles += 1;
    }
    if n_shingles == 0 {
        return None;
    }
    let bits = n_set.iter().enumerate();
    Some(bits.fold(0, |hash, (bit, n_set)| {
        hash | (u64::from(*n_set > n_shingles / 2) << bit)
    }))
}

/// Clusters of hashes of which any two neighbours differ in at most `max_bits`, which is 63 or less.
///
/// With one block of bits more than may differ, two such hashes have a block in common, so that only hashes that have
/// are compared. A document without a hash is alone.
pub fn clusters(hashes: &[Option<u64>], max_bits: u32) -> Clusters {
    let mut clusters = Clusters::new(hashes.len());
    // Equal hashes first, so that only distinct ones are compared.
    let mut first_with: HashMap<u64, usize> = HashMap::new();
    let mut distinct = Vec::new();
    for (idx, hash) in hashes.iter().enumerate() {
        let Some(hash) = *hash else { continue };
        let first = *first_with.entry(hash).or_insert(idx);
        if first == idx {
            distinct.push((hash, idx));
        } else {
            clusters.join(first, idx);
        }
    }
    let max_bits = max_bits.min(63);
    for mask in block_masks(max_bits + 1) {
        distinct.sort_unstable_by_key(|(hash, idx)| (hash & mask, *idx));
        for block in distinct.chunk_by(|(a, _), (b, _)| a & mask == b & mask) {
            for (at, (hash, idx)) in block.iter().enumerate() {
                for (other, other_idx) in block.iter().skip(at + 1) {
                    if (hash ^ other).count_ones() <= max_bits {
                        clusters.join(*idx, *other_idx);
                    }
                }
            }
        }
    }
    clusters
}

/// Masks of `n_blocks` neighbouring blocks, equal but for one bit, that cover the 64 bits; at most 64.
fn block_masks(n_blocks: u32) -> impl Iterator<Item = u64> {
    let below = |bit: u32| 1_u64.checked_shl(bit).map_or(u64::MAX, |bit| bit - 1);
    (0..n_blocks).map(move |block| {
        let (start, end) = (block * 64 / n_blocks, (block + 1) * 64 / n_blocks);
        below(end) & !below(start)
    })
}

fn md5_64(bytes: &[u8]) -> u64 {
    let digest: [u8; 16] = Md5::digest(bytes).into();
    let [a, b, c, d, e, f, g, h, ..] = digest;
    u64::from_be_bytes([a, b, c, d, e, f, g, h])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_cover_all_bits_once() {
        for n_blocks in 1..=64 {
            let masks: Vec<u64> = block_masks(n_blocks).collect();
            assert_eq!(masks.iter().fold(0, |all, mask| all | mask), u64::MAX);
            assert_eq!(masks.iter().map(|mask| mask.count_ones()).sum::<u32>(), 64);
        }
    }

    #[test]
    fn hashes_cluster_through_neighbours() {
        let hashes = [
            Some(0),
            Some(0b11),
            None,
            Some(0b1111),
            Some(u64::MAX),
            None,
            Some(0),
        ];
        assert_eq!(clusters(&hashes, 2).firsts(), [0, 2, 4, 5]);
        assert_eq!(clusters(&hashes, 0).firsts(), [0, 1, 2, 3, 4, 5]);
        assert_eq!(clusters(&hashes, 60).firsts(), [0, 2, 5]);
    }
}
