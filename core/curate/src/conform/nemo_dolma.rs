//! NeMo Curator's filters and modifiers, Dolma's taggers and DSIR's features by their names.

use std::collections::HashSet;

use serde_json::{Value as Json, json};

use crate::conform::{Adapter, Case};
use crate::text::heuristics::dolma_taggers::TermList;
use crate::text::heuristics::nemo_modifiers::Edge;
use crate::text::heuristics::spans::Span;
use crate::text::heuristics::{
    dolma_gopher, dolma_pii, dolma_repetitions, dolma_taggers, hashed_ngrams, nemo_code,
    nemo_filters, nemo_modifiers, nemo_repetition,
};
use crate::text::python;
use crate::text::word_lists::{FLAGGED_PHRASES, FLAGGED_WORDS};

const NEMO: &str = "nemo-curator";
const DOLMA: &str = "dolma";
const DSIR: &str = "dsir";

type Run = fn(&Case<'_>) -> Result<Json, String>;

pub fn adapters() -> Vec<Adapter> {
    let of =
        |system: &'static str| move |(op, run): (&'static str, Run)| Adapter { system, op, run };
    let mut all: Vec<Adapter> = dolma().into_iter().map(of(DOLMA)).collect();
    all.extend(nemo_of_text().into_iter().map(of(NEMO)));
    all.extend(nemo_of_repetition().into_iter().map(of(NEMO)));
    all.extend(nemo_of_code().into_iter().map(of(NEMO)));
    all.extend(nemo_changing().into_iter().map(of(NEMO)));
    all.extend([("hashed_ngram_features", dsir_features as Run)].map(of(DSIR)));
    all
}

/// Sluice's own list, because Dolma's (LDNOOBW, CC BY 4.0) is not part of Sluice: they agree on common terms only.
fn naughty_terms() -> TermList {
    let of_english = |(language, _): &&(&str, _)| *language == "en";
    let words = FLAGGED_WORDS.iter().filter(of_english);
    let words = words.flat_map(|(_, words)| words.split_ascii_whitespace());
    TermList::new(words.chain(FLAGGED_PHRASES.iter().copied()))
}

fn dolma() -> Vec<(&'static str, Run)> {
    vec![
        ("c4_v1", |case| {
            let naughty = naughty_terms();
            tag(case, |text| dolma_taggers::c4_v1(text, &naughty))
        }),
        ("c4_v2", |case| {
            let naughty = naughty_terms();
            tag(case, |text| dolma_taggers::c4_v2(text, &naughty))
        }),
        ("gopher_v1", |case| tag(case, dolma_gopher::gopher_v1)),
        ("char_length_v1", |case| {
            tag(case, dolma_taggers::char_length)
        }),
        ("char_length_strip_ws_v1", |case| {
            tag(case, dolma_taggers::char_length_stripped)
        }),
        ("bytes_length_v1", |case| {
            tag(case, dolma_taggers::bytes_length)
        }),
        ("whitespace_tokenizer_v1", |case| {
            tag(case, dolma_taggers::whitespace_tokens)
        }),
        ("uniseg_length_v1", |case| {
            tag(case, dolma_taggers::uniseg_length)
        }),
        ("uniseg_length_paragraphs_v1", |case| {
            tag(case, dolma_taggers::uniseg_length_paragraphs)
        }),
        ("repetitions_v1", |case| {
            tag(case, dolma_repetitions::repetitions_v1)
        }),
        ("paragraph_repetitions_v1", |case| {
            tag(case, dolma_repetitions::paragraph_repetitions_v1)
        }),
        ("pii_regex_v1", |case| tag(case, dolma_pii::pii_regex_v1)),
        ("pii_regex_with_counts_fast_v2", |case| {
            tag(case, dolma_pii::pii_regex_with_counts_fast_v2)
        }),
    ]
}

/// Spans of each document, or of the only record.
fn tag(case: &Case<'_>, tagger: impl Fn(&str) -> Vec<Span>) -> Result<Json, String> {
    let spans_of = |text: &str| -> Json {
        let spans = tagger(text).into_iter();
        spans
            .map(|span| json!([span.start, span.end, span.kind, span.score]))
            .collect()
    };
    if case.expected_kind == "spans_per_doc" {
        return Ok(case.per_doc(|text| json!({ "spans": spans_of(text) })));
    }
    let text = case.texts().next().ok_or("no record")?;
    Ok(spans_of(text))
}

fn dsir_features(case: &Case<'_>) -> Result<Json, String> {
    let (n, n_buckets) = (case.integer("n", 2), case.integer("num_buckets", 10_000));
    Ok(case.per_doc(|text| {
        let features = hashed_ngrams::hashed_ngrams(text, n, n_buckets);
        let nonzero: Vec<Json> = features
            .counts
            .iter()
            .take(40)
            .map(|entry| json!(entry))
            .collect();
        json!({
            "n_tokens": features.n_tokens,
            "sum": features.counts.values().sum::<u64>(),
            "n_nonzero": features.counts.len(),
            "nonzero": nonzero,
        })
    }))
}

