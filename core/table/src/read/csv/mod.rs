//! CSV and its relatives, slice by slice.
//!
//! Two passes at most: the first reads every column as the sample's type; columns whose values turn out to need
//! another type are read again, alone, in the second. A value becomes null only if it is listed as an issue.

mod decide;
mod dialect;
mod findings;
mod infer;
mod pass;
mod slice;
mod split;
#[cfg(test)]
mod split_tests;
#[cfg(test)]
mod tests;
mod wire;

use std::collections::BTreeMap;

use polars_core::prelude::DataFrame;
use sluice_protocol::load::{Guess, LoadEstimate};

pub(crate) use dialect::regularity;

use self::decide::{Sniffed, decide, estimate_of, rows_hint};
use self::findings::{issues_of, later_guesses, listed};
use self::infer::kind_of_classes;
use self::pass::{Pass, PassPlan, read_pass};
use self::slice::SlicePlan;
use crate::error::TableError;
use crate::host::{ByteSource, Host, Kernel};
use crate::load::Loaded;
use crate::read::block::READ_BYTES;
use crate::read::column::{Builder, Kind};
use crate::read::encoding;
use crate::read::options::LoadOptions;
use crate::read::report::{part_to_read, sampling, sorted_issues};
use crate::read::sniff::Head;
use crate::read::values::{Class, are_few};
use crate::table::Table;

/// Reads complete records: parameters are a [`SlicePlan`], the chunk is their text, the result a flat slice table.
pub(crate) const SLICE_KERNEL: Kernel = Kernel {
    name: "csv-slice",
    run: run_slice,
};

fn run_slice(params: &[u8], chunk: &[u8]) -> Result<Vec<u8>, TableError> {
    let plan: SlicePlan = postcard::from_bytes(params).map_err(|error| TableError::Internal {
        context: "a slice's plan",
        reason: error.to_string(),
    })?;
    let (text, n_replaced) = encoding::repaired(chunk);
    let (mut table, _) = slice::parse(&text, 0, usize::MAX, &plan, true);
    table.n_replaced = n_replaced;
    wire::encode(&table)
}

/// The guesses about a CSV file beyond its format.
pub(crate) async fn sniff(
    source: &dyn ByteSource,
    head: &Head,
    options: &LoadOptions,
) -> Result<Vec<Guess>, TableError> {
    Ok(decide(source, head, options).await?.layout.guesses)
}

/// Expected memory, from the sample's rows measured in memory.
pub(crate) async fn estimate(
    source: &dyn ByteSource,
    head: &Head,
    options: &LoadOptions,
    host: &dyn Host,
) -> Result<LoadEstimate, TableError> {
    let sniffed = decide(source, head, options).await?;
    Ok(estimate_of(source, head, options, &sniffed, host))
}

pub(crate) async fn load(
    source: &dyn ByteSource,
    head: Head,
    options: &LoadOptions,
    host: &dyn Host,
) -> Result<Loaded, TableError> {
    load_in_blocks(source, &head, options, host, READ_BYTES).await
}

