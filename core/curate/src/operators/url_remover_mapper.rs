//! Web addresses.

use sluice_protocol::spec::OperationKind;

use super::declare::{Declared, NoParams, map_with, nemo};
use crate::operator::About;
use crate::text::heuristics::nemo_modifiers::remove_urls;

/// Removes `http://`, `https://` and `www.` with what follows up to white space.
pub static URL_REMOVER_MAPPER: Declared<NoParams> = Declared {
    about: || About {
        name: "url_remover_mapper",
        title: "Remove web addresses",
        summary: "Removes web addresses",
        kind: OperationKind::Map,
        source: "NeMo Curator 1e2e4275, UrlRemover",
        dialects: &[],
    },
    foreign: &[nemo("UrlRemover")],
    prepare: |_: NoParams| Ok(map_with(|text| remove_urls(text).into())),
};
