//! Runs of line ends.

use sluice_protocol::spec::OperationKind;

use super::declare::{Declared, NoParams, map_with, nemo};
use crate::operator::About;
use crate::text::heuristics::nemo_modifiers::normalize_newlines;

/// Makes three or more line ends in a row two.
pub static NEWLINE_NORMALIZER_MAPPER: Declared<NoParams> = Declared {
    about: || About {
        name: "newline_normalizer_mapper",
        title: "Shorten runs of line ends",
        summary: "Makes runs of empty lines one empty line",
        kind: OperationKind::Map,
        source: "NeMo Curator 1e2e4275, NewlineNormalizer",
        dialects: &[],
    },
    foreign: &[nemo("NewlineNormalizer")],
    prepare: |_: NoParams| Ok(map_with(|text| normalize_newlines(text).into())),
};
