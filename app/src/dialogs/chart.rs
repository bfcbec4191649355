//! Which columns a chart shows, and how.

use leptos::prelude::*;
use sluice_analysis::{PanelId, Params, Value};

use super::modal::{Answers, Modal};
use crate::panels::ONLY_SELECTED;
use crate::state::{edits, use_app};
use crate::text;

/// Kinds the engine can draw; the first leaves the choice to it.
const KINDS: [(&str, &str); 8] = [
    ("auto", text::CHART_AUTO),
    ("histogram", text::CHART_HISTOGRAM),
    ("bar", text::CHART_BAR),
    ("line", text::CHART_LINE),
    ("scatter", text::CHART_SCATTER),
    ("box", text::CHART_BOX),
    ("heatmap", text::CHART_HEAT_MAP),
    ("ecdf", text::CHART_ECDF),
];

#[component]
pub fn ChartDialog(panel: Option<PanelId>) -> impl IntoView {
    let state = use_app();
    let before = state
        .doc
        .with_untracked(|doc| panel.and_then(|id| doc.panel(id).cloned()));
    let table = before
        .as_ref()
        .map(|panel| panel.a)
        .or_else(|| state.current.get_untracked());
    let info = table
        .and_then(|table| state.tables.get_untracked(table))
        .and_then(|table| table.info);
    let names: Vec<String> = info
        .map(|info| info.columns.iter().map(|c| c.name.clone()).collect())
        .unwrap_or_default();
    let spec = before.map(|panel| panel.spec).unwrap_or_default();
    let chosen = |key: &str| {
        spec.get(key)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let x = RwSignal::new(match chosen("x") {
        none if none.is_empty() => names.first().cloned().unwrap_or_default(),
        x => x,
    });
    let y = RwSignal::new(chosen("y"));
    let color = RwSignal::new(chosen("color"));
    let kind = RwSignal::new(match chosen("chart") {
        none if none.is_empty() => "auto".to_owned(),
        kind => kind,
    });
    let only_selected = RwSignal::new(
        spec.get(ONLY_SELECTED)
            .and_then(Value::as_bool)
            .unwrap_or(false),
    );
    let on_submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let mut spec = Params::new();
        let mut put = |key: &str, value: String| {
            if !value.is_empty() {
                spec.insert(key.to_owned(), Value::Text(value));
            }
        };
        put("x", x.get_untracked());
        put("y", y.get_untracked());
        put("color", color.get_untracked());
        put("chart", kind.get_untracked());
        if only_selected.get_untracked() {
            spec.insert(ONLY_SELECTED.to_owned(), Value::Bool(true));
        }
        state.ui.close();
        match panel {
            None => drop(state.edit(text::LABEL_ADD_CHART, |doc| edits::add_chart(doc, spec))),
            Some(id) => state.edit(text::LABEL_CHART, |doc| {
                if let Some(panel) = doc.panel_mut(id) {
                    panel.spec = spec;
                }
            }),
        }
    };
    let kinds = KINDS
        .map(|(value, label)| {
            view! { <option value=value selected=kind.with_untracked(|kind| kind == value)>{label}</option> }
        })
        .collect_view();
    let title = if panel.is_some() {
        text::CHANGE_CHART
    } else {
        text::ADD_CHART_TITLE
    };
    view! {
        <Modal title=title>
            <form class="dialog-body" on:submit=on_submit data-testid="chart-form">
                {column_select("chart-x", text::CHART_X, x, &names, false)}
                {column_select("chart-y", text::CHART_Y, y, &names, true)}
                {column_select("chart-color", text::CHART_COLOR, color, &names, true)}
                <div class="field-row">
                    <label for="chart-kind">{text::CHART_KIND}</label>
                    <select
                        id="chart-kind"
                        class="field"
                        on:change=move |event| kind.set(event_target_value(&event))
                    >
                        {kinds}
                    </select>
                </div>
                <label class="check">
                    <input
                        type="checkbox"
                        prop:checked=only_selected.get_untracked()
                        on:change=move |event| only_selected.set(event_target_checked(&event))
                    />
                    <span>{text::CHART_SELECTED}</span>
                </label>
                <Answers>
                    <button type="submit" class="button primary" data-testid="chart-submit">{text::DRAW}</button>
                </Answers>
            </form>
        </Modal>
    }
}

fn column_select(
    id: &'static str,
    label: &'static str,
    chosen: RwSignal<String>,
    names: &[String],
    can_be_none: bool,
) -> impl IntoView + use<> {
    let options = names
        .iter()
        .map(|name| {
            let is_chosen = chosen.with_untracked(|chosen| chosen == name);
            view! { <option value=name.clone() selected=is_chosen>{name.clone()}</option> }
        })
        .collect_view();
    view! {
        <div class="field-row">
            <label for=id>{label}</label>
            <select id=id class="field" on:change=move |event| chosen.set(event_target_value(&event))>
                {can_be_none.then(|| view! { <option value="">{text::NONE}</option> })}
                {options}
            </select>
        </div>
    }
}
