//! Several files as one table.

use std::collections::BTreeMap;
use std::rc::Rc;

use polars_core::prelude::{Column, DataFrame, DataType};
use sluice_protocol::load::{Guess, LoadIssue, LoadVerdict, Sampling};

use crate::error::TableError;
use crate::host::{ByteSource, Host};
use crate::load::{Issues, Loaded};
use crate::read::options::LoadOptions;
use crate::read::report::{estimate_from, issue};
use crate::read::{estimate_one, load_one};
use crate::table::Table;

/// Loads the files one after another and stacks them: columns by name, in the first file's order, each of the type
/// that holds the values of all files.
///
/// # Errors
///
/// [`TableError::Format`] names the file whose columns differ, and how; otherwise as one file's load.
pub(crate) async fn load_many(
    sources: &[Rc<dyn ByteSource>],
    options: &LoadOptions,
    host: &dyn Host,
) -> Result<Loaded, TableError> {
    let options = &with_common_share(sources, options, host).await?;
    let mut parts: Vec<(String, Loaded)> = Vec::with_capacity(sources.len());
    let mut total_bytes = 0u64;
    for source in sources {
        let loaded = load_one(&**source, options, host).await?;
        if let Some((first_name, first)) = parts.first() {
            check_names(source.name(), &loaded.table, first_name, &first.table)?;
        }
        total_bytes += loaded.table.memory_bytes();
        if total_bytes > host.memory_budget_bytes() {
            return Err(TableError::TooLarge {
                what: format!("reading {} files", sources.len()),
                needed_bytes: total_bytes,
                budget_bytes: host.memory_budget_bytes(),
                advice: "set a sample share, or load fewer files or columns".to_owned(),
            });
        }
        parts.push((source.name().to_owned(), loaded));
    }
    let mut notes = Vec::new();
    let frame = stack(&parts, &mut notes, host).await?;
    let sampling = sampling_of(&parts);
    let mut issues = Issues::default();
    notes.into_iter().for_each(|note| issues.push(note));
    let mut formats: Vec<String> = Vec::new();
    let mut guesses: Vec<Guess> = Vec::new();
    for (name, part) in parts {
        part.issues
            .first()
            .iter()
            .for_each(|issue| issues.push(issue.clone()));
        issues.add_uncounted(part.issues.total() - part.issues.first().len() as u64);
        if !formats.contains(&part.format) {
            formats.push(part.format);
        }
        for guess in part.guesses {
            // A decision that holds for all files is said once; one that differs is said with its file.
            let same = guesses
                .iter()
                .any(|known| known.name == guess.name && known.value == guess.value);
            if !same {
                let reason = format!("{name}: {}", guess.reason);
                guesses.push(Guess { reason, ..guess });
            }
        }
    }
    Ok(Loaded {
        table: Table::from_frame(frame),
        format: formats.join(" and "),
        guesses,
        issues,
        sampling,
    })
}

/// The options with a sample share for all files alike, if the files together do not fit the budget.
async fn with_common_share(
    sources: &[Rc<dyn ByteSource>],
    options: &LoadOptions,
    host: &dyn Host,
) -> Result<LoadOptions, TableError> {
    let mut options = options.clone();
    if options.sample_share.is_some() {
        return Ok(options);
    }
    let (mut file_bytes, mut memory_bytes) = (0, 0);
    for source in sources {
        let estimate = estimate_one(&**source, &options, host).await?;
        file_bytes += estimate.file_bytes;
        memory_bytes += estimate.memory_bytes;
        host.checkpoint().await?;
    }
    let budget_bytes = host.memory_budget_bytes();
    match estimate_from(file_bytes, memory_bytes, budget_bytes, true, Vec::new()).verdict {
        LoadVerdict::Fits => {}
        LoadVerdict::Sample { share } => options.sample_share = Some(share),
        LoadVerdict::Refuse { reason } => {
            return Err(TableError::TooLarge {
                what: format!("reading {} files", sources.len()),
                needed_bytes: memory_bytes,
                budget_bytes,
                advice: reason,
            });
        }
    }
    Ok(options)
}

fn check_names(
    file: &str,
    table: &Table,
    first_file: &str,
    first: &Table,
) -> Result<(), TableError> {
    let (names, expected) = (table.column_names(), first.column_names());
    let only_in = |a: &[&str], b: &[&str]| -> Vec<String> {
        a.iter()
            .filter(|name| !b.contains(name))
            .map(|name| format!("“{name}”"))
            .collect()
    };
    let (missing, extra) = (only_in(&expected, &names), only_in(&names, &expected));
    let mut parts = Vec::new();
    if !missing.is_empty() {
        parts.push(format!("it lacks {}", missing.join(", ")));
    }
    if !extra.is_empty() {
        parts.push(format!("it has {} besides", extra.join(", ")));
    }
    if parts.is_empty() {
        return Ok(());
    }
    Err(TableError::Format {
        file: file.to_owned(),
        format: "a further part of the table",
        reason: format!(
            "its columns differ from those of {first_file}: {}",
            parts.join(" and ")
        ),
    })
}

