//! Splits CSV text into records and fields without copying.
//!
//! The dialect is that of the `csv-core` crate, against which it is tested: a quote counts only at the start of a
//! field, a doubled quote inside is one quote, text after a closing quote is kept, LF, CRLF and CR end a record,
//! blank lines are no records. What `csv-core` accepts in silence is reported as a [`Problem`].

use serde::{Deserialize, Serialize};

/// How a CSV file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Dialect {
    pub(crate) delimiter: u8,
    pub(crate) quote: Option<u8>,
    /// A line that starts with it is no record.
    pub(crate) comment: Option<u8>,
    /// The decimal mark in numbers.
    pub(crate) decimal: u8,
    /// Spaces around delimiters do not belong to the fields.
    pub(crate) trim: bool,
}

impl Dialect {
    #[cfg(test)]
    pub(crate) const COMMA: Self = Self {
        delimiter: b',',
        quote: Some(b'"'),
        comment: None,
        decimal: b'.',
        trim: false,
    };
}

/// A field within the text: its bytes, without the quotes around them.
///
/// Offsets have 30 bits: a text is one block and a carried record, a few dozen MB at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    start: u32,
    /// The exclusive end, and the flags below.
    end: u32,
}

/// The field was quoted.
const QUOTED: u32 = 1 << 31;
/// The bytes hold quotes that [`unescaped`] must resolve.
const ESCAPED: u32 = 1 << 30;
const END: u32 = ESCAPED - 1;

impl Span {
    /// A field that the record lacks.
    const MISSING: Self = Self { start: 0, end: 0 };

    #[inline]
    fn new(start: usize, end: usize, flags: u32) -> Self {
        Self {
            start: start as u32,
            end: end as u32 | flags,
        }
    }

    #[inline]
    pub(crate) fn bytes(self, text: &[u8]) -> &[u8] {
        text.get(self.start as usize..(self.end & END) as usize)
            .unwrap_or_default()
    }

    #[inline]
    pub(crate) fn text(self, text: &str) -> &str {
        text.get(self.start as usize..(self.end & END) as usize)
            .unwrap_or_default()
    }

    #[inline]
    pub(crate) fn is_quoted(self) -> bool {
        self.end & QUOTED != 0
    }

    #[inline]
    pub(crate) fn is_escaped(self) -> bool {
        self.end & ESCAPED != 0
    }

    pub(crate) fn start(self) -> usize {
        self.start as usize
    }
}

/// What is wrong with a record. The record was kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum ProblemKind {
    TooFew {
        found: u32,
    },
    /// With the first field that is not empty beyond the last column.
    TooMany {
        found: u32,
        first: String,
    },
    /// Read as if the quote were an ordinary character.
    UnclosedQuote,
    /// Text between a closing quote and the next delimiter.
    TextAfterQuote,
    /// No end within [`RECORD_MAX_BYTES`]; what follows is the next record.
    TooLong,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// Offset in the text at which the record starts.
    pub(crate) record_start: usize,
    pub(crate) kind: ProblemKind,
}

/// A quoted field that does not close, or a record that does not end, within this many bytes is broken:
/// one stray quote must not swallow the rest of the file.
pub(crate) const RECORD_MAX_BYTES: usize = 8 << 20;

/// Records split so far.
#[derive(Default)]
pub(crate) struct Fields {
    /// `n_columns` spans per row, or as many as there are if [`Shape::Ragged`].
    pub(crate) spans: Vec<Span>,
    pub(crate) n_rows: usize,
    /// With [`Shape::Ragged`]: the exclusive end of each row in `spans`.
    pub(crate) row_ends: Vec<usize>,
    pub(crate) problems: Vec<Problem>,
    /// Blank lines that were skipped.
    pub(crate) n_blank_lines: u64,
}

impl Fields {
    pub(crate) fn clear(&mut self) {
        self.spans.clear();
        self.n_rows = 0;
        self.row_ends.clear();
        self.problems.clear();
        self.n_blank_lines = 0;
    }

    /// The fields of a row of a ragged split.
    pub(crate) fn ragged_row(&self, row: usize) -> &[Span] {
        let start = row
            .checked_sub(1)
            .and_then(|before| self.row_ends.get(before))
            .copied()
            .unwrap_or(0);
        let end = self.row_ends.get(row).copied().unwrap_or(start);
        self.spans.get(start..end).unwrap_or_default()
    }
}

/// How many fields a row has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Short rows are padded, long ones cut; both are problems.
    Columns(usize),
    /// As found.
    Ragged,
    /// Nothing is kept: only where records end is of interest.
    EndsOnly,
}

