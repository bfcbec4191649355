use polars_core::prelude::*;
use sluice_analysis::Value;
use sluice_protocol::load::ColumnType;
use sluice_protocol::profile::{AlertKind, Meaning};

use super::*;

fn close(actual: f64, expected: f64) -> bool {
    (actual - expected).abs() <= 1e-9 * expected.abs().max(1e-300)
}

/// `expected`: mean, standard deviation, skewness, excess kurtosis, then quantiles.
fn check_numbers(numbers: Column, expected: [f64; 11]) {
    let name = numbers.name().to_string();
    let numeric = profile_of(numbers).numeric.unwrap();
    let shape = [
        numeric.mean,
        numeric.standard_deviation.unwrap(),
        numeric.skewness.unwrap(),
        numeric.excess_kurtosis.unwrap(),
    ];
    let actual = shape
        .into_iter()
        .chain(numeric.quantiles.iter().map(|(_, value)| *value));
    for (actual, expected) in actual.zip(expected) {
        assert!(close(actual, expected), "{name}: {actual} for {expected}");
    }
}

/// Constants from SciPy 1.x (`bias=False`) and NumPy (linear quantiles).
#[test]
fn moments_and_quantiles_match_scipy() {
    check_numbers(
        column(
            "floats",
            [
                3.0, -1.0, 4.0, 1.0, -5.0, 9.0, 2.0, 6.0, 5.0, 3.5, 8.0, -9.75,
            ],
        ),
        [
            2.1458333333333335,
            5.343282032495373,
            -1.0499728690601684,
            1.0733187705393457,
            -9.2275,
            -7.137499999999999,
            0.5,
            3.25,
            5.25,
            8.45,
            8.89,
        ],
    );
    let fibonacci = [
        21.09090909090909,
        28.147662586632464,
        1.7443246920206636,
        2.633551414096285,
        1.0,
        1.0,
        2.5,
        8.0,
        27.5,
        72.0,
        85.60000000000001,
    ];
    let numbers = [1_i64, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89];
    check_numbers(column("counted directly", numbers), fibonacci);
    // A thousand million of each is beyond direct counting.
    let scaled = numbers.map(|value| value * 1_000_000_000);
    let scale = |idx: usize, value: f64| {
        if (2..4).contains(&idx) {
            value
        } else {
            value * 1e9
        }
    };
    let mut expected = fibonacci;
    expected
        .iter_mut()
        .enumerate()
        .for_each(|(idx, value)| *value = scale(idx, *value));
    check_numbers(column("by passes", scaled), expected);
}

#[test]
fn what_is_not_finite_is_counted_apart() {
    let values = [
        Some(1.0),
        None,
        Some(f64::NAN),
        Some(f64::INFINITY),
        Some(-0.0),
        Some(f64::NEG_INFINITY),
    ];
    let profile = profile_of(column("x", values));
    let numeric = profile.numeric.unwrap();
    assert_eq!(
        (profile.n, profile.nulls, profile.distinct.count),
        (6, 1, 5)
    );
    assert_eq!((numeric.n_finite, numeric.n_nan, numeric.n_zero), (2, 1, 1));
    assert_eq!(
        (numeric.n_positive_infinity, numeric.n_negative_infinity),
        (1, 1)
    );
    assert_eq!((numeric.min, numeric.max), (0.0, 1.0));
    assert!(
        profile
            .alerts
            .iter()
            .any(|alert| alert.kind == AlertKind::NonFinite)
    );

    let nothing_finite = profile_of(column("x", [f64::NAN, f64::NAN]));
    assert_eq!(
        (
            nothing_finite.numeric.unwrap().n_nan,
            nothing_finite.histogram
        ),
        (2, None)
    );
}

