//! Rows to a file: which, which columns, which format.

use leptos::prelude::*;
use sluice_analysis::Selection;

use super::modal::{Answers, Modal};
use crate::state::export::{FORMATS, Rows, is_text};
use crate::state::{edits, use_app};
use crate::{format, text};

#[component]
pub fn Export() -> impl IntoView {
    let state = use_app();
    let Some((table, info)) = state.current.get_untracked().zip(untrack(|| state.info())) else {
        return view! { <Modal title=text::EXPORT_TITLE><p>{text::NO_TABLE}</p></Modal> }
            .into_any();
    };
    let (has_pills, has_selection) = state.doc.with_untracked(|doc| {
        (
            !doc.view.pills.is_empty(),
            doc.view.selection != Selection::None,
        )
    });
    let rows = RwSignal::new(if has_selection {
        Rows::Selected
    } else {
        Rows::InView
    });
    let names: Vec<String> = info.columns.iter().map(|c| c.name.clone()).collect();
    let hidden = state.doc.with_untracked(|doc| {
        doc.grid(table)
            .map(|g| g.hidden.clone())
            .unwrap_or_default()
    });
    let chosen = RwSignal::new(
        names
            .iter()
            .filter(|name| !hidden.contains(name))
            .cloned()
            .collect::<Vec<_>>(),
    );
    let file_format = RwSignal::new("csv".to_owned());
    let is_gzip = RwSignal::new(false);
    let n_in_view = state.view.rows_in_view.get_untracked().unwrap_or(info.rows);
    let n_selected = state.view.n_selected.get_untracked().unwrap_or(0);
    let mut choices = vec![(
        Rows::InView,
        if has_pills {
            text::EXPORT_VIEW
        } else {
            text::EXPORT_ALL
        },
        n_in_view,
    )];
    if has_selection {
        choices.insert(0, (Rows::Selected, text::EXPORT_SELECTED, n_selected));
    }
    if has_pills {
        choices.push((Rows::All, text::EXPORT_ALL, info.rows));
    }
    let radios = choices
        .into_iter()
        .map(|(which, label, n)| {
            view! {
                <label class="check">
                    <input
                        type="radio"
                        name="rows"
                        prop:checked=rows.get_untracked() == which
                        on:change=move |_| rows.set(which)
                    />
                    <span>{label}</span>
                    <span class="muted">{text::rows(n)}</span>
                </label>
            }
        })
        .collect_view();
    let formats = FORMATS
        .map(|(ending, label)| view! { <option value=ending>{label}</option> })
        .collect_view();
    let all = names.clone();
    let n_columns = names.len();
    let boxes = names
        .into_iter()
        .map(|name| {
            let of_check = name.clone();
            let of_change = name.clone();
            view! {
                <li>
                    <label class="check">
                        <input
                            type="checkbox"
                            prop:checked=move || chosen.with(|chosen| chosen.contains(&of_check))
                            on:change=move |_| chosen.update(|chosen| edits::toggle(chosen, of_change.clone()))
                        />
                        <span class="check-name">{name}</span>
                    </label>
                </li>
            }
        })
        .collect_view();
    let on_submit = {
        let all = all.clone();
        move |event: web_sys::SubmitEvent| {
            event.prevent_default();
            let mut ending = file_format.get_untracked();
            if is_gzip.get_untracked() && is_text(&ending) {
                ending.push_str(".gz");
            }
            // In the order of the table, not of clicking.
            let columns = chosen.with_untracked(|chosen| {
                all.iter().filter(|c| chosen.contains(c)).cloned().collect()
            });
            state.ui.close();
            state.export(table, rows.get_untracked(), columns, ending);
        }
    };
    view! {
        <Modal title=text::EXPORT_TITLE>
            <form class="dialog-body" on:submit=on_submit data-testid="export-form">
                <fieldset class="field-group">
                    <legend>{text::ROWS}</legend>
                    {radios}
                </fieldset>
                <div class="field-row">
                    <label for="export-format">{text::FORMAT}</label>
                    <div class="field-input">
                        <select
                            id="export-format"
                            class="field"
                            on:change=move |event| file_format.set(event_target_value(&event))
                        >
                            {formats}
                        </select>
                        <Show when=move || file_format.with(|f| is_text(f))>
                            <label class="check">
                                <input
                                    type="checkbox"
                                    prop:checked=move || is_gzip.get()
                                    on:change=move |event| is_gzip.set(event_target_checked(&event))
                                />
                                <span>{text::GZIP}</span>
                            </label>
                        </Show>
                    </div>
                </div>
                <details class="field-group">
                    <summary>{move || text::columns_of(&format::count(chosen.with(Vec::len) as u64), n_columns)}</summary>
                    <ul class="plain-list check-list">{boxes}</ul>
                </details>
                <Answers>
                    <button
                        type="submit"
                        class="button primary"
                        data-testid="export-submit"
                        disabled=move || chosen.with(Vec::is_empty)
                    >
                        {text::EXPORT}
                    </button>
                </Answers>
            </form>
        </Modal>
    }
    .into_any()
}
