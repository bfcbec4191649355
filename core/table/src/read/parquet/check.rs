//! Checks of unpacked pages: levels, dictionary indices and value lengths hold what the headers claim.
//!
//! After a check the decoder finds as many levels and values as it asks for, and none outside its buffers.
//! What values stand for (UTF-8, indices into the dictionary) the decoder itself checks and reports.

use polars_parquet::parquet::metadata::Descriptor;
use polars_parquet::parquet::schema::types::PhysicalType;
use polars_parquet_format::{Encoding, PageHeader, PageType};

/// What a page is checked against.
pub(super) struct PageCheck<'a> {
    pub(super) descriptor: &'a Descriptor,
    /// Values of the chunk's dictionary, if it has one.
    pub(super) n_dictionary: Option<usize>,
}

/// Repetition and definition levels of values, in order.
pub(super) type Levels = Vec<(u8, u8)>;

/// Whether two columns of a struct or of a list of structs say the same of it: for every value at or above
/// repetition level `max_rep`, whether and how deep it is there, up to definition level `max_def`.
pub(super) fn agree(a: &Levels, b: &Levels, max_rep: u8, max_def: u8) -> bool {
    let of_group = |levels: &'_ Levels| -> Vec<(u8, u8)> {
        levels.iter().filter(|(rep, _)| *rep <= max_rep).map(|(rep, def)| (*rep, (*def).min(max_def))).collect()
    };
    of_group(a) == of_group(b)
}

/// Rows of a page.
pub(super) struct PageRows {
    /// Rows that begin in it.
    pub(super) n_rows: usize,
    pub(super) starts_row: bool,
}

