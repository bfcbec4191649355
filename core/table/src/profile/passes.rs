//! Columns of numbers whose values are too many to count one by one.
//!
//! The first pass finds totals and distinct values. Further ones find moments, exact quantiles and
//! the histogram, as many at a time as are ready.

use sluice_protocol::profile::{Distinct, Histogram};
use sluice_stats::histogram::{BinKind, Bins, CODE_BELOW, CodeCounts, count_codes};
use sluice_stats::moments::{CentralMoments, Totals};
use sluice_stats::quantiles::{QuantilePass, QuantileStep};

use super::alerts::PLAUSIBLE_MICROS;
use super::count::{N_TOP, Ranked, ValueCounter};
use super::edges::{Shape, bins_for};
use super::found::{Found, Order};
use super::hashed::recount;
use super::lanes::{Lane, Unit, floats, ints, numbers, to_numbers};
use super::numbers::{NumberColumn, PROBS, numeric_profile};
use super::pace::Pacer;
use super::row_hash::append_hashes;
use super::scan::Present;
use super::stats_error;
use crate::TableError;

/// Estimated native cost of a pass for each value.
const NANOS_EACH: u64 = 20;

/// `bounds` are the extremes of an integer lane, if it has values.
pub(super) async fn by_passes(
    column: NumberColumn<'_>,
    bounds: Option<(i64, i64)>,
    found: &mut Found,
    pacer: &mut Pacer<'_>,
) -> Result<(), TableError> {
    let scan = column.scan;
    let mut totals = Totals::new();
    // Integers that only rise or only fall are known to be distinct.
    let mut counter = (found.order == Order::None).then(ValueCounter::new);
    let mut buffers = Buffers::default();
    let (earliest, latest) = PLAUSIBLE_MICROS;
    for slice in scan.slices() {
        let Buffers {
            present,
            ints,
            floats,
            hashes,
            ..
        } = &mut buffers;
        present.find(&slice, scan.selection);
        let numbers = numbers(&slice, present, column.lane, ints, floats);
        totals.update(numbers);
        let implausible = numbers
            .iter()
            .filter(|&&value| value < earliest || latest < value);
        found.n_implausible += implausible.count() as u64;
        match &mut counter {
            Some(counter) => {
                hashes.clear();
                append_hashes(slice.array, slice.start, slice.len, hashes);
                counter.update(hashes, present, slice.first_row);
            }
            None => {
                let n_wanted = N_TOP
                    .saturating_sub(found.first_rows.len())
                    .min(present.len());
                let firsts = (0..n_wanted).map(|idx| slice.first_row + present.position(idx));
                found.first_rows.extend(firsts);
            }
        }
        pacer.spend(slice.len, NANOS_EACH).await?;
    }
    match counter {
        Some(counter) => {
            let counted = recount(scan, counter.finish(pacer).await?, pacer).await?;
            found.set_counted(counted);
        }
        None => {
            found.distinct = Distinct {
                count: totals.n,
                exact: true,
                relative_standard_error: 0.0,
            };
            found.top = (found.first_rows.iter())
                .map(|&first_row| Ranked {
                    count: 1,
                    first_row,
                })
                .collect();
        }
    }

    let mut central = Some(CentralMoments::new(&totals));
    let mut moments = CentralMoments::new(&totals).finish();
    let mut ranks = ranks(column.lane, bounds, &totals)?;
    let mut quantiles = Vec::new();
    let mut binning: Option<(Bins, CodeCounts)> = None;
    while totals.n > 0 && (central.is_some() || ranks.is_some() || binning.is_some()) {
        for slice in scan.slices() {
            let Buffers {
                present,
                ints: int_buffer,
                floats: float_buffer,
                codes,
                ..
            } = &mut buffers;
            present.find(&slice, scan.selection);
            let (ints, numbers): (&[i64], &[f64]) = match column.lane {
                Lane::Float { scale } => (&[], floats(&slice, present, scale, float_buffer)),
                Lane::Int(unit) => {
                    let ints = ints(&slice, present, unit, int_buffer);
                    if central.is_some() || binning.is_some() {
                        to_numbers(ints, unit, float_buffer);
                    }
                    (ints, float_buffer)
                }
            };
            match &mut ranks {
                Some(Ranks::Int(_, pass)) => pass.update(ints),
                Some(Ranks::Float(pass)) => pass.update(numbers),
                None => {}
            }
            if let Some(central) = &mut central {
                central.update(numbers);
            }
            if let Some((bins, counts)) = &mut binning {
                codes.clear();
                bins.append_codes(numbers, codes);
                let of_slice = count_codes(codes);
                counts
                    .iter_mut()
                    .zip(of_slice)
                    .for_each(|(count, part)| *count += part);
            }
            pacer.spend(slice.len, NANOS_EACH).await?;
        }
        if let Some((bins, counts)) = binning.take() {
            found.histogram = Some(histogram(&bins, &counts));
        }
        if let Some(central) = central.take() {
            moments = central.finish();
            let bins = bins_for(column.column_type, &Shape::new(&totals, &moments))?;
            binning = bins.map(|bins| (bins, [0; 256]));
        }
        ranks = match ranks.take() {
            None => None,
            Some(Ranks::Int(unit, pass)) => match pass.finish() {
                QuantileStep::Again(pass) => Some(Ranks::Int(unit, pass)),
                QuantileStep::Done(lanes) => {
                    quantiles = lanes.into_iter().map(|lane| unit.number(lane)).collect();
                    None
                }
            },
            Some(Ranks::Float(pass)) => match pass.finish() {
                QuantileStep::Again(pass) => Some(Ranks::Float(pass)),
                QuantileStep::Done(numbers) => {
                    quantiles = numbers;
                    None
                }
            },
        };
        pacer.spend(1, 5_000_000).await?;
    }
    if found.n > found.nulls {
        found.numeric = Some(numeric_profile(&totals, &moments, &quantiles));
    }
    Ok(())
}

enum Ranks {
    Int(Unit, QuantilePass<i64>),
    Float(QuantilePass<f64>),
}

fn ranks(
    lane: Lane,
    bounds: Option<(i64, i64)>,
    totals: &Totals,
) -> Result<Option<Ranks>, TableError> {
    Ok(match (lane, bounds, totals.min, totals.max) {
        (Lane::Int(unit), Some((min, max)), ..) => Some(Ranks::Int(
            unit,
            QuantilePass::new(&PROBS, min, max).map_err(stats_error)?,
        )),
        (_, _, Some(min), Some(max)) => Some(Ranks::Float(
            QuantilePass::new(&PROBS, min, max).map_err(stats_error)?,
        )),
        _ => None,
    })
}

/// Counts of the bins; values outside all of them are left out.
pub(super) fn histogram(bins: &Bins, counts: &CodeCounts) -> Histogram {
    Histogram {
        edges: bins.edges().to_vec(),
        counts: counts[..bins.n_bins().min(CODE_BELOW.into())].to_vec(),
        log: bins.kind() == BinKind::Log10,
    }
}

#[derive(Default)]
struct Buffers {
    present: Present,
    ints: Vec<i64>,
    floats: Vec<f64>,
    hashes: Vec<u64>,
    codes: Vec<u8>,
}
