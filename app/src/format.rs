//! Numbers, dates and sizes as people read them: thin-space thousands, a real minus, a space before the unit.

use sluice_analysis::Value;
use sluice_protocol::load::ColumnType;

/// Between groups of three digits.
pub const THIN_SPACE: char = '\u{2009}';
pub const MINUS: char = '\u{2212}';

/// A whole number: `1 904`.
pub fn count(n: u64) -> String {
    grouped(&n.to_string())
}

/// `1 row`, `2 rows`.
pub fn counted(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(n), if n == 1 { one } else { many })
}

/// A whole number with sign.
pub fn integer(n: i64) -> String {
    let digits = grouped(&n.unsigned_abs().to_string());
    if n < 0 {
        format!("{MINUS}{digits}")
    } else {
        digits
    }
}

/// A measured number with about four significant digits: `0.3802`, `12 840`, `1.2e−7`.
pub fn number(x: f64) -> String {
    significant(x, 4)
}

/// A number with at least `digits` significant digits where it has them; whole parts are never rounded.
pub fn significant(x: f64, digits: usize) -> String {
    if x.is_nan() {
        return "NaN".to_owned();
    }
    let sign = if x < 0.0 {
        MINUS.to_string()
    } else {
        String::new()
    };
    let size = x.abs();
    if size.is_infinite() {
        return format!("{sign}∞");
    }
    if size == 0.0 {
        return "0".to_owned();
    }
    let exponent = size.log10().floor() as i32;
    if !(-5..15).contains(&exponent) {
        let text = format!("{size:.*e}", digits.saturating_sub(1));
        let (mantissa, power) = text.split_once('e').unwrap_or((&text, "0"));
        return format!(
            "{sign}{}e{}",
            trim_zeros(mantissa),
            power.replace('-', &MINUS.to_string())
        );
    }
    let decimals = (digits as i32 - 1 - exponent).max(0) as usize;
    let text = format!("{size:.decimals$}");
    let text = trim_zeros(&text);
    match text.split_once('.') {
        Some((whole, rest)) => format!("{sign}{}.{rest}", grouped(whole)),
        None => format!("{sign}{}", grouped(text)),
    }
}

/// A share of 1 as a percentage. Small shares that are not zero never read as zero.
pub fn percent(share: f64) -> String {
    let value = share * 100.0;
    if !value.is_finite() {
        "–".to_owned()
    } else if value == 0.0 {
        "0 %".to_owned()
    } else if value > 0.0 && value < 0.1 {
        "<0.1 %".to_owned()
    } else if value > 99.9 && value < 100.0 {
        ">99.9 %".to_owned()
    } else if value < 10.0 && (value - value.round()).abs() >= 0.05 {
        format!("{value:.1} %")
    } else {
        format!("{value:.0} %")
    }
}

/// Bytes in decimal units: `312 MB`, `2.0 GB`.
pub fn bytes(n: u64) -> String {
    const UNITS: [&str; 5] = ["B", "kB", "MB", "GB", "TB"];
    let mut value = n as f64;
    let mut unit = 0;
    while value >= 999.5 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    if unit == 0 || value >= 99.5 {
        format!("{value:.0} {}", UNITS[unit])
    } else {
        format!("{value:.1} {}", UNITS[unit])
    }
}

