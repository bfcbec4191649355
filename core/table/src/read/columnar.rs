//! What Parquet and Arrow IPC share: types, dotted columns of structs, chosen columns, joined chunks.
//!
//! - Structs become columns with dotted names, as in JSON; a null struct is null in each of them.
//! - Dictionaries of texts become categories, other dictionaries plain values.
//! - Date-times are instants in UTC: a time zone is only how its writer showed them, and is dropped.
//! - Map becomes a list of structs, fixed-size lists become lists, fixed-size binary becomes binary.

use std::ops::Range;

use polars_arrow::array::Utf8ViewArray;
use polars_arrow::datatypes::{ArrowDataType, Field as ArrowField};
use polars_core::prelude::{
    Column, DataFrame, DataType, IntoColumn, IntoSeries, NewChunkedArray, PolarsError, Series,
    StringChunked,
};
use sluice_protocol::load::LoadIssue;

use crate::error::TableError;
use crate::read::names;
use crate::read::options::LoadOptions;
use crate::read::report::issue;
use crate::table::Table;

/// The Arrow type as it is read: without time zones, extensions and metadata, which have no use here.
///
/// # Errors
///
/// The name of a type that cannot be read.
pub(crate) fn readable(dtype: &ArrowDataType) -> Result<ArrowDataType, String> {
    use ArrowDataType as D;
    let field = |field: &ArrowField| -> Result<ArrowField, String> {
        Ok(ArrowField::new(
            field.name.clone(),
            readable(&field.dtype)?,
            field.is_nullable,
        ))
    };
    Ok(match dtype {
        D::Null | D::Boolean | D::Float32 | D::Float64 => dtype.clone(),
        D::Int8 | D::Int16 | D::Int32 | D::Int64 => dtype.clone(),
        D::UInt8 | D::UInt16 | D::UInt32 | D::UInt64 => dtype.clone(),
        D::Date32 | D::Date64 | D::Time32(_) | D::Time64(_) | D::Duration(_) => dtype.clone(),
        D::Utf8 | D::LargeUtf8 | D::Utf8View | D::Binary | D::LargeBinary | D::BinaryView => {
            dtype.clone()
        }
        D::Timestamp(unit, _) => D::Timestamp(*unit, None),
        D::FixedSizeBinary(size) if *size > 0 => dtype.clone(),
        D::Decimal(precision, scale) if (1..=38).contains(precision) && scale <= precision => {
            dtype.clone()
        }
        D::List(items) => D::List(Box::new(field(items)?)),
        D::LargeList(items) => D::LargeList(Box::new(field(items)?)),
        D::FixedSizeList(items, size) if *size > 0 => {
            D::FixedSizeList(Box::new(field(items)?), *size)
        }
        D::Map(entries, _) => D::List(Box::new(field(entries)?)),
        D::Struct(fields) if !fields.is_empty() => {
            D::Struct(fields.iter().map(field).collect::<Result<_, _>>()?)
        }
        D::Dictionary(keys, values, sorted) if !values.is_nested() => {
            D::Dictionary(*keys, Box::new(readable(values)?), *sorted)
        }
        D::Extension(extension) => readable(&extension.inner)?,
        other => return Err(format!("its type {other:?} is not read")),
    })
}

/// Names of the columns that a field becomes: its own, or dotted ones for the fields of a struct.
pub(crate) fn flat_names(name: &str, dtype: &ArrowDataType) -> Vec<String> {
    match dtype {
        ArrowDataType::Struct(fields) => fields
            .iter()
            .flat_map(|field| flat_names(&format!("{name}.{}", field.name), &field.dtype))
            .collect(),
        _ => vec![name.to_owned()],
    }
}

/// The columns of [`flat_names`], in the same order.
///
/// # Errors
///
/// In a library's words.
pub(crate) fn flat_columns(series: Series) -> Result<Vec<Series>, PolarsError> {
    match series.dtype() {
        DataType::Struct(_) => {
            let fields = series
                .propagate_nulls()
                .unwrap_or(series)
                .struct_()?
                .fields_as_series();
            fields
                .into_iter()
                .map(flat_columns)
                .try_fold(Vec::new(), |mut all, columns| {
                    all.extend(columns?);
                    Ok(all)
                })
        }
        DataType::Array(items, _) => Ok(vec![series.cast(&DataType::List(items.clone()))?]),
        _ => Ok(vec![series]),
    }
}

