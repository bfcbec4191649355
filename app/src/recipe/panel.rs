//! The panel: what the whole recipe keeps, which view of it is shown, and which of its outputs the table below shows.

use leptos::prelude::*;
use sluice_analysis::Ref;

use super::chain::{KEPT, LEDGER, REMOVED};
use super::column::MissingColumn;
use super::corpus::Corpus;
use super::dialects::Disagreement;
use super::funnel::Funnel;
use super::groups::Groups;
use super::state::{RecipeState, Tab, use_recipe};
use super::text;
use super::why::Why;
use crate::commands;
use crate::platform::time;
use crate::state::{AppState, edits, use_app};
use crate::{format, text as page_text};

/// Shorter waits show nothing.
const SHOW_AFTER_MILLIS: u64 = 100;

const TABS: [(Tab, &str, &str); 5] = [
    (Tab::Funnel, "funnel", text::TAB_FUNNEL),
    (Tab::Why, "why", text::TAB_WHY),
    (Tab::Groups, "groups", text::TAB_GROUPS),
    (Tab::Corpus, "corpus", text::TAB_CORPUS),
    (Tab::Dialects, "dialects", text::TAB_DIALECTS),
];

/// Nothing while the table on screen has no part in a recipe.
#[component]
pub fn Recipe() -> impl IntoView {
    let recipe = use_recipe();
    let is_shown = Memo::new(move |_| recipe.chain.with(Option::is_some));
    view! {
        <Show when=move || is_shown.get()>
            <RecipePanel />
        </Show>
    }
}

#[component]
fn RecipePanel() -> impl IntoView {
    let state = use_app();
    let recipe = use_recipe();
    let n_operators = move || recipe.chain.get().map_or(0, |chain| chain.steps.len());
    let title = move || {
        let shown = recipe.shown();
        let n_measured = shown.as_ref().map_or(0, |o| o.n_measured);
        let rows_out = shown
            .as_ref()
            .and_then(|o| o.members.last())
            .map(|m| m.rows_out);
        let share = rows_out
            .filter(|_| n_measured > 0)
            .map(|rows| rows as f64 / n_measured as f64);
        let n_rows = shown.map_or(0, |o| o.n_rows);
        if n_measured < n_rows {
            text::title_so_far(share, n_measured, n_rows, n_operators())
        } else {
            text::title(share, n_rows, n_operators())
        }
    };
    let totals = move || {
        let shown = recipe.shown()?;
        let last = shown.members.last()?;
        let words_in = shown.members.first().map_or(0, |first| first.words_in);
        Some(text::totals(last.rows_out, last.words_out, words_in))
    };
    let button = move |id: &'static str, label: &'static str| {
        view! {
            <button
                type="button"
                class="button small"
                data-testid=format!("recipe-{id}")
                disabled=move || !commands::is_enabled(state, id)
                on:click=move |_| commands::run(state, id)
            >
                {label}
            </button>
        }
    };
    let body = move || match recipe.tab.get() {
        Tab::Funnel => view! { <Funnel /> }.into_any(),
        Tab::Why => view! { <Why /> }.into_any(),
        Tab::Groups => view! { <Groups /> }.into_any(),
        Tab::Corpus => view! { <Corpus /> }.into_any(),
        Tab::Dialects => view! { <Disagreement /> }.into_any(),
    };
    let tab_id = move || {
        let tab = recipe.tab.get();
        let found = TABS.iter().find(|(of, ..)| *of == tab);
        found.map_or_else(String::new, |(_, id, _)| format!("recipe-tab-{id}"))
    };
    view! {
        <section class="panel recipe" aria-labelledby="recipe-title" data-testid="recipe">
            <div class="recipe-head">
                <div class="recipe-heading">
                    <h2 class="panel-title" id="recipe-title" data-testid="recipe-title">{title}</h2>
                    <p class="panel-subtitle" data-testid="recipe-totals">{totals}</p>
                </div>
                <div class="recipe-tools">
                    {button("add-operator", text::CMD_ADD_OPERATOR)}
                    {button("import-recipe", text::CMD_IMPORT)}
                    {button("export-recipe", text::CMD_EXPORT)}
                </div>
            </div>
            <div class="recipe-bar">
                <Tabs />
                <Outputs />
            </div>
            <Measuring />
            <div class="recipe-body" role="tabpanel" id="recipe-body" aria-labelledby=tab_id>
                {body}
            </div>
        </section>
    }
}

#[component]
fn Tabs() -> impl IntoView {
    let recipe = use_recipe();
    let on_keydown = move |event: web_sys::KeyboardEvent| {
        let at = TABS
            .iter()
            .position(|(tab, ..)| *tab == recipe.tab.get_untracked())
            .unwrap_or(0);
        let n = TABS.len();
        let to = match event.key().as_str() {
            "ArrowRight" => (at + 1) % n,
            "ArrowLeft" => (at + n - 1) % n,
            "Home" => 0,
            "End" => n - 1,
            _ => return,
        };
        event.prevent_default();
        let (tab, id, _) = TABS[to];
        recipe.tab.set(tab);
        crate::platform::dialog::focus(&format!("recipe-tab-{id}"));
    };
    let tabs = TABS.map(|(tab, id, label)| {
        let is_shown = move || recipe.tab.get() == tab;
        view! {
            <button
                type="button"
                class="recipe-tab"
                role="tab"
                id=format!("recipe-tab-{id}")
                data-testid=format!("recipe-tab-{id}")
                aria-selected=move || is_shown().to_string()
                aria-controls="recipe-body"
                tabindex=move || if is_shown() { "0" } else { "-1" }
                on:click=move |_| recipe.tab.set(tab)
            >
                {label}
            </button>
        }
    });
    view! {
        <div class="recipe-tabs" role="tablist" aria-label=text::TABS on:keydown=on_keydown>{tabs}</div>
    }
}

