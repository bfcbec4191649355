//! The engine worker as the page sees it.

use js_sys::{Array, Object, Reflect, Uint8Array};
use sluice_protocol::message::{FromEngine, Response, ToEngine};
use wasm_bindgen::prelude::*;
use web_sys::{Event, File, MessageEvent, Worker, WorkerOptions, WorkerType};

/// What comes from the worker.
pub enum Incoming {
    /// Its program runs; it waits for the greeting.
    Started,
    Message(FromEngine),
    /// It trapped or could not be loaded.
    Crashed(String),
}

/// A running worker. Dropping the value stops listening; [`EngineWorker::terminate`] ends it.
pub struct EngineWorker {
    worker: Worker,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(Event)>,
}

impl EngineWorker {
    pub fn start(on_incoming: impl Fn(Incoming) + 'static) -> Result<Self, String> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        options.set_name("engine");
        let url = versioned("engine_worker.js");
        let worker = Worker::new_with_options(&url, &options)
            .map_err(|error| format!("the engine worker could not be started: {error:?}"))?;
        let on_incoming = std::rc::Rc::new(on_incoming);
        let deliver = std::rc::Rc::clone(&on_incoming);
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            deliver(decode(&event.data()));
        });
        let on_error = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
            let message = Reflect::get(&event, &"message".into())
                .ok()
                .and_then(|m| m.as_string());
            let reason = match message {
                // How a program for the web ends when an allocation fails or an invariant breaks.
                Some(trap) if trap.contains("unreachable") => {
                    "it ran out of memory or met a fault".to_owned()
                }
                Some(message) => message,
                None => "its files could not be loaded".to_owned(),
            };
            on_incoming(Incoming::Crashed(reason));
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Ok(Self {
            worker,
            _on_message: on_message,
            _on_error: on_error,
        })
    }

    /// Sends a message, with file handles beside it.
    pub fn post(&self, message: &ToEngine, files: &[File]) {
        // Serialising plain data into a growing vector cannot fail.
        let Ok(bytes) = postcard::to_allocvec(message) else {
            return;
        };
        let envelope = Object::new();
        let bytes = Uint8Array::from(bytes.as_slice());
        let transfer = Array::of1(&bytes.buffer());
        set(&envelope, "m", &bytes);
        if !files.is_empty() {
            set(&envelope, "files", &files.iter().collect::<Array>());
        }
        self.worker
            .post_message_with_transfer(&envelope, &transfer)
            .ok();
    }

    pub fn terminate(self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

/// The URL of a file of ours that has no hash in its name: the version in the query keeps an old copy out.
pub fn versioned(file_name: &str) -> String {
    let document = web_sys::window().and_then(|window| window.document());
    let build = document
        .as_ref()
        .and_then(|document| {
            document
                .query_selector("meta[name=sluice-build]")
                .ok()
                .flatten()
        })
        .and_then(|meta| meta.get_attribute("content"))
        .unwrap_or_else(crate::build_id);
    let base = document
        .and_then(|document| document.base_uri().ok().flatten())
        .unwrap_or_default();
    // Resolved here, because a dynamic import resolves against the module that asks.
    web_sys::Url::new_with_base(&format!("{file_name}?v={build}"), &base)
        .map_or_else(|_| format!("{file_name}?v={build}"), |url| url.href())
}

/// Cores of the machine; 1 where the browser does not say.
pub fn n_cores() -> u32 {
    web_sys::window().map_or(1, |window| {
        (window.navigator().hardware_concurrency() as u32).max(1)
    })
}

/// Runs `f` once after `delay_ms`.
pub fn after_ms(delay_ms: u32, f: impl FnOnce() + 'static) {
    let callback = Closure::once_into_js(f);
    if let Some(window) = web_sys::window() {
        window
            .set_timeout_with_callback_and_timeout_and_arguments_0(
                callback.unchecked_ref(),
                i32::try_from(delay_ms).unwrap_or(i32::MAX),
            )
            .ok();
    }
}

fn decode(data: &JsValue) -> Incoming {
    let field = |name: &str| Reflect::get(data, &name.into()).unwrap_or(JsValue::UNDEFINED);
    if let Some(reason) = field("crash").as_string() {
        return Incoming::Crashed(reason);
    }
    let Ok(bytes) = field("m").dyn_into::<Uint8Array>() else {
        return Incoming::Started;
    };
    match postcard::from_bytes(&bytes.to_vec()) {
        Ok(FromEngine::Partial {
            id,
            body: Response::Bytes(_),
        }) => {
            let payload = field("b")
                .dyn_into::<Uint8Array>()
                .map(|b| b.to_vec())
                .unwrap_or_default();
            Incoming::Message(FromEngine::Partial {
                id,
                body: Response::Bytes(payload),
            })
        }
        Ok(message) => Incoming::Message(message),
        Err(error) => Incoming::Crashed(format!("its message could not be read: {error}")),
    }
}

fn set(object: &Object, name: &str, value: &JsValue) {
    Reflect::set(object, &name.into(), value).ok();
}
