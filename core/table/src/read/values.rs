//! Text to typed values: booleans, integers, floats, dates, date-times.
//!
//! Every function takes a trimmed field and answers `None` for anything that it cannot represent *exactly as meant*:
//! a leading zero makes an identifier, not a number, and digits beyond 64 bits are not an integer.

/// Words that stand for a missing value in a typed column. In a text column they are text.
pub(crate) const NULL_WORDS: [&str; 17] = [
    "NA", "N/A", "n/a", "na", "#N/A", "null", "NULL", "Null", "None", "none", "NONE", "nil", "NaT",
    "?", "-", "--", "\\N",
];

/// A column with more values than this that do not fit its type is read as text: each lost text must be listed.
pub(crate) const MISFITS_MAX: usize = 100;

/// Whether so many misfits may become nulls: at most one in a hundred, and few enough to list every one.
pub(crate) fn are_few(n_misfits: u64, n_values: u64) -> bool {
    n_misfits * 100 <= n_values && n_misfits <= MISFITS_MAX as u64
}

/// What a field can be read as; the narrowest wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    Boolean,
    Integer,
    Float,
    Date,
    DateTime,
    Text,
    /// Digits that a number would damage: leading zeros, or more than 64 bits hold.
    Identifier,
}

impl Class {
    /// One bit per class, for sets of classes.
    pub(crate) fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// The field without ASCII blanks around it.
pub(crate) fn trimmed(field: &[u8]) -> &[u8] {
    field.trim_ascii()
}

/// The narrowest class that reads `field` (trimmed, not empty).
pub(crate) fn classify(field: &[u8], decimal: u8) -> Class {
    if boolean(field).is_some() {
        Class::Boolean
    } else if integer(field).is_some() {
        Class::Integer
    } else if is_identifier(field) {
        Class::Identifier
    } else if float(field, decimal).is_some() {
        Class::Float
    } else if date(field).is_some() {
        Class::Date
    } else if date_time(field).is_some() {
        Class::DateTime
    } else {
        Class::Text
    }
}

/// `true` and `false` in lower, upper or title case.
pub(crate) fn boolean(field: &[u8]) -> Option<bool> {
    match field {
        b"true" | b"True" | b"TRUE" => Some(true),
        b"false" | b"False" | b"FALSE" => Some(false),
        _ => None,
    }
}

/// A 64-bit integer: an optional sign and digits without a leading zero. `-0` is a float, because its sign counts;
/// a plus sign before more than six digits makes a telephone number.
#[inline]
pub(crate) fn integer(field: &[u8]) -> Option<i64> {
    let (negative, digits) = match field {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] if digits.len() <= 6 => (false, digits),
        digits => (false, digits),
    };
    match digits {
        [] => None,
        [b'0'] => (!negative).then_some(0),
        [b'0', ..] => None,
        // Eighteen digits always fit 64 bits.
        digits if digits.len() <= 18 => {
            let mut value: u64 = 0;
            for byte in digits {
                let digit = byte.wrapping_sub(b'0');
                if digit > 9 {
                    return None;
                }
                value = value * 10 + u64::from(digit);
            }
            let value = value as i64;
            Some(if negative { -value } else { value })
        }
        _ => std::str::from_utf8(field).ok()?.parse().ok(),
    }
}

/// Digits only (after an optional sign) that are no [`integer`] because they are an identifier.
fn is_identifier(field: &[u8]) -> bool {
    let digits = field
        .strip_prefix(b"-")
        .or_else(|| field.strip_prefix(b"+"))
        .unwrap_or(field);
    digits.len() > 1
        && digits.iter().all(u8::is_ascii_digit)
        && (digits[0] == b'0' || field[0] == b'+' || integer(field).is_none())
}

/// The powers of ten that a 64-bit float represents exactly.
const POWERS_OF_TEN: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];

