//! One pass over texts for all operators that look at a text alone: edits in order, measures in between, sketches for
//! deduplication. A text is tokenised once for all measures between two edits.

use std::cell::RefCell;
use std::rc::Rc;

use serde::{Deserialize, Serialize};
use sluice_analysis::{Params, Value};
use sluice_table::TableError;
use sluice_table::host::Kernel;

use crate::operator::{Prepared, TextViews};
use crate::operators;

/// What a pass does, in order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    pub items: Vec<Item>,
    /// Also count the words of each text as it comes.
    pub counts_words: bool,
    /// Also give back the texts that changed.
    pub keeps_edited: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Item {
    pub op: String,
    /// The operator's own parameters.
    pub params: Value,
    pub task: Task,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Task {
    /// Edits; the number of edited texts is counted.
    Map,
    /// Fills this many columns.
    Measure {
        n_values: u32,
    },
    /// A filter's edit.
    Rewrite,
    Sketch,
    /// Gives back the text as it is here.
    Keep,
}

/// What a pass found. Per item of the plan that has such a result, in order; then per text.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// Column after column; NaN where there is no text or no value.
    pub values: Vec<Vec<f64>>,
    pub n_edited: Vec<u64>,
    pub sketches: Vec<Vec<Option<Vec<u32>>>>,
    /// `None` where the text is as it came.
    pub kept: Vec<Vec<Option<Box<str>>>>,
    /// As the texts leave the pass; `None` where they are as they came.
    pub edited: Vec<Option<Box<str>>>,
    pub words: Vec<u32>,
    /// Per item of the plan, where there is a clock.
    pub seconds: Vec<f64>,
    /// Texts that the clock saw.
    pub n_timed: u64,
}

impl Found {
    /// Takes in what was found of the texts that follow.
    pub fn append(&mut self, next: Self) {
        if self.values.is_empty() && self.words.is_empty() && self.edited.is_empty() {
            let is_first = self.sketches.is_empty() && self.kept.is_empty();
            if is_first && self.n_edited.is_empty() {
                *self = next;
                return;
            }
        }
        each(&mut self.values, next.values);
        each(&mut self.sketches, next.sketches);
        each(&mut self.kept, next.kept);
        for (sum, n) in self.n_edited.iter_mut().zip(next.n_edited) {
            *sum += n;
        }
        self.edited.extend(next.edited);
        self.words.extend(next.words);
        self.n_timed += next.n_timed;
        self.seconds
            .resize(self.seconds.len().max(next.seconds.len()), 0.0);
        for (sum, seconds) in self.seconds.iter_mut().zip(next.seconds) {
            *sum += seconds;
        }
    }
}

fn each<T>(all: &mut [Vec<T>], next: Vec<Vec<T>>) {
    for (all, next) in all.iter_mut().zip(next) {
        all.extend(next);
    }
}

/// A plan with its operators made ready.
pub struct ReadyPlan {
    items: Vec<(Task, Prepared)>,
    counts_words: bool,
    keeps_edited: bool,
    clock: Option<fn() -> f64>,
}

impl ReadyPlan {
    /// # Errors
    ///
    /// [`TableError::Param`] for an operator that is not known, or not with these parameters.
    pub fn new(plan: &Plan, clock: Option<fn() -> f64>) -> Result<Self, TableError> {
        let ready = |item: &Item| {
            let operator = operators::named(&item.op).ok_or_else(|| TableError::Param {
                what: item.op.clone(),
                reason: "this version of Sluice does not have this operator".to_owned(),
            })?;
            let none = Params::new();
            let params = match &item.params {
                Value::Map(params) => params,
                _ => &none,
            };
            let prepared = operator
                .prepare(params)
                .map_err(|fault| TableError::Param {
                    what: item.op.clone(),
                    reason: fault.to_string(),
                })?;
            Ok::<_, TableError>((item.task, prepared))
        };
        Ok(Self {
            items: plan
                .items
                .iter()
                .map(ready)
                .collect::<Result<_, TableError>>()?,
            counts_words: plan.counts_words,
            keeps_edited: plan.keeps_edited,
            clock,
        })
    }

