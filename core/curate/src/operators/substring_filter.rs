//! Texts by whether they have a given part.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_protocol::spec::OperationKind;

use super::declare::{Declared, OneMeasure, nemo, only, yes_or_no};
use crate::operator::About;
use crate::text::heuristics::places::places;

/// Keeps texts that have a given part, in the same case: at the start, at the end or anywhere. Without a part to look for
/// all stay.
pub const SUBSTRING_FILTER: Declared<SubstringParams> = Declared {
    about: || About {
        name: "substring_filter",
        title: "Contains text",
        summary: "Keeps texts that have a given part",
        kind: OperationKind::Filter,
        source: "NeMo Curator 1e2e4275, SubstringFilter",
        dialects: &[],
    },
    foreign: &[nemo("SubstringFilter")],
    prepare: |params| {
        let SubstringParams {
            substring,
            position,
        } = params;
        let sought = substring.clone();
        OneMeasure::new(
            yes_or_no("has_substring", "Has the part"),
            move |views| {
                let (text, part) = (views.text, substring.as_str());
                f64::from(match position {
                    Position::Prefix => text.starts_with(part),
                    Position::Suffix => text.ends_with(part),
                    Position::Any => text.contains(part),
                })
            },
            only(true, "does not have the part"),
        )
        .found_at(move |text| {
            let found = text.matches(sought.as_str());
            places(text, found, "substring", |part| !part.is_empty())
        })
        .prepared()
    },
};

#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SubstringParams {
    /// The part to look for.
    substring: String,
    /// Where it has to stand.
    position: Position,
}

#[derive(Clone, Copy, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Position {
    /// At the start.
    Prefix,
    /// At the end.
    Suffix,
    /// Anywhere.
    #[default]
    Any,
}
