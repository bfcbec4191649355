//! Texts that are the same, or nearly the same, as another.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_analysis::Params;
use sluice_protocol::figure::{Figure, Mark};
use sluice_protocol::spec::{OperationKind, OperationSpec, Scope};
use sluice_stats::hash::hash_bytes_128;
use sluice_table::operation::{About, ONE, one_input, spec, typed};
use sluice_table::{
    LocalBoxFuture, Operation, Outcome, OwnedColumn, RunContext, Table, TableError,
};

use crate::operation::{for_each_text, missing_texts};
use crate::text::minhash::{NearDuplicates, Permutations, best_bands, shingles, signature};
use crate::text::python;

/// Marks or removes texts that repeat another.
///
/// Adds `duplicate_of`, the number of the row that stands for the text's cluster (from 0, of the input), missing where
/// a text is alone. Missing and empty texts repeat nothing.
pub struct DeduplicateText;

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct DeduplicateTextParams {
    /// The column of texts.
    #[schemars(extend("role" = "column"))]
    column: String,
    /// When two texts count as the same.
    method: Method,
    /// Least share of common word runs, estimated, for near duplicates.
    #[schemars(range(min = 0.1, max = 1.0))]
    threshold: f64,
    /// Length of the word runs that near duplicates are compared by.
    #[schemars(range(min = 1, max = 50), extend("unit" = "words"))]
    run_words: u32,
    /// Values of a signature: more estimate the share better and take longer.
    #[schemars(range(min = 16, max = 1024))]
    permutations: u32,
    /// Which text of a cluster stands for it.
    keep: Keep,
    /// Leave only one text of each cluster; else all stay and are marked.
    remove: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Method {
    /// They share most of their word runs (MinHash).
    Near,
    /// They are equal but for white space around them.
    Exact,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Keep {
    First,
    /// The longest, the first of those.
    Longest,
}

impl Default for DeduplicateTextParams {
    fn default() -> Self {
        Self {
            column: "text".to_owned(),
            method: Method::Near,
            threshold: 0.7,
            run_words: 5,
            permutations: 256,
            keep: Keep::First,
            remove: false,
        }
    }
}

const NAME: &str = "deduplicate_text";
const DUPLICATE_OF: &str = "duplicate_of";

impl Operation for DeduplicateText {
    fn spec(&self) -> OperationSpec {
        spec::<DeduplicateTextParams>(About {
            name: NAME,
            title: "Deduplicate text",
            summary: "Finds texts that are equal or nearly equal to another, and marks or removes them",
            kind: OperationKind::Dedup,
            inputs: ONE,
            scope: Scope::Corpus,
            source: "Broder 1997; Leskovec, Rajaraman and Ullman, Mining of Massive Datasets, chapter 3",
        })
    }

    fn run<'a>(
        &'a self,
        inputs: &'a [Table],
        params: &'a Params,
        context: &'a RunContext<'a>,
    ) -> LocalBoxFuture<'a, Result<Outcome, TableError>> {
        Box::pin(async move {
            let params: DeduplicateTextParams = typed(NAME, params)?;
            check(&params)?;
            let input = one_input(NAME, inputs)?;
            let found = match params.method {
                Method::Near => near(input, &params, context).await?,
                Method::Exact => exact(input, &params.column, context).await?,
            };
            let kept = representatives(&found, params.keep);
            let n_rows = input.n_rows();
            let duplicate_of: Vec<Option<i64>> = (0..n_rows as u32)
                .map(|row| {
                    let kept = kept.get(&found.clusters[row as usize])?;
                    (*kept != row).then_some(i64::from(*kept))
                })
                .collect();
            let figure = ledger(&found, &duplicate_of);
            let mut table =
                input.with_column(DUPLICATE_OF, OwnedColumn::Int(duplicate_of.clone()))?;
            if params.remove {
                let rows: Vec<u32> = (0..n_rows as u32)
                    .filter(|row| duplicate_of[*row as usize].is_none())
                    .collect();
                table = table.rows(&rows, context.host).await?;
            }
            Ok(Outcome {
                tables: vec![table],
                figures: vec![figure],
                issues: missing_texts(NAME, &params.column, found.n_missing, "and repeat nothing"),
            })
        })
    }
}

