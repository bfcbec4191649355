//! What is open and pointed at. None of it is in the document.

use std::collections::BTreeMap;

use leptos::prelude::*;
use sluice_analysis::{Gesture, PanelId, Ref, SourceId, StepId};
use sluice_protocol::load::LoadEstimate;

use crate::platform::{dialog, media, storage};

/// The one dialog that may be open.
#[derive(Clone, Debug, PartialEq)]
pub enum Dialog {
    Palette,
    Keys,
    About,
    LoadOptions(SourceId),
    Issues(Ref),
    TooLarge(SourceId, LoadEstimate),
    /// With an operation chosen already, its form; else the list.
    AddStep(Option<String>),
    EditStep(StepId),
    /// Like `AddStep`, of operators only and after this table.
    AddOperator {
        after: Ref,
        op: Option<String>,
    },
    /// The recipe that this table comes out of, for another system.
    ExportRecipe(Ref),
    Chart(Option<PanelId>),
    Compare,
    Share,
    Export,
    OpenUrl,
    GoToRow,
    Search,
    Note(Option<PanelId>),
    Cell {
        table: Ref,
        row: u64,
        column: String,
    },
}

/// What the inspector explains.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Focus {
    #[default]
    Table,
    Column(String),
    /// A row by its number in the table.
    Row(u64),
}

/// What slides over the centre on narrow screens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drawer {
    Rail,
    Inspector,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toast {
    pub id: u32,
    pub message: String,
    pub is_bad: bool,
}

/// Long enough to read two sentences; bad news stays until dismissed.
const TOAST_MILLIS: u64 = 6_000;

const THEME_KEY: &str = "sluice.theme";

#[derive(Clone, Copy)]
pub struct Ui {
    pub dialog: RwSignal<Option<Dialog>>,
    pub focus: RwSignal<Focus>,
    pub drawer: RwSignal<Option<Drawer>>,
    pub toasts: RwSignal<Vec<Toast>>,
    /// Read out by screen readers when it changes.
    pub says: RwSignal<String>,
    /// Files are being dragged over the page.
    pub is_drop_target: RwSignal<bool>,
    /// `light`, `dark`, or as the system has it.
    pub theme: RwSignal<Option<String>>,
    /// `Some(None)`: there is a WebGPU adapter. `Some(Some(reason))`: there is none. `None`: not asked yet.
    pub no_adapter: RwSignal<Option<Option<&'static str>>>,
    /// The row that the grid is asked to show, with a counter so that asking twice works.
    pub go_to: RwSignal<Option<(u64, u32)>>,
    /// Why an import switched operators off, for as long as the page is open.
    pub import_notes: RwSignal<BTreeMap<StepId, String>>,
    next_toast: StoredValue<u32>,
    /// What had the keyboard before a dialog opened.
    opener: StoredValue<Option<web_sys::HtmlElement>, LocalStorage>,
    /// The drag that edits are joined for now, by the number the grid gave it.
    drag: StoredValue<Option<(u64, Option<Gesture>)>>,
}

impl Ui {
    pub fn new() -> Self {
        Self {
            dialog: RwSignal::new(None),
            focus: RwSignal::default(),
            drawer: RwSignal::new(None),
            toasts: RwSignal::default(),
            says: RwSignal::default(),
            is_drop_target: RwSignal::new(false),
            theme: RwSignal::new(storage::get(THEME_KEY)),
            no_adapter: RwSignal::new(None),
            go_to: RwSignal::new(None),
            import_notes: RwSignal::default(),
            next_toast: StoredValue::new(0),
            opener: StoredValue::new_local(None),
            drag: StoredValue::new(None),
        }
    }

    pub fn open(self, dialog: Dialog) {
        if self.opener.with_value(Option::is_none) {
            self.opener.set_value(dialog::focused());
        }
        self.dialog.set(Some(dialog));
    }

    /// Closes the dialog; the keyboard goes back to where it was.
    pub fn close(self) {
        if self.dialog.with_untracked(Option::is_none) {
            return;
        }
        self.dialog.set(None);
        // A command run from one dialog may open another at once, which then keeps the opener.
        request_animation_frame(move || {
            if self.dialog.with_untracked(Option::is_none) {
                let opener = self.opener.try_update_value(Option::take).flatten();
                if let Some(opener) = opener {
                    dialog::refocus(&opener);
                }
            }
        });
    }

    pub fn reset(self) {
        self.dialog.set(None);
        self.focus.set(Focus::Table);
        self.drawer.set(None);
        self.import_notes.set(BTreeMap::new());
    }

    /// Says something that needs no answer.
    pub fn tell(self, message: impl Into<String>) {
        self.toast(message.into(), false);
    }

    /// Says what went wrong; stays until dismissed.
    pub fn warn(self, message: impl Into<String>) {
        self.toast(message.into(), true);
    }

    fn toast(self, message: String, is_bad: bool) {
        let id = self.next_toast.get_value();
        self.next_toast.set_value(id.wrapping_add(1));
        self.toasts.update(|toasts| {
            toasts.retain(|toast| toast.message != message);
            toasts.push(Toast {
                id,
                message,
                is_bad,
            });
        });
        if !is_bad {
            let gone = move || self.dismiss(id);
            set_timeout(gone, std::time::Duration::from_millis(TOAST_MILLIS));
        }
    }

    pub fn dismiss(self, id: u32) {
        self.toasts
            .update(|toasts| toasts.retain(|toast| toast.id != id));
    }

    /// The gesture that all edits of one drag share.
    pub fn gesture_of_drag(
        self,
        number: u64,
        begin: impl FnOnce() -> Option<Gesture>,
    ) -> Option<Gesture> {
        match self.drag.get_value() {
            Some((of, gesture)) if of == number => gesture,
            _ => {
                let gesture = begin();
                self.drag.set_value(Some((number, gesture)));
                gesture
            }
        }
    }

    pub fn show_row(self, row: u64) {
        self.focus.set(Focus::Row(row));
        self.go_to.update(|go_to| {
            let times = go_to.map_or(0, |(_, times)| times);
            *go_to = Some((row, times.wrapping_add(1)));
        });
    }

    pub fn is_dark(self) -> bool {
        self.theme.with(|theme| match theme.as_deref() {
            Some(theme) => theme == "dark",
            None => media::prefers_dark(),
        })
    }

    /// Light becomes dark and the other way round; what the system has needs no override.
    pub fn toggle_theme(self) {
        let wanted = if untrack(|| self.is_dark()) {
            "light"
        } else {
            "dark"
        };
        let is_as_system = (wanted == "dark") == media::prefers_dark();
        self.theme.set((!is_as_system).then(|| wanted.to_owned()));
        if is_as_system {
            storage::remove(THEME_KEY);
        } else {
            storage::set(THEME_KEY, wanted);
        }
    }
}
