//! FineWeb's quality rules.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_analysis::Params;
use sluice_protocol::spec::{OperationKind, OperationSpec};

use crate::operator::{
    About, Condition, Fault, Foreign, Measure, Operator, Prepared, Span, TextFilter, TextViews,
    describe, typed,
};
use crate::operators::shared::fill;
use crate::text::datatrove::fineweb::measure_fineweb;
use crate::text::heuristics::spans::repeated_line_spans;

/// Drops lists and menus: texts whose lines seldom end sentences, are short, repeat, or are many for their words.
///
/// A text without a line that is not blank goes.
pub struct FinewebQualityFilter;

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct FinewebQualityParams {
    /// Least share of lines that end in a mark that ends sentences.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    line_punct_thr: Option<f64>,
    /// Whether a text without any such line is kept all the same. Its share is then not measured.
    line_punct_exclude_zero: bool,
    /// Ends of lines that count instead of the marks of all scripts; empty for those.
    #[schemars(extend("advanced" = true))]
    stop_chars: Vec<String>,
    /// Greatest share of short lines.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    short_line_thr: Option<f64>,
    /// Length of the longest line that is short.
    #[schemars(extend("unit" = "characters"))]
    short_line_length: usize,
    /// Greatest share of characters in lines that came before.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    char_duplicates_ratio: Option<f64>,
    /// Most line ends per word.
    #[schemars(range(min = 0.0))]
    new_line_ratio: Option<f64>,
}

impl Default for FinewebQualityParams {
    fn default() -> Self {
        Self {
            line_punct_thr: Some(0.12),
            line_punct_exclude_zero: false,
            stop_chars: Vec::new(),
            short_line_thr: Some(0.67),
            short_line_length: 30,
            char_duplicates_ratio: Some(0.01),
            new_line_ratio: Some(0.3),
        }
    }
}

impl Operator for FinewebQualityFilter {
    fn spec(&self) -> OperationSpec {
        describe::<FinewebQualityParams>(About {
            name: "fineweb_quality_filter",
            title: "FineWeb quality",
            summary: "Drops lists, menus and texts of repeated lines by FineWeb's rules",
            kind: OperationKind::Filter,
            source: "Penedo et al. 2024; datatrove 0.10.1, FineWebQualityFilter",
            dialects: &[],
        })
    }

    fn prepare(&self, params: &Params) -> Result<Prepared, Fault> {
        Ok(Prepared::Filter(Box::new(typed::<FinewebQualityParams>(
            params,
        )?)))
    }

    fn foreign(&self) -> &'static [Foreign] {
        &[Foreign {
            system: "datatrove",
            name: "FineWebQualityFilter",
            dialect: "",
        }]
    }
}

impl TextFilter for FinewebQualityParams {
    fn measures(&self) -> Vec<Measure> {
        vec![
            Measure::new("fineweb_lines", "Lines with text", "lines"),
            Measure::new("line_punct_ratio", "Lines that end sentences", "share"),
            Measure::new("short_line_ratio", "Short lines", "share"),
            Measure::new("char_dup_ratio", "Characters of repeated lines", "share"),
            Measure::new("list_ratio", "Line ends per word", ""),
        ]
    }

    fn measure(&self, views: &TextViews<'_>, values: &mut [f64]) {
        let ends: Vec<&str> = self.stop_chars.iter().map(String::as_str).collect();
        let ends = (!ends.is_empty()).then_some(ends.as_slice());
        let n_words = views.spacy_words().len();
        let of = measure_fineweb(views.text, n_words, ends, self.short_line_length);
        let is_exempt = of.terminal_lines == 0.0 && self.line_punct_exclude_zero;
        let all = [
            of.n_lines as f64,
            if is_exempt {
                f64::NAN
            } else {
                of.terminal_lines
            },
            of.short_lines,
            of.duplicate_chars,
            of.line_feeds_per_word,
        ];
        fill(values, all);
    }

    fn conditions(&self) -> Vec<Condition> {
        let mut all = vec![
            Condition::at_least(0, ("", Some(1.0)), "no text"),
            Condition::at_least(
                1,
                ("line_punct_thr", self.line_punct_thr),
                "too few lines end a sentence",
            ),
            Condition::at_most(
                2,
                ("short_line_thr", self.short_line_thr),
                "too many short lines",
            ),
            Condition::at_most(
                3,
                ("char_duplicates_ratio", self.char_duplicates_ratio),
                "too much text in repeated lines",
            ),
            Condition::at_most(4, ("new_line_ratio", self.new_line_ratio), "too many lines"),
        ];
        for condition in &mut all {
            condition.keeps_undefined = true;
        }
        all
    }

    fn spans(&self, text: &str) -> Vec<Span> {
        repeated_line_spans(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operators::shared::testing::reason;
    use crate::text::datatrove::fineweb::{FineWebQuality, fineweb_quality};
    use crate::text::datatrove::tokenizer::words;

    const REASONS: [&str; 5] = [
        "empty",
        "line_punct_ratio",
        "short_line_ratio",
        "char_dup_ratio",
        "list_ratio",
    ];

    #[test]
    fn conditions_decide_as_datatrove_does() {
        let line = "A line of text that is longer than thirty characters.";
        let texts = [
            String::new(),
            " \n\u{3000}".to_owned(),
            "no end".to_owned(),
            "Short.".to_owned(),
            line.to_owned(),
            format!("{line}\n{line}"),
            format!("{line}\n\n\n\n\n\n"),
            format!("{line}\nno end\nno end either, but a longer line than others"),
        ];
        for text in &texts {
            let n_words = words(text).len();
            for (params, exempts) in [
                ("{}", false),
                (r#"{"line_punct_exclude_zero": true}"#, true),
            ] {
                let limits = FineWebQuality {
                    keeps_without_terminal_lines: exempts,
                    ..FineWebQuality::USUAL
                };
                let why = fineweb_quality(text, n_words, &limits);
                let place = why.map(|why| REASONS.iter().position(|other| *other == why));
                let got = reason(&FinewebQualityFilter, params, text);
                assert_eq!(got.map(Some), place, "{text:?}");
            }
        }
    }
}
