//! The same operator as different systems define it, beside each other.

use std::cmp::Ordering;

use sluice_analysis::Value;
use sluice_protocol::recipe::{DialectRow, Dialects};
use sluice_table::{Host, TableError};

use super::why::{LISTED_CHARS, head};
use super::{Member, Run, Work};
use crate::operator::{Condition, Prepared, TextFilter, TextViews};
use crate::operators;

/// Rows looked at, evenly from the table.
const ROWS_LOOKED_AT: usize = 2_000;
/// The parameter by which an operator follows a system.
const DIALECT: &str = "dialect";

/// Values of every dialect of a filter, for the rows on which they disagree most.
///
/// # Errors
///
/// [`TableError::Cancelled`]; [`TableError::Param`] for an operator with one definition.
pub async fn dialects(
    run: &Run,
    member_idx: usize,
    count: usize,
    host: &dyn Host,
) -> Result<Dialects, TableError> {
    let one = || TableError::Param {
        what: "dialects".to_owned(),
        reason: "this operator has one definition".to_owned(),
    };
    let member = run.members.get(member_idx).ok_or_else(one)?;
    let names = &operators::spec_named(&member.op).ok_or_else(one)?.dialects;
    let filters: Vec<Dialect> = names
        .iter()
        .filter_map(|name| Dialect::of(member, name))
        .collect();
    if filters.len() < 2 {
        return Err(one());
    }
    // Measures that all have, by name.
    let shared: Vec<&'static str> = filters[0]
        .filter
        .measures()
        .iter()
        .map(|measure| measure.name)
        .filter(|name| filters.iter().all(|other| other.place(name).is_some()))
        .collect();
    let mut answer = Dialects {
        dialects: filters.iter().map(|dialect| dialect.name.clone()).collect(),
        measures: filters[0]
            .filter
            .measures()
            .iter()
            .filter(|measure| shared.contains(&measure.name))
            .map(|measure| measure.title.to_owned())
            .collect(),
        n_kept: vec![0; filters.len()],
        ..Dialects::default()
    };
    let stride = run.n_measured.div_ceil(ROWS_LOOKED_AT).max(1);
    let mut rows: Vec<(bool, f64, DialectRow)> = Vec::new();
    for row in (0..run.n_measured).step_by(stride) {
        if row % 16 == 0 {
            host.checkpoint().await?;
        }
        let Some(text) = run.text_at(row, &member.common.column, member_idx) else {
            continue;
        };
        answer.n_rows += 1;
        let views = TextViews::new(&text);
        let mut found = DialectRow {
            row: row as u64,
            text: String::new(),
            values: Vec::new(),
            keeps: Vec::new(),
        };
        for (dialect, n_kept) in filters.iter().zip(&mut answer.n_kept) {
            let (values, keeps) = dialect.judge(&views);
            let of = |name: &&str| dialect.place(name).and_then(|at| values.get(at).copied());
            found.values.push(
                shared
                    .iter()
                    .map(|name| of(name).unwrap_or(f64::NAN))
                    .collect(),
            );
            found.keeps.push(keeps);
            *n_kept += u64::from(keeps);
        }
        let disagrees = found.keeps.iter().any(|keeps| *keeps != found.keeps[0]);
        let spread = spread(&found.values);
        if disagrees || spread > 0.0 {
            found.text = head(&text, LISTED_CHARS).0;
            rows.push((disagrees, spread, found));
        }
    }
    rows.sort_by(|a, b| {
        let by_spread = || b.1.partial_cmp(&a.1).unwrap_or(Ordering::Equal);
        b.0.cmp(&a.0)
            .then_with(by_spread)
            .then(a.2.row.cmp(&b.2.row))
    });
    answer.rows = rows
        .into_iter()
        .take(count)
        .map(|(_, _, row)| row)
        .collect();
    Ok(answer)
}

struct Dialect {
    name: String,
    filter: Box<dyn TextFilter>,
    conditions: Vec<Condition>,
}

impl Dialect {
    /// The member with another dialect and else the same parameters.
    fn of(member: &Member, name: &str) -> Option<Self> {
        let mut params = member.own.clone();
        params.insert(DIALECT.to_owned(), Value::from(name));
        let prepared = operators::named(&member.op)?.prepare(&params).ok()?;
        let other = Member {
            step: member.step,
            op: member.op.clone(),
            title: member.title.clone(),
            common: member.common.clone(),
            own: params,
            reference: None,
            work: Work::On(prepared),
        };
        let conditions = other.conditions();
        match other.work {
            Work::On(Prepared::Filter(filter)) => Some(Self {
                name: name.to_owned(),
                filter,
                conditions,
            }),
            _ => None,
        }
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.filter
            .measures()
            .iter()
            .position(|measure| measure.name == name)
    }

    fn judge(&self, views: &TextViews<'_>) -> (Vec<f64>, bool) {
        let mut values = vec![f64::NAN; self.filter.measures().len()];
        self.filter.measure(views, &mut values);
        let holds = |condition: &Condition| {
            values
                .get(condition.measure)
                .is_none_or(|value| condition.holds(*value))
        };
        let keeps = self.conditions.iter().all(holds);
        (values, keeps)
    }
}

/// How far apart the dialects are at most, relative to the larger value.
fn spread(values: &[Vec<f64>]) -> f64 {
    let Some(first) = values.first() else {
        return 0.0;
    };
    let mut widest = 0.0_f64;
    for at in 0..first.len() {
        let of_measure = values
            .iter()
            .filter_map(|row| row.get(at).copied())
            .filter(|v| !v.is_nan());
        let (mut min, mut max) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in of_measure {
            min = min.min(value);
            max = max.max(value);
        }
        if min < max {
            widest = widest.max((max - min) / max.abs().max(min.abs()));
        }
    }
    widest
}
