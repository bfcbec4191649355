//! Specified hashes of values, the same on every platform and in every release.
//!
//! They may be stored and compared across machines. They are not keyed, so they resist
//! accident, not an adversary.

use std::hash::{BuildHasherDefault, Hasher};

use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

/// Hash of a byte string: XXH3-64 with seed 0.
///
/// Among `n` different strings some two share a hash with probability about `n² / 2⁶⁵`.
///
/// # Source
///
/// Collet, xxHash specification, XXH3 algorithm.
#[inline]
pub fn hash_bytes(bytes: &[u8]) -> u64 {
    xxh3_64(bytes)
}

/// 128-bit hash of a byte string: XXH3-128 with seed 0, low half in the low bits.
#[inline]
pub fn hash_bytes_128(bytes: &[u8]) -> u128 {
    xxh3_128(bytes)
}

/// Hash of an integer, a date or a code; a bijection, so different values never collide.
///
/// # Formula
///
/// The first output of SplitMix64 seeded with `value`.
///
/// # Source
///
/// Steele, Lea, Flood, “Fast splittable pseudorandom number generators”, OOPSLA 2014;
/// Stafford's “Mix13” constants.
#[inline]
pub const fn hash_u64(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Hash of a number by value: −0 equals 0, and all NaNs are one value.
#[inline]
pub fn hash_f64(value: f64) -> u64 {
    const NAN_BITS: u64 = 0x7ff8_0000_0000_0000;
    // Adding +0 turns −0 into +0 and changes nothing else.
    hash_u64(if value.is_nan() {
        NAN_BITS
    } else {
        (value + 0.0).to_bits()
    })
}

/// Hasher for keys that are already well mixed: passes the `u64` through.
#[derive(Default)]
pub(crate) struct MixedHasher(u64);

impl Hasher for MixedHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 ^= hash_bytes(bytes);
    }

    #[inline]
    fn write_u64(&mut self, mixed: u64) {
        self.0 = mixed;
    }
}

pub(crate) type BuildMixedHasher = BuildHasherDefault<MixedHasher>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_match_the_published_vectors() {
        // From xxHash's own `xxhsum` sanity checks (empty input, seed 0).
        assert_eq!(hash_bytes(b""), 0x2d06_8005_38d3_94c2);
        assert_eq!(
            hash_bytes_128(b""),
            0x99aa_06d3_0147_98d8_6001_c324_468d_497f
        );
    }

    #[test]
    fn integers_match_the_published_vectors() {
        // First outputs of SplitMix64 for the seeds 0 and 1234567 (Vigna's reference code).
        assert_eq!(hash_u64(0), 0xe220_a839_7b1d_cdaf);
        assert_eq!(hash_u64(1_234_567), 6_457_827_717_110_365_317);
    }

    #[test]
    fn numbers_hash_by_value() {
        let other_nan = f64::from_bits(0xfff8_0000_0000_0001);
        assert_eq!(hash_f64(0.0), hash_f64(-0.0));
        assert_eq!(hash_f64(f64::NAN), hash_f64(other_nan));
        assert_ne!(hash_f64(1.0), hash_f64(-1.0));
    }
}