impl PageCheck<'_> {
    /// Checks a data page of `n_values`, nulls included, and adds its levels to `levels` if they are wanted.
    ///
    /// Values that a writer left out because all are null get the one byte that the decoder looks at.
    pub(super) fn check(
        &self,
        header: &PageHeader,
        body: &mut Vec<u8>,
        n_values: usize,
        levels: Option<&mut Levels>,
    ) -> Result<PageRows, String> {
        let Descriptor { max_def_level, max_rep_level, .. } = *self.descriptor;
        let (encoding, n_rep_bytes, n_def_bytes, levels_start) = match header {
            PageHeader { type_: PageType::DATA_PAGE, data_page_header: Some(v1), .. } => {
                let is_rle = |level: i16, encoding: Encoding| match level {
                    0 => (0..=9).contains(&encoding.0),
                    _ => encoding == Encoding::RLE,
                };
                if !is_rle(max_def_level, v1.definition_level_encoding)
                    || !is_rle(max_rep_level, v1.repetition_level_encoding)
                {
                    return Err("levels in the outdated bit-packed encoding are not read".to_owned());
                }
                let n_rep_bytes = if max_rep_level > 0 { 4 + length_prefix(body, 0)? } else { 0 };
                let n_def_bytes = if max_def_level > 0 { 4 + length_prefix(body, n_rep_bytes)? } else { 0 };
                (v1.encoding, n_rep_bytes, n_def_bytes, 4)
            }
            PageHeader { data_page_header_v2: Some(v2), .. } => {
                let size = |bytes: i32| usize::try_from(bytes).map_err(|_| "negative level size".to_owned());
                let has_nulls = max_def_level > 0 && v2.num_nulls != 0;
                let n_def_bytes = size(v2.definition_levels_byte_length)?;
                // The decoder skips the levels when the header says that there are no nulls.
                if !has_nulls && max_rep_level == 0 && v2.num_nulls != 0 {
                    return Err("nulls in a column without them".to_owned());
                }
                (v2.encoding, size(v2.repetition_levels_byte_length)?, n_def_bytes, 0)
            }
            _ => return Err("a data page without its description".to_owned()),
        };
        let values_start = n_rep_bytes.saturating_add(n_def_bytes);
        if values_start > body.len() {
            return Err("levels are longer than their page".to_owned());
        }
        let rows = match max_rep_level {
            0 => PageRows { n_rows: n_values, starts_row: true },
            _ => {
                let levels = &body[levels_start.min(n_rep_bytes)..n_rep_bytes];
                let counts = count_levels(levels, max_rep_level, n_values, 0)?;
                PageRows { n_rows: counts.n_equal, starts_row: counts.first == 0 }
            }
        };
        let n_present = match max_def_level {
            0 => n_values,
            _ => {
                let levels = &body[(n_rep_bytes + levels_start).min(values_start)..values_start];
                count_levels(levels, max_def_level, n_values, max_def_level as u32)?.n_equal
            }
        };
        if let Some(wanted) = levels {
            let reps = &body[levels_start.min(n_rep_bytes)..n_rep_bytes];
            let defs = &body[(n_rep_bytes + levels_start).min(values_start)..values_start];
            let reps = level_values(reps, max_rep_level, n_values)?;
            wanted.extend(reps.into_iter().zip(level_values(defs, max_def_level, n_values)?));
        }
        if let Some(v2) = header.data_page_header_v2.as_ref().filter(|_| header.type_ == PageType::DATA_PAGE_V2)
            && max_rep_level == 0
            && v2.num_nulls == 0
            && n_present != n_values
        {
            return Err("nulls that its header denies".to_owned());
        }
        if body.len() == values_start && n_present == 0 {
            body.push(0);
        }
        self.check_values(&body[values_start..], encoding, n_present)?;
        // Lengths of texts are read to the end of the page.
        if encoding == Encoding::PLAIN && self.descriptor.primitive_type.physical_type == PhysicalType::ByteArray {
            let n_used = plain_texts_length(&body[values_start..], n_present)?;
            body.truncate(values_start + n_used);
        }
        Ok(rows)
    }

    fn check_values(&self, values: &[u8], encoding: Encoding, n_present: usize) -> Result<(), String> {
        let physical = self.descriptor.primitive_type.physical_type;
        let enough = |n_bytes: Option<usize>| match n_bytes {
            Some(n_bytes) if n_bytes <= values.len() => Ok(()),
            _ => Err("fewer values than its header claims".to_owned()),
        };
        match encoding {
            Encoding::PLAIN if physical == PhysicalType::ByteArray => {
                plain_texts_length(values, n_present).map(|_| ())
            }
            Encoding::PLAIN if physical == PhysicalType::Boolean => enough(Some(n_present.div_ceil(8))),
            Encoding::PLAIN => {
                enough(n_present.checked_mul(width(physical)))?;
                if physical == PhysicalType::Int96 { check_moments(values, n_present) } else { Ok(()) }
            }
            Encoding::BYTE_STREAM_SPLIT => {
                let n_bytes = n_present.checked_mul(width(physical));
                if n_present > 0 && n_bytes != Some(values.len()) {
                    return Err("a byte stream of the wrong length".to_owned());
                }
                Ok(())
            }
            Encoding::RLE_DICTIONARY | Encoding::PLAIN_DICTIONARY => {
                let n_dictionary = self.n_dictionary.ok_or("indices without a dictionary")?;
                match values {
                    [] => Err("indices are missing".to_owned()),
                    [bit_width, ..] if *bit_width > 32 => Err(format!("indices of {bit_width} bits")),
                    [bit_width, runs @ ..] => {
                        // Of values of fixed length the decoder does not check the indices itself.
                        let is_checked = matches!(physical, PhysicalType::FixedLenByteArray(_));
                        let limit = if is_checked { n_dictionary as u64 } else { u64::MAX };
                        check_indices(runs, u32::from(*bit_width), n_present, limit)
                    }
                }
            }
            Encoding::RLE if physical == PhysicalType::Boolean => match n_present {
                0 => Ok(()),
                _ => {
                    let length = length_prefix(values, 0)?;
                    walk_runs(&values[4..4 + length], 1, n_present, |_| Ok(()))
                }
            },
            Encoding::DELTA_BINARY_PACKED => delta_values(values, n_present, |_| Ok(())).map(|_| ()),
            Encoding::DELTA_LENGTH_BYTE_ARRAY => {
                let mut n_bytes: usize = 0;
                let rest = delta_values(values, n_present, |length| add_length(&mut n_bytes, length))?;
                if n_bytes <= rest.len() { Ok(()) } else { Err("texts are cut off".to_owned()) }
            }
            Encoding::DELTA_BYTE_ARRAY => check_front_coded(values, n_present),
            Encoding(other) => Err(format!("values in encoding {other}")),
        }
    }
}

/// Whether every moment of 96-bit timestamps fits 64-bit microseconds.
fn check_moments(values: &[u8], n_values: usize) -> Result<(), String> {
    const WIDTH: usize = 12;
    /// Julian day of 1970-01-01, and the days around it that 64-bit microseconds reach.
    const EPOCH_DAY: i64 = 2_440_588;
    const DAYS_MAX: i64 = 106_000_000;
    for value in values.chunks_exact(WIDTH).take(n_values) {
        if let [.., a, b, c, d] = *value
            && (i64::from(u32::from_le_bytes([a, b, c, d])) - EPOCH_DAY).abs() > DAYS_MAX
        {
            return Err("a date too far away".to_owned());
        }
    }
    Ok(())
}

