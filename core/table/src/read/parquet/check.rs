//! Checks of unpacked pages: levels, dictionary indices and value lengths hold what the headers claim.
//!
//! After a check the decoder finds as many levels and values as it asks for, and none outside its buffers.
//! What values stand for (UTF-8, indices into the dictionary) the decoder itself checks and reports.

use std::ops::Range;

use polars_parquet::parquet::metadata::Descriptor;
use polars_parquet::parquet::schema::types::PhysicalType;
use polars_parquet_format::{Encoding, PageHeader, PageType};

use crate::read::parquet::runs::{Run, delta_values, unpacked, walk_runs};

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
        levels
            .iter()
            .filter(|(rep, _)| *rep <= max_rep)
            .map(|(rep, def)| (*rep, (*def).min(max_def)))
            .collect()
    };
    of_group(a) == of_group(b)
}

/// Rows of a page.
pub(super) struct PageRows {
    /// Rows that begin in it.
    pub(super) n_rows: usize,
    pub(super) starts_row: bool,
}

/// Where the parts of a page are.
struct Sections {
    encoding: Encoding,
    reps: Range<usize>,
    defs: Range<usize>,
    values_start: usize,
    /// As the header says, if it does.
    n_nulls: Option<i32>,
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
        let Descriptor {
            max_def_level,
            max_rep_level,
            ..
        } = *self.descriptor;
        let sections = self.sections(header, body)?;
        let reps = body.get(sections.reps).unwrap_or_default();
        let defs = body.get(sections.defs).unwrap_or_default();
        let mut rows = PageRows {
            n_rows: n_values,
            starts_row: true,
        };
        if max_rep_level > 0 {
            let counts = count_levels(reps, max_rep_level, n_values, 0)?;
            rows = PageRows {
                n_rows: counts.n_equal,
                starts_row: counts.first == 0,
            };
        }
        let n_present = match max_def_level {
            0 => n_values,
            _ => count_levels(defs, max_def_level, n_values, max_def_level as u32)?.n_equal,
        };
        // The decoder believes a header that says there are no nulls, and then takes no notice of the levels.
        if max_rep_level == 0 && sections.n_nulls == Some(0) && n_present != n_values {
            return Err("nulls that its header denies".to_owned());
        }
        if let Some(levels) = levels {
            let defs = level_values(defs, max_def_level, n_values)?;
            levels.extend(
                level_values(reps, max_rep_level, n_values)?
                    .into_iter()
                    .zip(defs),
            );
        }
        let values_start = sections.values_start;
        if body.len() == values_start && n_present == 0 {
            body.push(0);
        }
        let values = body.get(values_start..).unwrap_or_default();
        let physical = self.descriptor.primitive_type.physical_type;
        if sections.encoding == Encoding::PLAIN && physical == PhysicalType::ByteArray {
            // The decoder reads lengths to the end of the page.
            let n_used = plain_texts_length(values, n_present)?;
            body.truncate(values_start + n_used);
        } else {
            self.check_values(values, sections.encoding, n_present)?;
        }
        Ok(rows)
    }

    fn sections(&self, header: &PageHeader, body: &[u8]) -> Result<Sections, String> {
        let Descriptor {
            max_def_level,
            max_rep_level,
            ..
        } = *self.descriptor;
        let sections = match (
            header.type_,
            &header.data_page_header,
            &header.data_page_header_v2,
        ) {
            (PageType::DATA_PAGE, Some(v1), _) => {
                let is_known = |max: i16, encoding: Encoding| match max {
                    0 => (0..=9).contains(&encoding.0),
                    _ => encoding == Encoding::RLE,
                };
                if !is_known(max_def_level, v1.definition_level_encoding)
                    || !is_known(max_rep_level, v1.repetition_level_encoding)
                {
                    return Err(
                        "levels in the outdated bit-packed encoding are not read".to_owned()
                    );
                }
                // Each kind of levels has its length before it.
                let levels_at = |at: usize, max: i16| match max {
                    0 => Ok(at..at),
                    _ => length_prefix(body, at).map(|length| at + 4..at + 4 + length),
                };
                let reps = levels_at(0, max_rep_level)?;
                let defs = levels_at(reps.end, max_def_level)?;
                Sections {
                    encoding: v1.encoding,
                    n_nulls: None,
                    values_start: defs.end,
                    reps,
                    defs,
                }
            }
            (PageType::DATA_PAGE_V2, _, Some(v2)) => {
                let n_rep_bytes = usize::try_from(v2.repetition_levels_byte_length);
                let n_def_bytes = usize::try_from(v2.definition_levels_byte_length);
                let (Ok(n_rep_bytes), Ok(n_def_bytes)) = (n_rep_bytes, n_def_bytes) else {
                    return Err("levels of a negative length".to_owned());
                };
                let values_start = n_rep_bytes.saturating_add(n_def_bytes);
                Sections {
                    encoding: v2.encoding,
                    n_nulls: Some(v2.num_nulls),
                    reps: 0..n_rep_bytes,
                    defs: n_rep_bytes..values_start,
                    values_start,
                }
            }
            _ => return Err("a data page without its description".to_owned()),
        };
        if sections.values_start > body.len() {
            return Err("levels are longer than their page".to_owned());
        }
        Ok(sections)
    }

    fn check_values(
        &self,
        values: &[u8],
        encoding: Encoding,
        n_present: usize,
    ) -> Result<(), String> {
        let physical = self.descriptor.primitive_type.physical_type;
        let enough = |n_bytes: Option<usize>| match n_bytes {
            Some(n_bytes) if n_bytes <= values.len() => Ok(()),
            _ => Err("fewer values than its header claims".to_owned()),
        };
        match encoding {
            Encoding::PLAIN if physical == PhysicalType::Boolean => {
                enough(Some(n_present.div_ceil(8)))
            }
            Encoding::PLAIN => {
                enough(n_present.checked_mul(width(physical)))?;
                if physical == PhysicalType::Int96 {
                    check_moments(values, n_present)
                } else {
                    Ok(())
                }
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
                    [bit_width, ..] if *bit_width > 32 => {
                        Err(format!("indices of {bit_width} bits"))
                    }
                    [bit_width, runs @ ..] => {
                        // Of values of fixed length the decoder does not check the indices itself.
                        let is_checked = matches!(physical, PhysicalType::FixedLenByteArray(_));
                        let limit = if is_checked {
                            n_dictionary as u64
                        } else {
                            u64::MAX
                        };
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
            Encoding::DELTA_BINARY_PACKED => {
                delta_values(values, n_present, |_| Ok(())).map(|_| ())
            }
            Encoding::DELTA_LENGTH_BYTE_ARRAY => {
                let mut n_bytes: usize = 0;
                let rest =
                    delta_values(values, n_present, |length| add_length(&mut n_bytes, length))?;
                if n_bytes <= rest.len() {
                    Ok(())
                } else {
                    Err("texts are cut off".to_owned())
                }
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
pub(super) fn check_dictionary(
    body: &[u8],
    n_values: usize,
    descriptor: &Descriptor,
) -> Result<(), String> {
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
            if length <= rest.len() {
                Ok(length)
            } else {
                Err("a length beyond its page".to_owned())
            }
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
fn count_levels(
    bytes: &[u8],
    max: i16,
    n_values: usize,
    counted: u32,
) -> Result<LevelCounts, String> {
    let max = max as u32;
    let bit_width = u32::BITS - max.leading_zeros();
    let mut counts = LevelCounts {
        n_equal: 0,
        first: u32::MAX,
    };
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
                counts.first = if n_seen == 0 {
                    u32::from(bytes.first().is_some_and(|b| b & 1 == 1))
                } else {
                    counts.first
                };
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
            Run::Packed { bytes, n } => {
                (0..n).all(|value_idx| unpacked(bytes, bit_width, value_idx) < limit)
            }
        };
        if is_sound {
            Ok(())
        } else {
            Err("an index beyond the dictionary".to_owned())
        }
    })
}

/// Ones among the first `n` bits.
fn ones(bytes: &[u8], n: usize) -> usize {
    let (whole, rest) = bytes.split_at((n / 8).min(bytes.len()));
    let n_whole: usize = whole.iter().map(|byte| byte.count_ones() as usize).sum();
    let last = rest
        .first()
        .map_or(0, |byte| byte & ((1u16 << (n % 8)) - 1) as u8);
    n_whole + last.count_ones() as usize
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
    if n_bytes <= rest.len() {
        Ok(())
    } else {
        Err("texts are cut off".to_owned())
    }
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
}
