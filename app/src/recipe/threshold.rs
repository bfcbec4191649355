//! The distribution of one measure with its limits as handles: moving one shows at once what it would do.

use leptos::prelude::*;
use sluice_analysis::{Params, StepId};
use sluice_protocol::recipe::{ConditionOverview, LimitSide, MeasureOverview};
use sluice_protocol::spec::OperationSpec;

use super::categories::Categories;
use super::examples::Examples;
use super::histogram::Histogram;
use super::limit_fields::LimitFields;
use super::scale::Axis;
use super::state::{RecipeState, use_recipe};
use super::{chain, limits, text};
use crate::format;
use crate::state::{AppState, use_app};

/// What the parts of one threshold share.
#[derive(Clone, Copy)]
pub struct Context {
    pub state: AppState,
    pub recipe: RecipeState,
    pub id: StepId,
    pub measure: Memo<Option<MeasureOverview>>,
    pub condition: Memo<Option<ConditionOverview>>,
    pub axis: Memo<Option<Axis>>,
    /// On trial, or those of the document.
    pub params: Memo<Params>,
    pub limits: Memo<(f64, f64)>,
}

impl Context {
    pub fn limit(self, side: LimitSide) -> f64 {
        let (min, max) = self.limits.get();
        match side {
            LimitSide::Min => min,
            LimitSide::Max => max,
        }
    }

    /// The name of the parameter behind a limit.
    pub fn param(self, side: LimitSide) -> Option<String> {
        let found =
            |condition: &ConditionOverview| limits::param(condition, side).map(str::to_owned);
        self.condition
            .with(|condition| condition.as_ref().and_then(found))
    }

    pub fn spec(self) -> Option<OperationSpec> {
        let op = self
            .state
            .doc
            .with(|doc| doc.step(self.id).map(|step| step.op.clone()));
        self.state.engine.operation(&op?)
    }

    pub fn is_whole(self, name: &str) -> bool {
        self.spec()
            .is_some_and(|spec| limits::is_whole(&spec, name))
    }

    /// The parameters with a limit moved; limits never pass each other.
    pub fn with_limit(self, side: LimitSide, limit: f64) -> Option<Params> {
        let name = self.param(side)?;
        let (min, max) = self.limits.get();
        let limit = match side {
            LimitSide::Min if limit.is_finite() => limit.min(max),
            LimitSide::Max if limit.is_finite() => limit.max(min),
            _ => limit,
        };
        let mut params = self.params.get();
        limits::set(&mut params, &name, limit, self.is_whole(&name));
        Some(params)
    }

    pub fn title(self) -> String {
        self.measure
            .with(|m| m.as_ref().map(|m| m.title.clone()).unwrap_or_default())
    }

    pub fn unit(self) -> String {
        self.measure
            .with(|m| m.as_ref().map(|m| m.unit.clone()).unwrap_or_default())
    }
}

#[component]
pub fn Threshold(id: StepId, measure_idx: usize, condition_idx: Option<usize>) -> impl IntoView {
    let state = use_app();
    let recipe = use_recipe();
    let measure = Memo::new(move |_| recipe.member(id)?.measures.get(measure_idx).cloned());
    let condition = Memo::new(move |_| recipe.member(id)?.conditions.get(condition_idx?).cloned());
    let axis = Memo::new(move |_| measure.with(|measure| Axis::of(measure.as_ref()?)));
    let params = Memo::new(move |_| {
        let on_trial = recipe.draft.get().filter(|(step, _)| *step == id);
        on_trial.map_or_else(
            || state.doc.with(|doc| chain::params_of(doc, id)),
            |(_, params)| params,
        )
    });
    let limits = Memo::new(move |_| {
        let none = (f64::NEG_INFINITY, f64::INFINITY);
        condition.with(|condition| {
            let condition = condition.as_ref();
            condition.map_or(none, |condition| {
                params.with(|p| limits::limits(condition, p))
            })
        })
    });
    let context = Context {
        state,
        recipe,
        id,
        measure,
        condition,
        axis,
        params,
        limits,
    };
    let has_labels = Memo::new(move |_| {
        measure.with(|measure| measure.as_ref().is_some_and(|m| !m.labels.is_empty()))
    });
    let counts = move || {
        let member = recipe.member(id)?;
        let dropped = member.rows_in.saturating_sub(member.rows_out);
        condition
            .with(Option::is_some)
            .then(|| text::keeps_drops(member.rows_out, dropped))
    };
    let facts = move || {
        let measure = measure.get()?;
        let mut facts = Vec::new();
        if measure.mean.is_finite() && measure.labels.is_empty() {
            let deviation = format::number(measure.deviation);
            facts.push(text::mean_and_deviation(
                &format::number(measure.mean),
                &deviation,
            ));
        }
        if measure.n_undefined > 0 {
            facts.push(text::undefined(measure.n_undefined));
        }
        facts.extend(
            condition
                .get()
                .map(|c| c.n_failing)
                .filter(|n| *n > 0)
                .map(text::failing),
        );
        facts.extend(is_reversed(&params.get()).then(|| text::REVERSED.to_owned()));
        Some(facts.join(" · "))
    };
    view! {
        <section class="threshold" data-testid="threshold">
            <div class="threshold-head">
                <h3 class="threshold-title">{move || context.title()}</h3>
                <span class="muted">{move || context.unit()}</span>
                <span class="threshold-counts" data-testid="threshold-counts">{counts}</span>
            </div>
            <Show
                when=move || has_labels.get()
                fallback=move || view! {
                    <Histogram context=context />
                    <Show when=move || condition.with(Option::is_some)>
                        <LimitFields context=context />
                    </Show>
                }
            >
                <Categories context=context />
            </Show>
            <p class="muted threshold-facts">{facts}</p>
            {condition_idx.map(|condition_idx| view! {
                <Show when=move || !has_labels.get()>
                    <Examples id=id condition_idx=condition_idx condition=condition measure=measure />
                </Show>
            })}
        </section>
    }
}

/// A common parameter of all filters: keep what is outside.
pub fn is_reversed(params: &Params) -> bool {
    params
        .get("reversed_range")
        .and_then(sluice_analysis::Value::as_bool)
        .unwrap_or(false)
}