/// Checks a dictionary page of `n_values`: plain values, all there.
pub(super) fn check_dictionary(body: &[u8], n_values: usize, descriptor: &Descriptor) -> Result<(), String> {
    let n_bytes = match descriptor.primitive_type.physical_type {
        PhysicalType::ByteArray => Some(plain_texts_length(body, n_values)?),
        PhysicalType::Boolean => return Err("a dictionary of booleans".to_owned()),
        physical => n_values.checked_mul(width(physical)),
    };
    if n_bytes != Some(body.len()) {
        return Err("a dictionary of the wrong length".to_owned());
    }
    match descriptor.primitive_type.physical_type {
        PhysicalType::Int96 => check_moments(body, n_values),
        _ => Ok(()),
    }
}

fn width(physical: PhysicalType) -> usize {
    match physical {
        PhysicalType::Boolean | PhysicalType::ByteArray => 1,
        PhysicalType::Int32 | PhysicalType::Float => 4,
        PhysicalType::Int64 | PhysicalType::Double => 8,
        PhysicalType::Int96 => 12,
        PhysicalType::FixedLenByteArray(width) => width,
    }
}

/// The little-endian 32-bit length at `at`, if as many bytes follow it.
fn length_prefix(bytes: &[u8], at: usize) -> Result<usize, String> {
    let rest = bytes.get(at..).unwrap_or_default();
    match rest {
        [a, b, c, d, rest @ ..] => {
            let length = u32::from_le_bytes([*a, *b, *c, *d]) as usize;
            if length <= rest.len() { Ok(length) } else { Err("a length beyond its page".to_owned()) }
        }
        _ => Err("a length is cut off".to_owned()),
    }
}

/// Bytes that `n_values` texts with length prefixes take.
fn plain_texts_length(bytes: &[u8], n_values: usize) -> Result<usize, String> {
    let mut at = 0;
    for _ in 0..n_values {
        at += 4 + length_prefix(bytes, at)?;
    }
    Ok(at)
}

struct LevelCounts {
    /// Levels that equal the one asked for.
    n_equal: usize,
    first: u32,
}

/// Checks that there are `n_values` levels, none above `max`, and counts those that equal `counted`.
fn count_levels(bytes: &[u8], max: i16, n_values: usize, counted: u32) -> Result<LevelCounts, String> {
    let max = max as u32;
    let bit_width = u32::BITS - max.leading_zeros();
    let mut counts = LevelCounts { n_equal: 0, first: u32::MAX };
    let mut n_seen = 0;
    walk_runs(bytes, bit_width, n_values, |run| {
        let too_high = || Err("a level above the highest".to_owned());
        match run {
            Run::Repeated { value, .. } if value > max => return too_high(),
            Run::Repeated { value, n } => {
                counts.n_equal += if value == counted { n } else { 0 };
                counts.first = if n_seen == 0 { value } else { counts.first };
                n_seen += n;
            }
            Run::Packed { bytes, n } if bit_width == 1 => {
                let n_ones = ones(bytes, n);
                counts.n_equal += if counted == 1 { n_ones } else { n - n_ones };
                counts.first = if n_seen == 0 { u32::from(bytes.first().is_some_and(|b| b & 1 == 1)) } else { counts.first };
                n_seen += n;
            }
            Run::Packed { bytes, n } => {
                for value_idx in 0..n {
                    let value = unpacked(bytes, bit_width, value_idx) as u32;
                    if value > max {
                        return too_high();
                    }
                    counts.n_equal += usize::from(value == counted);
                    counts.first = if n_seen == 0 { value } else { counts.first };
                    n_seen += 1;
                }
            }
        }
        Ok(())
    })?;
    Ok(counts)
}

fn level_values(bytes: &[u8], max: i16, n_values: usize) -> Result<Vec<u8>, String> {
    let bit_width = u32::BITS - (max as u32).leading_zeros();
    let mut levels = Vec::with_capacity(n_values);
    walk_runs(bytes, bit_width, n_values, |run| {
        match run {
            Run::Repeated { value, n } => levels.extend(std::iter::repeat_n(value as u8, n)),
            Run::Packed { bytes, n } => {
                levels.extend((0..n).map(|value_idx| unpacked(bytes, bit_width, value_idx) as u8));
            }
        }
        Ok(())
    })?;
    Ok(levels)
}

/// Checks that there are `n_values` indices, all below `limit`.
fn check_indices(bytes: &[u8], bit_width: u32, n_values: usize, limit: u64) -> Result<(), String> {
    walk_runs(bytes, bit_width, n_values, |run| {
        let is_sound = match run {
            Run::Repeated { value, n } => u64::from(value) < limit || n == 0,
            Run::Packed { .. } if 1 << bit_width <= limit => true,
            Run::Packed { bytes, n } => (0..n).all(|value_idx| unpacked(bytes, bit_width, value_idx) < limit),
        };
        if is_sound { Ok(()) } else { Err("an index beyond the dictionary".to_owned()) }
    })
}

