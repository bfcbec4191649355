//! Time to read generated files: `cargo bench -p sluice-table --bench read`.
//!
//! Each line is `operation format shape`, seconds of the best of three runs, and MB/s of text.

#![expect(
    clippy::unwrap_used,
    reason = "a benchmark may stop at the first fault"
)]

use std::fmt::Write as _;
use std::hint::black_box;
use std::rc::Rc;
use std::time::Instant;

use sluice_table::host::{MemorySource, PlainHost};
use sluice_table::{ByteSource, read};

fn main() {
    let csv = mixed_csv(1_000_000);
    let bytes: Rc<[u8]> = csv.as_bytes().into();
    time("read csv 1e6x20 mixed", "mixed.csv", &bytes);
    let quoted: Rc<[u8]> = quoted_csv(1_000_000).into_bytes().into();
    time("read csv 1e6x4 quoted", "quoted.csv", &quoted);
    let jsonl: Rc<[u8]> = mixed_jsonl(300_000).into_bytes().into();
    time("read jsonl 3e5x8 mixed", "mixed.jsonl", &jsonl);
    time("read lines 1e6 lines", "mixed.log", &bytes);
    scan("split csv-core 1e6x20 (the scanner alone)", &csv);
}

fn time(name: &str, file: &str, bytes: &Rc<[u8]>) {
    let source: Rc<dyn ByteSource> = Rc::new(MemorySource {
        name: file.to_owned(),
        bytes: Rc::clone(bytes),
    });
    let mut best_secs = f64::INFINITY;
    let mut shape = (0, 0, 0);
    for _ in 0..3 {
        let start = Instant::now();
        let loaded = pollster::block_on(read::load(
            &[Rc::clone(&source)],
            &Default::default(),
            &PlainHost,
        ))
        .unwrap();
        best_secs = best_secs.min(start.elapsed().as_secs_f64());
        shape = (
            loaded.table.n_rows(),
            loaded.table.n_columns(),
            loaded.table.memory_bytes(),
        );
        black_box(loaded);
    }
    let megabytes = bytes.len() as f64 / 1e6;
    println!(
        "{name}: {best_secs:.3} s, {:.0} MB/s ({megabytes:.0} MB to {} rows, {} columns, {:.2} bytes in memory per byte)",
        megabytes / best_secs,
        shape.0,
        shape.1,
        shape.2 as f64 / bytes.len() as f64,
    );
}

/// What the `csv-core` state machine needs for the same text, writing nothing but field ends.
fn scan(name: &str, csv: &str) {
    let mut reader = csv_core::Reader::new();
    let (mut fields, mut ends) = (vec![0; 1 << 16], vec![0; 64]);
    let mut rest = csv.as_bytes();
    let mut n_records = 0;
    let start = Instant::now();
    loop {
        let (result, n_in, _, _) = reader.read_record(rest, &mut fields, &mut ends);
        rest = &rest[n_in..];
        match result {
            csv_core::ReadRecordResult::Record => n_records += 1,
            csv_core::ReadRecordResult::End => break,
            _ => {}
        }
    }
    let secs = start.elapsed().as_secs_f64();
    println!(
        "{name}: {secs:.3} s, {:.0} MB/s ({n_records} records)",
        csv.len() as f64 / 1e6 / secs
    );
}

/// A splitmix64 step, enough for test data.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

const WORDS: [&str; 8] = [
    "alpha",
    "beta",
    "gamma",
    "delta",
    "a somewhat longer category",
    "epsilon",
    "zeta",
    "eta with words",
];

/// 20 columns: 7 integers, 6 floats, 5 texts, a date and a date-time; about 163 bytes per row.
fn mixed_csv(n_rows: usize) -> String {
    let mut out = String::from("id,i1,i2,i3,i4,i5,i6,f1,f2,f3,f4,f5,f6,t1,t2,t3,t4,t5,day,at\n");
    let mut state = 1;
    for row in 0..n_rows {
        let mut r = || next(&mut state);
        write!(
            out,
            "{row},{},{},{},{},{},",
            r() % 10,
            r() % 100,
            r() % 10_000,
            r() % 1_000_000,
            r() % 3
        )
        .unwrap();
        write!(out, "{},", (r() % 2_000_000) as i64 - 1_000_000).unwrap();
        write!(
            out,
            "{:.3},{:.6},{:.2},",
            r() as f64 / 1e19,
            r() as f64 / 1e17,
            r() as f64 / 1e16
        )
        .unwrap();
        write!(
            out,
            "{:.4},{},{:.1},",
            r() as f64 / 1e18,
            r() % 100,
            r() as f64 / 1e15
        )
        .unwrap();
        write!(
            out,
            "{},{},",
            WORDS[(r() % 8) as usize],
            WORDS[(r() % 3) as usize]
        )
        .unwrap();
        write!(
            out,
            "user_{},{:x},{},",
            r() % 100_000,
            r() >> 40,
            WORDS[(r() % 8) as usize]
        )
        .unwrap();
        let (month, day) = (1 + r() % 12, 1 + r() % 28);
        writeln!(
            out,
            "2023-{month:02}-{day:02},2024-{month:02}-{day:02}T{:02}:{:02}:{:02}",
            r() % 24,
            r() % 60,
            r() % 60
        )
        .unwrap();
    }
    out
}

/// Every text quoted, with commas, doubled quotes and line ends inside.
fn quoted_csv(n_rows: usize) -> String {
    let mut out = String::from("id,\"title\",\"body\",score\n");
    let mut state = 2;
    for row in 0..n_rows {
        let mut r = || next(&mut state);
        let (a, b) = (WORDS[(r() % 8) as usize], WORDS[(r() % 8) as usize]);
        writeln!(
            out,
            "{row},\"{a}, {b}\",\"he said \"\"{b}\"\"\nand left\",{}",
            r() % 1000
        )
        .unwrap();
    }
    out
}

fn mixed_jsonl(n_rows: usize) -> String {
    let mut out = String::new();
    let mut state = 3;
    for row in 0..n_rows {
        let mut r = || next(&mut state);
        writeln!(
            out,
            "{{\"id\": {row}, \"text\": \"{} {}\", \"score\": {:.4}, \"ok\": {}, \"meta\": {{\"lang\": \"en\", \"n\": {}}}, \"ids\": [{}, {}, {}], \"note\": null}}",
            WORDS[(r() % 8) as usize],
            WORDS[(r() % 8) as usize],
            r() as f64 / 1e19,
            r() % 2 == 0,
            r() % 50,
            r() % 100,
            r() % 100,
            r() % 100
        )
        .unwrap();
    }
    out
}
