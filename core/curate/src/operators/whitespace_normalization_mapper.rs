//! All kinds of white space as plain blanks.

use sluice_protocol::spec::OperationKind;

use crate::operator::About;
use crate::operators::declare::{Declared, NoParams, data_juicer, map_with};
use crate::text::mappers::characters::whitespace_normalization;

/// Strips a text and replaces the 23 uncommon white space characters by blanks.
pub static WHITESPACE_NORMALIZATION_MAPPER: Declared<NoParams> = Declared {
    about: || About {
        name: "whitespace_normalization_mapper",
        title: "Normalise white space",
        summary: "Strips texts and turns uncommon white space into plain blanks",
        kind: OperationKind::Map,
        source: "Data-Juicer 1.4.3, whitespace_normalization_mapper",
        dialects: &[],
    },
    foreign: &[data_juicer("whitespace_normalization_mapper")],
    prepare: |_: NoParams| Ok(map_with(whitespace_normalization)),
};
