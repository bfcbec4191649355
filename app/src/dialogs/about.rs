//! Keys, and what Sluice is.

use leptos::prelude::*;

use super::modal::Modal;
use crate::commands;
use crate::platform::keyboard;
use crate::state::use_app;
use crate::text;

/// Every shortcut.
#[component]
pub fn Keys() -> impl IntoView {
    let state = use_app();
    let is_apple = keyboard::is_apple();
    let of_commands = commands::all(state)
        .into_iter()
        .filter(|command| !command.keys.is_empty())
        .map(|command| {
            let keys = command.keys.iter().map(|keys| {
                view! { <kbd>{commands::key_caps(keys, is_apple)}</kbd> }
            });
            view! { <tr><th scope="row">{command.label.clone()}</th><td>{keys.collect_view()}</td></tr> }
        })
        .collect_view();
    let elsewhere = text::KEYS_ELSEWHERE.map(
        |(keys, what)| view! { <tr><th scope="row">{what}</th><td><kbd>{keys}</kbd></td></tr> },
    );
    view! {
        <Modal title=text::CMD_KEYS>
            <div class="dialog-body keys">
                <table class="facts">
                    <caption class="section-title">{text::COMMANDS}</caption>
                    <tbody>{of_commands}</tbody>
                </table>
                <table class="facts">
                    <caption class="section-title">{text::KEYS_IN_TABLE}</caption>
                    <tbody>{elsewhere}</tbody>
                </table>
            </div>
        </Modal>
    }
}

#[component]
pub fn About() -> impl IntoView {
    view! {
        <Modal title=text::CMD_ABOUT>
            <div class="dialog-body prose">
                <p>{text::ABOUT_WHAT}</p>
                <p>{text::PROMISE}</p>
                <p>{text::ABOUT_TRUST}</p>
                <p class="muted">{text::build(&crate::build_id())}</p>
            </div>
        </Modal>
    }
}
