//! Asks the engine for the tables that the document has, and for the profiles of those looked at.

use std::collections::BTreeMap;

use leptos::prelude::*;
use leptos::task::spawn_local;
use sluice_analysis::{Analysis, Origin, Panel, Ref, Step};
use sluice_protocol::message::{Failure, FailureKind, ProfileLevel, Request, Response};

use super::AppState;
use super::keys::table_keys;
use super::slot::{Slot, is_worth_telling};
use super::tables::Status;
use super::ui::Dialog;
use crate::recipe::is_operator;
use crate::recipe::text as recipe_text;
use crate::text;

/// Each showing draws every heading anew, on a core that the profile could use; the last column is never held back.
const COLUMNS_DELAY: std::time::Duration = std::time::Duration::from_millis(250);

/// Once may be chance; a table that takes the engine down twice is not profiled again, or it would for ever.
const MAX_PROFILE_CRASHES: u32 = 2;

/// Starts the effects that keep tables and profiles up with the document.
pub fn start(state: AppState) {
    let keys = Memo::new(move |_| {
        let attached = state.sources.attached.get();
        state.doc.with(|doc| table_keys(doc, &attached))
    });
    // The tables on screen first: the engine answers in the order of asking.
    let wanted = Memo::new(move |_| {
        let (current, compare) = (state.current.get(), state.compare.get());
        let unread = state.doc.with(|doc| unread_tables(doc));
        let mut wanted: Vec<(Ref, u64)> = keys
            .get()
            .into_iter()
            .filter(|(table, _)| !unread.contains(table) || Some(*table) == current)
            .collect();
        wanted.sort_by_key(|(table, _)| (Some(*table) != current, Some(*table) != compare));
        wanted
    });
    let reading = StoredValue::new(BTreeMap::<Ref, Slot>::new());
    // What an effect makes goes when it runs again; the slots stay.
    let owner = Owner::current().unwrap_or_default();

    Effect::new(move |_| {
        let wanted = wanted.get();
        state
            .tables
            .retain(&wanted.iter().map(|(table, _)| *table).collect::<Vec<_>>());
        // Seen here so that a table put back to waiting is asked for again.
        let waiting: Vec<bool> = wanted
            .iter()
            .map(|(t, _)| state.table(*t).is_none_or(|t| t.status == Status::Waiting))
            .collect();
        if !state.engine.is_ready.get() {
            return;
        }
        for ((table, key), waiting) in wanted.into_iter().zip(waiting) {
            let changed = state
                .tables
                .get_untracked(table)
                .is_none_or(|state| state.key != key);
            if waiting || changed {
                read(state, slot_of(&owner, reading, table), table, key);
            }
        }
    });

    let profile_slots = [Slot::new(), Slot::new()];
    let places = [state.current, state.compare];
    for (slot, place) in profile_slots.into_iter().zip(places) {
        let due = Memo::new(move |_| {
            let table = place.get()?;
            let now = state.table(table)?;
            (now.status == Status::Ready).then_some((table, now.key))
        });
        Effect::new(move |_| {
            state.engine.restarts.track();
            if let Some((table, key)) = due.get() {
                profile(state, slot, table, key);
            }
        });
    }
}

/// Tables that are asked for only when someone looks at them: those of steps that are off, and those inside of a
/// recipe, whose counts come with the whole recipe at no cost.
fn unread_tables(doc: &Analysis) -> Vec<Ref> {
    let is_inside = |step: &Step| {
        let reads_it = |next: &&Step| next.inputs.first() == Some(&Ref::Step(step.id, 0));
        let shown = |panel: &Panel| [Some(panel.a), panel.b].contains(&Some(Ref::Step(step.id, 0)));
        is_operator(&step.op)
            && doc
                .steps
                .iter()
                .filter(reads_it)
                .any(|next| is_operator(&next.op))
            && !doc.panels.iter().any(shown)
            && doc.view.compare != Some(Ref::Step(step.id, 0))
    };
    let unread = doc
        .steps
        .iter()
        .filter(|step| !step.enabled || is_inside(step));
    unread.map(|step| Ref::Step(step.id, 0)).collect()
}

fn slot_of(owner: &Owner, slots: StoredValue<BTreeMap<Ref, Slot>>, table: Ref) -> Slot {
    let known = slots.with_value(|slots| slots.get(&table).copied());
    known.unwrap_or_else(|| {
        let slot = owner.with(Slot::new);
        slots.update_value(|slots| {
            slots.insert(table, slot);
        });
        slot
    })
}

fn read(state: AppState, slot: Slot, table: Ref, key: u64) {
    if !state.tables.begin(table, key) {
        return;
    }
    if let Ref::Source(id) = table
        && state.sources.needs_files(&state.doc.get_untracked(), id)
    {
        return state
            .tables
            .update(table, key, |table| table.status = Status::FileMissing);
    }
    let name = untrack(|| state.name_of(table));
    let label = match table {
        Ref::Source(_) => text::task_reading(&name),
        Ref::Step(..) => text::task_running(&name),
    };
    slot.ask(
        state.engine,
        Some(label),
        Request::Evaluate { table },
        move |answer| match answer {
            Ok(Response::Table(info)) => {
                let rows = info.rows;
                state.tables.update(table, key, |table| {
                    table.info = Some((*info).into());
                    table.status = Status::Ready;
                });
                if state.current.get_untracked() == Some(table) {
                    state.ui.says.set(text::table_ready(&name, rows));
                }
            }
            Ok(_) => {}
            Err(failure) => failed(state, table, key, failure),
        },
    );
}

