//! Row numbers in a wanted order.

use std::cmp::Ordering;

use sluice_analysis::SortKey;
use sluice_stats::bits::Bitmap;

use crate::error::TableError;
use crate::host::Host;
use crate::table::Table;
use crate::view::column_order::ColumnOrder;
use crate::view::require_row_numbers_of;
use crate::view::slices::SLICE_ROWS;
use crate::view::sorter::{Entry, TieCost, sorted};

/// The rows of `rows` (all if `None`) by the first key, then the second, …; equal rows stay in row order.
///
/// Numbers and times by size, false before true, texts by Unicode code points. In both directions NaN comes
/// after all numbers and missing values after everything; `descending` reverses only what is before them.
///
/// # Errors
///
/// [`TableError::NoColumn`], [`TableError::TooLarge`] beyond `u32::MAX` rows, [`TableError::Cancelled`].
pub async fn sorted_rows(
    table: &Table,
    keys: &[SortKey],
    rows: Option<&Bitmap>,
    host: &dyn Host,
) -> Result<Vec<u32>, TableError> {
    require_row_numbers_of(table)?;
    let mut orders = Vec::with_capacity(keys.len());
    for key in keys {
        let column = table.column(&key.column)?;
        orders.push(ColumnOrder::new(column, key.descending, host).await?);
    }
    let entries = entries(table, orders.first(), rows, host).await?;
    let Some((first, others)) = orders.split_first() else {
        return Ok(entries.into_iter().map(|entry| entry.row).collect());
    };
    let tie = |a: u32, b: u32| {
        let by_first = first.compare_equal_keys(a, b);
        others
            .iter()
            .fold(by_first, |ordering, order| ordering.then_with(|| order.compare(a, b)))
            .then_with(|| a.cmp(&b))
    };
    let cost = if first.is_exact() && others.is_empty() { TieCost::Low } else { TieCost::High };
    let tie: &dyn Fn(u32, u32) -> Ordering = &tie;
    let sorted = sorted(entries, cost, tie, host).await?;
    Ok(sorted.into_iter().map(|entry| entry.row).collect())
}

async fn entries(
    table: &Table,
    first: Option<&ColumnOrder<'_>>,
    rows: Option<&Bitmap>,
    host: &dyn Host,
) -> Result<Vec<Entry>, TableError> {
    let n_rows = table.n_rows();
    let mut entries = Vec::with_capacity(rows.map_or(n_rows, Bitmap::count_ones));
    for start in (0..n_rows).step_by(SLICE_ROWS) {
        host.checkpoint().await?;
        let slice = start..(start + SLICE_ROWS).min(n_rows);
        let chosen = slice.filter(|row| rows.is_none_or(|rows| rows.get(*row)));
        // Row numbers fit: the table was checked.
        entries.extend(chosen.map(|row| Entry {
            key: first.map_or(0, |order| order.key(row)),
            row: row as u32,
        }));
    }
    Ok(entries)
}
