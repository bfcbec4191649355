//! Limits as numbers.

use leptos::prelude::*;
use sluice_protocol::recipe::LimitSide;

use super::threshold::Context;
use super::{limits, scale, text};

/// The limits as numbers, and the proposal that the distribution makes.
#[component]
pub fn LimitFields(context: Context) -> impl IntoView {
    let Context {
        state,
        recipe,
        id,
        measure,
        ..
    } = context;
    let field = move |side: LimitSide, label: &'static str, test_id: &'static str| {
        let is_bad = RwSignal::new(false);
        let on_change = move |event| {
            let typed: String = event_target_value(&event);
            let limit = limits::typed(&typed, side);
            is_bad.set(limit.is_none());
            let params = limit.and_then(|limit| untrack(|| context.with_limit(side, limit)));
            if let Some(params) = params {
                recipe.set_params(state, text::LABEL_LIMIT, id, params);
            }
        };
        let name = move || match side {
            LimitSide::Min => text::lower_limit(&context.title()),
            LimitSide::Max => text::upper_limit(&context.title()),
        };
        view! {
            <Show when=move || context.param(side).is_some()>
                <label class="limit-field">
                    <span>{label}</span>
                    <input
                        class="field number"
                        type="text"
                        inputmode="decimal"
                        autocomplete="off"
                        placeholder=text::NO_LIMIT
                        aria-label=name
                        aria-invalid=move || is_bad.get().to_string()
                        data-testid=test_id
                        prop:value=move || limits::shown(context.limit(side))
                        on:change=on_change
                    />
                </label>
            </Show>
        }
    };
    let proposed = move || {
        let names = [LimitSide::Min, LimitSide::Max].map(|side| context.param(side));
        let is_whole = names.iter().flatten().any(|name| context.is_whole(name));
        let (low, high) = measure.with(|m| scale::three_deviations(m.as_ref()?, is_whole))?;
        let mut params = context.params.get();
        for (name, limit) in names.into_iter().zip([low, high]) {
            if let Some(name) = name {
                limits::set(&mut params, &name, limit, context.is_whole(&name));
            }
        }
        Some(params)
    };
    let propose = move |_| {
        if let Some(params) = untrack(proposed) {
            recipe.set_params(state, text::LABEL_DEVIATIONS, id, params);
        }
    };
    let is_open = move || {
        [LimitSide::Min, LimitSide::Max]
            .into_iter()
            .any(|side| context.param(side).is_some())
    };
    view! {
        <Show when=is_open>
            <div class="limit-fields">
                {field(LimitSide::Min, text::LOWER, "limit-min-field")}
                {field(LimitSide::Max, text::UPPER, "limit-max-field")}
                <button
                    type="button"
                    class="button small"
                    data-testid="three-deviations"
                    disabled=move || proposed().is_none()
                    on:click=propose
                >
                    {text::DEVIATIONS}
                </button>
            </div>
        </Show>
    }
}
