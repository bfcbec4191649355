//! C4's rules for lines and texts.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_analysis::Params;
use sluice_protocol::spec::{OperationKind, OperationSpec};

use crate::operator::{
    About, Condition, Fault, Foreign, Measure, Operator, Prepared, TextFilter, TextViews, describe,
    typed,
};
use crate::operators::shared::fill;
use crate::text::datatrove::c4::{C4Quality, c4_lines};
use crate::text::heuristics::dolma_taggers::{C4Lines as DolmaLines, c4_v2_lines};

/// Keeps the lines of a text that are sentences, and drops texts with too few of them, with filler text or with code.
///
/// The text after the filter has the kept lines only. Where filler text or a curly bracket drops a text, its sentences
/// are not counted.
pub struct C4QualityFilter;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum C4Dialect {
    #[default]
    Datatrove,
    Dolma,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct C4QualityParams {
    /// Whose definitions count. `datatrove` edits lines and counts sentences. `dolma` (its tagger `c4_v2`) drops lines
    /// without an end mark or with fewer than three words, and texts with `javascript` anywhere; its sentences are not
    /// counted, and the parameters of lines are fixed.
    dialect: C4Dialect,
    /// Whether the rules are for lines; else for sentences.
    split_paragraph: bool,
    /// Whether `[12]`, `[edit]` and `[citation needed]` go.
    remove_citations: bool,
    /// Whether lines go that do not end with `.`, `?`, `!`, `"` or `'`, or that end with `...`.
    filter_no_terminal_punct: bool,
    /// Least number of sentences in the lines kept; a negative number is no limit.
    #[schemars(extend("unit" = "sentences"))]
    min_num_sentences: Option<f64>,
    /// Least number of words of a line; a negative number is no limit.
    #[schemars(extend("unit" = "words"))]
    min_words_per_line: i64,
    /// Lines with a longer word go; a negative number is no limit.
    #[schemars(extend("unit" = "characters"))]
    max_word_length: i64,
    /// Whether a text with `lorem ipsum` goes.
    filter_lorem_ipsum: bool,
    /// Whether lines with `javascript` go (the whole text in Dolma).
    filter_javascript: bool,
    /// Whether a text with `{` goes.
    filter_curly_bracket: bool,
    /// Whether lines go that speak of cookies, terms of use or privacy policies.
    filter_policy: bool,
}

impl Default for C4QualityParams {
    fn default() -> Self {
        Self {
            dialect: C4Dialect::default(),
            split_paragraph: true,
            remove_citations: true,
            filter_no_terminal_punct: true,
            min_num_sentences: Some(5.0),
            min_words_per_line: 3,
            max_word_length: 1000,
            filter_lorem_ipsum: true,
            filter_javascript: true,
            filter_curly_bracket: true,
            filter_policy: true,
        }
    }
}

impl Operator for C4QualityFilter {
    fn spec(&self) -> OperationSpec {
        describe::<C4QualityParams>(About {
            name: "c4_quality_filter",
            title: "C4 quality",
            summary: "Keeps the lines that are sentences and drops texts with too few of them",
            kind: OperationKind::Filter,
            source: "Raffel et al. 2020; datatrove 0.10.1, C4QualityFilter; Dolma 1.2.1, c4_v2",
            dialects: &["datatrove", "dolma"],
        })
    }

    fn prepare(&self, params: &Params) -> Result<Prepared, Fault> {
        Ok(Prepared::Filter(Box::new(typed::<C4QualityParams>(
            params,
        )?)))
    }

    fn foreign(&self) -> &'static [Foreign] {
        &[Foreign {
            system: "datatrove",
            name: "C4QualityFilter",
            dialect: "datatrove",
        }]
    }
}

impl C4QualityParams {
    fn rules(&self) -> C4Quality {
        C4Quality {
            by_line: self.split_paragraph,
            removes_citations: self.remove_citations,
            needs_end_mark: self.filter_no_terminal_punct,
            min_sentences: None,
            min_words_per_line: usize::try_from(self.min_words_per_line).unwrap_or(0),
            max_word_len: usize::try_from(self.max_word_length).ok(),
            drops_lorem_ipsum: self.filter_lorem_ipsum,
            drops_javascript_lines: self.filter_javascript,
            drops_curly_brackets: self.filter_curly_bracket,
            drops_policy_lines: self.filter_policy,
        }
    }
}

impl TextFilter for C4QualityParams {
    fn measures(&self) -> Vec<Measure> {
        let mut all = vec![
            Measure::new("c4_lorem_ipsum", "Filler text", "found"),
            Measure::new("c4_curly_bracket", "Curly bracket", "found"),
        ];
        all.extend(match self.dialect {
            C4Dialect::Datatrove => {
                vec![Measure::new("c4_sentences", "Sentences kept", "sentences")]
            }
            C4Dialect::Dolma => vec![
                Measure::new("c4_javascript", "Mention of JavaScript", "found"),
                Measure::new("c4_unended_lines", "Lines without an end mark", "share"),
                Measure::new("c4_short_lines", "Lines with too few words", "share"),
            ],
        });
        all
    }

