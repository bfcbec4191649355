//! The encodings that pages are made of, walked without trust: no length is believed before the bytes are there.

pub(super) enum Run<'a> {
    Repeated {
        value: u32,
        n: usize,
    },
    /// `n` values of the run's bit width, lowest bits first.
    Packed {
        bytes: &'a [u8],
        n: usize,
    },
}

/// Walks `n_values` in the hybrid of run-length and bit-packed encoding.
pub(super) fn walk_runs<'a>(
    mut bytes: &'a [u8],
    bit_width: u32,
    mut n_values: usize,
    mut visit: impl FnMut(Run<'a>) -> Result<(), String>,
) -> Result<(), String> {
    if bit_width == 0 {
        return visit(Run::Repeated {
            value: 0,
            n: n_values,
        });
    }
    while n_values > 0 {
        let (indicator, rest) =
            varint(bytes).ok_or("fewer levels or indices than its header claims")?;
        let n_announced = usize::try_from(indicator >> 1).unwrap_or(usize::MAX);
        if indicator & 1 == 1 {
            let n_bytes = n_announced
                .saturating_mul(bit_width as usize)
                .min(rest.len());
            let n = (n_bytes * 8 / bit_width as usize).min(n_values);
            if n == 0 {
                return Err("an empty run".to_owned());
            }
            visit(Run::Packed {
                bytes: &rest[..n_bytes],
                n,
            })?;
            (bytes, n_values) = (&rest[n_bytes..], n_values - n);
        } else {
            let n_bytes = bit_width.div_ceil(8) as usize;
            let value = rest.get(..n_bytes).ok_or("a run is cut off")?;
            let value = value
                .iter()
                .rev()
                .fold(0u32, |value, byte| value << 8 | u32::from(*byte));
            let n = n_announced.min(n_values);
            if n == 0 {
                return Err("an empty run".to_owned());
            }
            visit(Run::Repeated { value, n })?;
            (bytes, n_values) = (&rest[n_bytes..], n_values - n);
        }
    }
    Ok(())
}

/// Value `value_idx` of bit-packed values; bits beyond the end are zero.
pub(super) fn unpacked(bytes: &[u8], bit_width: u32, value_idx: usize) -> u64 {
    let first_bit = value_idx * bit_width as usize;
    let mut value: u128 = 0;
    // At most 64 bits that begin anywhere in a byte: nine bytes.
    for (byte_idx, byte) in bytes.iter().skip(first_bit / 8).take(9).enumerate() {
        value |= u128::from(*byte) << (8 * byte_idx);
    }
    ((value >> (first_bit % 8)) & ((1u128 << bit_width) - 1)) as u64
}

/// A LEB128 number of at most 63 bits and what follows it.
fn varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0u64;
    for (byte_idx, byte) in bytes.iter().enumerate().take(9) {
        value |= u64::from(byte & 0x7f) << (7 * byte_idx);
        if byte & 0x80 == 0 {
            return bytes.get(byte_idx + 1..).map(|rest| (value, rest));
        }
    }
    None
}

/// A zigzag LEB128 number, which may take ten bytes.
fn signed_varint(bytes: &[u8]) -> Option<(i64, &[u8])> {
    let mut value = 0u64;
    for (byte_idx, byte) in bytes.iter().enumerate().take(10) {
        if byte_idx == 9 && *byte > 1 {
            return None;
        }
        value |= u64::from(byte & 0x7f) << (7 * byte_idx);
        if byte & 0x80 == 0 {
            let signed = (value >> 1) as i64 ^ -((value & 1) as i64);
            return bytes.get(byte_idx + 1..).map(|rest| (signed, rest));
        }
    }
    None
}

/// Walks `n_expected` values of the delta encoding; gives what follows them.
pub(super) fn delta_values(
    bytes: &[u8],
    n_expected: usize,
    mut visit: impl FnMut(i64) -> Result<(), String>,
) -> Result<&[u8], String> {
    const CUT_OFF: &str = "delta-encoded values are cut off";
    let (values_per_block, rest) = varint(bytes).ok_or(CUT_OFF)?;
    let (n_miniblocks, rest) = varint(rest).ok_or(CUT_OFF)?;
    let (n_values, rest) = varint(rest).ok_or(CUT_OFF)?;
    let (mut value, mut rest) = signed_varint(rest).ok_or(CUT_OFF)?;
    let sound = n_values == n_expected as u64
        && (1..=1 << 20).contains(&values_per_block)
        && values_per_block % 128 == 0
        && n_miniblocks > 0
        && values_per_block % n_miniblocks == 0
        && (values_per_block / n_miniblocks) % 32 == 0;
    if !sound {
        return Err("a damaged delta encoding".to_owned());
    }
    let (n_miniblocks, values_per_miniblock) = (
        n_miniblocks as usize,
        (values_per_block / n_miniblocks) as usize,
    );
    if n_expected > 0 {
        visit(value)?;
    }
    let mut n_left = n_expected.saturating_sub(1);
    while n_left > 0 {
        let min_delta;
        (min_delta, rest) = signed_varint(rest).ok_or(CUT_OFF)?;
        let bit_widths;
        (bit_widths, rest) = rest.split_at_checked(n_miniblocks).ok_or(CUT_OFF)?;
        for bit_width in bit_widths {
            if n_left == 0 {
                break;
            }
            if *bit_width > 64 {
                return Err(format!("deltas of {bit_width} bits"));
            }
            let miniblock;
            (miniblock, rest) = rest
                .split_at_checked(usize::from(*bit_width) * values_per_miniblock / 8)
                .ok_or(CUT_OFF)?;
            let n = n_left.min(values_per_miniblock);
            for value_idx in 0..n {
                let delta = unpacked(miniblock, u32::from(*bit_width), value_idx);
                value = value.wrapping_add(min_delta).wrapping_add(delta as i64);
                visit(value)?;
            }
            n_left -= n;
        }
    }
    Ok(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deltas_are_added_up() {
        // Specification, "Delta Encoding", example 1: 1, 2, 3, 4, 5 has deltas of 1 and so packs into no bits.
        let bytes = [128, 1, 4, 5, 2, 2, 0, 0, 0, 0];
        let mut values = Vec::new();
        let rest = delta_values(&bytes, 5, |value| {
            values.push(value);
            Ok(())
        });
        assert_eq!((values, rest), (vec![1, 2, 3, 4, 5], Ok(&[][..])));
        assert!(delta_values(&bytes, 6, |_| Ok(())).is_err());
        assert!(delta_values(&bytes[..5], 5, |_| Ok(())).is_err());
    }

    #[test]
    fn numbers_are_bounded() {
        assert_eq!(varint(&[0x80, 0x01, 7]), Some((128, &[7][..])));
        assert_eq!(varint(&[0xff; 12]), None);
        assert_eq!(varint(&[0x80]), None);
        assert_eq!(signed_varint(&[3]), Some((-2, &[][..])));
        assert_eq!(
            signed_varint(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1]),
            Some((i64::MIN, &[][..]))
        );
        assert_eq!(signed_varint(&[0xff; 10]), None);
        assert_eq!(unpacked(&[0xff; 9], 64, 0), u64::MAX);
        assert_eq!(unpacked(&[0b1000_0000, 1], 2, 3), 2);
    }
}
