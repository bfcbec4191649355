//! What each operator finds of each group, by itself: on planted or hand-labelled groups, its recall and precision.

use leptos::prelude::*;
use sluice_protocol::recipe::GroupEffect;

use super::groups::name_of;
use super::text;
use crate::format;
use crate::state::Shared;

/// Columns of the table; the largest groups.
const MAX_GROUPS: usize = 12;
const MAX_SENTENCES: usize = 4;
/// Less is not worth a sentence.
const LEAST_SHARE: f64 = 0.5;
/// How much of the colour a cell gets in which all of a group is found: text on it keeps its contrast.
const STRONGEST: f64 = 0.45;

/// How well an operator finds a group.
#[derive(Clone, Debug, PartialEq)]
struct Finding {
    /// Position of the operator in the recipe.
    operator: usize,
    group: String,
    /// Found, of the group.
    recall: f64,
    /// Of the group, of all that the operator finds.
    precision: f64,
    /// Whether more of what it finds is of the group than chance would give, and the group is one value.
    is_telling: bool,
}

impl Finding {
    fn strength(&self) -> f64 {
        self.recall * self.precision
    }
}

/// One operator as the table shows it.
#[derive(Clone, Debug, PartialEq)]
struct Line {
    operator: usize,
    /// Of the groups shown, in their order.
    findings: Vec<Finding>,
    best: Option<Finding>,
}

/// The largest groups, and every operator that finds anything. Precision is of all groups, also those not shown.
fn lines(groups: &[GroupEffect]) -> (Vec<GroupEffect>, Vec<Line>) {
    let mut shown: Vec<&GroupEffect> = groups.iter().filter(|group| !group.is_rest).collect();
    shown.sort_by(|a, b| b.rows_in.cmp(&a.rows_in).then_with(|| a.name.cmp(&b.name)));
    shown.truncate(MAX_GROUPS);
    let n_rows: u64 = groups.iter().map(|group| group.rows_in).sum();
    let n_operators = groups
        .iter()
        .map(|group| group.rows_found.len())
        .max()
        .unwrap_or(0);
    let found =
        |group: &GroupEffect, operator: usize| group.rows_found.get(operator).copied().unwrap_or(0);
    let mut lines = Vec::new();
    for operator in 0..n_operators {
        let in_all: u64 = groups.iter().map(|group| found(group, operator)).sum();
        if in_all == 0 {
            continue;
        }
        let finding = |group: &&GroupEffect| {
            let n = found(group, operator) as f64;
            let precision = n / in_all as f64;
            Finding {
                operator,
                group: name_of(group),
                recall: n / group.rows_in.max(1) as f64,
                precision,
                is_telling: !group.name.is_empty()
                    && precision > group.rows_in as f64 / n_rows.max(1) as f64,
            }
        };
        let findings: Vec<Finding> = shown.iter().map(finding).collect();
        let best = findings
            .iter()
            .filter(|finding| finding.is_telling && finding.recall > 0.0)
            .max_by(|a, b| a.strength().total_cmp(&b.strength()))
            .cloned();
        lines.push(Line {
            operator,
            findings,
            best,
        });
    }
    (shown.into_iter().cloned().collect(), lines)
}

/// The strongest findings, the strongest first.
fn strongest(lines: &[Line]) -> Vec<&Finding> {
    let all = lines.iter().flat_map(|line| &line.findings);
    let mut strong: Vec<&Finding> = all
        .filter(|finding| {
            finding.is_telling && finding.recall >= LEAST_SHARE && finding.precision >= LEAST_SHARE
        })
        .collect();
    strong.sort_by(|a, b| b.strength().total_cmp(&a.strength()));
    strong.truncate(MAX_SENTENCES);
    strong
}

