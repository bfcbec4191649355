//! From measured values to what stays: instant, and the same for any order of measuring.

use std::rc::Rc;

use serde_json::{Map, Value as Json};
use sluice_stats::random::Stream;
use sluice_table::{Table, TableError};

use super::{KEPT, Member};
use crate::operator::{
    Condition, DuplicateDecision, DuplicateIndex, KeepPolicy, Measure, Prepared, Select,
};
use crate::text::python;

/// What is known of one member before rows are decided on.
#[derive(Clone, Default)]
pub struct Measured {
    /// Per measure, per row.
    pub values: Vec<Rc<Vec<f64>>>,
    /// Rows that a field filter keeps (1) or not (0).
    pub fields: Option<Rc<Vec<f64>>>,
    pub index: Option<Rc<Box<dyn DuplicateIndex>>>,
    /// Of a deduplicator with a policy: the smallest stays.
    pub rank: Option<Rc<Vec<f64>>>,
    /// Of a selector: the column's values.
    pub records: Option<Rc<Vec<Json>>>,
    pub n_edited: u64,
    /// 0 without a clock, and where everything was known before.
    pub seconds: f64,
}

/// What a member says, of all rows.
#[derive(Clone, Default)]
pub struct Judged {
    pub measures: Vec<Measure>,
    pub conditions: Vec<Condition>,
    pub values: Vec<Rc<Vec<f64>>>,
    /// Rows that it would remove by itself; of a deduplicator or selector, of the rows that reach it.
    pub fails: Vec<bool>,
    /// Rows that reach it.
    pub reaching: Vec<bool>,
    pub decision: Option<Rc<DuplicateDecision>>,
    pub index: Option<Rc<Box<dyn DuplicateIndex>>>,
    pub n_edited: u64,
    pub seconds: f64,
}

impl Judged {
    /// Whether the member would remove the row, or a part of its text.
    pub fn finds(&self, row: usize) -> bool {
        let cuts = self
            .decision
            .as_ref()
            .and_then(|decision| decision.cuts.get(row));
        self.fails.get(row).copied().unwrap_or(false) || cuts.is_some_and(|cuts| !cuts.is_empty())
    }
}

/// The state of a decision on its way along the members.
pub struct Decision {
    pub alive: Vec<bool>,
    pub removed_by: Vec<u16>,
    pub n_against: Vec<u16>,
}

impl Decision {
    pub fn new(n_rows: usize) -> Self {
        Self {
            alive: vec![true; n_rows],
            removed_by: vec![KEPT; n_rows],
            n_against: vec![0; n_rows],
        }
    }

    /// Lets one member decide on all rows and removes those it does not keep.
    pub fn judge(
        &mut self,
        member_idx: usize,
        member: &Member,
        measured: &Measured,
        draws: &mut Stream,
    ) -> Judged {
        let n_rows = self.alive.len();
        let mut judged = Judged {
            reaching: self.alive.clone(),
            n_edited: measured.n_edited,
            seconds: measured.seconds,
            ..Judged::default()
        };
        match member.prepared() {
            None | Some(Prepared::Map(_)) => return judged,
            Some(Prepared::Filter(filter)) => {
                judged.measures = filter.measures();
                judged.conditions = member.conditions();
                judged.values.clone_from(&measured.values);
                judged.fails = vec![false; n_rows];
                for condition in &judged.conditions {
                    let Some(values) = measured.values.get(condition.measure) else {
                        continue;
                    };
                    for (fails, value) in judged.fails.iter_mut().zip(values.iter()) {
                        *fails |= !condition.holds(*value);
                    }
                }
            }
            Some(Prepared::Fields(_)) => {
                if let Some(kept) = &measured.fields {
                    judged.fails = kept.iter().take(n_rows).map(|kept| *kept == 0.0).collect();
                }
            }
            Some(Prepared::Dedup(_)) => {
                if let Some(index) = &measured.index {
                    let rank = measured.rank.as_ref().map(|rank| rank.as_slice());
                    let decision = index.decide(&self.alive, rank);
                    judged.fails.clone_from(&decision.removed);
                    judged.decision = Some(Rc::new(decision));
                    judged.index = Some(Rc::clone(index));
                }
            }
            Some(Prepared::Select(select)) => {
                if let Some(records) = &measured.records {
                    judged.fails = unselected(&**select, records, &self.alive, draws);
                }
            }
        }
        // A part of the rows may have no verdict yet.
        judged.fails.resize(n_rows, false);
        for (row, fails) in judged.fails.iter().enumerate() {
            if !fails {
                continue;
            }
            self.n_against[row] = self.n_against[row].saturating_add(1);
            if self.alive[row] {
                self.alive[row] = false;
                self.removed_by[row] = member_idx as u16;
            }
        }
        judged
    }
}

fn unselected(
    select: &dyn Select,
    records: &[Json],
    alive: &[bool],
    draws: &mut Stream,
) -> Vec<bool> {
    let rows: Vec<usize> = (0..alive.len()).filter(|row| alive[*row]).collect();
    let left: Vec<Json> = rows
        .iter()
        .map(|row| {
            records
                .get(*row)
                .cloned()
                .unwrap_or_else(|| Json::Object(Map::new()))
        })
        .collect();
    let mut draw = |n: u64| draws.uniform_int(0..n.max(1)).unwrap_or(0);
    let mut fails = alive.to_vec();
    for position in select.select(&left, &mut draw) {
        if let Some(row) = rows.get(position) {
            fails[*row] = false;
        }
    }
    fails
}

/// The rank by which a group's row is chosen; `None` where the first one is.
///
/// # Errors
///
/// [`TableError::NoColumn`], [`TableError::ColumnType`] and [`TableError::Param`] for a policy without its column.
pub fn rank(member: &Member, table: &Table) -> Result<Option<Vec<f64>>, TableError> {
    let column = || {
        member
            .common
            .keep_column
            .as_deref()
            .ok_or_else(|| TableError::Param {
                what: format!("{}, keep", member.title),
                reason: "choose the column by which the row that stays is found".to_owned(),
            })
    };
    let by_number = |sign: f64| -> Result<Vec<f64>, TableError> {
        let values = table.f64_values(column()?)?;
        let ranked = values.iter().map(|value| match value {
            Some(value) if !value.is_nan() => sign * value,
            _ => f64::INFINITY,
        });
        Ok(ranked.collect())
    };
    Ok(match member.common.keep {
        KeepPolicy::First => None,
        KeepPolicy::Longest => {
            let texts = table.texts(&member.common.column)?;
            let length = |text: Option<&str>| -(text.map_or(0, python::len) as f64);
            Some(texts.iter().map(length).collect())
        }
        KeepPolicy::Highest => Some(by_number(-1.0)?),
        KeepPolicy::Lowest => Some(by_number(1.0)?),
        KeepPolicy::Order => {
            let texts = table.texts(column()?)?;
            let order = &member.common.keep_order;
            let place = |text: Option<&str>| {
                let place = text.and_then(|text| order.iter().position(|wanted| wanted == text));
                place.unwrap_or(order.len()) as f64
            };
            Some(texts.iter().map(place).collect())
        }
    })
}
