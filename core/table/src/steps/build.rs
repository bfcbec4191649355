//! Columns and tables made of computed values.

use polars_core::prelude::{
    BooleanChunked, Column, DataFrame, DataType, Float64Chunked, Int32Chunked, Int64Chunked,
    IntoColumn as _, IntoSeries as _, NewChunkedArray as _, PlSmallStr, Series, StringChunked,
    TimeUnit,
};
use sluice_protocol::load::{ColumnType, LoadIssue};

use crate::error::TableError;
use crate::expr::convert::{all_missing, saturated};
use crate::host::Host;
use crate::load::Issues;
use crate::render::Style;
use crate::table::{Table, column_type};
use crate::view::gather::failed;
use crate::view::search::Searched;
use crate::view::slices::row_slices;
use crate::view::vector::{Data, Vector};

/// Puts a column together from slices.
pub(super) struct ColumnBuilder {
    name: PlSmallStr,
    column_type: ColumnType,
    series: Option<Series>,
}

impl ColumnBuilder {
    pub(super) fn new(name: &str, column_type: ColumnType) -> Self {
        Self {
            name: PlSmallStr::from_str(name),
            column_type,
            series: None,
        }
    }

    pub(super) fn push(&mut self, vector: &Vector<'_>) -> Result<(), TableError> {
        let series = series(self.name.clone(), vector);
        match &mut self.series {
            Some(all) => {
                all.append_owned(series).map_err(|error| failed(&error))?;
            }
            None => self.series = Some(series),
        }
        Ok(())
    }

    pub(super) fn finish(self) -> Column {
        self.series
            .unwrap_or_else(|| series(self.name, &all_missing(self.column_type, 0)))
            .into_column()
    }
}

fn series(name: PlSmallStr, vector: &Vector<'_>) -> Series {
    let n = vector.len();
    let keep = |idx: usize| vector.is_present(idx);
    match &vector.data {
        Data::Bool(_) if vector.column_type == ColumnType::Null => {
            Series::full_null(name, n, &DataType::Null)
        }
        Data::Bool(values) => BooleanChunked::from_iter_options(
            name,
            values
                .iter()
                .enumerate()
                .map(|(idx, value)| keep(idx).then_some(*value)),
        )
        .into_series(),
        Data::Float(values) => Float64Chunked::from_iter_options(
            name,
            values
                .iter()
                .enumerate()
                .map(|(idx, value)| keep(idx).then_some(*value)),
        )
        .into_series(),
        Data::Text(texts) => StringChunked::from_iter_options(
            name,
            (0..n).map(|idx| keep(idx).then(|| texts.get(idx))),
        )
        .into_series(),
        Data::Int(values) => ints(name, vector, values),
        Data::Wide(values) => {
            let narrow: Vec<i64> = values
                .iter()
                .map(|value| i64::try_from(*value).unwrap_or(i64::MAX))
                .collect();
            ints(name, vector, &narrow)
        }
    }
}

fn ints(name: PlSmallStr, vector: &Vector<'_>, values: &[i64]) -> Series {
    let present = values
        .iter()
        .enumerate()
        .map(|(idx, value)| vector.is_present(idx).then_some(*value));
    match vector.column_type {
        ColumnType::Date => {
            Int32Chunked::from_iter_options(name, present.map(|days| days.map(saturated)))
                .into_date()
                .into_series()
        }
        ColumnType::Time => {
            let nanos = present.map(|micros| micros.map(|micros| micros.saturating_mul(1_000)));
            Int64Chunked::from_iter_options(name, nanos)
                .into_time()
                .into_series()
        }
        ColumnType::DateTime => Int64Chunked::from_iter_options(name, present)
            .into_datetime(TimeUnit::Microseconds, None)
            .into_series(),
        ColumnType::Duration => Int64Chunked::from_iter_options(name, present)
            .into_duration(TimeUnit::Microseconds)
            .into_series(),
        _ => Int64Chunked::from_iter_options(name, present).into_series(),
    }
}

