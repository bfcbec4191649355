//! Texts that share most of their runs of words with another.

use std::borrow::Cow;
use std::num::NonZeroUsize;

use regex::Regex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_analysis::Params;
use sluice_protocol::spec::{OperationKind, OperationSpec};

use crate::operator::{
    About, Banding, Corpus, Deduplicate, Fault, Foreign, IndexBuilder, Operator, Prepared,
    describe, typed,
};
use crate::text::band_index::{BandIndexBuilder, Banded};
use crate::text::data_juicer::locality::{ErrorWeights, optimal_banding};
use crate::text::data_juicer::shingles::{Shingles, Shingling, Tokenization};
use crate::text::minhash_shingles::{character_shingles, word_shingles};
use crate::text::{data_juicer, datatrove, minhash};

/// Keeps one of texts that are nearly the same, by MinHash signatures of which parts (bands) are equal.
pub struct DocumentMinhashDeduplicator;

#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct MinhashParams {
    /// Whose definition: Sluice's, which checks each pair, Data-Juicer's, datatrove's, or NeMo Curator's rule with
    /// Sluice's hash functions, whose clusters are not checked against NeMo's.
    dialect: Dialect,
    /// What runs are made of, in the dialects sluice and data-juicer; punctuation is Data-Juicer's alone.
    tokenization: TokenKind,
    /// Length of the runs that texts are compared by, in the dialects sluice and data-juicer.
    #[schemars(range(min = 1, max = 100), extend("unit" = "words"))]
    window_size: usize,
    /// Whether case makes no difference, in the dialects sluice and data-juicer.
    lowercase: bool,
    /// Regular expression of what is dropped before texts are compared, in the dialects sluice and data-juicer.
    ignore_pattern: Option<String>,
    /// Values of a signature: more estimate the similarity better and take longer.
    #[schemars(range(min = 1, max = 4096))]
    num_permutations: usize,
    /// Similarity from which texts count as duplicates: share of their runs that they have in common.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    jaccard_threshold: f64,
    /// Bands of a signature; found from the threshold if it is empty (20 for NeMo).
    #[schemars(range(min = 1), extend("advanced" = true))]
    num_bands: Option<usize>,
    /// Values in a band; found from the threshold if it is empty.
    #[schemars(range(min = 1), extend("advanced" = true))]
    num_rows_per_band: Option<usize>,
    /// Tokeniser of Data-Juicer's sentencepiece tokenization, which is not included.
    #[schemars(extend("advanced" = true))]
    tokenizer_model: Option<String>,
    /// Words in a run, in the dialect datatrove.
    #[schemars(range(min = 1, max = 100), extend("unit" = "words", "advanced" = true))]
    n_grams: usize,
    /// Bands of a signature, in the dialect datatrove.
    #[schemars(range(min = 1, max = 1000), extend("advanced" = true))]
    num_buckets: usize,
    /// Values in a band, in the dialect datatrove.
    #[schemars(range(min = 1, max = 1000), extend("advanced" = true))]
    hashes_per_bucket: usize,
    /// Chooses the hash functions, in the dialect datatrove.
    #[schemars(extend("advanced" = true))]
    seed: u32,
    /// Characters in a run, in the dialect nemo.
    #[schemars(range(min = 1, max = 1000), extend("unit" = "characters", "advanced" = true))]
    char_ngrams: usize,
    /// Values in a band, in the dialect nemo.
    #[schemars(range(min = 1, max = 1000), extend("advanced" = true))]
    minhashes_per_band: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Dialect {
    Sluice,
    DataJuicer,
    Datatrove,
    Nemo,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum TokenKind {
    Space,
    Character,
    Punctuation,
    Sentencepiece,
}

impl Default for MinhashParams {
    fn default() -> Self {
        Self {
            dialect: Dialect::Sluice,
            tokenization: TokenKind::Space,
            window_size: 5,
            lowercase: true,
            ignore_pattern: None,
            num_permutations: 256,
            jaccard_threshold: 0.7,
            num_bands: None,
            num_rows_per_band: None,
            tokenizer_model: None,
            n_grams: 5,
            num_buckets: 14,
            hashes_per_bucket: 8,
            seed: 1,
            char_ngrams: 24,
            minhashes_per_band: 13,
        }
    }
}

/// Values of a signature in all: more would take minutes for a text.
const MAX_VALUES: usize = 16_384;

impl Operator for DocumentMinhashDeduplicator {
    fn spec(&self) -> OperationSpec {
        describe::<MinhashParams>(About {
            name: "document_minhash_deduplicator",
            title: "Near duplicates",
            summary: "Removes texts that share most of their runs of words with another",
            kind: OperationKind::Dedup,
            source: "Broder (1997); Leskovec, Rajaraman, Ullman, Mining of Massive Datasets, chapter 3; \
                     Data-Juicer 1.4.3; datatrove 0.10.1",
            dialects: &["sluice", "data-juicer", "datatrove", "nemo"],
        })
    }

    fn prepare(&self, params: &Params) -> Result<Prepared, Fault> {
        let params = typed::<MinhashParams>(params)?;
        Ok(Prepared::Dedup(Box::new(params.prepared()?)))
    }

    fn foreign(&self) -> &'static [Foreign] {
        &[
            Foreign {
                system: "data-juicer",
                name: "document_minhash_deduplicator",
                dialect: "data-juicer",
            },
            Foreign {
                system: "datatrove",
                name: "MinhashDedupSignature",
                dialect: "datatrove",
            },
        ]
    }
}

