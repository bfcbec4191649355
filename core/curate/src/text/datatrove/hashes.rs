//! Hash functions of texts, of 32 and of 64 bits.

use sha1::{Digest as _, Sha1};

/// A hash function and its width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextHash {
    /// The first four bytes of SHA-1, the lowest first.
    Sha1Of32Bits,
    /// The first eight bytes of SHA-1, the lowest first.
    Sha1Of64Bits,
    /// XXH32 with seed 0.
    XxHash32,
    /// XXH64 with seed 0; DataTrove's default.
    XxHash64,
}

impl TextHash {
    /// Whether its values have 32 bits.
    pub fn is_short(self) -> bool {
        matches!(self, Self::Sha1Of32Bits | Self::XxHash32)
    }

    /// The hash of the UTF-8 bytes of a text.
    ///
    /// # Source
    ///
    /// DataTrove 0.10.1, `utils/hashing.py`.
    pub fn of(self, text: &str) -> u64 {
        let bytes = text.as_bytes();
        match self {
            Self::Sha1Of32Bits => sha1_start(bytes) & u64::from(u32::MAX),
            Self::Sha1Of64Bits => sha1_start(bytes),
            Self::XxHash32 => u64::from(xxh32(bytes)),
            Self::XxHash64 => xxh64(bytes),
        }
    }
}

fn sha1_start(bytes: &[u8]) -> u64 {
    let digest = Sha1::digest(bytes);
    digest
        .iter()
        .take(8)
        .rev()
        .fold(0, |value, byte| value << 8 | u64::from(*byte))
}

const PRIME_1: u32 = 0x9e37_79b1;
const PRIME_2: u32 = 0x85eb_ca77;
const PRIME_3: u32 = 0xc2b2_ae3d;
const PRIME_4: u32 = 0x27d4_eb2f;
const PRIME_5: u32 = 0x1656_67b1;

/// XXH32 with seed 0, by its specification (xxHash 0.8, `doc/xxhash_spec.md`).
fn xxh32(bytes: &[u8]) -> u32 {
    let (stripes, rest) = bytes.as_chunks::<16>();
    let mut hash = if stripes.is_empty() {
        PRIME_5
    } else {
        let mut lanes = [
            PRIME_1.wrapping_add(PRIME_2),
            PRIME_2,
            0,
            0_u32.wrapping_sub(PRIME_1),
        ];
        for stripe in stripes {
            for (lane, word) in lanes.iter_mut().zip(stripe.as_chunks::<4>().0) {
                let mixed = lane.wrapping_add(u32::from_le_bytes(*word).wrapping_mul(PRIME_2));
                *lane = mixed.rotate_left(13).wrapping_mul(PRIME_1);
            }
        }
        let [a, b, c, d] = lanes;
        a.rotate_left(1)
            .wrapping_add(b.rotate_left(7))
            .wrapping_add(c.rotate_left(12))
            .wrapping_add(d.rotate_left(18))
    };
    // The length counts modulo 2^32.
    hash = hash.wrapping_add(bytes.len() as u32);
    let (words, tail) = rest.as_chunks::<4>();
    for word in words {
        hash = hash.wrapping_add(u32::from_le_bytes(*word).wrapping_mul(PRIME_3));
        hash = hash.rotate_left(17).wrapping_mul(PRIME_4);
    }
    for byte in tail {
        hash = hash.wrapping_add(u32::from(*byte).wrapping_mul(PRIME_5));
        hash = hash.rotate_left(11).wrapping_mul(PRIME_1);
    }
    hash = (hash ^ (hash >> 15)).wrapping_mul(PRIME_2);
    hash = (hash ^ (hash >> 13)).wrapping_mul(PRIME_3);
    hash ^ (hash >> 16)
}

const LONG_PRIME_1: u64 = 0x9e37_79b1_85eb_ca87;
const LONG_PRIME_2: u64 = 0xc2b2_ae3d_27d4_eb4f;
const LONG_PRIME_3: u64 = 0x1656_67b1_9e37_79f9;
const LONG_PRIME_4: u64 = 0x85eb_ca77_c2b2_ae63;
const LONG_PRIME_5: u64 = 0x27d4_eb2f_1656_67c5;

/// XXH64 with seed 0, by the same specification.
fn xxh64(bytes: &[u8]) -> u64 {
    let round = |lane: u64, word: u64| {
        lane.wrapping_add(word.wrapping_mul(LONG_PRIME_2))
            .rotate_left(31)
            .wrapping_mul(LONG_PRIME_1)
    };
    let (stripes, rest) = bytes.as_chunks::<32>();
    let mut hash = if stripes.is_empty() {
        LONG_PRIME_5
    } else {
        let mut lanes = [
            LONG_PRIME_1.wrapping_add(LONG_PRIME_2),
            LONG_PRIME_2,
            0,
            0_u64.wrapping_sub(LONG_PRIME_1),
        ];
        for stripe in stripes {
            for (lane, word) in lanes.iter_mut().zip(stripe.as_chunks::<8>().0) {
                *lane = round(*lane, u64::from_le_bytes(*word));
            }
        }
        let [a, b, c, d] = lanes;
        let merged = a
            .rotate_left(1)
            .wrapping_add(b.rotate_left(7))
            .wrapping_add(c.rotate_left(12))
            .wrapping_add(d.rotate_left(18));
        lanes.iter().fold(merged, |hash, lane| {
            (hash ^ round(0, *lane))
                .wrapping_mul(LONG_PRIME_1)
                .wrapping_add(LONG_PRIME_4)
        })
    };
    hash = hash.wrapping_add(bytes.len() as u64);
    let (words, tail) = rest.as_chunks::<8>();
    for word in words {
        hash = (hash ^ round(0, u64::from_le_bytes(*word)))
            .rotate_left(27)
            .wrapping_mul(LONG_PRIME_1)
            .wrapping_add(LONG_PRIME_4);
    }
    let (halves, tail) = tail.as_chunks::<4>();
    for half in halves {
        hash = (hash ^ u64::from(u32::from_le_bytes(*half)).wrapping_mul(LONG_PRIME_1))
            .rotate_left(23)
            .wrapping_mul(LONG_PRIME_2)
            .wrapping_add(LONG_PRIME_3);
    }
    for byte in tail {
        hash = (hash ^ u64::from(*byte).wrapping_mul(LONG_PRIME_5))
            .rotate_left(11)
            .wrapping_mul(LONG_PRIME_1);
    }
    hash = (hash ^ (hash >> 33)).wrapping_mul(LONG_PRIME_2);
    hash = (hash ^ (hash >> 29)).wrapping_mul(LONG_PRIME_3);
    hash ^ (hash >> 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_of_the_specification() {
        assert_eq!(xxh32(b""), 0x02cc_5d05);
        assert_eq!(
            xxh32(b"Nobody inspects the spammish repetition"),
            0xe229_3b2f
        );
        assert_eq!(xxh64(b""), 0xef46_db37_51d8_e999);
        assert_eq!(
            xxh64(b"Nobody inspects the spammish repetition"),
            0xfbce_a83c_8a37_8bf1
        );
        assert_eq!(TextHash::Sha1Of32Bits.of(""), 4_003_674_586);
    }
}
