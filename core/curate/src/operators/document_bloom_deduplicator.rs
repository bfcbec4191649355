//! Texts of which most has been said by texts before.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_analysis::Params;
use sluice_protocol::spec::{OperationKind, OperationSpec};

use crate::operator::{
    About, Corpus, Deduplicate, DuplicateDecision, DuplicateIndex, Fault, IndexBuilder, Operator,
    Prepared, describe, typed,
};
use crate::text::datatrove::minhash::{MinHash, Signatures};
use crate::text::repeats::{BloomSize, Repeats, RepeatsBuilder, write_unit};
use crate::text::standing;

/// Removes texts of which more than a share of runs of words stands in earlier texts, in whichever of them.
///
/// Runs of texts that go count as said as well. The Bloom filter only chooses which runs are looked at twice: its
/// false positives, whose rate is `false_positive_rate` or follows from `bytes`, remove no text.
pub struct DocumentBloomDeduplicator;

#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct BloomParams {
    /// Words in a run.
    #[schemars(range(min = 1, max = 100), extend("unit" = "words"))]
    n_grams: usize,
    /// Share of runs said before, beyond which a text goes.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    duplication_threshold: f64,
    /// Runs of all texts together, from which the filter's size follows; counted if it is empty.
    #[schemars(range(min = 1), extend("advanced" = true))]
    expected_elements: Option<usize>,
    /// Chance that a run that does not repeat is looked at twice; changes memory, not results.
    #[schemars(range(min = 0.000_000_001, max = 0.5), extend("unit" = "share", "advanced" = true))]
    false_positive_rate: f64,
    /// Size of the filter in place of a rate: with m bits, k = ln 2 · m / n places and n runs the rate is
    /// (1 − e^(−k·n/m))^k.
    #[schemars(range(min = 8, max = 1_000_000_000), extend("unit" = "bytes", "advanced" = true))]
    bytes: Option<usize>,
}

impl Default for BloomParams {
    fn default() -> Self {
        Self {
            n_grams: 13,
            duplication_threshold: 0.8,
            expected_elements: None,
            false_positive_rate: 0.01,
            bytes: None,
        }
    }
}

impl Operator for DocumentBloomDeduplicator {
    fn spec(&self) -> OperationSpec {
        describe::<BloomParams>(About {
            name: "document_bloom_deduplicator",
            title: "Mostly repeated texts",
            summary: "Removes texts of which most runs of words stand in earlier texts",
            kind: OperationKind::Dedup,
            source: "datatrove 0.10.1, SingleBloomFilter, with every bit of the filter in use; Bloom (1970)",
            dialects: &[],
        })
    }

    fn prepare(&self, params: &Params) -> Result<Prepared, Fault> {
        let params = typed::<BloomParams>(params)?;
        if params.n_grams == 0 {
            return Err(Fault::new("n_grams", "a run has at least one word"));
        }
        // No functions: only the runs are used.
        let runs = Signatures::new(MinHash {
            n_grams: params.n_grams,
            n_bands: 0,
            ..MinHash::USUAL
        });
        Ok(Prepared::Dedup(Box::new(BloomDeduplicator {
            params,
            runs,
        })))
    }
}

struct BloomDeduplicator {
    params: BloomParams,
    runs: Signatures,
}

impl Deduplicate for BloomDeduplicator {
    /// The distinct runs as units; `None` for texts shorter than a run, which stay.
    fn sketch(&self, text: &str) -> Option<Vec<u32>> {
        let runs: BTreeSet<u64> = self.runs.shingles(text).into_iter().collect();
        let mut sketch = Vec::with_capacity(runs.len() * 4);
        for hash in &runs {
            write_unit(&mut sketch, *hash, 0, 0);
        }
        (!sketch.is_empty()).then_some(sketch)
    }

    fn index(&self, corpus: Corpus<'_>) -> Box<dyn IndexBuilder> {
        let units = corpus
            .sketches
            .iter()
            .map(|sketch| sketch.as_deref().unwrap_or_default());
        let totals: Vec<u32> = units.clone().map(|units| units.len() as u32 / 4).collect();
        let size = BloomSize {
            expected_elements: self.params.expected_elements,
            false_positive_rate: self.params.false_positive_rate,
            bytes: self.params.bytes,
        };
        let threshold = self.params.duplication_threshold;
        Box::new(RepeatsBuilder::new(units, size, move |repeats| {
            Box::new(BloomIndex {
                threshold,
                totals,
                repeats,
            })
        }))
    }
}

struct BloomIndex {
    threshold: f64,
    /// Distinct runs of each row.
    totals: Vec<u32>,
    repeats: Repeats,
}

impl DuplicateIndex for BloomIndex {
    fn decide(&self, alive: &[bool], rank: Option<&[f64]>) -> DuplicateDecision {
        const NOT_SEEN: u32 = u32::MAX;
        let mut firsts = vec![NOT_SEEN; self.repeats.n_groups()];
        let mut decision = DuplicateDecision::untouched(alive.len());
        decision.cuts = Vec::new();
        for row in standing::order(alive, rank) {
            let mut like = row;
            let mut n_seen = 0_u32;
            for unit in self.repeats.of(row as usize) {
                let Some(first) = firsts.get_mut(unit.group as usize) else {
                    continue;
                };
                if *first == NOT_SEEN {
                    *first = row;
                } else {
                    n_seen += 1;
                    if like == row {
                        like = *first;
                    }
                }
            }
            let total = self.totals.get(row as usize).copied().unwrap_or(0);
            if total == 0 {
                continue;
            }
            let share = f64::from(n_seen) / f64::from(total);
            if let Some(similarity) = decision.similarity.get_mut(row as usize) {
                *similarity = share;
            }
            let entries = (
                decision.removed.get_mut(row as usize),
                decision.stands_for.get_mut(row as usize),
            );
            if let (Some(removed), Some(stands_for)) = entries
                && share > self.threshold
            {
                (*removed, *stands_for) = (true, like);
            }
        }
        decision
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sluice_analysis::Value;

    #[test]
    fn a_text_said_before_goes() {
        let params = Params::from([
            ("n_grams".to_owned(), Value::Int(2)),
            ("duplication_threshold".to_owned(), Value::Float(0.6)),
        ]);
        let Ok(Prepared::Dedup(dedup)) = DocumentBloomDeduplicator.prepare(&params) else {
            panic!("a deduplicator");
        };
        let texts = [
            "red green blue",
            "blue black white",
            "red green blue black yellow",
            "red",
        ];
        let sketches: Vec<_> = texts.iter().map(|text| dedup.sketch(text)).collect();
        let corpus = Corpus {
            sketches: &sketches,
            texts: &[],
            reference: &[],
        };
        let mut builder = dedup.index(corpus);
        while builder.step() {}
        let index = builder.finish();
        // Three of the third text's four runs stand in the others.
        let decision = index.decide(&[true; 4], None);
        assert_eq!(decision.removed, [false, false, true, false]);
        assert_eq!(decision.similarity[2], 0.75);
        assert!(decision.similarity[3].is_nan());
        let decision = index.decide(&[true, false, true, true], None);
        assert_eq!(decision.removed, [false; 4]);
        assert_eq!(decision.similarity[2], 0.5);
    }
}
