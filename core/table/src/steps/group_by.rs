//! One row per group.

use polars_core::prelude::Column;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_analysis::Params;
use sluice_protocol::load::LoadIssue;
use sluice_protocol::spec::{OperationKind, OperationSpec, Scope};

use crate::error::TableError;
use crate::host::LocalBoxFuture;
use crate::load::Issues;
use crate::operation::{Operation, Outcome, RunContext, typed};
use crate::steps::aggregate::{AggregateFunction, Aggregator};
use crate::steps::build::table;
use crate::steps::keys::{KeyKind, KeyTable, encode};
use crate::steps::{About, ONE, one_input, param_error, spec};
use crate::table::Table;
use crate::view::gather::gathered_column;
use crate::view::require_row_numbers_of;
use crate::view::slices::row_slices;

/// Parameters of [`GroupBy`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct GroupByParams {
    /// Columns whose values make a group. Without any, all rows are one group.
    #[schemars(extend("role" = "columns"))]
    pub keys: Vec<String>,
    /// What to compute of each group.
    pub aggregates: Vec<Aggregate>,
}

impl Default for GroupByParams {
    fn default() -> Self {
        Self {
            keys: Vec::new(),
            aggregates: vec![Aggregate::default()],
        }
    }
}

/// A column of results.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Aggregate {
    /// What to compute.
    pub function: AggregateFunction,
    /// Of which column. Empty is allowed for count and share, which then look at rows.
    #[schemars(extend("role" = "column"))]
    pub column: String,
    /// Name of the result. Empty means the function and the column: `mean_price`.
    pub name: String,
}

/// Makes one row per group of rows with the same keys.
///
/// Groups stand in the order of their first rows. Missing keys form a group of their own, and so does NaN.
pub struct GroupBy;

const NAME: &str = "group_by";

impl Operation for GroupBy {
    fn spec(&self) -> OperationSpec {
        spec::<GroupByParams>(About {
            name: NAME,
            title: "Group by",
            summary: "Makes one row per group, in the order of first appearance, with counts, sums, means and more",
            kind: OperationKind::Map,
            inputs: ONE,
            scope: Scope::Corpus,
            source: "Sums: Neumaier 1974; standard deviation: Welford 1962",
        })
    }

    fn run<'a>(
        &'a self,
        inputs: &'a [Table],
        params: &'a Params,
        context: &'a RunContext<'a>,
    ) -> LocalBoxFuture<'a, Result<Outcome, TableError>> {
        Box::pin(async move {
            let params: GroupByParams = typed(NAME, params)?;
            let input = one_input(NAME, inputs)?;
            require_row_numbers_of(input)?;
            let keys = params
                .keys
                .iter()
                .map(|name| input.column(name))
                .collect::<Result<_, _>>()?;
            let aggregators = params
                .aggregates
                .iter()
                .map(|aggregate| aggregator(aggregate, input))
                .collect::<Result<_, _>>()?;
            grouped(input, keys, aggregators, context).await
        })
    }
}

fn aggregator<'a>(aggregate: &Aggregate, input: &'a Table) -> Result<Aggregator<'a>, TableError> {
    let of_rows = matches!(
        aggregate.function,
        AggregateFunction::Count | AggregateFunction::Share
    );
    let function = aggregate.function.name();
    let column = match aggregate.column.as_str() {
        "" if of_rows => None,
        "" => {
            return Err(param_error(
                format!("aggregate {function}"),
                "it needs a column",
            ));
        }
        name => Some(input.column(name)?),
    };
    let name = match (aggregate.name.as_str(), aggregate.column.as_str()) {
        ("", "") => function.to_owned(),
        ("", column) => format!("{function}_{column}"),
        (name, _) => name.to_owned(),
    };
    Aggregator::new(name, aggregate.function, column)
}

async fn grouped(
    input: &Table,
    keys: Vec<&Column>,
    mut aggregators: Vec<Aggregator<'_>>,
    context: &RunContext<'_>,
) -> Result<Outcome, TableError> {
    let exact: Vec<(&Column, KeyKind)> = keys.iter().map(|key| (*key, KeyKind::Exact)).collect();
    let mut read: Vec<&Column> = keys.clone();
    read.extend(
        aggregators
            .iter()
            .filter_map(|aggregator| aggregator.column),
    );
    let mut known = KeyTable::new();
    let mut first_rows: Vec<u32> = Vec::new();
    // Without keys there is one group even when there are no rows.
    if keys.is_empty() {
        known.insert(&[]);
    }
    for rows in row_slices(&read, input.n_rows()) {
        context
            .host
            .progress("Grouping", rows.start as u64, input.n_rows() as u64);
        context.host.checkpoint().await?;
        let groups: Vec<u32> = if keys.is_empty() {
            vec![0; rows.len()]
        } else {
            let encoded = encode(&exact, rows.clone())?;
            let number = |idx: usize| {
                let group = known.insert(encoded.get(idx));
                if group as usize == first_rows.len() {
                    first_rows.push((rows.start + idx) as u32);
                }
                group
            };
            (0..rows.len()).map(number).collect()
        };
        for aggregator in &mut aggregators {
            aggregator.update(rows.clone(), &groups, known.len())?;
        }
    }
    let mut columns = Vec::with_capacity(keys.len() + aggregators.len());
    for key in keys {
        columns.push(gathered_column(key, &first_rows, context.host).await?);
    }
    let mut issues = Issues::default();
    for aggregator in aggregators {
        let (column, n_overflows) = aggregator.finish(known.len(), context.host).await?;
        if n_overflows > 0 {
            issues.push(LoadIssue {
                file: NAME.to_owned(),
                row: None,
                column: Some(column.name().to_string()),
                reason: format!("{n_overflows} sums exceed 64 bits and are missing"),
            });
        }
        columns.push(column);
    }
    Ok(Outcome {
        tables: vec![table(known.len(), columns)?],
        issues,
        ..Outcome::default()
    })
}
