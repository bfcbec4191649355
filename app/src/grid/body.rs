//! The rows in sight.

use leptos::prelude::*;

use super::cell::CellKind;
use super::layout::{Columns, ROW_HEIGHT_PX};
use super::model::{Focus, GridEvent};
use super::view::{GridState, move_focus};

/// Identifies a cell for `aria-activedescendant`; the header has no row.
pub fn cell_id(row: Option<u64>, column_idx: usize) -> String {
    match row {
        Some(row) => format!("cell-{row}-{column_idx}"),
        None => format!("cell-header-{column_idx}"),
    }
}

/// What a drawn row needs to know.
#[derive(Clone, PartialEq)]
struct DrawnRow {
    row: u64,
    is_selected: bool,
    is_focused: bool,
    row_id: Option<u64>,
    cells: Vec<DrawnCell>,
}

#[derive(Clone, PartialEq)]
struct DrawnCell {
    column_idx: usize,
    column: String,
    left_px: f64,
    width_px: u32,
    is_pinned: bool,
    is_focused: bool,
    kind: CellKind,
    text: String,
}

/// A sticky layer over the spacer that holds only the rows in sight.
#[component]
pub fn Body(state: GridState, header_px: RwSignal<f64>) -> impl IntoView {
    let rows = move || drawn_rows(state);
    let offset_px = move || {
        let top_px = state.top_px.get();
        -(top_px - (top_px / ROW_HEIGHT_PX).floor() * ROW_HEIGHT_PX)
    };
    view! {
        <div
            class="grid-body"
            role="rowgroup"
            style:top=move || format!("{}px", header_px.get())
            style:width=move || format!("{}px", state.layout.with(Columns::total_px))
            style:height=move || format!("{}px", state.scroll.get().viewport_px)
        >
            <div class="grid-rows" role="presentation" style:transform=move || format!("translateY({}px)", offset_px())>
                {move || {
                    rows()
                        .into_iter()
                        .enumerate()
                        .map(|(idx, row)| draw_row(state, idx, row))
                        .collect::<Vec<_>>()
                }}
            </div>
        </div>
    }
}

fn drawn_rows(state: GridState) -> Vec<DrawnRow> {
    let rows = state.scroll.get().visible_rows(state.top_px.get());
    let (left_px, width_px) = (state.left_px.get(), state.width_px.get());
    let layout = state.layout.get();
    let focus = state.focus.get();
    let in_sight: Vec<usize> = (0..layout.n_pinned)
        .chain(layout.visible(left_px, width_px))
        .collect();
    state.columns.with(|columns| {
        state.blocks.with(|blocks| {
            rows.map(|row| {
                let is_focused_row = focus.as_ref().is_some_and(|focus| focus.row == Some(row));
                let cells = in_sight
                    .iter()
                    .filter_map(|&column_idx| {
                        let column = columns.get(column_idx)?;
                        let cell = blocks.cell(row, &column.name);
                        let is_pinned = column_idx < layout.n_pinned;
                        let own_left_px = layout.left_px(column_idx);
                        Some(DrawnCell {
                            column_idx,
                            column: column.name.clone(),
                            left_px: if is_pinned {
                                own_left_px + left_px
                            } else {
                                own_left_px
                            },
                            width_px: column.width_px,
                            is_pinned,
                            is_focused: is_focused_row
                                && focus
                                    .as_ref()
                                    .is_some_and(|focus| focus.column == column.name),
                            kind: cell.kind,
                            text: cell.text,
                        })
                    })
                    .collect();
                DrawnRow {
                    row,
                    is_selected: blocks.is_selected(row),
                    is_focused: is_focused_row,
                    row_id: blocks.row_id(row),
                    cells,
                }
            })
            .collect()
        })
    })
}

fn draw_row(state: GridState, idx: usize, row: DrawnRow) -> impl IntoView {
    let DrawnRow {
        row,
        is_selected,
        is_focused,
        row_id,
        cells,
    } = row;
    view! {
        <div
            class="grid-row"
            class:selected=is_selected
            class:focused=is_focused
            role="row"
            aria-rowindex=row + 2
            aria-selected=is_selected.to_string()
            style:top=format!("{}px", idx as f64 * ROW_HEIGHT_PX)
        >
            {cells.into_iter().map(|cell| draw_cell(state, row, row_id, cell)).collect::<Vec<_>>()}
        </div>
    }
}

fn draw_cell(state: GridState, row: u64, row_id: Option<u64>, cell: DrawnCell) -> impl IntoView {
    let DrawnCell {
        column_idx,
        column,
        left_px,
        width_px,
        is_pinned,
        is_focused,
        kind,
        text,
    } = cell;
    let clicked = column.clone();
    let filtered = column.clone();
    let opened = column;
    view! {
        <div
            id=cell_id(Some(row), column_idx)
            class=kind.class()
            class:pinned=is_pinned
            class:focused=is_focused
            role="gridcell"
            aria-colindex=column_idx + 1
            style:left=format!("{left_px}px")
            style:width=format!("{width_px}px")
            on:click=move |event: web_sys::MouseEvent| {
                let column = clicked.clone();
                move_focus(state, Focus { row: Some(row), row_id: None, column });
                if let (true, Some(row_id)) = (event.ctrl_key() || event.meta_key(), row_id) {
                    state.on_event.run(GridEvent::ToggleRow { row_id });
                }
            }
            on:dblclick=move |_| {
                if let Some(row_id) = row_id {
                    state.on_event.run(GridEvent::OpenCell { row_id, column: opened.clone() });
                }
            }
            on:auxclick=move |event: web_sys::MouseEvent| {
                if event.button() == 1 {
                    let column = filtered.clone();
                    let value = state.blocks.with_untracked(|blocks| blocks.value(row, &column));
                    state.on_event.run(GridEvent::FilterValue { column, value });
                }
            }
        >
            {text}
        </div>
    }
}
