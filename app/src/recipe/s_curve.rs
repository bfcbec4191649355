//! How likely two texts are compared, by their similarity; and what that depends on.

use leptos::prelude::*;
use sluice_analysis::{StepId, Value};
use sluice_protocol::recipe::SCurve;

use super::state::use_recipe;
use super::{chain, text};
use crate::format;
use crate::state::use_app;

/// Two signatures cut in `bands` bands of `rows` rows are compared if a band is equal in both. A row is equal with
/// probability `s`, so all of a band with `s^rows`, and some band with `1 − (1 − s^rows)^bands`.
///
/// Source: Leskovec, Rajaraman, Ullman, Mining of Massive Datasets, section 3.4.2.
pub fn probability(s: f64, rows: u32, bands: u32) -> f64 {
    1.0 - (1.0 - s.powf(f64::from(rows))).powf(f64::from(bands))
}

/// Share of pairs below the threshold that are compared all the same, and of those above that are missed, if
/// similarities are spread evenly: means of the curve on both sides.
pub fn error_shares(threshold: f64, rows: u32, bands: u32) -> (f64, f64) {
    let mean = |from: f64, to: f64| {
        const N: u32 = 400;
        let width = (to - from) / f64::from(N);
        let sum: f64 = (0..N)
            .map(|i| probability(from + (f64::from(i) + 0.5) * width, rows, bands))
            .sum();
        sum / f64::from(N)
    };
    let below = if threshold > 0.0 {
        mean(0.0, threshold)
    } else {
        0.0
    };
    let above = if threshold < 1.0 {
        1.0 - mean(threshold, 1.0)
    } else {
        0.0
    };
    (below, above)
}

/// Whether signatures are long enough, and both numbers make sense.
pub fn fits(bands: u32, rows: u32, permutations: u32) -> bool {
    bands > 0
        && rows > 0
        && bands
            .checked_mul(rows)
            .is_some_and(|needed| permutations == 0 || needed <= permutations)
}

const WIDTH: f64 = 240.0;
const HEIGHT: f64 = 120.0;

fn path(rows: u32, bands: u32) -> String {
    const N: u32 = 80;
    let mut path = String::new();
    for i in 0..=N {
        let s = f64::from(i) / f64::from(N);
        let start = if i == 0 { 'M' } else { 'L' };
        let y = HEIGHT * (1.0 - probability(s, rows, bands));
        path.push_str(&format!("{start}{:.1} {y:.1}", s * WIDTH));
    }
    path
}

