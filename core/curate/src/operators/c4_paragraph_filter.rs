//! C4's rule for paragraphs.

use std::num::NonZeroUsize;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_analysis::Params;
use sluice_protocol::spec::{OperationKind, OperationSpec};

use crate::operator::{
    About, Condition, Fault, Foreign, Measure, Operator, Prepared, TextFilter, TextViews, describe,
    typed,
};
use crate::text::datatrove::c4::nth_longest_line;

/// Keeps texts with some long lines: pages of captions and links have none.
///
/// Measured is the length that so many lines reach; 0 for a text of fewer lines.
pub struct C4ParagraphFilter;

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct C4ParagraphParams {
    /// Number of long lines.
    #[schemars(extend("unit" = "lines"))]
    min_paragraphs: NonZeroUsize,
    /// Least length of a long line.
    #[schemars(range(min = 0.0), extend("unit" = "characters"))]
    min_paragraph_len: Option<f64>,
}

impl Default for C4ParagraphParams {
    fn default() -> Self {
        Self {
            min_paragraphs: NonZeroUsize::MIN.saturating_add(2),
            min_paragraph_len: Some(200.0),
        }
    }
}

impl Operator for C4ParagraphFilter {
    fn spec(&self) -> OperationSpec {
        describe::<C4ParagraphParams>(About {
            name: "c4_paragraph_filter",
            title: "C4 paragraphs",
            summary: "Keeps texts with at least three long lines",
            kind: OperationKind::Filter,
            source: "Xue et al. 2021 (mC4); datatrove 0.10.1, C4ParagraphFilter",
            dialects: &[],
        })
    }

    fn prepare(&self, params: &Params) -> Result<Prepared, Fault> {
        Ok(Prepared::Filter(Box::new(typed::<C4ParagraphParams>(
            params,
        )?)))
    }

    fn foreign(&self) -> &'static [Foreign] {
        &[Foreign {
            system: "datatrove",
            name: "C4ParagraphFilter",
            dialect: "",
        }]
    }
}

impl TextFilter for C4ParagraphParams {
    fn measures(&self) -> Vec<Measure> {
        vec![Measure::new(
            "c4_paragraph_len",
            "Length of long lines",
            "characters",
        )]
    }

    fn measure(&self, views: &TextViews<'_>, values: &mut [f64]) {
        if let Some(value) = values.first_mut() {
            *value = nth_longest_line(views.text, self.min_paragraphs.get()) as f64;
        }
    }

    fn conditions(&self) -> Vec<Condition> {
        let min = ("min_paragraph_len", self.min_paragraph_len);
        vec![Condition::at_least(0, min, "too few long lines")]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operators::shared::testing::{reason, values};
    use crate::text::datatrove::c4::has_c4_paragraphs;

    #[test]
    fn three_lines_have_to_be_long() {
        let long = "é".repeat(200);
        for text in [
            "",
            "a\nb\nc",
            &format!("{long}\n{long}x\nb"),
            &format!("{long}\n{long}\n\n{long}"),
        ] {
            let is_kept = reason(&C4ParagraphFilter, "{}", text).is_none();
            assert_eq!(is_kept, has_c4_paragraphs(text), "{text:?}");
        }
        assert_eq!(
            values(&C4ParagraphFilter, r#"{"min_paragraphs": 2}"#, "abc\na\nab"),
            [2.0]
        );
    }
}