/// A 64-bit float, correctly rounded: decimal or scientific notation, `inf`, `infinity`, `nan` in any case.
///
/// Up to 15 significant digits and a decimal exponent of at most 22 in size are computed as `digits × 10^±e`:
/// both factors are exact then, and one IEEE operation rounds once (Clinger, How to read floating point numbers
/// accurately, PLDI 1990). Anything longer goes through the standard library. A number too large for a float is `None`.
#[inline]
pub(crate) fn float(field: &[u8], decimal: u8) -> Option<f64> {
    let (negative, rest) = match field {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let mut mantissa: u64 = 0;
    let mut n_digits = 0usize;
    let mut n_decimals = 0usize;
    let mut seen_mark = false;
    for &byte in rest {
        let digit = byte.wrapping_sub(b'0');
        if digit <= 9 {
            mantissa = mantissa.wrapping_mul(10).wrapping_add(u64::from(digit));
            n_digits += 1;
            n_decimals += usize::from(seen_mark);
        } else if byte == decimal && !seen_mark {
            seen_mark = true;
        } else {
            return float_slow(field, decimal);
        }
    }
    if n_digits == 0 || n_digits > 15 {
        return float_slow(field, decimal);
    }
    // "007.5" is as little a number as "007".
    if let [b'0', b'0'..=b'9', ..] = rest {
        return None;
    }
    let value = mantissa as f64 / POWERS_OF_TEN.get(n_decimals)?;
    Some(if negative { -value } else { value })
}

#[cold]
fn float_slow(field: &[u8], decimal: u8) -> Option<f64> {
    let text = std::str::from_utf8(field).ok()?;
    let unsigned = text.trim_start_matches(['-', '+']);
    if text.len() - unsigned.len() > 1 {
        return None;
    }
    let is_word = ["inf", "infinity", "nan"]
        .iter()
        .any(|word| unsigned.eq_ignore_ascii_case(word));
    let bytes = unsigned.as_bytes();
    if bytes.len() > 1 && bytes[0] == b'0' && bytes[1].is_ascii_digit() {
        return None;
    }
    let value: f64 = if decimal == b'.' {
        text.parse().ok()?
    } else {
        // The point is not the mark here, so it must not be taken for one.
        if text.contains('.') {
            return None;
        }
        text.replace(char::from(decimal), ".").parse().ok()?
    };
    (value.is_finite() || is_word).then_some(value)
}

/// Days since 1970-01-01 of `YYYY-MM-DD` or `YYYY/MM/DD` in the proleptic Gregorian calendar.
#[inline]
pub(crate) fn date(field: &[u8]) -> Option<i32> {
    let field: &[u8; 10] = field.try_into().ok()?;
    if field[4] != field[7] || !matches!(field[4], b'-' | b'/') {
        return None;
    }
    let year = two_digits(field[0], field[1])? * 100 + two_digits(field[2], field[3])?;
    let month = two_digits(field[5], field[6])?;
    let day = two_digits(field[8], field[9])?;
    ((1..=12).contains(&month) && 1 <= day && day <= days_in_month(year, month))
        .then(|| days_from_civil(year as i32, month, day))
}

/// A point in time in microseconds since 1970-01-01, and whether digits below a microsecond were cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Instant {
    pub(crate) micros: i64,
    pub(crate) cut: bool,
}

/// A date, `T` or a blank, `HH:MM[:SS[.fraction]]`, and optionally `Z` or `±HH[[:]MM]`, which is converted to UTC.
#[inline]
pub(crate) fn date_time(field: &[u8]) -> Option<Instant> {
    let (day, rest) = field.split_at_checked(10)?;
    let days = date(day)?;
    let rest = match rest {
        [b'T' | b't' | b' ', rest @ ..] => rest,
        _ => return None,
    };
    let [h1, h0, b':', m1, m0, rest @ ..] = rest else {
        return None;
    };
    let (hour, minute) = (two_digits(*h1, *h0)?, two_digits(*m1, *m0)?);
    let (second, rest) = match rest {
        [b':', s1, s0, rest @ ..] => (two_digits(*s1, *s0)?, rest),
        rest => (0, rest),
    };
    // No leap second: it has no place on a scale of 86,400 seconds per day.
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let (micros, cut, rest) = match rest {
        [b'.' | b',', rest @ ..] => fraction_micros(rest)?,
        rest => (0, false, rest),
    };
    let offset_minutes = offset_minutes(rest)?;
    let seconds = i64::from(days) * 86_400
        + i64::from(hour) * 3600
        + i64::from(minute) * 60
        + i64::from(second)
        - offset_minutes * 60;
    Some(Instant {
        micros: seconds * 1_000_000 + micros,
        cut,
    })
}

