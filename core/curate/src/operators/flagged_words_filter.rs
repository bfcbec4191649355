//! Texts by their share of obscene and abusive words.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_analysis::Params;
use sluice_protocol::spec::{OperationKind, OperationSpec};

use crate::operator::{
    About, Condition, Fault, Foreign, Measure, Operator, Prepared, Span, TextFilter, TextViews,
    describe, typed,
};
use crate::operators::shared::{listed_spans, without_tokenizer, word_list};
use crate::text::data_juicer::lower_words::WordList;
use crate::text::data_juicer::words::Groups;
use crate::text::word_lists::FLAGGED_WORDS;

/// Drops texts with too many obscene or abusive words.
///
/// The lists are our own and short, so that shares differ from those by Data-Juicer's lists. The share is 0 without
/// words.
pub struct FlaggedWordsFilter;

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct FlaggedWordsParams {
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
    /// Least share of flagged words.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    min_ratio: Option<f64>,
    /// Greatest share of flagged words.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    max_ratio: Option<f64>,
}

impl Default for FlaggedWordsParams {
    fn default() -> Self {
        Self {
            lang: "en".to_owned(),
            tokenization: false,
            words: Vec::new(),
            use_words_aug: false,
            words_aug_group_sizes: vec![2],
            words_aug_join_char: String::new(),
            min_ratio: Some(0.0),
            max_ratio: Some(0.045),
        }
    }
}

impl Operator for FlaggedWordsFilter {
    fn spec(&self) -> OperationSpec {
        describe::<FlaggedWordsParams>(About {
            name: "flagged_words_filter",
            title: "Flagged words",
            summary: "Drops texts by their share of obscene and abusive words",
            kind: OperationKind::Filter,
            source: "Data-Juicer 1.4.3, flagged_words_filter",
            dialects: &[],
        })
    }

    fn prepare(&self, params: &Params) -> Result<Prepared, Fault> {
        let own = typed::<FlaggedWordsParams>(params)?;
        without_tokenizer(own.tokenization)?;
        let list = word_list(FLAGGED_WORDS, &own.lang, &own.words)?;
        Ok(Prepared::Filter(Box::new(Listed { params: own, list })))
    }

    fn differs(&self) -> &'static str {
        "the list of flagged words is Sluice’s own unless the recipe brings one"
    }

    fn foreign(&self) -> &'static [Foreign] {
        &[Foreign {
            system: "data-juicer",
            name: "flagged_words_filter",
            dialect: "",
        }]
    }
}

/// Parameters with their list, ready to be asked.
struct Listed {
    params: FlaggedWordsParams,
    list: WordList,
}

impl TextFilter for Listed {
    fn measures(&self) -> Vec<Measure> {
        vec![Measure::new(
            "flagged_words_ratio",
            "Flagged words",
            "share",
        )]
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
            "share of flagged words out of range",
        )]
    }

    fn spans(&self, text: &str) -> Vec<Span> {
        listed_spans(text, &self.list, "flagged word")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(params: &str, text: &str, expected: f64) {
        let params = serde_json::from_str(params).unwrap();
        let Ok(Prepared::Filter(filter)) = FlaggedWordsFilter.prepare(&params) else {
            panic!("{params:?}");
        };
        let mut values = [f64::NAN];
        filter.measure(&TextViews::new(text), &mut values);
        assert_eq!(values, [expected], "{text:?}");
    }

    #[test]
    fn words_of_the_list_count_in_any_case() {
        check(r#"{}"#, "", 0.0);
        check(r#"{}"#, "A calm text", 0.0);
        check(r#"{"words": ["bad"]}"#, "so BAD, so good", 0.25);
    }

    #[test]
    fn a_language_without_a_list_is_refused() {
        let params = serde_json::from_str(r#"{"lang": "xx"}"#).unwrap();
        assert_eq!(
            FlaggedWordsFilter
                .prepare(&params)
                .err()
                .map(|fault| fault.param),
            Some("lang".to_owned())
        );
        check(r#"{"lang": "xx", "words": ["b"]}"#, "a B", 0.5);
    }

    #[test]
    fn flagged_words_have_a_place() {
        let params = serde_json::from_str(r#"{"words": ["bad"]}"#).unwrap();
        let Ok(Prepared::Filter(filter)) = FlaggedWordsFilter.prepare(&params) else {
            panic!("{params:?}");
        };
        assert_eq!(
            filter.spans("é (BAD) good"),
            [Span::new(3, 6, "flagged word", 1.0)]
        );
    }
}
