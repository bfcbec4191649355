//! Punctuation of other scripts as that of ASCII.

use sluice_protocol::spec::OperationKind;

use super::declare::{Declared, NoParams, data_juicer, map_with};
use crate::operator::About;
use crate::text::mappers::characters::punctuation_normalization;

/// Turns 34 punctuation characters, such as full-width and curly ones, into plain ones. A full-width digit one becomes a
/// quotation mark, as in the original.
pub static PUNCTUATION_NORMALIZATION_MAPPER: Declared<NoParams> = Declared {
    about: || About {
        name: "punctuation_normalization_mapper",
        title: "Normalise punctuation",
        summary: "Turns uncommon punctuation into plain punctuation",
        kind: OperationKind::Map,
        source: "Data-Juicer 1.4.3, punctuation_normalization_mapper",
        dialects: &[],
    },
    foreign: &[data_juicer("punctuation_normalization_mapper")],
    prepare: |_: NoParams| Ok(map_with(punctuation_normalization)),
};
