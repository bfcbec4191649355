//! Dialogs with one question.

use leptos::prelude::*;

use super::modal::{Answers, Modal};
use crate::state::use_app;
use crate::{format, text};

/// Reads a table from an address.
#[component]
pub fn OpenUrl() -> impl IntoView {
    let state = use_app();
    let address = RwSignal::new(String::new());
    let on_submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let address = address.get_untracked().trim().to_owned();
        if !address.is_empty() {
            state.ui.close();
            state.open_url(address, None);
        }
    };
    view! {
        <Modal title=text::OPEN_ADDRESS>
            <form class="dialog-body" on:submit=on_submit>
                <div class="field-row">
                    <label for="address">{text::ADDRESS}</label>
                    <input
                        id="address"
                        class="field"
                        type="url"
                        autofocus
                        placeholder="https://…"
                        on:input=move |event| address.set(event_target_value(&event))
                    />
                    <p class="help">{text::ADDRESS_HELP}</p>
                </div>
                <Answers>
                    <button type="submit" class="button primary">{text::FETCH}</button>
                </Answers>
            </form>
        </Modal>
    }
}

#[component]
pub fn GoToRow() -> impl IntoView {
    let state = use_app();
    let n_rows = state.info().map_or(0, |info| info.rows);
    let typed = RwSignal::new(String::new());
    let is_bad = RwSignal::new(false);
    let on_submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        match row_number(&typed.get_untracked()).filter(|row| *row <= n_rows) {
            Some(row) => {
                state.ui.close();
                state.ui.show_row(row - 1);
            }
            None => is_bad.set(true),
        }
    };
    view! {
        <Modal title=text::GO_TO_ROW>
            <form class="dialog-body" on:submit=on_submit>
                <div class="field-row">
                    <label for="row">{text::row_range(&format::count(n_rows))}</label>
                    <input
                        id="row"
                        class="field"
                        type="text"
                        inputmode="numeric"
                        autofocus
                        aria-invalid=move || is_bad.get().to_string()
                        on:input=move |event| typed.set(event_target_value(&event))
                    />
                </div>
                <Answers>
                    <button type="submit" class="button primary">{text::GO}</button>
                </Answers>
            </form>
        </Modal>
    }
}

/// A row number as people write it, from 1; separators of thousands are allowed.
fn row_number(text: &str) -> Option<u64> {
    let digits: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && *c != ',' && *c != '.')
        .collect();
    digits.parse().ok().filter(|row| *row > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn row_numbers_start_at_one() {
        assert_eq!(row_number("1 200"), Some(1200));
        assert_eq!(row_number("1,200"), Some(1200));
        assert_eq!(row_number("0"), None);
        assert_eq!(row_number("x"), None);
    }
}
