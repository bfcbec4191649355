//! `cargo bench -p sluice-stats`: nanoseconds per value, best of five runs over a million values.

use std::hint::black_box;
use std::time::Instant;

use sluice_stats::association::spearman;
use sluice_stats::bits::Bitmap;
use sluice_stats::distinct::DistinctCounter;
use sluice_stats::duplicates::{ExampleLimits, RowHashes, fold_column};
use sluice_stats::hash::{hash_bytes, hash_f64, hash_u64};
use sluice_stats::histogram::{BinConfig, BinKind, Bins, count_codes, count_codes_filtered};
use sluice_stats::moments::{CentralMoments, Totals};
use sluice_stats::quantiles::quantiles;
use sluice_stats::random::Stream;
use sluice_stats::text_stats::TextStats;
use sluice_stats::top_values::TopValues;

const N: usize = 1_000_000;

fn main() {
    let mut stream = Stream::named(1, "bench");
    let normal: Vec<f64> = (0..N)
        .filter_map(|_| stream.normal(100.0, 15.0).ok())
        .collect();
    let rounded: Vec<f64> = normal.iter().map(|value| value.round()).collect();
    let integers: Vec<i64> = rounded.iter().map(|&value| value as i64).collect();
    let unique: Vec<u64> = (0..N as u64).map(hash_u64).collect();
    let repeated: Vec<u64> = (0..N as u64)
        .map(|row| hash_u64(hash_u64(row) % 1_000))
        .collect();
    let wide: Vec<u64> = (0..N as u64)
        .map(|row| hash_u64(hash_u64(row) % 60_000))
        .collect();
    let texts: Vec<String> = (0..N / 40)
        .map(|row| format!("the quick brown fox {row:020}"))
        .collect();
    let accented: Vec<String> = texts.iter().map(|text| text.replace('u', "ü")).collect();
    let probs = [0.0, 0.005, 0.05, 0.25, 0.5, 0.75, 0.95, 0.995, 1.0];

    let mut totals = Totals::new();
    totals.update(&normal);
    let bins_of = |kind| {
        Bins::nice(&BinConfig {
            kind,
            min: 20.0,
            max: 180.0,
            target_bins: 40,
        })
    };

    report("totals f64 no nulls", N, || {
        let mut totals = Totals::new();
        totals.update(black_box(&normal));
        totals.sum()
    });
    report("central moments f64 no nulls", N, || {
        let mut central = CentralMoments::new(&totals);
        central.update(black_box(&normal));
        central.finish()
    });
    report("quantiles f64 9 of normal", N, || {
        quantiles(black_box(&normal), &probs)
    });
    report("quantiles f64 9 of few distinct", N, || {
        quantiles(black_box(&rounded), &probs)
    });
    report("quantiles i64 9 of few distinct", N, || {
        quantiles(black_box(&integers), &probs)
    });
    for (condition, keys) in [("1 000", &repeated), ("60 000", &wide), ("all", &unique)] {
        report(&format!("distinct u64 {condition} distinct"), N, || {
            let mut counter = DistinctCounter::new(65_536);
            counter.update(black_box(keys));
            counter.finish()
        });
        report(&format!("top values u64 {condition} distinct"), N, || {
            let mut top = TopValues::new(65_536);
            top.update(black_box(keys), 0);
            top.ranking(20)
        });
    }
    report("hash f64", N, || {
        normal
            .iter()
            .map(|&value| hash_f64(value))
            .fold(0, |a, b| a ^ b)
    });
    report("hash bytes 40 B texts, per text", N / 40, || {
        texts
            .iter()
            .map(|text| hash_bytes(text.as_bytes()))
            .fold(0, |a, b| a ^ b)
    });
    let mut codes = Vec::with_capacity(N);
    for kind in [BinKind::Linear, BinKind::Integer, BinKind::Log10] {
        if let Ok(bins) = bins_of(kind) {
            report(&format!("bin codes f64 {kind:?}"), N, || {
                codes.clear();
                bins.append_codes(black_box(&normal), &mut codes);
                codes.len()
            });
        }
    }
    report("count codes all rows", N, || count_codes(black_box(&codes)));
    for (condition, share) in [
        ("low selectivity (kept 1/64)", 1),
        ("half kept", 32),
        ("63/64 kept", 63),
    ] {
        let selection = Bitmap::from_fn(N, |row| unique[row] % 64 < share);
        report(&format!("count codes filtered {condition}"), N, || {
            count_codes_filtered(black_box(&codes), selection.words())
        });
    }
    report("duplicates fold one column", N, || {
        let mut rows = vec![0; N];
        fold_column(&mut rows, black_box(&repeated));
        rows[N - 1]
    });
    let rows: Vec<u128> = wide
        .iter()
        .map(|&hash| u128::from(hash) << 64 | u128::from(hash))
        .collect();
    report("duplicates count 60 000 distinct", N, || {
        let mut hashes = RowHashes::new();
        hashes.update(black_box(&rows), 0);
        hashes.count(ExampleLimits {
            n_groups: 10,
            n_rows_per_group: 5,
        })
    });
    for (condition, texts) in [("ASCII", &texts), ("Latin", &accented)] {
        report(&format!("text stats {condition}, per byte"), N, || {
            let mut stats = TextStats::new();
            for text in black_box(texts) {
                stats.update(text);
            }
            stats
        });
    }
    report("spearman f64 many ties", N, || {
        spearman(black_box(&rounded), &normal)
    });
    report("random normal", N, || {
        (0..N)
            .filter_map(|_| stream.normal(0.0, 1.0).ok())
            .sum::<f64>()
    });
}

fn report<R>(name: &str, n_values: usize, mut work: impl FnMut() -> R) {
    let nanos = (0..5).map(|_| {
        let start = Instant::now();
        black_box(work());
        start.elapsed().as_nanos() as f64 / n_values as f64
    });
    println!("{name:<48} {:8.2} ns", nanos.fold(f64::INFINITY, f64::min));
}
