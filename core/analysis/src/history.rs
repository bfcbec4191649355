//! Undo and redo: states are kept whole, undo moves a cursor.

use std::sync::Arc;

use crate::v1::Analysis;

/// One movement of the hand. Edits made with the same gesture in a row are one step of undo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Gesture(u64);

/// The states of one analysis, oldest first, and which of them is shown.
///
/// It is never empty and holds at most [`History::MAX_STATES`] states; the oldest go first.
#[derive(Clone, Debug)]
pub struct History {
    states: Vec<State>,
    current_idx: usize,
    /// The gesture that made the current state, if another edit may still join it.
    open_gesture: Option<Gesture>,
    n_gestures: u64,
    /// The highest `next_id` of any state there ever was: ids given out in undone states are not reused.
    next_id: u32,
}

#[derive(Clone, Debug)]
struct State {
    analysis: Arc<Analysis>,
    /// Names the edit that led here from the state before.
    label: String,
}

impl History {
    /// So that as many as one less edits can be undone.
    pub const MAX_STATES: usize = 100;

    pub fn new(analysis: Analysis) -> Self {
        let next_id = analysis.next_id;
        let first = State {
            analysis: Arc::new(analysis),
            label: String::new(),
        };
        Self {
            states: vec![first],
            current_idx: 0,
            open_gesture: None,
            n_gestures: 0,
            next_id,
        }
    }

    /// The state shown. The handle is another one after every change, and only then.
    pub fn current(&self) -> &Arc<Analysis> {
        &self.states[self.current_idx].analysis
    }

    /// A gesture that no edit was made with yet.
    pub fn begin_gesture(&mut self) -> Gesture {
        self.n_gestures += 1;
        Gesture(self.n_gestures)
    }

    /// Edits the current state and returns what `edit` returns.
    ///
    /// An edit that changes nothing leaves the history as it is, redo included. Any other one ends redo. Edits
    /// that share a gesture and follow each other make one state, and none if the last one restores the state
    /// before the gesture. `label` names the edit in menus, as in “Undo {label}”.
    pub fn apply<R>(
        &mut self,
        label: impl Into<String>,
        gesture: Option<Gesture>,
        edit: impl FnOnce(&mut Analysis) -> R,
    ) -> R {
        let mut next = Analysis::clone(self.current());
        next.next_id = self.next_id;
        let result = edit(&mut next);
        if next.next_id == self.next_id {
            next.next_id = self.current().next_id;
        }
        self.commit(label.into(), gesture, next);
        result
    }

    /// Goes one state back; false if this is the oldest.
    pub fn undo(&mut self) -> bool {
        let possible = self.current_idx > 0;
        if possible {
            self.current_idx -= 1;
            self.open_gesture = None;
        }
        possible
    }

    /// Goes one state forward again; false if this is the newest.
    pub fn redo(&mut self) -> bool {
        let possible = self.current_idx + 1 < self.states.len();
        if possible {
            self.current_idx += 1;
            self.open_gesture = None;
        }
        possible
    }

    /// The label of the edit that [`History::undo`] would take back.
    pub fn undo_label(&self) -> Option<&str> {
        (self.current_idx > 0).then(|| self.states[self.current_idx].label.as_str())
    }

    /// The label of the edit that [`History::redo`] would make again.
    pub fn redo_label(&self) -> Option<&str> {
        self.states
            .get(self.current_idx + 1)
            .map(|state| state.label.as_str())
    }

    fn commit(&mut self, label: String, gesture: Option<Gesture>, next: Analysis) {
        if next == **self.current() {
            return;
        }
        self.next_id = self.next_id.max(next.next_id);
        self.states.truncate(self.current_idx + 1);
        if gesture.is_some() && gesture == self.open_gesture {
            self.states.pop();
            self.current_idx -= 1;
            if next == **self.current() {
                self.open_gesture = None;
                return;
            }
        }
        self.states.push(State {
            analysis: Arc::new(next),
            label,
        });
        if self.states.len() > Self::MAX_STATES {
            self.states.remove(0);
        }
        self.current_idx = self.states.len() - 1;
        self.open_gesture = gesture;
    }
}
