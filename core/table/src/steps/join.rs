//! Two tables side by side, by equal keys.

mod partners;

use polars_core::prelude::DataType;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_analysis::Params;
use sluice_protocol::spec::{Inputs, OperationKind, OperationSpec, Scope};

use crate::error::TableError;
use crate::host::{Host, LocalBoxFuture};
use crate::operation::{Operation, Outcome, RunContext, typed};
use crate::steps::build::{common_dtype, table, with_dtype};
use crate::steps::join::partners::{Keys, columns_of, right_rows};
use crate::steps::keys::encode;
use crate::steps::{About, spec, wrong_inputs};
use crate::table::Table;
use crate::view::gather::{NO_ROW, failed, gathered_column};
use crate::view::slices::row_slices;
use crate::view::{require_row_numbers, require_row_numbers_of};

/// Parameters of [`Join`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct JoinParams {
    /// Which rows come out.
    pub kind: JoinKind,
    /// Key columns of the left table.
    #[schemars(extend("role" = "columns"))]
    pub left_keys: Vec<String>,
    /// Key columns of the right table, in the same order. Empty means the names of the left ones.
    #[schemars(extend("role" = "columns"))]
    pub right_keys: Vec<String>,
    /// Put after the name of a right column that the left table has too.
    pub suffix: String,
}

impl Default for JoinParams {
    fn default() -> Self {
        Self {
            kind: JoinKind::Inner,
            left_keys: Vec::new(),
            right_keys: Vec::new(),
            suffix: "_right".to_owned(),
        }
    }
}

/// Which rows come out of a join.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum JoinKind {
    /// Every pair of rows with equal keys.
    #[default]
    Inner,
    /// Those, and left rows without a partner.
    Left,
    /// Those, and rows of either table without a partner.
    Full,
    /// Left rows that have a partner, once each.
    Semi,
    /// Left rows that have none.
    Anti,
}

/// Puts rows of two tables side by side where their keys are equal.
///
/// Rows come in left order, partners of a row in right order; right rows without a partner come last. A missing key
/// has no partner. NaN equals NaN; integers, floats and decimals are compared as floats when their types differ.
/// The right key columns are left out, because they equal the left ones; with rows that only the right table has,
/// a key column gets a type that holds the keys of both.
pub struct Join;

const NAME: &str = "join";

impl Operation for Join {
    fn spec(&self) -> OperationSpec {
        spec::<JoinParams>(About {
            name: NAME,
            title: "Join",
            summary: "Puts rows of two tables side by side where their keys are equal",
            kind: OperationKind::Map,
            inputs: Inputs { min: 2, max: 2 },
            scope: Scope::Corpus,
            source: "Hash join; missing keys as in SQL",
        })
    }

    fn run<'a>(
        &'a self,
        inputs: &'a [Table],
        params: &'a Params,
        context: &'a RunContext<'a>,
    ) -> LocalBoxFuture<'a, Result<Outcome, TableError>> {
        Box::pin(async move {
            let params: JoinParams = typed(NAME, params)?;
            let [left, right] = inputs else {
                return Err(wrong_inputs(NAME, "2", inputs.len()));
            };
            require_row_numbers_of(left)?;
            require_row_numbers_of(right)?;
            let keys = Keys::new(&params, left, right)?;
            let pairs = pairs(&params, &keys, left, right, context.host).await?;
            Ok(Outcome::table(
                joined(&params, &keys, left, right, pairs, context.host).await?,
            ))
        })
    }
}

/// Row numbers of the output; [`NO_ROW`] where a side has none.
#[derive(Default)]
struct Pairs {
    left: Vec<u32>,
    right: Vec<u32>,
    /// How many of them, at the end, are right rows without a partner.
    n_right_only: usize,
}