#[component]
pub fn Findings(groups: Shared<Vec<GroupEffect>>, titles: Vec<String>) -> impl IntoView {
    let (shown, lines) = lines(&groups);
    let title = |operator: usize| titles.get(operator).cloned().unwrap_or_default();
    let sentence = |finding: &Finding| {
        let Finding {
            operator,
            group,
            recall,
            precision,
            ..
        } = finding;
        text::finding_sentence(&title(*operator), group, *recall, *precision)
    };
    if lines.is_empty() {
        return view! {
            <section class="group-findings" data-testid="findings">
                <h3 class="section-title">{text::FINDINGS}</h3>
                <p class="muted">{text::FINDS_NOTHING}</p>
            </section>
        }
        .into_any();
    }
    let sentences = strongest(&lines)
        .into_iter()
        .map(|finding| view! { <li data-testid="finding-sentence">{sentence(finding)}</li> })
        .collect_view();
    let heads = shown
        .iter()
        .map(|group| {
            let is_missing = group.name.is_empty();
            view! {
                <th scope="col" class="number" class:null=is_missing>
                    <span class="finding-group" title=name_of(group)>{name_of(group)}</span>
                </th>
            }
        })
        .collect_view();
    let rows = lines
        .iter()
        .map(|line| {
            let cells = line
                .findings
                .iter()
                .map(|finding| {
                    let tint =
                        format!("{:.1}%", finding.recall.clamp(0.0, 1.0) * STRONGEST * 100.0);
                    view! {
                        <td class="number found-share" title=sentence(finding) style=("--tint", tint)>
                            {format::percent(finding.recall)}
                        </td>
                    }
                })
                .collect_view();
            let best = line.best.as_ref().map_or_else(
                || "–".to_owned(),
                |best| text::best_at(&best.group, best.precision),
            );
            view! {
                <tr data-testid="finding-row">
                    <th scope="row">{title(line.operator)}</th>
                    <td>{best}</td>
                    {cells}
                </tr>
            }
        })
        .collect_view();
    view! {
        <section class="group-findings" data-testid="findings">
            <h3 class="section-title">{text::FINDINGS}</h3>
            <ul class="plain-list finding-sentences">{sentences}</ul>
            <p class="muted">{text::FINDINGS_HELP}</p>
            <div class="compared-scroll group-findings-scroll" tabindex="0" role="region" aria-label=text::FINDINGS>
                <table class="compared">
                    <thead>
                        <tr>
                            <th scope="col">{text::OPERATOR}</th>
                            <th scope="col">{text::BEST_AT}</th>
                            {heads}
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(name: &str, rows_in: u64, rows_found: &[u64]) -> GroupEffect {
        GroupEffect {
            name: name.to_owned(),
            is_rest: false,
            rows_in,
            rows_after: vec![0; rows_found.len()],
            rows_found: rows_found.to_vec(),
        }
    }

    /// The second operator finds nothing, the third all of the rows alike.
    fn planted() -> Vec<GroupEffect> {
        let rest = GroupEffect {
            is_rest: true,
            ..group("38 more", 100, &[3, 0, 100])
        };
        vec![
            group("clean", 600, &[0, 0, 600]),
            group("other_language", 100, &[97, 0, 100]),
            group("spam", 200, &[0, 0, 200]),
            rest,
        ]
    }

    #[test]
    fn recall_is_of_the_group_and_precision_of_all_that_is_found() {
        let (shown, lines) = lines(&planted());
        let names: Vec<&str> = shown.iter().map(|group| group.name.as_str()).collect();
        assert_eq!(names, ["clean", "spam", "other_language"]);
        let operators: Vec<usize> = lines.iter().map(|line| line.operator).collect();
        assert_eq!(operators, [0, 2]);
        let best = lines[0].best.as_ref().unwrap();
        assert_eq!(
            (best.group.as_str(), best.recall, best.precision),
            ("other_language", 0.97, 0.97)
        );
        // What finds everything is at its best nowhere.
        assert_eq!(lines[1].best, None);
    }

    #[test]
    fn sentences_are_about_what_is_found_well_and_not_by_chance() {
        let (_, of_planted) = lines(&planted());
        let strong = strongest(&of_planted);
        assert_eq!(strong.len(), 1);
        assert_eq!((strong[0].operator, strong[0].recall), (0, 0.97));
        let (_, of_missing) = lines(&[group("", 100, &[100]), group("a", 100, &[0])]);
        assert!(strongest(&of_missing).is_empty());
    }

    #[test]
    fn only_the_largest_groups_are_shown() {
        let groups: Vec<GroupEffect> = (0..20)
            .map(|n| group(&n.to_string(), n + 1, &[1]))
            .collect();
        let (shown, lines) = lines(&groups);
        assert_eq!(shown.len(), MAX_GROUPS);
        assert_eq!((shown[0].name.as_str(), shown[0].rows_in), ("19", 20));
        assert_eq!(lines[0].findings[0].precision, 0.05);
    }
}