    fn measure(&self, views: &TextViews<'_>, values: &mut [f64]) {
        let found = |found: bool| f64::from(u8::from(found));
        match self.dialect {
            C4Dialect::Datatrove => {
                let kept = c4_lines(views.text, &self.rules(), usize::MAX);
                let n_sentences = match kept.fault {
                    None => kept.n_sentences as f64,
                    Some(_) => f64::NAN,
                };
                let has_lorem_ipsum = kept.fault == Some("lorem_ipsum");
                let has_bracket = kept.fault == Some("curly_bracket");
                fill(
                    values,
                    [found(has_lorem_ipsum), found(has_bracket), n_sentences],
                );
            }
            C4Dialect::Dolma => {
                let of = c4_v2_lines(views.text);
                let share = |n: usize| n as f64 / of.n_lines as f64;
                let all = [
                    found(of.has_lorem_ipsum && self.filter_lorem_ipsum),
                    found(of.has_curly_brace && self.filter_curly_bracket),
                    found(of.has_javascript && self.filter_javascript),
                    share(of.n_unended),
                    share(of.n_short),
                ];
                fill(values, all);
            }
        }
    }

    fn conditions(&self) -> Vec<Condition> {
        let none = ("", Some(0.0));
        let mut all = vec![
            Condition::at_most(0, none, "filler text"),
            Condition::at_most(1, none, "a curly bracket"),
        ];
        match self.dialect {
            C4Dialect::Datatrove => {
                let min = ("min_num_sentences", self.min_num_sentences);
                all.push(Condition {
                    keeps_undefined: true,
                    ..Condition::at_least(2, min, "too few sentences")
                });
            }
            C4Dialect::Dolma => all.push(Condition::at_most(2, none, "a mention of JavaScript")),
        }
        all
    }

    fn rewrites(&self) -> bool {
        true
    }

    fn rewrite(&self, views: &TextViews<'_>) -> Option<String> {
        match self.dialect {
            C4Dialect::Datatrove => {
                let kept = c4_lines(views.text, &self.rules(), 0);
                kept.fault.is_none().then_some(kept.text)
            }
            C4Dialect::Dolma => Some(DolmaLines::kept(views.text)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operators::shared::testing::{filter, reason};
    use crate::text::datatrove::c4::c4_quality;

    const REASONS: [&str; 3] = ["lorem_ipsum", "curly_bracket", "too_few_sentences"];

    #[test]
    fn conditions_and_text_are_those_of_datatrove() {
        let good = "This line has some words. It goes on for a while! Does it end? It does. So it is kept[3].";
        let texts = [
            String::new(),
            good.to_owned(),
            "Just one sentence here.".to_owned(),
            format!(
                "{good}\nmenu\nhome\nWe use cookies on this page.\nPlease enable JavaScript first."
            ),
            format!("{good}\nSome Lorem Ipsum in here.\nA {{ bracket in here."),
            format!("{good}\nA {{ bracket in here.\nSome Lorem Ipsum in here."),
            format!("{good}\nAn {} long word.", "x".repeat(1001)),
        ];
        for text in &texts {
            for (params, by_line) in [("{}", true), (r#"{"split_paragraph": false}"#, false)] {
                let rules = C4Quality {
                    by_line,
                    ..C4Quality::USUAL
                };
                let expected = c4_quality(text, &rules);
                let place = expected
                    .as_ref()
                    .err()
                    .map(|why| REASONS.iter().position(|other| other == why));
                assert_eq!(
                    reason(&C4QualityFilter, params, text).map(Some),
                    place,
                    "{text:?}"
                );
                if let Ok(expected) = expected {
                    let after = filter(&C4QualityFilter, params).rewrite(&TextViews::new(text));
                    assert_eq!(after, Some(expected));
                }
            }
        }
    }

    #[test]
    fn dolma_drops_lines_and_texts_with_javascript() {
        let dolma = r#"{"dialect": "dolma"}"#;
        let text = "Home\nThis is a line.\nToo short.\nIt is another line.";
        assert_eq!(reason(&C4QualityFilter, dolma, text), None);
        let after = filter(&C4QualityFilter, dolma).rewrite(&TextViews::new(text));
        assert_eq!(
            after.as_deref(),
            Some("This is a line.\nIt is another line.")
        );
        assert_eq!(
            reason(&C4QualityFilter, dolma, "Enable JavaScript now."),
            Some(2)
        );
        assert_eq!(reason(&C4QualityFilter, dolma, ""), None);
    }
}
