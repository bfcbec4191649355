//! The grid component: scrolling, focus and fetching. Header and rows are drawn by their own modules.

use std::rc::Rc;

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast as _;
use web_sys::KeyboardEvent;

use super::body::Body;
use super::header::Header;
use super::keys::{self, KeyAction, Press};
use super::layout::{Columns, Scroll, WIDTH_RANGE_PX};
use super::model::{BLOCK_ROWS, Blocks, Focus, GridColumn, GridEvent, Loader, RowRequest};
use crate::platform::observer::SizeObserver;

/// Signals that header, rows and keys share.
#[derive(Clone, Copy)]
pub struct GridState {
    pub columns: Signal<Vec<GridColumn>>,
    pub layout: Memo<Columns>,
    pub scroll: Memo<Scroll>,
    pub top_px: RwSignal<f64>,
    pub left_px: RwSignal<f64>,
    pub width_px: RwSignal<f64>,
    pub blocks: RwSignal<Blocks>,
    pub focus: RwSignal<Option<Focus>>,
    pub on_event: Callback<GridEvent>,
}

/// A table's rows.
///
/// `version` changes whenever the rows of the view may have changed; rows in sight are then fetched again.
#[component]
pub fn Grid(
    #[prop(into)] columns: Signal<Vec<GridColumn>>,
    #[prop(into)] rows_in_view: Signal<u64>,
    #[prop(into)] version: Signal<u64>,
    focus: RwSignal<Option<Focus>>,
    loader: Loader,
    on_event: Callback<GridEvent>,
    /// Says what the table is, for screen readers.
    #[prop(into)]
    label: Signal<String>,
) -> impl IntoView {
    let scroller = NodeRef::<html::Div>::new();
    let height_px = RwSignal::new(0.0_f64);
    let header_px = RwSignal::new(0.0_f64);
    let layout = Memo::new(move |_| {
        columns.with(|columns| Columns {
            widths_px: columns.iter().map(|column| column.width_px).collect(),
            n_pinned: columns.iter().filter(|column| column.is_pinned).count(),
        })
    });
    let scroll = Memo::new(move |_| Scroll {
        n_rows: rows_in_view.get(),
        viewport_px: (height_px.get() - header_px.get()).max(0.0),
    });
    let state = GridState {
        columns,
        layout,
        scroll,
        top_px: RwSignal::new(0.0),
        left_px: RwSignal::new(0.0),
        width_px: RwSignal::new(0.0),
        blocks: RwSignal::new(Blocks::default()),
        focus,
        on_event,
    };

    let observer = StoredValue::new_local(None::<SizeObserver>);
    Effect::new(move |_| {
        if let Some(element) = scroller.get() {
            let watch = SizeObserver::new(&element, move |width, height| {
                state.width_px.set(width);
                height_px.set(height);
            });
            observer.set_value(watch);
        }
    });
    fetch_in_sight(state, version, loader);

    // The bar position that was set here, so that the scroll event it causes is not taken for the person's.
    let own_bar_px = StoredValue::new(-1.0_f64);
    let show_top = move |top_px: f64| {
        let scroll = state.scroll.get_untracked();
        let top_px = top_px.clamp(0.0, scroll.max_top_px());
        state.top_px.set(top_px);
        if let Some(element) = scroller.get_untracked() {
            let bar_px = scroll.bar_of_top(top_px).round();
            own_bar_px.set_value(bar_px);
            element.set_scroll_top(bar_px as i32);
        }
    };
    // A shorter view may end above what was shown.
    Effect::new(move |_| {
        let max_top_px = scroll.get().max_top_px();
        if state.top_px.get_untracked() > max_top_px {
            show_top(max_top_px);
        }
    });
    let show_focus = move |target: &Focus| {
        if let Some(row) = target.row {
            let top_px = state.top_px.get_untracked();
            let wanted = state.scroll.get_untracked().top_to_show(row, top_px);
            if wanted != top_px {
                show_top(wanted);
            }
        }
        let column_idx =
            columns.with_untracked(|columns| columns.iter().position(|c| c.name == target.column));
        if let (Some(column_idx), Some(element)) = (column_idx, scroller.get_untracked()) {
            let left_px = state.left_px.get_untracked();
            let wanted = layout.get_untracked().left_to_show(
                column_idx,
                left_px,
                state.width_px.get_untracked(),
            );
            if wanted != left_px {
                element.set_scroll_left(wanted as i32);
            }
        }
    };
    // Focus set from outside ("go to row") scrolls into sight too.
    Effect::new(move |_| {
        if let Some(target) = focus.get() {
            show_focus(&target);
        }
    });

    let on_scroll = move |_| {
        let Some(element) = scroller.get_untracked() else {
            return;
        };
        state.left_px.set(f64::from(element.scroll_left()));
        let bar_px = f64::from(element.scroll_top());
        if (bar_px - own_bar_px.get_value()).abs() > 1.0 {
            own_bar_px.set_value(-1.0);
            state
                .top_px
                .set(state.scroll.get_untracked().top_of_bar(bar_px));
        }
    };
    // On a scaled bar one wheel notch would jump thousands of rows: rows move by pixels and the bar follows.
    let on_wheel = move |event: web_sys::WheelEvent| {
        if state.scroll.get_untracked().is_scaled() && event.delta_y() != 0.0 && !event.ctrl_key() {
            event.prevent_default();
            let unit_px = match event.delta_mode() {
                web_sys::WheelEvent::DOM_DELTA_LINE => super::layout::ROW_HEIGHT_PX,
                web_sys::WheelEvent::DOM_DELTA_PAGE => state.scroll.get_untracked().viewport_px,
                _ => 1.0,
            };
            show_top(state.top_px.get_untracked() + event.delta_y() * unit_px);
        }
    };
    let touch_y_px = StoredValue::new(None::<f64>);
    let on_touch_start = move |event: web_sys::TouchEvent| {
        touch_y_px.set_value(
            event
                .touches()
                .get(0)
                .map(|touch| f64::from(touch.client_y())),
        );
    };
    let on_touch_move = move |event: web_sys::TouchEvent| {
        if !state.scroll.get_untracked().is_scaled() {
            return;
        }
        let y_px = event
            .touches()
            .get(0)
            .map(|touch| f64::from(touch.client_y()));
        if let (Some(before), Some(now)) = (touch_y_px.get_value(), y_px) {
            event.prevent_default();
            show_top(state.top_px.get_untracked() + before - now);
        }
        touch_y_px.set_value(y_px);
    };

    let on_keydown = move |event: KeyboardEvent| {
        let names: Vec<String> =
            columns.with_untracked(|columns| columns.iter().map(|c| c.name.clone()).collect());
        let Some(first) = names.first() else { return };
        let current = focus
            .get_untracked()
            .filter(|focus| names.contains(&focus.column))
            .unwrap_or(Focus {
                row: None,
                row_id: None,
                column: first.clone(),
            });
        let key = event.key();
        let press = Press {
            key: &key,
            ctrl: event.ctrl_key() || event.meta_key(),
            shift: event.shift_key(),
            alt: event.alt_key(),
        };
        let page_rows = (scroll.get_untracked().viewport_px / super::layout::ROW_HEIGHT_PX)
            .floor()
            .max(2.0) as u64
            - 1;
        let Some(action) = keys::action(
            press,
            &current,
            rows_in_view.get_untracked(),
            &names,
            page_rows,
        ) else {
            return;
        };
        event.prevent_default();
        event.stop_propagation();
        perform(state, action, &current, &names);
    };
    let on_focus = move |_| {
        if focus.get_untracked().is_none() {
            let first = columns.with_untracked(|columns| columns.first().map(|c| c.name.clone()));
            if let Some(column) = first {
                let row = (rows_in_view.get_untracked() > 0).then_some(0);
                focus.set(Some(Focus {
                    row,
                    row_id: None,
                    column,
                }));
            }
        }
    };
    let active = move || {
        focus.get().and_then(|focus| {
            let column_idx = columns.with(|c| c.iter().position(|c| c.name == focus.column))?;
            Some(super::body::cell_id(focus.row, column_idx))
        })
    };
    view! {
        <div
            node_ref=scroller
            class="grid"
            role="grid"
            tabindex="0"
            data-testid="grid"
            aria-label=label
            aria-rowcount=move || rows_in_view.get() + 1
            aria-colcount=move || columns.with(Vec::len)
            aria-activedescendant=active
            on:scroll=on_scroll
            on:wheel=on_wheel
            on:touchstart=on_touch_start
            on:touchmove=on_touch_move
            on:keydown=on_keydown
            on:focus=on_focus
        >
            <Header state=state height_px=header_px />
            <div
                class="grid-spacer"
                role="presentation"
                style:height=move || format!("{}px", scroll.get().spacer_px())
                style:width=move || format!("{}px", layout.with(Columns::total_px))
            >
                <Body state=state header_px=header_px />
            </div>
        </div>
    }
}

