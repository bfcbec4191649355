//! Chosen characters.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_protocol::spec::OperationKind;

use super::declare::{Declared, data_juicer, map_with};
use super::shared::OneOrMany;
use crate::operator::{About, Fault};
use crate::text::mappers::characters::{SPECIFIC_CHARS, specific_chars};

/// Removes given characters, such as bullets. They make a character class of a pattern joined by `|`, which goes too where more
/// than one is given, as in the original.
pub static REMOVE_SPECIFIC_CHARS_MAPPER: Declared<RemoveSpecificCharsParams> = Declared {
    about: || About {
        name: "remove_specific_chars_mapper",
        title: "Remove characters",
        summary: "Removes chosen characters",
        kind: OperationKind::Map,
        source: "Data-Juicer 1.4.3, remove_specific_chars_mapper",
        dialects: &[],
    },
    foreign: &[data_juicer("remove_specific_chars_mapper")],
    prepare: |params| {
        let items: Vec<&str> = match &params.chars_to_remove {
            OneOrMany::One(chars) => chars.split("").filter(|c| !c.is_empty()).collect(),
            OneOrMany::Many(items) => items.iter().map(String::as_str).collect(),
        };
        let remove =
            specific_chars(items).map_err(|reason| Fault::new("chars_to_remove", reason))?;
        Ok(map_with(move |text| match &remove {
            Some(remove) => remove.apply(text),
            None => text.into(),
        }))
    },
};

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RemoveSpecificCharsParams {
    /// Characters to remove, as one text or a list.
    chars_to_remove: OneOrMany,
}

impl Default for RemoveSpecificCharsParams {
    fn default() -> Self {
        Self {
            chars_to_remove: OneOrMany::One(SPECIFIC_CHARS.to_owned()),
        }
    }
}
