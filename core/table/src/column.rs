//! Typed access to columns for crates that do not know polars, and tables made of plain vectors.
//!
//! Times are microseconds: of dates and date-times since 1970-01-01 UTC, of times since midnight.
//! Finer times are rounded down. Nulls come out as absent, never as a value.

use std::ops::Range;

use polars_core::prelude::*;
use sluice_stats::bits::Bitmap;

use crate::error::TableError;
use crate::host::Host;
use crate::table::{Table, column_type};
use crate::view::gather::gathered;
use crate::view::slices::row_slices;

/// Numbers of a column, one per row.
#[derive(Clone, Debug)]
pub struct Numbers<T> {
    /// Unspecified (0 or NaN) where the value is missing.
    pub values: Vec<T>,
    /// Rows that have a value; `None` when all have.
    pub valid: Option<Bitmap>,
}

pub type F64Column = Numbers<f64>;
pub type I64Column = Numbers<i64>;

impl<T: Copy> Numbers<T> {
    /// The value of `row`, unless it is missing.
    pub fn get(&self, row: usize) -> Option<T> {
        let present = self.valid.as_ref().is_none_or(|valid| valid.get(row));
        self.values.get(row).copied().filter(|_| present)
    }

    /// All rows in order.
    pub fn iter(&self) -> impl Iterator<Item = Option<T>> + '_ {
        (0..self.values.len()).map(|row| self.get(row))
    }
}

/// A column as plain data; the variants are the types that generators and operations put out.
#[derive(Clone, Debug, PartialEq)]
pub enum OwnedColumn {
    Bool(Vec<Option<bool>>),
    Int(Vec<Option<i64>>),
    /// For values above `i64::MAX`.
    UInt(Vec<Option<u64>>),
    Float(Vec<Option<f64>>),
    Text(Vec<Option<String>>),
    /// Days since 1970-01-01.
    Date(Vec<Option<i32>>),
    /// Microseconds since 1970-01-01, UTC.
    DateTime(Vec<Option<i64>>),
    /// Microseconds since midnight, below 86 400 000 000.
    Time(Vec<Option<i64>>),
    /// Microseconds.
    Duration(Vec<Option<i64>>),
    /// `value / 10^scale`.
    Decimal {
        values: Vec<Option<i128>>,
        scale: usize,
    },
    Binary(Vec<Option<Vec<u8>>>),
    ListInt(Vec<Option<Vec<i64>>>),
    ListFloat(Vec<Option<Vec<f64>>>),
    ListText(Vec<Option<Vec<String>>>),
}

