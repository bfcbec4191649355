//! Columns to vectors, whatever their physical type and chunks.

use std::ops::Range;

use polars_core::prelude::{
    CatNative as _, Categorical8Type, Categorical16Type, Categorical32Type, CategoricalPhysical,
    ChunkedArray, Column, DataType, PolarsNumericType, StaticArray as _, TimeUnit,
};
use polars_core::utils::arrow::array::Array as _;
use sluice_protocol::load::ColumnType;

use crate::error::TableError;
use crate::table::column_type;
use crate::view::vector::{Data, Texts, Vector, decimal_scale, internal};

/// Reads `rows` of a column; decimals as [`Data::Wide`] of [`ColumnType::Decimal`].
///
/// # Errors
///
/// [`TableError::ColumnType`] for lists, structs and binary data, which have no buffer of ours.
pub(crate) fn read(column: &Column, rows: Range<usize>) -> Result<Vector<'_>, TableError> {
    let series = column.as_materialized_series();
    let physical = || series.to_physical_repr();
    let column_type = column_type(series.dtype());
    let (data, present) = match series.dtype() {
        DataType::Null => (
            Data::Bool(vec![false; rows.len()]),
            Some(vec![false; rows.len()]),
        ),
        DataType::Boolean => read_booleans(column, rows)?,
        DataType::String => read_texts(column, rows)?,
        DataType::Categorical(..) | DataType::Enum(..) => read_categories(column, rows)?,
        DataType::Int8 => int(series.i8().map_err(internal)?, rows),
        DataType::Int16 => int(series.i16().map_err(internal)?, rows),
        DataType::Int32 => int(series.i32().map_err(internal)?, rows),
        DataType::Int64 => int(series.i64().map_err(internal)?, rows),
        DataType::UInt8 => int(series.u8().map_err(internal)?, rows),
        DataType::UInt16 => int(series.u16().map_err(internal)?, rows),
        DataType::UInt32 => int(series.u32().map_err(internal)?, rows),
        DataType::UInt64 => wide(series.u64().map_err(internal)?, rows, i128::from),
        DataType::Int128 => wide(series.i128().map_err(internal)?, rows, |value| value),
        DataType::Float32 => {
            let (values, present) = read_numbers(series.f32().map_err(internal)?, rows, f64::from);
            (Data::Float(values), present)
        }
        DataType::Float64 => {
            let (values, present) = read_numbers(series.f64().map_err(internal)?, rows, |v| v);
            (Data::Float(values), present)
        }
        DataType::Decimal(..) => {
            let physical = physical();
            let (values, present) =
                read_numbers(physical.i128().map_err(internal)?, rows, |value| value);
            (Data::Wide(values), present)
        }
        DataType::Date => int(physical().i32().map_err(internal)?, rows),
        DataType::Time => scaled(
            physical().i64().map_err(internal)?,
            rows,
            TimeUnit::Nanoseconds,
        ),
        DataType::Datetime(unit, _) | DataType::Duration(unit) => {
            scaled(physical().i64().map_err(internal)?, rows, *unit)
        }
        _ => {
            return Err(TableError::ColumnType {
                column: series.name().to_string(),
                found: column_type.label(),
                expected: "a column of single values",
            });
        }
    };
    Ok(Vector {
        column_type,
        data,
        present,
    })
}

/// Reads `rows` as expressions and conditions see them: text for categories, floats for decimals;
/// an integer beyond 64 bits is missing.
pub(crate) fn read_plain(column: &Column, rows: Range<usize>) -> Result<Vector<'_>, TableError> {
    let mut vector = read(column, rows)?;
    match (vector.column_type, &vector.data) {
        (ColumnType::Category, _) => vector.column_type = ColumnType::Text,
        (ColumnType::Decimal, Data::Wide(values)) => {
            let scale = decimal_scale(column.dtype());
            let unit = libm::exp10(scale as f64);
            vector.data = Data::Float(values.iter().map(|value| *value as f64 / unit).collect());
            vector.column_type = ColumnType::Float;
        }
        (_, Data::Wide(values)) => {
            let narrow: Vec<Option<i64>> = values.iter().map(|v| i64::try_from(*v).ok()).collect();
            let present = (0..values.len())
                .map(|idx| vector.is_present(idx) && narrow[idx].is_some())
                .collect();
            vector.data = Data::Int(narrow.into_iter().map(Option::unwrap_or_default).collect());
            vector.present = Some(present);
        }
        _ => {}
    }
    Ok(vector)
}

/// Whether each of `rows` is there, for columns of any type; `None` means all are.
pub(crate) fn read_present(column: &Column, rows: Range<usize>) -> Option<Vec<bool>> {
    let series = column.as_materialized_series();
    if series.null_count() == 0 {
        return None;
    }
    let sliced = series.slice(rows.start as i64, rows.len());
    (sliced.null_count() > 0).then(|| {
        sliced
            .is_not_null()
            .iter()
            .map(|present| present == Some(true))
            .collect()
    })
}

type Read<'a> = (Data<'a>, Option<Vec<bool>>);

fn int<'a, T: PolarsNumericType>(values: &ChunkedArray<T>, rows: Range<usize>) -> Read<'a>
where
    T::Native: Into<i64>,
{
    let (values, present) = read_numbers(values, rows, Into::into);
    (Data::Int(values), present)
}

