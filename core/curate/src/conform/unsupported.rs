//! Why there is no adapter for operators of other systems.

/// Why conformance cases of this operator cannot run.
pub fn reason(system: &str, op: &str) -> &'static str {
    let found = REASONS
        .iter()
        .find(|(of_system, ops, _)| *of_system == system && ops.contains(&op));
    found.map_or("Sluice does not have this operator", |(_, _, reason)| {
        reason
    })
}

/// System, its operators, and the reason, which has no full stop.
const REASONS: &[(&str, &[&str], &str)] = &[
    (
        "data-juicer",
        &["chinese_convert_mapper"],
        "needs OpenCC's dictionaries, which Sluice does not ship",
    ),
    (
        "data-juicer",
        &["sentence_split_mapper"],
        "needs NLTK's Punkt models, which Sluice does not ship; its own operator of this name splits by rules",
    ),
    (
        "data-juicer",
        &["language_id_score_filter"],
        "needs a fastText model, which Sluice does not ship; scores of its own operator of this name are not comparable",
    ),
    (
        "data-juicer",
        &["random_selector"],
        "selects at random, and Sluice draws from random numbers of its own",
    ),
    (
        "data-juicer",
        &["perplexity_filter"],
        "needs KenLM models, which Sluice does not ship",
    ),
    (
        "data-juicer",
        &["token_num_filter"],
        "needs the vocabulary of a tokenizer, which Sluice does not ship",
    ),
    (
        "data-juicer",
        &["text_action_filter", "text_entity_dependency_filter"],
        "needs spaCy's models, which Sluice does not ship",
    ),
    (
        "data-juicer",
        &["nlpaug_en_mapper", "nlpcda_zh_mapper"],
        "needs dictionaries of another library, which Sluice does not ship, and changes texts at random",
    ),
    (
        "data-juicer",
        &["python_file_mapper", "python_lambda_mapper"],
        "runs code in Python",
    ),
    (
        "datatrove",
        &["LanguageFilter"],
        "needs a fastText model, which Sluice does not ship",
    ),
    (
        "datatrove",
        &["CCNetPerplexityStats"],
        "needs KenLM models, which Sluice does not ship",
    ),
    (
        "datatrove",
        &["TokenStats"],
        "needs the vocabulary of a tokenizer, which Sluice does not ship",
    ),
    (
        "nemo-curator",
        &["FastTextLangId", "FastTextQualityFilter"],
        "needs a fastText model, which Sluice does not ship",
    ),
    (
        "nemo-curator",
        &["TokenCountFilter", "TokenizerFertilityFilter"],
        "needs the vocabulary of a tokenizer, which Sluice does not ship",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_a_reason_has_no_adapter() {
        let adapters = crate::conform::adapters();
        for (system, ops, _) in REASONS {
            for op in *ops {
                let runs = adapters
                    .iter()
                    .any(|adapter| adapter.system == *system && adapter.op == *op);
                assert!(!runs, "{system} {op}");
            }
        }
    }

    #[test]
    fn operators_without_a_reason_are_not_there() {
        let opencc = "needs OpenCC's dictionaries, which Sluice does not ship";
        assert_eq!(reason("data-juicer", "chinese_convert_mapper"), opencc);
        let absent = "Sluice does not have this operator";
        assert_eq!(reason("dolma", "chinese_convert_mapper"), absent);
        assert_eq!(reason("data-juicer", "image_blur_mapper"), absent);
    }
}
