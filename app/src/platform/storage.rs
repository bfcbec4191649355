//! What stays in this browser: small texts in localStorage, file handles in IndexedDB.
//!
//! Both may be switched off or full; then nothing is remembered and everything else works.

use js_sys::{Function, Promise};
use leptos::prelude::window;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbOpenDbRequest, IdbRequest, IdbTransactionMode, Storage};

const DATABASE: &str = "sluice";
const FILES: &str = "files";

pub fn get(key: &str) -> Option<String> {
    local()?.get_item(key).ok().flatten()
}

/// False if there is no room.
pub fn set(key: &str, value: &str) -> bool {
    local().is_some_and(|storage| storage.set_item(key, value).is_ok())
}

pub fn remove(key: &str) {
    if let Some(storage) = local() {
        storage.remove_item(key).ok();
    }
}

fn local() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// Remembers a file handle (or a small file itself) under `key`.
pub async fn put_handle(key: &str, handle: &JsValue) -> Option<()> {
    let database = open().await?;
    let store = store(&database, IdbTransactionMode::Readwrite)?;
    let request = store.put_with_key(handle, &key.into()).ok()?;
    finished(&request).await.map(drop)
}

pub async fn get_handle(key: &str) -> Option<JsValue> {
    let database = open().await?;
    let store = store(&database, IdbTransactionMode::Readonly)?;
    let request = store.get(&key.into()).ok()?;
    finished(&request)
        .await
        .filter(|handle| !handle.is_undefined())
}

fn store(database: &IdbDatabase, mode: IdbTransactionMode) -> Option<web_sys::IdbObjectStore> {
    database
        .transaction_with_str_and_mode(FILES, mode)
        .ok()?
        .object_store(FILES)
        .ok()
}

async fn open() -> Option<IdbDatabase> {
    let request: IdbOpenDbRequest = window()
        .indexed_db()
        .ok()
        .flatten()?
        .open_with_u32(DATABASE, 1)
        .ok()?;
    let opened = request.clone();
    let upgrade = Closure::once_into_js(move || {
        if let Some(database) = opened
            .result()
            .ok()
            .and_then(|r| r.dyn_into::<IdbDatabase>().ok())
        {
            database.create_object_store(FILES).ok();
        }
    });
    request.set_onupgradeneeded(upgrade.dyn_ref::<Function>());
    finished(&request).await?.dyn_into().ok()
}

async fn finished(request: &IdbRequest) -> Option<JsValue> {
    let promise = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    JsFuture::from(promise).await.ok()?;
    request.result().ok()
}
