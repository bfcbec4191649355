//! Requests to the engine, seen from the page: what is running, how far it is, how to cancel it.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;

use leptos::prelude::*;
use sluice_analysis::{Analysis, SourceId};
use sluice_protocol::message::{
    EngineStatus, Failure, FailureKind, Progress, Request, RequestId, Response,
};
use sluice_protocol::spec::OperationSpec;

use crate::client::{Canceller, Client, ClientEvent, Task};
use crate::platform::time;

/// A request that has not been answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Running {
    /// What it is for, for people; `None` for the small ones that no one waits for.
    pub label: Option<String>,
    pub progress: Option<Progress>,
    pub since_millis: f64,
}

#[derive(Clone, Copy)]
pub struct Engine {
    client: StoredValue<Option<Client>, LocalStorage>,
    cancellers: StoredValue<BTreeMap<RequestId, Canceller>, LocalStorage>,
    /// The task that the person stopped last.
    stopped: StoredValue<Option<RequestId>>,
    pub operations: RwSignal<Arc<Vec<OperationSpec>>>,
    pub status: RwSignal<EngineStatus>,
    pub running: RwSignal<BTreeMap<RequestId, Running>>,
    pub is_ready: RwSignal<bool>,
    /// Counts the times that the worker was replaced; results are asked for again when it changes.
    pub restarts: RwSignal<u32>,
    /// Page and engine are of different builds.
    pub is_outdated: RwSignal<bool>,
}

impl Engine {
    pub fn new() -> Self {
        Self {
            client: StoredValue::new_local(None),
            cancellers: StoredValue::new_local(BTreeMap::new()),
            stopped: StoredValue::new(None),
            operations: RwSignal::default(),
            status: RwSignal::default(),
            running: RwSignal::default(),
            is_ready: RwSignal::new(false),
            restarts: RwSignal::new(0),
            is_outdated: RwSignal::new(false),
        }
    }

    /// Starts the worker. `on_restart` is told the reason when it had to be replaced.
    pub fn start(self, on_restart: impl Fn(&str) + 'static) {
        let client = Client::start(move |event| match event {
            ClientEvent::Ready { operations } => {
                self.operations.set(Arc::new(operations));
                self.is_ready.set(true);
            }
            ClientEvent::Progress { id, progress } => self.running.update(|running| {
                if let Some(task) = running.get_mut(&id) {
                    task.progress = Some(progress);
                }
            }),
            ClientEvent::Status(status) => self.status.set(status),
            ClientEvent::Restarted { reason } => {
                on_restart(&reason);
                self.restarts.update(|n| *n += 1);
            }
            ClientEvent::BuildMismatch => self.is_outdated.set(true),
        });
        self.client.set_value(Some(client));
    }

    pub fn set_document(self, document: Arc<Analysis>) {
        self.client.with_value(|client| {
            if let Some(client) = client {
                client.set_document(document);
            }
        });
    }

    pub fn attach(self, source: SourceId, files: Vec<web_sys::File>) {
        self.client.with_value(|client| {
            if let Some(client) = client {
                client.attach(source, files);
            }
        });
    }

    /// Asks; `label` is shown while it runs.
    pub fn ask(self, label: Option<String>, body: Request) -> Asked<impl Future<Output = Answer>> {
        self.begin(label, |client| client.request(body))
    }

    /// Asks, with early parts of the answer handed to `on_partial`.
    pub fn ask_stream(
        self,
        label: Option<String>,
        body: Request,
        on_partial: impl FnMut(Response) + 'static,
    ) -> Asked<impl Future<Output = Answer>> {
        self.begin(label, |client| client.stream(body, on_partial))
    }

    fn begin(
        self,
        label: Option<String>,
        start: impl FnOnce(&Client) -> Task,
    ) -> Asked<impl Future<Output = Answer>> {
        let task = self.client.with_value(|client| client.as_ref().map(start));
        let id = task.as_ref().map(Task::id);
        let canceller = task.as_ref().map(Task::canceller);
        if let (Some(id), Some(canceller)) = (id, canceller.clone()) {
            let since_millis = time::now_millis();
            self.running.update(|running| {
                running.insert(
                    id,
                    Running {
                        label,
                        progress: None,
                        since_millis,
                    },
                );
            });
            self.cancellers
                .update_value(|cancellers| drop(cancellers.insert(id, canceller)));
        }
        let answer = async move {
            let Some(task) = task else {
                return Err(not_started());
            };
            let answer = task.await;
            if let Some(id) = id {
                self.running.update(|running| drop(running.remove(&id)));
                self.cancellers
                    .update_value(|cancellers| drop(cancellers.remove(&id)));
            }
            answer
        };
        Asked {
            answer,
            canceller,
            id,
        }
    }

    /// Stops a task as the person wants it.
    pub fn cancel(self, id: RequestId) {
        self.stopped.set_value(Some(id));
        let canceller = self
            .cancellers
            .with_value(|cancellers| cancellers.get(&id).cloned());
        if let Some(canceller) = canceller {
            canceller.cancel();
        }
    }

    /// Whether the person stopped this task, rather than something newer that made it pointless.
    pub fn was_stopped(self, id: Option<RequestId>) -> bool {
        id.is_some() && self.stopped.get_value() == id
    }

    /// Stops all tasks of a name: two requests for the same result go on for each other.
    pub fn cancel_labelled(self, label: &str) {
        let ids: Vec<RequestId> = self.running.with_untracked(|running| {
            let of_label = running
                .iter()
                .filter(|(_, task)| task.label.as_deref() == Some(label));
            of_label.map(|(id, _)| *id).collect()
        });
        for id in ids {
            self.cancel(id);
        }
    }

    /// Whether the worker has given up all that was cancelled.
    pub fn has_let_go(self) -> bool {
        self.client
            .with_value(|client| client.as_ref().is_none_or(Client::has_let_go))
    }

    /// The labelled task that has been running longest.
    pub fn foremost(self) -> Option<(RequestId, Running)> {
        self.running.with(|running| {
            let labelled = running.iter().filter(|(_, task)| task.label.is_some());
            labelled
                .min_by_key(|(id, _)| **id)
                .map(|(id, task)| (*id, task.clone()))
        })
    }

    pub fn operation(self, name: &str) -> Option<OperationSpec> {
        self.operations
            .with(|all| all.iter().find(|spec| spec.name == name).cloned())
    }
}

pub type Answer = Result<Response, Failure>;

/// A running request and the means to stop it.
pub struct Asked<F> {
    pub answer: F,
    pub canceller: Option<Canceller>,
    pub id: Option<RequestId>,
}

fn not_started() -> Failure {
    Failure {
        kind: FailureKind::Internal,
        message: crate::text::ENGINE_NOT_STARTED.to_owned(),
    }
}
