//! The address bar.

use js_sys::Reflect;
use leptos::prelude::{window, window_event_listener_untyped};
use wasm_bindgen::JsValue;

/// The part after `#`, with it; empty without one.
pub fn fragment() -> String {
    window().location().hash().unwrap_or_default()
}

/// The address without its fragment.
pub fn base() -> String {
    let href = window().location().href().unwrap_or_default();
    href.split('#').next().unwrap_or_default().to_owned()
}

/// Changes the address without a new entry in the tab's history.
pub fn replace(fragment: &str, local_id: &str) {
    if let Ok(history) = window().history() {
        history
            .replace_state_with_url(&state(local_id), "", Some(&address(fragment)))
            .ok();
    }
}

/// Changes the address so that the back button leads to the one before.
pub fn push(fragment: &str, local_id: &str) {
    if let Ok(history) = window().history() {
        history
            .push_state_with_url(&state(local_id), "", Some(&address(fragment)))
            .ok();
    }
}

/// The local document that this entry of the tab's history belongs to; it survives a reload.
pub fn local_id() -> Option<String> {
    let state = window().history().ok()?.state().ok()?;
    Reflect::get(&state, &"sluice".into()).ok()?.as_string()
}

/// Runs on back, forward, and when the person edits the fragment.
pub fn on_navigate(f: impl Fn() + 'static) {
    window_event_listener_untyped("popstate", move |_| f());
}

pub fn reload() {
    window().location().reload().ok();
}

pub fn set_title(title: &str) {
    leptos::prelude::document().set_title(title);
}

fn address(fragment: &str) -> String {
    if fragment.is_empty() {
        base()
    } else {
        fragment.to_owned()
    }
}

fn state(local_id: &str) -> JsValue {
    let state = js_sys::Object::new();
    Reflect::set(&state, &"sluice".into(), &local_id.into()).ok();
    state.into()
}