/// # Errors
///
/// [`TableError::Param`] when a name comes twice.
pub(super) fn table(n_rows: usize, columns: Vec<Column>) -> Result<Table, TableError> {
    let mut names: Vec<&str> = columns
        .iter()
        .map(|column| column.name().as_str())
        .collect();
    names.sort_unstable();
    if let Some(twice) = names.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(super::param_error(
            "columns",
            format!("two are called “{}”", twice[0]),
        ));
    }
    let frame = DataFrame::new(n_rows, columns).map_err(|error| failed(&error))?;
    Ok(Table::from_frame(frame))
}

/// Another physical type for a column, slice by slice; values that it cannot hold become missing.
/// Any value has a text.
pub(super) async fn with_dtype(
    column: &Column,
    dtype: &DataType,
    host: &dyn Host,
) -> Result<Column, TableError> {
    if column.dtype() == dtype {
        return Ok(column.clone());
    }
    if dtype == &DataType::String {
        return as_text(column, host).await;
    }
    let mut converted: Option<Column> = None;
    for rows in row_slices(&[column], column.len()) {
        host.checkpoint().await?;
        let slice = column.slice(rows.start as i64, rows.len());
        let slice = slice.cast(dtype).map_err(|error| failed(&error))?;
        match &mut converted {
            Some(all) => {
                all.append_owned(slice).map_err(|error| failed(&error))?;
            }
            None => converted = Some(slice),
        }
    }
    Ok(converted.unwrap_or_else(|| Column::new_empty(column.name().clone(), dtype)))
}

async fn as_text(column: &Column, host: &dyn Host) -> Result<Column, TableError> {
    let texts = Searched::in_style(column, Style::File);
    let mut builder = ColumnBuilder::new(column.name(), ColumnType::Text);
    for rows in row_slices(&[column], column.len()) {
        host.checkpoint().await?;
        builder.push(&Vector {
            column_type: ColumnType::Text,
            ..texts.shown(rows)?
        })?;
    }
    Ok(builder.finish())
}

/// A type that holds the values of both; `None` when only text does.
pub(super) fn common_dtype(a: &DataType, b: &DataType) -> Option<DataType> {
    use ColumnType as T;
    if a == b {
        return Some(a.clone());
    }
    let is_number = |t: T| matches!(t, T::Integer | T::Float | T::Decimal);
    let is_text = |t: T| matches!(t, T::Text | T::Category);
    let is_moment = |t: T| matches!(t, T::Date | T::DateTime);
    match (column_type(a), column_type(b)) {
        (T::Null, _) => Some(b.clone()),
        (_, T::Null) => Some(a.clone()),
        (T::Integer, T::Integer) => {
            let both_unsigned = a.is_unsigned_integer() && b.is_unsigned_integer();
            Some(if both_unsigned {
                DataType::UInt64
            } else {
                DataType::Int64
            })
        }
        (a, b) if is_number(a) && is_number(b) => Some(DataType::Float64),
        (a, b) if is_text(a) && is_text(b) => Some(DataType::String),
        (a, b) if is_moment(a) && is_moment(b) => {
            Some(DataType::Datetime(TimeUnit::Microseconds, None))
        }
        (T::Duration, T::Duration) => Some(DataType::Duration(TimeUnit::Microseconds)),
        _ => None,
    }
}

/// Counts a value that could not be converted, and describes it while there are few.
pub(super) fn push_issue(
    issues: &mut Issues,
    op: &str,
    row: usize,
    column: &str,
    reason: impl FnOnce() -> String,
) {
    if issues.first().len() >= Issues::KEPT {
        issues.add_uncounted(1);
        return;
    }
    issues.push(LoadIssue {
        file: op.to_owned(),
        row: Some(row as u64 + 1),
        column: Some(column.to_owned()),
        reason: reason(),
    });
}
