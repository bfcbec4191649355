//! Names and numbers in rows, one column per table.

use leptos::prelude::*;

use crate::text;

/// A named fact of A and, where it is compared, of B.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    pub name: String,
    pub a: String,
    pub b: Option<String>,
}

/// Puts the facts of A and B together by name, in A's order.
pub fn side_by_side(a: Vec<(String, String)>, b: Option<Vec<(String, String)>>) -> Vec<Fact> {
    let find = |name: &str| -> Option<String> {
        let b = b.as_ref()?;
        Some(
            b.iter()
                .find(|(other, _)| other == name)
                .map_or("–".to_owned(), |(_, value)| value.clone()),
        )
    };
    a.into_iter()
        .map(|(name, value)| {
            let other = find(&name);
            Fact {
                name,
                a: value,
                b: other,
            }
        })
        .collect()
}

/// A section of facts. Nothing is shown without any.
pub fn facts(title: &str, facts: Vec<Fact>) -> impl IntoView + use<> {
    let has_b = facts.iter().any(|fact| fact.b.is_some());
    let title = title.to_owned();
    (!facts.is_empty()).then(|| {
        let rows = facts
            .into_iter()
            .map(|fact| {
                view! {
                    <tr>
                        <th scope="row">{fact.name}</th>
                        <td>{fact.a}</td>
                        {fact.b.map(|b| view! { <td>{b}</td> })}
                    </tr>
                }
            })
            .collect_view();
        view! {
            <table class="facts">
                <caption class="section-title">{title}</caption>
                {has_b.then(|| view! {
                    <thead>
                        <tr>
                            <td></td>
                            <th scope="col" class="side-a">"A"</th>
                            <th scope="col" class="side-b">"B"</th>
                        </tr>
                    </thead>
                })}
                <tbody>{rows}</tbody>
            </table>
        }
    })
}

/// Values with the share of rows that have them, drawn behind the value.
pub struct Share {
    pub label: String,
    pub share: f64,
    pub shown: String,
    /// The same share in B.
    pub b: Option<(f64, String)>,
}

/// A section of shares; a click on a value that can be filtered by runs `on_pick` with its place.
pub fn shares(
    title: &str,
    shares: Vec<Share>,
    on_pick: Option<Callback<usize>>,
) -> impl IntoView + use<> {
    let title = title.to_owned();
    (!shares.is_empty()).then(|| {
        let rows = shares
            .into_iter()
            .enumerate()
            .map(|(i, share)| {
                let width = |share: f64| format!("{:.1}%", share.clamp(0.0, 1.0) * 100.0);
                let b = share.b.map(|(share, shown)| {
                    view! {
                        <span class="share-bar b" style:width=width(share) aria-hidden="true"></span>
                        <span class="share-value side-b">{shown}</span>
                    }
                });
                let inner = view! {
                    <span class="share-label">{share.label}</span>
                    <span class="share-value">{share.shown}</span>
                    <span class="share-bar" style:width=width(share.share) aria-hidden="true"></span>
                    {b}
                };
                match on_pick {
                    Some(on_pick) => view! {
                        <li>
                            <button
                                type="button"
                                class="share"
                                title=text::FILTER_BY_VALUE
                                on:click=move |_| on_pick.run(i)
                            >
                                {inner}
                            </button>
                        </li>
                    }
                    .into_any(),
                    None => view! { <li class="share">{inner}</li> }.into_any(),
                }
            })
            .collect_view();
        view! {
            <section class="inspector-section">
                <h3 class="section-title">{title}</h3>
                <ul class="plain-list shares">{rows}</ul>
            </section>
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_of_b_stand_beside_those_of_a() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let facts = side_by_side(
            vec![pair("mean", "1"), pair("median", "2")],
            Some(vec![pair("median", "3")]),
        );
        assert_eq!(facts[0].b.as_deref(), Some("–"));
        assert_eq!(facts[1].b.as_deref(), Some("3"));
        assert!(side_by_side(vec![pair("mean", "1")], None)[0].b.is_none());
    }
}
