//! Parquet: the footer says what is where; then row group by row group, column by column, a few pages at a time.
//!
//! A row group that cannot be read is left out whole, with an issue; the others stay.

mod ahead;
mod check;
mod decode;
mod footer;
mod pages;
mod runs;

use futures_util::future::join;
use polars_parquet::parquet::metadata::{ColumnChunkMetadata, RowGroupMetadata};
use polars_parquet::parquet::schema::types::PhysicalType;
use sluice_protocol::load::{LoadEstimate, LoadIssue, Sampling};

use crate::error::TableError;
use crate::host::{ByteSource, Host};
use crate::load::Loaded;
use crate::read::columnar::{Assembly, Selection};
use crate::read::options::LoadOptions;
use crate::read::report::{check_budget, estimate_from, guess, issue, sorted_issues};
use crate::read::sample::{Sample, share_to_read};
use ahead::Ahead;
use footer::{Footer, Part};
use pages::Bad;

/// Loads a Parquet file; over the budget, an evenly spaced sample of it.
///
/// # Errors
///
/// [`TableError::Format`] for a damaged footer or when no row group can be read; [`TableError::NoColumn`];
/// [`TableError::TooLarge`]; [`TableError::Cancelled`]; [`TableError::Read`] from the source.
pub(crate) async fn load_parquet(
    source: &dyn ByteSource,
    options: &LoadOptions,
    host: &dyn Host,
) -> Result<Loaded, TableError> {
    let file = source.name();
    let footer = footer::read(source).await?;
    let mut issues: Vec<LoadIssue> = footer
        .unread
        .iter()
        .map(|(name, reason)| {
            issue(
                file,
                None,
                Some(name),
                format!("the column was left out: {reason}"),
            )
        })
        .collect();
    let selection = Selection::new(file, &names(&footer), options, &mut issues)?;
    let share = share_to_read(
        file,
        &estimate_of(source, &footer, &selection, host),
        options,
    )?;
    let sample = Sample::new(share, footer.groups.len());
    let mut assembly = Assembly::new(selection);
    let mut first_row = 0;
    let stage = format!("reading {file}");
    let fields = assembly.fields().to_vec();
    let is_read = |group_idx: usize, group: &RowGroupMetadata| {
        sample
            .rows(group_idx, group.num_rows())
            .iter()
            .any(|run| !run.is_empty())
    };
    let mut groups_to_read = footer
        .groups
        .iter()
        .enumerate()
        .filter(|(group_idx, group)| is_read(*group_idx, group));
    // The source reads the next row group while this one is decoded.
    let mut ahead = match groups_to_read.next() {
        Some((_, group)) => Some(Ahead::read(source, &footer, group, &fields).await),
        None => None,
    };
    for (group_idx, group) in footer.groups.iter().enumerate() {
        let n_columns = assembly.fields().len().max(1) as u64;
        let on_column = |n_done: usize| {
            let n_rows = group.num_rows() as u64 * n_done as u64 / n_columns;
            host.progress(&stage, first_row + n_rows, footer.n_rows());
        };
        let rows = sample.rows(group_idx, group.num_rows());
        let n_rows = rows.iter().map(|run| run.len()).sum();
        if n_rows > 0
            && let Some(this) = ahead.take()
        {
            let next = async {
                match groups_to_read.next() {
                    Some((_, group)) => Some(Ahead::read(source, &footer, group, &fields).await),
                    None => None,
                }
            };
            let decoded = async {
                let this = this?;
                decode::group(&this, &footer, group, &fields, &rows, host, &on_column).await
            };
            let (decoded, next) = join(decoded, next).await;
            ahead = next;
            let result = match decoded {
                Ok(columns) => assembly.push(columns, n_rows).map_err(Bad::Chunk),
                Err(bad) => Err(bad),
            };
            match result {
                Ok(()) => check_budget(file, assembly.memory_bytes(), host.memory_budget_bytes())?,
                Err(Bad::Stop(error)) => return Err(error),
                Err(Bad::Chunk(reason)) => {
                    issues.push(left_out(file, &footer, group_idx, first_row, &reason))
                }
            }
        }
        first_row += group.num_rows() as u64;
    }
    if footer.n_rows() == 0 {
        assembly
            .push(decode::empty(&footer, assembly.fields()), 0)
            .map_err(|reason| damaged(file, reason))?;
    }
    let n_rows_read = assembly.n_rows();
    let sampling = sample.method("row group").map(|method| Sampling {
        method,
        share: n_rows_read as f64 / footer.n_rows().max(1) as f64,
    });
    let Some(table) = assembly.finish()? else {
        let reason = issues
            .last()
            .map_or("it has no columns that are read", |last| &last.reason);
        return Err(damaged(file, reason.to_owned()));
    };
    let magic = "begins and ends with PAR1";
    Ok(Loaded {
        table,
        format: "parquet".to_owned(),
        guesses: vec![guess(
            "format",
            "parquet",
            magic,
            &[],
            options.format.is_some(),
        )],
        issues: sorted_issues(issues, 0),
        sampling,
    })
}

