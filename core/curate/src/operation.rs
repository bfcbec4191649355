//! What the operations on a column of texts share.

use schemars::Schema;
use sluice_protocol::load::LoadIssue;
use sluice_table::load::Issues;
use sluice_table::{RunContext, Table, TableError};

/// Visits all texts of a column in order, with progress, a checkpoint between slices.
pub(crate) async fn for_each_text(
    table: &Table,
    column: &str,
    stage: &str,
    context: &RunContext<'_>,
    mut visit: impl FnMut(Option<&str>),
) -> Result<(), TableError> {
    for rows in table.row_slices(column)? {
        let done = rows.start as u64;
        context.host.progress(stage, done, table.n_rows() as u64);
        context.host.checkpoint().await?;
        table.for_each_text_in(column, rows, &mut visit)?;
    }
    Ok(())
}

/// A list parameter whose items are some of `names`.
pub(crate) fn names_schema(names: &[&str], description: &str) -> Schema {
    schemars::json_schema!({
        "type": "array",
        "items": { "type": "string", "enum": names },
        "description": description,
    })
}

/// One of a registry's entries by name.
pub(crate) fn chosen<'a, T>(
    parameter: &str,
    names: &[String],
    all: &'a [T],
    name_of: impl Fn(&T) -> &str,
) -> Result<Vec<&'a T>, TableError> {
    let find = |name: &String| {
        all.iter()
            .find(|entry| name_of(entry) == name)
            .ok_or_else(|| TableError::Param {
                what: parameter.to_owned(),
                reason: format!("there is no “{name}”"),
            })
    };
    names.iter().map(find).collect()
}

/// Says how many rows have no text, if any.
pub(crate) fn missing_texts(op: &str, column: &str, n_missing: u64, effect: &str) -> Issues {
    let mut issues = Issues::default();
    if n_missing > 0 {
        issues.push(LoadIssue {
            file: op.to_owned(),
            row: None,
            column: Some(column.to_owned()),
            reason: format!("{n_missing} rows have no text {effect}"),
        });
    }
    issues
}
