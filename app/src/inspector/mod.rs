//! The right side: explains in a sentence what is pointed at, then lists its numbers.

mod bars;
mod column;
mod facts;
mod row;
mod sentence;
mod table;

pub use bars::header_bars;
pub use sentence::summary;

use leptos::prelude::*;

use crate::shell::icon::{self, icon};
use crate::state::ui::Focus;
use crate::state::use_app;
use crate::text;

#[component]
pub fn Inspector() -> impl IntoView {
    let state = use_app();
    let focus = Memo::new(move |_| state.ui.focus.get());
    view! {
        <aside class="inspector" id="inspector" aria-label=text::SHOW_INSPECTOR data-testid="inspector">
            <button
                type="button"
                class="icon-button drawer-close"
                aria-label=text::CLOSE
                on:click=move |_| state.ui.drawer.set(None)
            >
                {icon(icon::CLOSE)}
            </button>
            {move || match focus.get() {
                Focus::Table => view! { <table::TableInspector /> }.into_any(),
                Focus::Column(name) => view! { <column::ColumnInspector name=name /> }.into_any(),
                Focus::Row(row) => view! { <row::RowInspector row=row /> }.into_any(),
            }}
        </aside>
    }
}
