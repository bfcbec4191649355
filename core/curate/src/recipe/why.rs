//! Why a row stays or goes, rows near a limit, and what mappers change.

use std::cmp::Ordering;

use sluice_protocol::recipe::{
    Change, Edit, EditPiece, Example, Examples, FoundSpan, LimitSide, RowReasons, ValueVerdict,
    Verdict,
};
use sluice_table::TableError;

use super::texts::edited_by;
use super::{KEPT, Run, Work};
use crate::operator::Prepared;
use crate::text::diff;

/// Code points of a text that a person is shown at once.
pub const SHOWN_CHARS: usize = 20_000;
/// Code points of a text in a list.
pub const LISTED_CHARS: usize = 400;

/// The first code points of a text, and whether there are more.
pub fn head(text: &str, n_chars: usize) -> (String, bool) {
    match text.char_indices().nth(n_chars) {
        Some((end, _)) => (text[..end].to_owned(), true),
        None => (text.to_owned(), false),
    }
}

/// What every member says of a row.
///
/// # Errors
///
/// [`TableError::Param`] for a row that does not exist.
pub fn reasons(run: &Run, row: usize) -> Result<RowReasons, TableError> {
    let removed_by = run.removed_by.get(row).ok_or_else(|| TableError::Param {
        what: format!("row {row}"),
        reason: format!("the recipe's table has {} rows", run.removed_by.len()),
    })?;
    let removed_by = (*removed_by != KEPT).then(|| u32::from(*removed_by));
    let mut reasons = RowReasons {
        row: row as u64,
        is_kept: removed_by.is_none(),
        removed_by,
        only_by: removed_by.filter(|_| run.n_against[row] == 1),
        ..RowReasons::default()
    };
    let column = run
        .lanes
        .first()
        .map_or("text", |lane| lane.column.as_str());
    let before = run.text_at(row, column, 0).unwrap_or_default();
    let mut text = before.clone();
    for (idx, (member, judged)) in run.members.iter().zip(&run.judged).enumerate() {
        let fails = judged.fails.get(row).copied().unwrap_or(false);
        let edited = (member.common.column == column)
            .then(|| run.text_at(row, column, idx + 1))
            .flatten()
            .filter(|new| *new != text);
        let mut values = Vec::new();
        let mut reason = String::new();
        for condition in &judged.conditions {
            let Some(measure) = judged.measures.get(condition.measure) else {
                continue;
            };
            let Some(value) = judged
                .values
                .get(condition.measure)
                .and_then(|v| v.get(row))
            else {
                continue;
            };
            let holds = condition.holds(*value);
            if !holds && reason.is_empty() {
                condition.reason.clone_into(&mut reason);
            }
            let label = measure
                .labels
                .get(*value as usize)
                .copied()
                .unwrap_or_default();
            values.push(ValueVerdict {
                title: measure.title.to_owned(),
                unit: measure.unit.to_owned(),
                value: *value,
                label: if value.is_nan() {
                    String::new()
                } else {
                    label.to_owned()
                },
                min: condition.keep.min,
                max: condition.keep.max,
                holds,
            });
        }
        if let (true, Some(decision)) = (fails, &judged.decision) {
            let stands = decision.stands_for.get(row).copied().unwrap_or(row as u32);
            reason = if stands as usize == row {
                "too little of it is not a repetition".to_owned()
            } else {
                // Rows are counted from 1 where people read them.
                format!("repeats row {}", stands + 1)
            };
        } else if fails && reason.is_empty() {
            "does not hold".clone_into(&mut reason);
        }
        if let Work::On(Prepared::Filter(filter)) = &member.work
            && text == before
        {
            let (shown, _) = head(&text, SHOWN_CHARS);
            reasons
                .spans
                .extend(filter.spans(&shown).into_iter().map(|span| FoundSpan {
                    start: span.start as u32,
                    end: span.end as u32,
                    kind: span.kind.into_owned(),
                    step: member.step.0,
                }));
        }
        reasons.verdicts.push(Verdict {
            step: member.step.0,
            passes: !fails,
            values,
            reason,
            is_edited: edited.is_some(),
        });
        if let Some(new) = edited {
            text = new;
        }
    }
    let (shown, is_cut) = head(&before, SHOWN_CHARS);
    reasons.after = (text != before).then(|| head(&text, SHOWN_CHARS).0);
    reasons.before = shown;
    reasons.is_cut = is_cut;
    Ok(reasons)
}