/// Which of the recipe's outputs the table below shows.
#[component]
fn Outputs() -> impl IntoView {
    let state = use_app();
    let recipe = use_recipe();
    let outputs = [
        (KEPT, "kept", text::KEPT),
        (REMOVED, "removed", text::REMOVED),
        (LEDGER, "ledger", text::LEDGER),
    ];
    let buttons = outputs.map(|(port, id, label)| {
        let table = Memo::new(move |_| {
            let end = recipe.chain.get()?.end()?;
            Some(Ref::Step(end, port))
        });
        let is_shown = move || table.get().is_some() && state.current.get() == table.get();
        view! {
            <button
                type="button"
                class="segment"
                data-testid=format!("recipe-output-{id}")
                aria-pressed=move || is_shown().to_string()
                on:click=move |_| {
                    if let Some(table) = table.get_untracked() {
                        state.edit(page_text::LABEL_LOOK, |doc| edits::look_at(doc, table));
                    }
                }
            >
                {label}
            </button>
        }
    });
    view! { <div class="segments" role="group" aria-label=text::OUTPUTS>{buttons}</div> }
}

/// How far measuring is, or what keeps it from going on.
#[component]
fn Measuring() -> impl IntoView {
    let state = use_app();
    let recipe = use_recipe();
    let is_long = RwSignal::new(false);
    let delay = time::Debounce::new(SHOW_AFTER_MILLIS);
    let is_measuring = Memo::new(move |_| recipe.measuring(state).is_some());
    Effect::new(move |_| {
        if is_measuring.get() {
            delay.run(move || is_long.set(true));
        } else {
            delay.cancel();
            is_long.set(false);
        }
    });
    on_cleanup(move || delay.cancel());
    let progress = move || {
        let (id, progress) = recipe.measuring(state).filter(|_| is_long.get())?;
        let (said, share) = progress_of(recipe, progress);
        Some(view! {
            <div class="recipe-state" data-testid="recipe-progress">
                <span role="status">{said}</span>
                <progress max="1" prop:value=share.unwrap_or(0.0) class:unknown=share.is_none()
                    aria-label=text::TASK_MEASURE></progress>
                <button
                    type="button"
                    class="button small"
                    data-testid="recipe-cancel"
                    on:click=move |_| state.engine.cancel(id)
                >
                    {page_text::CANCEL}
                </button>
            </div>
        })
    };
    let problem = move || {
        if let Some(failure) = recipe.failure.get() {
            return Some(again(recipe, page_text::sentence(&failure), true).into_any());
        }
        let is_stopped = recipe.is_stopped.get() && !is_measuring.get();
        is_stopped.then(|| again(recipe, stopped(recipe), false).into_any())
    };
    let notes = move || {
        let shown = recipe.shown()?;
        (!shown.notes.is_empty()).then(|| {
            let notes = shown
                .notes
                .iter()
                .map(|note| view! { <li>{note.clone()}</li> });
            view! { <ul class="plain-list recipe-notes muted">{notes.collect_view()}</ul> }
        })
    };
    view! { {progress} {problem} {notes} }
}

fn progress_of(
    recipe: RecipeState,
    progress: Option<sluice_protocol::message::Progress>,
) -> (String, Option<f64>) {
    let partial = recipe.shown().filter(|o| o.n_measured < o.n_rows);
    let share = match (&progress, &partial) {
        (Some(progress), _) if progress.total > 0 => {
            Some(progress.done as f64 / progress.total as f64)
        }
        (_, Some(o)) => Some(o.n_measured as f64 / o.n_rows.max(1) as f64),
        _ => None,
    };
    let share = share.map(|share| share.clamp(0.0, 1.0));
    let stage = progress.map(|progress| progress.stage);
    let stage = stage.filter(|stage| !stage.is_empty());
    let mut said = stage.map_or_else(
        || text::TASK_MEASURE.to_owned(),
        |stage| page_text::sentence(&stage),
    );
    if let Some(share) = share {
        said = format!("{said} · {}", format::percent(share));
    }
    // The stage may be another one than that which the counts are of.
    if let Some(o) = partial {
        said = format!("{said} · {}", text::counts_of_first(o.n_measured, o.n_rows));
    }
    (said, share)
}

fn stopped(recipe: RecipeState) -> String {
    match recipe.shown() {
        Some(o) if o.n_measured < o.n_rows => {
            let counts = text::counts_of_first(o.n_measured, o.n_rows);
            format!("{}; {counts}", text::STOPPED)
        }
        _ => text::STOPPED.to_owned(),
    }
}

fn again(recipe: RecipeState, said: String, is_bad: bool) -> impl IntoView {
    view! {
        <div class="recipe-state" class:bad=is_bad role="alert" data-testid="recipe-problem">
            <span>{said}</span>
            {is_bad.then(|| view! { <MissingColumn /> })}
            <button type="button" class="link-button" on:click=move |_| recipe.measure_again()>
                {text::MEASURE_AGAIN}
            </button>
        </div>
    }
}

/// The title of a step's operation; its name where it is not known here.
pub fn title_of(state: AppState, step: sluice_analysis::StepId) -> String {
    let op = state
        .doc
        .with(|doc| doc.step(step).map(|step| step.op.clone()));
    let op = op.unwrap_or_default();
    state.engine.operation(&op).map_or(op, |spec| spec.title)
}
