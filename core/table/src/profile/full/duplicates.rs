//! Rows that equal an earlier row in every column.

use sluice_protocol::profile::DuplicateRows;
use sluice_stats::duplicates::{Duplicates, ExampleLimits, N_PARTS, RowHashes, fold_column};

use super::Rows;
use crate::TableError;
use crate::profile::pace::Pacer;
use crate::profile::row_hash::append_hashes;
use crate::profile::scan::{Cursor, SLICE_ROWS};

const EXAMPLES: ExampleLimits = ExampleLimits {
    n_groups: 5,
    n_rows_per_group: 5,
};

/// Of [`RowHashes`].
const BYTES_PER_ROW: u64 = 32;

/// Counts rows by the hash of all their columns. Where the hashes would take more than an eighth of
/// the memory budget, the table is gone through several times, for a part of the hashes each time.
pub(super) async fn duplicate_rows(
    rows: Rows<'_>,
    memory_budget_bytes: u64,
    pacer: &mut Pacer<'_>,
) -> Result<DuplicateRows, TableError> {
    let needed_bytes = rows.n_selected() as u64 * BYTES_PER_ROW;
    let n_passes = needed_bytes
        .div_ceil((memory_budget_bytes / 8).max(1))
        .clamp(1, N_PARTS as u64);
    let n_parts_per_pass = N_PARTS.div_ceil(n_passes as usize);
    let mut duplicates = Duplicates::default();
    // Rows without columns are not duplicates of each other: there is nothing to compare.
    let first_parts = (0..N_PARTS)
        .step_by(n_parts_per_pass)
        .filter(|_| rows.table.n_columns() > 0);
    for first_part in first_parts {
        let parts = first_part..N_PARTS.min(first_part + n_parts_per_pass);
        let mut hashes = row_hashes(rows, &parts, pacer).await?;
        for part in parts {
            hashes.count_part(part, EXAMPLES, &mut duplicates);
            pacer.spend(rows.n_selected() / N_PARTS, 100).await?;
        }
    }
    Ok(DuplicateRows {
        n_duplicates: duplicates.n_repeats,
        n_groups: duplicates.n_groups,
        examples: duplicates
            .examples
            .into_iter()
            .map(|group| group.rows)
            .collect(),
    })
}

async fn row_hashes(
    rows: Rows<'_>,
    parts: &std::ops::Range<usize>,
    pacer: &mut Pacer<'_>,
) -> Result<RowHashes, TableError> {
    let n_rows = rows.table.n_rows();
    let columns = rows.table.frame().columns();
    let mut cursors: Vec<Cursor<'_>> = columns
        .iter()
        .map(|column| Cursor::new(column.as_materialized_series().chunks()))
        .collect();
    let takes_all = rows.selection.is_none() && parts.len() == N_PARTS;
    let (mut of_rows, mut of_column) = (Vec::new(), Vec::new());
    let mut hashes = RowHashes::new();
    for start in (0..n_rows).step_by(SLICE_ROWS) {
        let end = n_rows.min(start + SLICE_ROWS);
        of_rows.clear();
        of_rows.resize(end - start, 0);
        for cursor in &mut cursors {
            of_column.clear();
            for piece in cursor.pieces(start..end) {
                append_hashes(piece.array, piece.start, piece.len, &mut of_column);
            }
            fold_column(&mut of_rows, &of_column);
            pacer.spend(end - start, 8).await?;
        }
        if takes_all {
            hashes.update(&of_rows, start as u64);
        } else {
            for (row, &hash) in (start..).zip(&of_rows) {
                let part = (hash >> (u128::BITS - N_PARTS.trailing_zeros())) as usize;
                if rows.is_selected(row) && parts.contains(&part) {
                    hashes.update(&[hash], row as u64);
                }
            }
        }
        pacer.spend(end - start, 10).await?;
    }
    Ok(hashes)
}
