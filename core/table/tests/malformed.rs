//! Damaged input of every text format and spreadsheets: each gives a table with issues or an error, and none panics.
//!
//! The corpus is generated: well-formed documents, then seeded damage. `tests/` of other formats reuse [`damage`].

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests may stop at the first fault"
)]

use std::io::Write as _;

use sluice_analysis::{Params, Value};
use sluice_table::read::{fuzz_one, load_bytes};

/// Loads, and says what came of it. A panic fails the test with the input's name.
fn outcome(name: &str, bytes: &[u8], options: &Params) -> &'static str {
    let result = std::panic::catch_unwind(|| load_bytes(name, bytes, options));
    match result {
        Ok(Ok(loaded)) => {
            let kept = loaded.issues.first().len() as u64;
            assert!(
                kept <= loaded.issues.total(),
                "{name}: {kept} issues kept of {}",
                loaded.issues.total()
            );
            if loaded.issues.total() == 0 {
                "table"
            } else {
                "table with issues"
            }
        }
        Ok(Err(error)) => {
            assert!(!error.to_string().is_empty(), "{name}");
            "error"
        }
        Err(_) => panic!("{name} made the reader panic"),
    }
}

/// Seeded splitmix64.
struct Seeded(u64);

impl Seeded {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }
}

/// One kind of damage: a cut, flipped bits, doubled, swapped, deleted or foreign bytes.
fn damage(bytes: &[u8], random: &mut Seeded) -> Vec<u8> {
    let mut out = bytes.to_vec();
    let at = random.below(out.len());
    let len = 1 + random.below(16);
    let end = (at + len).min(out.len());
    match random.below(7) {
        0 => out.truncate(at),
        1 => (0..len).for_each(|_| {
            let at = random.below(out.len());
            out[at] ^= 1 << random.below(8);
        }),
        2 => out.extend_from_within(at..end),
        3 => drop(out.drain(at..end)),
        4 => out
            .splice(at..at, (0..len).map(|_| random.next() as u8))
            .for_each(drop),
        5 => out
            .splice(at..at, std::iter::repeat_n(b"\"\n\0{["[len % 5], len))
            .for_each(drop),
        _ => out[at..end].fill(0),
    }
    out
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

/// Well-formed documents of every format.
fn documents() -> Vec<(&'static str, Vec<u8>)> {
    let csv: String = std::iter::once("id,name,score,day\n".to_owned())
        .chain((0..200).map(|row| {
            format!(
                "{row},\"name, {row}\",{}.5,2020-01-{:02}\n",
                row * 3,
                1 + row % 28
            )
        }))
        .collect();
    let jsonl: String = (0..100)
        .map(|row| format!("{{\"id\": {row}, \"t\": [1, {row}], \"m\": {{\"x\": \"é{row}\"}}}}\n"))
        .collect();
    let json = format!("[{}]", jsonl.trim_end().replace('\n', ","));
    let utf_16: Vec<u8> = format!("\u{FEFF}{csv}")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    vec![
        ("t.csv", csv.clone().into_bytes()),
        ("t.tsv", csv.replace(',', "\t").into_bytes()),
        ("t.jsonl", jsonl.clone().into_bytes()),
        ("t.json", json.into_bytes()),
        ("t.log", csv.replace(',', " ").into_bytes()),
        ("utf16.csv", utf_16),
        ("t.csv.gz", gzip(csv.as_bytes())),
        ("t.jsonl.zst", zstd(jsonl.as_bytes())),
    ]
}

#[test]
fn damaged_documents_never_panic() {
    let mut random = Seeded(7);
    let mut outcomes = std::collections::BTreeMap::new();
    for (name, bytes) in documents() {
        assert_eq!(
            outcome(name, &bytes, &Params::new()),
            "table",
            "{name} itself"
        );
        for number in 0..40 {
            let mut damaged = damage(&bytes, &mut random);
            // Some inputs are damaged more than once.
            for _ in 0..number % 3 {
                damaged = damage(&damaged, &mut random);
            }
            let label = format!("{name} damage {number}");
            *outcomes
                .entry((name, outcome(&label, &damaged, &Params::new())))
                .or_insert(0) += 1;
            // The same bytes under the name of the format, so that its reader is reached even if sniffing balks.
            let format = name
                .split('.')
                .nth(1)
                .unwrap_or_default()
                .replace("tsv", "csv")
                .replace("log", "lines");
            let forced = Params::from([("format".to_owned(), Value::from(format))]);
            outcome(&label, &damaged, &forced);
        }
    }
    println!("{outcomes:#?}");
}

#[test]
fn hand_made_malice_is_survived() {
    let long_line = "x".repeat(9 << 20);
    let many_columns = format!("{}\n{}\n", ",".repeat(50_000), "1,".repeat(50_000));
    let same_names = format!("{}\n{}\n", "a,".repeat(2000), "1,".repeat(2000));
    let object = |row: usize| {
        let fields: Vec<String> = (0..2000)
            .map(|key| format!("\"key{row}_{key}\": {key}"))
            .collect();
        format!("{{{}}}\n", fields.join(", "))
    };
    let wide_objects: String = (0..3).map(object).collect();
    let bomb = gzip(&vec![b'a'; 70 << 20]);
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("empty.csv", Vec::new(), "error"),
        ("nul.csv", vec![0; 1000], "error"),
        (
            "binary.csv",
            (0..=255).cycle().take(5000).collect(),
            "error",
        ),
        ("one_byte.csv", b"a".to_vec(), "table"),
        ("newlines.csv", b"\n\n\n".to_vec(), "table with issues"),
        ("bom_only.csv", b"\xEF\xBB\xBF".to_vec(), "table"),
        ("quote.csv", b"\"".to_vec(), "table with issues"),
        (
            "long_line.csv",
            format!("a,b\n{long_line},1\n2,3\n").into_bytes(),
            "table with issues",
        ),
        (
            "long_line.log",
            long_line.clone().into_bytes(),
            "table with issues",
        ),
        ("many_columns.csv", many_columns.into_bytes(), "table"),
        (
            "same_names.csv",
            same_names.into_bytes(),
            "table with issues",
        ),
        ("nan.csv", b"a,b\nNaN,inf\n-inf,1e400\n".to_vec(), "table"),
        ("wide.jsonl", wide_objects.into_bytes(), "table with issues"),
        ("deep.json", vec![b'['; 100_000], "error"),
        ("deep_objects.jsonl", b"{\"a\":".repeat(1000), "error"),
        (
            "nan.json",
            b"[{\"a\": NaN}, {\"a\": Infinity}]".to_vec(),
            "table with issues",
        ),
        (
            "open.json",
            b"[{\"a\": 1}, {\"a\": ".to_vec(),
            "table with issues",
        ),
        (
            "twice.jsonl",
            b"{\"a\": 1, \"a\": 2}\n".to_vec(),
            "table with issues",
        ),
        (
            "lone_surrogate.jsonl",
            b"{\"a\": \"\\ud800\"}\n{\"a\": \"x\"}\n".to_vec(),
            "table with issues",
        ),
        ("bomb.csv.gz", bomb, "table with issues"),
        ("not.csv.gz", b"\x1F\x8Bnot gzip at all".to_vec(), "error"),
        ("not.csv.zst", b"\x28\xB5\x2F\xFDnot zstd".to_vec(), "error"),
        (
            "not.xlsx",
            b"PK\x03\x04[Content_Types].xml".to_vec(),
            "error",
        ),
        ("not.zip", b"PK\x03\x04readme.txt".to_vec(), "error"),
    ];
    let outcomes: Vec<_> = cases
        .iter()
        .map(|(name, bytes, _)| (*name, outcome(name, bytes, &Params::new())))
        .collect();
    let expected: Vec<_> = cases
        .iter()
        .map(|(name, _, expected)| (*name, *expected))
        .collect();
    assert_eq!(outcomes, expected);
}

