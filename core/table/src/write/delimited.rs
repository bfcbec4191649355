//! CSV and TSV: RFC 4180 quoting, lines end with `\n`.
//!
//! A null is an empty field and an empty text is `""`. In a table of one column a null is `""` too,
//! because readers skip empty lines.

use polars_core::prelude::AnyValue;

use crate::error::TableError;
use crate::host::Host;
use crate::render::{Style, text_of, write_value};
use crate::write::output::Output;
use crate::write::{Source, internal};

pub(super) async fn write(
    source: &Source<'_>,
    delimiter: u8,
    output: &mut Output<'_>,
    host: &dyn Host,
) -> Result<(), TableError> {
    let mut out = String::new();
    for (column_idx, name) in source.names().enumerate() {
        if column_idx > 0 {
            out.push(char::from(delimiter));
        }
        write_text(&mut out, name, delimiter);
    }
    out.push('\n');
    let n_rows = source.n_rows() as u64;
    for range in source.text_slices() {
        host.progress("writing", range.start as u64, n_rows);
        let n_slice_rows = range.len();
        let frame = source.slice(range)?;
        let columns: Vec<_> = frame
            .columns()
            .iter()
            .map(|column| column.as_materialized_series())
            .collect();
        for row in 0..n_slice_rows {
            for (column_idx, column) in columns.iter().enumerate() {
                if column_idx > 0 {
                    out.push(char::from(delimiter));
                }
                let value = column.get(row).map_err(internal)?;
                if columns.len() == 1 && matches!(value, AnyValue::Null) {
                    out.push_str("\"\"");
                }
                write_field(&mut out, &value, delimiter);
            }
            out.push('\n');
        }
        output.write(out.as_bytes())?;
        out.clear();
        host.checkpoint().await?;
    }
    output.write(out.as_bytes())
}

fn write_field(out: &mut String, value: &AnyValue, delimiter: u8) {
    match value {
        AnyValue::List(_)
        | AnyValue::Array(..)
        | AnyValue::Struct(..)
        | AnyValue::StructOwned(_) => {
            let mut json = String::new();
            write_value(&mut json, value, Style::Json, usize::MAX);
            write_text(out, &json, delimiter);
        }
        value => match text_of(value) {
            Some(text) => write_text(out, text, delimiter),
            // Numbers, dates and the rest hold no delimiter and no quote.
            None => write_value(out, value, Style::File, usize::MAX),
        },
    }
}

fn write_text(out: &mut String, text: &str, delimiter: u8) {
    // Readers may trim blanks at the ends, and a comment sign at the start of a line starts a comment.
    let needs_quotes = text.is_empty()
        || text
            .bytes()
            .any(|byte| byte == delimiter || matches!(byte, b'"' | b'\n' | b'\r'))
        || text.starts_with([' ', '\t', '#'])
        || text.ends_with([' ', '\t']);
    if !needs_quotes {
        out.push_str(text);
        return;
    }
    out.push('"');
    for (part_idx, part) in text.split('"').enumerate() {
        if part_idx > 0 {
            out.push_str("\"\"");
        }
        out.push_str(part);
    }
    out.push('"');
}
