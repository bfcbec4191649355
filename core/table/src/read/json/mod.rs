//! JSON: one value per line, an array of values, or values one after another.
//!
//! Lines and elements are parsed one by one, and nothing of them is kept but the columns.

mod lists;
mod rows;
mod scan;
#[cfg(test)]
mod tests;
mod value;

use sluice_protocol::load::{Guess, LoadEstimate, LoadIssue, Sampling};

use self::rows::Rows;
use self::scan::{Found, Scanner};
use self::value::Json;
use crate::error::TableError;
use crate::host::{ByteSource, Host};
use crate::load::{Issues, Loaded};
use crate::read::block::{Blocks, Part, READ_BYTES};
use crate::read::encoding;
use crate::read::options::{Format, LoadOptions};
use crate::read::report::{
    check_budget, estimate_from, guess, issue, part_to_read, sampling, sorted_issues,
};
use crate::read::sniff::Head;
use crate::table::Table;

/// Text parsed between two checkpoints.
const STEP_BYTES: usize = 512 << 10;
/// A line longer than this is left out.
const LINE_MAX_BYTES: usize = scan::ELEMENT_MAX_BYTES;

pub(crate) async fn estimate(
    source: &dyn ByteSource,
    head: &Head,
    options: &LoadOptions,
    host: &dyn Host,
) -> Result<LoadEstimate, TableError> {
    Ok(estimate_of(source, head, options, host))
}

