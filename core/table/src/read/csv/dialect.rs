//! How a CSV file is written, from its first records.

use std::collections::BTreeMap;

use sluice_analysis::Value;
use sluice_protocol::load::Guess;

use super::infer::Evidence;
use super::split::{Dialect, Fields, Shape, Span, split, unescaped};
use crate::read::column::Kind;
use crate::read::options::LoadOptions;
use crate::read::report::guess;
use crate::read::values::{self, Class};

/// Delimiters that are tried, the likeliest first.
const DELIMITERS: [u8; 5] = [b',', b';', b'\t', b'|', b'^'];
/// Records looked at per delimiter.
const RECORDS_LOOKED_AT: usize = 200;

/// What the beginning of a CSV file says about the rest.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    pub(crate) dialect: Dialect,
    pub(crate) has_header: bool,
    /// As they stand in the header; empty where the header has none.
    pub(crate) header: Vec<String>,
    pub(crate) n_columns: usize,
    pub(crate) guesses: Vec<Guess>,
}

/// How evenly a delimiter divides the records.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Regularity {
    /// The commonest number of fields.
    pub(crate) n_columns: usize,
    /// Share of the records that have it.
    pub(crate) share: f64,
    /// Share of the cells that hold no other delimiter, or are numbers.
    clean_share: f64,
}

impl Regularity {
    fn score(&self) -> f64 {
        if self.n_columns < 2 {
            0.0
        } else {
            self.share * self.clean_share
        }
    }
}

/// The regularity of the best delimiter.
pub(crate) fn regularity(sample: &str, is_whole: bool, options: &LoadOptions) -> Regularity {
    let (body, _) = skip_lines(sample, options.skip_rows);
    let base = base_dialect(body, options);
    best_delimiter(body, is_whole, base, options, "").1
}

/// Decides on delimiter, quote, comment, trimming, decimal mark and header.
pub(crate) fn layout(
    sample: &str,
    is_whole: bool,
    extension: &str,
    options: &LoadOptions,
) -> Layout {
    let (body, _) = skip_lines(sample, options.skip_rows);
    let base = base_dialect(body, options);
    let (mut dialect, regularity) = best_delimiter(body, is_whole, base, options, extension);
    let comment_reason = settle_comment(body, is_whole, &mut dialect, regularity, options);
    let mut fields = split_sample(body, is_whole, &dialect);

    dialect.trim = options
        .trim
        .unwrap_or_else(|| has_blanks_after_delimiters(body, &fields));
    if dialect.trim {
        // Quotes count after the blanks too.
        fields = split_sample(body, is_whole, &dialect);
    }
    let decimal = options
        .decimal
        .unwrap_or_else(|| decimal_mark(body, &fields, dialect.delimiter));
    dialect.decimal = decimal;

    let n_columns = modal_width(&fields).0;
    let (has_header, header_reason) = match options.header {
        Some(header) => (header, ""),
        None => guess_header(body, &fields, n_columns, decimal),
    };
    let mut header: Vec<String> = if has_header {
        fields
            .ragged_row(0)
            .iter()
            .map(|span| cell_text(*span, body, &dialect))
            .collect()
    } else {
        Vec::new()
    };
    // A trailing delimiter in the header alone names nothing.
    while header.len() > n_columns && header.last().is_some_and(|name| name.trim().is_empty()) {
        header.pop();
    }
    // R's `write.table` leaves out the name of the row names.
    if has_header && header.len() + 1 == n_columns && fields.n_rows > 1 && regularity.share >= 0.9 {
        header.insert(0, String::new());
    }
    let n_columns = if fields.n_rows <= 1 {
        header.len().max(n_columns)
    } else {
        n_columns.max(header.len())
    };
    header.resize(if has_header { n_columns } else { 0 }, String::new());

    let mark =
        |byte: Option<u8>| byte.map_or_else(String::new, |byte| char::from(byte).to_string());
    let delimiter_reason = if regularity.n_columns >= 2 {
        format!(
            "{:.0} % of the first records have {} fields with it",
            100.0 * regularity.share,
            regularity.n_columns
        )
    } else {
        "no delimiter divides the records evenly, so each is one field".to_owned()
    };
    let guesses = vec![
        guess(
            "delimiter",
            mark(Some(dialect.delimiter)),
            delimiter_reason,
            &[",", ";", "\t", "|", "^", " "],
            options.delimiter.is_some(),
        ),
        guess(
            "quote",
            mark(dialect.quote),
            "usual for this delimiter",
            &["\"", "'", ""],
            options.quote.is_some(),
        ),
        guess(
            "comment",
            mark(dialect.comment),
            comment_reason,
            &["", "#", "%", ";"],
            options.comment.is_some(),
        ),
        Guess {
            choices: vec![Value::Bool(true), Value::Bool(false)],
            ..guess(
                "header",
                has_header,
                header_reason,
                &[],
                options.header.is_some(),
            )
        },
        guess(
            "decimal",
            mark(Some(decimal)),
            if decimal == b',' {
                "numbers have decimal commas"
            } else {
                "no column needs a decimal comma"
            },
            &[".", ","],
            options.decimal.is_some(),
        ),
        Guess {
            choices: vec![Value::Bool(true), Value::Bool(false)],
            ..guess(
                "trim",
                dialect.trim,
                if dialect.trim {
                    "a space follows nearly every delimiter"
                } else {
                    "delimiters stand without spaces"
                },
                &[],
                options.trim.is_some(),
            )
        },
    ];
    Layout {
        dialect,
        has_header,
        header,
        n_columns: n_columns.max(1),
        guesses,
    }
}

