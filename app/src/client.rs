//! The page's handle on the engine: requests out, answers in, and a worker that can be lost and replaced.
//!
//! **Invariant.** Nothing that matters lives in the worker alone: the document and the file handles are kept here
//! and sent again to a fresh worker.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use sluice_analysis::{Analysis, SourceId};
use sluice_protocol::message::{
    AttachedFile, EngineStatus, Failure, FailureKind, FromEngine, Progress, Request, RequestId,
    Response, ToEngine,
};
use sluice_protocol::spec::OperationSpec;

use crate::platform::worker::{EngineWorker, Incoming, after_ms, n_cores};

/// A cancelled task that has not ended after this long is taken for stuck, and its worker is replaced.
const STUCK_AFTER_MS: u32 = 2_000;

/// What the client says on its own account.
#[derive(Clone, Debug)]
pub enum ClientEvent {
    Ready {
        operations: Vec<OperationSpec>,
    },
    Progress {
        id: RequestId,
        progress: Progress,
    },
    Status(EngineStatus),
    /// The worker was replaced; document and files were sent again, running requests have failed.
    Restarted {
        reason: String,
    },
    /// Page and engine come from different builds; only a reload helps.
    BuildMismatch,
}

/// A cheap handle; clones share the worker.
#[derive(Clone)]
pub struct Client {
    inner: Rc<Inner>,
}

struct Inner {
    worker: RefCell<Option<EngineWorker>>,
    ready: Cell<bool>,
    /// Messages for a worker that is still starting.
    waiting: RefCell<Vec<(ToEngine, Vec<web_sys::File>)>>,
    next_id: Cell<RequestId>,
    pending: RefCell<BTreeMap<RequestId, Rc<RefCell<Pending>>>>,
    /// Cancelled requests that the worker has not answered yet.
    cancelling: RefCell<BTreeMap<RequestId, ()>>,
    document: RefCell<Option<Arc<Analysis>>>,
    files: RefCell<BTreeMap<SourceId, Vec<web_sys::File>>>,
    on_event: Box<dyn Fn(ClientEvent)>,
}

#[derive(Default)]
struct Pending {
    result: Option<Result<Response, Failure>>,
    waker: Option<Waker>,
    on_partial: Option<Box<dyn FnMut(Response)>>,
}

/// A running request. Resolves once; dropping it leaves the work running (cancel explicitly).
pub struct Task {
    id: RequestId,
    pending: Rc<RefCell<Pending>>,
    client: Weak<Inner>,
}

/// Cancels a task from elsewhere.
#[derive(Clone)]
pub struct Canceller {
    id: RequestId,
    client: Weak<Inner>,
}

impl Client {
    /// Starts the engine worker.
    pub fn start(on_event: impl Fn(ClientEvent) + 'static) -> Self {
        let inner = Rc::new(Inner {
            worker: RefCell::new(None),
            ready: Cell::new(false),
            waiting: RefCell::default(),
            next_id: Cell::new(1),
            pending: RefCell::default(),
            cancelling: RefCell::default(),
            document: RefCell::default(),
            files: RefCell::default(),
            on_event: Box::new(on_event),
        });
        inner.spawn();
        Self { inner }
    }

    /// Offers the files of a source; they are remembered for a worker that replaces this one.
    pub fn attach(&self, source: SourceId, files: Vec<web_sys::File>) {
        self.inner.files.borrow_mut().insert(source, files.clone());
        self.inner.send_files(source, files);
    }

    /// Makes this the document that requests refer to.
    pub fn set_document(&self, document: Arc<Analysis>) {
        *self.inner.document.borrow_mut() = Some(Arc::clone(&document));
        self.inner.send_document(&document);
    }

    pub fn request(&self, body: Request) -> Task {
        self.inner.begin(body, None)
    }

    /// Like [`Client::request`], with early parts handed to `on_partial`.
    pub fn stream(&self, body: Request, on_partial: impl FnMut(Response) + 'static) -> Task {
        self.inner.begin(body, Some(Box::new(on_partial)))
    }

    /// Whether no cancelled request is still running in the worker.
    pub fn has_let_go(&self) -> bool {
        self.inner.cancelling.borrow().is_empty()
    }

    /// Kills the worker as a crash would; for tests of recovery.
    pub fn kill_worker(&self) {
        self.inner.replace_worker("it was stopped on request");
    }
}

impl Task {
    pub fn id(&self) -> RequestId {
        self.id
    }

    pub fn canceller(&self) -> Canceller {
        Canceller {
            id: self.id,
            client: Weak::clone(&self.client),
        }
    }
}