/// The rows of `runs`, which are ascending.
///
/// Of several runs the values are copied, so that what lies between them is freed.
///
/// # Errors
///
/// In a library's words.
pub(crate) fn keep_runs(series: &Series, runs: &[Range<usize>]) -> Result<Series, PolarsError> {
    match runs {
        [run] => Ok(series.slice(run.start as i64, run.len())),
        runs => {
            let mut kept = series.clear();
            for run in runs {
                kept.append_owned(series.slice(run.start as i64, run.len()))?;
            }
            Ok(compact(&kept))
        }
    }
}

/// A copy in one piece that shares nothing with the series.
pub(crate) fn compact(series: &Series) -> Series {
    match series.str() {
        // Joining chunks copies the views of texts, but keeps all bytes that any text had.
        Ok(texts) => {
            let texts = texts.downcast_iter().flat_map(|chunk| chunk.iter());
            StringChunked::from_iter_options(series.name().clone(), texts).into_series()
        }
        Err(_) => series.rechunk(),
    }
}

/// Which columns of a file are read, under which names.
#[derive(Debug)]
pub(crate) struct Selection {
    /// Fields of the file that must be read, ascending.
    pub(crate) fields: Vec<usize>,
    /// In the order of the table.
    columns: Vec<Chosen>,
}

#[derive(Debug)]
struct Chosen {
    name: String,
    /// Position in `fields`.
    field_pos: usize,
    /// Which of the field's [`flat_columns`].
    part: usize,
}

impl Selection {
    /// Chooses all columns, or those that `options` name: dotted, or a whole struct by its own name.
    ///
    /// `fields` are the flat names of each field of the file; empty for a field that cannot be read.
    ///
    /// # Errors
    ///
    /// [`TableError::NoColumn`].
    pub(crate) fn new(
        file: &str,
        fields: &[(String, Vec<String>)],
        options: &LoadOptions,
        issues: &mut Vec<LoadIssue>,
    ) -> Result<Self, TableError> {
        let parts: Vec<(usize, usize)> = fields
            .iter()
            .enumerate()
            .flat_map(|(field_idx, (_, flat))| (0..flat.len()).map(move |part| (field_idx, part)))
            .collect();
        let given: Vec<String> = fields
            .iter()
            .flat_map(|(_, flat)| flat.iter().cloned())
            .collect();
        let (usable, renamed) = names::usable(&given);
        for change in renamed {
            let reason = format!(
                "column {} is named “{}” in the file",
                change.column_idx + 1,
                change.from
            );
            issues.push(issue(file, None, Some(&change.to), reason));
        }
        let mut picked: Vec<usize> = Vec::new();
        for name in options.columns.as_ref().unwrap_or(&usable) {
            let of_field = |part_idx: &usize| fields[parts[*part_idx].0].0 == *name;
            let found: Vec<usize> = match usable.iter().position(|candidate| candidate == name) {
                Some(part_idx) => vec![part_idx],
                None => (0..parts.len()).filter(of_field).collect(),
            };
            if found.is_empty() {
                return Err(TableError::NoColumn {
                    column: name.clone(),
                    available: usable.join(", "),
                });
            }
            picked.extend(
                found
                    .into_iter()
                    .filter(|part_idx| !picked.contains(part_idx))
                    .collect::<Vec<_>>(),
            );
        }
        let mut field_idxs: Vec<usize> = picked.iter().map(|&part_idx| parts[part_idx].0).collect();
        field_idxs.sort_unstable();
        field_idxs.dedup();
        let columns = picked
            .into_iter()
            .map(|part_idx| Chosen {
                name: usable[part_idx].clone(),
                field_pos: field_idxs.partition_point(|&field_idx| field_idx < parts[part_idx].0),
                part: parts[part_idx].1,
            })
            .collect();
        Ok(Self {
            fields: field_idxs,
            columns,
        })
    }
}

