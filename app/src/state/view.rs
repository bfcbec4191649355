//! How many rows the pills and the selection leave, and every column's distribution under them.

use std::collections::BTreeMap;

use leptos::prelude::*;
use sluice_analysis::Selection;
use sluice_protocol::message::{Request, Response};
use sluice_protocol::profile::Distribution;

use super::slot::Slot;
use super::tables::Status;
use super::{AppState, Shared};
use crate::text;

/// Columns whose distributions are asked for at once; the others come when they are looked at.
const MAX_COLUMNS: usize = 60;

#[derive(Clone, Copy)]
pub struct ViewState {
    /// `None` without pills: all rows are in view.
    pub rows_in_view: RwSignal<Option<u64>>,
    /// Under the pills, by column; empty without pills.
    pub distributions: RwSignal<Shared<BTreeMap<String, Distribution>>>,
    pub n_selected: RwSignal<Option<u64>>,
    distribution_slot: Slot,
    selection_slot: Slot,
}

impl ViewState {
    pub fn new() -> Self {
        Self {
            rows_in_view: RwSignal::new(None),
            distributions: RwSignal::new(Shared::default()),
            n_selected: RwSignal::new(None),
            distribution_slot: Slot::new(),
            selection_slot: Slot::new(),
        }
    }

    /// One column's distribution under the pills.
    pub fn under(self, column: &str) -> Option<Distribution> {
        self.distributions.with(|all| all.get(column).cloned())
    }
}

/// Keeps the counts up with the document.
pub fn start(state: AppState) {
    let pills = Memo::new(move |_| state.doc.with(|doc| doc.view.pills.clone()));
    let selection = Memo::new(move |_| state.doc.with(|doc| doc.view.selection.clone()));
    let ready = Memo::new(move |_| {
        let table = state.current.get()?;
        let now = state.tables.get(table)?;
        (now.status == Status::Ready).then_some((table, now.key))
    });
    // Columns that have bars to count: those profiled so far.
    let columns = Memo::new(move |_| {
        let table = state
            .current
            .get()
            .and_then(|table| state.tables.get(table));
        let names = |table: super::tables::TableState| -> Vec<String> {
            let info = table.info.clone();
            let known = info
                .iter()
                .flat_map(|info| info.columns.iter().map(|c| c.name.clone()));
            known
                .filter(|name| table.columns.contains_key(name))
                .take(MAX_COLUMNS)
                .collect()
        };
        table
            .filter(|table| !table.is_profiling || table.profile.is_some())
            .map(names)
            .unwrap_or_default()
    });

    Effect::new(move |_| {
        let view = state.view;
        let (Some((table, _)), pills, columns) = (ready.get(), pills.get(), columns.get()) else {
            return;
        };
        if pills.is_empty() {
            view.distribution_slot.drop_running();
            view.rows_in_view.set(None);
            view.distributions.set(Shared::default());
            return;
        }
        let body = Request::Distributions {
            table,
            pills,
            columns,
        };
        let label = Some(text::TASK_DISTRIBUTIONS.to_owned());
        view.distribution_slot
            .ask(state.engine, label, body, move |answer| match answer {
                Ok(Response::Distributions {
                    rows_in_view,
                    columns,
                }) => {
                    let by_name = columns.into_iter().map(|d| (d.column.clone(), d));
                    view.distributions
                        .set(by_name.collect::<BTreeMap<_, _>>().into());
                    view.rows_in_view.set(Some(rows_in_view));
                    let total = state
                        .tables
                        .get_untracked(table)
                        .and_then(|t| t.rows())
                        .unwrap_or(0);
                    state.ui.says.set(text::rows_match(rows_in_view, total));
                }
                Ok(_) => {}
                Err(failure) => state.report(&failure),
            });
    });

    Effect::new(move |_| {
        let view = state.view;
        let (ready, pills, selection) = (ready.get(), pills.get(), selection.get());
        let Some((table, _)) = ready.filter(|_| selection != Selection::None) else {
            view.selection_slot.drop_running();
            view.n_selected.set(None);
            return;
        };
        let body = Request::CountSelection {
            table,
            pills,
            selection,
        };
        view.selection_slot
            .ask(state.engine, None, body, move |answer| {
                if let Ok(Response::Count(n)) = answer {
                    view.n_selected.set(Some(n));
                }
            });
    });
}
