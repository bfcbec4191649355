//! The table itself: gives the grid its columns and rows, and turns what it says into edits.

use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use sluice_analysis::{GridView, Pill, Predicate, Ref, Selection, Value};
use sluice_protocol::load::ColumnType;
use sluice_protocol::message::{Failure, FailureKind, Request, Response, RowWindow};
use sluice_protocol::profile::ColumnProfile;

use super::source_item::TableStatus;
use crate::client::Canceller;
use crate::grid::{Focus as GridFocus, Grid, GridColumn, GridEvent, RowRequest, SortMark};
use crate::platform::clipboard;
use crate::state::tables::{Status, TableState};
use crate::state::ui::{Dialog, Drawer, Focus};
use crate::state::{AppState, edits, pills, use_app};
use crate::{inspector, text};

#[component]
pub fn GridPanel() -> impl IntoView {
    let state = use_app();
    let table = state.current;
    let has_rows = Memo::new(move |_| state.info().is_some());
    view! {
        <section class="panel grid-panel" aria-label=text::TABLE>
            <Show
                when=move || has_rows.get()
                fallback=move || view! { <NotYet /> }
            >
                {move || table.get().map(|table| view! { <TableGrid table=table /> })}
            </Show>
        </section>
    }
}

/// Says what is in the way while there are no rows.
#[component]
fn NotYet() -> impl IntoView {
    let state = use_app();
    view! {
        <div class="grid-empty">
            {move || match state.current.get() {
                Some(table) => {
                    let status = state.table(table).map(|now| now.status).unwrap_or_default();
                    let said = match status {
                        Status::Loading | Status::Waiting => text::READING_TABLE,
                        _ => text::NO_ROWS_YET,
                    };
                    view! { <p>{said}</p> <TableStatus table=table /> }.into_any()
                }
                None => view! { <p>{text::NO_TABLE}</p> }.into_any(),
            }}
        </div>
    }
}