/// Collects row groups or record batches, all of a group or nothing of it.
pub(crate) struct Assembly {
    selection: Selection,
    /// The groups of each column.
    columns: Vec<Vec<Series>>,
    n_rows: usize,
    memory_bytes: u64,
}

impl Assembly {
    pub(crate) fn new(selection: Selection) -> Self {
        let columns = selection.columns.iter().map(|_| Vec::new()).collect();
        Self {
            selection,
            columns,
            n_rows: 0,
            memory_bytes: 0,
        }
    }

    /// Fields of the file that [`Assembly::push`] wants, ascending.
    pub(crate) fn fields(&self) -> &[usize] {
        &self.selection.fields
    }

    pub(crate) fn n_rows(&self) -> usize {
        self.n_rows
    }

    pub(crate) fn memory_bytes(&self) -> u64 {
        self.memory_bytes
    }

    /// Adds a group: one series per field of [`Assembly::fields`], each of `n_rows` rows.
    ///
    /// # Errors
    ///
    /// What does not fit, in words; nothing is added then.
    pub(crate) fn push(&mut self, group: Vec<Series>, n_rows: usize) -> Result<(), String> {
        let flat: Vec<Vec<Series>> = group
            .into_iter()
            .map(flat_columns)
            .collect::<Result<_, _>>()
            .map_err(|error: PolarsError| error.to_string())?;
        let mut parts = Vec::with_capacity(self.columns.len());
        for (chosen, column) in self.selection.columns.iter().zip(&self.columns) {
            let found = flat
                .get(chosen.field_pos)
                .and_then(|parts| parts.get(chosen.part));
            let Some(part) = found.filter(|part| part.len() == n_rows) else {
                return Err(format!(
                    "column “{}” does not have {n_rows} rows",
                    chosen.name
                ));
            };
            if column
                .first()
                .is_some_and(|first| first.dtype() != part.dtype())
            {
                return Err(format!(
                    "column “{}” has another type than in the first group",
                    chosen.name
                ));
            }
            let mut part = part.clone();
            part.rename(chosen.name.as_str().into());
            parts.push(part);
        }
        for (column, part) in self.columns.iter_mut().zip(parts) {
            self.memory_bytes += memory_bytes(&part);
            column.push(part);
        }
        self.n_rows += n_rows;
        Ok(())
    }

    /// The table; `None` if no group was added.
    ///
    /// # Errors
    ///
    /// [`TableError::Internal`] for a fault of ours.
    pub(crate) fn finish(self) -> Result<Option<Table>, TableError> {
        let internal = |error: PolarsError| TableError::Internal {
            context: "joining columns",
            reason: error.to_string(),
        };
        let mut columns: Vec<Column> = Vec::with_capacity(self.columns.len());
        for parts in self.columns {
            let mut parts = parts.into_iter();
            let Some(mut series) = parts.next() else {
                return Ok(None);
            };
            for part in parts {
                series.append_owned(part).map_err(internal)?;
            }
            columns.push(joined(series).into_column());
        }
        let frame = DataFrame::new(self.n_rows, columns).map_err(internal)?;
        Ok(Some(Table::from_frame(frame)))
    }
}

/// Polars counts the letters of texts alone; each text also has a view of 16 bytes, which holds it if it is short.
fn memory_bytes(series: &Series) -> u64 {
    let letters = |chunk: &Utf8ViewArray| chunk.total_bytes_len().min(chunk.total_buffer_len());
    let bytes = match series.str() {
        Ok(texts) => 16 * texts.len() + texts.downcast_iter().map(letters).sum::<usize>(),
        Err(_) => series.estimated_size(),
    };
    bytes as u64
}

/// Below this many rows per chunk, walking chunks costs more than one copy of the column.
const ROWS_PER_CHUNK_MIN: usize = 16 * 1024;

fn joined(series: Series) -> Series {
    let n_chunks = series.n_chunks();
    if n_chunks > 1 && series.len() / n_chunks < ROWS_PER_CHUNK_MIN {
        series.rechunk()
    } else {
        series
    }
}
