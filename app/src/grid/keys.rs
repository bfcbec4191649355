//! Keys of the grid, after the WAI-ARIA grid pattern.

use super::model::Focus;

/// What a key does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyAction {
    Move(Focus),
    /// Open the focused cell or, in the header, sort by its column.
    Activate {
        additive: bool,
    },
    ToggleRow,
    OpenColumn,
    Copy,
    /// Make the focused column wider or narrower.
    Widen {
        by_px: i32,
    },
}

/// Pixels of one step of keyboard resizing.
const WIDEN_STEP_PX: i32 = 16;

/// A pressed key.
#[derive(Clone, Copy, Debug)]
pub struct Press<'a> {
    pub key: &'a str,
    pub ctrl: bool,
    pub shift: bool,
    pub alt: bool,
}

/// The action of a key at `focus`, in a view of `n_rows` and `columns`, with `page_rows` rows in sight.
pub fn action(
    press: Press<'_>,
    focus: &Focus,
    n_rows: u64,
    columns: &[String],
    page_rows: u64,
) -> Option<KeyAction> {
    let column_idx = columns.iter().position(|name| name == &focus.column)?;
    let last_row = n_rows.checked_sub(1);
    let to = |row: Option<u64>, column_idx: usize| {
        let column = columns.get(column_idx)?.clone();
        Some(KeyAction::Move(Focus {
            row,
            row_id: None,
            column,
        }))
    };
    let last_column = columns.len().saturating_sub(1);
    match (press.key, press.ctrl) {
        ("ArrowLeft", _) if press.alt => Some(KeyAction::Widen {
            by_px: -WIDEN_STEP_PX,
        }),
        ("ArrowRight", _) if press.alt => Some(KeyAction::Widen {
            by_px: WIDEN_STEP_PX,
        }),
        ("ArrowLeft", false) => to(focus.row, column_idx.saturating_sub(1)),
        ("ArrowRight", false) => to(focus.row, (column_idx + 1).min(last_column)),
        ("ArrowLeft", true) => to(focus.row, 0),
        ("ArrowRight", true) => to(focus.row, last_column),
        ("ArrowUp", false) => to(focus.row.and_then(|row| row.checked_sub(1)), column_idx),
        ("ArrowUp", true) => to(last_row.map(|_| 0), column_idx),
        ("ArrowDown", false) => {
            let next = focus.row.map_or(0, |row| row + 1);
            to(last_row.map(|last| next.min(last)), column_idx)
        }
        ("ArrowDown", true) => to(last_row, column_idx),
        ("PageUp", _) => to(
            last_row.map(|_| focus.row.unwrap_or(0).saturating_sub(page_rows)),
            column_idx,
        ),
        ("PageDown", _) => {
            let next = focus.row.unwrap_or(0).saturating_add(page_rows);
            to(last_row.map(|last| next.min(last)), column_idx)
        }
        ("Home", false) => to(focus.row, 0),
        ("End", false) => to(focus.row, last_column),
        ("Home", true) => to(last_row.map(|_| 0), 0),
        ("End", true) => to(last_row, last_column),
        ("Enter", _) => Some(KeyAction::Activate {
            additive: press.shift || press.ctrl,
        }),
        (" ", _) if focus.row.is_some() => Some(KeyAction::ToggleRow),
        (" ", _) => Some(KeyAction::OpenColumn),
        ("c", true) => Some(KeyAction::Copy),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(key: &str, ctrl: bool, from: (Option<u64>, &str), expected: (Option<u64>, &str)) {
        let columns = ["a", "b", "c"].map(str::to_owned);
        let focus = Focus {
            row: from.0,
            row_id: None,
            column: from.1.to_owned(),
        };
        let press = Press {
            key,
            ctrl,
            shift: false,
            alt: false,
        };
        let moved = action(press, &focus, 100, &columns, 20);
        let target = Focus {
            row: expected.0,
            row_id: None,
            column: expected.1.to_owned(),
        };
        assert_eq!(moved, Some(KeyAction::Move(target)), "{key} from {from:?}");
    }

    #[test]
    fn arrows_stop_at_the_edges_and_reach_the_header() {
        check("ArrowDown", false, (Some(98), "a"), (Some(99), "a"));
        check("ArrowDown", false, (Some(99), "a"), (Some(99), "a"));
        check("ArrowUp", false, (Some(0), "b"), (None, "b"));
        check("ArrowUp", false, (None, "b"), (None, "b"));
        check("ArrowDown", false, (None, "b"), (Some(0), "b"));
        check("ArrowRight", false, (Some(3), "c"), (Some(3), "c"));
        check("ArrowLeft", true, (Some(3), "c"), (Some(3), "a"));
    }

    #[test]
    fn pages_and_ends_reach_every_row() {
        check("PageDown", false, (Some(70), "a"), (Some(90), "a"));
        check("PageDown", false, (Some(90), "a"), (Some(99), "a"));
        check("PageUp", false, (Some(5), "a"), (Some(0), "a"));
        check("End", true, (None, "a"), (Some(99), "c"));
        check("Home", true, (Some(99), "c"), (Some(0), "a"));
    }
}
