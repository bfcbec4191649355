//! Whole tables through the public functions.

mod bars;
mod base;
mod full;
mod invariance;

use polars_core::prelude::{Column, DataFrame, IntoColumn as _, NamedFrom, Series};
use sluice_protocol::profile::ColumnProfile;
use sluice_stats::hash::hash_u64;

use super::profile_columns;
use crate::Table;
use crate::host::PlainHost;

fn table(columns: Vec<Column>) -> Table {
    Table::from_frame(DataFrame::new_infer_height(columns).unwrap())
}

fn column<T, P: ?Sized>(name: &str, values: T) -> Column
where
    Series: NamedFrom<T, P>,
{
    Series::new(name.into(), values).into_column()
}

fn profiles(table: &Table) -> Vec<ColumnProfile> {
    pollster::block_on(profile_columns(table, None, &PlainHost, &mut |_| {})).unwrap()
}

fn profile_of(column: Column) -> ColumnProfile {
    profiles(&table(vec![column])).remove(0)
}

/// The same on every run, and different in every `stream`.
fn random(stream: u64, idx: usize) -> u64 {
    hash_u64(hash_u64(stream) ^ idx as u64)
}

/// Rows of many types, with nulls, NaN and repeated values.
fn mixed_table(n: usize) -> Table {
    let some = |stream: u64, row: usize| !random(stream, row).is_multiple_of(7);
    let words = [
        "alpha",
        "βeta",
        "",
        "  ",
        "a longer text than twelve bytes",
        "x",
    ];
    let lists: Vec<Option<Series>> = (0..n)
        .map(|row| {
            let len = (random(20, row) % 3) as usize;
            let items: Vec<i64> = (0..len).map(|i| (random(21, row + i) % 3) as i64).collect();
            some(22, row).then(|| Series::new("".into(), items))
        })
        .collect();
    let pick = |row: usize| words[(random(4, row) % 6) as usize];
    let days: Vec<Option<i32>> = (0..n)
        .map(|row| some(9, row).then_some(19_000 + (random(10, row) % 900) as i32))
        .collect();
    let at: Vec<i64> = (0..n)
        .map(|row| (random(11, row) % (1 << 46)) as i64)
        .collect();
    let to = |column: Column, dtype| column.cast(&dtype).unwrap();
    use polars_core::prelude::{DataType, TimeUnit};
    table(vec![
        column(
            "small",
            (0..n)
                .map(|r| some(1, r).then_some((random(2, r) % 90) as i16))
                .collect::<Vec<_>>(),
        ),
        column(
            "wide",
            (0..n).map(|r| random(3, r) as i64).collect::<Vec<_>>(),
        ),
        column(
            "unsigned",
            (0..n)
                .map(|r| some(5, r).then_some(random(6, r)))
                .collect::<Vec<_>>(),
        ),
        column(
            "float",
            (0..n)
                .map(|r| match random(7, r) % 9 {
                    0 => None,
                    1 => Some(f64::NAN),
                    2 => Some(f64::INFINITY),
                    _ => Some((random(8, r) % 10_000) as f64 / 7.0 - 500.0),
                })
                .collect::<Vec<_>>(),
        ),
        column(
            "single",
            (0..n)
                .map(|r| (random(14, r) % 1000) as f32 / 8.0)
                .collect::<Vec<_>>(),
        ),
        column(
            "word",
            (0..n)
                .map(|r| some(12, r).then(|| pick(r)))
                .collect::<Vec<_>>(),
        ),
        column(
            "text",
            (0..n)
                .map(|r| format!("{} {}", pick(r + 1), random(13, r) % 5_000))
                .collect::<Vec<_>>(),
        ),
        column(
            "flag",
            (0..n)
                .map(|r| some(15, r).then_some(!random(16, r).is_multiple_of(3)))
                .collect::<Vec<_>>(),
        ),
        to(column("day", days), DataType::Date),
        to(
            column("at", at),
            DataType::Datetime(TimeUnit::Milliseconds, None),
        ),
        column("list", lists),
        column(
            "bytes",
            (0..n)
                .map(|r| vec![(random(17, r) % 4) as u8; 3])
                .collect::<Vec<_>>(),
        ),
    ])
}
