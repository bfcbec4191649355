use polars_core::prelude::*;
use sluice_analysis::{Ref, SourceId};
use sluice_protocol::message::ProfileLevel;
use sluice_protocol::profile::{AlertKind, AssociationMeasure, TableProfile};

use super::*;
use crate::profile::profile_table;

fn full(columns: Vec<Column>) -> TableProfile {
    let table = table(columns);
    let profile = profile_table(
        &table,
        Ref::Source(SourceId(1)),
        ProfileLevel::Full,
        &PlainHost,
    );
    pollster::block_on(profile).unwrap()
}

#[test]
fn columns_missing_together_are_found() {
    let profile = full(vec![
        column("a", [Some(1), None, None, Some(4), None, Some(6)]),
        column("b", [1, 2, 3, 4, 5, 6]),
        column("c", [Some("x"), None, None, None, Some("y"), Some("z")]),
    ]);
    let patterns: Vec<(String, u64)> = (profile.missing_patterns.unwrap().into_iter())
        .map(|pattern| (pattern.columns.join("+"), pattern.count))
        .collect();
    let expected = [("", 2), ("a+c", 2), ("c", 1), ("a", 1)];
    assert_eq!(
        patterns,
        expected.map(|(columns, count)| (columns.to_owned(), count))
    );
}

#[test]
fn repeated_rows_are_counted_and_shown() {
    let profile = full(vec![
        column(
            "a",
            [
                Some(1.0),
                None,
                Some(0.0),
                Some(1.0),
                None,
                Some(1.0),
                Some(-0.0),
            ],
        ),
        column("b", ["x", "y", "z", "x", "y", "x", "z"]),
    ]);
    let duplicates = profile.duplicates.unwrap();
    assert_eq!((duplicates.n_duplicates, duplicates.n_groups), (4, 3));
    assert_eq!(duplicates.examples, [vec![0, 3, 5], vec![1, 4], vec![2, 6]]);
    assert_eq!(profile.alerts[0].kind, AlertKind::DuplicateRows);
    let reason = "4 of 7 rows (57.1 %) equal an earlier one, in 3 groups";
    assert_eq!(profile.alerts[0].reason, reason);
}

/// Too little memory for all hashes at once changes nothing.
#[test]
fn repeated_rows_are_found_in_little_memory() {
    struct SmallHost;
    impl crate::Host for SmallHost {
        fn progress(&self, _: &str, _: u64, _: u64) {}
        fn checkpoint(&self) -> crate::LocalBoxFuture<'_, Result<(), crate::Cancelled>> {
            Box::pin(async { Ok(()) })
        }
        fn memory_budget_bytes(&self) -> u64 {
            4 * 32 * 100
        }
    }
    let table = mixed_table(300);
    let doubled = Table::from_frame(table.frame().vstack(table.frame()).unwrap());
    let reference = || Ref::Source(SourceId(1));
    let of = |host: &dyn crate::Host| {
        let profile = profile_table(&doubled, reference(), ProfileLevel::Full, host);
        pollster::block_on(profile).unwrap().duplicates.unwrap()
    };
    assert_eq!(of(&SmallHost), of(&PlainHost));
    assert_eq!(of(&PlainHost).n_duplicates, 300);
}

/// Constants from SciPy 1.x: `pearsonr`, `spearmanr`; η and V by hand.
#[test]
fn associations_are_measured_pair_by_pair() {
    let n = 200;
    let x: Vec<f64> = (0..n).map(|i| ((i * 37) % 101) as f64 + 0.25).collect();
    let square: Vec<f64> = x.iter().map(|value| value * value).collect();
    let profile = full(vec![
        column("x", x.clone()),
        column("square", square),
        column(
            "half",
            x.iter()
                .map(|value| if *value < 50.0 { "low" } else { "high" })
                .collect::<Vec<_>>(),
        ),
        column(
            "same",
            x.iter()
                .map(|value| if *value < 50.0 { "l" } else { "h" })
                .collect::<Vec<_>>(),
        ),
        column("row_id", (0..n as i64).collect::<Vec<_>>()),
    ]);
    let scope = profile.association_scope.unwrap();
    assert_eq!(
        (scope.n_rows, scope.n_pairs, scope.n_pairs_total),
        (200, 6, 6)
    );
    let associations = profile.associations.unwrap();
    assert!(associations.is_sorted_by(|a, b| a.value.abs() >= b.value.abs()));
    let value = |a: &str, b: &str, measure| {
        let found = associations
            .iter()
            .find(|found| (&*found.a, &*found.b, found.measure) == (a, b, measure));
        found.unwrap().value
    };
    let check = |a: &str, b: &str, measure, expected: f64| {
        let actual = value(a, b, measure);
        assert!(
            (actual - expected).abs() < 1e-9,
            "{a}, {b}: {actual} for {expected}"
        );
    };
    check(
        "x",
        "square",
        AssociationMeasure::Pearson,
        0.9679734019418894,
    );
    check("x", "square", AssociationMeasure::Spearman, 1.0);
    check(
        "x",
        "half",
        AssociationMeasure::CorrelationRatio,
        0.8658469539466636,
    );
    check("half", "same", AssociationMeasure::CramersV, 1.0);
}

#[test]
fn languages_of_free_texts_are_told() {
    let english = "this is a sentence which has enough common words for the language to be clear";
    let german = "das ist ein Satz mit genug gewöhnlichen Wörtern, damit die Sprache klar ist";
    let texts: Vec<String> = (0..40)
        .map(|i| match i % 4 {
            0 => format!("{german} {i}"),
            1 => format!("no {i}"),
            _ => format!("{english} {i}"),
        })
        .collect();
    let profile = full(vec![
        column("text", texts),
        column("n", (0..40_i64).collect::<Vec<_>>()),
    ]);
    let text = profile.columns[0].text.as_ref().unwrap();
    let expected = [("English", 0.5), ("German", 0.25), ("too short", 0.25)];
    let expected = expected.map(|(language, share)| (language.to_owned(), share));
    assert_eq!(
        (text.languages.as_deref(), text.n_language_tested),
        (Some(&expected[..]), 40)
    );
    assert_eq!(profile.columns[1].text, None);
}

#[test]
fn tables_without_rows_or_columns_have_a_full_profile() {
    for columns in [
        vec![],
        vec![Column::new_empty("x".into(), &DataType::Float64)],
    ] {
        let profile = full(columns);
        assert_eq!(
            (profile.rows, profile.duplicates.unwrap().n_duplicates),
            (0, 0)
        );
        assert_eq!(profile.associations.unwrap(), []);
    }
}
