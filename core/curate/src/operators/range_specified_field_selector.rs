//! The rows between two ranks of a column.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use sluice_analysis::Params;
use sluice_protocol::spec::{OperationKind, OperationSpec};

use crate::operator::{About, Fault, Foreign, Operator, Prepared, Select, describe, typed};
use crate::operators::shared::first_part;
use crate::text::data_juicer::selectors::{RankBounds, records_in_range};

/// Chooses the rows between two ranks by rising number of a column, largest first. It needs both sides.
pub struct RangeSpecifiedFieldSelector;

#[derive(Serialize, Deserialize, JsonSchema, Default)]
#[serde(default, deny_unknown_fields)]
struct RangeParams {
    /// The column; parts of nested values are named with dots, as in `meta.score`.
    #[schemars(extend("role" = "column"))]
    field_key: String,
    /// Share of the rows below the range.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    lower_percentile: Option<f64>,
    /// Share of the rows up to the end of the range.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    upper_percentile: Option<f64>,
    /// Number of rows below the range; with a share, the larger of both.
    lower_rank: Option<usize>,
    /// Number of rows up to the end of the range; with a share, the smaller of both.
    upper_rank: Option<usize>,
}

impl Operator for RangeSpecifiedFieldSelector {
    fn spec(&self) -> OperationSpec {
        describe::<RangeParams>(About {
            name: "range_specified_field_selector",
            title: "Range of ranks",
            summary: "Chooses the rows between two ranks of a column",
            kind: OperationKind::Select,
            source: "Data-Juicer 1.4.3, range_specified_field_selector",
            dialects: &[],
        })
    }

    fn prepare(&self, params: &Params) -> Result<Prepared, Fault> {
        Ok(Prepared::Select(Box::new(typed::<RangeParams>(params)?)))
    }

    fn foreign(&self) -> &'static [Foreign] {
        &[Foreign {
            system: "data-juicer",
            name: "range_specified_field_selector",
            dialect: "",
        }]
    }
}

impl Select for RangeParams {
    fn column(&self) -> Option<String> {
        first_part(&self.field_key).pop()
    }

    fn select(&self, records: &[Json], _draw: &mut dyn FnMut(u64) -> u64) -> Vec<usize> {
        let bounds = RankBounds {
            lower_share: self.lower_percentile,
            lower_rank: self.lower_rank,
            upper_share: self.upper_percentile,
            upper_rank: self.upper_rank,
        };
        records_in_range(records, &self.field_key, bounds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(params: &str, values: Json, expected: &[usize]) {
        let params = serde_json::from_str(params).unwrap();
        let Ok(Prepared::Select(select)) = RangeSpecifiedFieldSelector.prepare(&params) else {
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
    fn a_range_needs_both_sides() {
        let values = || json!([1, 4, 3, 3, 2]);
        let range =
            r#"{"field_key": "a.b", "lower_percentile": 0.2, "lower_rank": 2, "upper_rank": 4}"#;
        check(range, values(), &[2, 3]);
        check(
            r#"{"field_key": "a.b", "lower_rank": 2}"#,
            values(),
            &[0, 1, 2, 3, 4],
        );
    }
}
