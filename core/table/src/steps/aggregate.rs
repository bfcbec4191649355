//! What is computed of each group, value by value in row order.

mod extreme;
mod median;
mod sums;

use std::ops::Range;

use polars_core::prelude::Column;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_protocol::load::ColumnType;

use crate::error::TableError;
use crate::host::Host;
use crate::steps::aggregate::extreme::Best;
use crate::steps::aggregate::median::{Middle, entry, middles};
use crate::steps::aggregate::sums::{Compensated, Deviation};
use crate::steps::build::ColumnBuilder;
use crate::steps::keys::{KeyKind, KeyTable, encode_value};
use crate::table::column_type;
use crate::view::gather::{NO_ROW, gathered_column};
use crate::view::slices::SLICE_ROWS;
use crate::view::sorter::Entry;
use crate::view::vector::{Data, Vector, is_single, read, read_plain};

/// What can be computed of the values of a group. Missing values are skipped; NaN among them gives NaN.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AggregateFunction {
    /// Number of values; of rows if no column is named.
    #[default]
    Count,
    /// Sum, 0 of no values; of booleans the number that are true. Integers are summed exactly; a sum beyond 64 bits is missing.
    Sum,
    /// Arithmetic mean; of booleans the share that is true.
    Mean,
    /// Smallest value.
    Min,
    /// Largest value.
    Max,
    /// Middle value, or the mean of the two in the middle.
    Median,
    /// Sample standard deviation (n − 1); missing for fewer than two values.
    StandardDeviation,
    /// Number of different values.
    Distinct,
    /// First value in row order.
    First,
    /// Last value in row order.
    Last,
    /// The group's share of all values of the column; of all rows if no column is named. 0 to 1.
    Share,
}

impl AggregateFunction {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Sum => "sum",
            Self::Mean => "mean",
            Self::Min => "min",
            Self::Max => "max",
            Self::Median => "median",
            Self::StandardDeviation => "standard_deviation",
            Self::Distinct => "distinct",
            Self::First => "first",
            Self::Last => "last",
            Self::Share => "share",
        }
    }

    fn needs_numbers(self) -> bool {
        matches!(
            self,
            Self::Sum | Self::Mean | Self::Median | Self::StandardDeviation
        )
    }
}

/// One output column in the making.
pub(super) struct Aggregator<'a> {
    name: String,
    /// `None` counts rows.
    pub(super) column: Option<&'a Column>,
    function: AggregateFunction,
    state: State,
}

enum State {
    Counts {
        present: Vec<u64>,
        n_all: u64,
    },
    IntSums {
        sums: Vec<i128>,
        present: Vec<u64>,
    },
    FloatSums {
        sums: Vec<Compensated>,
        present: Vec<u64>,
    },
    Deviations(Vec<Deviation>),
    Values(Vec<Entry>),
    Distinct {
        seen: KeyTable,
        counts: Vec<u64>,
        key: Vec<u8>,
    },
    /// The row that is first, last, smallest or largest.
    Rows {
        rows: Vec<u32>,
        best: Vec<Best>,
    },
}

impl<'a> Aggregator<'a> {
    /// # Errors
    ///
    /// [`TableError::ColumnType`] for a function that the column's type does not have.
    pub(super) fn new(
        name: String,
        function: AggregateFunction,
        column: Option<&'a Column>,
    ) -> Result<Self, TableError> {
        use AggregateFunction as F;
        let found = column.map_or(ColumnType::Null, |column| column_type(column.dtype()));
        let is_integer = matches!(found, ColumnType::Integer | ColumnType::Boolean);
        let is_number = is_integer
            || matches!(
                found,
                ColumnType::Float | ColumnType::Decimal | ColumnType::Null
            );
        if let Some(column) = column {
            let expected = match function {
                function if function.needs_numbers() && !is_number => Some("a number"),
                F::Min | F::Max | F::Distinct if !is_single(found) => {
                    Some("a column of single values")
                }
                _ => None,
            };
            if let Some(expected) = expected {
                return Err(TableError::ColumnType {
                    column: column.name().to_string(),
                    found: found.label(),
                    expected,
                });
            }
        }
        let state = match function {
            F::Count | F::Share => State::Counts {
                present: Vec::new(),
                n_all: 0,
            },
            F::Sum | F::Mean if is_integer => State::IntSums {
                sums: Vec::new(),
                present: Vec::new(),
            },
            F::Sum | F::Mean => State::FloatSums {
                sums: Vec::new(),
                present: Vec::new(),
            },
            F::StandardDeviation => State::Deviations(Vec::new()),
            F::Median => State::Values(Vec::new()),
            F::Distinct => State::Distinct {
                seen: KeyTable::new(),
                counts: Vec::new(),
                key: Vec::new(),
            },
            F::Min | F::Max | F::First | F::Last => State::Rows {
                rows: Vec::new(),
                best: Vec::new(),
            },
        };
        Ok(Self {
            name,
            column,
            function,
            state,
        })
    }

