//! Tables of a run: rows kept, rows removed with the reason, and the ledger.

use std::rc::Rc;

use sluice_table::{Host, OwnedColumn, Table, TableError};

use super::Run;
use super::cache::{Key, RecipeCache};
use crate::operator::Measure;

/// Kept rows; removed rows; the ledger.
pub const N_PORTS: u8 = 3;

/// Number of the row in the recipe's input.
const ROW: &str = "row";

/// The table of a port.
///
/// 0: the rows kept, texts as edited, a column for each measure. 1: the rows removed, texts as they came, with what
/// removes them. 2: one row for each row and operator that would remove it, with value and limit.
///
/// # Errors
///
/// [`TableError::Cancelled`]; [`TableError::Param`] for another port.
pub async fn port(
    run: &Run,
    port: u8,
    cache: &std::cell::RefCell<RecipeCache>,
    host: &dyn Host,
) -> Result<Table, TableError> {
    match port {
        0 => {
            let all = full(run, cache)?;
            if run.alive.iter().all(|alive| *alive) {
                return Ok(all);
            }
            all.rows(&rows(run, true), host).await
        }
        1 => removed(run, cache, host).await,
        2 => ledger(run),
        _ => Err(TableError::Param {
            what: "recipe".to_owned(),
            reason: format!("it has no output {port}; it has {N_PORTS}"),
        }),
    }
}

impl Run {
    /// The input's row of a port's row.
    pub fn input_row(&self, port: u8, row: usize) -> Option<usize> {
        let is_kept = match port {
            0 => true,
            1 => false,
            _ => return None,
        };
        self.alive
            .iter()
            .enumerate()
            .filter(|(_, alive)| **alive == is_kept)
            .nth(row)
            .map(|(row, _)| row)
    }
}

fn rows(run: &Run, kept: bool) -> Vec<u32> {
    let of_kind = (0_u32..)
        .zip(&run.alive)
        .filter(|(_, alive)| **alive == kept);
    of_kind.map(|(row, _)| row).collect()
}

/// All rows, with edited texts and measures; kept, for it does not depend on thresholds.
fn full(run: &Run, cache: &std::cell::RefCell<RecipeCache>) -> Result<Table, TableError> {
    let lanes: Vec<Key> = run.lanes.iter().map(|lane| lane.key).collect();
    // Measured columns are the same vectors as long as they are in the cache.
    let columns: Vec<(String, usize)> = named_measures(run)
        .into_iter()
        .map(|(name, _, values)| (name, Rc::as_ptr(&values) as usize))
        .collect();
    let key = Key::of(&("table", run.base_key, lanes, columns));
    if let Some(table) = cache.borrow_mut().get::<(Table, Vec<Rc<Vec<f64>>>)>(key) {
        return Ok(table.0.clone());
    }
    let mut table = run.base.clone();
    for lane in &run.lanes {
        if lane.edited.is_some() {
            let texts = lane.iter().map(|text| text.map(str::to_owned)).collect();
            table = table.with_column(&lane.column, OwnedColumn::Text(texts))?;
        }
    }
    // Kept beside the table, so that no other vector gets the address that names them.
    let mut held = Vec::new();
    for (name, measure, values) in named_measures(run) {
        table = table.with_column(&name, column(&measure, &values))?;
        held.push(values);
    }
    let bytes = table.memory_bytes() as usize;
    cache
        .borrow_mut()
        .insert(key, Rc::new((table.clone(), held)), bytes);
    Ok(table)
}

fn column(measure: &Measure, values: &[f64]) -> OwnedColumn {
    if !measure.labels.is_empty() {
        let label = |value: &f64| {
            (!value.is_nan())
                .then(|| measure.labels.get(*value as usize))
                .flatten()
                .map(|label| (*label).to_owned())
        };
        return OwnedColumn::Text(values.iter().map(label).collect());
    }
    OwnedColumn::Float(values.iter().map(|v| (!v.is_nan()).then_some(*v)).collect())
}

/// Every measured column with a name of its own: a measure that comes twice gets a number.
pub fn named_measures(run: &Run) -> Vec<(String, Measure, Rc<Vec<f64>>)> {
    let mut taken: Vec<String> = run
        .base
        .column_names()
        .into_iter()
        .map(str::to_owned)
        .collect();
    let mut named = Vec::new();
    for judged in &run.judged {
        for (measure, values) in judged.measures.iter().zip(&judged.values) {
            let mut name = measure.name.to_owned();
            let mut n = 2;
            while taken.contains(&name) {
                name = format!("{}_{n}", measure.name);
                n += 1;
            }
            taken.push(name.clone());
            named.push((name, *measure, Rc::clone(values)));
        }
    }
    named
}

