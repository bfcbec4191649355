//! A distribution small enough for a column header: hundreds of them may be on screen.

use leptos::html;
use leptos::prelude::*;
use web_sys::{KeyboardEvent, PointerEvent};

use crate::format;

/// Height of the drawing in its own units; it is stretched to its box.
const HEIGHT: f64 = 24.0;
/// Width of a bar and the gap after it, in the drawing's units.
const BAR: f64 = 4.0;
const GAP: f64 = 1.0;

/// Bars that can be clicked, brushed or walked by arrow keys.
///
/// `counts` are of all rows, `under` of the rows in view. `on_pick` gets the first and last bar picked.
#[component]
pub fn SmallHistogram(
    counts: Vec<u64>,
    #[prop(default = None)] under: Option<Vec<u64>>,
    /// What each bar stands for, for tooltips and screen readers.
    #[prop(default = Vec::new())]
    labels: Vec<String>,
    /// Neighbouring bars belong together and can be brushed.
    #[prop(default = true)]
    is_axis: bool,
    label: String,
    on_pick: Callback<(usize, usize)>,
) -> impl IntoView {
    let n_bars = counts.len();
    let svg = NodeRef::<html::Div>::new();
    // First and latest bar of a brush, or the bar reached by keys.
    let brush = RwSignal::new(None::<(usize, usize)>);
    let is_dragging = StoredValue::new(false);
    let bar_at = move |event: &PointerEvent| -> Option<usize> {
        let rect = svg.get_untracked()?.get_bounding_client_rect();
        let share = (f64::from(event.client_x()) - rect.left()) / rect.width().max(1.0);
        (n_bars > 0).then(|| ((share * n_bars as f64).floor().max(0.0) as usize).min(n_bars - 1))
    };
    let on_down = move |event: PointerEvent| {
        if event.button() != 0 {
            return;
        }
        if let (Some(element), Some(bar)) = (svg.get_untracked(), bar_at(&event)) {
            element.set_pointer_capture(event.pointer_id()).ok();
            is_dragging.set_value(true);
            brush.set(Some((bar, bar)));
        }
    };
    let on_move = move |event: PointerEvent| {
        if is_dragging.get_value()
            && let (Some((first, _)), Some(bar)) = (brush.get_untracked(), bar_at(&event))
        {
            brush.set(Some(if is_axis { (first, bar) } else { (bar, bar) }));
        }
    };
    let finish = move || {
        if let Some((a, b)) = brush.get_untracked() {
            on_pick.run((a.min(b), a.max(b)));
        }
    };
    let on_up = move |_: PointerEvent| {
        if is_dragging.get_value() {
            is_dragging.set_value(false);
            finish();
            brush.set(None);
        }
    };
    let on_keydown = move |event: KeyboardEvent| {
        if n_bars == 0 {
            return;
        }
        let (anchor, at) = brush.get_untracked().unwrap_or((0, 0));
        let moved = match event.key().as_str() {
            "ArrowLeft" => at.saturating_sub(1),
            "ArrowRight" if brush.get_untracked().is_none() => 0,
            "ArrowRight" => (at + 1).min(n_bars - 1),
            "Home" => 0,
            "End" => n_bars - 1,
            "Enter" | " " => {
                event.prevent_default();
                event.stop_propagation();
                return finish();
            }
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        let extends = event.shift_key() && is_axis;
        brush.set(Some(if extends {
            (anchor, moved)
        } else {
            (moved, moved)
        }));
    };
    let highest = counts.iter().copied().max().unwrap_or(0).max(1);
    let width = (BAR + GAP) * n_bars as f64;
    let summary = summary(&label, &counts, &labels);
    let texts = StoredValue::new(
        counts
            .iter()
            .enumerate()
            .map(|(idx, count)| {
                let name = labels
                    .get(idx)
                    .cloned()
                    .unwrap_or_else(|| format!("bar {}", idx + 1));
                match under.as_ref().and_then(|under| under.get(idx)) {
                    Some(under) => {
                        format!(
                            "{name}: {} of {}",
                            format::count(*under),
                            format::count(*count)
                        )
                    }
                    None => format!("{name}: {}", format::count(*count)),
                }
            })
            .collect::<Vec<_>>(),
    );
    let bars = counts
        .iter()
        .enumerate()
        .map(|(idx, count)| {
            let x = (BAR + GAP) * idx as f64;
            let all = bar_height(*count, highest);
            let kept = under.as_ref().map(|under| bar_height(under.get(idx).copied().unwrap_or(0), highest));
            let title = texts.with_value(|texts| texts.get(idx).cloned().unwrap_or_default());
            let is_brushed = move || {
                brush.get().is_some_and(|(a, b)| a.min(b) <= idx && idx <= a.max(b))
            };
            view! {
                <g class="bar" class:brushed=is_brushed>
                    <title>{title}</title>
                    <rect class="bar-hit" x=x y=0 width=BAR + GAP height=HEIGHT />
                    <rect class="bar-all" class:behind=kept.is_some() x=x y=HEIGHT - all width=BAR height=all />
                    {kept.map(|kept| view! {
                        <rect class="bar-kept" x=x y=HEIGHT - kept width=BAR height=kept />
                    })}
                </g>
            }
        })
        .collect::<Vec<_>>();
    let said = move || {
        brush
            .get()
            .and_then(|(_, at)| texts.with_value(|texts| texts.get(at).cloned()))
            .unwrap_or_default()
    };
    view! {
        <div
            node_ref=svg
            class="small-histogram"
            role="slider"
            tabindex="-1"
            aria-label=summary
            aria-valuemin="1"
            aria-valuemax=n_bars.max(1)
            aria-valuenow=move || brush.get().map_or(1, |(_, at)| at + 1)
            aria-valuetext=said
            on:pointerdown=on_down
            on:pointermove=on_move
            on:pointerup=on_up
            on:keydown=on_keydown
            on:blur=move |_| brush.set(None)
        >
            <svg viewBox=format!("0 0 {} {HEIGHT}", width.max(1.0)) preserveAspectRatio="none" aria-hidden="true">
                {bars}
            </svg>
        </div>
    }
}

/// Any bar that holds something is visible.
fn bar_height(count: u64, highest: u64) -> f64 {
    if count == 0 {
        0.0
    } else {
        (count as f64 / highest as f64 * HEIGHT).max(1.0)
    }
}

fn summary(label: &str, counts: &[u64], labels: &[String]) -> String {
    let most = counts
        .iter()
        .enumerate()
        .max_by_key(|(idx, count)| (**count, std::cmp::Reverse(*idx)));
    match most {
        Some((idx, count)) if *count > 0 => {
            let name = labels
                .get(idx)
                .cloned()
                .unwrap_or_else(|| format!("bar {}", idx + 1));
            format!(
                "{label}, {} bars, most in {name} with {}",
                counts.len(),
                format::count(*count)
            )
        }
        _ => format!("{label}, empty"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rare_values_stay_visible() {
        assert_eq!(bar_height(0, 1_000_000), 0.0);
        assert_eq!(bar_height(1, 1_000_000), 1.0);
        assert_eq!(bar_height(1_000_000, 1_000_000), HEIGHT);
    }

    #[test]
    fn the_summary_names_the_first_of_the_highest_bars() {
        let labels = ["a", "b", "c"].map(str::to_owned);
        assert_eq!(
            summary("Distribution of x", &[1, 5, 5], &labels),
            "Distribution of x, 3 bars, most in b with 5"
        );
        assert_eq!(
            summary("Distribution of x", &[], &[]),
            "Distribution of x, empty"
        );
    }
}