#[component]
fn TableGrid(table: Ref) -> impl IntoView {
    let state = use_app();
    let arrangement = Memo::new(move |_| state.doc.with(|doc| doc.grid(table).cloned()));
    let columns = Memo::new(move |_| match state.table(table) {
        Some(now) => grid_columns(state, &now, arrangement.get().as_ref()),
        None => Vec::new(),
    });
    let pills = Memo::new(move |_| state.doc.with(|doc| doc.view.pills.clone()));
    let selection = Memo::new(move |_| state.doc.with(|doc| doc.view.selection.clone()));
    let sort = Memo::new(move |_| arrangement.get().map(|grid| grid.sort).unwrap_or_default());
    let rows_in_view = Memo::new(move |_| {
        state
            .view
            .rows_in_view
            .get()
            .or_else(|| state.table(table)?.rows())
            .unwrap_or(0)
    });
    let content = Memo::new(move |_| {
        state
            .table(table)
            .map(|now| (now.key, now.status == Status::Ready))
    });
    // Counts what changes which rows are where, or how they are marked.
    let version = Memo::new(move |before: Option<&u64>| {
        pills.track();
        selection.track();
        sort.track();
        content.track();
        state.engine.restarts.track();
        before.map_or(1, |before| before + 1)
    });
    // Requests for rows of the version before: nobody waits for those.
    let under_way = StoredValue::new_local((0, Vec::<Canceller>::new()));
    let loader = Rc::new(move |request: RowRequest| {
        let asked_pills = pills.get_untracked();
        let asked_sort = sort.get_untracked();
        let asked_version = version.get_untracked();
        let window = RowWindow {
            pills: asked_pills.clone(),
            sort: asked_sort.clone(),
            start: request.start,
            count: request.count,
            columns: request.columns,
            selection: selection.get_untracked(),
        };
        // Rows as they stand come at once; another order or a filter may take long enough to be stopped.
        let may_take_long = !asked_pills.is_empty() || !asked_sort.is_empty();
        let label = may_take_long.then(|| text::TASK_ORDER.to_owned());
        let asked = state.engine.ask(label, Request::Rows { table, window });
        under_way.update_value(|(of_version, cancellers)| {
            if *of_version != asked_version {
                *of_version = asked_version;
                cancellers.drain(..).for_each(|stale| stale.cancel());
            }
            cancellers.extend(asked.canceller);
        });
        let id = asked.id;
        let answer: std::pin::Pin<Box<dyn Future<Output = _>>> = Box::pin(async move {
            let answer = asked.answer.await;
            let is_stopped = matches!(&answer, Err(failure) if failure.kind == FailureKind::Cancelled)
                && state.engine.was_stopped(id)
                && version.try_get_untracked() == Some(asked_version);
            if is_stopped {
                undo_view(state);
            }
            match answer? {
                Response::Rows(page) => {
                    // Rows come before the distributions do, and know how many there are.
                    let is_current = pills.try_get_untracked().as_ref() == Some(&asked_pills);
                    if is_current && !asked_pills.is_empty() {
                        state.view.rows_in_view.set(Some(page.rows_in_view));
                    }
                    Ok(*page)
                }
                _ => Err(unexpected()),
            }
        });
        answer
    });

    let focus = RwSignal::new(None::<GridFocus>);
    // The inspector explains the row that the grid is on.
    Effect::new(move |_| {
        if let Some(row_id) = focus.get().and_then(|focus| focus.row_id)
            && state
                .ui
                .focus
                .with_untracked(|focus| *focus != Focus::Row(row_id))
        {
            state.ui.focus.set(Focus::Row(row_id));
        }
    });
    Effect::new(move |_| {
        let Some((row, _)) = state.ui.go_to.get() else {
            return;
        };
        let (pills, sort) = (pills.get_untracked(), sort.get_untracked());
        let column = columns.with_untracked(|columns| columns.first().map(|c| c.name.clone()));
        spawn_local(async move {
            let asked = state.engine.ask(
                None,
                Request::Position {
                    table,
                    row,
                    pills,
                    sort,
                },
            );
            match (asked.answer.await, column) {
                (Ok(Response::Position(Some(place))), Some(column)) => {
                    let column = focus.get_untracked().map_or(column, |focus| focus.column);
                    focus.set(Some(GridFocus {
                        row: Some(place),
                        row_id: Some(row),
                        column,
                    }));
                }
                (Ok(Response::Position(None)), _) => state.ui.tell(text::row_not_in_view(row + 1)),
                (Err(failure), _) => state.report(&failure),
                _ => {}
            }
        });
    });

    // Another order or another filter puts the row elsewhere; the focus follows it.
    Effect::new(move |before: Option<()>| {
        let (pills, sort) = (pills.get(), sort.get());
        let row = focus.get_untracked().and_then(|focus| focus.row_id);
        let (Some(()), Some(row)) = (before, row) else {
            return;
        };
        spawn_local(async move {
            let asked = state.engine.ask(
                None,
                Request::Position {
                    table,
                    row,
                    pills,
                    sort,
                },
            );
            if let Ok(Response::Position(place)) = asked.answer.await {
                focus.try_update(|focus| {
                    *focus = focus
                        .take()
                        .filter(|focus| focus.row_id == Some(row))
                        .and_then(|focus| {
                            place.map(|place| GridFocus {
                                row: Some(place),
                                ..focus
                            })
                        });
                });
            }
        });
    });

    let on_event = Callback::new(move |event| handle(state, table, event));
    let label = Signal::derive(move || text::grid_label(&state.name_of(table), rows_in_view.get()));
    view! {
        <TableStatus table=table />
        <Grid
            columns=columns
            rows_in_view=rows_in_view
            version=version
            focus=focus
            loader=loader
            on_event=on_event
            label=label
        />
    }
}

/// Pinned columns first, hidden ones left out.
fn grid_columns(
    state: AppState,
    table: &TableState,
    arrangement: Option<&GridView>,
) -> Vec<GridColumn> {
    let Some(info) = &table.info else {
        return Vec::new();
    };
    let is_in = |list: fn(&GridView) -> &Vec<String>, name: &String| {
        arrangement.is_some_and(|grid| list(grid).contains(name))
    };
    let has_pills = state.doc.with(|doc| !doc.view.pills.is_empty());
    let mut columns: Vec<GridColumn> = info
        .columns
        .iter()
        .filter(|column| !is_in(|grid| &grid.hidden, &column.name))
        .map(|column| {
            let width = arrangement
                .and_then(|grid| grid.width_px.get(&column.name))
                .copied();
            let sort = arrangement.and_then(|grid| {
                let place = grid.sort.iter().position(|key| key.column == column.name)?;
                Some(SortMark {
                    position: place + 1,
                    descending: grid.sort[place].descending,
                })
            });
            let profile = table.column(&column.name);
            let under = has_pills.then(|| state.view.under(&column.name)).flatten();
            GridColumn {
                name: column.name.clone(),
                column_type: column.column_type,
                width_px: width.unwrap_or_else(|| {
                    default_width_px(&column.name, column.column_type, profile.as_deref())
                }),
                is_pinned: is_in(|grid| &grid.pinned, &column.name),
                sort,
                summary: profile.as_ref().map_or_else(
                    || column.column_type.label().to_owned(),
                    |p| inspector::summary(p),
                ),
                bars: profile
                    .as_ref()
                    .and_then(|p| inspector::header_bars(p, under.as_ref())),
            }
        })
        .collect();
    columns.sort_by_key(|column| !column.is_pinned);
    columns
}

