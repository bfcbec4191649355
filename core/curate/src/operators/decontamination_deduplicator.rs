//! Texts that contain parts of a reference, such as the test set of a benchmark.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_analysis::Params;
use sluice_protocol::spec::{OperationKind, OperationSpec};

use crate::operator::{
    About, Corpus, Deduplicate, DuplicateDecision, DuplicateIndex, Fault, IndexBuilder, Operator,
    Prepared, describe, typed,
};
use crate::text::decontamination::{Overlap, ReferenceRuns};

/// Removes texts that share runs of words with the reference, in any order of rows and whatever else is there.
///
/// Where in a text the runs are, [`ReferenceRuns::overlap`] tells.
pub struct DecontaminationDeduplicator;

#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct DecontaminationParams {
    /// Words in a run that is compared, without case, punctuation and marks on letters, numbers being all the same.
    #[schemars(range(min = 1, max = 100), extend("unit" = "words"))]
    n_grams: usize,
    /// Fewest runs in common from which a text goes.
    #[schemars(range(min = 1), extend("unit" = "runs"))]
    min_matches: usize,
    /// Least share of a text's runs from which it goes.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    min_overlap: f64,
}

impl Default for DecontaminationParams {
    fn default() -> Self {
        Self {
            n_grams: 12,
            min_matches: 1,
            min_overlap: 0.0,
        }
    }
}

impl Operator for DecontaminationDeduplicator {
    fn spec(&self) -> OperationSpec {
        let mut spec = describe::<DecontaminationParams>(About {
            name: "decontamination_deduplicator",
            title: "Decontamination",
            summary: "Removes texts that share runs of words with a reference, such as a benchmark",
            kind: OperationKind::Dedup,
            source: "datatrove 0.10.1, NGramsDecontFilter; Brown et al. (2020), appendix C",
            dialects: &[],
        });
        spec.inputs.min = 2;
        spec.inputs.max = 2;
        spec
    }

    fn prepare(&self, params: &Params) -> Result<Prepared, Fault> {
        let params = typed::<DecontaminationParams>(params)?;
        if params.n_grams == 0 {
            return Err(Fault::new("n_grams", "a run has at least one word"));
        }
        Ok(Prepared::Dedup(Box::new(params)))
    }
}

impl Deduplicate for DecontaminationParams {
    /// Nothing: texts are compared with the reference.
    fn sketch(&self, _text: &str) -> Option<Vec<u32>> {
        Some(Vec::new())
    }

    fn index(&self, corpus: Corpus<'_>) -> Box<dyn IndexBuilder> {
        let owned = |texts: &[Option<&str>]| -> Vec<Option<Box<str>>> {
            texts.iter().map(|text| text.map(Box::from)).collect()
        };
        Box::new(Builder {
            params: self.clone(),
            reference: owned(corpus.reference),
            texts: owned(corpus.texts),
            runs: ReferenceRuns::new(self.n_grams),
            at: 0,
            overlaps: Vec::new(),
        })
    }

    fn needs_texts(&self) -> bool {
        true
    }

    fn needs_reference(&self) -> bool {
        true
    }
}

struct Builder {
    params: DecontaminationParams,
    reference: Vec<Option<Box<str>>>,
    texts: Vec<Option<Box<str>>>,
    runs: ReferenceRuns,
    /// The next text of the reference, then of the table.
    at: usize,
    overlaps: Vec<(u32, f64)>,
}

/// About two milliseconds.
const BYTES_PER_STEP: usize = 200_000;

impl IndexBuilder for Builder {
    fn step(&mut self) -> bool {
        let mut n_bytes = 0;
        while n_bytes < BYTES_PER_STEP {
            if let Some(text) = self.reference.get(self.at) {
                let text = text.as_deref().unwrap_or_default();
                self.runs.insert(text);
                n_bytes += text.len() + 1;
            } else if let Some(text) = self.texts.get(self.at - self.reference.len()) {
                let text = text.as_deref().unwrap_or_default();
                let overlap: Overlap = self.runs.overlap(text);
                self.overlaps
                    .push((overlap.n_found as u32, overlap.share()));
                n_bytes += text.len() + 1;
            } else {
                return false;
            }
            self.at += 1;
        }
        true
    }

    fn share_done(&self) -> f64 {
        self.at as f64 / (self.reference.len() + self.texts.len()).max(1) as f64
    }

    fn finish(self: Box<Self>) -> Box<dyn DuplicateIndex> {
        Box::new(Contaminated {
            params: self.params,
            overlaps: self.overlaps,
        })
    }
}

struct Contaminated {
    params: DecontaminationParams,
    /// Runs found and their share, by row.
    overlaps: Vec<(u32, f64)>,
}

impl DuplicateIndex for Contaminated {
    fn decide(&self, alive: &[bool], _rank: Option<&[f64]>) -> DuplicateDecision {
        let mut decision = DuplicateDecision::untouched(alive.len());
        decision.cuts = Vec::new();
        let rows = decision.removed.iter_mut().zip(&mut decision.similarity);
        for ((removed, similarity), (alive, (n_found, share))) in
            rows.zip(alive.iter().zip(&self.overlaps))
        {
            if *alive {
                *similarity = *share;
                let is_enough = *n_found as usize >= self.params.min_matches.max(1);
                *removed = is_enough && *share >= self.params.min_overlap;
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
    fn texts_with_a_run_of_the_reference_go() {
        let check = |params: &[(&str, Value)], expected: [bool; 4]| {
            let params = params.iter().cloned();
            let params: Params = params
                .map(|(name, value)| (name.to_owned(), value))
                .collect();
            let Ok(Prepared::Dedup(dedup)) = DecontaminationDeduplicator.prepare(&params) else {
                panic!("a deduplicator");
            };
            let corpus = Corpus {
                sketches: &[],
                texts: &[Some("I say a b c."), Some("b c d"), None, Some("A, B c d")],
                reference: &[Some("a b c d"), None],
            };
            let mut builder = dedup.index(corpus);
            while builder.step() {}
            let decision = builder.finish().decide(&[true, false, true, true], None);
            assert_eq!(decision.removed, expected);
            assert_eq!(decision.similarity[3], 1.0);
        };
        let n_grams = ("n_grams", Value::Int(3));
        check(std::slice::from_ref(&n_grams), [true, false, false, true]);
        check(
            &[n_grams.clone(), ("min_matches", Value::Int(2))],
            [false, false, false, true],
        );
        check(
            &[n_grams, ("min_overlap", Value::Float(0.5))],
            [false, false, false, true],
        );
    }
}
