//! Texts by how much of them is repeated runs of characters.

use std::num::NonZeroUsize;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_analysis::Params;
use sluice_protocol::spec::{OperationKind, OperationSpec};

use crate::operator::{
    About, Condition, Fault, Foreign, Measure, Operator, Prepared, TextFilter, TextViews, describe,
    typed,
};
use crate::text::data_juicer::repetition::character_repetition_ratio;

/// Drops texts in which the same few runs of characters come again and again.
///
/// The share is 0 for a text shorter than a run.
pub struct CharacterRepetitionFilter;

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct CharacterRepetitionParams {
    /// Length of the runs that are looked for.
    #[schemars(extend("unit" = "characters"))]
    rep_len: NonZeroUsize,
    /// Least share of the most frequent runs.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    min_ratio: Option<f64>,
    /// Greatest share of the most frequent runs.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    max_ratio: Option<f64>,
}

impl Default for CharacterRepetitionParams {
    fn default() -> Self {
        Self {
            rep_len: NonZeroUsize::MIN.saturating_add(9),
            min_ratio: Some(0.0),
            max_ratio: Some(0.5),
        }
    }
}

impl Operator for CharacterRepetitionFilter {
    fn spec(&self) -> OperationSpec {
        describe::<CharacterRepetitionParams>(About {
            name: "character_repetition_filter",
            title: "Repeated characters",
            summary: "Keeps texts by the share of runs of characters that repeat",
            kind: OperationKind::Filter,
            source: "Data-Juicer 1.4.3, character_repetition_filter",
            dialects: &[],
        })
    }

    fn prepare(&self, params: &Params) -> Result<Prepared, Fault> {
        Ok(Prepared::Filter(Box::new(typed::<
            CharacterRepetitionParams,
        >(params)?)))
    }

    fn foreign(&self) -> &'static [Foreign] {
        &[Foreign {
            system: "data-juicer",
            name: "character_repetition_filter",
            dialect: "",
        }]
    }
}

impl TextFilter for CharacterRepetitionParams {
    fn measures(&self) -> Vec<Measure> {
        vec![Measure::new(
            "char_rep_ratio",
            "Repeated characters",
            "share",
        )]
    }

    fn measure(&self, views: &TextViews<'_>, values: &mut [f64]) {
        if let Some(value) = values.first_mut() {
            *value = character_repetition_ratio(views.text, self.rep_len);
        }
    }

    fn conditions(&self) -> Vec<Condition> {
        vec![Condition::between(
            ("min_ratio", self.min_ratio),
            ("max_ratio", self.max_ratio),
            "share of repeated characters out of range",
        )]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(params: &str, text: &str, expected: f64) {
        let params = serde_json::from_str(params).unwrap();
        let Ok(Prepared::Filter(filter)) = CharacterRepetitionFilter.prepare(&params) else {
            panic!("{params:?}");
        };
        let mut values = [f64::NAN];
        filter.measure(&TextViews::new(text), &mut values);
        assert_eq!(values, [expected], "{text:?}");
    }

    #[test]
    fn runs_of_the_length_asked_for_are_counted() {
        check(r#"{}"#, "abcabc", 0.0);
        check(r#"{"rep_len": 2}"#, "ababab", 0.6);
        check(r#"{"rep_len": 2}"#, "ééé", 1.0);
    }
}
