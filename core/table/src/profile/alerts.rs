//! What is worth a look in a column, with the numbers that led to it.

use sluice_analysis::Value;
use sluice_protocol::load::ColumnType;
use sluice_protocol::profile::{Alert, AlertKind, ColumnProfile, DuplicateRows, Meaning};

use super::found::{Found, Order};
use super::meaning::MIN_N_UNIQUE;

/// Dates outside 1900-01-01 to 2100-01-01, in microseconds since 1970, are taken for errors:
/// placeholders such as 0001-01-01 and 9999-12-31, or a wrong unit.
pub(super) const PLAUSIBLE_MICROS: (f64, f64) = (-25_567.0 * 86_400e6, 47_482.0 * 86_400e6);

/// Above this share of nulls a column is mostly null.
const MOSTLY_NULL_SHARE: f64 = 0.5;
/// Texts of which at least this share, but not all, are distinct are nearly unique, …
const NEARLY_UNIQUE_SHARE: f64 = 0.95;
/// … given so many values.
const NEARLY_UNIQUE_MIN_N: u64 = 100;
/// Absolute skewness above which a mean misleads: that of an exponential distribution is 2.
const SKEWED_MIN: f64 = 3.0;
const SKEWED_MIN_N: u64 = 30;
/// A category or boolean is imbalanced if one value has at least this share, …
const IMBALANCED_SHARE: f64 = 0.9;
/// … given so many values.
const IMBALANCED_MIN_N: u64 = 50;
/// Texts are of mixed types if at least this share, but not all, are numbers (or dates).
const MIXED_MIN_SHARE: f64 = 0.5;

/// Everything worth a look in one column, in the order of [`AlertKind`].
pub(super) fn column_alerts(column: &ColumnProfile, found: &Found) -> Vec<Alert> {
    use AlertKind::*;
    let n = found.n_present();
    let n_distinct = column.distinct.count;
    let distinct_share = n_distinct as f64 / n.max(1) as f64;
    let mut alerts = Vec::new();
    let mut alert = |kind, reason: String| {
        alerts.push(Alert {
            kind,
            column: Some(column.name.clone()),
            reason,
        });
    };

    if column.meaning == Meaning::Constant {
        let value = column.examples.first().map_or("", String::as_str);
        alert(
            Constant,
            format!("each of {} values is “{value}”", count(n)),
        );
    }
    let is_text = column.column_type == ColumnType::Text;
    let nearly = n >= NEARLY_UNIQUE_MIN_N && distinct_share >= NEARLY_UNIQUE_SHARE;
    if is_text && nearly && n_distinct < n && column.distinct.exact {
        let repeats = count(n - n_distinct);
        alert(
            NearlyUnique,
            format!(
                "{} of {} values are distinct; {repeats} repeat an earlier one",
                count(n_distinct),
                count(n)
            ),
        );
    }
    if let Some(numeric) = &column.numeric {
        let skewness = numeric.skewness.unwrap_or(0.0);
        let counts = column.meaning == Meaning::Number && numeric.n_finite >= SKEWED_MIN_N;
        if counts && skewness.abs() > SKEWED_MIN {
            let quantile = |at: f64| {
                numeric
                    .quantiles
                    .iter()
                    .find(|(prob, _)| *prob == at)
                    .map_or(0.0, |(_, value)| *value)
            };
            alert(
                Skewed,
                format!(
                    "skewness {}: mean {}, median {}, 99 % of values below {}",
                    number(skewness),
                    number(numeric.mean),
                    number(quantile(0.5)),
                    number(quantile(0.99)),
                ),
            );
        }
    }
    if matches!(column.meaning, Meaning::Category | Meaning::Boolean)
        && n >= IMBALANCED_MIN_N
        && let Some(top) = column.top_values.first()
        && top.count as f64 >= IMBALANCED_SHARE * n as f64
    {
        let value = match &top.value {
            Value::Text(text) => text.clone(),
            value => serde_json::Value::from(value).to_string(),
        };
        alert(
            Imbalanced,
            format!(
                "“{value}” is {} of {} values",
                percent(top.count, n),
                count(n)
            ),
        );
    }
    if column.nulls as f64 > MOSTLY_NULL_SHARE * column.n as f64 {
        alert(
            MostlyNull,
            format!(
                "{} of {} values are missing",
                percent(column.nulls, column.n),
                count(column.n)
            ),
        );
    }
    if let Some(looks) = &found.looks {
        for (kind, n_kind) in [("numbers", looks.n_number), ("dates", looks.n_date)] {
            if n_kind < looks.n && looks.share(n_kind) >= MIXED_MIN_SHARE {
                let tested = count(looks.n);
                alert(
                    MixedTypes,
                    format!(
                        "{} of {tested} texts looked at are {kind}, the rest are not",
                        percent(n_kind, looks.n)
                    ),
                );
            }
        }
    }
    if column.meaning == Meaning::Identifier && n_distinct == n && n >= MIN_N_UNIQUE {
        let order = match found.order {
            Order::None => "",
            Order::Ascending => " and they ascend with the rows",
            Order::Descending => " and they descend with the rows",
            Order::Consecutive => " and they number the rows",
        };
        alert(
            LeakingIdentifier,
            format!(
                "all {} values are distinct{order}: a model can learn rows by heart from it",
                count(n)
            ),
        );
    }
    if matches!(column.column_type, ColumnType::Date | ColumnType::DateTime)
        && found.n_implausible > 0
    {
        alert(
            DatesOutOfRange,
            format!(
                "{} of {} values are before 1900 or after 2100",
                count(found.n_implausible),
                count(n)
            ),
        );
    }
    if let Some(looks) = &found.looks {
        for (what, n_damaged) in [
            (
                "have the replacement character U+FFFD",
                looks.n_with_replacement,
            ),
            (
                "have sequences like “Ã©”: UTF-8 read as Latin-1",
                looks.n_with_mojibake,
            ),
        ] {
            if n_damaged > 0 {
                alert(
                    EncodingDamage,
                    format!(
                        "{} of {} texts tested {what}",
                        count(n_damaged),
                        count(looks.n_damage_tested)
                    ),
                );
            }
        }
    }
    if let Some(numeric) = &column.numeric {
        let n_infinite = numeric.n_positive_infinity + numeric.n_negative_infinity;
        if numeric.n_nan + n_infinite > 0 {
            alert(
                NonFinite,
                format!(
                    "{} NaN and {} infinite of {} values",
                    count(numeric.n_nan),
                    count(n_infinite),
                    count(n)
                ),
            );
        }
    }
    alerts.sort_by_key(|alert| alert.kind);
    alerts
}

