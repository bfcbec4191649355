//! Everything a person can do, in one table: palette, key sheet, menus and shortcuts are views of it.

use leptos::prelude::*;
use sluice_analysis::{Bench, Value};

use crate::platform::{dialog, files};
use crate::state::ui::{Dialog, Drawer, Focus};
use crate::state::{AppState, edits};
use crate::{form, recipe, text};

/// One thing to do. Two with the same id are the same.
#[derive(Clone, Debug)]
pub struct Command {
    pub id: String,
    pub label: String,
    /// More words it can be found by.
    pub hint: String,
    /// Chords such as `Mod+Shift+Z`; `Mod` is Ctrl, or Cmd on Apple's systems.
    pub keys: &'static [&'static str],
    action: Action,
    enabled: fn(AppState) -> bool,
}

#[derive(Clone, Debug)]
enum Action {
    Run(fn(AppState)),
    /// Opens the form of this operation.
    AddStep(String),
}

impl PartialEq for Command {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && self.label == other.label
    }
}

impl Command {
    pub fn is_enabled(&self, state: AppState) -> bool {
        (self.enabled)(state)
    }

    pub fn run(&self, state: AppState) {
        match &self.action {
            Action::Run(f) => f(state),
            Action::AddStep(op) => state.ui.open(Dialog::AddStep(Some(op.clone()))),
        }
    }
}

/// A row of the table of fixed commands.
struct Fixed {
    id: &'static str,
    label: &'static str,
    keys: &'static [&'static str],
    run: fn(AppState),
    enabled: fn(AppState) -> bool,
}

fn always(_: AppState) -> bool {
    true
}

fn has_table(state: AppState) -> bool {
    state.current.get().is_some()
}

fn has_rows(state: AppState) -> bool {
    state.info().is_some()
}

fn has_pills(state: AppState) -> bool {
    state.doc.with(|doc| !doc.view.pills.is_empty())
}

fn is_not_empty(state: AppState) -> bool {
    state.doc.with(|doc| !crate::state::links::is_empty(doc))
}

