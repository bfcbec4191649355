//! Typed column builders, and the step from them to polars columns.

use polars_arrow::array::{Array, BooleanArray, MutableBinaryViewArray, PrimitiveArray};
use polars_arrow::bitmap::MutableBitmap;
use polars_core::prelude::{ArrowDataType, ArrowTimeUnit, Column, PlSmallStr, Series};
use serde::{Deserialize, Serialize};

use crate::error::TableError;
use crate::read::values;

/// The type of a column that is read from text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Kind {
    Boolean,
    Integer,
    Float,
    Date,
    DateTime,
    Text,
}

impl Kind {
    pub(crate) const ALL: [Self; 6] = [
        Self::Boolean,
        Self::Integer,
        Self::Float,
        Self::Date,
        Self::DateTime,
        Self::Text,
    ];

    /// The name in the load option `types`; the same as in the protocol's column types.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Float => "float",
            Self::Date => "date",
            Self::DateTime => "date_time",
            Self::Text => "text",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// Values of one column of one slice. Null slots hold any value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Values {
    /// The column is not read.
    Skipped,
    /// One byte per value, 0 or 1.
    Boolean(Vec<u8>),
    Integer(Vec<i64>),
    Float(Vec<f64>),
    /// Days since 1970-01-01.
    Date(Vec<i32>),
    /// Microseconds since 1970-01-01.
    DateTime(Vec<i64>),
    /// The exclusive end of each text in `bytes`.
    Text {
        bytes: String,
        ends: Vec<u32>,
    },
}

impl Values {
    pub(crate) fn new(kind: Option<Kind>) -> Self {
        match kind {
            None => Self::Skipped,
            Some(Kind::Boolean) => Self::Boolean(Vec::new()),
            Some(Kind::Integer) => Self::Integer(Vec::new()),
            Some(Kind::Float) => Self::Float(Vec::new()),
            Some(Kind::Date) => Self::Date(Vec::new()),
            Some(Kind::DateTime) => Self::DateTime(Vec::new()),
            Some(Kind::Text) => Self::Text {
                bytes: String::new(),
                ends: Vec::new(),
            },
        }
    }
}

impl Values {
    /// What the values take in a table: 16 bytes per text, and the text itself if it is longer than 12 bytes.
    pub(crate) fn table_bytes(&self) -> u64 {
        let bytes = match self {
            Self::Skipped => 0,
            Self::Boolean(values) => values.len().div_ceil(8),
            Self::Integer(values) | Self::DateTime(values) => 8 * values.len(),
            Self::Float(values) => 8 * values.len(),
            Self::Date(values) => 4 * values.len(),
            Self::Text { ends, .. } => {
                let starts = std::iter::once(0).chain(ends.iter().copied());
                let long = starts
                    .zip(ends)
                    .map(|(start, end)| (end - start) as usize)
                    .filter(|len| *len > 12);
                16 * ends.len() + long.sum::<usize>()
            }
        };
        bytes as u64
    }
}

/// Integers up to this size are exact as floats.
const EXACT_INTEGER_MAX: u64 = 1 << 53;

/// Whether a float holds the integer exactly.
pub(crate) fn is_exact_as_float(value: i64) -> bool {
    value.unsigned_abs() <= EXACT_INTEGER_MAX
}

/// A growing column of one kind.
pub(crate) struct Builder {
    data: Data,
    /// Which slots hold a value; absent while all do.
    validity: Option<MutableBitmap>,
}

enum Data {
    Boolean(MutableBitmap),
    Integer(Vec<i64>),
    Float(Vec<f64>),
    Date(Vec<i32>),
    DateTime(Vec<i64>),
    Text(MutableBinaryViewArray<str>),
}