/// What makes a signature.
enum Signing {
    Words(minhash::Permutations),
    Characters(usize, minhash::Permutations),
    DataJuicer(Tokenization, data_juicer::minhash::Permutations),
    Datatrove(Box<datatrove::minhash::Signatures>),
}

struct MinhashDeduplicator {
    window: NonZeroUsize,
    lowercase: bool,
    ignore: Option<Regex>,
    signing: Signing,
    banded: Banded,
    banding: Banding,
}

impl MinhashParams {
    fn prepared(self) -> Result<MinhashDeduplicator, Fault> {
        let window = NonZeroUsize::new(self.window_size)
            .ok_or_else(|| Fault::new("window_size", "a run has at least one word"))?;
        if !(0.0..=1.0).contains(&self.jaccard_threshold) {
            return Err(Fault::new("jaccard_threshold", "a share from 0 to 1"));
        }
        if self.tokenizer_model.is_some() || self.tokenization == TokenKind::Sentencepiece {
            return Err(Fault::new(
                "tokenization",
                "tokenisers that are downloaded are not included; use space or character",
            ));
        }
        let own = matches!(self.dialect, Dialect::Sluice | Dialect::DataJuicer);
        let pattern = self.ignore_pattern.as_deref();
        let ignore = pattern
            .filter(|pattern| own && !pattern.is_empty())
            .map(Regex::new)
            .transpose()
            .map_err(|error| Fault::new("ignore_pattern", error))?;
        let (n_bands, n_rows) = self.bands()?;
        let n_values = if own {
            self.num_permutations
        } else {
            n_bands * n_rows
        };
        let signing = match (self.dialect, self.tokenization) {
            (Dialect::Sluice, TokenKind::Punctuation) => {
                return Err(Fault::new(
                    "tokenization",
                    "punctuation is of the dialect data-juicer; use space or character",
                ));
            }
            (Dialect::Sluice, TokenKind::Character) => {
                Signing::Characters(window.get(), minhash::Permutations::new(n_values))
            }
            (Dialect::Sluice, _) => Signing::Words(minhash::Permutations::new(n_values)),
            (Dialect::Nemo, _) if self.char_ngrams == 0 => {
                return Err(Fault::new(
                    "char_ngrams",
                    "a run has at least one character",
                ));
            }
            (Dialect::Nemo, _) => {
                Signing::Characters(self.char_ngrams, minhash::Permutations::new(n_values))
            }
            (Dialect::DataJuicer, kind) => {
                let tokenization = match kind {
                    TokenKind::Character => Tokenization::Character,
                    TokenKind::Punctuation => Tokenization::Punctuation,
                    _ => Tokenization::Space,
                };
                let permutations = data_juicer::minhash::Permutations::new(n_values);
                Signing::DataJuicer(tokenization, permutations)
            }
            (Dialect::Datatrove, _) => {
                let config = datatrove::minhash::MinHash {
                    n_grams: self.n_grams,
                    n_bands,
                    rows_per_band: n_rows,
                    seed: self.seed,
                    ..datatrove::minhash::MinHash::USUAL
                };
                Signing::Datatrove(Box::new(datatrove::minhash::Signatures::new(config)))
            }
        };
        let words_per_value = if self.dialect == Dialect::Datatrove {
            2
        } else {
            1
        };
        let banded = Banded {
            n_bands,
            words_per_band: n_rows * words_per_value,
            words_per_value,
            threshold: (self.dialect == Dialect::Sluice).then_some(self.jaccard_threshold),
        };
        let (bands_param, rows_param) = match self.dialect {
            Dialect::Datatrove => ("num_buckets", "hashes_per_bucket"),
            Dialect::Nemo => ("num_bands", "minhashes_per_band"),
            Dialect::Sluice | Dialect::DataJuicer => ("num_bands", "num_rows_per_band"),
        };
        let banding = Banding {
            n_bands,
            rows_per_band: n_rows,
            n_values,
            threshold: self.jaccard_threshold,
            bands_param,
            rows_param,
        };
        Ok(MinhashDeduplicator {
            window,
            lowercase: self.lowercase && own,
            ignore,
            signing,
            banded,
            banding,
        })
    }

