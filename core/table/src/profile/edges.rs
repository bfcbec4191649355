//! Which bars a histogram has.

use sluice_protocol::load::ColumnType;
use sluice_stats::histogram::{BinConfig, BinKind, Bins};
use sluice_stats::moments::{Moments, Totals};

use super::stats_error;
use crate::TableError;
use crate::expr::calendar::{civil_from_days, days_from_civil};

/// Wide enough to see a shape in a column header of 200 pixels; round edges may add two.
const TARGET_BINS: usize = 25;

/// Bars of times at most; their steps are coarser than 1-2-5.
const MAX_TIME_BINS: usize = 30;

/// Bars of equal ratio are used from this many values on, …
const LOG_MIN_N: u64 = 100;
/// … this ratio of largest to smallest, …
const LOG_MIN_RATIO: f64 = 1e3;
/// … and this skewness: on a linear scale the first bar or two would hold nearly everything.
const LOG_MIN_SKEWNESS: f64 = 2.0;

const MICROS_PER_SECOND: f64 = 1e6;
const MICROS_PER_HOUR: f64 = 3_600e6;
const MICROS_PER_DAY: f64 = 86_400e6;

/// What the choice of bars depends on; all from finite values.
pub(super) struct Shape {
    n: u64,
    bounds: Option<(f64, f64)>,
    integers: bool,
    skewness: Option<f64>,
}

impl Shape {
    pub(super) fn new(totals: &Totals, moments: &Moments) -> Self {
        Self {
            n: totals.n,
            bounds: totals.min.zip(totals.max),
            integers: totals.n_fractional == 0,
            skewness: moments.skewness,
        }
    }

    pub(super) fn of_counts(n: u64, min: f64, max: f64) -> Self {
        Self {
            n,
            bounds: Some((min, max)),
            integers: true,
            skewness: None,
        }
    }
}

/// Bars for a column of this shape; `None` without finite values.
///
/// Whole numbers get whole widths, one bar each while they are few. Long-tailed positive numbers
/// get bars of equal ratio. Times get steps of the clock and the calendar: long spans of dates
/// get bars that begin with months or years.
pub(super) fn bins_for(column_type: ColumnType, shape: &Shape) -> Result<Option<Bins>, TableError> {
    let Some((min, max)) = shape.bounds else {
        return Ok(None);
    };
    let edges = match column_type {
        ColumnType::Date => time_edges(min, max, MICROS_PER_DAY, true),
        ColumnType::DateTime => time_edges(min, max, 1.0, true),
        ColumnType::Time | ColumnType::Duration => time_edges(min, max, 1.0, false),
        _ => None,
    };
    // Beyond the calendar, or too close together for floats: as for numbers.
    if let Some(bins) = edges.and_then(|edges| Bins::from_edges(edges).ok()) {
        return Ok(Some(bins));
    }
    let long_tailed = shape.n >= LOG_MIN_N
        && min > 0.0
        && max / min >= LOG_MIN_RATIO
        && shape
            .skewness
            .is_some_and(|skewness| skewness >= LOG_MIN_SKEWNESS);
    let kind = match shape.integers {
        _ if long_tailed => BinKind::Log10,
        true => BinKind::Integer,
        false => BinKind::Linear,
    };
    let config = BinConfig {
        kind,
        min,
        max,
        target_bins: TARGET_BINS,
    };
    Bins::nice(&config).map(Some).map_err(stats_error)
}

