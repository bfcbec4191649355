//! A column of texts by row number, for operations that look at texts in any order.

use polars_arrow::array::Utf8ViewArray;
use polars_core::prelude::{DataType, StringChunked};

use crate::error::TableError;
use crate::render::{Rows, Style, write_value};
use crate::table::{Table, column_type};

/// The texts of a column. Cloning shares the data.
#[derive(Clone, Debug)]
pub struct TextColumn {
    texts: StringChunked,
}

impl TextColumn {
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// The text of `row`; `None` where it is missing or there is no such row.
    pub fn get(&self, row: usize) -> Option<&str> {
        let array: &Utf8ViewArray = self.texts.downcast_iter().next()?;
        (row < array.len()).then(|| array.get(row)).flatten()
    }

    /// All rows in order.
    pub fn iter(&self) -> impl Iterator<Item = Option<&str>> {
        self.texts.downcast_iter().flat_map(|chunk| chunk.iter())
    }
}

impl Table {
    /// A text, category or all-null column.
    ///
    /// # Errors
    ///
    /// [`TableError::NoColumn`]; [`TableError::ColumnType`] for other types.
    pub fn texts(&self, name: &str) -> Result<TextColumn, TableError> {
        let series = self.column(name)?.as_materialized_series();
        let is_text = matches!(
            series.dtype(),
            DataType::String | DataType::Categorical(..) | DataType::Enum(..) | DataType::Null
        );
        if !is_text {
            return Err(TableError::ColumnType {
                column: name.to_owned(),
                found: column_type(series.dtype()).label(),
                expected: "text",
            });
        }
        let internal = |error: polars_core::prelude::PolarsError| TableError::Internal {
            context: "reading a column of texts",
            reason: error.to_string(),
        };
        let texts = series.cast(&DataType::String).map_err(internal)?.rechunk();
        let texts = texts.str().map_err(internal)?.clone();
        Ok(TextColumn { texts })
    }
}

impl Table {
    /// The values of a column as JSON, in row order: what a file of JSON lines would hold. Missing values are null.
    ///
    /// # Errors
    ///
    /// [`TableError::NoColumn`].
    pub fn json_values(&self, name: &str) -> Result<Vec<serde_json::Value>, TableError> {
        let rows = Rows::of(self.column(name)?.as_materialized_series());
        let mut json = String::new();
        (0..self.n_rows())
            .map(|row| {
                json.clear();
                write_value(&mut json, &rows.get(row)?, Style::Json, usize::MAX);
                // Non-finite numbers have no JSON.
                Ok(serde_json::from_str(&json).unwrap_or_default())
            })
            .collect()
    }
}
