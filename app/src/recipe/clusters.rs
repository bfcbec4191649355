//! Groups of duplicates: their sizes, their texts, and how alike two of them are.

use leptos::prelude::*;
use sluice_analysis::StepId;
use sluice_protocol::recipe::{Cluster, Clusters, RecipeAnswer, RecipeQuery};

use super::graph::ClusterGraph;
use super::pair::PairView;
use super::s_curve::SCurveEditor;
use super::state::{ask, use_recipe};
use super::text;
use super::truth::Truth;
use crate::state::use_app;
use crate::{format, text as page_text};

/// On one page of the list.
const N_CLUSTERS: u32 = 12;

#[component]
pub fn ClusterList(id: StepId) -> impl IntoView {
    let state = use_app();
    let recipe = use_recipe();
    let start = RwSignal::new(0_u32);
    // By the row that stays: clusters have no other name that survives another threshold.
    let chosen = RwSignal::new(None::<u64>);
    let pair = RwSignal::new(None::<(u64, u64)>);
    let truth = Truth::new(state, recipe);
    let question = move || {
        Some(RecipeQuery::Clusters {
            step: id,
            start: start.get(),
            count: N_CLUSTERS,
            truth: truth.column.get(),
        })
    };
    let answered = ask(state, recipe, question, |answer| match answer {
        RecipeAnswer::Clusters(clusters) => Some(clusters),
        _ => None,
    });
    let curve = Memo::new(move |_| answered.value.get()?.s_curve.clone());
    let has_curve = Memo::new(move |_| curve.with(Option::is_some));
    let sizes = move || answered.value.get().map(|clusters| sizes(&clusters));
    let shown = Memo::new(move |_| {
        let clusters = answered.value.get()?;
        let wanted = chosen.get();
        let found = clusters
            .clusters
            .iter()
            .find(|cluster| Some(cluster.kept) == wanted);
        found.or_else(|| clusters.clusters.first()).cloned()
    });
    let list = move || {
        let clusters = answered.value.get()?;
        let items = clusters
            .clusters
            .iter()
            .map(|cluster| item(cluster, shown, chosen, pair))
            .collect_view();
        Some(view! { <ol class="plain-list clusters">{items}</ol> })
    };
    let n_clusters = move || {
        answered
            .value
            .get()
            .map_or(0, |clusters| clusters.n_clusters)
    };
    let turn = move |by: i64, label: &'static str| {
        let to = move || i64::from(start.get()) + by * i64::from(N_CLUSTERS);
        let is_there = move || 0 <= to() && to() < i64::try_from(n_clusters()).unwrap_or(i64::MAX);
        view! {
            <button
                type="button"
                class="button small"
                disabled=move || !is_there()
                on:click=move |_| {
                    start.set(u32::try_from(untrack(to)).unwrap_or(0));
                    chosen.set(None);
                    pair.set(None);
                }
            >
                {label}
            </button>
        }
    };
    view! {
        <section class="cluster-view" data-testid="clusters">
            <Show when=move || has_curve.get()>
                <SCurveEditor id=id curve=curve />
            </Show>
            {sizes}
            {truth.view(answered.value)}
            <div class="cluster-columns">
                <div>
                    {list}
                    <Show when=move || { n_clusters() > u64::from(N_CLUSTERS) }>
                        <div class="turns">
                            {turn(-1, text::LARGER_CLUSTERS)}
                            {turn(1, text::SMALLER_CLUSTERS)}
                        </div>
                    </Show>
                </div>
                {move || shown.get().map(|cluster| view! {
                    <ClusterGraph cluster=cluster pair=pair />
                })}
            </div>
            {move || pair.get().map(|(a, b)| view! { <PairView id=id a=a b=b pair=pair /> })}
            {move || answered.failure.get().map(|f| view! {
                <p class="bad" role="alert">{page_text::sentence(&f)}</p>
            })}
        </section>
    }
}

/// How many clusters there are of each size.
fn sizes(clusters: &Clusters) -> impl IntoView + use<> {
    let most = clusters
        .sizes
        .iter()
        .map(|(_, n)| *n)
        .max()
        .unwrap_or(0)
        .max(1);
    let bars = clusters
        .sizes
        .iter()
        .map(|(size, n)| {
            let width = format!("{:.1}%", *n as f64 / most as f64 * 100.0);
            view! {
                <tr>
                    <th scope="row">{text::of_size(size)}</th>
                    <td class="size-cell">
                        <span class="size-bar" style:width=width aria-hidden="true"></span>
                    </td>
                    <td class="number">{format::count(*n)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="cluster-sizes">
            <p data-testid="cluster-count">{text::clusters_of(clusters.n_clusters, clusters.n_rows)}</p>
            <table class="sizes">
                <caption class="visually-hidden">{text::CLUSTER_SIZES}</caption>
                <tbody>{bars}</tbody>
            </table>
        </div>
    }
}

/// A similarity, where there is one.
pub fn similarity(x: f64) -> String {
    if x.is_nan() {
        "–".to_owned()
    } else {
        format::significant(x, 3)
    }
}

fn item(
    cluster: &Cluster,
    shown: Memo<Option<Cluster>>,
    chosen: RwSignal<Option<u64>>,
    pair: RwSignal<Option<(u64, u64)>>,
) -> impl IntoView + use<> {
    let kept = cluster.kept;
    let is_shown = move || shown.with(|shown| shown.as_ref().is_some_and(|c| c.kept == kept));
    let first = cluster
        .members
        .first()
        .map(|member| member.text.clone())
        .unwrap_or_default();
    let n_rows = cluster.n_rows;
    let members = StoredValue::new(cluster.members.clone());
    let more = n_rows.saturating_sub(cluster.members.len() as u64);
    let list = move || {
        let items = members.with_value(|members| {
            members
                .iter()
                .map(|member| {
                    let row = member.row;
                    let is_kept = row == kept;
                    let numbers = (!is_kept).then(|| {
                        text::similarities(&similarity(member.similarity), &similarity(member.exact))
                    });
                    view! {
                        <li>
                            <button
                                type="button"
                                class="member"
                                data-testid="cluster-member"
                                disabled=is_kept
                                aria-pressed=move || (pair.get() == Some((kept, row))).to_string()
                                on:click=move |_| pair.set(Some((kept, row)))
                            >
                                <span class="member-head">
                                    {page_text::sentence(&text::row(row))}
                                    <span class="muted">
                                        {if is_kept { Some(text::STAYS.to_owned()) } else { numbers }}
                                    </span>
                                </span>
                                <span class="example-text" dir="auto">{member.text.clone()}</span>
                            </button>
                        </li>
                    }
                })
                .collect_view()
        });
        let more = (more > 0).then(|| view! { <li class="muted">{text::more_rows(more)}</li> });
        view! { <ul class="plain-list members">{items}{more}</ul> }
    };
    view! {
        <li class="cluster" class:open=is_shown>
            <button
                type="button"
                class="cluster-main"
                data-testid="cluster"
                aria-expanded=move || is_shown().to_string()
                on:click=move |_| {
                    chosen.set(Some(kept));
                    pair.set(None);
                }
            >
                <span class="cluster-size">{text::rows_of_cluster(n_rows)}</span>
                <span class="cluster-text" dir="auto">{first}</span>
            </button>
            <Show when=is_shown>{list}</Show>
        </li>
    }
}
