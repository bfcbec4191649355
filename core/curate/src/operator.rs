//! Operators of a recipe: one file with typed parameters, documentation, source and the computation, and one line in
//! [`crate::operators::all`]. Forms, palette, recipe, import and export, command line and reference come from it.
//!
//! An operator here sees texts, not tables: the recipe engine brings them, in any order and from any worker. Results
//! depend on the text (and, for corpus operators, on which texts there are and their order) and on nothing else.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use sluice_analysis::{Bench, Params, Value};
use sluice_protocol::spec::{Inputs, OperationKind, OperationSpec, Scope};

pub use crate::text::data_juicer::keep::Keep;
pub use crate::text::heuristics::spans::Span;
pub use crate::text::views::TextViews;

/// One operator of the registry.
pub trait Operator: Sync {
    fn spec(&self) -> OperationSpec;

    /// Checks the parameters and makes the computation ready. Keys that are absent have their defaults; unknown keys
    /// are refused. The common parameters ([`Common`]) are not among them.
    ///
    /// # Errors
    ///
    /// [`Fault`] names the parameter that does not fit.
    fn prepare(&self, params: &Params) -> Result<Prepared, Fault>;

    /// What other systems call it. Recipes are exchanged by these names; parameters have that system's names.
    fn foreign(&self) -> &'static [Foreign] {
        &[]
    }

    /// Why rows kept may differ from those of a system whose recipes it is exchanged with: it has a model or a list of
    /// its own. Empty where results were checked equal.
    fn differs(&self) -> &'static str {
        ""
    }
}

/// The name of an operator in another system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Foreign {
    /// As in conformance files: `data-juicer`, `datatrove`, `dolma`, `nemo-curator`.
    pub system: &'static str,
    pub name: &'static str,
    /// The `dialect` that gives that system's numbers; empty where there is one definition.
    pub dialect: &'static str,
}

/// A parameter that does not fit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{param}: {reason}")]
pub struct Fault {
    /// Empty if it cannot be said which.
    pub param: String,
    pub reason: String,
}

impl Fault {
    pub fn new(param: &str, reason: impl fmt::Display) -> Self {
        Self {
            param: param.to_owned(),
            reason: reason.to_string(),
        }
    }
}

/// An operator with its parameters.
pub enum Prepared {
    Map(Box<dyn TextMap>),
    Filter(Box<dyn TextFilter>),
    /// Looks at other columns than the text.
    Fields(Box<dyn FieldFilter>),
    Dedup(Box<dyn Deduplicate>),
    Select(Box<dyn Select>),
}

/// Edits a text. The same text always gives the same result.
pub trait TextMap: Send + Sync {
    fn apply<'a>(&self, text: &'a str) -> Cow<'a, str>;
}

/// Measures a text and keeps it while all conditions hold.
pub trait TextFilter: Send + Sync {
    /// A column each. Their names and number do not depend on thresholds.
    fn measures(&self) -> Vec<Measure>;

    /// Writes one value per measure; NaN where undefined. Must not depend on thresholds of [`TextFilter::conditions`].
    fn measure(&self, views: &TextViews<'_>, values: &mut [f64]);

    /// In the order in which they are named as a reason. A text is kept if all hold.
    fn conditions(&self) -> Vec<Condition>;

    /// What was found where in the text, for a person to see. Offsets are code points.
    fn spans(&self, _text: &str) -> Vec<Span> {
        Vec::new()
    }

    /// Whether [`TextFilter::rewrite`] ever edits.
    fn rewrites(&self) -> bool {
        false
    }

    /// The text after the filter, if it also edits (C4 drops lines).
    fn rewrite(&self, _views: &TextViews<'_>) -> Option<String> {
        None
    }
}

/// A measured column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measure {
    /// Name of the column: snake case, the field's term.
    pub name: &'static str,
    /// For people: "Alphanumeric share".
    pub title: &'static str,
    /// `characters`, `words`, `lines`, `share` (0 to 1)…; empty for pure numbers.
    pub unit: &'static str,
    /// Of a category, whose values are positions in this list; empty for numbers.
    pub labels: &'static [&'static str],
}

impl Measure {
    pub const fn new(name: &'static str, title: &'static str, unit: &'static str) -> Self {
        Self {
            name,
            title,
            unit,
            labels: &[],
        }
    }
}