    /// Runs the plan on texts; `None` is a row without one.
    pub fn run<'t>(&self, texts: impl Iterator<Item = Option<&'t str>>) -> Found {
        let mut found = Found::default();
        for (task, _) in &self.items {
            match task {
                Task::Map => found.n_edited.push(0),
                Task::Measure { n_values } => found
                    .values
                    .extend(std::iter::repeat_n(Vec::new(), *n_values as usize)),
                Task::Sketch => found.sketches.push(Vec::new()),
                Task::Keep => found.kept.push(Vec::new()),
                Task::Rewrite => {}
            }
        }
        if self.clock.is_some() {
            found.seconds.resize(self.items.len(), 0.0);
        }
        let mut row = Vec::new();
        for text in texts {
            found.n_timed += u64::from(self.clock.is_some());
            match text {
                Some(text) => self.run_one(text, &mut found, &mut row),
                None => self.skip(&mut found),
            }
        }
        found
    }

    fn run_one(&self, original: &str, found: &mut Found, row: &mut Vec<f64>) {
        if self.counts_words {
            found.words.push(word_count(original));
        }
        // The text as edited so far; `None` while it is the original.
        let mut edited: Option<String> = None;
        let (mut value_idx, mut map_idx, mut sketch_idx, mut kept_idx) = (0, 0, 0, 0);
        let mut at = 0;
        while at < self.items.len() {
            let edit = {
                let text = edited.as_deref().unwrap_or(original);
                let views = TextViews::new(text);
                // All that look at the same text.
                loop {
                    let Some((task, prepared)) = self.items.get(at) else {
                        break None;
                    };
                    let began = self.clock.map(|clock| clock());
                    let item_idx = at;
                    at += 1;
                    let edit = match (task, prepared) {
                        (Task::Map, Prepared::Map(map)) => {
                            let new = map.apply(text);
                            let is_new = *new != *text;
                            found.n_edited[map_idx] += u64::from(is_new);
                            map_idx += 1;
                            is_new.then(|| new.into_owned())
                        }
                        (Task::Rewrite, Prepared::Filter(filter)) => {
                            filter.rewrite(&views).filter(|new| new != text)
                        }
                        (Task::Measure { n_values }, Prepared::Filter(filter)) => {
                            let n_values = *n_values as usize;
                            row.clear();
                            row.resize(n_values, f64::NAN);
                            filter.measure(&views, row);
                            for value in &*row {
                                found.values[value_idx].push(*value);
                                value_idx += 1;
                            }
                            None
                        }
                        (Task::Sketch, Prepared::Dedup(dedup)) => {
                            found.sketches[sketch_idx].push(dedup.sketch(text));
                            sketch_idx += 1;
                            None
                        }
                        (Task::Keep, _) => {
                            found.kept[kept_idx].push(edited.as_deref().map(Box::from));
                            kept_idx += 1;
                            None
                        }
                        // A plan is made from prepared operators, so that kinds fit.
                        _ => None,
                    };
                    if let (Some(clock), Some(began)) = (self.clock, began)
                        && let Some(seconds) = found.seconds.get_mut(item_idx)
                    {
                        *seconds += clock() - began;
                    }
                    if edit.is_some() {
                        break edit;
                    }
                }
            };
            if edit.is_some() {
                edited = edit;
            }
        }
        if self.keeps_edited {
            let changed = edited.filter(|text| text != original);
            found.edited.push(changed.map(String::into_boxed_str));
        }
    }

    fn skip(&self, found: &mut Found) {
        if self.counts_words {
            found.words.push(0);
        }
        found
            .values
            .iter_mut()
            .for_each(|column| column.push(f64::NAN));
        found
            .sketches
            .iter_mut()
            .for_each(|column| column.push(None));
        found.kept.iter_mut().for_each(|column| column.push(None));
        if self.keeps_edited {
            found.edited.push(None);
        }
    }
}

/// Words between white space, for the funnel; at most `u32::MAX`.
fn word_count(text: &str) -> u32 {
    u32::try_from(text.split_whitespace().count()).unwrap_or(u32::MAX)
}

/// A pass in a pool worker.
pub const KERNEL: Kernel = Kernel {
    name: "curate_pass",
    run: run_kernel,
};

thread_local! {
    /// The last plan: the chunks of one pass all have the same, and word lists and patterns take time to make ready.
    static LAST: RefCell<Option<(Vec<u8>, Rc<ReadyPlan>)>> = const { RefCell::new(None) };
}

fn run_kernel(params: &[u8], chunk: &[u8]) -> Result<Vec<u8>, TableError> {
    let last = LAST.with_borrow(|last| {
        let (bytes, ready) = last.as_ref()?;
        (bytes == params).then(|| Rc::clone(ready))
    });
    let ready = match last {
        Some(ready) => ready,
        None => {
            let plan: Plan = decoded(params)?;
            let ready = Rc::new(ReadyPlan::new(&plan, None)?);
            LAST.set(Some((params.to_vec(), Rc::clone(&ready))));
            ready
        }
    };
    let texts: Vec<Option<&str>> = decoded(chunk)?;
    encoded(&ready.run(texts.into_iter()))
}

/// # Errors
///
/// [`TableError::Internal`]: the bytes were made by [`encoded`].
pub fn decoded<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, TableError> {
    postcard::from_bytes(bytes).map_err(wire)
}

/// # Errors
///
/// [`TableError::Internal`].
pub fn encoded(value: &impl Serialize) -> Result<Vec<u8>, TableError> {
    postcard::to_allocvec(value).map_err(wire)
}

fn wire(error: postcard::Error) -> TableError {
    TableError::Internal {
        context: "sending texts to another worker",
        reason: error.to_string(),
    }
}