/// The text of a field with its quotes resolved.
pub(crate) fn cell_text(span: Span, text: &str, dialect: &Dialect) -> String {
    let field = span.text(text);
    if span.is_escaped() {
        let mut resolved = String::new();
        unescaped(field, dialect.quote.map_or('"', char::from), &mut resolved);
        return resolved;
    }
    field.to_owned()
}

/// The text after the first `n_lines` lines, and how many were there.
pub(crate) fn skip_lines(text: &str, n_lines: u64) -> (&str, u64) {
    let mut rest = text;
    let mut n_skipped = 0;
    while n_skipped < n_lines {
        let Some((_, after)) = rest.split_once('\n') else {
            break;
        };
        rest = after;
        n_skipped += 1;
    }
    (rest, n_skipped)
}

/// Quote and comment as far as they can be told without the delimiter.
fn base_dialect(body: &str, options: &LoadOptions) -> Dialect {
    let quote = options.quote.unwrap_or_else(|| {
        let fields_with = |quote: char| {
            body.lines()
                .take(RECORDS_LOOKED_AT)
                .filter(|line| line.starts_with(quote) || line.ends_with(quote))
                .count()
        };
        let is_single = !body.contains('"') && fields_with('\'') >= 3;
        Some(if is_single { b'\'' } else { b'"' })
    });
    let has_hash_lines = body
        .lines()
        .take(RECORDS_LOOKED_AT)
        .any(|line| line.starts_with('#'));
    let comment = options
        .comment
        .unwrap_or_else(|| has_hash_lines.then_some(b'#'));
    Dialect {
        delimiter: b',',
        quote,
        comment,
        decimal: b'.',
        trim: options.trim.unwrap_or(false),
    }
}

fn best_delimiter(
    body: &str,
    is_whole: bool,
    base: Dialect,
    options: &LoadOptions,
    extension: &str,
) -> (Dialect, Regularity) {
    let measure = |delimiter: u8| {
        let dialect = Dialect { delimiter, ..base };
        let fields = split_sample(body, is_whole, &dialect);
        (dialect, regularity_of(body, &fields, delimiter))
    };
    if let Some(delimiter) = options.delimiter {
        return measure(delimiter);
    }
    let fallback = if matches!(extension, "tsv" | "tab") {
        b'\t'
    } else {
        b','
    };
    let mut best = measure(fallback);
    for delimiter in DELIMITERS {
        let candidate = measure(delimiter);
        let (score, best_score) = (candidate.1.score(), best.1.score());
        // The margin keeps the likelier delimiter where both divide alike.
        if score > best_score + 0.02
            || score > best_score - 0.02 && candidate.1.n_columns > best.1.n_columns
        {
            best = candidate;
        }
    }
    best
}

fn regularity_of(body: &str, fields: &Fields, delimiter: u8) -> Regularity {
    let (n_columns, n_records) = modal_width(fields);
    let share = n_records as f64 / fields.n_rows.max(1) as f64;
    let is_clean = |span: &Span| {
        let field = span.bytes(body.as_bytes());
        let holds_other = || {
            DELIMITERS
                .iter()
                .any(|other| *other != delimiter && memchr::memchr(*other, field).is_some())
        };
        span.is_quoted() || !holds_other() || values::float(values::trimmed(field), b',').is_some()
    };
    let n_clean = fields.spans.iter().filter(|span| is_clean(span)).count();
    Regularity {
        n_columns,
        share,
        clean_share: n_clean as f64 / fields.spans.len().max(1) as f64,
    }
}

fn split_sample(body: &str, is_whole: bool, dialect: &Dialect) -> Fields {
    let mut fields = Fields::default();
    split(
        body.as_bytes(),
        0,
        dialect,
        Shape::Ragged,
        RECORDS_LOOKED_AT,
        is_whole,
        &mut fields,
    );
    if fields.n_rows == 0 {
        // One record longer than the sample: what is there of it is better than nothing.
        split(
            body.as_bytes(),
            0,
            dialect,
            Shape::Ragged,
            RECORDS_LOOKED_AT,
            true,
            &mut fields,
        );
    }
    fields
}

