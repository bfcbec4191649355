//! Long parts of texts that another text has said before.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_analysis::Params;
use sluice_protocol::spec::{OperationKind, OperationSpec};

use crate::operator::{
    About, Corpus, Deduplicate, Fault, IndexBuilder, Operator, Prepared, describe, typed,
};
use crate::text::substring_index::SubstringIndexBuilder;

/// Cuts every part of a minimum length that stands in an earlier text, or before in the same one.
///
/// All such parts are found, as with a suffix array; the first stays. Parts that overlap are cut as one, and no part
/// goes from one text into the next.
pub struct SubstringDeduplicator;

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct SubstringParams {
    /// Least length of a part that counts as repeated, in bytes of UTF-8: letters outside English take 2 to 4.
    #[schemars(range(min = 8, max = 1_000_000), extend("unit" = "bytes"))]
    min_length: usize,
}

impl Default for SubstringParams {
    fn default() -> Self {
        Self { min_length: 100 }
    }
}

impl Operator for SubstringDeduplicator {
    fn spec(&self) -> OperationSpec {
        describe::<SubstringParams>(About {
            name: "substring_deduplicator",
            title: "Repeated passages",
            summary: "Cuts long passages that another text, or the same, has said before",
            kind: OperationKind::Dedup,
            source: "Lee et al. (2022), Deduplicating Training Data Makes Language Models Better, section 4.1",
            dialects: &[],
        })
    }

    fn prepare(&self, params: &Params) -> Result<Prepared, Fault> {
        let params = typed::<SubstringParams>(params)?;
        if params.min_length < 8 {
            return Err(Fault::new(
                "min_length",
                "8 bytes at least: shorter parts repeat everywhere",
            ));
        }
        Ok(Prepared::Dedup(Box::new(params)))
    }
}

impl Deduplicate for SubstringParams {
    /// Nothing: the texts themselves are compared.
    fn sketch(&self, _text: &str) -> Option<Vec<u32>> {
        Some(Vec::new())
    }

    fn index(&self, corpus: Corpus<'_>) -> Box<dyn IndexBuilder> {
        Box::new(SubstringIndexBuilder::new(corpus.texts, self.min_length))
    }

    fn needs_texts(&self) -> bool {
        true
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
    fn the_first_of_a_passage_stays() {
        let Ok(Prepared::Dedup(dedup)) = SubstringDeduplicator.prepare(&Params::new()) else {
            panic!("a deduplicator");
        };
        let passage: String = (0..30).map(|n| format!("word{n} ")).collect();
        let texts = [format!("First. {passage}"), format!("Sécond: {passage}end")];
        let texts = [Some(texts[0].as_str()), None, Some(texts[1].as_str())];
        let corpus = Corpus {
            sketches: &[],
            texts: &texts,
            reference: &[],
        };
        let mut builder = dedup.index(corpus);
        while builder.step() {}
        let index = builder.finish();
        let decision = index.decide(&[true; 3], None);
        assert!(decision.cuts[0].is_empty() && decision.cuts[1].is_empty());
        // From the space before the passage, which both have.
        assert_eq!(decision.cuts[2], [8..9 + passage.len()]);
        let decision = index.decide(&[false, true, true], None);
        assert!(decision.cuts[2].is_empty());
    }
}
