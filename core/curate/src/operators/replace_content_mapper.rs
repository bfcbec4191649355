//! What patterns find, replaced.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_protocol::spec::OperationKind;

use super::declare::{Declared, data_juicer, map_with};
use super::shared::OneOrMany;
use crate::operator::{About, Fault};
use crate::text::mappers::pattern::Substitution;

/// Replaces what patterns of Python find, one pattern after the other, each on what the one before left.
pub static REPLACE_CONTENT_MAPPER: Declared<ReplaceContentParams> = Declared {
    about: || About {
        name: "replace_content_mapper",
        title: "Replace by pattern",
        summary: "Replaces what patterns find",
        kind: OperationKind::Map,
        source: "Data-Juicer 1.4.3, replace_content_mapper",
        dialects: &[],
    },
    foreign: &[data_juicer("replace_content_mapper")],
    prepare: |params| {
        let patterns = params.pattern.as_ref().map_or(&[][..], OneOrMany::as_slice);
        let templates = params.repl.as_slice();
        if matches!(params.repl, OneOrMany::Many(_)) && templates.len() < patterns.len() {
            return Err(Fault::new(
                "repl",
                format!(
                    "{} replacements for {} patterns; give one for each",
                    templates.len(),
                    patterns.len()
                ),
            ));
        }
        let substitutions = patterns
            .iter()
            .zip(templates.iter().cycle())
            .map(|(pattern, template)| Substitution::new(pattern, template))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|reason| Fault::new("pattern", reason))?;
        Ok(map_with(move |text| {
            substitutions
                .iter()
                .fold(Cow::Borrowed(text), |text, by| match text {
                    Cow::Borrowed(text) => by.apply(text),
                    Cow::Owned(text) => Cow::Owned(by.apply(&text).into_owned()),
                })
        }))
    },
};

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ReplaceContentParams {
    /// A pattern of Python or a list of them.
    pattern: Option<OneOrMany>,
    /// What to put for matches: one text for all patterns, or a list with one for each; `\1` is the first group.
    repl: OneOrMany,
}

impl Default for ReplaceContentParams {
    fn default() -> Self {
        Self {
            pattern: None,
            repl: OneOrMany::One(String::new()),
        }
    }
}
