//! Sources, steps, columns.

use leptos::prelude::*;

use super::icon::{self, icon};
use super::schema::Schema;
use super::source_item::SourceItem;
use super::step_item::StepItem;
use crate::commands;
use crate::state::{AppState, use_app};
use crate::text;

#[component]
pub fn Rail() -> impl IntoView {
    let state = use_app();
    let sources = Memo::new(move |_| {
        state.doc.with(|doc| {
            doc.sources
                .iter()
                .map(|source| source.id)
                .collect::<Vec<_>>()
        })
    });
    let steps = Memo::new(move |_| {
        state
            .doc
            .with(|doc| doc.steps.iter().map(|step| step.id).collect::<Vec<_>>())
    });
    view! {
        <nav class="rail" id="rail" aria-label=text::RAIL>
            <section class="rail-section" aria-labelledby="sources-title">
                <div class="section-head">
                    <h2 class="section-title" id="sources-title">{text::SOURCES}</h2>
                    <button
                        type="button"
                        class="icon-button"
                        aria-label=text::CMD_OPEN
                        title=text::CMD_OPEN
                        on:click=move |_| commands::run(state, "open")
                    >
                        {icon(icon::PLUS)}
                    </button>
                </div>
                <ul class="plain-list">
                    <For each=move || sources.get() key=|id| *id let:id>
                        <SourceItem id=id />
                    </For>
                </ul>
            </section>
            <section class="rail-section" aria-labelledby="steps-title">
                <h2 class="section-title" id="steps-title">{move || text::steps(steps.with(Vec::len))}</h2>
                <ol class="plain-list steps" on:dragover=|event| event.prevent_default()>
                    <For each=move || steps.get() key=|id| *id let:id>
                        <StepItem id=id />
                    </For>
                </ol>
                <button
                    type="button"
                    class="button wide"
                    data-testid="add-step"
                    disabled=move || !commands::is_enabled(state, "add-step")
                    on:click=move |_| commands::run(state, "add-step")
                >
                    {text::CMD_ADD_STEP}
                </button>
            </section>
            <Schema />
        </nav>
    }
}

/// The letter of the side that a table is on: what the screen looks at is A, what it is compared with is B.
pub fn side(state: AppState, table: sluice_analysis::Ref) -> Option<char> {
    let is_behind = |of: Option<sluice_analysis::Ref>| {
        of.is_some_and(|of| {
            of == table
                || matches!(of, sluice_analysis::Ref::Step(step, _)
                    if state.doc.with(|doc| doc.depends_on(step, table)))
        })
    };
    if state.compare.get() == Some(table) {
        Some('B')
    } else if is_behind(state.current.get()) {
        Some('A')
    } else {
        is_behind(state.compare.get()).then_some('B')
    }
}