const FIXED: &[Fixed] = &[
    Fixed {
        id: "palette",
        label: text::CMD_PALETTE,
        keys: &["Mod+K", "Mod+Shift+P"],
        run: |s| s.ui.open(Dialog::Palette),
        enabled: always,
    },
    Fixed {
        id: "open",
        label: text::CMD_OPEN,
        keys: &["Mod+O"],
        run: open_files,
        enabled: always,
    },
    Fixed {
        id: "open-url",
        label: text::CMD_OPEN_URL,
        keys: &[],
        run: |s| s.ui.open(Dialog::OpenUrl),
        enabled: always,
    },
    Fixed {
        id: "new",
        label: text::CMD_NEW,
        keys: &[],
        run: |s| {
            s.open(sluice_analysis::Analysis::new(
                crate::platform::time::random_seed(),
            ))
        },
        enabled: is_not_empty,
    },
    Fixed {
        id: "save",
        label: text::CMD_SAVE,
        keys: &["Mod+S"],
        run: |s| s.save_document(),
        enabled: is_not_empty,
    },
    Fixed {
        id: "share",
        label: text::CMD_SHARE,
        keys: &["Mod+Shift+S"],
        run: |s| s.ui.open(Dialog::Share),
        enabled: is_not_empty,
    },
    Fixed {
        id: "export",
        label: text::CMD_EXPORT,
        keys: &["Mod+E"],
        run: |s| s.ui.open(Dialog::Export),
        enabled: has_rows,
    },
    Fixed {
        id: "undo",
        label: text::CMD_UNDO,
        keys: &["Mod+Z"],
        run: AppState::undo,
        enabled: |s| s.undo_label().is_some(),
    },
    Fixed {
        id: "redo",
        label: text::CMD_REDO,
        keys: &["Mod+Shift+Z", "Mod+Y"],
        run: AppState::redo,
        enabled: |s| s.redo_label().is_some(),
    },
    Fixed {
        id: "add-step",
        label: text::CMD_ADD_STEP,
        keys: &["A"],
        run: |s| s.ui.open(Dialog::AddStep(None)),
        enabled: has_table,
    },
    Fixed {
        id: "add-operator",
        label: recipe::text::CMD_ADD_OPERATOR,
        keys: &[],
        run: add_operator,
        enabled: has_table,
    },
    Fixed {
        id: "import-recipe",
        label: recipe::text::CMD_IMPORT,
        keys: &[],
        run: |_| dialog::click(recipe::FILE_INPUT_ID),
        enabled: has_table,
    },
    Fixed {
        id: "export-recipe",
        label: recipe::text::CMD_EXPORT,
        keys: &[],
        run: export_recipe,
        enabled: |s| recipe::end(s).is_some(),
    },
    Fixed {
        id: "keep-view",
        label: text::CMD_KEEP_VIEW,
        keys: &[],
        run: keep_rows_in_view,
        enabled: |s| has_pills(s) && s.engine.operation("filter").is_some(),
    },
    Fixed {
        id: "add-chart",
        label: text::CMD_ADD_CHART,
        keys: &["C"],
        run: |s| s.ui.open(Dialog::Chart(None)),
        enabled: has_rows,
    },
    Fixed {
        id: "add-overview",
        label: text::CMD_ADD_OVERVIEW,
        keys: &[],
        run: |s| add_panel(s, edits::OVERVIEW),
        enabled: has_table,
    },
    Fixed {
        id: "add-note",
        label: text::CMD_ADD_NOTE,
        keys: &[],
        run: |s| s.ui.open(Dialog::Note(None)),
        enabled: is_not_empty,
    },
    Fixed {
        id: "compare",
        label: text::CMD_COMPARE,
        keys: &["B"],
        run: |s| s.ui.open(Dialog::Compare),
        enabled: has_table,
    },
    Fixed {
        id: "search",
        label: text::CMD_SEARCH,
        keys: &["/", "Mod+F"],
        run: |s| s.ui.open(Dialog::Search),
        enabled: has_rows,
    },
    Fixed {
        id: "go-to-row",
        label: text::CMD_GO_TO_ROW,
        keys: &["Mod+G"],
        run: |s| s.ui.open(Dialog::GoToRow),
        enabled: has_rows,
    },
    Fixed {
        id: "clear-pills",
        label: text::CMD_CLEAR,
        keys: &["Escape"],
        run: clear,
        enabled: |s| {
            has_pills(s)
                || s.doc
                    .with(|doc| doc.view.selection != sluice_analysis::Selection::None)
        },
    },
    Fixed {
        id: "bench-data",
        label: text::CMD_BENCH_DATA,
        keys: &["1"],
        run: |s| set_bench(s, Bench::Data),
        enabled: always,
    },
    Fixed {
        id: "bench-shift",
        label: text::CMD_BENCH_SHIFT,
        keys: &["2"],
        run: |s| set_bench(s, Bench::Shift),
        enabled: always,
    },
    Fixed {
        id: "bench-serve",
        label: text::CMD_BENCH_SERVE,
        keys: &["3"],
        run: |s| set_bench(s, Bench::Serve),
        enabled: always,
    },
    Fixed {
        id: "inspect-table",
        label: text::CMD_INSPECT_TABLE,
        keys: &["T"],
        run: |s| {
            s.ui.focus.set(Focus::Table);
            s.ui.drawer.set(Some(Drawer::Inspector));
        },
        enabled: has_table,
    },
    Fixed {
        id: "theme",
        label: text::CMD_THEME,
        keys: &[],
        run: |s| s.ui.toggle_theme(),
        enabled: always,
    },
    Fixed {
        id: "print",
        label: text::CMD_PRINT,
        keys: &[],
        run: |_| dialog::print(),
        enabled: is_not_empty,
    },
    Fixed {
        id: "keys",
        label: text::CMD_KEYS,
        keys: &["?"],
        run: |s| s.ui.open(Dialog::Keys),
        enabled: always,
    },
    Fixed {
        id: "about",
        label: text::CMD_ABOUT,
        keys: &[],
        run: |s| s.ui.open(Dialog::About),
        enabled: always,
    },
];

