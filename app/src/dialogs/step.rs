//! Choosing an operation, and its form.

use leptos::prelude::*;
use sluice_analysis::{Params, Ref, StepId, Value};
use sluice_protocol::spec::OperationSpec;

use super::modal::{Answers, Modal};
use crate::form::{Field, FieldView, FormContext, Path, fields};
use crate::state::ui::Dialog;
use crate::state::{AppState, edits, use_app};
use crate::{recipe, text};

/// The list of operations, or the form of the one chosen. With `after` only operators of a recipe are offered, and
/// the step reads that table rather than the current one.
#[component]
pub fn AddStep(op: Option<String>, after: Option<Ref>) -> impl IntoView {
    let state = use_app();
    match op.and_then(|op| state.engine.operation(&op)) {
        None => view! { <OperationList after=after /> }.into_any(),
        Some(spec) => {
            let params = serde_json::from_str(&spec.defaults).unwrap_or_default();
            let input = after.or_else(|| state.current.get_untracked());
            let (op, version) = (spec.name.clone(), spec.version);
            let on_done = Callback::new(move |(params, others): (Params, Vec<Ref>)| {
                state.edit(text::LABEL_ADD_STEP, |doc| {
                    if let Some(table) = after.or_else(|| doc.current_table()) {
                        edits::append_step_after(doc, table, &op, version, params, others);
                    }
                });
            });
            view! { <StepForm spec=spec params=params input=input others=Vec::new() on_done=on_done /> }
                .into_any()
        }
    }
}

/// The form of a step that is there.
#[component]
pub fn EditStep(id: StepId) -> impl IntoView {
    let state = use_app();
    let step = state.doc.with_untracked(|doc| doc.step(id).cloned());
    let spec = step
        .as_ref()
        .and_then(|step| state.engine.operation(&step.op));
    let (Some(step), Some(spec)) = (step, spec) else {
        return view! { <Modal title=text::UNKNOWN_STEP><div></div></Modal> }.into_any();
    };
    // Defaults first: a parameter added since the step was made gets its field.
    let mut params: serde_json::Value = serde_json::from_str(&spec.defaults).unwrap_or_default();
    let own = serde_json::Value::from(&Value::Map(step.params.clone()));
    if let (serde_json::Value::Object(params), serde_json::Value::Object(own)) = (&mut params, own)
    {
        params.extend(own);
    }
    let input = step.inputs.first().copied();
    let others = step.inputs.get(1..).unwrap_or_default().to_vec();
    let on_done = Callback::new(move |(params, others): (Params, Vec<Ref>)| {
        state.edit(text::LABEL_EDIT_STEP, |doc| {
            if let Some(step) = doc.step_mut(id) {
                step.params = params;
                step.inputs.truncate(1);
                step.inputs.extend(others);
            }
        });
    });
    view! { <StepForm spec=spec params=params input=input others=others on_done=on_done /> }
        .into_any()
}

