//! What the page knows of the recipe on screen: the funnel as it is, and as it would be with other limits.

use leptos::prelude::*;
use sluice_analysis::{Params, Ref, StepId};
use sluice_protocol::message::{FailureKind, Progress, Request, RequestId, Response};
use sluice_protocol::recipe::{MemberOverview, RecipeAnswer, RecipeOverview, RecipeQuery};

use super::chain::{self, Chain};
use super::text;
use crate::state::keys::table_keys;
use crate::state::slot::{Slot, is_worth_telling};
use crate::state::tables::Status;
use crate::state::ui::Focus;
use crate::state::{AppState, Shared};
use crate::text as page_text;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    #[default]
    Funnel,
    Why,
    Groups,
    Corpus,
    Dialects,
}

/// Handles; copies are the same state. It lives as long as the page.
#[derive(Clone, Copy)]
pub struct RecipeState {
    pub chain: Memo<Option<Chain>>,
    /// The recipe's end and what determines its content.
    pub content: Memo<Option<(Ref, u64)>>,
    /// Of the document's recipe; of an older one while a newer is measured.
    overview: RwSignal<Option<Shared<RecipeOverview>>>,
    /// With the parameters tried now.
    tried: RwSignal<Option<Shared<RecipeOverview>>>,
    /// Why there is no newer overview.
    pub failure: RwSignal<Option<String>>,
    pub is_stopped: RwSignal<bool>,
    pub opened: RwSignal<Option<StepId>>,
    pub tab: RwSignal<Tab>,
    /// A row of the recipe's input that is asked about instead of the one the grid is on.
    pub picked_row: RwSignal<Option<u64>>,
    /// Parameters on trial, of the operator whose handle is held.
    pub draft: RwSignal<Option<(StepId, Params)>>,
    again: RwSignal<u32>,
    slot: Slot,
    trial: Trial,
}

/// One question at a time about parameters on trial: a newer one waits, and replaces the one that waited.
#[derive(Clone, Copy)]
struct Trial {
    is_asking: StoredValue<bool>,
    waiting: StoredValue<Option<(StepId, Params)>>,
    /// Answers to questions of an earlier turn are dropped.
    turn: StoredValue<u64>,
}

impl RecipeState {
    pub fn new(state: AppState) -> Self {
        let chain = Memo::new(move |_| {
            let current = state.current.get()?;
            state.doc.with(|doc| chain::chain_of(doc, current))
        });
        let content = Memo::new(move |_| {
            let end = chain.get()?.table();
            let attached = state.sources.attached.get();
            let keys = state.doc.with(|doc| table_keys(doc, &attached));
            keys.into_iter().find(|(table, _)| *table == end)
        });
        Self {
            chain,
            content,
            overview: RwSignal::new(None),
            tried: RwSignal::new(None),
            failure: RwSignal::new(None),
            is_stopped: RwSignal::new(false),
            opened: RwSignal::new(None),
            tab: RwSignal::new(Tab::Funnel),
            picked_row: RwSignal::new(None),
            draft: RwSignal::new(None),
            again: RwSignal::new(0),
            slot: Slot::new(),
            trial: Trial {
                is_asking: StoredValue::new(false),
                waiting: StoredValue::new(None),
                turn: StoredValue::new(0),
            },
        }
    }

    /// What the funnel shows.
    pub fn shown(self) -> Option<Shared<RecipeOverview>> {
        self.tried.get().or_else(|| self.overview.get())
    }

    /// Whether counts are of the first rows only, because measuring goes on or was stopped.
    pub fn is_partial(self) -> bool {
        self.shown().is_some_and(|o| o.n_measured < o.n_rows)
    }

    pub fn member(self, step: StepId) -> Option<MemberOverview> {
        let found = |overview: &RecipeOverview| {
            let mut members = overview.members.iter();
            members.find(|member| member.step == step.0).cloned()
        };
        self.shown().and_then(|overview| found(&overview))
    }

    /// Measures again after the person had stopped it.
    pub fn measure_again(self) {
        self.again.update(|n| *n += 1);
    }

    /// The measuring under way.
    pub fn measuring(self, state: AppState) -> Option<(RequestId, Option<Progress>)> {
        state.engine.running.with(|running| {
            let found = running
                .iter()
                .find(|(_, task)| task.label.as_deref() == Some(text::TASK_MEASURE));
            found.map(|(id, task)| (*id, task.progress.clone()))
        })
    }

    /// Shows what the recipe would do with other parameters of a step.
    pub fn try_params(self, state: AppState, step: StepId, params: Params) {
        self.draft.set(Some((step, params.clone())));
        self.trial.waiting.set_value(Some((step, params)));
        if !self.trial.is_asking.get_value() {
            self.ask_tried(state);
        }
    }

    /// Writes the parameters on trial into the document, as one edit.
    pub fn commit(self, state: AppState, label: &str) {
        let Some((step, params)) = self.draft.get_untracked() else {
            return;
        };
        self.trial.waiting.set_value(None);
        self.trial.turn.update_value(|turn| *turn += 1);
        self.set_params(state, label, step, params);
        self.draft.set(None);
    }

    /// Forgets the parameters on trial.
    pub fn abandon(self) {
        self.trial.waiting.set_value(None);
        self.trial.turn.update_value(|turn| *turn += 1);
        self.draft.set(None);
        self.tried.set(None);
    }