/// Splits up to `max_rows` records from `text[start..]`, which starts at a record.
/// Returns where the next record starts.
///
/// A record that the text does not end is left alone, unless `is_last` says that nothing follows.
pub(crate) fn split(
    text: &[u8],
    start: usize,
    dialect: &Dialect,
    shape: Shape,
    max_rows: usize,
    is_last: bool,
    out: &mut Fields,
) -> usize {
    let mut scan = Scan::new(text, start, dialect.delimiter);
    let mut record_start = start;
    let row_limit = out.n_rows + max_rows;
    while out.n_rows < row_limit {
        // Blank lines and comments are no records.
        match text.get(record_start) {
            None => break,
            Some(b'\n' | b'\r') => {
                let n_bytes = terminator_len(text, record_start);
                if text[record_start] == b'\r' && record_start + 1 == text.len() && !is_last {
                    break;
                }
                record_start += n_bytes;
                scan.seek(record_start);
                out.n_blank_lines += 1;
                continue;
            }
            Some(byte) if Some(*byte) == dialect.comment => {
                let end = memchr::memchr2(b'\n', b'\r', &text[record_start..]);
                let end = end.map_or(text.len(), |at| record_start + at);
                if end == text.len() && !is_last
                    || end + 1 == text.len() && text[end] == b'\r' && !is_last
                {
                    break;
                }
                record_start = end + terminator_len(text, end);
                scan.seek(record_start);
                continue;
            }
            Some(_) => {}
        }
        let Some(end) = split_record(&mut scan, record_start, dialect, shape, is_last, out) else {
            break;
        };
        record_start = end;
    }
    record_start
}

/// Splits one record and returns where the next starts; `None` if the text ends before the record does.
#[inline]
fn split_record(
    scan: &mut Scan<'_>,
    record_start: usize,
    dialect: &Dialect,
    shape: Shape,
    is_last: bool,
    out: &mut Fields,
) -> Option<usize> {
    let text = scan.text;
    let spans_before = out.spans.len();
    let problems_before = out.problems.len();
    let n_columns = match shape {
        Shape::Columns(n_columns) => n_columns,
        Shape::Ragged => usize::MAX,
        Shape::EndsOnly => 0,
    };
    let mut n_fields = 0usize;
    let mut first_extra = None;
    let mut field_start = record_start;
    let mut too_long = false;
    loop {
        if dialect.trim {
            while text.get(field_start) == Some(&b' ') {
                field_start += 1;
            }
        }
        let mut flags = 0;
        let mut content_start = field_start;
        let mut quoted_end = None;
        if dialect.quote.is_some() && text.get(field_start).copied() == dialect.quote {
            match find_closing_quote(text, field_start, record_start, dialect) {
                Closing::At {
                    quote_at,
                    has_escapes,
                } => {
                    content_start = field_start + 1;
                    flags = if has_escapes {
                        QUOTED | ESCAPED
                    } else {
                        QUOTED
                    };
                    quoted_end = Some(quote_at);
                    scan.seek(quote_at + 1);
                }
                Closing::NotYet if !is_last => {
                    out.spans.truncate(spans_before);
                    out.problems.truncate(problems_before);
                    return None;
                }
                Closing::NotYet | Closing::Never => {
                    out.problems.push(Problem {
                        record_start,
                        kind: ProblemKind::UnclosedQuote,
                    });
                }
            }
        }
        let mut end = scan.next();
        if end - record_start > RECORD_MAX_BYTES {
            end = char_boundary(text, record_start + RECORD_MAX_BYTES, content_start);
            scan.seek(end);
            too_long = true;
            out.problems.push(Problem {
                record_start,
                kind: ProblemKind::TooLong,
            });
        } else if end == text.len() && !is_last {
            out.spans.truncate(spans_before);
            out.problems.truncate(problems_before);
            return None;
        }
        let content_end = match quoted_end {
            None => end,
            Some(quote_at) => {
                let after = text.get(quote_at + 1..end).unwrap_or_default();
                if after.is_empty() || dialect.trim && after.iter().all(|byte| *byte == b' ') {
                    quote_at
                } else {
                    flags |= ESCAPED;
                    out.problems.push(Problem {
                        record_start,
                        kind: ProblemKind::TextAfterQuote,
                    });
                    end
                }
            }
        };
        if n_fields < n_columns {
            out.spans.push(Span::new(content_start, content_end, flags));
        } else if first_extra.is_none() && content_end > content_start && shape != Shape::EndsOnly {
            first_extra = Some(content_start..content_end);
        }
        n_fields += 1;
        field_start = end + 1;
        if too_long || end == text.len() || text[end] != dialect.delimiter {
            let next = if too_long || end == text.len() {
                end
            } else {
                // A CR at the end of the text may be half of a CRLF.
                if text[end] == b'\r' && end + 1 == text.len() && !is_last {
                    out.spans.truncate(spans_before);
                    out.problems.truncate(problems_before);
                    return None;
                }
                let next = end + terminator_len(text, end);
                if next == end + 2 {
                    scan.next();
                }
                next
            };
            match shape {
                Shape::Columns(n_columns) => {
                    if n_fields < n_columns {
                        out.spans.resize(spans_before + n_columns, Span::MISSING);
                        let found = n_fields as u32;
                        out.problems.push(Problem {
                            record_start,
                            kind: ProblemKind::TooFew { found },
                        });
                    } else if let Some(extra) = first_extra {
                        let first = excerpt(text.get(extra).unwrap_or_default());
                        let found = n_fields as u32;
                        out.problems.push(Problem {
                            record_start,
                            kind: ProblemKind::TooMany { found, first },
                        });
                    }
                }
                Shape::Ragged => out.row_ends.push(out.spans.len()),
                Shape::EndsOnly => {}
            }
            out.n_rows += 1;
            return Some(next);
        }
    }
}

