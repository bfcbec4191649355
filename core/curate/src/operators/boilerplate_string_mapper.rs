//! Paragraphs that are notices.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_protocol::spec::OperationKind;

use super::declare::{Declared, map_with};
use crate::operator::About;
use crate::text::heuristics::boilerplate::remove_boilerplate;

/// Removes paragraphs with a phrase of notices about cookies, privacy and terms of use: those at the top and the bottom of
/// a text up to the first paragraph without one, or all.
///
/// Paragraphs stand between empty lines. The phrases are not those of NeMo Curator, whose modifier of this name inspired it.
pub const BOILERPLATE_STRING_MAPPER: Declared<BoilerplateStringParams> = Declared {
    about: || About {
        name: "boilerplate_string_mapper",
        title: "Remove boilerplate paragraphs",
        summary: "Removes paragraphs about cookies, privacy and terms of use",
        kind: OperationKind::Map,
        source: "Sluice, after BoilerPlateStringModifier of NeMo Curator",
        dialects: &[],
    },
    foreign: &[],
    prepare: |params| {
        let phrases = params
            .phrases
            .unwrap_or_else(|| PHRASES.map(str::to_owned).to_vec());
        let phrases: Vec<String> = phrases
            .iter()
            .map(|phrase| phrase.to_lowercase())
            .filter(|phrase| !phrase.is_empty())
            .collect();
        let at_ends = params.remove_if_at_top_or_bottom;
        Ok(map_with(move |text| {
            remove_boilerplate(text, &phrases, at_ends)
        }))
    },
};

const PHRASES: [&str; 12] = [
    "all rights reserved",
    "accept all cookies",
    "cookie policy",
    "cookie settings",
    "lorem ipsum",
    "privacy policy",
    "subscribe to our newsletter",
    "terms and conditions",
    "terms of service",
    "terms of use",
    "this site uses cookies",
    "this website uses cookies",
];

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BoilerplateStringParams {
    /// Remove paragraphs at the top and bottom only, not those between others.
    remove_if_at_top_or_bottom: bool,
    /// Phrases to look for, in any case; a dozen usual ones if not given.
    phrases: Option<Vec<String>>,
}

impl Default for BoilerplateStringParams {
    fn default() -> Self {
        Self {
            remove_if_at_top_or_bottom: true,
            phrases: None,
        }
    }
}
