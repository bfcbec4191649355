//! Tables to files: CSV, TSV, JSON lines, Parquet, Arrow IPC.
//!
//! What is written loads again as an equal table, with these exceptions, which the text formats force:
//! texts that look like another type are read as that type; categories become text; decimals, durations, times,
//! binary and (in CSV) lists become text; in JSON a NaN or infinity is `null`.

mod columnar;
mod delimited;
mod json_lines;
mod output;

use polars_core::prelude::{DataFrame, IdxSize, Series};

use crate::error::TableError;
use crate::host::Host;
use crate::render::no_row;
use crate::table::Table;
use output::Output;

/// A format that can be written, with its compression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExportFormat {
    kind: Kind,
    gzip: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Csv,
    Tsv,
    Jsonl,
    Parquet,
    Arrow,
}

impl ExportFormat {
    /// The names that [`ExportFormat::from_name`] takes, as file endings.
    pub const NAMES: [&str; 8] = [
        "csv", "csv.gz", "tsv", "tsv.gz", "jsonl", "jsonl.gz", "parquet", "arrow",
    ];

    /// Reads a file ending without its first dot, such as `csv` or `jsonl.gz`.
    ///
    /// # Errors
    ///
    /// [`TableError::Param`] lists what there is.
    pub fn from_name(name: &str) -> Result<Self, TableError> {
        let refuse = |reason: String| TableError::Param {
            what: format!("export format “{name}”"),
            reason,
        };
        let (stem, gzip) = match name.strip_suffix(".gz") {
            Some(stem) => (stem, true),
            None => (name, false),
        };
        let kind = match stem {
            "csv" => Kind::Csv,
            "tsv" => Kind::Tsv,
            "jsonl" | "ndjson" => Kind::Jsonl,
            "parquet" if !gzip => Kind::Parquet,
            "arrow" | "ipc" | "feather" if !gzip => Kind::Arrow,
            _ if name.ends_with(".zst") => {
                return Err(refuse("Zstandard is not written; choose .gz".to_owned()));
            }
            _ => {
                return Err(refuse(format!(
                    "one of {} is needed",
                    Self::NAMES.join(", ")
                )));
            }
        };
        Ok(Self { kind, gzip })
    }

    pub fn media_type(self) -> &'static str {
        match self {
            Self { gzip: true, .. } => "application/gzip",
            Self {
                kind: Kind::Csv, ..
            } => "text/csv;charset=utf-8",
            Self {
                kind: Kind::Tsv, ..
            } => "text/tab-separated-values;charset=utf-8",
            Self {
                kind: Kind::Jsonl, ..
            } => "application/jsonl",
            Self {
                kind: Kind::Parquet,
                ..
            } => "application/vnd.apache.parquet",
            Self {
                kind: Kind::Arrow, ..
            } => "application/vnd.apache.arrow.file",
        }
    }
}

/// Which rows are written, in which order.
#[derive(Clone, Copy, Debug)]
pub enum RowSelection<'a> {
    All,
    /// Row numbers of the table, in the order in which they are written; repeats are written again.
    Rows(&'a [u32]),
}

/// What was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExportSummary {
    pub rows: u64,
    /// After compression.
    pub bytes: u64,
}

/// Writes `rows` of `columns` in slices, with a checkpoint after each, and hands the bytes to `sink` as they come.
///
/// After an error or a cancel, what `sink` has got is not a whole file.
///
/// # Errors
///
/// [`TableError::NoColumn`]; [`TableError::Param`] for a row that does not exist or a column named twice;
/// [`TableError::Cancelled`].
pub async fn export(
    table: &Table,
    rows: RowSelection<'_>,
    columns: &[String],
    format: ExportFormat,
    sink: &mut dyn FnMut(Vec<u8>),
    host: &dyn Host,
) -> Result<ExportSummary, TableError> {
    let source = Source::new(table, rows, columns)?;
    let mut output = Output::new(sink, format.gzip);
    match format.kind {
        Kind::Csv => delimited::write(&source, b',', &mut output, host).await?,
        Kind::Tsv => delimited::write(&source, b'\t', &mut output, host).await?,
        Kind::Jsonl => json_lines::write(&source, &mut output, host).await?,
        Kind::Parquet => columnar::write_parquet(&source, &mut output, host).await?,
        Kind::Arrow => columnar::write_arrow(&source, &mut output, host).await?,
    }
    Ok(ExportSummary {
        rows: source.n_rows() as u64,
        bytes: output.finish()?,
    })
}

/// Chosen rows of chosen columns.
struct Source<'a> {
    frame: DataFrame,
    rows: RowSelection<'a>,
}

impl<'a> Source<'a> {
    fn new(table: &Table, rows: RowSelection<'a>, columns: &[String]) -> Result<Self, TableError> {
        let chosen = columns
            .iter()
            .map(|name| table.column(name).cloned())
            .collect::<Result<Vec<_>, _>>()?;
        if let RowSelection::Rows(rows) = rows
            && let Some(row) = rows.iter().find(|row| **row as usize >= table.n_rows())
        {
            return Err(no_row(u64::from(*row), table.n_rows()));
        }
        let frame = DataFrame::new(table.n_rows(), chosen).map_err(|error| TableError::Param {
            what: "columns".to_owned(),
            reason: error.to_string(),
        })?;
        Ok(Self { frame, rows })
    }

    fn n_rows(&self) -> usize {
        match self.rows {
            RowSelection::All => self.frame.height(),
            RowSelection::Rows(rows) => rows.len(),
        }
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.frame
            .get_column_names()
            .into_iter()
            .map(|name| name.as_str())
    }

    /// Slices that are formatted between two checkpoints: so many cells that they take a few milliseconds.
    fn text_slices(&self) -> impl Iterator<Item = std::ops::Range<usize>> + use<> {
        const CELLS_PER_SLICE: usize = 32 * 1024;
        const ROWS_PER_SLICE: usize = 8 * 1024;
        let n_columns = self.frame.width().max(1);
        slices(
            self.n_rows(),
            (CELLS_PER_SLICE / n_columns).clamp(1, ROWS_PER_SLICE),
        )
    }

    /// Rows `range` of what is written, each column in one piece.
    fn slice(&self, range: std::ops::Range<usize>) -> Result<DataFrame, TableError> {
        let columns = self
            .frame
            .columns()
            .iter()
            .map(|column| {
                let series = column.as_materialized_series();
                let slice: Series = match self.rows {
                    RowSelection::All => series.slice(range.start as i64, range.len()),
                    RowSelection::Rows(rows) => {
                        let rows: &[IdxSize] = rows.get(range.clone()).unwrap_or_default();
                        series.take_slice(rows).map_err(internal)?
                    }
                };
                Ok(slice.rechunk().into())
            })
            .collect::<Result<Vec<_>, TableError>>()?;
        DataFrame::new(range.len(), columns).map_err(internal)
    }
}

fn slices(n_rows: usize, rows_per_slice: usize) -> impl Iterator<Item = std::ops::Range<usize>> {
    (0..n_rows)
        .step_by(rows_per_slice)
        .map(move |start| start..n_rows.min(start + rows_per_slice))
}

#[cold]
fn internal(error: polars_core::prelude::PolarsError) -> TableError {
    TableError::Internal {
        context: "writing",
        reason: error.to_string(),
    }
}
