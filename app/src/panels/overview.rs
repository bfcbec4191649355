//! What is in a table, at a glance: what needs a look, duplicates, what is missing together, what goes together.

use leptos::prelude::*;
use sluice_analysis::Panel;
use sluice_protocol::profile::{Alert, Association, TableProfile};

use super::compared::Compared;
use crate::shell::icon::{self, icon};
use crate::state::tables::all_alerts;
use crate::state::ui::{Drawer, Focus};
use crate::state::{AppState, Shared, use_app};
use crate::{format, text};

const SHOWN_ALERTS: usize = 6;
const SHOWN_ASSOCIATIONS: usize = 6;
/// Weaker ones are as good as none to a person who looks at a table for the first time.
const LEAST_ASSOCIATION: f64 = 0.1;
const SHOWN_PATTERNS: usize = 4;

#[component]
pub fn Overview(#[prop(into)] panel: Signal<Option<Panel>>) -> impl IntoView {
    let state = use_app();
    let table = Memo::new(move |_| state.table(panel.get()?.a));
    let other = Memo::new(move |_| state.table(panel.get()?.b?));
    let profile = Memo::new(move |_| table.get().and_then(|table| table.profile));
    let n_columns = move || {
        table
            .get()
            .and_then(|t| t.info)
            .map_or(0, |info| info.columns.len())
    };
    let title = move || match (profile.get(), other.get()) {
        (_, Some(_)) => text::A_AND_B.to_owned(),
        (Some(profile), None) => finding(&profile, n_columns()),
        (None, None) => text::OVERVIEW.to_owned(),
    };
    let facts = move || {
        let table = table.get()?;
        let info = table.info?;
        let sampled = info
            .sampling
            .as_ref()
            .map(|s| text::sampled(&format::percent(s.share)));
        let sampled = sampled.unwrap_or_else(|| text::NOT_SAMPLED.to_owned());
        Some(format!("n {} · {sampled}", format::count(info.rows)))
    };
    let progress = move || {
        let table = table.get().filter(|table| table.is_profiling)?;
        let n = table.columns.len();
        let said = match &table.profile {
            None => text::profiled_columns(n, n_columns()),
            Some(profile) => still_computing(profile),
        };
        Some(view! { <p class="muted computing-line" role="status">{said}</p> })
    };
    let body = move || {
        if other.get().is_some() {
            return view! { <Compared panel=panel /> }.into_any();
        }
        match profile.get() {
            Some(profile) => view! { <Findings profile=profile /> }.into_any(),
            None => view! { <p class="muted">{text::OVERVIEW_COMING}</p> }.into_any(),
        }
    };
    view! {
        <div class="panel-head">
            <h2 class="panel-title" data-testid="overview-title">{title}</h2>
            <span class="panel-subtitle">{text::WHAT_IS_IN_IT}</span>
            <span class="panel-facts">{facts}</span>
        </div>
        {body}
        {progress}
    }
}

/// The title names the finding where there is one.
fn finding(profile: &TableProfile, n_columns: usize) -> String {
    let alerts = all_alerts(profile);
    let mut columns: Vec<&str> = alerts
        .iter()
        .filter_map(|alert| alert.column.as_deref())
        .collect();
    columns.sort_unstable();
    columns.dedup();
    let has_table_alert = alerts.iter().any(|alert| alert.column.is_none());
    match (columns.len(), has_table_alert) {
        (0, false) => text::nothing_unusual(n_columns),
        (0, true) => text::TABLE_NEEDS_A_LOOK.to_owned(),
        (n, _) => text::columns_need_a_look(n, n_columns),
    }
}

fn still_computing(profile: &TableProfile) -> String {
    let mut parts = Vec::new();
    if profile.duplicates.is_none() {
        parts.push(text::DUPLICATES.to_lowercase());
    }
    if profile.missing_patterns.is_none() {
        parts.push(text::MISSING_TOGETHER.to_lowercase());
    }
    if profile.associations.is_none() {
        parts.push(text::ASSOCIATIONS.to_lowercase());
    }
    if parts.is_empty() {
        parts.push(text::LANGUAGES.to_lowercase());
    }
    text::still_computing(&parts.join(", "))
}

