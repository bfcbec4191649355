//! Everything known about one column, A beside B.

use leptos::prelude::*;
use sluice_analysis::{Pill, Predicate, Value};
use sluice_protocol::profile::{ColumnProfile, TextProfile};

use super::bars::Bars;
use super::facts::{Share, facts, shares, side_by_side};
use super::sentence;
use crate::shell::icon::{self, icon};
use crate::state::{Shared, edits, pills, use_app};
use crate::{commands, format, text};

/// Values listed; the rest are in the chart.
const SHOWN_VALUES: usize = 12;
const SHOWN_LANGUAGES: usize = 6;

#[component]
pub fn ColumnInspector(name: String) -> impl IntoView {
    let state = use_app();
    let name = StoredValue::new(name);
    let of = move |table: Option<sluice_analysis::Ref>| {
        let table = state.table(table?)?;
        name.with_value(|name| table.column(name))
    };
    let a = Memo::new(move |_| of(state.current.get()));
    let b = Memo::new(move |_| of(state.compare.get()));
    let column_type = Memo::new(move |_| {
        let table = state.current.get().and_then(|table| state.table(table));
        table.and_then(|table| name.with_value(|name| table.column_type(name)))
    });
    let is_hidden = move || {
        let table = state.current.get();
        state.doc.with(|doc| {
            let grid = table.and_then(|table| doc.grid(table));
            grid.is_some_and(|grid| name.with_value(|name| grid.hidden.contains(name)))
        })
    };
    let toggle_hidden = move |_| {
        if let Some(table) = state.current.get_untracked() {
            state.edit(text::LABEL_HIDE, |doc| {
                edits::toggle(&mut doc.grid_mut(table).hidden, name.get_value());
            });
        }
    };
    let is_pinned = move || {
        let table = state.current.get();
        state.doc.with(|doc| {
            let grid = table.and_then(|table| doc.grid(table));
            grid.is_some_and(|grid| name.with_value(|name| grid.pinned.contains(name)))
        })
    };
    let toggle_pinned = move |_| {
        if let Some(table) = state.current.get_untracked() {
            state.edit(text::LABEL_PIN, |doc| {
                edits::toggle(&mut doc.grid_mut(table).pinned, name.get_value());
            });
        }
    };
    let chart = move |_| {
        let spec = [("x".to_owned(), Value::Text(name.get_value()))].into();
        state.edit(text::LABEL_ADD_CHART, |doc| edits::add_chart(doc, spec));
    };
    let body = move || match a.get() {
        Some(profile) => view! { <ColumnBody a=profile b=b.get() /> }.into_any(),
        None => {
            let is_known = column_type.get().is_some();
            view! { <p class="muted">{if is_known { text::PROFILE_COMING } else { text::NO_SUCH_COLUMN }}</p> }
                .into_any()
        }
    };
    view! {
        <header class="inspector-head">
            <h2 class="inspector-title">
                {move || column_type.get().map(|t| icon(icon::of_type(t)))}
                {name.get_value()}
            </h2>
            <span class="inspector-kind">
                {move || a.get().map(|p| p.meaning.label()).or_else(|| column_type.get().map(|t| t.label()))}
            </span>
        </header>
        {body}
        <div class="inspector-actions">
            <button type="button" class="button small" on:click=chart>{text::CHART_COLUMN}</button>
            <button type="button" class="button small" on:click=toggle_pinned>
                {move || if is_pinned() { text::UNPIN_COLUMN } else { text::PIN_COLUMN }}
            </button>
            <button type="button" class="button small" on:click=toggle_hidden>
                {move || if is_hidden() { text::SHOW_COLUMN } else { text::HIDE_COLUMN }}
            </button>
            <button
                type="button"
                class="button small"
                on:click=move |_| commands::run(state, "inspect-table")
            >
                {text::CMD_INSPECT_TABLE}
            </button>
        </div>
    }
}

