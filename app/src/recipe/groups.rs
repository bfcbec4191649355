//! What the recipe does to each group of rows: which lose most, and to which operator.

use leptos::prelude::*;
use sluice_analysis::StepId;
use sluice_protocol::load::{ColumnInfo, ColumnType, TableInfo};
use sluice_protocol::recipe::{GroupEffect, RecipeAnswer, RecipeQuery};

use super::findings::Findings;
use super::panel::title_of;
use super::state::{ask, use_recipe};
use super::text;
use crate::state::use_app;
use crate::{format, text as page_text};

/// Smaller differences from the whole are not worth a mark, however sure they are.
const LEAST_DIFFERENCE: f64 = 0.05;
/// And surer than chance gives: three standard errors of the share of a group of this size.
const STANDARD_ERRORS: f64 = 3.0;

/// One group as the table shows it.
#[derive(Clone, Debug, PartialEq)]
struct Line {
    name: String,
    /// It stands for one value of the column.
    is_named: bool,
    rows_in: u64,
    rows_out: u64,
    /// Kept; NaN of an empty group.
    share: f64,
    /// Position of the operator that removes most, and how many rows it removes.
    worst: Option<(usize, u64)>,
    loses_more: bool,
}

/// Least kept first.
fn lines(groups: &[GroupEffect]) -> Vec<Line> {
    let rows_out = |group: &GroupEffect| group.rows_after.last().copied().unwrap_or(group.rows_in);
    let all_in: u64 = groups.iter().map(|group| group.rows_in).sum();
    let all_out: u64 = groups.iter().map(rows_out).sum();
    let whole = all_out as f64 / all_in.max(1) as f64;
    let mut lines: Vec<Line> = groups
        .iter()
        .map(|group| {
            let rows_out = rows_out(group);
            let n = group.rows_in.max(1) as f64;
            let share = rows_out as f64 / group.rows_in as f64;
            let standard_error = (whole * (1.0 - whole) / n).sqrt();
            let difference = whole - share;
            Line {
                name: name_of(group),
                is_named: !group.is_rest && !group.name.is_empty(),
                rows_in: group.rows_in,
                rows_out,
                share,
                worst: worst(group),
                loses_more: difference >= LEAST_DIFFERENCE
                    && difference >= STANDARD_ERRORS * standard_error,
            }
        })
        .collect();
    lines.sort_by(|a, b| {
        a.share
            .total_cmp(&b.share)
            .then_with(|| a.name.cmp(&b.name))
    });
    lines
}

fn worst(group: &GroupEffect) -> Option<(usize, u64)> {
    let before = std::iter::once(group.rows_in).chain(group.rows_after.iter().copied());
    let losses = before
        .zip(&group.rows_after)
        .map(|(before, after)| before.saturating_sub(*after));
    // Of equal losses the first operator's.
    let most = losses
        .enumerate()
        .max_by_key(|(idx, lost)| (*lost, std::cmp::Reverse(*idx)));
    most.filter(|(_, lost)| *lost > 0)
}

/// What columns that name groups are called, the most telling first.
const USUAL: [&str; 8] = [
    "source", "language", "lang", "planted", "category", "label", "domain", "type",
];

/// The column that most likely names groups. `n_distinct` of a column, where it is known.
fn first_choice(
    columns: &[ColumnInfo],
    n_distinct: impl Fn(&str) -> Option<u64>,
) -> Option<String> {
    let usual = USUAL.into_iter().find_map(|usual| {
        let mut columns = columns.iter();
        columns.find(|column| column.name.eq_ignore_ascii_case(usual))
    });
    let is_id = |name: &str| {
        let name = name.to_ascii_lowercase();
        name == "id" || name.ends_with("_id") || name == "uuid"
    };
    // What is known to differ in every row is as little use as what never does.
    let names_groups = |column: &&ColumnInfo| {
        let can = matches!(
            column.column_type,
            ColumnType::Category | ColumnType::Boolean | ColumnType::Text
        );
        can && !is_id(&column.name) && n_distinct(&column.name).is_none_or(|n| n >= 2)
    };
    let fewest = || {
        let found = columns.iter().filter(names_groups);
        // Of those that are not known, texts are most likely all different.
        found.min_by_key(|column| {
            let is_text = column.column_type == ColumnType::Text;
            let n = n_distinct(&column.name);
            (n.unwrap_or(u64::MAX), is_text)
        })
    };
    let any = || columns.iter().find(|column| !is_id(&column.name));
    let found = usual.or_else(fewest).or_else(any);
    found.or(columns.first()).map(|column| column.name.clone())
}

