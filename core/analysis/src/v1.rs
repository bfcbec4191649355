//! Version 1 of the document. Shipped shapes: see the crate's invariant.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::forms::plain;
use crate::value::{Params, Value};

/// One analysis: the whole of what a person decided.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Analysis {
    pub title: String,
    pub sources: Vec<Source>,
    pub steps: Vec<Step>,
    pub panels: Vec<Panel>,
    pub view: View,
    pub notes: Vec<Note>,
    /// Every random stream is derived from this and the step's id.
    pub seed: u64,
    /// The next unused id, shared by sources, steps and panels: ids are never reused.
    pub next_id: u32,
    /// Numbers that the author saw, compared by whoever opens the link. Filled when sharing.
    pub key_numbers: Vec<KeyNumber>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SourceId(pub u32);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StepId(pub u32);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PanelId(pub u32);

/// A table of the analysis: what a source holds or what a step put out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ref {
    Source(SourceId),
    /// A step's output; port 0 is its main table.
    Step(StepId, u8),
}

impl fmt::Display for SourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "source {}", self.0)
    }
}

impl fmt::Display for StepId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "step {}", self.0)
    }
}

impl fmt::Display for PanelId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "panel {}", self.0)
    }
}

impl fmt::Display for Ref {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Source(id) => id.fmt(f),
            Self::Step(id, 0) => id.fmt(f),
            Self::Step(id, port) => write!(f, "output {port} of {id}"),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    pub id: SourceId,
    /// The name shown to people; a file's name at first.
    pub name: String,
    pub origin: Origin,
    /// Overrides of what sniffing guessed (`format`, `delimiter`, `header`, …). Empty means: as guessed.
    pub load: Params,
}

/// Where the data of a source comes from. None of these is fetched without a click.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Origin {
    /// Files of the reader's machine, several when their columns agree and they form one table.
    Files(Vec<FileIdentity>),
    /// A built-in sample: the name of a generating operation and its parameters.
    Sample {
        op: String,
        params: Params,
    },
    /// Small data that travels in the document.
    /// In JSON, `bytes` is base64 text.
    Embedded {
        file_name: String,
        #[serde(with = "plain::bytes")]
        bytes: Vec<u8>,
    },
    Url {
        url: String,
    },
}

/// What names a file: enough to say whether a file offered later is the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileIdentity {
    pub name: String,
    pub size_bytes: u64,
    /// blake3 of the first and the last 64 KiB, in hexadecimal.
    pub head_tail_blake3: Option<String>,
    /// blake3 of the whole file, in hexadecimal; computed in the background, needed for links.
    pub blake3: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    pub id: StepId,
    /// Name of the operation in the registry. Unknown ones are kept and disabled.
    pub op: String,
    pub op_version: u32,
    /// With all defaults written out.
    pub params: Params,
    pub inputs: Vec<Ref>,
    pub enabled: bool,
}

/// A chart, profile or table that looks at A and, optionally, B.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Panel {
    pub id: PanelId,
    /// Name of the panel kind in the page's registry.
    pub kind: String,
    pub a: Ref,
    pub b: Option<Ref>,
    pub spec: Params,
}

#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Bench {
    #[default]
    Data,
    Shift,
    Serve,
}

/// What is looked at: undoable, but of no effect on what steps put out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct View {
    pub bench: Bench,
    /// The table in the grid; `None` shows the last step or, without steps, the first source.
    pub table: Option<Ref>,
    /// The table compared with it.
    pub compare: Option<Ref>,
    /// Conjunction of conditions on the rows looked at.
    pub pills: Vec<Pill>,
    /// How each table's grid is arranged, by table.
    pub grids: Vec<GridView>,
    pub selection: Selection,
}

/// One condition of the view.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pill {
    pub column: String,
    pub predicate: Predicate,
}

/// A condition on one column. A null satisfies only `Missing(true)` and a `OneOf` that lists `Null`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Predicate {
    /// The value is one of these (or, negated, none of them). `Null` in the list stands for a missing value.
    OneOf { values: Vec<Value>, negated: bool },
    /// `low <= value < high`, with an inclusive upper end if `high_inclusive`. `None` is unbounded.
    /// Numbers as they are; dates and times in microseconds since 1970-01-01 (UTC).
    Range {
        #[serde(default, with = "plain::optional_float")]
        low: Option<f64>,
        #[serde(default, with = "plain::optional_float")]
        high: Option<f64>,
        high_inclusive: bool,
    },
    /// The value is missing (`true`) or present (`false`).
    Missing(bool),
    /// Text search in the value as shown. An empty column name in the pill searches all columns.
    Text {
        pattern: String,
        mode: TextMatch,
        case_sensitive: bool,
    },
    /// An expression over the table's columns is true.
    Expression(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextMatch {
    Contains,
    Regex,
}

/// How a table's grid is arranged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GridView {
    pub table: Ref,
    /// First key first.
    pub sort: Vec<SortKey>,
    pub pinned: Vec<String>,
    pub hidden: Vec<String>,
    pub width_px: BTreeMap<String, u32>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SortKey {
    pub column: String,
    pub descending: bool,
}

/// The one global selection of rows of the current table.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Selection {
    #[default]
    None,
    /// Rows for which all conditions hold.
    Where(Vec<Pill>),
    /// Points of two columns inside a polygon.
    Polygon {
        x: ColumnSpan,
        y: ColumnSpan,
        points: Vec<Point>,
    },
    /// Row numbers of the table, 0-based, ascending; at most [`crate::Selection::MAX_ROWS`].
    Rows(Vec<u64>),
}

impl Selection {
    /// The most row numbers a selection may hold. A larger one becomes a column.
    pub const MAX_ROWS: usize = 10_000;
}

/// A column used as an axis, and whether the axis is logarithmic.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnSpan {
    pub column: String,
    pub log: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Point {
    #[serde(with = "plain::float")]
    pub x: f64,
    #[serde(with = "plain::float")]
    pub y: f64,
}

/// Text beside a panel, or (with no panel) beside the whole analysis. Markdown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    pub panel: Option<PanelId>,
    pub text: String,
}

/// A number that the author saw.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyNumber {
    /// What it is, in words; also its identity when comparing.
    pub name: String,
    #[serde(with = "plain::float")]
    pub value: f64,
    /// Largest relative difference that still counts as the same; 0 for counts.
    #[serde(with = "plain::float")]
    pub rel_tolerance: f64,
}
