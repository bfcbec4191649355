//! Operators as values: what they say of themselves, and how their parameters become a computation.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sluice_analysis::Params;
use sluice_protocol::spec::OperationSpec;

use crate::operator::{
    About, Condition, Fault, Foreign, Measure, Operator, Prepared, Span, TextFilter, TextMap,
    TextViews, describe, typed,
};

/// An operator without state of its own, with parameters `P`.
pub struct Declared<P: 'static> {
    pub about: fn() -> About,
    pub foreign: &'static [Foreign],
    pub prepare: fn(P) -> Result<Prepared, Fault>,
}

impl<P: JsonSchema + Serialize + DeserializeOwned + Default> Operator for Declared<P> {
    fn spec(&self) -> OperationSpec {
        describe::<P>((self.about)())
    }

    fn prepare(&self, params: &Params) -> Result<Prepared, Fault> {
        (self.prepare)(typed(params)?)
    }

    fn foreign(&self) -> &'static [Foreign] {
        self.foreign
    }
}

/// For operators that have nothing to choose.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NoParams {}

/// The name of an operator of Data-Juicer with the same numbers.
pub const fn data_juicer(name: &'static str) -> Foreign {
    same_as("data-juicer", name)
}

/// The name of a filter or modifier of NeMo Curator with the same numbers.
pub const fn nemo(name: &'static str) -> Foreign {
    same_as("nemo-curator", name)
}

/// The name of a tagger of Dolma with the same numbers.
pub const fn dolma(name: &'static str) -> Foreign {
    same_as("dolma", name)
}

const fn same_as(system: &'static str, name: &'static str) -> Foreign {
    Foreign {
        system,
        name,
        dialect: "",
    }
}

/// A mapper from a function.
pub fn map_with(
    apply: impl for<'a> Fn(&'a str) -> Cow<'a, str> + Send + Sync + 'static,
) -> Prepared {
    Prepared::Map(Box::new(MapWith(apply)))
}

struct MapWith<F>(F);

impl<F: for<'a> Fn(&'a str) -> Cow<'a, str> + Send + Sync> TextMap for MapWith<F> {
    fn apply<'a>(&self, text: &'a str) -> Cow<'a, str> {
        (self.0)(text)
    }
}

type MeasureOf = dyn Fn(&TextViews<'_>) -> f64 + Send + Sync;
type SpansOf = dyn Fn(&str) -> Vec<Span> + Send + Sync;

/// A filter with one measure and one condition on it.
pub struct OneMeasure {
    measure: Measure,
    of: Box<MeasureOf>,
    condition: Condition,
    spans: Option<Box<SpansOf>>,
}

impl OneMeasure {
    pub fn new(
        measure: Measure,
        of: impl Fn(&TextViews<'_>) -> f64 + Send + Sync + 'static,
        condition: Condition,
    ) -> Self {
        Self {
            measure,
            of: Box::new(of),
            condition,
            spans: None,
        }
    }

    /// As [`OneMeasure::new`], for a value that some texts do not have; these stay.
    pub fn optional(
        measure: Measure,
        of: impl Fn(&TextViews<'_>) -> Option<f64> + Send + Sync + 'static,
        condition: Condition,
    ) -> Self {
        let condition = Condition {
            keeps_undefined: true,
            ..condition
        };
        Self::new(
            measure,
            move |views| of(views).unwrap_or(f64::NAN),
            condition,
        )
    }

    /// Also shows where in a text that is which is measured.
    pub fn found_at(self, spans: impl Fn(&str) -> Vec<Span> + Send + Sync + 'static) -> Self {
        Self {
            spans: Some(Box::new(spans)),
            ..self
        }
    }

    pub fn prepared(self) -> Result<Prepared, Fault> {
        Ok(Prepared::Filter(Box::new(self)))
    }
}

impl TextFilter for OneMeasure {
    fn measures(&self) -> Vec<Measure> {
        vec![self.measure]
    }

    fn measure(&self, views: &TextViews<'_>, values: &mut [f64]) {
        if let Some(value) = values.first_mut() {
            *value = (self.of)(views);
        }
    }

    fn conditions(&self) -> Vec<Condition> {
        vec![self.condition.clone()]
    }

    fn spans(&self, text: &str) -> Vec<Span> {
        self.spans
            .as_ref()
            .map(|spans| spans(text))
            .unwrap_or_default()
    }
}

/// A measure that is no (0) or yes (1).
pub const fn yes_or_no(name: &'static str, title: &'static str) -> Measure {
    Measure {
        labels: &["no", "yes"],
        ..Measure::new(name, title, "")
    }
}

/// Keeps texts of which [`yes_or_no`] says `kept`.
pub fn only(kept: bool, reason: &'static str) -> Condition {
    Condition {
        among: Some(vec![usize::from(kept)]),
        ..Condition::between(("", None), ("", None), reason)
    }
}

/// Refuses languages whose words stand without white space, for operators that count words between it.
pub fn refuse_unspaced(lang: &str) -> Result<(), Fault> {
    if ["zh", "ja"].contains(&lang) {
        return Err(Fault::new(
            "lang",
            format!(
                "words of {lang:?} stand without white space between them and cannot be split here; use a filter of \
                 characters, or \"en\" to count what stands between white space"
            ),
        ));
    }
    Ok(())
}

/// A count as the computations take it; one too large for this machine is the largest there is.
pub fn count(n: u64) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}