    /// Bands and values in each.
    fn bands(&self) -> Result<(usize, usize), Fault> {
        let checked = |param: &str, bands: usize, rows: usize, max: usize| {
            let n_values = bands.saturating_mul(rows);
            if n_values == 0 || n_values > max {
                let reason = format!(
                    "{bands} bands of {rows} values need {n_values} values, of at least 1 and at most {max}"
                );
                return Err(Fault::new(param, reason));
            }
            Ok((bands, rows))
        };
        match self.dialect {
            Dialect::Datatrove => checked(
                "num_buckets",
                self.num_buckets,
                self.hashes_per_bucket,
                MAX_VALUES,
            ),
            Dialect::Nemo => {
                let bands = self.num_bands.unwrap_or(20);
                checked("num_bands", bands, self.minhashes_per_band, MAX_VALUES)
            }
            Dialect::Sluice | Dialect::DataJuicer => {
                let n = self.num_permutations;
                if n == 0 || n > MAX_VALUES {
                    let reason = format!("from 1 to {MAX_VALUES}");
                    return Err(Fault::new("num_permutations", reason));
                }
                match (self.num_bands, self.num_rows_per_band) {
                    (Some(bands), Some(rows)) => checked("num_bands", bands, rows, n),
                    _ if self.dialect == Dialect::Sluice => {
                        Ok(minhash::best_bands(self.jaccard_threshold, n))
                    }
                    _ => {
                        let banding = optimal_banding(self.jaccard_threshold, n, EVEN);
                        Ok((banding.n_bands.max(1), banding.rows_per_band.max(1)))
                    }
                }
            }
        }
    }
}

/// Data-Juicer's weights.
const EVEN: ErrorWeights = ErrorWeights {
    false_positive: 0.5,
    false_negative: 0.5,
};

impl Deduplicate for MinhashDeduplicator {
    fn banding(&self) -> Option<Banding> {
        Some(self.banding)
    }

    fn sketch(&self, text: &str) -> Option<Vec<u32>> {
        let mut hashes = Vec::new();
        let permutations = match &self.signing {
            Signing::DataJuicer(tokenization, permutations) => {
                let shingling = Shingling {
                    tokenization: *tokenization,
                    window: self.window,
                    lowercase: self.lowercase,
                    ignore: self.ignore.as_ref(),
                };
                return permutations.signature(&Shingles::of(text, &shingling));
            }
            Signing::Datatrove(signatures) => {
                let values = signatures.signature(&signatures.shingles(text))?;
                let words = |value: &u64| [*value as u32, (*value >> 32) as u32];
                return Some(values.iter().flat_map(words).collect());
            }
            Signing::Words(permutations) => {
                let text = self.without_ignored(Cow::Borrowed(text));
                word_shingles(&text, self.window.get(), self.lowercase, &mut hashes);
                permutations
            }
            Signing::Characters(n_chars, permutations) => {
                let text = if self.lowercase {
                    Cow::Owned(text.to_lowercase())
                } else {
                    Cow::Borrowed(text)
                };
                character_shingles(&self.without_ignored(text), *n_chars, &mut hashes);
                permutations
            }
        };
        let signature = minhash::signature(&hashes, permutations);
        (!signature.is_empty()).then_some(signature)
    }