/// What a measured value must be for the text to stay.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// Position in [`TextFilter::measures`].
    pub measure: usize,
    /// Infinite where there is no limit.
    pub keep: Keep,
    /// Of a category: the positions kept; the range is then not looked at.
    pub among: Option<Vec<usize>>,
    /// Whether a text without a value stays.
    pub keeps_undefined: bool,
    /// Parameters that hold the limits, for a person to drag; empty where a limit is fixed.
    pub min_param: &'static str,
    pub max_param: &'static str,
    /// Why a text goes, in words: "too few words".
    pub reason: &'static str,
}

impl Condition {
    /// Keeps `min ≤ value ≤ max` of measure 0; `None` is no limit. Undefined values go.
    pub fn between(
        (min_param, min): (&'static str, Option<f64>),
        (max_param, max): (&'static str, Option<f64>),
        reason: &'static str,
    ) -> Self {
        let min = min.unwrap_or(f64::NEG_INFINITY);
        let max = max.unwrap_or(f64::INFINITY);
        Self {
            measure: 0,
            keep: Keep::between(min, max),
            among: None,
            keeps_undefined: false,
            min_param,
            max_param,
            reason,
        }
    }

    /// Keeps `value ≥ min` of a measure. Undefined values go.
    pub fn at_least(
        measure: usize,
        (param, min): (&'static str, Option<f64>),
        reason: &'static str,
    ) -> Self {
        Self {
            measure,
            ..Self::between((param, min), ("", None), reason)
        }
    }

    /// Keeps `value ≤ max` of a measure. Undefined values go.
    pub fn at_most(
        measure: usize,
        (param, max): (&'static str, Option<f64>),
        reason: &'static str,
    ) -> Self {
        Self {
            measure,
            ..Self::between(("", None), (param, max), reason)
        }
    }

    pub fn holds(&self, value: f64) -> bool {
        if value.is_nan() {
            return self.keeps_undefined;
        }
        match &self.among {
            // Values of categories are small whole numbers.
            Some(kept) => kept.iter().any(|label| *label as f64 == value),
            None => self.keep.holds(value),
        }
    }
}

/// Keeps a row for the values of its columns.
pub trait FieldFilter: Send + Sync {
    /// Columns that it reads: the first part of dotted keys.
    fn columns(&self) -> Vec<String>;

    /// `record` has those columns as an object. `Err` is a sentence about the row: it stays, with an issue.
    fn holds(&self, record: &Json) -> Result<bool, String>;
}

/// Finds rows that repeat others, whole or in part.
pub trait Deduplicate: Send + Sync {
    /// What is remembered of a text, in words; computed once per text, in any worker. `None` takes no part.
    fn sketch(&self, text: &str) -> Option<Vec<u32>>;

    /// Finds what repeats what among all texts, whether they stay or not. `texts` are for methods that need them
    /// whole; those that do not may ignore them.
    fn index(&self, corpus: Corpus<'_>) -> Box<dyn IndexBuilder>;

    /// Whether [`Corpus::texts`] are read.
    fn needs_texts(&self) -> bool {
        false
    }

    /// How pairs are found, for methods that cut signatures into bands.
    fn banding(&self) -> Option<Banding> {
        None
    }

    /// What it compares against: nothing, or the second input of its step.
    fn needs_reference(&self) -> bool {
        false
    }
}

/// Bands of a signature and the parameters that hold them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Banding {
    pub n_bands: usize,
    pub rows_per_band: usize,
    pub n_values: usize,
    /// Similarity from which texts count as duplicates.
    pub threshold: f64,
    pub bands_param: &'static str,
    pub rows_param: &'static str,
}

/// All texts of a table and what is remembered of them.
#[derive(Clone, Copy)]
pub struct Corpus<'a> {
    pub sketches: &'a [Option<Vec<u32>>],
    /// Empty unless asked for. `None` where a row has no text.
    pub texts: &'a [Option<&'a str>],
    /// Texts of the second table; empty unless asked for.
    pub reference: &'a [Option<&'a str>],
}

/// Work in steps of a few milliseconds, so that a person can stop it.
pub trait IndexBuilder {
    /// Does a part of the work; `false` when there is none left.
    fn step(&mut self) -> bool;

    /// Share done, 0 to 1.
    fn share_done(&self) -> f64;