/// Microseconds of the digits after the decimal mark (1 to 9 of them), whether any non-zero digit was cut, the rest.
fn fraction_micros(text: &[u8]) -> Option<(i64, bool, &[u8])> {
    let n_digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if n_digits == 0 || n_digits > 9 {
        return None;
    }
    let (digits, rest) = text.split_at(n_digits);
    let mut micros = 0;
    for at in 0..6 {
        micros = micros * 10 + digits.get(at).map_or(0, |digit| i64::from(digit - b'0'));
    }
    let cut = digits.iter().skip(6).any(|digit| *digit != b'0');
    Some((micros, cut, rest))
}

/// Minutes east of UTC; no offset is UTC.
fn offset_minutes(text: &[u8]) -> Option<i64> {
    let (sign, digits) = match text {
        [] | [b'Z' | b'z'] => return Some(0),
        [b'+', digits @ ..] => (1, digits),
        [b'-', digits @ ..] => (-1, digits),
        _ => return None,
    };
    let (hours, minutes) = match digits {
        [h1, h0] => (two_digits(*h1, *h0)?, 0),
        [h1, h0, b':', m1, m0] | [h1, h0, m1, m0] => (two_digits(*h1, *h0)?, two_digits(*m1, *m0)?),
        _ => return None,
    };
    (hours <= 23 && minutes <= 59).then_some(sign * i64::from(hours * 60 + minutes))
}

fn two_digits(tens: u8, ones: u8) -> Option<u32> {
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    (tens <= 9 && ones <= 9).then_some(u32::from(tens) * 10 + u32::from(ones))
}

fn days_in_month(year: u32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        _ => 31,
    }
}

