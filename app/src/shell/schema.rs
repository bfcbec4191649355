//! The columns of the current table, searchable, each with a drawing of its distribution.

use leptos::prelude::*;
use sluice_protocol::load::ColumnType;

use super::icon::{self, icon};
use crate::state::ui::{Drawer, Focus};
use crate::state::{pills, use_app};
use crate::{format, text};

/// Bars in a drawing this small; neighbours are added up.
const SPARK_BARS: usize = 24;
const SPARK_HEIGHT: f64 = 16.0;

#[component]
pub fn Schema() -> impl IntoView {
    let state = use_app();
    let typed = RwSignal::new(String::new());
    let columns = Memo::new(move |_| {
        state
            .info()
            .map(|info| info.columns.clone())
            .unwrap_or_default()
    });
    let shown = Memo::new(move |_| {
        let typed = typed.get().to_lowercase();
        let all = columns.get();
        all.into_iter()
            .filter(|column| column.name.to_lowercase().contains(&typed))
            .map(|column| (column.name, column.column_type))
            .collect::<Vec<_>>()
    });
    view! {
        <section class="rail-section schema" aria-labelledby="schema-title">
            <h2 class="section-title" id="schema-title">
                {move || text::columns_title(columns.with(Vec::len))}
            </h2>
            <Show when=move || { columns.with(Vec::len) > 8 }>
                <input
                    class="field"
                    type="search"
                    placeholder=text::FIND_COLUMN
                    aria-label=text::FIND_COLUMN
                    on:input=move |event| typed.set(event_target_value(&event))
                />
            </Show>
            <ul class="plain-list schema-list">
                <For each=move || shown.get() key=|column| (column.0.clone(), column.1.label()) let:column>
                    <SchemaColumn name=column.0 column_type=column.1 />
                </For>
            </ul>
        </section>
    }
}

#[component]
fn SchemaColumn(name: String, column_type: ColumnType) -> impl IntoView {
    let state = use_app();
    let name = StoredValue::new(name);
    let profile = Memo::new(move |_| {
        let table = state.current.get().and_then(|table| state.table(table))?;
        name.with_value(|name| table.column(name))
    });
    let is_focused = move || {
        state.ui.focus.with(|focus| match focus {
            Focus::Column(column) => name.with_value(|name| name == column),
            _ => false,
        })
    };
    let is_hidden = move || {
        let table = state.current.get();
        state.doc.with(|doc| {
            let grid = table.and_then(|table| doc.grid(table));
            grid.is_some_and(|grid| name.with_value(|name| grid.hidden.contains(name)))
        })
    };
    let nulls = move || {
        let profile = profile.get()?;
        (profile.nulls > 0 && profile.n > 0).then(|| {
            view! {
                <span class="schema-nulls" title=text::MISSING_SHARE>
                    {format::percent(profile.nulls as f64 / profile.n as f64)}
                </span>
            }
        })
    };
    let alert = move || {
        let profile = profile.get()?;
        let reason = profile.alerts.first()?.reason.clone();
        Some(view! { <span class="schema-alert" title=reason>{icon(icon::WARNING)}</span> })
    };
    let drawing = move || profile.get().map(|profile| spark(&pills::bars(&profile)));
    let open = move |_| {
        state.ui.focus.set(Focus::Column(name.get_value()));
        state.ui.drawer.set(Some(Drawer::Inspector));
    };
    view! {
        <li>
            <button
                type="button"
                class="schema-column"
                class:current=is_focused
                class:off=is_hidden
                title=format!("{} · {}", name.get_value(), column_type.label())
                on:click=open
            >
                <span class="schema-type">{icon(icon::of_type(column_type))}</span>
                <span class="visually-hidden">{column_type.label()}</span>
                <span class="schema-name">{name.get_value()}</span>
                {alert}
                {nulls}
                {drawing}
            </button>
        </li>
    }
}

/// A distribution as one outline: hundreds may be in the list.
fn spark(counts: &[u64]) -> impl IntoView + use<> {
    let bars = grouped(counts);
    let width = SPARK_BARS as f64 * 2.0;
    view! {
        <svg
            class="spark"
            viewBox=format!("0 0 {width} {SPARK_HEIGHT}")
            preserveAspectRatio="none"
            aria-hidden="true"
        >
            <path d=outline(&bars, width) />
        </svg>
    }
}

/// At most [`SPARK_BARS`] bars.
fn grouped(counts: &[u64]) -> Vec<u64> {
    let size = counts.len().div_ceil(SPARK_BARS).max(1);
    counts
        .chunks(size)
        .map(|chunk| chunk.iter().sum())
        .collect()
}

fn outline(bars: &[u64], width: f64) -> String {
    let highest = bars.iter().copied().max().unwrap_or(0);
    if highest == 0 {
        return String::new();
    }
    let bar_width = (width / bars.len() as f64).min(width / 4.0);
    let mut path = String::new();
    for (i, count) in bars.iter().enumerate().filter(|(_, count)| **count > 0) {
        let height = (*count as f64 / highest as f64 * SPARK_HEIGHT).max(1.0);
        let (x, y) = (i as f64 * bar_width, SPARK_HEIGHT - height);
        path.push_str(&format!(
            "M{x:.1} {y:.1}h{:.1}v{height:.1}h-{0:.1}z",
            bar_width * 0.8
        ));
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_bars_are_added_up_in_order() {
        let bars = grouped(&vec![1; 48]);
        assert_eq!(bars, vec![2; 24]);
        assert_eq!(grouped(&[3, 1]), [3, 1]);
        assert!(grouped(&[]).is_empty());
    }

    #[test]
    fn empty_bars_are_not_drawn_and_small_ones_are() {
        assert_eq!(outline(&[0, 0], 48.0), "");
        assert_eq!(outline(&[1, 0, 1000, 0], 48.0).matches('M').count(), 2);
    }
}
