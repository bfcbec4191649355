//! Words with unwanted parts.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_protocol::spec::OperationKind;

use super::declare::{Declared, data_juicer, map_with};
use crate::operator::{About, Fault};
use crate::text::mappers::words::{INCORRECT_SUBSTRINGS, remove_words_with_incorrect_substrings};

/// Removes words in which a given part stands, such as pieces of web addresses; separators between words merge.
pub static REMOVE_WORDS_WITH_INCORRECT_SUBSTRINGS_MAPPER: Declared<
    RemoveWordsWithIncorrectSubstringsParams,
> = Declared {
    about: || About {
        name: "remove_words_with_incorrect_substrings_mapper",
        title: "Remove words by their parts",
        summary: "Removes words that contain unwanted parts",
        kind: OperationKind::Map,
        source: "Data-Juicer 1.4.3, remove_words_with_incorrect_substrings_mapper",
        dialects: &[],
    },
    foreign: &[data_juicer("remove_words_with_incorrect_substrings_mapper")],
    prepare: |params| {
        if params.tokenization {
            return Err(Fault::new(
                "tokenization",
                "words by a SentencePiece model need a download; set it to false for words between white space",
            ));
        }
        let substrings = params.substrings.unwrap_or_else(|| {
            INCORRECT_SUBSTRINGS
                .iter()
                .map(|part| (*part).to_owned())
                .collect()
        });
        Ok(map_with(move |text| {
            let substrings: Vec<&str> = substrings.iter().map(String::as_str).collect();
            remove_words_with_incorrect_substrings(text, &substrings).into()
        }))
    },
};

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RemoveWordsWithIncorrectSubstringsParams {
    /// Language; only looked at by tokenizers.
    #[schemars(extend("advanced" = true))]
    lang: String,
    /// Words by a SentencePiece model, which is not at hand here.
    #[schemars(extend("advanced" = true))]
    tokenization: bool,
    /// Parts that words must not have; `http`, `www`, `.com`, `href` and `//` if not given.
    substrings: Option<Vec<String>>,
}

impl Default for RemoveWordsWithIncorrectSubstringsParams {
    fn default() -> Self {
        Self {
            lang: "en".to_owned(),
            tokenization: false,
            substrings: None,
        }
    }
}
