//! Texts by their length.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_analysis::Params;
use sluice_protocol::spec::{OperationKind, OperationSpec};

use crate::operator::{
    About, Condition, Fault, Foreign, Measure, Operator, Prepared, TextFilter, TextViews, describe,
    typed,
};

/// Keeps texts that are long enough: titles, fragments and empty pages go.
pub struct TextLengthFilter;

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct TextLengthParams {
    /// Least number of characters.
    #[schemars(range(min = 0.0), extend("unit" = "characters"))]
    min_len: Option<f64>,
    /// Greatest number of characters.
    #[schemars(range(min = 0.0), extend("unit" = "characters"))]
    max_len: Option<f64>,
}

impl Default for TextLengthParams {
    fn default() -> Self {
        Self {
            min_len: Some(10.0),
            max_len: None,
        }
    }
}

impl Operator for TextLengthFilter {
    fn spec(&self) -> OperationSpec {
        describe::<TextLengthParams>(About {
            name: "text_length_filter",
            title: "Text length",
            summary: "Keeps texts by their number of characters",
            kind: OperationKind::Filter,
            source: "Data-Juicer 1.4.3, text_length_filter",
            dialects: &[],
        })
    }

    fn prepare(&self, params: &Params) -> Result<Prepared, Fault> {
        Ok(Prepared::Filter(Box::new(typed::<TextLengthParams>(
            params,
        )?)))
    }

    fn foreign(&self) -> &'static [Foreign] {
        &[Foreign {
            system: "data-juicer",
            name: "text_length_filter",
            dialect: "",
        }]
    }
}

impl TextFilter for TextLengthParams {
    fn measures(&self) -> Vec<Measure> {
        vec![Measure::new("text_len", "Length", "characters")]
    }

    fn measure(&self, views: &TextViews<'_>, values: &mut [f64]) {
        if let Some(value) = values.first_mut() {
            *value = views.char_counts().n_chars as f64;
        }
    }

    fn conditions(&self) -> Vec<Condition> {
        vec![Condition::between(
            ("min_len", self.min_len),
            ("max_len", self.max_len),
            "length out of range",
        )]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(params: &str, text: &str, expected: f64) {
        let params = serde_json::from_str(params).unwrap();
        let Ok(Prepared::Filter(filter)) = TextLengthFilter.prepare(&params) else {
            panic!("{params:?}");
        };
        let mut values = [f64::NAN];
        filter.measure(&TextViews::new(text), &mut values);
        assert_eq!(values, [expected], "{text:?}");
    }

    #[test]
    fn code_points_are_counted() {
        check(r#"{}"#, "", 0.0);
        check(r#"{}"#, "e\u{301}\n😊", 4.0);
    }
}
