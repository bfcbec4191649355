//! Statistics of documents, lines and words, as columns.

use std::collections::HashSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_analysis::Params;
use sluice_protocol::spec::{OperationKind, OperationSpec};

use crate::operator::{
    About, Condition, Fault, Measure, Operator, Prepared, TextFilter, TextViews, describe, typed,
};
use crate::operators::shared::fill;
use crate::text::datatrove::statistics::{document_statistics, line_statistics};
use crate::text::python;

/// Measures texts, their lines and their words as the statistics of FineWeb do, and keeps them all.
///
/// Shares are of the characters, of the lines between line feeds, and of the words of spaCy's English tokenizer. A share
/// of nothing is 0.
pub struct DocumentStatisticsFilter;

#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct DocumentStatisticsParams {
    /// Whether blank lines count for the number of lines only.
    ignore_empty_lines: bool,
}

impl Operator for DocumentStatisticsFilter {
    fn spec(&self) -> OperationSpec {
        describe::<DocumentStatisticsParams>(About {
            name: "document_statistics_filter",
            title: "Document statistics",
            summary: "Measures texts, their lines and their words, and keeps them all",
            kind: OperationKind::Filter,
            source: "datatrove 0.10.1, DocStats, LineStats, WordStats",
            dialects: &[],
        })
    }

    fn prepare(&self, params: &Params) -> Result<Prepared, Fault> {
        Ok(Prepared::Filter(Box::new(
            typed::<DocumentStatisticsParams>(params)?,
        )))
    }
}

/// Lengths of short lines and of long ones: the defaults of datatrove.
const SHORT_LINES: [usize; 2] = [10, 30];
const LONG_LINES: [usize; 2] = [2_000, 10_000];

impl TextFilter for DocumentStatisticsParams {
    fn measures(&self) -> Vec<Measure> {
        let share = |name, title| Measure::new(name, title, "share");
        vec![
            Measure::new("text_len", "Length", "characters"),
            share("white_space_ratio", "White space"),
            share("non_alpha_digit_ratio", "Neither letters nor digits"),
            share("digit_ratio", "Digits"),
            share("uppercase_ratio", "Capital letters"),
            share("ellipsis_char_ratio", "Ellipses"),
            share("punctuation_ratio", "Punctuation"),
            Measure::new("n_lines", "Lines", "lines"),
            Measure::new(
                "mean_line_length",
                "Mean line length without ends",
                "characters",
            ),
            share("short_line_ratio_chars_10", "Lines up to 10 characters"),
            share("short_line_ratio_chars_30", "Lines up to 30 characters"),
            share(
                "long_line_ratio_chars_2000",
                "Lines from 2000 characters on",
            ),
            share(
                "long_line_ratio_chars_10000",
                "Lines from 10 000 characters on",
            ),
            share("terminal_mark_line_ratio", "Lines that end with a mark"),
            share("bullet_line_ratio", "Lines that begin with a bullet"),
            share("line_duplicates", "Repeated lines"),
            share("line_char_duplicates", "Characters of repeated lines"),
            Measure::new("n_words", "Words and marks", "words"),
            Measure::new("avg_word_length", "Mean word length", "characters"),
            Measure::new("avg_words_per_line", "Words per line", "words"),
            share("short_word_ratio_3", "Words up to 3 characters"),
            share("long_word_ratio_7", "Words from 7 characters on"),
            share("type_token_ratio", "Distinct words"),
            share("capitalized_word_ratio", "Words in capitals"),
        ]
    }

    fn measure(&self, views: &TextViews<'_>, values: &mut [f64]) {
        let text = views.text;
        let lines = line_statistics(text, &SHORT_LINES, &LONG_LINES, self.ignore_empty_lines);
        let of_text = document_statistics(text).into_iter().chain(lines);
        let words = word_statistics(views.spacy_words(), views.lines().len());
        fill(values, of_text.map(|(_, value)| value).chain(words));
    }

    fn conditions(&self) -> Vec<Condition> {
        Vec::new()
    }
}

/// Number, mean length, per line, short, long, distinct, in capitals.
fn word_statistics(words: &[&str], n_lines: usize) -> [f64; 7] {
    let (mut n_chars, mut n_short, mut n_long, mut n_upper) = (0, 0, 0, 0);
    let mut distinct = HashSet::with_capacity(words.len() / 2);
    for word in words {
        let n_word_chars = python::len(word);
        n_chars += n_word_chars;
        n_short += usize::from(n_word_chars <= 3);
        n_long += usize::from(n_word_chars >= 7);
        n_upper += usize::from(python::is_upper(word));
        distinct.insert(*word);
    }
    let share = |part: usize, whole: usize| {
        if whole == 0 {
            0.0
        } else {
            part as f64 / whole as f64
        }
    };
    let n_words = words.len();
    [
        n_words as f64,
        share(n_chars, n_words),
        share(n_words, n_lines),
        share(n_short, n_words),
        share(n_long, n_words),
        share(distinct.len(), n_words),
        share(n_upper, n_words),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operators::shared::testing::{filter, values};

    #[test]
    fn every_measure_has_its_value() {
        let names = filter(&DocumentStatisticsFilter, "{}").measures();
        let check = |text: &str, name: &str, expected: f64| {
            let place = names
                .iter()
                .position(|measure| measure.name == name)
                .unwrap();
            let values = values(&DocumentStatisticsFilter, "{}", text);
            assert_eq!(values.len(), names.len());
            assert_eq!(values[place], expected, "{name} of {text:?}");
        };
        let text = "AB cd 1.\n- ef";
        check(text, "text_len", 13.0);
        check(text, "digit_ratio", 1.0 / 13.0);
        check(text, "n_lines", 2.0);
        check(text, "terminal_mark_line_ratio", 0.5);
        check(text, "bullet_line_ratio", 0.5);
        check(text, "n_words", 6.0);
        check(text, "avg_words_per_line", 3.0);
        check(text, "type_token_ratio", 1.0);
        check(text, "capitalized_word_ratio", 1.0 / 6.0);
        for name in [
            "text_len",
            "white_space_ratio",
            "line_duplicates",
            "type_token_ratio",
        ] {
            check("", name, 0.0);
        }
    }
}
