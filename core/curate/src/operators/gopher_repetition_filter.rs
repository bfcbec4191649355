//! Gopher's repetition rules.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_analysis::Params;
use sluice_protocol::spec::{OperationKind, OperationSpec};

use crate::operator::{
    About, Condition, Fault, Foreign, Measure, Operator, Prepared, Span, TextFilter, TextViews,
    describe, typed,
};
use crate::operators::shared::{WebDialect, fill, unless_zero};
use crate::text::datatrove::repetition::measure_gopher_repetition;
use crate::text::heuristics::dolma_gopher::{gopher_v1_counts, gopher_v1_ngrams};
use crate::text::heuristics::nemo_repetition;
use crate::text::heuristics::spans::repeated_line_spans;

/// Drops texts that repeat themselves: lines, paragraphs, and runs of words.
///
/// An empty text has no shares; datatrove drops it, and so does its dialect here.
pub struct GopherRepetitionFilter;

#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct GopherRepetitionParams {
    /// Whose arithmetic counts. `datatrove`: copies after the first, as a share of the text. `dolma`: all copies, as a
    /// share of the letters of words; no paragraphs. `nemo`: copies after the first, runs with their blanks.
    dialect: WebDialect,
    /// Greatest share of lines that repeat.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    dup_line_frac: Option<f64>,
    /// Greatest share of paragraphs that repeat.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    dup_para_frac: Option<f64>,
    /// Greatest share of characters in lines that repeat.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    dup_line_char_frac: Option<f64>,
    /// Greatest share of characters in paragraphs that repeat.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    dup_para_char_frac: Option<f64>,
    /// Greatest share of characters in the most frequent run of 2 words.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    top_2_gram: Option<f64>,
    /// The same for runs of 3 words.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    top_3_gram: Option<f64>,
    /// The same for runs of 4 words.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    top_4_gram: Option<f64>,
    /// Greatest share of characters in runs of 5 words that repeat.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    dup_5_gram: Option<f64>,
    /// The same for runs of 6 words.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    dup_6_gram: Option<f64>,
    /// The same for runs of 7 words.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    dup_7_gram: Option<f64>,
    /// The same for runs of 8 words.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    dup_8_gram: Option<f64>,
    /// The same for runs of 9 words.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    dup_9_gram: Option<f64>,
    /// The same for runs of 10 words.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    dup_10_gram: Option<f64>,
    /// Pairs of a length from 2 to 4 and its limit, as datatrove writes them. They replace `top_2_gram` to
    /// `top_4_gram`.
    #[schemars(extend("advanced" = true))]
    top_n_grams: Option<Vec<(usize, f64)>>,
    /// Pairs of a length from 5 to 10 and its limit; they replace `dup_5_gram` to `dup_10_gram`.
    #[schemars(extend("advanced" = true))]
    dup_n_grams: Option<Vec<(usize, f64)>>,
}

impl Default for GopherRepetitionParams {
    fn default() -> Self {
        Self {
            dialect: WebDialect::default(),
            dup_line_frac: Some(0.3),
            dup_para_frac: Some(0.3),
            dup_line_char_frac: Some(0.2),
            dup_para_char_frac: Some(0.2),
            top_2_gram: Some(0.2),
            top_3_gram: Some(0.18),
            top_4_gram: Some(0.16),
            dup_5_gram: Some(0.15),
            dup_6_gram: Some(0.14),
            dup_7_gram: Some(0.13),
            dup_8_gram: Some(0.12),
            dup_9_gram: Some(0.11),
            dup_10_gram: Some(0.10),
            top_n_grams: None,
            dup_n_grams: None,
        }
    }
}

impl Operator for GopherRepetitionFilter {
    fn spec(&self) -> OperationSpec {
        describe::<GopherRepetitionParams>(About {
            name: "gopher_repetition_filter",
            title: "Gopher repetition",
            summary: "Drops texts that repeat lines, paragraphs or runs of words",
            kind: OperationKind::Filter,
            source: "Rae et al. 2021, table A1; datatrove 0.10.1, Dolma 1.2.1, NeMo Curator",
            dialects: &["datatrove", "dolma", "nemo"],
        })
    }

    fn prepare(&self, params: &Params) -> Result<Prepared, Fault> {
        let own = typed::<GopherRepetitionParams>(params)?;
        let lists = [
            ("top_n_grams", &own.top_n_grams, TOP_NS.as_slice()),
            ("dup_n_grams", &own.dup_n_grams, DUP_NS.as_slice()),
        ];
        for (name, pairs, ns) in lists {
            let is_unknown = |(n, _): &&(usize, f64)| !ns.contains(n);
            if let Some((n, _)) = pairs.iter().flatten().find(is_unknown) {
                let reason = format!("runs of {n} words are not measured, only of {ns:?}");
                return Err(Fault::new(name, reason));
            }
        }
        Ok(Prepared::Filter(Box::new(own)))
    }

