//! The bottom line: rows, selection, memory, compute, and what is running.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::format;
use crate::platform::{gpu, time};
use crate::state::use_app;
use crate::text;

/// Shorter tasks are over before anyone could read about them.
const SHOW_AFTER_MILLIS: u64 = 100;

#[component]
pub fn StatusBar() -> impl IntoView {
    let state = use_app();
    // Asked once, when the page has nothing better to do.
    Effect::new(move |_| {
        if state.engine.is_ready.get() && state.ui.no_adapter.get_untracked().is_none() {
            spawn_local(async move { state.ui.no_adapter.set(Some(gpu::missing_adapter().await)) });
        }
    });
    let rows = move || {
        let info = state.info()?;
        let (shown, rest) = match state.view.rows_in_view.get() {
            Some(rows) => (format::count(rows), text::of_rows(info.rows)),
            None => (
                format::count(info.rows),
                text::rows_word(info.rows).to_owned(),
            ),
        };
        Some(
            view! { <span class="status-item" data-testid="status-rows"><b>{shown}</b>" "{rest}</span> },
        )
    };
    let selection = move || {
        state.info()?;
        let n = state.view.n_selected.get().unwrap_or(0);
        Some(view! {
            <span class="status-item wide-only">{text::SELECTION}" "<b>{format::count(n)}</b></span>
        })
    };
    let memory = move || {
        let status = state.engine.status.get();
        (status.memory_bytes > 0).then(|| {
            view! {
                <span class="status-item wide-only">
                    {text::MEMORY}" "<b>{format::bytes(status.memory_bytes)}</b>
                    {(status.memory_limit_bytes > 0)
                        .then(|| format!(" {} {}", text::OF, format::bytes(status.memory_limit_bytes)))}
                </span>
            }
        })
    };
    let compute = move || {
        let status = state.engine.status.get();
        let gpu = match state.ui.no_adapter.get() {
            Some(Some(reason)) => format!(" · {reason}"),
            Some(None) => text::GPU_READY.to_owned(),
            None => String::new(),
        };
        view! {
            <span class="status-item wide-only" data-testid="status-compute">
                {text::COMPUTE}" "<b>{text::cpu(status.n_workers.max(1))}</b>{gpu}
            </span>
        }
    };
    view! {
        <footer class="status" aria-label=text::STATUS>
            {rows} {selection} {memory} {compute} <RunningTask />
        </footer>
    }
}

#[component]
fn RunningTask() -> impl IntoView {
    let state = use_app();
    let task = Memo::new(move |_| state.engine.foremost());
    let id = Memo::new(move |_| task.get().map(|(id, _)| id));
    let shown = RwSignal::new(None);
    let delay = time::Debounce::new(SHOW_AFTER_MILLIS);
    Effect::new(move |_| match id.get() {
        Some(id) => delay.run(move || shown.set(Some(id))),
        None => {
            delay.cancel();
            shown.set(None);
        }
    });
    let line = move || {
        let (id, task) = task.get().filter(|(id, _)| shown.get() == Some(*id))?;
        let label = task.label.unwrap_or_default();
        let progress = task.progress.filter(|progress| progress.total > 0);
        let share = progress
            .as_ref()
            .map(|p| (p.done as f64 / p.total as f64).clamp(0.0, 1.0));
        let said = match share {
            Some(share) => format!("{label} · {}", format::percent(share)),
            None => label.clone(),
        };
        Some(view! {
            <span class="task" data-testid="task">
                <span class="task-label">{said}</span>
                <progress class="task-progress" max="1" prop:value=share.unwrap_or(0.0) aria-label=label
                    class:unknown=share.is_none()></progress>
                <button
                    type="button"
                    class="button small"
                    data-testid="cancel"
                    on:click=move |_| state.engine.cancel(id)
                >
                    {text::CANCEL}
                </button>
            </span>
        })
    };
    view! { {line} }
}
