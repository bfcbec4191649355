//! Whether this browser offers a WebGPU adapter, and if not, why.

use js_sys::{Function, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// The reason there is none, for the status bar; `None` when there is one.
pub async fn missing_adapter() -> Option<&'static str> {
    let gpu = Reflect::get(&window().navigator(), &"gpu".into()).unwrap_or(JsValue::UNDEFINED);
    if gpu.is_undefined() {
        return Some(crate::text::NO_WEBGPU);
    }
    let promise = Reflect::get(&gpu, &"requestAdapter".into())
        .ok()
        .and_then(|f| f.dyn_into::<Function>().ok())
        .and_then(|f| f.call0(&gpu).ok())
        .and_then(|promise| promise.dyn_into::<Promise>().ok());
    let adapter = match promise {
        Some(promise) => JsFuture::from(promise).await.unwrap_or(JsValue::NULL),
        None => JsValue::NULL,
    };
    adapter.is_falsy().then_some(crate::text::NO_ADAPTER)
}
