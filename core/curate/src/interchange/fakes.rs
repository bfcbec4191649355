//! Small operators for tests, with the names and parameters of real ones.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_analysis::Params;
use sluice_protocol::spec::{OperationKind, OperationSpec};

use super::registry::Registry;
use crate::operator::{About, Fault, Foreign, Operator, Prepared, TextMap, describe, typed};

pub(crate) fn registry() -> Registry<'static> {
    Registry::new(&[
        &Words,
        &Repetition,
        &Replace,
        &Exact,
        &Simhash,
        &Gopher,
        &RepeatedLines,
        &Ours,
    ])
}

/// Maps nothing: these operators are never run.
struct Nothing;

impl TextMap for Nothing {
    fn apply<'a>(&self, text: &'a str) -> Cow<'a, str> {
        Cow::Borrowed(text)
    }
}

fn prepared<P: serde::de::DeserializeOwned>(params: &Params) -> Result<Prepared, Fault> {
    typed::<P>(params).map(|_| Prepared::Map(Box::new(Nothing)))
}

macro_rules! fake {
    ($type:ident, $params:ident, $name:literal, $kind:ident, $dialects:expr, [$($foreign:expr),*]) => {
        struct $type;

        impl Operator for $type {
            fn spec(&self) -> OperationSpec {
                describe::<$params>(About {
                    name: $name,
                    title: $name,
                    summary: $name,
                    kind: OperationKind::$kind,
                    source: "",
                    dialects: $dialects,
                })
            }

            fn prepare(&self, params: &Params) -> Result<Prepared, Fault> {
                prepared::<$params>(params)
            }

            fn foreign(&self) -> &'static [Foreign] {
                const { &[$($foreign),*] }
            }
        }
    };
}

const fn foreign(system: &'static str, name: &'static str, dialect: &'static str) -> Foreign {
    Foreign {
        system,
        name,
        dialect,
    }
}

const DJ: &str = "data-juicer";

fake!(
    Words,
    WordsParams,
    "words_num_filter",
    Filter,
    &[],
    [foreign(DJ, "words_num_filter", "")]
);
fake!(
    Repetition,
    RepetitionParams,
    "character_repetition_filter",
    Filter,
    &[],
    [foreign(DJ, "character_repetition_filter", "")]
);
fake!(
    Replace,
    ReplaceParams,
    "replace_content_mapper",
    Map,
    &[],
    [foreign(DJ, "replace_content_mapper", "")]
);
fake!(
    Exact,
    ExactParams,
    "document_deduplicator",
    Dedup,
    &[],
    [
        foreign(DJ, "document_deduplicator", ""),
        foreign(DJ, "ray_document_deduplicator", "")
    ]
);
fake!(
    Simhash,
    SimhashParams,
    "document_simhash_deduplicator",
    Dedup,
    &[],
    [foreign(DJ, "document_simhash_deduplicator", "")]
);
fake!(
    Gopher,
    GopherParams,
    "gopher_filter",
    Filter,
    &["datatrove", "dolma"],
    [foreign("datatrove", "GopherQualityFilter", "datatrove")]
);
fake!(
    RepeatedLines,
    RepeatedLinesParams,
    "repeated_lines_filter",
    Filter,
    &["datatrove", "nemo"],
    [foreign("nemo-curator", "RepeatedLinesFilter", "nemo")]
);
fake!(Ours, OursParams, "ours_filter", Filter, &[], []);

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct WordsParams {
    lang: String,
    min_num: Option<u64>,
    max_num: Option<u64>,
    /// Ours alone.
    sample: u64,
}

impl Default for WordsParams {
    fn default() -> Self {
        Self {
            lang: "en".to_owned(),
            min_num: Some(10),
            max_num: None,
            sample: 1,
        }
    }
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct RepetitionParams {
    rep_len: usize,
    min_ratio: Option<f64>,
    max_ratio: Option<f64>,
}

impl Default for RepetitionParams {
    fn default() -> Self {
        Self {
            rep_len: 10,
            min_ratio: None,
            max_ratio: Some(0.5),
        }
    }
}

#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct ReplaceParams {
    pattern: Vec<String>,
    repl: String,
}

#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct ExactParams {
    lowercase: bool,
    ignore_non_character: bool,
}

#[derive(Default, Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Tokenization {
    #[default]
    Space,
    Character,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct SimhashParams {
    tokenization: Tokenization,
    window_size: usize,
    lowercase: bool,
    ignore_pattern: Option<String>,
    num_blocks: usize,
    hamming_distance: usize,
}

impl Default for SimhashParams {
    fn default() -> Self {
        Self {
            tokenization: Tokenization::Space,
            window_size: 6,
            lowercase: true,
            ignore_pattern: None,
            num_blocks: 6,
            hamming_distance: 4,
        }
    }
}

#[derive(Default, Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Dialect {
    #[default]
    Datatrove,
    Dolma,
    Nemo,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct GopherParams {
    dialect: Dialect,
    min_doc_words: Option<u64>,
    max_doc_words: Option<u64>,
    stop_words: Option<Vec<String>>,
}

impl Default for GopherParams {
    fn default() -> Self {
        Self {
            dialect: Dialect::Datatrove,
            min_doc_words: Some(50),
            max_doc_words: Some(100_000),
            stop_words: None,
        }
    }
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct RepeatedLinesParams {
    dialect: Dialect,
    max_repeated_line_fraction: Option<f64>,
}

impl Default for RepeatedLinesParams {
    fn default() -> Self {
        Self {
            dialect: Dialect::Datatrove,
            max_repeated_line_fraction: Some(0.7),
        }
    }
}

#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct OursParams {}
