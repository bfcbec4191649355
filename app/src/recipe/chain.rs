//! Which steps of a document make a recipe, and how its order is changed.

use sluice_analysis::{Analysis, DocumentError, GridView, Params, Ref, Step, StepId};

use crate::state::edits;

/// What an operator does, as the ending of its name says. Names are the common ones of curation systems, so that
/// operators that are not known here can be told from other steps too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Filter,
    Mapper,
    Deduplicator,
    Selector,
}

impl Kind {
    /// `None` if the operation is not an operator of a recipe.
    pub fn of(op: &str) -> Option<Self> {
        let ending = op.rsplit_once('_').filter(|(stem, _)| !stem.is_empty())?.1;
        match ending {
            "filter" => Some(Self::Filter),
            "mapper" => Some(Self::Mapper),
            "deduplicator" => Some(Self::Deduplicator),
            "selector" => Some(Self::Selector),
            _ => None,
        }
    }
}

/// Whether an operation of this name is a step of a recipe.
pub fn is_operator(op: &str) -> bool {
    Kind::of(op).is_some()
}

/// Outputs of every step of a recipe.
pub const KEPT: u8 = 0;
pub const REMOVED: u8 = 1;
pub const LEDGER: u8 = 2;

/// Operators one after the other, each reading the rows that the one before keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// What the first operator reads.
    pub input: Ref,
    /// Never empty.
    pub steps: Vec<StepId>,
}

impl Chain {
    pub fn end(&self) -> Option<StepId> {
        self.steps.last().copied()
    }

    /// What questions about the whole recipe are about.
    pub fn table(&self) -> Ref {
        self.end().map_or(self.input, |step| Ref::Step(step, KEPT))
    }

    pub fn place(&self, step: StepId) -> Option<usize> {
        self.steps.iter().position(|other| *other == step)
    }

    /// The step and port that a table is of, if it comes out of this recipe.
    pub fn output(&self, table: Ref) -> Option<(StepId, u8)> {
        match table {
            Ref::Step(step, port) if self.place(step).is_some() => Some((step, port)),
            _ => None,
        }
    }
}

/// The recipe that a table comes out of or goes into, to its furthest end.
pub fn chain_of(doc: &Analysis, table: Ref) -> Option<Chain> {
    let operator = |id: StepId| doc.step(id).filter(|step| is_operator(&step.op));
    let mut steps = Vec::new();
    let mut input = table;
    if let Ref::Step(id, _) = table
        && let Some(mut step) = operator(id)
    {
        steps.push(id);
        input = step.inputs.first().copied()?;
        while let Ref::Step(before, KEPT) = input
            && let Some(found) = operator(before)
            // Documents from elsewhere are checked for cycles, but a bound costs nothing.
            && steps.len() <= doc.steps.len()
        {
            step = found;
            steps.push(step.id);
            input = step.inputs.first().copied()?;
        }
        steps.reverse();
    }
    let last = steps.last().map_or(input, |id| Ref::Step(*id, KEPT));
    steps.extend(longest_after(doc, last));
    (!steps.is_empty()).then_some(Chain { input, steps })
}

/// The longest row of operators that begins at a table; of equally long ones the first of the document.
fn longest_after(doc: &Analysis, table: Ref) -> Vec<StepId> {
    // Readers come after what they read: from the end, what follows a step is known before the step is seen.
    let mut after: Vec<(StepId, Vec<StepId>)> = Vec::new();
    let following = |after: &[(StepId, Vec<StepId>)], table: Ref| -> Vec<StepId> {
        let mut longest: Vec<StepId> = Vec::new();
        // Last first: an equally long one that comes earlier in the document replaces a later one.
        for (id, rest) in after {
            let reads = doc.step(*id).and_then(|step| step.inputs.first().copied());
            if reads == Some(table) && rest.len() + 1 >= longest.len() {
                longest = std::iter::once(*id).chain(rest.iter().copied()).collect();
            }
        }
        longest
    };
    for step in doc.steps.iter().rev().filter(|step| is_operator(&step.op)) {
        let rest = following(&after, Ref::Step(step.id, KEPT));
        after.push((step.id, rest));
    }
    following(&after, table)
}