#[component]
fn ColumnBody(a: Shared<ColumnProfile>, b: Option<Shared<ColumnProfile>>) -> impl IntoView {
    let state = use_app();
    let profile = a.0.clone();
    let alerts = a
        .alerts
        .iter()
        .map(|alert| view! { <li class="alert-line">{icon(icon::WARNING)}<span>{alert.reason.clone()}</span></li> })
        .collect_view();
    let of_b = b.as_ref().map(|b| {
        view! { <p><b class="side-b">"B "</b>{text::sentence(&sentence::of_column(b))}</p> }
    });
    let is_compared = b.is_some();
    let pick = {
        let profile = profile.clone();
        Callback::new(move |(first, last): (usize, usize)| {
            match pills::of_bars(&profile, first, last) {
                Some(pill) => state.edit(text::LABEL_FILTER, |doc| edits::toggle_pill(doc, pill)),
                None => state.ui.tell(text::REST_HAS_NO_FILTER),
            }
        })
    };
    let drawing = {
        let profile = profile.clone();
        move || {
            let under = state.view.under(&profile.name);
            view! { <Bars profile=profile.clone() under=under on_pick=pick /> }
        }
    };
    let pick_value = {
        let profile = profile.clone();
        Callback::new(move |i: usize| {
            if let Some(top) = profile.top_values.get(i) {
                let (name, value) = (profile.name.clone(), top.value.clone());
                state.edit(text::LABEL_FILTER, |doc| doc.toggle_value(&name, value));
            }
        })
    };
    let values = shares(
        &values_title(&a),
        value_shares(&a, b.as_deref()),
        Some(pick_value),
    );
    let basic = facts(
        text::COUNTS,
        side_by_side(counts(&a), b.as_deref().map(counts)),
    );
    let moments = facts(
        text::NUMBERS,
        side_by_side(numbers(&a), b.as_deref().map(numbers)),
    );
    let quantiles = facts(
        text::QUANTILES,
        side_by_side(quantiles(&a), b.as_deref().map(quantiles)),
    );
    let text_of = |profile: &ColumnProfile| profile.text.as_ref().map(lengths).unwrap_or_default();
    let lengths = facts(
        text::LENGTHS,
        side_by_side(text_of(&a), b.as_deref().map(text_of)),
    );
    let classes = shares(text::CHARACTERS, class_shares(&a), None);
    let languages = shares(text::LANGUAGES, language_shares(&a), None);
    let examples = (!a.examples.is_empty()).then(|| {
        let items = a
            .examples
            .iter()
            .map(|example| view! { <li class="example">{format::shortened(example, 200)}</li> })
            .collect_view();
        view! {
            <section class="inspector-section">
                <h3 class="section-title">{text::EXAMPLES}</h3>
                <ul class="plain-list examples">{items}</ul>
            </section>
        }
    });
    let missing = (a.nulls > 0).then(|| {
        let name = a.name.clone();
        view! {
            <button
                type="button"
                class="link-button"
                on:click=move |_| {
                    let pill = Pill { column: name.clone(), predicate: Predicate::Missing(true) };
                    state.edit(text::LABEL_FILTER, |doc| edits::toggle_pill(doc, pill));
                }
            >
                {text::FILTER_MISSING}
            </button>
        }
    });
    view! {
        <p class="inspector-why">
            {is_compared.then(|| view! { <b class="side-a">"A "</b> })}
            {text::sentence(&sentence::of_column(&a))}
        </p>
        {of_b}
        <ul class="plain-list alerts">{alerts}</ul>
        {drawing}
        {missing}
        {basic}
        {moments}
        {quantiles}
        {lengths}
        {values}
        {languages}
        {classes}
        {examples}
    }
}

fn pair(name: &str, value: impl Into<String>) -> (String, String) {
    (name.to_owned(), value.into())
}

fn counts(profile: &ColumnProfile) -> Vec<(String, String)> {
    let share = |n: u64| {
        let share = format::percent(n as f64 / profile.n.max(1) as f64);
        format!("{} · {share}", format::count(n))
    };
    let mut pairs = vec![pair(text::ROWS, format::count(profile.n))];
    pairs.push(pair(
        text::MISSING,
        if profile.nulls == 0 {
            "0".to_owned()
        } else {
            share(profile.nulls)
        },
    ));
    if profile.empties > 0 {
        pairs.push(pair(text::EMPTY_TEXTS, share(profile.empties)));
    }
    let distinct = format::count(profile.distinct.count);
    pairs.push(if profile.distinct.exact {
        pair(text::DISTINCT, distinct)
    } else {
        let error = format::percent(profile.distinct.relative_standard_error);
        pair(text::DISTINCT, text::estimated(&distinct, &error))
    });
    if let Some(numeric) = &profile.numeric {
        for (name, n) in [
            (text::ZEROS, numeric.n_zero),
            (text::NEGATIVES, numeric.n_negative),
            (text::NANS, numeric.n_nan),
            (
                text::INFINITIES,
                numeric.n_positive_infinity + numeric.n_negative_infinity,
            ),
        ] {
            if n > 0 {
                pairs.push(pair(name, share(n)));
            }
        }
    }
    pairs
}