#[component]
fn Findings(profile: Shared<TableProfile>) -> impl IntoView {
    let state = use_app();
    let all = all_alerts(&profile);
    let n_alerts = all.len();
    let alerts = all
        .iter()
        .take(SHOWN_ALERTS)
        .map(|a| alert_line(state, a))
        .collect_view();
    let more = (n_alerts > SHOWN_ALERTS).then(|| {
        view! { <li class="muted">{text::and_more(n_alerts - SHOWN_ALERTS)}</li> }
    });
    let alerts = (n_alerts > 0).then(|| {
        view! {
            <section class="finding">
                <h3 class="section-title">{text::WORTH_A_LOOK}</h3>
                <ul class="plain-list alerts">{alerts}{more}</ul>
            </section>
        }
    });
    let duplicates = profile.duplicates.as_ref().map(|found| {
        let said = text::duplicates(found.n_duplicates, profile.rows);
        let example = found.examples.first().and_then(|group| group.get(1)).copied();
        view! {
            <section class="finding">
                <h3 class="section-title">{text::DUPLICATES}</h3>
                <p class="finding-number">{said}</p>
                {example.map(|row| view! {
                    <button type="button" class="link-button" on:click=move |_| state.ui.show_row(row)>
                        {text::SHOW_ONE}
                    </button>
                })}
            </section>
        }
    });
    let missing = profile.missing_patterns.as_ref().map(|patterns| {
        let rows = profile.rows.max(1) as f64;
        let complete = patterns.iter().find(|p| p.columns.is_empty()).map_or(0, |p| p.count);
        let items = patterns
            .iter()
            .filter(|pattern| !pattern.columns.is_empty())
            .take(SHOWN_PATTERNS)
            .map(|pattern| {
                let names = format::shortened(&pattern.columns.join(", "), 60);
                view! {
                    <li class="pair-line">
                        <span>{names}</span>
                        <span class="pair-value">{format::percent(pattern.count as f64 / rows)}</span>
                    </li>
                }
            })
            .collect_view();
        view! {
            <section class="finding">
                <h3 class="section-title">{text::MISSING_TOGETHER}</h3>
                <p class="finding-number">{text::complete_rows(&format::percent(complete as f64 / rows))}</p>
                <ul class="plain-list">{items}</ul>
            </section>
        }
    });
    let associations = profile.associations.as_ref().filter(|all| !all.is_empty()).map(|all| {
        let is_weak = all
            .iter()
            .all(|found| found.value.abs() < LEAST_ASSOCIATION);
        let items = strongest(all)
            .into_iter()
            .filter(|found| found.value.abs() >= LEAST_ASSOCIATION)
            .take(SHOWN_ASSOCIATIONS)
            .map(|found| {
                let (a, b) = (found.a.clone(), found.b.clone());
                let width = format!("{:.0}%", found.value.abs().min(1.0) * 100.0);
                let pair = text::pair(&found.a, &found.b);
                let add = move |_| {
                    let spec = [
                        ("x".to_owned(), a.clone().into()),
                        ("y".to_owned(), b.clone().into()),
                    ];
                    state.edit(text::LABEL_ADD_CHART, |doc| {
                        crate::state::edits::add_chart(doc, spec.into())
                    });
                };
                view! {
                    <li>
                        <button type="button" class="pair-line as-button" title=text::CHART_PAIR on:click=add>
                            <span class="pair-names">{pair}</span>
                            <span class="pair-measure">{found.measure.label()}</span>
                            <span class="pair-value">{format::significant(found.value, 2)}</span>
                            <span class="share-bar" style:width=width aria-hidden="true"></span>
                        </button>
                    </li>
                }
            })
            .collect_view();
        view! {
            <section class="finding">
                <div class="section-head">
                    <h3 class="section-title">{text::ASSOCIATIONS}</h3>
                    <button type="button" class="link-button" on:click=move |_| add_figure(state, "associations")>
                        {text::AS_HEAT_MAP}
                    </button>
                </div>
                {is_weak.then(|| view! {
                    <p class="finding-number">{text::no_association(&format::number(LEAST_ASSOCIATION))}</p>
                })}
                <ul class="plain-list">{items}</ul>
            </section>
        }
    });
    view! {
        <div class="findings">
            <div class="findings-part">{alerts}{missing}</div>
            <div class="findings-part">{associations}{duplicates}</div>
        </div>
    }
}

/// One measure per pair of columns: the others say the same again.
fn strongest(all: &[Association]) -> Vec<&Association> {
    let mut kept: Vec<&Association> = Vec::new();
    for found in all {
        if !kept
            .iter()
            .any(|other| (&other.a, &other.b) == (&found.a, &found.b))
        {
            kept.push(found);
        }
    }
    kept
}

fn alert_line(state: AppState, alert: &Alert) -> impl IntoView + use<> {
    let column = alert.column.clone();
    let reason = alert.reason.clone();
    let name = column.clone().map(|name| view! { <b>{name}</b>" " });
    let line = view! { {icon(icon::WARNING)} <span>{name}{reason}</span> };
    match column {
        Some(column) => view! {
            <li>
                <button
                    type="button"
                    class="alert-line"
                    on:click=move |_| {
                        state.ui.focus.set(Focus::Column(column.clone()));
                        state.ui.drawer.set(Some(Drawer::Inspector));
                    }
                >
                    {line}
                </button>
            </li>
        }
        .into_any(),
        None => view! { <li class="alert-line">{line}</li> }.into_any(),
    }
}

fn add_figure(state: AppState, kind: &str) {
    state.edit(text::LABEL_ADD_CHART, |doc| {
        if let Some(a) = doc.current_table() {
            doc.add_panel(kind, a, None, sluice_analysis::Params::new());
        }
    });
}

#[cfg(test)]
mod tests {
    use sluice_analysis::{Ref, SourceId};
    use sluice_protocol::profile::AlertKind;

    use super::*;

    #[test]
    fn the_title_counts_columns_and_not_alerts() {
        let alert = |column: Option<&str>| Alert {
            kind: AlertKind::Skewed,
            column: column.map(str::to_owned),
            reason: String::new(),
        };
        let mut profile = TableProfile {
            table: Ref::Source(SourceId(1)),
            rows: 1,
            rows_total: 1,
            columns: Vec::new(),
            duplicates: None,
            missing_patterns: None,
            associations: None,
            association_scope: None,
            alerts: vec![alert(Some("x")), alert(Some("x")), alert(None)],
        };
        assert_eq!(finding(&profile, 5), "1 of 5 columns needs a look");
        profile.alerts = Vec::new();
        assert_eq!(finding(&profile, 5), "Nothing unusual in 5 columns");
    }
}
