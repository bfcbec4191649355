//! One step in the rail: what it does, how many rows it leaves, and its place.

use leptos::prelude::*;
use sluice_analysis::{Ref, StepId};

use super::icon::{self, icon};
use super::source_item::{TableStatus, result_bar};
use crate::form::summary;
use crate::recipe::use_recipe;
use crate::state::ui::Dialog;
use crate::state::{edits, use_app};
use crate::{format, text};

/// The kind of data that a dragged step carries, so that nothing else can be dropped on the list.
const DRAG_TYPE: &str = "application/x-sluice-step";

#[component]
pub fn StepItem(id: StepId) -> impl IntoView {
    let state = use_app();
    let table = Ref::Step(id, 0);
    let step = Memo::new(move |_| state.doc.with(|doc| doc.step(id).cloned()));
    let place = Memo::new(move |_| {
        state.doc.with(|doc| {
            doc.steps
                .iter()
                .position(|step| step.id == id)
                .map_or(0, |i| i + 1)
        })
    });
    let is_last = move || {
        state
            .doc
            .with(|doc| doc.steps.last().is_some_and(|step| step.id == id))
    };
    let spec = Memo::new(move |_| step.get().and_then(|step| state.engine.operation(&step.op)));
    let title = Memo::new(move |_| {
        spec.get()
            .map(|spec| spec.title)
            .or_else(|| step.get().map(|step| step.op))
            .unwrap_or_default()
    });
    let line = move || {
        step.get()
            .map(|step| summary::of_step(&step, spec.get().as_ref()))
            .unwrap_or_default()
    };
    let is_on = move || step.get().is_some_and(|step| step.enabled);
    let is_unknown = move || spec.get().is_none() && state.engine.is_ready.get();
    let is_current = move || state.current.get() == Some(table);
    let recipe = use_recipe();
    let rows = Memo::new(move |_| {
        if let Some(member) = recipe.member(id) {
            return Some((member.rows_out, Some(member.rows_in)));
        }
        let input = step.get()?.inputs.first().copied();
        let rows_out = state.table(table)?.rows()?;
        let rows_in = input
            .and_then(|input| state.table(input))
            .and_then(|input| input.rows());
        Some((rows_out, rows_in))
    });
    let count = move || {
        rows.get()
            .filter(|_| is_on())
            .map(|(rows_out, rows_in)| match rows_in {
                Some(rows_in) if rows_out <= rows_in && rows_in > 0 => {
                    format::percent(rows_out as f64 / rows_in as f64)
                }
                _ => format::count(rows_out),
            })
    };
    let bar = move || {
        let (rows_out, rows_in) = rows.get().filter(|_| is_on())?;
        rows_in
            .filter(|rows_in| rows_out <= *rows_in)
            .map(|rows_in| result_bar(rows_out, rows_in))
    };
    let shift = move |offset: isize| {
        let moved = state.edit(text::LABEL_MOVE_STEP, |doc| {
            edits::shift_step(doc, id, offset)
        });
        if let Err(error) = moved {
            state.ui.warn(text::sentence(&error.to_string()));
        }
    };
    let on_keydown = move |event: web_sys::KeyboardEvent| {
        if event.alt_key() && ["ArrowUp", "ArrowDown"].contains(&event.key().as_str()) {
            event.prevent_default();
            shift(if event.key() == "ArrowUp" { -1 } else { 1 });
        }
    };
    let on_drop = move |event: web_sys::DragEvent| {
        let dragged = event
            .data_transfer()
            .and_then(|transfer| transfer.get_data(DRAG_TYPE).ok())
            .and_then(|text| text.parse().ok())
            .map(StepId);
        if let Some(dragged) = dragged {
            event.prevent_default();
            event.stop_propagation();
            let index = place.get_untracked().saturating_sub(1);
            let moved = state.edit(text::LABEL_MOVE_STEP, |doc| doc.move_step(dragged, index));
            if let Err(error) = moved {
                state.ui.warn(text::sentence(&error.to_string()));
            }
        }
    };
    let on_dragstart = move |event: web_sys::DragEvent| {
        if let Some(transfer) = event.data_transfer() {
            transfer.set_data(DRAG_TYPE, &id.0.to_string()).ok();
            transfer.set_effect_allowed("move");
        }
    };
    view! {
        <li
            class="step"
            class:current=is_current
            class:off=move || !is_on()
            draggable="true"
            data-testid="step"
            on:dragstart=on_dragstart
            on:drop=on_drop
            on:keydown=on_keydown
        >
            <div class="step-row">
                <span class="step-number" aria-hidden="true">{move || place.get()}</span>
                <button
                    type="button"
                    class="step-main"
                    aria-current=move || is_current().then_some("true")
                    title=text::LOOK_AT_STEP
                    on:click=move |_| state.edit(text::LABEL_LOOK, |doc| edits::look_at(doc, table))
                >
                    <span class="step-title">{move || title.get()}</span>
                    <span class="step-line">{line}</span>
                </button>
                <span class="step-count">{count}</span>
            </div>
            <Show when=is_unknown>
                <p class="table-status warning">{text::UNKNOWN_STEP}</p>
            </Show>
            <div class="step-bar">{bar}</div>
            <TableStatus table=table />
            <div class="step-tools" role="group" aria-label=move || text::tools_of(&title.get())>
                <button
                    type="button"
                    class="link-button"
                    data-testid="edit-step"
                    disabled=move || spec.get().is_none()
                    on:click=move |_| state.ui.open(Dialog::EditStep(id))
                >
                    {text::EDIT}
                </button>
                <button
                    type="button"
                    class="icon-button"
                    aria-pressed=move || is_on().to_string()
                    aria-label=text::STEP_ON
                    title=text::STEP_ON
                    on:click=move |_| {
                        let on = untrack(is_on);
                        drop(state.edit(text::LABEL_SWITCH_STEP, |doc| doc.set_enabled(id, !on)));
                    }
                >
                    {icon(icon::POWER)}
                </button>
                <button
                    type="button"
                    class="icon-button"
                    aria-label=text::MOVE_UP
                    title=text::MOVE_UP_KEYS
                    disabled=move || place.get() <= 1
                    on:click=move |_| shift(-1)
                >
                    {icon(icon::UP)}
                </button>
                <button
                    type="button"
                    class="icon-button"
                    aria-label=text::MOVE_DOWN
                    title=text::MOVE_DOWN_KEYS
                    disabled=is_last
                    on:click=move |_| shift(1)
                >
                    {icon(icon::DOWN)}
                </button>
                <button
                    type="button"
                    class="icon-button"
                    aria-label=move || text::remove(&title.get())
                    title=text::LABEL_REMOVE_STEP
                    on:click=move |_| drop(state.edit(text::LABEL_REMOVE_STEP, |doc| doc.remove_step(id)))
                >
                    {icon(icon::CLOSE)}
                </button>
            </div>
        </li>
    }
}
