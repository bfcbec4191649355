//! Quotation marks around texts.

use sluice_protocol::spec::OperationKind;

use super::declare::{Declared, NoParams, map_with, nemo};
use crate::operator::About;
use crate::text::heuristics::nemo_modifiers::remove_quotation;

/// Removes `"` at both ends of a text, unless they quote its first line only.
pub static QUOTATION_REMOVER_MAPPER: Declared<NoParams> = Declared {
    about: || About {
        name: "quotation_remover_mapper",
        title: "Remove surrounding quotation marks",
        summary: "Removes quotation marks around whole texts",
        kind: OperationKind::Map,
        source: "NeMo Curator 1e2e4275, QuotationRemover",
        dialects: &[],
    },
    foreign: &[nemo("QuotationRemover")],
    prepare: |_: NoParams| Ok(map_with(|text| remove_quotation(text).into())),
};
