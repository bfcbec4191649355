//! E-mail addresses by a pattern.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_protocol::spec::OperationKind;

use super::declare::{Declared, data_juicer, map_with};
use crate::operator::{About, Fault};
use crate::text::mappers::clean;

/// Takes out e-mail addresses, or what another pattern finds. `mask_personal_data_mapper` looks closer.
pub static CLEAN_EMAIL_MAPPER: Declared<CleanEmailParams> = Declared {
    about: || About {
        name: "clean_email_mapper",
        title: "Remove e-mail addresses",
        summary: "Takes out e-mail addresses",
        kind: OperationKind::Map,
        source: "Data-Juicer 1.4.3, clean_email_mapper",
        dialects: &[],
    },
    foreign: &[data_juicer("clean_email_mapper")],
    prepare: |params| {
        let cleaner = clean::cleaner(clean::EMAIL, params.pattern.as_deref(), &params.repl)
            .map_err(|reason| Fault::new("pattern", reason))?;
        Ok(map_with(move |text| cleaner.apply(text)))
    },
};

#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CleanEmailParams {
    /// Pattern of Python to look for instead of the usual one.
    pattern: Option<String>,
    /// What to put for each match; `\1` is the first group of the pattern.
    repl: String,
}
