//! The bars of a measure: all rows pale, those that reach the operator in full, what the limits drop toned down.

use leptos::html;
use leptos::prelude::*;
use sluice_protocol::recipe::{LimitSide, MeasureOverview};

use super::limit_handle::LimitHandle;
use super::scale::{self, Axis};
use super::text;
use super::threshold::{Context, is_reversed};
use crate::format;

/// Drawing units of the bars; they are stretched to their box.
const WIDTH: f64 = 1000.0;
const HEIGHT: f64 = 100.0;

#[component]
pub fn Histogram(context: Context) -> impl IntoView {
    let Context { measure, axis, .. } = context;
    let area = NodeRef::<html::Div>::new();
    let bars = move || {
        let (Some(axis), Some(measure)) = (axis.get(), measure.get()) else {
            return Vec::new();
        };
        let is_reversed = context.params.with(is_reversed);
        bars(axis, &measure, context.limits.get(), is_reversed)
    };
    let said = move || {
        let (axis, measure) = (axis.get()?, measure.get()?);
        let n_rows = measure.n_all.iter().map(|n| u64::from(*n)).sum();
        let value = |x: f64| text::value(x, &measure.unit);
        Some(text::histogram(
            &measure.title,
            n_rows,
            &value(axis.from),
            &value(axis.to),
        ))
    };
    let ticks = move || {
        axis.get().map(|axis| {
            let mark = |x: f64| {
                let at = axis.share(x) * 100.0;
                view! { <span class="tick" style:left=format!("{at:.2}%")>{format::number(x)}</span> }
            };
            scale::ticks(axis).into_iter().map(mark).collect_view()
        })
    };
    let is_log = move || axis.get().is_some_and(|axis| axis.is_log);
    let fixed = move |side: LimitSide| {
        let limit = context.limit(side);
        let axis = axis
            .get()
            .filter(|_| limit.is_finite() && context.param(side).is_none())?;
        let at = axis.share(limit) * 100.0;
        Some(view! { <span class="fixed-limit" style:left=format!("{at:.2}%")></span> })
    };
    view! {
        <div class="histogram">
            <div class="histogram-area" node_ref=area>
                <svg
                    class="histogram-bars"
                    viewBox=format!("0 0 {WIDTH} {HEIGHT}")
                    preserveAspectRatio="none"
                    role="img"
                    aria-label=said
                >
                    {bars}
                </svg>
                {move || fixed(LimitSide::Min)}
                {move || fixed(LimitSide::Max)}
                <LimitHandle context=context side=LimitSide::Min area=area />
                <LimitHandle context=context side=LimitSide::Max area=area />
            </div>
            <div class="histogram-axis" aria-hidden="true">{ticks}</div>
            <Show when=is_log>
                <p class="histogram-scale muted">{text::LOG_SCALE}</p>
            </Show>
        </div>
    }
}

fn bars(
    axis: Axis,
    measure: &MeasureOverview,
    limits: (f64, f64),
    is_reversed: bool,
) -> Vec<impl IntoView + use<>> {
    let n_bars = measure.n_all.len();
    let highest = measure.n_all.iter().copied().max().unwrap_or(0);
    // A little of every bar's width is left free, so that bars can be told apart.
    let gap = if n_bars > 1 {
        0.12 / n_bars as f64
    } else {
        0.0
    };
    let mut drawn = Vec::new();
    for (idx, n_all) in measure.n_all.iter().enumerate() {
        let n_reaching = measure.n_reaching.get(idx).copied().unwrap_or(0);
        let bar_end = (idx + 1) as f64 / n_bars as f64 - gap;
        for part in scale::parts(axis, idx, n_bars, limits, is_reversed) {
            let both = [
                (*n_all, "bar-of-all", "bar-of-all out"),
                (n_reaching, "bar-in", "bar-out"),
            ];
            for (n, kept, dropped) in both.into_iter().filter(|(n, ..)| *n > 0) {
                let height = scale::height(n, highest) * HEIGHT;
                drawn.push(view! {
                    <rect
                        class=if part.is_kept { kept } else { dropped }
                        x=part.from * WIDTH
                        y=HEIGHT - height
                        width=(part.to.min(bar_end) - part.from).max(0.0) * WIDTH
                        height=height
                    />
                });
            }
        }
    }
    drawn
}
