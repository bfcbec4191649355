//! What must be known before the numbers below are read: missing files, their verdict, agreement with a link.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sluice_analysis::{Origin, SourceId};
use sluice_protocol::message::{Request, Response};

use crate::commands;
use crate::format;
use crate::platform::url;
use crate::state::links::{self, Agreement};
use crate::state::sources::Verdict;
use crate::state::tables::Status;
use crate::state::{edits, use_app};
use crate::text;

#[component]
pub fn Banners() -> impl IntoView {
    let state = use_app();
    let source_ids = Memo::new(move |_| {
        state.doc.with(|doc| {
            doc.sources
                .iter()
                .map(|source| source.id)
                .collect::<Vec<_>>()
        })
    });
    view! {
        <div class="banners">
            <Show when=move || state.engine.is_outdated.get()>
                <div class="banner" role="alert">
                    <span>{text::OUTDATED}</span>
                    <button type="button" class="button small" on:click=|_| url::reload()>{text::RELOAD}</button>
                </div>
            </Show>
            <For each=move || source_ids.get() key=|id| *id let:id>
                <FileBanner id=id />
            </For>
            <AgreementBanner />
        </div>
    }
}

/// Asks for a file that is not there, and says whether the one offered is the same.
#[component]
fn FileBanner(id: SourceId) -> impl IntoView {
    let state = use_app();
    // Shown for files that a document brought along, not for those just dropped.
    let was_missing = RwSignal::new(false);
    let is_dismissed = RwSignal::new(false);
    let is_missing = Memo::new(move |_| {
        state.sources.attached.track();
        state.doc.with(|doc| state.sources.needs_files(doc, id))
    });
    Effect::new(move |_| {
        if is_missing.get() {
            was_missing.set(true);
            is_dismissed.set(false);
        }
    });
    let origin = Memo::new(move |_| {
        state.doc.with(|doc| {
            doc.source(id)
                .map(|source| (source.name.clone(), source.origin.clone()))
        })
    });
    let verdict = move || state.doc.with(|doc| state.sources.verdict(doc, id));
    let missing = move || {
        let (name, origin) = origin.get()?;
        let (sentence, action) = match origin {
            Origin::Url { url } => {
                let said = text::address_missing(&name, &url);
                let fetch = view! {
                    <button type="button" class="button small" on:click=move |_| state.open_url(url.clone(), Some(id))>
                        {text::FETCH_AGAIN}
                    </button>
                };
                (said, fetch.into_any())
            }
            Origin::Files(files) => {
                let bytes = files.iter().map(|file| file.size_bytes).sum();
                let can_reopen = state.sources.reopenable.with(|all| all.contains(&id));
                let button = if can_reopen {
                    view! {
                        <button
                            type="button"
                            class="button small primary"
                            data-testid="reopen"
                            on:click=move |_| state.reopen(id)
                        >
                            {text::REOPEN}
                        </button>
                    }
                    .into_any()
                } else {
                    view! {
                        <button type="button" class="button small primary" on:click=move |_| commands::run(state, "open")>
                            {text::PICK_FILE}
                        </button>
                    }
                    .into_any()
                };
                (text::file_missing(&name, &format::bytes(bytes)), button)
            }
            _ => return None,
        };
        Some(view! {
            <div class="banner" role="status" data-testid="file-missing">
                <span>{sentence}</span>
                {action}
            </div>
        })
    };
    let offered = move || {
        let verdict = verdict().filter(|_| was_missing.get() && !is_dismissed.get())?;
        let (name, _) = origin.get()?;
        let said = match verdict {
            Verdict::Same => text::file_same(&name),
            Verdict::Alike => text::file_alike(&name),
            Verdict::Different => text::file_different(&name),
        };
        let accept = move || {
            let files = state.sources.identities.with(|all| all.get(&id).cloned())?;
            (verdict == Verdict::Different).then(|| {
                view! {
                    <button
                        type="button"
                        class="button small"
                        on:click=move |_| {
                            let files = files.clone();
                            state.edit(text::LABEL_ACCEPT_FILE, |doc| edits::accept_files(doc, id, files));
                        }
                    >
                        {text::ACCEPT_FILE}
                    </button>
                }
            })
        };
        Some(view! {
            <div class="banner" class:bad=verdict == Verdict::Different role="status" data-testid="file-verdict">
                <span>{said}</span>
                {accept}
                <button type="button" class="button small" on:click=move |_| is_dismissed.set(true)>
                    {text::DISMISS}
                </button>
            </div>
        })
    };
    view! { {move || if is_missing.get() { missing().into_any() } else { offered().into_any() }} }
}

/// Whether the numbers computed here are those of the link's author.
#[component]
fn AgreementBanner() -> impl IntoView {
    let state = use_app();
    let is_ready = Memo::new(move |_| {
        let table = state.current.get().and_then(|table| state.table(table));
        table.is_some_and(|table| table.status == Status::Ready)
            && state.links.expected.with(|expected| !expected.is_empty())
    });
    Effect::new(move |_| {
        if !is_ready.get() {
            return;
        }
        let expected = state.links.expected.get_untracked();
        spawn_local(async move {
            let asked = state
                .engine
                .ask(Some(text::TASK_KEY_NUMBERS.to_owned()), Request::KeyNumbers);
            if let Ok(Response::KeyNumbers(found)) = asked.answer.await {
                state
                    .links
                    .agreement
                    .set(Some(links::compare(&expected, &found)));
                state.links.expected.set(Vec::new());
            }
        });
    });
    let banner = move || {
        let Agreement { n_same, different } = state.links.agreement.get()?;
        let agrees = different.is_empty();
        let list = different
            .into_iter()
            .map(|(name, there, here)| {
                let here = here.map_or_else(|| text::NOTHING.to_owned(), format::number);
                view! { <li>{text::disagreement(&name, &format::number(there), &here)}</li> }
            })
            .collect_view();
        Some(view! {
            <div class="banner" class:good=agrees class:bad=!agrees role="status" data-testid="agreement">
                <span>{if agrees { text::agreement(n_same) } else { text::DISAGREES.to_owned() }}</span>
                <ul class="plain-list">{list}</ul>
                <button type="button" class="button small" on:click=move |_| state.links.agreement.set(None)>
                    {text::DISMISS}
                </button>
            </div>
        })
    };
    view! { {banner} }
}
