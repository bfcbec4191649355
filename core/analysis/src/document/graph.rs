//! Edits that change what reads what.

use std::collections::BTreeSet;

use crate::error::DocumentError;
use crate::v1::{Analysis, Ref, Selection, SourceId, Step, StepId};

impl Analysis {
    /// Removes a step.
    ///
    /// Whatever reads its main output reads its first input instead. Whatever reads another of its outputs, or
    /// any output of a step without inputs, goes as in [`Analysis::remove_source`]. A comparison of which both
    /// sides would become the same table is dropped, as is the removed table's grid. A selection of row numbers
    /// is cleared if they may now mean other rows.
    ///
    /// # Errors
    ///
    /// [`DocumentError::UnknownId`] if there is no such step.
    pub fn remove_step(&mut self, id: StepId) -> Result<(), DocumentError> {
        let index = self.steps.iter().position(|step| step.id == id);
        let index = index.ok_or(DocumentError::UnknownId { id: id.0 })?;
        let renumbers = self
            .current_table()
            .is_some_and(|table| self.comes_from(table, id));
        let had_inputs = !self.steps[index].inputs.is_empty();
        let first_input = self.steps.remove(index).inputs.first().copied();
        self.replace_tables(&|table| match table {
            Ref::Step(step, 0) if step == id => first_input,
            Ref::Step(step, _) if step == id => None,
            _ => Some(table),
        });
        if renumbers {
            self.forget_row_numbers();
            if !had_inputs {
                self.forget_conditions();
            }
        }
        Ok(())
    }

    /// Removes a source and every step and panel that reads it, directly or through others, with the notes
    /// beside those panels.
    ///
    /// A panel that only compares with a removed table stays and stops comparing. Pills and selection are
    /// cleared if they were about rows that came from the source.
    ///
    /// # Errors
    ///
    /// [`DocumentError::UnknownId`] if there is no such source.
    pub fn remove_source(&mut self, id: SourceId) -> Result<(), DocumentError> {
        let index = self.sources.iter().position(|source| source.id == id);
        let index = index.ok_or(DocumentError::UnknownId { id: id.0 })?;
        let table = Ref::Source(id);
        let was_shown = self
            .current_table()
            .is_some_and(|shown| self.origins(&[shown]).contains(&table));
        self.sources.remove(index);
        self.replace_tables(&|other| (other != table).then_some(other));
        if was_shown {
            self.forget_conditions();
        }
        Ok(())
    }

    /// Moves a step to `new_index` of the list (of the last step, if beyond it).
    ///
    /// If every input still comes before its use, nothing else changes. Otherwise the steps between the two
    /// places that depend on the moved one, or it on them, must form a chain with it, each reading the previous
    /// one's main output first; the chain is then re-linked in its new order (A → B → C with C moved before B
    /// becomes A → C → B), and steps that read the chain's end read its new end. Panels and the view keep
    /// looking at the same step. Re-linking clears a selection of row numbers.
    ///
    /// # Errors
    ///
    /// [`DocumentError::UnknownId`] if there is no such step, and [`DocumentError::NotAChain`] if a step in between
    /// has no place in such a chain or a step outside reads from the middle of it. The document is then unchanged.
    pub fn move_step(&mut self, id: StepId, new_index: usize) -> Result<(), DocumentError> {
        let old_index = self.steps.iter().position(|step| step.id == id);
        let old_index = old_index.ok_or(DocumentError::UnknownId { id: id.0 })?;
        let new_index = new_index.min(self.steps.len() - 1);

        let mut moved = self.steps.clone();
        let step = moved.remove(old_index);
        moved.insert(new_index, step);
        if later_input(&moved).is_none() {
            self.steps = moved;
            return Ok(());
        }

        let chain = self.chain_between(id, old_index.min(new_index), old_index.max(new_index))?;
        let (Some(head), Some(tail)) = (chain.first(), chain.last()) else {
            return Ok(());
        };
        let first_input = head.inputs.first().copied();
        let mut link = first_input.ok_or(DocumentError::NotAChain {
            step: id,
            other: head.id,
        })?;
        let old_end = Ref::Step(tail.id, 0);
        let members: BTreeSet<StepId> = chain.iter().map(|step| step.id).collect();

        for step in moved.iter_mut().filter(|step| members.contains(&step.id)) {
            step.inputs[0] = link;
            link = Ref::Step(step.id, 0);
        }
        for step in moved.iter_mut().filter(|step| !members.contains(&step.id)) {
            for input in step.inputs.iter_mut().filter(|input| **input == old_end) {
                *input = link;
            }
        }
        self.steps = moved;
        self.forget_row_numbers();
        Ok(())
    }