/// Wide enough for most values, for the name with its sort mark, and for what stands below it.
fn default_width_px(name: &str, column_type: ColumnType, profile: Option<&ColumnProfile>) -> u32 {
    const CHAR_PX: f64 = 7.5;
    const SMALL_CHAR_PX: f64 = 6.2;
    const AROUND_PX: f64 = 34.0;
    // Of a text, nine in ten values fit.
    let most = |p: &ColumnProfile| {
        let lengths = &p.text.as_ref()?.length_quantiles;
        lengths
            .iter()
            .find(|(prob, _)| *prob >= 0.9)
            .map(|(_, length)| *length)
    };
    let value_chars = match column_type {
        ColumnType::Boolean => 5.0,
        ColumnType::DateTime => 19.0,
        ColumnType::Text | ColumnType::Category => profile.and_then(most).unwrap_or(14.0),
        _ => 10.0,
    };
    let summary_chars = profile.map_or(0, |p| inspector::summary(p).chars().count());
    let chars = value_chars.min(40.0).max(name.chars().count() as f64);
    let inner_px = (chars * CHAR_PX).max(summary_chars as f64 * SMALL_CHAR_PX);
    (inner_px + AROUND_PX).clamp(96.0, 340.0) as u32
}

/// What the person stopped is taken back, so that the rows on screen are again those of the document.
fn undo_view(state: AppState) {
    let of_view = [text::LABEL_SORT, text::LABEL_FILTER, text::LABEL_SEARCH];
    let last = untrack(|| state.undo_label());
    if last.is_some_and(|last| of_view.contains(&last.as_str())) {
        state.undo();
    }
}

fn handle(state: AppState, table: Ref, event: GridEvent) {
    match event {
        GridEvent::Sort { column, additive } => state.edit(text::LABEL_SORT, |doc| {
            let grid = doc.grid_mut(table);
            grid.sort = edits::cycle_sort(&grid.sort, &column, additive);
        }),
        GridEvent::Resize {
            column,
            width_px,
            gesture,
        } => {
            let gesture = state.ui.gesture_of_drag(gesture, || state.begin_gesture());
            state.edit_with(text::LABEL_RESIZE, gesture, |doc| {
                doc.grid_mut(table).width_px.insert(column, width_px);
            });
        }
        GridEvent::TogglePin { column } => state.edit(text::LABEL_PIN, |doc| {
            edits::toggle(&mut doc.grid_mut(table).pinned, column);
        }),
        GridEvent::Hide { column } => state.edit(text::LABEL_HIDE, |doc| {
            edits::toggle(&mut doc.grid_mut(table).hidden, column);
        }),
        GridEvent::PickBars {
            column,
            first,
            last,
        } => pick_bars(state, table, &column, first, last),
        GridEvent::OpenColumn { column } => {
            state.ui.focus.set(Focus::Column(column));
            state.ui.drawer.set(Some(Drawer::Inspector));
        }
        GridEvent::OpenCell { row_id, column } => {
            state.ui.open(Dialog::Cell {
                table,
                row: row_id,
                column,
            });
        }
        GridEvent::FilterValue { column, value } => {
            state.edit(text::LABEL_FILTER, |doc| match value {
                Value::Null => doc.set_pill(Pill {
                    column,
                    predicate: Predicate::Missing(true),
                }),
                value => doc.toggle_value(&column, value),
            })
        }
        GridEvent::ToggleRow { row_id } => {
            if !state.edit(text::LABEL_SELECT, |doc| edits::toggle_row(doc, row_id)) {
                state
                    .ui
                    .warn(text::selection_full(Selection::MAX_ROWS as u64));
            }
        }
        GridEvent::Copy { text: copied, what } => spawn_local(async move {
            let done = clipboard::copy(&copied).await;
            state.ui.tell(if done {
                text::copied(&what)
            } else {
                text::COPY_REFUSED.to_owned()
            });
        }),
    }
}

/// Filters a column to bars of its distribution; the same bars again take the filter away.
pub fn pick_bars(state: AppState, table: Ref, column: &str, first: usize, last: usize) {
    let profile = state
        .tables
        .get_untracked(table)
        .and_then(|now| now.column(column));
    let Some(pill) = profile.and_then(|profile| pills::of_bars(&profile, first, last)) else {
        return state.ui.tell(text::REST_HAS_NO_FILTER);
    };
    state.edit(text::LABEL_FILTER, |doc| edits::toggle_pill(doc, pill));
}

fn unexpected() -> Failure {
    Failure {
        kind: FailureKind::Internal,
        message: text::UNEXPECTED_ANSWER.to_owned(),
    }
}