fn failed(state: AppState, table: Ref, key: u64, failure: Failure) {
    if failure.kind == FailureKind::Cancelled && matches!(table, Ref::Step(..)) {
        // The funnel asked for the same run.
        state.engine.cancel_labelled(recipe_text::TASK_MEASURE);
    }
    let status = match failure.kind {
        FailureKind::Cancelled => Status::Stopped,
        FailureKind::FileMissing => Status::FileMissing,
        _ => Status::Failed(failure.clone()),
    };
    state
        .tables
        .update(table, key, |table| table.status = status);
    let Ref::Source(id) = table else { return };
    match failure.kind {
        // Several files dropped together were taken for parts of one table; they are not.
        FailureKind::BadInput if state.sources.was_dropped_together(id) => state.split(id),
        FailureKind::TooLarge => spawn_local(async move {
            let asked = state.engine.ask(
                Some(text::TASK_ESTIMATE.to_owned()),
                Request::Estimate { source: id },
            );
            match asked.answer.await {
                Ok(Response::Estimate(estimate)) => state.ui.open(Dialog::TooLarge(id, estimate)),
                Ok(_) => {}
                Err(failure) => state.report(&failure),
            }
        }),
        _ => {}
    }
}

fn profile(state: AppState, slot: Slot, table: Ref, key: u64) {
    let is_begun = state
        .tables
        .get_untracked(table)
        .is_some_and(|now| now.profile_key == key);
    if is_begun {
        return;
    }
    state.tables.update(table, key, |table| {
        table.profile_key = key;
        table.is_profiling = true;
    });
    // Columns of a wide table come faster than the screen can follow: they are shown some at a time.
    let arrived = ArcStoredValue::new(Vec::new());
    let put = move |part: Response| match part {
        Response::Column(column) => {
            let is_first = arrived.try_update_value(|arrived| {
                arrived.push(*column);
                arrived.len() == 1
            });
            if is_first == Some(true) {
                let arrived = arrived.clone();
                let show = move || {
                    let columns = arrived.try_update_value(std::mem::take).unwrap_or_default();
                    state.tables.put_columns(table, key, columns);
                };
                set_timeout(show, COLUMNS_DELAY);
            }
        }
        Response::Profile(profile) => {
            arrived.update_value(Vec::clear);
            state.tables.put_profile(table, key, *profile);
        }
        _ => {}
    };
    let put_last = put.clone();
    let name = untrack(|| state.name_of(table));
    let body = Request::Profile {
        table,
        pills: Vec::new(),
        level: ProfileLevel::Full,
    };
    slot.ask_stream(
        state.engine,
        Some(text::task_profiling(&name)),
        body,
        put,
        move |answer| {
            let is_cancelled = answer
                .as_ref()
                .is_err_and(|failure| failure.kind == FailureKind::Cancelled);
            let has_crashed = answer
                .as_ref()
                .is_err_and(|failure| failure.kind == FailureKind::EngineLost);
            match answer {
                Ok(answer) => put_last(answer),
                Err(failure) => state.report(&failure),
            }
            state.tables.update(table, key, |table| {
                table.is_profiling = false;
                if has_crashed {
                    table.n_profile_crashes += 1;
                    if table.n_profile_crashes >= MAX_PROFILE_CRASHES {
                        table.profile_key = key;
                    }
                }
                if is_cancelled && table.profile.is_none() {
                    table.profile_key = 0;
                }
            });
            // Hashing reads the whole file again: it waits until the person has what they look at.
            if let Ref::Source(id) = table {
                state.identify(id);
            }
        },
    );
}

impl AppState {
    /// Tells a failure that no place on the screen shows.
    pub fn report(self, failure: &Failure) {
        if is_worth_telling(failure.kind) {
            self.ui.warn(failure.message.clone());
        }
    }

    /// The name of a table for people.
    pub fn name_of(self, table: Ref) -> String {
        self.doc.with(|doc| match table {
            Ref::Source(id) => doc
                .source(id)
                .map(|source| source.name.clone())
                .unwrap_or_default(),
            Ref::Step(id, port) => {
                let op = doc.step(id).map(|step| step.op.clone()).unwrap_or_default();
                let place = doc
                    .steps
                    .iter()
                    .position(|step| step.id == id)
                    .map_or(0, |i| i + 1);
                let title = self.engine.operation(&op).map_or(op, |spec| spec.title);
                recipe_text::port(text::step_name(place, &title), port)
            }
        })
    }

    /// Whether a source's data has to be offered or fetched by the person.
    pub fn is_outside(self, table: Ref) -> bool {
        let Ref::Source(id) = table else { return false };
        self.doc.with(|doc| {
            let origin = doc.source(id).map(|source| &source.origin);
            matches!(origin, Some(Origin::Files(_) | Origin::Url { .. }))
        })
    }
}
