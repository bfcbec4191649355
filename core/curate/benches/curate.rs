//! Curation on one thread: MB of text per second and seconds, each beside the bar it has to reach.
//!
//! `cargo bench --workspace --bench curate [-- NAME...] [-- --check]`
//!
//! Names choose rows that contain one of them; without any, all are measured. With `--check` a bar that is missed fails.
//! `SLUICE_BENCH_MEGABYTES` (100) is the size of the corpus, `SLUICE_BENCH_DOCUMENTS` (100000) the number of documents of
//! 1 KB that the refine recipe reads. If `SLUICE_BENCH_FOLDER` is set, both are left there as JSON lines, and the figures
//! as `native.json`. A MB is 10⁶ bytes of UTF-8.

use std::cell::RefCell;
use std::fs;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use serde_json::{Map, json};
use sluice_analysis::{Params, StepId, Value};
use sluice_curate::interchange::data_juicer;
use sluice_curate::operator::{Deduplicate, Prepared};
use sluice_curate::operators;
use sluice_curate::recipe::{self, RecipeCache, RecipeStep};
use sluice_stats::hash::hash_u64;
use sluice_table::host::PlainHost;
use sluice_table::{OwnedColumn, RunContext, Table};

/// An operator and its own parameters as JSON.
type Operator = (&'static str, &'static str);

const TEN_FILTERS: &[Operator] = &[
    ("text_length_filter", "{}"),
    ("alphanumeric_filter", "{}"),
    ("special_characters_filter", "{}"),
    ("average_line_length_filter", "{}"),
    ("maximum_line_length_filter", "{}"),
    ("words_num_filter", "{}"),
    ("character_repetition_filter", "{}"),
    ("word_repetition_filter", "{}"),
    ("stopwords_filter", "{}"),
    ("flagged_words_filter", "{}"),
];

