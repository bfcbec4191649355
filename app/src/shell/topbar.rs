//! Mark, benches, title, commands.

use leptos::prelude::*;
use sluice_analysis::Bench;

use super::icon::{self, icon};
use crate::commands;
use crate::platform::keyboard;
use crate::state::ui::Drawer;
use crate::state::{edits, use_app};
use crate::text;

const BENCHES: [(Bench, &str, &str); 3] = [
    (Bench::Data, text::BENCH_DATA, "1"),
    (Bench::Shift, text::BENCH_SHIFT, "2"),
    (Bench::Serve, text::BENCH_SERVE, "3"),
];

/// What the menu at the right end offers; all of it is in the palette too.
const MENU: [&str; 11] = [
    "open", "open-url", "new", "save", "export", "add-note", "print", "theme", "keys", "about",
    "palette",
];

#[component]
pub fn TopBar() -> impl IntoView {
    let state = use_app();
    let is_apple = keyboard::is_apple();
    let has_document = move || commands::is_enabled(state, "save");
    let bench = Memo::new(move |_| state.doc.with(|doc| doc.view.bench));
    let title = Memo::new(move |_| state.doc.with(|doc| doc.title.clone()));
    let rename = move |event| {
        let title: String = event_target_value(&event);
        state.edit(text::LABEL_TITLE, |doc| doc.title = title.trim().to_owned());
    };
    let benches = BENCHES.map(|(of, label, key)| {
        view! {
            <button
                type="button"
                class="bench"
                aria-current=move || (bench.get() == of).then_some("page")
                title=text::with_key(label, key)
                on:click=move |_| state.edit(text::LABEL_BENCH, |doc| edits::set_bench(doc, of))
            >
                {label}
            </button>
        }
    });
    let toggle = move |drawer: Drawer| {
        state.ui.drawer.update(|now| {
            *now = if *now == Some(drawer) {
                None
            } else {
                Some(drawer)
            }
        });
    };
    view! {
        <header class="topbar">
            <Show when=has_document>
                <button
                    type="button"
                    class="icon-button only-narrow"
                    aria-label=text::SHOW_RAIL
                    aria-expanded=move || (state.ui.drawer.get() == Some(Drawer::Rail)).to_string()
                    on:click=move |_| toggle(Drawer::Rail)
                >
                    {icon(icon::RAIL)}
                </button>
            </Show>
            <span class="brand">
                <svg class="mark" viewBox="0 0 16 16" aria-hidden="true"><path d=icon::MARK /></svg>
                <span class="brand-name">{text::APP_NAME}</span>
            </span>
            <nav class="benches" aria-label=text::BENCHES>{benches}</nav>
            <Show when=has_document>
                <div class="title-box">
                    <label class="title-grow">
                        <span class="visually-hidden">{text::TITLE}</span>
                        <span class="title-mirror" aria-hidden="true">{move || mirrored(&title.get())}</span>
                        <input
                            class="title-input"
                            type="text"
                            size="1"
                            placeholder=text::UNTITLED
                            prop:value=move || title.get()
                            data-testid="title"
                            on:change=rename
                            on:keydown=|event| {
                                if event.key() == "Enter" {
                                    event_target::<web_sys::HtmlElement>(&event).blur().ok();
                                }
                            }
                        />
                    </label>
                    <span class="title-note">{text::SAVED_HERE}</span>
                </div>
            </Show>
            <div class="topbar-end">
                <button type="button" class="button search-commands" on:click=move |_| commands::run(state, "palette")>
                    <span>{text::SEARCH_COMMANDS}</span>
                    <kbd>{commands::key_caps("Mod+K", is_apple)}</kbd>
                </button>
                <Show when=has_document>
                    <button type="button" class="button wide-only" on:click=move |_| commands::run(state, "compare")>
                        {text::CMD_COMPARE}
                    </button>
                    <button
                        type="button"
                        class="button primary"
                        data-testid="share"
                        on:click=move |_| commands::run(state, "share")
                    >
                        {text::CMD_SHARE}
                    </button>
                </Show>
                <button type="button" class="icon-button" aria-label=text::MENU popovertarget="menu" data-testid="menu">
                    {icon(icon::MORE)}
                </button>
                <Menu />
                <Show when=has_document>
                    <button
                        type="button"
                        class="icon-button only-medium"
                        aria-label=text::SHOW_INSPECTOR
                        aria-expanded=move || (state.ui.drawer.get() == Some(Drawer::Inspector)).to_string()
                        on:click=move |_| toggle(Drawer::Inspector)
                    >
                        {icon(icon::INSPECTOR)}
                    </button>
                </Show>
            </div>
        </header>
    }
}

/// The input is as wide as its text: a hidden copy stretches the box around both.
fn mirrored(title: &str) -> String {
    if title.is_empty() {
        text::UNTITLED.to_owned()
    } else {
        title.to_owned()
    }
}

#[component]
fn Menu() -> impl IntoView {
    let state = use_app();
    let is_apple = keyboard::is_apple();
    let items = move || {
        let all = commands::all(state);
        MENU.iter()
            .filter_map(|id| all.iter().find(|command| command.id == *id).cloned())
            .map(|command| {
                let keys = command
                    .keys
                    .first()
                    .map(|keys| commands::key_caps(keys, is_apple));
                let enabled = command.is_enabled(state);
                let label = command.label.clone();
                view! {
                    <li>
                        <button
                            type="button"
                            class="menu-item"
                            disabled=!enabled
                            popovertarget="menu"
                            popovertargetaction="hide"
                            on:click=move |_| command.run(state)
                        >
                            <span>{label}</span>
                            {keys.map(|keys| view! { <kbd>{keys}</kbd> })}
                        </button>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <div id="menu" class="menu" popover="auto">
            <ul class="plain-list">{items}</ul>
        </div>
    }
}
