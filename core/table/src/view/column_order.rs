//! The order of a column's values: numbers and times by size, false before true, texts by Unicode code points.
//!
//! In both directions NaN comes after all numbers and missing values after everything.
//! −0 and 0 are equal. Lists, structs and binary data are ordered as the texts they are shown as.

use std::cmp::Ordering;
use std::ops::Range;

use polars_core::prelude::{Column, DataType};
use polars_core::utils::arrow::array::Utf8ViewArray;

use crate::error::TableError;
use crate::host::Host;
use crate::table::column_type;
use crate::view::search::Searched;
use crate::view::slices::row_slices;
use crate::view::vector::{Data, OwnedTexts, Vector, internal, is_single, read};

/// Keys of all rows of a column.
pub(crate) struct ColumnOrder<'a> {
    /// Ascending in the order wanted; [`LAST`] for what is no number.
    keys: Vec<u64>,
    /// Ordinary, NaN or missing; empty when all are ordinary.
    classes: Vec<Class>,
    /// What decides between equal keys; `None` when they mean equal values.
    full: Option<Full<'a>>,
    descending: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    Ordinary,
    Nan,
    Missing,
}

const LAST: u64 = u64::MAX;

enum Full<'a> {
    Chunks {
        starts: Vec<usize>,
        arrays: Vec<&'a Utf8ViewArray>,
    },
    Borrowed(Vec<&'a str>),
    Owned(OwnedTexts),
    Wide(Vec<i128>),
}

impl<'a> ColumnOrder<'a> {
    /// Reads the column in slices with a checkpoint before each.
    ///
    /// # Errors
    ///
    /// [`TableError::Cancelled`].
    pub(crate) async fn new(
        column: &'a Column,
        descending: bool,
        host: &dyn Host,
    ) -> Result<Self, TableError> {
        let source = Source::new(column);
        let mut full = full(column)?;
        let common = match &full {
            Some(_) => common_prefix(&source, &mut full, host).await?,
            None => String::new(),
        };
        let mut order = Self {
            keys: Vec::with_capacity(column.len()),
            classes: Vec::new(),
            full: None,
            descending,
        };
        let mut exact = true;
        for rows in row_slices(&[column], column.len()) {
            host.checkpoint().await?;
            let vector = source.read(rows)?;
            exact &= order.extend(&vector, common.len());
            if let (Some(Full::Wide(all)), Data::Wide(wide)) = (&mut full, &vector.data) {
                all.extend_from_slice(wide);
            } else if let (Some(Full::Wide(all)), Data::Int(ints)) = (&mut full, &vector.data) {
                all.extend(ints.iter().map(|value| i128::from(*value)));
            }
        }
        order.full = full.filter(|_| !exact);
        Ok(order)
    }

    pub(crate) fn key(&self, row: usize) -> u64 {
        self.keys[row]
    }

    /// Whether equal keys always mean equal values, or at least values of the same class.
    pub(crate) fn is_exact(&self) -> bool {
        self.full.is_none()
    }

    pub(crate) fn compare(&self, a: u32, b: u32) -> Ordering {
        self.keys[a as usize]
            .cmp(&self.keys[b as usize])
            .then_with(|| self.compare_equal_keys(a, b))
    }

    /// The order of two rows whose keys are equal.
    pub(crate) fn compare_equal_keys(&self, a: u32, b: u32) -> Ordering {
        let (a, b) = (a as usize, b as usize);
        if !self.classes.is_empty() && self.keys[a] == LAST {
            let (class_a, class_b) = (self.classes[a], self.classes[b]);
            if class_a != class_b || class_a != Class::Ordinary {
                return class_a.cmp(&class_b);
            }
        }
        let ordering = match &self.full {
            None => return Ordering::Equal,
            Some(Full::Wide(values)) => values[a].cmp(&values[b]),
            Some(texts) => texts.text(a).cmp(texts.text(b)),
        };
        if self.descending {
            ordering.reverse()
        } else {
            ordering
        }
    }

    /// Appends keys; false when equal keys may mean different values.
    fn extend(&mut self, vector: &Vector<'_>, n_common_bytes: usize) -> bool {
        let start = self.keys.len();
        let mut exact = true;
        match &vector.data {
            Data::Bool(values) => self
                .keys
                .extend(values.iter().map(|value| u64::from(*value))),
            Data::Int(values) => self.keys.extend(values.iter().map(|value| int_key(*value))),
            Data::Wide(values) => {
                exact = false;
                self.keys.extend(values.iter().map(|value| {
                    int_key((*value).clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64)
                }));
            }
            Data::Float(values) => {
                self.keys
                    .extend(values.iter().map(|value| float_key(*value)));
                for (idx, _) in values
                    .iter()
                    .enumerate()
                    .filter(|(_, value)| value.is_nan())
                {
                    self.set_class(start + idx, Class::Nan);
                }
            }
            Data::Text(texts) => {
                for text in texts.iter() {
                    let rest = text.as_bytes().get(n_common_bytes..).unwrap_or_default();
                    exact &= rest.len() <= 8 && !rest.contains(&0);
                    self.keys.push(text_key(rest));
                }
            }
        }
        if self.descending {
            self.keys[start..].iter_mut().for_each(|key| *key = !*key);
        }
        for idx in 0..vector.len() {
            if !vector.is_present(idx) {
                self.set_class(start + idx, Class::Missing);
            }
        }
        if !self.classes.is_empty() {
            self.classes.resize(self.keys.len(), Class::Ordinary);
            let classes = &self.classes[start..];
            self.keys[start..]
                .iter_mut()
                .zip(classes)
                .filter(|(_, class)| **class != Class::Ordinary)
                .for_each(|(key, _)| *key = LAST);
        }
        exact
    }