    fn index(&self, corpus: Corpus<'_>) -> Box<dyn IndexBuilder> {
        Box::new(BandIndexBuilder::new(corpus.sketches, self.banded))
    }
}

impl MinhashDeduplicator {
    fn without_ignored<'a>(&self, text: Cow<'a, str>) -> Cow<'a, str> {
        match &self.ignore {
            Some(ignore) => Cow::Owned(ignore.replace_all(&text, "").into_owned()),
            None => text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sluice_analysis::Value;

    /// A word without digits, which datatrove makes equal.
    fn word(n: u32) -> String {
        let letter = |digit: char| char::from(b'a' + (digit as u8 - b'0'));
        n.to_string()
            .chars()
            .map(letter)
            .chain(" ".chars())
            .collect()
    }

    fn text(value: &str) -> Value {
        Value::Text(value.to_owned())
    }

    fn stands_for(params: &[(&str, Value)], texts: &[String]) -> Vec<u32> {
        let params: Params = params
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect();
        let Ok(Prepared::Dedup(dedup)) = DocumentMinhashDeduplicator.prepare(&params) else {
            panic!("a deduplicator of {params:?}");
        };
        let sketches: Vec<_> = texts.iter().map(|text| dedup.sketch(text)).collect();
        let corpus = Corpus {
            sketches: &sketches,
            texts: &[],
            reference: &[],
        };
        let mut builder = dedup.index(corpus);
        while builder.step() {}
        builder
            .finish()
            .decide(&vec![true; texts.len()], None)
            .stands_for
    }

    #[test]
    fn every_dialect_finds_a_text_with_few_changes() {
        let long: String = (0..300).map(word).collect();
        let other: String = (900..1200).map(word).collect();
        let texts = [
            other,
            long.clone(),
            "short".to_owned(),
            format!("{long} and an end"),
            "short".to_owned(),
            String::new(),
            String::new(),
        ];
        // Sluice and NeMo give short texts a run; for the others they have none.
        for (dialect, short) in [
            ("sluice", 2),
            ("data-juicer", 4),
            ("datatrove", 4),
            ("nemo", 2),
        ] {
            let params = [("dialect", text(dialect))];
            assert_eq!(
                stands_for(&params, &texts),
                [0, 1, 2, 1, short, 5, 6],
                "{dialect}"
            );
        }
    }

    #[test]
    fn datatrove_clusters_are_those_of_its_function() {
        let config = datatrove::minhash::MinHash::USUAL;
        let texts: Vec<String> = (0..60_u32)
            .map(|row| {
                let number = |n: u32| {
                    if n % 41 == row {
                        row
                    } else {
                        n + 1000 * (row % 7)
                    }
                };
                (0..80).map(|n| word(number(n))).collect()
            })
            .collect();
        let clusters =
            datatrove::minhash::minhash_clusters(texts.iter().map(String::as_str), &config);
        let found = stands_for(&[("dialect", text("datatrove"))], &texts);
        for cluster in clusters {
            for row in &cluster {
                assert_eq!(found[*row], cluster[0] as u32);
            }
        }
    }

    #[test]
    fn faults_name_the_parameter() {
        let check = |params: &[(&str, Value)], expected: &str| {
            let params: Params = params
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.clone()))
                .collect();
            let fault = DocumentMinhashDeduplicator.prepare(&params).err().unwrap();
            assert_eq!(fault.param, expected);
        };
        check(&[("tokenization", text("punctuation"))], "tokenization");
        check(&[("tokenization", text("sentencepiece"))], "tokenization");
        check(&[("ignore_pattern", text("("))], "ignore_pattern");
        check(&[("num_permutations", Value::Int(0))], "num_permutations");
        let bands = [
            ("num_bands", Value::Int(99)),
            ("num_rows_per_band", Value::Int(9)),
        ];
        check(&bands, "num_bands");
    }
}
