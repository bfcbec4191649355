//! Gopher's quality rules.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_analysis::Params;
use sluice_protocol::spec::{OperationKind, OperationSpec};

use crate::operator::{
    About, Condition, Fault, Foreign, Measure, Operator, Prepared, TextFilter, TextViews, describe,
    typed,
};
use crate::operators::shared::{WebDialect, fill, unless_zero};
use crate::text::datatrove::gopher::{STOP_WORDS, measure_gopher_quality};
use crate::text::heuristics::dolma_gopher::gopher_v1_counts;
use crate::text::heuristics::nemo_filters;

/// Keeps texts that look like running prose: enough words of usual length, few symbols, bullets and ellipses.
///
/// What has no words or no lines has no shares of them, and passes their limits.
pub struct GopherQualityFilter;

#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct GopherQualityParams {
    /// Whose definitions count. `datatrove`: words of spaCy without marks, `#` and ellipses apart, distinct stop words.
    /// `dolma`: words between white space, their median length, words with `#` or `…` as symbols. `nemo`: words between
    /// white space, words of `#` or an ellipsis as symbols, lines that are not blank.
    dialect: WebDialect,
    /// Least number of words.
    #[schemars(range(min = 0.0), extend("unit" = "words"))]
    min_doc_words: Option<f64>,
    /// Greatest number of words.
    #[schemars(range(min = 0.0), extend("unit" = "words"))]
    max_doc_words: Option<f64>,
    /// Least mean (or median) length of words.
    #[schemars(range(min = 0.0), extend("unit" = "characters"))]
    min_avg_word_length: Option<f64>,
    /// Greatest mean (or median) length of words.
    #[schemars(range(min = 0.0), extend("unit" = "characters"))]
    max_avg_word_length: Option<f64>,
    /// Most symbols per word.
    #[schemars(range(min = 0.0))]
    max_symbol_word_ratio: Option<f64>,
    /// Greatest share of lines that begin with a bullet.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    max_bullet_lines_ratio: Option<f64>,
    /// Greatest share of lines that end with an ellipsis.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    max_ellipsis_lines_ratio: Option<f64>,
    /// Least share of words with a letter, in spite of the name, which is datatrove's.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    max_non_alpha_words_ratio: Option<f64>,
    /// Least number of stop words.
    #[schemars(range(min = 0.0), extend("unit" = "words"))]
    min_stop_words: Option<f64>,
    /// Stop words, as written. Dolma and NeMo Curator have the default list only.
    #[schemars(extend("advanced" = true))]
    stop_words: Vec<String>,
}

impl Default for GopherQualityParams {
    fn default() -> Self {
        Self {
            dialect: WebDialect::default(),
            min_doc_words: Some(50.0),
            max_doc_words: Some(100_000.0),
            min_avg_word_length: Some(3.0),
            max_avg_word_length: Some(10.0),
            max_symbol_word_ratio: Some(0.1),
            max_bullet_lines_ratio: Some(0.9),
            max_ellipsis_lines_ratio: Some(0.3),
            max_non_alpha_words_ratio: Some(0.8),
            min_stop_words: Some(2.0),
            stop_words: STOP_WORDS.map(str::to_owned).to_vec(),
        }
    }
}

impl Operator for GopherQualityFilter {
    fn spec(&self) -> OperationSpec {
        describe::<GopherQualityParams>(About {
            name: "gopher_quality_filter",
            title: "Gopher quality",
            summary: "Keeps texts that look like running prose by Gopher's quality rules",
            kind: OperationKind::Filter,
            source: "Rae et al. 2021, table A1; datatrove 0.10.1, Dolma 1.2.1, NeMo Curator",
            dialects: &["datatrove", "dolma", "nemo"],
        })
    }

    fn prepare(&self, params: &Params) -> Result<Prepared, Fault> {
        let own = typed::<GopherQualityParams>(params)?;
        let is_usual = own.stop_words == STOP_WORDS;
        if own.dialect != WebDialect::Datatrove && !is_usual {
            return Err(Fault::new(
                "stop_words",
                "only datatrove takes a list; choose that dialect or leave the list as it is",
            ));
        }
        Ok(Prepared::Filter(Box::new(own)))
    }

    fn foreign(&self) -> &'static [Foreign] {
        &[Foreign {
            system: "datatrove",
            name: "GopherQualityFilter",
            dialect: "datatrove",
        }]
    }
}

impl TextFilter for GopherQualityParams {
    fn measures(&self) -> Vec<Measure> {
        let is_datatrove = self.dialect == WebDialect::Datatrove;
        let symbols = if is_datatrove {
            "Hash signs per word"
        } else {
            "Symbols per word"
        };
        let length = if self.dialect == WebDialect::Dolma {
            "Median word length"
        } else {
            "Mean word length"
        };
        let mut all = vec![
            Measure::new("gopher_words", "Words", "words"),
            Measure::new("gopher_word_length", length, "characters"),
            Measure::new("gopher_symbol_ratio", symbols, ""),
            Measure::new("gopher_bullet_lines", "Bullet lines", "share"),
            Measure::new("gopher_ellipsis_lines", "Ellipsis lines", "share"),
            Measure::new("gopher_alpha_words", "Words with a letter", "share"),
            Measure::new("gopher_stop_words", "Stop words", "words"),
        ];
        if is_datatrove {
            all.push(Measure::new(
                "gopher_ellipsis_ratio",
                "Ellipses per word",
                "",
            ));
        }
        all
    }