    /// Takes in `rows`, of which each belongs to the group of the same place in `groups`.
    pub(super) fn update(
        &mut self,
        rows: Range<usize>,
        groups: &[u32],
        n_groups: usize,
    ) -> Result<(), TableError> {
        self.state.resize(n_groups);
        let Some(column) = self.column else {
            if let State::Counts { present, n_all } = &mut self.state {
                groups
                    .iter()
                    .for_each(|group| present[*group as usize] += 1);
                *n_all += groups.len() as u64;
            }
            return Ok(());
        };
        let present = crate::view::vector::read_present(column, rows.clone());
        let is_present = |idx: usize| present.as_ref().is_none_or(|present| present[idx]);
        let groups = groups.iter().map(|group| *group as usize).enumerate();
        let mut groups = groups.filter(|(idx, _)| is_present(*idx));
        match &mut self.state {
            State::Counts { present, n_all } => groups.for_each(|(_, group)| {
                present[group] += 1;
                *n_all += 1;
            }),
            State::IntSums { sums, present } => {
                let vector = read(column, rows)?;
                groups.for_each(|(idx, group)| {
                    sums[group] = sums[group].saturating_add(integer(&vector, idx));
                    present[group] += 1;
                });
            }
            State::FloatSums { sums, present } => {
                let vector = read_plain(column, rows)?;
                groups.for_each(|(idx, group)| {
                    sums[group].add(float(&vector, idx));
                    present[group] += 1;
                });
            }
            State::Deviations(states) => {
                let vector = read_plain(column, rows)?;
                groups.for_each(|(idx, group)| states[group].add(float(&vector, idx)));
            }
            State::Values(values) => {
                let vector = read_plain(column, rows)?;
                values.extend(groups.map(|(idx, group)| entry(float(&vector, idx), group as u32)));
            }
            State::Distinct { seen, counts, key } => {
                let vector = read(column, rows)?;
                groups.for_each(|(idx, group)| {
                    key.clear();
                    key.extend((group as u32).to_le_bytes());
                    encode_value(key, &vector, idx, KeyKind::Exact);
                    let n_before = seen.len();
                    seen.insert(key);
                    counts[group] += u64::from(seen.len() > n_before);
                });
            }
            State::Rows { rows: chosen, .. } if self.function == AggregateFunction::First => {
                groups.for_each(|(idx, group)| {
                    if chosen[group] == NO_ROW {
                        chosen[group] = (rows.start + idx) as u32;
                    }
                });
            }
            State::Rows { rows: chosen, .. } if self.function == AggregateFunction::Last => {
                groups.for_each(|(idx, group)| chosen[group] = (rows.start + idx) as u32);
            }
            State::Rows { rows: chosen, best } => {
                let vector = read(column, rows.clone())?;
                let smallest = self.function == AggregateFunction::Min;
                groups.by_ref().for_each(|(idx, group)| {
                    if best[group].improve(&vector, idx, smallest) {
                        chosen[group] = (rows.start + idx) as u32;
                    }
                });
            }
        }
        Ok(())
    }

    /// The column of results, one per group, and how many integer sums exceed 64 bits.
    pub(super) async fn finish(
        mut self,
        n_groups: usize,
        host: &dyn Host,
    ) -> Result<(Column, u64), TableError> {
        self.state.resize(n_groups);
        let middles = match &mut self.state {
            State::Rows { rows, .. } => {
                let Some(column) = self.column else {
                    return Err(no_column(&self.name));
                };
                let column = gathered_column(column, rows, host).await?;
                return Ok((column.with_name(self.name.as_str().into()), 0));
            }
            State::Values(values) => middles(std::mem::take(values), n_groups, host).await?,
            _ => Vec::new(),
        };
        let mut n_overflows = 0;
        let mut builder = ColumnBuilder::new(&self.name, self.result_type());
        for start in (0..n_groups).step_by(SLICE_ROWS) {
            host.checkpoint().await?;
            let groups = start..(start + SLICE_ROWS).min(n_groups);
            builder.push(&self.results(groups, &middles, &mut n_overflows))?;
        }
        Ok((builder.finish(), n_overflows))
    }

