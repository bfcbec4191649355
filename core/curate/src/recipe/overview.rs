//! The funnel of a run, with a histogram of every measure.

use std::collections::BTreeSet;

use sluice_protocol::recipe::{ConditionOverview, MeasureOverview, MemberOverview, RecipeOverview};

use super::decide::Judged;
use super::{Member, Run, Work};
use crate::operator::{Measure, Prepared};

/// Bars of a threshold histogram: two to four points wide each on a screen.
const N_BARS: usize = 80;

/// A tail is long enough for bars of equal ratio when the largest value is this many times the mean.
const LONG_TAIL: f64 = 20.0;

/// Counts along the chain and what every member measured.
pub fn overview(run: &Run) -> RecipeOverview {
    let n_rows = run.n_measured;
    let words_of = |alive: &[bool]| -> u64 {
        let rows = run.words.iter().zip(alive).filter(|(_, alive)| **alive);
        rows.map(|(words, _)| u64::from(*words)).sum()
    };
    // Rows that one member alone removes, by member.
    let mut n_alone = vec![0_u64; run.judged.len()];
    for (row, n) in run.n_against.iter().enumerate() {
        if *n == 1
            && let Some(n) = n_alone.get_mut(usize::from(run.removed_by[row]))
        {
            *n += 1;
        }
    }
    let all = vec![true; n_rows];
    let mut words_in = words_of(&all);
    let n_words = words_in;
    let mut members = Vec::with_capacity(run.judged.len());
    for (idx, (member, judged)) in run.members.iter().zip(&run.judged).enumerate() {
        let rows_in = count(&judged.reaching);
        let next = run
            .judged
            .get(idx + 1)
            .map_or(&run.alive, |next| &next.reaching);
        let words_out = words_of(next);
        members.push(MemberOverview {
            step: member.step.0,
            is_on: matches!(member.work, Work::On(_)),
            note: match &member.work {
                Work::Off(reason) => reason.clone(),
                Work::On(_) => String::new(),
            },
            rows_in,
            rows_out: count(next),
            words_in,
            words_out,
            n_failing: count(&judged.fails),
            n_alone: n_alone[idx],
            n_edited: judged.n_edited,
            measures: measures(judged),
            conditions: conditions(judged),
            n_clusters: n_clusters(judged),
            seconds: judged.seconds,
        });
        words_in = words_out;
    }
    RecipeOverview {
        n_rows: run.base.n_rows() as u64,
        n_measured: n_rows as u64,
        n_words,
        notes: notes(&run.members),
        members,
    }
}

fn count(rows: &[bool]) -> u64 {
    rows.iter().filter(|row| **row).count() as u64
}

fn measures(judged: &Judged) -> Vec<MeasureOverview> {
    let of = |(measure, values): (&Measure, &std::rc::Rc<Vec<f64>>)| {
        histogram(measure, values, &judged.reaching)
    };
    judged.measures.iter().zip(&judged.values).map(of).collect()
}

fn histogram(measure: &Measure, values: &[f64], reaching: &[bool]) -> MeasureOverview {
    let (mut n, mut n_undefined) = (0_u64, 0_u64);
    let (mut min, mut max) = (f64::INFINITY, f64::NEG_INFINITY);
    // Welford's update: a sum of squares would lose the digits of large lengths.
    let (mut mean, mut squares) = (0.0, 0.0);
    for value in values {
        if value.is_nan() {
            n_undefined += 1;
            continue;
        }
        n += 1;
        min = min.min(*value);
        max = max.max(*value);
        let from_mean = value - mean;
        mean += from_mean / n as f64;
        squares += from_mean * (value - mean);
    }
    let mut overview = MeasureOverview {
        name: measure.name.to_owned(),
        title: measure.title.to_owned(),
        unit: measure.unit.to_owned(),
        labels: measure
            .labels
            .iter()
            .map(|label| (*label).to_owned())
            .collect(),
        n_undefined,
        min: f64::NAN,
        max: f64::NAN,
        mean: f64::NAN,
        deviation: f64::NAN,
        ..MeasureOverview::default()
    };
    if n == 0 {
        return overview;
    }
    overview.min = min;
    overview.max = max;
    overview.mean = mean;
    overview.deviation = (squares / n as f64).sqrt();
    let n_bars = if measure.labels.is_empty() {
        overview.is_log = min >= 0.0 && max > LONG_TAIL * mean.max(1.0);
        (overview.from, overview.to) = if min < max {
            (min, max)
        } else {
            (min - 0.5, max + 0.5)
        };
        N_BARS
    } else {
        (overview.from, overview.to) = (-0.5, measure.labels.len() as f64 - 0.5);
        measure.labels.len()
    };
    let place = |value: f64| {
        if overview.is_log {
            libm::log1p(value)
        } else {
            value
        }
    };
    let (from, to) = (place(overview.from), place(overview.to));
    let per_bar = n_bars as f64 / (to - from);
    let mut n_all = vec![0_u32; n_bars];
    let mut n_reaching = vec![0_u32; n_bars];
    for (value, reaches) in values.iter().zip(reaching) {
        if value.is_nan() {
            continue;
        }
        let bar = (((place(*value) - from) * per_bar) as usize).min(n_bars - 1);
        n_all[bar] += 1;
        n_reaching[bar] += u32::from(*reaches);
    }
    overview.n_all = n_all;
    overview.n_reaching = n_reaching;
    overview
}

fn conditions(judged: &Judged) -> Vec<ConditionOverview> {
    let of = |condition: &crate::operator::Condition| {
        let values = judged.values.get(condition.measure);
        let fails = |value: &&f64| !condition.holds(**value);
        ConditionOverview {
            measure: condition.measure as u32,
            min: condition.keep.min,
            max: condition.keep.max,
            min_param: condition.min_param.to_owned(),
            max_param: condition.max_param.to_owned(),
            reason: condition.reason.to_owned(),
            among: condition
                .among
                .as_ref()
                .map(|kept| kept.iter().map(|label| *label as u32).collect()),
            n_failing: values.map_or(0, |values| values.iter().filter(fails).count() as u64),
        }
    };
    judged.conditions.iter().map(of).collect()
}

fn n_clusters(judged: &Judged) -> u64 {
    let Some(decision) = &judged.decision else {
        return 0;
    };
    let others = (0_u32..)
        .zip(&decision.stands_for)
        .filter(|(row, stands)| row != *stands);
    others
        .map(|(_, stands)| *stands)
        .collect::<BTreeSet<_>>()
        .len() as u64
}

/// What the order of the members means.
fn notes(members: &[Member]) -> Vec<String> {
    let mut notes = Vec::new();
    let mut first_dedup: Option<&Member> = None;
    for member in members {
        match member.prepared() {
            Some(Prepared::Dedup(_)) => first_dedup = first_dedup.or(Some(member)),
            Some(Prepared::Filter(_) | Prepared::Fields(_) | Prepared::Select(_)) => {
                if let Some(dedup) = first_dedup.take() {
                    notes.push(format!(
                        "“{}” comes after “{}”: a row that it removes may have stood for duplicates that went before. Filters first keep more",
                        member.title, dedup.title
                    ));
                }
            }
            _ => {}
        }
    }
    notes
}
