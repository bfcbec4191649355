//! The rows with one of some tags.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use sluice_analysis::Params;
use sluice_protocol::spec::{OperationKind, OperationSpec};

use crate::operator::{About, Fault, Foreign, Operator, Prepared, Select, describe, typed};
use crate::operators::shared::first_part;
use crate::text::data_juicer::selectors::records_with_tags;

/// Chooses the rows whose column is one of the tags, in their order.
pub struct TagsSpecifiedFieldSelector;

#[derive(Serialize, Deserialize, JsonSchema, Default)]
#[serde(default, deny_unknown_fields)]
struct TagsParams {
    /// The column; parts of nested values are named with dots, as in `meta.score`.
    #[schemars(extend("role" = "column"))]
    field_key: String,
    /// Tags that are chosen.
    target_tags: Vec<String>,
}

impl Operator for TagsSpecifiedFieldSelector {
    fn spec(&self) -> OperationSpec {
        describe::<TagsParams>(About {
            name: "tags_specified_field_selector",
            title: "Rows with tags",
            summary: "Chooses the rows whose column is one of the given tags",
            kind: OperationKind::Select,
            source: "Data-Juicer 1.4.3, tags_specified_field_selector",
            dialects: &[],
        })
    }

    fn prepare(&self, params: &Params) -> Result<Prepared, Fault> {
        Ok(Prepared::Select(Box::new(typed::<TagsParams>(params)?)))
    }

    fn foreign(&self) -> &'static [Foreign] {
        &[Foreign {
            system: "data-juicer",
            name: "tags_specified_field_selector",
            dialect: "",
        }]
    }
}

impl Select for TagsParams {
    fn column(&self) -> Option<String> {
        first_part(&self.field_key).pop()
    }

    fn select(&self, records: &[Json], _draw: &mut dyn FnMut(u64) -> u64) -> Vec<usize> {
        let tags: Vec<Json> = self
            .target_tags
            .iter()
            .map(|tag| Json::from(tag.as_str()))
            .collect();
        records_with_tags(records, &self.field_key, &tags)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(params: &str, values: Json, expected: &[usize]) {
        let params = serde_json::from_str(params).unwrap();
        let Ok(Prepared::Select(select)) = TagsSpecifiedFieldSelector.prepare(&params) else {
            panic!("{params:?}");
        };
        let values = values.as_array().cloned().unwrap();
        let records: Vec<Json> = values
            .iter()
            .map(|value| json!({"a": {"b": value}}))
            .collect();
        assert_eq!(select.select(&records, &mut |_| 0), expected, "{values:?}");
    }

    #[test]
    fn tags_are_compared_whole() {
        let params = r#"{"field_key": "a.b", "target_tags": ["happy", "sad"]}"#;
        check(params, json!(["happy", "angry", "sad", null]), &[0, 2]);
        check(
            r#"{"target_tags": ["happy"]}"#,
            json!(["happy", "angry"]),
            &[0, 1],
        );
    }
}
