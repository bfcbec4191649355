use sluice_protocol::profile::Distribution;
use sluice_stats::bits::Bitmap;

use super::*;
use crate::profile::{BinIndex, build_bin_index, distributions};

fn index(table: &Table, column: &ColumnProfile) -> BinIndex {
    pollster::block_on(build_bin_index(table, column, &PlainHost)).unwrap()
}

fn check_agrees(column: &ColumnProfile, distribution: &Distribution) {
    let expected: Vec<u64> = match &column.histogram {
        Some(histogram) => histogram.counts.clone(),
        None => column.top_values.iter().map(|top| top.count).collect(),
    };
    assert_eq!(
        (&distribution.counts, distribution.nulls),
        (&expected, column.nulls),
        "{}",
        column.name
    );
    let all = distribution.counts.iter().sum::<u64>() + distribution.nulls + distribution.other;
    assert_eq!(all, column.n, "{}", column.name);
}

#[test]
fn bars_of_all_rows_are_those_of_the_profile() {
    for n in [0, 1, 700] {
        let table = mixed_table(n);
        for column in profiles(&table) {
            let index = index(&table, &column);
            check_agrees(&column, &distributions(&[(&column.name, &index, None)])[0]);
        }
    }
}

/// The index is built on all rows; the profile under the same selection agrees where its bars do.
#[test]
fn bars_under_a_selection_count_its_rows() {
    let n = 700;
    let table = mixed_table(n);
    let selection = Bitmap::from_fn(n, |row| random(50, row).is_multiple_of(3));
    let selected = pollster::block_on(profile_columns(
        &table,
        Some(&selection),
        &PlainHost,
        &mut |_| {},
    ))
    .unwrap();
    for column in selected {
        let index = index(&table, &column);
        let all = &distributions(&[(&column.name, &index, Some(&selection))])[0];
        check_agrees(&column, all);
    }
}