    /// Called once, after the last step.
    fn finish(self: Box<Self>) -> Box<dyn DuplicateIndex>;
}

/// An index that is ready at once.
pub struct Ready<I>(pub I);

impl<I: DuplicateIndex + 'static> IndexBuilder for Ready<I> {
    fn step(&mut self) -> bool {
        false
    }

    fn share_done(&self) -> f64 {
        1.0
    }

    fn finish(self: Box<Self>) -> Box<dyn DuplicateIndex> {
        Box::new(self.0)
    }
}

/// What repeats what; decides for any set of rows without looking at texts again.
pub trait DuplicateIndex {
    /// `alive[row]`: whether the row is still there. `rank[row]`: of a cluster the smallest stays, then the first row.
    fn decide(&self, alive: &[bool], rank: Option<&[f64]>) -> DuplicateDecision;
}

/// Which rows repeat which, or which parts go.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DuplicateDecision {
    /// Per row: the row that stands for its cluster; itself where it is alone, stands for others, or is not alive.
    pub stands_for: Vec<u32>,
    /// Rows that go, with why: equal to or near another, or too little is left of them.
    pub removed: Vec<bool>,
    /// Per row byte ranges of its text that go, ascending and apart; empty when only whole rows go.
    pub cuts: Vec<Vec<Range<usize>>>,
    /// Per row: similarity to the row that stands for it, or share of the text that repeats; NaN where unknown.
    pub similarity: Vec<f64>,
}

/// Chooses rows by a column's values among all rows that are left.
pub trait Select: Send + Sync {
    /// The column read, if any.
    fn column(&self) -> Option<String>;

    /// `records` are the rows left, in order, each an object with that column; returns positions kept, in order.
    /// `draw` gives numbers in `0..n` for those who choose at random.
    fn select(&self, records: &[Json], draw: &mut dyn FnMut(u64) -> u64) -> Vec<usize>;
}

/// Parameters that every operator of a recipe has, so that no operator repeats them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Common {
    pub column: String,
    pub min_closed_interval: bool,
    pub max_closed_interval: bool,
    pub reversed_range: bool,
    /// Which row of a group of duplicates stays.
    pub keep: KeepPolicy,
    /// The column that [`KeepPolicy::Highest`], `Lowest` and `Order` look at.
    pub keep_column: Option<String>,
    /// Values of that column, the most wanted first.
    pub keep_order: Vec<String>,
}

/// Which row of a group of duplicates stays; of equals the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeepPolicy {
    #[default]
    First,
    /// The longest text as it came, in code points.
    Longest,
    /// The highest value of the column; rows without one last.
    Highest,
    Lowest,
    /// By the column's value, in the order given; others last.
    Order,
}

impl Default for Common {
    fn default() -> Self {
        Self {
            column: "text".to_owned(),
            min_closed_interval: true,
            max_closed_interval: true,
            reversed_range: false,
            keep: KeepPolicy::First,
            keep_column: None,
            keep_order: Vec::new(),
        }
    }
}

impl Common {
    const COLUMN: &'static str = "column";
    const RANGE: [&'static str; 3] = [
        "min_closed_interval",
        "max_closed_interval",
        "reversed_range",
    ];
    const KEEP: [&'static str; 3] = ["keep", "keep_column", "keep_order"];

    /// Splits the common parameters from the operator's own.
    ///
    /// # Errors
    ///
    /// [`Fault`] for one of a wrong type.
    pub fn split(params: &Params) -> Result<(Self, Params), Fault> {
        let is_common = |name: &String| {
            let name = name.as_str();
            name == Self::COLUMN || Self::RANGE.contains(&name) || Self::KEEP.contains(&name)
        };
        let (common, own): (Params, Params) = params
            .clone()
            .into_iter()
            .partition(|(name, _)| is_common(name));
        let common = Value::Map(common)
            .deserialize_into()
            .map_err(|error| Fault::new("", error))?;
        Ok((common, own))
    }
}

/// What an operator says of itself beyond its parameters.
pub struct About {
    pub name: &'static str,
    pub title: &'static str,
    pub summary: &'static str,
    pub kind: OperationKind,
    /// Paper, specification or system that defines it.
    pub source: &'static str,
    /// The first is the default; empty when there is only one definition.
    pub dialects: &'static [&'static str],
}

