//! What a page asks of a recipe, and what it is told: funnel, histograms, reasons, examples, groups, duplicates.
//!
//! Rows are numbers of the recipe's input, from 0. Shares are from 0 to 1. Offsets in texts are code points.

use serde::{Deserialize, Serialize};
use sluice_analysis::{Params, StepId};

/// A question about the recipe that ends at a step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum RecipeQuery {
    /// Answered by [`RecipeAnswer::Overview`]. With `tried`, as if a step had these parameters.
    Overview { tried: Option<(StepId, Params)> },
    /// Rows whose value is nearest to a limit, on both sides.
    Examples {
        step: StepId,
        condition: u32,
        side: LimitSide,
        limit: f64,
        count: u32,
    },
    /// Why a row stays or goes. With `port`, `row` is of that output of the recipe's last step, else of its input.
    Row { row: u64, port: Option<u8> },
    /// Rows before and after, by the values of a column.
    Groups { column: String },
    /// What the corpus was and is.
    Corpus,
    /// Groups of duplicates, the largest first.
    /// `truth` is a column whose equal values name the duplicates.
    Clusters {
        step: StepId,
        start: u32,
        count: u32,
        truth: Option<String>,
    },
    /// Two texts beside each other.
    Pair { step: StepId, a: u64, b: u64 },
    /// Values of every dialect of a step's operator, for rows on which they disagree most.
    Dialects { step: StepId, count: u32 },
    /// Rows of a mapper with the largest edits.
    Edits { step: StepId, count: u32 },
    /// Translates it: `data-juicer`, `data-juicer-ray`, `datatrove`, `nemo-curator`, `dolma-mixer`; or what was
    /// measured: `data-juicer-stats`, `dolma-attributes`, `datatrove-statistics`.
    Export { to: String },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LimitSide {
    Min,
    Max,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum RecipeAnswer {
    Overview(RecipeOverview),
    Examples(Examples),
    Row(RowReasons),
    Groups(Vec<GroupEffect>),
    Corpus(Vec<CorpusFact>),
    Clusters(Clusters),
    Pair(Pair),
    Dialects(Dialects),
    Edits(Vec<Edit>),
    Imported(ImportedRecipe),
    Exported(ExportedRecipe),
}

/// Steps of a recipe of another system, in order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ImportedRecipe {
    pub title: String,
    pub steps: Vec<ImportedStep>,
    /// What a person should know: settings that have no meaning here.
    pub notes: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImportedStep {
    pub op: String,
    pub op_version: u32,
    pub params: Params,
    /// False if it is not known here, or not with these parameters.
    pub is_on: bool,
    pub note: String,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ExportedRecipe {
    pub file_name: String,
    pub media_type: String,
    pub text: String,
    /// Operators that are left out, with the reason.
    pub untranslated: Vec<(String, String)>,
    /// Operators that are translated and whose results are not the other system's, with the reason.
    pub differing: Vec<(String, String)>,
}

/// The funnel.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RecipeOverview {
    pub n_rows: u64,
    /// Less than `n_rows` while measuring goes on: counts are then of these rows.
    pub n_measured: u64,
    /// Words of the input's texts, between white space.
    pub n_words: u64,
    pub members: Vec<MemberOverview>,
    pub notes: Vec<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MemberOverview {
    pub step: u32,
    /// False if it is switched off or not known here.
    pub is_on: bool,
    /// Why it does nothing, or what a person should know.
    pub note: String,
    pub rows_in: u64,
    pub rows_out: u64,
    pub words_in: u64,
    pub words_out: u64,
    /// Rows, of all, that it would remove by itself.
    pub n_failing: u64,
    /// Rows that no other operator removes.
    pub n_alone: u64,
    /// Rows, of all, whose text it changes.
    pub n_edited: u64,
    pub measures: Vec<MeasureOverview>,
    pub conditions: Vec<ConditionOverview>,
    /// Of a deduplicator: groups of more than one row.
    pub n_clusters: u64,
    /// What it took; 0 where there is no clock, or where all was known before.
    pub seconds: f64,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MeasureOverview {
    pub name: String,
    pub title: String,
    pub unit: String,
    /// Names of the categories; empty for numbers.
    pub labels: Vec<String>,
    pub n_undefined: u64,
    /// Of the defined values; NaN if there are none.
    pub min: f64,
    pub max: f64,
    pub mean: f64,
    /// Of the population.
    pub deviation: f64,
    /// Bars are even in `ln(1 + x)`.
    pub is_log: bool,
    /// Ends of the bars: `from` of the first, `to` of the last.
    pub from: f64,
    pub to: f64,
    /// Rows per bar, of all and of those that reach the operator.
    pub n_all: Vec<u32>,
    pub n_reaching: Vec<u32>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConditionOverview {
    pub measure: u32,
    /// Infinite where there is no limit.
    pub min: f64,
    pub max: f64,
    /// Parameters that hold the limits; empty where a limit is fixed.
    pub min_param: String,
    pub max_param: String,
    pub reason: String,
    /// Of a category: positions in the measure's labels that are kept.
    pub among: Option<Vec<u32>>,
    /// Rows, of all, for which it does not hold.
    pub n_failing: u64,
}

/// Rows on both sides of a limit, the nearest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Examples {
    pub inside: Vec<Example>,
    pub outside: Vec<Example>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Example {
    pub row: u64,
    pub value: f64,
    /// The beginning of the text.
    pub text: String,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RowReasons {
    pub row: u64,
    pub is_kept: bool,
    /// Position of the operator that removes it first.
    pub removed_by: Option<u32>,
    /// If one operator alone removes it.
    pub only_by: Option<u32>,
    pub verdicts: Vec<Verdict>,
    /// The text that came, cut to a readable length, with what was found in it.
    pub before: String,
    pub spans: Vec<FoundSpan>,
    /// The text as it goes on; `None` if nothing edits it.
    pub after: Option<String>,
    /// Whether the texts are cut.
    pub is_cut: bool,
}

/// What one operator says of one row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    pub step: u32,
    pub passes: bool,
    /// `value`, `limit` in words, per condition that has a value.
    pub values: Vec<ValueVerdict>,
    /// In words; empty if it passes.
    pub reason: String,
    pub is_edited: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ValueVerdict {
    pub title: String,
    pub unit: String,
    pub value: f64,
    /// Of a category.
    pub label: String,
    pub min: f64,
    pub max: f64,
    pub holds: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FoundSpan {
    pub start: u32,
    /// Exclusive.
    pub end: u32,
    /// "EMAIL_ADDRESS", "flagged word"…
    pub kind: String,
    pub step: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroupEffect {
    /// Empty for missing values.
    pub name: String,
    pub is_rest: bool,
    pub rows_in: u64,
    /// Rows left after each member.
    pub rows_after: Vec<u64>,
    /// Rows that each member would remove by itself, or of which it removes a part.
    pub rows_found: Vec<u64>,
}

/// One number of the corpus before and after.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CorpusFact {
    pub section: String,
    pub name: String,
    pub unit: String,
    /// NaN where there is none.
    pub before: f64,
    pub after: f64,
    /// Rows looked at if not all.
    pub sampled_rows: Option<u64>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Clusters {
    pub n_clusters: u64,
    /// Rows in clusters of more than one.
    pub n_rows: u64,
    /// How many clusters have 2, 3, 4, 5–9, 10–99, 100 and more rows.
    pub sizes: Vec<(String, u64)>,
    pub clusters: Vec<Cluster>,
    pub s_curve: Option<SCurve>,
    pub truth: Option<TruthCheck>,
}

/// Duplicates found against those that a column names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TruthCheck {
    pub column: String,
    /// Rows that should go: of each group all but one.
    pub n_named: u64,
    /// Rows that go.
    pub n_found: u64,
    /// Rows that go for another of their group.
    pub n_right: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cluster {
    /// The row that stays.
    pub kept: u64,
    pub n_rows: u64,
    /// The first few, the one that stays first.
    pub members: Vec<ClusterMember>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClusterMember {
    pub row: u64,
    /// Estimated by the method; NaN if it gives none.
    pub similarity: f64,
    /// Exact share of common word runs with the row that stays; NaN if not computed.
    pub exact: f64,
    pub text: String,
}

/// How likely two texts are compared, by their similarity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SCurve {
    pub bands: u32,
    pub rows: u32,
    pub threshold: f64,
    /// Parameters that hold bands and rows.
    pub bands_param: String,
    pub rows_param: String,
    pub permutations: u32,
    /// Expected share of pairs below the threshold that are compared all the same, and above that are missed,
    /// if similarities are spread evenly.
    pub false_positive: f64,
    pub false_negative: f64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pair {
    pub a: u64,
    pub b: u64,
    pub text_a: String,
    pub text_b: String,
    /// Shared parts, the same number in both, in code points.
    pub shared_a: Vec<(u32, u32)>,
    pub shared_b: Vec<(u32, u32)>,
    pub similarity: f64,
    pub exact: f64,
    pub is_cut: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Dialects {
    pub dialects: Vec<String>,
    /// Titles of the measures that all have in common.
    pub measures: Vec<String>,
    /// Rows kept with the present limits, per dialect, of the rows looked at.
    pub n_kept: Vec<u64>,
    pub n_rows: u64,
    /// Rows on which the dialects decide differently or are furthest apart.
    pub rows: Vec<DialectRow>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DialectRow {
    pub row: u64,
    pub text: String,
    /// `[dialect][measure]`.
    pub values: Vec<Vec<f64>>,
    pub keeps: Vec<bool>,
}

/// A text before and after a mapper.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Edit {
    pub row: u64,
    pub pieces: Vec<EditPiece>,
    pub is_cut: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EditPiece {
    pub change: Change,
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Change {
    Same,
    Removed,
    Added,
}
