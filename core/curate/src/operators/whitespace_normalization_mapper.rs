//! All kinds of white space as plain blanks.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_analysis::Params;
use sluice_protocol::spec::{OperationKind, OperationSpec};

use crate::operator::{About, Fault, Foreign, Operator, Prepared, TextMap, describe, typed};
use crate::text::mappers::characters::whitespace_normalization;

/// Strips a text and replaces the 23 uncommon white space characters by blanks.
pub struct WhitespaceNormalizationMapper;

#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct NoParams {}

impl Operator for WhitespaceNormalizationMapper {
    fn spec(&self) -> OperationSpec {
        describe::<NoParams>(About {
            name: "whitespace_normalization_mapper",
            title: "Normalise white space",
            summary: "Strips texts and turns uncommon white space into plain blanks",
            kind: OperationKind::Map,
            source: "Data-Juicer 1.4.3, whitespace_normalization_mapper",
            dialects: &[],
        })
    }

    fn prepare(&self, params: &Params) -> Result<Prepared, Fault> {
        Ok(Prepared::Map(Box::new(typed::<NoParams>(params)?)))
    }

    fn foreign(&self) -> &'static [Foreign] {
        &[Foreign {
            system: "data-juicer",
            name: "whitespace_normalization_mapper",
            dialect: "",
        }]
    }
}

impl TextMap for NoParams {
    fn apply<'a>(&self, text: &'a str) -> Cow<'a, str> {
        whitespace_normalization(text)
    }
}
