//! Hands a file to the person.

use leptos::prelude::{document, set_timeout};
use wasm_bindgen::JsCast;
use web_sys::{Blob, HtmlAnchorElement, Url};

/// Long enough for the browser to have begun reading the blob.
const RELEASE_AFTER: std::time::Duration = std::time::Duration::from_secs(60);

/// Saves `blob` under `file_name`; false if the browser refused.
pub fn save(blob: &Blob, file_name: &str) -> bool {
    let Ok(url) = Url::create_object_url_with_blob(blob) else {
        return false;
    };
    let anchor = document()
        .create_element("a")
        .ok()
        .and_then(|a| a.dyn_into::<HtmlAnchorElement>().ok());
    let Some(anchor) = anchor else { return false };
    anchor.set_href(&url);
    anchor.set_download(file_name);
    anchor.click();
    set_timeout(move || drop(Url::revoke_object_url(&url)), RELEASE_AFTER);
    true
}
