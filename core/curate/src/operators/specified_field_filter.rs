//! Rows by the values of a column.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use sluice_analysis::Params;
use sluice_protocol::spec::{OperationKind, OperationSpec};

use crate::operator::{
    About, Fault, FieldFilter, Foreign, Operator, Prepared, describe_fields, typed,
};
use crate::operators::shared::first_part;
use crate::text::data_juicer::fields::{field, is_all_among};

/// Keeps rows whose column has one of some values.
pub struct SpecifiedFieldFilter;

#[derive(Serialize, Deserialize, JsonSchema, Default)]
#[serde(default, deny_unknown_fields)]
struct SpecifiedFieldParams {
    /// The column; parts of nested values are named with dots, as in `meta.score`.
    #[schemars(extend("role" = "column"))]
    field_key: String,
    /// Values kept. Of a list, every element has to be one of them. None keeps all rows.
    target_value: Vec<Json>,
}

impl Operator for SpecifiedFieldFilter {
    fn spec(&self) -> OperationSpec {
        describe_fields::<SpecifiedFieldParams>(About {
            name: "specified_field_filter",
            title: "Values of a column",
            summary: "Keeps rows whose column has one of the given values",
            kind: OperationKind::Filter,
            source: "Data-Juicer 1.4.3, specified_field_filter",
            dialects: &[],
        })
    }

    fn prepare(&self, params: &Params) -> Result<Prepared, Fault> {
        Ok(Prepared::Fields(Box::new(typed::<SpecifiedFieldParams>(
            params,
        )?)))
    }

    fn foreign(&self) -> &'static [Foreign] {
        &[Foreign {
            system: "data-juicer",
            name: "specified_field_filter",
            dialect: "",
        }]
    }
}

impl FieldFilter for SpecifiedFieldParams {
    fn columns(&self) -> Vec<String> {
        first_part(&self.field_key)
    }

    fn holds(&self, record: &Json) -> Result<bool, String> {
        let value = field(record, &self.field_key);
        Ok(self.field_key.is_empty() || is_all_among(value, &self.target_value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(params: &str, record: Json, expected: Result<bool, String>) {
        let params = serde_json::from_str(params).unwrap();
        let Ok(Prepared::Fields(filter)) = SpecifiedFieldFilter.prepare(&params) else {
            panic!("{params:?}");
        };
        assert_eq!(filter.holds(&record), expected, "{record}");
    }

    #[test]
    fn values_and_all_elements_of_lists_are_looked_up() {
        let params = r#"{"field_key": "meta.kind", "target_value": ["a", 1]}"#;
        check(params, json!({"meta": {"kind": "a"}}), Ok(true));
        check(params, json!({"meta": {"kind": [1.0, "a"]}}), Ok(true));
        check(params, json!({"meta": {"kind": ["b", "a"]}}), Ok(false));
        check(params, json!({}), Ok(false));
        check("{}", json!({}), Ok(true));
    }
}