#[component]
pub fn Groups() -> impl IntoView {
    let state = use_app();
    let recipe = use_recipe();
    let chosen = RwSignal::new(None::<String>);
    let info = Memo::new(move |_| state.table(recipe.chain.get()?.input)?.info);
    let columns = Memo::new(move |_| {
        let info = info.get();
        let names = |info: crate::state::Shared<TableInfo>| -> Vec<String> {
            info.columns
                .iter()
                .map(|column| column.name.clone())
                .collect()
        };
        info.map(names).unwrap_or_default()
    });
    let column = Memo::new(move |_| {
        let columns = columns.get();
        let wanted = chosen.get().filter(|chosen| columns.contains(chosen));
        wanted.or_else(|| {
            let info = info.get()?;
            let tables = [
                recipe.chain.get().map(|chain| chain.input),
                state.current.get(),
            ];
            let tables = tables.map(|table| table.and_then(|table| state.table(table)));
            let n_distinct = |name: &str| {
                let mut known = tables.iter().flatten();
                known.find_map(|table| Some(table.column(name)?.distinct.count))
            };
            first_choice(&info.columns, n_distinct)
        })
    });
    let question = move || column.get().map(|column| RecipeQuery::Groups { column });
    let answered = ask(state, recipe, question, |answer| match answer {
        RecipeAnswer::Groups(groups) => Some(groups),
        _ => None,
    });
    let options = move || {
        let column = column.get();
        columns
            .get()
            .into_iter()
            .map(|name| {
                let is_chosen = Some(&name) == column.as_ref();
                view! { <option value=name.clone() selected=is_chosen>{name.clone()}</option> }
            })
            .collect_view()
    };
    let titles = Memo::new(move |_| {
        let steps = recipe
            .chain
            .get()
            .map(|chain| chain.steps)
            .unwrap_or_default();
        steps
            .into_iter()
            .map(|step: StepId| title_of(state, step))
            .collect::<Vec<_>>()
    });
    let rows = move || {
        let groups = answered.value.get()?;
        let titles = titles.get();
        Some(
            lines(&groups)
                .iter()
                .map(|line| row(line, &titles))
                .collect_view(),
        )
    };
    let n_marked = move || {
        let groups = answered.value.get()?;
        let n = lines(&groups).iter().filter(|line| line.loses_more).count();
        Some(text::groups_that_lose(n))
    };
    view! {
        <div class="groups" data-testid="groups">
            <div class="recipe-line">
                <label class="limit-field">
                    <span>{text::GROUPS_OF}</span>
                    <select
                        class="field"
                        data-testid="groups-column"
                        on:change=move |event| chosen.set(Some(event_target_value(&event)))
                    >
                        {options}
                    </select>
                </label>
                <p class="muted" role="status">{n_marked}</p>
            </div>
            {move || answered.failure.get().map(|f| view! {
                <p class="bad" role="alert">{page_text::sentence(&f)}</p>
            })}
            <div class="compared-scroll" tabindex="0" role="region" aria-label=text::TAB_GROUPS>
                <table class="compared">
                    <thead>
                        <tr>
                            <th scope="col">{text::GROUP}</th>
                            <th scope="col" class="number">{text::BEFORE}</th>
                            <th scope="col" class="number">{text::AFTER}</th>
                            <th scope="col" class="number">{text::KEPT}</th>
                            <th scope="col" class="share-column"><span class="visually-hidden">{text::SHARE_KEPT}</span></th>
                            <th scope="col">{text::MOST_BY}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            {move || answered.value.get().map(|groups| view! {
                <Findings groups=groups titles=titles.get() />
            })}
        </div>
    }
}

/// The name of a group for people.
pub fn name_of(group: &GroupEffect) -> String {
    if group.is_rest {
        page_text::OTHER_VALUES.to_owned()
    } else if group.name.is_empty() {
        page_text::NULL.to_owned()
    } else {
        format::shortened(&group.name, 60)
    }
}