/// All commands: the fixed ones, then a step for each operation that reads tables.
pub fn all(state: AppState) -> Vec<Command> {
    let fixed = FIXED.iter().map(|fixed| Command {
        id: fixed.id.to_owned(),
        label: fixed.label.to_owned(),
        hint: String::new(),
        keys: fixed.keys,
        action: Action::Run(fixed.run),
        enabled: fixed.enabled,
    });
    let operations = state.engine.operations.get();
    let steps = operations
        .iter()
        .filter(|spec| spec.inputs.max > 0)
        .map(|spec| Command {
            id: format!("step-{}", spec.name),
            label: text::command_add_step(&spec.title),
            hint: spec.summary.clone(),
            keys: &[],
            action: Action::AddStep(spec.name.clone()),
            enabled: has_table,
        });
    fixed.chain(steps).collect()
}

/// Runs the command that a chord belongs to; false if there is none.
pub fn run_chord(state: AppState, chord: &str) -> bool {
    let command = FIXED.iter().find(|command| command.keys.contains(&chord));
    match command {
        Some(command) if untrack(|| (command.enabled)(state)) => {
            (command.run)(state);
            true
        }
        _ => false,
    }
}

/// Runs the command of this id, as buttons do.
pub fn run(state: AppState, id: &str) {
    if let Some(command) = FIXED.iter().find(|command| command.id == id) {
        (command.run)(state);
    }
}

/// Whether the command of this id can be run now.
pub fn is_enabled(state: AppState, id: &str) -> bool {
    FIXED
        .iter()
        .find(|command| command.id == id)
        .is_some_and(|command| (command.enabled)(state))
}

/// The chord of a key press. Shift counts for letters and named keys; other characters contain it already.
pub fn chord(key: &str, with_mod: bool, alt: bool, shift: bool) -> String {
    let is_letter = key.chars().count() == 1 && key.chars().all(char::is_alphabetic);
    let is_named = key.chars().count() > 1;
    let mut chord = String::new();
    if with_mod {
        chord.push_str("Mod+");
    }
    if alt {
        chord.push_str("Alt+");
    }
    if shift && (is_letter || is_named) {
        chord.push_str("Shift+");
    }
    chord.push_str(&if is_letter {
        key.to_uppercase()
    } else {
        key.to_owned()
    });
    chord
}

/// A chord as it is printed on keys.
pub fn key_caps(chord: &str, is_apple: bool) -> String {
    let parts: Vec<&str> = chord
        .split('+')
        .map(|part| match (part, is_apple) {
            ("Mod", true) => "⌘",
            ("Mod", false) => "Ctrl",
            ("Shift", true) => "⇧",
            ("Alt", true) => "⌥",
            ("Escape", _) => "Esc",
            (other, _) => other,
        })
        .collect();
    parts.join(if is_apple { "" } else { " " })
}

/// How well a command fits what was typed: lower is better, `None` is not at all.
/// All words must occur; at the start of the label counts most, at the start of a word more than inside.
pub fn rank(command: &Command, typed: &str) -> Option<u32> {
    let label = command.label.to_lowercase();
    let hint = command.hint.to_lowercase();
    let mut total = 0;
    for word in typed.to_lowercase().split_whitespace() {
        total += if label.starts_with(word) {
            0
        } else if label
            .split(|c: char| !c.is_alphanumeric())
            .any(|part| part.starts_with(word))
        {
            1
        } else if label.contains(word) {
            2
        } else if hint.contains(word) {
            4
        } else {
            return None;
        };
    }
    Some(total)
}

/// Asks for files. The browser's dialog with handles where there is one, else that of the hidden input.
fn open_files(state: AppState) {
    if files::has_open_picker() {
        leptos::task::spawn_local(async move {
            let picked = files::pick().await;
            if !picked.is_empty() {
                state.open_files(picked);
            }
        });
    } else {
        dialog::click(crate::shell::FILE_INPUT_ID);
    }
}

