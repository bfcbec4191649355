//! Damaged Parquet and Arrow files: each gives an error or what is left of the table, and none panics.

#![expect(clippy::unwrap_used, reason = "helpers of a test fail it by panicking")]

use std::cell::Cell;
use std::path::Path;
use std::rc::Rc;

use sluice_analysis::Params;
use sluice_table::host::{MemorySource, PlainHost};
use sluice_table::{ByteSource, Loaded, TableError, cells, read};

fn fixture(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/columnar")
        .join(name);
    std::fs::read(path).unwrap()
}

/// Loads as the format of the name's ending, whatever a damaged beginning looks like.
fn load(name: &str, bytes: Vec<u8>) -> Result<Loaded, TableError> {
    let source: Rc<dyn ByteSource> = Rc::new(MemorySource::new(name, bytes));
    let format = if name.ends_with("parquet") {
        "parquet"
    } else {
        "ipc"
    };
    let options = Params::from([("format".to_owned(), format.into())]);
    pollster::block_on(read::load(&[source], &options, &PlainHost))
}

/// SplitMix64: the tests need numbers that are spread out and always the same.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % limit as u64) as usize
    }
}

const FILES: [&str; 14] = [
    "none.parquet",
    "snappy.parquet",
    "gzip.parquet",
    "brotli.parquet",
    "zstd.parquet",
    "lz4.parquet",
    "pages_v2.parquet",
    "plain.parquet",
    "int96.parquet",
    "delta.parquet",
    "uncompressed.arrow",
    "lz4.arrow",
    "zstd.arrow",
    "stream.arrows",
];

thread_local! {
    /// Panics that the loader has caught; in wasm each would have cost a worker.
    static N_PANICS: Cell<usize> = const { Cell::new(0) };
}

/// Loads damaged bytes and looks at every cell of what came out.
fn survive(name: &str, bytes: Vec<u8>, what: &str) -> bool {
    let n_panics = N_PANICS.get();
    let result = load(name, bytes);
    if N_PANICS.get() > n_panics {
        eprintln!("in {name}, {what}");
    }
    let Ok(loaded) = result else { return false };
    let table = &loaded.table;
    let names: Vec<String> = table
        .column_names()
        .into_iter()
        .map(str::to_owned)
        .collect();
    let rows: Vec<u64> = (0..table.n_rows() as u64).collect();
    let cells = cells::cells(table, &rows, &names)
        .unwrap_or_else(|error| panic!("{name}, {what}: {error}"));
    assert!(
        cells.iter().all(|column| column.cells.len() == rows.len()),
        "{name}, {what}"
    );
    true
}

/// Runs `damage` with the number of panics counted, which must stay at `n_allowed`.
fn count_panics(damage: impl FnOnce()) -> usize {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(|info| {
        N_PANICS.set(N_PANICS.get() + 1);
        eprintln!("caught: {info}");
    }));
    N_PANICS.set(0);
    damage();
    std::panic::set_hook(before);
    N_PANICS.get()
}

#[test]
fn no_damage_panics() {
    let n_cases = std::env::var("SLUICE_MALFORMED_CASES")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(24);
    let mut numbers = Numbers(20_261_120);
    let n_panics = count_panics(|| {
        for name in FILES {
            let whole = fixture(name);
            let mut n_read = 0;
            for _ in 0..n_cases {
                let end = numbers.below(whole.len());
                n_read += usize::from(survive(
                    name,
                    whole[..end].to_vec(),
                    &format!("cut at {end}"),
                ));
                let mut flipped = whole.clone();
                let n_flips = 1 + numbers.below(4);
                let flips: Vec<(usize, usize)> = (0..n_flips)
                    .map(|_| (numbers.below(whole.len()), numbers.below(8)))
                    .collect();
                flips.iter().for_each(|&(at, bit)| flipped[at] ^= 1 << bit);
                n_read += usize::from(survive(name, flipped, &format!("flips {flips:?}")));
                let mut overwritten = whole.clone();
                let at = numbers.below(whole.len());
                let value = [0x00, 0xff, 0x7f, 0x80][numbers.below(4)];
                overwritten
                    .iter_mut()
                    .skip(at)
                    .take(1 + numbers.below(9))
                    .for_each(|byte| *byte = value);
                n_read += usize::from(survive(name, overwritten, &format!("{value:#x} at {at}")));
            }
            eprintln!("{name}: {n_read} of {} gave a table", 3 * n_cases);
        }
    });
    assert_eq!(
        n_panics, 0,
        "panics were caught; in wasm each costs a worker"
    );
}

#[test]
fn files_that_are_hardly_there_are_errors() {
    for (name, start) in [
        ("a.parquet", &b"PAR1"[..]),
        ("a.arrow", b"ARROW1\0\0"),
        ("a.arrows", b"\xff\xff\xff\xff"),
    ] {
        for n_bytes in 0..40 {
            for byte in [0x00, 0x7f, 0xff, b'P'] {
                let bytes: Vec<u8> = start
                    .iter()
                    .copied()
                    .chain(std::iter::repeat(byte))
                    .take(n_bytes)
                    .collect();
                assert!(
                    load(name, bytes).is_err(),
                    "{name}, {n_bytes} bytes of {byte:#x}"
                );
            }
        }
    }
}

#[test]
fn errors_say_what_to_do() {
    let mut encrypted = fixture("none.parquet");
    let end = encrypted.len();
    encrypted[end - 4..].copy_from_slice(b"PARE");
    let error = load("e.parquet", encrypted).unwrap_err().to_string();
    assert!(error.contains("without encryption"), "{error}");
    let mut footer = fixture("none.parquet");
    footer[end - 8..end - 4].fill(0xff);
    let error = load("f.parquet", footer).unwrap_err().to_string();
    assert!(error.contains("copy or download it again"), "{error}");
    let error = load("f.arrow", b"FEA1 and more bytes".to_vec())
        .unwrap_err()
        .to_string();
    assert!(error.contains("version 1"), "{error}");
}
