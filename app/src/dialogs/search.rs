//! Rows whose text contains or matches something.

use leptos::prelude::*;
use sluice_analysis::{Pill, Predicate, TextMatch};

use super::modal::{Answers, Modal};
use crate::state::{edits, use_app};
use crate::text;

#[component]
pub fn Search() -> impl IntoView {
    let state = use_app();
    let before = state.doc.with_untracked(|doc| {
        doc.view
            .pills
            .iter()
            .find_map(|pill| match &pill.predicate {
                Predicate::Text {
                    pattern,
                    mode,
                    case_sensitive,
                } => Some((pill.column.clone(), pattern.clone(), *mode, *case_sensitive)),
                _ => None,
            })
    });
    let (column, pattern, mode, case) =
        before.unwrap_or((String::new(), String::new(), TextMatch::Contains, false));
    let column = RwSignal::new(column);
    let pattern = RwSignal::new(pattern);
    let is_regex = RwSignal::new(mode == TextMatch::Regex);
    let is_exact = RwSignal::new(case);
    let columns = state
        .info()
        .map(|info| info.columns.clone())
        .unwrap_or_default();
    let options = columns
        .into_iter()
        .map(|c| {
            let is_chosen = column.with_untracked(|chosen| *chosen == c.name);
            view! { <option value=c.name.clone() selected=is_chosen>{c.name.clone()}</option> }
        })
        .collect_view();
    let on_submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let mode = if is_regex.get_untracked() {
            TextMatch::Regex
        } else {
            TextMatch::Contains
        };
        let (column, pattern, case) = (
            column.get_untracked(),
            pattern.get_untracked(),
            is_exact.get_untracked(),
        );
        state.ui.close();
        state.edit(text::LABEL_SEARCH, |doc| {
            if column.is_empty() || pattern.is_empty() {
                edits::search(doc, &pattern, mode, case);
            } else {
                let predicate = Predicate::Text {
                    pattern,
                    mode,
                    case_sensitive: case,
                };
                doc.set_pill(Pill { column, predicate });
            }
        });
    };
    view! {
        <Modal title=text::SEARCH_ROWS>
            <form class="dialog-body" on:submit=on_submit>
                <div class="field-row">
                    <label for="pattern">{text::SEARCH_TEXT}</label>
                    <input
                        id="pattern"
                        class="field"
                        class:code=move || is_regex.get()
                        type="text"
                        autofocus
                        autocomplete="off"
                        spellcheck="false"
                        data-testid="pattern"
                        prop:value=pattern.get_untracked()
                        on:input=move |event| pattern.set(event_target_value(&event))
                    />
                </div>
                <div class="field-row">
                    <label for="search-column">{text::SEARCH_IN}</label>
                    <select
                        id="search-column"
                        class="field"
                        on:change=move |event| column.set(event_target_value(&event))
                    >
                        <option value="">{text::ALL_COLUMNS}</option>
                        {options}
                    </select>
                </div>
                <label class="check">
                    <input
                        type="checkbox"
                        prop:checked=is_regex.get_untracked()
                        on:change=move |event| is_regex.set(event_target_checked(&event))
                    />
                    <span>{text::REGEX}</span>
                </label>
                <label class="check">
                    <input
                        type="checkbox"
                        prop:checked=is_exact.get_untracked()
                        on:change=move |event| is_exact.set(event_target_checked(&event))
                    />
                    <span>{text::EXACT_CASE}</span>
                </label>
                <Answers>
                    <button type="submit" class="button primary" data-testid="search-submit">{text::SEARCH}</button>
                </Answers>
            </form>
        </Modal>
    }
}
