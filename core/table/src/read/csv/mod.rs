//! CSV and its relatives, slice by slice.
//!
//! Two passes at most: the first reads every column as the sample's type; columns whose values turn out to need
//! another type are read again, alone, in the second. A value becomes null only if it is listed as an issue.

mod dialect;
mod infer;
mod pass;
mod slice;
mod split;
mod wire;

use std::collections::BTreeMap;

use sluice_analysis::{Params, Value};
use sluice_protocol::load::{Guess, LoadEstimate, LoadIssue};

pub(crate) use dialect::regularity;

use self::dialect::{Layout, layout};
use self::infer::{Evidence, kind_of_classes};
use self::pass::{Pass, PassPlan, read_pass};
use self::slice::SlicePlan;
use self::split::{Fields, ProblemKind, Shape};
use crate::error::TableError;
use crate::host::{ByteSource, Host, Kernel};
use crate::load::Loaded;
use crate::read::block::{Part, READ_BYTES};
use crate::read::column::{Builder, Kind};
use crate::read::encoding;
use crate::read::names;
use crate::read::options::{Compression, LoadOptions};
use crate::read::report::{estimate_from, guess, issue, part_to_read, sampling, sorted_issues};
use crate::read::sniff::{Head, extension};
use crate::read::values::{Class, NULL_WORDS, are_few};
use crate::table::Table;
use encoding_rs::UTF_8;
use polars_core::prelude::DataFrame;

/// Reads complete records: parameters are a [`SlicePlan`], the chunk is their text, the result a flat slice table.
pub(crate) const SLICE_KERNEL: Kernel = Kernel { name: "csv-slice", run: run_slice };

fn run_slice(params: &[u8], chunk: &[u8]) -> Result<Vec<u8>, TableError> {
    let plan: SlicePlan = postcard::from_bytes(params)
        .map_err(|error| TableError::Internal { context: "a slice's plan", reason: error.to_string() })?;
    let (text, n_replaced) = encoding::repaired(chunk);
    let (mut table, _) = slice::parse(&text, 0, usize::MAX, &plan, true);
    table.n_replaced = n_replaced;
    wire::encode(&table)
}

/// The decisions about a file: its layout, its names, its types.
struct Sniffed {
    layout: Layout,
    names: Vec<String>,
    renamed: Vec<names::Renamed>,
    /// By column; `None` where the sample has no value to judge by.
    kinds: Vec<Option<Kind>>,
}

/// The guesses about a CSV file beyond its format.
pub(crate) async fn sniff(
    source: &dyn ByteSource,
    head: &Head,
    options: &LoadOptions,
) -> Result<Vec<Guess>, TableError> {
    Ok(decide(source, head, options).await?.layout.guesses)
}

/// Expected memory, from the sample's rows measured in memory.
pub(crate) async fn estimate(
    source: &dyn ByteSource,
    head: &Head,
    options: &LoadOptions,
    host: &dyn Host,
) -> Result<LoadEstimate, TableError> {
    let sniffed = decide(source, head, options).await?;
    Ok(estimate_of(source, head, options, &sniffed, host))
}

pub(crate) async fn load(
    source: &dyn ByteSource,
    head: Head,
    options: &LoadOptions,
    host: &dyn Host,
) -> Result<Loaded, TableError> {
    load_in_blocks(source, &head, options, host, READ_BYTES).await
}

