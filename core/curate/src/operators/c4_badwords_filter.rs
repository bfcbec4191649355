//! Texts with a word of a list of bad words.

use aho_corasick::{AhoCorasick, AhoCorasickBuilder};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_analysis::Params;
use sluice_protocol::spec::{OperationKind, OperationSpec};

use crate::operator::{
    About, Condition, Fault, Measure, Operator, Prepared, Span, TextFilter, TextViews, describe,
    typed,
};
use crate::operators::shared::word_list_words;
use crate::text::heuristics::spans::CodePoints;
use crate::text::python;
use crate::text::word_lists::FLAGGED_WORDS;

/// Drops texts with any obscene or abusive word, as C4 does.
///
/// A word counts where no letter, digit or `_` stands next to it; in lists for Chinese, Japanese and Thai, which write
/// no blanks, it counts anywhere. The lists are our own, so that other texts go than by C4's list.
pub struct C4BadwordsFilter;

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct C4BadwordsParams {
    /// Language of the list: `en`, `de`, `fr`, `es`, `it`, `pt`, `nl`, or `all`.
    default_language: String,
    /// Words or phrases of a list of your own; it replaces that of the language. Capitals of A to Z do not matter.
    words: Vec<String>,
    /// Most bad words in a text that is kept.
    #[schemars(range(min = 0.0), extend("unit" = "words"))]
    max_bad_words: Option<f64>,
    /// Share of the texts with bad words that is kept by chance. Only 0: texts are kept for what they are.
    #[schemars(extend("advanced" = true))]
    keep_fraction: f64,
}

impl Default for C4BadwordsParams {
    fn default() -> Self {
        Self {
            default_language: "en".to_owned(),
            words: Vec::new(),
            max_bad_words: Some(0.0),
            keep_fraction: 0.0,
        }
    }
}

struct BadWords {
    max: Option<f64>,
    matcher: AhoCorasick,
    needs_boundary: bool,
}

impl Operator for C4BadwordsFilter {
    fn spec(&self) -> OperationSpec {
        describe::<C4BadwordsParams>(About {
            name: "c4_badwords_filter",
            title: "C4 bad words",
            summary: "Drops texts with any obscene or abusive word",
            kind: OperationKind::Filter,
            source: "Raffel et al. 2020; rule of datatrove 0.10.1, C4BadWordsFilter, with other lists",
            dialects: &[],
        })
    }

    fn prepare(&self, params: &Params) -> Result<Prepared, Fault> {
        let own = typed::<C4BadwordsParams>(params)?;
        if own.keep_fraction != 0.0 {
            return Err(Fault::new(
                "keep_fraction",
                "texts are not kept by chance; set it to 0, or sample with random_selector",
            ));
        }
        let lang = &own.default_language;
        let words = word_list_words(FLAGGED_WORDS, ("default_language", lang), &own.words)?;
        let matcher = AhoCorasickBuilder::new()
            .ascii_case_insensitive(true)
            .build(words.iter().filter(|word| !word.is_empty()))
            .map_err(|error| Fault::new("words", error))?;
        Ok(Prepared::Filter(Box::new(BadWords {
            max: own.max_bad_words,
            matcher,
            needs_boundary: !["zh", "ja", "th"].contains(&lang.as_str()),
        })))
    }
}

impl BadWords {
    /// Byte ranges, by their ends; one may lie in another.
    fn found<'a>(&'a self, text: &'a str) -> impl Iterator<Item = (usize, usize)> + 'a {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        self.matcher
            .find_overlapping_iter(text)
            .map(|found| (found.start(), found.end()))
            .filter(move |(start, end)| {
                let before = text
                    .get(..*start)
                    .and_then(|before| before.chars().next_back());
                let after = text.get(*end..).and_then(|after| after.chars().next());
                !self.needs_boundary || !before.is_some_and(is_word) && !after.is_some_and(is_word)
            })
    }
}

impl TextFilter for BadWords {
    fn measures(&self) -> Vec<Measure> {
        vec![Measure::new("c4_bad_words", "Bad words", "words")]
    }

    fn measure(&self, views: &TextViews<'_>, values: &mut [f64]) {
        if let Some(value) = values.first_mut() {
            *value = self.found(views.text).count() as f64;
        }
    }

    fn conditions(&self) -> Vec<Condition> {
        vec![Condition::at_most(
            0,
            ("max_bad_words", self.max),
            "a bad word",
        )]
    }

    fn spans(&self, text: &str) -> Vec<Span> {
        let mut found: Vec<(usize, usize)> = self.found(text).collect();
        found.sort_unstable();
        let mut points = CodePoints::new(text);
        let spans = found.into_iter().map(|(start, end)| {
            let first = points.before(start);
            let n_chars = text.get(start..end).map_or(0, python::len);
            Span::new(first, first + n_chars, "bad word", 1.0)
        });
        spans.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operators::shared::testing::{filter, values};

    #[test]
    fn words_have_to_stand_alone() {
        let own = r#"{"words": ["bad", "very bad"]}"#;
        let check = |text: &str, expected: f64| {
            assert_eq!(values(&C4BadwordsFilter, own, text), [expected], "{text:?}");
        };
        check("", 0.0);
        check("Bad! badly, a_bad, ébad, (BAD)", 2.0);
        check("very bad", 2.0);
        let spans = filter(&C4BadwordsFilter, own).spans("é, bad");
        assert_eq!(spans, [Span::new(3, 6, "bad word", 1.0)]);
    }

    #[test]
    fn keeping_by_chance_is_refused() {
        let params = serde_json::from_str(r#"{"keep_fraction": 0.1}"#).unwrap();
        assert!(C4BadwordsFilter.prepare(&params).is_err());
    }
}
