//! The base profile of one column.

use polars_core::prelude::{DataType, Series};
use sluice_protocol::profile::{ColumnProfile, Meaning, ValueCount};
use sluice_stats::bits::Bitmap;

use super::alerts::column_alerts;
use super::found::Found;
use super::hashed::profile_hashed;
use super::lanes::lane_of;
use super::meaning::meaning_of;
use super::numbers::{NumberColumn, profile_numbers};
use super::pace::Pacer;
use super::scan::Scan;
use super::texts::profile_texts;
use super::values::ColumnValues;
use crate::TableError;
use crate::table::column_type;

/// Examples in a profile.
const N_EXAMPLES: usize = 5;

/// With more distinct values, one that occurs only once is not worth a bar.
const MAX_SINGLE_VALUES: u64 = 20;

pub(super) async fn profile_column(
    series: &Series,
    selection: Option<&Bitmap>,
    slice_rows: usize,
    pacer: &mut Pacer<'_>,
) -> Result<ColumnProfile, TableError> {
    let scan = Scan {
        chunks: series.chunks(),
        selection,
        slice_rows,
    };
    let column_type = column_type(series.dtype());
    let found = match (lane_of(series), series.dtype()) {
        (Some(lane), _) => {
            profile_numbers(
                NumberColumn {
                    scan,
                    lane,
                    column_type,
                },
                pacer,
            )
            .await?
        }
        (None, DataType::String) => profile_texts(scan, pacer).await?,
        (None, DataType::Null) => {
            let n = scan.n_selected() as u64;
            Found {
                n,
                nulls: n,
                ..Found::default()
            }
        }
        (None, _) => profile_hashed(scan, pacer).await?,
    };

    let values = ColumnValues::of(series);
    let mut top_values = Vec::new();
    for ranked in &found.top {
        if ranked.count > 1 || found.distinct.count <= MAX_SINGLE_VALUES {
            top_values.push(ValueCount {
                value: values.value(ranked.first_row)?,
                count: ranked.count,
            });
        }
    }
    let first_rows = found.first_rows.iter().take(N_EXAMPLES);
    let examples = first_rows
        .map(|&row| values.shown(row))
        .collect::<Result<_, _>>()?;
    let mut column = ColumnProfile {
        name: series.name().to_string(),
        column_type,
        meaning: Meaning::Other,
        n: found.n,
        nulls: found.nulls,
        empties: found.empties,
        distinct: found.distinct,
        numeric: found.numeric.clone(),
        text: found.text.clone(),
        histogram: found.histogram.clone(),
        top_values,
        top_values_error: 0,
        examples,
        alerts: Vec::new(),
    };
    column.meaning = meaning_of(&column.name, column_type, &found);
    column.alerts = column_alerts(&column, &found);
    Ok(column)
}
