//! Network addresses by a pattern.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_protocol::spec::OperationKind;

use super::declare::{Declared, data_juicer, map_with};
use crate::operator::{About, Fault};
use crate::text::mappers::clean;

/// Takes out IPv4 and full IPv6 addresses, or what another pattern finds; a part of a longer number may be one.
pub static CLEAN_IP_MAPPER: Declared<CleanIpParams> = Declared {
    about: || About {
        name: "clean_ip_mapper",
        title: "Remove network addresses",
        summary: "Takes out IP addresses",
        kind: OperationKind::Map,
        source: "Data-Juicer 1.4.3, clean_ip_mapper",
        dialects: &[],
    },
    foreign: &[data_juicer("clean_ip_mapper")],
    prepare: |params| {
        let cleaner = clean::cleaner(clean::IP, params.pattern.as_deref(), &params.repl)
            .map_err(|reason| Fault::new("pattern", reason))?;
        Ok(map_with(move |text| cleaner.apply(text)))
    },
};

#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CleanIpParams {
    /// Pattern of Python to look for instead of the usual one.
    pattern: Option<String>,
    /// What to put for each match; `\1` is the first group of the pattern.
    repl: String,
}
