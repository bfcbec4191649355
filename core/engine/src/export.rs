//! Export of what is in view or selected, in the view's order.

use sluice_analysis::{Pill, Ref, Selection, SortKey};
use sluice_protocol::message::Response;
use sluice_table::write::{ExportFormat, RowSelection};
use sluice_table::{TableError, view, write};

use crate::memo::RowOrder;
use crate::{Engine, TaskHost};

/// What to export.
pub struct What {
    pub pills: Vec<Pill>,
    /// `None` exports the whole view.
    pub selection: Selection,
    pub sort: Vec<SortKey>,
    /// Empty means all columns.
    pub columns: Vec<String>,
    /// A file ending, compression included: "csv", "jsonl.gz", "parquet".
    pub format: String,
}

impl Engine {
    pub(crate) async fn export(
        &self,
        table: Ref,
        what: &What,
        host: &dyn TaskHost,
    ) -> Result<Response, TableError> {
        let evaluated = self.evaluate(table, host).await?;
        let format = ExportFormat::from_name(&what.format)?;
        let order = self
            .order(&evaluated, &what.pills, &what.sort, host)
            .await?;
        let selected = view::selected_rows(&evaluated.table, &what.selection, host).await?;
        let rows: Option<Vec<u32>> = match (&*order, selected) {
            (RowOrder::All { .. }, None) => None,
            (RowOrder::All { .. }, Some(selected)) => Some(to_rows(selected.iter_ones())),
            (RowOrder::Filtered { rows, .. }, None) => Some(to_rows(rows.iter_ones())),
            (RowOrder::Filtered { rows, .. }, Some(mut selected)) => {
                selected.and_with(rows);
                Some(to_rows(selected.iter_ones()))
            }
            (RowOrder::Sorted(rows), None) => Some(rows.clone()),
            (RowOrder::Sorted(rows), Some(selected)) => Some(
                rows.iter()
                    .copied()
                    .filter(|row| selected.get(*row as usize))
                    .collect(),
            ),
        };
        let selection = match &rows {
            None => RowSelection::All,
            Some(rows) => RowSelection::Rows(rows),
        };
        let columns: Vec<String> = if what.columns.is_empty() {
            evaluated
                .table
                .column_names()
                .into_iter()
                .map(str::to_owned)
                .collect()
        } else {
            what.columns.clone()
        };
        let mut sink = |bytes: Vec<u8>| host.partial(Response::Bytes(bytes));
        let summary = write::export(
            &evaluated.table,
            selection,
            &columns,
            format,
            &mut sink,
            host,
        )
        .await?;
        let stem = evaluated
            .name
            .split('.')
            .next()
            .filter(|stem| !stem.is_empty())
            .unwrap_or("table");
        Ok(Response::Exported {
            rows: summary.rows,
            bytes: summary.bytes,
            file_name: format!("{stem}.{}", what.format),
            media_type: format.media_type().to_owned(),
        })
    }
}

fn to_rows(ones: impl Iterator<Item = usize>) -> Vec<u32> {
    // Tables are refused beyond u32 rows when loaded.
    ones.map(|row| row as u32).collect()
}
