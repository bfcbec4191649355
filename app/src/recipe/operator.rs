//! What an opened operator shows: its thresholds, edits or clusters, and the way to its form.

use leptos::prelude::*;
use sluice_analysis::StepId;

use super::chain::Kind;
use super::clusters::ClusterList;
use super::edits::Edits;
use super::state::use_recipe;
use super::text;
use super::threshold::Threshold;
use crate::state::ui::Dialog;
use crate::state::use_app;
use crate::text as page_text;

#[component]
pub fn OperatorBody(id: StepId) -> impl IntoView {
    let state = use_app();
    let recipe = use_recipe();
    let op = Memo::new(move |_| {
        state
            .doc
            .with(|doc| doc.step(id).map(|step| step.op.clone()))
    });
    let spec = Memo::new(move |_| op.get().and_then(|op| state.engine.operation(&op)));
    let kind = Memo::new(move |_| op.get().and_then(|op| Kind::of(&op)));
    // What there is to draw: measures with their conditions, by position. It stays the same while limits move.
    let drawn = Memo::new(move |_| {
        let Some(member) = recipe.member(id) else {
            return Vec::new();
        };
        let n_measures = member.measures.len();
        let mut drawn: Vec<(usize, Option<usize>)> = Vec::new();
        for measure in 0..n_measures {
            let of_measure =
                |(idx, condition): (usize, &sluice_protocol::recipe::ConditionOverview)| {
                    (condition.measure as usize == measure).then_some(idx)
                };
            let conditions: Vec<usize> = member
                .conditions
                .iter()
                .enumerate()
                .filter_map(of_measure)
                .collect();
            if conditions.is_empty() {
                drawn.push((measure, None));
            }
            drawn.extend(conditions.into_iter().map(|idx| (measure, Some(idx))));
        }
        // What decides comes before what is only measured.
        drawn.sort_by_key(|(_, condition)| condition.is_none());
        drawn
    });
    let thresholds = move || {
        drawn
            .get()
            .into_iter()
            .map(|(measure, condition)| {
                view! { <Threshold id=id measure_idx=measure condition_idx=condition /> }
            })
            .collect_view()
    };
    let own = move || match kind.get() {
        Some(Kind::Mapper) => view! { <Edits id=id /> }.into_any(),
        Some(Kind::Deduplicator) => view! { <ClusterList id=id /> }.into_any(),
        _ => ().into_any(),
    };
    let nothing = move || {
        let is_plain = matches!(kind.get(), Some(Kind::Filter | Kind::Selector));
        let said = match recipe.member(id) {
            None => text::NO_NUMBERS_YET,
            Some(_) if is_plain && drawn.with(Vec::is_empty) => text::NOTHING_MEASURED,
            Some(_) => return None,
        };
        Some(view! { <p class="muted">{said}</p> })
    };
    let summary = move || {
        spec.get()
            .map(|spec| page_text::without_final_stop(&spec.summary))
    };
    view! {
        <div class="operator-body" data-testid="operator-body">
            <div class="operator-about">
                <p class="muted">{summary}</p>
                <span class="operator-actions">
                    <button
                        type="button"
                        class="button small"
                        data-testid="operator-edit"
                        disabled=move || spec.with(Option::is_none)
                        on:click=move |_| state.ui.open(Dialog::EditStep(id))
                    >
                        {page_text::EDIT}
                    </button>
                    <button
                        type="button"
                        class="button small"
                        data-testid="operator-remove"
                        on:click=move |_| drop(state.edit(text::LABEL_REMOVE, |doc| doc.remove_step(id)))
                    >
                        {text::REMOVE}
                    </button>
                </span>
            </div>
            {thresholds}
            {own}
            {nothing}
        </div>
    }
}
