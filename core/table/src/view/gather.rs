//! New tables from rows of others.

use polars_core::prelude::{Column, DataFrame, IdxCa, NewChunkedArray as _, PolarsError};

use crate::error::TableError;
use crate::host::Host;
use crate::table::{Table, column_type};
use crate::view::vector::is_single;

/// Stands for no row among row numbers; a table's own never get there.
pub(crate) const NO_ROW: u32 = u32::MAX;

/// Most rows that are copied between two checkpoints.
const SLICE_ROWS: usize = 1 << 16;

/// Bytes that are copied between two checkpoints if a column's values are of about equal size: 1 to 2 ms.
const SLICE_BYTES: usize = 4 << 20;

/// The `rows` of a table, in this order; they may repeat.
///
/// # Errors
///
/// [`TableError::Cancelled`].
pub(crate) async fn gathered(
    table: &Table,
    rows: &[u32],
    host: &dyn Host,
) -> Result<Table, TableError> {
    let mut columns = Vec::with_capacity(table.n_columns());
    for (idx, column) in table.frame().columns().iter().enumerate() {
        host.progress("Copying rows", idx as u64, table.n_columns() as u64);
        columns.push(gathered_column(column, rows, host).await?);
    }
    let frame = DataFrame::new(rows.len(), columns).map_err(|error| failed(&error))?;
    Ok(Table::from_frame(frame))
}

/// The values of `rows`; [`NO_ROW`] gives a missing one.
///
/// # Errors
///
/// [`TableError::Cancelled`].
pub(crate) async fn gathered_column(
    column: &Column,
    rows: &[u32],
    host: &dyn Host,
) -> Result<Column, TableError> {
    let nested = !is_single(column_type(column.dtype()));
    // Polars would put the chunks of nested columns together again for every slice.
    let single_chunk = (nested && column.n_chunks() > 1).then(|| column.rechunk());
    let source = single_chunk.as_ref().unwrap_or(column);
    let bytes_per_row = column.as_materialized_series().estimated_size() / column.len().max(1);
    let slice_rows = (SLICE_BYTES / bytes_per_row.max(1)).clamp(1, SLICE_ROWS);
    let mut gathered: Option<Column> = None;
    for slice in rows.chunks(slice_rows) {
        host.checkpoint().await?;
        let taken = if slice.contains(&NO_ROW) {
            let wanted = slice.iter().map(|row| (*row != NO_ROW).then_some(*row));
            source.take(&IdxCa::from_iter_options("".into(), wanted))
        } else {
            source.take_slice(slice)
        }
        .map_err(|error| failed(&error))?;
        match &mut gathered {
            Some(all) => {
                all.append_owned(taken).map_err(|error| failed(&error))?;
            }
            None => gathered = Some(taken),
        }
    }
    Ok(gathered.unwrap_or_else(|| column.clear()))
}

#[cold]
pub(crate) fn failed(error: &PolarsError) -> TableError {
    TableError::Internal {
        context: "copying rows",
        reason: error.to_string(),
    }
}