impl Builder {
    /// `n_rows` is a hint of how many values will come.
    pub(crate) fn new(kind: Kind, n_rows: usize) -> Self {
        let data = match kind {
            Kind::Boolean => Data::Boolean(MutableBitmap::with_capacity(n_rows)),
            Kind::Integer => Data::Integer(Vec::with_capacity(n_rows)),
            Kind::Float => Data::Float(Vec::with_capacity(n_rows)),
            Kind::Date => Data::Date(Vec::with_capacity(n_rows)),
            Kind::DateTime => Data::DateTime(Vec::with_capacity(n_rows)),
            Kind::Text => Data::Text(MutableBinaryViewArray::with_capacity(n_rows)),
        };
        Self {
            data,
            validity: None,
        }
    }

    pub(crate) fn kind(&self) -> Kind {
        match self.data {
            Data::Boolean(_) => Kind::Boolean,
            Data::Integer(_) => Kind::Integer,
            Data::Float(_) => Kind::Float,
            Data::Date(_) => Kind::Date,
            Data::DateTime(_) => Kind::DateTime,
            Data::Text(_) => Kind::Text,
        }
    }

    pub(crate) fn len(&self) -> usize {
        match &self.data {
            Data::Boolean(values) => values.len(),
            Data::Integer(values) | Data::DateTime(values) => values.len(),
            Data::Float(values) => values.len(),
            Data::Date(values) => values.len(),
            Data::Text(values) => values.len(),
        }
    }

    pub(crate) fn push_null(&mut self) {
        self.push_nulls(1);
    }

    pub(crate) fn push_nulls(&mut self, n: usize) {
        let len = self.len();
        let validity = self
            .validity
            .get_or_insert_with(|| MutableBitmap::from_len_set(len));
        validity.extend_constant(n, false);
        match &mut self.data {
            Data::Boolean(values) => values.extend_constant(n, false),
            Data::Integer(values) | Data::DateTime(values) => values.resize(len + n, 0),
            Data::Float(values) => values.resize(len + n, 0.0),
            Data::Date(values) => values.resize(len + n, 0),
            Data::Text(values) => (0..n).for_each(|_| values.push_value_ignore_validity("")),
        }
    }

    /// Appends a boolean to a boolean column; other kinds refuse.
    #[must_use]
    pub(crate) fn push_boolean(&mut self, value: bool) -> bool {
        let Data::Boolean(values) = &mut self.data else {
            return false;
        };
        values.push(value);
        self.push_valid()
    }

    #[must_use]
    pub(crate) fn push_integer(&mut self, value: i64) -> bool {
        match &mut self.data {
            Data::Integer(values) => values.push(value),
            Data::Float(values) if is_exact_as_float(value) => values.push(value as f64),
            _ => return false,
        }
        self.push_valid()
    }

    #[must_use]
    pub(crate) fn push_float(&mut self, value: f64) -> bool {
        let Data::Float(values) = &mut self.data else {
            return false;
        };
        values.push(value);
        self.push_valid()
    }

    #[must_use]
    pub(crate) fn push_date(&mut self, days: i32) -> bool {
        let Data::Date(values) = &mut self.data else {
            return false;
        };
        values.push(days);
        self.push_valid()
    }

    #[must_use]
    pub(crate) fn push_date_time(&mut self, micros: i64) -> bool {
        let Data::DateTime(values) = &mut self.data else {
            return false;
        };
        values.push(micros);
        self.push_valid()
    }

    #[must_use]
    pub(crate) fn push_text(&mut self, text: &str) -> bool {
        let Data::Text(values) = &mut self.data else {
            return false;
        };
        values.push_value_ignore_validity(text);
        self.push_valid()
    }

    fn push_valid(&mut self) -> bool {
        if let Some(validity) = &mut self.validity {
            validity.push(true);
        }
        true
    }

