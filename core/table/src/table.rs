//! The table itself: named columns of equal length, immutable, cheap to clone.

use polars_arrow::array::Utf8ViewArray;
use polars_core::prelude::{Column, DataFrame, DataType};
use sluice_protocol::load::{ColumnInfo, ColumnType};

use crate::error::TableError;

/// Named columns of equal length. Cloning shares the data.
#[derive(Clone, Debug)]
pub struct Table {
    frame: DataFrame,
}

impl Table {
    pub fn from_frame(frame: DataFrame) -> Self {
        Self { frame }
    }

    /// The polars frame, inside this crate only: other crates take slices and iterators from typed accessors.
    pub(crate) fn frame(&self) -> &DataFrame {
        &self.frame
    }

    pub fn n_rows(&self) -> usize {
        self.frame.height()
    }

    pub fn n_columns(&self) -> usize {
        self.frame.width()
    }

    pub fn column_names(&self) -> Vec<&str> {
        self.frame
            .get_column_names()
            .into_iter()
            .map(|name| name.as_str())
            .collect()
    }

    pub fn columns(&self) -> Vec<ColumnInfo> {
        self.frame
            .columns()
            .iter()
            .map(|column| ColumnInfo {
                name: column.name().to_string(),
                column_type: column_type(column.dtype()),
            })
            .collect()
    }

    /// Bytes that the table holds. Buffers shared with other tables count here too.
    pub fn memory_bytes(&self) -> u64 {
        let text_bytes = |column: &Column| {
            let texts = column.str().ok()?;
            // Polars counts the letters alone; each text also has a view of 16 bytes, which holds it if it is short.
            let letters =
                |array: &Utf8ViewArray| array.total_bytes_len().min(array.total_buffer_len());
            Some(16 * texts.len() + texts.downcast_iter().map(letters).sum::<usize>())
        };
        let bytes = |column: &Column| {
            text_bytes(column).unwrap_or_else(|| column.as_materialized_series().estimated_size())
        };
        self.frame.columns().iter().map(bytes).sum::<usize>() as u64
    }

    pub(crate) fn column(&self, name: &str) -> Result<&Column, TableError> {
        self.frame.column(name).map_err(|_| TableError::NoColumn {
            column: name.to_owned(),
            available: self.column_names().join(", "),
        })
    }
}

/// The type as people know it.
pub(crate) fn column_type(dtype: &DataType) -> ColumnType {
    match dtype {
        DataType::Boolean => ColumnType::Boolean,
        DataType::Float32 | DataType::Float64 => ColumnType::Float,
        DataType::String => ColumnType::Text,
        DataType::Binary => ColumnType::Binary,
        DataType::Date => ColumnType::Date,
        DataType::Datetime(..) => ColumnType::DateTime,
        DataType::Duration(..) => ColumnType::Duration,
        DataType::Time => ColumnType::Time,
        DataType::Null => ColumnType::Null,
        DataType::Categorical(..) | DataType::Enum(..) => ColumnType::Category,
        DataType::Decimal(..) => ColumnType::Decimal,
        DataType::List(..) | DataType::Array(..) => ColumnType::List,
        DataType::Struct(..) => ColumnType::Struct,
        dtype if dtype.is_integer() => ColumnType::Integer,
        _ => ColumnType::Binary,
    }
}