async fn removed(
    run: &Run,
    cache: &std::cell::RefCell<RecipeCache>,
    host: &dyn Host,
) -> Result<Table, TableError> {
    let rows = rows(run, false);
    let mut table = full(run, cache)?;
    // A person wants to see what was removed as it came.
    for lane in &run.lanes {
        if lane.edited.is_some() {
            let texts = lane
                .base
                .iter()
                .map(|text| text.map(str::to_owned))
                .collect();
            table = table.with_column(&lane.column, OwnedColumn::Text(texts))?;
        }
    }
    let table = table.rows(&rows, host).await?;
    let mut names = Vec::with_capacity(rows.len());
    let mut reasons = Vec::with_capacity(rows.len());
    let mut alone = Vec::with_capacity(rows.len());
    for row in &rows {
        let row = *row as usize;
        let by = usize::from(run.removed_by[row]);
        let member = run.members.get(by);
        names.push(member.map(|member| member.title.clone()));
        let found = reason(run, by, row);
        reasons.push(Some(found.map_or_else(String::new, |found| found.text)));
        alone.push(Some(run.n_against[row] == 1));
    }
    let input_rows = rows.iter().map(|row| Some(i64::from(*row))).collect();
    table
        .with_column("removed_by", OwnedColumn::Text(names))?
        .with_column("reason", OwnedColumn::Text(reasons))?
        .with_column("by_this_alone", OwnedColumn::Bool(alone))?
        .with_column("input_row", OwnedColumn::Int(input_rows))
}

/// Why a member removes a row.
pub struct Reason {
    pub text: String,
    pub measure: String,
    pub value: Option<f64>,
    pub min: Option<f64>,
    pub max: Option<f64>,
}

/// The first condition that does not hold, or what is repeated.
pub fn reason(run: &Run, member_idx: usize, row: usize) -> Option<Reason> {
    let judged = run.judged.get(member_idx)?;
    if !judged.fails.get(row).copied().unwrap_or(false) {
        return None;
    }
    let mut found = Reason {
        text: String::new(),
        measure: String::new(),
        value: None,
        min: None,
        max: None,
    };
    if let Some(decision) = &judged.decision {
        let stands = decision.stands_for.get(row).copied().unwrap_or(row as u32);
        "similarity".clone_into(&mut found.measure);
        found.value = decision
            .similarity
            .get(row)
            .copied()
            .filter(|v| !v.is_nan());
        found.text = if stands as usize == row {
            "too little of it is not a repetition".to_owned()
        } else {
            // Rows are counted from 1 where people read them.
            format!("repeats row {}", stands + 1)
        };
        return Some(found);
    }
    for condition in &judged.conditions {
        let value = judged.values.get(condition.measure)?.get(row).copied()?;
        if condition.holds(value) {
            continue;
        }
        let measure = judged.measures.get(condition.measure)?;
        condition.reason.clone_into(&mut found.text);
        measure.name.clone_into(&mut found.measure);
        if !measure.labels.is_empty() {
            // The position of a category means nothing outside of its list.
            let label = measure
                .labels
                .get(value as usize)
                .filter(|_| !value.is_nan());
            if let Some(label) = label {
                found.text = format!("{}: {label}", condition.reason);
            }
            return Some(found);
        }
        found.value = (!value.is_nan()).then_some(value);
        found.min = Some(condition.keep.min).filter(|min| min.is_finite());
        found.max = Some(condition.keep.max).filter(|max| max.is_finite());
        return Some(found);
    }
    "does not hold".clone_into(&mut found.text);
    Some(found)
}

/// More entries than this are no use to anyone on a screen, and a table of them would not fit beside the data.
const MAX_LEDGER_ROWS: usize = 20_000_000;

fn ledger(run: &Run) -> Result<Table, TableError> {
    let mut rows = Vec::new();
    let mut ops = Vec::new();
    let mut steps = Vec::new();
    let mut measures = Vec::new();
    let mut values = Vec::new();
    let mut mins = Vec::new();
    let mut maxs = Vec::new();
    let mut reasons = Vec::new();
    let mut first = Vec::new();
    'all: for row in 0..run.n_measured {
        if run.n_against[row] == 0 {
            continue;
        }
        for (idx, member) in run.members.iter().enumerate() {
            let Some(found) = reason(run, idx, row) else {
                continue;
            };
            if rows.len() >= MAX_LEDGER_ROWS {
                break 'all;
            }
            rows.push(Some(row as i64));
            steps.push(Some(i64::from(member.step.0)));
            ops.push(Some(member.op.clone()));
            measures.push(Some(found.measure));
            values.push(found.value);
            mins.push(found.min);
            maxs.push(found.max);
            reasons.push(Some(found.text));
            first.push(Some(usize::from(run.removed_by[row]) == idx));
        }
    }
    Table::from_columns(vec![
        (ROW.to_owned(), OwnedColumn::Int(rows)),
        ("step".to_owned(), OwnedColumn::Int(steps)),
        ("op".to_owned(), OwnedColumn::Text(ops)),
        ("measure".to_owned(), OwnedColumn::Text(measures)),
        ("value".to_owned(), OwnedColumn::Float(values)),
        ("min".to_owned(), OwnedColumn::Float(mins)),
        ("max".to_owned(), OwnedColumn::Float(maxs)),
        ("reason".to_owned(), OwnedColumn::Text(reasons)),
        ("removed_first".to_owned(), OwnedColumn::Bool(first)),
    ])
}
