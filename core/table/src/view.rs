//! What is looked at: rows that match, their order, and what is selected.
//!
//! # Contract
//!
//! Row numbers are 0-based and `u32`: a table of more rows is refused with [`TableError::TooLarge`].
//! Every function works in slices with a checkpoint before each; no result depends on how a column is chunked.

mod bits;
pub(crate) mod column_order;
pub(crate) mod gather;
mod one_of;
mod predicate;
mod range;
pub(crate) mod search;
mod selection;
pub(crate) mod slices;
mod sort;
pub(crate) mod sorter;
#[cfg(test)]
pub(crate) mod testing;
pub(crate) mod text_set;
pub(crate) mod vector;

pub use predicate::{matching_rows, pill_bitmap};
pub use selection::selected_rows;
pub use sort::sorted_rows;

use crate::error::TableError;
use crate::table::Table;

/// # Errors
///
/// [`TableError::TooLarge`] when row numbers would not fit `u32`.
pub(crate) fn require_row_numbers(n_rows: u64) -> Result<(), TableError> {
    let limit = u64::from(u32::MAX);
    if n_rows <= limit {
        return Ok(());
    }
    Err(TableError::TooLarge {
        what: format!("a table of {n_rows} rows"),
        needed_bytes: n_rows.saturating_mul(4),
        budget_bytes: limit * 4,
        advice: "take a sample of its rows".to_owned(),
    })
}

pub(crate) fn require_row_numbers_of(table: &Table) -> Result<(), TableError> {
    require_row_numbers(table.n_rows() as u64)
}
