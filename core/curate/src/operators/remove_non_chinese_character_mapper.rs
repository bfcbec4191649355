//! What is not Chinese.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_protocol::spec::OperationKind;

use super::declare::{Declared, data_juicer, map_with};
use crate::operator::About;
use crate::text::mappers::characters::{Kept, remove_non_chinese_character};

/// Keeps Chinese characters (U+4E00 to U+9FA5), and letters, digits and punctuation as chosen.
pub static REMOVE_NON_CHINESE_CHARACTER_MAPPER: Declared<RemoveNonChineseCharacterParams> =
    Declared {
        about: || About {
            name: "remove_non_chinese_character_mapper",
            title: "Keep Chinese characters",
            summary: "Removes characters that are not Chinese",
            kind: OperationKind::Map,
            source: "Data-Juicer 1.4.3, remove_non_chinese_character_mapper",
            dialects: &[],
        },
        foreign: &[data_juicer("remove_non_chinese_character_mapper")],
        prepare: |params| {
            let kept = Kept {
                alphabet: params.keep_alphabet,
                number: params.keep_number,
                punctuation: params.keep_punc,
            };
            Ok(map_with(move |text| {
                remove_non_chinese_character(text, kept)
            }))
        },
    };

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RemoveNonChineseCharacterParams {
    /// Keep the letters of English.
    keep_alphabet: bool,
    /// Keep the digits 0 to 9.
    keep_number: bool,
    /// Keep spaces and some punctuation.
    keep_punc: bool,
}

impl Default for RemoveNonChineseCharacterParams {
    fn default() -> Self {
        Self {
            keep_alphabet: true,
            keep_number: true,
            keep_punc: true,
        }
    }
}