/// [`load`] with the size of the blocks chosen, which must not show in the result.
async fn load_in_blocks(
    source: &dyn ByteSource,
    head: &Head,
    options: &LoadOptions,
    host: &dyn Host,
    read_bytes: u64,
) -> Result<Loaded, TableError> {
    let mut sniffed = decide(source, head, options).await?;
    let kept = kept_columns(&sniffed.names, options)?;
    let estimate = estimate_of(source, head, options, &sniffed, host);
    let part = part_to_read(source.name(), &estimate, options, head.text_bytes(source))?;

    // Without any value in the sample a column starts as integers; the first pass shows what it needs.
    let kinds_first: Vec<Option<Kind>> = (0..sniffed.names.len())
        .map(|column| kept.contains(&column).then(|| sniffed.kinds[column].unwrap_or(Kind::Integer)))
        .collect();
    let mut plan = PassPlan {
        slice: SlicePlan {
            dialect: sniffed.layout.dialect,
            kinds: kinds_first.clone(),
            null_values: options.null_values.clone(),
        },
        part: part.clone(),
        read_bytes,
        skip_lines: options.skip_rows,
        skip_header: sniffed.layout.has_header,
        n_rows_hint: rows_hint(source, head, &part, &sniffed),
        stage: format!("reading {}", source.name()),
    };
    let mut first = read_pass(source, head, &plan, host).await?;
    let again = kinds_to_read_again(&first, &sniffed, options, &kinds_first);
    if !again.is_empty() {
        plan.slice.kinds = (0..sniffed.names.len()).map(|column| again.get(&column).copied()).collect();
        plan.n_rows_hint = first.n_rows;
        plan.stage = format!("reading {} again for {}", source.name(), listed(&again, &sniffed.names));
        let second = read_pass(source, head, &plan, host).await?;
        for (column, state) in second.columns.into_iter().enumerate() {
            if again.contains_key(&column) {
                first.columns[column] = state;
            }
        }
    }

    let mut guesses = head.guesses.clone();
    guesses.append(&mut sniffed.layout.guesses);
    guesses.extend(later_guesses(&first, &sniffed, options, &again));
    let (issues, n_uncounted) = issues_of(source.name(), &first, &sniffed);
    let share = first.share;
    let n_rows = first.n_rows;
    let mut columns: Vec<Option<Builder>> = first.columns.into_iter().map(|state| state.builder).collect();
    let mut finished = Vec::with_capacity(kept.len());
    for column in kept {
        let Some(mut builder) = columns[column].take() else { continue };
        if !builder.has_values() && !options.types.contains_key(&sniffed.names[column]) {
            builder = Builder::new(Kind::Text, 0);
            builder.push_nulls(n_rows);
        }
        finished.push(builder.finish(&sniffed.names[column])?);
    }
    let frame = DataFrame::new(n_rows, finished)
        .map_err(|error| TableError::Internal { context: "building a table", reason: error.to_string() })?;
    Ok(Loaded {
        table: Table::from_frame(frame),
        format: head.format.name().to_owned(),
        guesses,
        issues: sorted_issues(issues, n_uncounted),
        sampling: sampling(&part, share),
    })
}

async fn decide(source: &dyn ByteSource, head: &Head, options: &LoadOptions) -> Result<Sniffed, TableError> {
    let layout = layout(&head.sample, head.is_whole, &extension(source.name()), options);
    let given = if layout.has_header { layout.header.clone() } else { names::numbered(layout.n_columns) };
    let (names, renamed) = names::usable(&given);
    let mut evidence = vec![Evidence::default(); layout.n_columns];
    let (body, _) = dialect::skip_lines(&head.sample, options.skip_rows);
    add_evidence(body, head.is_whole, usize::from(layout.has_header), &layout, options, &mut evidence);
    for probe in probes(source, head).await? {
        let text = encoding::repaired(&probe).0;
        let start = pass::record_start(text.as_bytes(), &layout.dialect, layout.n_columns);
        add_evidence(text.get(start..).unwrap_or_default(), false, 0, &layout, options, &mut evidence);
    }
    let kinds = names
        .iter()
        .zip(&evidence)
        .map(|(name, evidence)| options.types.get(name).copied().or_else(|| evidence.kind()))
        .collect();
    if let Some(unknown) = options.types.keys().find(|name| !names.contains(name)) {
        return Err(TableError::NoColumn { column: unknown.clone(), available: names.join(", ") });
    }
    Ok(Sniffed { layout, names, renamed, kinds })
}

/// Number and size of the looks into the rest of a file, evenly spaced.
const N_PROBES: u64 = 8;
const PROBE_BYTES: u64 = 32 << 10;

async fn probes(source: &dyn ByteSource, head: &Head) -> Result<Vec<Vec<u8>>, TableError> {
    let size = source.size_bytes();
    let mut probes = Vec::new();
    // Packed text cannot be entered in the middle, and other encodings are left to the second pass.
    if head.compression != Compression::None || head.encoding != UTF_8 || head.is_whole {
        return Ok(probes);
    }
    for number in 1..=N_PROBES {
        let start = (size / (N_PROBES + 1)).saturating_mul(number);
        if start > head.sample.len() as u64 {
            probes.push(source.read(start..start.saturating_add(PROBE_BYTES)).await?);
        }
    }
    Ok(probes)
}

/// Records of a sample that are judged.
const RECORDS_JUDGED: usize = 2000;

fn add_evidence(
    text: &str,
    is_whole: bool,
    n_header_rows: usize,
    layout: &Layout,
    options: &LoadOptions,
    evidence: &mut [Evidence],
) {
    let mut fields = Fields::default();
    let shape = Shape::Columns(layout.n_columns);
    split::split(text.as_bytes(), 0, &layout.dialect, shape, RECORDS_JUDGED, is_whole, &mut fields);
    let rows = fields.spans.chunks_exact(layout.n_columns).skip(n_header_rows);
    for row in rows {
        for (span, evidence) in row.iter().zip(evidence.iter_mut()) {
            evidence.add(span.bytes(text.as_bytes()), layout.dialect.decimal, options.null_values.as_deref());
        }
    }
}

