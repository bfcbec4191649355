//! Rows by the ending of the file that they come from.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use sluice_analysis::Params;
use sluice_protocol::spec::{OperationKind, OperationSpec};

use crate::operator::{
    About, Fault, FieldFilter, Foreign, Operator, Prepared, describe_fields, typed,
};
use crate::operators::shared::OneOrMany;
use crate::text::data_juicer::fields::is_all_among;

/// The column in which Data-Juicer keeps the ending.
const COLUMN: &str = "__dj__suffix__";

/// Keeps rows that come from files of some kinds: the column `__dj__suffix__` holds the ending, such as `.md`.
pub struct SuffixFilter;

#[derive(Serialize, Deserialize, JsonSchema, Default)]
#[serde(default, deny_unknown_fields)]
struct SuffixParams {
    /// Endings kept, with their dot: `.txt`, or a list. None keeps all rows.
    suffixes: OneOrMany,
}

impl Operator for SuffixFilter {
    fn spec(&self) -> OperationSpec {
        describe_fields::<SuffixParams>(About {
            name: "suffix_filter",
            title: "File ending",
            summary: "Keeps rows by the ending of the file that they come from",
            kind: OperationKind::Filter,
            source: "Data-Juicer 1.4.3, suffix_filter",
            dialects: &[],
        })
    }

    fn prepare(&self, params: &Params) -> Result<Prepared, Fault> {
        Ok(Prepared::Fields(Box::new(typed::<SuffixParams>(params)?)))
    }

    fn foreign(&self) -> &'static [Foreign] {
        &[Foreign {
            system: "data-juicer",
            name: "suffix_filter",
            dialect: "",
        }]
    }
}

impl FieldFilter for SuffixParams {
    fn columns(&self) -> Vec<String> {
        vec![COLUMN.to_owned()]
    }

    fn holds(&self, record: &Json) -> Result<bool, String> {
        let suffixes: Vec<Json> = self.suffixes.iter().map(Json::from).collect();
        Ok(is_all_among(record.get(COLUMN), &suffixes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(params: &str, record: Json, expected: Result<bool, String>) {
        let params = serde_json::from_str(params).unwrap();
        let Ok(Prepared::Fields(filter)) = SuffixFilter.prepare(&params) else {
            panic!("{params:?}");
        };
        assert_eq!(filter.holds(&record), expected, "{record}");
    }

    #[test]
    fn one_ending_or_several_are_kept() {
        check(
            r#"{"suffixes": ".txt"}"#,
            json!({"__dj__suffix__": ".txt"}),
            Ok(true),
        );
        check(
            r#"{"suffixes": [".pdf", ".md"]}"#,
            json!({"__dj__suffix__": ".txt"}),
            Ok(false),
        );
        check(r#"{"suffixes": [".pdf"]}"#, json!({}), Ok(false));
        check("{}", json!({}), Ok(true));
    }
}
