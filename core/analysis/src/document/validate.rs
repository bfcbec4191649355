//! Checks on documents that come from elsewhere. They also hold for documents that go out, so that whatever was
//! shared can be opened.

use std::collections::BTreeSet;

use super::graph::later_input;
use crate::error::DocumentError;
use crate::forms::{MAX_DEPTH, MAX_VALUES};
use crate::v1::{Analysis, GridView, Origin, Pill, Predicate, Ref, Selection};
use crate::value::{Params, Value};

const MAX_SOURCES: usize = 256;
const MAX_STEPS: usize = 4096;
const MAX_PANELS: usize = 1024;
const MAX_PILLS: usize = 1024;
const MAX_NOTES: usize = 4096;
const MAX_KEY_NUMBERS: usize = 4096;
const MAX_GRIDS: usize = 8192;
const MAX_CORNERS: usize = 10_000;
/// Over all sources.
const MAX_FILES: usize = 10_000;
/// Over all steps.
const MAX_INPUTS: usize = 16_384;
/// Sort keys, pinned, hidden and sized columns, over all grids.
const MAX_GRID_COLUMNS: usize = 32_768;
/// Far from where counting up could overflow.
const MAX_NEXT_ID: u32 = 1 << 30;
/// Of what is a name: of a file, column, operation, panel kind, parameter.
const MAX_NAME_BYTES: usize = 4096;
/// Of any other text, and of an address.
const MAX_TEXT_BYTES: usize = 1 << 20;

impl Analysis {
    /// Checks everything that the types leave open.
    ///
    /// Ids are used once and were given out; inputs, and whatever panels, grids, notes and view point at, exist;
    /// inputs come before their use; counts, lengths and nesting are within bounds; selected rows ascend and a
    /// polygon is finite. Parameters, column names and ports are not checked: they are the operations' matter.
    ///
    /// # Errors
    ///
    /// The first fault found.
    pub fn validate(&self) -> Result<(), DocumentError> {
        self.check_counts()?;
        self.check_ids()?;
        self.check_references()?;
        check_selection(&self.view.selection)?;
        self.check_texts()
    }

    fn check_counts(&self) -> Result<(), DocumentError> {
        let files = self.sources.iter().map(|source| match &source.origin {
            Origin::Files(files) => files.len(),
            _ => 0,
        });
        let inputs = self.steps.iter().map(|step| step.inputs.len());
        let grid_columns = |grid: &GridView| {
            grid.sort.len() + grid.pinned.len() + grid.hidden.len() + grid.width_px.len()
        };
        at_most("sources", self.sources.len(), MAX_SOURCES)?;
        at_most("files", files.sum(), MAX_FILES)?;
        at_most("steps", self.steps.len(), MAX_STEPS)?;
        at_most("inputs", inputs.sum(), MAX_INPUTS)?;
        at_most("panels", self.panels.len(), MAX_PANELS)?;
        at_most("pills", self.view.pills.len(), MAX_PILLS)?;
        at_most("grids", self.view.grids.len(), MAX_GRIDS)?;
        at_most(
            "arranged columns",
            self.view.grids.iter().map(grid_columns).sum(),
            MAX_GRID_COLUMNS,
        )?;
        at_most("notes", self.notes.len(), MAX_NOTES)?;
        at_most("key numbers", self.key_numbers.len(), MAX_KEY_NUMBERS)?;
        at_most("ids", self.next_id as usize, MAX_NEXT_ID as usize)
    }

    fn check_ids(&self) -> Result<(), DocumentError> {
        let sources = self.sources.iter().map(|source| source.id.0);
        let steps = self.steps.iter().map(|step| step.id.0);
        let panels = self.panels.iter().map(|panel| panel.id.0);
        let mut seen = BTreeSet::new();
        for id in sources.chain(steps).chain(panels) {
            if id >= self.next_id {
                return Err(DocumentError::IdNotGivenOut {
                    id,
                    next_id: self.next_id,
                });
            }
            if !seen.insert(id) {
                return Err(DocumentError::DuplicateId { id });
            }
        }
        Ok(())
    }

    fn check_references(&self) -> Result<(), DocumentError> {
        let sources: BTreeSet<_> = self.sources.iter().map(|source| source.id).collect();
        let steps: BTreeSet<_> = self.steps.iter().map(|step| step.id).collect();
        let exists = |table: &Ref| match table {
            Ref::Source(id) => sources.contains(id),
            Ref::Step(id, _) => steps.contains(id),
        };
        for step in &self.steps {
            if let Some(input) = step.inputs.iter().find(|input| !exists(input)) {
                return Err(DocumentError::MissingInput {
                    step: step.id,
                    input: *input,
                });
            }
        }
        if let Some((step, input)) = later_input(&self.steps) {
            return Err(if self.comes_from(input, step) {
                DocumentError::Cycle { step }
            } else {
                DocumentError::LaterInput { step, input }
            });
        }

        let exists_for = |what, table: Option<Ref>| match table {
            Some(table) if !exists(&table) => Err(DocumentError::MissingTable { what, table }),
            _ => Ok(()),
        };
        for panel in &self.panels {
            exists_for("panel", Some(panel.a))?;
            exists_for("panel", panel.b)?;
        }
        exists_for("view", self.view.table)?;
        exists_for("view", self.view.compare)?;
        for grid in &self.view.grids {
            exists_for("grid", Some(grid.table))?;
        }

        let panels: BTreeSet<_> = self.panels.iter().map(|panel| panel.id).collect();
        let mut noted = self.notes.iter().filter_map(|note| note.panel);
        match noted.find(|panel| !panels.contains(panel)) {
            Some(panel) => Err(DocumentError::MissingPanel { panel }),
            None => Ok(()),
        }
    }

