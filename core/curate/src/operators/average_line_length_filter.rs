//! Texts by the mean length of their lines.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_analysis::Params;
use sluice_protocol::spec::{OperationKind, OperationSpec};

use crate::operator::{
    About, Condition, Fault, Foreign, Measure, Operator, Prepared, TextFilter, TextViews, describe,
    typed,
};

/// Keeps texts whose lines are long enough on average: menus, lists of links and tables go.
pub struct AverageLineLengthFilter;

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct AverageLineLengthParams {
    /// Least mean length of lines. Line ends count as characters.
    #[schemars(range(min = 0.0), extend("unit" = "characters"))]
    min_len: Option<f64>,
    /// Greatest mean length of lines.
    #[schemars(range(min = 0.0), extend("unit" = "characters"))]
    max_len: Option<f64>,
}

impl Default for AverageLineLengthParams {
    fn default() -> Self {
        Self {
            min_len: Some(10.0),
            max_len: None,
        }
    }
}

impl Operator for AverageLineLengthFilter {
    fn spec(&self) -> OperationSpec {
        describe::<AverageLineLengthParams>(About {
            name: "average_line_length_filter",
            title: "Mean line length",
            summary: "Keeps texts by the mean length of their lines",
            kind: OperationKind::Filter,
            source: "Data-Juicer 1.4.3, average_line_length_filter",
            dialects: &[],
        })
    }

    fn prepare(&self, params: &Params) -> Result<Prepared, Fault> {
        Ok(Prepared::Filter(Box::new(
            typed::<AverageLineLengthParams>(params)?,
        )))
    }

    fn foreign(&self) -> &'static [Foreign] {
        &[Foreign {
            system: "data-juicer",
            name: "average_line_length_filter",
            dialect: "",
        }]
    }
}

impl TextFilter for AverageLineLengthParams {
    fn measures(&self) -> Vec<Measure> {
        vec![Measure::new(
            "avg_line_length",
            "Mean line length",
            "characters",
        )]
    }

    fn measure(&self, views: &TextViews<'_>, values: &mut [f64]) {
        if let Some(value) = values.first_mut() {
            *value = views.char_counts().average_line_length();
        }
    }

    fn conditions(&self) -> Vec<Condition> {
        vec![Condition::between(
            ("min_len", self.min_len),
            ("max_len", self.max_len),
            "mean line length out of range",
        )]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(params: &str, text: &str, expected: f64) {
        let params = serde_json::from_str(params).unwrap();
        let Ok(Prepared::Filter(filter)) = AverageLineLengthFilter.prepare(&params) else {
            panic!("{params:?}");
        };
        let mut values = [f64::NAN];
        filter.measure(&TextViews::new(text), &mut values);
        assert_eq!(values, [expected], "{text:?}");
    }

    #[test]
    fn line_ends_count() {
        check(r#"{}"#, "", 0.0);
        check(r#"{}"#, "ab\ncd\n", 3.0);
        check(r#"{}"#, "a\r\nb", 2.0);
    }
}