/// Moves an operator to a place of its recipe, counted from 0. Who looks at the end of the recipe goes on doing so.
///
/// # Errors
///
/// As [`Analysis::move_step`].
pub fn move_operator(
    doc: &mut Analysis,
    chain: &Chain,
    step: StepId,
    place: usize,
) -> Result<(), DocumentError> {
    let place = place.min(chain.steps.len().saturating_sub(1));
    let (Some(target), Some(old_end)) = (chain.steps.get(place), chain.end()) else {
        return Ok(());
    };
    if *target == step {
        return Ok(());
    }
    let index = doc.steps.iter().position(|other| other.id == *target);
    doc.move_step(step, index.unwrap_or(usize::MAX))?;
    let mut order = chain.steps.clone();
    order.retain(|other| *other != step);
    order.insert(place, step);
    if let Some(end) = order.last().copied().filter(|end| *end != old_end) {
        follow_end(doc, old_end, end);
    }
    Ok(())
}

/// Makes what looked at the outputs of one step look at those of another.
fn follow_end(doc: &mut Analysis, old_end: StepId, end: StepId) {
    let followed = |table: Ref| match table {
        Ref::Step(step, port) if step == old_end => Ref::Step(end, port),
        _ => table,
    };
    doc.view.table = doc.view.table.map(followed);
    doc.view.compare = doc.view.compare.map(followed);
    for panel in &mut doc.panels {
        panel.a = followed(panel.a);
        panel.b = panel.b.map(followed);
    }
    if let Some(arrangement) = doc.grid(Ref::Step(old_end, KEPT)).cloned() {
        let table = Ref::Step(end, KEPT);
        *doc.grid_mut(table) = GridView {
            table,
            ..arrangement
        };
    }
}

/// A step to be added.
pub struct NewStep {
    pub op: String,
    pub op_version: u32,
    pub params: Params,
    pub is_on: bool,
}

/// Appends steps after a table, one after the other, and looks at what comes out.
pub fn append_all(doc: &mut Analysis, after: Ref, steps: Vec<NewStep>) -> Vec<StepId> {
    let mut table = after;
    let mut ids = Vec::with_capacity(steps.len());
    for step in steps {
        let added = edits::append_step_after(
            doc,
            table,
            &step.op,
            step.op_version,
            step.params,
            Vec::new(),
        );
        drop(doc.set_enabled(added, step.is_on));
        table = Ref::Step(added, KEPT);
        ids.push(added);
    }
    // Held fast: while the last step is switched off, the table looked at would else be that of an earlier one.
    doc.view.table = Some(table);
    ids
}

/// Where operators are added while a person looks at `table`: at the end of its recipe, or after it.
pub fn end_for(doc: &Analysis, table: Ref) -> Ref {
    chain_of(doc, table)
        .filter(|chain| chain.output(table).is_some())
        .map_or(table, |chain| chain.table())
}

