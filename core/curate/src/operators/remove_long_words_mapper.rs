//! Words of unusual length.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_protocol::spec::OperationKind;

use super::declare::{Declared, count, data_juicer, map_with};
use crate::operator::About;
use crate::text::mappers::words::remove_long_words;

/// Keeps words of a length in the range, with or without the special characters at their ends; separators between words merge.
pub static REMOVE_LONG_WORDS_MAPPER: Declared<RemoveLongWordsParams> = Declared {
    about: || About {
        name: "remove_long_words_mapper",
        title: "Remove long words",
        summary: "Removes words that are too short or too long",
        kind: OperationKind::Map,
        source: "Data-Juicer 1.4.3, remove_long_words_mapper",
        dialects: &[],
    },
    foreign: &[data_juicer("remove_long_words_mapper")],
    prepare: |params| {
        let (min, max) = (
            count(params.min_len),
            params.max_len.map_or(usize::MAX, count),
        );
        Ok(map_with(move |text| {
            remove_long_words(text, min, max).into()
        }))
    },
};

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RemoveLongWordsParams {
    /// Least length of a word.
    #[schemars(extend("unit" = "characters"))]
    min_len: u64,
    /// Greatest length of a word.
    #[schemars(extend("unit" = "characters"))]
    max_len: Option<u64>,
}

impl Default for RemoveLongWordsParams {
    fn default() -> Self {
        Self {
            min_len: 1,
            max_len: None,
        }
    }
}
