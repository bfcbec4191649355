//! One source in the rail.

use leptos::prelude::*;
use sluice_analysis::{Ref, SourceId};

use super::format_line::format_line;
use super::icon::{self, icon};
use super::rail::side;
use crate::state::tables::Status;
use crate::state::ui::Dialog;
use crate::state::{edits, use_app};
use crate::{format, text};

#[component]
pub fn SourceItem(id: SourceId) -> impl IntoView {
    let state = use_app();
    let table = Ref::Source(id);
    let now = Memo::new(move |_| state.table(table));
    let name = Memo::new(move |_| {
        state.doc.with(|doc| {
            doc.source(id)
                .map(|source| source.name.clone())
                .unwrap_or_default()
        })
    });
    let is_current = move || state.current.get() == Some(table);
    let side = Memo::new(move |_| side(state, table));
    let rows = move || now.get().and_then(|now| now.rows()).map(text::rows);
    let square = move || {
        let side = side.get();
        let shown = side.filter(|_| state.compare.get().is_some());
        view! {
            <span class="square" class:a=side == Some('A') class:b=side == Some('B') aria-hidden="true"></span>
            {shown.map(|side| view! { <span class="visually-hidden">{text::side(side)}</span> })}
        }
    };
    let line = move || {
        let info = now.get().and_then(|now| now.info)?;
        let n_issues = info.n_issues;
        Some(view! {
            <div class="source-facts">
                <button
                    type="button"
                    class="link-button format-line"
                    title=text::CHANGE_READING
                    data-testid="format-line"
                    on:click=move |_| state.ui.open(Dialog::LoadOptions(id))
                >
                    {format_line(&info)}
                </button>
                {(n_issues > 0).then(|| view! {
                    <button
                        type="button"
                        class="link-button warning"
                        data-testid="issues"
                        on:click=move |_| state.ui.open(Dialog::Issues(table))
                    >
                        {text::issues(n_issues)}
                    </button>
                })}
            </div>
        })
    };
    view! {
        <li class="source" class:current=is_current data-testid="source">
            <div class="source-row">
                <button
                    type="button"
                    class="source-main"
                    aria-current=move || is_current().then_some("true")
                    on:click=move |_| state.edit(text::LABEL_LOOK, |doc| edits::look_at(doc, table))
                >
                    {square}
                    <span class="source-name" title=move || name.get()>{move || name.get()}</span>
                    <span class="source-rows">{rows}</span>
                </button>
                <button
                    type="button"
                    class="icon-button on-hover"
                    aria-label=move || text::remove(&name.get())
                    title=text::LABEL_REMOVE_SOURCE
                    on:click=move |_| drop(state.edit(text::LABEL_REMOVE_SOURCE, |doc| doc.remove_source(id)))
                >
                    {icon(icon::CLOSE)}
                </button>
            </div>
            {line}
            <TableStatus table=table />
        </li>
    }
}

/// What keeps a table from being ready, and what to do about it.
#[component]
pub fn TableStatus(table: Ref) -> impl IntoView {
    let state = use_app();
    let status = Memo::new(move |_| state.table(table).map(|now| now.status).unwrap_or_default());
    let retry = move |label: &'static str| {
        view! {
            <button type="button" class="link-button" on:click=move |_| state.tables.retry(table)>
                {label}
            </button>
        }
    };
    let line = move || {
        match status.get() {
        Status::Ready | Status::Waiting => None,
        Status::Loading => Some(
            view! {
                <div class="table-status" data-testid="loading">
                    <progress class="thin-progress" max="1" aria-label=text::READING></progress>
                </div>
            }
            .into_any(),
        ),
        Status::Stopped => Some(
            view! { <div class="table-status"><span>{text::STOPPED}</span> {retry(text::READ_AGAIN)}</div> }
                .into_any(),
        ),
        Status::FileMissing => Some(
            view! { <div class="table-status warning">{text::FILE_NEEDED}</div> }.into_any(),
        ),
        Status::Failed(failure) => Some(
            view! {
                <div class="table-status bad" role="alert" data-testid="table-failed">
                    <span>{text::sentence(&failure.message)}</span>
                    {retry(text::TRY_AGAIN)}
                </div>
            }
            .into_any(),
        ),
    }
    };
    view! { {line} }
}

/// Share of the input's rows that came out, as a thin bar with its number.
pub fn result_bar(rows_out: u64, rows_in: u64) -> impl IntoView {
    let share = if rows_in == 0 {
        1.0
    } else {
        rows_out as f64 / rows_in as f64
    };
    view! {
        <span class="result-bar" aria-hidden="true">
            <span class="result-kept" style:width=format!("{:.1}%", share.min(1.0) * 100.0)></span>
        </span>
        <span class="visually-hidden">{text::rows_out_of(&format::count(rows_out), &format::count(rows_in))}</span>
    }
}
