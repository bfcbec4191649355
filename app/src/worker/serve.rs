//! The engine worker's message loop.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use js_sys::{Array, Object, Reflect, Uint8Array};
use sluice_engine::{ByteSource, Engine};
use sluice_protocol::message::{EngineStatus, FromEngine, Request, RequestId, Response, ToEngine};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, File, MessageEvent};

use super::blob::FileSource;
use super::host::WorkerHost;
use super::pool::Pool;

/// wasm32 cannot address more.
const MEMORY_LIMIT_BYTES: u64 = 4 << 30;

/// This worker's global object.
pub fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Answers the page's messages until the worker ends.
pub fn serve_engine() {
    let server = Rc::new(Server {
        engine: Rc::new(Engine::new()),
        running: RefCell::default(),
        n_waited_for: Rc::default(),
        pool: Pool::new(),
    });
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        server.receive(&event.data());
    });
    scope().set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    // Tells the page that the program runs; it answers with the greeting.
    scope().post_message(&Object::new()).ok();
}

/// Posts a message to the page; exported bytes travel beside it, not inside.
pub fn post(message: &FromEngine) {
    let envelope = Object::new();
    let transfer = Array::new();
    let attach = |name: &str, bytes: &[u8]| {
        let array = Uint8Array::from(bytes);
        transfer.push(&array.buffer());
        Reflect::set(&envelope, &name.into(), &array).ok();
    };
    let encoded = match message {
        FromEngine::Partial {
            id,
            body: Response::Bytes(bytes),
        } => {
            attach("b", bytes);
            postcard::to_allocvec(&FromEngine::Partial {
                id: *id,
                body: Response::Bytes(Vec::new()),
            })
        }
        message => postcard::to_allocvec(message),
    };
    // Serialising plain data into a growing vector cannot fail.
    let Ok(encoded) = encoded else { return };
    attach("m", &encoded);
    scope()
        .post_message_with_transfer(&envelope, &transfer)
        .ok();
}

struct Server {
    engine: Rc<Engine>,
    /// The cancel flag of each running request.
    running: RefCell<BTreeMap<RequestId, Rc<Cell<bool>>>>,
    /// Running requests that somebody waits for.
    n_waited_for: Rc<Cell<usize>>,
    pool: Rc<Pool>,
}

impl Server {
    fn receive(self: &Rc<Self>, data: &JsValue) {
        let Some((message, files)) = decode(data) else {
            return;
        };
        match message {
            ToEngine::Hello { n_cores, .. } => {
                self.pool.set_width(n_cores);
                post(&FromEngine::Ready {
                    build: crate::build_id(),
                    operations: self.engine.operation_specs(),
                });
                post(&FromEngine::Status(self.status()));
            }
            ToEngine::Cancel { id } => {
                if let Some(cancelled) = self.running.borrow().get(&id) {
                    cancelled.set(true);
                }
            }
            ToEngine::Request {
                id,
                body: Request::Attach { source, .. },
            } => {
                let sources = files
                    .iter()
                    .enumerate()
                    .map(|(file_idx, file)| {
                        Rc::new(FileSource::new(file.clone(), source, file_idx))
                            as Rc<dyn ByteSource>
                    })
                    .collect();
                self.pool.set_files(source, files);
                self.engine.attach(source, sources);
                post(&FromEngine::Done {
                    id,
                    result: Ok(Response::Ok),
                });
            }
            ToEngine::Request {
                id,
                body: Request::Status,
            } => {
                post(&FromEngine::Done {
                    id,
                    result: Ok(Response::Status(self.status())),
                });
            }
            ToEngine::Request { id, body } => self.run(id, body),
        }
    }

    fn run(self: &Rc<Self>, id: RequestId, body: Request) {
        let cancelled = Rc::new(Cell::new(false));
        self.running.borrow_mut().insert(id, Rc::clone(&cancelled));
        let server = Rc::clone(self);
        spawn_local(async move {
            let n_waited_for = &server.n_waited_for;
            // A file's hash is for links: it must not slow down what the person looks at.
            let is_aside = matches!(body, Request::Identify { .. });
            let stands_aside_for = is_aside.then(|| Rc::clone(n_waited_for));
            let host = WorkerHost::new(id, cancelled, Rc::clone(&server.pool), stands_aside_for);
            n_waited_for.update(|n| n + usize::from(!is_aside));
            let result = server.engine.handle(body, &host).await;
            n_waited_for.update(|n| n - usize::from(!is_aside));
            server.running.borrow_mut().remove(&id);
            post(&FromEngine::Done { id, result });
            if server.running.borrow().is_empty() {
                post(&FromEngine::Status(server.status()));
            }
        });
    }

    fn status(&self) -> EngineStatus {
        EngineStatus {
            memory_bytes: own_memory_bytes() + self.pool.memory_bytes(),
            memory_limit_bytes: MEMORY_LIMIT_BYTES,
            n_workers: 1 + self.pool.n_started(),
        }
    }
}

/// Size of this instance's wasm memory; it never shrinks.
pub fn own_memory_bytes() -> u64 {
    let memory: js_sys::WebAssembly::Memory = wasm_bindgen::memory().unchecked_into();
    let buffer: js_sys::ArrayBuffer = memory.buffer().unchecked_into();
    u64::from(buffer.byte_length())
}

fn decode(data: &JsValue) -> Option<(ToEngine, Vec<File>)> {
    let field = |name: &str| Reflect::get(data, &name.into()).unwrap_or(JsValue::UNDEFINED);
    let bytes = field("m").dyn_into::<Uint8Array>().ok()?.to_vec();
    let files = match field("files").dyn_into::<Array>() {
        Ok(files) => files
            .iter()
            .filter_map(|file| file.dyn_into().ok())
            .collect(),
        Err(_) => Vec::new(),
    };
    postcard::from_bytes(&bytes)
        .ok()
        .map(|message| (message, files))
}