#[component]
fn OperationList(after: Option<Ref>) -> impl IntoView {
    let state = use_app();
    let form_of = move |op: String| match after {
        Some(after) => Dialog::AddOperator {
            after,
            op: Some(op),
        },
        None => Dialog::AddStep(Some(op)),
    };
    let title = match after {
        Some(_) => recipe::text::ADD_OPERATOR_TITLE,
        None => text::ADD_STEP_TITLE,
    };
    let typed = RwSignal::new(String::new());
    let found = Memo::new(move |_| {
        let typed = typed.get().to_lowercase();
        let is_found = |spec: &&OperationSpec| {
            spec.inputs.max > 0
                && (after.is_none() || recipe::is_operator(&spec.name))
                && (spec.title.to_lowercase().contains(&typed)
                    || spec.summary.to_lowercase().contains(&typed))
        };
        let operations = state.engine.operations.get();
        let mut found: Vec<OperationSpec> = operations.iter().filter(is_found).cloned().collect();
        // What is named so before what only speaks of it.
        found.sort_by_key(|spec| !spec.title.to_lowercase().contains(&typed));
        found
    });
    let choose_first = move |event: web_sys::KeyboardEvent| {
        if event.key() == "Enter"
            && let Some(spec) = found.with_untracked(|found| found.first().cloned())
        {
            event.prevent_default();
            state.ui.open(form_of(spec.name));
        }
    };
    let items = move || {
        found
            .get()
            .iter()
            .map(|spec| {
                let name = spec.name.clone();
                view! {
                    <li>
                        <button
                            type="button"
                            class="choice operation"
                            data-testid=format!("op-{}", spec.name)
                            on:click=move |_| state.ui.open(form_of(name.clone()))
                        >
                            <span class="choice-title">{spec.title.clone()}</span>
                            <span class="muted">{text::without_final_stop(&spec.summary)}</span>
                        </button>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <Modal title=title>
            <div class="dialog-body">
                <input
                    class="field"
                    type="search"
                    autofocus
                    placeholder=text::FIND_OPERATION
                    aria-label=text::FIND_OPERATION
                    on:input=move |event| typed.set(event_target_value(&event))
                    on:keydown=choose_first
                />
                <ul class="plain-list choices">{items}</ul>
            </div>
        </Modal>
    }
}

#[component]
fn StepForm(
    spec: OperationSpec,
    params: serde_json::Value,
    input: Option<Ref>,
    others: Vec<Ref>,
    on_done: Callback<(Params, Vec<Ref>)>,
) -> impl IntoView {
    let state = use_app();
    let params = RwSignal::new(params);
    let chosen = RwSignal::new(others);
    // Of all inputs, the first one's first: a key can be a column of either side.
    let columns = Signal::derive(move || {
        let tables = input.into_iter().chain(chosen.get());
        let infos = tables.filter_map(|table| state.table(table)?.info);
        let mut names: Vec<String> = Vec::new();
        for name in infos.flat_map(|info| {
            info.columns
                .iter()
                .map(|c| c.name.clone())
                .collect::<Vec<_>>()
        }) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    });
    let tables = Signal::derive(move || other_tables(state, input));
    let form = FormContext {
        params,
        columns,
        tables,
    };
    let inputs = fields(&spec.params_schema)
        .into_iter()
        .map(|field: Field| {
            let path = Path::default().key(&field.name);
            view! { <FieldView field=field path=path form=form /> }
        })
        .collect_view();
    let n_others = usize::from(spec.inputs.max).saturating_sub(1).min(8);
    let min_others = usize::from(spec.inputs.min).saturating_sub(1);
    let is_complete = move || chosen.with(Vec::len) >= min_others;
    let on_submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if !is_complete() {
            return;
        }
        let params = match Value::from(params.get_untracked()) {
            Value::Map(params) => params,
            _ => Params::new(),
        };
        state.ui.close();
        on_done.run((params, chosen.get_untracked()));
    };
    // Our own definitions are explained where they stand; others are named.
    let is_after_others = !spec.source.is_empty() && !spec.source.starts_with(text::APP_NAME);
    let on = input.map(|input| text::reads(&state.name_of(input)));
    view! {
        <Modal title=spec.title.clone() class="dialog step-dialog">
            <form class="dialog-body" on:submit=on_submit data-testid="step-form">
                <p>{text::without_final_stop(&spec.summary)}</p>
                <p class="muted">{on}</p>
                {(n_others > 0).then(|| view! { <OtherInputs tables=tables chosen=chosen n_max=n_others /> })}
                {inputs}
                {is_after_others.then(|| view! { <p class="help">{text::after(&spec.source)}</p> })}
                <Answers>
                    <button
                        type="submit"
                        class="button primary"
                        data-testid="step-submit"
                        disabled=move || !is_complete()
                    >
                        {text::RUN_STEP}
                    </button>
                </Answers>
            </form>
        </Modal>
    }
}

/// Tables that can be a second input: all but the first input itself.
fn other_tables(state: AppState, input: Option<Ref>) -> Vec<(Ref, String)> {
    let tables = state.doc.with(|doc| doc.tables());
    tables
        .into_iter()
        .filter(|t| Some(*t) != input)
        .map(|t| (t, state.name_of(t)))
        .collect()
}

/// The second and further tables of operations such as join and concatenate.
#[component]
fn OtherInputs(
    tables: Signal<Vec<(Ref, String)>>,
    chosen: RwSignal<Vec<Ref>>,
    n_max: usize,
) -> impl IntoView {
    let boxes = move || {
        tables
            .get()
            .into_iter()
            .map(|(table, name)| {
                let is_chosen = move || chosen.with(|chosen| chosen.contains(&table));
                let is_full = move || n_max > 1 && chosen.with(Vec::len) >= n_max && !is_chosen();
                view! {
                    <li>
                        <label class="check">
                            <input
                                type="checkbox"
                                prop:checked=is_chosen
                                disabled=is_full
                                on:change=move |event| {
                                    let is_on = event_target_checked(&event);
                                    chosen.update(|chosen| {
                                        chosen.retain(|other| *other != table && n_max > 1);
                                        if is_on {
                                            chosen.push(table);
                                        }
                                    });
                                }
                            />
                            <span class="check-name">{name}</span>
                        </label>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <fieldset class="field-group">
            <legend>{if n_max == 1 { text::OTHER_TABLE } else { text::OTHER_TABLES }}</legend>
            <ul class="plain-list check-list">{boxes}</ul>
            <Show when=move || tables.with(Vec::is_empty)>
                <p class="help">{text::NO_OTHER_TABLE}</p>
            </Show>
        </fieldset>
    }
}
