use polars_core::prelude::{BooleanChunked, DataFrame, NamedFrom as _};
use sluice_stats::bits::Bitmap;

use super::*;
use crate::profile::profile_in_slices;

/// The same rows in chunks of random lengths, different for each column.
fn rechunked(table: &Table, seed: u64) -> Table {
    let columns = table
        .frame()
        .columns()
        .iter()
        .enumerate()
        .map(|(column_idx, column)| {
            let (mut series, mut row) = (column.as_materialized_series().slice(0, 0), 0);
            let mut draw = seed as usize * 1_000 + column_idx * 100;
            while row < column.len() {
                let len = (random(seed, draw) % (column.len() as u64 / 2 + 2)) as usize;
                series
                    .append(&column.as_materialized_series().slice(row as i64, len))
                    .unwrap();
                (row, draw) = (row + len, draw + 1);
            }
            series.into_column()
        });
    Table::from_frame(DataFrame::new_infer_height(columns.collect()).unwrap())
}

fn in_slices(table: &Table, selection: Option<&Bitmap>, slice_rows: usize) -> Vec<ColumnProfile> {
    let mut ignore = |_| {};
    let profile = profile_in_slices(table, selection, &PlainHost, &mut ignore, slice_rows);
    pollster::block_on(profile).unwrap()
}

#[test]
fn chunks_and_slices_do_not_matter() {
    for n in [0, 1, 2, 700] {
        let table = mixed_table(n);
        let expected = profiles(&table);
        for (seed, slice_rows) in [(1, 1), (2, 3), (3, 64), (4, 100), (5, 1 << 14)] {
            assert_eq!(
                in_slices(&rechunked(&table, seed), None, slice_rows),
                expected,
                "{n} rows"
            );
        }
    }
}

/// More distinct values than the first table holds.
#[test]
fn chunks_do_not_matter_where_values_spill() {
    let n = 90_000;
    let table = table(vec![
        column(
            "id",
            (0..n).map(|row| random(1, row) as i64).collect::<Vec<_>>(),
        ),
        column(
            "late",
            (0..n)
                .map(|row| {
                    format!(
                        "{}",
                        if row < 70_000 {
                            row
                        } else {
                            1_000_000 + row % 9
                        }
                    )
                })
                .collect::<Vec<_>>(),
        ),
    ]);
    let expected = profiles(&table);
    assert_eq!(expected[0].distinct.count, n as u64);
    assert_eq!(
        (expected[1].distinct.count, expected[1].distinct.exact),
        (70_009, true)
    );
    let frequent: Vec<u64> = expected[1].top_values.iter().map(|top| top.count).collect();
    assert_eq!(
        frequent,
        [
            2_223, 2_223, 2_222, 2_222, 2_222, 2_222, 2_222, 2_222, 2_222
        ]
    );
    assert_eq!(in_slices(&rechunked(&table, 7), None, 5_000), expected);
}

#[test]
fn a_selection_is_as_good_as_a_table_of_its_rows() {
    let n = 900;
    let table = rechunked(&mixed_table(n), 3);
    for keep in [0, 1, 3, 7] {
        let selected = |row: usize| random(99, row) % 8 < keep;
        let mask = BooleanChunked::new("".into(), (0..n).map(selected).collect::<Vec<_>>());
        let filtered = Table::from_frame(table.frame().filter(&mask).unwrap());
        let selection = Bitmap::from_fn(n, selected);
        assert_eq!(
            in_slices(&table, Some(&selection), 50),
            profiles(&filtered),
            "{keep} of 8"
        );
    }
}
