//! Rows in order.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_analysis::{Params, SortKey};
use sluice_protocol::spec::{OperationKind, OperationSpec, Scope};

use crate::error::TableError;
use crate::host::LocalBoxFuture;
use crate::operation::{Operation, Outcome, RunContext, typed};
use crate::steps::{About, ONE, one_input, spec};
use crate::table::Table;
use crate::view::gather::gathered;
use crate::view::sorted_rows;

/// Parameters of [`Sort`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SortParams {
    /// Columns to order by, the first one first; rows that are equal in all stay in their order.
    #[schemars(length(min = 1))]
    pub keys: Vec<SortColumn>,
}

/// A column to order by.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SortColumn {
    /// The column.
    #[schemars(extend("role" = "column"))]
    pub column: String,
    /// Largest first. Missing values come last all the same.
    pub descending: bool,
}

/// Puts the rows in order.
pub struct Sort;

const NAME: &str = "sort";

impl Operation for Sort {
    fn spec(&self) -> OperationSpec {
        spec::<SortParams>(About {
            name: NAME,
            title: "Sort",
            summary: "Puts the rows in order",
            kind: OperationKind::Map,
            inputs: ONE,
            scope: Scope::Corpus,
            source: "Stable merge sort; texts by Unicode code points",
        })
    }

    fn run<'a>(
        &'a self,
        inputs: &'a [Table],
        params: &'a Params,
        context: &'a RunContext<'a>,
    ) -> LocalBoxFuture<'a, Result<Outcome, TableError>> {
        Box::pin(async move {
            let params: SortParams = typed(NAME, params)?;
            let input = one_input(NAME, inputs)?;
            if params.keys.is_empty() {
                return Ok(Outcome::table(input.clone()));
            }
            let keys: Vec<SortKey> = params
                .keys
                .into_iter()
                .map(|key| SortKey {
                    column: key.column,
                    descending: key.descending,
                })
                .collect();
            let rows = sorted_rows(input, &keys, None, context.host).await?;
            Ok(Outcome::table(gathered(input, &rows, context.host).await?))
        })
    }
}
