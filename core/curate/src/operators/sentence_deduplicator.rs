//! Runs of sentences that a text before has said.

use std::ops::Range;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_analysis::Params;
use sluice_protocol::spec::{OperationKind, OperationSpec};

use crate::operator::{
    About, Corpus, Deduplicate, DuplicateDecision, DuplicateIndex, Fault, IndexBuilder, Operator,
    Prepared, describe, typed,
};
use crate::text::datatrove::hashes::TextHash;
use crate::text::datatrove::simplify::{Simplification, simplify_text};
use crate::text::datatrove::tokenizer::{sentences, tokens};
use crate::text::repeats::{BloomSize, Repeats, RepeatsBuilder, write_unit};
use crate::text::{python, standing};

/// Cuts runs of sentences that stand in an earlier text, or before in the same one; the first stays.
pub struct SentenceDeduplicator;

#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct SentenceParams {
    /// Sentences in a run that is compared.
    #[schemars(range(min = 1, max = 100), extend("unit" = "sentences"))]
    n_sentences: usize,
    /// Whether runs are made of sentences; else of lines.
    split_sentences: bool,
    /// Least words of a text after cuts; one with fewer goes.
    #[schemars(range(min = 0), extend("unit" = "words"))]
    min_doc_words: u32,
    /// Least sentences of a text after cuts; one with fewer goes.
    #[schemars(range(min = 0), extend("unit" = "sentences"))]
    min_num_sentences: u32,
}

impl Default for SentenceParams {
    fn default() -> Self {
        Self {
            n_sentences: 3,
            split_sentences: true,
            min_doc_words: 50,
            min_num_sentences: 3,
        }
    }
}

impl Operator for SentenceDeduplicator {
    fn spec(&self) -> OperationSpec {
        describe::<SentenceParams>(About {
            name: "sentence_deduplicator",
            title: "Repeated sentences",
            summary: "Cuts runs of sentences that an earlier text has",
            kind: OperationKind::Dedup,
            source: "datatrove 0.10.1, SentenceDedup; Raffel et al. (2020), section 2.2",
            dialects: &[],
        })
    }

    fn prepare(&self, params: &Params) -> Result<Prepared, Fault> {
        let params = typed::<SentenceParams>(params)?;
        if params.n_sentences == 0 {
            return Err(Fault::new("n_sentences", "a run has at least one sentence"));
        }
        Ok(Prepared::Dedup(Box::new(params)))
    }
}

impl Deduplicate for SentenceParams {
    /// The number of sentences, end and number of words of each, then the runs as units of sentence numbers.
    fn sketch(&self, text: &str) -> Option<Vec<u32>> {
        let tokens = tokens(text);
        let mut ends: Vec<usize> = Vec::new();
        if self.split_sentences {
            ends.extend(sentences(text, &tokens).iter().map(|sentence| sentence.end));
            ends.pop();
            ends.push(text.len());
        } else {
            let mut at = 0;
            for line in python::splitlines_with_ends(text) {
                at += line.len();
                ends.push(at);
            }
        }
        let mut sketch = vec![ends.len() as u32];
        let mut words = tokens
            .iter()
            .filter(|token| !token.of(text).starts_with(python::is_space))
            .peekable();
        let mut simple: Vec<String> = Vec::with_capacity(ends.len());
        let mut start = 0;
        for end in ends {
            let mut n_words = 0;
            while words.next_if(|word| word.start < end).is_some() {
                n_words += 1;
            }
            sketch.extend([end as u32, n_words]);
            let sentence = text.get(start..end).unwrap_or_default();
            simple.push(simplify_text(sentence, &Simplification::USUAL));
            start = end;
        }
        for (idx, run) in simple.windows(self.n_sentences).enumerate() {
            let hash = TextHash::XxHash64.of(&run.join(" "));
            write_unit(&mut sketch, hash, idx, idx + run.len());
        }
        Some(sketch)
    }