    /// The steps at `first..=last` that depend on `id` or it on them, `id` included, if they form a chain.
    fn chain_between(
        &self,
        id: StepId,
        first: usize,
        last: usize,
    ) -> Result<Vec<&Step>, DocumentError> {
        let refuse = |other: &Step| DocumentError::NotAChain {
            step: id,
            other: other.id,
        };
        let related = |step: &&Step| {
            self.comes_from(Ref::Step(step.id, 0), id) || self.comes_from(Ref::Step(id, 0), step.id)
        };
        let chain: Vec<&Step> = self.steps[first..=last].iter().filter(related).collect();
        for pair in chain.windows(2) {
            if pair[1].inputs.first() != Some(&Ref::Step(pair[0].id, 0)) {
                return Err(refuse(pair[1]));
            }
        }
        let inner: BTreeSet<StepId> = chain.iter().rev().skip(1).map(|step| step.id).collect();
        for step in &self.steps {
            let is_member = chain.iter().any(|member| member.id == step.id);
            // The first input of a member is its link in the chain, checked above.
            let side_inputs = step.inputs.iter().skip(usize::from(is_member));
            let mut read_steps = side_inputs.filter_map(|input| match input {
                Ref::Source(_) => None,
                Ref::Step(id, _) => Some(id),
            });
            if read_steps.any(|read| inner.contains(read)) {
                return Err(refuse(step));
            }
        }
        Ok(chain)
    }

    /// Makes everything that reads a table read what `replace` gives for it. Steps and panels left without one
    /// of their inputs go, and so do the steps and panels that read those.
    fn replace_tables(&mut self, replace: &dyn Fn(Ref) -> Option<Ref>) {
        let mut gone = BTreeSet::new();
        // Inputs come before their use, so one pass finds all that must go.
        self.steps.retain_mut(|step| {
            for input in &mut step.inputs {
                let is_gone = matches!(*input, Ref::Step(id, _) if gone.contains(&id));
                match replace(*input) {
                    Some(table) if !is_gone => *input = table,
                    _ => {
                        gone.insert(step.id);
                        return false;
                    }
                }
            }
            true
        });
        let replace = |table: Ref| match table {
            Ref::Step(id, _) if gone.contains(&id) => None,
            _ => replace(table),
        };

        self.panels.retain_mut(|panel| {
            let Some(a) = replace(panel.a) else {
                return false;
            };
            let was_self = panel.b == Some(panel.a);
            panel.a = a;
            panel.b = panel.b.and_then(replace).filter(|b| was_self || *b != a);
            true
        });
        let panels: BTreeSet<_> = self.panels.iter().map(|panel| panel.id).collect();
        self.notes
            .retain(|note| note.panel.is_none_or(|panel| panels.contains(&panel)));

        let view = &mut self.view;
        let was_self = view.compare == view.table;
        view.table = view.table.and_then(replace);
        view.compare = view
            .compare
            .and_then(replace)
            .filter(|table| was_self || view.table != Some(*table));
        view.grids
            .retain(|grid| replace(grid.table) == Some(grid.table));
    }

    fn forget_conditions(&mut self) {
        self.view.pills.clear();
        self.view.selection = Selection::None;
    }
}

/// The first step, and its input, that reads a step which does not come before it.
pub(super) fn later_input(steps: &[Step]) -> Option<(StepId, Ref)> {
    let mut later: BTreeSet<StepId> = steps.iter().map(|step| step.id).collect();
    steps.iter().find_map(|step| {
        let input = step.inputs.iter().find(|input| match input {
            Ref::Source(_) => false,
            Ref::Step(id, _) => later.contains(id),
        });
        later.remove(&step.id);
        input.map(|input| (step.id, *input))
    })
}
