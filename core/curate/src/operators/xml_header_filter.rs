//! Source code that is an XML file.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_protocol::spec::OperationKind;

use super::declare::{Declared, OneMeasure, count, nemo, only, yes_or_no};
use crate::operator::About;
use crate::text::heuristics::nemo_code::has_xml_header;

/// Drops texts that have `<?xml version=` near their start: code files of the wrong kind.
pub const XML_HEADER_FILTER: Declared<XmlHeaderParams> = Declared {
    about: || About {
        name: "xml_header_filter",
        title: "XML header",
        summary: "Drops texts that begin as XML files do",
        kind: OperationKind::Filter,
        source: "NeMo Curator 1e2e4275, XMLHeaderFilter",
        dialects: &[],
    },
    foreign: &[nemo("XMLHeaderFilter")],
    prepare: |params| {
        let n_chars = count(params.char_prefix_search_length);
        OneMeasure::new(
            yes_or_no("has_xml_header", "XML header"),
            move |views| f64::from(has_xml_header(views.text, n_chars)),
            only(false, "begins as an XML file"),
        )
        .prepared()
    },
};

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct XmlHeaderParams {
    /// Length of the start in which the header is looked for.
    #[schemars(extend("unit" = "characters"))]
    char_prefix_search_length: u64,
}

impl Default for XmlHeaderParams {
    fn default() -> Self {
        Self {
            char_prefix_search_length: 100,
        }
    }
}
