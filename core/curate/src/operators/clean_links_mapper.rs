//! Web links by a pattern.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_protocol::spec::OperationKind;

use super::declare::{Declared, data_juicer, map_with};
use crate::operator::{About, Fault};
use crate::text::mappers::clean;

/// Takes out links with a scheme, `www.` or a domain and a slash, or what another pattern finds.
pub static CLEAN_LINKS_MAPPER: Declared<CleanLinksParams> = Declared {
    about: || About {
        name: "clean_links_mapper",
        title: "Remove links",
        summary: "Takes out links",
        kind: OperationKind::Map,
        source: "Data-Juicer 1.4.3, clean_links_mapper",
        dialects: &[],
    },
    foreign: &[data_juicer("clean_links_mapper")],
    prepare: |params| {
        let cleaner = clean::cleaner(clean::LINK, params.pattern.as_deref(), &params.repl)
            .map_err(|reason| Fault::new("pattern", reason))?;
        Ok(map_with(move |text| cleaner.apply(text)))
    },
};

#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CleanLinksParams {
    /// Pattern of Python to look for instead of the usual one.
    pattern: Option<String>,
    /// What to put for each match; `\1` is the first group of the pattern.
    repl: String,
}