fn numbers(profile: &ColumnProfile) -> Vec<(String, String)> {
    let Some(numeric) = &profile.numeric else {
        return Vec::new();
    };
    let on_axis = |x: f64| format::on_axis(x, profile.column_type);
    let is_moment = !matches!(
        profile.column_type,
        sluice_protocol::load::ColumnType::Date
            | sluice_protocol::load::ColumnType::DateTime
            | sluice_protocol::load::ColumnType::Time
            | sluice_protocol::load::ColumnType::Duration
    );
    let deviation = |x: f64| {
        if is_moment {
            format::number(x)
        } else {
            format::duration(x)
        }
    };
    let mut pairs = vec![pair(text::MEAN, on_axis(numeric.mean))];
    if let Some(x) = numeric.standard_deviation {
        pairs.push(pair(text::DEVIATION, deviation(x)));
    }
    if let Some(x) = numeric.skewness {
        pairs.push(pair(text::SKEWNESS, format::number(x)));
    }
    if let Some(x) = numeric.excess_kurtosis {
        pairs.push(pair(text::KURTOSIS, format::number(x)));
    }
    pairs
}

fn quantiles(profile: &ColumnProfile) -> Vec<(String, String)> {
    let Some(numeric) = &profile.numeric else {
        return Vec::new();
    };
    let on_axis = |x: f64| format::on_axis(x, profile.column_type);
    let mut pairs = vec![pair(text::MINIMUM, on_axis(numeric.min))];
    for (p, x) in numeric
        .quantiles
        .iter()
        .filter(|(p, _)| *p > 0.0 && *p < 1.0)
    {
        let name = if *p == 0.5 {
            text::MEDIAN.to_owned()
        } else {
            format::percent(*p)
        };
        pairs.push((name, on_axis(*x)));
    }
    pairs.push(pair(text::MAXIMUM, on_axis(numeric.max)));
    if numeric.quantile_rank_error > 0.0 {
        pairs.push(pair(
            text::RANK_ERROR,
            format::percent(numeric.quantile_rank_error),
        ));
    }
    pairs
}

fn lengths(text_profile: &TextProfile) -> Vec<(String, String)> {
    let mut pairs = vec![
        pair(text::SHORTEST, format::count(text_profile.min_length)),
        pair(text::MEAN, format::number(text_profile.mean_length)),
        pair(text::LONGEST, format::count(text_profile.max_length)),
    ];
    if let Some((_, median)) = text_profile
        .length_quantiles
        .iter()
        .find(|(p, _)| *p == 0.5)
    {
        pairs.insert(1, pair(text::MEDIAN, format::number(*median)));
    }
    pairs
}

fn values_title(profile: &ColumnProfile) -> String {
    match profile.top_values_error {
        0 => text::TOP_VALUES.to_owned(),
        error => text::top_values_within(&format::count(error)),
    }
}

fn value_shares(a: &ColumnProfile, b: Option<&ColumnProfile>) -> Vec<Share> {
    let present =
        |profile: &ColumnProfile| (profile.n - profile.nulls.min(profile.n)).max(1) as f64;
    a.top_values
        .iter()
        .take(SHOWN_VALUES)
        .map(|top| Share {
            label: format::shortened(&format::value(&top.value), 80),
            share: top.count as f64 / present(a),
            shown: match b {
                None => format::count(top.count),
                Some(_) => format::percent(top.count as f64 / present(a)),
            },
            b: b.map(|b| {
                let count = b
                    .top_values
                    .iter()
                    .find(|other| other.value == top.value)
                    .map_or(0, |o| o.count);
                let share = count as f64 / present(b);
                (share, format::percent(share))
            }),
        })
        .collect()
}

fn class_shares(profile: &ColumnProfile) -> Vec<Share> {
    let classes = profile
        .text
        .as_ref()
        .map(|t| t.character_classes.as_slice())
        .unwrap_or_default();
    named_shares(classes.iter().filter(|(_, share)| *share > 0.0))
}

fn language_shares(profile: &ColumnProfile) -> Vec<Share> {
    let languages = profile
        .text
        .as_ref()
        .and_then(|t| t.languages.as_deref())
        .unwrap_or_default();
    named_shares(languages.iter().take(SHOWN_LANGUAGES))
}

fn named_shares<'a>(shares: impl Iterator<Item = &'a (String, f64)>) -> Vec<Share> {
    shares
        .map(|(name, share)| Share {
            label: name.clone(),
            share: *share,
            shown: format::percent(*share),
            b: None,
        })
        .collect()
}