    fn index(&self, corpus: Corpus<'_>) -> Box<dyn IndexBuilder> {
        let parts = corpus.sketches.iter().map(|sketch| {
            let sketch = sketch.as_deref().unwrap_or_default();
            let n_head = sketch.first().map_or(0, |n| 1 + 2 * *n as usize);
            sketch.split_at_checked(n_head).unwrap_or_default()
        });
        let tables: Vec<Vec<[u32; 2]>> = parts
            .clone()
            .map(|(head, _)| {
                let (table, _) = head.get(1..).unwrap_or_default().as_chunks::<2>();
                table.to_vec()
            })
            .collect();
        let size = BloomSize {
            false_positive_rate: 0.01,
            ..BloomSize::default()
        };
        let params = self.clone();
        let units = parts.map(|(_, units)| units);
        Box::new(RepeatsBuilder::new(units, size, move |repeats| {
            // Only texts with a repeated run are ever cut.
            let kept = tables.into_iter().enumerate().map(|(row, table)| {
                if repeats.of(row).is_empty() {
                    Vec::new()
                } else {
                    table
                }
            });
            Box::new(SentenceIndex {
                params,
                tables: kept.collect(),
                repeats,
            })
        }))
    }
}

struct SentenceIndex {
    params: SentenceParams,
    /// By row, end in bytes and words of each sentence.
    tables: Vec<Vec<[u32; 2]>>,
    repeats: Repeats,
}

impl DuplicateIndex for SentenceIndex {
    fn decide(&self, alive: &[bool], rank: Option<&[f64]>) -> DuplicateDecision {
        const NOT_SEEN: u32 = u32::MAX;
        let mut firsts = vec![NOT_SEEN; self.repeats.n_groups()];
        let mut decision = DuplicateDecision::untouched(alive.len());
        for row in standing::order(alive, rank) {
            let at = row as usize;
            let Some(table) = self.tables.get(at) else {
                continue;
            };
            // Ranges of sentences, which rise.
            let mut runs: Vec<Range<usize>> = Vec::new();
            let mut like = row;
            for unit in self.repeats.of(at) {
                let Some(first) = firsts.get_mut(unit.group as usize) else {
                    continue;
                };
                if *first == NOT_SEEN {
                    *first = row;
                    continue;
                }
                if like == row {
                    like = *first;
                }
                let (start, end) = (unit.start as usize, unit.end as usize);
                match runs.last_mut() {
                    Some(last) if start <= last.end => last.end = last.end.max(end),
                    _ => runs.push(start..end),
                }
            }
            if runs.is_empty() {
                continue;
            }
            let end_of = |sentence: Option<usize>| {
                let sentence = sentence.and_then(|idx| table.get(idx));
                sentence.map_or(0, |[end, _]| *end as usize)
            };
            let n_words = |sentences: &[[u32; 2]]| sentences.iter().map(|[_, n]| n).sum::<u32>();
            let (mut words, mut n_sentences) = (n_words(table), table.len());
            let mut cuts = Vec::new();
            for run in runs {
                n_sentences -= run.len().min(n_sentences);
                words -= n_words(table.get(run.clone()).unwrap_or_default());
                cuts.push(end_of(run.start.checked_sub(1))..end_of(run.end.checked_sub(1)));
            }
            let too_short = words < self.params.min_doc_words
                || n_sentences < self.params.min_num_sentences as usize
                || n_sentences == 0;
            let n_bytes = end_of(table.len().checked_sub(1)).max(1);
            decision.cut(row, cuts, n_bytes, too_short.then_some(like));
        }
        decision
    }
}

#[cfg(test)]
#[expect(
    clippy::single_range_in_vec_init,
    reason = "a list of one range is meant"
)]
mod tests {
    use super::*;

    #[test]
    fn runs_said_before_are_cut_and_short_rests_go() {
        let params = SentenceParams {
            n_sentences: 2,
            min_doc_words: 4,
            min_num_sentences: 1,
            ..SentenceParams::default()
        };
        let texts = [
            "Red is one. Green is two. Blue is three.",
            "First of all. Green is two. Blue is three. And last of all.",
            "GREEN is two! Blue is three. Short.",
            "Blue is three.",
        ];
        let sketches: Vec<_> = texts.iter().map(|text| params.sketch(text)).collect();
        let corpus = Corpus {
            sketches: &sketches,
            texts: &[],
            reference: &[],
        };
        let mut builder = params.index(corpus);
        while builder.step() {}
        let index = builder.finish();
        let decision = index.decide(&[true; 4], None);
        assert_eq!(decision.cuts, [vec![], vec![13..42], vec![], vec![]]);
        assert_eq!(decision.removed, [false, false, true, false]);
        assert_eq!(decision.stands_for, [0, 1, 0, 3]);
        let decision = index.decide(&[false, true, true, true], None);
        assert_eq!(decision.stands_for, [0, 1, 1, 3]);
    }
}