    fn foreign(&self) -> &'static [Foreign] {
        &[Foreign {
            system: "datatrove",
            name: "GopherRepetitionFilter",
            dialect: "datatrove",
        }]
    }
}

const TOP_NS: [usize; 3] = [2, 3, 4];
const DUP_NS: [usize; 6] = [5, 6, 7, 8, 9, 10];

impl TextFilter for GopherRepetitionParams {
    fn measures(&self) -> Vec<Measure> {
        vec![
            Measure::new("text_len", "Length", "characters"),
            Measure::new("dup_para_frac", "Repeated paragraphs", "share"),
            Measure::new(
                "dup_para_char_frac",
                "Characters of repeated paragraphs",
                "share",
            ),
            Measure::new("dup_line_frac", "Repeated lines", "share"),
            Measure::new(
                "dup_line_char_frac",
                "Characters of repeated lines",
                "share",
            ),
            Measure::new("top_2_gram", "Most frequent 2 words", "share"),
            Measure::new("top_3_gram", "Most frequent 3 words", "share"),
            Measure::new("top_4_gram", "Most frequent 4 words", "share"),
            Measure::new("dup_5_gram", "Repeated 5 words", "share"),
            Measure::new("dup_6_gram", "Repeated 6 words", "share"),
            Measure::new("dup_7_gram", "Repeated 7 words", "share"),
            Measure::new("dup_8_gram", "Repeated 8 words", "share"),
            Measure::new("dup_9_gram", "Repeated 9 words", "share"),
            Measure::new("dup_10_gram", "Repeated 10 words", "share"),
        ]
    }

    fn measure(&self, views: &TextViews<'_>, values: &mut [f64]) {
        let text = views.text;
        let n_chars = std::iter::once(views.n_chars() as f64);
        match self.dialect {
            WebDialect::Datatrove => {
                let words = views.spacy_words();
                let of = measure_gopher_repetition(text, words, &TOP_NS, &DUP_NS);
                let parts = [
                    of.duplicate_paragraphs,
                    of.duplicate_paragraph_chars,
                    of.duplicate_lines,
                    of.duplicate_line_chars,
                ];
                let runs = of.top_n_grams.into_iter().chain(of.duplicate_n_grams);
                fill(values, n_chars.chain(parts).chain(runs));
            }
            WebDialect::Dolma => {
                let counts = gopher_v1_counts(text);
                let count = |name: &str| {
                    let found = counts.iter().find(|(other, _)| *other == name);
                    found.map_or(f64::NAN, |(_, value)| *value)
                };
                let parts = [
                    f64::NAN,
                    f64::NAN,
                    count("fraction_of_duplicate_lines"),
                    count("fraction_of_characters_in_duplicate_lines"),
                ];
                // From 2 words on, without a gap; absent for texts of fewer words.
                let runs = gopher_v1_ngrams(text).into_iter().map(|span| span.score);
                let runs = runs.chain(std::iter::repeat(f64::NAN));
                fill(values, n_chars.chain(parts).chain(runs));
            }
            WebDialect::Nemo => {
                let parts = [
                    nemo_repetition::repeated_paragraph_share(text),
                    nemo_repetition::repeated_paragraph_char_share(text),
                    nemo_repetition::repeated_line_share(text),
                    nemo_repetition::repeated_line_char_share(text),
                ];
                let parts = parts.map(|share| share.unwrap_or(f64::NAN));
                let top = TOP_NS.map(|n| nemo_repetition::top_ngram_share(text, n));
                let duplicate = DUP_NS.map(|n| nemo_repetition::duplicate_ngram_share(text, n));
                fill(values, n_chars.chain(parts).chain(top).chain(duplicate));
            }
        }
    }

