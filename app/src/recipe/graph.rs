//! A cluster of duplicates as a drawing: the row that stays in the middle, the others the nearer the more alike.

use std::f64::consts::{FRAC_PI_2, TAU};

use leptos::prelude::*;
use sluice_protocol::recipe::{Cluster, ClusterMember};

use super::clusters::similarity;
use super::text;

/// Half of the drawing's side, in its own units.
const HALF: f64 = 110.0;
/// Distances of the most and the least alike from the middle.
const NEAREST: f64 = 34.0;
const FURTHEST: f64 = 88.0;
/// More than these would cover each other.
const MAX_NODES: usize = 40;
/// With more nodes there is no room for their numbers.
const MAX_NUMBERS: usize = 12;

/// Where the members other than the first stand around it. The least alike one stands furthest.
pub fn layout(members: &[ClusterMember]) -> Vec<(f64, f64)> {
    let others = members.get(1..).unwrap_or_default();
    let least = others.iter().map(likeness).fold(1.0, f64::min);
    let n = others.len() as f64;
    others
        .iter()
        .enumerate()
        .map(|(idx, member)| {
            let unlike = if least < 1.0 {
                (1.0 - likeness(member)) / (1.0 - least)
            } else {
                0.0
            };
            let distance = NEAREST + unlike * (FURTHEST - NEAREST);
            // The first one stands on top, the others follow clockwise.
            let angle = idx as f64 / n * TAU - FRAC_PI_2;
            (distance * angle.cos(), distance * angle.sin())
        })
        .collect()
}

/// The exact similarity where it is known, else the estimate; in between where neither is.
fn likeness(member: &ClusterMember) -> f64 {
    let known = [member.exact, member.similarity]
        .into_iter()
        .find(|x| !x.is_nan());
    known.unwrap_or(0.5).clamp(0.0, 1.0)
}

#[component]
pub fn ClusterGraph(cluster: Cluster, pair: RwSignal<Option<(u64, u64)>>) -> impl IntoView {
    let kept = cluster.kept;
    let members: Vec<ClusterMember> = cluster.members.into_iter().take(MAX_NODES + 1).collect();
    let places = layout(&members);
    let has_numbers = places.len() <= MAX_NUMBERS;
    let others = || members.iter().skip(1).zip(&places);
    let edges = others()
        .map(|(_, (x, y))| view! { <line class="edge" x1="0" y1="0" x2=*x y2=*y /> })
        .collect_view();
    // The list beside it has the same choice for the keyboard.
    let nodes = others()
        .map(|(member, (x, y))| {
            let row = member.row;
            let is_chosen = move || pair.get() == Some((kept, row));
            let number = has_numbers.then(|| {
                let below = y + 19.0;
                view! { <text class="node-number" x=*x y=below>{similarity(likeness(member))}</text> }
            });
            view! {
                <g class="node" class:chosen=is_chosen on:click=move |_| pair.set(Some((kept, row)))>
                    <title>{text::row(row)}</title>
                    <circle class="node-hit" cx=*x cy=*y r="12" />
                    <circle class="node-dot" cx=*x cy=*y r="6" />
                    {number}
                </g>
            }
        })
        .collect_view();
    let label = text::graph(kept, cluster.n_rows);
    let frame = format!("{} {} {} {}", -HALF, -HALF, 2.0 * HALF, 2.0 * HALF);
    view! {
        <svg class="cluster-graph" viewBox=frame role="img" aria-label=label data-testid="cluster-graph">
            {edges}
            <circle class="node-kept" cx="0" cy="0" r="9" />
            {nodes}
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(exact: f64, similarity: f64) -> ClusterMember {
        ClusterMember {
            row: 0,
            similarity,
            exact,
            text: String::new(),
        }
    }

    fn distances(members: &[ClusterMember]) -> Vec<f64> {
        layout(members)
            .into_iter()
            .map(|(x, y)| x.hypot(y))
            .collect()
    }

    #[test]
    fn the_more_alike_the_nearer() {
        let kept = member(1.0, 1.0);
        let found = distances(&[
            kept.clone(),
            member(0.9, 0.5),
            member(f64::NAN, 0.7),
            member(1.0, 1.0),
        ]);
        assert!((found[0] - (NEAREST + (FURTHEST - NEAREST) / 3.0)).abs() < 1e-9);
        assert!((found[1] - FURTHEST).abs() < 1e-9);
        assert!((found[2] - NEAREST).abs() < 1e-9);
        assert!(distances(&[kept]).is_empty());
    }

    #[test]
    fn equal_texts_stand_around_at_one_distance() {
        let all = vec![member(1.0, 1.0); 5];
        assert!(distances(&all).iter().all(|d| (d - NEAREST).abs() < 1e-9));
    }
}