    /// Appends a slice's values; `null_rows` are ascending row numbers within the slice.
    /// Widens the column, or the slice, to the wider of the two kinds.
    ///
    /// Returns `false`, with the column unusable, if widening would lose something.
    #[must_use]
    pub(crate) fn append(&mut self, values: Values, null_rows: &[u32]) -> bool {
        let start = self.len();
        match (&mut self.data, values) {
            (_, Values::Skipped) => return true,
            (Data::Boolean(all), Values::Boolean(new)) => {
                all.extend(new.iter().map(|byte| *byte != 0))
            }
            (Data::Integer(all), Values::Integer(new))
            | (Data::DateTime(all), Values::DateTime(new)) => {
                all.extend_from_slice(&new);
            }
            (Data::Float(all), Values::Float(new)) => all.extend_from_slice(&new),
            (Data::Date(all), Values::Date(new)) => all.extend_from_slice(&new),
            (Data::Text(all), Values::Text { bytes, ends }) => {
                all.reserve(ends.len());
                let mut start = 0;
                for end in ends {
                    let end = end as usize;
                    all.push_value_ignore_validity(bytes.get(start..end).unwrap_or_default());
                    start = end;
                }
            }
            (Data::Float(all), Values::Integer(new)) => {
                if !new.iter().all(|value| is_exact_as_float(*value)) {
                    return false;
                }
                all.extend(new.iter().map(|value| *value as f64));
            }
            (Data::DateTime(all), Values::Date(new)) => {
                all.extend(new.iter().map(|days| midnight(*days)))
            }
            (Data::Integer(_), values @ Values::Float(_)) => {
                return self.widen(Kind::Float) && self.append(values, null_rows);
            }
            (Data::Date(_), values @ Values::DateTime(_)) => {
                return self.widen(Kind::DateTime) && self.append(values, null_rows);
            }
            _ => return false,
        }
        let n_new = self.len() - start;
        if !null_rows.is_empty() || self.validity.is_some() {
            let validity = self
                .validity
                .get_or_insert_with(|| MutableBitmap::from_len_set(start));
            validity.extend_constant(n_new, true);
            for row in null_rows {
                validity.set(start + *row as usize, false);
            }
        }
        true
    }

    /// Rewrites the column as a wider kind: integers as floats, dates as date-times, anything as text.
    ///
    /// Returns `false`, and changes nothing, if values would be lost.
    #[must_use]
    pub(crate) fn widen(&mut self, to: Kind) -> bool {
        if self.kind() == to {
            return true;
        }
        let data = match (&self.data, to) {
            (Data::Integer(values), Kind::Float) => {
                let is_set = |row: usize| {
                    self.validity
                        .as_ref()
                        .is_none_or(|validity| validity.get(row))
                };
                if values
                    .iter()
                    .enumerate()
                    .any(|(row, value)| !is_exact_as_float(*value) && is_set(row))
                {
                    return false;
                }
                Data::Float(values.iter().map(|value| *value as f64).collect())
            }
            (Data::Date(days), Kind::DateTime) => {
                Data::DateTime(days.iter().map(|days| midnight(*days)).collect())
            }
            (Data::Boolean(values), Kind::Text) => {
                Data::Text(texts(values.iter().map(|value| value.to_string())))
            }
            (Data::Integer(values), Kind::Text) => {
                Data::Text(texts(values.iter().map(|value| value.to_string())))
            }
            // `{:?}` writes 1.0 as "1.0" and is the shortest text that reads back as the same float.
            (Data::Float(values), Kind::Text) => {
                Data::Text(texts(values.iter().map(|value| format!("{value:?}"))))
            }
            _ => return false,
        };
        self.data = data;
        true
    }

    /// What the column takes in memory.
    pub(crate) fn memory_bytes(&self) -> u64 {
        let bytes = match &self.data {
            Data::Boolean(values) => values.len().div_ceil(8),
            Data::Integer(values) | Data::DateTime(values) => 8 * values.len(),
            Data::Float(values) => 8 * values.len(),
            Data::Date(values) => 4 * values.len(),
            Data::Text(values) => 16 * values.len() + values.total_buffer_len(),
        };
        (bytes
            + self
                .validity
                .as_ref()
                .map_or(0, |validity| validity.len().div_ceil(8))) as u64
    }

