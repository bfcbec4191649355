//! Arrow IPC, file and stream: where the messages are; then record batch by record batch, column by column.
//!
//! A record batch that cannot be read is left out whole, with an issue; the others stay.
//! A file whose end is missing is read from its front, as the stream that it also is.

mod decode;
mod layout;
mod messages;
mod sparse;

use sluice_protocol::load::{LoadEstimate, LoadIssue, Sampling};

use crate::error::TableError;
use crate::host::{ByteSource, Host};
use crate::load::Loaded;
use crate::read::columnar::{Assembly, Selection, flat_names};
use crate::read::options::LoadOptions;
use crate::read::report::{check_budget, estimate_from, guess, issue, sorted_issues};
use crate::read::sample::{Sample, share_to_read};
use decode::{Bad, Decoder};
use messages::{Contents, Kind};

/// Loads an Arrow IPC file or stream; over the budget, an evenly spaced sample of it.
///
/// # Errors
///
/// [`TableError::Format`] for a damaged schema or when no record batch can be read; [`TableError::NoColumn`];
/// [`TableError::TooLarge`]; [`TableError::Cancelled`]; [`TableError::Read`] from the source.
pub(crate) async fn load_ipc(
    source: &dyn ByteSource,
    options: &LoadOptions,
    host: &dyn Host,
) -> Result<Loaded, TableError> {
    let file = source.name();
    let mut contents = messages::read(source, host).await?;
    let mut issues = std::mem::take(&mut contents.issues);
    issues.extend(contents.fields.iter().filter_map(|field| {
        let reason = field.decoded.as_ref().err()?;
        Some(issue(
            file,
            None,
            Some(&field.name),
            format!("the column was left out: {reason}"),
        ))
    }));
    let selection = Selection::new(file, &names(&contents), options, &mut issues)?;
    let estimate = estimate_of(source, &contents, &selection, host).await?;
    let share = share_to_read(file, &estimate, options)?;
    let n_batches = contents.batches().count();
    let n_rows_total = contents.n_rows();
    let sample = Sample::new(share, n_batches);
    let mut assembly = Assembly::new(selection);
    let mut decoder = Decoder::new(source, &contents, host);
    let (mut batch_idx, mut first_row) = (0, 0);
    for message in &contents.messages {
        let result = match message.kind {
            Kind::Dictionary => decoder.dictionary(message).await.map(|()| None),
            Kind::Batch { n_rows } => {
                host.progress(&format!("reading {file}"), first_row, n_rows_total);
                let runs = sample.rows(batch_idx, n_rows);
                let n_taken = runs.iter().map(|run| run.len()).sum();
                match n_taken {
                    0 => Ok(None),
                    _ => decoder
                        .batch(message, assembly.fields(), &runs)
                        .await
                        .map(|columns| Some((columns, n_taken))),
                }
            }
        };
        let result = result.and_then(|batch| match batch {
            Some((columns, n_rows)) => assembly.push(columns, n_rows).map_err(Bad::Batch),
            None => Ok(()),
        });
        match (result, message.kind) {
            (Ok(()), _) => check_budget(file, assembly.memory_bytes(), host.memory_budget_bytes())?,
            (Err(Bad::Stop(error)), _) => return Err(error),
            (Err(Bad::Batch(reason)), Kind::Dictionary) => {
                issues.push(issue(
                    file,
                    None,
                    None,
                    format!("a dictionary was not read: {reason}"),
                ));
            }
            (Err(Bad::Batch(reason)), Kind::Batch { n_rows }) => {
                let number = batch_idx + 1;
                let reason = format!(
                    "record batch {number} of {n_batches} ({n_rows} rows) was left out: {reason}"
                );
                issues.push(issue(file, Some(first_row + 1), None, reason));
            }
        }
        if let Kind::Batch { n_rows } = message.kind {
            batch_idx += 1;
            first_row += n_rows as u64;
        }
    }
    if n_rows_total == 0 {
        let empty = decode::empty(&contents, assembly.fields());
        assembly
            .push(empty, 0)
            .map_err(|reason| messages::damaged(file, reason))?;
    }
    let n_rows_read = assembly.n_rows() as f64;
    let Some(table) = assembly.finish()? else {
        let last = issues
            .last()
            .map_or("it has no columns that are read", |last: &LoadIssue| {
                &last.reason
            });
        return Err(messages::damaged(file, last.to_owned()));
    };
    let share = n_rows_read / n_rows_total.max(1) as f64;
    Ok(Loaded {
        table,
        format: "ipc".to_owned(),
        guesses: vec![guess(
            "format",
            "ipc",
            contents.reason,
            &[],
            options.format.is_some(),
        )],
        issues: sorted_issues(issues, 0),
        sampling: sample
            .method("record batch")
            .map(|method| Sampling { method, share }),
    })
}

/// What loading would cost, from the descriptions of the record batches; where bodies are compressed,
/// with the inflation of the first one.
///
/// # Errors
///
/// As [`load_ipc`], for the schema and the choice of columns.
pub(crate) async fn estimate_ipc(
    source: &dyn ByteSource,
    options: &LoadOptions,
    host: &dyn Host,
) -> Result<LoadEstimate, TableError> {
    let contents = messages::read(source, host).await?;
    let selection = Selection::new(source.name(), &names(&contents), options, &mut Vec::new())?;
    estimate_of(source, &contents, &selection, host).await
}

/// Each field's own name and those of the columns that it becomes.
fn names(contents: &Contents) -> Vec<(String, Vec<String>)> {
    let flat = |field: &messages::FileField| match &field.decoded {
        Ok(decoded) => flat_names(&field.name, &decoded.dtype),
        Err(_) => Vec::new(),
    };
    contents
        .fields
        .iter()
        .map(|field| (field.name.clone(), flat(field)))
        .collect()
}

async fn estimate_of(
    source: &dyn ByteSource,
    contents: &Contents,
    selection: &Selection,
    host: &dyn Host,
) -> Result<LoadEstimate, TableError> {
    let decoder = Decoder::new(source, contents, host);
    // All batches are taken to be like the first: writers cut them by rows.
    let first = contents
        .messages
        .iter()
        .find_map(|message| match message.kind {
            Kind::Batch { n_rows } if n_rows > 0 => Some((message, n_rows)),
            _ => None,
        });
    let mut columns = Vec::new();
    if let Some((message, n_rows)) = first {
        let per_row = contents.n_rows() as f64 / n_rows as f64;
        for (field_idx, bytes) in decoder
            .first_batch_bytes(message, &selection.fields)
            .await?
        {
            let name = contents
                .fields
                .get(field_idx)
                .map_or("", |field| &field.name);
            columns.push((name.to_owned(), (bytes as f64 * per_row) as u64));
        }
    }
    let memory_bytes = columns.iter().map(|(_, bytes)| bytes).sum();
    Ok(estimate_from(
        source.size_bytes(),
        memory_bytes,
        host.memory_budget_bytes(),
        true,
        columns,
    ))
}
