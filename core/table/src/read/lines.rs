//! Text without structure: one row per line.

use polars_core::prelude::DataFrame;
use sluice_protocol::load::LoadEstimate;

use crate::error::TableError;
use crate::host::{ByteSource, Host};
use crate::load::Loaded;
use crate::read::block::{Blocks, READ_BYTES};
use crate::read::column::{Builder, Kind};
use crate::read::encoding;
use crate::read::options::LoadOptions;
use crate::read::report::{
    check_budget, estimate_from, issue, part_to_read, sampling, sorted_issues,
};
use crate::read::sniff::Head;
use crate::table::Table;

const COLUMNS: [&str; 2] = ["line", "text"];

/// A line longer than this is cut into pieces of this size, each a row of the same line number.
const LINE_MAX_BYTES: usize = 8 << 20;

/// Text read between two checkpoints.
const STEP_BYTES: usize = 1 << 20;

pub(crate) async fn estimate(
    source: &dyn ByteSource,
    head: &Head,
    _options: &LoadOptions,
    host: &dyn Host,
) -> Result<LoadEstimate, TableError> {
    Ok(estimate_of(source, head, host))
}

/// 8 bytes of line number and 16 of text view per line, and the lines longer than 12 bytes, as in the sample.
fn estimate_of(source: &dyn ByteSource, head: &Head, host: &dyn Host) -> LoadEstimate {
    let scale = head.text_bytes(source) as f64 / head.sample.len().max(1) as f64;
    let scaled = |bytes: usize| (bytes as f64 * scale) as u64;
    let n_lines = head.sample.lines().count();
    let n_long: usize = head
        .sample
        .lines()
        .map(str::len)
        .filter(|len| *len > 12)
        .sum();
    let columns = vec![
        (COLUMNS[0].to_owned(), scaled(8 * n_lines)),
        (COLUMNS[1].to_owned(), scaled(16 * n_lines + n_long)),
    ];
    let memory_bytes = columns.iter().map(|(_, bytes)| bytes).sum();
    estimate_from(
        source.size_bytes(),
        memory_bytes,
        host.memory_budget_bytes(),
        true,
        columns,
    )
}

pub(crate) async fn load(
    source: &dyn ByteSource,
    head: Head,
    options: &LoadOptions,
    host: &dyn Host,
) -> Result<Loaded, TableError> {
    load_in_blocks(source, &head, options, host, READ_BYTES).await
}