/// Rows nearest to a limit of a condition: kept ones and removed ones.
pub fn examples(
    run: &Run,
    member_idx: usize,
    condition_idx: usize,
    side: LimitSide,
    limit: f64,
    count: usize,
) -> Examples {
    let Some(judged) = run.judged.get(member_idx) else {
        return Examples::default();
    };
    let Some(condition) = judged.conditions.get(condition_idx) else {
        return Examples::default();
    };
    let Some(values) = judged.values.get(condition.measure) else {
        return Examples::default();
    };
    let mut condition = condition.clone();
    match side {
        LimitSide::Min => condition.keep.min = limit,
        LimitSide::Max => condition.keep.max = limit,
    }
    let column = &run.members[member_idx].common.column;
    let nearest = |inside: bool| -> Vec<Example> {
        let mut rows: Vec<(f64, usize)> = values
            .iter()
            .enumerate()
            .filter(|(row, value)| {
                let reaches = judged.reaching.get(*row).copied().unwrap_or(false);
                // On the side of this limit: what fails the other one is no example for this one.
                let fails_here = match side {
                    LimitSide::Min => **value <= limit,
                    LimitSide::Max => **value >= limit,
                };
                reaches
                    && !value.is_nan()
                    && condition.holds(**value) == inside
                    && (inside || fails_here)
            })
            .map(|(row, value)| ((value - limit).abs(), row))
            .collect();
        let order = |a: &(f64, usize), b: &(f64, usize)| -> Ordering {
            a.0.total_cmp(&b.0).then(a.1.cmp(&b.1))
        };
        if rows.len() > count {
            rows.select_nth_unstable_by(count, order);
            rows.truncate(count);
        }
        rows.sort_by(order);
        rows.into_iter()
            .map(|(_, row)| Example {
                row: row as u64,
                value: values[row],
                text: run
                    .text_at(row, column, member_idx)
                    .map_or_else(String::new, |text| head(&text, LISTED_CHARS).0),
            })
            .collect()
    };
    Examples {
        inside: nearest(true),
        outside: nearest(false),
    }
}

/// Rows looked at for the largest edits of a mapper.
const EDITS_LOOKED_AT: usize = 3_000;
/// Code points around a change that are shown.
const EDIT_CHARS: usize = 4_000;

/// Texts before and after a mapper, those that change most first.
pub fn edits(run: &Run, member_idx: usize, count: usize) -> Vec<Edit> {
    let Some(member) = run.members.get(member_idx) else {
        return Vec::new();
    };
    let column = &member.common.column;
    let mut found: Vec<(usize, usize, String, String)> = Vec::new();
    let stride = run.n_measured.div_ceil(EDITS_LOOKED_AT).max(1);
    for row in (0..run.n_measured).step_by(stride) {
        let Some(before) = run.text_at(row, column, member_idx) else {
            continue;
        };
        let cuts = run.judged[member_idx].decision.as_ref();
        let after = match cuts.and_then(|decision| decision.cuts.get(row)) {
            Some(cuts) if !cuts.is_empty() => Some(super::texts::without(&before, cuts)),
            _ => edited_by(member, &before),
        };
        if let Some(after) = after {
            found.push((before.len().abs_diff(after.len()), row, before, after));
        }
    }
    found.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    // Of the edits, some of the largest and some ordinary ones.
    let n_found = found.len();
    let chosen = (0..n_found)
        .filter(|at| *at < count.div_ceil(2) || at % n_found.div_ceil(count).max(1) == 0);
    let chosen: Vec<usize> = chosen.take(count).collect();
    chosen
        .into_iter()
        .filter_map(|at| found.get(at))
        .map(|(_, row, before, after)| edit(*row, before, after))
        .collect()
}

fn edit(row: usize, before: &str, after: &str) -> Edit {
    let (before, is_cut) = head(before, EDIT_CHARS);
    let (after, is_cut_too) = head(after, EDIT_CHARS);
    let pieces = diff::pieces(&before, &after)
        .into_iter()
        .map(|piece| {
            let (change, text) = match piece {
                diff::Piece::Same(text) => (Change::Same, text),
                diff::Piece::Removed(text) => (Change::Removed, text),
                diff::Piece::Added(text) => (Change::Added, text),
            };
            EditPiece {
                change,
                text: text.to_owned(),
            }
        })
        .collect();
    Edit {
        row: row as u64,
        pieces,
        is_cut: is_cut || is_cut_too,
    }
}