enum Closing {
    At {
        quote_at: usize,
        has_escapes: bool,
    },
    /// The text ends first.
    NotYet,
    /// Not within [`RECORD_MAX_BYTES`] of the record's start.
    Never,
}

fn find_closing_quote(
    text: &[u8],
    open_at: usize,
    record_start: usize,
    dialect: &Dialect,
) -> Closing {
    let Some(quote) = dialect.quote else {
        return Closing::Never;
    };
    let limit = record_start + RECORD_MAX_BYTES;
    let visible = text.get(..limit.min(text.len())).unwrap_or_default();
    let mut at = open_at + 1;
    let mut has_escapes = false;
    while let Some(found) = memchr::memchr(quote, visible.get(at..).unwrap_or_default()) {
        let quote_at = at + found;
        match text.get(quote_at + 1) {
            Some(next) if *next == quote => {
                has_escapes = true;
                at = quote_at + 2;
            }
            // The text may end between two quotes; then `split` sees no record end either and waits.
            _ => {
                return Closing::At {
                    quote_at,
                    has_escapes,
                };
            }
        }
    }
    if text.len() >= limit {
        Closing::Never
    } else {
        Closing::NotYet
    }
}

/// Where the last record that `text[start..]` ends with a line feed ends, looking only at quotes and line feeds.
/// Gives what [`split`] would, or nothing where only that can tell: comments, line ends without a line feed,
/// a quote without an end, records that may be too long.
pub(crate) fn last_record_end(text: &[u8], start: usize, dialect: &Dialect) -> Option<usize> {
    let quote = dialect.quote?;
    if dialect.comment.is_some() || text.len() - start.min(text.len()) >= RECORD_MAX_BYTES {
        return None;
    }
    let mut at = start;
    let mut last_end = None;
    loop {
        let rest = text.get(at..)?;
        let next_quote = memchr::memchr(quote, rest);
        let outside = &rest[..next_quote.unwrap_or(rest.len())];
        if let Some(line_feed) = memchr::memrchr(b'\n', outside) {
            last_end = Some(at + line_feed + 1);
        }
        let Some(next_quote) = next_quote else {
            return last_end;
        };
        let open_at = at + next_quote;
        at = open_at + 1;
        let mut before = text.get(start..open_at)?;
        while let ([shorter @ .., b' '], true) = (before, dialect.trim) {
            before = shorter;
        }
        let is_field_start = before
            .last()
            .is_none_or(|byte| *byte == dialect.delimiter || matches!(byte, b'\n' | b'\r'));
        if is_field_start {
            match find_closing_quote(text, open_at, start, dialect) {
                Closing::At { quote_at, .. } => at = quote_at + 1,
                Closing::NotYet | Closing::Never => return None,
            }
        }
    }
}

/// Resolves the quotes in a field whose span [`is_escaped`](Span::is_escaped): a doubled quote is one,
/// a single one ends the quoted part, and everything after that is literal.
pub(crate) fn unescaped(field: &str, quote: char, out: &mut String) {
    let mut rest = field;
    while let Some(at) = rest.find(quote) {
        let (before, from_quote) = rest.split_at(at);
        out.push_str(before);
        let after = &from_quote[quote.len_utf8()..];
        match after.strip_prefix(quote) {
            Some(after_pair) => {
                out.push(quote);
                rest = after_pair;
            }
            None => {
                rest = after;
                break;
            }
        }
    }
    out.push_str(rest);
}

