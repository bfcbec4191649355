//! One pass over a file: blocks to slices, slices to growing columns, in order.

use std::collections::VecDeque;
use std::rc::Rc;

use futures_util::future::poll_immediate;

use super::slice::{ColumnStats, LineProblem, MISFITS_KEPT, SlicePlan, SliceTable, parse};
use super::split::{
    Dialect, Fields, Problem, ProblemKind, RECORD_MAX_BYTES, Shape, count_lines, last_record_end,
    split,
};
use super::{SLICE_KERNEL, wire};
use crate::error::TableError;
use crate::host::{ByteSource, Chunk, Host, LocalBoxFuture};
use crate::load::Issues;
use crate::read::block::{Blocks, Part};
use crate::read::column::{Builder, Kind};
use crate::read::encoding;
use crate::read::report::check_budget;
use crate::read::sniff::Head;

/// What to read and how.
pub(super) struct PassPlan {
    pub(super) slice: SlicePlan,
    pub(super) part: Part,
    pub(super) read_bytes: u64,
    /// Lines before the table.
    pub(super) skip_lines: u64,
    /// The first record holds names.
    pub(super) skip_header: bool,
    pub(super) n_rows_hint: usize,
    pub(super) stage: String,
}

/// What a pass gave.
pub(super) struct Pass {
    pub(super) columns: Vec<ColumnState>,
    pub(super) n_rows: usize,
    pub(super) problems: Vec<PlacedProblem>,
    pub(super) n_problems: u64,
    pub(super) n_blank_lines: u64,
    pub(super) n_replaced: u64,
    pub(super) share: f64,
    pub(super) broken_off: Option<String>,
}

/// A column so far.
pub(super) struct ColumnState {
    /// Absent if the column is not read.
    pub(super) builder: Option<Builder>,
    /// Counts; misfits are placed and kept beside.
    pub(super) stats: ColumnStats,
    pub(super) misfits: Vec<PlacedMisfit>,
    pub(super) n_values: u64,
    /// Its values contradict its type beyond repair: it is read again.
    pub(super) is_abandoned: bool,
}

impl ColumnState {
    pub(super) fn kind(&self) -> Option<Kind> {
        self.builder.as_ref().map(Builder::kind)
    }
}

/// A place: the line if all lines before were read, else the number of the sampled slice and the line within it.
pub(super) struct PlacedProblem {
    pub(super) line: Option<u64>,
    pub(super) slice_at: Option<(u64, u64)>,
    pub(super) kind: ProblemKind,
}

pub(super) struct PlacedMisfit {
    pub(super) line: Option<u64>,
    pub(super) slice_at: Option<(u64, u64)>,
    pub(super) text: String,
}

impl Pass {
    /// The reason, with the place before it if there is no line number to say.
    pub(super) fn located(
        &self,
        slice_at: Option<(u64, u64)>,
        line: Option<u64>,
        reason: String,
    ) -> String {
        match (slice_at, line) {
            (Some((slice, line)), None) => format!("sampled slice {slice}, line {line}: {reason}"),
            _ => reason,
        }
    }
}

/// Text parsed between two checkpoints.
const STEP_BYTES: usize = 1 << 20;