fn perform(state: GridState, action: KeyAction, current: &Focus, names: &[String]) {
    let column = current.column.clone();
    let row_id = current
        .row
        .and_then(|row| state.blocks.with_untracked(|blocks| blocks.row_id(row)));
    match action {
        KeyAction::Move(target) => move_focus(state, target),
        KeyAction::Activate { additive } => match (current.row, row_id) {
            (None, _) => state.on_event.run(GridEvent::Sort { column, additive }),
            (Some(_), Some(row_id)) => state.on_event.run(GridEvent::OpenCell { row_id, column }),
            (Some(_), None) => {}
        },
        KeyAction::ToggleRow => {
            if let Some(row_id) = row_id {
                state.on_event.run(GridEvent::ToggleRow { row_id });
            }
        }
        KeyAction::OpenColumn => state.on_event.run(GridEvent::OpenColumn { column }),
        KeyAction::Copy => {
            let event = match current.row {
                None => GridEvent::Copy {
                    text: column,
                    what: "column name".to_owned(),
                },
                Some(row) => {
                    let text = state.blocks.with_untracked(|blocks| {
                        blocks.plain(row, std::slice::from_ref(&current.column))
                    });
                    GridEvent::Copy {
                        text: text.unwrap_or_default(),
                        what: "cell".to_owned(),
                    }
                }
            };
            state.on_event.run(event);
        }
        KeyAction::Widen { by_px } => {
            let width_px = names
                .iter()
                .position(|name| name == &column)
                .and_then(|idx| {
                    state
                        .layout
                        .with_untracked(|layout| layout.widths_px.get(idx).copied())
                });
            if let Some(width_px) = width_px {
                let width_px = width_px.saturating_add_signed(by_px);
                let width_px = width_px.clamp(*WIDTH_RANGE_PX.start(), *WIDTH_RANGE_PX.end());
                state.on_event.run(GridEvent::Resize {
                    column,
                    width_px,
                    gesture: 0,
                });
            }
        }
    }
}