#[test]
fn every_type_has_a_profile() {
    let cast = |column: Column, dtype: DataType| column.cast(&dtype).unwrap();
    let categories = DataType::from_categories(Categories::global());
    let check = |column: Column, expected: (ColumnType, u64, u64, u64, &[&str])| {
        let profile = profile_of(column);
        let examples: Vec<&str> = profile.examples.iter().map(String::as_str).collect();
        let actual = (
            profile.column_type,
            profile.n,
            profile.nulls,
            profile.distinct.count,
            &examples[..],
        );
        assert_eq!(actual, expected);
    };
    check(
        column("x", [Some(true), None, Some(true)]),
        (ColumnType::Boolean, 3, 1, 1, &["true"]),
    );
    check(
        column("x", [Some(7_u8), None]),
        (ColumnType::Integer, 2, 1, 1, &["7"]),
    );
    check(
        column("x", [u64::MAX, 0]),
        (ColumnType::Integer, 2, 0, 2, &["18446744073709551615", "0"]),
    );
    check(
        column("x", [0.5_f32, 0.5]),
        (ColumnType::Float, 2, 0, 1, &["0.5"]),
    );
    check(
        column("x", ["b", "a", "b"]),
        (ColumnType::Text, 3, 0, 2, &["b", "a"]),
    );
    check(
        cast(column("x", ["b", "a", "b"]), categories),
        (ColumnType::Category, 3, 0, 2, &["b", "a"]),
    );
    check(
        cast(column("x", [0_i32, 59]), DataType::Date),
        (ColumnType::Date, 2, 0, 2, &["1970-01-01", "1970-03-01"]),
    );
    check(
        cast(column("x", [0_i64]), DataType::Time),
        (ColumnType::Time, 1, 0, 1, &["00:00:00"]),
    );
    check(
        cast(column("x", [1.25]), DataType::Decimal(9, 2)),
        (ColumnType::Decimal, 1, 0, 1, &["1.25"]),
    );
    check(
        Column::full_null("x".into(), 3, &DataType::Null),
        (ColumnType::Null, 3, 3, 0, &[]),
    );
    check(
        Column::full_null("x".into(), 3, &DataType::String),
        (ColumnType::Text, 3, 3, 0, &[]),
    );
    check(
        Column::full_null("x".into(), 3, &DataType::Float64),
        (ColumnType::Float, 3, 3, 0, &[]),
    );
    check(
        Column::new_empty("x".into(), &DataType::Int64),
        (ColumnType::Integer, 0, 0, 0, &[]),
    );
    let lists = [
        Some(Series::new("".into(), [1, 2])),
        None,
        Some(Series::new("".into(), [1, 2])),
    ];
    check(column("x", lists), (ColumnType::List, 3, 1, 1, &["[1,2]"]));
    let pairs = [
        Series::new("".into(), [1, 2]),
        Series::new("".into(), [1, 3]),
    ];
    let fixed = cast(
        column("x", pairs),
        DataType::Array(Box::new(DataType::Int32), 2),
    );
    check(fixed, (ColumnType::List, 2, 0, 2, &["[1,2]", "[1,3]"]));
    let fields = [
        Series::new("a".into(), [1, 1]),
        Series::new("b".into(), ["x", "x"]),
    ];
    let structs = StructChunked::from_series("x".into(), 2, fields.iter()).unwrap();
    check(
        structs.into_series().into_column(),
        (ColumnType::Struct, 2, 0, 1, &[r#"{"a":1,"b":"x"}"#]),
    );
    let bytes: [&[u8]; 2] = [b"\x00\xff", b""];
    check(
        column("x", bytes),
        (ColumnType::Binary, 2, 0, 2, &["0x00ff", "0x"]),
    );
}

#[test]
fn units_of_times_are_microseconds() {
    let millis = column("x", [1_500_i64, 2_500]);
    let check = |dtype: DataType, expected: (f64, f64)| {
        let numeric = profile_of(millis.cast(&dtype).unwrap()).numeric.unwrap();
        assert_eq!((numeric.min, numeric.max), expected, "{dtype}");
    };
    check(
        DataType::Datetime(TimeUnit::Milliseconds, None),
        (1.5e6, 2.5e6),
    );
    check(
        DataType::Datetime(TimeUnit::Microseconds, None),
        (1_500.0, 2_500.0),
    );
    check(DataType::Duration(TimeUnit::Nanoseconds), (1.5, 2.5));
    check(DataType::Date, (1_500.0 * 86_400e6, 2_500.0 * 86_400e6));
}

#[test]
fn texts_are_measured_in_code_points() {
    let texts = [
        Some("añ"),
        Some(""),
        Some(" \t"),
        None,
        Some("日本語のテキストと long"),
        Some("x"),
    ];
    let profile = profile_of(column("x", texts));
    let text = profile.text.unwrap();
    assert_eq!((profile.n, profile.nulls, profile.empties), (6, 1, 2));
    assert_eq!(
        (text.min_length, text.max_length, text.mean_length),
        (0, 14, 19.0 / 5.0)
    );
    assert_eq!(text.length_quantiles[3], (0.5, 2.0));
    assert_eq!(
        (
            text.n_class_tested,
            text.length_histogram.unwrap().counts.iter().sum::<u64>()
        ),
        (5, 5)
    );
    let share = |name: &str| {
        let found = text
            .character_classes
            .iter()
            .find(|(class, _)| class == name);
        found.unwrap().1
    };
    // 2 + 9 + 4 + 1 letters and 1 + 2 blanks.
    assert!(close(share("letter"), 16.0 / 19.0) && close(share("space"), 3.0 / 19.0));
}

#[test]
fn top_values_are_most_frequent_first_then_first_seen() {
    let profile = profile_of(column("x", [3_i64, 1, 1, 2, 2, 9]));
    let top: Vec<(Value, u64)> = profile
        .top_values
        .into_iter()
        .map(|top| (top.value, top.count))
        .collect();
    let expected = [(1, 2), (2, 2), (3, 1), (9, 1)];
    assert_eq!(
        top,
        expected.map(|(value, count)| (Value::Int(value), count))
    );
    // Where nearly every value is its own, there is nothing to show.
    let unique: Vec<String> = (0..30).map(|i| format!("name {i}")).collect();
    assert!(profile_of(column("x", unique)).top_values.is_empty());
}

#[test]
fn meaning_is_inferred_from_values_and_names() {
    let check = |column: Column, expected: Meaning| {
        let profile = profile_of(column);
        assert_eq!(
            profile.meaning, expected,
            "{}: {:?}",
            profile.name, profile.examples
        );
    };
    let n = 200;
    let texts = |of: &dyn Fn(usize) -> String| (0..n).map(of).collect::<Vec<_>>();
    let ints = |of: &dyn Fn(usize) -> i64| (0..n).map(of).collect::<Vec<_>>();
    check(column("x", ints(&|i| i as i64)), Meaning::Identifier);
    check(
        column("x", ints(&|i| 1_000 - 3 * i as i64)),
        Meaning::Identifier,
    );
    check(
        column("user_id", ints(&|i| random(1, i) as i64)),
        Meaning::Identifier,
    );
    check(column("x", ints(&|i| random(1, i) as i64)), Meaning::Number);
    check(column("x", ints(&|_| 4)), Meaning::Constant);
    check(column("x", ints(&|i| (i % 2) as i64)), Meaning::Boolean);
    check(column("x", ints(&|i| (i % 5) as i64)), Meaning::Category);
    check(column("x", ints(&|i| (i % 90) as i64)), Meaning::Number);
    check(
        column("x", texts(&|i| format!("{:x}-{i}", random(1, i)))),
        Meaning::Identifier,
    );
    check(
        column("x", texts(&|i| format!("row {i}"))),
        Meaning::FreeText,
    );
    check(
        column("name", texts(&|i| format!("colour {}", i % 7))),
        Meaning::Category,
    );
    check(
        column("x", texts(&|i| if i % 3 > 0 { "yes" } else { "No" }.into())),
        Meaning::Boolean,
    );
    check(
        column("x", texts(&|i| format!("https://example.org/{i}"))),
        Meaning::Url,
    );
    check(
        column("x", texts(&|i| format!("p{i}@example.org"))),
        Meaning::Email,
    );
    check(
        column("x", texts(&|i| format!("images/{i}.png"))),
        Meaning::Path,
    );
    check(
        column("x", texts(&|i| format!("2024-01-{:02}", i % 28 + 1))),
        Meaning::DateTime,
    );
    check(
        column("x", texts(&|i| format!("{}.5", i * 7 % 190))),
        Meaning::Number,
    );
    check(column("x", [true, false]), Meaning::Boolean);
    check(column("x", [Some(1.5), None]), Meaning::Number);
    check(column("x", [None::<i32>, None]), Meaning::Other);
    check(column("x", ["only one"]), Meaning::FreeText);
}

#[test]
fn alerts_say_what_and_how_much() {
    let check = |column: Column, expected: &[(AlertKind, &str)]| {
        let alerts = profile_of(column).alerts;
        let actual: Vec<(AlertKind, &str)> = alerts
            .iter()
            .map(|alert| (alert.kind, alert.reason.as_str()))
            .collect();
        assert_eq!(actual, expected);
    };
    let n = 200;
    let texts = |of: &dyn Fn(usize) -> &'static str| (0..n).map(of).collect::<Vec<_>>();
    check(
        column("x", ["same"; 3]),
        &[(AlertKind::Constant, "each of 3 values is “same”")],
    );
    check(
        column(
            "x",
            (0..n).map(|i| (i == 7).then_some(1.5)).collect::<Vec<_>>(),
        ),
        &[(AlertKind::MostlyNull, "99.5 % of 200 values are missing")],
    );
    check(
        column("x", (0..1_200_i64).collect::<Vec<_>>()),
        &[(
            AlertKind::LeakingIdentifier,
            "all 1\u{2009}200 values are distinct and they number the rows: a model can learn rows by heart from it",
        )],
    );
    check(
        column("x", texts(&|i| if i < 190 { "ok" } else { "bad" })),
        &[(AlertKind::Imbalanced, "“ok” is 95.0 % of 200 values")],
    );
    check(
        column(
            "x",
            (0..n)
                .map(|i| {
                    if i % 10 == 0 {
                        "n/a".into()
                    } else {
                        format!("{}", i * 3)
                    }
                })
                .collect::<Vec<String>>(),
        ),
        &[(
            AlertKind::MixedTypes,
            "90.0 % of 200 texts looked at are numbers, the rest are not",
        )],
    );
    check(
        column(
            "x",
            texts(&|i| {
                if i % 4 == 0 {
                    "cafÃ© au lait"
                } else {
                    "tea with milk"
                }
            }),
        ),
        &[(
            AlertKind::EncodingDamage,
            "50 of 200 texts tested have sequences like “Ã©”: UTF-8 read as Latin-1",
        )],
    );
    let days: Vec<i32> = (0..n as i32)
        .map(|i| if i == 0 { -719_162 } else { 19_000 + i % 50 })
        .collect();
    check(
        column("x", days).cast(&DataType::Date).unwrap(),
        &[(
            AlertKind::DatesOutOfRange,
            "1 of 200 values are before 1900 or after 2100",
        )],
    );
    let long_tailed: Vec<f64> = (0..n)
        .map(|i| if i == 0 { 1e3 } else { (i % 10) as f64 + 0.5 })
        .collect();
    assert_eq!(
        profile_of(column("x", long_tailed)).alerts[0].kind,
        AlertKind::Skewed
    );
    let nearly: Vec<String> = (0..n).map(|i| format!("text {}", i.max(1))).collect();
    check(
        column("x", nearly),
        &[(
            AlertKind::NearlyUnique,
            "199 of 200 values are distinct; 1 repeat an earlier one",
        )],
    );
}
