//! The page program: takes over from the static shell and starts everything.

use leptos::prelude::*;
use sluice_analysis::Analysis;

use crate::platform::{dialog, files, media, time, url};
use crate::recipe::{self, RecipeState};
use crate::shell::Shell;
use crate::state::{AppState, evaluate, links, view};
use crate::text;

/// Mounts the page.
pub fn start() {
    console_error_panic_hook::set_once();
    let Some(mount_point) = dialog::mount_point() else {
        return;
    };
    mount_to(mount_point, App).forget();
    dialog::remove_boot_shell();
}

#[component]
fn App() -> impl IntoView {
    let opened = links::of_fragment(&url::fragment());
    let (analysis, problem) = match opened {
        Some(Ok(analysis)) => (Some(analysis), None),
        Some(Err(message)) => (None, Some(message)),
        None => (None, None),
    };
    let state = AppState::new(analysis.unwrap_or_else(|| Analysis::new(time::random_seed())));
    provide_context(state);
    let recipe_state = RecipeState::new(state);
    provide_context(recipe_state);
    if let Some(id) = url::local_id() {
        state.links.local_id.set_value(id);
    }
    state
        .links
        .expected
        .set(state.doc.with_untracked(|doc| doc.key_numbers.clone()));

    state.engine.start(move |reason| {
        state.tables.retry_all();
        state.ui.warn(text::restarted(reason));
    });
    state.engine.set_document(state.doc.get_untracked().0);
    evaluate::start(state);
    view::start(state);
    recipe::start(state, recipe_state);
    links::start(state);
    state.remember_reopenable();
    if let Some(problem) = problem {
        state.ui.warn(problem);
    }
    let early = files::take_early();
    if !early.is_empty() {
        state.open_files(early);
    }

    crate::bench::install(state);
    Effect::new(move |_| media::set_theme(state.ui.theme.get().as_deref()));
    // Tests and assistive tools wait on this: nothing is asked, nothing is about to be.
    Effect::new(move |_| {
        let is_idle = state.engine.is_ready.get()
            && state.engine.running.with(|running| running.is_empty())
            && !state.links.is_pending.get();
        media::set_root_data("idle", Some(if is_idle { "true" } else { "false" }));
    });
    view! { <Shell /> }
}