fn nemo_of_text() -> Vec<(&'static str, Run)> {
    use nemo_filters as of;
    vec![
        ("NonAlphaNumericFilter", |case| {
            at_most(case, "max_non_alpha_numeric_to_text_ratio", 0.25, |text| {
                Some(of::non_alphanumeric_share(text))
            })
        }),
        ("SymbolsToWordsFilter", |case| {
            at_most(case, "max_symbol_to_word_ratio", 0.1, of::symbol_word_share)
        }),
        ("NumbersFilter", |case| {
            at_most(case, "max_number_to_text_ratio", 0.15, |text| {
                Some(of::digit_share(text))
            })
        }),
        ("UrlsFilter", |case| {
            without_own_pattern(case)?;
            at_most(case, "max_url_to_text_ratio", 0.2, |text| {
                Some(of::url_share(text))
            })
        }),
        ("BulletsFilter", |case| {
            at_most(case, "max_bullet_lines_ratio", 0.9, of::bullet_line_share)
        }),
        ("WhiteSpaceFilter", |case| {
            at_most(case, "max_white_space_ratio", 0.25, |text| {
                Some(of::white_space_share(text))
            })
        }),
        ("ParenthesesFilter", |case| {
            at_most(case, "max_parentheses_ratio", 0.1, |text| {
                Some(of::parenthesis_share(text))
            })
        }),
        ("LongWordFilter", |case| {
            let longest = |text: &str| of::longest_word(text).map(|n_chars| n_chars as f64);
            at_most(case, "max_word_length", 1000.0, longest)
        }),
        ("WordCountFilter", |case| {
            let range = (("min_words", 50.0), ("max_words", 100_000.0));
            within(case, range, |text| Some(of::word_count(text) as f64))
        }),
        ("BoilerPlateStringFilter", |case| {
            let share = |text: &str| Some(of::boilerplate_share(text));
            at_most(case, "max_boilerplate_string_ratio", 0.4, share)
        }),
        ("MeanWordLengthFilter", |case| {
            let range = (
                ("min_mean_word_length", 3.0),
                ("max_mean_word_length", 10.0),
            );
            within(case, range, of::mean_word_length)
        }),
        ("PunctuationFilter", |case| {
            let share = of::unpunctuated_line_share;
            at_most(case, "max_num_sentences_without_endmark_ratio", 0.85, share)
        }),
        ("EllipsisFilter", |case| {
            let share = of::ellipsis_line_share;
            at_most(case, "max_num_lines_ending_with_ellipsis_ratio", 0.3, share)
        }),
        ("CommonEnglishWordsFilter", |case| {
            let least = case.integer("min_num_common_words", 2);
            let most = if case.flag("stop_at_false", true) {
                least
            } else {
                usize::MAX
            };
            let count = |text: &str| Some(of::common_english_words(text, most) as f64);
            at_least(case, "min_num_common_words", 2.0, count)
        }),
        ("WordsWithoutAlphabetsFilter", |case| {
            at_least(
                case,
                "min_words_with_alphabets",
                0.8,
                of::alphabetic_word_share,
            )
        }),
        ("PornographicUrlsFilter", |case| {
            without_own_pattern(case)?;
            scored(
                case,
                |text| Some(f64::from(of::has_pornographic_url(text))),
                |score| score != 1.0,
            )
        }),
        ("SubstringFilter", |case| {
            let part = case.text("substring").ok_or("no substring")?;
            let holds: fn(&str, &str) -> bool = match case.text("position") {
                Some("prefix") => |text, part| text.starts_with(part),
                Some("suffix") => |text, part| text.ends_with(part),
                Some("any") => |text, part| text.contains(part),
                other => {
                    return Err(format!(
                        "position must be prefix, suffix or any, got {other:?}"
                    ));
                }
            };
            scored(
                case,
                |text| Some(f64::from(holds(text, part))),
                |score| score == 1.0,
            )
        }),
    ]
}

fn nemo_of_repetition() -> Vec<(&'static str, Run)> {
    use nemo_repetition as of;
    vec![
        ("RepeatedLinesFilter", |case| {
            at_least(
                case,
                "max_repeated_line_fraction",
                0.7,
                of::unique_line_share,
            )
        }),
        ("RepeatedParagraphsFilter", |case| {
            at_least(
                case,
                "max_repeated_paragraphs_ratio",
                0.7,
                of::unique_paragraph_share,
            )
        }),
        ("RepeatedLinesByCharFilter", |case| {
            at_least(
                case,
                "max_repeated_lines_char_ratio",
                0.8,
                of::unique_line_char_share,
            )
        }),
        ("RepeatedParagraphsByCharFilter", |case| {
            let share = of::unique_paragraph_char_share;
            at_least(case, "max_repeated_paragraphs_char_ratio", 0.8, share)
        }),
        ("RepeatingTopNGramsFilter", |case| {
            let n = case.integer("n", 2);
            at_most(case, "max_repeating_ngram_ratio", 0.2, |text| {
                Some(of::top_ngram_share(text, n))
            })
        }),
        ("RepeatingDuplicateNGramsFilter", |case| {
            let n = case.integer("n", 2);
            let share = |text: &str| Some(of::duplicate_ngram_share(text, n));
            at_most(case, "max_repeating_duplicate_ngram_ratio", 0.2, share)
        }),
    ]
}