/// Memory of the table: the sample's rows are read, and their size in memory is scaled to the whole text.
fn estimate_of(
    source: &dyn ByteSource,
    head: &Head,
    options: &LoadOptions,
    host: &dyn Host,
) -> LoadEstimate {
    let mut reader = Reader::new("", options, 1);
    let n_bytes = match head.format {
        Format::Jsonl => {
            let end = head
                .sample
                .rfind('\n')
                .map_or(head.sample.len(), |at| at + 1);
            head.sample
                .get(..end)
                .unwrap_or_default()
                .lines()
                .for_each(|line| reader.line(line.as_bytes()));
            end
        }
        _ => {
            let mut scanner = Scanner::default();
            while let Found::Element(range) = scanner.next(head.sample.as_bytes(), head.is_whole) {
                reader.element(head.sample.get(range).unwrap_or_default().as_bytes());
            }
            scanner.n_done()
        }
    };
    let scale = head.text_bytes(source) as f64 / n_bytes.max(1) as f64;
    let scaled = |(name, bytes): (String, u64)| (name, (bytes as f64 * scale) as u64);
    let columns: Vec<_> = reader.rows.column_bytes().into_iter().map(scaled).collect();
    // One value that fills the whole sample says nothing about rows; three times its text is usual for nested data.
    let memory_bytes = if n_bytes == 0 {
        3 * head.text_bytes(source)
    } else {
        columns.iter().map(|(_, bytes)| bytes).sum()
    };
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

/// [`load`] with the size of the blocks chosen, which must not show in the result.
pub(crate) async fn load_in_blocks(
    source: &dyn ByteSource,
    head: &Head,
    options: &LoadOptions,
    host: &dyn Host,
    read_bytes: u64,
) -> Result<Loaded, TableError> {
    let estimate = estimate_of(source, head, options, host);
    let part = part_to_read(source.name(), &estimate, options, head.text_bytes(source))?;
    let mut guesses = head.guesses.clone();
    let (reader, blocks, sampling) = if head.format == Format::Jsonl {
        let mut blocks = Blocks::new(
            source,
            head.compression,
            head.transcoder(),
            part.clone(),
            read_bytes,
        );
        let reader = read_lines(source, &mut blocks, options, host).await?;
        let sampling = sampling(&part, blocks.share());
        (reader, blocks, sampling)
    } else {
        // Elements can only be found from the beginning, so a sample takes one in so many of them.
        let every = match part {
            Part::All => 1,
            Part::Slices { every, .. } => every,
        };
        let mut blocks = Blocks::new(
            source,
            head.compression,
            head.transcoder(),
            Part::All,
            read_bytes,
        );
        let reader = read_elements(source, &mut blocks, options, every, &mut guesses, host).await?;
        let sampling = (every > 1).then(|| Sampling {
            method: format!("one in {every} elements; row counts are those of the sample"),
            share: 1.0 / every as f64,
        });
        (reader, blocks, sampling)
    };
    let n_replaced = reader.n_replaced + blocks.n_replaced();
    reader
        .finish(host, head, guesses, sampling, n_replaced, blocks.broken_off)
        .await
}

/// Rows so far and what was wrong.
struct Reader {
    file: String,
    rows: Rows,
    issues: Vec<LoadIssue>,
    n_issues: u64,
    n_replaced: u64,
    n_non_finite: u64,
    /// Lines or elements met.
    n_met: u64,
    n_to_skip: u64,
    /// One in so many elements is read.
    every: u64,
    scratch: String,
}

impl Reader {
    fn new(file: &str, options: &LoadOptions, every: u64) -> Self {
        Self {
            file: file.to_owned(),
            rows: Rows::new(options.columns.clone(), options.types.clone()),
            issues: Vec::new(),
            n_issues: 0,
            n_replaced: 0,
            n_non_finite: 0,
            n_met: 0,
            n_to_skip: options.skip_rows,
            every,
            scratch: String::new(),
        }
    }

    /// A line of a JSONL file; blank ones are none.
    fn line(&mut self, line: &[u8]) {
        self.n_met += 1;
        if self.n_met > self.n_to_skip && !line.trim_ascii().is_empty() {
            self.value(line);
        }
    }

    fn element(&mut self, element: &[u8]) {
        self.n_met += 1;
        if self.n_met > self.n_to_skip
            && (self.n_met - 1 - self.n_to_skip).is_multiple_of(self.every)
        {
            self.value(element);
        }
    }

    fn value(&mut self, bytes: &[u8]) {
        let (text, n_replaced) = encoding::repaired(bytes);
        self.n_replaced += n_replaced;
        let rows = &mut self.rows;
        let result = value::parse(&text, &mut self.scratch, &mut |value| rows.push(&value));
        match result {
            Ok(n_non_finite) => self.n_non_finite += n_non_finite,
            Err(reason) => {
                let start: String = text.trim().chars().take(60).collect();
                self.broken(format!("no JSON: {reason}; it starts “{start}”"));
            }
        }
    }

    /// Notes that the current line or element was left out.
    fn broken(&mut self, reason: String) {
        self.n_issues += 1;
        if self.issues.len() < Issues::KEPT {
            self.issues
                .push(issue(&self.file, Some(self.n_met), None, reason));
        }
    }

    async fn finish(
        self,
        host: &dyn Host,
        head: &Head,
        guesses: Vec<Guess>,
        sampling: Option<Sampling>,
        n_replaced: u64,
        broken_off: Option<String>,
    ) -> Result<Loaded, TableError> {
        let Self {
            file,
            rows,
            mut issues,
            n_issues,
            n_non_finite,
            ..
        } = self;
        let file = file.as_str();
        if rows.n_rows() == 0
            && let Some(first) = issues.first()
        {
            return Err(TableError::Format {
                file: file.to_owned(),
                format: head.format.name(),
                reason: first.reason.clone(),
            });
        }
        let n_uncounted = n_issues - issues.len() as u64;
        let (frame, notes) = rows.finish(host).await?;
        for note in notes {
            let column = (!note.column.is_empty()).then_some(note.column.as_str());
            issues.push(issue(file, note.row, column, note.reason));
        }
        if n_non_finite > 0 {
            let reason = format!(
                "{n_non_finite} numbers are NaN or infinite, which JSON does not have; they are null"
            );
            issues.push(issue(file, None, None, reason));
        }
        if n_replaced > 0 {
            let reason = format!(
                "{n_replaced} byte sequences are not valid in the encoding and became U+FFFD"
            );
            issues.push(issue(file, None, None, reason));
        }
        if let Some(reason) = broken_off {
            issues.push(issue(
                file,
                None,
                None,
                format!("only a part was read: {reason}"),
            ));
        }
        Ok(Loaded {
            table: Table::from_frame(frame),
            format: head.format.name().to_owned(),
            guesses,
            issues: sorted_issues(issues, n_uncounted),
            sampling,
        })
    }
}

async fn read_lines(
    source: &dyn ByteSource,
    blocks: &mut Blocks<'_>,
    options: &LoadOptions,
    host: &dyn Host,
) -> Result<Reader, TableError> {
    let mut reader = Reader::new(source.name(), options, 1);
    let stage = format!("reading {}", source.name());
    let mut carry: Vec<u8> = Vec::new();
    // The line at the start of `carry` outgrew the limit and is being dropped.
    let mut is_dropping = false;
    while let Some(block) = blocks.next(host).await? {
        if block.is_apart {
            carry.clear();
            is_dropping = false;
            let start = memchr::memchr(b'\n', &block.bytes).map_or(block.bytes.len(), |at| at + 1);
            carry.extend_from_slice(block.bytes.get(start..).unwrap_or_default());
        } else {
            carry.extend_from_slice(&block.bytes);
        }
        let mut at = 0;
        let mut step_start = 0;
        loop {
            let rest = carry.get(at..).unwrap_or_default();
            let end = match memchr::memchr(b'\n', rest) {
                Some(end) => end,
                None if block.is_last && !rest.is_empty() => rest.len(),
                None => break,
            };
            if std::mem::take(&mut is_dropping) || end > LINE_MAX_BYTES {
                reader.n_met += 1;
                reader.broken("the line is longer than 64 MB".to_owned());
            } else {
                reader.line(rest.get(..end).unwrap_or_default());
            }
            at = (at + end + 1).min(carry.len());
            if at - step_start >= STEP_BYTES {
                step_start = at;
                host.checkpoint().await?;
            }
        }
        carry.drain(..at);
        if carry.len() > LINE_MAX_BYTES {
            carry.clear();
            is_dropping = true;
        }
        check_budget(
            source.name(),
            reader.rows.memory_bytes(),
            host.memory_budget_bytes(),
        )?;
        host.progress(&stage, blocks.n_source_bytes_done(), source.size_bytes());
        host.checkpoint().await?;
    }
    Ok(reader)
}

async fn read_elements(
    source: &dyn ByteSource,
    blocks: &mut Blocks<'_>,
    options: &LoadOptions,
    every: u64,
    guesses: &mut Vec<Guess>,
    host: &dyn Host,
) -> Result<Reader, TableError> {
    let mut reader = Reader::new(source.name(), options, every);
    let stage = format!("reading {}", source.name());
    let mut scanner = Scanner::default();
    let mut carry: Vec<u8> = Vec::new();
    // The first value is held back: if it stays the only one, its rows may be within it.
    let mut first: Option<Vec<u8>> = None;
    let mut has_rest = false;
    while let Some(block) = blocks.next(host).await? {
        carry.extend_from_slice(&block.bytes);
        let mut step_start = 0;
        loop {
            match scanner.next(&carry, block.is_last) {
                Found::Element(range) => {
                    let end = range.end;
                    let element = carry.get(range).unwrap_or_default();
                    if reader.n_met == 0 && first.is_none() {
                        first = Some(element.to_vec());
                    } else {
                        if let Some(first) = first.take() {
                            reader.element(&first);
                        }
                        reader.element(element);
                    }
                    if end.saturating_sub(step_start) >= STEP_BYTES {
                        step_start = end;
                        host.checkpoint().await?;
                    }
                }
                Found::TooLong => {
                    if let Some(first) = first.take() {
                        reader.element(&first);
                    }
                    reader.n_met += 1;
                    reader.broken("the element is longer than 64 MB".to_owned());
                }
                Found::More => break,
                Found::End(at) => {
                    has_rest |= !carry.get(at..).unwrap_or_default().trim_ascii().is_empty();
                    carry.clear();
                    scanner.forget(at);
                    break;
                }
            }
        }
        let n_done = scanner.n_done().min(carry.len());
        carry.drain(..n_done);
        scanner.forget(n_done);
        check_budget(
            source.name(),
            reader.rows.memory_bytes(),
            host.memory_budget_bytes(),
        )?;
        host.progress(&stage, blocks.n_source_bytes_done(), source.size_bytes());
        host.checkpoint().await?;
    }
    if let Some(first) = first {
        only_value(&mut reader, &first, options, guesses, host).await?;
    }
    if has_rest {
        reader.broken("text after the end of the array was left out".to_owned());
    }
    Ok(reader)
}

/// Reads a value that is the only one of its file: an object with one field of rows gives those rows.
async fn only_value(
    reader: &mut Reader,
    bytes: &[u8],
    options: &LoadOptions,
    guesses: &mut Vec<Guess>,
    host: &dyn Host,
) -> Result<(), TableError> {
    let (text, _) = encoding::repaired(bytes);
    let is_rows = |value: &Json<'_>| {
        let is_object = |item: &Json<'_>| matches!(item, Json::Object(_));
        matches!(value, Json::List(items) if !items.is_empty() && items.iter().all(is_object))
    };
    let Ok(Json::Object(fields)) = serde_json::from_str::<Json<'_>>(&text) else {
        reader.element(bytes);
        return Ok(());
    };
    let mut candidates = fields.iter().filter(|(key, value)| match &options.records {
        Some(records) => records == key.as_ref() && matches!(value, Json::List(_)),
        None => is_rows(value),
    });
    let (Some((key, Json::List(items))), None) = (candidates.next(), candidates.next()) else {
        reader.element(bytes);
        return Ok(());
    };
    let lists = fields
        .iter()
        .filter(|(_, value)| matches!(value, Json::List(_)));
    let choices: Vec<&str> = lists.map(|(key, _)| key.as_ref()).chain([""]).collect();
    let reason =
        format!("the file is one object, and “{key}” is its only list of objects: each is a row");
    guesses.push(guess(
        "records",
        key.as_ref(),
        reason,
        &choices,
        options.records.is_some(),
    ));
    for (row, item) in items.iter().enumerate() {
        reader.n_met += 1;
        if reader.n_met > reader.n_to_skip && (row as u64).is_multiple_of(reader.every) {
            reader.rows.push(item);
        }
        if row % 4096 == 4095 {
            host.checkpoint().await?;
        }
    }
    let others: Vec<&str> = fields
        .iter()
        .map(|(name, _)| name.as_ref())
        .filter(|name| name != key)
        .collect();
    if !others.is_empty() {
        reader.n_issues += 1;
        let reason = format!(
            "beside “{key}”, the object's fields were left out: {}",
            others.join(", ")
        );
        reader.issues.push(issue(&reader.file, None, None, reason));
    }
    Ok(())
}
