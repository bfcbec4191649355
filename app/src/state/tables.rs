//! Tables as they are now: reading, ready, failed; and as much of their profile as has arrived.

use std::collections::BTreeMap;
use std::sync::Arc;

use leptos::prelude::*;
use sluice_analysis::Ref;
use sluice_protocol::load::{ColumnType, TableInfo};
use sluice_protocol::message::Failure;
use sluice_protocol::profile::{Alert, ColumnProfile, TableProfile};

use super::Shared;

#[derive(Clone, Debug, Default, PartialEq)]
pub enum Status {
    #[default]
    Waiting,
    Loading,
    Ready,
    /// The person stopped it; what was there before stays.
    Stopped,
    Failed(Failure),
    FileMissing,
}

/// Columns profiled so far, by name.
pub type Columns = BTreeMap<String, Shared<ColumnProfile>>;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct TableState {
    /// Names the content that was asked for last; see [`super::keys`].
    pub key: u64,
    pub status: Status,
    /// Of the last successful reading, also while a newer one runs.
    pub info: Option<Shared<TableInfo>>,
    pub columns: Shared<Columns>,
    /// `None` until the table was profiled as a whole.
    pub profile: Option<Shared<TableProfile>>,
    /// The content that the profile is of, or is being computed of.
    pub profile_key: u64,
    pub is_profiling: bool,
    /// How often profiling this content took the engine down.
    pub n_profile_crashes: u32,
}

/// Everything worth a look: of the table as a whole, then column by column.
pub fn all_alerts(profile: &TableProfile) -> Vec<Alert> {
    let mut alerts = profile.alerts.clone();
    let of_columns = profile
        .columns
        .iter()
        .flat_map(|column| column.alerts.iter());
    for alert in of_columns {
        if !alerts.contains(alert) {
            alerts.push(alert.clone());
        }
    }
    alerts
}

impl TableState {
    pub fn column(&self, name: &str) -> Option<Shared<ColumnProfile>> {
        self.columns.get(name).cloned()
    }

    pub fn column_type(&self, name: &str) -> Option<ColumnType> {
        let info = self.info.as_ref()?;
        info.columns
            .iter()
            .find(|column| column.name == name)
            .map(|column| column.column_type)
    }

    pub fn rows(&self) -> Option<u64> {
        self.info.as_ref().map(|info| info.rows)
    }
}

#[derive(Clone, Copy)]
pub struct Tables {
    all: RwSignal<BTreeMap<Ref, TableState>>,
}

impl Tables {
    pub fn new() -> Self {
        Self {
            all: RwSignal::default(),
        }
    }

    pub fn get(self, table: Ref) -> Option<TableState> {
        self.all.with(|all| all.get(&table).cloned())
    }

    pub fn get_untracked(self, table: Ref) -> Option<TableState> {
        self.all.with_untracked(|all| all.get(&table).cloned())
    }

    /// Changes the state of a table if it is still about the content `key`.
    pub fn update(self, table: Ref, key: u64, change: impl FnOnce(&mut TableState)) {
        let is_current = self
            .all
            .with_untracked(|all| all.get(&table).is_some_and(|state| state.key == key));
        if is_current {
            self.all.update(|all| {
                if let Some(state) = all.get_mut(&table) {
                    change(state);
                }
            });
        }
    }

    /// Begins reading the content `key`; false if that was already begun.
    pub fn begin(self, table: Ref, key: u64) -> bool {
        let begun = self.all.with_untracked(|all| {
            all.get(&table)
                .is_some_and(|state| state.key == key && state.status != Status::Waiting)
        });
        if !begun {
            self.all.update(|all| {
                let state = all.entry(table).or_default();
                if state.key != key {
                    state.n_profile_crashes = 0;
                }
                state.key = key;
                state.status = Status::Loading;
            });
        }
        !begun
    }

    /// Makes the next pass read this table again.
    pub fn retry(self, table: Ref) {
        self.all.update(|all| {
            if let Some(state) = all.get_mut(&table) {
                state.status = Status::Waiting;
            }
        });
    }

    /// Makes the next pass read every table again: the worker that had them is gone.
    pub fn retry_all(self) {
        self.all.update(|all| {
            for state in all.values_mut() {
                state.status = Status::Waiting;
                state.profile_key = 0;
            }
        });
    }

    pub fn retain(self, wanted: &[Ref]) {
        let is_stale = self
            .all
            .with_untracked(|all| all.keys().any(|table| !wanted.contains(table)));
        if is_stale {
            self.all
                .update(|all| all.retain(|table, _| wanted.contains(table)));
        }
    }

    pub fn clear(self) {
        self.all.set(BTreeMap::new());
    }

    pub fn put_columns(self, table: Ref, key: u64, found: Vec<ColumnProfile>) {
        if found.is_empty() {
            return;
        }
        self.update(table, key, |state| {
            let columns = Arc::make_mut(&mut state.columns.0);
            columns.extend(
                found
                    .into_iter()
                    .map(|column| (column.name.clone(), column.into())),
            );
        });
    }

    pub fn put_profile(self, table: Ref, key: u64, profile: TableProfile) {
        self.update(table, key, |state| {
            let columns = profile.columns.iter().cloned();
            let columns: Columns = columns.map(|c| (c.name.clone(), c.into())).collect();
            state.columns = columns.into();
            state.profile = Some(profile.into());
        });
    }
}
