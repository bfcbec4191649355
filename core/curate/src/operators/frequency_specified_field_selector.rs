//! The rows with the most frequent values of a column.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use sluice_analysis::Params;
use sluice_protocol::spec::{OperationKind, OperationSpec};

use crate::operator::{About, Fault, Foreign, Operator, Prepared, Select, describe, typed};
use crate::operators::shared::first_part;
use crate::text::data_juicer::selectors::{Top, records_by_frequency};

/// Chooses the rows whose value is among the most (or least) frequent ones, value by value.
pub struct FrequencySpecifiedFieldSelector;

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct FrequencyParams {
    /// The column; parts of nested values are named with dots, as in `meta.score`.
    #[schemars(extend("role" = "column"))]
    field_key: String,
    /// Share of the distinct values that is chosen, rounded down.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    top_ratio: Option<f64>,
    /// Number of distinct values that is chosen; with a share, the fewer of both. Without either, all rows stay.
    topk: Option<usize>,
    /// Whether the most frequent values come first.
    reverse: bool,
}

impl Default for FrequencyParams {
    fn default() -> Self {
        Self {
            field_key: String::new(),
            top_ratio: None,
            topk: None,
            reverse: true,
        }
    }
}

impl Operator for FrequencySpecifiedFieldSelector {
    fn spec(&self) -> OperationSpec {
        describe::<FrequencyParams>(About {
            name: "frequency_specified_field_selector",
            title: "Most frequent values",
            summary: "Chooses the rows with the most or least frequent values of a column",
            kind: OperationKind::Select,
            source: "Data-Juicer 1.4.3, frequency_specified_field_selector",
            dialects: &[],
        })
    }

    fn prepare(&self, params: &Params) -> Result<Prepared, Fault> {
        Ok(Prepared::Select(Box::new(typed::<FrequencyParams>(
            params,
        )?)))
    }

    fn foreign(&self) -> &'static [Foreign] {
        &[Foreign {
            system: "data-juicer",
            name: "frequency_specified_field_selector",
            dialect: "",
        }]
    }
}

impl Select for FrequencyParams {
    fn column(&self) -> Option<String> {
        first_part(&self.field_key).pop()
    }

    fn select(&self, records: &[Json], _draw: &mut dyn FnMut(u64) -> u64) -> Vec<usize> {
        let top = Top {
            share: self.top_ratio,
            number: self.topk,
        };
        records_by_frequency(records, &self.field_key, top, self.reverse)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(params: &str, values: Json, expected: &[usize]) {
        let params = serde_json::from_str(params).unwrap();
        let Ok(Prepared::Select(select)) = FrequencySpecifiedFieldSelector.prepare(&params) else {
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
    fn values_are_counted() {
        check(
            r#"{"field_key": "a.b", "topk": 1}"#,
            json!(["x", "y", "y", null]),
            &[1, 2],
        );
        check(
            r#"{"field_key": "a.b", "topk": 1, "reverse": false}"#,
            json!(["y", "x", "y"]),
            &[1],
        );
    }
}
