//! The rows with the largest values of a column.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use sluice_analysis::Params;
use sluice_protocol::spec::{OperationKind, OperationSpec};

use crate::operator::{About, Fault, Foreign, Operator, Prepared, Select, describe, typed};
use crate::operators::shared::first_part;
use crate::text::data_juicer::selectors::{Top, top_records};

/// Chooses the rows with the largest (or smallest) numbers of a column, in that order.
///
/// Text of numbers and means of lists count; what has no number comes last.
pub struct TopkSpecifiedFieldSelector;

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct TopkParams {
    /// The column; parts of nested values are named with dots, as in `meta.score`.
    #[schemars(extend("role" = "column"))]
    field_key: String,
    /// Share of the rows that is chosen, rounded down.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    top_ratio: Option<f64>,
    /// Number of rows that is chosen; with a share, the fewer of both. Without either, all rows stay.
    topk: Option<usize>,
    /// Whether the largest values come first.
    reverse: bool,
}

impl Default for TopkParams {
    fn default() -> Self {
        Self {
            field_key: String::new(),
            top_ratio: None,
            topk: None,
            reverse: true,
        }
    }
}

impl Operator for TopkSpecifiedFieldSelector {
    fn spec(&self) -> OperationSpec {
        describe::<TopkParams>(About {
            name: "topk_specified_field_selector",
            title: "Largest values",
            summary: "Chooses the rows with the largest or smallest values of a column",
            kind: OperationKind::Select,
            source: "Data-Juicer 1.4.3, topk_specified_field_selector",
            dialects: &[],
        })
    }

    fn prepare(&self, params: &Params) -> Result<Prepared, Fault> {
        Ok(Prepared::Select(Box::new(typed::<TopkParams>(params)?)))
    }

    fn foreign(&self) -> &'static [Foreign] {
        &[Foreign {
            system: "data-juicer",
            name: "topk_specified_field_selector",
            dialect: "",
        }]
    }
}

impl Select for TopkParams {
    fn column(&self) -> Option<String> {
        first_part(&self.field_key).pop()
    }

    fn select(&self, records: &[Json], _draw: &mut dyn FnMut(u64) -> u64) -> Vec<usize> {
        let top = Top {
            share: self.top_ratio,
            number: self.topk,
        };
        top_records(records, &self.field_key, top, self.reverse)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(params: &str, values: Json, expected: &[usize]) {
        let params = serde_json::from_str(params).unwrap();
        let Ok(Prepared::Select(select)) = TopkSpecifiedFieldSelector.prepare(&params) else {
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
    fn the_largest_come_first_and_what_has_no_number_last() {
        let values = || json!([null, 2, "3", 2, "x"]);
        check(r#"{"field_key": "a.b", "topk": 3}"#, values(), &[2, 1, 3]);
        check(
            r#"{"field_key": "a.b", "topk": 4, "top_ratio": 0.4, "reverse": false}"#,
            values(),
            &[1, 3],
        );
        check(r#"{"field_key": "a.b"}"#, values(), &[0, 1, 2, 3, 4]);
    }
}
