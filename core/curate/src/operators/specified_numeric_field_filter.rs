//! Rows by the number in a column.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use sluice_analysis::Params;
use sluice_protocol::spec::{OperationKind, OperationSpec};

use crate::operator::{
    About, Fault, FieldFilter, Foreign, Operator, Prepared, describe_fields, typed,
};
use crate::operators::shared::first_part;
use crate::text::data_juicer::fields::{field, is_number_kept};
use crate::text::data_juicer::keep::Keep;

/// Keeps rows whose column has a number, or text of one, within limits.
///
/// What is no number goes, and so does the number 0, as it does in Data-Juicer; the text `"0"` is a number.
pub struct SpecifiedNumericFieldFilter;

#[derive(Serialize, Deserialize, JsonSchema, Default)]
#[serde(default, deny_unknown_fields)]
struct SpecifiedNumericFieldParams {
    /// The column; parts of nested values are named with dots, as in `meta.score`.
    #[schemars(extend("role" = "column"))]
    field_key: String,
    /// Least number.
    min_value: Option<f64>,
    /// Greatest number.
    max_value: Option<f64>,
}

impl Operator for SpecifiedNumericFieldFilter {
    fn spec(&self) -> OperationSpec {
        describe_fields::<SpecifiedNumericFieldParams>(About {
            name: "specified_numeric_field_filter",
            title: "Number in a column",
            summary: "Keeps rows whose column has a number within limits",
            kind: OperationKind::Filter,
            source: "Data-Juicer 1.4.3, specified_numeric_field_filter",
            dialects: &[],
        })
    }

    fn prepare(&self, params: &Params) -> Result<Prepared, Fault> {
        Ok(Prepared::Fields(Box::new(typed::<
            SpecifiedNumericFieldParams,
        >(params)?)))
    }

    fn foreign(&self) -> &'static [Foreign] {
        &[Foreign {
            system: "data-juicer",
            name: "specified_numeric_field_filter",
            dialect: "",
        }]
    }
}

impl FieldFilter for SpecifiedNumericFieldParams {
    fn columns(&self) -> Vec<String> {
        first_part(&self.field_key)
    }

    fn holds(&self, record: &Json) -> Result<bool, String> {
        if self.field_key.is_empty() {
            return Ok(true);
        }
        let min = self.min_value.unwrap_or(f64::NEG_INFINITY);
        let max = self.max_value.unwrap_or(f64::INFINITY);
        let keep = Keep::between(min, max);
        Ok(is_number_kept(field(record, &self.field_key), &keep))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(params: &str, record: Json, expected: Result<bool, String>) {
        let params = serde_json::from_str(params).unwrap();
        let Ok(Prepared::Fields(filter)) = SpecifiedNumericFieldFilter.prepare(&params) else {
            panic!("{params:?}");
        };
        assert_eq!(filter.holds(&record), expected, "{record}");
    }

    #[test]
    fn numbers_and_texts_of_numbers_are_compared() {
        let params = r#"{"field_key": "meta.star", "min_value": 10, "max_value": 70}"#;
        check(params, json!({"meta": {"star": "36"}}), Ok(true));
        check(params, json!({"meta": {"star": 70}}), Ok(true));
        check(params, json!({"meta": {"star": 71}}), Ok(false));
        check(params, json!({"meta": {"star": "many"}}), Ok(false));
        check("{}", json!({}), Ok(true));
    }
}
