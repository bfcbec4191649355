//! What the person's system prefers, and what they chose here.

use leptos::prelude::{document, window};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

pub fn prefers_dark() -> bool {
    matches("(prefers-color-scheme: dark)")
}

pub fn prefers_reduced_motion() -> bool {
    matches("(prefers-reduced-motion: reduce)")
}

/// Whether the page is narrower than `width_px`.
pub fn is_narrower_than(width_px: u32) -> bool {
    matches(&format!("(max-width: {}px)", width_px.saturating_sub(1)))
}

/// `light` or `dark` over the system's preference; `None` follows it.
pub fn set_theme(theme: Option<&str>) {
    set_root_data("theme", theme);
}

/// Sets or removes a `data-` attribute of the root element.
pub fn set_root_data(name: &str, value: Option<&str>) {
    let root = document()
        .document_element()
        .and_then(|root| root.dyn_into::<HtmlElement>().ok());
    let Some(root) = root else { return };
    match value {
        Some(value) => drop(root.dataset().set(name, value)),
        None => root.dataset().delete(name),
    }
}

fn matches(query: &str) -> bool {
    window()
        .match_media(query)
        .ok()
        .flatten()
        .is_some_and(|list| list.matches())
}