/// Reads a file once.
///
/// # Errors
///
/// From the source, the pool, on cancel, or [`TableError::TooLarge`] if the columns outgrow the budget.
pub(super) async fn read_pass(
    source: &dyn ByteSource,
    head: &Head,
    plan: &PassPlan,
    host: &dyn Host,
) -> Result<Pass, TableError> {
    let mut blocks = Blocks::new(
        source,
        head.compression,
        head.transcoder(),
        plan.part.clone(),
        plan.read_bytes,
    );
    let mut merge = Merge::new(source.name(), plan, host.memory_budget_bytes());
    let mut preamble = Preamble {
        n_lines: plan.skip_lines,
        has_header: plan.skip_header,
    };
    let params: Rc<[u8]> = postcard::to_stdvec(&plan.slice)
        .map_err(|error| TableError::Internal {
            context: "a slice's plan",
            reason: error.to_string(),
        })?
        .into();
    let mut in_flight: VecDeque<Slice> = VecDeque::new();
    let mut carry: Vec<u8> = Vec::new();
    let dialect = &plan.slice.dialect;
    while let Some(block) = blocks.next(host).await? {
        if block.is_apart {
            carry.clear();
            let start = record_start(&block.bytes, dialect, plan.slice.kinds.len());
            carry.extend_from_slice(block.bytes.get(start..).unwrap_or_default());
        } else if carry.is_empty() {
            carry = block.bytes;
        } else {
            carry.extend_from_slice(&block.bytes);
        }
        let mut at = match preamble.skip(&carry, dialect, block.is_last) {
            None => continue,
            Some(Skipped {
                at,
                n_lines,
                problems,
            }) => {
                merge.add_header_problems(problems);
                merge.n_lines_before += n_lines;
                at
            }
        };
        if host.pool_width() > 0 {
            let end = records_end(&carry, at, dialect, block.is_last);
            let records = carry.get(at..end).unwrap_or_default();
            let n_in_pool = in_flight.iter().filter(|slice| slice.is_in_pool()).count();
            in_flight.push_back(if n_in_pool > host.pool_width() {
                // Every worker has a slice and one waits: this thread would only wait too.
                Slice::Here(parse_apart(records, &plan.slice, host).await?)
            } else {
                let chunk = Chunk::Bytes(records.to_vec());
                Slice::InPool(host.submit(SLICE_KERNEL, Rc::clone(&params), chunk))
            });
            at = end;
            let n_kept = 2 * (host.pool_width() + 1);
            merge_parsed(&mut in_flight, n_kept, &mut merge).await?;
            host.checkpoint().await?;
        } else if let Ok(text) = std::str::from_utf8(&carry) {
            at = parse_in_place(text, at, &plan.slice, block.is_last, &mut merge, host).await?;
        } else {
            let end = records_end(&carry, at, dialect, block.is_last);
            let (text, n_replaced) = encoding::repaired(carry.get(at..end).unwrap_or_default());
            merge.n_replaced += n_replaced;
            parse_in_place(&text, 0, &plan.slice, true, &mut merge, host).await?;
            at = end;
        }
        carry.drain(..at);
        if !matches!(plan.part, Part::All) {
            merge.next_sampled_slice();
        }
        host.progress(
            &plan.stage,
            blocks.n_source_bytes_done(),
            source.size_bytes(),
        );
    }
    merge_parsed(&mut in_flight, 0, &mut merge).await?;
    let mut pass = merge.into_pass();
    pass.share = blocks.share();
    pass.n_replaced += blocks.n_replaced();
    pass.broken_off = blocks.broken_off;
    Ok(pass)
}

/// Complete records that were read and not yet merged.
enum Slice {
    InPool(LocalBoxFuture<'static, Result<Vec<u8>, TableError>>),
    Here(Vec<SliceTable>),
}

impl Slice {
    fn is_in_pool(&self) -> bool {
        matches!(self, Self::InPool(_))
    }
}

/// Merges the slices at the front that are parsed, and waits for others until no more than `n_kept` are left.
async fn merge_parsed(
    in_flight: &mut VecDeque<Slice>,
    n_kept: usize,
    merge: &mut Merge<'_>,
) -> Result<(), TableError> {
    for slice in in_flight.iter_mut() {
        if let Slice::InPool(answer) = slice
            && let Some(table) = poll_immediate(answer).await
        {
            *slice = Slice::Here(vec![wire::decode(&table?)?]);
        }
    }
    while let Some(slice) = in_flight.pop_front() {
        let tables = match slice {
            Slice::Here(tables) => tables,
            Slice::InPool(answer) if in_flight.len() >= n_kept => {
                vec![wire::decode(&answer.await?)?]
            }
            waiting => {
                in_flight.push_front(waiting);
                break;
            }
        };
        for table in tables {
            merge.add(table)?;
        }
    }
    Ok(())
}

/// Parses complete records as the pool would, in steps.
async fn parse_apart(
    records: &[u8],
    plan: &SlicePlan,
    host: &dyn Host,
) -> Result<Vec<SliceTable>, TableError> {
    let (text, n_replaced) = encoding::repaired(records);
    let mut tables = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let (mut table, next) = parse(&text, at, STEP_BYTES, plan, true);
        if tables.is_empty() {
            table.n_replaced = n_replaced;
        }
        tables.push(table);
        host.checkpoint().await?;
        if next == at {
            break;
        }
        at = next;
    }
    Ok(tables)
}

