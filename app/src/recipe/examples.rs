//! Rows just inside and just outside of a limit: what a threshold means is best seen there.

use leptos::prelude::*;
use sluice_analysis::StepId;
use sluice_protocol::recipe::{
    ConditionOverview, Example, LimitSide, MeasureOverview, RecipeAnswer, RecipeQuery,
};

use super::state::{Tab, ask, use_recipe};
use super::{chain, limits, text};
use crate::state::use_app;
use crate::text as page_text;

/// On each side.
const N_EXAMPLES: u32 = 4;

#[component]
pub fn Examples(
    id: StepId,
    condition_idx: usize,
    condition: Memo<Option<ConditionOverview>>,
    measure: Memo<Option<MeasureOverview>>,
) -> impl IntoView {
    let state = use_app();
    let recipe = use_recipe();
    let chosen = RwSignal::new(None::<LimitSide>);
    // Of the document, not on trial: examples come after the hand has let go.
    let limits = Memo::new(move |_| {
        let params = state.doc.with(|doc| chain::params_of(doc, id));
        condition.with(|condition| Some(limits::limits(condition.as_ref()?, &params)))
    });
    let mean = Memo::new(move |_| measure.with(|m| m.as_ref().map_or(f64::NAN, |m| m.mean)));
    let side = Memo::new(move |_| {
        let limits = limits.get()?;
        let nearer = limits::nearer(limits, mean.get())?;
        let is_there = |side: &LimitSide| match side {
            LimitSide::Min => limits.0.is_finite(),
            LimitSide::Max => limits.1.is_finite(),
        };
        // A limit that nothing fails has nothing outside to look at.
        let is_failed = |side: &LimitSide| {
            measure.with(|measure| match (measure, side) {
                (Some(measure), LimitSide::Min) => measure.min < limits.0,
                (Some(measure), LimitSide::Max) => measure.max > limits.1,
                (None, _) => false,
            })
        };
        let other = match nearer {
            LimitSide::Min => LimitSide::Max,
            LimitSide::Max => LimitSide::Min,
        };
        let usual = [nearer, other].into_iter().find(is_failed);
        Some(chosen.get().filter(is_there).or(usual).unwrap_or(nearer))
    });
    let question = move || {
        let (side, (min, max)) = (side.get()?, limits.get()?);
        Some(RecipeQuery::Examples {
            step: id,
            condition: condition_idx as u32,
            side,
            limit: match side {
                LimitSide::Min => min,
                LimitSide::Max => max,
            },
            count: N_EXAMPLES,
        })
    };
    let answered = ask(state, recipe, question, |answer| match answer {
        RecipeAnswer::Examples(examples) => Some(examples),
        _ => None,
    });
    let has_both = move || {
        limits
            .get()
            .is_some_and(|(min, max)| min.is_finite() && max.is_finite())
    };
    let choice = move |of: LimitSide, label: &'static str| {
        view! {
            <button
                type="button"
                class="segment"
                aria-pressed=move || (side.get() == Some(of)).to_string()
                on:click=move |_| chosen.set(Some(of))
            >
                {label}
            </button>
        }
    };
    let unit = move || measure.with(|m| m.as_ref().map(|m| m.unit.clone()).unwrap_or_default());
    let lists = move || {
        if side.get().is_none() {
            return Some(view! { <p class="muted">{text::NO_LIMIT_NO_EXAMPLES}</p> }.into_any());
        }
        let found = answered.value.get()?;
        let unit = unit();
        Some(
            view! {
                <div class="examples">
                    {list(recipe, text::JUST_OUTSIDE, "examples-outside", &found.outside, &unit)}
                    {list(recipe, text::JUST_INSIDE, "examples-inside", &found.inside, &unit)}
                </div>
            }
            .into_any(),
        )
    };
    view! {
        <Show when=has_both>
            <div class="segments" role="group" aria-label=text::EXAMPLES_AT>
                {choice(LimitSide::Min, text::LOWER)}
                {choice(LimitSide::Max, text::UPPER)}
            </div>
        </Show>
        {lists}
        {move || answered.failure.get().map(|f| view! {
            <p class="bad" role="alert">{page_text::sentence(&f)}</p>
        })}
    }
}

fn list(
    recipe: super::state::RecipeState,
    title: &'static str,
    test_id: &'static str,
    examples: &[Example],
    unit: &str,
) -> impl IntoView + use<> {
    let items = examples
        .iter()
        .map(|example| {
            let row = example.row;
            let is_empty = example.text.trim().is_empty();
            let shown = if is_empty {
                text::EMPTY_TEXT.to_owned()
            } else {
                example.text.clone()
            };
            view! {
                <li>
                    <button
                        type="button"
                        class="example-row"
                        title=text::TAB_WHY
                        on:click=move |_| {
                            recipe.picked_row.set(Some(row));
                            recipe.tab.set(Tab::Why);
                        }
                    >
                        <span class="example-value">{text::value(example.value, unit)}</span>
                        <span class="example-text" class:null=is_empty dir="auto">{shown}</span>
                        <span class="example-place muted">{text::row(row)}</span>
                    </button>
                </li>
            }
        })
        .collect_view();
    let none = examples
        .is_empty()
        .then(|| view! { <li class="muted">{text::NO_EXAMPLES}</li> });
    view! {
        <section class="examples-side" data-testid=test_id>
            <h4 class="section-title">{title}</h4>
            <ul class="plain-list">{items}{none}</ul>
        </section>
    }
}
