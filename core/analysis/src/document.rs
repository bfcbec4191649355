//! What can be asked of an [`Analysis`] and the plain edits. Edits of the step graph are in `graph`, those of
//! the view in `view`, the checks on documents from elsewhere in `validate`.
//!
//! Steps are listed in an order in which every input comes before its use.

mod graph;
mod validate;
mod view;

use std::collections::BTreeSet;

use crate::error::DocumentError;
use crate::v1::{
    Analysis, Origin, Panel, PanelId, Ref, Selection, Source, SourceId, Step, StepId, View,
};
use crate::value::Params;

impl Analysis {
    /// An empty document. `seed` feeds every random stream of the analysis.
    pub fn new(seed: u64) -> Self {
        Self {
            title: String::new(),
            sources: Vec::new(),
            steps: Vec::new(),
            panels: Vec::new(),
            view: View::default(),
            notes: Vec::new(),
            seed,
            next_id: 1,
            key_numbers: Vec::new(),
        }
    }

    pub fn add_source(
        &mut self,
        name: impl Into<String>,
        origin: Origin,
        load: Params,
    ) -> SourceId {
        let id = SourceId(self.take_id());
        self.sources.push(Source {
            id,
            name: name.into(),
            origin,
            load,
        });
        id
    }

    /// Appends an enabled step. `params` must have all defaults written out, and `inputs` must exist.
    pub fn add_step(
        &mut self,
        op: impl Into<String>,
        op_version: u32,
        params: Params,
        inputs: Vec<Ref>,
    ) -> StepId {
        let id = StepId(self.take_id());
        self.steps.push(Step {
            id,
            op: op.into(),
            op_version,
            params,
            inputs,
            enabled: true,
        });
        id
    }

    /// Appends a panel that looks at `a` and, if given, compares it with `b`. Both must exist.
    pub fn add_panel(
        &mut self,
        kind: impl Into<String>,
        a: Ref,
        b: Option<Ref>,
        spec: Params,
    ) -> PanelId {
        let id = PanelId(self.take_id());
        self.panels.push(Panel {
            id,
            kind: kind.into(),
            a,
            b,
            spec,
        });
        id
    }

    /// Removes a panel and the notes beside it.
    ///
    /// # Errors
    ///
    /// [`DocumentError::UnknownId`] if there is no such panel.
    pub fn remove_panel(&mut self, id: PanelId) -> Result<(), DocumentError> {
        let index = self.panels.iter().position(|panel| panel.id == id);
        let index = index.ok_or(DocumentError::UnknownId { id: id.0 })?;
        self.panels.remove(index);
        self.notes.retain(|note| note.panel != Some(id));
        Ok(())
    }

    /// Switches a step on or off. A selection of row numbers is cleared if this may renumber them.
    ///
    /// # Errors
    ///
    /// [`DocumentError::UnknownId`] if there is no such step.
    pub fn set_enabled(&mut self, id: StepId, enabled: bool) -> Result<(), DocumentError> {
        let before = self.current_table();
        let step = self
            .step_mut(id)
            .ok_or(DocumentError::UnknownId { id: id.0 })?;
        if step.enabled == enabled {
            return Ok(());
        }
        step.enabled = enabled;
        if self.current_table() != before || before.is_some_and(|table| self.comes_from(table, id))
        {
            self.forget_row_numbers();
        }
        Ok(())
    }

    pub fn source(&self, id: SourceId) -> Option<&Source> {
        self.sources.iter().find(|source| source.id == id)
    }

    pub fn source_mut(&mut self, id: SourceId) -> Option<&mut Source> {
        self.sources.iter_mut().find(|source| source.id == id)
    }

    pub fn step(&self, id: StepId) -> Option<&Step> {
        self.steps.iter().find(|step| step.id == id)
    }

    pub fn step_mut(&mut self, id: StepId) -> Option<&mut Step> {
        self.steps.iter_mut().find(|step| step.id == id)
    }

    pub fn panel(&self, id: PanelId) -> Option<&Panel> {
        self.panels.iter().find(|panel| panel.id == id)
    }

    pub fn panel_mut(&mut self, id: PanelId) -> Option<&mut Panel> {
        self.panels.iter_mut().find(|panel| panel.id == id)
    }

    /// The sources, then the main output of each step, in the order of the document. Disabled steps are included.
    pub fn tables(&self) -> Vec<Ref> {
        let sources = self.sources.iter().map(|source| Ref::Source(source.id));
        let steps = self.steps.iter().map(|step| Ref::Step(step.id, 0));
        sources.chain(steps).collect()
    }

    /// Whether `table` belongs to a source or step of this document. How many ports a step has is not known here.
    pub fn has_table(&self, table: Ref) -> bool {
        match table {
            Ref::Source(id) => self.source(id).is_some(),
            Ref::Step(id, _) => self.step(id).is_some(),
        }
    }

    /// The table looked at: the view's choice, else the last enabled step's main output, else the first source.
    pub fn current_table(&self) -> Option<Ref> {
        let last_step = || self.steps.iter().rev().find(|step| step.enabled);
        self.view
            .table
            .filter(|table| self.has_table(*table))
            .or_else(|| last_step().map(|step| Ref::Step(step.id, 0)))
            .or_else(|| self.sources.first().map(|source| Ref::Source(source.id)))
    }

    /// Whether `step` reads `table`, directly or through other steps. False if there is no such step.
    pub fn depends_on(&self, step: StepId, table: Ref) -> bool {
        self.step(step)
            .is_some_and(|step| self.origins(&step.inputs).contains(&table))
    }

    /// Whether `table` is an output of `step` or is computed from one.
    fn comes_from(&self, table: Ref, step: StepId) -> bool {
        self.origins(&[table])
            .iter()
            .any(|origin| matches!(origin, Ref::Step(id, _) if *id == step))
    }

    /// `tables` and everything they are computed from.
    fn origins(&self, tables: &[Ref]) -> BTreeSet<Ref> {
        let mut found = BTreeSet::new();
        let mut open = tables.to_vec();
        while let Some(table) = open.pop() {
            if found.insert(table)
                && let Ref::Step(id, _) = table
                && let Some(step) = self.step(id)
            {
                open.extend(&step.inputs);
            }
        }
        found
    }

    /// Clears a selection that is a list of row numbers; the other kinds are conditions and stay meaningful.
    fn forget_row_numbers(&mut self) {
        if matches!(self.view.selection, Selection::Rows(_)) {
            self.view.selection = Selection::None;
        }
    }

    fn take_id(&mut self) -> u32 {
        let id = self.next_id;
        self.next_id += 1;
        id
    }
}
