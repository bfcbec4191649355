//! Edits of what is looked at.

use std::collections::BTreeMap;
use std::mem::discriminant;

use crate::v1::{Analysis, GridView, Pill, Predicate, Ref};
use crate::value::Value;

impl Analysis {
    /// Adds a pill in place of the one with the same column and the same kind of predicate.
    ///
    /// Expressions add up instead, since they share no column; one that is there already is not added again.
    pub fn set_pill(&mut self, pill: Pill) {
        let pills = &mut self.view.pills;
        let is_expression = matches!(pill.predicate, Predicate::Expression(_));
        let replaced = pills.iter_mut().find(|other| {
            let same_kind = discriminant(&other.predicate) == discriminant(&pill.predicate);
            **other == pill || (other.column == pill.column && same_kind && !is_expression)
        });
        match replaced {
            Some(other) => *other = pill,
            None => pills.push(pill),
        }
    }

    /// Adds `value` to the column's list of values, or takes it out if it is there.
    ///
    /// A list that becomes empty goes. A negated list stays negated, so there the call excludes or readmits.
    pub fn toggle_value(&mut self, column: &str, value: Value) {
        let pills = &mut self.view.pills;
        for (index, pill) in pills.iter_mut().enumerate() {
            let Predicate::OneOf { values, .. } = &mut pill.predicate else {
                continue;
            };
            if pill.column != column {
                continue;
            }
            match values.iter().position(|other| *other == value) {
                None => values.push(value),
                Some(_) if values.len() == 1 => {
                    pills.remove(index);
                }
                Some(position) => {
                    values.remove(position);
                }
            }
            return;
        }
        let predicate = Predicate::OneOf {
            values: vec![value],
            negated: false,
        };
        pills.push(Pill {
            column: column.to_owned(),
            predicate,
        });
    }

    /// Removes the pill at `pill_idx` and returns it; `None` if there are not so many.
    pub fn remove_pill(&mut self, pill_idx: usize) -> Option<Pill> {
        let pills = &mut self.view.pills;
        (pill_idx < pills.len()).then(|| pills.remove(pill_idx))
    }

    pub fn clear_pills(&mut self) {
        self.view.pills.clear();
    }

    /// How the grid of `table` is arranged, if that was ever changed.
    pub fn grid(&self, table: Ref) -> Option<&GridView> {
        self.view.grids.iter().find(|grid| grid.table == table)
    }

    /// As [`Analysis::grid`], adding an unchanged arrangement if there is none.
    pub fn grid_mut(&mut self, table: Ref) -> &mut GridView {
        let grids = &mut self.view.grids;
        let index = grids
            .iter()
            .position(|grid| grid.table == table)
            .unwrap_or_else(|| {
                grids.push(GridView {
                    table,
                    sort: Vec::new(),
                    pinned: Vec::new(),
                    hidden: Vec::new(),
                    width_px: BTreeMap::new(),
                });
                grids.len() - 1
            });
        &mut grids[index]
    }
}