/// Numbers of the columns to keep, in the order wanted.
fn kept_columns(names: &[String], options: &LoadOptions) -> Result<Vec<usize>, TableError> {
    let Some(wanted) = &options.columns else { return Ok((0..names.len()).collect()) };
    let find = |column: &String| {
        names.iter().position(|name| name == column).ok_or_else(|| TableError::NoColumn {
            column: column.clone(),
            available: names.join(", "),
        })
    };
    let mut kept: Vec<usize> = Vec::with_capacity(wanted.len());
    for column in wanted {
        let found = find(column)?;
        if !kept.contains(&found) {
            kept.push(found);
        }
    }
    Ok(kept)
}

/// Memory of the table: the sample's rows are read, and their size in memory is scaled to the whole text.
fn estimate_of(
    source: &dyn ByteSource,
    head: &Head,
    options: &LoadOptions,
    sniffed: &Sniffed,
    host: &dyn Host,
) -> LoadEstimate {
    let kinds: Vec<Option<Kind>> = (0..sniffed.names.len())
        .map(|column| {
            let is_kept = options.columns.as_ref().is_none_or(|kept| kept.contains(&sniffed.names[column]));
            is_kept.then(|| sniffed.kinds[column].unwrap_or(Kind::Text))
        })
        .collect();
    let plan = SlicePlan { dialect: sniffed.layout.dialect, kinds, null_values: None };
    let (body, _) = dialect::skip_lines(&head.sample, options.skip_rows);
    let (table, n_bytes) = slice::parse(body, 0, usize::MAX, &plan, true);
    let scale = head.text_bytes(source) as f64 / n_bytes.max(1) as f64;
    let columns: Vec<(String, u64)> = sniffed
        .names
        .iter()
        .zip(&table.columns)
        .map(|(name, column)| (name.clone(), (column.values.table_bytes() as f64 * scale) as u64))
        .filter(|(_, bytes)| *bytes > 0)
        .collect();
    let memory_bytes = columns.iter().map(|(_, bytes)| bytes).sum();
    estimate_from(source.size_bytes(), memory_bytes, host.memory_budget_bytes(), true, columns)
}

/// How many rows to make room for; 0 where it cannot be known closely.
fn rows_hint(source: &dyn ByteSource, head: &Head, part: &Part, sniffed: &Sniffed) -> usize {
    if *part != Part::All || head.compression != Compression::None || head.is_whole {
        return 0;
    }
    let mut fields = Fields::default();
    let dialect = &sniffed.layout.dialect;
    let n_bytes =
        split::split(head.sample.as_bytes(), 0, dialect, Shape::EndsOnly, usize::MAX, false, &mut fields);
    let rows = fields.n_rows as f64 * source.size_bytes() as f64 / n_bytes.max(1) as f64;
    // Room for one row in fifty more than the sample says is cheaper than moving every column once.
    (rows * 1.02) as usize
}

/// Columns whose values did not fit the type they were read as, with the type that fits.
fn kinds_to_read_again(
    first: &Pass,
    sniffed: &Sniffed,
    options: &LoadOptions,
    kinds_first: &[Option<Kind>],
) -> BTreeMap<usize, Kind> {
    let mut again = BTreeMap::new();
    for (column, state) in first.columns.iter().enumerate() {
        let Some(kind_first) = kinds_first[column] else { continue };
        let stats = &state.stats;
        if options.types.contains_key(&sniffed.names[column]) {
            continue;
        }
        let n_values = state.n_values + stats.n_misfits;
        let has_identifier = stats.seen & Class::Identifier.bit() != 0;
        let lost_exactness = kind_first == Kind::Integer && stats.inexact && state.kind() == Some(Kind::Float);
        let is_wrong = stats.n_misfits > 0 && (has_identifier || !are_few(stats.n_misfits, n_values));
        if is_wrong || lost_exactness || state.is_abandoned {
            let only_misfits = state.n_values == 0 && !state.is_abandoned;
            again.insert(column, if only_misfits { kind_of_classes(stats.seen) } else { Kind::Text });
        }
    }
    again
}

