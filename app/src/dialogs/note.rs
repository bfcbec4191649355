//! Text beside a panel or the whole analysis.

use leptos::prelude::*;
use sluice_analysis::{Note, PanelId};

use super::modal::{Answers, Modal};
use crate::panels::markdown;
use crate::state::use_app;
use crate::text;

#[component]
pub fn NoteDialog(panel: Option<PanelId>) -> impl IntoView {
    let state = use_app();
    let before = state.doc.with_untracked(|doc| {
        let note = doc.notes.iter().find(|note| note.panel == panel);
        note.map(|note| note.text.clone()).unwrap_or_default()
    });
    let typed = RwSignal::new(before);
    let on_submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let typed = typed.get_untracked().trim().to_owned();
        state.ui.close();
        state.edit(text::LABEL_NOTE, |doc| {
            doc.notes.retain(|note| note.panel != panel);
            if !typed.is_empty() {
                doc.notes.push(Note { panel, text: typed });
            }
        });
    };
    let title = if panel.is_some() {
        text::NOTE_BESIDE_PANEL
    } else {
        text::NOTE_OF_ANALYSIS
    };
    view! {
        <Modal title=title class="dialog wide">
            <form class="dialog-body" on:submit=on_submit>
                <div class="field-row">
                    <label for="note">{text::NOTE_TEXT}</label>
                    <textarea
                        id="note"
                        class="field"
                        rows="8"
                        autofocus
                        prop:value=typed.get_untracked()
                        on:input=move |event| typed.set(event_target_value(&event))
                    ></textarea>
                    <p class="help">{text::NOTE_HELP}</p>
                </div>
                <div class="note note-preview" aria-label=text::PREVIEW>
                    {move || markdown::view_of(&typed.get())}
                </div>
                <Answers>
                    <button type="submit" class="button primary">{text::SAVE_NOTE}</button>
                </Answers>
            </form>
        </Modal>
    }
}
