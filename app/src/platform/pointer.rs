//! Where a hand is, seen from elements of the page.

use leptos::prelude::document;
use web_sys::{Element, PointerEvent};

/// The middle of the element with this id, in pixels from the top of the window.
pub fn middle_of(id: &str) -> Option<f64> {
    let rect = document().get_element_by_id(id)?.get_bounding_client_rect();
    Some(rect.top() + rect.height() / 2.0)
}

/// How far across an element the pointer is: 0 at its left edge, 1 at its right, beyond them outside.
pub fn share_across(element: &Element, event: &PointerEvent) -> f64 {
    let rect = element.get_bounding_client_rect();
    (f64::from(event.client_x()) - rect.left()) / rect.width().max(1.0)
}
