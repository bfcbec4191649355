//! One row: the verdict, what every operator says of it, and what was found in its text.

use leptos::prelude::*;
use sluice_analysis::{Ref, StepId};
use sluice_protocol::message::{Request, Response};
use sluice_protocol::recipe::{RecipeAnswer, RecipeQuery, RowReasons, Verdict};

use super::chain::Kind;
use super::panel::title_of;
use super::span_view::SpanView;
use super::state::use_recipe;
use super::{text, verdict};
use crate::state::engine::Answer;
use crate::state::slot::{Slot, is_worth_telling};
use crate::state::ui::Focus;
use crate::state::{AppState, Shared, use_app};
use crate::{format, text as page_text};

/// A row to be explained, as a question names it.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Asked {
    table: Ref,
    row: u64,
    port: Option<u8>,
}

/// An operator as far as its verdict depends on it.
#[derive(Clone, Debug, PartialEq)]
struct Member {
    step: StepId,
    title: String,
    is_mapper: bool,
    is_on: bool,
}

#[component]
pub fn Why() -> impl IntoView {
    let state = use_app();
    let recipe = use_recipe();
    let reasons = RwSignal::new(None::<Shared<RowReasons>>);
    let failure = RwSignal::new(None::<String>);
    let slot = Slot::new();
    let asked = Memo::new(move |_| {
        let chain = recipe.chain.get()?;
        let of_input = |row| Asked {
            table: chain.table(),
            row,
            port: None,
        };
        if let Some(row) = recipe.picked_row.get() {
            return Some(of_input(row));
        }
        let Focus::Row(row) = state.ui.focus.get() else {
            return None;
        };
        let current = state.current.get()?;
        match chain.output(current) {
            // Rows in the middle of a recipe are numbered by the recipe that ends there.
            Some((step, port)) => Some(Asked {
                table: Ref::Step(step, 0),
                row,
                port: Some(port),
            }),
            None => (current == chain.input).then(|| of_input(row)),
        }
    });
    Effect::new(move |_| {
        state.engine.restarts.track();
        let (Some(asked), Some((end, _))) = (asked.get(), recipe.content.get()) else {
            slot.drop_running();
            reasons.set(None);
            return;
        };
        ask(state, slot, asked, move |answer| match found(answer) {
            Ok(Some(first)) if asked.table != end => {
                let of_whole = Asked {
                    table: end,
                    row: first.row,
                    port: None,
                };
                ask(state, slot, of_whole, move |answer| {
                    put(reasons, failure, found(answer))
                });
            }
            other => put(reasons, failure, other),
        });
    });
    let members = Memo::new(move |_| {
        let steps = recipe
            .chain
            .get()
            .map(|chain| chain.steps)
            .unwrap_or_default();
        let member = |step| Member {
            step,
            title: title_of(state, step),
            is_mapper: state.doc.with(|doc| {
                let op = doc.step(step).map(|step| step.op.as_str());
                op.and_then(Kind::of) == Some(Kind::Mapper)
            }),
            is_on: recipe.member(step).map_or_else(
                || {
                    state
                        .doc
                        .with(|doc| doc.step(step).is_some_and(|s| s.enabled))
                },
                |member| member.is_on,
            ),
        };
        steps.into_iter().map(member).collect::<Vec<_>>()
    });
    let body = move || {
        let Some(reasons) = reasons.get().filter(|_| asked.with(Option::is_some)) else {
            let said = if asked.with(Option::is_some) {
                page_text::READING_ROW
            } else {
                text::CHOOSE_ROW
            };
            return view! { <p class="muted">{said}</p> }.into_any();
        };
        let titles: Vec<_> = members
            .get()
            .into_iter()
            .map(|member| (member.step, member.title))
            .collect();
        let said = verdict::sentence(&reasons, &titles);
        let after = reasons.after.clone().map(|after| {
            view! {
                <section>
                    <h3 class="section-title">{text::AS_IT_GOES_ON}</h3>
                    <p class="row-text" dir="auto" tabindex="0" data-testid="row-after">
                        {after}{reasons.is_cut.then_some("…")}
                    </p>
                </section>
            }
        });
        view! {
            <p class="verdict" class:kept=reasons.is_kept data-testid="verdict">
                <span class="verdict-mark">{if reasons.is_kept { text::KEPT } else { text::REMOVED }}</span>
                <span>{said}</span>
            </p>
            <div class="why-columns">
                <Verdicts reasons=reasons.clone() members=members />
                <div class="why-texts">
                    <SpanView reasons=reasons.clone() />
                    {after}
                </div>
            </div>
        }
        .into_any()
    };
    let shown_row = move || reasons.with(|r| r.as_ref().map(|r| format::count(r.row + 1)));
    let on_change = move |event| {
        let typed: String = event_target_value(&event);
        let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
        if let Some(row) = digits.parse::<u64>().ok().filter(|row| *row > 0) {
            recipe.picked_row.set(Some(row - 1));
        }
    };
    view! {
        <div class="why" data-testid="why">
            <label class="limit-field why-row">
                <span>{text::ROW_OF_INPUT}</span>
                <input
                    class="field number"
                    type="text"
                    inputmode="numeric"
                    autocomplete="off"
                    data-testid="why-row"
                    prop:value=move || shown_row().unwrap_or_default()
                    on:change=on_change
                />
            </label>
            {move || failure.get().map(|f| view! {
                <p class="bad" role="alert">{page_text::sentence(&f)}</p>
            })}
            {body}
        </div>
    }
}