fn listed(columns: &BTreeMap<usize, Kind>, names: &[String]) -> String {
    let names: Vec<&str> = columns.keys().filter_map(|column| names.get(*column)).map(String::as_str).collect();
    match names.as_slice() {
        [first, second, third, rest @ ..] if !rest.is_empty() => {
            format!("{first}, {second}, {third} and {} more", rest.len())
        }
        names => names.join(", "),
    }
}

/// What only reading showed: the words for a missing value, and types that the sample had wrong.
fn later_guesses(
    pass: &Pass,
    sniffed: &Sniffed,
    options: &LoadOptions,
    again: &BTreeMap<usize, Kind>,
) -> Vec<Guess> {
    let words: Vec<Value> = match &options.null_values {
        Some(words) => words.iter().map(|word| Value::from(word.as_str())).collect(),
        None => {
            let met = pass.columns.iter().fold(0, |met, state| met | state.stats.null_words);
            let is_met = |at: &usize| met & (1 << at) != 0;
            NULL_WORDS.iter().enumerate().filter(|(at, _)| is_met(at)).map(|(_, word)| (*word).into()).collect()
        }
    };
    let mut guesses = vec![guess(
        "null_values",
        Value::List(words),
        "empty fields are missing values, and these words are in columns of numbers, dates or booleans",
        &[],
        options.null_values.is_some(),
    )];
    if !again.is_empty() || !options.types.is_empty() {
        let mut types = Params::new();
        for (column, kind) in again {
            types.insert(sniffed.names[*column].clone(), Value::from(kind.name()));
        }
        types.extend(options.types.iter().map(|(name, kind)| (name.clone(), Value::from(kind.name()))));
        guesses.push(guess(
            "types",
            Value::Map(types),
            format!(
                "later values of {} did not fit the type that the first ones have, so they were read a second time",
                listed(again, &sniffed.names)
            ),
            &[],
            !options.types.is_empty(),
        ));
    }
    guesses
}

/// The issues that are described, and the number of those that are only counted.
fn issues_of(
    file: &str,
    pass: &Pass,
    sniffed: &Sniffed,
) -> (Vec<LoadIssue>, u64) {
    let mut issues = Vec::new();
    let mut n_uncounted = pass.n_problems - pass.problems.len() as u64;
    let n_columns = sniffed.names.len();
    for renamed in &sniffed.renamed {
        let reason = if renamed.from.is_empty() {
            format!("column {} has no name and is called “{}”", renamed.column_idx + 1, renamed.to)
        } else {
            format!("a column before has the name “{}” too, so this one is called “{}”", renamed.from, renamed.to)
        };
        issues.push(issue(file, None, Some(&renamed.to), reason));
    }
    for problem in &pass.problems {
        let reason = match &problem.kind {
            ProblemKind::TooFew { found } => {
                format!("{found} fields where {n_columns} are expected; the rest of the row is missing values")
            }
            ProblemKind::TooMany { found, first } => {
                format!("{found} fields where {n_columns} are expected; “{first}” and what follows was left out")
            }
            ProblemKind::UnclosedQuote => {
                "a quoted field is never closed, so its quote was read as an ordinary character".to_owned()
            }
            ProblemKind::TextAfterQuote => "text between a closing quote and the next delimiter was kept".to_owned(),
            ProblemKind::TooLong => "the record is longer than 8 MB and was cut there".to_owned(),
        };
        issues.push(issue(file, problem.line, None, pass.located(problem.slice_at, problem.line, reason)));
    }
    for (name, state) in sniffed.names.iter().zip(&pass.columns) {
        let stats = &state.stats;
        let expected = state.kind().map_or("text", Kind::name);
        for misfit in &state.misfits {
            let reason = format!("“{}” is no {expected} and became a missing value", misfit.text);
            issues.push(issue(file, misfit.line, Some(name), pass.located(misfit.slice_at, misfit.line, reason)));
        }
        n_uncounted += stats.n_misfits - state.misfits.len() as u64;
        if stats.n_cut > 0 {
            let reason = format!("{} date-times have digits below a microsecond, which were cut", stats.n_cut);
            issues.push(issue(file, None, Some(name), reason));
        }
    }
    if pass.n_replaced > 0 {
        let reason = format!(
            "{} byte sequences are not valid in the encoding and became U+FFFD; set another encoding if text looks wrong",
            pass.n_replaced
        );
        issues.push(issue(file, None, None, reason));
    }
    if n_columns == 1 && pass.n_blank_lines > 0 {
        issues.push(issue(file, None, None, format!("{} blank lines were skipped", pass.n_blank_lines)));
    }
    if let Some(reason) = &pass.broken_off {
        issues.push(issue(file, None, None, format!("only a part was read: {reason}")));
    }
    (issues, n_uncounted)
}