/// At the end of the recipe on screen, or as the first operator of a new one.
fn add_operator(state: AppState) {
    let end = untrack(|| recipe::end(state).or_else(|| state.current.get()));
    if let Some(after) = end {
        state.ui.open(Dialog::AddOperator { after, op: None });
    }
}

fn export_recipe(state: AppState) {
    if let Some(end) = untrack(|| recipe::end(state)) {
        state.ui.open(Dialog::ExportRecipe(end));
    }
}

fn keep_rows_in_view(state: AppState) {
    let Some(spec) = state.engine.operation("filter") else {
        return;
    };
    let fields = form::schema::fields(&spec.params_schema);
    let Some(conditions) = fields
        .into_iter()
        .find(|field| field.kind == form::schema::Kind::Predicate)
    else {
        return;
    };
    let pills = state
        .doc
        .with_untracked(|doc| Value::from_serialize(&doc.view.pills));
    if let Ok(pills) = pills {
        let mut params = state.default_params(&spec.name);
        params.insert(conditions.name, pills);
        state.edit(text::LABEL_ADD_STEP, |doc| {
            edits::append_step(doc, &spec.name, spec.version, params, Vec::new())
        });
    }
}

fn add_panel(state: AppState, kind: &str) {
    state.edit(text::CMD_ADD_OVERVIEW, |doc| {
        if let Some(a) = doc.current_table() {
            let b = edits::compared(doc);
            doc.add_panel(kind, a, b, sluice_analysis::Params::new());
        }
    });
}

/// Clears the selection first, then the pills: a selection is the harder won of the two.
fn clear(state: AppState) {
    state.edit(text::CMD_CLEAR, |doc| {
        if doc.view.pills.is_empty() {
            doc.view.selection = sluice_analysis::Selection::None;
        } else {
            doc.clear_pills();
        }
    });
}

fn set_bench(state: AppState, bench: Bench) {
    state.edit(text::LABEL_BENCH, |doc| edits::set_bench(doc, bench));
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_commands_share_a_key_or_an_id() {
        let mut keys = BTreeSet::new();
        let mut ids = BTreeSet::new();
        for command in FIXED {
            assert!(ids.insert(command.id), "{}", command.id);
            for key in command.keys {
                assert!(keys.insert(*key), "{key}");
            }
        }
    }

    #[test]
    fn key_presses_become_chords() {
        assert_eq!(chord("k", true, false, false), "Mod+K");
        assert_eq!(chord("Z", true, false, true), "Mod+Shift+Z");
        assert_eq!(chord("?", false, false, true), "?");
        assert_eq!(chord("/", false, false, false), "/");
        assert_eq!(chord("Escape", false, false, false), "Escape");
        assert_eq!(chord("ArrowUp", false, true, false), "Alt+ArrowUp");
    }

    #[test]
    fn keys_are_named_as_on_the_keyboard() {
        assert_eq!(key_caps("Mod+Shift+Z", false), "Ctrl Shift Z");
        assert_eq!(key_caps("Mod+Shift+Z", true), "⌘⇧Z");
    }

    #[test]
    fn the_start_of_a_label_fits_best() {
        let command = |label: &str, hint: &str| Command {
            id: String::new(),
            label: label.to_owned(),
            hint: hint.to_owned(),
            keys: &[],
            action: Action::Run(|_| ()),
            enabled: always,
        };
        let group = command("Add step: Group by…", "Aggregates per group");
        assert_eq!(rank(&group, "add"), Some(0));
        assert_eq!(rank(&group, "group"), Some(1));
        assert_eq!(rank(&group, "roup"), Some(2));
        assert_eq!(rank(&group, "aggr"), Some(4));
        assert_eq!(rank(&group, "gr by"), Some(2));
        assert_eq!(rank(&group, "xyz"), None);
        assert_eq!(rank(&group, ""), Some(0));
    }
}
