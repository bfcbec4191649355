//! Which columns are missing together.

use std::cmp::Reverse;
use std::collections::HashMap;

use polars_arrow::array::ArrayRef;
use polars_core::prelude::Series;
use sluice_protocol::profile::MissingPattern;
use sluice_stats::hash::hash_u64;

use super::Rows;
use crate::TableError;
use crate::profile::pace::Pacer;
use crate::profile::scan::{Cursor, SLICE_ROWS};

/// Patterns in a profile.
const N_PATTERNS: usize = 20;

/// The most frequent sets of missing columns, most frequent first; equally frequent ones in the
/// order of their first rows.
pub(super) async fn missing_patterns(
    rows: Rows<'_>,
    pacer: &mut Pacer<'_>,
) -> Result<Vec<MissingPattern>, TableError> {
    let n_rows = rows.table.n_rows();
    let with_nulls: Vec<&Series> = (rows.table.frame().columns().iter())
        .map(|column| column.as_materialized_series())
        .filter(|series| series.null_count() > 0)
        .collect();
    let mut cursors: Vec<Cursor<'_>> = with_nulls
        .iter()
        .map(|series| Cursor::new(series.chunks()))
        .collect();
    let mut pattern_hashes = Vec::new();
    let mut complete = Pattern::default();
    let mut patterns: HashMap<u64, Pattern> = HashMap::new();
    for start in (0..n_rows).step_by(SLICE_ROWS) {
        let end = n_rows.min(start + SLICE_ROWS);
        pattern_hashes.clear();
        pattern_hashes.resize(end - start, COMPLETE);
        for (column, cursor) in (0..).zip(&mut cursors) {
            for piece in cursor.pieces(start..end) {
                let of_piece = &mut pattern_hashes[piece.first_row - start..][..piece.len];
                for (offset, hash) in of_piece.iter_mut().enumerate() {
                    // A pattern is the exclusive or of its columns' random numbers.
                    let null = piece.array.is_null(piece.start + offset);
                    *hash ^= hash_u64(column) & u64::from(null).wrapping_neg();
                }
            }
        }
        for (row, &hash) in (start..).zip(&pattern_hashes) {
            if rows.is_selected(row) {
                let pattern = match hash {
                    COMPLETE => &mut complete,
                    _ => patterns.entry(hash).or_default(),
                };
                pattern.add(row);
            }
        }
        pacer
            .spend(end - start, 5 + 2 * cursors.len() as u64)
            .await?;
    }
    // The sort gives the same for every order of the map: no two patterns share a first row.
    let mut patterns: Vec<Pattern> = patterns.into_values().chain([complete]).collect();
    patterns.retain(|pattern| pattern.count > 0);
    patterns.sort_unstable_by_key(|pattern| (Reverse(pattern.count), pattern.first_row));
    patterns.truncate(N_PATTERNS);
    let named = patterns.into_iter().map(|pattern| MissingPattern {
        columns: with_nulls
            .iter()
            .filter(|series| is_null(series.chunks(), pattern.first_row))
            .map(|series| series.name().to_string())
            .collect(),
        count: pattern.count,
    });
    Ok(named.collect())
}

/// Of rows without a missing value.
const COMPLETE: u64 = 0;

#[derive(Default)]
struct Pattern {
    count: u64,
    first_row: usize,
}

impl Pattern {
    fn add(&mut self, row: usize) {
        if self.count == 0 {
            self.first_row = row;
        }
        self.count += 1;
    }
}

fn is_null(chunks: &[ArrayRef], row: usize) -> bool {
    let piece = Cursor::new(chunks).pieces(row..row + 1);
    piece
        .first()
        .is_some_and(|piece| piece.array.is_null(piece.start))
}
