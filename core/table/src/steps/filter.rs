//! Rows that satisfy conditions.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_analysis::{Params, Pill, Predicate};
use sluice_protocol::figure::{Figure, Mark};
use sluice_protocol::spec::{OperationKind, OperationSpec, Scope};
use sluice_stats::bits::Bitmap;

use crate::error::TableError;
use crate::host::{Host, LocalBoxFuture};
use crate::operation::{Operation, Outcome, RunContext, typed};
use crate::steps::{About, ONE, one_input, spec};
use crate::table::Table;
use crate::view::gather::gathered;
use crate::view::pill_bitmap;

/// Parameters of [`Filter`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct FilterParams {
    /// Conditions on single columns, as the pills of the view; all must hold.
    #[schemars(with = "Vec<serde_json::Value>", extend("role" = "predicate"))]
    pub conditions: Vec<Pill>,
    /// A further condition as an expression, such as `price > 10 and lang in ('en', 'de')`. Empty means none.
    #[schemars(extend("role" = "expression"))]
    pub expression: String,
}

/// Keeps the rows for which all conditions hold, and says how many each condition removes.
pub struct Filter;

const NAME: &str = "filter";

impl Operation for Filter {
    fn spec(&self) -> OperationSpec {
        spec::<FilterParams>(About {
            name: NAME,
            title: "Filter rows",
            summary: "Keeps the rows for which all conditions hold, and says how many each one removes",
            kind: OperationKind::Filter,
            inputs: ONE,
            scope: Scope::Row,
            source: "Sluice's expression language",
        })
    }

    fn run<'a>(
        &'a self,
        inputs: &'a [Table],
        params: &'a Params,
        context: &'a RunContext<'a>,
    ) -> LocalBoxFuture<'a, Result<Outcome, TableError>> {
        Box::pin(async move {
            let params: FilterParams = typed(NAME, params)?;
            let input = one_input(NAME, inputs)?;
            let mut pills = params.conditions;
            if !params.expression.trim().is_empty() {
                let predicate = Predicate::Expression(params.expression);
                pills.push(Pill {
                    column: String::new(),
                    predicate,
                });
            }
            let mut removed = Vec::with_capacity(pills.len());
            for pill in &pills {
                let mut fails = pill_bitmap(input, pill, context.host).await?;
                fails.negate();
                removed.push(fails);
            }
            let figure = ledger(input.n_rows(), &pills, &removed);
            let table = match union(&removed) {
                Some(any) => {
                    gathered(input, &kept_rows(any, context.host).await?, context.host).await?
                }
                None => input.clone(),
            };
            Ok(Outcome {
                tables: vec![table],
                figures: vec![figure],
                ..Outcome::default()
            })
        })
    }
}

fn union(removed: &[Bitmap]) -> Option<Bitmap> {
    let (first, others) = removed.split_first()?;
    let mut any = first.clone();
    others.iter().for_each(|fails| any.or_with(fails));
    Some(any)
}

async fn kept_rows(mut removed: Bitmap, host: &dyn Host) -> Result<Vec<u32>, TableError> {
    /// Row numbers written between two checkpoints, at about 3 ns each.
    const BLOCK_ROWS: usize = 1 << 20;
    removed.negate();
    let mut kept = Vec::with_capacity(removed.count_ones());
    let mut rows = removed.iter_ones();
    loop {
        host.checkpoint().await?;
        let n_before = kept.len();
        // Row numbers fit: the bitmap is that of a table that was checked.
        kept.extend(rows.by_ref().take(BLOCK_ROWS).map(|row| row as u32));
        if kept.len() == n_before {
            return Ok(kept);
        }
    }
}

/// How many rows each condition removes, and how many it alone removes.
fn ledger(n_rows: usize, pills: &[Pill], removed: &[Bitmap]) -> Figure {
    let mut once = Bitmap::new_clear(n_rows);
    let mut several = Bitmap::new_clear(n_rows);
    for fails in removed {
        let mut again = once.clone();
        again.and_with(fails);
        several.or_with(&again);
        once.or_with(fails);
    }
    let n_removed = once.count_ones();
    several.negate();
    let mut rows: Vec<Vec<String>> = pills
        .iter()
        .zip(removed)
        .map(|(pill, fails)| {
            let mut alone = several.clone();
            alone.and_with(fails);
            vec![
                describe(pill),
                fails.count_ones().to_string(),
                alone.count_ones().to_string(),
            ]
        })
        .collect();
    rows.push(vec![
        "all conditions".to_owned(),
        n_removed.to_string(),
        String::new(),
    ]);
    Figure {
        title: format!("{} of {n_rows} rows kept", n_rows - n_removed),
        subtitle: "Rows for which each condition does not hold".to_owned(),
        n: n_rows as u64,
        missing: 0,
        sampling_share: 1.0,
        mark: Mark::Table {
            columns: ["Condition", "Rows removed", "Removed by it alone"]
                .map(str::to_owned)
                .to_vec(),
            rows,
        },
    }
}

fn describe(pill: &Pill) -> String {
    let column = &pill.column;
    match &pill.predicate {
        Predicate::OneOf { values, negated } => {
            let not = if *negated { "not " } else { "" };
            let values: Vec<String> = values
                .iter()
                .map(|value| serde_json::Value::from(value).to_string())
                .collect();
            format!("{column} is {not}one of {}", values.join(", "))
        }
        Predicate::Range {
            low,
            high,
            high_inclusive,
        } => {
            let low = low.map(|low| format!("{low} ≤ ")).unwrap_or_default();
            let sign = if *high_inclusive { "≤" } else { "<" };
            let high = high
                .map(|high| format!(" {sign} {high}"))
                .unwrap_or_default();
            format!("{low}{column}{high}")
        }
        Predicate::Missing(true) => format!("{column} is missing"),
        Predicate::Missing(false) => format!("{column} is not missing"),
        Predicate::Text { pattern, .. } if column.is_empty() => {
            format!("any column has “{pattern}”")
        }
        Predicate::Text { pattern, .. } => format!("{column} has “{pattern}”"),
        Predicate::Expression(text) => text.clone(),
    }
}