fn ask(state: AppState, slot: Slot, asked: Asked, on_answer: impl FnOnce(Answer) + 'static) {
    let query = RecipeQuery::Row {
        row: asked.row,
        port: asked.port,
    };
    let body = Request::Recipe {
        table: asked.table,
        query,
    };
    let label = Some(text::TASK_QUERY.to_owned());
    slot.ask(state.engine, label, body, on_answer);
}

/// What is in an answer; `Err` is a sentence worth telling, or empty.
fn found(answer: Answer) -> Result<Option<RowReasons>, String> {
    match answer {
        Ok(Response::Recipe(answer)) => Ok(match *answer {
            RecipeAnswer::Row(reasons) => Some(reasons),
            _ => None,
        }),
        Ok(_) => Ok(None),
        Err(failure) if is_worth_telling(failure.kind) => Err(failure.message),
        Err(_) => Err(String::new()),
    }
}

fn put(
    reasons: RwSignal<Option<Shared<RowReasons>>>,
    failure: RwSignal<Option<String>>,
    found: Result<Option<RowReasons>, String>,
) {
    match found {
        Ok(row) => {
            failure.set(None);
            reasons.set(row.map(Shared::from));
        }
        Err(message) => failure.set(Some(message).filter(|message| !message.is_empty())),
    }
}

/// Every operator with its values, limits and what it says.
#[component]
fn Verdicts(reasons: Shared<RowReasons>, members: Memo<Vec<Member>>) -> impl IntoView {
    let rows = move || {
        let members = members.get();
        let rows = members.iter().filter_map(|member| {
            let verdict = reasons
                .verdicts
                .iter()
                .find(|verdict| verdict.step == member.step.0)?;
            Some(rows_of(member, verdict))
        });
        rows.collect_view()
    };
    view! {
        <div class="compared-scroll why-scroll" tabindex="0" role="region" aria-label=text::ALL_OPERATORS>
            <table class="compared" data-testid="verdicts">
                <caption class="visually-hidden">{text::ALL_OPERATORS}</caption>
                <thead>
                    <tr>
                        <th scope="col">{text::OPERATOR}</th>
                        <th scope="col" class="number">{text::VALUE}</th>
                        <th scope="col">{text::LIMITS}</th>
                        <th scope="col">{text::SAYS}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

/// What an operator says in one word, and the badge it says it in; a mapper that does not edit has nothing to say.
fn word_of(member: &Member, passes: bool, is_edited: bool) -> (&'static str, &'static str) {
    match (member.is_on, passes) {
        (false, _) => (text::OFF, "muted"),
        (true, false) => (text::REMOVES, "badge drop"),
        (true, true) if is_edited => (text::EDITED, "badge"),
        (true, true) if member.is_mapper => ("–", "muted"),
        (true, true) => (text::PASSES, "badge"),
    }
}

fn rows_of(member: &Member, of: &Verdict) -> impl IntoView + use<> {
    let title = &member.title;
    let badge = |passes: bool| {
        let (said, class) = word_of(member, passes, of.is_edited);
        view! { <span class=class>{said}</span> }
    };
    if of.values.is_empty() {
        let reason = of.reason.clone();
        return view! {
            <tr class:failing=!of.passes class:off=!member.is_on>
                <th scope="row">{title.clone()}</th>
                <td class="number">"–"</td>
                <td>{reason}</td>
                <td>{badge(of.passes)}</td>
            </tr>
        }
        .into_any();
    }
    of.values
        .iter()
        .enumerate()
        .map(|(idx, value)| {
            // The title stands at the first of its values; the others name their measure.
            let name = if idx == 0 {
                title.clone()
            } else {
                value.title.clone()
            };
            let badge =
                badge(value.holds && (idx > 0 || of.passes || of.values.iter().any(|v| !v.holds)));
            view! {
                <tr class:failing=!value.holds class:more=idx != 0>
                    <th scope="row">{name}</th>
                    <td class="number">{verdict::value(value)}</td>
                    <td>{verdict::limits(value)}</td>
                    <td>{badge}</td>
                </tr>
            }
        })
        .collect_view()
        .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_that_are_off_do_not_pass_and_mappers_edit_or_not() {
        let word = |is_mapper, is_on, passes, is_edited| {
            let member = Member {
                step: StepId(1),
                title: String::new(),
                is_mapper,
                is_on,
            };
            word_of(&member, passes, is_edited).0
        };
        assert_eq!(word(false, false, true, false), "off");
        assert_eq!(word(false, true, true, false), "passes");
        assert_eq!(word(false, true, false, true), "removes");
        assert_eq!(word(true, true, true, true), "edited");
        assert_eq!(word(true, true, true, false), "–");
    }
}
