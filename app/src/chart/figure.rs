//! A figure in a panel: drawn, or as its table.

use std::sync::Arc;

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use sluice_protocol::figure::{Figure, Mark, TwinCell};
use wasm_bindgen::JsCast as _;

use super::echarts::{Chart, ThemeObserver};
use super::option::option;
use super::theme::Theme;
use crate::format;
use crate::platform::observer::SizeObserver;

/// A figure with its title, what stands beside it, and a switch to its table.
#[component]
pub fn FigureView(#[prop(into)] figure: Signal<Option<Arc<Figure>>>) -> impl IntoView {
    let shows_table = RwSignal::new(false);
    let is_table = move || {
        shows_table.get()
            || figure.with(|figure| {
                figure
                    .as_ref()
                    .is_some_and(|f| matches!(f.mark, Mark::Table { .. }))
            })
    };
    let text = move |pick: fn(&Figure) -> String| {
        move || {
            figure.with(|figure| {
                figure
                    .as_ref()
                    .map(|figure| pick(figure))
                    .unwrap_or_default()
            })
        }
    };
    view! {
        <figure class="figure">
            <figcaption class="panel-head">
                <span class="panel-title">{text(|f| f.title.clone())}</span>
                <span class="panel-subtitle">{text(|f| f.subtitle.clone())}</span>
                <span class="panel-facts">{text(facts)}</span>
                <button
                    type="button"
                    class="link-button"
                    aria-pressed=move || shows_table.get().to_string()
                    on:click=move |_| shows_table.update(|shows| *shows = !*shows)
                >
                    {move || if shows_table.get() { "chart" } else { "table" }}
                </button>
            </figcaption>
            <Show when=is_table fallback=move || view! { <Drawing figure=figure /> }>
                {move || figure.get().map(|figure| twin_table(&figure))}
            </Show>
        </figure>
    }
}

fn facts(figure: &Figure) -> String {
    let mut facts = format!(
        "n {} · missing {}",
        format::count(figure.n),
        format::count(figure.missing)
    );
    if figure.sampling_share < 1.0 {
        facts.push_str(&format!(
            " · {} sampled",
            format::percent(figure.sampling_share)
        ));
    }
    facts
}

#[component]
fn Drawing(figure: Signal<Option<Arc<Figure>>>) -> impl IntoView {
    let element = NodeRef::<html::Div>::new();
    let chart = StoredValue::new_local(None::<Chart>);
    let failure = RwSignal::new(None::<String>);
    // Drawn again when the chart is there, the data changes or the theme does.
    let redraw = RwSignal::new(0_u32);
    let observers = StoredValue::new_local(None::<(Option<SizeObserver>, Option<ThemeObserver>)>);
    Effect::new(move |_| {
        let Some(element) = element.get() else { return };
        let resized = SizeObserver::new(&element, move |_, _| {
            chart.with_value(|chart| {
                if let Some(chart) = chart {
                    chart.resize();
                }
            });
        });
        let themed = ThemeObserver::new(move || redraw.update(|n| *n += 1));
        observers.set_value(Some((resized, themed)));
        spawn_local(async move {
            match Chart::attach(element.unchecked_ref()).await {
                Ok(ready) => {
                    // The panel may have been closed while the library loaded.
                    chart.try_set_value(Some(ready));
                    redraw.try_update(|n| *n += 1);
                }
                Err(reason) => {
                    failure.try_set(Some(reason));
                }
            }
        });
    });
    Effect::new(move |_| {
        redraw.track();
        if let Some(figure) = figure.get() {
            let option = option(&figure, &Theme::current());
            chart.with_value(|chart| {
                if let Some(chart) = chart {
                    chart.draw(&option);
                }
            });
        }
    });
    view! {
        <div node_ref=element class="figure-drawing" role="img"
            aria-label=move || figure.get().map(|figure| described(&figure)).unwrap_or_default()></div>
        {move || failure.get().map(|reason| view! { <p class="failure" role="alert">{reason}</p> })}
    }
}

fn described(figure: &Figure) -> String {
    format!(
        "{}, {}. {}. Its numbers are in the table view",
        figure.title,
        figure.subtitle,
        facts(figure)
    )
}

/// Rows of a twin that are put on the page; the rest are in an export.
const MAX_TWIN_ROWS: usize = 500;

/// The figure as a table.
pub fn twin_table(figure: &Figure) -> impl IntoView + use<> {
    let twin = figure.twin();
    let n_left_out = twin.rows.len().saturating_sub(MAX_TWIN_ROWS);
    let head = twin
        .columns
        .into_iter()
        .map(|name| view! { <th scope="col">{name}</th> })
        .collect::<Vec<_>>();
    let rows = twin
        .rows
        .into_iter()
        .take(MAX_TWIN_ROWS)
        .map(|row| {
            let cells = row
                .into_iter()
                .map(|cell| match cell {
                    TwinCell::Text(text) => view! { <td>{text}</td> }.into_any(),
                    TwinCell::Number(value) => {
                        view! { <td class="numeric">{format::number(value)}</td> }.into_any()
                    }
                })
                .collect::<Vec<_>>();
            view! { <tr>{cells}</tr> }
        })
        .collect::<Vec<_>>();
    let rest = (n_left_out > 0).then(|| {
        let text = format!("{} more rows", format::count(n_left_out as u64));
        view! { <p class="hint">{text}</p> }
    });
    view! {
        <div class="twin" tabindex="0" role="region" aria-label="The figure as a table">
            <table>
                <thead><tr>{head}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
            {rest}
        </div>
    }
}
