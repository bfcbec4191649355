//! The profile of a table: what is in each column, and between them.
//!
//! # Contract
//!
//! Results depend on the values and their order in the table alone: not on chunks of the frame,
//! slices or checkpoints. Counts are exact, means to quantiles are those of `sluice_stats`.
//! Nulls are counted and take part in nothing else; NaN and infinities are values, counted apart
//! from the finite ones. Dates and times are microseconds.

mod alerts;
mod bins;
mod column;
mod count;
mod edges;
mod found;
mod full;
mod hashed;
mod lanes;
mod looks;
mod meaning;
mod numbers;
mod pace;
mod passes;
mod row_hash;
mod scan;
mod spill;
mod tally;
#[cfg(test)]
mod tests;
mod texts;
mod values;

use sluice_analysis::Ref;
use sluice_protocol::message::ProfileLevel;
use sluice_protocol::profile::{ColumnProfile, TableProfile};
use sluice_stats::bits::Bitmap;

pub use bins::{BinIndex, build_bin_index, distribution, distributions};
pub use full::{FullPart, FullParts, profile_rest};

use crate::view::require_row_numbers_of;
use crate::{Host, Table, TableError};

/// The base profile of every column, in the table's order; `on_column` gets each as it is ready.
///
/// `selection` has a bit for each row of the table: only rows with a set bit are looked at.
///
/// # Errors
///
/// [`TableError::Cancelled`]; [`TableError::TooLarge`] from 2³² rows on.
pub async fn profile_columns(
    table: &Table,
    selection: Option<&Bitmap>,
    host: &dyn Host,
    on_column: &mut dyn FnMut(ColumnProfile),
) -> Result<Vec<ColumnProfile>, TableError> {
    profile_in_slices(table, selection, host, on_column, scan::SLICE_ROWS).await
}

async fn profile_in_slices(
    table: &Table,
    selection: Option<&Bitmap>,
    host: &dyn Host,
    on_column: &mut dyn FnMut(ColumnProfile),
    slice_rows: usize,
) -> Result<Vec<ColumnProfile>, TableError> {
    require_row_numbers_of(table)?;
    let n_columns = table.n_columns() as u64;
    let mut pacer = pace::Pacer::new(host);
    let mut profiles = Vec::with_capacity(table.n_columns());
    for (column_idx, column) in (0..).zip(table.frame().columns()) {
        host.progress(
            &format!("profiling {}", column.name()),
            column_idx,
            n_columns,
        );
        let series = column.as_materialized_series();
        let profile = column::profile_column(series, selection, slice_rows, &mut pacer).await?;
        on_column(profile.clone());
        profiles.push(profile);
    }
    Ok(profiles)
}

/// The profile of a whole table.
///
/// # Errors
///
/// As [`profile_columns`].
pub async fn profile_table(
    table: &Table,
    reference: Ref,
    level: ProfileLevel,
    host: &dyn Host,
) -> Result<TableProfile, TableError> {
    let n_rows = table.n_rows() as u64;
    let mut profile = TableProfile {
        table: reference,
        rows: n_rows,
        rows_total: n_rows,
        columns: profile_columns(table, None, host, &mut |_| {}).await?,
        duplicates: None,
        missing_patterns: None,
        associations: None,
        association_scope: None,
        alerts: Vec::new(),
    };
    if level == ProfileLevel::Full {
        let parts = profile_rest(table, None, &profile.columns, host, &mut |_| {}).await?;
        parts.into_iter().for_each(|part| part.add_to(&mut profile));
    }
    Ok(profile)
}

#[cold]
fn stats_error(error: sluice_stats::Error) -> TableError {
    TableError::Internal {
        context: "profiling",
        reason: error.to_string(),
    }
}