/// [`load`] with the size of the blocks chosen, which must not show in the result.
async fn load_in_blocks(
    source: &dyn ByteSource,
    head: &Head,
    options: &LoadOptions,
    host: &dyn Host,
    read_bytes: u64,
) -> Result<Loaded, TableError> {
    let mut sniffed = decide(source, head, options).await?;
    let kept = kept_columns(&sniffed.names, options)?;
    let estimate = estimate_of(source, head, options, &sniffed, host);
    let part = part_to_read(source.name(), &estimate, options, head.text_bytes(source))?;

    // Without any value in the sample a column starts as integers; the first pass shows what it needs.
    let kinds_first: Vec<Option<Kind>> = (0..sniffed.names.len())
        .map(|column| {
            kept.contains(&column)
                .then(|| sniffed.kinds[column].unwrap_or(Kind::Integer))
        })
        .collect();
    let mut plan = PassPlan {
        slice: SlicePlan {
            dialect: sniffed.layout.dialect,
            kinds: kinds_first.clone(),
            null_values: options.null_values.clone(),
        },
        part: part.clone(),
        read_bytes,
        skip_lines: options.skip_rows,
        skip_header: sniffed.layout.has_header,
        n_rows_hint: rows_hint(source, head, &part, &sniffed),
        stage: format!("reading {}", source.name()),
    };
    let mut first = read_pass(source, head, &plan, host).await?;
    let again = kinds_to_read_again(&first, &sniffed, options, &kinds_first);
    if !again.is_empty() {
        plan.slice.kinds = (0..sniffed.names.len())
            .map(|column| again.get(&column).copied())
            .collect();
        plan.n_rows_hint = first.n_rows;
        plan.stage = format!(
            "reading {} again for {}",
            source.name(),
            listed(&again, &sniffed.names)
        );
        let second = read_pass(source, head, &plan, host).await?;
        for (column, state) in second.columns.into_iter().enumerate() {
            if again.contains_key(&column) {
                first.columns[column] = state;
            }
        }
    }

    let mut guesses = head.guesses.clone();
    guesses.append(&mut sniffed.layout.guesses);
    guesses.extend(later_guesses(&first, &sniffed, options, &again));
    let (issues, n_uncounted) = issues_of(source.name(), &first, &sniffed);
    let share = first.share;
    let n_rows = first.n_rows;
    let mut columns: Vec<Option<Builder>> = first
        .columns
        .into_iter()
        .map(|state| state.builder)
        .collect();
    let mut finished = Vec::with_capacity(kept.len());
    for column in kept {
        let Some(mut builder) = columns[column].take() else {
            continue;
        };
        if !builder.has_values() && !options.types.contains_key(&sniffed.names[column]) {
            builder = Builder::new(Kind::Text, 0);
            builder.push_nulls(n_rows);
        }
        finished.push(builder.finish(&sniffed.names[column])?);
    }
    let frame = DataFrame::new(n_rows, finished).map_err(|error| TableError::Internal {
        context: "building a table",
        reason: error.to_string(),
    })?;
    Ok(Loaded {
        table: Table::from_frame(frame),
        format: head.format.name().to_owned(),
        guesses,
        issues: sorted_issues(issues, n_uncounted),
        sampling: sampling(&part, share),
    })
}

/// Numbers of the columns to keep, in the order wanted.
fn kept_columns(names: &[String], options: &LoadOptions) -> Result<Vec<usize>, TableError> {
    let Some(wanted) = &options.columns else {
        return Ok((0..names.len()).collect());
    };
    let find = |column: &String| {
        names
            .iter()
            .position(|name| name == column)
            .ok_or_else(|| TableError::NoColumn {
                column: column.clone(),
                available: names.join(", "),
            })
    };
    let mut kept: Vec<usize> = Vec::with_capacity(wanted.len());
    for column in wanted {
        let found = find(column)?;
        if !kept.contains(&found) {
            kept.push(found);
        }
    }
    Ok(kept)
}

/// Columns whose values did not fit the type they were read as, with the type that fits.
fn kinds_to_read_again(
    first: &Pass,
    sniffed: &Sniffed,
    options: &LoadOptions,
    kinds_first: &[Option<Kind>],
) -> BTreeMap<usize, Kind> {
    let mut again = BTreeMap::new();
    for (column, state) in first.columns.iter().enumerate() {
        let Some(kind_first) = kinds_first[column] else {
            continue;
        };
        let stats = &state.stats;
        if options.types.contains_key(&sniffed.names[column]) {
            continue;
        }
        let n_values = state.n_values + stats.n_misfits;
        let has_identifier = stats.seen & Class::Identifier.bit() != 0;
        let lost_exactness =
            kind_first == Kind::Integer && stats.inexact && state.kind() == Some(Kind::Float);
        let is_wrong =
            stats.n_misfits > 0 && (has_identifier || !are_few(stats.n_misfits, n_values));
        if is_wrong || lost_exactness || state.is_abandoned {
            let only_misfits = state.n_values == 0 && !state.is_abandoned;
            again.insert(
                column,
                if only_misfits {
                    kind_of_classes(stats.seen)
                } else {
                    Kind::Text
                },
            );
        }
    }
    again
}
