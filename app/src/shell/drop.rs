//! Files and text that arrive anywhere on the page, and keys that belong to commands.

use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::commands;
use crate::platform::clipboard::{self, Pasted};
use crate::platform::{files, keyboard};
use crate::state::{AppState, use_app};
use crate::text;

/// Listens on the window for as long as the page lives.
pub fn listen(state: AppState) {
    let target = state.ui.is_drop_target;
    window_event_listener(ev::dragover, move |event| {
        let carries = event
            .data_transfer()
            .is_some_and(|transfer| files::carries_files(&transfer));
        if carries {
            event.prevent_default();
            if !target.get_untracked() {
                target.set(true);
            }
        }
    });
    // Leaving the window has no element that is entered.
    window_event_listener(ev::dragleave, move |event| {
        if event.related_target().is_none() {
            target.set(false);
        }
    });
    window_event_listener(ev::drop, move |event| {
        target.set(false);
        let Some(transfer) = event.data_transfer() else {
            return;
        };
        if !files::carries_files(&transfer) {
            return;
        }
        event.prevent_default();
        let dropped = files::dropped(&transfer);
        spawn_local(async move { state.open_files(files::files_of(dropped).await) });
    });
    window_event_listener_untyped("paste", move |event| {
        use wasm_bindgen::JsCast as _;
        let Some(event) = event.dyn_ref::<web_sys::ClipboardEvent>() else {
            return;
        };
        if keyboard::is_in_dialog() || keyboard::is_text_target(event) {
            return;
        }
        match clipboard::pasted(event) {
            Pasted::Files(picked) => state.open_files(picked),
            Pasted::Text(text) => state.open_text(&text),
            Pasted::Nothing => {}
        }
    });
    window_event_listener(ev::keydown, move |event| {
        if event.default_prevented() || keyboard::is_in_dialog() {
            return;
        }
        let chord = keyboard::chord(&event);
        if keyboard::is_text_target(&event) && !chord.starts_with("Mod+") {
            return;
        }
        // A field has its own undo.
        if keyboard::is_text_target(&event)
            && ["Mod+Z", "Mod+Shift+Z", "Mod+Y"].contains(&chord.as_str())
        {
            return;
        }
        if commands::run_chord(state, &chord) {
            event.prevent_default();
        }
    });
}

/// What the page looks like while files hover over it.
#[component]
pub fn DropTarget() -> impl IntoView {
    let state = use_app();
    view! {
        <Show when=move || state.ui.is_drop_target.get()>
            <div class="drop-target" aria-hidden="true">
                <p>{text::DROP_HERE}</p>
            </div>
        </Show>
    }
}
