//! The frame of a dialog: title, close button, what it asks, what it answers with.

use leptos::html;
use leptos::prelude::*;

use crate::platform::dialog;
use crate::shell::icon::{self, icon};
use crate::state::use_app;
use crate::text;

/// Closing it in any way (Escape, a click outside, its button) closes the dialog of the page's state.
#[component]
pub fn Modal(
    #[prop(into)] title: String,
    #[prop(default = "dialog")] class: &'static str,
    children: Children,
) -> impl IntoView {
    let state = use_app();
    let element = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        if let Some(element) = element.get() {
            dialog::show(&element);
        }
    });
    let close = move || state.ui.close();
    view! {
        <dialog
            node_ref=element
            class=class
            aria-labelledby="dialog-title"
            data-testid="dialog"
            on:close=move |_| close()
            on:pointerdown=move |event| {
                if dialog::is_backdrop(&event) {
                    close();
                }
            }
        >
            <div class="dialog-frame">
                <header class="dialog-head">
                    <h2 class="dialog-title" id="dialog-title">{title}</h2>
                    <button
                        type="button"
                        class="icon-button"
                        aria-label=text::CLOSE
                        on:click=move |_| close()
                    >
                        {icon(icon::CLOSE)}
                    </button>
                </header>
                {children()}
            </div>
        </dialog>
    }
}

/// The buttons at the end of a dialog.
#[component]
pub fn Answers(children: Children) -> impl IntoView {
    let state = use_app();
    view! {
        <footer class="dialog-answers">
            <button type="button" class="button" on:click=move |_| state.ui.close()>{text::CANCEL}</button>
            {children()}
        </footer>
    }
}
