//! Keyboard events as the chords that commands are written with.

use leptos::prelude::window;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent};

/// Ctrl on most systems, Cmd on Apple's.
pub fn is_apple() -> bool {
    let platform = window().navigator().platform().unwrap_or_default();
    platform.starts_with("Mac") || platform.starts_with("iP")
}

/// The chord of an event, such as `Mod+Shift+Z`, `/` or `Escape`.
pub fn chord(event: &KeyboardEvent) -> String {
    let pressed_mod = if is_apple() {
        event.meta_key()
    } else {
        event.ctrl_key()
    };
    crate::commands::chord(
        &event.key(),
        pressed_mod,
        event.alt_key(),
        event.shift_key(),
    )
}

/// Whether keys typed here are text rather than commands.
pub fn is_text_target(event: &Event) -> bool {
    let Some(target) = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
    else {
        return false;
    };
    let tag = target.tag_name();
    let is_text_input = tag == "INPUT"
        && !matches!(
            target.get_attribute("type").as_deref(),
            Some("checkbox" | "radio" | "button" | "range")
        );
    let editable = target
        .dyn_ref::<HtmlElement>()
        .is_some_and(HtmlElement::is_content_editable);
    is_text_input || tag == "TEXTAREA" || tag == "SELECT" || editable
}

/// Whether a dialog has the keyboard.
pub fn is_in_dialog() -> bool {
    leptos::prelude::document()
        .query_selector("dialog[open]")
        .ok()
        .flatten()
        .is_some()
}
