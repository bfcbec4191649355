//! Every operator of a recipe, one file and one line each.

mod alpha_filter;
mod alphanumeric_filter;
mod average_line_length_filter;
mod boiler_plate_filter;
mod boilerplate_string_mapper;
mod bullets_filter;
mod bytes_length_filter;
mod c4_badwords_filter;
mod c4_paragraph_filter;
mod c4_quality_filter;
mod char_length_filter;
mod character_repetition_filter;
mod clean_copyright_mapper;
mod clean_email_mapper;
mod clean_html_mapper;
mod clean_ip_mapper;
mod clean_links_mapper;
mod common_english_words_filter;
mod declare;
mod decontamination_deduplicator;
mod document_bloom_deduplicator;
mod document_deduplicator;
mod document_minhash_deduplicator;
mod document_simhash_deduplicator;
mod document_statistics_filter;
mod dolma_repetitions_filter;
mod ellipsis_filter;
mod expand_macro_mapper;
mod fineweb_quality_filter;
mod fix_unicode_mapper;
mod flagged_words_filter;
mod frequency_specified_field_selector;
mod general_field_filter;
mod gopher_quality_filter;
mod gopher_repetition_filter;
mod html_boilerplate_filter;
mod language_id_score_filter;
mod line_remover_mapper;
mod long_word_filter;
mod markdown_remover_mapper;
mod mask_personal_data_mapper;
mod maximum_line_length_filter;
mod mean_word_length_filter;
mod newline_normalizer_mapper;
mod non_alpha_numeric_filter;
mod number_of_lines_of_code_filter;
mod numbers_filter;
mod paragraph_deduplicator;
mod parentheses_filter;
mod personal_data_filter;
mod pornographic_urls_filter;
mod punctuation_filter;
mod punctuation_normalization_mapper;
mod quotation_remover_mapper;
mod random_selector;
mod range_specified_field_selector;
mod readability_filter;
mod remove_bibliography_mapper;
mod remove_comments_mapper;
mod remove_header_mapper;
mod remove_long_words_mapper;
mod remove_non_chinese_character_mapper;
mod remove_repeat_sentences_mapper;
mod remove_specific_chars_mapper;
mod remove_table_text_mapper;
mod remove_words_with_incorrect_substrings_mapper;
mod repeated_lines_by_char_filter;
mod repeated_lines_filter;
mod repeated_paragraphs_by_char_filter;
mod repeated_paragraphs_filter;
mod repeating_duplicate_ngrams_filter;
mod repeating_top_ngrams_filter;
mod replace_content_mapper;
mod sentence_deduplicator;
mod sentence_split_mapper;
mod shared;
mod slicer_mapper;
mod special_characters_filter;
mod specified_field_filter;
mod specified_numeric_field_filter;
mod stopwords_filter;
mod substring_deduplicator;
mod substring_filter;
mod suffix_filter;
mod symbols_to_words_filter;
mod tags_specified_field_selector;
mod text_length_filter;
mod topk_specified_field_selector;
mod uniseg_length_filter;
mod url_filter;
mod url_remover_mapper;
mod urls_filter;
mod white_space_filter;
mod whitespace_normalization_mapper;
mod word_count_filter;
mod word_repetition_filter;
mod words_num_filter;
mod words_without_alphabets_filter;
mod xml_header_filter;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use sluice_protocol::spec::OperationSpec;

use crate::operator::Operator;

