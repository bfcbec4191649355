//! `profile base 1e6x20`: milliseconds for each column and for the whole, the best of three.
//!
//! `cargo bench -p sluice-table --bench profile [-- ROWS]`

use std::time::Instant;

use sluice_protocol::profile::ColumnProfile;
use sluice_stats::bits::Bitmap;
use sluice_stats::hash::hash_u64;
use sluice_table::host::PlainHost;
use sluice_table::profile::{
    BinIndex, FullPart, build_bin_index, distributions, profile_columns, profile_rest,
};
use sluice_table::{OwnedColumn, Table};

fn main() {
    let n_rows = std::env::args()
        .filter_map(|arg| arg.parse().ok())
        .next()
        .unwrap_or(1_000_000);
    let table = Table::from_columns(mixed_columns(n_rows)).expect("columns of one length");
    println!("table of {n_rows} rows, {} MB", table.memory_bytes() >> 20);
    let mut best = vec![f64::INFINITY; table.n_columns()];
    let mut profiles = Vec::new();
    for _ in 0..3 {
        let (mut column_idx, mut last) = (0, Instant::now());
        let mut note = |_| {
            let millis = last.elapsed().as_secs_f64() * 1e3;
            best[column_idx] = millis.min(best[column_idx]);
            (column_idx, last) = (column_idx + 1, Instant::now());
        };
        let run = profile_columns(&table, None, &PlainHost, &mut note);
        profiles = pollster::block_on(run).expect("nothing cancels");
    }
    for (column, millis) in profiles.iter().zip(&best) {
        let (meaning, n_distinct) = (column.meaning.label(), column.distinct.count);
        println!(
            "{millis:8.1} ms  {} ({meaning}, {n_distinct} distinct)",
            column.name
        );
    }
    println!(
        "profile base {n_rows}x{}: {:.0} ms",
        profiles.len(),
        best.iter().sum::<f64>()
    );
    rest(&table, &profiles);
    bars(&table, &profiles);
}

fn rest(table: &Table, base: &[ColumnProfile]) {
    let start = Instant::now();
    let mut last = start;
    let parts = pollster::block_on(profile_rest(table, None, base, &PlainHost, &mut |part| {
        let name = match part {
            FullPart::Languages { column, .. } => format!("languages of {column}"),
            FullPart::MissingPatterns(patterns) => format!("{} missing patterns", patterns.len()),
            FullPart::Duplicates(duplicates) => format!("{} duplicates", duplicates.n_duplicates),
            FullPart::Associations { scope, .. } => {
                format!("{} pairs of {} rows", scope.n_pairs, scope.n_rows)
            }
            FullPart::Alerts(_) => "alerts".to_owned(),
        };
        println!("{:8.1} ms  {name}", last.elapsed().as_secs_f64() * 1e3);
        last = Instant::now();
    }));
    let n_parts = parts.expect("nothing cancels").len();
    println!(
        "profile rest, {n_parts} parts: {:.0} ms",
        start.elapsed().as_secs_f64() * 1e3
    );
}

fn bars(table: &Table, base: &[ColumnProfile]) {
    let start = Instant::now();
    let build = |column| pollster::block_on(build_bin_index(table, column, &PlainHost));
    let indexes: Vec<BinIndex> = base
        .iter()
        .map(build)
        .collect::<Result<_, _>>()
        .expect("columns of the table");
    println!("bin indexes: {:.0} ms", start.elapsed().as_secs_f64() * 1e3);
    for share in [2, 50, 1000] {
        let selection = Bitmap::from_fn(table.n_rows(), |row| {
            hash_u64(row as u64).is_multiple_of(share)
        });
        let columns: Vec<_> = base
            .iter()
            .zip(&indexes)
            .map(|(column, index)| (column.name.as_str(), index, Some(&selection)))
            .collect();
        let (mut millis, mut n_columns) = (f64::INFINITY, 0);
        for _ in 0..5 {
            let start = Instant::now();
            n_columns = distributions(&columns).len();
            millis = millis.min(start.elapsed().as_secs_f64() * 1e3);
        }
        println!("distributions of {n_columns} columns, kept 1/{share}: {millis:.1} ms");
    }
}