pub(crate) async fn load_in_blocks(
    source: &dyn ByteSource,
    head: &Head,
    options: &LoadOptions,
    host: &dyn Host,
    read_bytes: u64,
) -> Result<Loaded, TableError> {
    let wanted: Vec<&str> = match &options.columns {
        None => COLUMNS.to_vec(),
        Some(columns) => {
            if let Some(column) = columns
                .iter()
                .find(|column| !COLUMNS.contains(&column.as_str()))
            {
                return Err(TableError::NoColumn {
                    column: column.clone(),
                    available: COLUMNS.join(", "),
                });
            }
            columns.iter().map(String::as_str).collect()
        }
    };
    let part = part_to_read(
        source.name(),
        &estimate_of(source, head, host),
        options,
        head.text_bytes(source),
    )?;
    let mut blocks = Blocks::new(
        source,
        head.compression,
        head.transcoder(),
        part.clone(),
        read_bytes,
    );
    let mut rows = Rows {
        numbers: Builder::new(Kind::Integer, 0),
        texts: Builder::new(Kind::Text, 0),
        // In a sample the number of the first line is unknown, and lines are numbered as they come.
        n_lines: 0,
        n_to_skip: options.skip_rows,
        n_replaced: 0,
        long_lines: Vec::new(),
    };
    let mut carry: Vec<u8> = Vec::new();
    // Bytes of the line at the start of `carry` that became rows already.
    let mut is_line_cut = false;
    let stage = format!("reading {}", source.name());
    while let Some(block) = blocks.next(host).await? {
        if block.is_apart {
            carry.clear();
            is_line_cut = false;
            let start = memchr::memchr(b'\n', &block.bytes).map_or(block.bytes.len(), |at| at + 1);
            carry.extend_from_slice(block.bytes.get(start..).unwrap_or_default());
        } else {
            carry.extend_from_slice(&block.bytes);
        }
        let mut at = 0;
        let mut step_start = 0;
        while let Some(end) = memchr::memchr(b'\n', carry.get(at..).unwrap_or_default()) {
            rows.line(carry.get(at..at + end).unwrap_or_default(), is_line_cut);
            is_line_cut = false;
            at += end + 1;
            if at - step_start >= STEP_BYTES {
                step_start = at;
                host.checkpoint().await?;
            }
        }
        if block.is_last && at < carry.len() {
            rows.line(carry.get(at..).unwrap_or_default(), is_line_cut);
            at = carry.len();
        }
        carry.drain(..at);
        while carry.len() > LINE_MAX_BYTES {
            let piece: Vec<u8> = carry
                .drain(..char_boundary(&carry, LINE_MAX_BYTES))
                .collect();
            rows.push(&piece, is_line_cut, false);
            is_line_cut = true;
        }
        check_budget(
            source.name(),
            rows.texts.memory_bytes(),
            host.memory_budget_bytes(),
        )?;
        host.progress(&stage, blocks.n_source_bytes_done(), source.size_bytes());
        host.checkpoint().await?;
    }
    let mut issues = Vec::new();
    for line in &rows.long_lines {
        issues.push(issue(
            source.name(),
            Some(*line),
            None,
            "the line is longer than 8 MB and was cut into rows",
        ));
    }
    let n_replaced = rows.n_replaced + blocks.n_replaced();
    if n_replaced > 0 {
        let reason =
            format!("{n_replaced} byte sequences are not valid in the encoding and became U+FFFD");
        issues.push(issue(source.name(), None, None, reason));
    }
    if let Some(reason) = &blocks.broken_off {
        issues.push(issue(
            source.name(),
            None,
            None,
            format!("only a part was read: {reason}"),
        ));
    }
    let n_rows = rows.texts.len();
    let mut numbers = Some(rows.numbers);
    let mut texts = Some(rows.texts);
    let mut columns = Vec::new();
    for name in wanted {
        let builder = if name == COLUMNS[0] {
            numbers.take()
        } else {
            texts.take()
        };
        if let Some(builder) = builder {
            columns.push(builder.finish(name)?);
        }
    }
    let frame = DataFrame::new(n_rows, columns).map_err(|error| TableError::Internal {
        context: "building a table",
        reason: error.to_string(),
    })?;
    Ok(Loaded {
        table: Table::from_frame(frame),
        format: head.format.name().to_owned(),
        guesses: head.guesses.clone(),
        issues: sorted_issues(issues, 0),
        sampling: sampling(&part, blocks.share()),
    })
}

struct Rows {
    numbers: Builder,
    texts: Builder,
    n_lines: u64,
    n_to_skip: u64,
    n_replaced: u64,
    long_lines: Vec<u64>,
}

impl Rows {
    /// Adds a whole line, or the rest of one, in pieces of [`LINE_MAX_BYTES`].
    fn line(&mut self, mut line: &[u8], mut is_rest: bool) {
        while line.len() > LINE_MAX_BYTES {
            let (piece, rest) = line.split_at(char_boundary(line, LINE_MAX_BYTES));
            self.push(piece, is_rest, false);
            line = rest;
            is_rest = true;
        }
        self.push(line, is_rest, true);
    }

    /// Adds a line, or a piece of one. `is_rest` says that a piece of the line came before, `is_end` that none follows.
    fn push(&mut self, line: &[u8], is_rest: bool, is_end: bool) {
        if !is_rest {
            self.n_lines += 1;
        }
        if self.n_lines <= self.n_to_skip {
            return;
        }
        let line = if is_end {
            line.strip_suffix(b"\r").unwrap_or(line)
        } else {
            line
        };
        let (text, n_replaced) = encoding::repaired(line);
        self.n_replaced += n_replaced;
        if !is_end && !is_rest {
            self.long_lines.push(self.n_lines);
        }
        // Both columns have the kind of their values, so neither refuses.
        let _ = self
            .numbers
            .push_integer(i64::try_from(self.n_lines).unwrap_or(i64::MAX))
            && self.texts.push_text(&text);
    }
}

/// The last start of a character at or before `at`.
fn char_boundary(text: &[u8], at: usize) -> usize {
    (at.saturating_sub(3)..=at)
        .rev()
        .find(|at| text.get(*at).is_none_or(|byte| byte & 0xC0 != 0x80))
        .unwrap_or(at)
}
