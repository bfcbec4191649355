//! One value in full: long text, lists, JSON.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sluice_analysis::Ref;
use sluice_protocol::message::{Request, Response};

use super::modal::Modal;
use crate::platform::clipboard;
use crate::state::use_app;
use crate::{format, text};

#[component]
pub fn Cell(table: Ref, row: u64, column: String) -> impl IntoView {
    let state = use_app();
    let value = RwSignal::new(None::<Result<String, String>>);
    let title = text::cell_title(&column, row + 1);
    let asked = state.engine.ask(None, Request::Cell { table, row, column });
    spawn_local(async move {
        match asked.answer.await {
            Ok(Response::Cell(found)) => value.set(Some(Ok(found))),
            Ok(_) => {}
            Err(failure) => value.set(Some(Err(failure.message))),
        }
    });
    let body = move || match value.get() {
        None => view! { <p class="muted">{text::READING_VALUE}</p> }.into_any(),
        Some(Err(message)) => view! { <p role="alert">{text::sentence(&message)}</p> }.into_any(),
        Some(Ok(found)) => {
            let length = format::counted(found.chars().count() as u64, "character", "characters");
            let shown = pretty_json(&found).unwrap_or_else(|| found.clone());
            view! {
                <p class="muted">{length}</p>
                <pre class="cell-text" dir="auto" tabindex="0" data-testid="cell-text">{shown}</pre>
                <footer class="dialog-answers">
                    <button
                        type="button"
                        class="button"
                        on:click=move |_| {
                            let found = found.clone();
                            spawn_local(async move {
                                let done = clipboard::copy(&found).await;
                                state.ui.tell(if done { text::COPIED } else { text::COPY_REFUSED });
                            });
                        }
                    >
                        {text::COPY}
                    </button>
                </footer>
            }
            .into_any()
        }
    };
    view! { <Modal title=title class="dialog wide"><div class="dialog-body">{body}</div></Modal> }
}

/// The value with line breaks, if it is a list or an object.
fn pretty_json(text: &str) -> Option<String> {
    let trimmed = text.trim();
    if !trimmed.starts_with(['{', '[']) {
        return None;
    }
    let json: serde_json::Value = serde_json::from_str(trimmed).ok()?;
    serde_json::to_string_pretty(&json).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lists_and_objects_are_laid_out() {
        assert_eq!(pretty_json("[1]").as_deref(), Some("[\n  1\n]"));
        assert_eq!(pretty_json("12"), None);
        assert_eq!(pretty_json("{not json"), None);
    }
}
