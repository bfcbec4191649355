//! Runs a recipe: measures what is not known yet, builds indexes of duplicates, decides.

use std::collections::VecDeque;
use std::rc::Rc;

use serde_json::{Map, Value as Json};
use sluice_protocol::load::LoadIssue;
use sluice_table::host::Chunk;
use sluice_table::load::Issues;
use sluice_table::{RunContext, Table, TableError};

use super::cache::{Key, RecipeCache};
use super::decide::{Decision, Measured, rank};
use super::gathered::{Gathered, InPool, collect_finished};
use super::pass::{Found, KERNEL, Plan, ReadyPlan, Task, encoded};
use super::texts::{EditedTexts, Lane, without};
use super::{Member, RecipeStep, Run};
use crate::operator::{Corpus, Deduplicate, DuplicateIndex, Prepared};

/// Bytes of text between two checkpoints: at 10 MB/s, a slow recipe in a browser, 10 ms.
const SLICE_BYTES: usize = 96 << 10;
/// Bytes of text that are sent to a pool worker at once.
const CHUNK_BYTES: usize = 512 << 10;
/// Most rows of both.
const MAX_ROWS: usize = 8192;

/// Told of a run over the rows measured so far.
pub type Progress<'a> = &'a dyn Fn(&Run);

/// Runs the steps over a table.
///
/// # Errors
///
/// [`TableError::Cancelled`]; [`TableError::NoColumn`] and [`TableError::ColumnType`] for a member's column;
/// [`TableError::Inputs`] for an operator that needs a second table.
pub async fn run(
    base: &Table,
    base_key: [u8; 32],
    steps: &[RecipeStep<'_>],
    cache: &std::cell::RefCell<RecipeCache>,
    context: &RunContext<'_>,
    on_part: Option<Progress<'_>>,
) -> Result<Run, TableError> {
    let members: Rc<Vec<Member>> = Rc::new(steps.iter().map(Member::new).collect());
    let driver = Driver {
        base,
        base_key,
        members: &members,
        cache,
        context,
        on_part,
    };
    let (judged, decision, lanes, words, issues) = driver.run().await?;
    Ok(Run {
        base: base.clone(),
        base_key,
        n_measured: base.n_rows(),
        members,
        judged,
        alive: decision.alive,
        removed_by: decision.removed_by,
        n_against: decision.n_against,
        words,
        lanes,
        issues,
    })
}

struct Driver<'a> {
    base: &'a Table,
    base_key: [u8; 32],
    members: &'a Rc<Vec<Member>>,
    cache: &'a std::cell::RefCell<RecipeCache>,
    context: &'a RunContext<'a>,
    on_part: Option<Progress<'a>>,
}

type Ran = (
    Vec<super::Judged>,
    Decision,
    Vec<Lane>,
    Rc<Vec<u32>>,
    Issues,
);

