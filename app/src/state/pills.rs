//! Pills: how a condition reads, and which condition a bar of a distribution stands for.

use sluice_analysis::{Pill, Predicate, TextMatch, Value};
use sluice_protocol::load::ColumnType;
use sluice_protocol::profile::ColumnProfile;

use crate::format;
use crate::text;

/// Values listed in a pill before “and n more”.
const SHOWN_VALUES: usize = 3;

/// Bars of top values are drawn if they tell of at least 1 in 10 rows.
const LEAST_TOLD_SHARE: f64 = 0.9;

/// The bar of the rest is drawn if it is at most this many times as high as the highest other one.
const HIGHEST_REST: u64 = 2;

/// The condition in words: `language is en`.
pub fn sentence(pill: &Pill, column_type: Option<ColumnType>) -> String {
    let column = &pill.column;
    let on_axis = |x: f64| format::on_axis(x, column_type.unwrap_or(ColumnType::Float));
    match &pill.predicate {
        Predicate::OneOf { values, negated } => {
            let verb = if *negated {
                text::PILL_IS_NOT
            } else {
                text::PILL_IS
            };
            format!("{column} {verb} {}", value_list(values))
        }
        Predicate::Range { low, high, .. } => match (low, high) {
            (Some(low), Some(high)) if low == high => format!("{column} = {}", on_axis(*low)),
            (Some(low), Some(high)) => format!("{column} {} to {}", on_axis(*low), on_axis(*high)),
            (Some(low), None) => format!("{column} ≥ {}", on_axis(*low)),
            (None, Some(high)) => format!("{column} < {}", on_axis(*high)),
            (None, None) => format!("{column} {}", text::PILL_PRESENT),
        },
        Predicate::Missing(true) => format!("{column} {}", text::PILL_MISSING),
        Predicate::Missing(false) => format!("{column} {}", text::PILL_PRESENT),
        Predicate::Text {
            pattern,
            mode,
            case_sensitive,
        } => {
            let verb = match mode {
                TextMatch::Contains => text::PILL_CONTAINS,
                TextMatch::Regex => text::PILL_MATCHES,
            };
            let subject = if column.is_empty() {
                text::PILL_ANY_COLUMN
            } else {
                column
            };
            let case = if *case_sensitive { text::PILL_CASE } else { "" };
            format!(
                "{subject} {verb} “{}”{case}",
                format::shortened(pattern, 40)
            )
        }
        Predicate::Expression(expression) => format::shortened(expression, 60),
    }
}

fn value_list(values: &[Value]) -> String {
    let shown: Vec<String> = values
        .iter()
        .take(SHOWN_VALUES)
        .map(|v| format::shortened(&format::value(v), 40))
        .collect();
    match values.len().saturating_sub(SHOWN_VALUES) {
        0 => shown.join(" or "),
        more => format!("{} or {more} more", shown.join(", ")),
    }
}

/// The range of bars `lo..=hi` of a column's histogram.
pub fn of_histogram_bars(profile: &ColumnProfile, lo: usize, hi: usize) -> Option<Pill> {
    let histogram = profile.histogram.as_ref()?;
    let low = *histogram.edges.get(lo)?;
    let high = *histogram.edges.get(hi + 1)?;
    let high_inclusive = hi + 2 == histogram.edges.len();
    let predicate = Predicate::Range {
        low: Some(low),
        high: Some(high),
        high_inclusive,
    };
    Some(Pill {
        column: profile.name.clone(),
        predicate,
    })
}

/// The condition that bars `lo..=hi` of a column's distribution stand for: a range of its histogram, or a list
/// of its top values. `None` for the bar that gathers the rest.
pub fn of_bars(profile: &ColumnProfile, lo: usize, hi: usize) -> Option<Pill> {
    if profile.histogram.is_some() {
        return of_histogram_bars(profile, lo, hi);
    }
    let values: Vec<Value> = profile
        .top_values
        .iter()
        .skip(lo)
        .take(hi.checked_sub(lo)? + 1)
        .map(|top| top.value.clone())
        .collect();
    if values.is_empty() {
        return None;
    }
    let predicate = Predicate::OneOf {
        values,
        negated: false,
    };
    Some(Pill {
        column: profile.name.clone(),
        predicate,
    })
}

/// Bars of a column's distribution: of its histogram, or of its top values with the rest last.
pub fn bars(profile: &ColumnProfile) -> Vec<u64> {
    if let Some(histogram) = &profile.histogram {
        return histogram.counts.clone();
    }
    let mut counts: Vec<u64> = profile.top_values.iter().map(|top| top.count).collect();
    let shown: u64 = counts.iter().sum();
    let rest = (profile.n - profile.nulls.min(profile.n)).saturating_sub(shown);
    // Nearly every value is its own: the bars would be a line and a block.
    if rest as f64 > LEAST_TOLD_SHARE * (shown + rest) as f64 {
        return Vec::new();
    }
    // A bar far above all others would make a line of those.
    let tallest = counts.iter().copied().max().unwrap_or(0);
    if rest > 0 && rest <= HIGHEST_REST * tallest {
        counts.push(rest);
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::THIN_SPACE;

    #[track_caller]
    fn check(predicate: Predicate, column_type: ColumnType, expected: &str) {
        let pill = Pill {
            column: "x".to_owned(),
            predicate,
        };
        let got = sentence(&pill, Some(column_type));
        assert_eq!(got.replace(THIN_SPACE, "_"), expected);
    }

    fn range(low: Option<f64>, high: Option<f64>) -> Predicate {
        Predicate::Range {
            low,
            high,
            high_inclusive: false,
        }
    }

    #[test]
    fn conditions_read_as_sentences() {
        let one_of = |values: &[&str], negated| Predicate::OneOf {
            values: values.iter().map(|v| Value::from(*v)).collect(),
            negated,
        };
        check(one_of(&["en"], false), ColumnType::Text, "x is en");
        check(
            one_of(&["en", "de"], false),
            ColumnType::Text,
            "x is en or de",
        );
        check(
            one_of(&["a", "b", "c", "d"], true),
            ColumnType::Text,
            "x is not a, b, c or 1 more",
        );
        check(
            range(Some(0.1), Some(2000.0)),
            ColumnType::Float,
            "x 0.1 to 2_000",
        );
        check(range(Some(0.1), None), ColumnType::Float, "x ≥ 0.1");
        check(range(None, Some(-1.0)), ColumnType::Float, "x < −1");
        check(range(Some(0.0), None), ColumnType::Date, "x ≥ 1970-01-01");
        check(Predicate::Missing(true), ColumnType::Text, "x is missing");
        let find = Predicate::Text {
            pattern: "spam".to_owned(),
            mode: TextMatch::Contains,
            case_sensitive: true,
        };
        check(find, ColumnType::Text, "x contains “spam” (exact case)");
    }
}
