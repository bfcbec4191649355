//! A panel whose data the engine computes as a figure.

use std::sync::Arc;

use leptos::prelude::*;
use sluice_analysis::{Panel, Params, Selection};
use sluice_protocol::figure::Figure;
use sluice_protocol::message::{Request, Response};

use super::pills_for;
use crate::chart::FigureView;
use crate::state::slot::{Slot, is_worth_telling};
use crate::state::tables::Status;
use crate::state::{edits, use_app};
use crate::text;

/// Set in a chart's spec by the page alone: draw the selected rows only.
pub const ONLY_SELECTED: &str = "only_selected";

#[component]
pub fn FigurePanel(#[prop(into)] panel: Signal<Option<Panel>>) -> impl IntoView {
    let state = use_app();
    let figure = RwSignal::new(None::<Arc<Figure>>);
    let failure = RwSignal::new(None::<String>);
    let is_computing = RwSignal::new(false);
    let slot = Slot::new();
    let key_of = move |table| {
        state
            .table(table)
            .filter(|t| t.status == Status::Ready)
            .map(|t| t.key)
    };
    // All that the figure depends on.
    let question = Memo::new(move |_| {
        let panel = panel.get()?;
        let keys = (key_of(panel.a)?, panel.b.map(key_of));
        let selection = if is_only_selected(&panel.spec) {
            state.doc.with(|doc| doc.view.selection.clone())
        } else {
            Selection::None
        };
        let pills = pills_for(state, &panel);
        Some((panel, keys, pills, selection))
    });
    Effect::new(move |_| {
        state.engine.restarts.track();
        let Some((panel, _, pills, selection)) = question.get() else {
            return;
        };
        is_computing.set(true);
        let body = Request::Figure {
            kind: panel.kind.clone(),
            a: panel.a,
            b: panel.b,
            pills,
            selection,
            spec: engine_spec(&panel),
        };
        slot.ask(
            state.engine,
            Some(text::TASK_FIGURE.to_owned()),
            body,
            move |answer| {
                is_computing.set(false);
                match answer {
                    Ok(Response::Figure(found)) => {
                        failure.set(None);
                        figure.set(Some(Arc::new(*found)));
                    }
                    Ok(_) => {}
                    Err(error) if is_worth_telling(error.kind) => failure.set(Some(error.message)),
                    Err(_) => {}
                }
            },
        );
    });
    view! {
        <div class="figure-panel" class:computing=move || is_computing.get()>
            {move || failure.get().map(|message| view! {
                <p class="panel-failure" role="alert">{text::sentence(&message)}</p>
            })}
            <Show
                when=move || figure.with(Option::is_some)
                fallback=move || view! {
                    <p class="muted panel-waiting">
                        {move || if failure.with(Option::is_some) { text::EMPTY } else { text::FIGURE_COMING }}
                    </p>
                }
            >
                <FigureView figure=figure />
            </Show>
        </div>
    }
}

fn is_only_selected(spec: &Params) -> bool {
    spec.get(ONLY_SELECTED)
        .and_then(sluice_analysis::Value::as_bool)
        == Some(true)
}

/// The spec without what the page alone understands.
fn engine_spec(panel: &Panel) -> Params {
    let mut spec = panel.spec.clone();
    if panel.kind == edits::CHART {
        spec.remove(ONLY_SELECTED);
    }
    spec
}