/// Parses all complete records of `text[at..]` and returns where the rest starts.
async fn parse_in_place(
    text: &str,
    mut at: usize,
    plan: &SlicePlan,
    is_last: bool,
    merge: &mut Merge<'_>,
    host: &dyn Host,
) -> Result<usize, TableError> {
    loop {
        let (table, next) = parse(text, at, STEP_BYTES, plan, is_last);
        let is_done = next == at || next >= text.len();
        merge.add(table)?;
        host.checkpoint().await?;
        at = next;
        if is_done {
            return Ok(at);
        }
    }
}

/// Where the last complete record ends. Records start at `start`.
fn records_end(text: &[u8], start: usize, dialect: &Dialect, is_last: bool) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    if is_last {
        return text.len();
    }
    let has_quotes = dialect
        .quote
        .is_some_and(|quote| memchr::memchr(quote, rest).is_some());
    if !has_quotes && let Some(at) = memchr::memrchr2(b'\n', b'\r', rest) {
        // A CR at the end may be half of a CRLF; then the whole record waits.
        if rest[at] == b'\n' {
            return start + at + 1;
        }
    }
    if let Some(end) = last_record_end(text, start, dialect) {
        return end;
    }
    let mut fields = Fields::default();
    split(
        text,
        start,
        dialect,
        Shape::EndsOnly,
        usize::MAX,
        is_last,
        &mut fields,
    )
}

/// Where the first record starts in text that was entered in the middle: after the line end from which on the
/// records have `n_columns` fields for longest. A line end within quotes shows as records of other lengths.
pub(super) fn record_start(text: &[u8], dialect: &Dialect, n_columns: usize) -> usize {
    const LINE_ENDS_TRIED: usize = 16;
    const RECORDS_TRIED: usize = 20;
    let mut best = (0, text.len());
    for line_end in memchr::memchr2_iter(b'\n', b'\r', text).take(LINE_ENDS_TRIED) {
        let start = line_end + 1;
        if text[line_end] == b'\r' && text.get(start) == Some(&b'\n') {
            continue;
        }
        let mut fields = Fields::default();
        split(
            text,
            start,
            dialect,
            Shape::Ragged,
            RECORDS_TRIED,
            false,
            &mut fields,
        );
        let n_good = (0..fields.n_rows)
            .take_while(|row| fields.ragged_row(*row).len() == n_columns)
            .count();
        if n_good > best.0 || best.1 == text.len() {
            best = (n_good, start);
        }
        if n_good == RECORDS_TRIED {
            break;
        }
    }
    best.1
}

/// Lines and the header record before the first row.
struct Preamble {
    n_lines: u64,
    has_header: bool,
}

/// The preamble at the start of a text.
struct Skipped {
    /// Where the rows start.
    at: usize,
    /// Line ends before.
    n_lines: u64,
    /// What is wrong with the header record.
    problems: Vec<LineProblem>,
}

impl Preamble {
    /// Skips what is left of the preamble at the start of `text`.
    /// `None` if the text ends within the preamble; nothing is skipped then.
    fn skip(&mut self, text: &[u8], dialect: &Dialect, is_last: bool) -> Option<Skipped> {
        let mut at = 0;
        let mut problems = Vec::new();
        let lines_before = |at: usize| count_lines(text.get(..at).unwrap_or_default());
        for _ in 0..self.n_lines {
            match memchr::memchr(b'\n', text.get(at..).unwrap_or_default()) {
                Some(line_end) => at += line_end + 1,
                // A line without end is skipped as far as it is there; it must not be gathered for ever.
                None if is_last || text.len() > RECORD_MAX_BYTES => at = text.len(),
                None => return None,
            }
        }
        if self.has_header {
            let mut fields = Fields::default();
            at = split(text, at, dialect, Shape::EndsOnly, 1, is_last, &mut fields);
            if fields.n_rows == 0 && !is_last {
                return None;
            }
            let placed = |problem: Problem| LineProblem {
                line: lines_before(problem.record_start) + 1,
                kind: problem.kind,
            };
            problems.extend(fields.problems.into_iter().map(placed));
        }
        *self = Self {
            n_lines: 0,
            has_header: false,
        };
        Some(Skipped {
            at,
            n_lines: lines_before(at),
            problems,
        })
    }
}

