//! Texts that equal another.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_analysis::Params;
use sluice_protocol::spec::{OperationKind, OperationSpec};

use crate::operator::{
    About, Corpus, Deduplicate, DuplicateDecision, DuplicateIndex, Fault, Foreign, IndexBuilder,
    Operator, Prepared, Ready, describe, typed,
};
use crate::text::buckets::Buckets;
use crate::text::clusters::Clusters;
use crate::text::data_juicer::deduplicate::{Ignored, document_md5};
use crate::text::standing;

/// Keeps the first of texts that are equal but for white space at their ends.
pub struct DocumentDeduplicator;

#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct DocumentParams {
    /// Whether texts that differ only in upper and lower case are equal.
    lowercase: bool,
    /// Whether white space, digits and ASCII punctuation make no difference.
    ignore_non_character: bool,
}

impl Operator for DocumentDeduplicator {
    fn spec(&self) -> OperationSpec {
        describe::<DocumentParams>(About {
            name: "document_deduplicator",
            title: "Exact duplicates",
            summary: "Removes texts that equal another",
            kind: OperationKind::Dedup,
            source: "Data-Juicer 1.4.3, document_deduplicator",
            dialects: &[],
        })
    }

    fn prepare(&self, params: &Params) -> Result<Prepared, Fault> {
        Ok(Prepared::Dedup(Box::new(typed::<DocumentParams>(params)?)))
    }

    fn foreign(&self) -> &'static [Foreign] {
        &[Foreign {
            system: "data-juicer",
            name: "document_deduplicator",
            dialect: "",
        }]
    }
}

impl Deduplicate for DocumentParams {
    fn sketch(&self, text: &str) -> Option<Vec<u32>> {
        let ignored = Ignored {
            case: self.lowercase,
            non_characters: self.ignore_non_character,
        };
        let digest = document_md5(text, ignored);
        let (words, _) = digest.as_chunks::<4>();
        Some(words.iter().map(|word| u32::from_le_bytes(*word)).collect())
    }

    fn index(&self, corpus: Corpus<'_>) -> Box<dyn IndexBuilder> {
        let mut digests: Vec<(&[u32], u32)> = (0..)
            .zip(corpus.sketches)
            .filter_map(|(row, sketch)| Some((sketch.as_deref()?, row)))
            .collect();
        digests.sort_unstable();
        let mut equal = Buckets::default();
        for same in digests.chunk_by(|a, b| a.0 == b.0) {
            if same.len() > 1 {
                equal.push(same.iter().map(|(_, row)| *row));
            }
        }
        Box::new(Ready(EqualRows(equal)))
    }
}

/// Rows that are equal.
struct EqualRows(Buckets);

impl DuplicateIndex for EqualRows {
    fn decide(&self, alive: &[bool], rank: Option<&[f64]>) -> DuplicateDecision {
        let mut clusters = Clusters::new(alive.len());
        for rows in self.0.iter() {
            standing::join_alive(&mut clusters, rows, alive);
        }
        standing::decide(&mut clusters, alive, rank, |_, _| 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::data_juicer::deduplicate::first_of_each;

    fn decide(
        params: &DocumentParams,
        texts: &[&str],
        alive: &[bool],
        rank: Option<&[f64]>,
    ) -> DuplicateDecision {
        let sketches: Vec<_> = texts.iter().map(|text| params.sketch(text)).collect();
        let corpus = Corpus {
            sketches: &sketches,
            texts: &[],
            reference: &[],
        };
        params.index(corpus).finish().decide(alive, rank)
    }

    #[test]
    fn the_first_of_equal_texts_stays() {
        let params = DocumentParams {
            lowercase: true,
            ..DocumentParams::default()
        };
        let texts = ["a b", "c", " A b\n", "a  b", "a b", ""];
        let all = decide(&params, &texts, &[true; 6], None);
        assert_eq!(all.stands_for, [0, 1, 0, 3, 0, 5]);
        assert_eq!(all.similarity[2], 1.0);
        let kept: Vec<usize> = (0..6).filter(|row| !all.removed[*row]).collect();
        let ignored = Ignored {
            case: true,
            non_characters: false,
        };
        let digests = texts.iter().map(|text| document_md5(text, ignored));
        assert_eq!(kept, first_of_each(digests));

        let alive = [false, true, true, true, true, true];
        assert_eq!(
            decide(&params, &texts, &alive, None).stands_for,
            [0, 1, 2, 3, 2, 5]
        );
        let rank = [0.0, 0.0, 5.0, 0.0, 4.0, 0.0];
        assert_eq!(
            decide(&params, &texts, &alive, Some(&rank)).stands_for,
            [0, 1, 4, 3, 4, 5]
        );
    }
}
