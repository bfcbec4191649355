//! The frame around everything: top bar, rail, centre, inspector, status bar.

mod banner;
mod centre;
mod drop;
mod format_line;
mod grid_panel;
pub mod icon;
mod pills;
mod rail;
mod schema;
mod source_item;
mod status;
mod step_item;
mod toasts;
mod topbar;

use leptos::prelude::*;

use crate::dialogs::Dialogs;
use crate::inspector::Inspector;
use crate::platform::files;
pub use source_item::TableStatus;

use crate::start::Start;
use crate::state::ui::Drawer;
use crate::state::{links, use_app};
use crate::text;

/// The hidden file input that commands click where the browser has no better dialog.
pub const FILE_INPUT_ID: &str = "file-input";

#[component]
pub fn Shell() -> impl IntoView {
    let state = use_app();
    let is_empty = Memo::new(move |_| state.doc.with(|doc| links::is_empty(doc)));
    drop::listen(state);
    let drawer_class = move || match state.ui.drawer.get() {
        Some(Drawer::Rail) => "shell shows-rail",
        Some(Drawer::Inspector) => "shell shows-inspector",
        None => "shell",
    };
    let on_files = move |event: web_sys::Event| {
        let picked = files::of_input(&event_target(&event));
        if !picked.is_empty() {
            state.open_files(picked);
        }
    };
    view! {
        <a class="skip-link" href="#main" on:click=|event| {
            event.prevent_default();
            crate::platform::dialog::focus("main");
        }>{text::SKIP_TO_MAIN}</a>
        <div class=drawer_class>
            <topbar::TopBar />
            <banner::Banners />
            <Show when=move || !is_empty.get() fallback=|| view! { <Start /> }>
                <div class="workbench">
                    <rail::Rail />
                    <main class="centre" id="main" tabindex="-1">
                        <centre::Centre />
                    </main>
                    <Inspector />
                    <div
                        class="scrim"
                        aria-hidden="true"
                        on:click=move |_| state.ui.drawer.set(None)
                    ></div>
                </div>
            </Show>
            <status::StatusBar />
        </div>
        <input
            id=FILE_INPUT_ID
            class="visually-hidden"
            type="file"
            multiple
            tabindex="-1"
            aria-label=text::PICK_FILES
            data-testid="file-input"
            on:change=on_files
        />
        <crate::recipe::FileInput />
        <drop::DropTarget />
        <toasts::Toasts />
        <div class="visually-hidden" role="status" aria-live="polite" data-testid="live">
            {move || state.ui.says.get()}
        </div>
        <Dialogs />
    }
}