    fn check_texts(&self) -> Result<(), DocumentError> {
        let mut left = MAX_VALUES;
        name("title", &self.title)?;
        for source in &self.sources {
            name("source name", &source.name)?;
            params(&source.load, &mut left)?;
            match &source.origin {
                Origin::Files(files) => {
                    for file in files {
                        name("file name", &file.name)?;
                        for hash in [&file.head_tail_blake3, &file.blake3].into_iter().flatten() {
                            name("file hash", hash)?;
                        }
                    }
                }
                Origin::Sample { op, params: sample } => {
                    name("operation name", op)?;
                    params(sample, &mut left)?;
                }
                Origin::Embedded { file_name, .. } => name("file name", file_name)?,
                Origin::Url { url } => text("URL", url)?,
            }
        }
        for step in &self.steps {
            name("operation name", &step.op)?;
            params(&step.params, &mut left)?;
        }
        for panel in &self.panels {
            name("panel kind", &panel.kind)?;
            params(&panel.spec, &mut left)?;
        }
        for note in &self.notes {
            text("note", &note.text)?;
        }
        for number in &self.key_numbers {
            name("key number's name", &number.name)?;
        }
        for grid in &self.view.grids {
            let sorted = grid.sort.iter().map(|key| &key.column);
            let named = grid
                .pinned
                .iter()
                .chain(&grid.hidden)
                .chain(grid.width_px.keys());
            for column in sorted.chain(named) {
                name("column name", column)?;
            }
        }
        pills(&self.view.pills, &mut left)?;
        match &self.view.selection {
            Selection::Where(conditions) => pills(conditions, &mut left),
            Selection::Polygon { x, y, .. } => {
                name("column name", &x.column)?;
                name("column name", &y.column)
            }
            Selection::None | Selection::Rows(_) => Ok(()),
        }
    }
}

fn check_selection(selection: &Selection) -> Result<(), DocumentError> {
    match selection {
        Selection::None => Ok(()),
        Selection::Where(conditions) => at_most("conditions", conditions.len(), MAX_PILLS),
        Selection::Polygon { points, .. } => {
            at_most("polygon corners", points.len(), MAX_CORNERS)?;
            let is_finite = points
                .iter()
                .all(|point| point.x.is_finite() && point.y.is_finite());
            is_finite
                .then_some(())
                .ok_or(DocumentError::UnboundedPolygon)
        }
        Selection::Rows(rows) => {
            at_most("selected rows", rows.len(), Selection::MAX_ROWS)?;
            let ascend = rows.windows(2).all(|pair| pair[0] < pair[1]);
            ascend.then_some(()).ok_or(DocumentError::UnorderedRows)
        }
    }
}

fn pills(pills: &[Pill], values_left: &mut usize) -> Result<(), DocumentError> {
    for pill in pills {
        name("column name", &pill.column)?;
        match &pill.predicate {
            Predicate::OneOf { values, .. } => {
                for one in values {
                    value(one, 0, values_left)?;
                }
            }
            Predicate::Text { pattern, .. } => text("search text", pattern)?,
            Predicate::Expression(expression) => text("expression", expression)?,
            Predicate::Range { .. } | Predicate::Missing(_) => {}
        }
    }
    Ok(())
}

fn params(params: &Params, values_left: &mut usize) -> Result<(), DocumentError> {
    for (key, one) in params {
        name("parameter name", key)?;
        value(one, 0, values_left)?;
    }
    Ok(())
}

fn value(one: &Value, depth: usize, values_left: &mut usize) -> Result<(), DocumentError> {
    if depth > MAX_DEPTH {
        return Err(DocumentError::TooDeep { limit: MAX_DEPTH });
    }
    *values_left = values_left.checked_sub(1).ok_or(DocumentError::TooMany {
        what: "parameter values",
        count: MAX_VALUES + 1,
        limit: MAX_VALUES,
    })?;
    match one {
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) => Ok(()),
        Value::Text(content) => text("parameter", content),
        Value::List(items) => items
            .iter()
            .try_for_each(|item| value(item, depth + 1, values_left)),
        Value::Map(fields) => fields.iter().try_for_each(|(key, field)| {
            name("parameter name", key)?;
            value(field, depth + 1, values_left)
        }),
    }
}

fn at_most(what: &'static str, count: usize, limit: usize) -> Result<(), DocumentError> {
    if count <= limit {
        Ok(())
    } else {
        Err(DocumentError::TooMany { what, count, limit })
    }
}

fn name(what: &'static str, name: &str) -> Result<(), DocumentError> {
    check_length(what, name, MAX_NAME_BYTES)
}

fn text(what: &'static str, text: &str) -> Result<(), DocumentError> {
    check_length(what, text, MAX_TEXT_BYTES)
}

fn check_length(what: &'static str, text: &str, limit: usize) -> Result<(), DocumentError> {
    let length = text.len();
    if length <= limit {
        Ok(())
    } else {
        Err(DocumentError::TextTooLong {
            what,
            length,
            limit,
        })
    }
}