/// What is worth a look about repeated rows.
pub(super) fn duplicates_alert(duplicates: &DuplicateRows, n_rows: u64) -> Option<Alert> {
    (duplicates.n_duplicates > 0).then(|| Alert {
        kind: AlertKind::DuplicateRows,
        column: None,
        reason: format!(
            "{} of {} rows ({}) equal an earlier one, in {} groups",
            count(duplicates.n_duplicates),
            count(n_rows),
            percent(duplicates.n_duplicates, n_rows),
            count(duplicates.n_groups),
        ),
    })
}

/// With thin spaces between thousands.
fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() * 2);
    for (idx, digit) in digits.chars().enumerate() {
        if idx > 0 && (digits.len() - idx).is_multiple_of(3) {
            text.push('\u{2009}');
        }
        text.push(digit);
    }
    text
}

/// To a tenth; what is neither none nor all is not shown as such. The page writes shares in the same way.
fn percent(part: u64, whole: u64) -> String {
    let share = 100.0 * part as f64 / whole.max(1) as f64;
    match part {
        _ if part > 0 && share < 0.1 => "<0.1 %".to_owned(),
        _ if part < whole && share > 99.9 => ">99.9 %".to_owned(),
        _ => format!("{share:.1} %"),
    }
}

/// Four significant digits and a real minus.
fn number(value: f64) -> String {
    let magnitude = value.abs();
    let text = if magnitude != 0.0 && !(1e-3..1e6).contains(&magnitude) {
        format!("{magnitude:.3e}")
    } else {
        let n_decimals = if magnitude < 10.0 {
            3
        } else if magnitude < 1000.0 {
            1
        } else {
            0
        };
        let fixed = format!("{magnitude:.n_decimals$}");
        match fixed.contains('.') {
            true => fixed.trim_end_matches('0').trim_end_matches('.').to_owned(),
            false => fixed,
        }
    };
    let text = match text.parse::<u64>() {
        Ok(whole) => count(whole),
        Err(_) => text,
    };
    if value < 0.0 {
        format!("−{text}")
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!(
            [count(0), count(999), count(1_234_567)],
            ["0", "999", "1\u{2009}234\u{2009}567"]
        );
        assert_eq!(
            [percent(1, 1_000_000), percent(999_999, 1_000_000)],
            ["<0.1 %", ">99.9 %"]
        );
        assert_eq!(
            [percent(0, 0), percent(5, 5), percent(1, 3)],
            ["0.0 %", "100.0 %", "33.3 %"]
        );
        let numbers = [0.0, -2.5, 1234.4, 1e9, 12.34].map(number);
        assert_eq!(numbers, ["0", "−2.5", "1\u{2009}234", "1.000e9", "12.3"]);
    }
}
