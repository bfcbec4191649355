//! What each bar of a column's distribution stands for, and the drawing with its axis.

use leptos::prelude::*;
use sluice_protocol::load::ColumnType;
use sluice_protocol::profile::{ColumnProfile, Distribution};

use crate::chart::SmallHistogram;
use crate::grid::HeaderBars;
use crate::state::pills;
use crate::{format, text};

/// The bars of a column header; `None` where there is nothing to draw.
pub fn header_bars(profile: &ColumnProfile, in_view: Option<&Distribution>) -> Option<HeaderBars> {
    let counts = pills::bars(profile);
    (!counts.is_empty()).then(|| HeaderBars {
        labels: bar_labels(profile),
        is_axis: profile.histogram.is_some(),
        in_view: in_view.map(|in_view| {
            let mut kept = in_view.counts.clone();
            // The bar that gathers the rest, where there is one.
            kept.push(in_view.other);
            kept.resize(counts.len(), 0);
            kept
        }),
        counts,
    })
}

/// One label per bar, the gathered rest last.
pub fn bar_labels(profile: &ColumnProfile) -> Vec<String> {
    let n_bars = pills::bars(profile).len();
    if let Some(histogram) = &profile.histogram {
        let on_axis = |x: f64| format::on_axis(x, profile.column_type);
        let steps = histogram.edges.windows(2);
        // Whole numbers have a bar each when there are few of them.
        let whole = profile.column_type == ColumnType::Integer
            && histogram
                .edges
                .windows(2)
                .all(|pair| pair[1] - pair[0] == 1.0);
        return steps
            .map(|pair| {
                if whole {
                    on_axis(pair[0].ceil())
                } else {
                    format!("{} to {}", on_axis(pair[0]), on_axis(pair[1]))
                }
            })
            .collect();
    }
    let mut labels: Vec<String> = profile
        .top_values
        .iter()
        .map(|top| format::shortened(&format::value(&top.value), 60))
        .collect();
    if labels.len() < n_bars {
        labels.push(text::OTHER_VALUES.to_owned());
    }
    labels
}

/// A distribution of its own size, with the ends of its axis below.
#[component]
pub fn Bars(
    profile: std::sync::Arc<ColumnProfile>,
    #[prop(default = None)] under: Option<Distribution>,
    on_pick: Callback<(usize, usize)>,
) -> impl IntoView {
    let bars = header_bars(&profile, under.as_ref());
    let ends = profile.histogram.as_ref().and_then(|histogram| {
        let on_axis = |x: f64| format::on_axis(x, profile.column_type);
        let scale = if histogram.log { text::LOG_SCALE } else { "" };
        Some((
            on_axis(*histogram.edges.first()?),
            scale,
            on_axis(*histogram.edges.last()?),
        ))
    });
    let label = text::distribution_of(&profile.name);
    bars.map(|bars| {
        view! {
            <div class="bars">
                <SmallHistogram
                    counts=bars.counts
                    under=bars.in_view
                    labels=bars.labels
                    is_axis=bars.is_axis
                    label=label
                    on_pick=on_pick
                />
                {ends.map(|(low, scale, high)| view! {
                    <div class="bars-axis" aria-hidden="true">
                        <span>{low}</span>
                        <span>{scale}</span>
                        <span>{high}</span>
                    </div>
                })}
            </div>
        }
    })
}

#[cfg(test)]
mod tests {
    use sluice_protocol::profile::{Distinct, Histogram, Meaning, ValueCount};

    use super::*;

    fn profile(column_type: ColumnType) -> ColumnProfile {
        ColumnProfile {
            name: "x".to_owned(),
            column_type,
            meaning: Meaning::Other,
            n: 10,
            nulls: 1,
            empties: 0,
            distinct: Distinct::default(),
            numeric: None,
            text: None,
            histogram: None,
            top_values: Vec::new(),
            top_values_error: 0,
            examples: Vec::new(),
            alerts: Vec::new(),
        }
    }

    #[test]
    fn every_bar_has_a_label() {
        let mut of_values = profile(ColumnType::Text);
        of_values.top_values = vec![ValueCount {
            value: "a".into(),
            count: 5,
        }];
        assert_eq!(bar_labels(&of_values), ["a", text::OTHER_VALUES]);
        assert_eq!(pills::bars(&of_values), [5, 4]);

        let mut of_numbers = profile(ColumnType::Integer);
        let edges = vec![0.0, 1.0, 2.0];
        of_numbers.histogram = Some(Histogram {
            edges,
            counts: vec![4, 5],
            log: false,
        });
        assert_eq!(bar_labels(&of_numbers), ["0", "1"]);
    }

    #[test]
    fn counts_in_view_get_as_many_bars_as_all_counts() {
        let mut of_values = profile(ColumnType::Text);
        of_values.top_values = vec![ValueCount {
            value: "a".into(),
            count: 5,
        }];
        let under = Distribution {
            column: "x".to_owned(),
            counts: vec![3],
            nulls: 0,
            other: 2,
        };
        let bars = header_bars(&of_values, Some(&under)).unwrap();
        assert_eq!(bars.in_view, Some(vec![3, 2]));

        // Values that are not finite are in no bar of a histogram.
        let mut of_numbers = profile(ColumnType::Float);
        let edges = vec![0.0, 0.5, 1.0];
        of_numbers.histogram = Some(Histogram {
            edges,
            counts: vec![4, 5],
            log: false,
        });
        let under = Distribution {
            counts: vec![1, 2],
            ..under
        };
        assert_eq!(
            header_bars(&of_numbers, Some(&under)).unwrap().in_view,
            Some(vec![1, 2])
        );
        assert!(header_bars(&profile(ColumnType::List), None).is_none());
    }
}
