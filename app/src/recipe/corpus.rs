//! What the corpus was and what it is after the recipe.

use leptos::prelude::*;
use sluice_protocol::recipe::{CorpusFact, RecipeAnswer, RecipeQuery};

use super::state::{ask, use_recipe};
use super::text;
use crate::state::use_app;
use crate::{format, text as page_text};

#[component]
pub fn Corpus() -> impl IntoView {
    let state = use_app();
    let recipe = use_recipe();
    let answered = ask(
        state,
        recipe,
        || Some(RecipeQuery::Corpus),
        |answer| match answer {
            RecipeAnswer::Corpus(facts) => Some(facts),
            _ => None,
        },
    );
    let tables = move || {
        let facts = answered.value.get()?;
        let sections = sections(&facts).into_iter().map(|(section, facts)| {
            let sampled = facts.iter().find_map(|fact| fact.sampled_rows).map(text::sampled_rows);
            let rows = facts.into_iter().map(row).collect_view();
            view! {
                <section class="corpus-section">
                    <div class="compared-scroll" tabindex="0" role="region" aria-label=section.to_owned()>
                        <table class="compared">
                            <caption class="section-title">{section.to_owned()}</caption>
                            <thead>
                                <tr>
                                    <th scope="col"><span class="visually-hidden">{text::MEASURE}</span></th>
                                    <th scope="col" class="number">{text::BEFORE}</th>
                                    <th scope="col" class="number">{text::AFTER}</th>
                                    <th scope="col" class="number">{text::CHANGE}</th>
                                </tr>
                            </thead>
                            <tbody>{rows}</tbody>
                        </table>
                    </div>
                    {sampled.map(|said| view! { <p class="muted">{said}</p> })}
                </section>
            }
        });
        Some(sections.collect_view())
    };
    view! {
        <div class="corpus" data-testid="corpus">
            {tables}
            {move || answered.failure.get().map(|f| view! {
                <p class="bad" role="alert">{page_text::sentence(&f)}</p>
            })}
        </div>
    }
}

fn row(fact: &CorpusFact) -> impl IntoView + use<> {
    view! {
        <tr data-testid="corpus-fact">
            <th scope="row">{fact.name.clone()}</th>
            <td class="number">{value(fact.before, &fact.unit)}</td>
            <td class="number">{value(fact.after, &fact.unit)}</td>
            <td class="number">{change(fact)}</td>
        </tr>
    }
}

/// Facts by section, both in the order in which they come.
fn sections(facts: &[CorpusFact]) -> Vec<(&str, Vec<&CorpusFact>)> {
    let mut sections: Vec<(&str, Vec<&CorpusFact>)> = Vec::new();
    for fact in facts {
        match sections.iter_mut().find(|(name, _)| *name == fact.section) {
            Some((_, facts)) => facts.push(fact),
            None => sections.push((&fact.section, vec![fact])),
        }
    }
    sections
}

/// Shares as percentages, other numbers with their unit.
fn value(x: f64, unit: &str) -> String {
    match unit {
        _ if x.is_nan() => "–".to_owned(),
        "share" => format::percent(x),
        unit => text::value(x, unit),
    }
}

/// Shares differ by points, other numbers by a part of what was there.
fn change(fact: &CorpusFact) -> String {
    let difference = fact.after - fact.before;
    let sign = |x: f64| if x < 0.0 { format::MINUS } else { '+' };
    if !difference.is_finite() {
        "–".to_owned()
    } else if difference == 0.0 {
        text::SAME.to_owned()
    } else if fact.unit == "share" {
        let points = format::significant((difference * 100.0).abs(), 2);
        format!("{}{points} points", sign(difference))
    } else if fact.before == 0.0 {
        format!("{}{}", sign(difference), format::number(difference.abs()))
    } else {
        let share = format::percent((difference / fact.before).abs());
        format!("{}{share}", sign(difference / fact.before.abs()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fact(section: &str, unit: &str, before: f64, after: f64) -> CorpusFact {
        CorpusFact {
            section: section.to_owned(),
            name: String::new(),
            unit: unit.to_owned(),
            before,
            after,
            sampled_rows: None,
        }
    }

    #[test]
    fn shares_change_by_points_and_counts_by_a_part() {
        let of = |unit: &str, before, after| change(&fact("", unit, before, after));
        assert_eq!(of("share", 0.5, 0.62), "+12 points");
        assert_eq!(of("share", 0.5, 0.498), "−0.2 points");
        assert_eq!(of("words", 200.0, 50.0), "−75 %");
        assert_eq!(of("", -2.0, -1.0), "+50 %");
        assert_eq!(of("rows", 0.0, 3.0), "+3");
        assert_eq!(of("rows", 3.0, 3.0), text::SAME);
        assert_eq!(of("rows", f64::NAN, 3.0), "–");
        assert_eq!(value(f64::NAN, "share"), "–");
    }

    #[test]
    fn sections_stay_in_order() {
        let facts = [
            fact("Size", "", 1.0, 1.0),
            fact("Words", "", 1.0, 1.0),
            fact("Size", "", 2.0, 2.0),
        ];
        let sections = sections(&facts);
        let names: Vec<&str> = sections.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["Size", "Words"]);
        assert_eq!(sections[0].1.len(), 2);
    }
}
