//! One 64-bit hash per row of a column of any type.
//!
//! Values that are equal have equal hashes, whatever the chunks: −0 equals 0, all NaNs are one value,
//! nulls equal each other. Different values share a hash with the probability of chance (2⁻⁶⁴);
//! plain numbers never do.

use polars_arrow::array::{
    Array, BinaryArray, BinaryViewArray, BinaryViewArrayGeneric, BooleanArray, FixedSizeListArray,
    ListArray, PrimitiveArray, StructArray, Utf8ViewArray, View, ViewType,
};
use polars_arrow::datatypes::PhysicalType;
use polars_arrow::types::{NativeType, PrimitiveType};
use sluice_stats::hash::{hash_bytes, hash_f64, hash_u64};

/// Of a missing value.
pub(super) const NULL_HASH: u64 = 0x6e75_6c6c_0000_0001;

/// Odd, with bits in no order: the fractional part of the golden ratio.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

/// Appends one hash for each of the rows `start..start + len` of `array`.
pub(super) fn append_hashes(array: &dyn Array, start: usize, len: usize, hashes: &mut Vec<u64>) {
    let first = hashes.len();
    match array.dtype().to_physical_type() {
        PhysicalType::Boolean => {
            if let Some(array) = array.as_any().downcast_ref::<BooleanArray>() {
                let values = array.values();
                hashes.extend((start..start + len).map(|i| hash_u64(u64::from(values.get_bit(i)))));
            }
        }
        PhysicalType::Primitive(primitive) => {
            append_primitive(array, primitive, start, len, hashes);
        }
        PhysicalType::Utf8View => {
            if let Some(array) = array.as_any().downcast_ref::<Utf8ViewArray>() {
                append_views(array, |text| text.as_bytes(), start, len, hashes);
            }
        }
        PhysicalType::BinaryView => {
            if let Some(array) = array.as_any().downcast_ref::<BinaryViewArray>() {
                append_views(array, |bytes| bytes, start, len, hashes);
            }
        }
        PhysicalType::LargeBinary => {
            if let Some(array) = array.as_any().downcast_ref::<BinaryArray<i64>>() {
                hashes.extend((start..start + len).map(|i| hash_text(array.value(i))));
            }
        }
        PhysicalType::LargeList => {
            if let Some(array) = array.as_any().downcast_ref::<ListArray<i64>>() {
                let offsets = &array.offsets().as_slice()[start..=start + len];
                // Offsets of an array in memory fit usize.
                let (from, to) = (offsets[0] as usize, offsets[len] as usize);
                let mut items = Vec::with_capacity(to - from);
                append_hashes(array.values().as_ref(), from, to - from, &mut items);
                hashes.extend(offsets.windows(2).map(|ends| {
                    fold_list(&items[ends[0] as usize - from..ends[1] as usize - from])
                }));
            }
        }
        PhysicalType::FixedSizeList => {
            if let Some(array) = array.as_any().downcast_ref::<FixedSizeListArray>() {
                let size = array.size();
                let mut items = Vec::with_capacity(len * size);
                append_hashes(
                    array.values().as_ref(),
                    start * size,
                    len * size,
                    &mut items,
                );
                hashes.extend((0..len).map(|i| fold_list(&items[i * size..(i + 1) * size])));
            }
        }
        PhysicalType::Struct => {
            if let Some(array) = array.as_any().downcast_ref::<StructArray>() {
                hashes.resize(first + len, 0);
                let mut field_hashes = Vec::with_capacity(len);
                for field in array.values() {
                    field_hashes.clear();
                    append_hashes(field.as_ref(), start, len, &mut field_hashes);
                    combine(&mut hashes[first..], &field_hashes);
                }
            }
        }
        _ => {}
    }
    // Types that a frame never holds count as missing rather than as an error of the profile.
    hashes.resize(first + len, NULL_HASH);
    if let Some(validity) = array.validity()
        && validity.null_count_range(start, len) > 0
    {
        for (i, hash) in hashes[first..].iter_mut().enumerate() {
            if !validity.get_bit(start + i) {
                *hash = NULL_HASH;
            }
        }
    }
}