/// The commonest number of fields, the larger of two equally common, and how many records have it.
fn modal_width(fields: &Fields) -> (usize, usize) {
    let mut n_by_width: BTreeMap<usize, usize> = BTreeMap::new();
    for row in 0..fields.n_rows {
        *n_by_width.entry(fields.ragged_row(row).len()).or_default() += 1;
    }
    n_by_width
        .into_iter()
        .max_by_key(|(width, n)| (*n, *width))
        .unwrap_or((0, 0))
}

/// Lines with `#` are comments unless they have as many fields as the others.
fn settle_comment(
    body: &str,
    is_whole: bool,
    dialect: &mut Dialect,
    regularity: Regularity,
    options: &LoadOptions,
) -> &'static str {
    if options.comment.is_some() || dialect.comment.is_none() {
        return "no line starts with #";
    }
    let hash_lines: Vec<&str> = body
        .lines()
        .take(RECORDS_LOOKED_AT)
        .filter(|line| line.starts_with('#'))
        .collect();
    let without = Dialect {
        comment: None,
        ..*dialect
    };
    let are_records = hash_lines.iter().all(|line| {
        let fields = split_sample(line, true, &without);
        fields.ragged_row(0).len() == regularity.n_columns
    });
    if are_records && regularity.n_columns >= 2 || fields_only_comments(body, is_whole, dialect) {
        dialect.comment = None;
        return "lines that start with # have as many fields as the others";
    }
    "lines start with # and have other fields than the rest"
}

fn fields_only_comments(body: &str, is_whole: bool, dialect: &Dialect) -> bool {
    let mut fields = Fields::default();
    split(
        body.as_bytes(),
        0,
        dialect,
        Shape::Ragged,
        1,
        is_whole,
        &mut fields,
    );
    fields.n_rows == 0
}

/// Nineteen in twenty fields after a delimiter start with a space.
fn has_blanks_after_delimiters(body: &str, fields: &Fields) -> bool {
    let (mut n_after, mut n_blank) = (0usize, 0usize);
    for row in 0..fields.n_rows {
        for span in fields.ragged_row(row).iter().skip(1) {
            n_after += 1;
            n_blank += usize::from(span.bytes(body.as_bytes()).first() == Some(&b' '));
        }
    }
    n_after > 0 && n_blank * 20 >= n_after * 19
}

/// A comma, if commas are no delimiters and numbers are only numbers with it.
fn decimal_mark(body: &str, fields: &Fields, delimiter: u8) -> u8 {
    if delimiter == b',' {
        return b'.';
    }
    let is_float = |span: &&Span, mark: u8| {
        let field = values::trimmed(span.bytes(body.as_bytes()));
        !field.is_empty() && values::classify(field, mark) == Class::Float
    };
    let with_comma = fields
        .spans
        .iter()
        .filter(|span| is_float(span, b','))
        .count();
    let with_point = fields
        .spans
        .iter()
        .filter(|span| is_float(span, b'.'))
        .count();
    if with_comma > with_point { b',' } else { b'.' }
}

/// A first record of distinct texts above columns of other types, or above texts that it does not occur in.
fn guess_header(
    body: &str,
    fields: &Fields,
    n_columns: usize,
    decimal: u8,
) -> (bool, &'static str) {
    let first = fields.ragged_row(0);
    let names: Vec<&str> = first.iter().map(|span| span.text(body).trim()).collect();
    let is_typed = |name: &&str| !matches!(values::classify(name.as_bytes(), decimal), Class::Text);
    if names.iter().filter(|name| !name.is_empty()).any(is_typed) {
        return (false, "the first record holds numbers or dates");
    }
    if names.iter().all(|name| name.is_empty()) {
        return (false, "the first record is empty");
    }
    let column_kinds: Vec<Option<Kind>> = (0..n_columns)
        .map(|column| {
            let mut evidence = Evidence::default();
            for row in 1..fields.n_rows {
                if let Some(span) = fields.ragged_row(row).get(column) {
                    evidence.add(span.bytes(body.as_bytes()), decimal, None);
                }
            }
            evidence.kind()
        })
        .collect();
    if column_kinds
        .iter()
        .any(|kind| kind.is_some_and(|kind| kind != Kind::Text))
    {
        return (
            true,
            "the first record is text above columns of numbers or dates",
        );
    }
    if fields.n_rows == 1 {
        return (true, "there is one record only, and it is text");
    }
    let mut distinct = names.clone();
    distinct.sort_unstable();
    distinct.dedup();
    if distinct.len() < names.len() {
        return (
            false,
            "the first record repeats a text, and all columns are text",
        );
    }
    let recurs = |(column, name): (usize, &&str)| {
        (1..fields.n_rows).any(|row| {
            fields
                .ragged_row(row)
                .get(column)
                .is_some_and(|span| span.text(body).trim() == *name)
        })
    };
    if names.iter().enumerate().any(recurs) {
        return (
            false,
            "a text of the first record stands again in its column",
        );
    }
    if names.iter().any(|name| name.chars().count() > 64) {
        return (false, "the first record has long texts");
    }
    (
        true,
        "the first record is distinct short texts that do not recur in their columns",
    )
}
