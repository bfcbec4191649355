//! A page of rows as the grid shows it.

use serde::{Deserialize, Serialize};

/// Rows of a view, column by column.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RowPage {
    /// Position of the first row in the view.
    pub start: u64,
    /// Rows in the view.
    pub rows_in_view: u64,
    /// Rows in the table.
    pub rows_total: u64,
    /// Row numbers in the table, 0-based, one per row of the page.
    pub row_ids: Vec<u64>,
    /// Whether each row is in the selection; empty when nothing is selected.
    pub selected: Vec<bool>,
    pub columns: Vec<CellColumn>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CellColumn {
    pub name: String,
    pub cells: Cells,
}

/// Values of one column. `None` is a missing value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Cells {
    Bool(Vec<Option<bool>>),
    Int(Vec<Option<i64>>),
    Float(Vec<Option<f64>>),
    /// Already text: strings, dates and times in ISO 8601, lists and structs as JSON.
    /// Long values are cut at [`TEXT_LIMIT`] code points and end with "…"; ask for the cell to read the rest.
    Text(Vec<Option<String>>),
}

/// Code points of a cell that travel to the grid.
pub const TEXT_LIMIT: usize = 240;

impl Cells {
    pub fn len(&self) -> usize {
        match self {
            Self::Bool(v) => v.len(),
            Self::Int(v) => v.len(),
            Self::Float(v) => v.len(),
            Self::Text(v) => v.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