/// Makes `rows` the hashes of rows that have one more column.
pub(super) fn combine(rows: &mut [u64], column: &[u64]) {
    for (row, &value) in rows.iter_mut().zip(column) {
        *row = hash_u64(row.rotate_left(23).wrapping_mul(SPREAD) ^ value);
    }
}

/// Hash of a text or of bytes.
pub(super) fn hash_text(bytes: &[u8]) -> u64 {
    if bytes.len() <= View::MAX_INLINE_SIZE as usize {
        hash_inline(View::new_inline(bytes))
    } else {
        hash_bytes(bytes)
    }
}

/// Hash of a text that lies within its view: its length and at most 12 bytes, padded with zeros.
#[inline]
fn hash_inline(view: View) -> u64 {
    let bits = view.as_u128();
    hash_u64(bits as u64 ^ ((bits >> 64) as u64).wrapping_mul(SPREAD).rotate_left(32))
}

fn append_views<T: ViewType + ?Sized>(
    array: &BinaryViewArrayGeneric<T>,
    bytes_of: impl Fn(&T) -> &[u8],
    start: usize,
    len: usize,
    hashes: &mut Vec<u64>,
) {
    let views = &array.views()[start..start + len];
    hashes.extend(views.iter().enumerate().map(|(i, view)| {
        if view.is_inline() {
            hash_inline(*view)
        } else {
            hash_bytes(bytes_of(array.value(start + i)))
        }
    }));
}

fn fold_list(items: &[u64]) -> u64 {
    let start = hash_u64(items.len() as u64 ^ SPREAD);
    items.iter().fold(start, |hash, &item| {
        hash_u64(hash.rotate_left(23).wrapping_mul(SPREAD) ^ item)
    })
}

fn append_primitive(
    array: &dyn Array,
    primitive: PrimitiveType,
    start: usize,
    len: usize,
    hashes: &mut Vec<u64>,
) {
    let wide = |value: i128| match i64::try_from(value) {
        Ok(value) => hash_u64(value as u64),
        Err(_) => hash_u64(hash_u64(value as u64) ^ (value >> 64) as u64),
    };
    let mut append = Append {
        array,
        start,
        len,
        hashes,
    };
    match primitive {
        PrimitiveType::Int8 => append.each(|value: i8| hash_u64(value as u64)),
        PrimitiveType::Int16 => append.each(|value: i16| hash_u64(value as u64)),
        PrimitiveType::Int32 => append.each(|value: i32| hash_u64(value as u64)),
        PrimitiveType::Int64 => append.each(|value: i64| hash_u64(value as u64)),
        PrimitiveType::UInt8 => append.each(|value: u8| hash_u64(value.into())),
        PrimitiveType::UInt16 => append.each(|value: u16| hash_u64(value.into())),
        PrimitiveType::UInt32 => append.each(|value: u32| hash_u64(value.into())),
        PrimitiveType::UInt64 => append.each(hash_u64),
        PrimitiveType::Int128 => append.each(wide),
        PrimitiveType::UInt128 => append.each(|value: u128| wide(value as i128)),
        PrimitiveType::Float32 => append.each(|value: f32| hash_f64(value.into())),
        PrimitiveType::Float64 => append.each(hash_f64),
        PrimitiveType::Float16
        | PrimitiveType::Int256
        | PrimitiveType::DaysMs
        | PrimitiveType::MonthDayNano
        | PrimitiveType::MonthDayMillis => {}
    }
}

struct Append<'a> {
    array: &'a dyn Array,
    start: usize,
    len: usize,
    hashes: &'a mut Vec<u64>,
}

impl Append<'_> {
    fn each<T: NativeType>(&mut self, hash: impl Fn(T) -> u64) {
        if let Some(array) = self.array.as_any().downcast_ref::<PrimitiveArray<T>>() {
            let values = &array.values()[self.start..self.start + self.len];
            self.hashes.extend(values.iter().map(|&value| hash(value)));
        }
    }
}
