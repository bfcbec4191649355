//! Pills, panels, table.

use leptos::prelude::*;
use sluice_analysis::Bench;

use super::grid_panel::GridPanel;
use super::pills::PillRow;
use crate::commands;
use crate::panels::Panels;
use crate::recipe::Recipe;
use crate::state::use_app;
use crate::text;

#[component]
pub fn Centre() -> impl IntoView {
    view! {
        <PillRow />
        <BenchHint />
        <Recipe />
        <Panels />
        <GridPanel />
    }
}

/// What a bench other than the first one is for, while nothing of it is on screen.
#[component]
fn BenchHint() -> impl IntoView {
    let state = use_app();
    let hint = move || {
        let bench = state.doc.with(|doc| doc.view.bench);
        match bench {
            Bench::Shift if state.compare.get().is_none() => Some(view! {
                <section class="panel hint" data-testid="bench-hint">
                    <p>{text::HINT_SHIFT}</p>
                    <button type="button" class="button" on:click=move |_| commands::run(state, "compare")>
                        {text::CMD_COMPARE}
                    </button>
                </section>
            }
            .into_any()),
            Bench::Serve => Some(view! {
                <section class="panel hint" data-testid="bench-hint">
                    <p>{text::HINT_SERVE}</p>
                    <button type="button" class="button" on:click=move |_| commands::run(state, "add-chart")>
                        {text::CMD_ADD_CHART}
                    </button>
                </section>
            }
            .into_any()),
            _ => None,
        }
    };
    view! { {hint} }
}
