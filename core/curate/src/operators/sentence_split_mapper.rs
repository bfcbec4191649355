//! Sentences on lines of their own.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_protocol::spec::OperationKind;

use super::declare::{Declared, map_with};
use crate::operator::About;
use crate::text::mappers::sentence_split::split_sentences;

/// Puts each sentence on a line of its own, by rules for punctuation and abbreviations of English, German, French, Spanish and
/// Portuguese, and for full-width punctuation. Data-Juicer uses the trained model Punkt, which splits differently here and there.
pub static SENTENCE_SPLIT_MAPPER: Declared<SentenceSplitParams> = Declared {
    about: || About {
        name: "sentence_split_mapper",
        title: "Split sentences",
        summary: "Puts each sentence on a line of its own",
        kind: OperationKind::Map,
        source: "Sluice; name and parameters of Data-Juicer 1.4.3, sentence_split_mapper",
        dialects: &[],
    },
    foreign: &[],
    prepare: |_| Ok(map_with(|text| split_sentences(text).into())),
};

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SentenceSplitParams {
    /// Language of the texts; one set of rules serves all.
    #[schemars(extend("advanced" = true))]
    lang: String,
}

impl Default for SentenceSplitParams {
    fn default() -> Self {
        Self {
            lang: "en".to_owned(),
        }
    }
}
