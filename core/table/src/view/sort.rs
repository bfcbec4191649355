//! Row numbers in a wanted order.

use std::cmp::Ordering;

use sluice_analysis::SortKey;
use sluice_stats::bits::Bitmap;

use crate::error::TableError;
use crate::host::Host;
use crate::table::Table;
use crate::view::column_order::ColumnOrder;
use crate::view::require_row_numbers_of;
use crate::view::slices::SLICE_ROWS;
use crate::view::sorter::{Entry, TieCost, sorted};

/// The rows of `rows` (all if `None`) by the first key, then the second, …; equal rows stay in row order.
///
/// Numbers and times by size, false before true, texts by Unicode code points. In both directions NaN comes
/// after all numbers and missing values after everything; `descending` reverses only what is before them.
///
/// # Errors
///
/// [`TableError::NoColumn`], [`TableError::TooLarge`] beyond `u32::MAX` rows, [`TableError::Cancelled`].
pub async fn sorted_rows(
    table: &Table,
    keys: &[SortKey],
    rows: Option<&Bitmap>,
    host: &dyn Host,
) -> Result<Vec<u32>, TableError> {
    require_row_numbers_of(table)?;
    let mut orders = Vec::with_capacity(keys.len());
    for key in keys {
        let column = table.column(&key.column)?;
        orders.push(ColumnOrder::new(column, key.descending, host).await?);
    }
    let entries = entries(table, orders.first(), rows, host).await?;
    let Some((first, others)) = orders.split_first() else {
        return Ok(entries.into_iter().map(|entry| entry.row).collect());
    };
    let tie = |a: u32, b: u32| {
        let by_first = first.compare_equal_keys(a, b);
        others
            .iter()
            .fold(by_first, |ordering, order| {
                ordering.then_with(|| order.compare(a, b))
            })
            .then_with(|| a.cmp(&b))
    };
    let cost = if first.is_exact() && others.is_empty() {
        TieCost::Low
    } else {
        TieCost::High
    };
    let tie: &dyn Fn(u32, u32) -> Ordering = &tie;
    let sorted = sorted(entries, cost, tie, host).await?;
    Ok(sorted.into_iter().map(|entry| entry.row).collect())
}

