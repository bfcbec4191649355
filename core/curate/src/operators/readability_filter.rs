//! Texts by their readability.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_analysis::Params;
use sluice_protocol::spec::{OperationKind, OperationSpec};

use crate::operator::{
    About, Condition, Fault, Measure, Operator, Prepared, TextFilter, TextViews, describe, typed,
};
use crate::operators::shared::fill;
use crate::text::readability::ReadingCounts;

/// Measures how hard English texts are to read, and keeps those within limits on one score.
///
/// Syllables are counted by spelling, so that scores differ a little from those of other programs. A text without words
/// has no scores and goes if there is a limit.
pub struct ReadabilityFilter;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Score {
    /// Flesch reading ease: 0 (hard) to 100 (easy).
    #[default]
    FleschReadingEase,
    /// Flesch and Kincaid's school grade.
    FleschKincaidGrade,
    /// Gunning's fog index, a school grade by long words.
    GunningFog,
    /// McLaughlin's SMOG, a school grade by long words.
    Smog,
    /// Coleman and Liau's school grade by letters.
    ColemanLiau,
    /// Automated readability index, a school grade by letters.
    AutomatedReadability,
}

#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct ReadabilityParams {
    /// The score that the limits are for. All scores are measured.
    score: Score,
    /// Least score.
    min_score: Option<f64>,
    /// Greatest score.
    max_score: Option<f64>,
}

impl Operator for ReadabilityFilter {
    fn spec(&self) -> OperationSpec {
        describe::<ReadabilityParams>(About {
            name: "readability_filter",
            title: "Readability",
            summary: "Measures how hard English texts are to read and keeps those within limits",
            kind: OperationKind::Filter,
            source: "Flesch 1948, Gunning 1952, Smith and Senter 1967, McLaughlin 1969, Kincaid et al. 1975, \
                     Coleman and Liau 1975",
            dialects: &[],
        })
    }

    fn prepare(&self, params: &Params) -> Result<Prepared, Fault> {
        Ok(Prepared::Filter(Box::new(typed::<ReadabilityParams>(
            params,
        )?)))
    }
}

impl TextFilter for ReadabilityParams {
    fn measures(&self) -> Vec<Measure> {
        vec![
            Measure::new("flesch_reading_ease", "Flesch reading ease", ""),
            Measure::new(
                "flesch_kincaid_grade",
                "Flesch–Kincaid grade",
                "school years",
            ),
            Measure::new("gunning_fog", "Gunning fog index", "school years"),
            Measure::new("smog", "SMOG grade", "school years"),
            Measure::new("coleman_liau", "Coleman–Liau index", "school years"),
            Measure::new(
                "automated_readability",
                "Automated readability index",
                "school years",
            ),
        ]
    }

    fn measure(&self, views: &TextViews<'_>, values: &mut [f64]) {
        let counts = ReadingCounts::of(views.text);
        let all = [
            counts.flesch_reading_ease(),
            counts.flesch_kincaid_grade(),
            counts.gunning_fog(),
            counts.smog(),
            counts.coleman_liau(),
            counts.automated_readability(),
        ];
        fill(values, all);
    }

    fn conditions(&self) -> Vec<Condition> {
        let measure = match self.score {
            Score::FleschReadingEase => 0,
            Score::FleschKincaidGrade => 1,
            Score::GunningFog => 2,
            Score::Smog => 3,
            Score::ColemanLiau => 4,
            Score::AutomatedReadability => 5,
        };
        let range = Condition::between(
            ("min_score", self.min_score),
            ("max_score", self.max_score),
            "readability out of range",
        );
        vec![Condition {
            measure,
            keeps_undefined: self.min_score.is_none() && self.max_score.is_none(),
            ..range
        }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operators::shared::testing::{reason, values};

    #[test]
    fn limits_are_for_the_score_chosen() {
        let text = "The cat sat on the mat.";
        let check = |params: &str, text: &str, expected: Option<usize>| {
            assert_eq!(
                reason(&ReadabilityFilter, params, text),
                expected,
                "{params} {text:?}"
            );
        };
        check("{}", text, None);
        check("{}", "", None);
        check(r#"{"min_score": 100}"#, text, None);
        check(r#"{"min_score": 100}"#, "", Some(0));
        check(
            r#"{"score": "gunning_fog", "min_score": 100}"#,
            text,
            Some(0),
        );
        assert!(
            values(&ReadabilityFilter, "{}", "12 !")
                .iter()
                .all(|value| value.is_nan())
        );
    }
}
