//! One place on the screen, one answer: a newer question cancels the older one, and late answers are dropped.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sluice_protocol::message::{FailureKind, Request, Response};

use super::engine::{Answer, Engine};
use crate::client::Canceller;

#[derive(Clone, Copy)]
pub struct Slot {
    newest: StoredValue<u64>,
    running: StoredValue<Option<Canceller>, LocalStorage>,
}

impl Slot {
    pub fn new() -> Self {
        Self {
            newest: StoredValue::new(0),
            running: StoredValue::new_local(None),
        }
    }

    /// Asks and hands the answer to `on_answer` unless a newer question was asked meanwhile.
    pub fn ask(
        self,
        engine: Engine,
        label: Option<String>,
        body: Request,
        on_answer: impl FnOnce(Answer) + 'static,
    ) {
        self.ask_stream(engine, label, body, |_| (), on_answer);
    }

    pub fn ask_stream(
        self,
        engine: Engine,
        label: Option<String>,
        body: Request,
        mut on_partial: impl FnMut(Response) + 'static,
        on_answer: impl FnOnce(Answer) + 'static,
    ) {
        self.drop_running();
        let turn = self.newest.get_value();
        let is_newest = move || self.newest.try_get_value() == Some(turn);
        let asked = engine.ask_stream(label, body, move |part| {
            if is_newest() {
                on_partial(part);
            }
        });
        self.running.set_value(asked.canceller);
        spawn_local(async move {
            let answer = asked.answer.await;
            if is_newest() {
                self.running.set_value(None);
                on_answer(answer);
            }
        });
    }

    /// Cancels what is running; its answer will not arrive.
    pub fn drop_running(self) {
        self.newest.update_value(|turn| *turn += 1);
        let running = self.running.try_update_value(Option::take).flatten();
        if let Some(canceller) = running {
            canceller.cancel();
        }
    }
}

/// Whether a failure needs telling: what was cancelled was cancelled on purpose, and a lost engine is told once for all.
pub fn is_worth_telling(kind: FailureKind) -> bool {
    !matches!(kind, FailureKind::Cancelled | FailureKind::EngineLost)
}
