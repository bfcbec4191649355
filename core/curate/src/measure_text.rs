//! Measures of texts as columns, to look at, filter by and compare.

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};
use sluice_analysis::Params;
use sluice_protocol::spec::{OperationKind, OperationSpec, Scope};
use sluice_table::operation::{About, ONE, one_input, spec, typed};
use sluice_table::{
    LocalBoxFuture, Operation, Outcome, OwnedColumn, RunContext, Table, TableError,
};

use crate::operation::{chosen, for_each_text, missing_texts, names_schema};
use crate::text::measures::MEASURES;

/// Adds a column for each chosen measure of a text column.
///
/// A missing text has no measures. Columns of these names are replaced where they stand.
pub struct MeasureText;

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct MeasureTextParams {
    /// The column of texts.
    #[schemars(extend("role" = "column"))]
    column: String,
    /// What to measure, a column each.
    #[schemars(schema_with = "measure_names")]
    measures: Vec<String>,
}

impl Default for MeasureTextParams {
    fn default() -> Self {
        let names = MEASURES.iter().map(|measure| measure.name.to_owned());
        Self {
            column: "text".to_owned(),
            measures: names.collect(),
        }
    }
}

fn measure_names(_: &mut SchemaGenerator) -> Schema {
    let names: Vec<&str> = MEASURES.iter().map(|measure| measure.name).collect();
    names_schema(&names, "What to measure, a column each.")
}

const NAME: &str = "measure_text";

impl Operation for MeasureText {
    fn spec(&self) -> OperationSpec {
        spec::<MeasureTextParams>(About {
            name: NAME,
            title: "Measure text",
            summary: "Adds a column for each measure of a text: lengths, shares of characters, repetition",
            kind: OperationKind::Score,
            inputs: ONE,
            scope: Scope::Row,
            source: "the definitions of Data-Juicer 1.4.3",
        })
    }

    fn run<'a>(
        &'a self,
        inputs: &'a [Table],
        params: &'a Params,
        context: &'a RunContext<'a>,
    ) -> LocalBoxFuture<'a, Result<Outcome, TableError>> {
        Box::pin(async move {
            let params: MeasureTextParams = typed(NAME, params)?;
            let input = one_input(NAME, inputs)?;
            let measures = chosen("measures", &params.measures, MEASURES, |m| m.name)?;
            let mut values = vec![Vec::with_capacity(input.n_rows()); measures.len()];
            let mut n_missing = 0;
            let measure_all = |text: Option<&str>| {
                n_missing += u64::from(text.is_none());
                for (measure, values) in measures.iter().zip(&mut values) {
                    values.push(text.map(measure.of));
                }
            };
            for_each_text(
                input,
                &params.column,
                "measuring texts",
                context,
                measure_all,
            )
            .await?;
            let mut table = input.clone();
            for (measure, values) in measures.iter().zip(values) {
                table = table.with_column(measure.name, OwnedColumn::Float(values))?;
            }
            Ok(Outcome {
                tables: vec![table],
                issues: missing_texts(NAME, &params.column, n_missing, "and so no measures"),
                ..Outcome::default()
            })
        })
    }
}