    fn conditions(&self) -> Vec<Condition> {
        let mut all = Vec::new();
        if self.dialect == WebDialect::Datatrove {
            all.push(Condition::at_least(0, ("", Some(1.0)), "no text"));
        }
        let parts = [
            (
                "dup_para_frac",
                self.dup_para_frac,
                "too many repeated paragraphs",
            ),
            (
                "dup_para_char_frac",
                self.dup_para_char_frac,
                "too much text in repeated paragraphs",
            ),
            (
                "dup_line_frac",
                self.dup_line_frac,
                "too many repeated lines",
            ),
            (
                "dup_line_char_frac",
                self.dup_line_char_frac,
                "too much text in repeated lines",
            ),
        ];
        for (idx, (name, limit, reason)) in parts.into_iter().enumerate() {
            all.push(Condition::at_most(
                1 + idx,
                (name, unless_zero(limit)),
                reason,
            ));
        }
        let runs = [
            (2, "top_2_gram", self.top_2_gram),
            (3, "top_3_gram", self.top_3_gram),
            (4, "top_4_gram", self.top_4_gram),
            (5, "dup_5_gram", self.dup_5_gram),
            (6, "dup_6_gram", self.dup_6_gram),
            (7, "dup_7_gram", self.dup_7_gram),
            (8, "dup_8_gram", self.dup_8_gram),
            (9, "dup_9_gram", self.dup_9_gram),
            (10, "dup_10_gram", self.dup_10_gram),
        ];
        for (n, name, limit) in runs {
            let (pairs, reason) = if TOP_NS.contains(&n) {
                (&self.top_n_grams, "a run of words is too frequent")
            } else {
                (&self.dup_n_grams, "too much text in repeated runs of words")
            };
            let limit = match pairs {
                None => (name, limit),
                // Of a list, no parameter holds one limit alone.
                Some(pairs) => ("", pairs.iter().find(|pair| pair.0 == n).map(|pair| pair.1)),
            };
            all.push(Condition::at_most(3 + n, limit, reason));
        }
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
    use crate::operators::shared::testing::{filter, reason, values};
    use crate::text::datatrove::repetition::{GopherRepetition, gopher_repetition};
    use crate::text::datatrove::tokenizer::words;

    const DATATROVE_REASONS: [&str; 14] = [
        "empty",
        "dup_para_frac",
        "dup_para_char_frac",
        "dup_line_frac",
        "dup_line_char_frac",
        "top_2_gram",
        "top_3_gram",
        "top_4_gram",
        "duplicated_5_n_grams",
        "duplicated_6_n_grams",
        "duplicated_7_n_grams",
        "duplicated_8_n_grams",
        "duplicated_9_n_grams",
        "duplicated_10_n_grams",
    ];

    #[test]
    fn conditions_decide_as_datatrove_does() {
        let plain = "It was a bright day in spring, and every clock of the old town struck ten.";
        let texts = [
            String::new(),
            " ".to_owned(),
            plain.to_owned(),
            format!("{plain}\n\n{plain}\n\n{plain}"),
            format!("{plain}\n\nb\n\nb\n\nb"),
            format!("{plain}\n{plain}\nno\nyes\nso\nbut"),
            "a\nb\na\nb\na\nb".to_owned(),
            "I am Frank, you are John. I am Frank. I am Frank, you are John.".to_owned(),
            format!("{plain} Then we left the house. {plain}"),
            "one two ".repeat(30),
        ];
        for text in &texts {
            let why = gopher_repetition(text, &words(text), &GopherRepetition::USUAL);
            let place = why.map(|why| DATATROVE_REASONS.iter().position(|other| *other == why));
            let got = reason(&GopherRepetitionFilter, "{}", text);
            assert_eq!(got.map(Some), place, "{text:?}");
        }
    }

    #[test]
    fn dialects_count_copies_differently() {
        let lines = |dialect: &str| {
            let params = format!(r#"{{"dialect": "{dialect}"}}"#);
            values(&GopherRepetitionFilter, &params, "a\na\na\na\nb")[3]
        };
        assert_eq!(lines("datatrove"), 0.6);
        assert_eq!(lines("dolma"), 0.8);
        assert_eq!(lines("nemo"), 0.6);
    }

    #[test]
    fn lists_of_limits_replace_single_ones() {
        let filter = filter(&GopherRepetitionFilter, r#"{"top_n_grams": [[3, 0.5]]}"#);
        let limits: Vec<f64> = filter
            .conditions()
            .iter()
            .map(|rule| rule.keep.max)
            .collect();
        assert_eq!(limits[5..9], [f64::INFINITY, 0.5, f64::INFINITY, 0.15]);
        let params = serde_json::from_str(r#"{"dup_n_grams": [[12, 0.1]]}"#).unwrap();
        assert!(GopherRepetitionFilter.prepare(&params).is_err());
    }

    #[test]
    fn repeated_lines_have_a_place() {
        let spans = filter(&GopherRepetitionFilter, "{}").spans("é\nab\n\né\n\nab");
        let places: Vec<(usize, usize)> = spans.iter().map(|span| (span.start, span.end)).collect();
        assert_eq!(places, [(6, 7), (9, 11)]);
    }
}
