//! A link to this analysis: what it contains, how long it is, what the receiver needs.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sluice_analysis::{Analysis, KeyNumber, Origin, link};
use sluice_protocol::message::{Request, Response};

use super::modal::Modal;
use crate::platform::{clipboard, url};
use crate::state::links::{LONG_LINK_BYTES, with_identities};
use crate::state::use_app;
use crate::{format, text};

#[component]
pub fn Share() -> impl IntoView {
    let state = use_app();
    let numbers = RwSignal::new(None::<Vec<KeyNumber>>);
    let asked = state
        .engine
        .ask(Some(text::TASK_KEY_NUMBERS.to_owned()), Request::KeyNumbers);
    spawn_local(async move {
        let found = match asked.answer.await {
            Ok(Response::KeyNumbers(found)) => found,
            _ => Vec::new(),
        };
        // The dialog may be closed by now.
        numbers.try_set(Some(found));
    });
    let shared = Memo::new(move |_| {
        let doc = state.doc.get();
        let known = state.sources.identities.get();
        let mut doc = with_identities(&doc, &known);
        doc.key_numbers = numbers.get().unwrap_or_default();
        doc
    });
    let link = Memo::new(move |_| {
        link::to_fragment(&shared.get())
            .map(|fragment| format!("{}{fragment}", url::base()))
            .map_err(|error| text::sentence(&error.to_string()))
    });
    let copy = move |_| {
        if let Ok(address) = link.get_untracked() {
            spawn_local(async move {
                let done = clipboard::copy(&address).await;
                state.ui.tell(if done {
                    text::LINK_COPIED
                } else {
                    text::COPY_REFUSED
                });
            });
        }
    };
    let select_all =
        |event: web_sys::FocusEvent| event_target::<web_sys::HtmlInputElement>(&event).select();
    let body = move || match link.get() {
        Err(message) => view! { <p role="alert">{message}</p> }.into_any(),
        Ok(address) => {
            let length = address.len();
            let is_long = length > LONG_LINK_BYTES;
            view! {
                <div class="field-row">
                    <label for="link">{text::LINK}</label>
                    <div class="field-input">
                        <input
                            id="link"
                            class="field code"
                            type="text"
                            readonly
                            prop:value=address
                            data-testid="link"
                            on:focus=select_all
                        />
                        <button type="button" class="button primary" on:click=copy>{text::COPY_LINK}</button>
                    </div>
                    <p class="help" class:warning=is_long data-testid="link-length">
                        {text::link_length(&format::count(length as u64), is_long)}
                    </p>
                </div>
            }
            .into_any()
        }
    };
    let contents = move || {
        shared
            .with(contains)
            .into_iter()
            .map(|line| view! { <li>{line}</li> })
            .collect_view()
    };
    let needs = move || {
        let needed = shared.with(needed_files);
        let hashed = shared.with(all_hashed);
        if needed.is_empty() {
            text::NEEDS_NOTHING.to_owned()
        } else {
            text::needs_files(&needed.join(", "), hashed)
        }
    };
    view! {
        <Modal title=text::SHARE_TITLE class="dialog wide">
            <div class="dialog-body" data-testid="share-dialog">
                {body}
                <h3 class="section-title">{text::LINK_CONTAINS}</h3>
                <ul>{contents}</ul>
                <p>{needs}</p>
                <Show when=move || numbers.with(Option::is_none)>
                    <p class="muted" role="status">{text::KEY_NUMBERS_COMING}</p>
                </Show>
                <footer class="dialog-answers">
                    <button
                        type="button"
                        class="button"
                        on:click=move |_| {
                            state.ui.close();
                            state.save_document();
                        }
                    >
                        {text::CMD_SAVE}
                    </button>
                </footer>
            </div>
        </Modal>
    }
}

/// What is in the link, line by line.
fn contains(doc: &Analysis) -> Vec<String> {
    let count =
        |n: usize, one: &str, many: &str| (n > 0).then(|| format::counted(n as u64, one, many));
    let embedded: usize = doc
        .sources
        .iter()
        .map(|source| match &source.origin {
            Origin::Embedded { bytes, .. } => bytes.len(),
            _ => 0,
        })
        .sum();
    [
        count(doc.sources.len(), "source", "sources"),
        count(
            doc.steps.len(),
            "step with all its parameters",
            "steps with all their parameters",
        ),
        count(doc.panels.len(), "panel", "panels"),
        count(doc.notes.len(), "note", "notes"),
        count(doc.view.pills.len(), "filter", "filters"),
        count(
            doc.key_numbers.len(),
            "key number, to check the result by",
            "key numbers, to check the result by",
        ),
        (embedded > 0).then(|| text::embedded_data(&format::bytes(embedded as u64))),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Names of files that the receiver has to have.
fn needed_files(doc: &Analysis) -> Vec<String> {
    doc.sources
        .iter()
        .filter_map(|source| match &source.origin {
            Origin::Files(files) => Some(
                files
                    .iter()
                    .map(|file| file.name.clone())
                    .collect::<Vec<_>>(),
            ),
            _ => None,
        })
        .flatten()
        .collect()
}

fn all_hashed(doc: &Analysis) -> bool {
    doc.sources.iter().all(|source| match &source.origin {
        Origin::Files(files) => files.iter().all(|file| file.blake3.is_some()),
        _ => true,
    })
}

#[cfg(test)]
mod tests {
    use sluice_analysis::Params;

    use super::*;

    #[test]
    fn a_link_says_what_it_contains_and_what_it_needs() {
        let mut doc = Analysis::new(1);
        let origin = Origin::Embedded {
            file_name: "p.csv".to_owned(),
            bytes: vec![0; 1500],
        };
        doc.add_source("p.csv", origin, Params::new());
        assert_eq!(
            contains(&doc),
            ["1 source".to_owned(), text::embedded_data("1.5 kB")]
        );
        assert!(needed_files(&doc).is_empty());
    }
}