/// The limits and other choices of a step.
pub fn params_of(doc: &Analysis, step: StepId) -> Params {
    doc.step(step)
        .map(|Step { params, .. }| params.clone())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use sluice_analysis::Origin;

    use super::*;

    /// A source, a sort that is no operator, and operators on it.
    fn recipe(ops: &[&str]) -> (Analysis, Ref, Vec<StepId>) {
        let mut doc = Analysis::new(1);
        let source = doc.add_source("a.jsonl", Origin::Files(vec![]), Params::new());
        let sorted = doc.add_step("sort", 1, Params::new(), vec![Ref::Source(source)]);
        let input = Ref::Step(sorted, 0);
        let mut table = input;
        let mut ids = Vec::new();
        for op in ops {
            let id = doc.add_step(*op, 1, Params::new(), vec![table]);
            table = Ref::Step(id, 0);
            ids.push(id);
        }
        (doc, input, ids)
    }

    #[test]
    fn operators_are_told_by_their_ending() {
        assert_eq!(Kind::of("words_num_filter"), Some(Kind::Filter));
        assert_eq!(Kind::of("never_heard_of_mapper"), Some(Kind::Mapper));
        assert_eq!(
            Kind::of("document_minhash_deduplicator"),
            Some(Kind::Deduplicator)
        );
        assert_eq!(
            Kind::of("topk_specified_field_selector"),
            Some(Kind::Selector)
        );
        for other in [
            "filter",
            "_filter",
            "group_by",
            "filters",
            "mapper_of_words",
        ] {
            assert!(!is_operator(other), "{other}");
        }
    }

    #[test]
    fn every_output_and_the_input_lead_to_the_whole_chain() {
        let (doc, input, ids) = recipe(&["a_filter", "b_mapper", "c_filter"]);
        let whole = Some(Chain {
            input,
            steps: ids.clone(),
        });
        assert_eq!(chain_of(&doc, input), whole);
        for id in &ids {
            for port in [KEPT, REMOVED, LEDGER] {
                assert_eq!(chain_of(&doc, Ref::Step(*id, port)), whole);
            }
        }
        // The source goes into the sort, not into the recipe.
        assert_eq!(chain_of(&doc, doc.tables()[0]), None);
    }

    #[test]
    fn a_recipe_of_removed_rows_is_another_one() {
        let (mut doc, _, ids) = recipe(&["a_filter"]);
        let removed = Ref::Step(ids[0], REMOVED);
        let other = doc.add_step("b_filter", 1, Params::new(), vec![removed]);
        let chain = chain_of(&doc, Ref::Step(other, 0)).unwrap();
        assert_eq!((chain.input, chain.steps), (removed, vec![other]));
        assert_eq!(chain_of(&doc, Ref::Step(ids[0], 0)).unwrap().steps, ids);
    }

    #[test]
    fn of_two_branches_the_longer_one_is_shown_and_each_from_within() {
        let (mut doc, _, ids) = recipe(&["a_filter", "b_filter"]);
        let start = Ref::Step(ids[0], 0);
        let c = doc.add_step("c_filter", 1, Params::new(), vec![start]);
        let d = doc.add_step("d_filter", 1, Params::new(), vec![Ref::Step(c, 0)]);
        assert_eq!(chain_of(&doc, start).unwrap().steps, [ids[0], c, d]);
        let from_b = chain_of(&doc, Ref::Step(ids[1], 0)).unwrap();
        assert_eq!(from_b.steps, [ids[0], ids[1]]);
    }

    #[test]
    fn moving_relinks_and_keeps_looking_at_the_end() {
        let (mut doc, input, ids) = recipe(&["a_filter", "b_filter", "c_filter"]);
        doc.view.table = Some(Ref::Step(ids[2], REMOVED));
        let chain = chain_of(&doc, input).unwrap();
        move_operator(&mut doc, &chain, ids[2], 0).unwrap();
        let moved = chain_of(&doc, input).unwrap();
        assert_eq!(moved.steps, [ids[2], ids[0], ids[1]]);
        assert_eq!(doc.view.table, Some(Ref::Step(ids[1], REMOVED)));

        move_operator(&mut doc, &moved, ids[2], 1).unwrap();
        let moved = chain_of(&doc, input).unwrap();
        assert_eq!(moved.steps, [ids[0], ids[2], ids[1]]);
        // Beyond the end is the end.
        move_operator(&mut doc, &moved, ids[0], 9).unwrap();
        let moved = chain_of(&doc, input).unwrap();
        assert_eq!(moved.steps, [ids[2], ids[1], ids[0]]);
        assert_eq!(doc.view.table, Some(Ref::Step(ids[0], REMOVED)));
    }

    #[test]
    fn imported_steps_come_after_the_end_of_the_recipe_and_may_be_off() {
        let (mut doc, _, ids) = recipe(&["a_filter"]);
        let after = end_for(&doc, Ref::Step(ids[0], LEDGER));
        assert_eq!(after, Ref::Step(ids[0], KEPT));
        let step = |op: &str, is_on| NewStep {
            op: op.to_owned(),
            op_version: 1,
            params: Params::new(),
            is_on,
        };
        append_all(
            &mut doc,
            after,
            vec![step("b_filter", true), step("x_mapper", false)],
        );
        let chain = chain_of(&doc, after).unwrap();
        assert_eq!(chain.steps.len(), 3);
        assert!(!doc.step(chain.steps[2]).unwrap().enabled);
        assert_eq!(doc.current_table(), Some(chain.table()));
    }
}
