//! Marks of Markdown.

use sluice_protocol::spec::OperationKind;

use super::declare::{Declared, NoParams, map_with, nemo};
use crate::operator::About;
use crate::text::heuristics::nemo_modifiers::remove_markdown;

/// Removes the marks of bold, italic and underlined text, and makes links their address. Marks pair up inside words too.
pub static MARKDOWN_REMOVER_MAPPER: Declared<NoParams> = Declared {
    about: || About {
        name: "markdown_remover_mapper",
        title: "Remove Markdown",
        summary: "Removes marks of bold, italic and links",
        kind: OperationKind::Map,
        source: "NeMo Curator 1e2e4275, MarkdownRemover",
        dialects: &[],
    },
    foreign: &[nemo("MarkdownRemover")],
    prepare: |_: NoParams| Ok(map_with(|text| remove_markdown(text).into())),
};
