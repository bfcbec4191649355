//! What answers questions above the table: overview, charts, notes.

mod compared;
mod figure;
pub mod markdown;
mod overview;

pub use figure::ONLY_SELECTED;

use leptos::prelude::*;
use sluice_analysis::{Panel, PanelId};

use crate::commands;
use crate::shell::icon::{self, icon};
use crate::state::ui::Dialog;
use crate::state::{edits, use_app};
use crate::text;

#[component]
pub fn Panels() -> impl IntoView {
    let state = use_app();
    let ids = Memo::new(move |_| {
        state
            .doc
            .with(|doc| doc.panels.iter().map(|panel| panel.id).collect::<Vec<_>>())
    });
    let general = Memo::new(move |_| {
        state.doc.with(|doc| {
            let mut notes = doc.notes.iter().filter(|note| note.panel.is_none());
            notes.next().map(|note| note.text.clone())
        })
    });
    view! {
        <div class="panels" data-testid="panels">
            {move || general.get().map(|note| view! { <NoteCard note=note panel=None /> })}
            <For each=move || ids.get() key=|id| *id let:id>
                <PanelCard id=id />
            </For>
        </div>
        <div class="panel-adders">
            <button type="button" class="link-button" data-testid="add-chart" on:click=move |_| commands::run(state, "add-chart")>
                {text::CMD_ADD_CHART}
            </button>
            <Show when=move || ids.with(Vec::is_empty)>
                <button type="button" class="link-button" on:click=move |_| commands::run(state, "add-overview")>
                    {text::CMD_ADD_OVERVIEW}
                </button>
            </Show>
        </div>
    }
}

#[component]
fn PanelCard(id: PanelId) -> impl IntoView {
    let state = use_app();
    let panel = Memo::new(move |_| state.doc.with(|doc| doc.panel(id).cloned()));
    let kind = Memo::new(move |_| panel.get().map(|panel| panel.kind));
    let note = Memo::new(move |_| {
        state.doc.with(|doc| {
            doc.notes
                .iter()
                .find(|note| note.panel == Some(id))
                .map(|note| note.text.clone())
        })
    });
    // The subject can be on another table than the one below.
    let on_other = move || {
        let panel = panel.get()?;
        (Some(panel.a) != state.current.get()).then(|| text::on_table(&state.name_of(panel.a)))
    };
    let body = move || {
        kind.get().map(|kind| {
            let panel = Signal::derive(move || panel.get());
            match kind.as_str() {
                edits::OVERVIEW => view! { <overview::Overview panel=panel /> }.into_any(),
                edits::CHART | "associations" | "missing" => {
                    view! { <figure::FigurePanel panel=panel /> }.into_any()
                }
                _ => view! { <p class="muted">{text::UNKNOWN_PANEL}</p> }.into_any(),
            }
        })
    };
    let has_note = move || note.with(Option::is_some);
    view! {
        <section
            class="panel panel-card"
            class:with-note=has_note
            class:wide=move || kind.with(|kind| kind.as_deref() == Some(edits::OVERVIEW))
            data-testid="panel"
        >
            <div class="panel-body">
                {body}
                <div class="panel-tools">
                    <span class="panel-on">{on_other}</span>
                    <Show when=move || kind.with(|kind| kind.as_deref() == Some(edits::CHART))>
                        <button
                            type="button"
                            class="link-button"
                            data-testid="change-chart"
                            on:click=move |_| state.ui.open(Dialog::Chart(Some(id)))
                        >
                            {text::CHANGE}
                        </button>
                    </Show>
                    <Show when=move || !has_note()>
                        <button
                            type="button"
                            class="link-button"
                            on:click=move |_| state.ui.open(Dialog::Note(Some(id)))
                        >
                            {text::CMD_ADD_NOTE}
                        </button>
                    </Show>
                    <button
                        type="button"
                        class="icon-button"
                        aria-label=text::LABEL_REMOVE_PANEL
                        title=text::LABEL_REMOVE_PANEL
                        on:click=move |_| drop(state.edit(text::LABEL_REMOVE_PANEL, |doc| doc.remove_panel(id)))
                    >
                        {icon(icon::CLOSE)}
                    </button>
                </div>
            </div>
            {move || note.get().map(|note| view! { <NoteText note=note panel=Some(id) /> })}
        </section>
    }
}

/// The note of the whole analysis.
#[component]
fn NoteCard(note: String, panel: Option<PanelId>) -> impl IntoView {
    view! {
        <section class="panel note-card">
            <NoteText note=note panel=panel />
        </section>
    }
}

#[component]
fn NoteText(note: String, panel: Option<PanelId>) -> impl IntoView {
    let state = use_app();
    view! {
        <div class="note" data-testid="note">
            {markdown::view_of(&note)}
            <button
                type="button"
                class="link-button note-edit"
                on:click=move |_| state.ui.open(Dialog::Note(panel))
            >
                {text::EDIT_NOTE}
            </button>
        </div>
    }
}

/// The table's state behind a panel's side.
pub fn pills_for(state: crate::state::AppState, panel: &Panel) -> Vec<sluice_analysis::Pill> {
    // Pills are conditions on the rows of the current table.
    if state.current.get() == Some(panel.a) {
        state.doc.with(|doc| doc.view.pills.clone())
    } else {
        Vec::new()
    }
}
