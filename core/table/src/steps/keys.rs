//! Keys of rows as bytes, and a hash table from keys to numbers in order of first appearance.

use std::ops::Range;

use polars_core::prelude::Column;
use sluice_protocol::load::ColumnType;
use sluice_stats::hash::hash_bytes;

use crate::error::TableError;
use crate::table::column_type;
use crate::view::column_order::float_key;
use crate::view::vector::{Data, Vector, decimal_scale, read, read_plain};

/// How a key column is compared: values are equal when their bytes are.
///
/// Missing equals missing, NaN equals NaN, −0 equals 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeyKind {
    /// By value, in the column's own type.
    Exact,
    /// As floats, so that integers, floats and decimals meet.
    Float,
}

/// Rows' keys as bytes, one after the other.
#[derive(Default)]
pub(super) struct EncodedKeys {
    bytes: Vec<u8>,
    ends: Vec<usize>,
    /// Whether any part of the key is missing.
    pub(super) any_missing: Vec<bool>,
}

impl EncodedKeys {
    pub(super) fn get(&self, idx: usize) -> &[u8] {
        let start = if idx == 0 { 0 } else { self.ends[idx - 1] };
        &self.bytes[start..self.ends[idx]]
    }
}

/// # Errors
///
/// [`TableError::ColumnType`] for lists, structs and binary data.
pub(super) fn encode(
    columns: &[(&Column, KeyKind)],
    rows: Range<usize>,
) -> Result<EncodedKeys, TableError> {
    let n = rows.len();
    let vectors = columns
        .iter()
        .map(|(column, kind)| match kind {
            KeyKind::Exact => read(column, rows.clone()),
            KeyKind::Float => read_plain(column, rows.clone()),
        })
        .collect::<Result<Vec<_>, _>>()?;
    let mut keys = EncodedKeys {
        ends: Vec::with_capacity(n),
        ..EncodedKeys::default()
    };
    for idx in 0..n {
        let mut any_missing = false;
        for (vector, (_, kind)) in vectors.iter().zip(columns) {
            any_missing |= !vector.is_present(idx);
            encode_value(&mut keys.bytes, vector, idx, *kind);
        }
        keys.ends.push(keys.bytes.len());
        keys.any_missing.push(any_missing);
    }
    Ok(keys)
}

/// A tag byte, then the value; no encoding is the beginning of another.
pub(super) fn encode_value(out: &mut Vec<u8>, vector: &Vector<'_>, idx: usize, kind: KeyKind) {
    const MISSING: u8 = 0;
    const NARROW: u8 = 1;
    const WIDE: u8 = 2;
    if !vector.is_present(idx) {
        out.push(MISSING);
        return;
    }
    out.push(NARROW);
    match &vector.data {
        Data::Bool(values) => out.push(u8::from(values[idx])),
        Data::Int(values) if kind == KeyKind::Float => encode_float(out, values[idx] as f64),
        Data::Int(values) => out.extend(values[idx].to_le_bytes()),
        // The same value may come from a slice that needs no wide buffer.
        Data::Wide(values) => match i64::try_from(values[idx]) {
            Ok(narrow) => out.extend(narrow.to_le_bytes()),
            Err(_) => {
                out.pop();
                out.push(WIDE);
                out.extend(values[idx].to_le_bytes());
            }
        },
        Data::Float(values) => encode_float(out, values[idx]),
        Data::Text(texts) => {
            let text = texts.get(idx).as_bytes();
            out.extend((text.len() as u64).to_le_bytes());
            out.extend(text);
        }
    }
}

fn encode_float(out: &mut Vec<u8>, value: f64) {
    let key = if value.is_nan() {
        u64::MAX
    } else {
        float_key(value)
    };
    out.extend(key.to_le_bytes());
}

/// How two columns are compared with each other.
///
/// # Errors
///
/// [`TableError::ColumnType`] when their values can never be equal.
pub(super) fn kind_of_pair(left: &Column, right: &Column) -> Result<KeyKind, TableError> {
    use ColumnType as T;
    let (a, b) = (column_type(left.dtype()), column_type(right.dtype()));
    let is_number = |t: T| matches!(t, T::Integer | T::Float | T::Decimal);
    let is_text = |t: T| matches!(t, T::Text | T::Category);
    match (a, b) {
        (T::Decimal, T::Decimal) if decimal_scale(left.dtype()) != decimal_scale(right.dtype()) => {
            Ok(KeyKind::Float)
        }
        (a, b) if a == b || a == T::Null || b == T::Null => Ok(KeyKind::Exact),
        (a, b) if is_number(a) && is_number(b) => Ok(KeyKind::Float),
        (a, b) if is_text(a) && is_text(b) => Ok(KeyKind::Exact),
        _ => Err(TableError::ColumnType {
            column: right.name().to_string(),
            found: b.label(),
            expected: match a {
                T::Integer | T::Float | T::Decimal => "a number, as in the other table,",
                T::Text | T::Category => "text, as in the other table,",
                _ => "the type of the other table's key",
            },
        }),
    }
}

