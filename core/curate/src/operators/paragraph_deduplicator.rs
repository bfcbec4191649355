//! Paragraphs that a text before has said.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_analysis::Params;
use sluice_protocol::spec::{OperationKind, OperationSpec};
use sluice_stats::hash::{hash_bytes, hash_u64};

use crate::operator::{
    About, Corpus, Deduplicate, DuplicateDecision, DuplicateIndex, Fault, IndexBuilder, Operator,
    Prepared, describe, typed,
};
use crate::text::repeats::{BloomSize, Repeats, RepeatsBuilder, write_unit};
use crate::text::{python, standing};

/// Cuts paragraphs, which end at line feeds, that stand in an earlier text or before in the same one.
///
/// Whole paragraphs are compared without white space at their ends, or their runs of words (`by_ngram`): then a
/// paragraph goes if enough of its runs came before. Blank paragraphs stay. A text of which nothing is left goes.
pub struct ParagraphDeduplicator;

#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct ParagraphParams {
    /// Compare runs of words instead of whole paragraphs.
    by_ngram: Option<ByNgram>,
    /// Fewest characters of a paragraph that may go.
    #[schemars(range(min = 0), extend("unit" = "characters"))]
    min_length: usize,
    /// Fewest words of a paragraph that may go.
    #[schemars(range(min = 0), extend("unit" = "words"))]
    min_words: usize,
    /// Chance that a paragraph or run that does not repeat is looked at twice; changes memory, not results.
    #[schemars(range(min = 0.000_000_001, max = 0.5), extend("unit" = "share", "advanced" = true))]
    false_positive_rate: f64,
}

#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct ByNgram {
    /// Words in a run.
    #[schemars(range(min = 1, max = 1000), extend("unit" = "words"))]
    ngram_length: usize,
    /// Words from the start of one run to that of the next.
    #[schemars(range(min = 1, max = 1000), extend("unit" = "words"))]
    stride: usize,
    /// Share of a paragraph's runs that came before, from which it goes.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    overlap_threshold: f64,
    /// Whether paragraphs shorter than a run stay; else they are compared whole.
    skip_short_paragraphs: bool,
}

impl Default for ByNgram {
    fn default() -> Self {
        Self {
            ngram_length: 8,
            stride: 1,
            overlap_threshold: 0.5,
            skip_short_paragraphs: false,
        }
    }
}

impl Default for ParagraphParams {
    fn default() -> Self {
        Self {
            by_ngram: None,
            min_length: 0,
            min_words: 0,
            false_positive_rate: 0.01,
        }
    }
}

impl Operator for ParagraphDeduplicator {
    fn spec(&self) -> OperationSpec {
        describe::<ParagraphParams>(About {
            name: "paragraph_deduplicator",
            title: "Repeated paragraphs",
            summary: "Cuts paragraphs that an earlier text has",
            kind: OperationKind::Dedup,
            source: "Dolma 1.2.1, dedupe of paragraphs; Bloom (1970)",
            dialects: &[],
        })
    }

    fn prepare(&self, params: &Params) -> Result<Prepared, Fault> {
        let params = typed::<ParagraphParams>(params)?;
        if let Some(by) = &params.by_ngram
            && (by.ngram_length == 0 || by.stride == 0)
        {
            return Err(Fault::new(
                "by_ngram",
                "ngram_length and stride are at least 1",
            ));
        }
        Ok(Prepared::Dedup(Box::new(params)))
    }
}

impl ParagraphParams {
    /// Hashes of what is compared of a paragraph; nothing for one that stays.
    fn hashes(&self, paragraph: &str, hashes: &mut Vec<u64>) {
        hashes.clear();
        let stripped = python::strip(paragraph);
        let is_short = stripped.is_empty()
            || (self.min_length > 0 && python::len(stripped) < self.min_length)
            || (self.min_words > 0 && python::split(stripped).count() < self.min_words);
        if is_short {
            return;
        }
        let Some(by) = &self.by_ngram else {
            return hashes.push(hash_bytes(stripped.as_bytes()));
        };
        let words: Vec<u64> = python::split(stripped)
            .map(|word| hash_bytes(word.as_bytes()))
            .collect();
        let of_run = |run: &[u64]| {
            run.iter()
                .fold(0_u64, |hash, word| hash_u64(hash.rotate_left(5) ^ word))
        };
        if words.len() >= by.ngram_length {
            hashes.extend(
                words
                    .windows(by.ngram_length)
                    .step_by(by.stride)
                    .map(of_run),
            );
        } else if !by.skip_short_paragraphs {
            hashes.push(of_run(&words));
        }
    }
}

impl Deduplicate for ParagraphParams {
    /// The length of the table of paragraphs and the text's bytes; start, end and number of runs of each paragraph that
    /// may go; then the runs as units of that paragraph's number.
    fn sketch(&self, text: &str) -> Option<Vec<u32>> {
        let mut table = Vec::new();
        let mut units = Vec::new();
        let mut hashes = Vec::new();
        let mut start = 0;
        for paragraph in text.split_inclusive('\n') {
            let end = start + paragraph.len();
            self.hashes(paragraph, &mut hashes);
            if !hashes.is_empty() {
                let idx = table.len() / 3;
                table.extend([start as u32, end as u32, hashes.len() as u32]);
                for hash in &hashes {
                    write_unit(&mut units, *hash, idx, idx + 1);
                }
            }
            start = end;
        }
        let mut sketch = vec![table.len() as u32, text.len() as u32];
        sketch.append(&mut table);
        sketch.append(&mut units);
        Some(sketch)
    }