/// The start of a field, for messages.
pub(crate) fn excerpt(field: &[u8]) -> String {
    const MAX_CHARS: usize = 60;
    let text = String::from_utf8_lossy(field.get(..4 * MAX_CHARS).unwrap_or(field));
    let mut short: String = text.chars().take(MAX_CHARS).collect();
    if short.len() < field.len() && short.chars().count() == MAX_CHARS {
        short.push('…');
    }
    short
}

/// Number of line ends in `text`: LF, CRLF and CR count one each.
pub(crate) fn count_lines(text: &[u8]) -> u64 {
    let n_lf = memchr::memchr_iter(b'\n', text).count() as u64;
    let lone_cr = memchr::memchr_iter(b'\r', text)
        .filter(|at| text.get(at + 1) != Some(&b'\n'))
        .count() as u64;
    n_lf + lone_cr
}

fn terminator_len(text: &[u8], at: usize) -> usize {
    match text.get(at..) {
        Some([b'\r', b'\n', ..]) => 2,
        Some([_, ..]) => 1,
        _ => 0,
    }
}

/// The last start of a character at or before `at`, but not at or before `after`.
fn char_boundary(text: &[u8], at: usize, after: usize) -> usize {
    let is_start = |at: usize| text.get(at).is_none_or(|byte| byte & 0xC0 != 0x80);
    (at.saturating_sub(3)..=at)
        .rev()
        .find(|at| is_start(*at) && *at > after)
        .unwrap_or(at)
}

const BLOCK: usize = 64;

/// Finds delimiters and line ends, 64 bytes at a time.
struct Scan<'a> {
    text: &'a [u8],
    delimiter: u8,
    /// Offset of the current block.
    base: usize,
    /// Bit `i`: the byte at `base + i` is structural.
    block_bits: u64,
    /// The bits that have not been returned.
    bits: u64,
}

impl<'a> Scan<'a> {
    fn new(text: &'a [u8], start: usize, delimiter: u8) -> Self {
        let mut scan = Self {
            text,
            delimiter,
            base: start,
            block_bits: 0,
            bits: 0,
        };
        scan.load();
        scan
    }

    /// The next structural byte, or the text's end.
    #[inline]
    fn next(&mut self) -> usize {
        while self.bits == 0 {
            self.base += BLOCK;
            if self.base >= self.text.len() {
                self.base = self.text.len();
                return self.base;
            }
            self.load();
        }
        let at = self.base + self.bits.trailing_zeros() as usize;
        self.bits &= self.bits - 1;
        at
    }

    /// Goes on at `at`, forwards or backwards.
    #[inline]
    fn seek(&mut self, at: usize) {
        match at.checked_sub(self.base) {
            Some(offset) if offset < BLOCK => self.bits = self.block_bits & (u64::MAX << offset),
            _ => {
                self.base = at;
                self.load();
            }
        }
    }

    #[inline]
    fn load(&mut self) {
        let rest = self.text.get(self.base..).unwrap_or_default();
        self.block_bits = match rest.first_chunk::<BLOCK>() {
            Some(block) => structural_bits(block, self.delimiter),
            None => {
                // NUL is not structural: it is refused as a delimiter.
                let mut block = [0; BLOCK];
                block[..rest.len()].copy_from_slice(rest);
                structural_bits(&block, self.delimiter)
            }
        };
        self.bits = self.block_bits;
    }
}

/// Bit `i` says whether byte `i` is the delimiter, CR or LF.
///
/// The comparison is written so that the compiler makes vector code of it (SSE2, simd128). The eight 0/1 bytes of a
/// word are then gathered by one multiplication: the factor has a bit for each byte, placed such that byte `i` lands on
/// bit `56 + i` and no two products meet.
#[inline]
fn structural_bits(block: &[u8; BLOCK], delimiter: u8) -> u64 {
    let mut marks = [0u8; BLOCK];
    for (mark, byte) in marks.iter_mut().zip(block) {
        *mark = u8::from(*byte == delimiter) | u8::from(*byte == b'\n') | u8::from(*byte == b'\r');
    }
    let mut bits = 0;
    let (words, _) = marks.as_chunks::<8>();
    for (word_idx, word) in words.iter().enumerate() {
        let gathered = u64::from_le_bytes(*word).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        bits |= gathered << (8 * word_idx);
    }
    bits
}
