//! LaTeX macros as what they stand for.

use sluice_protocol::spec::OperationKind;

use super::declare::{Declared, NoParams, data_juicer, map_with};
use crate::operator::About;
use crate::text::mappers::latex_macros::expand_macros;

/// Puts the values of macros without arguments, defined by `\newcommand` or `\def`, for their names.
pub static EXPAND_MACRO_MAPPER: Declared<NoParams> = Declared {
    about: || About {
        name: "expand_macro_mapper",
        title: "Expand LaTeX macros",
        summary: "Puts the values of LaTeX macros without arguments for their names",
        kind: OperationKind::Map,
        source: "Data-Juicer 1.4.3, expand_macro_mapper",
        dialects: &[],
    },
    foreign: &[data_juicer("expand_macro_mapper")],
    prepare: |_: NoParams| Ok(map_with(expand_macros)),
};
