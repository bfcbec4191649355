//! Values of rows, for examples and bars.

use polars_core::prelude::{AnyValue, Series};
use sluice_analysis::Value;
use sluice_protocol::cells::TEXT_LIMIT;

use crate::TableError;
use crate::render::{Rows, Style, write_value};

/// Bytes that hold [`TEXT_LIMIT`] code points of any text.
const LIMIT_BYTES: usize = 4 * TEXT_LIMIT;

/// Values of the rows of one column.
pub(super) struct ColumnValues {
    rows: Rows,
}

impl ColumnValues {
    pub(super) fn of(series: &Series) -> Self {
        Self {
            rows: Rows::of(series),
        }
    }

    /// As a filter takes it: numbers and booleans as they are, texts in full, all else as shown.
    pub(super) fn value(&self, row: usize) -> Result<Value, TableError> {
        let value = self.rows.get(row)?;
        Ok(match &value {
            AnyValue::Null => Value::Null,
            AnyValue::Boolean(value) => Value::Bool(*value),
            AnyValue::Float32(value) => Value::Float(f64::from(*value)),
            AnyValue::Float64(value) => Value::Float(*value),
            value if value.is_integer() => match value.extract::<i64>() {
                Some(value) => Value::Int(value),
                None => Value::Text(text_of(value, usize::MAX)),
            },
            value => Value::Text(text_of(value, usize::MAX)),
        })
    }

    /// As the grid shows it.
    pub(super) fn shown(&self, row: usize) -> Result<String, TableError> {
        let text = text_of(&self.rows.get(row)?, LIMIT_BYTES);
        Ok(match text.char_indices().nth(TEXT_LIMIT) {
            Some((end, _)) => format!("{}…", &text[..end]),
            None => text,
        })
    }
}

fn text_of(value: &AnyValue<'_>, limit_bytes: usize) -> String {
    let mut text = String::new();
    write_value(&mut text, value, Style::Cell, limit_bytes);
    text
}