/// In the order in which a person meets them: by kind, then by name.
const ALL: &[&dyn Operator] = &[
    &boilerplate_string_mapper::BOILERPLATE_STRING_MAPPER,
    &clean_copyright_mapper::CLEAN_COPYRIGHT_MAPPER,
    &clean_email_mapper::CLEAN_EMAIL_MAPPER,
    &clean_html_mapper::CLEAN_HTML_MAPPER,
    &clean_ip_mapper::CLEAN_IP_MAPPER,
    &clean_links_mapper::CLEAN_LINKS_MAPPER,
    &expand_macro_mapper::EXPAND_MACRO_MAPPER,
    &fix_unicode_mapper::FIX_UNICODE_MAPPER,
    &line_remover_mapper::LINE_REMOVER_MAPPER,
    &markdown_remover_mapper::MARKDOWN_REMOVER_MAPPER,
    &mask_personal_data_mapper::MASK_PERSONAL_DATA_MAPPER,
    &newline_normalizer_mapper::NEWLINE_NORMALIZER_MAPPER,
    &punctuation_normalization_mapper::PUNCTUATION_NORMALIZATION_MAPPER,
    &quotation_remover_mapper::QUOTATION_REMOVER_MAPPER,
    &remove_bibliography_mapper::REMOVE_BIBLIOGRAPHY_MAPPER,
    &remove_comments_mapper::REMOVE_COMMENTS_MAPPER,
    &remove_header_mapper::REMOVE_HEADER_MAPPER,
    &remove_long_words_mapper::REMOVE_LONG_WORDS_MAPPER,
    &remove_non_chinese_character_mapper::REMOVE_NON_CHINESE_CHARACTER_MAPPER,
    &remove_repeat_sentences_mapper::REMOVE_REPEAT_SENTENCES_MAPPER,
    &remove_specific_chars_mapper::REMOVE_SPECIFIC_CHARS_MAPPER,
    &remove_table_text_mapper::REMOVE_TABLE_TEXT_MAPPER,
    &remove_words_with_incorrect_substrings_mapper::REMOVE_WORDS_WITH_INCORRECT_SUBSTRINGS_MAPPER,
    &replace_content_mapper::REPLACE_CONTENT_MAPPER,
    &sentence_split_mapper::SENTENCE_SPLIT_MAPPER,
    &slicer_mapper::SLICER_MAPPER,
    &url_remover_mapper::URL_REMOVER_MAPPER,
    &whitespace_normalization_mapper::WHITESPACE_NORMALIZATION_MAPPER,
    &alpha_filter::ALPHA_FILTER,
    &alphanumeric_filter::AlphanumericFilter,
    &average_line_length_filter::AverageLineLengthFilter,
    &boiler_plate_filter::BOILER_PLATE_FILTER,
    &bullets_filter::BULLETS_FILTER,
    &bytes_length_filter::BYTES_LENGTH_FILTER,
    &c4_badwords_filter::C4BadwordsFilter,
    &c4_paragraph_filter::C4ParagraphFilter,
    &c4_quality_filter::C4QualityFilter,
    &char_length_filter::CHAR_LENGTH_FILTER,
    &character_repetition_filter::CharacterRepetitionFilter,
    &common_english_words_filter::COMMON_ENGLISH_WORDS_FILTER,
    &document_statistics_filter::DocumentStatisticsFilter,
    &dolma_repetitions_filter::DOLMA_REPETITIONS_FILTER,
    &ellipsis_filter::ELLIPSIS_FILTER,
    &fineweb_quality_filter::FinewebQualityFilter,
    &flagged_words_filter::FlaggedWordsFilter,
    &general_field_filter::GeneralFieldFilter,
    &gopher_quality_filter::GopherQualityFilter,
    &gopher_repetition_filter::GopherRepetitionFilter,
    &html_boilerplate_filter::HTML_BOILERPLATE_FILTER,
    &language_id_score_filter::LanguageIdScoreFilter,
    &long_word_filter::LONG_WORD_FILTER,
    &maximum_line_length_filter::MaximumLineLengthFilter,
    &mean_word_length_filter::MEAN_WORD_LENGTH_FILTER,
    &non_alpha_numeric_filter::NON_ALPHA_NUMERIC_FILTER,
    &number_of_lines_of_code_filter::NUMBER_OF_LINES_OF_CODE_FILTER,
    &numbers_filter::NUMBERS_FILTER,
    &parentheses_filter::PARENTHESES_FILTER,
    &personal_data_filter::PERSONAL_DATA_FILTER,
    &pornographic_urls_filter::PORNOGRAPHIC_URLS_FILTER,
    &punctuation_filter::PUNCTUATION_FILTER,
    &readability_filter::ReadabilityFilter,
    &repeated_lines_by_char_filter::REPEATED_LINES_BY_CHAR_FILTER,
    &repeated_lines_filter::REPEATED_LINES_FILTER,
    &repeated_paragraphs_by_char_filter::REPEATED_PARAGRAPHS_BY_CHAR_FILTER,
    &repeated_paragraphs_filter::REPEATED_PARAGRAPHS_FILTER,
    &repeating_duplicate_ngrams_filter::REPEATING_DUPLICATE_NGRAMS_FILTER,
    &repeating_top_ngrams_filter::REPEATING_TOP_NGRAMS_FILTER,
    &special_characters_filter::SpecialCharactersFilter,
    &specified_field_filter::SpecifiedFieldFilter,
    &specified_numeric_field_filter::SpecifiedNumericFieldFilter,
    &stopwords_filter::StopwordsFilter,
    &substring_filter::SUBSTRING_FILTER,
    &suffix_filter::SuffixFilter,
    &symbols_to_words_filter::SYMBOLS_TO_WORDS_FILTER,
    &text_length_filter::TextLengthFilter,
    &uniseg_length_filter::UNISEG_LENGTH_FILTER,
    &url_filter::UrlFilter,
    &urls_filter::URLS_FILTER,
    &white_space_filter::WHITE_SPACE_FILTER,
    &word_count_filter::WORD_COUNT_FILTER,
    &word_repetition_filter::WordRepetitionFilter,
    &words_num_filter::WordsNumFilter,
    &words_without_alphabets_filter::WORDS_WITHOUT_ALPHABETS_FILTER,
    &xml_header_filter::XML_HEADER_FILTER,
    &decontamination_deduplicator::DecontaminationDeduplicator,
    &document_bloom_deduplicator::DocumentBloomDeduplicator,
    &document_deduplicator::DocumentDeduplicator,
    &document_minhash_deduplicator::DocumentMinhashDeduplicator,
    &document_simhash_deduplicator::DocumentSimhashDeduplicator,
    &paragraph_deduplicator::ParagraphDeduplicator,
    &sentence_deduplicator::SentenceDeduplicator,
    &substring_deduplicator::SubstringDeduplicator,
    &frequency_specified_field_selector::FrequencySpecifiedFieldSelector,
    &random_selector::RandomSelector,
    &range_specified_field_selector::RangeSpecifiedFieldSelector,
    &tags_specified_field_selector::TagsSpecifiedFieldSelector,
    &topk_specified_field_selector::TopkSpecifiedFieldSelector,
];