fn check(params: &DeduplicateTextParams) -> Result<(), TableError> {
    let error = |what: &str, reason: &str| TableError::Param {
        what: what.to_owned(),
        reason: reason.to_owned(),
    };
    if !(0.1..=1.0).contains(&params.threshold) {
        return Err(error("threshold", "it must be from 0.1 to 1"));
    }
    if !(16..=1024).contains(&params.permutations) {
        return Err(error("permutations", "there must be from 16 to 1024"));
    }
    if !(1..=50).contains(&params.run_words) {
        return Err(error("run_words", "there must be from 1 to 50"));
    }
    Ok(())
}

/// What is known of each row.
#[derive(Default)]
struct Found {
    /// The first row of the row's cluster.
    clusters: Vec<u32>,
    /// Code points.
    lengths: Vec<usize>,
    n_missing: u64,
}

async fn near(
    input: &Table,
    params: &DeduplicateTextParams,
    context: &RunContext<'_>,
) -> Result<Found, TableError> {
    let permutations = Permutations::new(params.permutations as usize);
    let needed_bytes = input.n_rows() as u64 * u64::from(params.permutations) * 4;
    // The other half is the table's.
    let budget_bytes = context.host.memory_budget_bytes() / 2;
    if needed_bytes > budget_bytes {
        return Err(TableError::TooLarge {
            what: "the signatures of all texts".to_owned(),
            needed_bytes,
            budget_bytes,
            advice: "use fewer permutations, or sample the rows first".to_owned(),
        });
    }
    let mut found = Found::default();
    let mut hashes = Vec::new();
    let mut signatures = Vec::with_capacity(input.n_rows());
    let sign = |text: Option<&str>| {
        found.n_missing += u64::from(text.is_none());
        let text = text.unwrap_or_default();
        found.lengths.push(python::len(text));
        shingles(text, params.run_words as usize, &mut hashes);
        signatures.push(signature(&hashes, &permutations));
    };
    for_each_text(input, &params.column, "comparing texts", context, sign).await?;
    let (bands, rows) = best_bands(params.threshold, permutations.len());
    let mut clusters = NearDuplicates::new(&signatures, params.threshold);
    for band in 0..bands {
        context
            .host
            .progress("grouping texts", band as u64, bands as u64);
        context.host.checkpoint().await?;
        clusters.add_band(band, rows);
    }
    found.clusters = clusters.firsts();
    Ok(found)
}

async fn exact(input: &Table, column: &str, context: &RunContext<'_>) -> Result<Found, TableError> {
    let mut found = Found::default();
    let mut firsts: BTreeMap<u128, u32> = BTreeMap::new();
    let compare = |text: Option<&str>| {
        found.n_missing += u64::from(text.is_none());
        let row = found.clusters.len() as u32;
        let text = python::strip(text.unwrap_or_default());
        found.lengths.push(python::len(text));
        found.clusters.push(if text.is_empty() {
            row
        } else {
            *firsts.entry(hash_bytes_128(text.as_bytes())).or_insert(row)
        });
    };
    for_each_text(input, column, "comparing texts", context, compare).await?;
    Ok(found)
}

/// The row that stands for each cluster, by the cluster's first row.
fn representatives(found: &Found, keep: Keep) -> BTreeMap<u32, u32> {
    let mut kept: BTreeMap<u32, u32> = BTreeMap::new();
    for (row, cluster) in (0..).zip(&found.clusters) {
        let best = kept.entry(*cluster).or_insert(row);
        if keep == Keep::Longest && found.lengths[row as usize] > found.lengths[*best as usize] {
            *best = row;
        }
    }
    kept
}

fn ledger(found: &Found, duplicate_of: &[Option<i64>]) -> Figure {
    let n_duplicates = duplicate_of.iter().flatten().count();
    let mut sizes: BTreeMap<u32, u64> = BTreeMap::new();
    for cluster in &found.clusters {
        *sizes.entry(*cluster).or_default() += 1;
    }
    sizes.retain(|_, size| *size > 1);
    let row = |name: &str, n: u64| vec![name.to_owned(), n.to_string()];
    Figure {
        title: format!(
            "{n_duplicates} of {} texts repeat another",
            duplicate_of.len()
        ),
        subtitle: "Clusters of texts that are the same or nearly so".to_owned(),
        n: duplicate_of.len() as u64,
        missing: found.n_missing,
        sampling_share: 1.0,
        mark: Mark::Table {
            columns: ["What", "How many"].map(str::to_owned).to_vec(),
            rows: vec![
                row("texts that repeat another", n_duplicates as u64),
                row("clusters", sizes.len() as u64),
                row(
                    "texts of the largest cluster",
                    sizes.values().copied().max().unwrap_or(0),
                ),
            ],
        },
    }
}
