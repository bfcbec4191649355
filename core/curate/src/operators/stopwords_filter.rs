//! Texts by their share of stop words.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_analysis::Params;
use sluice_protocol::spec::{OperationKind, OperationSpec};

use crate::operator::{
    About, Condition, Fault, Foreign, Measure, Operator, Prepared, TextFilter, TextViews, describe,
    typed,
};
use crate::operators::shared::{without_tokenizer, word_list};
use crate::text::data_juicer::lower_words::WordList;
use crate::text::data_juicer::words::Groups;
use crate::text::word_lists::STOP_WORDS;

/// Keeps texts with enough stop words: running text has many, lists of names and keywords have few.
///
/// The lists are our own, so that shares differ a little from those by Data-Juicer's lists. The share is 0 without words.
pub struct StopwordsFilter;

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct StopwordsParams {
    /// Language of the list: `en`, `de`, `fr`, `es`, `it`, `pt`, `nl`, or `all`.
    lang: String,
    /// Whether words are those of a tokenizer model. Only without: words stand between blanks, tabs and line ends.
    #[schemars(extend("advanced" = true))]
    tokenization: bool,
    /// Words of a list of your own, in lower case; it replaces that of the language.
    words: Vec<String>,
    /// Whether neighbouring words joined together count as further words, for languages without blanks.
    #[schemars(extend("advanced" = true))]
    use_words_aug: bool,
    /// Numbers of words that are joined.
    #[schemars(extend("advanced" = true))]
    words_aug_group_sizes: Vec<usize>,
    /// What joins them.
    #[schemars(extend("advanced" = true))]
    words_aug_join_char: String,
    /// Least share of stop words.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    min_ratio: Option<f64>,
    /// Greatest share of stop words.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    max_ratio: Option<f64>,
}

impl Default for StopwordsParams {
    fn default() -> Self {
        Self {
            lang: "en".to_owned(),
            tokenization: false,
            words: Vec::new(),
            use_words_aug: false,
            words_aug_group_sizes: vec![2],
            words_aug_join_char: String::new(),
            min_ratio: Some(0.3),
            max_ratio: Some(1.0),
        }
    }
}

impl Operator for StopwordsFilter {
    fn spec(&self) -> OperationSpec {
        describe::<StopwordsParams>(About {
            name: "stopwords_filter",
            title: "Stop words",
            summary: "Keeps texts by their share of stop words, the words that every sentence needs",
            kind: OperationKind::Filter,
            source: "Data-Juicer 1.4.3, stopwords_filter",
            dialects: &[],
        })
    }

    fn prepare(&self, params: &Params) -> Result<Prepared, Fault> {
        let own = typed::<StopwordsParams>(params)?;
        without_tokenizer(own.tokenization)?;
        let list = word_list(STOP_WORDS, &own.lang, &own.words)?;
        Ok(Prepared::Filter(Box::new(Listed { params: own, list })))
    }

    fn differs(&self) -> &'static str {
        "the list of stop words is Sluice’s own unless the recipe brings one"
    }

    fn foreign(&self) -> &'static [Foreign] {
        &[Foreign {
            system: "data-juicer",
            name: "stopwords_filter",
            dialect: "",
        }]
    }
}

/// Parameters with their list, ready to be asked.
struct Listed {
    params: StopwordsParams,
    list: WordList,
}

impl TextFilter for Listed {
    fn measures(&self) -> Vec<Measure> {
        vec![Measure::new("stopwords_ratio", "Stop words", "share")]
    }

    fn measure(&self, views: &TextViews<'_>, values: &mut [f64]) {
        if let Some(value) = values.first_mut() {
            *value = {
                let params = &self.params;
                let groups = params.use_words_aug.then(|| Groups {
                    sizes: &params.words_aug_group_sizes,
                    joined_by: &params.words_aug_join_char,
                });
                views
                    .lower_words()
                    .listed_ratio(&self.list, groups.as_ref())
            };
        }
    }

    fn conditions(&self) -> Vec<Condition> {
        vec![Condition::between(
            ("min_ratio", self.params.min_ratio),
            ("max_ratio", self.params.max_ratio),
            "share of stop words out of range",
        )]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(params: &str, text: &str, expected: f64) {
        let params = serde_json::from_str(params).unwrap();
        let Ok(Prepared::Filter(filter)) = StopwordsFilter.prepare(&params) else {
            panic!("{params:?}");
        };
        let mut values = [f64::NAN];
        filter.measure(&TextViews::new(text), &mut values);
        assert_eq!(values, [expected], "{text:?}");
    }

    #[test]
    fn words_of_the_list_count_in_any_case() {
        check(r#"{}"#, "", 0.0);
        check(r#"{}"#, "The cat and a dog", 0.6);
        check(r#"{"words": ["cat"]}"#, "The Cat!", 0.5);
        check(r#"{"words": ["ab"], "use_words_aug": true}"#, "a b c", 0.2);
    }

    #[test]
    fn a_language_without_a_list_is_refused() {
        let params = serde_json::from_str(r#"{"lang": "xx"}"#).unwrap();
        assert_eq!(
            StopwordsFilter
                .prepare(&params)
                .err()
                .map(|fault| fault.param),
            Some("lang".to_owned())
        );
        check(r#"{"lang": "xx", "words": ["b"]}"#, "a B", 0.5);
    }
}
