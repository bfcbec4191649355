//! Texts by their share of special characters.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_analysis::Params;
use sluice_protocol::spec::{OperationKind, OperationSpec};

use crate::operator::{
    About, Condition, Fault, Foreign, Measure, Operator, Prepared, TextFilter, TextViews, describe,
    typed,
};

/// Drops texts of too many special characters: punctuation, digits, white space, symbols and emoji.
pub struct SpecialCharactersFilter;

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct SpecialCharactersParams {
    /// Least share of special characters.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    min_ratio: Option<f64>,
    /// Greatest share of special characters.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    max_ratio: Option<f64>,
}

impl Default for SpecialCharactersParams {
    fn default() -> Self {
        Self {
            min_ratio: Some(0.0),
            max_ratio: Some(0.25),
        }
    }
}

impl Operator for SpecialCharactersFilter {
    fn spec(&self) -> OperationSpec {
        describe::<SpecialCharactersParams>(About {
            name: "special_characters_filter",
            title: "Special characters",
            summary: "Keeps texts by their share of punctuation, digits, blanks and emoji",
            kind: OperationKind::Filter,
            source: "Data-Juicer 1.4.3, special_characters_filter",
            dialects: &[],
        })
    }

    fn prepare(&self, params: &Params) -> Result<Prepared, Fault> {
        Ok(Prepared::Filter(Box::new(
            typed::<SpecialCharactersParams>(params)?,
        )))
    }

    fn foreign(&self) -> &'static [Foreign] {
        &[Foreign {
            system: "data-juicer",
            name: "special_characters_filter",
            dialect: "",
        }]
    }
}

impl TextFilter for SpecialCharactersParams {
    fn measures(&self) -> Vec<Measure> {
        vec![Measure::new(
            "special_char_ratio",
            "Special characters",
            "share",
        )]
    }

    fn measure(&self, views: &TextViews<'_>, values: &mut [f64]) {
        if let Some(value) = values.first_mut() {
            *value = views.char_counts().special_characters_ratio();
        }
    }

    fn conditions(&self) -> Vec<Condition> {
        vec![Condition::between(
            ("min_ratio", self.min_ratio),
            ("max_ratio", self.max_ratio),
            "share of special characters out of range",
        )]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(params: &str, text: &str, expected: f64) {
        let params = serde_json::from_str(params).unwrap();
        let Ok(Prepared::Filter(filter)) = SpecialCharactersFilter.prepare(&params) else {
            panic!("{params:?}");
        };
        let mut values = [f64::NAN];
        filter.measure(&TextViews::new(text), &mut values);
        assert_eq!(values, [expected], "{text:?}");
    }

    #[test]
    fn digits_blanks_and_emoji_are_special() {
        check(r#"{}"#, "", 0.0);
        check(r#"{}"#, "a😊，1", 0.75);
        check(r#"{}"#, "ab c", 0.25);
    }
}
