//! What loading found out: a table's description, what was guessed, what was wrong.

use crate::figure::Figure;
use serde::{Deserialize, Serialize};
use sluice_analysis::{Ref, Value};

/// A table as the page knows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TableInfo {
    pub table: Ref,
    pub name: String,
    pub rows: u64,
    pub columns: Vec<ColumnInfo>,
    /// Of a source: the format read, such as "csv" or "parquet"; of a step: its operation.
    pub format: String,
    /// What sniffing decided, each with its reason.
    pub guesses: Vec<Guess>,
    /// Number of rows or values that could not be read as they are; the first are in `issues`.
    pub n_issues: u64,
    pub issues: Vec<LoadIssue>,
    /// How the rows were chosen when not all were read.
    pub sampling: Option<Sampling>,
    /// Bytes that the table holds in memory.
    pub memory_bytes: u64,
    /// What the step that made it says of its work: rows that each condition removed, clusters of duplicates.
    pub figures: Vec<Figure>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnInfo {
    pub name: String,
    pub column_type: ColumnType,
}

/// The physical type of a column, in a person's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnType {
    Boolean,
    /// Any integer width; shown as a 64-bit integer.
    Integer,
    Float,
    /// Fixed-point decimal.
    Decimal,
    Text,
    Category,
    Date,
    /// Microseconds since 1970-01-01, UTC.
    DateTime,
    Time,
    Duration,
    List,
    Struct,
    Binary,
    /// A column that holds only nulls.
    Null,
}

impl ColumnType {
    pub fn label(self) -> &'static str {
        match self {
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Float => "float",
            Self::Decimal => "decimal",
            Self::Text => "text",
            Self::Category => "category",
            Self::Date => "date",
            Self::DateTime => "date-time",
            Self::Time => "time",
            Self::Duration => "duration",
            Self::List => "list",
            Self::Struct => "struct",
            Self::Binary => "binary",
            Self::Null => "null",
        }
    }

    /// Whether values can be placed on a number line (dates and times too).
    pub fn is_ordered_numeric(self) -> bool {
        matches!(
            self,
            Self::Integer
                | Self::Float
                | Self::Decimal
                | Self::Date
                | Self::DateTime
                | Self::Time
                | Self::Duration
        )
    }
}

/// A decision of the sniffer, overridable by the source's load parameter of the same name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Guess {
    /// `format`, `compression`, `encoding`, `delimiter`, `quote`, `header`, `comment`, `decimal`, `sheet`, …
    pub name: String,
    pub value: Value,
    pub reason: String,
    /// The person set it.
    pub overridden: bool,
    /// Values that can be chosen instead; empty means free input.
    pub choices: Vec<Value>,
}

/// Something in a file that could not be read as it is. The good part was kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoadIssue {
    pub file: String,
    /// 1-based line or record of the file; `None` when it concerns the whole file.
    pub row: Option<u64>,
    pub column: Option<String>,
    pub reason: String,
}

/// How the rows of a table were chosen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sampling {
    /// In words: "every 10th 4 MB slice".
    pub method: String,
    /// Share of the input's bytes (or rows, where known) that was read, 0 to 1.
    pub share: f64,
}

/// What loading would cost.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LoadEstimate {
    pub file_bytes: u64,
    /// Expected memory for all rows and columns.
    pub memory_bytes: u64,
    pub budget_bytes: u64,
    pub verdict: LoadVerdict,
    /// Name and expected bytes of each column, where the format tells.
    pub columns: Vec<(String, u64)>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum LoadVerdict {
    Fits,
    /// A sample of this share fits; nothing more is read unless the person chooses so.
    Sample {
        share: f64,
    },
    /// Not even a sample is useful.
    Refuse {
        reason: String,
    },
}
