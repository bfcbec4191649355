//! All fields of one row.

use leptos::prelude::*;
use sluice_analysis::{Pill, Predicate, Value};
use sluice_protocol::cells::{Cells, RowPage, TEXT_LIMIT};
use sluice_protocol::load::ColumnType;
use sluice_protocol::message::{Request, Response, RowWindow};

use crate::shell::icon::{self, icon};
use crate::state::slot::Slot;
use crate::state::ui::{Dialog, Focus};
use crate::state::{Shared, edits, use_app};
use crate::{format, grid, text};

#[component]
pub fn RowInspector(row: u64) -> impl IntoView {
    let state = use_app();
    let page = RwSignal::new(None::<Shared<RowPage>>);
    let slot = Slot::new();
    let key = Memo::new(move |_| {
        let table = state.current.get()?;
        Some((table, state.table(table)?.key))
    });
    Effect::new(move |_| {
        let Some((table, _)) = key.get() else { return };
        // Without filters and sorting a row stands at its own number.
        let window = RowWindow {
            start: row,
            count: 1,
            ..RowWindow::default()
        };
        slot.ask(
            state.engine,
            None,
            Request::Rows { table, window },
            move |answer| match answer {
                Ok(Response::Rows(found)) => page.set(Some((*found).into())),
                Ok(_) => {}
                Err(failure) => state.report(&failure),
            },
        );
    });
    let is_last = move || state.info().is_none_or(|info| row + 1 >= info.rows);
    let go = move |to: u64| state.ui.show_row(to);
    let is_selected = move || {
        state.doc.with(|doc| match &doc.view.selection {
            sluice_analysis::Selection::Rows(rows) => rows.binary_search(&row).is_ok(),
            _ => false,
        })
    };
    let toggle = move |_| {
        if !state.edit(text::LABEL_SELECT, |doc| edits::toggle_row(doc, row)) {
            let limit = sluice_analysis::Selection::MAX_ROWS as u64;
            state.ui.warn(text::selection_full(limit));
        }
    };
    let why = move || {
        let page = page.get()?;
        Some(text::row_sentence(page.columns.len(), n_missing(&page)))
    };
    let fields = move || {
        let Some(page) = page.get() else {
            return view! { <p class="muted">{text::READING_ROW}</p> }.into_any();
        };
        if page.row_ids.is_empty() {
            return view! { <p class="muted">{text::NO_SUCH_ROW}</p> }.into_any();
        }
        let info = state.info();
        let fields = page
            .columns
            .iter()
            .map(|column| {
                let column_type = info
                    .as_ref()
                    .and_then(|info| info.columns.iter().find(|c| c.name == column.name))
                    .map(|c| c.column_type);
                view! { <FieldOfRow row=row name=column.name.clone() column_type=column_type cell=cell(&column.cells) value=grid::cell::value(&column.cells, 0) /> }
            })
            .collect_view();
        view! { <dl class="fields">{fields}</dl> }.into_any()
    };
    view! {
        <header class="inspector-head">
            <h2 class="inspector-title">{text::row_title(row + 1)}</h2>
            <span class="inspector-tools">
                <button
                    type="button"
                    class="icon-button"
                    aria-label=text::ROW_BEFORE
                    disabled=row == 0
                    on:click=move |_| go(row.saturating_sub(1))
                >
                    {icon(icon::UP)}
                </button>
                <button
                    type="button"
                    class="icon-button"
                    aria-label=text::ROW_AFTER
                    disabled=is_last
                    on:click=move |_| go(row + 1)
                >
                    {icon(icon::DOWN)}
                </button>
            </span>
        </header>
        <p class="inspector-why">{why}</p>
        {fields}
        <div class="inspector-actions">
            <button type="button" class="button small" aria-pressed=move || is_selected().to_string() on:click=toggle>
                {move || if is_selected() { text::UNSELECT_ROW } else { text::SELECT_ROW }}
            </button>
        </div>
    }
}

/// The only cell of a column of a page of one row.
fn cell(cells: &Cells) -> Option<String> {
    match cells {
        Cells::Bool(values) => values.first()?.map(|b| b.to_string()),
        Cells::Int(values) => values.first()?.map(format::integer),
        Cells::Float(values) => values.first()?.map(|x| format::significant(x, 8)),
        Cells::Text(values) => values.first()?.clone(),
    }
}

fn n_missing(page: &RowPage) -> usize {
    page.columns
        .iter()
        .filter(|column| cell(&column.cells).is_none())
        .count()
}

/// One value, in full where it is short; long ones open in the viewer.
#[component]
fn FieldOfRow(
    row: u64,
    name: String,
    column_type: Option<ColumnType>,
    cell: Option<String>,
    value: Value,
) -> impl IntoView {
    let state = use_app();
    let is_nested = matches!(column_type, Some(ColumnType::List | ColumnType::Struct));
    // What was cut off ends in an ellipsis.
    let is_cut = cell
        .as_ref()
        .is_some_and(|cell| cell.chars().count() >= TEXT_LIMIT);
    let is_long = cell
        .as_ref()
        .is_some_and(|cell| cell.chars().count() > 40 || cell.contains('\n'));
    let of_focus = name.clone();
    let of_filter = name.clone();
    // Of a long value only the beginning is at hand, and that is no value to filter by.
    let filter = (!is_cut && !is_nested).then(|| {
        let filter = move |_| {
            let column = of_filter.clone();
            state.edit(text::LABEL_FILTER, |doc| match value.clone() {
                Value::Null => edits::toggle_pill(doc, Pill { column, predicate: Predicate::Missing(true) }),
                value => doc.toggle_value(&column, value),
            });
        };
        view! {
            <button type="button" class="link-button filter-value" on:click=filter>{text::FILTER}</button>
        }
    });
    let of_open = name.clone();
    let open = move |_| {
        if let Some(table) = state.current.get_untracked() {
            state.ui.open(Dialog::Cell {
                table,
                row,
                column: of_open.clone(),
            });
        }
    };
    let shown = match cell {
        None => view! { <span class="null">{text::NULL}</span> }.into_any(),
        Some(cell) if cell.is_empty() => {
            view! { <span class="null">{text::EMPTY_TEXT}</span> }.into_any()
        }
        Some(cell) => view! { <span class="value" dir="auto">{cell}</span> }.into_any(),
    };
    view! {
        <div class="field-of-row" class:long=is_long>
            <dt>
                <button
                    type="button"
                    class="link-button field-name"
                    on:click=move |_| state.ui.focus.set(Focus::Column(of_focus.clone()))
                >
                    {name}
                </button>
            </dt>
            <dd>
                {filter}
                {shown}
                {(is_cut || is_nested).then(|| view! {
                    <button type="button" class="link-button" on:click=open>{text::READ_ALL}</button>
                })}
            </dd>
        </div>
    }
}
