//! One measure as several systems define it, and the rows on which they disagree.

use leptos::prelude::*;
use sluice_analysis::StepId;
use sluice_protocol::recipe::{DialectRow, Dialects, RecipeAnswer, RecipeQuery};
use sluice_protocol::spec::OperationSpec;

use super::chain::Kind;
use super::panel::title_of;
use super::state::{Tab, ask, use_recipe};
use super::text;
use crate::state::use_app;
use crate::{commands, format, text as page_text};

const N_ROWS: u32 = 40;

#[component]
pub fn Disagreement() -> impl IntoView {
    let state = use_app();
    let recipe = use_recipe();
    let chosen = RwSignal::new(None::<StepId>);
    let steps = Memo::new(move |_| {
        let steps = recipe
            .chain
            .get()
            .map(|chain| chain.steps)
            .unwrap_or_default();
        let has_dialects = |step: &StepId| {
            let op = state
                .doc
                .with(|doc| doc.step(*step).map(|step| step.op.clone()));
            op.and_then(|op| state.engine.operation(&op))
                .is_some_and(|spec| has_several(&spec))
        };
        steps.into_iter().filter(has_dialects).collect::<Vec<_>>()
    });
    // The one chosen here, else the one opened in the funnel, else the first.
    let step = Memo::new(move |_| {
        let steps = steps.get();
        let wanted = [chosen.get(), recipe.opened.get()];
        let found = wanted
            .into_iter()
            .flatten()
            .find(|step| steps.contains(step));
        found.or_else(|| steps.first().copied())
    });
    let question = move || {
        Some(RecipeQuery::Dialects {
            step: step.get()?,
            count: N_ROWS,
        })
    };
    let answered = ask(state, recipe, question, |answer| match answer {
        RecipeAnswer::Dialects(dialects) => Some(dialects),
        _ => None,
    });
    let options = move || {
        let step = step.get();
        steps
            .get()
            .into_iter()
            .map(|id| {
                view! { <option value=id.0.to_string() selected=Some(id) == step>{title_of(state, id)}</option> }
            })
            .collect_view()
    };
    let choose = move |event| {
        let id = event_target_value(&event).parse().ok().map(StepId);
        chosen.set(id);
    };
    let table = move || {
        let found = answered.value.get()?;
        let head = head(&found);
        let rows = found
            .rows
            .iter()
            .map(|of_row| row(recipe, &found, of_row))
            .collect_view();
        Some(view! {
            <p data-testid="dialects-sentence">{sentence(&found)}</p>
            <div class="compared-scroll" tabindex="0" role="region" aria-label=text::TAB_DIALECTS>
                <table class="compared">
                    {head}
                    <tbody>{rows}</tbody>
                </table>
            </div>
        })
    };
    view! {
        <div class="dialects" data-testid="dialects">
            <Show
                when=move || !steps.with(Vec::is_empty)
                fallback=|| view! { <NoneYet /> }
            >
                <label class="limit-field">
                    <span>{text::OPERATOR}</span>
                    <select class="field" data-testid="dialects-step" on:change=choose>{options}</select>
                </label>
            </Show>
            {table}
            {move || answered.failure.get().map(|f| view! {
                <p class="bad" role="alert">{page_text::sentence(&f)}</p>
            })}
        </div>
    }
}

/// Measures can be compared, edits and groups cannot.
fn has_several(spec: &OperationSpec) -> bool {
    spec.dialects.len() >= 2 && Kind::of(&spec.name) == Some(Kind::Filter)
}

/// Which filters could be compared, and the way to add one.
#[component]
fn NoneYet() -> impl IntoView {
    let state = use_app();
    let items = move || {
        let all = state.engine.operations.get();
        all.iter()
            .filter(|spec| has_several(spec))
            .map(|spec| {
                let definitions = text::listed(&spec.dialects);
                view! { <li>{spec.title.clone()}" "<span class="muted">{definitions}</span></li> }
            })
            .collect_view()
    };
    view! {
        <div class="dialects-none" data-testid="dialects-none">
            <p>{text::NO_DIALECTS}</p>
            <p class="muted">{text::HAVE_DIALECTS}</p>
            <ul class="plain-list dialects-known">{items}</ul>
            <button
                type="button"
                class="button small"
                data-testid="dialects-add"
                on:click=move |_| commands::run(state, "add-operator")
            >
                {text::CMD_ADD_OPERATOR}
            </button>
        </div>
    }
}

/// How many rows each definition keeps.
fn sentence(found: &Dialects) -> String {
    let kept: Vec<String> = found
        .dialects
        .iter()
        .zip(&found.n_kept)
        .map(|(dialect, n)| format!("{dialect} {}", format::count(*n)))
        .collect();
    text::dialects_keep(found.n_rows, &text::listed(&kept))
}

fn head(found: &Dialects) -> impl IntoView + use<> {
    let n_measures = found.measures.len().max(1);
    let dialects = found
        .dialects
        .iter()
        .map(|dialect| view! { <th scope="colgroup" class="number" colspan=n_measures>{dialect.clone()}</th> })
        .collect_view();
    // One measure needs no second line: it is the operator's.
    let measures = (n_measures > 1).then(|| {
        let names = (0..found.dialects.len()).flat_map(|_| found.measures.iter());
        let cells = names
            .map(|name| view! { <th scope="col" class="number">{name.clone()}</th> })
            .collect_view();
        view! { <tr><td></td>{cells}</tr> }
    });
    view! {
        <thead>
            <tr>
                <th scope="col">{text::ROW}</th>
                {dialects}
            </tr>
            {measures}
        </thead>
    }
}

fn row(
    recipe: super::state::RecipeState,
    found: &Dialects,
    of: &DialectRow,
) -> impl IntoView + use<> {
    let row = of.row;
    let n_measures = found.measures.len();
    let cells = of
        .values
        .iter()
        .zip(&of.keeps)
        .flat_map(|(values, keeps)| {
            let keeps = *keeps;
            values.iter().enumerate().map(move |(idx, value)| {
                let is_last = idx + 1 >= n_measures;
                let said = if keeps { text::KEEPS } else { text::DROPS };
                view! {
                    <td class="number">
                        {if value.is_nan() { "–".to_owned() } else { format::number(*value) }}
                        {is_last.then(|| view! { " "<span class="badge" class:drop=!keeps>{said}</span> })}
                    </td>
                }
            })
        })
        .collect_view();
    view! {
        <tr data-testid="dialect-row">
            <th scope="row">
                <button
                    type="button"
                    class="link-button dialect-text"
                    title=text::TAB_WHY
                    on:click=move |_| {
                        recipe.picked_row.set(Some(row));
                        recipe.tab.set(Tab::Why);
                    }
                >
                    <span class="muted">{text::row(row)}</span>
                    " "
                    {format::shortened(&of.text, 80)}
                </button>
            </th>
            {cells}
        </tr>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sentence_counts_what_each_definition_keeps() {
        let found = Dialects {
            dialects: vec!["datatrove".to_owned(), "Dolma".to_owned()],
            n_kept: vec![90, 70],
            n_rows: 100,
            ..Dialects::default()
        };
        assert_eq!(
            sentence(&found),
            "Of 100 rows with the present limits each keeps: datatrove 90 and Dolma 70"
        );
    }
}
