//! Which table is B.

use leptos::prelude::*;

use super::modal::Modal;
use crate::commands;
use crate::state::{edits, use_app};
use crate::text;

#[component]
pub fn Compare() -> impl IntoView {
    let state = use_app();
    let a = move || state.current.get();
    let choices = move || {
        let tables = state.doc.with(|doc| doc.tables());
        tables
            .into_iter()
            .filter(|table| Some(*table) != a())
            .map(|table| {
                let is_chosen = move || state.compare.get() == Some(table);
                let rows = state.table(table).and_then(|table| table.rows()).map(text::rows);
                view! {
                    <li>
                        <button
                            type="button"
                            class="choice"
                            aria-pressed=move || is_chosen().to_string()
                            on:click=move |_| {
                                state.edit(text::LABEL_COMPARE, |doc| edits::compare_with(doc, Some(table)));
                                state.ui.close();
                            }
                        >
                            <span class="square b" aria-hidden="true"></span>
                            <span>{state.name_of(table)}</span>
                            <span class="muted">{rows}</span>
                        </button>
                    </li>
                }
            })
            .collect_view()
    };
    let has_choices = move || state.doc.with(|doc| doc.tables().len()) > 1;
    view! {
        <Modal title=text::COMPARE_TITLE>
            <div class="dialog-body">
                <p class="compare-a">
                    <span class="square a" aria-hidden="true"></span>
                    {move || text::compare_a(&a().map(|a| state.name_of(a)).unwrap_or_default())}
                </p>
                <h3 class="section-title">{text::COMPARE_WITH}</h3>
                <ul class="plain-list choices">{choices}</ul>
                <Show when=move || !has_choices()>
                    <p class="muted">{text::COMPARE_NONE}</p>
                </Show>
                <footer class="dialog-answers">
                    <button
                        type="button"
                        class="button"
                        on:click=move |_| {
                            state.ui.close();
                            commands::run(state, "open");
                        }
                    >
                        {text::OPEN_ANOTHER}
                    </button>
                    <Show when=move || state.compare.get().is_some()>
                        <button
                            type="button"
                            class="button"
                            on:click=move |_| {
                                state.edit(text::LABEL_COMPARE, |doc| edits::compare_with(doc, None));
                                state.ui.close();
                            }
                        >
                            {text::STOP_COMPARING}
                        </button>
                    </Show>
                </footer>
            </div>
        </Modal>
    }
}
