//! How strongly columns go together, pair by pair, on a sample of rows.
//!
//! Numbers and times with each other: Pearson's r and Spearman's ρ. Categories and booleans with
//! each other: Cramér's V. One of each kind: the correlation ratio η. Identifiers, constants and
//! texts that do not repeat take no part. Only rows where both are present (and finite) count.

use std::collections::HashMap;

use sluice_protocol::profile::{
    Association, AssociationMeasure, AssociationScope, ColumnProfile, Meaning,
};
use sluice_stats::association::{
    Association as Measured, Contingency, average_ranks, correlation_ratio, pearson, spearman,
};
use sluice_stats::bits::Bitmap;

use super::Rows;
use crate::TableError;
use crate::profile::lanes::{lane_of, numbers};
use crate::profile::pace::Pacer;
use crate::profile::row_hash::append_hashes;
use crate::profile::scan::{Present, SLICE_ROWS, Scan};
use crate::profile::stats_error;

/// Rows measured at most: the standard error of a correlation is then below 0.005, and a pair
/// takes below 20 ms.
const MAX_ROWS: usize = 50_000;

/// Pairs measured at most: all of 63 columns.
const MAX_PAIRS: u64 = 2_000;

/// With more values a table of pairs is mostly empty and says little.
const MAX_CATEGORIES: u64 = 200;

/// Code of a missing category, beyond every table.
const NO_CATEGORY: u32 = u32::MAX;

enum Sampled {
    /// NaN where missing. Ranks if none is missing or not finite.
    Numbers {
        values: Vec<f64>,
        ranks: Option<Vec<f64>>,
    },
    Categories {
        codes: Vec<u32>,
        n_codes: usize,
    },
}

pub(super) async fn associations(
    rows: Rows<'_>,
    base: &[ColumnProfile],
    pacer: &mut Pacer<'_>,
) -> Result<(Vec<Association>, AssociationScope), TableError> {
    let n_rows_total = rows.n_selected();
    let columns: Vec<&ColumnProfile> = base.iter().filter(|column| takes_part(column)).collect();
    let n = columns.len() as u64;
    let n_pairs_total = n * n.saturating_sub(1) / 2;
    // Pairs of the first columns: the second column of a pair grows slowest.
    let n_pairs = n_pairs_total.min(MAX_PAIRS);
    let pairs: Vec<(usize, usize)> = (0..columns.len())
        .flat_map(|b| (0..b).map(move |a| (a, b)))
        .take(n_pairs as usize)
        .collect();
    let n_used = pairs.last().map_or(0, |&(_, b)| b + 1);

    let sample = sample_of(rows, n_rows_total);
    let mut sampled = Vec::with_capacity(n_used);
    for column in &columns[..n_used] {
        sampled.push(read_sample(rows, column, &sample, pacer).await?);
    }
    let mut found = Vec::new();
    for (a, b) in pairs {
        for (measure, measured) in measure_pair(&sampled[a], &sampled[b])? {
            found.extend(measured.coefficient.map(|value| Association {
                a: columns[a].name.clone(),
                b: columns[b].name.clone(),
                measure,
                value,
                n: measured.n,
            }));
        }
        pacer.spend(sample.count_ones(), 100).await?;
    }
    // Stable: equal values stay in the order of the columns.
    found.sort_by(|a, b| b.value.abs().total_cmp(&a.value.abs()));
    let scope = AssociationScope {
        n_rows: sample.count_ones() as u64,
        n_rows_total: n_rows_total as u64,
        n_pairs,
        n_pairs_total,
    };
    Ok((found, scope))
}

fn takes_part(column: &ColumnProfile) -> bool {
    match column.meaning {
        Meaning::Number | Meaning::DateTime => column.column_type.is_ordered_numeric(),
        Meaning::Category | Meaning::Boolean => {
            (2..=MAX_CATEGORIES).contains(&column.distinct.count)
        }
        _ => false,
    }
}

/// Every k-th selected row, with the smallest k that keeps [`MAX_ROWS`].
fn sample_of(rows: Rows<'_>, n_selected: usize) -> Bitmap {
    let step = n_selected.div_ceil(MAX_ROWS).max(1);
    let mut ordinal = 0;
    Bitmap::from_fn(rows.table.n_rows(), |row| {
        let selected = rows.is_selected(row);
        ordinal += usize::from(selected);
        selected && (ordinal - 1_usize).is_multiple_of(step)
    })
}

