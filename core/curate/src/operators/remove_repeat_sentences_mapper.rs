//! Sentences that a text has said before.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_protocol::spec::OperationKind;

use super::declare::{Declared, count, data_juicer, map_with};
use crate::operator::About;
use crate::text::mappers::sentences::{Repeats, remove_repeat_sentences};

/// Removes each sentence that stood before in the text; line ends stay.
pub static REMOVE_REPEAT_SENTENCES_MAPPER: Declared<RemoveRepeatSentencesParams> = Declared {
    about: || About {
        name: "remove_repeat_sentences_mapper",
        title: "Remove repeated sentences",
        summary: "Removes sentences that repeat earlier ones",
        kind: OperationKind::Map,
        source: "Data-Juicer 1.4.3, remove_repeat_sentences_mapper",
        dialects: &[],
    },
    foreign: &[data_juicer("remove_repeat_sentences_mapper")],
    prepare: |params| {
        let repeats = Repeats {
            lowercase: params.lowercase,
            ignore_special_character: params.ignore_special_character,
            min_repeat_sentence_length: count(params.min_repeat_sentence_length),
        };
        Ok(map_with(move |text| {
            remove_repeat_sentences(text, repeats).into()
        }))
    },
};

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RemoveRepeatSentencesParams {
    /// Compare in lower case.
    lowercase: bool,
    /// Compare only letters, digits, Chinese characters and white space.
    ignore_special_character: bool,
    /// Sentences with fewer compared characters stay.
    #[schemars(extend("unit" = "characters"))]
    min_repeat_sentence_length: u64,
}

impl Default for RemoveRepeatSentencesParams {
    fn default() -> Self {
        Self {
            lowercase: false,
            ignore_special_character: true,
            min_repeat_sentence_length: 2,
        }
    }
}
