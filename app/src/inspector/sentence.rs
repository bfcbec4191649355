//! What a column or table is, in words.

use sluice_protocol::load::{ColumnType, TableInfo};
use sluice_protocol::profile::{ColumnProfile, Meaning};

use crate::{format, text};

/// The line below a column's name: `3 % missing · 42 values`.
pub fn summary(profile: &ColumnProfile) -> String {
    let mut parts = Vec::new();
    if profile.nulls > 0 && profile.n > 0 {
        parts.push(text::missing_share(&format::percent(
            profile.nulls as f64 / profile.n as f64,
        )));
    }
    parts.push(match &profile.numeric {
        Some(numeric) if profile.column_type.is_ordered_numeric() => {
            let per = unit_of_range(profile.column_type, numeric.max - numeric.min);
            let on_axis = |x: f64| format::on_axis(down_to(x, per), profile.column_type);
            text::from_to(&on_axis(numeric.min), &on_axis(numeric.max))
        }
        _ => distinct(profile),
    });
    parts.join(" · ")
}

/// Times are said to the second, of ranges beyond two days to the day: the inspector has them in full.
fn unit_of_range(column_type: ColumnType, range: f64) -> f64 {
    const SECOND: f64 = 1e6;
    const DAY: f64 = 86_400.0 * SECOND;
    match column_type {
        ColumnType::DateTime if range > 2.0 * DAY => DAY,
        ColumnType::DateTime => SECOND,
        _ => 0.0,
    }
}

/// The multiple of `unit` at or below `x`; `x` itself for 0.
fn down_to(x: f64, unit: f64) -> f64 {
    if unit > 0.0 {
        (x / unit).floor() * unit
    } else {
        x
    }
}

/// How many values, saying so when it is an estimate.
pub fn distinct(profile: &ColumnProfile) -> String {
    let count = format::counted(profile.distinct.count, "value", "values");
    if profile.distinct.exact {
        count
    } else {
        text::about(&count)
    }
}

/// What a column holds, in one or two sentences.
pub fn of_column(profile: &ColumnProfile) -> String {
    let n_present = profile.n - profile.nulls.min(profile.n);
    if n_present == 0 {
        return text::ALL_MISSING.to_owned();
    }
    let missing = if profile.nulls == 0 {
        text::NONE_MISSING.to_owned()
    } else {
        text::are_missing(
            &format::count(profile.nulls),
            &format::percent(profile.nulls as f64 / profile.n as f64),
        )
    };
    let on_axis = |x: f64| format::on_axis(x, profile.column_type);
    let what = match (profile.meaning, &profile.numeric, &profile.text) {
        (Meaning::Constant, ..) => match profile.examples.first() {
            Some(only) => text::constant(&format::shortened(only, 60)),
            None => text::CONSTANT.to_owned(),
        },
        (Meaning::Identifier, ..) => text::identifier(&distinct(profile)),
        (_, Some(numeric), _) => {
            let range = text::from_to(&on_axis(numeric.min), &on_axis(numeric.max));
            let middle = numeric
                .quantiles
                .iter()
                .find(|(p, _)| *p == 0.5)
                .map(|(_, x)| on_axis(*x));
            text::numbers(profile.column_type.label(), &range, middle.as_deref())
        }
        (meaning, _, Some(lengths)) if meaning != Meaning::Category => text::texts(
            meaning.label(),
            &format::number(lengths.mean_length),
            &distinct(profile),
        ),
        (_, _, _) => match profile.top_values.first() {
            Some(top) => {
                let value = format::shortened(&format::value(&top.value), 40);
                let share = format::percent(top.count as f64 / n_present as f64);
                text::categories(&distinct(profile), &value, &share)
            }
            None => text::column_of(profile.column_type.label(), &distinct(profile)),
        },
    };
    format!("{what}; {missing}")
}

/// What a table is and how it came about.
pub fn of_table(info: &TableInfo) -> String {
    let rows = text::rows(info.rows);
    let columns = format::counted(info.columns.len() as u64, "column", "columns");
    let numeric = info
        .columns
        .iter()
        .filter(|c| c.column_type.is_ordered_numeric())
        .count();
    let texts = info
        .columns
        .iter()
        .filter(|c| matches!(c.column_type, ColumnType::Text | ColumnType::Category))
        .count();
    text::table_of(&rows, &columns, numeric, texts)
}

#[cfg(test)]
mod tests {
    use sluice_protocol::profile::{Distinct, NumericProfile, ValueCount};

    use super::*;

    fn category() -> ColumnProfile {
        ColumnProfile {
            name: "sex".to_owned(),
            column_type: ColumnType::Text,
            meaning: Meaning::Category,
            n: 100,
            nulls: 4,
            empties: 0,
            distinct: Distinct {
                count: 2,
                exact: true,
                relative_standard_error: 0.0,
            },
            numeric: None,
            text: None,
            histogram: None,
            top_values: vec![ValueCount {
                value: "Male".into(),
                count: 48,
            }],
            top_values_error: 0,
            examples: Vec::new(),
            alerts: Vec::new(),
        }
    }

    #[test]
    fn a_category_names_its_most_frequent_value() {
        assert_eq!(
            of_column(&category()),
            "2 values, most often Male (50 %); 4 (4 %) are missing"
        );
        assert_eq!(summary(&category()), "4 % missing · 2 values");
    }

    #[test]
    fn numbers_tell_their_range_and_middle() {
        let numeric = NumericProfile {
            n_finite: 100,
            n_nan: 0,
            n_positive_infinity: 0,
            n_negative_infinity: 0,
            n_zero: 0,
            n_negative: 0,
            min: 17.0,
            max: 90.0,
            mean: 38.6,
            standard_deviation: None,
            skewness: None,
            excess_kurtosis: None,
            quantiles: vec![(0.5, 37.0)],
            quantile_rank_error: 0.0,
        };
        let profile = ColumnProfile {
            column_type: ColumnType::Integer,
            meaning: Meaning::Number,
            nulls: 0,
            numeric: Some(numeric),
            ..category()
        };
        assert_eq!(
            of_column(&profile),
            "integer from 17 to 90, half of them at most 37; none missing"
        );
        assert_eq!(summary(&profile), "17 to 90");
    }

    #[test]
    fn an_empty_column_says_so() {
        let profile = ColumnProfile {
            nulls: 100,
            ..category()
        };
        assert_eq!(of_column(&profile), text::ALL_MISSING);
    }
}