    fn set_class(&mut self, row: usize, class: Class) {
        if self.classes.len() <= row {
            self.classes.resize(self.keys.len(), Class::Ordinary);
        }
        self.classes[row] = class;
    }
}

impl Full<'_> {
    fn text(&self, row: usize) -> &str {
        match self {
            Self::Chunks { starts, arrays } => {
                let chunk = starts.partition_point(|start| *start <= row) - 1;
                arrays[chunk].value(row - starts[chunk])
            }
            Self::Borrowed(texts) => texts[row],
            Self::Owned(texts) => texts.get(row),
            Self::Wide(_) => "",
        }
    }
}

/// Signed integers as unsigned ones of the same order.
pub(crate) fn int_key(value: i64) -> u64 {
    value as u64 ^ (1 << 63)
}

/// IEEE 754 orders the bits of positive numbers as the numbers, and those of negative ones the other way round.
pub(crate) fn float_key(value: f64) -> u64 {
    // −0 becomes 0.
    let bits = (value + 0.0).to_bits();
    if bits >> 63 == 0 {
        bits ^ (1 << 63)
    } else {
        !bits
    }
}

fn text_key(rest: &[u8]) -> u64 {
    let mut key = [0; 8];
    let n = rest.len().min(8);
    key[..n].copy_from_slice(&rest[..n]);
    u64::from_be_bytes(key)
}

/// A column read by value, or as shown where its values are not single.
enum Source<'a> {
    Values(&'a Column),
    Shown(Searched<'a>),
}

impl<'a> Source<'a> {
    fn new(column: &'a Column) -> Self {
        match is_single(column_type(column.dtype())) {
            true => Self::Values(column),
            false => Self::Shown(Searched::new(column)),
        }
    }

    fn column(&self) -> &'a Column {
        match self {
            Self::Values(column) => column,
            Self::Shown(searched) => searched.column,
        }
    }

    fn read(&self, rows: Range<usize>) -> Result<Vector<'a>, TableError> {
        match self {
            Self::Values(column) => read(column, rows),
            Self::Shown(searched) => searched.shown(rows),
        }
    }
}

/// Where the whole values of a column are found, for types whose keys may not tell all.
fn full(column: &Column) -> Result<Option<Full<'_>>, TableError> {
    let series = column.as_materialized_series();
    Ok(match series.dtype() {
        DataType::String => {
            let arrays: Vec<&Utf8ViewArray> =
                series.str().map_err(internal)?.downcast_iter().collect();
            let starts = arrays
                .iter()
                .scan(0, |next, array| {
                    let start = *next;
                    *next += array.len();
                    Some(start)
                })
                .collect();
            Some(Full::Chunks { starts, arrays })
        }
        DataType::Categorical(..) | DataType::Enum(..) => Some(Full::Borrowed(Vec::new())),
        DataType::UInt64 | DataType::Int128 | DataType::Decimal(..) => Some(Full::Wide(Vec::new())),
        dtype if !is_single(column_type(dtype)) => Some(Full::Owned(OwnedTexts::default())),
        _ => None,
    })
}

/// The longest text that all present texts begin with: keys are made of what comes after it, because
/// the first bytes of addresses and paths tell nothing apart. Texts that stand nowhere are kept in `full`.
async fn common_prefix<'a>(
    source: &Source<'a>,
    full: &mut Option<Full<'a>>,
    host: &dyn Host,
) -> Result<String, TableError> {
    let mut common: Option<String> = None;
    if matches!(full, Some(Full::Wide(_))) {
        return Ok(String::new());
    }
    let column = source.column();
    for rows in row_slices(&[column], column.len()) {
        host.checkpoint().await?;
        let vector = source.read(rows)?;
        let Data::Text(texts) = &vector.data else {
            continue;
        };
        for (idx, text) in texts.iter().enumerate() {
            if let Some(Full::Owned(all)) = full {
                all.push(text);
            }
            if !vector.is_present(idx) {
                continue;
            }
            match &mut common {
                None => common = Some(text.to_owned()),
                Some(common) if text.starts_with(common.as_str()) => {}
                Some(common) => {
                    let n_same = common
                        .bytes()
                        .zip(text.bytes())
                        .take_while(|(a, b)| a == b)
                        .count();
                    common.truncate(
                        (0..=n_same)
                            .rev()
                            .find(|n| common.is_char_boundary(*n))
                            .unwrap_or(0),
                    );
                }
            }
        }
        if let (
            Some(Full::Borrowed(all)),
            Data::Text(crate::view::vector::Texts::Borrowed(texts)),
        ) = (&mut *full, vector.data)
        {
            all.extend(texts);
        }
    }
    Ok(common.unwrap_or_default())
}