/// What loading would cost, from the footer alone.
///
/// # Errors
///
/// As [`load_parquet`], for the footer and the choice of columns.
pub(crate) async fn estimate_parquet(
    source: &dyn ByteSource,
    options: &LoadOptions,
    host: &dyn Host,
) -> Result<LoadEstimate, TableError> {
    let footer = footer::read(source).await?;
    let selection = Selection::new(source.name(), &names(&footer), options, &mut Vec::new())?;
    Ok(estimate_of(source, &footer, &selection, host))
}

fn damaged(file: &str, reason: String) -> TableError {
    TableError::Format {
        file: file.to_owned(),
        format: "Parquet",
        reason,
    }
}

/// Each part's top-level field and own name.
fn names(footer: &Footer) -> Vec<(String, Vec<String>)> {
    footer
        .parts
        .iter()
        .map(|part| (part.root.clone(), vec![part.name.clone()]))
        .collect()
}

fn left_out(
    file: &str,
    footer: &Footer,
    group_idx: usize,
    first_row: u64,
    reason: &str,
) -> LoadIssue {
    let group = footer
        .groups
        .get(group_idx)
        .map_or(0, |group| group.num_rows() as u64);
    let reason = format!(
        "row group {} of {} ({group} rows) was left out: {reason}",
        group_idx + 1,
        footer.groups.len()
    );
    issue(file, Some(first_row + 1), None, reason)
}

fn estimate_of(
    source: &dyn ByteSource,
    footer: &Footer,
    selection: &Selection,
    host: &dyn Host,
) -> LoadEstimate {
    let columns: Vec<(String, u64)> = selection
        .fields
        .iter()
        .filter_map(|&part_idx| footer.parts.get(part_idx))
        .map(|part| (part.name.clone(), part_bytes(footer, part)))
        .collect();
    let memory_bytes = columns.iter().map(|(_, bytes)| bytes).sum();
    estimate_from(
        source.size_bytes(),
        memory_bytes,
        host.memory_budget_bytes(),
        true,
        columns,
    )
}

/// Expected memory of a column: its width times its values, or, for texts, a view per value and all the bytes
/// that the chunks unpack to, which dictionaries hold once.
fn part_bytes(footer: &Footer, part: &Part) -> u64 {
    const VIEW_BYTES: u64 = 16;
    const OFFSET_BYTES: u64 = 8;
    let leaf_bytes = |chunk: &ColumnChunkMetadata| {
        let n_values = chunk.num_values() as u64;
        let values = match chunk.physical_type() {
            PhysicalType::Boolean => n_values / 8,
            PhysicalType::Int32 | PhysicalType::Float => 4 * n_values,
            PhysicalType::Int64 | PhysicalType::Double | PhysicalType::Int96 => 8 * n_values,
            PhysicalType::ByteArray => {
                (VIEW_BYTES * n_values).saturating_add(chunk.uncompressed_size() as u64)
            }
            // Decimals, and what becomes binary.
            PhysicalType::FixedLenByteArray(width) => {
                n_values.saturating_mul(VIEW_BYTES.max(width as u64))
            }
        };
        let validity = n_values / 8;
        let offsets = if chunk.descriptor().descriptor.max_rep_level > 0 {
            OFFSET_BYTES * n_values
        } else {
            0
        };
        values.saturating_add(validity).saturating_add(offsets)
    };
    let chunks = footer
        .groups
        .iter()
        .filter_map(|group| group.parquet_columns().get(part.leaves.clone()));
    chunks
        .flatten()
        .map(leaf_bytes)
        .fold(0, u64::saturating_add)
}
