//! What the tests of views, expressions and steps share.

use std::cell::Cell;

use sluice_analysis::{Params, Value};

use crate::column::OwnedColumn;
use crate::error::TableError;
use crate::host::{Cancelled, Host, LocalBoxFuture, PlainHost};
use crate::operation::{Operation, Outcome, RunContext};
use crate::table::Table;
use crate::view::search::Searched;
use crate::view::vector::Data;

pub(crate) fn table(columns: Vec<(&str, OwnedColumn)>) -> Table {
    let columns = columns
        .into_iter()
        .map(|(name, column)| (name.to_owned(), column))
        .collect();
    Table::from_columns(columns).expect("columns of equal length")
}

pub(crate) fn ints(values: &[Option<i64>]) -> OwnedColumn {
    OwnedColumn::Int(values.to_vec())
}

pub(crate) fn floats(values: &[Option<f64>]) -> OwnedColumn {
    OwnedColumn::Float(values.to_vec())
}

pub(crate) fn texts(values: &[Option<&str>]) -> OwnedColumn {
    OwnedColumn::Text(values.iter().map(|text| text.map(str::to_owned)).collect())
}

pub(crate) fn bools(values: &[Option<bool>]) -> OwnedColumn {
    OwnedColumn::Bool(values.to_vec())
}

/// The same table in chunks of `chunk_rows` rows.
pub(crate) fn rechunked(table: &Table, chunk_rows: usize) -> Table {
    let frame = table.frame();
    let mut chunked = frame.slice(0, chunk_rows);
    for start in (chunk_rows..frame.height()).step_by(chunk_rows) {
        chunked
            .vstack_mut(&frame.slice(start as i64, chunk_rows))
            .expect("same columns");
    }
    Table::from_frame(chunked)
}

/// Names, then rows, cell by cell; `·` stands for a missing value.
pub(crate) fn written(table: &Table) -> Vec<String> {
    let mut lines = vec![table.column_names().join(" ")];
    let columns: Vec<_> = table
        .frame()
        .columns()
        .iter()
        .map(|column| {
            Searched::new(column)
                .shown(0..table.n_rows())
                .expect("readable")
        })
        .collect();
    for row in 0..table.n_rows() {
        let cells: Vec<&str> = columns
            .iter()
            .map(|column| match &column.data {
                Data::Text(texts) if column.is_present(row) => texts.get(row),
                _ => "·",
            })
            .collect();
        lines.push(cells.join(" "));
    }
    lines
}

/// Counts checkpoints and cancels at one of them.
pub(crate) struct CountingHost {
    pub(crate) n_checkpoints: Cell<usize>,
    cancel_at: Option<usize>,
    budget_bytes: u64,
}

impl CountingHost {
    pub(crate) fn new() -> Self {
        Self {
            n_checkpoints: Cell::new(0),
            cancel_at: None,
            budget_bytes: u64::MAX,
        }
    }

    pub(crate) fn cancelling_at(nth: usize) -> Self {
        Self {
            cancel_at: Some(nth),
            ..Self::new()
        }
    }

    pub(crate) fn with_budget(budget_bytes: u64) -> Self {
        Self {
            budget_bytes,
            ..Self::new()
        }
    }
}

impl Host for CountingHost {
    fn progress(&self, _stage: &str, done: u64, total: u64) {
        assert!(done <= total, "{done} of {total} is done");
    }

    fn checkpoint(&self) -> LocalBoxFuture<'_, Result<(), Cancelled>> {
        let nth = self.n_checkpoints.replace(self.n_checkpoints.get() + 1);
        let result = if self.cancel_at == Some(nth) {
            Err(Cancelled)
        } else {
            Ok(())
        };
        Box::pin(async move { result })
    }

    fn memory_budget_bytes(&self) -> u64 {
        self.budget_bytes
    }
}

/// Parameters from their JSON form.
pub(crate) fn params(json: serde_json::Value) -> Params {
    match Value::from(json) {
        Value::Map(params) => params,
        other => panic!("{other:?} is no map"),
    }
}

pub(crate) fn run_on(
    host: &dyn Host,
    operation: &dyn Operation,
    inputs: &[Table],
    json: serde_json::Value,
) -> Result<Outcome, TableError> {
    let context = RunContext {
        host,
        seed: 7,
        stream_name: "step 1".to_owned(),
    };
    pollster::block_on(operation.run(inputs, &params(json), &context))
}

pub(crate) fn run(
    operation: &dyn Operation,
    inputs: &[Table],
    json: serde_json::Value,
) -> Result<Outcome, TableError> {
    run_on(&PlainHost, operation, inputs, json)
}
