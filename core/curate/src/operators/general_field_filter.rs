//! Rows by a condition on their columns.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use sluice_analysis::Params;
use sluice_protocol::spec::{OperationKind, OperationSpec};

use crate::operator::{
    About, Fault, FieldFilter, Foreign, Operator, Prepared, describe_fields, typed,
};
use crate::text::data_juicer::condition::Condition;

/// Keeps rows for which a condition such as `10 < num <= 30 and meta.lang == 'en'` holds.
pub struct GeneralFieldFilter;

#[derive(Serialize, Deserialize, JsonSchema, Default)]
#[serde(default, deny_unknown_fields)]
struct GeneralFieldParams {
    /// Comparisons of columns, numbers and texts, joined by `and` and `or`: `10 < num <= 30 and source != 'web'`.
    /// A comparison with a value that is missing does not hold. Blank keeps all rows.
    #[schemars(extend("role" = "predicate"))]
    filter_condition: String,
}

impl Operator for GeneralFieldFilter {
    fn spec(&self) -> OperationSpec {
        describe_fields::<GeneralFieldParams>(About {
            name: "general_field_filter",
            title: "Condition on columns",
            summary: "Keeps rows for which a condition on their columns holds",
            kind: OperationKind::Filter,
            source: "Data-Juicer 1.4.3, general_field_filter",
            dialects: &[],
        })
    }

    fn prepare(&self, params: &Params) -> Result<Prepared, Fault> {
        let own = typed::<GeneralFieldParams>(params)?;
        let condition = Condition::parse(&own.filter_condition)
            .map_err(|reason| Fault::new("filter_condition", reason))?;
        Ok(Prepared::Fields(Box::new(condition)))
    }

    fn foreign(&self) -> &'static [Foreign] {
        &[Foreign {
            system: "data-juicer",
            name: "general_field_filter",
            dialect: "",
        }]
    }
}

impl FieldFilter for Condition {
    fn columns(&self) -> Vec<String> {
        Condition::columns(self)
    }

    fn holds(&self, record: &Json) -> Result<bool, String> {
        Condition::holds(self, record)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(params: &str, record: Json, expected: Result<bool, String>) {
        let params = serde_json::from_str(params).unwrap();
        let Ok(Prepared::Fields(filter)) = GeneralFieldFilter.prepare(&params) else {
            panic!("{params:?}");
        };
        assert_eq!(filter.holds(&record), expected, "{record}");
    }

    #[test]
    fn conditions_read_nested_columns() {
        let condition = r#"{"filter_condition": "1 < num and (meta.a == 'x' or meta.b.c > num)"}"#;
        check(condition, json!({"num": 2, "meta": {"a": "x"}}), Ok(true));
        check(condition, json!({"num": 1, "meta": {"a": "x"}}), Ok(false));
        check("{}", json!({}), Ok(true));
        check(
            r#"{"filter_condition": "num < 3"}"#,
            json!({"num": "x"}),
            Err("\"x\" and 3 have no order".to_owned()),
        );
        let condition = Condition::parse("1 < num and (meta.a == 'x' or meta.b.c > num)").unwrap();
        assert_eq!(condition.columns(), ["num", "meta"]);
    }

    #[test]
    fn what_cannot_be_read_is_a_fault() {
        let params = serde_json::from_str(r#"{"filter_condition": "num <"}"#).unwrap();
        let fault = GeneralFieldFilter
            .prepare(&params)
            .err()
            .map(|fault| fault.param);
        assert_eq!(fault, Some("filter_condition".to_owned()));
    }
}
