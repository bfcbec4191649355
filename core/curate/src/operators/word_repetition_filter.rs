//! Texts by how much of them is repeated runs of words.

use std::num::NonZeroUsize;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_analysis::Params;
use sluice_protocol::spec::{OperationKind, OperationSpec};

use crate::operator::{
    About, Condition, Fault, Foreign, Measure, Operator, Prepared, TextFilter, TextViews, describe,
    typed,
};
use crate::operators::shared::without_tokenizer;
use crate::text::data_juicer::repetition::repeated_words_ratio;

/// Drops texts in which runs of words come again, whatever their case.
///
/// The share is 0 for a text with fewer words than a run.
pub struct WordRepetitionFilter;

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct WordRepetitionParams {
    /// Language of the tokenizer model, which is not used.
    #[schemars(extend("advanced" = true))]
    lang: String,
    /// Whether words are those of a tokenizer model. Only without: words stand between blanks, tabs and line ends.
    #[schemars(extend("advanced" = true))]
    tokenization: bool,
    /// Length of the runs that are looked for.
    #[schemars(extend("unit" = "words"))]
    rep_len: NonZeroUsize,
    /// Least share of runs that occur more than once.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    min_ratio: Option<f64>,
    /// Greatest share of runs that occur more than once.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    max_ratio: Option<f64>,
}

impl Default for WordRepetitionParams {
    fn default() -> Self {
        Self {
            lang: "en".to_owned(),
            tokenization: false,
            rep_len: NonZeroUsize::MIN.saturating_add(9),
            min_ratio: Some(0.0),
            max_ratio: Some(0.5),
        }
    }
}

impl Operator for WordRepetitionFilter {
    fn spec(&self) -> OperationSpec {
        describe::<WordRepetitionParams>(About {
            name: "word_repetition_filter",
            title: "Repeated words",
            summary: "Keeps texts by the share of runs of words that repeat",
            kind: OperationKind::Filter,
            source: "Data-Juicer 1.4.3, word_repetition_filter",
            dialects: &[],
        })
    }

    fn prepare(&self, params: &Params) -> Result<Prepared, Fault> {
        let own = typed::<WordRepetitionParams>(params)?;
        without_tokenizer(own.tokenization)?;
        Ok(Prepared::Filter(Box::new(own)))
    }

    fn foreign(&self) -> &'static [Foreign] {
        &[Foreign {
            system: "data-juicer",
            name: "word_repetition_filter",
            dialect: "",
        }]
    }
}

impl TextFilter for WordRepetitionParams {
    fn measures(&self) -> Vec<Measure> {
        vec![Measure::new("word_rep_ratio", "Repeated words", "share")]
    }

    fn measure(&self, views: &TextViews<'_>, values: &mut [f64]) {
        if let Some(value) = values.first_mut() {
            *value = repeated_words_ratio(views.lower_words(), self.rep_len);
        }
    }

    fn conditions(&self) -> Vec<Condition> {
        vec![Condition::between(
            ("min_ratio", self.min_ratio),
            ("max_ratio", self.max_ratio),
            "share of repeated words out of range",
        )]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(params: &str, text: &str, expected: f64) {
        let params = serde_json::from_str(params).unwrap();
        let Ok(Prepared::Filter(filter)) = WordRepetitionFilter.prepare(&params) else {
            panic!("{params:?}");
        };
        let mut values = [f64::NAN];
        filter.measure(&TextViews::new(text), &mut values);
        assert_eq!(values, [expected], "{text:?}");
    }

    #[test]
    fn words_repeat_whatever_their_case() {
        check(r#"{}"#, "a b a b", 0.0);
        check(r#"{"rep_len": 2}"#, "A b a B, a!", 1.0);
        check(r#"{"rep_len": 2}"#, "a b c a b", 0.5);
    }

    #[test]
    fn a_tokenizer_model_is_refused() {
        let params = serde_json::from_str(r#"{"tokenization": true}"#).unwrap();
        assert_eq!(
            WordRepetitionFilter
                .prepare(&params)
                .err()
                .map(|fault| fault.param),
            Some("tokenization".to_owned())
        );
    }
}
