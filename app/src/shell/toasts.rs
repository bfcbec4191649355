//! Short messages at the corner.

use leptos::prelude::*;

use super::icon::{self, icon};
use crate::state::use_app;
use crate::text;

#[component]
pub fn Toasts() -> impl IntoView {
    let state = use_app();
    view! {
        <div class="toasts" role="log" aria-live="polite" aria-label=text::MESSAGES>
            <For each=move || state.ui.toasts.get() key=|toast| toast.id let:toast>
                <div class="toast" class:bad=toast.is_bad data-testid="toast">
                    <span>{toast.message.clone()}</span>
                    <button
                        type="button"
                        class="icon-button"
                        aria-label=text::DISMISS
                        on:click=move |_| state.ui.dismiss(toast.id)
                    >
                        {icon(icon::CLOSE)}
                    </button>
                </div>
            </For>
        </div>
    }
}
