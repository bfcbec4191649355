//! How a [`Value`] is written: natural in JSON, tagged in postcard; and how reading one is bounded.

pub(crate) mod plain;

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, MapAccess, SeqAccess, Visitor};
use serde::ser::{SerializeMap as _, SerializeSeq as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::value::{Params, Value};

/// Nesting beyond this is refused on reading, so that a hostile link cannot exhaust the stack.
/// A parameter itself is at depth 0, the items of a list in it at depth 1.
pub(crate) const MAX_DEPTH: usize = 32;

/// The most parameter values and values of pills, with those inside lists and maps, that a document may have.
pub(crate) const MAX_VALUES: usize = 50_000;

pub(crate) const NON_FINITE: &str = "$float";

pub(crate) fn non_finite_name(value: f64) -> Option<&'static str> {
    if value.is_nan() {
        Some("NaN")
    } else if value == f64::INFINITY {
        Some("Infinity")
    } else if value == f64::NEG_INFINITY {
        Some("-Infinity")
    } else {
        None
    }
}

pub(crate) fn non_finite_from_name(name: &str) -> Option<f64> {
    match name {
        "NaN" => Some(f64::NAN),
        "Infinity" => Some(f64::INFINITY),
        "-Infinity" => Some(f64::NEG_INFINITY),
        _ => None,
    }
}

/// True for `$float`, `$$float`, …: the keys that are written with one more `$` when they are alone in a map.
fn is_escaped_key(key: &str) -> bool {
    key.ends_with(NON_FINITE) && key.trim_start_matches('$').len() + 1 == NON_FINITE.len()
}

/// The binary form. Variants in the order of [`TaggedRef`].
#[derive(Deserialize)]
enum Tagged {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    List(Vec<Nested>),
    Map(BTreeMap<String, Nested>),
}

/// What [`Tagged`] reads, written without a copy.
#[derive(Serialize)]
enum TaggedRef<'a> {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(&'a str),
    List(&'a [Value]),
    Map(&'a Params),
}

/// A value inside a list or map, counted towards [`MAX_DEPTH`].
struct Nested(Value);

thread_local! {
    static DEPTH: Cell<usize> = const { Cell::new(0) };
    static VALUES_LEFT: Cell<usize> = const { Cell::new(usize::MAX) };
}

/// Runs `read`, which may read at most `limit` values: a map of one field takes four bytes in a link and some 650 in
/// memory, so the length of a text does not bound what it needs.
pub(crate) fn with_value_limit<R>(limit: usize, read: impl FnOnce() -> R) -> R {
    let outer = VALUES_LEFT.replace(limit);
    let result = read();
    VALUES_LEFT.set(outer);
    result
}

impl<'de> Deserialize<'de> for Nested {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // In JSON a non-finite float is a map and so one deeper than it counts; `Analysis::validate` is exact.
        let limit = MAX_DEPTH + usize::from(deserializer.is_human_readable());
        let depth = DEPTH.get();
        if depth >= limit {
            return Err(de::Error::custom("parameters are nested too deeply"));
        }
        DEPTH.set(depth + 1);
        let value = Value::deserialize(deserializer);
        DEPTH.set(depth);
        value.map(Self)
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !serializer.is_human_readable() {
            return match self {
                Self::Null => TaggedRef::Null,
                Self::Bool(value) => TaggedRef::Bool(*value),
                Self::Int(value) => TaggedRef::Int(*value),
                Self::Float(value) => TaggedRef::Float(*value),
                Self::Text(value) => TaggedRef::Text(value),
                Self::List(items) => TaggedRef::List(items),
                Self::Map(fields) => TaggedRef::Map(fields),
            }
            .serialize(serializer);
        }
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Int(value) => serializer.serialize_i64(*value),
            Self::Float(value) => match non_finite_name(*value) {
                Some(name) => {
                    let mut map = serializer.serialize_map(Some(1))?;
                    map.serialize_entry(NON_FINITE, name)?;
                    map.end()
                }
                None => serializer.serialize_f64(*value),
            },
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(items) => {
                let mut seq = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    seq.serialize_element(item)?;
                }
                seq.end()
            }
            Self::Map(fields) => {
                let mut map = serializer.serialize_map(Some(fields.len()))?;
                for (key, value) in fields {
                    if fields.len() == 1 && is_escaped_key(key) {
                        map.serialize_entry(&format!("${key}"), value)?;
                    } else {
                        map.serialize_entry(key, value)?;
                    }
                }
                map.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match VALUES_LEFT.get().checked_sub(1) {
            Some(left) => VALUES_LEFT.set(left),
            None => return Err(de::Error::custom("there are too many parameter values")),
        }
        if deserializer.is_human_readable() {
            return deserializer.deserialize_any(Human);
        }
        Ok(match Tagged::deserialize(deserializer)? {
            Tagged::Null => Self::Null,
            Tagged::Bool(value) => Self::Bool(value),
            Tagged::Int(value) => Self::Int(value),
            Tagged::Float(value) => Self::Float(value),
            Tagged::Text(value) => Self::Text(value),
            Tagged::List(items) => Self::List(items.into_iter().map(|n| n.0).collect()),
            Tagged::Map(fields) => Self::Map(fields.into_iter().map(|(k, n)| (k, n.0)).collect()),
        })
    }
}

struct Human;

impl<'de> Visitor<'de> for Human {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        Value::deserialize(deserializer)
    }
    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }
    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Int(value))
    }
    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(i64::try_from(value).map_or(Value::Float(value as f64), Value::Int))
    }
    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Float(value))
    }
    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Text(value.to_owned()))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(Nested(item)) = seq.next_element()? {
            items.push(item);
        }
        Ok(Value::List(items))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut fields = Params::new();
        while let Some((key, Nested(value))) = map.next_entry::<String, Nested>()? {
            if fields.contains_key(&key) {
                return Err(de::Error::custom(format_args!("`{key}` is given twice")));
            }
            fields.insert(key, value);
        }
        if fields.len() > 1 {
            return Ok(Value::Map(fields));
        }
        if let Some(Value::Text(name)) = fields.get(NON_FINITE)
            && let Some(value) = non_finite_from_name(name)
        {
            return Ok(Value::Float(value));
        }
        let unescape = |key: String| match key.strip_prefix('$') {
            Some(rest) if is_escaped_key(rest) => rest.to_owned(),
            _ => key,
        };
        Ok(Value::Map(
            fields.into_iter().map(|(k, v)| (unescape(k), v)).collect(),
        ))
    }
}
