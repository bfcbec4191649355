//! Every command, found by typing.

use leptos::prelude::*;

use super::modal::Modal;
use crate::commands::{self, Command};
use crate::platform::{dialog, keyboard};
use crate::state::use_app;
use crate::text;

#[component]
pub fn Palette() -> impl IntoView {
    let state = use_app();
    let typed = RwSignal::new(String::new());
    let active = RwSignal::new(0_usize);
    let is_apple = keyboard::is_apple();
    let found = Memo::new(move |_| {
        let typed = typed.get();
        let mut found: Vec<(u32, Command)> = commands::all(state)
            .into_iter()
            .filter(|command| command.id != "palette" && command.is_enabled(state))
            .filter_map(|command| Some((commands::rank(&command, &typed)?, command)))
            .collect();
        // Stable: commands of equal rank stay in the order of the table.
        found.sort_by_key(|(rank, _)| *rank);
        found
            .into_iter()
            .map(|(_, command)| command)
            .collect::<Vec<_>>()
    });
    let run = move |command: &Command| {
        state.ui.close();
        command.run(state);
    };
    let go_to = move |idx: usize| {
        active.set(idx);
        dialog::reveal(&option_id(idx));
    };
    let on_keydown = move |event: web_sys::KeyboardEvent| {
        let n = found.with(Vec::len);
        let idx = active.get_untracked();
        match event.key().as_str() {
            "ArrowDown" if n > 0 => go_to((idx + 1) % n),
            "ArrowUp" if n > 0 => go_to((idx + n - 1) % n),
            "Enter" => {
                let command = found.with_untracked(|found| found.get(idx).cloned());
                if let Some(command) = command {
                    run(&command);
                }
            }
            _ => return,
        }
        event.prevent_default();
    };
    let options = move || {
        found
            .get()
            .into_iter()
            .enumerate()
            .map(|(idx, command)| {
                let keys = command
                    .keys
                    .first()
                    .map(|keys| commands::key_caps(keys, is_apple));
                let label = command.label.clone();
                let hint = command.hint.clone();
                view! {
                    <li
                        id=option_id(idx)
                        class="option"
                        role="option"
                        aria-selected=move || (active.get() == idx).to_string()
                        on:pointermove=move |_| {
                            if active.get_untracked() != idx {
                                active.set(idx);
                            }
                        }
                        on:click=move |_| run(&command)
                    >
                        <span class="option-label">{label}</span>
                        <span class="option-hint">{hint}</span>
                        {keys.map(|keys| view! { <kbd>{keys}</kbd> })}
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <Modal title=text::SEARCH_COMMANDS class="dialog palette">
            <input
                class="field palette-field"
                type="text"
                role="combobox"
                autofocus
                autocomplete="off"
                spellcheck="false"
                placeholder=text::PALETTE_HINT
                aria-label=text::SEARCH_COMMANDS
                aria-expanded="true"
                aria-controls="palette-list"
                aria-activedescendant=move || option_id(active.get())
                on:input=move |event| {
                    typed.set(event_target_value(&event));
                    active.set(0);
                }
                on:keydown=on_keydown
            />
            <ul class="plain-list palette-list" id="palette-list" role="listbox" aria-label=text::COMMANDS>
                {options}
            </ul>
            <Show when=move || found.with(Vec::is_empty)>
                <p class="muted">{text::NO_COMMAND}</p>
            </Show>
        </Modal>
    }
}

fn option_id(idx: usize) -> String {
    format!("command-{idx}")
}
