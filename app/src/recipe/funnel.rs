//! One row per operator: how much is left after it, what it takes, and its place, which can be changed.

use leptos::prelude::*;
use sluice_analysis::StepId;
use sluice_protocol::recipe::MemberOverview;

use super::chain::Kind;
use super::operator::OperatorBody;
use super::panel::title_of;
use super::reorder::{Dragged, Handle, move_to, row_id};
use super::state::use_recipe;
use super::text;
use crate::form::summary;
use crate::format;
use crate::state::use_app;

/// What a row of the funnel shows, in shares of the rows that the recipe reads.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line {
    pub kept: f64,
    pub removed: f64,
    pub n_removed: u64,
    /// Of the rows that reached the operator.
    pub removed_share: f64,
}

/// `n_rows` are the rows counted so far.
pub fn line(member: &MemberOverview, n_rows: u64) -> Line {
    let share = |n: u64, of: u64| {
        if of == 0 {
            0.0
        } else {
            (n as f64 / of as f64).min(1.0)
        }
    };
    let n_removed = member.rows_in.saturating_sub(member.rows_out);
    Line {
        kept: share(member.rows_out, n_rows),
        removed: share(n_removed, n_rows),
        n_removed,
        removed_share: share(n_removed, member.rows_in),
    }
}

#[component]
pub fn Funnel() -> impl IntoView {
    let recipe = use_recipe();
    let dragged = RwSignal::new(None::<(StepId, usize)>);
    let steps = Memo::new(move |_| recipe.chain.get().map(|c| c.steps).unwrap_or_default());
    let waiting = move || {
        let has_none = recipe.shown().is_none() && recipe.failure.with(Option::is_none);
        has_none.then(|| view! { <p class="muted" role="status">{text::MEASURING}</p> })
    };
    view! {
        <div class="funnel-head" aria-hidden="true">
            <span class="number">{text::ROWS_OUT}</span>
            <span class="number">{text::ROWS_REMOVED}</span>
            <span class="number words-out">{text::WORDS_OUT}</span>
        </div>
        <ol class="plain-list funnel" data-testid="funnel">
            <For each=move || steps.get() key=|id| *id let:id>
                <OperatorRow id=id dragged=dragged />
            </For>
        </ol>
        {waiting}
    }
}

#[component]
fn OperatorRow(id: StepId, dragged: RwSignal<Dragged>) -> impl IntoView {
    let state = use_app();
    let recipe = use_recipe();
    let step = Memo::new(move |_| state.doc.with(|doc| doc.step(id).cloned()));
    let spec = Memo::new(move |_| step.get().and_then(|step| state.engine.operation(&step.op)));
    let title = Memo::new(move |_| title_of(state, id));
    let kind = Memo::new(move |_| step.get().and_then(|step| Kind::of(&step.op)));
    let choices = move || {
        step.get()
            .map(|step| summary::of_step(&step, spec.get().as_ref()))
            .unwrap_or_default()
    };
    let member = Memo::new(move |_| recipe.member(id));
    let is_on = move || step.get().is_some_and(|step| step.enabled);
    let is_known = move || spec.with(Option::is_some) || !state.engine.is_ready.get();
    let is_active = move || is_on() && is_known() && member.get().is_none_or(|m| m.is_on);
    let is_open = move || recipe.opened.get() == Some(id);
    let note = move || {
        if !is_known() {
            return Some(text::IS_UNKNOWN.to_owned());
        }
        let said = member.get().map(|m| m.note).filter(|note| !note.is_empty());
        if is_on() {
            let waits = matches!(kind.get(), Some(Kind::Deduplicator | Kind::Selector));
            return said.or_else(|| {
                (waits && recipe.is_partial()).then(|| text::WAITS_FOR_ALL.to_owned())
            });
        }
        // Parameters that are refused say more than the import's reason, and that more than that it is off.
        let imported = || state.ui.import_notes.with(|notes| notes.get(&id).cloned());
        let faulty = said.filter(|note| note != text::IS_OFF);
        faulty
            .or_else(|| imported().map(|reason| text::off_because(&reason)))
            .or_else(|| Some(text::IS_OFF.to_owned()))
    };
    let place = move || recipe.chain.get().and_then(|chain| chain.place(id));
    // Where the row that is held would be put, seen from this one.
    let is_target = move |after: bool| {
        let Some((held, to)) = dragged.get() else {
            return false;
        };
        let from = recipe.chain.get().and_then(|chain| chain.place(held));
        place() == Some(to) && from.is_some_and(|from| if after { from < to } else { from > to })
    };
    let toggle = move |event| {
        let on = event_target_checked(&event);
        drop(state.edit(text::LABEL_SWITCH, |doc| doc.set_enabled(id, on)));
    };
    let on_keydown = move |event: web_sys::KeyboardEvent| {
        let by = match event.key().as_str() {
            "ArrowUp" => -1,
            "ArrowDown" => 1,
            _ => return,
        };
        if event.alt_key() {
            event.prevent_default();
            event.stop_propagation();
            if let Some(place) = untrack(place) {
                move_to(state, id, place.saturating_add_signed(by));
            }
        }
    };
    view! {
        <li
            class="operator"
            class:off=move || !is_active()
            class:open=is_open
            class:held=move || dragged.get().is_some_and(|(held, _)| held == id)
            class:drop-before=move || is_target(false)
            class:drop-after=move || is_target(true)
            data-testid="operator"
            on:keydown=on_keydown
        >
            <div class="operator-row" id=row_id(id)>
                <Handle id=id title=title dragged=dragged />
                <input
                    type="checkbox"
                    class="operator-on"
                    aria-label=move || text::is_on(&title.get())
                    data-testid="operator-on"
                    prop:checked=is_on
                    on:change=toggle
                />
                <button
                    type="button"
                    class="operator-main"
                    aria-expanded=move || is_open().to_string()
                    data-testid="operator-open"
                    on:click=move |_| {
                        recipe.abandon();
                        recipe.opened.update(|opened| *opened = (*opened != Some(id)).then_some(id));
                    }
                >
                    <span class="operator-title">{move || title.get()}</span>
                    <span class="operator-line">
                        {move || kind.get().map(kind_name)}
                        {move || Some(choices()).filter(|c| !c.is_empty()).map(|c| format!(" · {c}"))}
                    </span>
                </button>
                <Numbers member=member title=title />
                <p class="operator-facts" data-testid="operator-facts">
                    {move || member.get().map(|member| facts(&member).join(" · ")).filter(|f| !f.is_empty()).map(|f| view! {
                        <span>{f}</span>
                    })}
                    {move || note().map(|note| view! { <span class="operator-note">{note}</span> })}
                </p>
            </div>
            <Show when=is_open>
                <OperatorBody id=id />
            </Show>
        </li>
    }
}

