//! Cells as text. The same functions serve the grid, the inspector and copying.

use sluice_analysis::Value;
use sluice_protocol::cells::{Cells, RowPage};

use crate::format;

/// How a cell shows.
#[derive(Clone, Debug, PartialEq)]
pub struct CellText {
    pub text: String,
    pub kind: CellKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellKind {
    Text,
    Number,
    Missing,
    /// Not fetched yet.
    Pending,
}

impl CellKind {
    pub fn class(self) -> &'static str {
        match self {
            Self::Text => "cell",
            Self::Number => "cell cell-number",
            Self::Missing => "cell cell-missing",
            Self::Pending => "cell cell-pending",
        }
    }
}

impl CellText {
    pub fn pending() -> Self {
        Self {
            text: String::new(),
            kind: CellKind::Pending,
        }
    }
}

/// A cell for the grid, line breaks shown as a sign.
pub fn shown(cells: &Cells, idx: usize) -> CellText {
    let missing = || CellText {
        text: "missing".to_owned(),
        kind: CellKind::Missing,
    };
    let number = |text| CellText {
        text,
        kind: CellKind::Number,
    };
    let text = |text| CellText {
        text,
        kind: CellKind::Text,
    };
    match cells {
        Cells::Bool(v) => v
            .get(idx)
            .copied()
            .flatten()
            .map_or_else(missing, |v| text(v.to_string())),
        Cells::Int(v) => v
            .get(idx)
            .copied()
            .flatten()
            .map_or_else(missing, |v| number(format::integer(v))),
        Cells::Float(v) => v
            .get(idx)
            .copied()
            .flatten()
            .map_or_else(missing, |v| number(format::number(v))),
        Cells::Text(v) => match v.get(idx) {
            Some(Some(value)) => text(one_line(value)),
            _ => missing(),
        },
    }
}

/// A cell for the clipboard: numbers unformatted, nothing for a missing value.
pub fn plain(cells: &Cells, idx: usize) -> String {
    match cells {
        Cells::Bool(v) => v.get(idx).copied().flatten().map(|v| v.to_string()),
        Cells::Int(v) => v.get(idx).copied().flatten().map(|v| v.to_string()),
        Cells::Float(v) => v.get(idx).copied().flatten().map(|v| v.to_string()),
        Cells::Text(v) => v.get(idx).cloned().flatten(),
    }
    .unwrap_or_default()
}

/// A cell as a value to filter by.
pub fn value(cells: &Cells, idx: usize) -> Value {
    match cells {
        Cells::Bool(v) => v.get(idx).copied().flatten().map(Value::Bool),
        Cells::Int(v) => v.get(idx).copied().flatten().map(Value::Int),
        Cells::Float(v) => v.get(idx).copied().flatten().map(Value::Float),
        Cells::Text(v) => v.get(idx).cloned().flatten().map(Value::Text),
    }
    .unwrap_or_default()
}

/// The cells of a column of a page, if it has them.
pub fn column<'a>(page: &'a RowPage, name: &str) -> Option<&'a Cells> {
    page.columns
        .iter()
        .find(|column| column.name == name)
        .map(|column| &column.cells)
}

fn one_line(text: &str) -> String {
    if text.contains(['\n', '\r', '\t']) {
        text.replace("\r\n", "⏎")
            .replace(['\n', '\r'], "⏎")
            .replace('\t', " ")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_show_missing_values_in_words() {
        let cells = Cells::Text(vec![Some("a\nb".to_owned()), None, Some(String::new())]);
        assert_eq!(shown(&cells, 0).text, "a⏎b");
        assert_eq!(shown(&cells, 1).kind, CellKind::Missing);
        assert_eq!(
            shown(&cells, 2),
            CellText {
                text: String::new(),
                kind: CellKind::Text
            }
        );
        assert_eq!(shown(&cells, 9).kind, CellKind::Missing);
    }

    #[test]
    fn copied_numbers_carry_no_separators() {
        assert_eq!(plain(&Cells::Int(vec![Some(1_234_567)]), 0), "1234567");
        assert_eq!(plain(&Cells::Float(vec![None]), 0), "");
    }
}