    fn index(&self, corpus: Corpus<'_>) -> Box<dyn IndexBuilder> {
        let parts = corpus.sketches.iter().map(|sketch| {
            let sketch = sketch.as_deref().unwrap_or_default();
            let n_head = sketch.first().map_or(0, |n| 2 + *n as usize);
            sketch.split_at_checked(n_head).unwrap_or_default()
        });
        let tables: Vec<Vec<u32>> = parts.clone().map(|(head, _)| head.to_vec()).collect();
        let size = BloomSize {
            false_positive_rate: self.false_positive_rate,
            ..BloomSize::default()
        };
        let by = self.by_ngram.as_ref();
        let threshold = by.map_or(1.0, |by| by.overlap_threshold);
        let units = parts.map(|(_, units)| units);
        Box::new(RepeatsBuilder::new(units, size, move |repeats| {
            let kept = tables.into_iter().enumerate().map(|(row, table)| {
                if repeats.of(row).is_empty() {
                    Vec::new()
                } else {
                    table
                }
            });
            Box::new(ParagraphIndex {
                threshold,
                tables: kept.collect(),
                repeats,
            })
        }))
    }
}

struct ParagraphIndex {
    /// Share of a paragraph's runs.
    threshold: f64,
    /// By row: a length, the bytes of the text, then start, end and number of runs of each paragraph.
    tables: Vec<Vec<u32>>,
    repeats: Repeats,
}

impl DuplicateIndex for ParagraphIndex {
    fn decide(&self, alive: &[bool], rank: Option<&[f64]>) -> DuplicateDecision {
        const NOT_SEEN: u32 = u32::MAX;
        let mut firsts = vec![NOT_SEEN; self.repeats.n_groups()];
        let mut decision = DuplicateDecision::untouched(alive.len());
        for row in standing::order(alive, rank) {
            let table = self.tables.get(row as usize).map(Vec::as_slice);
            let Some([_, n_bytes, paragraphs @ ..]) = table else {
                continue;
            };
            let (paragraphs, _) = paragraphs.as_chunks::<3>();
            let mut like = row;
            let mut cuts: Vec<std::ops::Range<usize>> = Vec::new();
            for units in self
                .repeats
                .of(row as usize)
                .chunk_by(|a, b| a.start == b.start)
            {
                let mut n_seen = 0_u32;
                for unit in units {
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
                let idx = units.first().map_or(0, |unit| unit.start as usize);
                let Some([start, end, n_runs]) = paragraphs.get(idx).copied() else {
                    continue;
                };
                if n_seen == 0 || f64::from(n_seen) < self.threshold * f64::from(n_runs) {
                    continue;
                }
                match cuts.last_mut() {
                    Some(last) if last.end == start as usize => last.end = end as usize,
                    _ => cuts.push(start as usize..end as usize),
                }
            }
            if !cuts.is_empty() {
                let n_cut: usize = cuts.iter().map(ExactSizeIterator::len).sum();
                let n_bytes = *n_bytes as usize;
                decision.cut(row, cuts, n_bytes, (n_cut == n_bytes).then_some(like));
            }
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

    fn decide(params: &ParagraphParams, texts: &[&str], alive: &[bool]) -> DuplicateDecision {
        let sketches: Vec<_> = texts.iter().map(|text| params.sketch(text)).collect();
        let corpus = Corpus {
            sketches: &sketches,
            texts: &[],
            reference: &[],
        };
        let mut builder = params.index(corpus);
        while builder.step() {}
        builder.finish().decide(alive, None)
    }

    #[test]
    fn the_first_of_a_paragraph_stays() {
        let texts = [
            "one\n\ntwo\n",
            "three\n two\none",
            "two\none\n",
            "two\n\ntwo",
        ];
        let params = ParagraphParams::default();
        let all = decide(&params, &texts, &[true; 4]);
        assert_eq!(all.cuts, [vec![], vec![6..14], vec![], vec![0..4, 5..8]]);
        assert_eq!(all.removed, [false, false, true, false]);
        assert_eq!(all.stands_for, [0, 1, 0, 3]);
        assert_eq!(all.similarity[1], 8.0 / 14.0);
        let some = decide(&params, &texts, &[false, false, true, true]);
        assert_eq!(some.cuts, [vec![], vec![], vec![], vec![0..4, 5..8]]);
    }

    #[test]
    fn enough_runs_in_common_cut_a_paragraph() {
        let by_ngram = |overlap_threshold, skip_short_paragraphs| ParagraphParams {
            by_ngram: Some(ByNgram {
                ngram_length: 2,
                overlap_threshold,
                skip_short_paragraphs,
                ..ByNgram::default()
            }),
            ..ParagraphParams::default()
        };
        // Two of three runs came before; "x" is shorter than a run.
        let texts = ["a b c\nx", "a b c d\nx\nnew words"];
        let cuts = |params| decide(&params, &texts, &[true; 2]).cuts[1].clone();
        assert_eq!(cuts(by_ngram(0.6, true)), [0..8]);
        assert!(cuts(by_ngram(0.7, true)).is_empty());
        assert_eq!(cuts(by_ngram(0.7, false)), [8..10]);
    }
}