impl Driver<'_> {
    async fn run(&self) -> Result<Ran, TableError> {
        let n_rows = self.base.n_rows();
        let mut lanes = self.lanes()?;
        let mut measured = vec![Measured::default(); self.members.len()];
        let mut decision = Decision::new(n_rows);
        let mut judged = Vec::with_capacity(self.members.len());
        let mut issues = Issues::default();
        let mut words = Rc::new(Vec::new());
        let mut start = 0;
        while start < self.members.len() {
            let end = self.segment_end(start);
            for (lane_idx, lane) in lanes.iter_mut().enumerate() {
                let is_first = start == 0 && lane_idx == 0;
                let found = self.pass(start..end, lane, is_first, &mut measured).await?;
                if let Some(found) = found.words {
                    words = found;
                }
                if let Some((edited, key)) = found.lane {
                    lane.edited = edited;
                    lane.key = key;
                }
            }
            let members = self.members.iter().zip(&mut measured).enumerate();
            for (idx, (member, measured)) in members.take(end).skip(start) {
                self.measure_fields(member, measured, &mut issues).await?;
                let mut draws = self
                    .context
                    .random(&format!("step {} select", member.step.0));
                let verdict = decision.judge(idx, member, measured, &mut draws);
                if let Some(cut) = &verdict.decision {
                    self.cut(member, cut, &decision, &mut lanes);
                }
                judged.push(verdict);
            }
            start = end;
        }
        if words.len() != n_rows {
            words = self.words(&lanes).await?;
        }
        Ok((judged, decision, lanes, words, issues))
    }

    /// One lane per column that a working member reads, in the order of first use.
    fn lanes(&self) -> Result<Vec<Lane>, TableError> {
        let mut lanes: Vec<Lane> = Vec::new();
        for member in self.members.iter() {
            let reads_text = matches!(
                member.prepared(),
                Some(Prepared::Map(_) | Prepared::Filter(_) | Prepared::Dedup(_))
            );
            let column = &member.common.column;
            if reads_text && !lanes.iter().any(|lane| lane.column == *column) {
                lanes.push(Lane {
                    column: column.clone(),
                    base: self.base.texts(column)?,
                    edited: None,
                    key: Key::of(&(&self.base_key, column)),
                });
            }
        }
        Ok(lanes)
    }

    /// Members up to and with the next one whose cuts depend on which rows are left.
    fn segment_end(&self, start: usize) -> usize {
        let cuts = |member: &Member| matches!(member.prepared(), Some(Prepared::Dedup(dedup)) if dedup.needs_texts());
        let cutting = self.members[start..].iter().position(cuts);
        cutting.map_or(self.members.len(), |at| start + at + 1)
    }

    /// Measures, edits and sketches the texts of a lane for some members; only what is not known yet.
    async fn pass(
        &self,
        range: std::ops::Range<usize>,
        lane: &Lane,
        counts_words: bool,
        measured: &mut [Measured],
    ) -> Result<Passed, TableError> {
        let mut plan = Plan {
            items: Vec::new(),
            counts_words: false,
            keeps_edited: false,
        };
        // Where the results of each item of the plan go.
        let mut slots = Slots::default();
        let mut key = lane.key;
        let mut n_maps_needed = 0;
        for idx in range.clone() {
            let member = &self.members[idx];
            if member.common.column != lane.column {
                continue;
            }
            match member.prepared() {
                Some(Prepared::Map(_)) => {
                    key = Key::of(&("map", key, &member.op, &member.own));
                    slots.items.push(idx);
                    plan.items.push(member.item(Task::Map));
                    let known = self.cache.borrow_mut().get::<u64>(key);
                    match known {
                        Some(n) => measured[idx].n_edited = *n,
                        None => n_maps_needed += 1,
                    }
                    slots.maps.push((idx, key));
                }
                Some(Prepared::Filter(filter)) => {
                    let values_key =
                        Key::of(&("values", key, &member.op, member.measuring_params()));
                    match self.cache.borrow_mut().get::<Vec<Rc<Vec<f64>>>>(values_key) {
                        Some(values) => measured[idx].values.clone_from(&values),
                        None => {
                            let n_values = filter.measures().len();
                            slots.items.push(idx);
                            plan.items.push(member.item(Task::Measure {
                                n_values: n_values as u32,
                            }));
                            slots.values.push((idx, values_key, n_values));
                        }
                    }
                    if filter.rewrites() {
                        key = Key::of(&("rewrite", key, &member.op, &member.own));
                        slots.items.push(idx);
                        plan.items.push(member.item(Task::Rewrite));
                    }
                }
                Some(Prepared::Dedup(dedup)) => {
                    let reference_key = member.reference.as_ref().map(|(_, key)| *key);
                    let index_key =
                        Key::of(&("index", key, &member.op, &member.own, reference_key));
                    match self
                        .cache
                        .borrow_mut()
                        .get::<Box<dyn DuplicateIndex>>(index_key)
                    {
                        Some(index) => measured[idx].index = Some(index),
                        None => {
                            slots.items.push(idx);
                            plan.items.push(member.item(Task::Sketch));
                            let needs_texts = dedup.needs_texts();
                            if needs_texts {
                                slots.items.push(idx);
                                plan.items.push(member.item(Task::Keep));
                            }
                            slots.dedups.push((idx, index_key, needs_texts));
                        }
                    }
                    measured[idx].rank = rank(member, self.base)?.map(Rc::new);
                }
                _ => {}
            }
        }
        let words_key = Key::of(&("words", lane.key));
        let mut passed = Passed::default();
        if counts_words {
            passed.words = self.cache.borrow_mut().get::<Vec<u32>>(words_key);
            plan.counts_words = passed.words.is_none();
        }
        let edits = key != lane.key;
        let edited_key = Key::of(&("edited", key));
        let known_edits = self
            .cache
            .borrow_mut()
            .get::<Option<Rc<Vec<Option<Box<str>>>>>>(edited_key);
        if edits {
            match known_edits {
                Some(edited) => passed.lane = Some(((*edited).clone(), key)),
                None => plan.keeps_edited = true,
            }
        }
        let is_needed = plan.keeps_edited
            || plan.counts_words
            || n_maps_needed > 0
            || !slots.values.is_empty()
            || !slots.dedups.is_empty();
        if !is_needed {
            return Ok(passed);
        }
        let found = self.texts(&plan, lane, &slots, &range, measured).await?;
        self.keep(
            found,
            lane,
            key,
            edited_key,
            words_key,
            &plan,
            slots,
            measured,
            &mut passed,
        )
        .await?;
        Ok(passed)
    }

    /// Runs a plan over a lane's texts, in slices here and in chunks in the pool.
    async fn texts(
        &self,
        plan: &Plan,
        lane: &Lane,
        slots: &Slots,
        range: &std::ops::Range<usize>,
        measured: &[Measured],
    ) -> Result<Found, TableError> {
        let host = self.context.host;
        let ready = ReadyPlan::new(plan, host.clock())?;
        let params: Rc<[u8]> = encoded(plan)?.into();
        let width = host.compute_width();
        let n_rows = self.base.n_rows();
        let mut gathered = Gathered::default();
        let mut in_pool: VecDeque<InPool> = VecDeque::new();
        let mut texts = lane.iter().peekable();
        let (mut row, mut chunk_idx, mut told_rows) = (0, 0, 0);
        let stage = "measuring texts";
        while texts.peek().is_some() {
            let to_pool = width > 0 && in_pool.len() < width + 1;
            let limit = if to_pool { CHUNK_BYTES } else { SLICE_BYTES };
            let mut chunk = Vec::new();
            let mut n_bytes = 0;
            while n_bytes < limit && chunk.len() < MAX_ROWS {
                let Some(text) = texts.next() else { break };
                n_bytes += text.map_or(0, str::len);
                chunk.push(text);
            }
            row += chunk.len();
            if to_pool {
                let bytes = encoded(&chunk)?;
                let result = host.submit(KERNEL, Rc::clone(&params), Chunk::Bytes(bytes));
                in_pool.push_back((chunk_idx, result));
            } else {
                gathered.add(chunk_idx, ready.run(chunk.into_iter()));
            }
            chunk_idx += 1;
            host.progress(stage, row as u64, n_rows as u64);
            host.checkpoint().await?;
            collect_finished(&mut in_pool, &mut gathered).await?;
            if gathered.n_rows(plan) > told_rows + n_rows / 8 && range.start == 0 {
                told_rows = gathered.n_rows(plan);
                self.tell(&gathered.all, told_rows, slots, measured, lane);
            }
        }
        while let Some((idx, result)) = in_pool.pop_front() {
            let bytes = result.await?;
            gathered.add(idx, super::pass::decoded(&bytes)?);
            host.checkpoint().await?;
        }
        Ok(gathered.all)
    }

    /// Shows what the rows measured so far would come to.
    fn tell(
        &self,
        found: &Found,
        n_rows: usize,
        slots: &Slots,
        measured: &[Measured],
        lane: &Lane,
    ) {
        let Some(on_part) = self.on_part else {
            return;
        };
        let mut part = measured.to_vec();
        let mut values = found.values.iter();
        for (idx, _, n_values) in &slots.values {
            part[*idx].values = values
                .by_ref()
                .take(*n_values)
                .map(|values| Rc::new(values.clone()))
                .collect();
        }
        for ((idx, _), n) in slots.maps.iter().zip(&found.n_edited) {
            part[*idx].n_edited = *n;
        }
        for part in &mut part {
            // Of what was known before, only the rows that the others have reached.
            part.index = None;
            part.records = None;
        }
        let mut decision = Decision::new(n_rows);
        let mut judged = Vec::new();
        for (idx, member) in self.members.iter().enumerate() {
            let mut draws = self.context.random("part");
            judged.push(decision.judge(idx, member, &part[idx], &mut draws));
        }
        let words = if found.words.len() == n_rows {
            found.words.clone()
        } else {
            vec![0; n_rows]
        };
        on_part(&Run {
            base: self.base.clone(),
            base_key: self.base_key,
            members: Rc::clone(self.members),
            judged,
            alive: decision.alive,
            removed_by: decision.removed_by,
            n_against: decision.n_against,
            words: Rc::new(words),
            lanes: vec![lane.clone()],
            n_measured: n_rows,
            issues: Issues::default(),
        });
    }

    /// Puts what was found into the cache and into the members' places; builds indexes.
    #[expect(
        clippy::too_many_arguments,
        reason = "the parts of one pass, used once"
    )]
    async fn keep(
        &self,
        mut found: Found,
        lane: &Lane,
        key: Key,
        edited_key: Key,
        words_key: Key,
        plan: &Plan,
        slots: Slots,
        measured: &mut [Measured],
        passed: &mut Passed,
    ) -> Result<(), TableError> {
        let n_rows = self.base.n_rows();
        // Of the texts that were not timed, as much as of those that were.
        let scale = n_rows as f64 / (found.n_timed.max(1)) as f64;
        for (idx, seconds) in slots.items.iter().zip(&found.seconds) {
            measured[*idx].seconds += seconds * scale;
        }
        let mut values = std::mem::take(&mut found.values).into_iter();
        for (idx, values_key, n_values) in slots.values {
            let columns: Vec<Rc<Vec<f64>>> = values.by_ref().take(n_values).map(Rc::new).collect();
            measured[idx].values.clone_from(&columns);
            let bytes = n_values * n_rows * size_of::<f64>();
            self.cache
                .borrow_mut()
                .insert(values_key, Rc::new(columns), bytes);
        }
        for ((idx, map_key), n) in slots.maps.iter().zip(&found.n_edited) {
            measured[*idx].n_edited = *n;
            self.cache
                .borrow_mut()
                .insert(*map_key, Rc::new(*n), size_of::<u64>());
        }
        if plan.counts_words {
            let words = Rc::new(std::mem::take(&mut found.words));
            let bytes = n_rows * size_of::<u32>();
            self.cache
                .borrow_mut()
                .insert(words_key, Rc::clone(&words), bytes);
            passed.words = Some(words);
        }
        let mut sketches = std::mem::take(&mut found.sketches).into_iter();
        let mut kept = std::mem::take(&mut found.kept).into_iter();
        for (idx, index_key, needs_texts) in slots.dedups {
            let sketches = sketches.next().unwrap_or_default();
            let member = &self.members[idx];
            let Some(Prepared::Dedup(dedup)) = member.prepared() else {
                continue;
            };
            // None where the method does not look at texts.
            let kept_texts = if needs_texts {
                kept.next().unwrap_or_default()
            } else {
                Vec::new()
            };
            let edited = kept_texts.iter().map(|text| text.as_deref());
            let texts: Vec<Option<&str>> = lane
                .iter()
                .zip(edited)
                .map(|(came, edited)| edited.or(came))
                .collect();
            let clock = self.context.host.clock();
            let began = clock.map(|clock| clock());
            let index = self.index(member, &**dedup, &sketches, &texts).await?;
            if let (Some(clock), Some(began)) = (clock, began) {
                measured[idx].seconds += clock() - began;
            }
            let index = Rc::new(index);
            // About what sketches and groups take.
            let bytes = n_rows * 64
                + sketches
                    .iter()
                    .flatten()
                    .map(|s| 4 * s.len())
                    .sum::<usize>();
            self.cache
                .borrow_mut()
                .insert(index_key, Rc::clone(&index), bytes);
            measured[idx].index = Some(index);
        }
        if plan.keeps_edited {
            let edited = std::mem::take(&mut found.edited);
            let bytes = edited
                .iter()
                .map(|text| 16 + text.as_ref().map_or(0, |t| t.len()))
                .sum();
            let is_new = edited.iter().any(Option::is_some);
            // Rows that this pass leaves alone stay as an earlier one made them.
            let edited = match (&lane.edited, is_new) {
                (None, false) => None,
                (before, false) => before.clone(),
                (None, true) => Some(Rc::new(edited)),
                (Some(before), true) => {
                    let both = edited.into_iter().zip(before.iter());
                    Some(Rc::new(
                        both.map(|(new, old)| new.or_else(|| old.clone())).collect(),
                    ))
                }
            };
            self.cache
                .borrow_mut()
                .insert(edited_key, Rc::new(edited.clone()), bytes);
            passed.lane = Some((edited, key));
        }
        Ok(())
    }

    async fn index(
        &self,
        member: &Member,
        dedup: &dyn Deduplicate,
        sketches: &[Option<Vec<u32>>],
        texts: &[Option<&str>],
    ) -> Result<Box<dyn DuplicateIndex>, TableError> {
        let reference = match (&member.reference, dedup.needs_reference()) {
            (Some((table, _)), true) => Some(table.texts(&member.common.column)?),
            (None, true) => {
                return Err(TableError::Inputs {
                    op: member.title.clone(),
                    expected: "2 (the second is what is compared against)".to_owned(),
                    got: 1,
                });
            }
            (_, false) => None,
        };
        let reference: Vec<Option<&str>> =
            reference.iter().flat_map(|texts| texts.iter()).collect();
        let mut builder = dedup.index(Corpus {
            sketches,
            texts,
            reference: &reference,
        });
        let host = self.context.host;
        loop {
            let share = builder.share_done();
            host.progress("finding duplicates", (share * 1000.0) as u64, 1000);
            host.checkpoint().await?;
            if !builder.step() {
                return Ok(builder.finish());
            }
        }
    }

    /// Values that need other columns than texts.
    async fn measure_fields(
        &self,
        member: &Member,
        measured: &mut Measured,
        issues: &mut Issues,
    ) -> Result<(), TableError> {
        match member.prepared() {
            Some(Prepared::Fields(filter)) => {
                let key = Key::of(&("fields", &self.base_key, &member.op, &member.own));
                if let Some(kept) = self.cache.borrow_mut().get::<Vec<f64>>(key) {
                    measured.fields = Some(kept);
                    return Ok(());
                }
                let records = self.records(&filter.columns())?;
                let mut kept = Vec::with_capacity(records.len());
                for (row, record) in records.iter().enumerate() {
                    if row % 1024 == 0 {
                        self.context.host.checkpoint().await?;
                    }
                    let holds = filter.holds(record).unwrap_or_else(|reason| {
                        issues.push(LoadIssue {
                            file: member.title.clone(),
                            row: Some(row as u64),
                            column: None,
                            reason,
                        });
                        true
                    });
                    kept.push(f64::from(u8::from(holds)));
                }
                let kept = Rc::new(kept);
                let bytes = kept.len() * size_of::<f64>();
                self.cache.borrow_mut().insert(key, Rc::clone(&kept), bytes);
                measured.fields = Some(kept);
            }
            Some(Prepared::Select(select)) => {
                let columns: Vec<String> = select.column().into_iter().collect();
                measured.records = Some(Rc::new(self.records(&columns)?));
            }
            _ => {}
        }
        Ok(())
    }

    fn records(&self, columns: &[String]) -> Result<Vec<Json>, TableError> {
        let mut records = vec![Map::new(); self.base.n_rows()];
        for name in columns {
            // A key that is no column is missing everywhere, as in a file of objects.
            if !self.base.column_names().contains(&name.as_str()) {
                continue;
            }
            for (record, value) in records.iter_mut().zip(self.base.json_values(name)?) {
                record.insert(name.clone(), value);
            }
        }
        Ok(records.into_iter().map(Json::Object).collect())
    }

    /// Takes the parts that a deduplicator cuts out of the texts.
    fn cut(
        &self,
        member: &Member,
        decided: &crate::operator::DuplicateDecision,
        decision: &Decision,
        lanes: &mut [Lane],
    ) {
        if decided.cuts.iter().all(Vec::is_empty) {
            return;
        }
        let Some(lane) = lanes
            .iter_mut()
            .find(|lane| lane.column == member.common.column)
        else {
            return;
        };
        let alive: Vec<u8> = decision
            .alive
            .iter()
            .map(|alive| u8::from(*alive))
            .collect();
        let key = Key::of(&("cut", lane.key, &member.op, &member.own, alive));
        let edited = (0..decision.alive.len())
            .map(|row| match decided.cuts.get(row) {
                Some(cuts) if !cuts.is_empty() => lane
                    .get(row)
                    .map(|text| without(text, cuts).into_boxed_str()),
                _ => lane
                    .edited
                    .as_ref()
                    .and_then(|edited| edited.get(row)?.clone()),
            })
            .collect();
        lane.edited = Some(Rc::new(edited));
        lane.key = key;
    }

    /// Words of the texts of a recipe that measures none.
    async fn words(&self, lanes: &[Lane]) -> Result<Rc<Vec<u32>>, TableError> {
        let Some(lane) = lanes.first() else {
            return Ok(Rc::new(vec![0; self.base.n_rows()]));
        };
        let mut words = Vec::with_capacity(self.base.n_rows());
        for (row, text) in lane.base.iter().enumerate() {
            if row % 256 == 0 {
                self.context.host.checkpoint().await?;
            }
            words.push(text.map_or(0, |text| text.split_whitespace().count() as u32));
        }
        Ok(Rc::new(words))
    }
}

/// Which members the results of a plan belong to.
#[derive(Default)]
struct Slots {
    maps: Vec<(usize, Key)>,
    values: Vec<(usize, Key, usize)>,
    dedups: Vec<(usize, Key, bool)>,
    /// The member of each item of the plan.
    items: Vec<usize>,
}

/// What a pass changes besides the members.
#[derive(Default)]
struct Passed {
    words: Option<Rc<Vec<u32>>>,
    lane: Option<(EditedTexts, Key)>,
}
