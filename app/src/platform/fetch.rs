//! The one place that fetches from elsewhere, and only because the person asked for it.

use js_sys::{Array, Promise, Reflect};
use leptos::prelude::{set_timeout, window};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File, MessageChannel, Response, Url};

/// The service worker answers at once or is not there.
const CONFIRM_TIMEOUT: std::time::Duration = std::time::Duration::from_millis(500);

/// Why nothing came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FetchError {
    NotAnAddress,
    /// No answer that the page may read: the network, or the server does not allow other sites (CORS).
    Unreadable,
    Status(u16),
}

/// Fetches `address` as a file named after the last part of its path.
pub async fn file(address: &str) -> Result<File, FetchError> {
    let url = Url::new(address).map_err(|_| FetchError::NotAnAddress)?;
    if url.protocol() != "https:" && url.protocol() != "http:" {
        return Err(FetchError::NotAnAddress);
    }
    confirm_origin(&url.origin()).await;
    let response = JsFuture::from(window().fetch_with_str(&url.href()))
        .await
        .ok()
        .and_then(|response| response.dyn_into::<Response>().ok())
        .ok_or(FetchError::Unreadable)?;
    if !response.ok() {
        return Err(FetchError::Status(response.status()));
    }
    let blob = response.blob().map_err(|_| FetchError::Unreadable)?;
    let blob = JsFuture::from(blob)
        .await
        .map_err(|_| FetchError::Unreadable)?;
    let blob: Blob = blob.dyn_into().map_err(|_| FetchError::Unreadable)?;
    let path = url.pathname();
    let name = path
        .rsplit('/')
        .find(|part| !part.is_empty())
        .unwrap_or("data");
    File::new_with_blob_sequence(&Array::of1(&blob), name).map_err(|_| FetchError::Unreadable)
}

/// Tells the service worker that the person entered an address of this origin: it blocks all others.
async fn confirm_origin(origin: &str) {
    let container = window().navigator().service_worker();
    let Some(worker) = container.controller() else {
        return;
    };
    let Ok(channel) = MessageChannel::new() else {
        return;
    };
    let message = js_sys::Object::new();
    Reflect::set(&message, &"type".into(), &"allow-origin".into()).ok();
    Reflect::set(&message, &"origin".into(), &origin.into()).ok();
    let promise = Promise::new(&mut |resolve, _| {
        channel.port1().set_onmessage(Some(&resolve));
        worker
            .post_message_with_transferable(&message, &Array::of1(&channel.port2()))
            .ok();
        set_timeout(
            move || drop(resolve.call0(&wasm_bindgen::JsValue::NULL)),
            CONFIRM_TIMEOUT,
        );
    });
    JsFuture::from(promise).await.ok();
}