/// Edges in microseconds that begin bars of the shortest step that needs at most
/// [`MAX_TIME_BINS`]; each bar is `[low, high)`.
fn time_edges(min: f64, max: f64, least_step: f64, calendar: bool) -> Option<Vec<f64>> {
    const DECADES: [f64; 9] = [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0];
    const SIXTHS: [f64; 6] = [1.0, 2.0, 5.0, 10.0, 15.0, 30.0];
    let fixed = (DECADES.into_iter())
        .chain(DECADES.map(|step| step * 1e3))
        .chain(SIXTHS.map(|step| step * MICROS_PER_SECOND))
        .chain(SIXTHS.map(|step| step * 60.0 * MICROS_PER_SECOND))
        .chain([1.0, 2.0, 3.0, 6.0, 12.0].map(|step| step * MICROS_PER_HOUR))
        .chain([1.0, 2.0, 7.0, 14.0].map(|step| step * MICROS_PER_DAY))
        .filter(|step| *step >= least_step);
    for step in fixed {
        // Weeks begin on Mondays; 1970-01-05 was one.
        let origin = if step >= 7.0 * MICROS_PER_DAY && calendar {
            4.0 * MICROS_PER_DAY
        } else {
            0.0
        };
        let first = ((min - origin) / step).floor();
        let n_bins = ((max - origin) / step).floor() - first + 1.0;
        if n_bins <= MAX_TIME_BINS as f64 {
            let edges = (0..=n_bins as usize).map(|i| origin + (first + i as f64) * step);
            return Some(edges.collect());
        }
    }
    if !calendar {
        return None;
    }
    let month_of = |micros: f64| {
        let (year, month, _) = civil_from_days((micros / MICROS_PER_DAY).floor() as i64);
        12 * year + i64::from(month) - 1
    };
    let (first_month, last_month) = (month_of(min), month_of(max));
    let years = (0..9).flat_map(|power| [1, 2, 5].map(|digit| 12 * digit * 10_i64.pow(power)));
    let months = [1, 3, 6].into_iter().chain(years).find(|months| {
        last_month.div_euclid(*months) - first_month.div_euclid(*months) < MAX_TIME_BINS as i64
    })?;
    let (first, last) = (
        first_month.div_euclid(months),
        last_month.div_euclid(months) + 1,
    );
    (first..=last)
        .map(|step| {
            let month = step * months;
            let days = days_from_civil(month.div_euclid(12), month.rem_euclid(12) as u32 + 1, 1)?;
            Some(days as f64 * MICROS_PER_DAY)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edges(column_type: ColumnType, min: f64, max: f64) -> Vec<f64> {
        let shape = Shape {
            n: 1000,
            bounds: Some((min, max)),
            integers: false,
            skewness: Some(3.0),
        };
        bins_for(column_type, &shape)
            .unwrap()
            .unwrap()
            .edges()
            .to_vec()
    }

    fn day(year: i64, month: u32, day: u32) -> f64 {
        days_from_civil(year, month, day).unwrap() as f64 * MICROS_PER_DAY
    }

    /// `expected`: number of bars, first and second edge.
    fn check(column_type: ColumnType, (min, max): (f64, f64), expected: (usize, f64, f64)) {
        let edges = edges(column_type, min, max);
        assert_eq!(
            (edges.len() - 1, edges[0], edges[1]),
            expected,
            "{column_type:?} {min}–{max}"
        );
        assert!(edges[0] <= min && max <= edges[edges.len() - 1]);
    }

    #[test]
    fn bars_of_times_begin_with_units_of_the_clock_and_calendar() {
        use ColumnType::{Date, DateTime, Duration, Time};
        check(
            Date,
            (day(2024, 2, 27), day(2024, 3, 2)),
            (5, day(2024, 2, 27), day(2024, 2, 28)),
        );
        check(
            Date,
            (day(2024, 1, 3), day(2024, 4, 30)),
            (18, day(2024, 1, 1), day(2024, 1, 8)),
        );
        check(
            Date,
            (day(2023, 1, 15), day(2024, 12, 31)),
            (24, day(2023, 1, 1), day(2023, 2, 1)),
        );
        check(
            Date,
            (day(2015, 5, 1), day(2020, 2, 1)),
            (20, day(2015, 4, 1), day(2015, 7, 1)),
        );
        check(
            Date,
            (day(1931, 5, 1), day(2020, 2, 1)),
            (19, day(1930, 1, 1), day(1935, 1, 1)),
        );
        check(DateTime, (1e6, 3.5e6), (26, 1e6, 1.1e6));
        check(DateTime, (0.0, 24.0 * 3600e6), (25, 0.0, 3600e6));
        check(Time, (32_400e6, 33_120e6), (25, 32_400e6, 32_430e6));
        check(Duration, (-1.5e6, 0.9e6), (25, -1.5e6, -1.4e6));
        check(Date, (0.0, 0.0), (1, 0.0, MICROS_PER_DAY));
    }

    #[test]
    fn long_tails_of_positive_numbers_get_bars_of_equal_ratio() {
        let edges_of_long = edges(ColumnType::Float, 0.01, 90_000.0);
        assert_eq!(edges_of_long[..4], [0.01, 0.02, 0.05, 0.1]);
        let edges_of_short = edges(ColumnType::Float, 1.0, 90.0);
        assert_eq!(edges_of_short[1] - edges_of_short[0], 5.0);
    }
}
