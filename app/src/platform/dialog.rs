//! Native dialogs and focus. `<dialog>` traps focus while it is open and gives it back when it closes.

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlDialogElement, HtmlElement};

/// The keyboard goes to the first input: a browser would choose the button that closes the dialog.
pub fn show(dialog: &HtmlDialogElement) {
    if dialog.open() || dialog.show_modal().is_err() {
        return;
    }
    let first = dialog
        .query_selector("[autofocus], .dialog-body :is(input, select, textarea):not(:disabled)");
    if let Ok(Some(first)) = first
        && let Ok(first) = first.dyn_into::<HtmlElement>()
    {
        first.focus().ok();
    }
}

/// Whether the event hit the dialog's backdrop, which belongs to the dialog element itself.
pub fn is_backdrop(event: &Event) -> bool {
    match (event.target(), event.current_target()) {
        (Some(target), Some(current)) => target == current,
        _ => false,
    }
}

/// The element that has the keyboard.
pub fn focused() -> Option<HtmlElement> {
    document().active_element()?.dyn_into().ok()
}

/// Gives the keyboard back to an element, if it is still on the page.
pub fn refocus(element: &HtmlElement) {
    if element.is_connected() {
        element.focus().ok();
    }
}

/// Moves the keyboard to the element with this id.
pub fn focus(id: &str) {
    if let Some(element) = document()
        .get_element_by_id(id)
        .and_then(|e| e.dyn_into::<HtmlElement>().ok())
    {
        element.focus().ok();
    }
}

/// Brings the element into its scrolled container.
pub fn reveal(id: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// Clicks the element with this id: opens the file dialog of a hidden input.
pub fn click(id: &str) {
    if let Some(element) = document()
        .get_element_by_id(id)
        .and_then(|e| e.dyn_into::<HtmlElement>().ok())
    {
        element.click();
    }
}

/// Removes the static page that was painted before the program had loaded.
pub fn remove_boot_shell() {
    if let Some(boot) = document().get_element_by_id("boot") {
        boot.remove();
    }
}

pub fn mount_point() -> Option<HtmlElement> {
    document().get_element_by_id("app")?.dyn_into().ok()
}

pub fn print() {
    leptos::prelude::window().print().ok();
}
