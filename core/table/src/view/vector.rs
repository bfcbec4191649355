//! Consecutive rows of a column in our own buffers: what predicates, expressions, keys and sorts work on.
//!
//! # Contract
//!
//! Reading hides how a column is chunked. Slots of missing values hold an unspecified value.
//! Dates are days since 1970-01-01; date-times and durations are microseconds, times microseconds since
//! midnight; finer units are rounded down, what exceeds 64 bits becomes the nearest that does not.

mod read;

use polars_core::prelude::{DataType, PolarsError};
use sluice_protocol::load::ColumnType;

use crate::error::TableError;

pub(crate) use read::{read, read_plain, read_present};

/// Values of consecutive rows.
#[derive(Clone, Debug)]
pub(crate) struct Vector<'a> {
    pub(crate) column_type: ColumnType,
    pub(crate) data: Data<'a>,
    /// Whether each value is there; `None` means all are.
    pub(crate) present: Option<Vec<bool>>,
}

/// The buffer of a [`Vector`].
#[derive(Clone, Debug)]
pub(crate) enum Data<'a> {
    Bool(Vec<bool>),
    /// Integers, dates, date-times, times and durations.
    Int(Vec<i64>),
    /// Integers of which some exceed 64 bits, and decimals in units of their last digit.
    Wide(Vec<i128>),
    Float(Vec<f64>),
    Text(Texts<'a>),
}

/// Texts that stand elsewhere or that were computed.
#[derive(Clone, Debug)]
pub(crate) enum Texts<'a> {
    Borrowed(Vec<&'a str>),
    Owned(OwnedTexts),
}

/// Texts one after the other in one buffer.
#[derive(Clone, Debug, Default)]
pub(crate) struct OwnedTexts {
    bytes: String,
    ends: Vec<usize>,
}

impl OwnedTexts {
    pub(crate) fn with_capacity(n: usize) -> Self {
        Self {
            bytes: String::new(),
            ends: Vec::with_capacity(n),
        }
    }

    /// Appends the text that `write` appends to its buffer.
    pub(crate) fn push_with(&mut self, write: impl FnOnce(&mut String)) {
        write(&mut self.bytes);
        self.ends.push(self.bytes.len());
    }

    pub(crate) fn push(&mut self, text: &str) {
        self.push_with(|bytes| bytes.push_str(text));
    }

    pub(crate) fn get(&self, idx: usize) -> &str {
        let start = if idx == 0 { 0 } else { self.ends[idx - 1] };
        &self.bytes[start..self.ends[idx]]
    }
}

impl Texts<'_> {
    #[inline]
    pub(crate) fn get(&self, idx: usize) -> &str {
        match self {
            Self::Borrowed(texts) => texts[idx],
            Self::Owned(texts) => texts.get(idx),
        }
    }

    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Borrowed(texts) => texts.len(),
            Self::Owned(texts) => texts.ends.len(),
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|idx| self.get(idx))
    }
}

impl Vector<'_> {
    pub(crate) fn len(&self) -> usize {
        match &self.data {
            Data::Bool(values) => values.len(),
            Data::Int(values) => values.len(),
            Data::Wide(values) => values.len(),
            Data::Float(values) => values.len(),
            Data::Text(texts) => texts.len(),
        }
    }

    #[inline]
    pub(crate) fn is_present(&self, idx: usize) -> bool {
        self.present.as_ref().is_none_or(|present| present[idx])
    }
}

/// Whether values of the type have a buffer of ours.
pub(crate) fn is_single(column_type: ColumnType) -> bool {
    !matches!(
        column_type,
        ColumnType::List | ColumnType::Struct | ColumnType::Binary
    )
}

pub(crate) fn decimal_scale(dtype: &DataType) -> usize {
    match dtype {
        DataType::Decimal(_, scale) => *scale,
        _ => 0,
    }
}

pub(crate) fn internal(error: PolarsError) -> TableError {
    TableError::Internal {
        context: "column access",
        reason: error.to_string(),
    }
}
