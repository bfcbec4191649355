//! Texts by their language.

use std::sync::LazyLock;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_analysis::Params;
use sluice_protocol::spec::{OperationKind, OperationSpec};
use whatlang::Lang;

use crate::operator::{
    About, Condition, Fault, Foreign, Measure, Operator, Prepared, TextFilter, TextViews, describe,
    typed,
};
use crate::operators::shared::{OneOrMany, fill};
use crate::text::language;

/// Keeps texts that are in one of some languages, with enough confidence.
///
/// Languages are found by the `whatlang` library from trigrams of letters. Data-Juicer uses a fastText model, whose
/// scores differ: recipes can be exchanged, numbers cannot be compared. Beginning, middle and end of a long text are
/// looked at. A text without letters has no language and the score 0.
pub struct LanguageIdScoreFilter;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Detector {
    #[default]
    Whatlang,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct LanguageIdScoreParams {
    /// What finds the language.
    #[schemars(extend("advanced" = true))]
    dialect: Detector,
    /// Languages kept, by their two letters: `en`, or a list. None keeps all languages.
    lang: Option<OneOrMany>,
    /// Least confidence in the language.
    #[schemars(range(min = 0.0, max = 1.0))]
    min_score: Option<f64>,
}

impl Default for LanguageIdScoreParams {
    fn default() -> Self {
        Self {
            dialect: Detector::default(),
            lang: None,
            min_score: Some(0.8),
        }
    }
}

impl Operator for LanguageIdScoreFilter {
    fn spec(&self) -> OperationSpec {
        describe::<LanguageIdScoreParams>(About {
            name: "language_id_score_filter",
            title: "Language",
            summary: "Keeps texts in the given languages, with enough confidence",
            kind: OperationKind::Filter,
            source: "whatlang 0.18 (trigrams); name and parameters of Data-Juicer 1.4.3",
            dialects: &["whatlang"],
        })
    }

    fn prepare(&self, params: &Params) -> Result<Prepared, Fault> {
        let own = typed::<LanguageIdScoreParams>(params)?;
        let mut kept = Vec::new();
        for code in own.lang.iter().flat_map(OneOrMany::iter) {
            let place = LABELS.iter().position(|label| *label == code);
            kept.push(place.ok_or_else(|| {
                let known = LABELS.join(", ");
                Fault::new(
                    "lang",
                    format!("`{code}` cannot be told; those that can: {known}"),
                )
            })?);
        }
        Ok(Prepared::Filter(Box::new(Languages {
            kept,
            min_score: own.min_score,
        })))
    }

    fn differs(&self) -> &'static str {
        "the language is found by whatlang here, by a fastText model there"
    }

    fn foreign(&self) -> &'static [Foreign] {
        &[Foreign {
            system: "data-juicer",
            name: "language_id_score_filter",
            dialect: "whatlang",
        }]
    }
}

/// Codes of the languages of `whatlang`, in its order: of two letters where there are such.
static LABELS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    Lang::all()
        .iter()
        .map(|lang| short_code(lang.code()))
        .collect()
});

const CODES: &str = "epo eo eng en rus ru cmn zh spa es por pt ita it ben bn fra fr deu de ukr uk kat ka ara ar hin hi \
     jpn ja heb he yid yi pol pl amh am jav jv kor ko nob no dan da swe sv fin fi tur tr nld nl hun hu ces cs ell el \
     bul bg bel be mar mr kan kn ron ro slv sl hrv hr srp sr mkd mk lit lt lav lv est et tam ta vie vi urd ur tha th \
     guj gu uzb uz pan pa aze az ind id tel te pes fa mal ml ori or mya my nep ne sin si khm km tuk tk aka ak zul zu \
     sna sn afr af lat la slk sk cat ca tgl tl hye hy cym cy";

/// Two letters for three; the three where there are none.
fn short_code(code: &'static str) -> &'static str {
    let mut codes = CODES.split_ascii_whitespace();
    while let (Some(long), Some(short)) = (codes.next(), codes.next()) {
        if long == code {
            return short;
        }
    }
    code
}

struct Languages {
    /// Positions of labels; all if empty.
    kept: Vec<usize>,
    min_score: Option<f64>,
}

impl TextFilter for Languages {
    fn measures(&self) -> Vec<Measure> {
        let lang = Measure::new("lang", "Language", "");
        vec![
            Measure {
                labels: LABELS.as_slice(),
                ..lang
            },
            Measure::new("lang_score", "Confidence in the language", ""),
        ]
    }

    fn measure(&self, views: &TextViews<'_>, values: &mut [f64]) {
        let found = language::detected(views.text);
        let place = found.as_ref().and_then(|found| {
            let lang = found.lang();
            Lang::all().iter().position(|other| *other == lang)
        });
        let score = found.map_or(0.0, |found| found.confidence());
        fill(
            values,
            [place.map_or(f64::NAN, |place| place as f64), score],
        );
    }

    fn conditions(&self) -> Vec<Condition> {
        let lang = Condition {
            among: (!self.kept.is_empty()).then(|| self.kept.clone()),
            keeps_undefined: self.kept.is_empty(),
            ..Condition::between(("", None), ("", None), "another language")
        };
        let min = ("min_score", self.min_score);
        vec![lang, Condition::at_least(1, min, "language not certain")]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operators::shared::testing::{reason, values};

    #[test]
    fn every_language_has_a_label_of_its_own() {
        let mut labels = LABELS.clone();
        assert!(labels.iter().all(|label| label.len() == 2), "{labels:?}");
        labels.sort_unstable();
        labels.dedup();
        assert_eq!(labels.len(), Lang::all().len());
    }

    #[test]
    fn languages_are_told_and_kept() {
        let german =
            "Der schnelle braune Fuchs springt über den faulen Hund, und niemand sieht ihn dabei.";
        let check = |params: &str, text: &str, expected: Option<usize>| {
            assert_eq!(
                reason(&LanguageIdScoreFilter, params, text),
                expected,
                "{params} {text:?}"
            );
        };
        check(r#"{"lang": "de", "min_score": 0.1}"#, german, None);
        check(
            r#"{"lang": ["en", "zh"], "min_score": 0.1}"#,
            german,
            Some(0),
        );
        check(r#"{"lang": "zh"}"#, "今天是星期天，天气很好。", None);
        check(r#"{"lang": ""}"#, "", Some(1));
        check(r#"{"min_score": 0}"#, " 12 ", None);
        check(r#"{"lang": "en", "min_score": 0}"#, "", Some(0));
        assert_eq!(values(&LanguageIdScoreFilter, "{}", "")[1], 0.0);
    }

    #[test]
    fn a_language_that_cannot_be_told_is_refused() {
        let params = serde_json::from_str(r#"{"lang": "tlh"}"#).unwrap();
        let fault = LanguageIdScoreFilter
            .prepare(&params)
            .err()
            .map(|fault| fault.param);
        assert_eq!(fault, Some("lang".to_owned()));
    }
}