async fn entries(
    table: &Table,
    first: Option<&ColumnOrder<'_>>,
    rows: Option<&Bitmap>,
    host: &dyn Host,
) -> Result<Vec<Entry>, TableError> {
    let n_rows = table.n_rows();
    let mut entries = Vec::with_capacity(rows.map_or(n_rows, Bitmap::count_ones));
    for start in (0..n_rows).step_by(SLICE_ROWS) {
        host.checkpoint().await?;
        let slice = start..(start + SLICE_ROWS).min(n_rows);
        let chosen = slice.filter(|row| rows.is_none_or(|rows| rows.get(*row)));
        // Row numbers fit: the table was checked.
        entries.extend(chosen.map(|row| Entry {
            key: first.map_or(0, |order| order.key(row)),
            row: row as u32,
        }));
    }
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::column::OwnedColumn;
    use crate::error::TableError;
    use crate::host::PlainHost;
    use crate::view::testing::{CountingHost, bools, floats, ints, rechunked, table, texts};

    fn keys(keys: &[(&str, bool)]) -> Vec<SortKey> {
        keys.iter()
            .map(|(column, descending)| SortKey {
                column: (*column).to_owned(),
                descending: *descending,
            })
            .collect()
    }

    fn check(column: OwnedColumn, ascending: &[u32], descending: &[u32]) {
        let table = table(vec![("c", column)]);
        for chunk_rows in [usize::MAX, 1, 3] {
            let table = rechunked(&table, chunk_rows.min(table.n_rows()));
            for (is_descending, expected) in [(false, ascending), (true, descending)] {
                let keys = keys(&[("c", is_descending)]);
                let rows = pollster::block_on(sorted_rows(&table, &keys, None, &PlainHost));
                assert_eq!(
                    rows.expect("sortable"),
                    expected,
                    "descending: {is_descending}"
                );
            }
        }
    }

    #[test]
    fn each_type_has_its_order() {
        let (nan, inf) = (f64::NAN, f64::INFINITY);
        check(
            ints(&[Some(2), None, Some(i64::MIN), Some(2)]),
            &[2, 0, 3, 1],
            &[0, 3, 2, 1],
        );
        check(
            floats(&[
                Some(nan),
                Some(0.0),
                None,
                Some(-0.0),
                Some(inf),
                Some(-1.0),
                Some(-inf),
            ]),
            &[6, 5, 1, 3, 4, 0, 2],
            &[4, 1, 3, 5, 6, 0, 2],
        );
        check(
            bools(&[Some(true), None, Some(false)]),
            &[2, 0, 1],
            &[0, 2, 1],
        );
        check(
            texts(&[
                Some("b"),
                Some("ab\0"),
                Some("ab"),
                None,
                Some("é"),
                Some("B"),
                Some(""),
            ]),
            &[6, 5, 2, 1, 0, 4, 3],
            &[4, 0, 1, 2, 5, 6, 3],
        );
        check(
            texts(&[
                Some("https://a.example/2"),
                Some("https://a.example/10"),
                Some("https://a.example/1"),
            ]),
            &[2, 1, 0],
            &[0, 1, 2],
        );
        check(
            OwnedColumn::UInt(vec![Some(u64::MAX), Some(0), Some(u64::MAX - 1), None]),
            &[1, 2, 0, 3],
            &[0, 2, 1, 3],
        );
        check(
            OwnedColumn::Decimal {
                values: vec![Some(i128::MAX / 10), Some(-5), Some(i128::MAX / 20)],
                scale: 2,
            },
            &[1, 2, 0],
            &[0, 2, 1],
        );
        check(
            OwnedColumn::Date(vec![Some(3), Some(-3), None]),
            &[1, 0, 2],
            &[0, 1, 2],
        );
        check(
            OwnedColumn::ListInt(vec![Some(vec![2]), Some(vec![1]), None]),
            &[1, 0, 2],
            &[0, 1, 2],
        );
    }

    #[test]
    fn only_wanted_rows_come_out() {
        let table = table(vec![("c", ints(&[Some(3), Some(1), Some(2)]))]);
        let wanted = Bitmap::from_fn(3, |row| row != 1);
        let rows = pollster::block_on(sorted_rows(
            &table,
            &keys(&[("c", false)]),
            Some(&wanted),
            &PlainHost,
        ));
        assert_eq!(rows, Ok(vec![2, 0]));
        let rows = pollster::block_on(sorted_rows(&table, &[], Some(&wanted), &PlainHost));
        assert_eq!(rows, Ok(vec![0, 2]));
    }

    /// Numbers before NaN before missing, whatever the direction.
    fn order(a: Option<f64>, b: Option<f64>, descending: bool) -> Ordering {
        let class = |x: Option<f64>| x.map_or(2, |x| u8::from(x.is_nan()));
        let by_value = match (a, b) {
            (Some(a), Some(b)) => a.partial_cmp(&b).unwrap_or(Ordering::Equal),
            _ => Ordering::Equal,
        };
        class(a).cmp(&class(b)).then(if descending {
            by_value.reverse()
        } else {
            by_value
        })
    }

    proptest! {
        #[test]
        fn agrees_with_a_naive_sort(
            rows in prop::collection::vec((
                prop::option::of(prop_oneof![Just(0.0), Just(f64::NAN), -2.0..2.0_f64]),
                prop::option::of("[ab]{0,10}"),
            ), 1..200),
            descending in any::<[bool; 2]>(),
            chunk_rows in 1_usize..200,
        ) {
            let numbers: Vec<Option<f64>> = rows.iter().map(|row| row.0.map(f64::round)).collect();
            let words: Vec<Option<String>> = rows.iter().map(|row| row.1.clone()).collect();
            let table = table(vec![
                ("x", OwnedColumn::Float(numbers.clone())),
                ("t", OwnedColumn::Text(words.clone())),
            ]);
            let mut expected: Vec<u32> = (0..rows.len() as u32).collect();
            expected.sort_by(|&a, &b| {
                let (a, b) = (a as usize, b as usize);
                let by_text = match (&words[a], &words[b]) {
                    (Some(a), Some(b)) if descending[0] => b.cmp(a),
                    (Some(a), Some(b)) => a.cmp(b),
                    (a, b) => a.is_none().cmp(&b.is_none()),
                };
                by_text.then_with(|| order(numbers[a], numbers[b], descending[1]))
            });
            let keys = keys(&[("t", descending[0]), ("x", descending[1])]);
            let table = rechunked(&table, chunk_rows);
            let sorted = pollster::block_on(sorted_rows(&table, &keys, None, &PlainHost));
            prop_assert_eq!(sorted, Ok(expected));
        }
    }

    #[test]
    fn long_sorts_are_merged_and_can_be_cancelled() {
        let n_rows = 300_000_usize;
        let scrambled = |row: usize| (row as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
        let numbers: Vec<u64> = (0..n_rows).map(scrambled).collect();
        let column = OwnedColumn::Int(numbers.iter().map(|n| Some(*n as i64)).collect());
        let table = table(vec![("c", column)]);
        let mut expected: Vec<u32> = (0..n_rows as u32).collect();
        expected.sort_by_key(|row| numbers[*row as usize]);
        let keys = keys(&[("c", false)]);
        let host = CountingHost::new();
        assert_eq!(
            pollster::block_on(sorted_rows(&table, &keys, None, &host)),
            Ok(expected)
        );
        // Reading, numbering, sorting runs, merging.
        let n_checkpoints = host.n_checkpoints.get();
        assert!(n_checkpoints >= 2 * n_rows / SLICE_ROWS, "{n_checkpoints}");
        for nth in 0..n_checkpoints {
            let host = CountingHost::cancelling_at(nth);
            let result = pollster::block_on(sorted_rows(&table, &keys, None, &host));
            assert_eq!(result, Err(TableError::Cancelled));
        }
    }
}