/// Numbers distinct keys from 0 in the order in which they come.
///
/// It is split into shards by the hash, so that growing one copies a 256th of it.
pub(super) struct KeyTable {
    shards: Vec<Shard>,
    hashes: Vec<u64>,
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

#[derive(Clone, Default)]
struct Shard {
    /// Numbers of keys at the place of their hash or after it; [`EMPTY`] elsewhere.
    slots: Vec<u32>,
    n_used: usize,
}

const EMPTY: u32 = u32::MAX;
const N_SHARDS: usize = 256;

impl KeyTable {
    pub(super) fn new() -> Self {
        Self {
            shards: vec![Shard::default(); N_SHARDS],
            hashes: Vec::new(),
            bytes: Vec::new(),
            ends: Vec::new(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn find(&self, key: &[u8]) -> Option<u32> {
        let hash = hash_bytes(key);
        self.probe(hash, key).ok()
    }

    /// The number of `key`, which is the next free one if it is new.
    pub(super) fn insert(&mut self, key: &[u8]) -> u32 {
        let hash = hash_bytes(key);
        let shard_idx = shard_of(hash);
        // At most half of the slots are used, which keeps searches short.
        if self.shards[shard_idx].n_used * 2 >= self.shards[shard_idx].slots.len() {
            self.grow(shard_idx);
        }
        match self.probe(hash, key) {
            Ok(number) => number,
            Err(slot) => {
                // Keys are at most as many as rows, which fit u32.
                let number = self.ends.len() as u32;
                self.bytes.extend_from_slice(key);
                self.ends.push(self.bytes.len());
                self.hashes.push(hash);
                let shard = &mut self.shards[shard_idx];
                shard.slots[slot] = number;
                shard.n_used += 1;
                number
            }
        }
    }

    fn key(&self, number: u32) -> &[u8] {
        let number = number as usize;
        let start = if number == 0 {
            0
        } else {
            self.ends[number - 1]
        };
        &self.bytes[start..self.ends[number]]
    }

    /// The key's number, or else the slot where it belongs.
    fn probe(&self, hash: u64, key: &[u8]) -> Result<u32, usize> {
        let slots = &self.shards[shard_of(hash)].slots;
        if slots.is_empty() {
            return Err(0);
        }
        let mask = slots.len() - 1;
        let mut slot = hash as usize & mask;
        loop {
            let number = slots[slot];
            if number == EMPTY {
                return Err(slot);
            }
            if self.hashes[number as usize] == hash && self.key(number) == key {
                return Ok(number);
            }
            slot = (slot + 1) & mask;
        }
    }

    fn grow(&mut self, shard_idx: usize) {
        let shard = &mut self.shards[shard_idx];
        let n_slots = (shard.slots.len() * 2).max(8);
        let mut slots = vec![EMPTY; n_slots];
        for &number in shard.slots.iter().filter(|number| **number != EMPTY) {
            let mut slot = self.hashes[number as usize] as usize & (n_slots - 1);
            while slots[slot] != EMPTY {
                slot = (slot + 1) & (n_slots - 1);
            }
            slots[slot] = number;
        }
        shard.slots = slots;
    }
}

/// The high bits choose the shard, the low ones the slot.
fn shard_of(hash: u64) -> usize {
    (hash >> 56) as usize
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn keys_are_numbered_as_they_come(keys in prop::collection::vec("[a-c]{0,3}", 0..400)) {
            let mut table = KeyTable::new();
            let mut expected: HashMap<&str, u32> = HashMap::new();
            for key in &keys {
                let next = expected.len() as u32;
                let number = *expected.entry(key).or_insert(next);
                prop_assert_eq!(table.insert(key.as_bytes()), number);
                prop_assert_eq!(table.find(key.as_bytes()), Some(number));
            }
            prop_assert_eq!(table.len(), expected.len());
            prop_assert_eq!(table.find(b"no such key"), None);
        }
    }

    #[test]
    fn many_keys_stay_findable() {
        let mut table = KeyTable::new();
        for number in 0..50_000_u32 {
            assert_eq!(table.insert(&number.to_le_bytes()), number);
        }
        assert!((0..50_000_u32).all(|number| table.find(&number.to_le_bytes()) == Some(number)));
    }
}