async fn read_sample(
    rows: Rows<'_>,
    column: &ColumnProfile,
    sample: &Bitmap,
    pacer: &mut Pacer<'_>,
) -> Result<Sampled, TableError> {
    let series = rows.table.column(&column.name)?.as_materialized_series();
    let scan = Scan {
        chunks: series.chunks(),
        selection: Some(sample),
        slice_rows: SLICE_ROWS,
    };
    let is_number = matches!(column.meaning, Meaning::Number | Meaning::DateTime);
    let lane = lane_of(series).filter(|_| is_number);
    let n = sample.count_ones();
    let (mut values, mut codes) = (vec![f64::NAN; n], vec![NO_CATEGORY; n]);
    let mut code_of_hash: HashMap<u64, u32> = HashMap::new();
    let (mut present, mut int_buffer, mut float_buffer) =
        (Present::default(), Vec::new(), Vec::new());
    let mut hashes = Vec::new();
    let mut sampled_rows = (0..).zip(sample.iter_ones());
    for slice in scan.slices() {
        present.find(&slice, scan.selection);
        let mut next_sampled = |position| {
            let row = slice.first_row + position;
            sampled_rows
                .find(|&(_, sampled)| sampled == row)
                .map_or(n, |(idx, _)| idx)
        };
        if let Some(lane) = lane {
            let mut numbers =
                numbers(&slice, &present, lane, &mut int_buffer, &mut float_buffer).iter();
            present.for_each(|position| {
                if let (Some(&number), Some(value)) =
                    (numbers.next(), values.get_mut(next_sampled(position)))
                {
                    *value = number;
                }
            });
            pacer.spend(slice.len, 1).await?;
        } else {
            hashes.clear();
            append_hashes(slice.array, slice.start, slice.len, &mut hashes);
            present.for_each(|position| {
                let n_codes = code_of_hash.len() as u32;
                let code = *code_of_hash.entry(hashes[position]).or_insert(n_codes);
                if let Some(known) = codes.get_mut(next_sampled(position)) {
                    *known = code;
                }
            });
            pacer.spend(slice.len, 5).await?;
        }
    }
    Ok(match lane {
        None => Sampled::Categories {
            codes,
            n_codes: code_of_hash.len(),
        },
        Some(_) => {
            let complete = values.iter().all(|value| value.is_finite());
            let ranks = complete.then(|| average_ranks(&values));
            pacer.spend(n, 100).await?;
            Sampled::Numbers { values, ranks }
        }
    })
}

fn measure_pair(
    a: &Sampled,
    b: &Sampled,
) -> Result<Vec<(AssociationMeasure, Measured)>, TableError> {
    use AssociationMeasure::{CorrelationRatio, CramersV, Pearson, Spearman};
    use Sampled::{Categories, Numbers};
    let measured = match (a, b) {
        (
            Numbers {
                values: x,
                ranks: x_ranks,
            },
            Numbers {
                values: y,
                ranks: y_ranks,
            },
        ) => {
            let rho = match (x_ranks, y_ranks) {
                (Some(x_ranks), Some(y_ranks)) => pearson(x_ranks, y_ranks),
                _ => spearman(x, y),
            };
            vec![(Pearson, pearson(x, y)), (Spearman, rho)]
        }
        (
            Categories {
                codes: x,
                n_codes: n_x,
            },
            Categories {
                codes: y,
                n_codes: n_y,
            },
        ) => {
            let mut table = Contingency::new(*n_x, *n_y);
            table.update(x, y).map_err(stats_error)?;
            vec![(CramersV, Ok(table.cramers_v()))]
        }
        (Numbers { values, .. }, Categories { codes, .. })
        | (Categories { codes, .. }, Numbers { values, .. }) => {
            let pairs = codes
                .iter()
                .zip(values)
                .filter(|(code, _)| **code != NO_CATEGORY);
            let (codes, values): (Vec<u32>, Vec<f64>) = pairs.unzip();
            vec![(CorrelationRatio, correlation_ratio(&codes, &values))]
        }
    };
    let checked = |(measure, result): (_, Result<Measured, sluice_stats::Error>)| {
        Ok((measure, result.map_err(stats_error)?))
    };
    measured.into_iter().map(checked).collect()
}