    fn result_type(&self) -> ColumnType {
        match (&self.state, self.function) {
            (State::Counts { .. }, AggregateFunction::Count) | (State::Distinct { .. }, _) => {
                ColumnType::Integer
            }
            (State::IntSums { .. }, AggregateFunction::Sum) => ColumnType::Integer,
            _ => ColumnType::Float,
        }
    }

    fn results(
        &self,
        groups: Range<usize>,
        middles: &[Middle],
        n_overflows: &mut u64,
    ) -> Vector<'static> {
        let is_sum = self.function == AggregateFunction::Sum;
        let mut ints = Vec::new();
        let mut floats: Vec<Option<f64>> = Vec::new();
        for group in groups {
            match &self.state {
                State::Counts { present, n_all } => match self.function {
                    AggregateFunction::Share => {
                        floats.push((*n_all > 0).then(|| present[group] as f64 / *n_all as f64));
                    }
                    _ => ints.push(Some(present[group] as i64)),
                },
                State::Distinct { counts, .. } => ints.push(Some(counts[group] as i64)),
                State::IntSums { sums, .. } if is_sum => {
                    let sum = i64::try_from(sums[group]).ok();
                    *n_overflows += u64::from(sum.is_none());
                    ints.push(sum);
                }
                State::IntSums { sums, present } => floats
                    .push((present[group] > 0).then(|| sums[group] as f64 / present[group] as f64)),
                State::FloatSums { sums, .. } if is_sum => floats.push(Some(sums[group].total())),
                State::FloatSums { sums, present } => floats.push(
                    (present[group] > 0).then(|| sums[group].total() / present[group] as f64),
                ),
                State::Deviations(states) => floats.push(states[group].of_sample()),
                State::Values(_) => {
                    floats.push(middles.get(group).copied().and_then(Middle::median))
                }
                State::Rows { .. } => floats.push(None),
            }
        }
        match self.result_type() {
            ColumnType::Integer => optional(ColumnType::Integer, ints, Data::Int),
            column_type => optional(column_type, floats, Data::Float),
        }
    }
}

impl State {
    fn resize(&mut self, n: usize) {
        match self {
            Self::Counts { present, .. } => present.resize(n, 0),
            Self::IntSums { sums, present } => {
                sums.resize(n, 0);
                present.resize(n, 0);
            }
            Self::FloatSums { sums, present } => {
                sums.resize(n, Compensated::default());
                present.resize(n, 0);
            }
            Self::Deviations(states) => states.resize(n, Deviation::default()),
            Self::Values(_) => {}
            Self::Distinct { counts, .. } => counts.resize(n, 0),
            Self::Rows { rows, best } => {
                rows.resize(n, NO_ROW);
                best.resize(n, Best::Nothing);
            }
        }
    }
}

fn optional<T: Default>(
    column_type: ColumnType,
    values: Vec<Option<T>>,
    data: impl FnOnce(Vec<T>) -> Data<'static>,
) -> Vector<'static> {
    let present = values.iter().map(Option::is_some).collect();
    let values = values.into_iter().map(Option::unwrap_or_default).collect();
    Vector {
        column_type,
        data: data(values),
        present: Some(present),
    }
}

#[cold]
fn no_column(name: &str) -> TableError {
    super::param_error(format!("aggregate “{name}”"), "it needs a column")
}

fn integer(vector: &Vector<'_>, idx: usize) -> i128 {
    match &vector.data {
        Data::Bool(values) => i128::from(values[idx]),
        Data::Int(values) => i128::from(values[idx]),
        Data::Wide(values) => values[idx],
        _ => 0,
    }
}

fn float(vector: &Vector<'_>, idx: usize) -> f64 {
    match &vector.data {
        Data::Float(values) => values[idx],
        _ => integer(vector, idx) as f64,
    }
}
