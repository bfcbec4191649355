//! Bibliographies of LaTeX documents.

use sluice_protocol::spec::OperationKind;

use super::declare::{Declared, NoParams, data_juicer, map_with};
use crate::operator::About;
use crate::text::mappers::latex::remove_bibliography;

/// Cuts a LaTeX document at its appendix, references or bibliography, whichever comes first.
pub static REMOVE_BIBLIOGRAPHY_MAPPER: Declared<NoParams> = Declared {
    about: || About {
        name: "remove_bibliography_mapper",
        title: "Remove LaTeX bibliography",
        summary: "Cuts LaTeX documents before their appendix or bibliography",
        kind: OperationKind::Map,
        source: "Data-Juicer 1.4.3, remove_bibliography_mapper",
        dialects: &[],
    },
    foreign: &[data_juicer("remove_bibliography_mapper")],
    prepare: |_: NoParams| Ok(map_with(|text| remove_bibliography(text).into())),
};