impl OwnedColumn {
    pub fn len(&self) -> usize {
        match self {
            Self::Bool(values) => values.len(),
            Self::Int(values) | Self::DateTime(values) => values.len(),
            Self::Time(values) | Self::Duration(values) => values.len(),
            Self::UInt(values) => values.len(),
            Self::Float(values) => values.len(),
            Self::Text(values) => values.len(),
            Self::Date(values) => values.len(),
            Self::Decimal { values, .. } => values.len(),
            Self::Binary(values) => values.len(),
            Self::ListInt(values) => values.len(),
            Self::ListFloat(values) => values.len(),
            Self::ListText(values) => values.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn into_series(self, name: &str) -> Result<Series, TableError> {
        let bad = |error: PolarsError| TableError::Param {
            what: format!("column “{name}”"),
            reason: error.to_string(),
        };
        let name = PlSmallStr::from_str(name);
        let micros = |values: Vec<Option<i64>>, per_value: i64| {
            let values = values
                .into_iter()
                .map(|value| value.map(|v| v.saturating_mul(per_value)));
            Int64Chunked::from_iter_options(name.clone(), values)
        };
        Ok(match self {
            Self::Bool(values) => Series::new(name, values),
            Self::Int(values) => Series::new(name, values),
            Self::UInt(values) => Series::new(name, values),
            Self::Float(values) => Series::new(name, values),
            Self::Text(values) => Series::new(name, values),
            Self::Date(values) => Int32Chunked::from_iter_options(name, values.into_iter())
                .into_date()
                .into_series(),
            Self::DateTime(values) => micros(values, 1)
                .into_datetime(TimeUnit::Microseconds, None)
                .into_series(),
            Self::Time(values) => micros(values, 1000).into_time().into_series(),
            Self::Duration(values) => micros(values, 1)
                .into_duration(TimeUnit::Microseconds)
                .into_series(),
            Self::Decimal { values, scale } => {
                Int128Chunked::from_iter_options(name.clone(), values.into_iter())
                    .into_decimal(DECIMAL_DIGITS, scale)
                    .map_err(bad)?
                    .into_series()
            }
            Self::Binary(values) => Series::new(name, values),
            Self::ListInt(values) => list_series::<Int64Type>(name, &values),
            Self::ListFloat(values) => list_series::<Float64Type>(name, &values),
            Self::ListText(values) => {
                let mut builder = ListStringChunkedBuilder::new(name, values.len(), values.len());
                for value in &values {
                    match value {
                        Some(texts) => builder.append_values_iter(texts.iter().map(String::as_str)),
                        None => builder.append_null(),
                    }
                }
                builder.finish().into_series()
            }
        })
    }
}

/// The most that a 128-bit decimal holds.
const DECIMAL_DIGITS: usize = 38;

fn list_series<T: PolarsNumericType>(
    name: PlSmallStr,
    values: &[Option<Vec<T::Native>>],
) -> Series {
    let mut builder = ListPrimitiveChunkedBuilder::<T>::new(
        name,
        values.len(),
        values.len(),
        T::get_static_dtype(),
    );
    for value in values {
        builder.append_opt_slice(value.as_deref());
    }
    builder.finish().into_series()
}

impl Table {
    /// A table of these columns, in this order.
    ///
    /// # Errors
    ///
    /// [`TableError::Param`] when lengths differ, a name comes twice, or a decimal has too many digits.
    pub fn from_columns(columns: Vec<(String, OwnedColumn)>) -> Result<Self, TableError> {
        let columns = columns
            .into_iter()
            .map(|(name, column)| Ok(column.into_series(&name)?.into_column()))
            .collect::<Result<Vec<_>, TableError>>()?;
        let frame = DataFrame::new_infer_height(columns).map_err(|error| TableError::Param {
            what: "table".to_owned(),
            reason: error.to_string(),
        })?;
        Ok(Self::from_frame(frame))
    }

    /// This table with `column` in the place of the one called `name`, or after the last.
    ///
    /// # Errors
    ///
    /// [`TableError::Param`] when the length differs from the table's.
    pub fn with_column(&self, name: &str, column: OwnedColumn) -> Result<Self, TableError> {
        // Polars would repeat a single value for all rows.
        if self.n_columns() > 0 && column.len() != self.n_rows() {
            return Err(TableError::Param {
                what: format!("column “{name}”"),
                reason: format!("it has {} rows, the table {}", column.len(), self.n_rows()),
            });
        }
        let mut frame = self.frame().clone();
        frame
            .with_column(column.into_series(name)?.into_column())
            .map_err(|error| TableError::Internal {
                context: "adding a column",
                reason: error.to_string(),
            })?;
        Ok(Self::from_frame(frame))
    }

    /// Values of a numeric column as floats: integers, decimals and times too, booleans as 0 and 1.
    ///
    /// Integers beyond 2⁵³ are rounded; use [`Table::i64_values`] where they must be exact.
    ///
    /// # Errors
    ///
    /// [`TableError::NoColumn`]; [`TableError::ColumnType`] for texts, categories, lists, structs and binary.
    pub fn f64_values(&self, name: &str) -> Result<F64Column, TableError> {
        let series = self.numeric_series(name, "a number")?;
        if series.dtype().is_temporal() {
            let micros = self.i64_values(name)?;
            let values = micros
                .values
                .into_iter()
                .map(|value| value as f64)
                .collect();
            return Ok(F64Column {
                values,
                valid: micros.valid,
            });
        }
        let floats = cast(series, &DataType::Float64)?;
        Ok(collect(
            floats.f64().map_err(internal)?,
            f64::NAN,
            |value| value,
        ))
    }

    /// Values of an integer, boolean or time column, exactly.
    ///
    /// # Errors
    ///
    /// [`TableError::NoColumn`]; [`TableError::ColumnType`] for other types, and for unsigned
    /// columns with values above `i64::MAX`.
    pub fn i64_values(&self, name: &str) -> Result<I64Column, TableError> {
        const EXPECTED: &str = "an integer that fits 64 bits";
        let series = self.numeric_series(name, EXPECTED)?;
        let integers = match series.dtype() {
            dtype if dtype.is_float() || dtype.is_decimal() => None,
            _ => Some(cast(&series.to_physical_repr(), &DataType::Int64)?),
        };
        // What does not fit becomes null in the cast.
        let Some(integers) = integers.filter(|cast| cast.null_count() == series.null_count())
        else {
            return Err(TableError::ColumnType {
                column: name.to_owned(),
                found: column_type(series.dtype()).label(),
                expected: EXPECTED,
            });
        };
        let integers = integers.i64().map_err(internal)?;
        Ok(match series.dtype() {
            DataType::Date => collect(integers, 0, |days| days * MICROS_PER_DAY),
            DataType::Time
            | DataType::Datetime(TimeUnit::Nanoseconds, _)
            | DataType::Duration(TimeUnit::Nanoseconds) => {
                collect(integers, 0, |nanos| nanos.div_euclid(1000))
            }
            DataType::Datetime(TimeUnit::Milliseconds, _)
            | DataType::Duration(TimeUnit::Milliseconds) => {
                collect(integers, 0, |millis| millis.saturating_mul(1000))
            }
            _ => collect(integers, 0, |value| value),
        })
    }

    /// Calls `visit` with every row of a text, category or all-null column, in order.
    ///
    /// # Errors
    ///
    /// [`TableError::NoColumn`]; [`TableError::ColumnType`] for other types.
    pub fn for_each_text(
        &self,
        name: &str,
        mut visit: impl FnMut(Option<&str>),
    ) -> Result<(), TableError> {
        let series = self.column(name)?.as_materialized_series();
        if !matches!(
            series.dtype(),
            DataType::String | DataType::Categorical(..) | DataType::Enum(..) | DataType::Null
        ) {
            return Err(TableError::ColumnType {
                column: name.to_owned(),
                found: column_type(series.dtype()).label(),
                expected: "text",
            });
        }
        let texts = cast(series, &DataType::String)?;
        let texts = texts.str().map_err(internal)?;
        texts
            .downcast_iter()
            .flat_map(|chunk| chunk.iter())
            .for_each(&mut visit as &mut dyn FnMut(_));
        Ok(())
    }

    /// Ranges of rows that hold little enough of a column to be worked on between two checkpoints.
    ///
    /// # Errors
    ///
    /// [`TableError::NoColumn`].
    pub fn row_slices(&self, name: &str) -> Result<Vec<Range<usize>>, TableError> {
        Ok(row_slices(&[self.column(name)?], self.n_rows()).collect())
    }

    /// [`Self::for_each_text`] of some rows.
    ///
    /// # Errors
    ///
    /// As there; rows beyond the table are left out.
    pub fn for_each_text_in(
        &self,
        name: &str,
        rows: Range<usize>,
        visit: impl FnMut(Option<&str>),
    ) -> Result<(), TableError> {
        let column = self.column(name)?.slice(rows.start as i64, rows.len());
        let frame = DataFrame::new(column.len(), vec![column]).map_err(internal)?;
        Self::from_frame(frame).for_each_text(name, visit)
    }

    /// The table of these rows, in this order.
    ///
    /// # Errors
    ///
    /// [`TableError::Cancelled`]; [`TableError::Internal`] for a row that the table does not have.
    pub async fn rows(&self, rows: &[u32], host: &dyn Host) -> Result<Self, TableError> {
        let n_rows = self.n_rows();
        if let Some(row) = rows.iter().find(|row| **row as usize >= n_rows) {
            return Err(TableError::Internal {
                context: "choosing rows",
                reason: format!("there is no row {row} in a table of {n_rows}"),
            });
        }
        gathered(self, rows, host).await
    }

    fn numeric_series(&self, name: &str, expected: &'static str) -> Result<&Series, TableError> {
        let series = self.column(name)?.as_materialized_series();
        let numeric = series.dtype().is_primitive_numeric()
            || series.dtype().is_temporal()
            || matches!(
                series.dtype(),
                DataType::Boolean | DataType::Decimal(..) | DataType::Null
            );
        if !numeric {
            return Err(TableError::ColumnType {
                column: name.to_owned(),
                found: column_type(series.dtype()).label(),
                expected,
            });
        }
        Ok(series)
    }
}

const MICROS_PER_DAY: i64 = 86_400_000_000;

fn cast(series: &Series, dtype: &DataType) -> Result<Series, TableError> {
    series.cast(dtype).map_err(internal)
}

#[cold]
fn internal(error: PolarsError) -> TableError {
    TableError::Internal {
        context: "converting a column",
        reason: error.to_string(),
    }
}

fn collect<P: PolarsNumericType, T>(
    column: &ChunkedArray<P>,
    missing: T,
    convert: impl Fn(P::Native) -> T,
) -> Numbers<T>
where
    T: Copy,
{
    let mut values = Vec::with_capacity(column.len());
    let mut valid = (column.null_count() > 0).then(|| Bitmap::new_set(column.len()));
    for chunk in column.downcast_iter() {
        let start = values.len();
        values.extend(chunk.values().iter().map(|&value| convert(value)));
        let (Some(valid), Some(validity)) = (&mut valid, chunk.validity()) else {
            continue;
        };
        for (row, present) in validity.iter().enumerate() {
            if !present {
                valid.set(start + row, false);
                values[start + row] = missing;
            }
        }
    }
    Numbers { values, valid }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_out_as_they_went_in() {
        let check = |column: OwnedColumn, floats: &[Option<f64>]| {
            let table = Table::from_columns(vec![("x".into(), column)]).unwrap();
            assert_eq!(
                table.f64_values("x").unwrap().iter().collect::<Vec<_>>(),
                floats
            );
        };
        check(
            OwnedColumn::Bool(vec![Some(true), None, Some(false)]),
            &[Some(1.0), None, Some(0.0)],
        );
        check(OwnedColumn::Int(vec![Some(-3), None]), &[Some(-3.0), None]);
        check(
            OwnedColumn::UInt(vec![Some(u64::MAX)]),
            &[Some(18_446_744_073_709_551_615.0)],
        );
        check(
            OwnedColumn::Float(vec![Some(0.5), Some(f64::INFINITY)]),
            &[Some(0.5), Some(f64::INFINITY)],
        );
        check(
            OwnedColumn::Date(vec![Some(1), Some(-1)]),
            &[Some(86.4e9), Some(-86.4e9)],
        );
        check(
            OwnedColumn::DateTime(vec![Some(7), None]),
            &[Some(7.0), None],
        );
        check(
            OwnedColumn::Time(vec![Some(86_399_999_999)]),
            &[Some(86_399_999_999.0)],
        );
        check(OwnedColumn::Duration(vec![Some(-1)]), &[Some(-1.0)]);
        let decimals = OwnedColumn::Decimal {
            values: vec![Some(12345), None],
            scale: 2,
        };
        check(decimals, &[Some(123.45), None]);
        check(OwnedColumn::Float(vec![]), &[]);
    }

    #[test]
    fn integers_are_exact_or_refused() {
        let table = Table::from_columns(vec![
            ("big".into(), OwnedColumn::Int(vec![Some(i64::MAX), None])),
            (
                "too_big".into(),
                OwnedColumn::UInt(vec![Some(u64::MAX), None]),
            ),
            ("float".into(), OwnedColumn::Float(vec![Some(1.0), None])),
        ])
        .unwrap();
        let big = table.i64_values("big").unwrap();
        assert_eq!(
            (big.get(0), big.get(1), big.get(2)),
            (Some(i64::MAX), None, None)
        );
        assert!(matches!(
            table.i64_values("too_big"),
            Err(TableError::ColumnType { .. })
        ));
        assert!(matches!(
            table.i64_values("float"),
            Err(TableError::ColumnType { .. })
        ));
        assert!(matches!(
            table.i64_values("none"),
            Err(TableError::NoColumn { .. })
        ));
    }

    #[test]
    fn texts_are_visited_in_order() {
        let texts = vec![Some("a".to_owned()), None, Some(String::new())];
        let table = Table::from_columns(vec![
            ("t".into(), OwnedColumn::Text(texts)),
            ("n".into(), OwnedColumn::Int(vec![None; 3])),
        ])
        .unwrap();
        let mut seen = Vec::new();
        table
            .for_each_text("t", |text| seen.push(text.map(str::to_owned)))
            .unwrap();
        assert_eq!(seen, [Some("a".to_owned()), None, Some(String::new())]);
        assert!(matches!(
            table.for_each_text("n", |_| {}),
            Err(TableError::ColumnType { .. })
        ));
    }

    #[test]
    fn columns_must_fit_each_other() {
        let table =
            Table::from_columns(vec![("a".into(), OwnedColumn::Int(vec![Some(1), Some(2)]))])
                .unwrap();
        assert!(
            table
                .with_column("b", OwnedColumn::Int(vec![Some(1)]))
                .is_err()
        );
        let replaced = table
            .with_column(
                "a",
                OwnedColumn::ListText(vec![None, Some(vec!["x".into()])]),
            )
            .unwrap();
        assert_eq!((replaced.n_columns(), table.n_columns()), (1, 1));
        let twice = vec![
            ("a".into(), OwnedColumn::Int(vec![])),
            ("a".into(), OwnedColumn::Int(vec![])),
        ];
        assert!(Table::from_columns(twice).is_err());
    }
}
