//! A measure whose values are categories.

use leptos::prelude::*;

use super::limits::Chosen;
use super::threshold::Context;
use super::{limits, scale, text};
use crate::format;

/// One bar per category; those that are kept can be dropped and the other way round.
#[component]
pub fn Categories(context: Context) -> impl IntoView {
    let measure = context.measure;
    let chosen = Memo::new(move |_| {
        let (measure, condition) = (measure.get()?, context.condition.get());
        let spec = context.spec();
        let of = |params: &_| limits::chosen(&measure, condition.as_ref(), params, spec.as_ref());
        context.params.with(of)
    });
    // Of hundreds of languages only those that occur, or were chosen, are worth a bar.
    let shown = Memo::new(move |_| {
        let measure = measure.get()?;
        let n_all = |idx: usize| measure.n_all.get(idx).copied().unwrap_or(0);
        let is_named = |idx: usize| {
            let label = &measure.labels[idx];
            chosen.with(|chosen| chosen.as_ref().is_some_and(|c| c.kept.contains(label)))
        };
        let mut shown: Vec<usize> = (0..measure.labels.len())
            .filter(|idx| n_all(*idx) > 0 || is_named(*idx))
            .collect();
        shown.sort_by_key(|idx| std::cmp::Reverse(n_all(*idx)));
        Some(shown)
    });
    view! {
        <ul class="plain-list categories" aria-label=text::CATEGORIES data-testid="categories">
            <For each=move || shown.get().unwrap_or_default() key=|idx| *idx let:idx>
                <Category context=context chosen=chosen idx=idx />
            </For>
        </ul>
    }
}

/// It stays the same element while its numbers change, so that the keyboard stays on it.
#[component]
fn Category(context: Context, chosen: Memo<Option<Chosen>>, idx: usize) -> impl IntoView {
    let Context {
        state,
        recipe,
        id,
        measure,
        params,
        ..
    } = context;
    let label =
        Memo::new(move |_| measure.with(|m| m.as_ref().and_then(|m| m.labels.get(idx).cloned())));
    let counts = Memo::new(move |_| {
        let measure = measure.get()?;
        let of = |counts: &[u32]| counts.get(idx).copied().unwrap_or(0);
        let highest = measure.n_all.iter().copied().max().unwrap_or(0);
        Some((of(&measure.n_all), of(&measure.n_reaching), highest))
    });
    // Unknown where nothing is decided by it.
    let is_kept = move || {
        let label = label.get()?;
        chosen.with(|chosen| chosen.as_ref().map(|chosen| chosen.keeps(&label)))
    };
    let is_fixed = move || chosen.with(|c| c.as_ref().is_none_or(|c| c.param.is_none()));
    let n_all = move || counts.get().map_or(0, |(n_all, ..)| n_all);
    let width = move |of: fn((u32, u32, u32)) -> u32| {
        let share = counts
            .get()
            .map_or(0.0, |all| scale::height(of(all), all.2));
        format!("{:.2}%", share * 100.0)
    };
    let toggle = move |_| {
        let (Some(chosen), Some(label)) = (chosen.get_untracked(), label.get_untracked()) else {
            return;
        };
        let params = params.with_untracked(|params| limits::toggled(params, &chosen, &label));
        if let Some(params) = params {
            recipe.set_params(state, text::LABEL_CATEGORIES, id, params);
        }
    };
    view! {
        <li>
            <button
                type="button"
                class="category"
                class:out=move || is_kept() == Some(false)
                aria-pressed=move || is_kept().map(|is_kept| is_kept.to_string())
                aria-label=move || text::category(&label.get().unwrap_or_default(), u64::from(n_all()), is_kept())
                disabled=is_fixed
                on:click=toggle
            >
                <span class="category-name">{move || label.get()}</span>
                <span class="category-bar" aria-hidden="true">
                    <span class="category-all" style:width=move || width(|(n_all, ..)| n_all)></span>
                    <span class="category-reaching" style:width=move || width(|(_, n_reaching, _)| n_reaching)></span>
                </span>
                <span class="category-count">{move || format::count(u64::from(n_all()))}</span>
            </button>
        </li>
    }
}
