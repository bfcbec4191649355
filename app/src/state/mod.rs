//! What the page knows: the document's history, and everything derived from it.
//!
//! **Invariant.** Nothing here decides a result: what does is in the document. Derived values are computed, never
//! kept in step by hand.

pub mod edits;
pub mod engine;
pub mod evaluate;
pub mod examples;
pub mod export;
pub mod keys;
pub mod links;
pub mod local;
pub mod pills;
pub mod slot;
pub mod sources;
pub mod tables;
pub mod ui;
pub mod view;

use std::ops::Deref;
use std::sync::Arc;

use leptos::prelude::*;
use sluice_analysis::{Analysis, Gesture, History, Ref};
use sluice_protocol::load::TableInfo;

use engine::Engine;
use links::LinkState;
use sources::Sources;
use tables::{TableState, Tables};
use ui::Ui;
use view::ViewState;

/// Shared data that counts as changed when it is another object.
#[derive(Debug, Default)]
pub struct Shared<T>(pub Arc<T>);

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> PartialEq for Shared<T> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> From<T> for Shared<T> {
    fn from(value: T) -> Self {
        Self(Arc::new(value))
    }
}

/// Handles to all state of the page; copies are the same state.
#[derive(Clone, Copy)]
pub struct AppState {
    history: RwSignal<History>,
    /// The document as it is now.
    pub doc: Memo<Shared<Analysis>>,
    /// The table looked at.
    pub current: Memo<Option<Ref>>,
    /// The table it is compared with.
    pub compare: Memo<Option<Ref>>,
    pub engine: Engine,
    pub tables: Tables,
    pub sources: Sources,
    pub view: ViewState,
    pub links: LinkState,
    pub ui: Ui,
}

impl AppState {
    pub fn new(analysis: Analysis) -> Self {
        let history = RwSignal::new(History::new(analysis));
        let doc = Memo::new(move |_| history.with(|h| Shared(Arc::clone(h.current()))));
        let current = Memo::new(move |_| doc.with(|doc| doc.current_table()));
        let compare = Memo::new(move |_| doc.with(|doc| edits::compared(doc)));
        Self {
            history,
            doc,
            current,
            compare,
            engine: Engine::new(),
            tables: Tables::new(),
            sources: Sources::new(),
            view: ViewState::new(),
            links: LinkState::new(),
            ui: Ui::new(),
        }
    }

    /// One edit, one step of undo.
    pub fn edit<R>(self, label: &str, edit: impl FnOnce(&mut Analysis) -> R) -> R {
        self.edit_with(label, None, edit)
    }

    /// An edit that joins the others of its gesture: a drag, typing in one field.
    pub fn edit_with<R>(
        self,
        label: &str,
        gesture: Option<Gesture>,
        edit: impl FnOnce(&mut Analysis) -> R,
    ) -> R {
        let result = self
            .history
            .try_update(|history| history.apply(label, gesture, edit));
        self.send_document();
        // The signal lives as long as the page.
        match result {
            Some(result) => result,
            None => unreachable!("the history is never disposed"),
        }
    }

    pub fn begin_gesture(self) -> Option<Gesture> {
        self.history.try_update_untracked(History::begin_gesture)
    }

    pub fn undo(self) {
        self.history.update(|history| {
            history.undo();
        });
        self.send_document();
    }

    pub fn redo(self) {
        self.history.update(|history| {
            history.redo();
        });
        self.send_document();
    }

    /// What undo would take back.
    pub fn undo_label(self) -> Option<String> {
        self.history
            .with(|history| history.undo_label().map(str::to_owned))
    }

    pub fn redo_label(self) -> Option<String> {
        self.history
            .with(|history| history.redo_label().map(str::to_owned))
    }

    /// Replaces the document and forgets the history: another analysis was opened.
    pub fn open(self, analysis: Analysis) {
        self.sources.forget_all();
        self.tables.clear();
        self.ui.reset();
        self.links.local_id.set_value(local::new_id());
        self.links.agreement.set(None);
        self.links.expected.set(analysis.key_numbers.clone());
        self.history.set(History::new(analysis));
        self.send_document();
    }

    /// Goes to `analysis` as the back button does: by undo or redo where the history has it.
    pub fn travel_to(self, analysis: Analysis) {
        let moved = self.history.try_update(|history| {
            let mut other = history.clone();
            if other.undo() && **other.current() == analysis {
                return history.undo();
            }
            let mut other = history.clone();
            other.redo() && **other.current() == analysis && history.redo()
        });
        // The seed tells documents apart: ids of another one would name other files here.
        let is_same = self.doc.with_untracked(|doc| doc.seed == analysis.seed);
        match moved {
            Some(true) => self.send_document(),
            _ if is_same => self.edit(crate::text::LABEL_GO_BACK, |doc| *doc = analysis),
            _ => {
                self.open(analysis);
                self.remember_reopenable();
            }
        }
    }

    /// Sent at once rather than by an effect: requests that follow refer to this document.
    fn send_document(self) {
        let doc = self
            .history
            .with_untracked(|history| Arc::clone(history.current()));
        self.engine.set_document(doc);
    }

    pub fn table(self, table: Ref) -> Option<TableState> {
        self.tables.get(table)
    }

    /// The current table's description, if it was ever read.
    pub fn info(self) -> Option<Shared<TableInfo>> {
        self.current
            .get()
            .and_then(|table| self.tables.get(table))
            .and_then(|state| state.info)
    }
}

/// The state, from the context that the root component provides.
pub fn use_app() -> AppState {
    expect_context::<AppState>()
}