/// The columns so far.
struct Merge<'a> {
    file: &'a str,
    pass: Pass,
    budget_bytes: u64,
    n_lines_before: u64,
    /// The number of the sampled slice, from 1; absent if everything is read.
    sampled_slice: Option<u64>,
    n_replaced: u64,
}

impl<'a> Merge<'a> {
    fn new(file: &'a str, plan: &PassPlan, budget_bytes: u64) -> Self {
        let columns = plan
            .slice
            .kinds
            .iter()
            .map(|kind| ColumnState {
                builder: kind.map(|kind| Builder::new(kind, plan.n_rows_hint)),
                stats: ColumnStats::default(),
                misfits: Vec::new(),
                n_values: 0,
                is_abandoned: false,
            })
            .collect();
        let pass = Pass {
            columns,
            n_rows: 0,
            problems: Vec::new(),
            n_problems: 0,
            n_blank_lines: 0,
            n_replaced: 0,
            share: 1.0,
            broken_off: None,
        };
        Self {
            file,
            pass,
            budget_bytes,
            n_lines_before: 0,
            sampled_slice: (plan.part != Part::All).then_some(1),
            n_replaced: 0,
        }
    }

    fn next_sampled_slice(&mut self) {
        self.sampled_slice = self.sampled_slice.map(|number| number + 1);
        self.n_lines_before = 0;
    }

    /// The line in the file, or the slice and the line in it.
    fn place(&self, line: u64) -> (Option<u64>, Option<(u64, u64)>) {
        let line = self.n_lines_before + line;
        match self.sampled_slice {
            None => (Some(line), None),
            Some(slice) => (None, Some((slice, line))),
        }
    }

    fn add_header_problems(&mut self, problems: Vec<LineProblem>) {
        self.pass.n_problems += problems.len() as u64;
        for problem in problems {
            let (line, slice_at) = self.place(problem.line);
            self.pass.problems.push(PlacedProblem {
                line,
                slice_at,
                kind: problem.kind,
            });
        }
    }

    fn add(&mut self, table: SliceTable) -> Result<(), TableError> {
        for (column_idx, slice) in table.columns.into_iter().enumerate() {
            let n_nulls = slice.null_rows.len() as u64;
            let places: Vec<_> = slice
                .stats
                .misfits
                .iter()
                .map(|misfit| self.place(misfit.line))
                .collect();
            let Some(state) = self.pass.columns.get_mut(column_idx) else {
                continue;
            };
            let Some(builder) = &mut state.builder else {
                continue;
            };
            state.n_values += u64::from(table.n_rows) - n_nulls;
            let room = MISFITS_KEPT.saturating_sub(state.misfits.len());
            let placed = slice.stats.misfits.into_iter().zip(places).take(room);
            state
                .misfits
                .extend(placed.map(|(misfit, (line, slice_at))| PlacedMisfit {
                    line,
                    slice_at,
                    text: misfit.text,
                }));
            state.stats.n_misfits += slice.stats.n_misfits;
            state.stats.seen |= slice.stats.seen;
            state.stats.null_words |= slice.stats.null_words;
            state.stats.inexact |= slice.stats.inexact;
            state.stats.n_cut += slice.stats.n_cut;
            if !builder.append(slice.values, &slice.null_rows) {
                state.is_abandoned = true;
                *builder = Builder::new(Kind::Text, 0);
            }
        }
        self.pass.n_rows += table.n_rows as usize;
        for problem in table.problems {
            if self.pass.problems.len() < Issues::KEPT {
                let (line, slice_at) = self.place(problem.line);
                self.pass.problems.push(PlacedProblem {
                    line,
                    slice_at,
                    kind: problem.kind,
                });
            }
        }
        self.pass.n_problems += table.n_problems;
        self.pass.n_blank_lines += table.n_blank_lines;
        self.n_lines_before += table.n_lines;
        self.n_replaced += table.n_replaced;
        let memory_bytes: u64 = self
            .pass
            .columns
            .iter()
            .filter_map(|state| state.builder.as_ref())
            .map(Builder::memory_bytes)
            .sum();
        check_budget(self.file, memory_bytes, self.budget_bytes)
    }

    fn into_pass(mut self) -> Pass {
        self.pass.n_replaced += self.n_replaced;
        self.pass
    }
}
