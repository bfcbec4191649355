//! A limit on a histogram, held by a hand or by arrow keys.

use leptos::html;
use leptos::prelude::*;
use sluice_protocol::recipe::LimitSide;

use super::text;
use super::threshold::Context;
use crate::format;
use crate::platform::pointer;

/// A limit that can be dragged, or moved by arrow keys.
#[component]
pub fn LimitHandle(context: Context, side: LimitSide, area: NodeRef<html::Div>) -> impl IntoView {
    let Context {
        state,
        recipe,
        axis,
        ..
    } = context;
    let element = NodeRef::<html::Div>::new();
    let is_held = RwSignal::new(false);
    // Where a limit that there is not would stand.
    let open_end = match side {
        LimitSide::Min => f64::NEG_INFINITY,
        LimitSide::Max => f64::INFINITY,
    };
    let limit = move || context.limit(side);
    let at = move || axis.get().map_or(0.0, |axis| axis.share(limit()) * 100.0);
    let try_limit = move |limit: f64| {
        if let Some(params) = untrack(|| context.with_limit(side, limit)) {
            recipe.try_params(state, context.id, params);
        }
    };
    let is_whole = move || {
        untrack(|| {
            context
                .param(side)
                .is_some_and(|name| context.is_whole(&name))
        })
    };
    let on_down = move |event: web_sys::PointerEvent| {
        if let Some(element) = element.get_untracked().filter(|_| event.button() == 0) {
            element.set_pointer_capture(event.pointer_id()).ok();
            element.focus().ok();
            event.prevent_default();
            is_held.set(true);
        }
    };
    let on_move = move |event: web_sys::PointerEvent| {
        let (Some(area), Some(axis)) = (area.get_untracked(), axis.get_untracked()) else {
            return;
        };
        if !is_held.get_untracked() {
            return;
        }
        let share = pointer::share_across(&area, &event);
        // Off the end is without a limit.
        let is_off = match side {
            LimitSide::Min => share <= 0.0,
            LimitSide::Max => share >= 1.0,
        };
        try_limit(if is_off {
            open_end
        } else {
            axis.rounded(share.clamp(0.0, 1.0), is_whole())
        });
    };
    let let_go = move || {
        if is_held.get_untracked() {
            is_held.set(false);
            recipe.commit(state, text::LABEL_LIMIT);
        }
    };
    let on_keydown = move |event: web_sys::KeyboardEvent| {
        let Some(axis) = axis.get_untracked() else {
            return;
        };
        let steps = if event.shift_key() { 10.0 } else { 1.0 };
        let by = match event.key().as_str() {
            "ArrowLeft" | "ArrowDown" => -steps,
            "ArrowRight" | "ArrowUp" => steps,
            "PageDown" => -10.0,
            "PageUp" => 10.0,
            "Home" => return stop(&event, || try_limit(axis.from)),
            "End" => return stop(&event, || try_limit(axis.to)),
            "Delete" | "Backspace" => return stop(&event, || try_limit(open_end)),
            "Escape" if recipe.draft.with_untracked(Option::is_some) => {
                is_held.set(false);
                return stop(&event, || recipe.abandon());
            }
            _ => return,
        };
        let from = untrack(limit);
        // From the end, where a missing limit stands.
        let from = from.clamp(axis.from.min(axis.to), axis.to);
        stop(&event, || try_limit(axis.stepped(from, by, is_whole())));
    };
    // One edit per press, however long the key is held.
    let commit = move || recipe.commit(state, text::LABEL_LIMIT);
    let label = move || match side {
        LimitSide::Min => text::lower_limit(&context.title()),
        LimitSide::Max => text::upper_limit(&context.title()),
    };
    let said = move || {
        let limit = limit();
        let value = text::value(limit, &context.unit());
        match side {
            _ if !limit.is_finite() => text::NO_LIMIT.to_owned(),
            LimitSide::Min => text::at_least(&value),
            LimitSide::Max => text::at_most(&value),
        }
    };
    let ends = move || axis.get().map_or((0.0, 1.0), |axis| (axis.from, axis.to));
    let now = move || {
        let (from, to) = ends();
        limit().clamp(from.min(to), to)
    };
    view! {
        <Show when=move || context.param(side).is_some() && axis.get().is_some()>
            <div
                node_ref=element
                class="limit"
                class:max=side == LimitSide::Max
                class:at-edge=move || match side {
                    LimitSide::Min => at() < 8.0,
                    LimitSide::Max => at() > 92.0,
                }
                class:none=move || !limit().is_finite()
                class:held=move || is_held.get()
                role="slider"
                tabindex="0"
                aria-label=label
                aria-valuemin=move || ends().0.to_string()
                aria-valuemax=move || ends().1.to_string()
                aria-valuenow=move || now().to_string()
                aria-valuetext=said
                data-testid=if side == LimitSide::Min { "limit-min" } else { "limit-max" }
                style:left=move || format!("{:.2}%", at())
                on:pointerdown=on_down
                on:pointermove=on_move
                on:pointerup=move |_| let_go()
                on:pointercancel=move |_| {
                    is_held.set(false);
                    recipe.abandon();
                }
                on:keydown=on_keydown
                on:keyup=move |_| if !is_held.get_untracked() { commit() }
                on:blur=move |_| if !is_held.get_untracked() { commit() }
            >
                <span class="limit-grip" aria-hidden="true"></span>
                <span class="limit-value" aria-hidden="true">
                    {move || limit().is_finite().then(|| format::number(limit()))}
                </span>
            </div>
        </Show>
    }
}

fn stop(event: &web_sys::KeyboardEvent, then: impl FnOnce()) {
    event.prevent_default();
    event.stop_propagation();
    then();
}
