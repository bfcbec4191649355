//! Lines that are known.

use std::collections::HashSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_protocol::spec::OperationKind;

use super::declare::{Declared, map_with, nemo};
use crate::operator::About;
use crate::text::heuristics::nemo_modifiers::remove_lines;

/// Removes lines that are, as a whole, one of the given ones: menus, notices.
pub static LINE_REMOVER_MAPPER: Declared<LineRemoverParams> = Declared {
    about: || About {
        name: "line_remover_mapper",
        title: "Remove known lines",
        summary: "Removes lines that equal given ones",
        kind: OperationKind::Map,
        source: "NeMo Curator 1e2e4275, LineRemover",
        dialects: &[],
    },
    foreign: &[nemo("LineRemover")],
    prepare: |params| {
        let patterns = params.patterns;
        Ok(map_with(move |text| {
            let lines: HashSet<&str> = patterns.iter().map(String::as_str).collect();
            remove_lines(text, &lines).into()
        }))
    },
};

#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct LineRemoverParams {
    /// Lines to remove, compared as a whole and in the same case.
    patterns: Vec<String>,
}