/// As [`describe`], for filters that look at other columns than the text and at no range of values.
pub fn describe_fields<P: JsonSchema + Serialize + Default>(about: About) -> OperationSpec {
    let (schema, defaults) = own_schema::<P>();
    described(about, &schema, &defaults)
}

/// The spec of version 1, with form and defaults from the type of the parameters and the common ones.
pub fn describe<P: JsonSchema + Serialize + Default>(about: About) -> OperationSpec {
    let (schema, defaults) = own_schema::<P>();
    with_common(about, schema, defaults)
}

fn own_schema<P: JsonSchema + Serialize + Default>() -> (Json, Json) {
    let schema = serde_json::to_value(schemars::schema_for!(P)).unwrap_or_default();
    let defaults = serde_json::to_value(P::default()).unwrap_or_default();
    (schema, defaults)
}

/// Not generic: a hundred copies of it would be a part of what a visitor downloads.
fn with_common(about: About, mut schema: Json, mut defaults: Json) -> OperationSpec {
    if about.kind != OperationKind::Select {
        add(
            &mut schema,
            &mut defaults,
            Common::COLUMN,
            json!({ "type": "string", "description": "The column of texts.", "role": "column" }),
            json!("text"),
        );
    }
    if about.kind == OperationKind::Filter {
        let texts = [
            "Whether the lower limit itself is kept.",
            "Whether the upper limit itself is kept.",
            "Keep what is outside of the limits instead.",
        ];
        for ((name, text), value) in Common::RANGE.iter().zip(texts).zip([true, true, false]) {
            let field = json!({ "type": "boolean", "description": text, "advanced": true });
            add(&mut schema, &mut defaults, name, field, json!(value));
        }
    }
    if about.kind == OperationKind::Dedup {
        let fields = [
            json!({
                "type": "string",
                "enum": ["first", "longest", "highest", "lowest", "order"],
                "description": "Which row of a group of duplicates stays.",
            }),
            json!({
                "type": ["string", "null"],
                "role": "column",
                "description": "The column by which the row that stays is chosen, if not by place or length.",
            }),
            json!({
                "type": "array",
                "items": { "type": "string" },
                "description": "Values of that column for “order”, the most wanted first: names of sources.",
                "advanced": true,
            }),
        ];
        let defaults_of = [json!("first"), Json::Null, json!([])];
        for ((name, field), value) in Common::KEEP.iter().zip(fields).zip(defaults_of) {
            add(&mut schema, &mut defaults, name, field, value);
        }
    }
    described(about, &schema, &defaults)
}

fn described(about: About, schema: &Json, defaults: &Json) -> OperationSpec {
    let is_corpus = matches!(about.kind, OperationKind::Dedup | OperationKind::Select);
    OperationSpec {
        name: about.name.to_owned(),
        version: 1,
        bench: Bench::Data,
        kind: about.kind,
        title: about.title.to_owned(),
        summary: about.summary.to_owned(),
        inputs: Inputs { min: 1, max: 1 },
        scope: if is_corpus { Scope::Corpus } else { Scope::Row },
        source: about.source.to_owned(),
        dialects: about
            .dialects
            .iter()
            .map(|name| (*name).to_owned())
            .collect(),
        params_schema: schema.to_string(),
        defaults: defaults.to_string(),
    }
}

fn add(schema: &mut Json, defaults: &mut Json, name: &str, field: Json, value: Json) {
    if let Some(schema) = schema.as_object_mut() {
        let properties = schema.entry("properties").or_insert_with(|| json!({}));
        if let Some(properties) = properties.as_object_mut() {
            properties.insert(name.to_owned(), field);
        }
    }
    if let Some(defaults) = defaults.as_object_mut() {
        defaults.insert(name.to_owned(), value);
    }
}

/// Reads an operator's own parameters, with defaults for absent keys.
///
/// # Errors
///
/// [`Fault`] with the reader's sentence.
pub fn typed<P: DeserializeOwned>(params: &Params) -> Result<P, Fault> {
    P::deserialize(as_json(params)).map_err(misfit)
}

fn as_json(params: &Params) -> Json {
    Json::from(&Value::Map(params.clone()))
}

#[cold]
fn misfit(error: serde_json::Error) -> Fault {
    Fault::new("", error)
}
