//! Web pages as their text.

use sluice_protocol::spec::OperationKind;

use super::declare::{Declared, NoParams, data_juicer, map_with};
use crate::operator::About;
use crate::text::mappers::html::clean_html;

/// Takes out HTML tags, scripts and comments; items of lists begin with `*` on a line of their own.
pub static CLEAN_HTML_MAPPER: Declared<NoParams> = Declared {
    about: || About {
        name: "clean_html_mapper",
        title: "Remove HTML",
        summary: "Turns web pages into their text",
        kind: OperationKind::Map,
        source: "Data-Juicer 1.4.3, clean_html_mapper",
        dialects: &[],
    },
    foreign: &[data_juicer("clean_html_mapper")],
    prepare: |_: NoParams| Ok(map_with(|text| clean_html(text).into())),
};