/// Days since 1970-01-01 of a valid date.
///
/// # Source
///
/// Howard Hinnant, "chrono-compatible low-level date algorithms", `days_from_civil`: years start in March, so that
/// the leap day is the last, and a 400-year era has 146,097 days.
pub(crate) fn days_from_civil(year: i32, month: u32, day: u32) -> i32 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_from_march = (month as i32 + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day as i32 - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// Year, month and day of a number of days since 1970-01-01: the inverse of [`days_from_civil`], same source.
pub(crate) fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn integers() {
        let check = |text: &str, expected: Option<i64>| {
            assert_eq!(integer(text.as_bytes()), expected, "{text:?}")
        };
        check("0", Some(0));
        check("7", Some(7));
        check("-12", Some(-12));
        check("+5", Some(5));
        check("9223372036854775807", Some(i64::MAX));
        check("-9223372036854775808", Some(i64::MIN));
        check("9223372036854775808", None);
        check("-0", None);
        check("007", None);
        check("", None);
        check("-", None);
        check("1.0", None);
        check("1 000", None);
        check("+4915112345", None);
    }

    #[test]
    fn floats() {
        let check = |text: &str, expected: Option<f64>| {
            let got = float(text.as_bytes(), b'.');
            assert_eq!(
                got.map(f64::to_bits),
                expected.map(f64::to_bits),
                "{text:?}: {got:?}"
            );
        };
        check("0.1", Some(0.1));
        check("-1.5", Some(-1.5));
        check(".5", Some(0.5));
        check("5.", Some(5.0));
        check("-0", Some(-0.0));
        check("1e3", Some(1000.0));
        check("1.7976931348623157e308", Some(f64::MAX));
        check("0.1234567890123456789", Some(0.123_456_789_012_345_68));
        check("123456789012345678", Some(123_456_789_012_345_678.0));
        check("inf", Some(f64::INFINITY));
        check("-Infinity", Some(f64::NEG_INFINITY));
        check("1e999", None);
        check("007.5", None);
        check("00.5", None);
        check("1,5", None);
        check("--1", None);
        check("1.2.3", None);
        check(".", None);
        check("", None);
        check("e5", None);
        check("0x10", None);
        assert!(float(b"NaN", b'.').is_some_and(f64::is_nan));
        assert_eq!(float(b"1,5", b','), Some(1.5));
        assert_eq!(float(b"1.5", b','), None);
        assert_eq!(float(b"-3,25e2", b','), Some(-325.0));
    }

    #[test]
    fn dates_and_times() {
        let check = |text: &str, expected: Option<i32>| {
            assert_eq!(date(text.as_bytes()), expected, "{text:?}")
        };
        check("1970-01-01", Some(0));
        check("2000-02-29", Some(11016));
        check("1900/03/01", Some(-25508));
        check("0000-01-01", Some(-719_528));
        check("9999-12-31", Some(2_932_896));
        check("1900-02-29", None);
        check("2023-13-01", None);
        check("2023-00-10", None);
        check("2023-1-1", None);
        check("2023-01/01", None);

        let check = |text: &str, expected: Option<(i64, bool)>| {
            assert_eq!(
                date_time(text.as_bytes()).map(|t| (t.micros, t.cut)),
                expected,
                "{text:?}"
            );
        };
        check("1970-01-01T00:00:01Z", Some((1_000_000, false)));
        check("1970-01-01 00:01", Some((60_000_000, false)));
        check("1970-01-01 00:00:00.5", Some((500_000, false)));
        check(
            "2023-11-16 18:17:03.9799600",
            Some((1_700_158_623_979_960, false)),
        );
        check("1970-01-01T00:00:00.1234567", Some((123_456, true)));
        check("1970-01-01T01:00:00+01:00", Some((0, false)));
        check("1970-01-01T01:00:00+0100", Some((0, false)));
        check("1969-12-31T23:59:59.999999-00", Some((-1, false)));
        check("1970-01-01", None);
        check("1970-01-01T24:00:00", None);
        check("1970-01-01T00:00:60", None);
        check("1970-01-01T00:00:00.", None);
        check("1970-01-01T00:00:00 UTC", None);
    }

    #[test]
    fn classes() {
        let check = |text: &str, expected: Class| {
            assert_eq!(classify(text.as_bytes(), b'.'), expected, "{text:?}")
        };
        check("true", Class::Boolean);
        check("1", Class::Integer);
        check("1.0", Class::Float);
        check("-0", Class::Float);
        check("nan", Class::Float);
        check("2020-01-01", Class::Date);
        check("2020-01-01 10:00", Class::DateTime);
        check("00123", Class::Identifier);
        check("12345678901234567890", Class::Identifier);
        check("+4915112345678", Class::Identifier);
        check("yes", Class::Text);
        check("-", Class::Text);
        check("é", Class::Text);
    }

    proptest! {
        #[test]
        fn floats_are_rounded_as_by_the_standard_library(text in "-?(0|[1-9][0-9]{0,17})(\\.[0-9]{0,20})?(e-?[0-9]{1,3})?") {
            let expected: f64 = text.parse().unwrap();
            let got = float(text.as_bytes(), b'.');
            if expected.is_finite() {
                prop_assert_eq!(got.map(f64::to_bits), Some(expected.to_bits()));
            } else {
                prop_assert_eq!(got, None);
            }
        }

        #[test]
        fn integers_agree_with_the_standard_library(value in any::<i64>()) {
            prop_assert_eq!(integer(value.to_string().as_bytes()), Some(value));
        }

        #[test]
        fn civil_dates_and_day_numbers_are_inverse(days in -719_528i64..2_932_897) {
            let (year, month, day) = civil_from_days(days);
            prop_assert_eq!(i64::from(days_from_civil(year as i32, month as u32, day as u32)), days);
        }

        #[test]
        fn nothing_panics(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            classify(&bytes, b'.');
            classify(&bytes, b',');
        }
    }
}