fn nemo_of_code() -> Vec<(&'static str, Run)> {
    vec![
        ("NumberOfLinesOfCodeFilter", |case| {
            let range = (("min_lines", 10.0), ("max_lines", 20_000.0));
            within(case, range, |text| Some(nemo_code::line_count(text) as f64))
        }),
        ("XMLHeaderFilter", |case| {
            let n_chars = case.integer("char_prefix_search_length", 100);
            let score = |text: &str| Some(f64::from(nemo_code::has_xml_header(text, n_chars)));
            scored(case, score, |score| score != 1.0)
        }),
        ("AlphaFilter", |case| {
            at_least(case, "min_alpha_ratio", 0.25, nemo_code::alphabetic_share)
        }),
        ("HTMLBoilerplateFilter", |case| {
            let min_chars = case.integer("min_lang_content_num_chars", 100);
            let share = |page: &str| nemo_code::html_text_share(page, min_chars);
            at_least(case, "min_lang_content_ratio", 0.2, share)
        }),
    ]
}

fn nemo_changing() -> Vec<(&'static str, Run)> {
    use nemo_modifiers as of;
    vec![
        ("LineRemover", |case| {
            let patterns: HashSet<&str> = case
                .text_list("patterns")
                .ok_or("no patterns")?
                .into_iter()
                .collect();
            changed(case, |text| of::remove_lines(text, &patterns))
        }),
        ("MarkdownRemover", |case| changed(case, of::remove_markdown)),
        ("NewlineNormalizer", |case| {
            changed(case, of::normalize_newlines)
        }),
        ("QuotationRemover", |case| {
            changed(case, |text| of::remove_quotation(text).to_owned())
        }),
        ("UrlRemover", |case| changed(case, of::remove_urls)),
        ("Slicer", |case| {
            let edge = |name, included| match case.params.get(name) {
                Some(Json::String(mark)) => Edge::Of { mark, included },
                Some(other) => other.as_i64().map_or(Edge::Text, Edge::Index),
                None => Edge::Text,
            };
            let left = edge("left", case.flag("include_left", true));
            let right = edge("right", case.flag("include_right", true));
            let strips = case.flag("strip", true);
            changed(case, |text| {
                let part = of::slice(text, left, right);
                if strips {
                    python::strip(part).to_owned()
                } else {
                    part.to_owned()
                }
            })
        }),
    ]
}

fn changed(case: &Case<'_>, change: impl Fn(&str) -> String) -> Result<Json, String> {
    let change = |text: &str| json!({ "text": change(text) });
    if case.expected_kind == "text_per_doc" {
        return Ok(case.per_doc(change));
    }
    Ok(case.texts().map(change).collect())
}

/// A filter of texts whose score is at most the parameter.
fn at_most(
    case: &Case<'_>,
    name: &str,
    default: f64,
    score: impl Fn(&str) -> Option<f64>,
) -> Result<Json, String> {
    let most = case.number(name, default);
    scored(case, score, |score| score <= most)
}

fn at_least(
    case: &Case<'_>,
    name: &str,
    default: f64,
    score: impl Fn(&str) -> Option<f64>,
) -> Result<Json, String> {
    let least = case.number(name, default);
    scored(case, score, |score| least <= score)
}

fn within(
    case: &Case<'_>,
    (min, max): ((&str, f64), (&str, f64)),
    score: impl Fn(&str) -> Option<f64>,
) -> Result<Json, String> {
    let (least, most) = (case.number(min.0, min.1), case.number(max.0, max.1));
    scored(case, score, |score| least <= score && score <= most)
}

/// A text without a score, for which NeMo Curator raises, has `null` and is not kept.
fn scored(
    case: &Case<'_>,
    score: impl Fn(&str) -> Option<f64>,
    keep: impl Fn(f64) -> bool,
) -> Result<Json, String> {
    if let Some(language) = case.text("lang").filter(|lang| ["zh", "ja"].contains(lang)) {
        return Err(format!("no word splitter for {language}"));
    }
    if case.expected_kind == "score_keep_per_doc" {
        return Ok(case.per_doc(|text| {
            let score = score(text);
            json!({ "score": score, "keep": score.is_some_and(&keep) })
        }));
    }
    let scores: Vec<Option<f64>> = case.texts().map(score).collect();
    let keep: Vec<bool> = scores
        .iter()
        .map(|score| score.is_some_and(&keep))
        .collect();
    Ok(json!({ "scores": scores, "keep": keep }))
}

fn without_own_pattern(case: &Case<'_>) -> Result<(), String> {
    match case.params.get("url_regex") {
        None | Some(Json::Null) => Ok(()),
        Some(_) => Err("URL patterns of one's own are not read".to_owned()),
    }
}
