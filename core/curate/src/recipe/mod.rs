//! Recipes: a chain of operators over a table, run so that every decision can be seen and changed.
//!
//! Filters measure all rows, also those that an earlier operator removes, so that it can be said which filter alone
//! removes a row. What is measured is kept by all that led to it except thresholds: moving one decides again, at once.
//! Nothing is deleted: a run is a set of columns and decisions, from which tables are made.

mod answer;
mod cache;
mod clusters;
mod compare;
mod corpus;
mod decide;
mod gathered;
mod overview;
mod pass;
mod ports;
mod run;
mod side_files;
mod texts;
mod why;

use sluice_analysis::{Params, StepId, Value};
use sluice_table::Table;

use crate::operator::{Common, Condition, Fault, Operator, Prepared};
use crate::operators;

pub use answer::answer;
pub use cache::RecipeCache;
pub use overview::overview;
pub use pass::KERNEL;
pub use ports::{N_PORTS, port};
pub use run::{Progress, run};

use decide::Judged;

/// One step of a chain, as the document has it.
pub struct RecipeStep<'a> {
    pub id: StepId,
    pub op: &'a str,
    pub params: &'a Params,
    pub enabled: bool,
    /// The second table, for operators that compare against one, with what names it.
    pub reference: Option<(Table, [u8; 32])>,
}

/// An operator of a recipe with its parameters, ready or off.
pub struct Member {
    pub step: StepId,
    pub op: String,
    pub title: String,
    pub common: Common,
    /// The operator's own parameters.
    pub own: Params,
    pub reference: Option<(Table, [u8; 32])>,
    pub work: Work,
}

/// What a member does.
pub enum Work {
    /// Nothing, and why.
    Off(String),
    On(Prepared),
}

impl Member {
    /// Makes a step's operator ready; one that is off, not known or given impossible parameters does nothing.
    pub fn new(step: &RecipeStep<'_>) -> Self {
        let operator = operators::named(step.op);
        let made = match operator {
            None => Err("this version of Sluice does not have this operator".to_owned()),
            Some(operator) => match prepared(operator, step.params) {
                Ok(prepared) if step.enabled => Ok(prepared),
                Ok(_) => Err("switched off".to_owned()),
                Err(fault) if step.enabled => Err(fault.to_string()),
                // Switching it on alone would not help.
                Err(fault) => Err(format!("switched off; {fault}")),
            },
        };
        let (common, own) = Common::split(step.params).unwrap_or_default();
        Self {
            step: step.id,
            op: step.op.to_owned(),
            title: operators::spec_named(step.op)
                .map_or_else(|| step.op.to_owned(), |spec| spec.title.clone()),
            common,
            own,
            reference: step.reference.clone(),
            work: match made {
                Ok(prepared) => Work::On(prepared),
                Err(reason) => Work::Off(reason),
            },
        }
    }

    fn prepared(&self) -> Option<&Prepared> {
        match &self.work {
            Work::On(prepared) => Some(prepared),
            Work::Off(_) => None,
        }
    }

    /// A filter's conditions with the common parameters put in.
    pub fn conditions(&self) -> Vec<Condition> {
        let Some(Prepared::Filter(filter)) = self.prepared() else {
            return Vec::new();
        };
        let mut conditions = filter.conditions();
        for condition in &mut conditions {
            condition.keep.min_closed &= self.common.min_closed_interval;
            condition.keep.max_closed &= self.common.max_closed_interval;
            condition.keep.reversed ^= self.common.reversed_range;
        }
        conditions
    }

    /// Names what it measures or edits: all parameters but thresholds.
    fn measuring_params(&self) -> Params {
        let mut params = self.own.clone();
        for condition in self.conditions() {
            params.remove(condition.min_param);
            params.remove(condition.max_param);
        }
        params
    }

    fn item(&self, task: pass::Task) -> pass::Item {
        pass::Item {
            op: self.op.clone(),
            params: Value::Map(self.own.clone()),
            task,
        }
    }
}

/// An operator made ready with parameters that may have the common ones among them.
///
/// # Errors
///
/// [`Fault`] names the parameter that does not fit.
pub fn prepared(operator: &dyn Operator, params: &Params) -> Result<Prepared, Fault> {
    let (_, own) = Common::split(params)?;
    operator.prepare(&own)
}

/// A recipe that was run: for every row what every member says of it.
pub struct Run {
    pub base: Table,
    /// Names the base table.
    pub base_key: [u8; 32],
    pub members: std::rc::Rc<Vec<Member>>,
    judged: Vec<Judged>,
    /// Rows that are left.
    alive: Vec<bool>,
    /// Position of the first member that removes the row; [`KEPT`] if none does.
    removed_by: Vec<u16>,
    /// How many members would remove the row, each by itself.
    n_against: Vec<u16>,
    /// Words of each text as it came, of the first member's column.
    words: std::rc::Rc<Vec<u32>>,
    /// The texts of each column, as the last member leaves them.
    lanes: Vec<texts::Lane>,
    /// Less than the table's rows in a part that is shown while measuring goes on.
    n_measured: usize,
    issues: sluice_table::load::Issues,
}

/// Stands for no member.
const KEPT: u16 = u16::MAX;

impl Run {
    pub fn n_kept(&self) -> usize {
        self.alive.iter().filter(|alive| **alive).count()
    }

    /// Rows that are left after a member, by its place.
    pub fn rows_after(&self, place: usize) -> u64 {
        let left = self
            .judged
            .get(place + 1)
            .map_or(&self.alive, |next| &next.reaching);
        left.iter().filter(|alive| **alive).count() as u64
    }

    pub fn issues(&self) -> &sluice_table::load::Issues {
        &self.issues
    }
}
