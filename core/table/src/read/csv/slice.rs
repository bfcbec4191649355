//! One slice of CSV text to typed columns: a pure function, so that any worker can run it.
//!
//! A typed column keeps the values that it can read. Others become null slots and [`Misfit`]s; whether they are few
//! enough to be issues, or the column was typed wrongly and must be read again, is decided over the whole file.

use serde::{Deserialize, Serialize};

use super::split::{
    Dialect, Fields, ProblemKind, Shape, Span, count_lines, excerpt, split, unescaped,
};
use crate::read::column::{Kind, Values, is_exact_as_float};
use crate::read::values::{self, Class, MISFITS_MAX, NULL_WORDS};

/// How to read the slices of a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct SlicePlan {
    pub(crate) dialect: Dialect,
    /// One per column; `None` is not read.
    pub(crate) kinds: Vec<Option<Kind>>,
    /// Words for a missing value in every column; `None`: [`NULL_WORDS`] in typed columns.
    pub(crate) null_values: Option<Vec<String>>,
}

impl SlicePlan {
    /// Whether a person called this field a missing value, though it could be read.
    #[inline]
    fn is_set_null(&self, field: &[u8]) -> bool {
        let words = self.null_values.as_ref();
        words.is_some_and(|words| {
            words
                .iter()
                .any(|word| word.as_bytes() == values::trimmed(field))
        })
    }
}

/// What a slice gave.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SliceTable {
    pub(crate) n_rows: u32,
    pub(crate) columns: Vec<SliceColumn>,
    /// Broken records in the order of their lines, the first [`KEPT_MAX`] of them.
    pub(crate) problems: Vec<LineProblem>,
    pub(crate) n_problems: u64,
    /// Line ends in the slice.
    pub(crate) n_lines: u64,
    pub(crate) n_blank_lines: u64,
    /// Invalid byte sequences that were replaced by U+FFFD.
    pub(crate) n_replaced: u64,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SliceColumn {
    pub(crate) values: Values,
    /// Ascending row numbers within the slice.
    pub(crate) null_rows: Vec<u32>,
    pub(crate) stats: ColumnStats,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct ColumnStats {
    /// The first [`MISFITS_KEPT`] values that the column cannot read.
    pub(crate) misfits: Vec<Misfit>,
    pub(crate) n_misfits: u64,
    /// Classes ([`Class::bit`]) of values that are not of the column's kind.
    pub(crate) seen: u8,
    /// Bit `i`: the null word `i` was met.
    pub(crate) null_words: u32,
    /// An integer that a float does not hold exactly stood in a column that turned into floats.
    pub(crate) inexact: bool,
    /// Date-times with digits below a microsecond.
    pub(crate) n_cut: u64,
}

/// A value that a typed column cannot read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Misfit {
    /// 1-based line within the slice.
    pub(crate) line: u64,
    pub(crate) text: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct LineProblem {
    /// 1-based line within the slice.
    pub(crate) line: u64,
    pub(crate) kind: ProblemKind,
}

/// One more than may become nulls, so that "too many" shows.
pub(crate) const MISFITS_KEPT: usize = MISFITS_MAX + 1;
/// As many problems as the issues keep.
const KEPT_MAX: usize = crate::load::Issues::KEPT;

/// Fields split before the columns are read: spans and text of that many stay in the second-level cache.
const BATCH_FIELDS: usize = 16 << 10;

/// Reads complete records from `text[start..]` until about `target_bytes` are consumed or no complete record is left.
/// Returns the columns and where the next record starts.
pub(crate) fn parse(
    text: &str,
    start: usize,
    target_bytes: usize,
    plan: &SlicePlan,
    is_last: bool,
) -> (SliceTable, usize) {
    let n_columns = plan.kinds.len();
    let mut columns: Vec<SliceColumn> = plan
        .kinds
        .iter()
        .map(|kind| SliceColumn {
            values: Values::new(*kind),
            null_rows: Vec::new(),
            stats: ColumnStats::default(),
        })
        .collect();
    let mut fields = Fields::default();
    let mut problems = Vec::new();
    let mut n_problems = 0;
    let mut n_blank_lines = 0;
    let mut misfits: Vec<Located> = Vec::new();
    let mut n_rows = 0u32;
    let mut at = start;
    let batch_rows = (BATCH_FIELDS / n_columns.max(1)).max(1);
    while at - start < target_bytes {
        fields.clear();
        let next = split(
            text.as_bytes(),
            at,
            &plan.dialect,
            Shape::Columns(n_columns),
            batch_rows,
            is_last,
            &mut fields,
        );
        for (column_idx, column) in columns.iter_mut().enumerate() {
            let cells = Cells {
                text,
                fields: &fields,
                n_columns,
                column_idx,
                first_row: n_rows,
            };
            column.read(&cells, plan, &mut misfits);
        }
        n_problems += fields.problems.len() as u64;
        let room = KEPT_MAX.saturating_sub(problems.len());
        problems.extend(fields.problems.drain(..).take(room));
        n_blank_lines += fields.n_blank_lines;
        n_rows += fields.n_rows as u32;
        if next == at || fields.n_rows == 0 {
            at = next;
            break;
        }
        at = next;
    }
    let slice = text.as_bytes().get(start..at).unwrap_or_default();
    let problems = {
        let mut lines = LineCounter::new(slice);
        let to_line = |problem: super::split::Problem| LineProblem {
            line: lines.line_at(problem.record_start - start),
            kind: problem.kind,
        };
        problems.into_iter().map(to_line).collect()
    };
    misfits.sort_by_key(|misfit| misfit.offset);
    let mut lines = LineCounter::new(slice);
    for Located {
        column_idx,
        offset,
        text,
    } in misfits
    {
        let line = lines.line_at(offset.saturating_sub(start));
        if let Some(column) = columns.get_mut(column_idx) {
            column.stats.misfits.push(Misfit { line, text });
        }
    }
    let n_lines = count_lines(slice);
    let table = SliceTable {
        n_rows,
        columns,
        problems,
        n_problems,
        n_lines,
        n_blank_lines,
        n_replaced: 0,
    };
    (table, at)
}

/// A misfit before its line is known.
struct Located {
    column_idx: usize,
    offset: usize,
    text: String,
}

/// The cells of one column in a batch of rows.
struct Cells<'a> {
    text: &'a str,
    fields: &'a Fields,
    n_columns: usize,
    column_idx: usize,
    /// Row number in the slice of the batch's first row.
    first_row: u32,
}