async fn pairs(
    params: &JoinParams,
    keys: &Keys<'_>,
    left: &Table,
    right: &Table,
    host: &dyn Host,
) -> Result<Pairs, TableError> {
    /// Pairs written between two checkpoints.
    const BLOCK_PAIRS: usize = 1 << 20;
    let right_rows = right_rows(keys, right.n_rows(), host).await?;
    let budget = Budget::new(params.kind, left, right, host);
    let mut pairs = Pairs::default();
    let mut has_partner = vec![false; right.n_rows()];
    for slice in row_slices(&columns_of(&keys.left), left.n_rows()) {
        host.progress("Matching keys", slice.start as u64, left.n_rows() as u64);
        host.checkpoint().await?;
        let encoded = encode(&keys.left, slice.clone())?;
        let partners: Vec<Option<usize>> = (0..slice.len())
            .map(|idx| match encoded.any_missing[idx] {
                true => None,
                false => right_rows
                    .known
                    .find(encoded.get(idx))
                    .map(|key| key as usize),
            })
            .collect();
        if matches!(params.kind, JoinKind::Semi | JoinKind::Anti) {
            let wanted = params.kind == JoinKind::Semi;
            let chosen = slice
                .zip(&partners)
                .filter(|(_, partner)| partner.is_some() == wanted);
            pairs.left.extend(chosen.map(|(row, _)| row as u32));
            continue;
        }
        let n_more: u64 = partners
            .iter()
            .map(|partner| partner.map_or(1, |key| u64::from(right_rows.count[key])))
            .sum();
        budget.check(pairs.left.len() as u64 + n_more)?;
        let mut n_since_checkpoint = 0;
        for (row, partner) in slice.zip(partners) {
            match partner {
                None if params.kind == JoinKind::Inner => {}
                None => {
                    pairs.left.push(row as u32);
                    pairs.right.push(NO_ROW);
                }
                Some(key) => {
                    let mut right_row = right_rows.first[key];
                    while right_row != NO_ROW {
                        pairs.left.push(row as u32);
                        pairs.right.push(right_row);
                        has_partner[right_row as usize] = true;
                        right_row = right_rows.next[right_row as usize];
                        n_since_checkpoint += 1;
                        if n_since_checkpoint == BLOCK_PAIRS {
                            host.checkpoint().await?;
                            n_since_checkpoint = 0;
                        }
                    }
                }
            }
        }
    }
    if params.kind == JoinKind::Full {
        host.checkpoint().await?;
        let n_before = pairs.right.len();
        pairs.right.extend(
            has_partner
                .iter()
                .enumerate()
                .filter(|(_, has)| !**has)
                .map(|(row, _)| row as u32),
        );
        pairs.n_right_only = pairs.right.len() - n_before;
        budget.check(pairs.right.len() as u64)?;
        pairs.left.resize(pairs.right.len(), NO_ROW);
    }
    Ok(pairs)
}

/// What the output may take.
struct Budget {
    bytes_per_row: u64,
    budget_bytes: u64,
}

impl Budget {
    fn new(kind: JoinKind, left: &Table, right: &Table, host: &dyn Host) -> Self {
        let per_row = |table: &Table| table.memory_bytes().div_ceil(table.n_rows().max(1) as u64);
        let of_right = match kind {
            JoinKind::Semi | JoinKind::Anti => 0,
            _ => per_row(right),
        };
        // The row numbers of a pair, too.
        Self {
            bytes_per_row: per_row(left) + of_right + 8,
            budget_bytes: host.memory_budget_bytes(),
        }
    }

    fn check(&self, n_rows: u64) -> Result<(), TableError> {
        require_row_numbers(n_rows)?;
        let needed_bytes = n_rows.saturating_mul(self.bytes_per_row);
        if needed_bytes <= self.budget_bytes {
            return Ok(());
        }
        Err(TableError::TooLarge {
            what: format!("this join ({n_rows} rows or more)"),
            needed_bytes,
            budget_bytes: self.budget_bytes,
            advice:
                "many rows share a key; remove duplicates from one table first, or add a key column"
                    .to_owned(),
        })
    }
}

async fn joined(
    params: &JoinParams,
    keys: &Keys<'_>,
    left: &Table,
    right: &Table,
    pairs: Pairs,
    host: &dyn Host,
) -> Result<Table, TableError> {
    let n_rows = pairs.left.len();
    let n_with_left = n_rows - pairs.n_right_only;
    let mut columns = Vec::with_capacity(left.n_columns() + right.n_columns());
    for column in left.frame().columns() {
        let pair = keys
            .left
            .iter()
            .zip(&keys.right)
            .find(|((key, _), _)| key.name() == column.name());
        columns.push(match pair {
            // The key of a row that only the right table has comes from there.
            Some((_, (right_key, _))) if pairs.n_right_only > 0 => {
                let dtype = common_dtype(column.dtype(), right_key.dtype());
                let dtype = dtype.unwrap_or(DataType::String);
                let all = gathered_column(column, &pairs.left[..n_with_left], host).await?;
                let mut all = with_dtype(&all, &dtype, host).await?;
                let rest = gathered_column(right_key, &pairs.right[n_with_left..], host).await?;
                let rest = with_dtype(&rest, &dtype, host).await?;
                all.append_owned(rest.with_name(column.name().clone()))
                    .map_err(|error| failed(&error))?;
                all
            }
            _ => gathered_column(column, &pairs.left, host).await?,
        });
    }
    if !matches!(params.kind, JoinKind::Semi | JoinKind::Anti) {
        let is_key = |name: &str| keys.right.iter().any(|(key, _)| key.name() == name);
        for column in right
            .frame()
            .columns()
            .iter()
            .filter(|column| !is_key(column.name()))
        {
            let gathered = gathered_column(column, &pairs.right, host).await?;
            let clashes = left.column_names().contains(&column.name().as_str());
            columns.push(match clashes {
                true => gathered.with_name(format!("{}{}", column.name(), params.suffix).into()),
                false => gathered,
            });
        }
    }
    table(n_rows, columns)
}
