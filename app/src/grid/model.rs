//! What the grid is given and what it says, as plain data; and the rows it has at hand.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;

use sluice_analysis::Value;
use sluice_protocol::cells::{CellColumn, RowPage};
use sluice_protocol::load::ColumnType;
use sluice_protocol::message::Failure;

use super::cell::{self, CellText};

/// A column of the grid, in display order.
#[derive(Clone, Debug, PartialEq)]
pub struct GridColumn {
    pub name: String,
    pub column_type: ColumnType,
    pub width_px: u32,
    /// Pinned columns come first and do not scroll.
    pub is_pinned: bool,
    pub sort: Option<SortMark>,
    /// The line below the name: "3 % missing · 42 values".
    pub summary: String,
    pub bars: Option<HeaderBars>,
}

/// The small distribution in a header.
#[derive(Clone, Debug, PartialEq)]
pub struct HeaderBars {
    /// Of all rows.
    pub counts: Vec<u64>,
    /// Of the rows in view, where that is not all.
    pub in_view: Option<Vec<u64>>,
    /// What each bar stands for.
    pub labels: Vec<String>,
    /// Bars of an axis can be brushed; bars of values are picked one by one.
    pub is_axis: bool,
}

/// Place of a column among the sort keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SortMark {
    /// 1 for the first key.
    pub position: usize,
    pub descending: bool,
}

/// Where the person is. Not in the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Focus {
    /// Position in the view; `None` is the header row.
    pub row: Option<u64>,
    /// Row number in the table, once its row is at hand.
    pub row_id: Option<u64>,
    pub column: String,
}

/// What the person did.
#[derive(Clone, Debug, PartialEq)]
pub enum GridEvent {
    /// Sort by this column; `additive` keeps the other keys.
    Sort {
        column: String,
        additive: bool,
    },
    /// `gesture` is the same for all widths of one drag.
    Resize {
        column: String,
        width_px: u32,
        gesture: u64,
    },
    TogglePin {
        column: String,
    },
    Hide {
        column: String,
    },
    /// Bars `first..=last` of the column's distribution were picked.
    PickBars {
        column: String,
        first: usize,
        last: usize,
    },
    /// Show what a column holds.
    OpenColumn {
        column: String,
    },
    /// Show a row, or the whole of a cell.
    OpenCell {
        row_id: u64,
        column: String,
    },
    /// Filter to this value.
    FilterValue {
        column: String,
        value: Value,
    },
    /// Mark or unmark a row.
    ToggleRow {
        row_id: u64,
    },
    /// Text for the clipboard.
    Copy {
        text: String,
        what: String,
    },
}

/// Rows `start..start + count` of the view, of these columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowRequest {
    pub start: u64,
    pub count: u32,
    pub columns: Vec<String>,
}

/// Fetches rows of the current view.
pub type Loader = Rc<dyn Fn(RowRequest) -> Pin<Box<dyn Future<Output = Result<RowPage, Failure>>>>>;

/// Rows fetched together.
pub const BLOCK_ROWS: u64 = 100;
/// Blocks kept: a few screens in each direction.
const BLOCKS_KEPT: usize = 24;

/// Rows at hand, by block.
#[derive(Clone, Debug, Default)]
pub struct Blocks {
    blocks: BTreeMap<u64, Arc<RowPage>>,
    /// Order of use, the latest last.
    used: Vec<u64>,
    /// Version of the view that the rows belong to.
    version: u64,
}

impl Blocks {
    pub fn of(version: u64) -> Self {
        Self {
            version,
            ..Self::default()
        }
    }

    pub fn is_of(&self, version: u64) -> bool {
        self.version == version
    }

    /// Columns among `columns` that a block lacks.
    pub fn lacking(&self, block: u64, columns: &[String]) -> Vec<String> {
        match self.blocks.get(&block) {
            None => columns.to_vec(),
            Some(page) => columns
                .iter()
                .filter(|name| cell::column(page, name).is_none())
                .cloned()
                .collect(),
        }
    }