    pub fn set_params(self, state: AppState, label: &str, step: StepId, params: Params) {
        let is_same = state
            .doc
            .with_untracked(|doc| chain::params_of(doc, step) == params);
        if is_same {
            self.tried.set(None);
            return;
        }
        state.edit(label, |doc| {
            if let Some(step) = doc.step_mut(step) {
                step.params = params;
            }
        });
    }

    fn ask_tried(self, state: AppState) {
        let waiting = self.trial.waiting.try_update_value(Option::take).flatten();
        let (Some(tried), Some((table, _))) = (waiting, self.content.get_untracked()) else {
            return;
        };
        self.trial.is_asking.set_value(true);
        let turn = self.trial.turn.get_value();
        let query = RecipeQuery::Overview { tried: Some(tried) };
        let asked = state.engine.ask(None, Request::Recipe { table, query });
        leptos::task::spawn_local(async move {
            let answer = asked.answer.await;
            self.trial.is_asking.set_value(false);
            if turn == self.trial.turn.get_value()
                && let Ok(Response::Recipe(answer)) = answer
                && let RecipeAnswer::Overview(overview) = *answer
            {
                self.tried.set(Some(overview.into()));
            }
            self.ask_tried(state);
        });
    }

    /// Another row of the grid is what is asked about from now on.
    fn follow_grid(self, state: AppState) {
        Effect::new(move |_| {
            if matches!(state.ui.focus.get(), Focus::Row(_)) {
                self.picked_row.set(None);
            }
        });
    }
}

/// Keeps the funnel up with the document.
pub fn start(state: AppState, recipe: RecipeState) {
    let input_is_ready = Memo::new(move |_| {
        let input = recipe.chain.get()?.input;
        // A step that is switched off is not read by itself; the engine looks through it.
        let status = state.table(input).map(|now| now.status);
        Some(matches!(status, None | Some(Status::Ready)))
    });
    let due = Memo::new(move |_| {
        let content = recipe.content.get()?;
        let is_due = state.engine.is_ready.get() && input_is_ready.get() == Some(true);
        is_due.then_some(content)
    });
    // Another recipe has other operators; what was known of this one is of no use for it.
    let steps = Memo::new(move |_| recipe.chain.get().map(|chain| chain.input));
    Effect::new(move |before: Option<Option<Ref>>| {
        let input = steps.get();
        if before.is_some_and(|before| before != input) {
            recipe.overview.set(None);
            recipe.opened.set(None);
            recipe.abandon();
        }
        input
    });
    Effect::new(move |_| {
        recipe.again.track();
        state.engine.restarts.track();
        let Some((table, _)) = due.get() else {
            recipe.slot.drop_running();
            return;
        };
        recipe.is_stopped.set(false);
        let put = move |part: Response| {
            if let Response::Recipe(answer) = part
                && let RecipeAnswer::Overview(overview) = *answer
            {
                recipe.overview.set(Some(overview.into()));
                // What was tried is now the document's, unless a handle is held again.
                if recipe.draft.with_untracked(Option::is_none) {
                    recipe.tried.set(None);
                }
            }
        };
        let query = RecipeQuery::Overview { tried: None };
        let label = Some(text::TASK_MEASURE.to_owned());
        let body = Request::Recipe { table, query };
        recipe
            .slot
            .ask_stream(state.engine, label, body, put, move |answer| match answer {
                Ok(answer) => {
                    recipe.failure.set(None);
                    put(answer);
                }
                Err(failure) => {
                    let is_stopped = failure.kind == FailureKind::Cancelled;
                    recipe.is_stopped.set(is_stopped);
                    if is_stopped {
                        // The grid asked for the same run.
                        let name = untrack(|| state.name_of(table));
                        let running = page_text::task_running(&name);
                        state.engine.cancel_labelled(&running);
                    }
                    let is_told = is_worth_telling(failure.kind);
                    recipe.failure.set(is_told.then_some(failure.message));
                    recipe.tried.set(None);
                }
            });
    });
    recipe.follow_grid(state);
}

pub fn use_recipe() -> RecipeState {
    expect_context::<RecipeState>()
}

/// An answer kept up with the recipe, and what keeps it from being there.
#[derive(Clone, Copy)]
pub struct Answered<T: Send + Sync + 'static> {
    pub value: RwSignal<Option<Shared<T>>>,
    pub failure: RwSignal<Option<String>>,
}

/// Asks a question about the recipe now and whenever the question or the recipe changes.
pub fn ask<T: Send + Sync + 'static>(
    state: AppState,
    recipe: RecipeState,
    question: impl Fn() -> Option<RecipeQuery> + Send + Sync + 'static,
    pick: fn(RecipeAnswer) -> Option<T>,
) -> Answered<T> {
    let answered = Answered {
        value: RwSignal::new(None),
        failure: RwSignal::new(None),
    };
    let slot = Slot::new();
    Effect::new(move |_| {
        state.engine.restarts.track();
        let (Some((table, _)), Some(query)) = (recipe.content.get(), question()) else {
            slot.drop_running();
            answered.value.set(None);
            return;
        };
        let label = Some(text::TASK_QUERY.to_owned());
        let body = Request::Recipe { table, query };
        slot.ask(state.engine, label, body, move |answer| match answer {
            Ok(Response::Recipe(answer)) => {
                answered.failure.set(None);
                answered.value.set(pick(*answer).map(Shared::from));
            }
            Ok(_) => {}
            Err(failure) => {
                let is_told = is_worth_telling(failure.kind);
                answered.failure.set(is_told.then_some(failure.message));
            }
        });
    });
    answered
}
