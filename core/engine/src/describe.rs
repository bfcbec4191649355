//! Evaluated tables in the page's words.

use sluice_analysis::Ref;
use sluice_protocol::load::TableInfo;
use sluice_protocol::message::Response;

use crate::memo::Evaluated;

/// Issues that travel with the description; the rest are asked for.
const ISSUES_SENT: usize = 20;

pub fn table_info(table: Ref, evaluated: &Evaluated) -> TableInfo {
    TableInfo {
        table,
        name: evaluated.name.clone(),
        rows: evaluated.table.n_rows() as u64,
        columns: evaluated.table.columns(),
        format: evaluated.format.clone(),
        guesses: evaluated.guesses.clone(),
        n_issues: evaluated.issues.total(),
        issues: evaluated
            .issues
            .first()
            .iter()
            .take(ISSUES_SENT)
            .cloned()
            .collect(),
        sampling: evaluated.sampling.clone(),
        memory_bytes: evaluated.table.memory_bytes(),
        figures: evaluated.figures.clone(),
    }
}

pub fn issues(evaluated: &Evaluated, start: u64, count: u32) -> Response {
    let start = usize::try_from(start).unwrap_or(usize::MAX);
    Response::Issues {
        total: evaluated.issues.total(),
        issues: evaluated
            .issues
            .first()
            .iter()
            .skip(start)
            .take(count as usize)
            .cloned()
            .collect(),
    }
}
