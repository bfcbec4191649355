//! Texts by their longest line.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_analysis::Params;
use sluice_protocol::spec::{OperationKind, OperationSpec};

use crate::operator::{
    About, Condition, Fault, Foreign, Measure, Operator, Prepared, TextFilter, TextViews, describe,
    typed,
};

/// Keeps texts by their longest line: data without line ends is long, a list of headings is short.
pub struct MaximumLineLengthFilter;

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct MaximumLineLengthParams {
    /// Least length of the longest line, without its end.
    #[schemars(range(min = 0.0), extend("unit" = "characters"))]
    min_len: Option<f64>,
    /// Greatest length of the longest line.
    #[schemars(range(min = 0.0), extend("unit" = "characters"))]
    max_len: Option<f64>,
}

impl Default for MaximumLineLengthParams {
    fn default() -> Self {
        Self {
            min_len: Some(10.0),
            max_len: None,
        }
    }
}

impl Operator for MaximumLineLengthFilter {
    fn spec(&self) -> OperationSpec {
        describe::<MaximumLineLengthParams>(About {
            name: "maximum_line_length_filter",
            title: "Longest line",
            summary: "Keeps texts by the length of their longest line",
            kind: OperationKind::Filter,
            source: "Data-Juicer 1.4.3, maximum_line_length_filter",
            dialects: &[],
        })
    }

    fn prepare(&self, params: &Params) -> Result<Prepared, Fault> {
        Ok(Prepared::Filter(Box::new(
            typed::<MaximumLineLengthParams>(params)?,
        )))
    }

    fn foreign(&self) -> &'static [Foreign] {
        &[Foreign {
            system: "data-juicer",
            name: "maximum_line_length_filter",
            dialect: "",
        }]
    }
}

impl TextFilter for MaximumLineLengthParams {
    fn measures(&self) -> Vec<Measure> {
        vec![Measure::new(
            "max_line_length",
            "Longest line",
            "characters",
        )]
    }

    fn measure(&self, views: &TextViews<'_>, values: &mut [f64]) {
        if let Some(value) = values.first_mut() {
            *value = views.char_counts().longest_line as f64;
        }
    }

    fn conditions(&self) -> Vec<Condition> {
        vec![Condition::between(
            ("min_len", self.min_len),
            ("max_len", self.max_len),
            "longest line out of range",
        )]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(params: &str, text: &str, expected: f64) {
        let params = serde_json::from_str(params).unwrap();
        let Ok(Prepared::Filter(filter)) = MaximumLineLengthFilter.prepare(&params) else {
            panic!("{params:?}");
        };
        let mut values = [f64::NAN];
        filter.measure(&TextViews::new(text), &mut values);
        assert_eq!(values, [expected], "{text:?}");
    }

    #[test]
    fn line_ends_do_not_count() {
        check(r#"{}"#, "", 0.0);
        check(r#"{}"#, "ab\ncdé\u{2028}", 3.0);
    }
}
