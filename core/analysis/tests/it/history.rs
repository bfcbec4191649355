use std::sync::Arc;

use sluice_analysis::{Analysis, Gesture, History, Origin, Params, SourceId};

fn history() -> History {
    History::new(Analysis::new(1))
}

fn set_title(history: &mut History, gesture: Option<Gesture>, title: &str) {
    history.apply(format!("title {title}"), gesture, |analysis| {
        title.clone_into(&mut analysis.title)
    });
}

fn titles_back(history: &mut History) -> Vec<String> {
    let mut titles = vec![history.current().title.clone()];
    while history.undo() {
        titles.push(history.current().title.clone());
    }
    titles
}

#[test]
fn undo_and_redo_move_between_states() {
    let mut history = history();
    assert!(!history.undo() && !history.redo());
    assert_eq!((history.undo_label(), history.redo_label()), (None, None));
    set_title(&mut history, None, "a");
    set_title(&mut history, None, "b");
    assert_eq!(
        (history.undo_label(), history.redo_label()),
        (Some("title b"), None)
    );
    assert!(history.undo());
    assert_eq!(history.current().title, "a");
    assert_eq!(
        (history.undo_label(), history.redo_label()),
        (Some("title a"), Some("title b"))
    );
    assert!(history.redo());
    assert_eq!(history.current().title, "b");
    assert!(!history.redo());
}

#[test]
fn an_edit_after_undo_ends_redo() {
    let mut history = history();
    set_title(&mut history, None, "a");
    set_title(&mut history, None, "b");
    history.undo();
    set_title(&mut history, None, "c");
    assert!(!history.redo());
    assert_eq!(titles_back(&mut history), ["c", "a", ""]);
}

#[test]
fn an_edit_without_effect_leaves_no_trace() {
    let mut history = history();
    set_title(&mut history, None, "a");
    set_title(&mut history, None, "b");
    history.undo();
    let before = Arc::clone(history.current());
    set_title(&mut history, None, "a");
    assert!(
        Arc::ptr_eq(&before, history.current()),
        "the handle is the same"
    );
    assert_eq!(
        history.redo_label(),
        Some("title b"),
        "redo is still possible"
    );
}

#[test]
fn a_gesture_is_one_step() {
    let mut history = history();
    set_title(&mut history, None, "a");
    let drag = history.begin_gesture();
    for title in ["b", "c", "d"] {
        set_title(&mut history, Some(drag), title);
    }
    assert_eq!(history.undo_label(), Some("title d"));
    let next_drag = history.begin_gesture();
    assert_ne!(drag, next_drag);
    set_title(&mut history, Some(next_drag), "e");
    set_title(&mut history, None, "f");
    set_title(&mut history, Some(next_drag), "g");
    assert_eq!(titles_back(&mut history), ["g", "f", "e", "d", "a", ""]);
}

#[test]
fn a_gesture_that_returns_leaves_no_step() {
    let mut history = history();
    set_title(&mut history, None, "a");
    let drag = history.begin_gesture();
    set_title(&mut history, Some(drag), "b");
    set_title(&mut history, Some(drag), "a");
    assert_eq!(history.undo_label(), Some("title a"));
    set_title(&mut history, Some(drag), "c");
    set_title(&mut history, Some(drag), "d");
    assert_eq!(titles_back(&mut history), ["d", "a", ""]);
}

#[test]
fn a_gesture_does_not_join_a_state_that_was_redone() {
    let mut history = history();
    let drag = history.begin_gesture();
    set_title(&mut history, Some(drag), "a");
    history.undo();
    history.redo();
    set_title(&mut history, Some(drag), "b");
    assert_eq!(titles_back(&mut history), ["b", "a", ""]);
}

#[test]
fn the_oldest_states_are_dropped() {
    let mut history = history();
    for i in 0..250 {
        set_title(&mut history, None, &i.to_string());
    }
    let titles = titles_back(&mut history);
    assert_eq!(titles.len(), History::MAX_STATES);
    assert_eq!(titles.last().unwrap(), "150");
    let drag = history.begin_gesture();
    set_title(&mut history, Some(drag), "x");
    set_title(&mut history, Some(drag), "y");
    assert_eq!(titles_back(&mut history), ["y", "150"]);
}

#[test]
fn ids_of_undone_states_are_not_reused() {
    let mut history = history();
    let add = |history: &mut History| {
        let origin = Origin::Url { url: String::new() };
        history.apply("add", None, |analysis| {
            analysis.add_source("s", origin, Params::new())
        })
    };
    assert_eq!(add(&mut history), SourceId(1));
    history.undo();
    assert_eq!(add(&mut history), SourceId(2));
    history.undo();
    let before = Arc::clone(history.current());
    history.apply("nothing", None, |_| ());
    assert!(
        Arc::ptr_eq(&before, history.current()),
        "an idle edit stays without effect"
    );
    assert_eq!(history.redo_label(), Some("add"));
}
