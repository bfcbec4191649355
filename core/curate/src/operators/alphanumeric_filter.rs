//! Texts by their share of letters and digits.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_analysis::Params;
use sluice_protocol::spec::{OperationKind, OperationSpec};

use crate::operator::{
    About, Condition, Fault, Foreign, Measure, Operator, Prepared, TextFilter, TextViews, describe,
    typed,
};

/// Keeps texts with enough letters and digits: tables of symbols, menus and encoded data go.
pub struct AlphanumericFilter;

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct AlphanumericParams {
    /// Least share of letters and digits.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    min_ratio: Option<f64>,
    /// Greatest share of letters and digits.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    max_ratio: Option<f64>,
}

impl Default for AlphanumericParams {
    fn default() -> Self {
        Self {
            min_ratio: Some(0.25),
            max_ratio: None,
        }
    }
}

impl Operator for AlphanumericFilter {
    fn spec(&self) -> OperationSpec {
        describe::<AlphanumericParams>(About {
            name: "alphanumeric_filter",
            title: "Alphanumeric share",
            summary: "Keeps texts by their share of letters and digits",
            kind: OperationKind::Filter,
            source: "Data-Juicer 1.4.3, alphanumeric_filter",
            dialects: &[],
        })
    }

    fn prepare(&self, params: &Params) -> Result<Prepared, Fault> {
        Ok(Prepared::Filter(Box::new(typed::<AlphanumericParams>(
            params,
        )?)))
    }

    fn foreign(&self) -> &'static [Foreign] {
        &[Foreign {
            system: "data-juicer",
            name: "alphanumeric_filter",
            dialect: "",
        }]
    }
}

impl TextFilter for AlphanumericParams {
    fn measures(&self) -> Vec<Measure> {
        vec![Measure::new("alnum_ratio", "Letters and digits", "share")]
    }

    fn measure(&self, views: &TextViews<'_>, values: &mut [f64]) {
        if let Some(value) = values.first_mut() {
            *value = views.char_counts().alphanumeric_ratio();
        }
    }

    fn conditions(&self) -> Vec<Condition> {
        vec![Condition::between(
            ("min_ratio", self.min_ratio),
            ("max_ratio", self.max_ratio),
            "share of letters and digits out of range",
        )]
    }
}
