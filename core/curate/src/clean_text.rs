//! Texts changed in place: white space, punctuation, markup, addresses, repetition.

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};
use sluice_analysis::Params;
use sluice_protocol::figure::{Figure, Mark};
use sluice_protocol::spec::{OperationKind, OperationSpec, Scope};
use sluice_table::operation::{About, ONE, one_input, spec, typed};
use sluice_table::{
    LocalBoxFuture, Operation, Outcome, OwnedColumn, RunContext, Table, TableError,
};

use crate::operation::{chosen, for_each_text, missing_texts, names_schema};
use crate::text::edits::EDITS;

/// Applies the chosen edits to a text column, in their order. A missing text stays missing.
pub struct CleanText;

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct CleanTextParams {
    /// The column of texts.
    #[schemars(extend("role" = "column"))]
    column: String,
    /// What to do, in the order of choosing.
    #[schemars(schema_with = "edit_names")]
    edits: Vec<String>,
    /// Name of the column for the result. Empty replaces the texts where they stand.
    into: String,
}

impl Default for CleanTextParams {
    fn default() -> Self {
        Self {
            column: "text".to_owned(),
            edits: Vec::new(),
            into: String::new(),
        }
    }
}

fn edit_names(_: &mut SchemaGenerator) -> Schema {
    let names: Vec<&str> = EDITS.iter().map(|edit| edit.name).collect();
    names_schema(&names, "What to do, in the order of choosing.")
}

const NAME: &str = "clean_text";

impl Operation for CleanText {
    fn spec(&self) -> OperationSpec {
        spec::<CleanTextParams>(About {
            name: NAME,
            title: "Clean text",
            summary: "Changes texts: white space, punctuation, markup, addresses, repeated sentences",
            kind: OperationKind::Map,
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
            let params: CleanTextParams = typed(NAME, params)?;
            let input = one_input(NAME, inputs)?;
            let edits = chosen("edits", &params.edits, EDITS, |edit| edit.name)?;
            let mut changed = vec![0_u64; edits.len()];
            let mut n_missing = 0;
            let mut texts = Vec::with_capacity(input.n_rows());
            let apply_all = |text: Option<&str>| {
                n_missing += u64::from(text.is_none());
                texts.push(text.map(|text| {
                    let mut text = text.to_owned();
                    for (edit, changed) in edits.iter().zip(&mut changed) {
                        // A part of the text, borrowed, is a change too.
                        let edited = (edit.of)(&text);
                        if edited != text.as_str() {
                            *changed += 1;
                            text = edited.into_owned();
                        }
                    }
                    text
                }));
            };
            for_each_text(input, &params.column, "cleaning texts", context, apply_all).await?;
            let into = match params.into.as_str() {
                "" => &params.column,
                into => into,
            };
            let names = edits.iter().map(|edit| edit.name);
            let figure = ledger(input.n_rows() as u64, n_missing, names.zip(changed));
            Ok(Outcome {
                tables: vec![input.with_column(into, OwnedColumn::Text(texts))?],
                figures: vec![figure],
                issues: missing_texts(NAME, &params.column, n_missing, "and stay so"),
            })
        })
    }
}

/// How many texts each edit changed.
fn ledger<'a>(
    n_rows: u64,
    n_missing: u64,
    changed: impl Iterator<Item = (&'a str, u64)>,
) -> Figure {
    Figure {
        title: "Texts changed".to_owned(),
        subtitle: "Rows that each edit changed, after those before it".to_owned(),
        n: n_rows,
        missing: n_missing,
        sampling_share: 1.0,
        mark: Mark::Table {
            columns: ["Edit", "Rows changed"].map(str::to_owned).to_vec(),
            rows: changed
                .map(|(name, n)| vec![name.to_owned(), n.to_string()])
                .collect(),
        },
    }
}