impl<'a> Cells<'a> {
    #[inline]
    fn rows(&self) -> impl Iterator<Item = (u32, Span)> + use<'a> {
        let spans = self
            .fields
            .spans
            .iter()
            .skip(self.column_idx)
            .step_by(self.n_columns.max(1));
        (self.first_row..).zip(spans.copied())
    }
}

/// A cell that was not read by the fast path of its column.
enum Slow {
    Null,
    Integer(i64),
    Float(f64),
    Misfit,
}

impl SliceColumn {
    fn read(&mut self, cells: &Cells<'_>, plan: &SlicePlan, misfits: &mut Vec<Located>) {
        match &mut self.values {
            Values::Skipped => {}
            Values::Text { .. } => self.read_texts(cells, plan),
            Values::Integer(_) => self.read_integers(cells, plan, misfits),
            Values::Float(values) => {
                let mut values = std::mem::take(values);
                self.read_floats(cells.rows(), cells, plan, &mut values, misfits);
                self.values = Values::Float(values);
            }
            Values::Boolean(values) => {
                let mut values = std::mem::take(values);
                for (row, span) in cells.rows() {
                    let field = values::trimmed(span.bytes(cells.text.as_bytes()));
                    values.push(match values::boolean(field) {
                        Some(value) if !plan.is_set_null(field) => u8::from(value),
                        _ => {
                            self.note(row, span, cells, plan, misfits);
                            0
                        }
                    });
                }
                self.values = Values::Boolean(values);
            }
            Values::Date(_) => self.read_dates(cells, plan, misfits),
            Values::DateTime(values) => {
                let mut values = std::mem::take(values);
                self.read_date_times(cells.rows(), cells, plan, &mut values, misfits);
                self.values = Values::DateTime(values);
            }
        }
    }

