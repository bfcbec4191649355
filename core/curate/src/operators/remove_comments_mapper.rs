//! Comments of LaTeX documents.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_protocol::spec::OperationKind;

use super::declare::{Declared, data_juicer, map_with};
use super::shared::OneOrMany;
use crate::operator::{About, Fault};
use crate::text::mappers::latex::remove_comments;

/// Removes comments of LaTeX documents, with the character before the `%` of one inside a line, as the original does.
pub static REMOVE_COMMENTS_MAPPER: Declared<RemoveCommentsParams> = Declared {
    about: || About {
        name: "remove_comments_mapper",
        title: "Remove LaTeX comments",
        summary: "Removes comments from LaTeX documents",
        kind: OperationKind::Map,
        source: "Data-Juicer 1.4.3, remove_comments_mapper",
        dialects: &[],
    },
    foreign: &[data_juicer("remove_comments_mapper")],
    prepare: |params| {
        if params.doc_type.as_slice().iter().any(|kind| kind != "tex") {
            return Err(Fault::new(
                "doc_type",
                "only comments of \"tex\" documents are known; set it to \"tex\"",
            ));
        }
        let (inline, multiline) = (params.inline, params.multiline);
        Ok(map_with(move |text| {
            remove_comments(text, inline, multiline)
        }))
    },
};

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RemoveCommentsParams {
    /// Kind of document: only "tex" is known.
    #[schemars(extend("advanced" = true))]
    doc_type: OneOrMany,
    /// Remove comments inside lines.
    inline: bool,
    /// Remove lines that are comments.
    multiline: bool,
}

impl Default for RemoveCommentsParams {
    fn default() -> Self {
        Self {
            doc_type: OneOrMany::One("tex".to_owned()),
            inline: true,
            multiline: true,
        }
    }
}