/// The bar and the numbers of an operator.
#[component]
fn Numbers(member: Memo<Option<MemberOverview>>, title: Memo<String>) -> impl IntoView {
    let recipe = use_recipe();
    let line = Memo::new(move |_| {
        let n_rows = recipe.shown()?.n_measured;
        member.get().map(|member| line(&member, n_rows))
    });
    let width = |share: f64| format!("{:.2}%", share * 100.0);
    let bar = move || {
        line.get().map(|line| {
            view! {
                <span class="funnel-bar" role="img" aria-label=text::bar(&title.get(), line.kept, line.removed)>
                    <span class="funnel-kept" style:width=width(line.kept)></span>
                    <span class="funnel-removed" style:width=width(line.removed)></span>
                </span>
            }
        })
    };
    let rows_out = move || member.get().map(|member| format::count(member.rows_out));
    let removed = move || {
        line.get().map(|line| {
            let share = (line.n_removed > 0).then(|| format::percent(line.removed_share));
            view! { {text::removed(line.n_removed)} <span class="removed-share">{share}</span> }
        })
    };
    let words_out = move || member.get().map(|member| format::count(member.words_out));
    view! {
        <div class="funnel-cell">{bar}</div>
        <span class="operator-number rows-out" data-testid="rows-out">
            <span class="visually-hidden">{text::ROWS_OUT}" "</span>{rows_out}
        </span>
        <span class="operator-number removed" data-testid="rows-removed">
            <span class="visually-hidden">{text::ROWS_REMOVED}" "</span>{removed}
        </span>
        <span class="operator-number words-out" data-testid="words-out">
            <span class="visually-hidden">{text::WORDS_OUT}" "</span>{words_out}
        </span>
    }
}

fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Filter => text::KIND_FILTER,
        Kind::Mapper => text::KIND_MAPPER,
        Kind::Deduplicator => text::KIND_DEDUPLICATOR,
        Kind::Selector => text::KIND_SELECTOR,
    }
}

/// What else is worth saying of an operator.
fn facts(member: &MemberOverview) -> Vec<String> {
    let mut facts = Vec::new();
    if member.n_alone > 0 {
        facts.push(text::only_this(member.n_alone));
    }
    if member.n_edited > 0 {
        facts.push(text::edited(member.n_edited));
    }
    if member.n_clusters > 0 {
        facts.push(text::clusters(member.n_clusters));
    }
    facts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_shares_of_what_the_recipe_reads() {
        let member = MemberOverview {
            rows_in: 80,
            rows_out: 60,
            ..MemberOverview::default()
        };
        let line = line(&member, 100);
        assert_eq!((line.kept, line.removed), (0.6, 0.2));
        assert_eq!((line.n_removed, line.removed_share), (20, 0.25));
        let none = super::line(&MemberOverview::default(), 0);
        assert_eq!((none.kept, none.removed_share), (0.0, 0.0));
    }

    #[test]
    fn only_what_is_there_is_told() {
        let mut member = MemberOverview::default();
        assert!(facts(&member).is_empty());
        member.n_alone = 3;
        member.n_edited = 1;
        assert_eq!(facts(&member), ["only this one: 3", "1 text edited"]);
    }
}