    fn read_integers(&mut self, cells: &Cells<'_>, plan: &SlicePlan, misfits: &mut Vec<Located>) {
        let Values::Integer(values) = &mut self.values else {
            return;
        };
        let mut values = std::mem::take(values);
        let bytes = cells.text.as_bytes();
        let mut rows = cells.rows();
        while let Some((row, span)) = rows.next() {
            let field = span.bytes(bytes);
            if let Some(value) = values::integer(field)
                && !plan.is_set_null(field)
            {
                values.push(value);
                continue;
            }
            match self.note(row, span, cells, plan, misfits) {
                Slow::Integer(value) => values.push(value),
                Slow::Null | Slow::Misfit => values.push(0),
                Slow::Float(value) => {
                    let is_null = |row: u32| self.null_rows.binary_search(&row).is_ok();
                    let inexact = (0..)
                        .zip(&values)
                        .any(|(row, v)| !is_exact_as_float(*v) && !is_null(row));
                    self.stats.inexact |= inexact;
                    let mut floats: Vec<f64> = values.iter().map(|value| *value as f64).collect();
                    floats.push(value);
                    self.read_floats(rows, cells, plan, &mut floats, misfits);
                    self.values = Values::Float(floats);
                    return;
                }
            }
        }
        self.values = Values::Integer(values);
    }

    fn read_floats(
        &mut self,
        rows: impl Iterator<Item = (u32, Span)>,
        cells: &Cells<'_>,
        plan: &SlicePlan,
        values: &mut Vec<f64>,
        misfits: &mut Vec<Located>,
    ) {
        let bytes = cells.text.as_bytes();
        let decimal = plan.dialect.decimal;
        for (row, span) in rows {
            let field = span.bytes(bytes);
            let value = match values::float(field, decimal) {
                Some(value) if !plan.is_set_null(field) => value,
                _ => match self.note(row, span, cells, plan, misfits) {
                    Slow::Integer(value) => value as f64,
                    Slow::Float(value) => value,
                    Slow::Null | Slow::Misfit => 0.0,
                },
            };
            // Only a whole number of at least 16 digits can be an integer that a float does not hold.
            if field.len() >= 16
                && !self.stats.inexact
                && values::integer(values::trimmed(field))
                    .is_some_and(|value| !is_exact_as_float(value))
            {
                self.stats.inexact = true;
            }
            values.push(value);
        }
    }

    fn read_dates(&mut self, cells: &Cells<'_>, plan: &SlicePlan, misfits: &mut Vec<Located>) {
        let Values::Date(values) = &mut self.values else {
            return;
        };
        let mut values = std::mem::take(values);
        let bytes = cells.text.as_bytes();
        let mut rows = cells.rows();
        while let Some((row, span)) = rows.next() {
            let field = values::trimmed(span.bytes(bytes));
            if plan.is_set_null(field) {
                self.note(row, span, cells, plan, misfits);
                values.push(0);
            } else if let Some(days) = values::date(field) {
                values.push(days);
            } else if values::date_time(field).is_some() {
                let mut instants: Vec<i64> = values
                    .iter()
                    .map(|days| i64::from(*days) * 86_400_000_000)
                    .collect();
                let rows = std::iter::once((row, span)).chain(rows);
                self.read_date_times(rows, cells, plan, &mut instants, misfits);
                self.values = Values::DateTime(instants);
                return;
            } else {
                self.note(row, span, cells, plan, misfits);
                values.push(0);
            }
        }
        self.values = Values::Date(values);
    }

    fn read_date_times(
        &mut self,
        rows: impl Iterator<Item = (u32, Span)>,
        cells: &Cells<'_>,
        plan: &SlicePlan,
        values: &mut Vec<i64>,
        misfits: &mut Vec<Located>,
    ) {
        let bytes = cells.text.as_bytes();
        for (row, span) in rows {
            let field = values::trimmed(span.bytes(bytes));
            values.push(if plan.is_set_null(field) {
                self.note(row, span, cells, plan, misfits);
                0
            } else if let Some(instant) = values::date_time(field) {
                self.stats.n_cut += u64::from(instant.cut);
                instant.micros
            } else if let Some(days) = values::date(field) {
                i64::from(days) * 86_400_000_000
            } else {
                self.note(row, span, cells, plan, misfits);
                0
            });
        }
    }

