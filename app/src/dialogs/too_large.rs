//! A file that does not fit: the numbers, and what can be read of it.

use leptos::prelude::*;
use sluice_analysis::{Ref, SourceId, Value};
use sluice_protocol::load::{LoadEstimate, LoadVerdict};

use super::modal::{Answers, Modal};
use crate::state::{edits, use_app};
use crate::{format, text};

#[component]
pub fn TooLarge(id: SourceId, estimate: LoadEstimate) -> impl IntoView {
    let state = use_app();
    let name = state.name_of(Ref::Source(id));
    let proposed = match estimate.verdict {
        LoadVerdict::Fits => 1.0,
        LoadVerdict::Sample { share } => share,
        LoadVerdict::Refuse { .. } => 0.0,
    };
    let reason = match &estimate.verdict {
        LoadVerdict::Refuse { reason } => Some(text::sentence(reason)),
        _ => None,
    };
    let is_refused = reason.is_some();
    let percent = RwSignal::new((proposed * 100.0).clamp(0.0, 100.0));
    let columns = estimate.columns.clone();
    let has_columns = !columns.is_empty();
    let n_columns = columns.len();
    let all_names: Vec<String> = columns.iter().map(|(name, _)| name.clone()).collect();
    let chosen = RwSignal::new(all_names);
    let (whole, budget) = (estimate.memory_bytes, estimate.budget_bytes);
    let expected = {
        let columns = columns.clone();
        Memo::new(move |_| {
            let share = percent.get() / 100.0;
            let bytes = if columns.is_empty() {
                whole
            } else {
                chosen.with(|chosen| {
                    columns
                        .iter()
                        .filter(|(name, _)| chosen.contains(name))
                        .map(|(_, bytes)| bytes)
                        .sum()
                })
            };
            (bytes as f64 * share) as u64
        })
    };
    let fits = move || expected.get() <= budget && expected.get() > 0;
    let boxes = columns
        .into_iter()
        .map(|(name, bytes)| {
            let of_change = name.clone();
            let of_check = name.clone();
            view! {
                <li>
                    <label class="check">
                        <input
                            type="checkbox"
                            prop:checked=move || chosen.with(|chosen| chosen.contains(&of_check))
                            on:change=move |_| chosen.update(|chosen| edits::toggle(chosen, of_change.clone()))
                        />
                        <span class="check-name">{name}</span>
                        <span class="check-place">{format::bytes(bytes)}</span>
                    </label>
                </li>
            }
        })
        .collect_view();
    let on_submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let share = percent.get_untracked() / 100.0;
        let chosen = chosen.get_untracked();
        state.ui.close();
        state.edit(text::LABEL_LOAD_OPTIONS, |doc| {
            let share = (share < 1.0).then_some(Value::Float(share));
            edits::set_load(doc, id, "sample_share", share);
            let is_part = has_columns && chosen.len() < n_columns;
            let columns =
                is_part.then(|| Value::List(chosen.into_iter().map(Value::Text).collect()));
            edits::set_load(doc, id, "columns", columns);
        });
    };
    let numbers = text::too_large(
        &name,
        &format::bytes(estimate.file_bytes),
        &format::bytes(whole),
        &format::bytes(budget),
    );
    view! {
        <Modal title=text::TOO_LARGE_TITLE class="dialog wide">
            <form class="dialog-body" on:submit=on_submit data-testid="too-large">
                <p>{numbers}</p>
                {reason.map(|reason| view! { <p role="alert">{reason}</p> })}
                <div class="field-row">
                    <label for="share">{text::SHARE_TO_READ}</label>
                    <div class="field-input">
                        <input
                            id="share"
                            class="field number"
                            type="number"
                            min="0"
                            max="100"
                            step="any"
                            prop:value=format!("{:.2}", percent.get_untracked())
                            on:input=move |event| {
                                let typed = event_target_value(&event).trim().parse().unwrap_or(0.0_f64);
                                percent.set(typed.clamp(0.0, 100.0));
                            }
                        />
                        <span class="unit">"%"</span>
                    </div>
                    <p class="help">{text::SHARE_HELP}</p>
                </div>
                <Show when=move || has_columns>
                    <h3 class="section-title">{text::COLUMNS_TO_READ}</h3>
                </Show>
                <ul class="plain-list check-list">{boxes}</ul>
                <p class:bad=move || !fits()>
                    {move || text::expected_memory(&format::bytes(expected.get()), &format::bytes(budget))}
                </p>
                <Answers>
                    <button type="submit" class="button primary" disabled=move || !fits() || (is_refused && percent.get() <= 0.0)>
                        {text::READ_THIS_MUCH}
                    </button>
                </Answers>
            </form>
        </Modal>
    }
}
