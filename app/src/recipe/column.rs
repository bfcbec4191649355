//! Operators that read a column which the table does not have, and the column that they should read instead.

use leptos::prelude::*;
use sluice_analysis::{Analysis, StepId, Value};
use sluice_protocol::load::{ColumnInfo, ColumnType};

use super::chain::Chain;
use super::state::use_recipe;
use super::text;
use crate::state::use_app;

/// The parameter that names the column of texts, of every operator that reads one.
const COLUMN: &str = "column";

/// Operators in use whose column is not among these.
fn without_column(doc: &Analysis, chain: &Chain, columns: &[ColumnInfo]) -> Vec<StepId> {
    let is_there = |name: &str| columns.iter().any(|column| column.name == name);
    let misses = |id: &&StepId| {
        let step = doc.step(**id).filter(|step| step.enabled);
        let name = step.and_then(|step| step.params.get(COLUMN)?.as_str());
        name.is_some_and(|name| !is_there(name))
    };
    chain.steps.iter().filter(misses).copied().collect()
}

/// A choice of the column for all of them at once; nothing if all is well.
#[component]
pub fn MissingColumn() -> impl IntoView {
    let state = use_app();
    let recipe = use_recipe();
    let columns = Memo::new(move |_| {
        let info = state.table(recipe.chain.get()?.input)?.info?;
        Some(info.columns.clone())
    });
    let missing = Memo::new(move |_| {
        let (chain, columns) = (recipe.chain.get()?, columns.get()?);
        Some(state.doc.with(|doc| without_column(doc, &chain, &columns)))
    });
    let options = move || {
        let columns = columns.get().unwrap_or_default();
        let texts = columns
            .into_iter()
            .filter(|column| matches!(column.column_type, ColumnType::Text | ColumnType::Category));
        texts
            .map(
                |column| view! { <option value=column.name.clone()>{column.name.clone()}</option> },
            )
            .collect_view()
    };
    let choose = move |event| {
        let name: String = event_target_value(&event);
        let steps = missing.get_untracked().unwrap_or_default();
        if name.is_empty() {
            return;
        }
        state.edit(text::LABEL_COLUMN, |doc| {
            for id in steps {
                if let Some(step) = doc.step_mut(id) {
                    let name = Value::from(name.as_str());
                    step.params.insert(COLUMN.to_owned(), name);
                }
            }
        });
    };
    view! {
        <Show when=move || missing.with(|missing| missing.as_ref().is_some_and(|m| !m.is_empty()))>
            <label class="limit-field">
                <span>{text::TEXTS_ARE_IN}</span>
                <select class="field" data-testid="recipe-column" on:change=choose>
                    <option value="" selected=true>{text::CHOOSE_COLUMN}</option>
                    {options}
                </select>
            </label>
        </Show>
    }
}

#[cfg(test)]
mod tests {
    use sluice_analysis::{Origin, Params, Ref};

    use super::*;

    #[test]
    fn operators_that_are_on_and_read_what_is_not_there_are_found() {
        let mut doc = Analysis::new(1);
        let source = doc.add_source("a.jsonl", Origin::Files(vec![]), Params::new());
        let mut table = Ref::Source(source);
        let mut steps = Vec::new();
        for column in [Some("text"), Some("body"), None, Some("text")] {
            let params = column
                .map(|name| (COLUMN.to_owned(), Value::from(name)))
                .into_iter()
                .collect();
            let id = doc.add_step("a_filter", 1, params, vec![table]);
            table = Ref::Step(id, 0);
            steps.push(id);
        }
        doc.set_enabled(steps[3], false).unwrap();
        let chain = Chain {
            input: Ref::Source(source),
            steps: steps.clone(),
        };
        let columns = [ColumnInfo {
            name: "body".to_owned(),
            column_type: ColumnType::Text,
        }];
        assert_eq!(without_column(&doc, &chain, &columns), [steps[0]]);
    }
}
