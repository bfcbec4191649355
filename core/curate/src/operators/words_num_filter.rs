//! Texts by their number of words.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_analysis::Params;
use sluice_protocol::spec::{OperationKind, OperationSpec};

use crate::operator::{
    About, Condition, Fault, Foreign, Measure, Operator, Prepared, TextFilter, TextViews, describe,
    typed,
};
use crate::operators::shared::without_tokenizer;

/// Keeps texts with enough words. Words of special characters alone, such as numbers, are none.
pub struct WordsNumFilter;

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct WordsNumParams {
    /// Language of the tokenizer model, which is not used.
    #[schemars(extend("advanced" = true))]
    lang: String,
    /// Whether words are those of a tokenizer model. Only without: words stand between blanks, tabs and line ends.
    #[schemars(extend("advanced" = true))]
    tokenization: bool,
    /// Least number of words.
    #[schemars(range(min = 0.0), extend("unit" = "words"))]
    min_num: Option<f64>,
    /// Greatest number of words.
    #[schemars(range(min = 0.0), extend("unit" = "words"))]
    max_num: Option<f64>,
}

impl Default for WordsNumParams {
    fn default() -> Self {
        Self {
            lang: "en".to_owned(),
            tokenization: false,
            min_num: Some(10.0),
            max_num: None,
        }
    }
}

impl Operator for WordsNumFilter {
    fn spec(&self) -> OperationSpec {
        describe::<WordsNumParams>(About {
            name: "words_num_filter",
            title: "Number of words",
            summary: "Keeps texts by their number of words",
            kind: OperationKind::Filter,
            source: "Data-Juicer 1.4.3, words_num_filter",
            dialects: &[],
        })
    }

    fn prepare(&self, params: &Params) -> Result<Prepared, Fault> {
        let own = typed::<WordsNumParams>(params)?;
        without_tokenizer(own.tokenization)?;
        Ok(Prepared::Filter(Box::new(own)))
    }

    fn foreign(&self) -> &'static [Foreign] {
        &[Foreign {
            system: "data-juicer",
            name: "words_num_filter",
            dialect: "",
        }]
    }
}

impl TextFilter for WordsNumParams {
    fn measures(&self) -> Vec<Measure> {
        vec![Measure::new("num_words", "Words", "words")]
    }

    fn measure(&self, views: &TextViews<'_>, values: &mut [f64]) {
        if let Some(value) = values.first_mut() {
            *value = views.lower_words().n_as_written() as f64;
        }
    }

    fn conditions(&self) -> Vec<Condition> {
        vec![Condition::between(
            ("min_num", self.min_num),
            ("max_num", self.max_num),
            "number of words out of range",
        )]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(params: &str, text: &str, expected: f64) {
        let params = serde_json::from_str(params).unwrap();
        let Ok(Prepared::Filter(filter)) = WordsNumFilter.prepare(&params) else {
            panic!("{params:?}");
        };
        let mut values = [f64::NAN];
        filter.measure(&TextViews::new(text), &mut values);
        assert_eq!(values, [expected], "{text:?}");
    }

    #[test]
    fn numbers_and_marks_are_no_words() {
        check(r#"{}"#, "", 0.0);
        check(r#"{}"#, "One, two 3 — (four)", 3.0);
    }

    #[test]
    fn a_tokenizer_model_is_refused() {
        let params = serde_json::from_str(r#"{"tokenization": true}"#).unwrap();
        assert_eq!(
            WordsNumFilter
                .prepare(&params)
                .err()
                .map(|fault| fault.param),
            Some("tokenization".to_owned())
        );
    }
}
