//! Two texts beside each other, with what they share.

use leptos::prelude::*;
use sluice_analysis::StepId;
use sluice_protocol::recipe::{RecipeAnswer, RecipeQuery};

use super::clusters::similarity;
use super::spans::split;
use super::state::{ask, use_recipe};
use super::text;
use crate::shell::icon::{self, icon};
use crate::state::use_app;
use crate::text as page_text;

#[component]
pub fn PairView(id: StepId, a: u64, b: u64, pair: RwSignal<Option<(u64, u64)>>) -> impl IntoView {
    let state = use_app();
    let recipe = use_recipe();
    let question = move || Some(RecipeQuery::Pair { step: id, a, b });
    let answered = ask(state, recipe, question, |answer| match answer {
        RecipeAnswer::Pair(pair) => Some(pair),
        _ => None,
    });
    let side = |row: u64, content: &str, shared: &[(u32, u32)], is_cut: bool| {
        let pieces = split(content, shared).into_iter().map(|piece| {
            if piece.spans.is_empty() {
                view! { <span>{piece.text}</span> }.into_any()
            } else {
                view! { <mark class="shared">{piece.text}</mark> }.into_any()
            }
        });
        let pieces = pieces.collect_view();
        let name = page_text::sentence(&text::row(row));
        let label = name.clone();
        view! {
            <section class="pair-side" tabindex="0" aria-label=label>
                <h4 class="section-title">{name}</h4>
                <p class="pair-text" dir="auto">{pieces}{is_cut.then_some("…")}</p>
            </section>
        }
    };
    let body = move || {
        answered.value.get().map(|found| {
            let said =
                text::pair_similarity(&similarity(found.similarity), &similarity(found.exact));
            view! {
                <p data-testid="pair-similarity">{said}</p>
                <div class="pair-sides">
                    {side(found.a, &found.text_a, &found.shared_a, found.is_cut)}
                    {side(found.b, &found.text_b, &found.shared_b, found.is_cut)}
                </div>
            }
        })
    };
    view! {
        <section class="pair" data-testid="pair" aria-label=text::PAIR>
            <div class="section-head">
                <h3 class="section-title">{text::PAIR}</h3>
                <button
                    type="button"
                    class="icon-button"
                    aria-label=page_text::CLOSE
                    on:click=move |_| pair.set(None)
                >
                    {icon(icon::CLOSE)}
                </button>
            </div>
            {body}
            {move || answered.failure.get().map(|f| view! {
                <p class="bad" role="alert">{page_text::sentence(&f)}</p>
            })}
        </section>
    }
}