fn wide<'a, T: PolarsNumericType>(
    values: &ChunkedArray<T>,
    rows: Range<usize>,
    widen: impl Fn(T::Native) -> i128,
) -> Read<'a> {
    let (values, present) = read_numbers(values, rows, widen);
    let narrow: Option<Vec<i64>> = values
        .iter()
        .enumerate()
        .map(|(idx, value)| match i64::try_from(*value) {
            Err(_) if present.as_ref().is_some_and(|present| !present[idx]) => Some(0),
            converted => converted.ok(),
        })
        .collect();
    (narrow.map_or(Data::Wide(values), Data::Int), present)
}

fn scaled<'a>(
    values: &ChunkedArray<polars_core::prelude::Int64Type>,
    rows: Range<usize>,
    unit: TimeUnit,
) -> Read<'a> {
    let (values, present) = match unit {
        TimeUnit::Nanoseconds => read_numbers(values, rows, |value| value.div_euclid(1_000)),
        TimeUnit::Microseconds => read_numbers(values, rows, |value| value),
        TimeUnit::Milliseconds => read_numbers(values, rows, |value| value.saturating_mul(1_000)),
    };
    (Data::Int(values), present)
}

fn read_numbers<T: PolarsNumericType, N>(
    values: &ChunkedArray<T>,
    rows: Range<usize>,
    convert: impl Fn(T::Native) -> N,
) -> (Vec<N>, Option<Vec<bool>>) {
    let mut read = Vec::with_capacity(rows.len());
    let mut present = Presence::default();
    let mut n_before = 0;
    for array in values.downcast_iter() {
        let local = overlap(&rows, n_before, array.len());
        n_before += array.len();
        if local.is_empty() {
            continue;
        }
        read.extend(
            array.values()[local.clone()]
                .iter()
                .map(|value| convert(*value)),
        );
        match array.validity() {
            Some(validity) => {
                present.extend(validity.clone().sliced(local.start, local.len()).iter())
            }
            None => present.extend_present(local.len()),
        }
    }
    (read, present.finish())
}

fn read_booleans(column: &Column, rows: Range<usize>) -> Result<Read<'_>, TableError> {
    let values = column.as_materialized_series().bool().map_err(internal)?;
    let mut read = Vec::with_capacity(rows.len());
    let mut present = Presence::default();
    let mut n_before = 0;
    for array in values.downcast_iter() {
        let local = overlap(&rows, n_before, array.len());
        n_before += array.len();
        if local.is_empty() {
            continue;
        }
        read.extend(
            array
                .values()
                .clone()
                .sliced(local.start, local.len())
                .iter(),
        );
        match array.validity() {
            Some(validity) => {
                present.extend(validity.clone().sliced(local.start, local.len()).iter())
            }
            None => present.extend_present(local.len()),
        }
    }
    Ok((Data::Bool(read), present.finish()))
}

fn read_texts(column: &Column, rows: Range<usize>) -> Result<Read<'_>, TableError> {
    let values = column.as_materialized_series().str().map_err(internal)?;
    let mut read = Vec::with_capacity(rows.len());
    let mut present = Presence::default();
    let mut n_before = 0;
    for array in values.downcast_iter() {
        let local = overlap(&rows, n_before, array.len());
        n_before += array.len();
        if local.is_empty() {
            continue;
        }
        match array.validity() {
            Some(validity) => {
                present.extend(validity.clone().sliced(local.start, local.len()).iter());
                read.extend(local.map(|idx| array.get(idx).unwrap_or("")));
            }
            None => {
                present.extend_present(local.len());
                read.extend(local.map(|idx| array.value(idx)));
            }
        }
    }
    Ok((Data::Text(Texts::Borrowed(read)), present.finish()))
}

fn read_categories(column: &Column, rows: Range<usize>) -> Result<Read<'_>, TableError> {
    let series = column.as_materialized_series();
    let mut read = Vec::with_capacity(rows.len());
    let mut present = Presence::default();
    polars_core::with_match_categorical_physical_type!(
        series.dtype().cat_physical().map_err(internal)?,
        |$C| {
            let values = series.cat::<$C>().map_err(internal)?;
            let mapping = values.get_mapping();
            let mut n_before = 0;
            for array in values.physical().downcast_iter() {
                let local = overlap(&rows, n_before, array.len());
                n_before += array.len();
                for idx in local {
                    let text = array.get(idx).and_then(|code| mapping.cat_to_str(code.as_cat()));
                    present.extend(std::iter::once(text.is_some()));
                    read.push(text.unwrap_or(""));
                }
            }
        }
    );
    Ok((Data::Text(Texts::Borrowed(read)), present.finish()))
}

/// The part of a chunk's own indices that falls into `rows`.
fn overlap(rows: &Range<usize>, n_before: usize, len: usize) -> Range<usize> {
    let start = rows.start.saturating_sub(n_before).min(len);
    let end = rows.end.saturating_sub(n_before).min(len);
    start..end
}

/// Collects which values are there; all of them is the common case and costs nothing.
#[derive(Default)]
struct Presence {
    n_present: usize,
    flags: Option<Vec<bool>>,
}

impl Presence {
    fn extend_present(&mut self, n: usize) {
        match &mut self.flags {
            Some(flags) => flags.resize(flags.len() + n, true),
            None => self.n_present += n,
        }
    }

    fn extend(&mut self, present: impl Iterator<Item = bool>) {
        let n_present = self.n_present;
        self.flags
            .get_or_insert_with(|| vec![true; n_present])
            .extend(present);
    }

    fn finish(self) -> Option<Vec<bool>> {
        self.flags.filter(|flags| flags.contains(&false))
    }
}
