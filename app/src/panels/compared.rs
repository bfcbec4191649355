//! Every column of A beside the same column of B: what is missing, the middle, the most frequent value.

use leptos::prelude::*;
use sluice_analysis::Panel;
use sluice_protocol::profile::ColumnProfile;

use crate::state::ui::{Drawer, Focus};
use crate::state::{Shared, use_app};
use crate::{format, text};

const DRAWN_WIDTH: f64 = 96.0;
const DRAWN_HEIGHT: f64 = 22.0;

#[component]
pub fn Compared(#[prop(into)] panel: Signal<Option<Panel>>) -> impl IntoView {
    let state = use_app();
    let rows = move || {
        let (Some(a), Some(b)) = (
            panel.get().and_then(|panel| state.table(panel.a)),
            panel
                .get()
                .and_then(|panel| panel.b)
                .and_then(|b| state.table(b)),
        ) else {
            return Vec::new();
        };
        let info = a.info.clone();
        info.iter()
            .flat_map(|info| info.columns.iter())
            .map(|column| {
                row(
                    state,
                    &column.name,
                    a.column(&column.name),
                    b.column(&column.name),
                )
            })
            .collect()
    };
    view! {
        <div class="compared-scroll">
            <table class="compared">
                <thead>
                    <tr>
                        <th scope="col">{text::COLUMN}</th>
                        <th scope="col">{text::A_AND_B_SHAPE}</th>
                        <th scope="col" class="number">{text::MISSING_A}</th>
                        <th scope="col" class="number">{text::MISSING_B}</th>
                        <th scope="col" class="number side-a">{text::MIDDLE_A}</th>
                        <th scope="col" class="number side-b">{text::MIDDLE_B}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

fn row(
    state: crate::state::AppState,
    name: &str,
    a: Option<Shared<ColumnProfile>>,
    b: Option<Shared<ColumnProfile>>,
) -> impl IntoView + use<> {
    let missing = |profile: &Option<Shared<ColumnProfile>>| match profile {
        Some(profile) => format::percent(profile.nulls as f64 / profile.n.max(1) as f64),
        None => "–".to_owned(),
    };
    let drawing = match (&a, &b) {
        (Some(a), Some(b)) => Some(drawn(a, b)),
        _ => None,
    };
    let of_click = name.to_owned();
    view! {
        <tr>
            <th scope="row">
                <button
                    type="button"
                    class="link-button"
                    on:click=move |_| {
                        state.ui.focus.set(Focus::Column(of_click.clone()));
                        state.ui.drawer.set(Some(Drawer::Inspector));
                    }
                >
                    {name.to_owned()}
                </button>
            </th>
            <td>{drawing}</td>
            <td class="number">{missing(&a)}</td>
            <td class="number">{missing(&b)}</td>
            <td class="number">{middle(a.as_deref())}</td>
            <td class="number">{middle(b.as_deref())}</td>
        </tr>
    }
}

/// The median, or the most frequent value with its share.
fn middle(profile: Option<&ColumnProfile>) -> String {
    let Some(profile) = profile else {
        return "–".to_owned();
    };
    let median = profile
        .numeric
        .as_ref()
        .and_then(|numeric| numeric.quantiles.iter().find(|(p, _)| *p == 0.5))
        .map(|(_, x)| format::on_axis(*x, profile.column_type));
    let top = || {
        let top = profile.top_values.first()?;
        let present = (profile.n - profile.nulls.min(profile.n)).max(1) as f64;
        let value = format::shortened(&format::value(&top.value), 16);
        Some(format!(
            "{value} {}",
            format::percent(top.count as f64 / present)
        ))
    };
    median.or_else(top).unwrap_or_else(|| "–".to_owned())
}

/// Both distributions as lines over one axis, each of area 1.
fn drawn(a: &ColumnProfile, b: &ColumnProfile) -> impl IntoView + use<> {
    let (path_a, path_b) = match (&a.histogram, &b.histogram) {
        (Some(ha), Some(hb)) => {
            let (low, high) = range(&ha.edges, &hb.edges);
            let shapes = [
                density(&ha.edges, &ha.counts),
                density(&hb.edges, &hb.counts),
            ];
            let highest = shapes
                .iter()
                .flatten()
                .map(|(_, _, y)| *y)
                .fold(0.0, f64::max);
            let draw = |shape: &[(f64, f64, f64)]| steps(shape, low, high, highest);
            (draw(&shapes[0]), draw(&shapes[1]))
        }
        _ => {
            // Values of A in its order, the same values of B at the same places.
            let shares = |of: &ColumnProfile| -> Vec<(f64, f64, f64)> {
                let present = (of.n - of.nulls.min(of.n)).max(1) as f64;
                a.top_values
                    .iter()
                    .take(12)
                    .enumerate()
                    .map(|(i, top)| {
                        let found = of.top_values.iter().find(|other| other.value == top.value);
                        let share = found.map_or(0.0, |found| found.count as f64 / present);
                        (i as f64, i as f64 + 1.0, share)
                    })
                    .collect()
            };
            let shapes = [shares(a), shares(b)];
            let highest = shapes
                .iter()
                .flatten()
                .map(|(_, _, y)| *y)
                .fold(0.0, f64::max);
            let n = shapes[0].len().max(1) as f64;
            (
                steps(&shapes[0], 0.0, n, highest),
                steps(&shapes[1], 0.0, n, highest),
            )
        }
    };
    let label = text::a_and_b_of(&a.name);
    view! {
        <svg class="overlay" viewBox=format!("0 0 {DRAWN_WIDTH} {DRAWN_HEIGHT}") role="img" aria-label=label>
            <path class="line-a" d=path_a />
            <path class="line-b" d=path_b />
        </svg>
    }
}

fn range(a: &[f64], b: &[f64]) -> (f64, f64) {
    let all = || a.iter().chain(b).copied().filter(|x| x.is_finite());
    (
        all().fold(f64::INFINITY, f64::min),
        all().fold(f64::NEG_INFINITY, f64::max),
    )
}

/// From, to and height of each bar, the area of all being 1.
fn density(edges: &[f64], counts: &[u64]) -> Vec<(f64, f64, f64)> {
    let total: u64 = counts.iter().sum();
    edges
        .windows(2)
        .zip(counts)
        .map(|(pair, count)| {
            let width = (pair[1] - pair[0]).max(f64::MIN_POSITIVE);
            (
                pair[0],
                pair[1],
                *count as f64 / total.max(1) as f64 / width,
            )
        })
        .collect()
}

fn steps(bars: &[(f64, f64, f64)], low: f64, high: f64, highest: f64) -> String {
    let span = high - low;
    if !(span.is_finite() && span > 0.0 && highest > 0.0) {
        return String::new();
    }
    let x = |at: f64| (at - low) / span * DRAWN_WIDTH;
    let y = |height: f64| DRAWN_HEIGHT - 1.0 - height / highest * (DRAWN_HEIGHT - 2.0);
    let mut path = String::new();
    for (i, (from, to, height)) in bars.iter().enumerate() {
        let start = if i == 0 { 'M' } else { 'L' };
        path.push_str(&format!(
            "{start}{:.1} {:.1}H{:.1}",
            x(*from),
            y(*height),
            x(*to)
        ));
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_are_one_whatever_the_width_of_bars() {
        let bars = density(&[0.0, 1.0, 4.0], &[5, 15]);
        let area: f64 = bars
            .iter()
            .map(|(from, to, height)| (to - from) * height)
            .sum();
        assert!((area - 1.0).abs() < 1e-12);
    }

    #[test]
    fn nothing_is_drawn_of_an_empty_range() {
        assert_eq!(steps(&[(0.0, 0.0, 1.0)], 0.0, 0.0, 1.0), "");
        assert_eq!(steps(&[], 0.0, 1.0, 0.0), "");
        assert!(steps(&[(0.0, 1.0, 1.0)], 0.0, 1.0, 1.0).starts_with("M0.0 1.0H96.0"));
    }
}
