//! The recipe as another system's file: its text, and what could not be said in it.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sluice_analysis::Ref;
use sluice_protocol::message::{Request, Response};
use sluice_protocol::recipe::{ExportedRecipe, RecipeAnswer, RecipeQuery};

use super::text;
use crate::dialogs::modal::Modal;
use crate::platform::{clipboard, download, files};
use crate::state::slot::Slot;
use crate::state::{Shared, use_app};
use crate::text as page_text;

/// By the names of the protocol.
const SYSTEMS: [(&str, &str); 5] = [
    ("data-juicer", "Data-Juicer"),
    ("data-juicer-ray", "Data-Juicer on Ray"),
    ("datatrove", "datatrove"),
    ("nemo-curator", "NeMo Curator"),
    ("dolma-mixer", "Dolma mixer"),
];

#[component]
pub fn ExportRecipe(table: Ref) -> impl IntoView {
    let state = use_app();
    let system = RwSignal::new(SYSTEMS[0].0.to_owned());
    let exported = RwSignal::new(None::<Shared<ExportedRecipe>>);
    let failure = RwSignal::new(None::<String>);
    let slot = Slot::new();
    Effect::new(move |_| {
        let query = RecipeQuery::Export { to: system.get() };
        let label = Some(text::TASK_QUERY.to_owned());
        let body = Request::Recipe { table, query };
        slot.ask(state.engine, label, body, move |answer| {
            exported.set(None);
            failure.set(None);
            match answer {
                Ok(Response::Recipe(answer)) => {
                    if let RecipeAnswer::Exported(recipe) = *answer {
                        exported.set(Some(recipe.into()));
                    }
                }
                Ok(_) => {}
                Err(why) => failure.set(Some(why.message)),
            }
        });
    });
    let copy = move |_| {
        if let Some(recipe) = exported.get_untracked() {
            spawn_local(async move {
                let is_done = clipboard::copy(&recipe.text).await;
                state.ui.tell(if is_done {
                    page_text::COPIED
                } else {
                    page_text::COPY_REFUSED
                });
            });
        }
    };
    let save = move |_| {
        if let Some(recipe) = exported.get_untracked() {
            let blob = files::blob_of_text(&recipe.text, &recipe.media_type);
            if !blob.is_some_and(|blob| download::save(&blob, &recipe.file_name)) {
                state.ui.warn(page_text::SAVE_REFUSED);
            }
        }
    };
    let options = SYSTEMS
        .map(|(name, label)| view! { <option value=name>{label}</option> })
        .collect_view();
    let differences = move || {
        let recipe = exported.get()?;
        let is_equal = recipe.untranslated.is_empty() && recipe.differing.is_empty();
        Some(view! {
            {listed(text::LEFT_OUT, "recipe-left-out", &recipe.untranslated)}
            {listed(text::DIFFERING, "recipe-differing", &recipe.differing)}
            {is_equal.then(|| view! {
                <p class="help" data-testid="recipe-equal">{text::ALL_TRANSLATED}</p>
            })}
        })
    };
    let has_none = move || exported.with(Option::is_none);
    view! {
        <Modal title=text::EXPORT_TITLE class="dialog wide">
            <div class="dialog-body" data-testid="export-recipe-dialog">
                <div class="field-row">
                    <label for="recipe-system">{text::SYSTEM}</label>
                    <div class="field-input">
                        <select
                            id="recipe-system"
                            class="field"
                            data-testid="recipe-system"
                            on:change=move |event| system.set(event_target_value(&event))
                        >
                            {options}
                        </select>
                    </div>
                </div>
                {move || failure.get().map(|f| view! { <p class="bad" role="alert">{page_text::sentence(&f)}</p> })}
                {differences}
                {move || exported.get().map(|recipe| view! {
                    <pre class="cell-text" tabindex="0" aria-label=recipe.file_name.clone() data-testid="recipe-text">
                        {recipe.text.clone()}
                    </pre>
                })}
                <footer class="dialog-answers">
                    <button type="button" class="button" disabled=has_none on:click=copy data-testid="recipe-copy">
                        {text::COPY}
                    </button>
                    <button
                        type="button"
                        class="button primary"
                        disabled=has_none
                        on:click=save
                        data-testid="recipe-download"
                    >
                        {text::DOWNLOAD}
                    </button>
                </footer>
            </div>
        </Modal>
    }
}

/// Operators with what is to be known of each; nothing if there are none.
fn listed(
    title: &'static str,
    test_id: &'static str,
    operators: &[(String, String)],
) -> Option<impl IntoView + use<>> {
    let items = operators
        .iter()
        .map(|(op, reason)| view! { <li><b>{op.clone()}</b>" "{reason.clone()}</li> })
        .collect_view();
    (!operators.is_empty()).then(|| {
        view! {
            <section>
                <h3 class="section-title">{title}</h3>
                <ul class="left-out" data-testid=test_id>{items}</ul>
            </section>
        }
    })
}
