//! Columns of JSON lists, and the scalars in them.

use polars_arrow::array::ListArray;
use polars_arrow::bitmap::MutableBitmap;
use polars_arrow::offset::{Offsets, OffsetsBuffer};
use polars_core::prelude::{ArrowDataType, Column};

use super::value::Json;
use crate::error::TableError;
use crate::read::column::{Builder, Kind, column_from_array};

pub(super) fn is_scalar(value: &Json<'_>) -> bool {
    !matches!(value, Json::List(_) | Json::Object(_))
}

pub(super) fn kind_of(value: &Json<'_>) -> Option<Kind> {
    match value {
        Json::Boolean(_) => Some(Kind::Boolean),
        Json::Integer(_) => Some(Kind::Integer),
        Json::Float(_) => Some(Kind::Float),
        Json::Text(_) => Some(Kind::Text),
        Json::Null | Json::List(_) | Json::Object(_) => None,
    }
}

/// Adds a scalar, widening integers to floats; `false` if the column cannot take it without loss.
pub(super) fn push_scalar(builder: &mut Builder, value: &Json<'_>) -> bool {
    match value {
        Json::Null => {
            builder.push_null();
            true
        }
        Json::Boolean(value) => builder.push_boolean(*value),
        Json::Integer(value) => builder.push_integer(*value),
        Json::Float(value) => {
            (builder.kind() == Kind::Float
                || builder.kind() == Kind::Integer && builder.widen(Kind::Float))
                && builder.push_float(*value)
        }
        Json::Text(text) => builder.push_text(text),
        Json::List(_) | Json::Object(_) => false,
    }
}

/// Lists of scalars of one kind.
#[derive(Default)]
pub(super) struct Lists {
    /// Absent while every list is empty or holds nulls.
    items: Option<Builder>,
    /// Nulls in the lists before the kind was known.
    n_nulls_before: usize,
    /// The exclusive end of each list in `items`.
    ends: Vec<i64>,
    /// Which rows hold a list; absent while all do.
    validity: Option<MutableBitmap>,
}

impl Lists {
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn memory_bytes(&self) -> u64 {
        8 * self.ends.len() as u64 + self.items.as_ref().map_or(0, Builder::memory_bytes)
    }

    fn n_items(&self) -> usize {
        self.items
            .as_ref()
            .map_or(self.n_nulls_before, Builder::len)
    }

    pub(super) fn push_nulls(&mut self, n: usize) {
        if n == 0 {
            return;
        }
        let len = self.len();
        self.validity
            .get_or_insert_with(|| MutableBitmap::from_len_set(len))
            .extend_constant(n, false);
        let end = self.ends.last().copied().unwrap_or(0);
        self.ends.resize(len + n, end);
    }

    /// Adds a list; `false`, and nothing changed that counts, if it is none or of other items.
    pub(super) fn push(&mut self, value: &Json<'_>) -> bool {
        let Json::List(items) = value else {
            return false;
        };
        if !items.iter().all(is_scalar) {
            return false;
        }
        for item in items {
            if self.items.is_none()
                && let Some(kind) = kind_of(item)
            {
                let mut builder = Builder::new(kind, 0);
                if self.n_nulls_before > 0 {
                    builder.push_nulls(self.n_nulls_before);
                }
                self.items = Some(builder);
            }
            let is_taken = match &mut self.items {
                Some(builder) => push_scalar(builder, item),
                None => {
                    self.n_nulls_before += 1;
                    true
                }
            };
            if !is_taken {
                // The items already added belong to no list: `into_json_text`, which follows, goes by the ends.
                return false;
            }
        }
        self.ends.push(self.n_items() as i64);
        if let Some(validity) = &mut self.validity {
            validity.push(true);
        }
        true
    }

    /// Every list as JSON text.
    pub(super) fn into_json_text(self) -> Builder {
        let mut texts = Builder::new(Kind::Text, self.ends.len());
        let mut start = 0;
        for (row, end) in self.ends.iter().enumerate() {
            let end = usize::try_from(*end).unwrap_or(start);
            if self
                .validity
                .as_ref()
                .is_some_and(|validity| !validity.get(row))
            {
                texts.push_null();
            } else {
                let mut text = String::from("[");
                for item in start..end {
                    if item > start {
                        text.push(',');
                    }
                    match &self.items {
                        Some(items) => items.write_json(item, &mut text),
                        None => text.push_str("null"),
                    }
                }
                text.push(']');
                let _ = texts.push_text(&text);
            }
            start = end;
        }
        texts
    }

    pub(super) fn finish(self, name: &str) -> Result<Column, TableError> {
        let internal = |reason: String| TableError::Internal {
            context: "building a list column",
            reason,
        };
        let items = self.items.unwrap_or_else(|| {
            let mut builder = Builder::new(Kind::Text, 0);
            if self.n_nulls_before > 0 {
                builder.push_nulls(self.n_nulls_before);
            }
            builder
        });
        let items = items.into_array();
        let mut offsets = Vec::with_capacity(self.ends.len() + 1);
        offsets.push(0);
        offsets.extend(self.ends);
        let offsets: OffsetsBuffer<i64> = Offsets::try_from(offsets)
            .map_err(|error| internal(error.to_string()))?
            .into();
        let dtype: ArrowDataType = ListArray::<i64>::default_datatype(items.dtype().clone());
        let array = ListArray::<i64>::try_new(dtype, offsets, items, self.validity.map(Into::into))
            .map_err(|error| internal(error.to_string()))?;
        column_from_array(name, Box::new(array))
    }
}
