//! Copy and paste.

use leptos::prelude::window;
use wasm_bindgen_futures::JsFuture;
use web_sys::ClipboardEvent;

use super::files::{self, PickedFile};

/// Puts text on the clipboard; false if the browser refused.
pub async fn copy(text: &str) -> bool {
    JsFuture::from(window().navigator().clipboard().write_text(text))
        .await
        .is_ok()
}

/// What a paste carries.
pub enum Pasted {
    Files(Vec<PickedFile>),
    Text(String),
    Nothing,
}

pub fn pasted(event: &ClipboardEvent) -> Pasted {
    let Some(transfer) = event.clipboard_data() else {
        return Pasted::Nothing;
    };
    let files = transfer
        .files()
        .map(|list| files::of_list(&list))
        .unwrap_or_default();
    if !files.is_empty() {
        return Pasted::Files(files);
    }
    match transfer.get_data("text/plain") {
        Ok(text) if !text.trim().is_empty() => Pasted::Text(text),
        _ => Pasted::Nothing,
    }
}
