//! What an operation says of itself: enough for a form, the palette, the command line and the reference page.

use serde::{Deserialize, Serialize};
use sluice_analysis::Bench;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OperationSpec {
    /// Unique, stable: it stands in documents. Snake case: `group_by`.
    pub name: String,
    pub version: u32,
    pub bench: Bench,
    pub kind: OperationKind,
    /// For people: "Group by".
    pub title: String,
    /// One sentence on what it does.
    pub summary: String,
    pub inputs: Inputs,
    pub scope: Scope,
    /// Paper, specification or system that defines it.
    pub source: String,
    /// Names of the definitions it can follow; the first is the default. Empty when there is only one.
    pub dialects: Vec<String>,
    /// JSON Schema of the parameters, as text. Extension keys: `unit`, and `role`
    /// (`column`, `columns`, `expression`, `table`, `predicate`) that tells a form what to offer.
    pub params_schema: String,
    /// Defaults of all parameters, as JSON text.
    pub defaults: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OperationKind {
    Map,
    Filter,
    Dedup,
    Select,
    Score,
    Report,
    Generate,
    Simulate,
}

impl OperationKind {
    pub fn label(self) -> &'static str {
        match self {
            Self::Map => "map",
            Self::Filter => "filter",
            Self::Dedup => "dedup",
            Self::Select => "select",
            Self::Score => "score",
            Self::Report => "report",
            Self::Generate => "generate",
            Self::Simulate => "simulate",
        }
    }
}

/// How many tables it reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inputs {
    pub min: u8,
    pub max: u8,
}

/// Whether a row's result depends on that row alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    Row,
    Corpus,
}