async fn stack(
    parts: &[(String, Loaded)],
    notes: &mut Vec<LoadIssue>,
    host: &dyn Host,
) -> Result<DataFrame, TableError> {
    let internal = |reason: String| TableError::Internal {
        context: "stacking files",
        reason,
    };
    let Some((_, first)) = parts.first() else {
        return Ok(DataFrame::empty());
    };
    let n_rows = parts.iter().map(|(_, part)| part.table.n_rows()).sum();
    let mut stacked: Vec<Column> = Vec::with_capacity(first.table.n_columns());
    for name in first.table.column_names() {
        let mut columns = Vec::with_capacity(parts.len());
        for (_, part) in parts {
            columns.push(part.table.column(name)?);
        }
        let dtypes: BTreeMap<String, &DataType> = columns
            .iter()
            .map(|column| (column.dtype().to_string(), column.dtype()))
            .collect();
        let target = common_type(&columns);
        if dtypes.len() > 1 && target == DataType::String {
            let types: Vec<&str> = dtypes.keys().map(String::as_str).collect();
            let reason = format!(
                "the files have it as {}, so it is text",
                types.join(" and ")
            );
            notes.push(issue(&parts[0].0, None, Some(name), reason));
        }
        let mut whole: Option<Column> = None;
        for column in columns {
            let column = column
                .strict_cast(&target)
                .map_err(|error| internal(error.to_string()))?;
            match &mut whole {
                None => whole = Some(column),
                Some(whole) => {
                    whole
                        .append(&column)
                        .map_err(|error| internal(error.to_string()))?;
                }
            }
            host.checkpoint().await?;
        }
        stacked.extend(whole);
    }
    DataFrame::new(n_rows, stacked).map_err(|error| internal(error.to_string()))
}

/// The narrowest type that holds the values of all columns. A column of nulls alone takes any type.
fn common_type(columns: &[&Column]) -> DataType {
    let mut common: Option<DataType> = None;
    for column in columns {
        if column.null_count() == column.len() && !column.is_empty() {
            continue;
        }
        let dtype = column.dtype();
        common = Some(match common {
            None => dtype.clone(),
            Some(known) => wider(&known, dtype, columns),
        });
    }
    common
        .or_else(|| columns.first().map(|column| column.dtype().clone()))
        .unwrap_or(DataType::String)
}

fn wider(a: &DataType, b: &DataType, columns: &[&Column]) -> DataType {
    if a == b {
        return a.clone();
    }
    match (a, b) {
        (DataType::Date, DataType::Datetime(..)) => b.clone(),
        (DataType::Datetime(..), DataType::Date) => a.clone(),
        (a, b) if a.is_integer() && b.is_integer() => DataType::Int64,
        (a, b)
            if a.is_primitive_numeric()
                && b.is_primitive_numeric()
                && are_integers_exact(columns) =>
        {
            DataType::Float64
        }
        _ => DataType::String,
    }
}

/// Whether every integer of the columns is exact as a float.
fn are_integers_exact(columns: &[&Column]) -> bool {
    columns
        .iter()
        .filter(|column| column.dtype().is_integer())
        .all(|column| {
            let Ok(values) = column.cast(&DataType::Int64) else {
                return false;
            };
            let Ok(values) = values.i64() else {
                return false;
            };
            values
                .into_iter()
                .flatten()
                .all(crate::read::column::is_exact_as_float)
        })
}

/// The share of all files, weighted by rows, if any was sampled.
fn sampling_of(parts: &[(String, Loaded)]) -> Option<Sampling> {
    let sampled: Vec<&(String, Loaded)> = parts
        .iter()
        .filter(|(_, part)| part.sampling.is_some())
        .collect();
    let method = sampled
        .first()
        .and_then(|(_, part)| part.sampling.as_ref())?
        .method
        .clone();
    let (mut n_rows, mut n_expected) = (0.0, 0.0);
    for (_, part) in parts {
        let share = part
            .sampling
            .as_ref()
            .map_or(1.0, |sampling| sampling.share)
            .max(f64::MIN_POSITIVE);
        n_rows += part.table.n_rows() as f64;
        n_expected += part.table.n_rows() as f64 / share;
    }
    let method = format!("{} of {} files: {method}", sampled.len(), parts.len());
    Some(Sampling {
        method,
        share: if n_expected > 0.0 {
            n_rows / n_expected
        } else {
            1.0
        },
    })
}

#[cfg(test)]
#[path = "union_tests.rs"]
mod tests;
