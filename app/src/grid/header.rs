//! Column headers: name, type, sort mark, share missing, small distribution, resizing.

use std::sync::atomic::{AtomicU64, Ordering};

use leptos::html;
use leptos::prelude::*;
use sluice_protocol::load::ColumnType;

use super::body::cell_id;
use super::layout::{Columns, WIDTH_RANGE_PX};
use super::model::{GridColumn, GridEvent, HeaderBars, SortMark};
use super::view::{GridState, target_element};
use crate::chart::SmallHistogram;
use crate::platform::observer::SizeObserver;

/// Each drag of a column's edge is one gesture, one step of undo.
static NEXT_GESTURE: AtomicU64 = AtomicU64::new(1);

#[component]
pub fn Header(state: GridState, height_px: RwSignal<f64>) -> impl IntoView {
    let element = NodeRef::<html::Div>::new();
    let observer = StoredValue::new_local(None::<SizeObserver>);
    Effect::new(move |_| {
        if let Some(element) = element.get() {
            observer.set_value(SizeObserver::new(&element, move |_, height| {
                height_px.set(height)
            }));
        }
    });
    // Headers are rebuilt when a column changes, not when the grid scrolls within the same columns.
    let in_sight = Memo::new(move |_| {
        let (left_px, width_px) = (state.left_px.get(), state.width_px.get());
        state.layout.with(|layout| {
            (0..layout.n_pinned)
                .chain(layout.visible(left_px, width_px))
                .collect::<Vec<_>>()
        })
    });
    // Kept here because headings are rebuilt with every width of the drag.
    let drag = StoredValue::new(None::<Drag>);
    view! {
        <div node_ref=element class="grid-header" role="rowgroup"
            style:width=move || format!("{}px", state.layout.with(Columns::total_px))>
            <div class="grid-header-row" role="row" aria-rowindex="1">
                {move || {
                    let layout = state.layout.get();
                    state.columns.with(|columns| {
                        in_sight
                            .get()
                            .into_iter()
                            .filter_map(|idx| Some((idx, columns.get(idx)?.clone())))
                            .map(|(idx, column)| draw_header(state, drag, &layout, idx, column))
                            .collect::<Vec<_>>()
                    })
                }}
            </div>
        </div>
    }
}

fn draw_header(
    state: GridState,
    drag: StoredValue<Option<Drag>>,
    layout: &Columns,
    idx: usize,
    column: GridColumn,
) -> impl IntoView + use<> {
    let GridColumn {
        name,
        column_type,
        width_px,
        is_pinned,
        sort,
        summary,
        bars,
    } = column;
    let own_left_px = layout.left_px(idx);
    let left = move || {
        let left_px = if is_pinned {
            own_left_px + state.left_px.get()
        } else {
            own_left_px
        };
        format!("{left_px}px")
    };
    let is_focused = {
        let name = name.clone();
        Memo::new(move |_| {
            state.focus.with(|focus| {
                focus
                    .as_ref()
                    .is_some_and(|focus| focus.row.is_none() && focus.column == name)
            })
        })
    };
    let sorted = name.clone();
    let on_sort = move |event: web_sys::MouseEvent| {
        let additive = event.shift_key() || event.ctrl_key() || event.meta_key();
        state.on_event.run(GridEvent::Sort {
            column: sorted.clone(),
            additive,
        });
    };
    let opened = name.clone();
    let on_open = move |_| {
        state.on_event.run(GridEvent::OpenColumn {
            column: opened.clone(),
        })
    };
    // As the cells below: what is written as text stands on the left.
    let is_number = matches!(
        column_type,
        ColumnType::Integer | ColumnType::Float | ColumnType::Decimal
    );
    let hover = match column_type {
        ColumnType::Text => format!("{name}: text"),
        other => format!("{name}: {}", other.label()),
    };
    view! {
        <div
            id=cell_id(None, idx)
            class="grid-heading"
            class:pinned=is_pinned
            class:focused=is_focused
            class:numeric=is_number
            role="columnheader"
            aria-colindex=idx + 1
            aria-sort=aria_sort(sort)
            style:left=left
            style:width=format!("{width_px}px")
        >
            <button type="button" class="heading-name" tabindex="-1" title=hover on:click=on_sort>
                <span class="heading-text">{name.clone()}</span>
                {sort.map(|mark| view! { <span class="heading-sort">{sort_sign(mark)}</span> })}
            </button>
            <button type="button" class="heading-summary" tabindex="-1" title="Show this column" on:click=on_open>
                {summary}
            </button>
            {bars.map(|bars| draw_bars(state, name.clone(), bars))}
            {draw_resize_handle(state, drag, name, width_px)}
        </div>
    }
}

fn draw_bars(state: GridState, column: String, bars: HeaderBars) -> impl IntoView {
    let HeaderBars {
        counts,
        in_view,
        labels,
        is_axis,
    } = bars;
    let label = format!("Distribution of {column}");
    let on_pick = Callback::new(move |(first, last): (usize, usize)| {
        state.on_event.run(GridEvent::PickBars {
            column: column.clone(),
            first,
            last,
        });
    });
    view! { <SmallHistogram counts=counts under=in_view labels=labels is_axis=is_axis label=label on_pick=on_pick /> }
}

/// A drag of a column's edge.
#[derive(Clone, Copy)]
struct Drag {
    from_x_px: f64,
    from_width_px: u32,
    gesture: u64,
}

fn draw_resize_handle(
    state: GridState,
    drag: StoredValue<Option<Drag>>,
    column: String,
    width_px: u32,
) -> impl IntoView {
    let on_down = move |event: web_sys::PointerEvent| {
        event.prevent_default();
        event.stop_propagation();
        if let Some(element) = target_element(&event) {
            element.set_pointer_capture(event.pointer_id()).ok();
        }
        let gesture = NEXT_GESTURE.fetch_add(1, Ordering::Relaxed);
        let from_x_px = f64::from(event.client_x());
        drag.set_value(Some(Drag {
            from_x_px,
            from_width_px: width_px,
            gesture,
        }));
    };
    let on_move = move |event: web_sys::PointerEvent| {
        let Some(Drag {
            from_x_px,
            from_width_px,
            gesture,
        }) = drag.get_value()
        else {
            return;
        };
        let wanted_px = f64::from(from_width_px) + f64::from(event.client_x()) - from_x_px;
        let (least_px, most_px) = (
            f64::from(*WIDTH_RANGE_PX.start()),
            f64::from(*WIDTH_RANGE_PX.end()),
        );
        let width_px = wanted_px.clamp(least_px, most_px).round() as u32;
        state.on_event.run(GridEvent::Resize {
            column: column.clone(),
            width_px,
            gesture,
        });
    };
    view! {
        <span
            class="heading-resize"
            aria-hidden="true"
            on:pointerdown=on_down
            on:pointermove=on_move
            on:pointerup=move |_| drag.set_value(None)
            on:pointercancel=move |_| drag.set_value(None)
            on:click=|event: web_sys::MouseEvent| event.stop_propagation()
        ></span>
    }
}

fn aria_sort(sort: Option<SortMark>) -> &'static str {
    match sort {
        None => "none",
        Some(SortMark {
            descending: false, ..
        }) => "ascending",
        Some(SortMark {
            descending: true, ..
        }) => "descending",
    }
}

fn sort_sign(mark: SortMark) -> String {
    let arrow = if mark.descending { "↓" } else { "↑" };
    if mark.position == 1 {
        arrow.to_owned()
    } else {
        format!("{arrow}{}", mark.position)
    }
}
