//! The first screen: every way to bring data in, samples, examples, what was open before.

use leptos::prelude::*;

use crate::commands;
use crate::format;
use crate::shell::icon;
use crate::state::{examples, local, use_app};
use crate::text;

#[component]
pub fn Start() -> impl IntoView {
    let state = use_app();
    let address = RwSignal::new(String::new());
    let open_address = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let address = address.get_untracked().trim().to_owned();
        if !address.is_empty() {
            state.open_url(address, None);
        }
    };
    view! {
        <main class="start" id="main" tabindex="-1">
            <div class="start-inner">
                <section class="drop-area" aria-labelledby="start-title">
                    <svg class="start-mark" viewBox="0 0 16 16" aria-hidden="true"><path d=icon::MARK /></svg>
                    <h1 id="start-title">{text::START_TITLE}</h1>
                    <p class="start-formats">{text::START_FORMATS}</p>
                    <div class="start-ways">
                        <button
                            type="button"
                            class="button primary large"
                            data-testid="pick"
                            on:click=move |_| commands::run(state, "open")
                        >
                            {text::CMD_OPEN}
                        </button>
                        <form class="address-form" on:submit=open_address>
                            <input
                                class="field"
                                type="url"
                                placeholder="https://…"
                                aria-label=text::ADDRESS
                                aria-describedby="address-help"
                                prop:value=move || address.get()
                                on:input=move |event| address.set(event_target_value(&event))
                            />
                            <button type="submit" class="button">{text::FETCH}</button>
                        </form>
                    </div>
                    <p class="muted" id="address-help">{text::ADDRESS_HELP}</p>
                    <p class="promise">{text::PROMISE}</p>
                </section>
                <Samples />
                <Examples />
                <RecentDocuments />
            </div>
        </main>
    }
}

#[component]
fn Samples() -> impl IntoView {
    let state = use_app();
    let cards = examples::SAMPLES.map(|sample| {
        let is_there = move || state.engine.operation(sample.op).is_some();
        view! {
            <li>
                <button
                    type="button"
                    class="card"
                    data-testid=sample.op
                    disabled=move || !is_there()
                    on:click=move |_| state.open_sample(sample)
                >
                    <span class="card-title">{sample.title}</span>
                    <span class="card-text">{sample.about}</span>
                </button>
            </li>
        }
    });
    view! {
        <section aria-labelledby="samples-title">
            <h2 class="section-title" id="samples-title">{text::SAMPLES}</h2>
            <ul class="plain-list cards">{cards}</ul>
        </section>
    }
}

#[component]
fn Examples() -> impl IntoView {
    let state = use_app();
    let all = move || {
        examples::all(state)
            .into_iter()
            .map(|example| {
                view! {
                    <li>
                        <a class="card" href=example.fragment>
                            <span class="card-kind">{example.bench}</span>
                            <span class="card-title">{example.question}</span>
                        </a>
                    </li>
                }
            })
            .collect_view()
    };
    let has_any = move || !examples::all(state).is_empty();
    view! {
        <Show when=has_any>
            <section aria-labelledby="examples-title" data-testid="examples">
                <h2 class="section-title" id="examples-title">{text::EXAMPLES_TITLE}</h2>
                <ul class="plain-list cards">{all}</ul>
            </section>
        </Show>
    }
}

#[component]
fn RecentDocuments() -> impl IntoView {
    let state = use_app();
    let recent = RwSignal::new(local::recent());
    let items = move || {
        recent
            .get()
            .into_iter()
            .map(|entry| {
                let title = if entry.title.is_empty() {
                    text::UNTITLED.to_owned()
                } else {
                    entry.title.clone()
                };
                let when =
                    format::date_time((entry.changed_millis / 60_000.0).floor() * 60_000_000.0);
                let of_open = entry.id.clone();
                let of_forget = entry.id.clone();
                let remove_label = text::remove(&title);
                view! {
                    <li class="recent">
                        <button
                            type="button"
                            class="link-button recent-title"
                            on:click=move |_| match local::load(&of_open) {
                                Some(analysis) => {
                                    state.open(analysis);
                                    state.links.local_id.set_value(of_open.clone());
                                    state.remember_reopenable();
                                }
                                None => state.ui.warn(text::NOT_IN_THIS_BROWSER),
                            }
                        >
                            {title}
                        </button>
                        <span class="muted">{text::utc(&when)}</span>
                        <button
                            type="button"
                            class="link-button"
                            aria-label=remove_label
                            on:click=move |_| {
                                local::forget(&of_forget);
                                recent.set(local::recent());
                            }
                        >
                            {text::FORGET}
                        </button>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <Show when=move || recent.with(|recent| !recent.is_empty())>
            <section aria-labelledby="recent-title">
                <h2 class="section-title" id="recent-title">{text::RECENT}</h2>
                <ul class="plain-list">{items}</ul>
            </section>
        </Show>
    }
}