/// Nothing while there is no curve. It stays on screen, with the keyboard in it, when another curve comes.
#[component]
pub fn SCurveEditor(id: StepId, curve: Memo<Option<SCurve>>) -> impl IntoView {
    let state = use_app();
    let recipe = use_recipe();
    let bands = RwSignal::new(1_u32);
    let rows = RwSignal::new(1_u32);
    Effect::new(move |_| {
        if let Some(curve) = curve.get() {
            bands.set(curve.bands);
            rows.set(curve.rows);
        }
    });
    let number = move |of: fn(&SCurve) -> f64| curve.with(|c| c.as_ref().map_or(0.0, of));
    let threshold = move || number(|curve| curve.threshold);
    let permutations = move || curve.with(|c| c.as_ref().map_or(0, |c| c.permutations));
    let is_fitting = move || fits(bands.get(), rows.get(), permutations());
    let errors = move || {
        let of_engine = curve
            .get()
            .filter(|c| (c.bands, c.rows) == (bands.get(), rows.get()));
        match of_engine {
            Some(curve) => (curve.false_positive, curve.false_negative),
            None => error_shares(threshold(), rows.get(), bands.get()),
        }
    };
    let write = move || {
        let (bands, rows) = (bands.get_untracked(), rows.get_untracked());
        let Some(curve) = curve.get_untracked() else {
            return;
        };
        if !fits(bands, rows, curve.permutations) {
            return;
        }
        let mut params = state.doc.with_untracked(|doc| chain::params_of(doc, id));
        for (name, n) in [(curve.bands_param, bands), (curve.rows_param, rows)] {
            if !name.is_empty() {
                params.insert(name, Value::Int(i64::from(n)));
            }
        }
        recipe.set_params(state, text::LABEL_BANDS, id, params);
    };
    let field = move |value: RwSignal<u32>,
                      label: &'static str,
                      test_id: &'static str,
                      param: fn(&SCurve) -> &str| {
        view! {
            <label class="limit-field">
                <span>{label}</span>
                <input
                    class="field number"
                    type="number"
                    min="1"
                    step="1"
                    disabled=move || curve.with(|c| c.as_ref().is_none_or(|c| param(c).is_empty()))
                    aria-invalid=move || (!is_fitting()).to_string()
                    data-testid=test_id
                    prop:value=move || value.get().to_string()
                    on:input=move |event| {
                        if let Ok(n) = event_target_value(&event).trim().parse() {
                            value.set(n);
                        }
                    }
                    on:change=move |_| write()
                />
            </label>
        }
    };
    let said = move || {
        let (positive, negative) = errors();
        text::curve_errors(&format::percent(positive), &format::percent(negative))
    };
    let label = move || text::curve(bands.get(), rows.get(), &format::number(threshold()));
    let at = move || threshold().clamp(0.0, 1.0) * WIDTH;
    view! {
        <section class="s-curve" data-testid="s-curve">
            <h3 class="section-title">{text::CURVE_TITLE}</h3>
            <div class="s-curve-body">
                <figure class="s-curve-figure">
                    <svg
                        class="s-curve-drawing"
                        viewBox=format!("-1 -2 {} {}", WIDTH + 2.0, HEIGHT + 3.0)
                        role="img"
                        aria-label=label
                    >
                        <line class="baseline" x1="0" y1=HEIGHT x2=WIDTH y2=HEIGHT />
                        <line class="threshold-line" x1=at y1="0" x2=at y2=HEIGHT />
                        <path class="curve" d=move || path(rows.get(), bands.get()) />
                    </svg>
                    <figcaption class="histogram-axis" aria-hidden="true">
                        <span class="tick" style:left=move || format!("{:.1}%", at() / WIDTH * 100.0)>
                            {move || text::threshold(&format::number(threshold()))}
                        </span>
                    </figcaption>
                </figure>
                <div class="s-curve-fields">
                    {field(bands, text::BANDS, "bands", |curve| &curve.bands_param)}
                    {field(rows, text::ROWS_PER_BAND, "band-rows", |curve| &curve.rows_param)}
                    <p data-testid="curve-errors">{said}</p>
                    <Show when=move || !is_fitting()>
                        <p class="bad" role="alert">{move || text::too_long(permutations())}</p>
                    </Show>
                </div>
            </div>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_rises_from_never_to_always() {
        assert_eq!(probability(0.0, 5, 20), 0.0);
        assert_eq!(probability(1.0, 5, 20), 1.0);
        // The book's table for 20 bands of 5 rows.
        for (s, expected) in [(0.2, 0.006), (0.4, 0.186), (0.6, 0.802), (0.8, 0.9996)] {
            assert!((probability(s, 5, 20) - expected).abs() < 5e-4, "{s}");
        }
    }

    #[test]
    fn errors_are_means_of_the_curve() {
        // One band of one row compares with probability s: ∫ s below 1/2 is 1/4 of its range, and 1/4 is missed.
        let (below, above) = error_shares(0.5, 1, 1);
        assert!((below - 0.25).abs() < 1e-6 && (above - 0.25).abs() < 1e-6);
        let (strict, lax) = (error_shares(0.7, 13, 10), error_shares(0.7, 2, 50));
        assert!(strict.0 < lax.0 && strict.1 > lax.1);
        assert_eq!(error_shares(0.0, 1, 1).0, 0.0);
        assert_eq!(error_shares(1.0, 1, 1).1, 0.0);
    }

    #[test]
    fn bands_must_fit_the_signature() {
        assert!(fits(16, 8, 128) && fits(1, 1, 0));
        assert!(!fits(17, 8, 128) && !fits(0, 8, 128) && !fits(u32::MAX, 2, 0));
    }
}
