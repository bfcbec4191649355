//! Columns of numbers, dates and times.
//!
//! Integers that span less than [`DIRECT_SPAN`] are counted value by value, and everything else is
//! computed from the counts; other columns take the passes of [`super::passes`].

use sluice_protocol::load::ColumnType;
use sluice_protocol::profile::{Distinct, NumericProfile};
use sluice_stats::moments::{CentralMoments, Moments, Totals};

use super::alerts::PLAUSIBLE_MICROS;
use super::count::{N_TOP, Ranked};
use super::edges::{Shape, bins_for};
use super::found::{Found, Order};
use super::lanes::{Lane, Unit, ints, to_numbers};
use super::pace::Pacer;
use super::passes::by_passes;
use super::scan::{Present, Scan};
use super::tally::Tally;
use crate::TableError;

/// Probabilities of the quantiles in a profile.
pub(super) const PROBS: [f64; 7] = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99];

/// Integers that span less are counted directly, in tables of at most 512 KiB.
const DIRECT_SPAN: u64 = 1 << 16;

/// A column that [`super::lanes::lane_of`] can read.
#[derive(Clone, Copy)]
pub(super) struct NumberColumn<'a> {
    pub(super) scan: Scan<'a>,
    pub(super) lane: Lane,
    pub(super) column_type: ColumnType,
}

/// Profiles a column of numbers or times.
pub(super) async fn profile_numbers(
    column: NumberColumn<'_>,
    pacer: &mut Pacer<'_>,
) -> Result<Found, TableError> {
    let NumberColumn { scan, lane, .. } = column;
    let (mut present, mut scratch) = (Present::default(), Vec::new());
    let mut found = Found::default();
    let mut steps = Steps::default();
    let mut bounds: Option<(i64, i64)> = None;
    for slice in scan.slices() {
        present.find(&slice, scan.selection);
        found.n += present.n_selected() as u64;
        found.nulls += present.n_nulls() as u64;
        if let Lane::Int(unit) = lane {
            let ints = ints(&slice, &present, unit, &mut scratch);
            if let (Some(&min), Some(&max)) = (ints.iter().min(), ints.iter().max()) {
                let (known_min, known_max) = bounds.unwrap_or((min, max));
                bounds = Some((min.min(known_min), max.max(known_max)));
            }
            steps.update(ints);
        }
        pacer.spend(slice.len, 2).await?;
    }
    found.order = steps.order();
    match (lane, bounds) {
        (Lane::Int(unit), Some((min, max))) if max.abs_diff(min) < DIRECT_SPAN => {
            directly(column, unit, (min, max), &mut found, pacer).await?;
        }
        _ => by_passes(column, bounds, &mut found, pacer).await?,
    }
    Ok(found)
}

async fn directly(
    column: NumberColumn<'_>,
    unit: Unit,
    (min, max): (i64, i64),
    found: &mut Found,
    pacer: &mut Pacer<'_>,
) -> Result<(), TableError> {
    let scan = column.scan;
    let (mut present, mut scratch) = (Present::default(), Vec::new());
    let mut counters = vec![Counter::default(); max.abs_diff(min) as usize + 1];
    for slice in scan.slices() {
        present.find(&slice, scan.selection);
        let ints = ints(&slice, &present, unit, &mut scratch);
        let mut add = |value: i64, position: usize| {
            // Differences are below `DIRECT_SPAN`.
            let counter = &mut counters[value.wrapping_sub(min) as usize];
            if counter.count == 0 {
                counter.first_row = (slice.first_row + position) as u32;
            }
            counter.count += 1;
        };
        match present.positions() {
            None => ints
                .iter()
                .enumerate()
                .for_each(|(i, &value)| add(value, i)),
            Some(positions) => {
                let values = ints.iter().zip(positions);
                values.for_each(|(&value, &position)| add(value, position as usize));
            }
        }
        pacer.spend(slice.len, 2).await?;
    }

    let (mut values, mut counts, mut ranked) = (Vec::new(), Vec::new(), Vec::new());
    for (value, counter) in (min..=max)
        .zip(&counters)
        .filter(|(_, counter)| counter.count > 0)
    {
        values.push(value);
        counts.push(u64::from(counter.count));
        ranked.push(Ranked {
            count: counter.count.into(),
            first_row: counter.first_row as usize,
        });
    }
    found.distinct = Distinct {
        count: values.len() as u64,
        exact: true,
        relative_standard_error: 0.0,
    };
    found.first_rows = ranked.iter().map(|value| value.first_row).collect();
    found.first_rows.sort_unstable();
    found.first_rows.truncate(N_TOP);
    ranked.sort_unstable_by_key(Ranked::order);
    ranked.truncate(N_TOP);
    found.top = ranked;

    let mut numbers = Vec::new();
    to_numbers(&values, unit, &mut numbers);
    let tally = Tally::new(numbers.into_iter().zip(counts).collect());
    let mut totals = Totals::new();
    totals.update_counted(tally.values());
    let mut central = CentralMoments::new(&totals);
    central.update_counted(tally.values());
    let moments = central.finish();
    let bins = bins_for(column.column_type, &Shape::new(&totals, &moments))?;
    found.histogram = bins.map(|bins| tally.histogram(&bins));
    found.numeric = Some(numeric_profile(&totals, &moments, &tally.quantiles(&PROBS)));
    found.n_implausible = tally.n_outside(PLAUSIBLE_MICROS);
    pacer.spend(values.len(), 100).await
}

#[derive(Clone, Copy, Default)]
struct Counter {
    /// Tables of polars have fewer than 2³² rows.
    count: u32,
    first_row: u32,
}

/// Whether values go up or down from each to the next.
#[derive(Default)]
struct Steps {
    last: Option<i64>,
    n: u64,
    n_up: u64,
    n_down: u64,
    /// Steps of exactly one up.
    n_unit: u64,
}

impl Steps {
    fn update(&mut self, values: &[i64]) {
        let mut add = |from: i64, to: i64| {
            self.n_up += u64::from(from < to);
            self.n_down += u64::from(from > to);
            self.n_unit += u64::from(to.wrapping_sub(from) == 1);
        };
        if let (Some(last), Some(&first)) = (self.last, values.first()) {
            add(last, first);
        }
        values.windows(2).for_each(|pair| add(pair[0], pair[1]));
        self.n += values.len() as u64;
        self.last = values.last().copied().or(self.last);
    }

    fn order(&self) -> Order {
        match self.n.saturating_sub(1) {
            0 => Order::None,
            n_steps if self.n_unit == n_steps => Order::Consecutive,
            n_steps if self.n_up == n_steps => Order::Ascending,
            n_steps if self.n_down == n_steps => Order::Descending,
            _ => Order::None,
        }
    }
}

/// Fills the profile of the finite values; `values` are the quantiles at [`PROBS`].
pub(super) fn numeric_profile(
    totals: &Totals,
    moments: &Moments,
    values: &[f64],
) -> NumericProfile {
    NumericProfile {
        n_finite: totals.n,
        n_nan: totals.n_nan,
        n_positive_infinity: totals.n_positive_infinity,
        n_negative_infinity: totals.n_negative_infinity,
        n_zero: totals.n_zero,
        n_negative: totals.n_negative,
        min: totals.min.unwrap_or(0.0),
        max: totals.max.unwrap_or(0.0),
        mean: moments.mean.unwrap_or(0.0),
        standard_deviation: moments.standard_deviation,
        skewness: moments.skewness,
        excess_kurtosis: moments.excess_kurtosis,
        quantiles: PROBS.into_iter().zip(values.iter().copied()).collect(),
        quantile_rank_error: 0.0,
    }
}
