//! The conditions of the view, each removable; how many rows they leave; undo and redo.

use leptos::prelude::*;

use super::icon::{self, icon};
use crate::commands;
use crate::platform::clipboard;
use crate::state::ui::Dialog;
use crate::state::{pills, use_app};
use crate::text;

#[component]
pub fn PillRow() -> impl IntoView {
    let state = use_app();
    let all = Memo::new(move |_| state.doc.with(|doc| doc.view.pills.clone()));
    let shown = move || {
        let table = state.current.get().and_then(|table| state.table(table));
        all.get()
            .into_iter()
            .enumerate()
            .map(|(pill_idx, pill)| {
                let column_type = table.as_ref().and_then(|table| table.column_type(&pill.column));
                let sentence = pills::sentence(&pill, column_type);
                let copied = sentence.clone();
                view! {
                    <li class="pill" data-testid="pill">
                        <button
                            type="button"
                            class="pill-text"
                            title=text::COPY_PILL
                            on:click=move |_| {
                                let copied = copied.clone();
                                leptos::task::spawn_local(async move {
                                    let done = clipboard::copy(&copied).await;
                                    state.ui.tell(if done { text::COPIED } else { text::COPY_REFUSED });
                                });
                            }
                        >
                            {sentence.clone()}
                        </button>
                        <button
                            type="button"
                            class="pill-remove"
                            aria-label=text::remove(&sentence)
                            on:click=move |_| {
                                drop(state.edit(text::LABEL_REMOVE_FILTER, |doc| doc.remove_pill(pill_idx)));
                            }
                        >
                            {icon(icon::CLOSE)}
                        </button>
                    </li>
                }
            })
            .collect_view()
    };
    let matches = move || {
        let rows = state
            .view
            .rows_in_view
            .get()
            .filter(|_| all.with(|all| !all.is_empty()))?;
        Some(text::rows_match(rows, state.info()?.rows))
    };
    let undo_hint = move || {
        state
            .undo_label()
            .map(|label| text::undo_of(&label))
            .unwrap_or_default()
    };
    let redo_hint = move || {
        state
            .redo_label()
            .map(|label| text::redo_of(&label))
            .unwrap_or_default()
    };
    view! {
        <div class="pill-row">
            <ul class="plain-list pills" aria-label=text::FILTERS>{shown}</ul>
            <span class="pill-count" data-testid="rows-match">{matches}</span>
            <Show when=move || all.with(|all| !all.is_empty())>
                <button type="button" class="link-button" on:click=move |_| commands::run(state, "clear-pills")>
                    {text::CLEAR_FILTERS}
                </button>
            </Show>
            <Show when=move || state.info().is_some()>
                <button
                    type="button"
                    class="link-button"
                    data-testid="search-rows"
                    on:click=move |_| state.ui.open(Dialog::Search)
                >
                    {text::CMD_SEARCH}
                </button>
            </Show>
            <span class="pill-row-end">
                <button
                    type="button"
                    class="link-button"
                    data-testid="undo"
                    title=undo_hint
                    disabled=move || state.undo_label().is_none()
                    on:click=move |_| state.undo()
                >
                    {text::CMD_UNDO}
                </button>
                <span aria-hidden="true">"·"</span>
                <button
                    type="button"
                    class="link-button"
                    data-testid="redo"
                    title=redo_hint
                    disabled=move || state.redo_label().is_none()
                    on:click=move |_| state.redo()
                >
                    {text::CMD_REDO}
                </button>
            </span>
        </div>
    }
}