/// 20 columns of the kinds that data files have, the same on every run.
fn mixed_columns(n: usize) -> Vec<(String, OwnedColumn)> {
    let bits = |column: u64, row: usize| hash_u64(hash_u64(column) ^ row as u64);
    let uniform = |column: u64, row: usize| (bits(column, row) >> 11) as f64 / (1_u64 << 53) as f64;
    // Sum of uniform numbers: close enough to normal for its cost.
    let normal =
        |column: u64, row: usize| (0..6).map(|i| uniform(column * 10 + i, row)).sum::<f64>() - 3.0;
    let below = |column: u64, row: usize, n: u64| bits(column, row) % n;
    const WORDS: [&str; 16] = [
        "data", "model", "token", "row", "the", "of", "trace", "latency", "a", "naïve", "and",
        "service", "drift", "filter", "is", "with",
    ];
    let words = |column: u64, row: usize, n_words: u64| {
        let mut text = String::new();
        for i in 0..n_words {
            text.push_str(WORDS[below(column + 1000 * i, row, 16) as usize]);
            text.push(' ');
        }
        text
    };
    let int = |of: &dyn Fn(usize) -> Option<i64>| OwnedColumn::Int((0..n).map(of).collect());
    let float = |of: &dyn Fn(usize) -> Option<f64>| OwnedColumn::Float((0..n).map(of).collect());
    let text = |of: &dyn Fn(usize) -> Option<String>| OwnedColumn::Text((0..n).map(of).collect());
    let skewed = |column: u64, row: usize, n: f64| (uniform(column, row).powi(3) * n) as u64;
    let columns = [
        ("id", int(&|row| Some(row as i64))),
        ("age", int(&|row| Some(18 + below(2, row, 70) as i64))),
        (
            "rating",
            int(&|row| (below(3, row, 10) > 0).then(|| 1 + below(4, row, 5) as i64)),
        ),
        (
            "tokens",
            int(&|row| Some((normal(5, row) * 2.0 + 8.0).exp() as i64 * 50)),
        ),
        ("hash", int(&|row| Some(bits(6, row) as i64))),
        ("normal", float(&|row| Some(normal(7, row)))),
        ("amount", float(&|row| Some((normal(8, row) + 3.0).exp()))),
        (
            "price",
            float(&|row| Some((uniform(9, row) * 1e4).round() / 100.0)),
        ),
        (
            "sparse",
            float(&|row| {
                (below(10, row, 5) > 0).then(|| {
                    if below(11, row, 1000) == 0 {
                        f64::NAN
                    } else {
                        normal(12, row)
                    }
                })
            }),
        ),
        (
            "latency_ms",
            float(&|row| Some(-uniform(13, row).max(1e-12).ln() * 40.0)),
        ),
        (
            "country",
            text(&|row| Some(format!("{:02}", skewed(14, row, 60.0)))),
        ),
        (
            "product",
            text(&|row| Some(format!("product category {}", skewed(15, row, 800.0)))),
        ),
        (
            "status",
            text(&|row| {
                (below(16, row, 20) > 0).then(|| {
                    ["ok", "error", "timeout", "retry"][below(17, row, 4) as usize].to_owned()
                })
            }),
        ),
        (
            "name",
            text(&|row| {
                Some(format!(
                    "{} {}",
                    WORDS[below(18, row, 16) as usize],
                    skewed(19, row, 5e5)
                ))
            }),
        ),
        (
            "uuid",
            text(&|row| Some(format!("{:016x}-{:016x}", bits(20, row), bits(21, row)))),
        ),
        (
            "comment",
            text(&|row| Some(words(22, row, 4 + below(23, row, 24)))),
        ),
        (
            "day",
            OwnedColumn::Date(
                (0..n)
                    .map(|row| Some(18_000 + below(24, row, 1500) as i32))
                    .collect(),
            ),
        ),
        (
            "at",
            OwnedColumn::DateTime(
                (0..n)
                    .map(|row| {
                        Some(1_700_000_000_000_000 + bits(25, row) as i64 % 40_000_000_000_000)
                    })
                    .collect(),
            ),
        ),
        (
            "active",
            OwnedColumn::Bool((0..n).map(|row| Some(below(26, row, 3) > 0)).collect()),
        ),
        (
            "churned",
            OwnedColumn::Bool(
                (0..n)
                    .map(|row| (below(27, row, 4) > 0).then(|| below(28, row, 10) == 0))
                    .collect(),
            ),
        ),
    ];
    columns
        .into_iter()
        .map(|(name, column)| (name.to_owned(), column))
        .collect()
}