/// A moment in microseconds since 1970 (UTC) in ISO 8601, without a time at midnight.
pub fn date_time(micros: f64) -> String {
    const DAY: i64 = 86_400_000_000;
    if !micros.is_finite() || micros.abs() > 9.0e18 {
        return number(micros);
    }
    let micros = micros as i64;
    let (year, month, day) = civil(micros.div_euclid(DAY));
    let date = format!("{year:04}-{month:02}-{day:02}");
    let rest = micros.rem_euclid(DAY);
    if rest == 0 {
        return date;
    }
    let seconds = rest / 1_000_000;
    let time = format!(
        "{:02}:{:02}:{:02}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    );
    match rest % 1_000_000 {
        0 => format!("{date} {time}"),
        fraction => format!(
            "{date} {time}.{}",
            format!("{fraction:06}").trim_end_matches('0')
        ),
    }
}

/// Days since 1970-01-01 as year, month, day (Howard Hinnant, “chrono-Compatible Low-Level Date Algorithms”).
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// A time span in microseconds: `250 ms`, `1.5 s`, `2 h 5 min`.
pub fn duration(micros: f64) -> String {
    let seconds = micros / 1e6;
    let sign = if seconds < 0.0 {
        MINUS.to_string()
    } else {
        String::new()
    };
    let size = seconds.abs();
    let text = if !size.is_finite() {
        return number(seconds);
    } else if size < 1e-3 {
        format!("{} µs", number(size * 1e6))
    } else if size < 1.0 {
        format!("{} ms", number(size * 1e3))
    } else if size < 60.0 {
        format!("{} s", significant(size, 3))
    } else if size < 3600.0 {
        format!("{:.0} min {:.0} s", (size / 60.0).floor(), size % 60.0)
    } else if size < 86_400.0 {
        format!(
            "{:.0} h {:.0} min",
            (size / 3600.0).floor(),
            (size % 3600.0) / 60.0
        )
    } else {
        format!("{} d", significant(size / 86_400.0, 3))
    };
    format!("{sign}{text}")
}

/// A position on the number line of a column of this type: dates as dates, the rest as numbers.
pub fn on_axis(x: f64, column_type: ColumnType) -> String {
    match column_type {
        ColumnType::Date | ColumnType::DateTime => date_time(x),
        ColumnType::Time => date_time(x)
            .split(' ')
            .nth(1)
            .unwrap_or("00:00:00")
            .to_owned(),
        ColumnType::Duration => duration(x),
        _ => number(x),
    }
}

/// A parameter or data value in a sentence.
pub fn value(value: &Value) -> String {
    match value {
        Value::Null => "missing".to_owned(),
        Value::Bool(true) => "true".to_owned(),
        Value::Bool(false) => "false".to_owned(),
        Value::Int(n) => integer(*n),
        Value::Float(x) => number(*x),
        Value::Text(text) if text.is_empty() => "“”".to_owned(),
        Value::Text(text) if text.trim().len() != text.len() => format!("“{}”", visible(text)),
        Value::Text(text) => visible(text),
        Value::List(items) => items.iter().map(self::value).collect::<Vec<_>>().join(", "),
        Value::Map(fields) => {
            let fields = fields
                .iter()
                .map(|(name, v)| format!("{name} {}", self::value(v)));
            fields.collect::<Vec<_>>().join(", ")
        }
    }
}

/// Makes tabs and line ends visible: a delimiter may be one.
pub fn visible(text: &str) -> String {
    text.replace('\t', "⇥").replace('\n', "↵").replace('\r', "")
}

/// The first `limit` code points, with an ellipsis if there are more.
pub fn shortened(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn trim_zeros(text: &str) -> &str {
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.')
    } else {
        text
    }
}

fn grouped(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 * 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(THIN_SPACE);
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(got: String, expected: &str) {
        assert_eq!(got.replace(THIN_SPACE, "_"), expected);
    }

    #[test]
    fn whole_numbers_are_grouped_by_three() {
        check(count(0), "0");
        check(count(999), "999");
        check(count(1904), "1_904");
        check(count(1_000_000), "1_000_000");
        check(integer(-1904), "−1_904");
        check(integer(i64::MIN), "−9_223_372_036_854_775_808");
        check(counted(1, "row", "rows"), "1 row");
        check(counted(1200, "row", "rows"), "1_200 rows");
    }

    #[test]
    fn measured_numbers_keep_four_digits_and_their_whole_part() {
        check(number(0.0), "0");
        check(number(0.380_21), "0.3802");
        check(number(12.0), "12");
        check(number(1234.56), "1_235");
        check(number(-0.5), "−0.5");
        check(number(98_211.4), "98_211");
        check(number(1.2e-7), "1.2e−7");
        check(number(3e20), "3e20");
        check(number(f64::NAN), "NaN");
        check(number(f64::NEG_INFINITY), "−∞");
    }

    #[test]
    fn shares_never_round_to_nothing_or_to_all() {
        check(percent(0.0), "0 %");
        check(percent(0.0001), "<0.1 %");
        check(percent(0.004), "0.4 %");
        check(percent(0.05), "5 %");
        check(percent(0.824), "82 %");
        check(percent(0.999_99), ">99.9 %");
        check(percent(1.0), "100 %");
        check(percent(f64::NAN), "–");
    }

    #[test]
    fn sizes_change_unit_before_four_digits() {
        check(bytes(0), "0 B");
        check(bytes(999), "999 B");
        check(bytes(1000), "1.0 kB");
        check(bytes(312_000_000), "312 MB");
        check(bytes(2_000_000_000), "2.0 GB");
        check(bytes(999_950), "1.0 MB");
    }

    #[test]
    fn moments_are_iso_dates() {
        check(date_time(0.0), "1970-01-01");
        check(date_time(-86_400_000_000.0), "1969-12-31");
        check(date_time(1_700_000_000_000_000.0), "2023-11-14 22:13:20");
        check(date_time(1_500_000.0), "1970-01-01 00:00:01.5");
        check(date_time(951_782_400_000_000.0), "2000-02-29");
        check(duration(250_000.0), "250 ms");
        check(duration(7_500_000_000.0), "2 h 5 min");
    }

    #[test]
    fn values_read_as_words() {
        check(value(&Value::Null), "missing");
        check(value(&Value::from("\t")), "“⇥”");
        check(value(&Value::from("en")), "en");
        check(value(&Value::from(-3_i64)), "−3");
        check(shortened("abcdef", 3), "abc…");
        check(shortened("äöü", 3), "äöü");
    }
}