    /// Writes one slot as JSON.
    pub(crate) fn write_json(&self, row: usize, out: &mut String) {
        if self
            .validity
            .as_ref()
            .is_some_and(|validity| !validity.get(row))
        {
            out.push_str("null");
            return;
        }
        match &self.data {
            Data::Boolean(values) => out.push_str(if values.get(row) { "true" } else { "false" }),
            Data::Integer(values) | Data::DateTime(values) => {
                out.push_str(&values[row].to_string())
            }
            Data::Float(values) => out.push_str(&format!("{:?}", values[row])),
            Data::Date(values) => out.push_str(&values[row].to_string()),
            Data::Text(values) => {
                out.push_str(&serde_json::Value::from(values.value(row)).to_string())
            }
        }
    }

    /// A text column whose every value is a date, or a date or date-time, as such; any other column as it is.
    pub(crate) fn texts_as_times(self) -> Self {
        let Data::Text(texts) = &self.data else {
            return self;
        };
        let is_set = |row: usize| {
            self.validity
                .as_ref()
                .is_none_or(|validity| validity.get(row))
        };
        let mut kind = None;
        for (row, text) in texts.values_iter().enumerate() {
            if !is_set(row) {
                continue;
            }
            if values::date(text.as_bytes()).is_some() {
                kind = kind.or(Some(Kind::Date));
            } else if values::date_time(text.as_bytes()).is_some_and(|instant| !instant.cut) {
                kind = Some(Kind::DateTime);
            } else {
                return self;
            }
        }
        let data = match kind {
            None => return self,
            Some(Kind::Date) => Data::Date(
                texts
                    .values_iter()
                    .map(|text| values::date(text.as_bytes()).unwrap_or(0))
                    .collect(),
            ),
            Some(_) => Data::DateTime(
                texts
                    .values_iter()
                    .map(|text| {
                        let instant =
                            values::date_time(text.as_bytes()).map(|instant| instant.micros);
                        instant
                            .or_else(|| values::date(text.as_bytes()).map(midnight))
                            .unwrap_or(0)
                    })
                    .collect(),
            ),
        };
        Self {
            data,
            validity: self.validity,
        }
    }

    /// Whether any slot holds a value.
    pub(crate) fn has_values(&self) -> bool {
        self.validity.as_ref().map_or(self.len() > 0, |validity| {
            validity.unset_bits() < validity.len()
        })
    }

    pub(crate) fn into_array(self) -> Box<dyn Array> {
        let validity = self.validity.map(Into::into);
        match self.data {
            Data::Boolean(values) => Box::new(BooleanArray::new(
                ArrowDataType::Boolean,
                values.into(),
                validity,
            )),
            Data::Integer(values) => Box::new(PrimitiveArray::new(
                ArrowDataType::Int64,
                values.into(),
                validity,
            )),
            Data::Float(values) => Box::new(PrimitiveArray::new(
                ArrowDataType::Float64,
                values.into(),
                validity,
            )),
            Data::Date(values) => Box::new(PrimitiveArray::new(
                ArrowDataType::Date32,
                values.into(),
                validity,
            )),
            Data::DateTime(values) => {
                let dtype = ArrowDataType::Timestamp(ArrowTimeUnit::Microsecond, None);
                Box::new(PrimitiveArray::new(dtype, values.into(), validity))
            }
            Data::Text(values) => Box::new(values.freeze().with_validity(validity)),
        }
    }

    pub(crate) fn finish(self, name: &str) -> Result<Column, TableError> {
        column_from_array(name, self.into_array())
    }
}

/// A polars column that shares the array's buffers.
pub(crate) fn column_from_array(name: &str, array: Box<dyn Array>) -> Result<Column, TableError> {
    Series::try_from((PlSmallStr::from_str(name), array))
        .map(Column::from)
        .map_err(|error| TableError::Internal {
            context: "building a column",
            reason: error.to_string(),
        })
}

fn midnight(days: i32) -> i64 {
    i64::from(days) * 86_400_000_000
}

fn texts(values: impl Iterator<Item = String>) -> MutableBinaryViewArray<str> {
    let mut texts = MutableBinaryViewArray::with_capacity(values.size_hint().0);
    values.for_each(|value| texts.push_value_ignore_validity(value));
    texts
}