/// Ones among the first `n` bits.
fn ones(bytes: &[u8], n: usize) -> usize {
    let (whole, rest) = bytes.split_at((n / 8).min(bytes.len()));
    let n_whole: usize = whole.iter().map(|byte| byte.count_ones() as usize).sum();
    let last = rest.first().map_or(0, |byte| byte & ((1u16 << (n % 8)) - 1) as u8);
    n_whole + last.count_ones() as usize
}

enum Run<'a> {
    Repeated { value: u32, n: usize },
    /// `n` values of the run's bit width, lowest bits first.
    Packed { bytes: &'a [u8], n: usize },
}

/// Walks `n_values` in the hybrid of run-length and bit-packed encoding.
fn walk_runs<'a>(
    mut bytes: &'a [u8],
    bit_width: u32,
    mut n_values: usize,
    mut visit: impl FnMut(Run<'a>) -> Result<(), String>,
) -> Result<(), String> {
    if bit_width == 0 {
        return visit(Run::Repeated { value: 0, n: n_values });
    }
    while n_values > 0 {
        let (indicator, rest) = varint(bytes).ok_or("fewer levels or indices than its header claims")?;
        let n_announced = usize::try_from(indicator >> 1).unwrap_or(usize::MAX);
        if indicator & 1 == 1 {
            let n_bytes = n_announced.saturating_mul(bit_width as usize).min(rest.len());
            let n = (n_bytes * 8 / bit_width as usize).min(n_values);
            if n == 0 {
                return Err("an empty run".to_owned());
            }
            visit(Run::Packed { bytes: &rest[..n_bytes], n })?;
            (bytes, n_values) = (&rest[n_bytes..], n_values - n);
        } else {
            let n_bytes = bit_width.div_ceil(8) as usize;
            let value = rest.get(..n_bytes).ok_or("a run is cut off")?;
            let value = value.iter().rev().fold(0u32, |value, byte| value << 8 | u32::from(*byte));
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
fn unpacked(bytes: &[u8], bit_width: u32, value_idx: usize) -> u64 {
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
fn delta_values<'a>(
    bytes: &'a [u8],
    n_expected: usize,
    mut visit: impl FnMut(i64) -> Result<(), String>,
) -> Result<&'a [u8], String> {
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
    let (n_miniblocks, values_per_miniblock) =
        (n_miniblocks as usize, (values_per_block / n_miniblocks) as usize);
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
            (miniblock, rest) =
                rest.split_at_checked(usize::from(*bit_width) * values_per_miniblock / 8).ok_or(CUT_OFF)?;
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

fn add_length(total: &mut usize, length: i64) -> Result<(), String> {
    let length = usize::try_from(length).map_err(|_| "a negative length".to_owned())?;
    *total = total.checked_add(length).ok_or("impossible lengths")?;
    Ok(())
}

/// Texts that share their beginnings: prefix lengths, suffix lengths, suffixes.
fn check_front_coded(values: &[u8], n_present: usize) -> Result<(), String> {
    let mut prefixes = Vec::new();
    let rest = delta_values(values, n_present, |length| {
        prefixes.push(length);
        Ok(())
    })?;
    let (mut n_bytes, mut prefix_idx, mut previous) = (0usize, 0, 0i64);
    let rest = delta_values(rest, n_present, |length| {
        let prefix = prefixes.get(prefix_idx).copied().unwrap_or(-1);
        prefix_idx += 1;
        if prefix < 0 || prefix > previous {
            return Err("a shared beginning longer than its text".to_owned());
        }
        previous = prefix.saturating_add(length);
        add_length(&mut n_bytes, length)
    })?;
    if n_bytes <= rest.len() { Ok(()) } else { Err("texts are cut off".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_counted() {
        // Three times 1, then a packed run of 8 values, 1 0 1 0 1 0 1 0.
        let bytes = [6, 1, 3, 0b0101_0101];
        let counts = count_levels(&bytes, 1, 11, 1).unwrap();
        assert_eq!((counts.n_equal, counts.first), (7, 1));
        assert_eq!(count_levels(&bytes, 1, 5, 0).unwrap().n_equal, 1);
        assert!(count_levels(&bytes, 1, 12, 1).is_err());
        // Two bits per level: 0 1 2 3 in one byte.
        let bytes = [3, 0b1110_0100, 0];
        assert_eq!(count_levels(&bytes, 3, 4, 2).unwrap().n_equal, 1);
        assert!(count_levels(&bytes, 2, 4, 2).is_err());
    }

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
        assert_eq!(signed_varint(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1]), Some((i64::MIN, &[][..])));
        assert_eq!(signed_varint(&[0xff; 10]), None);
        assert_eq!(unpacked(&[0xff; 9], 64, 0), u64::MAX);
        assert_eq!(unpacked(&[0b1000_0000, 1], 2, 3), 2);
    }
}
