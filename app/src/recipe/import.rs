//! Recipes of other systems: read by the engine, added as one edit.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sluice_protocol::message::{Request, Response};
use sluice_protocol::recipe::{ImportedRecipe, RecipeAnswer};
use web_sys::File;

use super::chain::{self, NewStep};
use super::text;
use crate::platform::files;
use crate::state::{AppState, use_app};

/// The hidden input that the command clicks.
pub const FILE_INPUT_ID: &str = "recipe-input";

/// What recipes are written in.
pub const ENDINGS: [&str; 2] = [".yaml", ".yml"];

/// Whether a file is a recipe rather than a table.
pub fn is_recipe(file_name: &str) -> bool {
    let name = file_name.to_lowercase();
    ENDINGS.iter().any(|ending| name.ends_with(ending))
}

#[component]
pub fn FileInput() -> impl IntoView {
    let state = use_app();
    let on_change = move |event: web_sys::Event| {
        for picked in files::of_input(&event_target(&event)) {
            state.import_recipe(picked.file);
        }
    };
    view! {
        <input
            id=FILE_INPUT_ID
            class="visually-hidden"
            type="file"
            accept=ENDINGS.join(",")
            tabindex="-1"
            aria-label=text::PICK_RECIPE
            data-testid="recipe-input"
            on:change=on_change
        />
    }
}

impl AppState {
    /// Adds the operators of a recipe's file at the end of the recipe on screen, or after the current table.
    pub fn import_recipe(self, file: File) {
        if self.current.get_untracked().is_none() {
            return self.ui.warn(text::IMPORT_NEEDS_TABLE);
        }
        spawn_local(async move {
            let Some(content) = files::text_of(&file).await else {
                return self.ui.warn(text::UNREADABLE);
            };
            let label = Some(text::TASK_READ.to_owned());
            let asked = self
                .engine
                .ask(label, Request::ReadRecipe { text: content });
            match asked.answer.await {
                Ok(Response::Recipe(answer)) => {
                    if let RecipeAnswer::Imported(recipe) = *answer {
                        self.add_recipe(recipe);
                    }
                }
                Ok(_) => {}
                Err(failure) => self.report(&failure),
            }
        });
    }

    fn add_recipe(self, recipe: ImportedRecipe) {
        if recipe.steps.is_empty() {
            return self.ui.warn(text::NOTHING_IMPORTED);
        }
        let n_off = recipe.steps.iter().filter(|step| !step.is_on).count();
        let said = said(&recipe, n_off);
        let reasons: Vec<String> = recipe.steps.iter().map(|step| step.note.clone()).collect();
        let steps: Vec<NewStep> = recipe
            .steps
            .into_iter()
            .map(|step| NewStep {
                op: step.op,
                op_version: step.op_version,
                params: step.params,
                is_on: step.is_on,
            })
            .collect();
        let added = self.edit(text::LABEL_IMPORT, |doc| {
            let current = doc.current_table()?;
            let after = chain::end_for(doc, current);
            Some(chain::append_all(doc, after, steps))
        });
        self.ui.import_notes.update(|notes| {
            let added = added.into_iter().flatten().zip(reasons);
            notes.extend(added.filter(|(_, reason)| !reason.is_empty()));
        });
        self.ui.tell(said);
    }
}

/// What was added, in one message. Why an operator is off stands at that operator.
fn said(recipe: &ImportedRecipe, n_off: usize) -> String {
    let added = text::imported(recipe.steps.len(), &recipe.title, n_off);
    // Of the notes only those about a place in the file: the others count what is said already.
    let of_lines = recipe.notes.iter().filter(|note| note.starts_with("line "));
    let sentences = of_lines.map(|note| crate::text::sentence(note));
    std::iter::once(added)
        .chain(sentences)
        .collect::<Vec<_>>()
        .join(". ")
}

#[cfg(test)]
mod tests {
    use sluice_analysis::Params;
    use sluice_protocol::recipe::ImportedStep;

    use super::*;

    #[test]
    fn an_import_is_told_in_one_message() {
        let step = ImportedStep {
            op: "perplexity_filter".to_owned(),
            op_version: 1,
            params: Params::new(),
            is_on: false,
            note: "not available here".to_owned(),
        };
        let mut recipe = ImportedRecipe {
            title: "try".to_owned(),
            steps: vec![step],
            notes: vec!["1 of 1 operators are kept as they are and switched off".to_owned()],
        };
        assert_eq!(said(&recipe, 1), "1 operator of try added, switched off");
        recipe
            .notes
            .push("line 3: text_keys stands twice".to_owned());
        assert_eq!(
            said(&recipe, 0),
            "1 operator of try added. Line 3: text_keys stands twice"
        );
    }

    #[test]
    fn recipes_are_told_from_tables_by_their_ending() {
        assert!(is_recipe("process.yaml") && is_recipe("A.YML"));
        assert!(!is_recipe("yaml.csv") && !is_recipe("data.yaml.gz"));
    }
}
