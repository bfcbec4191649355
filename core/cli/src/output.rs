//! Tables to files, JSON to standard output.

use std::fs::File;
use std::io::{self, BufWriter, Write};

use sluice_engine::{PlainHost, TableError};
use sluice_table::write::{self, ExportFormat, RowSelection};
use sluice_table::{Outcome, Table};

/// Writes a table; the format follows the file name unless it is forced. `-` is standard output, as CSV by default.
pub fn table(table: &Table, path: &str, format: Option<&str>) -> Result<u64, TableError> {
    let unwritable = |error: io::Error| TableError::Read {
        file: path.to_owned(),
        reason: format!("it could not be written: {error}"),
    };
    let format = match (format, path) {
        (Some(format), _) => ExportFormat::from_name(format)?,
        (None, "-") => ExportFormat::from_name("csv")?,
        (None, path) => ExportFormat::from_name(ending(path))?,
    };
    let mut out: Box<dyn Write> = if path == "-" {
        Box::new(io::stdout().lock())
    } else {
        Box::new(BufWriter::new(File::create(path).map_err(unwritable)?))
    };
    let columns: Vec<String> = table
        .column_names()
        .into_iter()
        .map(str::to_owned)
        .collect();
    let mut failed = None;
    let mut sink = |bytes: Vec<u8>| {
        if failed.is_none() {
            failed = out.write_all(&bytes).err();
        }
    };
    let summary = pollster::block_on(write::export(
        table,
        RowSelection::All,
        &columns,
        format,
        &mut sink,
        &PlainHost,
    ))?;
    match failed {
        Some(error) => Err(unwritable(error)),
        None => out.flush().map_err(unwritable).map(|()| summary.rows),
    }
}

/// Everything after the first dot of the file name: "csv.gz".
pub fn ending(path: &str) -> &str {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    name.split_once('.').map_or("", |(_, ending)| ending)
}

/// The main table of an outcome, written; others are ports that a document would name.
pub fn outcome(
    outcome: &Outcome,
    port: usize,
    path: &str,
    format: Option<&str>,
) -> Result<u64, TableError> {
    let found = outcome.tables.get(port).ok_or_else(|| TableError::Param {
        what: "--port".to_owned(),
        reason: format!(
            "the operation has {} output tables, counted from 0",
            outcome.tables.len()
        ),
    })?;
    table(found, path, format)
}

/// One JSON document.
pub fn json(value: &serde_json::Value) -> Result<(), TableError> {
    text(&format!("{value}\n"))
}

/// Text for people. A reader that has seen enough (`| head`) is no error.
pub fn text(text: &str) -> Result<(), TableError> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(TableError::Read {
            file: "standard output".to_owned(),
            reason: error.to_string(),
        }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::ending;

    #[test]
    fn compression_is_part_of_the_ending() {
        assert_eq!(ending("/a.b/table.csv.gz"), "csv.gz");
        assert_eq!(ending("table.parquet"), "parquet");
        assert_eq!(ending("table"), "");
    }
}
