//! The order of operators, changed by hand or by keys.

use leptos::prelude::*;
use sluice_analysis::StepId;

use super::panel::title_of;
use super::state::use_recipe;
use super::{chain, text};
use crate::platform::{dialog, pointer};
use crate::shell::icon::{self, icon};
use crate::state::{AppState, use_app};
use crate::text as page_text;

/// The operator that a hand holds, and the place it would get.
pub type Dragged = Option<(StepId, usize)>;

/// The place among rows with these middles, from top to bottom, that a row dropped at `y` gets.
fn place_at(middles: &[f64], y: f64) -> usize {
    middles.iter().filter(|middle| **middle < y).count()
}

/// The element whose middle decides where a dragged operator goes.
pub fn row_id(step: StepId) -> String {
    format!("recipe-row-{}", step.0)
}

fn handle_id(step: StepId) -> String {
    format!("recipe-handle-{}", step.0)
}

/// What a hand or Alt with an arrow moves the operator by.
#[component]
pub fn Handle(id: StepId, title: Memo<String>, dragged: RwSignal<Dragged>) -> impl IntoView {
    let state = use_app();
    let recipe = use_recipe();
    let element = NodeRef::<leptos::html::Button>::new();
    let on_down = move |event: web_sys::PointerEvent| {
        let place = recipe
            .chain
            .get_untracked()
            .and_then(|chain| chain.place(id));
        if event.button() == 0
            && let (Some(element), Some(place)) = (element.get_untracked(), place)
        {
            element.set_pointer_capture(event.pointer_id()).ok();
            dragged.set(Some((id, place)));
        }
    };
    let on_move = move |event: web_sys::PointerEvent| {
        let Some(chain) = recipe
            .chain
            .get_untracked()
            .filter(|_| is_held(dragged, id))
        else {
            return;
        };
        let others = chain.steps.iter().filter(|step| **step != id);
        let middles: Vec<f64> = others
            .filter_map(|step| pointer::middle_of(&row_id(*step)))
            .collect();
        let place = place_at(&middles, f64::from(event.client_y()));
        dragged.set(Some((id, place)));
    };
    let on_up = move |_: web_sys::PointerEvent| {
        if let Some((held, place)) = dragged.get_untracked().filter(|(held, _)| *held == id) {
            dragged.set(None);
            move_to(state, held, place);
        }
    };
    view! {
        <button
            type="button"
            node_ref=element
            class="drag-handle"
            id=handle_id(id)
            aria-label=move || text::handle(&title.get())
            aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown"
            title=text::MOVE_KEYS
            data-testid="operator-handle"
            on:pointerdown=on_down
            on:pointermove=on_move
            on:pointerup=on_up
            on:pointercancel=move |_| dragged.set(None)
            on:keydown=move |event| {
                if event.key() == "Escape" && is_held(dragged, id) {
                    event.stop_propagation();
                    dragged.set(None);
                }
            }
        >
            {icon(icon::GRIP)}
        </button>
    }
}

fn is_held(dragged: RwSignal<Dragged>, id: StepId) -> bool {
    dragged.with_untracked(|dragged| dragged.is_some_and(|(held, _)| held == id))
}

/// Moves an operator, and keeps the keyboard on its handle: a browser takes focus from what is put elsewhere.
pub fn move_to(state: AppState, id: StepId, place: usize) {
    let Some(chain) = untrack(|| {
        let current = state.current.get()?;
        state.doc.with(|doc| chain::chain_of(doc, current))
    }) else {
        return;
    };
    let n = chain.steps.len();
    let place = place.min(n.saturating_sub(1));
    if chain.place(id) == Some(place) {
        return;
    }
    let moved = state.edit(text::LABEL_MOVE, |doc| {
        chain::move_operator(doc, &chain, id, place)
    });
    match moved {
        Ok(()) => {
            let title = untrack(|| title_of(state, id));
            state.ui.says.set(text::moved(&title, place + 1, n));
            request_animation_frame(move || dialog::focus(&handle_id(id)));
        }
        Err(error) => state.ui.warn(page_text::sentence(&error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_put_between_the_middles_of_the_others() {
        let middles = [10.0, 30.0, 50.0];
        assert_eq!(place_at(&middles, 0.0), 0);
        assert_eq!(place_at(&middles, 31.0), 2);
        assert_eq!(place_at(&middles, 99.0), 3);
        assert_eq!(place_at(&[], 5.0), 0);
    }
}