impl Future for Task {
    type Output = Result<Response, Failure>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut pending = self.pending.borrow_mut();
        match pending.result.take() {
            Some(result) => Poll::Ready(result),
            None => {
                pending.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}

impl Canceller {
    /// Ends the task at once for the page; the worker stops at its next checkpoint or is replaced.
    pub fn cancel(&self) {
        let Some(client) = self.client.upgrade() else {
            return;
        };
        let id = self.id;
        if !client.pending.borrow().contains_key(&id) {
            return;
        }
        client.send(ToEngine::Cancel { id }, Vec::new());
        client.cancelling.borrow_mut().insert(id, ());
        client.finish(
            id,
            Err(Failure {
                kind: FailureKind::Cancelled,
                message: "cancelled".to_owned(),
            }),
        );
        let client = Weak::clone(&self.client);
        after_ms(STUCK_AFTER_MS, move || {
            let Some(client) = client.upgrade() else {
                return;
            };
            let is_stuck = client.cancelling.borrow().contains_key(&id);
            if is_stuck {
                client.replace_worker("a cancelled task did not stop in time");
            }
        });
    }
}

impl Inner {
    fn spawn(self: &Rc<Self>) {
        let weak = Rc::downgrade(self);
        let started = EngineWorker::start(move |incoming| {
            if let Some(inner) = weak.upgrade() {
                inner.receive(incoming);
            }
        });
        match started {
            Ok(worker) => *self.worker.borrow_mut() = Some(worker),
            Err(reason) => (self.on_event)(ClientEvent::Restarted { reason }),
        }
    }

    fn begin(self: &Rc<Self>, body: Request, on_partial: Option<Box<dyn FnMut(Response)>>) -> Task {
        let id = self.next_id.get();
        self.next_id.set(id.wrapping_add(1));
        let pending = Rc::new(RefCell::new(Pending {
            on_partial,
            ..Pending::default()
        }));
        self.pending.borrow_mut().insert(id, Rc::clone(&pending));
        self.send(ToEngine::Request { id, body }, Vec::new());
        Task {
            id,
            pending,
            client: Rc::downgrade(self),
        }
    }

    fn send(&self, message: ToEngine, files: Vec<web_sys::File>) {
        if !self.ready.get() {
            self.waiting.borrow_mut().push((message, files));
        } else if let Some(worker) = self.worker.borrow().as_ref() {
            worker.post(&message, &files);
        }
    }

    /// A request of the client's own, whose answer nobody waits for.
    fn tell(&self, body: Request, files: Vec<web_sys::File>) {
        let id = self.next_id.get();
        self.next_id.set(id.wrapping_add(1));
        self.send(ToEngine::Request { id, body }, files);
    }

    fn send_document(&self, document: &Analysis) {
        self.tell(Request::SetDocument(Box::new(document.clone())), Vec::new());
    }

    fn send_files(&self, source: SourceId, files: Vec<web_sys::File>) {
        let described = files
            .iter()
            .map(|file| AttachedFile {
                name: file.name(),
                size_bytes: file.size() as u64,
            })
            .collect();
        self.tell(
            Request::Attach {
                source,
                files: described,
            },
            files,
        );
    }

    fn receive(self: &Rc<Self>, incoming: Incoming) {
        match incoming {
            Incoming::Started => {
                if let Some(worker) = self.worker.borrow().as_ref() {
                    worker.post(
                        &ToEngine::Hello {
                            build: crate::build_id(),
                            n_cores: n_cores(),
                        },
                        &[],
                    );
                }
            }
            Incoming::Crashed(reason) => self.replace_worker(&reason),
            Incoming::Message(message) => self.receive_message(message),
        }
    }

    fn receive_message(self: &Rc<Self>, message: FromEngine) {
        match message {
            FromEngine::Ready { build, operations } => {
                if build != crate::build_id() {
                    return (self.on_event)(ClientEvent::BuildMismatch);
                }
                self.ready.set(true);
                let waiting = std::mem::take(&mut *self.waiting.borrow_mut());
                for (message, files) in waiting {
                    self.send(message, files);
                }
                (self.on_event)(ClientEvent::Ready { operations });
            }
            FromEngine::Progress { id, progress } => {
                if self.pending.borrow().contains_key(&id) {
                    (self.on_event)(ClientEvent::Progress { id, progress });
                }
            }
            FromEngine::Partial { id, body } => {
                let Some(pending) = self.pending.borrow().get(&id).map(Rc::clone) else {
                    return;
                };
                // Taken out while it runs, so that it may start requests of its own.
                let on_partial = pending.borrow_mut().on_partial.take();
                if let Some(mut on_partial) = on_partial {
                    on_partial(body);
                    pending.borrow_mut().on_partial = Some(on_partial);
                }
            }
            FromEngine::Done { id, result } => {
                self.cancelling.borrow_mut().remove(&id);
                self.finish(id, result);
            }
            FromEngine::Status(status) => (self.on_event)(ClientEvent::Status(status)),
        }
    }

    fn finish(&self, id: RequestId, result: Result<Response, Failure>) {
        let Some(pending) = self.pending.borrow_mut().remove(&id) else {
            return;
        };
        let waker = {
            let mut pending = pending.borrow_mut();
            pending.result = Some(result);
            pending.on_partial = None;
            pending.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    fn replace_worker(self: &Rc<Self>, reason: &str) {
        if let Some(worker) = self.worker.borrow_mut().take() {
            worker.terminate();
        }
        self.ready.set(false);
        self.waiting.borrow_mut().clear();
        self.cancelling.borrow_mut().clear();
        let lost: Vec<RequestId> = self.pending.borrow().keys().copied().collect();
        let document = self.document.borrow().clone();
        let files = self.files.borrow().clone();
        self.spawn();
        for (source, files) in files {
            self.send_files(source, files);
        }
        if let Some(document) = document {
            self.send_document(&document);
        }
        for id in lost {
            let message = format!(
                "the engine stopped ({reason}) and was started again; repeat the last action"
            );
            self.finish(
                id,
                Err(Failure {
                    kind: FailureKind::EngineLost,
                    message,
                }),
            );
        }
        (self.on_event)(ClientEvent::Restarted {
            reason: reason.to_owned(),
        });
    }
}