pub fn all() -> &'static [&'static dyn Operator] {
    ALL
}

/// An operator by its name.
pub fn named(name: &str) -> Option<&'static dyn Operator> {
    BY_NAME.get(name).map(|(operator, _)| *operator)
}

/// What an operator of this name says of itself, made once: a form's schema takes longer than most decisions.
pub fn spec_named(name: &str) -> Option<&'static OperationSpec> {
    BY_NAME.get(name).map(|(_, spec)| spec)
}

static BY_NAME: LazyLock<BTreeMap<String, (&dyn Operator, OperationSpec)>> = LazyLock::new(|| {
    let entry = |operator: &&'static dyn Operator| {
        let spec = operator.spec();
        (spec.name.clone(), (*operator, spec))
    };
    ALL.iter().map(entry).collect()
});

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operator::{Prepared, TextViews};
    use sluice_analysis::Params;
    use std::collections::{BTreeMap, BTreeSet};

    fn texts() -> Vec<String> {
        let odd = [
            "",
            " ",
            "\n\r\n\u{2028}",
            "\0\0",
            "😊👨\u{200d}👩",
            "e\u{301}\u{302}",
            "[[[{",
            "...",
            "…#",
        ];
        let mut texts: Vec<String> = odd.map(str::to_owned).to_vec();
        texts.extend(
            ["a", "é", "a ", "ab\n", "# ", "...", "Σ", "\0"].map(|part| part.repeat(50_000)),
        );
        texts
    }

    #[test]
    fn defaults_are_taken_and_names_are_unique() {
        let mut names = BTreeSet::new();
        for operator in all() {
            let spec = operator.spec();
            assert!(names.insert(spec.name.clone()), "{}", spec.name);
            assert!(operator.prepare(&Params::new()).is_ok(), "{}", spec.name);
            let defaults = serde_json::from_str(&spec.defaults).unwrap();
            let (_, own) = crate::operator::Common::split(&defaults).unwrap();
            let fault = operator.prepare(&own).err();
            assert!(fault.is_none(), "{}: {fault:?}", spec.name);
        }
    }

    #[test]
    fn filters_survive_any_text_and_name_their_parameters() {
        let mut titles = BTreeMap::new();
        for operator in all() {
            let spec = operator.spec();
            let dialects = if spec.dialects.is_empty() {
                vec![String::new()]
            } else {
                spec.dialects
            };
            for dialect in dialects {
                let mut params = Params::new();
                if !dialect.is_empty() {
                    params.insert("dialect".to_owned(), dialect.as_str().into());
                }
                let Ok(Prepared::Filter(filter)) = operator.prepare(&params) else {
                    continue;
                };
                let measures = filter.measures();
                for measure in &measures {
                    let unit = titles.entry(measure.name).or_insert(measure.unit);
                    assert_eq!(*unit, measure.unit, "{}", measure.name);
                }
                for condition in filter.conditions() {
                    assert!(condition.measure < measures.len());
                    for name in [condition.min_param, condition.max_param] {
                        assert!(name.is_empty() || spec.defaults.contains(name), "{name}");
                    }
                }
                for text in texts() {
                    let mut values = vec![f64::NAN; measures.len()];
                    let views = TextViews::new(&text);
                    filter.measure(&views, &mut values);
                    filter.rewrite(&views);
                    filter.spans(&text);
                }
            }
        }
    }
}