    fn measure(&self, views: &TextViews<'_>, values: &mut [f64]) {
        match self.dialect {
            WebDialect::Datatrove => {
                let stop_words: Vec<&str> = self.stop_words.iter().map(String::as_str).collect();
                let of = measure_gopher_quality(views.text, views.spacy_words(), &stop_words);
                let all = [
                    of.n_words as f64,
                    of.mean_word_len,
                    of.hashes_per_word,
                    of.bullet_lines,
                    of.ellipsis_lines,
                    of.alpha_words,
                    of.n_stop_words as f64,
                    of.ellipses_per_word,
                ];
                fill(values, all);
            }
            WebDialect::Dolma => {
                let counts = gopher_v1_counts(views.text);
                let all = DOLMA_NAMES.map(|name| {
                    let found = counts.iter().find(|(other, _)| *other == name);
                    found.map_or(f64::NAN, |(_, value)| *value)
                });
                fill(values, all);
            }
            WebDialect::Nemo => {
                let text = views.text;
                let all = [
                    Some(nemo_filters::word_count(text) as f64),
                    nemo_filters::mean_word_length(text),
                    nemo_filters::symbol_word_share(text),
                    nemo_filters::bullet_line_share(text),
                    nemo_filters::ellipsis_line_share(text),
                    nemo_filters::alphabetic_word_share(text),
                    Some(nemo_filters::common_english_words(text, usize::MAX) as f64),
                ];
                fill(values, all.map(|value| value.unwrap_or(f64::NAN)));
            }
        }
    }

    fn conditions(&self) -> Vec<Condition> {
        let symbols = (
            "max_symbol_word_ratio",
            unless_zero(self.max_symbol_word_ratio),
        );
        let alpha = unless_zero(self.max_non_alpha_words_ratio);
        let bullets = unless_zero(self.max_bullet_lines_ratio);
        let ellipses = unless_zero(self.max_ellipsis_lines_ratio);
        let mut all = vec![
            Condition::at_least(0, ("min_doc_words", self.min_doc_words), "too few words"),
            Condition::at_most(
                0,
                ("max_doc_words", unless_zero(self.max_doc_words)),
                "too many words",
            ),
            Condition::at_least(
                1,
                ("min_avg_word_length", unless_zero(self.min_avg_word_length)),
                "words too short",
            ),
            Condition::at_most(
                1,
                ("max_avg_word_length", unless_zero(self.max_avg_word_length)),
                "words too long",
            ),
            Condition::at_most(2, symbols, "too many symbols"),
        ];
        if self.dialect == WebDialect::Datatrove {
            all.push(Condition::at_most(7, symbols, "too many ellipses"));
        }
        all.extend([
            Condition::at_most(
                3,
                ("max_bullet_lines_ratio", bullets),
                "too many bullet lines",
            ),
            Condition::at_most(
                4,
                ("max_ellipsis_lines_ratio", ellipses),
                "too many lines that end with an ellipsis",
            ),
            Condition::at_least(
                5,
                ("max_non_alpha_words_ratio", alpha),
                "too few words with a letter",
            ),
            Condition::at_least(
                6,
                ("min_stop_words", self.min_stop_words),
                "too few stop words",
            ),
        ]);
        for condition in &mut all {
            condition.keeps_undefined = true;
        }
        all
    }
}

/// Dolma's names in the order of the measures.
const DOLMA_NAMES: [&str; 7] = [
    "word_count",
    "median_word_length",
    "symbol_to_word_ratio",
    "fraction_of_lines_starting_with_bullet_point",
    "fraction_of_lines_ending_with_ellipsis",
    "fraction_of_words_with_alpha_character",
    "required_word_count",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operators::shared::testing::{reason, values};
    use crate::text::datatrove::gopher::{GopherQuality, gopher_quality};
    use crate::text::datatrove::tokenizer::words;

    #[test]
    fn conditions_decide_as_datatrove_does() {
        let prose = "The people of the town have to be with that river and walk home. ".repeat(8);
        let texts = [
            String::new(),
            "Too short".to_owned(),
            prose.clone(),
            format!("{prose}# # # # # # # # # # # # # # # # # # # # # # # #"),
            prose.replace('.', "..."),
            prose.replace(". ", "...\n").replace("walk", "stand"),
            format!("{prose}...... ...... ...... ...... ...... ...... ...... ......"),
            format!("- {}", prose.replace(". ", ".\n- ")),
            "a b c d e f g h i j ".repeat(8),
            "extraordinarily incomprehensible ".repeat(40),
            "1234 5678 ".repeat(50),
            "river water stone house ".repeat(20),
        ];
        for text in &texts {
            let limits = GopherQuality::USUAL;
            let why = gopher_quality(text, &words(text), &STOP_WORDS, &limits);
            let place = why.map(|why| DATATROVE_REASONS.iter().position(|other| *other == why));
            let got = reason(&GopherQualityFilter, "{}", text);
            assert_eq!(got.map(Some), place, "{text:?}");
        }
    }

    /// In the order of the conditions.
    const DATATROVE_REASONS: [&str; 10] = [
        "gopher_short_doc",
        "gopher_long_doc",
        "gopher_below_avg_threshold",
        "gopher_above_avg_threshold",
        "gopher_too_many_hashes",
        "gopher_too_many_ellipsis",
        "gopher_too_many_bullets",
        "gopher_too_many_end_ellipsis",
        "gopher_below_alpha_threshold",
        "gopher_enough_stop_words",
    ];

    #[test]
    fn dialects_count_differently() {
        let text = "the the #a be…\n- one, two.";
        let got = |dialect| values(&GopherQualityFilter, dialect, text);
        assert_eq!(
            got(r#"{"dialect": "datatrove"}"#)[..3],
            [6.0, 2.5, 1.0 / 11.0]
        );
        assert_eq!(got(r#"{"dialect": "dolma"}"#)[..3], [7.0, 3.0, 2.0 / 7.0]);
        assert_eq!(got(r#"{"dialect": "nemo"}"#)[0], 7.0);
    }
}