#[test]
fn packed_files_keep_what_came_before_the_fault() {
    let csv: String = std::iter::once("id,x\n".to_owned())
        .chain((0..50_000).map(|row| format!("{row},{}\n", row * 7919 % 10_007)))
        .collect();
    for (name, packed) in [
        ("t.csv.gz", gzip(csv.as_bytes())),
        ("t.csv.zst", zstd(csv.as_bytes())),
    ] {
        let whole = load_bytes(name, &packed, &Params::new()).unwrap();
        assert_eq!(
            (whole.table.n_rows(), whole.issues.total()),
            (50_000, 0),
            "{name}"
        );
        let cut = load_bytes(name, &packed[..packed.len() * 2 / 3], &Params::new()).unwrap();
        assert!(
            (1000..50_000).contains(&cut.table.n_rows()),
            "{name}: {} rows",
            cut.table.n_rows()
        );
        assert!(
            cut.issues
                .first()
                .iter()
                .any(|issue| issue.reason.contains("only a part")),
            "{name}"
        );
        // Two members one after another are one text.
        let twice = [packed.as_slice(), packed.as_slice()].concat();
        let rows = load_bytes(name, &twice, &Params::new())
            .unwrap()
            .table
            .n_rows();
        assert_eq!(rows, 100_001, "{name}: the second header is a row");
    }
}

#[test]
fn the_seeds_of_the_fuzzer_replay() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/seeds/load_table");
    let mut n_seeds = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let seed = std::fs::read(entry.unwrap().path()).unwrap();
        fuzz_one(&seed);
        let mut random = Seeded(n_seeds);
        (0..20).for_each(|_| fuzz_one(&damage(&seed, &mut random)));
        n_seeds += 1;
    }
    assert!(n_seeds >= 10, "{n_seeds} seeds in {folder}");
}
