//! What is in a table. Every number states its n and how rows were chosen.

use serde::{Deserialize, Serialize};
use sluice_analysis::{Ref, Value};

use crate::load::ColumnType;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TableProfile {
    pub table: Ref,
    /// Rows profiled (in view).
    pub rows: u64,
    pub rows_total: u64,
    pub columns: Vec<ColumnProfile>,
    /// `None` until computed.
    pub duplicates: Option<DuplicateRows>,
    /// Most frequent sets of missing columns, most frequent first; `None` until computed.
    pub missing_patterns: Option<Vec<MissingPattern>>,
    /// Strongest first; `None` until computed.
    pub associations: Option<Vec<Association>>,
    /// On what the associations were measured; `None` until computed.
    pub association_scope: Option<AssociationScope>,
    pub alerts: Vec<Alert>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnProfile {
    pub name: String,
    pub column_type: ColumnType,
    pub meaning: Meaning,
    /// Rows looked at, missing ones included.
    pub n: u64,
    pub nulls: u64,
    /// Empty or all-blank texts (not nulls).
    pub empties: u64,
    pub distinct: Distinct,
    pub numeric: Option<NumericProfile>,
    pub text: Option<TextProfile>,
    /// Numbers and times: bars of equal width, of calendar months or years for long spans of dates,
    /// or of equal ratio if `log`. `None` for columns without an order.
    pub histogram: Option<Histogram>,
    /// Most frequent first; empty for columns where nearly every value is its own.
    pub top_values: Vec<ValueCount>,
    /// Whether `top_values` counts are exact; otherwise each may be too high by this much.
    pub top_values_error: u64,
    /// First distinct values in row order, as shown in the grid.
    pub examples: Vec<String>,
    pub alerts: Vec<Alert>,
}

/// What the values stand for, inferred from them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Meaning {
    Identifier,
    Constant,
    Category,
    FreeText,
    DateTime,
    Boolean,
    Number,
    Url,
    Email,
    Path,
    /// Lists, structs, binary, all-null.
    Other,
}

impl Meaning {
    pub fn label(self) -> &'static str {
        match self {
            Self::Identifier => "identifier",
            Self::Constant => "constant",
            Self::Category => "category",
            Self::FreeText => "free text",
            Self::DateTime => "date-time",
            Self::Boolean => "boolean",
            Self::Number => "number",
            Self::Url => "URL",
            Self::Email => "e-mail",
            Self::Path => "path",
            Self::Other => "other",
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Distinct {
    /// Distinct values, nulls not counted.
    pub count: u64,
    pub exact: bool,
    /// Of the sketch, when not exact; 0 otherwise.
    pub relative_standard_error: f64,
}

/// Finite values only; the rest are counted. Times in microseconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NumericProfile {
    pub n_finite: u64,
    pub n_nan: u64,
    pub n_positive_infinity: u64,
    pub n_negative_infinity: u64,
    pub n_zero: u64,
    pub n_negative: u64,
    pub min: f64,
    pub max: f64,
    pub mean: f64,
    /// Sample standard deviation (n − 1); `None` for fewer than two values.
    pub standard_deviation: Option<f64>,
    pub skewness: Option<f64>,
    pub excess_kurtosis: Option<f64>,
    /// `(probability, value)`, ascending.
    pub quantiles: Vec<(f64, f64)>,
    /// 0 when quantiles are exact, else the bound on their rank as a share of n.
    pub quantile_rank_error: f64,
}

/// Lengths are in Unicode code points.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TextProfile {
    pub min_length: u64,
    pub max_length: u64,
    pub mean_length: f64,
    /// `(probability, length)`, ascending.
    pub length_quantiles: Vec<(f64, f64)>,
    pub length_histogram: Option<Histogram>,
    /// `(class, share of all code points)`: letter, digit, space, punctuation, symbol, control, other.
    pub character_classes: Vec<(String, f64)>,
    /// Texts that the shares were counted on, evenly spaced over all of them.
    pub n_class_tested: u64,
    /// `(language, share of the texts tested)`, most frequent first; `None` until computed.
    pub languages: Option<Vec<(String, f64)>>,
    pub n_language_tested: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Histogram {
    /// Ascending, one more than `counts`; bin i is `[edges[i], edges[i + 1])`, the last one closed.
    pub edges: Vec<f64>,
    pub counts: Vec<u64>,
    pub log: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ValueCount {
    pub value: Value,
    pub count: u64,
}

/// A column's bars under the view's pills: of its histogram, or of its top values with the rest last.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Distribution {
    pub column: String,
    pub counts: Vec<u64>,
    /// Rows whose value is missing.
    pub nulls: u64,
    /// Rows outside every bar (other values, not finite).
    pub other: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DuplicateRows {
    /// Rows that equal an earlier row.
    pub n_duplicates: u64,
    pub n_groups: u64,
    /// Row numbers of the first groups, each ascending.
    pub examples: Vec<Vec<u64>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissingPattern {
    /// Columns missing together; empty means complete rows.
    pub columns: Vec<String>,
    pub count: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Association {
    pub a: String,
    pub b: String,
    pub measure: AssociationMeasure,
    /// −1 to 1 for correlations, 0 to 1 otherwise.
    pub value: f64,
    /// Rows where both are present.
    pub n: u64,
}

/// Which rows and pairs of columns were looked at for associations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssociationScope {
    /// Rows measured, evenly spaced over `n_rows_total`.
    pub n_rows: u64,
    pub n_rows_total: u64,
    /// Pairs measured: of the first columns, in the table's order.
    pub n_pairs: u64,
    pub n_pairs_total: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AssociationMeasure {
    Pearson,
    Spearman,
    CramersV,
    CorrelationRatio,
}

impl AssociationMeasure {
    pub fn label(self) -> &'static str {
        match self {
            Self::Pearson => "Pearson’s r",
            Self::Spearman => "Spearman’s ρ",
            Self::CramersV => "Cramér’s V",
            Self::CorrelationRatio => "correlation ratio η",
        }
    }
}

/// Something worth a look, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alert {
    pub kind: AlertKind,
    pub column: Option<String>,
    /// With the numbers that led to it.
    pub reason: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertKind {
    Constant,
    NearlyUnique,
    Skewed,
    Imbalanced,
    MostlyNull,
    MixedTypes,
    LeakingIdentifier,
    DatesOutOfRange,
    EncodingDamage,
    NonFinite,
    DuplicateRows,
}
