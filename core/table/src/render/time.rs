//! Dates, times and durations as text.

use std::fmt::Write as _;

use polars_core::prelude::TimeUnit;

const SECS_PER_DAY: i64 = 86_400;
const NANOS_PER_SEC: i64 = 1_000_000_000;

/// Whole seconds (rounded down) and nanoseconds of the rest.
fn seconds_and_nanos(value: i64, unit: TimeUnit) -> (i64, i64) {
    let per_sec = match unit {
        TimeUnit::Nanoseconds => NANOS_PER_SEC,
        TimeUnit::Microseconds => 1_000_000,
        TimeUnit::Milliseconds => 1_000,
    };
    (
        value.div_euclid(per_sec),
        value.rem_euclid(per_sec) * (NANOS_PER_SEC / per_sec),
    )
}

/// Days since 1970-01-01 as `2026-11-20`; years outside 0000–9999 with a sign and at least five digits.
pub(super) fn write_date(out: &mut String, days: i64) {
    let (year, month, day) = civil_from_days(days);
    let _ = if (0..=9999).contains(&year) {
        write!(out, "{year:04}-{month:02}-{day:02}")
    } else {
        write!(out, "{year:+06}-{month:02}-{day:02}")
    };
}

/// Proleptic Gregorian year, month and day of a day number since 1970-01-01.
///
/// # Source
///
/// Howard Hinnant, chrono-compatible low-level date algorithms, `civil_from_days`: years begin in March, so that
/// the leap day is the last, and 400 years (146 097 days) are one era.
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    (era * 400 + year_of_era + i64::from(month <= 2), month, day)
}

pub(super) fn write_date_time(out: &mut String, value: i64, unit: TimeUnit) {
    let (seconds, nanos) = seconds_and_nanos(value, unit);
    write_date(out, seconds.div_euclid(SECS_PER_DAY));
    out.push('T');
    write_clock(out, seconds.rem_euclid(SECS_PER_DAY), nanos);
    out.push('Z');
}

/// Nanoseconds since midnight as `02:03:04.5`.
pub(super) fn write_time(out: &mut String, nanos: i64) {
    write_clock(out, nanos / NANOS_PER_SEC, nanos % NANOS_PER_SEC);
}

fn write_clock(out: &mut String, seconds: i64, nanos: i64) {
    let _ = write!(
        out,
        "{:02}:{:02}:{:02}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    );
    write_fraction(out, nanos);
}

/// `.5` for half a second; nothing for none.
fn write_fraction(out: &mut String, nanos: i64) {
    if nanos > 0 {
        let _ = write!(out, ".{nanos:09}");
        out.truncate(out.trim_end_matches('0').len());
    }
}

/// Sign, whole seconds and nanoseconds of the absolute value.
fn signed_seconds(value: i64, unit: TimeUnit) -> (&'static str, i64, i64) {
    let (seconds, nanos) = seconds_and_nanos(value, unit);
    match (value < 0, nanos) {
        (false, _) => ("", seconds, nanos),
        (true, 0) => ("-", -seconds, 0),
        (true, _) => ("-", -(seconds + 1), NANOS_PER_SEC - nanos),
    }
}

/// `-1 d 02:03:04.5`; the days are left out when there are none.
pub(super) fn write_duration(out: &mut String, value: i64, unit: TimeUnit) {
    let (sign, seconds, nanos) = signed_seconds(value, unit);
    out.push_str(sign);
    if seconds >= SECS_PER_DAY {
        let _ = write!(out, "{} d ", seconds / SECS_PER_DAY);
    }
    write_clock(out, seconds % SECS_PER_DAY, nanos);
}

/// `-P1DT2H3M4.5S`; zero parts are left out, and no duration is `PT0S`.
pub(super) fn write_iso_duration(out: &mut String, value: i64, unit: TimeUnit) {
    let (sign, seconds, nanos) = signed_seconds(value, unit);
    out.push_str(sign);
    out.push('P');
    let part = |out: &mut String, count: i64, letter: char| {
        if count > 0 {
            let _ = write!(out, "{count}{letter}");
        }
    };
    part(out, seconds / SECS_PER_DAY, 'D');
    if seconds % SECS_PER_DAY > 0 || nanos > 0 || seconds == 0 {
        out.push('T');
        part(out, seconds / 3600 % 24, 'H');
        part(out, seconds / 60 % 60, 'M');
        if seconds % 60 > 0 || nanos > 0 || seconds == 0 {
            let _ = write!(out, "{}", seconds % 60);
            write_fraction(out, nanos);
            out.push('S');
        }
    }
}