/// FineWeb's rules are datatrove's alone and have no dialect.
const WEB_QUALITY: &[Operator] = &[
    ("gopher_quality_filter", r#"{"dialect": "datatrove"}"#),
    ("gopher_repetition_filter", r#"{"dialect": "datatrove"}"#),
    ("c4_quality_filter", r#"{"dialect": "datatrove"}"#),
    ("fineweb_quality_filter", "{}"),
];

const MINHASH: &str = "document_minhash_deduplicator";
const MINHASH_SLUICE: &[Operator] = &[(
    MINHASH,
    r#"{"dialect": "sluice", "num_permutations": 256, "window_size": 5}"#,
)];
const MINHASH_DATA_JUICER: &[Operator] = &[(
    MINHASH,
    r#"{"dialect": "data-juicer", "num_permutations": 256, "window_size": 5}"#,
)];
/// datatrove's own size: 14 bands of 8 values.
const MINHASH_DATATROVE: &[Operator] = &[(MINHASH, r#"{"dialect": "datatrove", "n_grams": 5}"#)];
const SIMHASH: &[Operator] = &[("document_simhash_deduplicator", "{}")];
const SUBSTRING: &[Operator] = &[("substring_deduplicator", r#"{"min_length": 100}"#)];

const REFINE: &str = include_str!("../src/interchange/fixtures/redpajama-c4-refine.yaml");

/// Corpus size for which the bar in seconds is meant.
const BAR_MEGABYTES: f64 = 100.0;

/// How often a limit is moved; the median counts.
const N_LIMITS: usize = 9;

fn main() -> ExitCode {
    let megabytes: f64 = setting("SLUICE_BENCH_MEGABYTES").unwrap_or(BAR_MEGABYTES);
    let n_documents: usize = setting("SLUICE_BENCH_DOCUMENTS").unwrap_or(100_000);
    let folder: Option<String> = setting("SLUICE_BENCH_FOLDER");
    let args: Vec<String> = std::env::args().skip(1).collect();
    let mut report = Report {
        wanted: args
            .iter()
            .filter(|arg| !arg.starts_with("--"))
            .cloned()
            .collect(),
        rows: Map::new(),
        n_missed: 0,
    };

    let start = Instant::now();
    let texts = corpus((megabytes * 1e6) as usize);
    let documents = documents(n_documents);
    println!(
        "{} texts of {:.1} MB and {n_documents} documents of 1 KB, made in {:.1} s",
        texts.len(),
        size_mb(&texts),
        start.elapsed().as_secs_f64()
    );
    if let Some(folder) = folder.as_deref().map(Path::new) {
        let files = [
            (format!("texts-{megabytes}mb.jsonl"), &texts),
            (format!("documents-{n_documents}.jsonl"), &documents),
        ];
        for (name, texts) in files {
            leave(&folder.join(name), texts).expect("the folder can be written to");
        }
    }
    println!(
        "{:<36}{:>9}{:>10}   {:<24}what",
        "name", "MB/s", "seconds", "bar"
    );
    measure(&mut report, texts);
    refine(&mut report, documents);
    if let Some(folder) = folder {
        let figures = json!({ "megabytes": megabytes, "rows": report.rows });
        fs::write(Path::new(&folder).join("native.json"), figures.to_string())
            .expect("the folder can be written to");
    }
    if report.n_missed > 0 && args.iter().any(|arg| arg == "--check") {
        eprintln!("{} bars are missed", report.n_missed);
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

fn setting<T: std::str::FromStr>(name: &str) -> Option<T> {
    std::env::var(name).ok()?.parse().ok()
}

/// What a figure has to reach.
#[derive(Clone, Copy)]
enum Bar {
    None,
    /// MB per second at least.
    Speed(f64),
    /// Seconds at most.
    Seconds(f64),
    /// Milliseconds at most.
    Millis(f64),
}

struct Report {
    /// Parts of names; all rows if empty.
    wanted: Vec<String>,
    /// Figures by name.
    rows: Map<String, serde_json::Value>,
    n_missed: u32,
}

impl Report {
    fn wants(&self, name: &str) -> bool {
        self.wanted.is_empty() || self.wanted.iter().any(|part| name.contains(part.as_str()))
    }

    fn row(&mut self, name: &str, (mb, seconds): (f64, f64), bar: Bar, what: &str) {
        let speed = mb / seconds;
        let (said, holds) = match bar {
            Bar::None => ("–".to_owned(), None),
            Bar::Speed(least) => (format!("≥ {least} MB/s"), Some(speed >= least)),
            Bar::Seconds(most) => (format!("< {most:.0} s"), Some(seconds < most)),
            Bar::Millis(most) => (format!("< {most} ms"), Some(seconds * 1e3 < most)),
        };
        let verdict = match holds {
            Some(true) => "holds",
            Some(false) => "MISSED",
            None => "",
        };
        self.n_missed += u32::from(holds == Some(false));
        println!("{name:<36}{speed:>9.1}{seconds:>10.3}   {said:<14}{verdict:<10}{what}");
        let figures = json!({ "mb_per_s": speed, "seconds": seconds, "holds": holds });
        self.rows.insert(name.to_owned(), figures);
    }
}

fn measure(report: &mut Report, texts: Vec<String>) {
    let mb = size_mb(&texts);
    let substring_bar = Bar::Seconds(60.0 * mb / BAR_MEGABYTES);
    let table = table(texts);
    let recipes: [(&str, &[Operator], Bar); 7] = [
        ("filters data-juicer 10", TEN_FILTERS, Bar::Speed(30.0)),
        ("filters datatrove quality", WEB_QUALITY, Bar::Speed(10.0)),
        ("minhash sluice clusters", MINHASH_SLUICE, Bar::Speed(15.0)),
        (
            "minhash data-juicer clusters",
            MINHASH_DATA_JUICER,
            Bar::Speed(8.0),
        ),
        (
            "minhash datatrove clusters",
            MINHASH_DATATROVE,
            Bar::Speed(8.0),
        ),
        ("simhash clusters", SIMHASH, Bar::None),
        ("substring 100", SUBSTRING, substring_bar),
    ];
    for (name, operators, bar) in recipes {
        if let Some(stem) = name.strip_suffix(" clusters") {
            let sketch_name = format!("{stem} sketch");
            if report.wants(&sketch_name) {
                let seconds = sketch_seconds(&table, operators);
                report.row(&sketch_name, (mb, seconds), bar, "signatures alone");
            }
        }
        if report.wants(name) {
            let recipe = Recipe::of(operators);
            let start = Instant::now();
            let run = recipe.run(&table, &RefCell::default());
            let seconds = start.elapsed().as_secs_f64();
            let what = format!("keeps {} of {} rows", run.n_kept(), table.n_rows());
            report.row(name, (mb, seconds), bar, &what);
        }
    }
}

/// The recipe of another system over short documents, and again after a limit has moved.
fn refine(report: &mut Report, documents: Vec<String>) {
    let (name, again) = ("recipe redpajama-c4-refine", "recipe decide again");
    if !report.wants(name) && !report.wants(again) {
        return;
    }
    let mb = size_mb(&documents);
    let table = table(documents);
    let mut recipe = Recipe::imported(REFINE);
    let cache = RefCell::default();
    let start = Instant::now();
    let overview = recipe::overview(&recipe.run(&table, &cache));
    let seconds = start.elapsed().as_secs_f64();
    let off: Vec<&str> = overview
        .members
        .iter()
        .zip(&recipe.steps)
        .filter(|(member, _)| !member.is_on)
        .map(|(_, (op, ..))| op.as_str())
        .collect();
    let n_on = overview.members.len() - off.len();
    let n_kept = overview.members.last().map_or(0, |last| last.rows_out);
    let what = format!(
        "keeps {n_kept} of {} rows, {n_on} operators, off: {}",
        table.n_rows(),
        off.join(", ")
    );
    report.row(name, (mb, seconds), Bar::None, &what);

    let moved = "alphanumeric_filter";
    let mut members = overview.members.iter().zip(&recipe.steps);
    let measure = members
        .find(|(_, (op, ..))| op == moved)
        .and_then(|(member, _)| member.measures.first())
        .expect("the filter that is moved has a measure");
    let (mean, deviation) = (measure.mean, measure.deviation);
    let mut seconds = Vec::new();
    let mut kept = Vec::new();
    for i in 0..N_LIMITS {
        // Up to two deviations below the mean: every move decides otherwise about some rows.
        let limit = mean - deviation * (2.0 - 0.2 * i as f64);
        recipe.set(moved, "min_ratio", limit);
        let start = Instant::now();
        let overview = recipe::overview(&recipe.run(&table, &cache));
        seconds.push(start.elapsed().as_secs_f64());
        kept.push(overview.members.last().map_or(0, |last| last.rows_out));
    }
    seconds.sort_by(f64::total_cmp);
    let median = seconds.get(N_LIMITS / 2).copied().unwrap_or_default();
    kept.dedup();
    assert_eq!(kept.len(), N_LIMITS, "every limit decides otherwise");
    let what = format!("{:.1} ms, median of {N_LIMITS}", median * 1e3);
    // The bar is meant for 100,000 rows.
    let bar = if table.n_rows() >= 100_000 {
        Bar::Millis(100.0)
    } else {
        Bar::None
    };
    report.row(again, (mb, median), bar, &what);
}

struct Recipe {
    /// Operator, parameters, and whether it is on.
    steps: Vec<(String, Params, bool)>,
}

impl Recipe {
    fn of(operators: &[Operator]) -> Self {
        let step = |(op, params): &Operator| (op.to_string(), params_of(params), true);
        Self {
            steps: operators.iter().map(step).collect(),
        }
    }

    fn imported(yaml: &str) -> Self {
        let imported = data_juicer::read(yaml).expect("a recipe of Data-Juicer");
        let steps = imported.operators.into_iter();
        Self {
            steps: steps.map(|op| (op.name, op.params, op.enabled)).collect(),
        }
    }

    fn set(&mut self, op: &str, param: &str, value: f64) {
        let step = self.steps.iter_mut().find(|(name, ..)| name == op);
        let (_, params, _) = step.expect("the recipe has the operator");
        params.insert(param.to_owned(), Value::Float(value));
    }

    fn run(&self, table: &Table, cache: &RefCell<RecipeCache>) -> recipe::Run {
        let steps: Vec<RecipeStep<'_>> = (0..)
            .zip(&self.steps)
            .map(|(id, (op, params, enabled))| RecipeStep {
                id: StepId(id),
                op,
                params,
                enabled: *enabled,
                reference: None,
            })
            .collect();
        let context = RunContext {
            host: &PlainHost,
            seed: 7,
            stream_name: "bench".to_owned(),
        };
        let run = recipe::run(table, [1; 32], &steps, cache, &context, None);
        pollster::block_on(run).expect("the steps fit the table")
    }
}

fn params_of(json: &str) -> Params {
    serde_json::from_str(json).expect("parameters of a bench are JSON")
}

fn sketch_seconds(table: &Table, operators: &[Operator]) -> f64 {
    let dedup = deduplicator(operators);
    let texts = table.texts("text").expect("the column of texts");
    let start = Instant::now();
    let sketches: Vec<Option<Vec<u32>>> = texts
        .iter()
        .map(|text| dedup.sketch(text.unwrap_or_default()))
        .collect();
    let seconds = start.elapsed().as_secs_f64();
    assert_eq!(sketches.len(), table.n_rows(), "one signature per text");
    seconds
}

fn deduplicator(operators: &[Operator]) -> Box<dyn Deduplicate> {
    let [(name, params)] = operators else {
        panic!("one deduplicator");
    };
    let operator = operators::named(name).expect("an operator of the registry");
    match operator.prepare(&params_of(params)) {
        Ok(Prepared::Dedup(dedup)) => dedup,
        _ => panic!("{name} is no deduplicator with {params}"),
    }
}

fn table(texts: Vec<String>) -> Table {
    let texts = texts.into_iter().map(Some).collect();
    Table::from_columns(vec![("text".to_owned(), OwnedColumn::Text(texts))]).expect("one column")
}

fn size_mb(texts: &[String]) -> f64 {
    texts.iter().map(String::len).sum::<usize>() as f64 / 1e6
}

fn leave(path: &Path, texts: &[String]) -> std::io::Result<()> {
    let mut file = BufWriter::new(fs::File::create(path)?);
    for text in texts {
        writeln!(file, "{}", json!({ "text": text }))?;
    }
    file.flush()
}

/// Texts of 0.3 to 4 KB, of which one in twenty is a copy of an earlier one and one in five nearly one.
fn corpus(n_bytes: usize) -> Vec<String> {
    let mut writer = Writer::new(1);
    let mut texts: Vec<String> = Vec::new();
    let mut n_left = n_bytes;
    while n_left > 0 {
        let earlier = (!texts.is_empty()).then(|| writer.below(texts.len()));
        let earlier = earlier.and_then(|row| texts.get(row));
        let text = match (writer.below(100), earlier) {
            (0..5, Some(text)) => text.clone(),
            (5..25, Some(text)) => writer.reworded(text),
            _ => {
                // The square makes short texts the most frequent.
                let share = writer.below(1000) as f64 / 1e3;
                writer.text(300 + (3700.0 * share * share) as usize)
            }
        };
        n_left = n_left.saturating_sub(text.len());
        texts.push(text);
    }
    texts
}

fn documents(n: usize) -> Vec<String> {
    let mut writer = Writer::new(2);
    (0..n).map(|_| writer.text(1000)).collect()
}

/// In about the order of their frequency.
const COMMON: &str = "the of and to a in is that for it was on with as by at from be this have or an are not but they \
    which you one we all their has there been if more when will would who so no out up into than them can only other \
    new some time could these two may then do first any my now such like our over man me even most made after also did \
    many before must through back years where much your way well down should because each just those people how too \
    little state good very make world still own see men work long get here between both life being under never day same \
    another know while last might us great old year off come since against go came right used take three";

const STEMS: &str = "act form port press count place build light cover claim mark point state order sound trace change \
    charge play move watch turn serve call check stand pass present print process produce record report rest train \
    water wind yard field garden paper market river summer winter school house road letter number picture plant animal \
    engine machine language question answer weather music story line table window morning village teacher doctor child \
    mother brother island mountain ocean station bridge corner circle square colour metal glass cotton silver signal \
    model method system theory pattern measure value result sample reason matter nature power energy motion science";

const PREFIXES: [&str; 10] = [
    "", "re", "un", "over", "under", "pre", "mis", "inter", "sub", "out",
];

const SUFFIXES: [&str; 10] = [
    "", "s", "ed", "ing", "er", "ment", "less", "able", "ness", "ful",
];

/// What is not plain ASCII in otherwise English texts.
const FOREIGN: [&str; 6] = [
    "a naïve café crème brûlée",
    "die Größe ist übermäßig schön",
    "это текст на русском языке",
    "数据清洗流程的说明文字",
    "“quoted words” — and more…",
    "thanks 😀👍",
];

/// Writes texts, the same ones on every run.
struct Writer {
    /// Number of the next draw.
    at: u64,
    words: Vec<String>,
    /// Sum of the weights of a word and all before it.
    weights: Vec<f64>,
}

impl Writer {
    fn new(seed: u64) -> Self {
        let mut words: Vec<String> = COMMON.split_whitespace().map(str::to_owned).collect();
        for suffix in SUFFIXES {
            for prefix in PREFIXES {
                let derived = STEMS
                    .split_whitespace()
                    .map(|stem| format!("{prefix}{stem}{suffix}"));
                words.extend(derived);
            }
        }
        // Zipf's law with the shift by Mandelbrot that fits English: frequency ∝ 1 / (rank + 2.7).
        let weights = (1..=words.len()).scan(0.0, |sum, rank| {
            *sum += 1.0 / (rank as f64 + 2.7);
            Some(*sum)
        });
        Self {
            at: seed << 40,
            weights: weights.collect(),
            words,
        }
    }

    fn below(&mut self, n: usize) -> usize {
        self.at += 1;
        // Far fewer than 2³² choices: the bias does not show.
        (((hash_u64(self.at) >> 32) * n as u64) >> 32) as usize
    }

    fn word(&mut self) -> usize {
        self.at += 1;
        let share = (hash_u64(self.at) >> 11) as f64 / (1_u64 << 53) as f64;
        let weight = share * self.weights.last().copied().unwrap_or_default();
        let place = self.weights.partition_point(|sum| *sum <= weight);
        place.min(self.words.len() - 1)
    }

    /// `n_bytes` at most; a few less where a character would be cut.
    fn text(&mut self, n_bytes: usize) -> String {
        let mut text = String::with_capacity(n_bytes + 400);
        while text.len() < n_bytes {
            match self.below(20) {
                0..2 => self.list(&mut text),
                2 => self.contact(&mut text),
                _ => self.paragraph(&mut text),
            }
            text.push_str(if self.below(3) == 0 { "\n\n" } else { "\n" });
        }
        text.truncate(text.floor_char_boundary(n_bytes));
        text
    }

    fn paragraph(&mut self, text: &mut String) {
        for i in 0..2 + self.below(5) {
            if i > 0 {
                text.push(' ');
            }
            self.sentence(text);
        }
    }

    fn sentence(&mut self, text: &mut String) {
        let start = text.len();
        for i in 0..5 + self.below(20) {
            if i > 0 {
                text.push_str(if self.below(12) == 0 { ", " } else { " " });
            }
            if self.below(40) == 0 {
                text.push_str(&self.below(3000).to_string());
            } else {
                let word = self.word();
                text.push_str(&self.words[word]);
            }
        }
        if let Some(first) = text.get_mut(start..start + 1) {
            first.make_ascii_uppercase();
        }
        if self.below(25) == 0 {
            let foreign = FOREIGN[self.below(FOREIGN.len())];
            text.push_str(", ");
            text.push_str(foreign);
        }
        text.push_str([".", ".", ".", ".", ".", ".", "?", "!"][self.below(8)]);
    }

    fn list(&mut self, text: &mut String) {
        for i in 0..3 + self.below(5) {
            if i > 0 {
                text.push('\n');
            }
            text.push_str("- ");
            for _ in 0..2 + self.below(6) {
                let word = self.word();
                text.push_str(&self.words[word]);
                text.push(' ');
            }
        }
    }

    /// What cleaning takes out.
    fn contact(&mut self, text: &mut String) {
        let [a, b] = [self.word(), self.word()].map(|word| self.words[word].clone());
        let line = match self.below(3) {
            0 => format!("Write to {a}.{b}@example.org for more."),
            1 => format!(
                "See https://www.example.com/{a}/{b}?id={} for more.",
                self.below(10_000)
            ),
            _ => format!(
                "Copyright © {} {a} {b}. All rights reserved.",
                1990 + self.below(36)
            ),
        };
        text.push_str(&line);
    }

    /// The text with one word in forty replaced: about 0.8 of its runs of five words stay.
    fn reworded(&mut self, text: &str) -> String {
        let mut new = String::with_capacity(text.len() + 64);
        for part in text.split_inclusive(' ') {
            if self.below(40) == 0 && part.ends_with(' ') {
                let word = self.word();
                new.push_str(&self.words[word]);
                new.push(' ');
            } else {
                new.push_str(part);
            }
        }
        new
    }
}