/// Sets the focus, with its row's number if that is at hand.
pub fn move_focus(state: GridState, target: Focus) {
    let row_id = target
        .row
        .and_then(|row| state.blocks.with_untracked(|blocks| blocks.row_id(row)));
    state.focus.set(Some(Focus { row_id, ..target }));
}

/// Fetches blocks that come into sight; a new version fetches again and replaces what is shown when it arrives.
fn fetch_in_sight(state: GridState, version: Signal<u64>, loader: Loader) {
    let loader = StoredValue::new_local(loader);
    let requested = StoredValue::new((u64::MAX, Vec::<(u64, Vec<String>)>::new()));
    Effect::new(move |_| {
        let version = version.get();
        let rows = state.scroll.get().visible_rows(state.top_px.get());
        let columns = wanted_columns(state);
        if rows.is_empty() || columns.is_empty() {
            return;
        }
        let is_new = requested.with_value(|(known, _)| *known != version);
        if is_new {
            requested.set_value((version, Vec::new()));
        }
        for block in rows.start / BLOCK_ROWS..=(rows.end - 1) / BLOCK_ROWS {
            let lacking = if is_new {
                columns.clone()
            } else {
                state
                    .blocks
                    .with_untracked(|blocks| blocks.lacking(block, &columns))
            };
            let entry = (block, lacking.clone());
            if lacking.is_empty()
                || requested.with_value(|(_, under_way)| under_way.contains(&entry))
            {
                continue;
            }
            requested.update_value(|(_, under_way)| under_way.push(entry.clone()));
            let request = RowRequest {
                start: block * BLOCK_ROWS,
                count: BLOCK_ROWS as u32,
                columns: lacking,
            };
            let answer = loader.with_value(|loader: &Loader| Rc::clone(loader))(request);
            spawn_local(async move {
                let page = answer.await;
                // The grid may be gone, or the view another one, by the time the rows arrive.
                let current = requested.try_with_value(|(known, _)| *known);
                requested
                    .try_update_value(|(_, under_way)| under_way.retain(|other| other != &entry));
                if let (Some(current), Ok(page)) = (current, page)
                    && current == version
                {
                    state.blocks.try_update(|blocks| {
                        if is_new && !blocks.is_of(version) {
                            *blocks = Blocks::of(version);
                        }
                        blocks.add(entry.0, page);
                    });
                    complete_focus(state);
                }
            });
        }
    });
}

/// A focus that was set before its row was fetched learns the row's number.
fn complete_focus(state: GridState) {
    let Some(Some(focus)) = state.focus.try_get_untracked() else {
        return;
    };
    if focus.row_id.is_none() && focus.row.is_some() {
        let row_id = focus
            .row
            .and_then(|row| state.blocks.with_untracked(|blocks| blocks.row_id(row)));
        if row_id.is_some() {
            state.focus.set(Some(Focus { row_id, ..focus }));
        }
    }
}

/// Pinned columns and those in sight.
fn wanted_columns(state: GridState) -> Vec<String> {
    let (left_px, width_px) = (state.left_px.get(), state.width_px.get());
    let (n_pinned, visible) = state
        .layout
        .with(|layout| (layout.n_pinned, layout.visible(left_px, width_px)));
    state.columns.with(|columns| {
        (0..n_pinned)
            .chain(visible)
            .filter_map(|idx| columns.get(idx))
            .map(|column| column.name.clone())
            .collect()
    })
}

/// The element of an event, for capturing the pointer.
pub fn target_element(event: &web_sys::Event) -> Option<web_sys::Element> {
    event
        .current_target()
        .and_then(|target| target.dyn_into().ok())
}