    fn read_texts(&mut self, cells: &Cells<'_>, plan: &SlicePlan) {
        let Values::Text { bytes, ends } = &mut self.values else {
            return;
        };
        let quote = plan.dialect.quote.map_or('"', char::from);
        for (row, span) in cells.rows() {
            let mut field = span.text(cells.text);
            if span.is_escaped() {
                unescaped(field, quote, bytes);
            } else {
                if plan.dialect.trim && !span.is_quoted() {
                    field = field.trim_end_matches(' ');
                }
                // A quoted nothing is an empty text, an unquoted one is no value.
                if field.is_empty() && !span.is_quoted() || plan.is_set_null(field.as_bytes()) {
                    self.null_rows.push(row);
                } else {
                    bytes.push_str(field);
                }
            }
            ends.push(bytes.len() as u32);
        }
    }

    /// Reads a cell that the fast path refused, and notes a null or a misfit.
    #[cold]
    fn note(
        &mut self,
        row: u32,
        span: Span,
        cells: &Cells<'_>,
        plan: &SlicePlan,
        misfits: &mut Vec<Located>,
    ) -> Slow {
        let field = values::trimmed(span.bytes(cells.text.as_bytes()));
        if let Some(word_idx) = null_word(field, plan.null_values.as_deref()) {
            self.null_rows.push(row);
            if !field.is_empty() {
                self.stats.null_words |= 1 << word_idx.min(31);
            }
            return Slow::Null;
        }
        let class = values::classify(field, plan.dialect.decimal);
        let takes_numbers = matches!(self.kind_read(), Kind::Integer | Kind::Float);
        match class {
            Class::Integer if takes_numbers => {
                if let Some(value) = values::integer(field) {
                    return Slow::Integer(value);
                }
            }
            Class::Float if takes_numbers => {
                if let Some(value) = values::float(field, plan.dialect.decimal) {
                    self.stats.seen |= class.bit();
                    return Slow::Float(value);
                }
            }
            _ => {}
        }
        self.stats.seen |= class.bit();
        self.stats.n_misfits += 1;
        self.null_rows.push(row);
        if self.stats.n_misfits <= MISFITS_KEPT as u64 {
            let text = excerpt(span.bytes(cells.text.as_bytes()));
            misfits.push(Located {
                column_idx: cells.column_idx,
                offset: span.start(),
                text,
            });
        }
        Slow::Misfit
    }

    /// The kind being read; while integers are read their vector is out of `values`, which then is still an integer's.
    fn kind_read(&self) -> Kind {
        match self.values {
            Values::Boolean(_) => Kind::Boolean,
            Values::Integer(_) => Kind::Integer,
            Values::Float(_) => Kind::Float,
            Values::Date(_) => Kind::Date,
            Values::DateTime(_) => Kind::DateTime,
            Values::Text { .. } | Values::Skipped => Kind::Text,
        }
    }
}

/// The number of the word for a missing value that a trimmed field is; an empty field counts as the first.
fn null_word(field: &[u8], words: Option<&[String]>) -> Option<usize> {
    if field.is_empty() {
        return Some(0);
    }
    match words {
        Some(words) => words.iter().position(|word| word.as_bytes() == field),
        None => NULL_WORDS.iter().position(|word| word.as_bytes() == field),
    }
}

/// Numbers lines while going forwards.
struct LineCounter<'a> {
    text: &'a [u8],
    at: usize,
    lines_before: u64,
}

impl<'a> LineCounter<'a> {
    fn new(text: &'a [u8]) -> Self {
        Self {
            text,
            at: 0,
            lines_before: 0,
        }
    }

    /// The 1-based line of an offset, which must not be before the last one asked for.
    fn line_at(&mut self, offset: usize) -> u64 {
        self.lines_before += count_lines(self.text.get(self.at..offset).unwrap_or_default());
        self.at = offset.max(self.at);
        self.lines_before + 1
    }
}
