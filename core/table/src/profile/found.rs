//! What the passes over one column find, before values are read and meaning is inferred.

use sluice_protocol::profile::{Distinct, Histogram, NumericProfile, TextProfile};

use super::count::{Counted, Ranked};
use super::looks::Looks;

#[derive(Default)]
pub(super) struct Found {
    /// Rows looked at, missing ones included.
    pub(super) n: u64,
    pub(super) nulls: u64,
    pub(super) empties: u64,
    pub(super) distinct: Distinct,
    pub(super) numeric: Option<NumericProfile>,
    pub(super) text: Option<TextProfile>,
    pub(super) histogram: Option<Histogram>,
    /// Most frequent first.
    pub(super) top: Vec<Ranked>,
    /// Rows of the first distinct values, ascending.
    pub(super) first_rows: Vec<usize>,
    pub(super) order: Order,
    /// Numbers outside [`super::alerts::PLAUSIBLE_MICROS`]; of interest for dates only.
    pub(super) n_implausible: u64,
    /// Of texts.
    pub(super) looks: Option<Looks>,
}

/// How integers follow each other in row order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Order {
    #[default]
    None,
    Ascending,
    Descending,
    /// Each is one more than the one before.
    Consecutive,
}

impl Found {
    pub(super) fn set_counted(&mut self, mut counted: Counted) {
        self.distinct = counted.distinct;
        self.first_rows = std::mem::take(&mut counted.first_rows);
        self.top = counted.into_top();
    }

    /// Rows that have a value.
    pub(super) fn n_present(&self) -> u64 {
        self.n - self.nulls
    }
}
