//! A text with what was found in it: colours by kind, a legend, and a walk from one finding to the next.

use std::collections::BTreeSet;

use leptos::prelude::*;
use sluice_protocol::recipe::{FoundSpan, RowReasons};

use super::spans::{kinds, next, split};
use super::text;
use crate::format;
use crate::platform::{dialog, keyboard};
use crate::state::{Shared, use_app};

/// Colours that are told apart; later kinds begin again.
const N_COLOURS: usize = 6;

fn mark_id(span: usize) -> String {
    format!("finding-{span}")
}

#[component]
pub fn SpanView(reasons: Shared<RowReasons>) -> impl IntoView {
    let state = use_app();
    let hidden = RwSignal::new(BTreeSet::<String>::new());
    let current = RwSignal::new(None::<usize>);
    let spans: StoredValue<Vec<FoundSpan>> = StoredValue::new(reasons.spans.clone());
    let kinds = StoredValue::new(kinds(&reasons.spans));
    let n_spans = reasons.spans.len();
    let go = move |forward: bool| {
        let to = spans.with_value(|spans| {
            let is_shown = |kind: &str| hidden.with_untracked(|hidden| !hidden.contains(kind));
            next(spans, is_shown, current.get_untracked(), forward)
        });
        current.set(to);
        if let Some(to) = to {
            dialog::reveal(&mark_id(to));
            let kind = spans.with_value(|spans| spans.get(to).map(|span| span.kind.clone()));
            state
                .ui
                .says
                .set(text::finding(to + 1, n_spans, &kind.unwrap_or_default()));
        }
    };
    let on_keydown = move |event: web_sys::KeyboardEvent| {
        let is_plain = !(event.ctrl_key() || event.meta_key() || event.alt_key());
        if !is_plain || keyboard::is_text_target(&event) {
            return;
        }
        match event.key().as_str() {
            "n" => go(true),
            "p" => go(false),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    let legend = kinds.with_value(|kinds| {
        kinds
            .iter()
            .enumerate()
            .map(|(idx, (kind, n))| {
                let is_shown = {
                    let kind = kind.clone();
                    move || hidden.with(|hidden| !hidden.contains(&kind))
                };
                let of_click = kind.clone();
                let toggle = move |_| {
                    hidden.update(|hidden| {
                        if !hidden.remove(&of_click) {
                            hidden.insert(of_click.clone());
                        }
                    });
                };
                view! {
                    <button
                        type="button"
                        class=format!("legend-kind kind-{}", idx % N_COLOURS)
                        aria-pressed=move || is_shown().to_string()
                        data-testid="span-kind"
                        on:click=toggle
                    >
                        <span class="legend-mark" aria-hidden="true"></span>
                        {kind.clone()}
                        <span class="muted">{format::count(*n as u64)}</span>
                    </button>
                }
            })
            .collect_view()
    });
    let ranges: Vec<(u32, u32)> = reasons
        .spans
        .iter()
        .map(|span| (span.start, span.end))
        .collect();
    let pieces = StoredValue::new(split(&reasons.before, &ranges));
    let marked = move || {
        let mut begun = BTreeSet::new();
        let hidden = hidden.get();
        pieces.with_value(|pieces| {
            pieces
                .iter()
                .map(|piece| {
                    let shown: Vec<usize> = spans.with_value(|spans| {
                        let is_shown = |idx: &&usize| {
                            spans
                                .get(**idx)
                                .is_some_and(|span| !hidden.contains(&span.kind))
                        };
                        piece.spans.iter().filter(is_shown).copied().collect()
                    });
                    let Some(first) = shown.first().copied() else {
                        return view! { <span>{piece.text.clone()}</span> }.into_any();
                    };
                    // A finding is reached at its first piece.
                    let start = shown.iter().copied().find(|idx| begun.insert(*idx));
                    begun.extend(shown.iter().copied());
                    mark(
                        piece.text.clone(),
                        first,
                        &shown,
                        start,
                        spans,
                        kinds,
                        current,
                    )
                })
                .collect_view()
        })
    };
    let is_none = n_spans == 0;
    view! {
        <section class="spans" on:keydown=on_keydown data-testid="spans">
            <div class="spans-head">
                <h3 class="section-title">{text::AS_IT_CAME}</h3>
                <div class="legend" role="group" aria-label=text::KINDS>{legend}</div>
                <button type="button" class="button small" disabled=is_none title=text::PREVIOUS_KEY
                    data-testid="span-previous" on:click=move |_| go(false)>
                    {text::PREVIOUS}
                </button>
                <button type="button" class="button small" disabled=is_none title=text::NEXT_KEY
                    data-testid="span-next" on:click=move |_| go(true)>
                    {text::NEXT}
                </button>
            </div>
            <p class="row-text" dir="auto" tabindex="0" data-testid="row-before">
                {marked}{reasons.is_cut.then_some("…")}
            </p>
        </section>
    }
}

fn mark(
    piece: String,
    first: usize,
    shown: &[usize],
    start: Option<usize>,
    spans: StoredValue<Vec<FoundSpan>>,
    kinds: StoredValue<Vec<(String, usize)>>,
    current: RwSignal<Option<usize>>,
) -> AnyView {
    let names: Vec<String> = spans.with_value(|spans| {
        shown
            .iter()
            .filter_map(|idx| Some(spans.get(*idx)?.kind.clone()))
            .collect()
    });
    let kind = spans.with_value(|spans| spans.get(first).map(|span| span.kind.clone()));
    let place = kinds.with_value(|kinds| {
        kinds
            .iter()
            .position(|(other, _)| Some(other) == kind.as_ref())
            .unwrap_or(0)
    });
    let is_overlap = shown.len() > 1;
    let of_current = shown.to_vec();
    let is_current = move || {
        current
            .get()
            .is_some_and(|current| of_current.contains(&current))
    };
    view! {
        <mark
            id=start.map(mark_id)
            class=format!("found kind-{}", place % N_COLOURS)
            class:overlap=is_overlap
            class:current=is_current
            title=names.join(", ")
        >
            {piece}
        </mark>
    }
    .into_any()
}
