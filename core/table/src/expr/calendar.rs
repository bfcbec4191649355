//! Days and microseconds to calendar fields, and ISO 8601 to days and microseconds. Proleptic Gregorian calendar, UTC, no leap seconds.

pub(crate) const MICROS_PER_SECOND: i64 = 1_000_000;
pub(crate) const MICROS_PER_DAY: i64 = 86_400 * MICROS_PER_SECOND;

/// Year, month (1–12) and day (1–31).
///
/// # Source
///
/// Howard Hinnant, *chrono-Compatible Low-Level Date Algorithms*, `civil_from_days`.
pub(crate) fn civil_from_days(days: i64) -> (i64, u32, u32) {
    let shifted = days.saturating_add(719_468);
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month as u32, day as u32)
}

/// Days since 1970-01-01 of a date that exists.
///
/// # Source
///
/// As [`civil_from_days`], `days_from_civil`.
pub(crate) fn days_from_civil(year: i64, month: u32, day: u32) -> Option<i64> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let n_days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if day == 0 || day > n_days {
        return None;
    }
    let shifted_year = if month <= 2 { year - 1 } else { year };
    let era = shifted_year.div_euclid(400);
    let year_of_era = shifted_year.rem_euclid(400);
    let shifted_month = i64::from((month + 9) % 12);
    let day_of_year = (153 * shifted_month + 2) / 5 + i64::from(day) - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Some(era * 146_097 + day_of_era - 719_468)
}

/// 1 is Monday, 7 is Sunday (ISO 8601).
pub(crate) fn iso_weekday(days: i64) -> i64 {
    // 1970-01-01 was a Thursday.
    (days + 3).rem_euclid(7) + 1
}

/// `2026-01-31` to days since 1970-01-01.
pub(crate) fn parse_date(text: &str) -> Option<i64> {
    let (days, rest) = date_prefix(text.trim())?;
    rest.is_empty().then_some(days)
}

/// ISO 8601 / RFC 3339 date-time to microseconds since 1970-01-01 UTC: `T` or a space between date and time,
/// seconds and fraction optional, `Z` or an offset such as `+02:00` optional; a date alone is its midnight.
/// Digits beyond microseconds are dropped.
pub(crate) fn parse_datetime(text: &str) -> Option<i64> {
    let (days, rest) = date_prefix(text.trim())?;
    let midnight = days.checked_mul(MICROS_PER_DAY)?;
    if rest.is_empty() {
        return Some(midnight);
    }
    let rest = rest.strip_prefix(['T', 't', ' '])?;
    let (micros, rest) = time_prefix(rest)?;
    let offset_micros = match rest.trim_start() {
        "" | "Z" | "z" => 0,
        offset => parse_offset(offset)?,
    };
    midnight.checked_add(micros)?.checked_sub(offset_micros)
}

/// `14:30`, `14:30:05` or `14:30:05.25` to microseconds since midnight.
pub(crate) fn parse_time(text: &str) -> Option<i64> {
    let (micros, rest) = time_prefix(text.trim())?;
    rest.is_empty().then_some(micros)
}

fn date_prefix(text: &str) -> Option<(i64, &str)> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (year, rest) = digits_prefix(digits, 4, 6)?;
    let (month, rest) = digits_prefix(rest.strip_prefix('-')?, 2, 2)?;
    let (day, rest) = digits_prefix(rest.strip_prefix('-')?, 2, 2)?;
    let year = if negative { -year } else { year };
    Some((days_from_civil(year, month as u32, day as u32)?, rest))
}

fn time_prefix(text: &str) -> Option<(i64, &str)> {
    let (hour, rest) = digits_prefix(text, 2, 2)?;
    let (minute, mut rest) = digits_prefix(rest.strip_prefix(':')?, 2, 2)?;
    let (mut second, mut micros) = (0, 0);
    if let Some(after) = rest.strip_prefix(':') {
        (second, rest) = digits_prefix(after, 2, 2)?;
        if let Some(after) = rest.strip_prefix(['.', ',']) {
            let n_digits = after.bytes().take_while(u8::is_ascii_digit).count();
            let digits = &after[..n_digits.min(6)];
            micros = format!("{digits:0<6}")
                .parse()
                .ok()
                .filter(|_| n_digits > 0)?;
            rest = &after[n_digits..];
        }
    }
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    Some((
        (hour * 3_600 + minute * 60 + second) * MICROS_PER_SECOND + micros,
        rest,
    ))
}

fn parse_offset(text: &str) -> Option<i64> {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+')?),
    };
    let (hours, rest) = digits_prefix(rest, 2, 2)?;
    let minutes = match rest.strip_prefix(':').unwrap_or(rest) {
        "" => 0,
        minutes => {
            digits_prefix(minutes, 2, 2)
                .filter(|(_, rest)| rest.is_empty())?
                .0
        }
    };
    (hours <= 23 && minutes <= 59)
        .then(|| sign * (hours * 3_600 + minutes * 60) * MICROS_PER_SECOND)
}

fn digits_prefix(text: &str, min: usize, max: usize) -> Option<(i64, &str)> {
    let n_digits = text
        .bytes()
        .take(max)
        .take_while(u8::is_ascii_digit)
        .count();
    if n_digits < min {
        return None;
    }
    Some((text[..n_digits].parse().ok()?, &text[n_digits..]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn known_days() {
        let check = |text: &str, days: Option<i64>| assert_eq!(parse_date(text), days, "{text}");
        check("1970-01-01", Some(0));
        check("2000-02-29", Some(11_016));
        check("1969-12-31", Some(-1));
        check("0001-01-01", Some(-719_162));
        check("1900-02-29", None);
        check("2026-13-01", None);
        check("2026-1-1", None);
        check("2026-01-01x", None);
        assert_eq!(iso_weekday(0), 4);
        assert_eq!(iso_weekday(-1), 3);
    }

    #[test]
    fn date_times_in_many_forms() {
        let day = 20_000 * MICROS_PER_DAY;
        let check =
            |text: &str, micros: Option<i64>| assert_eq!(parse_datetime(text), micros, "{text}");
        check("2024-10-04", Some(day));
        check("2024-10-04T00:00:01Z", Some(day + 1_000_000));
        check("2024-10-04 00:01", Some(day + 60_000_000));
        check("2024-10-04T02:00:00.5+02:00", Some(day + 500_000));
        check("2024-10-04T00:00:00.1234567-0000", Some(day + 123_456));
        check("2024-10-04T24:00", None);
        check("2024-10-04T10:00 CET", None);
    }

    proptest! {
        #[test]
        fn days_and_dates_are_one_to_one(days in -1_000_000_i64..3_000_000) {
            let (year, month, day) = civil_from_days(days);
            prop_assert_eq!(days_from_civil(year, month, day), Some(days));
        }
    }
}
