//! Columns of which only equality matters: booleans, categories, binary, lists, structs.

use super::count::{Counted, ValueCounter};
use super::found::Found;
use super::pace::Pacer;
use super::row_hash::append_hashes;
use super::scan::{Present, Scan};
use crate::TableError;

/// Estimated native cost of hashing and counting a value.
const NANOS_EACH: u64 = 10;

/// Profiles a column of any type by the hashes of its values.
pub(super) async fn profile_hashed(
    scan: Scan<'_>,
    pacer: &mut Pacer<'_>,
) -> Result<Found, TableError> {
    let (mut present, mut hashes) = (Present::default(), Vec::new());
    let mut found = Found::default();
    let mut counter = ValueCounter::new();
    for slice in scan.slices() {
        present.find(&slice, scan.selection);
        found.n += present.n_selected() as u64;
        found.nulls += present.n_nulls() as u64;
        hashes.clear();
        append_hashes(slice.array, slice.start, slice.len, &mut hashes);
        counter.update(&hashes, &present, slice.first_row);
        pacer.spend(slice.len, NANOS_EACH).await?;
    }
    let counted = counter.finish(pacer).await?;
    found.set_counted(recount(scan, counted, pacer).await?);
    Ok(found)
}

/// Looks for the most frequent values once more, where one pass could not tell them.
pub(super) async fn recount(
    scan: Scan<'_>,
    mut counted: Counted,
    pacer: &mut Pacer<'_>,
) -> Result<Counted, TableError> {
    let Some(recount) = counted.second_pass() else {
        return Ok(counted);
    };
    let (mut present, mut hashes) = (Present::default(), Vec::new());
    for slice in scan.slices() {
        present.find(&slice, scan.selection);
        hashes.clear();
        append_hashes(slice.array, slice.start, slice.len, &mut hashes);
        present.for_each(|position| {
            recount.add(hashes[position], (slice.first_row + position) as u64);
        });
        pacer.spend(slice.len, NANOS_EACH).await?;
    }
    Ok(counted)
}