fn row(line: &Line, titles: &[String]) -> impl IntoView + use<> {
    let (name, is_named) = (line.name.clone(), line.is_named);
    let width = format!(
        "{:.1}%",
        if line.share.is_nan() {
            0.0
        } else {
            line.share * 100.0
        }
    );
    let worst = line.worst.and_then(|(place, n)| {
        let title = titles.get(place)?;
        Some(text::most_by(title, n))
    });
    let mark = line
        .loses_more
        .then(|| view! { <span class="badge drop">{text::LOSES_MORE}</span> });
    view! {
        <tr class:failing=line.loses_more data-testid="group">
            <th scope="row" class:null=!is_named>{name}" "{mark}</th>
            <td class="number">{format::count(line.rows_in)}</td>
            <td class="number">{format::count(line.rows_out)}</td>
            <td class="number">{format::percent(line.share)}</td>
            <td class="share-column">
                <span class="funnel-bar" aria-hidden="true">
                    <span class="funnel-kept" style:width=width></span>
                </span>
            </td>
            <td>{worst.unwrap_or_else(|| "–".to_owned())}</td>
        </tr>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(name: &str, rows_in: u64, rows_after: &[u64]) -> GroupEffect {
        GroupEffect {
            name: name.to_owned(),
            is_rest: false,
            rows_in,
            rows_after: rows_after.to_vec(),
            rows_found: Vec::new(),
        }
    }

    #[test]
    fn the_group_that_keeps_least_comes_first_with_what_takes_most() {
        let lines = lines(&[
            group("news", 1000, &[950, 900]),
            group("forum", 1000, &[980, 400]),
            group("", 10, &[10, 10]),
        ]);
        let names: Vec<&str> = lines.iter().map(|line| line.name.as_str()).collect();
        assert_eq!(names, ["forum", "news", page_text::NULL]);
        assert_eq!(lines[0].worst, Some((1, 580)));
        assert_eq!(lines[1].worst, Some((0, 50)));
        assert_eq!(lines[2].worst, None);
        assert_eq!((lines[0].loses_more, lines[1].loses_more), (true, false));
    }

    #[test]
    fn the_first_column_names_groups_and_is_never_an_id() {
        let columns = |of: &[(&str, ColumnType)]| -> Vec<ColumnInfo> {
            let column = |(name, column_type): &(&str, ColumnType)| ColumnInfo {
                name: (*name).to_owned(),
                column_type: *column_type,
            };
            of.iter().map(column).collect()
        };
        use ColumnType::{Category, Integer, Text};
        let unknown = |_: &str| None;
        let web = columns(&[
            ("id", Integer),
            ("text", Text),
            ("language", Text),
            ("source", Text),
        ]);
        assert_eq!(first_choice(&web, unknown).as_deref(), Some("source"));
        let own = columns(&[
            ("doc_id", Text),
            ("text", Text),
            ("tone", Text),
            ("one", Text),
        ]);
        let known = |name: &str| match name {
            "tone" => Some(4),
            "one" => Some(1),
            _ => Some(900),
        };
        assert_eq!(first_choice(&own, known).as_deref(), Some("tone"));
        let typed = columns(&[("id", Integer), ("text", Text), ("tone", Category)]);
        assert_eq!(first_choice(&typed, unknown).as_deref(), Some("tone"));
        let numbers = columns(&[("id", Integer), ("n", Integer)]);
        assert_eq!(first_choice(&numbers, unknown).as_deref(), Some("n"));
    }

    #[test]
    fn chance_in_small_groups_and_small_differences_are_not_marked() {
        // 5 of 10 where the whole keeps 0.7: less than two standard errors.
        let lines = lines(&[group("small", 10, &[5]), group("large", 100_000, &[70_000])]);
        assert!(lines.iter().all(|line| !line.loses_more));
        // Four points below is sure with so many rows, but small.
        let close = super::lines(&[
            group("a", 100_000, &[70_000]),
            group("b", 100_000, &[66_000]),
        ]);
        assert!(close.iter().all(|line| !line.loses_more));
    }
}
