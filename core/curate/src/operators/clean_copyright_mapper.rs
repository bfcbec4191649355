//! Copyright notices at the start of source code.

use sluice_protocol::spec::OperationKind;

use super::declare::{Declared, NoParams, data_juicer, map_with};
use crate::operator::About;
use crate::text::mappers::clean::copyright;

/// Takes out the first comment `/* … */` if it says copyright; without such a comment, the lines at the start that begin with
/// `//`, `#` or `--`.
pub static CLEAN_COPYRIGHT_MAPPER: Declared<NoParams> = Declared {
    about: || About {
        name: "clean_copyright_mapper",
        title: "Remove copyright notices",
        summary: "Takes the copyright notice off the start of source code",
        kind: OperationKind::Map,
        source: "Data-Juicer 1.4.3, clean_copyright_mapper",
        dialects: &[],
    },
    foreign: &[data_juicer("clean_copyright_mapper")],
    prepare: |_: NoParams| Ok(map_with(copyright)),
};
