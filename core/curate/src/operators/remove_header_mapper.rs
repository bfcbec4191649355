//! What stands before the first heading of LaTeX documents.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_protocol::spec::OperationKind;

use super::declare::{Declared, data_juicer, map_with};
use crate::operator::About;
use crate::text::mappers::latex::remove_header;

/// Cuts a LaTeX document before its first chapter, part or section. A document without headings stays as it is.
pub static REMOVE_HEADER_MAPPER: Declared<RemoveHeaderParams> = Declared {
    about: || About {
        name: "remove_header_mapper",
        title: "Remove LaTeX header",
        summary: "Cuts LaTeX documents before their first heading",
        kind: OperationKind::Map,
        source: "Data-Juicer 1.4.3, remove_header_mapper",
        dialects: &[],
    },
    foreign: &[data_juicer("remove_header_mapper")],
    prepare: |_| Ok(map_with(|text| remove_header(text).into())),
};

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RemoveHeaderParams {
    /// Without effect, as in the original: documents without headings stay.
    #[schemars(extend("advanced" = true))]
    drop_no_head: bool,
}

impl Default for RemoveHeaderParams {
    fn default() -> Self {
        Self { drop_no_head: true }
    }
}
