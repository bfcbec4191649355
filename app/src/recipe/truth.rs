//! Duplicates that were found, against those that a column names.

use leptos::prelude::*;
use sluice_protocol::recipe::Clusters;

use super::state::RecipeState;
use super::text;
use crate::state::{AppState, Shared};

/// What columns that name duplicates are called.
const USUAL: [&str; 3] = ["cluster", "duplicate_of", "group"];
/// A column may have no name.
const NO_COLUMN: &str = "\u{0}none";

/// The column chosen to check against.
#[derive(Clone, Copy)]
pub struct Truth {
    columns: Memo<Vec<String>>,
    /// `Some(None)`: none, by choice.
    chosen: RwSignal<Option<Option<String>>>,
    /// Nothing to check against: `None`.
    pub column: Memo<Option<String>>,
}

impl Truth {
    pub fn new(state: AppState, recipe: RecipeState) -> Self {
        let columns = Memo::new(move |_| {
            let input = recipe.chain.get().map(|chain| chain.input);
            let info = input.and_then(|input| state.table(input)?.info);
            let columns = info.iter().flat_map(|info| &info.columns);
            columns
                .map(|column| column.name.clone())
                .collect::<Vec<_>>()
        });
        let chosen = RwSignal::new(None::<Option<String>>);
        let column = Memo::new(move |_| {
            let columns = columns.get();
            let wanted = chosen.get().unwrap_or_else(|| first_choice(&columns));
            wanted.filter(|wanted| columns.contains(wanted))
        });
        Self {
            columns,
            chosen,
            column,
        }
    }

    pub fn view(self, answered: RwSignal<Option<Shared<Clusters>>>) -> impl IntoView {
        let options = move || {
            let column = self.column.get();
            let names = self.columns.get().into_iter().map(|name| {
                let is_chosen = Some(&name) == column.as_ref();
                view! { <option value=name.clone() selected=is_chosen>{name.clone()}</option> }
            });
            names.collect_view()
        };
        let choose = move |event| {
            let name: String = event_target_value(&event);
            self.chosen.set(Some((name != NO_COLUMN).then_some(name)));
        };
        let said = move || {
            let clusters = answered.get()?;
            // A check of the column before is not shown as one of this.
            let column = self.column.get()?;
            let check = clusters.truth.as_ref().filter(|c| c.column == column)?;
            Some(text::truth(
                &check.column,
                check.n_named,
                check.n_found,
                check.n_right,
            ))
        };
        view! {
            <div class="recipe-line">
                <label class="limit-field">
                    <span>{text::CHECK_AGAINST}</span>
                    <select class="field" data-testid="truth-column" on:change=choose>
                        <option value=NO_COLUMN selected=move || self.column.with(Option::is_none)>
                            {text::NO_COLUMN}
                        </option>
                        {options}
                    </select>
                </label>
                <p class="truth-check" role="status" data-testid="truth-check">{said}</p>
            </div>
        }
    }
}

fn first_choice(columns: &[String]) -> Option<String> {
    USUAL
        .into_iter()
        .find_map(|usual| columns.iter().find(|name| *name == usual))
        .cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_columns_that_are_named_so_are_checked_without_being_asked() {
        let columns = |names: &[&str]| -> Vec<String> {
            names.iter().map(|name| (*name).to_owned()).collect()
        };
        let of = |names: &[&str]| first_choice(&columns(names));
        assert_eq!(
            of(&["group", "text", "cluster"]).as_deref(),
            Some("cluster")
        );
        assert_eq!(of(&["text", "group"]).as_deref(), Some("group"));
        assert_eq!(of(&["text", "id"]), None);
    }
}
