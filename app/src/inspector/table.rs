//! The table as a whole: how it was read and what to look at.

use leptos::prelude::*;
use sluice_analysis::Ref;

use super::facts::{facts, side_by_side};
use super::sentence;
use crate::chart::twin_table;
use crate::shell::icon::{self, icon};
use crate::state::tables::all_alerts;
use crate::state::ui::{Dialog, Focus};
use crate::state::use_app;
use crate::{format, text};

#[component]
pub fn TableInspector() -> impl IntoView {
    let state = use_app();
    let name = move || {
        state
            .current
            .get()
            .map(|table| state.name_of(table))
            .unwrap_or_default()
    };
    let body = move || {
        let Some(info) = state.info() else {
            return view! { <p class="muted">{text::NOTHING_TO_EXPLAIN}</p> }.into_any();
        };
        let other = state
            .compare
            .get()
            .and_then(|table| state.table(table))
            .and_then(|table| table.info);
        let pairs = |info: &sluice_protocol::load::TableInfo| {
            let mut pairs = vec![
                (text::ROWS.to_owned(), format::count(info.rows)),
                (
                    text::COLUMNS.to_owned(),
                    format::count(info.columns.len() as u64),
                ),
                (text::MEMORY.to_owned(), format::bytes(info.memory_bytes)),
                (text::PROBLEMS.to_owned(), format::count(info.n_issues)),
            ];
            if let Some(sampling) = &info.sampling {
                let said = format!("{} · {}", format::percent(sampling.share), sampling.method);
                pairs.push((text::SAMPLING.to_owned(), said));
            }
            pairs
        };
        let numbers = facts(
            text::SIZE,
            side_by_side(pairs(&info), other.as_deref().map(pairs)),
        );
        let guesses = (!info.guesses.is_empty()).then(|| {
            let items = info
                .guesses
                .iter()
                .map(|guess| {
                    let value = text::guess_value(&guess.value);
                    view! {
                        <li class="guess-line">
                            <span class="guess-name">{text::guess_name(&guess.name)}</span>
                            <span class="guess-value">{value}</span>
                            <span class="guess-why">{guess.reason.clone()}</span>
                        </li>
                    }
                })
                .collect_view();
            let change = match info.table {
                Ref::Source(id) => Some(view! {
                    <button
                        type="button"
                        class="link-button"
                        on:click=move |_| state.ui.open(Dialog::LoadOptions(id))
                    >
                        {text::CHANGE}
                    </button>
                }),
                Ref::Step(..) => None,
            };
            view! {
                <section class="inspector-section">
                    <div class="section-head">
                        <h3 class="section-title">{text::HOW_READ}</h3>
                        {change}
                    </div>
                    <ul class="plain-list">{items}</ul>
                </section>
            }
        });
        let said = info
            .figures
            .iter()
            .map(|figure| {
                view! {
                    <section class="inspector-section" data-testid="step-says">
                        <h3 class="section-title">{figure.title.clone()}</h3>
                        <p class="muted">{figure.subtitle.clone()}</p>
                        {twin_table(figure)}
                    </section>
                }
            })
            .collect_view();
        view! {
            <p class="inspector-why">{sentence::of_table(&info)}</p>
            {numbers}
            {said}
            {guesses}
        }
        .into_any()
    };
    let alerts = move || {
        let profile = state
            .current
            .get()
            .and_then(|table| state.table(table))
            .and_then(|t| t.profile)?;
        let alerts = all_alerts(&profile);
        let items = alerts
            .iter()
            .map(|alert| {
                let column = alert.column.clone();
                let reason = alert.reason.clone();
                let name = column.clone().map(|name| view! { <b>{name}</b>" " });
                let line = view! { {icon(icon::WARNING)} <span>{name}{reason}</span> };
                match column {
                    Some(column) => view! {
                        <li>
                            <button
                                type="button"
                                class="alert-line"
                                on:click=move |_| state.ui.focus.set(Focus::Column(column.clone()))
                            >
                                {line}
                            </button>
                        </li>
                    }
                    .into_any(),
                    None => view! { <li class="alert-line">{line}</li> }.into_any(),
                }
            })
            .collect_view();
        (!alerts.is_empty()).then(|| {
            view! {
                <section class="inspector-section">
                    <h3 class="section-title">{text::WORTH_A_LOOK}</h3>
                    <ul class="plain-list alerts">{items}</ul>
                </section>
            }
        })
    };
    view! {
        <header class="inspector-head">
            <h2 class="inspector-title">{name}</h2>
        </header>
        {body}
        {alerts}
    }
}
