//! `profile base 1e6x20`: milliseconds for each column and for the whole.
//!
//! `cargo bench -p sluice-table --bench profile [-- ROWS]`

use std::time::Instant;

use sluice_stats::hash::hash_u64;
use sluice_table::host::PlainHost;
use sluice_table::profile::profile_columns;
use sluice_table::{OwnedColumn, Table};

fn main() {
    let n_rows = std::env::args().filter_map(|arg| arg.parse().ok()).next().unwrap_or(1_000_000);
    let table = Table::from_columns(mixed_columns(n_rows)).expect("columns of one length");
    println!("table of {n_rows} rows, {} MB", table.memory_bytes() >> 20);
    for _ in 0..2 {
        let start = Instant::now();
        let mut last = start;
        let profiles = pollster::block_on(profile_columns(&table, None, &PlainHost, &mut |column| {
            let millis = last.elapsed().as_secs_f64() * 1e3;
            println!("{millis:8.1} ms  {} ({}, {} distinct)", column.name, column.meaning.label(), column.distinct.count);
            last = Instant::now();
        }));
        let n_columns = profiles.expect("nothing cancels").len();
        println!("profile base {n_rows}x{n_columns}: {:.0} ms", start.elapsed().as_secs_f64() * 1e3);
    }
}

/// 20 columns of the kinds that data files have, the same on every run.
fn mixed_columns(n: usize) -> Vec<(String, OwnedColumn)> {
    let bits = |column: u64, row: usize| hash_u64(hash_u64(column) ^ row as u64);
    let uniform = |column: u64, row: usize| (bits(column, row) >> 11) as f64 / (1_u64 << 53) as f64;
    // Sum of uniform numbers: close enough to normal for its cost.
    let normal = |column: u64, row: usize| (0..6).map(|i| uniform(column * 10 + i, row)).sum::<f64>() - 3.0;
    let below = |column: u64, row: usize, n: u64| bits(column, row) % n;
    const WORDS: [&str; 16] = [
        "data", "model", "token", "row", "the", "of", "trace", "latency", "a", "naïve", "and", "service",
        "drift", "filter", "is", "with",
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
        ("rating", int(&|row| (below(3, row, 10) > 0).then(|| 1 + below(4, row, 5) as i64))),
        ("tokens", int(&|row| Some((normal(5, row) * 2.0 + 8.0).exp() as i64 * 50))),
        ("hash", int(&|row| Some(bits(6, row) as i64))),
        ("normal", float(&|row| Some(normal(7, row)))),
        ("amount", float(&|row| Some((normal(8, row) + 3.0).exp()))),
        ("price", float(&|row| Some((uniform(9, row) * 1e4).round() / 100.0))),
        ("sparse", float(&|row| (below(10, row, 5) > 0).then(|| if below(11, row, 1000) == 0 { f64::NAN } else { normal(12, row) }))),
        ("latency_ms", float(&|row| Some(-uniform(13, row).max(1e-12).ln() * 40.0))),
        ("country", text(&|row| Some(format!("{:02}", skewed(14, row, 60.0))))),
        ("product", text(&|row| Some(format!("product category {}", skewed(15, row, 800.0))))),
        ("status", text(&|row| (below(16, row, 20) > 0).then(|| ["ok", "error", "timeout", "retry"][below(17, row, 4) as usize].to_owned()))),
        ("name", text(&|row| Some(format!("{} {}", WORDS[below(18, row, 16) as usize], skewed(19, row, 5e5))))),
        ("uuid", text(&|row| Some(format!("{:016x}-{:016x}", bits(20, row), bits(21, row))))),
        ("comment", text(&|row| Some(words(22, row, 4 + below(23, row, 24))))),
        ("day", OwnedColumn::Date((0..n).map(|row| Some(18_000 + below(24, row, 1500) as i32)).collect())),
        ("at", OwnedColumn::DateTime((0..n).map(|row| Some(1_700_000_000_000_000 + bits(25, row) as i64 % 40_000_000_000_000)).collect())),
        ("active", OwnedColumn::Bool((0..n).map(|row| Some(below(26, row, 3) > 0)).collect())),
        ("churned", OwnedColumn::Bool((0..n).map(|row| (below(27, row, 4) > 0).then(|| below(28, row, 10) == 0)).collect())),
    ];
    columns.into_iter().map(|(name, column)| (name.to_owned(), column)).collect()
}
