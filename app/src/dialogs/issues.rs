//! What could not be read as it is: file, row, column, reason.

use leptos::prelude::*;
use sluice_analysis::Ref;
use sluice_protocol::load::LoadIssue;
use sluice_protocol::message::{Request, Response};

use super::modal::Modal;
use crate::state::slot::Slot;
use crate::state::use_app;
use crate::{format, text};

const PAGE_ROWS: u32 = 100;

#[component]
pub fn Issues(table: Ref) -> impl IntoView {
    let state = use_app();
    let found = RwSignal::new(Vec::<LoadIssue>::new());
    let total = RwSignal::new(0_u64);
    let slot = Slot::new();
    let more = move || {
        let start = found.with_untracked(Vec::len) as u64;
        let body = Request::Issues {
            table,
            start,
            count: PAGE_ROWS,
        };
        slot.ask(state.engine, None, body, move |answer| match answer {
            Ok(Response::Issues { total: all, issues }) => {
                total.set(all);
                found.update(|found| found.extend(issues));
            }
            Ok(_) => {}
            Err(failure) => state.report(&failure),
        });
    };
    more();
    let rows = move || {
        found
            .get()
            .into_iter()
            .map(|issue| {
                view! {
                    <tr>
                        <td class="number">{issue.row.map_or_else(|| "–".to_owned(), format::count)}</td>
                        <td>{issue.column.unwrap_or_default()}</td>
                        <td>{issue.reason}</td>
                        <td class="muted">{issue.file}</td>
                    </tr>
                }
            })
            .collect_view()
    };
    view! {
        <Modal title=text::ISSUES_TITLE class="dialog wide">
            <div class="dialog-body">
                <p>{move || text::issues_sentence(total.get())}</p>
                <div class="scroll-box" tabindex="0" role="region" aria-label=text::ISSUES_TITLE>
                    <table class="list-table">
                        <thead>
                            <tr>
                                <th scope="col" class="number">{text::LINE}</th>
                                <th scope="col">{text::COLUMN}</th>
                                <th scope="col">{text::REASON}</th>
                                <th scope="col">{text::FILE}</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
                <Show when=move || { (found.with(Vec::len) as u64) < total.get() }>
                    <button type="button" class="button" on:click=move |_| more()>{text::SHOW_MORE}</button>
                </Show>
            </div>
        </Modal>
    }
}