    /// Adds a fetched page; columns that were there before stay.
    pub fn add(&mut self, block: u64, page: RowPage) {
        let merged = match self.blocks.remove(&block) {
            Some(before) if before.row_ids == page.row_ids => {
                let kept: Vec<CellColumn> = before
                    .columns
                    .iter()
                    .filter(|column| cell::column(&page, &column.name).is_none())
                    .cloned()
                    .collect();
                let mut page = page;
                page.columns.extend(kept);
                page
            }
            _ => page,
        };
        self.blocks.insert(block, Arc::new(merged));
        self.used.retain(|used| *used != block);
        self.used.push(block);
        if self.used.len() > BLOCKS_KEPT {
            let oldest = self.used.remove(0);
            self.blocks.remove(&oldest);
        }
    }

    pub fn cell(&self, row: u64, column: &str) -> CellText {
        let Some((page, idx)) = self.page(row) else {
            return CellText::pending();
        };
        match cell::column(page, column) {
            Some(cells) => cell::shown(cells, idx),
            None => CellText::pending(),
        }
    }

    /// A cell as a value to filter by; missing where it is not at hand.
    pub fn value(&self, row: u64, column: &str) -> Value {
        let Some((page, idx)) = self.page(row) else {
            return Value::Null;
        };
        cell::column(page, column)
            .map(|cells| cell::value(cells, idx))
            .unwrap_or_default()
    }

    /// A row's cells for the clipboard, in the order of `columns`.
    pub fn plain(&self, row: u64, columns: &[String]) -> Option<String> {
        let (page, idx) = self.page(row)?;
        let cells = columns.iter().map(|name| {
            cell::column(page, name)
                .map(|cells| cell::plain(cells, idx))
                .unwrap_or_default()
        });
        Some(cells.collect::<Vec<_>>().join("\t"))
    }

    pub fn row_id(&self, row: u64) -> Option<u64> {
        let (page, idx) = self.page(row)?;
        page.row_ids.get(idx).copied()
    }

    pub fn is_selected(&self, row: u64) -> bool {
        self.page(row)
            .is_some_and(|(page, idx)| page.selected.get(idx).copied().unwrap_or(false))
    }

    fn page(&self, row: u64) -> Option<(&RowPage, usize)> {
        let page = self.blocks.get(&(row / BLOCK_ROWS))?;
        let idx = usize::try_from(row.checked_sub(page.start)?).ok()?;
        (idx < page.row_ids.len()).then_some((page, idx))
    }
}

#[cfg(test)]
mod tests {
    use sluice_protocol::cells::Cells;

    use super::*;

    fn page(start: u64, name: &str) -> RowPage {
        RowPage {
            start,
            rows_in_view: 1000,
            rows_total: 1000,
            row_ids: (start..start + BLOCK_ROWS).collect(),
            selected: Vec::new(),
            columns: vec![CellColumn {
                name: name.to_owned(),
                cells: Cells::Int((0..BLOCK_ROWS as i64).map(Some).collect()),
            }],
        }
    }

    #[test]
    fn columns_that_scroll_into_sight_are_added_to_a_block() {
        let mut blocks = Blocks::default();
        blocks.add(1, page(100, "a"));
        assert_eq!(blocks.lacking(1, &["a".to_owned(), "b".to_owned()]), ["b"]);
        blocks.add(1, page(100, "b"));
        assert!(
            blocks
                .lacking(1, &["a".to_owned(), "b".to_owned()])
                .is_empty()
        );
        assert_eq!(
            blocks
                .plain(105, &["a".to_owned(), "b".to_owned()])
                .unwrap(),
            "5\t5"
        );
        assert_eq!(blocks.row_id(199), Some(199));
        assert_eq!(blocks.row_id(200), None);
    }

    #[test]
    fn memory_stays_bounded_while_scrolling() {
        let mut blocks = Blocks::default();
        for block in 0..1000 {
            blocks.add(block, page(block * BLOCK_ROWS, "a"));
        }
        assert_eq!(blocks.blocks.len(), BLOCKS_KEPT);
        assert_eq!(blocks.row_id(99_999), Some(99_999));
    }
}
