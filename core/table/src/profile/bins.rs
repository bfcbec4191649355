//! Which bar of its column every row is in: one byte per row, so that a filter click only counts bytes.

use std::collections::HashSet;

use polars_core::prelude::{DataType, Series};
use sluice_analysis::Value;
use sluice_protocol::profile::{ColumnProfile, Distribution};
use sluice_stats::bits::Bitmap;
use sluice_stats::histogram::{Bins, CODE_BELOW, CODE_MISSING, count_codes, count_codes_filtered};

use super::lanes::{lane_of, numbers};
use super::pace::Pacer;
use super::row_hash::{append_hashes, hash_text};
use super::scan::{Present, SLICE_ROWS, Scan};
use super::stats_error;
use super::values::ColumnValues;
use crate::{Host, Table, TableError};

/// Bars of a column by row: those of its histogram, or one for each of its top values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BinIndex {
    /// Number of the bar; [`CODE_MISSING`] for nulls, another from [`CODE_BELOW`] on for values outside all bars.
    codes: Vec<u8>,
    n_bars: usize,
}

impl BinIndex {
    pub fn memory_bytes(&self) -> u64 {
        self.codes.len() as u64
    }
}

/// Finds the bar of every row of the table, whatever rows `column` was profiled on.
///
/// # Errors
///
/// [`TableError::NoColumn`] if the table lacks the column; [`TableError::Cancelled`];
/// [`TableError::Internal`] for a histogram with edges that are out of order.
pub async fn build_bin_index(
    table: &Table,
    column: &ColumnProfile,
    host: &dyn Host,
) -> Result<BinIndex, TableError> {
    let series = table.column(&column.name)?.as_materialized_series();
    let scan = Scan {
        chunks: series.chunks(),
        selection: None,
        slice_rows: SLICE_ROWS,
    };
    let mut pacer = Pacer::new(host);
    match (&column.histogram, lane_of(series)) {
        (Some(histogram), Some(lane)) => {
            let bins = Bins::from_edges(histogram.edges.clone()).map_err(stats_error)?;
            let (mut present, mut codes) = (Present::default(), Vec::with_capacity(series.len()));
            let (mut int_buffer, mut float_buffer, mut present_codes) =
                (Vec::new(), Vec::new(), Vec::new());
            for slice in scan.slices() {
                present.find(&slice, None);
                let numbers = numbers(&slice, &present, lane, &mut int_buffer, &mut float_buffer);
                present_codes.clear();
                bins.append_codes(numbers, &mut present_codes);
                let base = codes.len();
                codes.resize(base + slice.len, CODE_MISSING);
                let mut next = present_codes.iter();
                present.for_each(|position| {
                    codes[base + position] = next.next().copied().unwrap_or(CODE_MISSING);
                });
                pacer.spend(slice.len, 5).await?;
            }
            Ok(BinIndex {
                codes,
                n_bars: bins.n_bins(),
            })
        }
        _ => {
            let values: Vec<&Value> = column.top_values.iter().map(|top| &top.value).collect();
            let bars = bars_of_hashes(series, scan, &values, &mut pacer).await?;
            let (mut present, mut hashes) = (Present::default(), Vec::new());
            let mut codes = Vec::with_capacity(series.len());
            for slice in scan.slices() {
                present.find(&slice, None);
                hashes.clear();
                append_hashes(slice.array, slice.start, slice.len, &mut hashes);
                let base = codes.len();
                codes.resize(base + slice.len, CODE_MISSING);
                present.for_each(|position| codes[base + position] = bars.of(hashes[position]));
                pacer.spend(slice.len, 10).await?;
            }
            Ok(BinIndex {
                codes,
                n_bars: values.len(),
            })
        }
    }
}

/// Counts of a column's bars over the rows of `selection`; `None` means all rows.
pub fn distribution(column: &str, index: &BinIndex, selection: Option<&Bitmap>) -> Distribution {
    let counts = match selection {
        None => count_codes(&index.codes),
        Some(selection) => count_codes_filtered(&index.codes, selection.words()),
    };
    let missing = usize::from(CODE_MISSING);
    Distribution {
        column: column.to_owned(),
        counts: counts[..index.n_bars].to_vec(),
        nulls: counts[missing],
        other: counts[index.n_bars..missing].iter().sum(),
    }
}

/// [`distribution`] of several columns, each with its own selection: that of all pills but its own.
pub fn distributions(columns: &[(&str, &BinIndex, Option<&Bitmap>)]) -> Vec<Distribution> {
    columns
        .iter()
        .map(|(column, index, selection)| distribution(column, index, *selection))
        .collect()
}

/// Finds the hashes of `values`, which rows of the column have.
async fn bars_of_hashes(
    series: &Series,
    scan: Scan<'_>,
    values: &[&Value],
    pacer: &mut Pacer<'_>,
) -> Result<Bars, TableError> {
    let mut bars = Bars::new(values.len());
    if series.dtype() == &DataType::String {
        for (bar, value) in (0..).zip(values) {
            if let Value::Text(text) = value {
                bars.insert(hash_text(text.as_bytes()), bar);
            }
        }
        return Ok(bars);
    }
    // Values of other types are known by how they are shown: each distinct one is looked at once,
    // until all are found.
    let column_values = ColumnValues::of(series);
    let (mut present, mut hashes) = (Present::default(), Vec::new());
    let mut seen = HashSet::new();
    for slice in scan.slices() {
        if bars.n == values.len() {
            break;
        }
        present.find(&slice, None);
        hashes.clear();
        append_hashes(slice.array, slice.start, slice.len, &mut hashes);
        let n_seen_before = seen.len();
        for idx in 0..present.len() {
            let position = present.position(idx);
            if seen.insert(hashes[position]) {
                let value = column_values.value(slice.first_row + position)?;
                if let Some(bar) = values.iter().position(|known| **known == value) {
                    bars.insert(hashes[position], bar as u8);
                }
            }
        }
        pacer.spend(slice.len, 10).await?;
        pacer.spend(seen.len() - n_seen_before, 500).await?;
    }
    Ok(bars)
}

/// A few hashes and the bar of each.
struct Bars {
    /// A power of two of them, at most a quarter in use; [`CODE_BELOW`] marks an empty one.
    slots: Vec<(u64, u8)>,
    n: usize,
}

impl Bars {
    fn new(n_bars: usize) -> Self {
        Self {
            slots: vec![(0, CODE_BELOW); (4 * n_bars).next_power_of_two().max(4)],
            n: 0,
        }
    }

    fn slot_idx(&self, hash: u64) -> usize {
        let mask = self.slots.len() - 1;
        let mut slot_idx = hash as usize & mask;
        while self.slots[slot_idx].1 != CODE_BELOW && self.slots[slot_idx].0 != hash {
            slot_idx = (slot_idx + 1) & mask;
        }
        slot_idx
    }

    /// At most as many as [`Self::new`] was told.
    fn insert(&mut self, hash: u64, bar: u8) {
        let slot_idx = self.slot_idx(hash);
        self.n += usize::from(self.slots[slot_idx].1 == CODE_BELOW);
        self.slots[slot_idx] = (hash, bar);
    }

    /// The bar, or [`CODE_BELOW`] for all other values.
    #[inline]
    fn of(&self, hash: u64) -> u8 {
        self.slots[self.slot_idx(hash)].1
    }
}
