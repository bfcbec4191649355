//! DataTrove 0.10.1.

use std::{borrow::Cow, collections::HashSet};

use crate::{
    conform::{Adapter, Case},
    text::datatrove::{
        c4::{C4Quality, c4_quality, has_c4_paragraphs},
        fineweb::{FineWebQuality, fineweb_quality},
        gopher::{GopherQuality, STOP_WORDS, gopher_quality},
        hashes::TextHash,
        minhash::{MinHash, Signatures, minhash_clusters},
        repetition::{GopherRepetition, gopher_repetition},
        simplify::{Simplification, simplify_text},
        statistics::{Statistics, document_statistics, line_statistics, sentence_statistics},
        tokenizer::words,
        url_filter::{BlockedUrls, blocked_url, normalized},
    },
};
use regex::Regex;
use serde_json::{Map, Value as Json, json};
use sha1::{Digest as _, Sha1};

pub fn adapters() -> Vec<Adapter> {
    type Run = fn(&Case<'_>) -> Result<Json, String>;
    let all: [(&str, Run); 14] = [
        ("C4ParagraphFilter", c4_paragraph_filter),
        ("C4QualityFilter", c4_quality_filter),
        ("DocStats", doc_stats),
        ("FineWebQualityFilter", fineweb_quality_filter),
        ("GopherQualityFilter", gopher_quality_filter),
        ("GopherRepetitionFilter", gopher_repetition_filter),
        ("LineStats", line_stats),
        ("MinhashDedupSignature", minhash_signature),
        ("RegexFilter", regex_filter),
        ("SentenceStats", sentence_stats),
        ("URLFilter", url_filter),
        ("hash", hash),
        ("minhash_dedup", minhash_dedup),
        ("simplify_text", simplify),
    ];
    all.map(|(op, run)| Adapter {
        system: "datatrove",
        op,
        run,
    })
    .into()
}

/// What a filter makes of a record: the text after it, or why it is dropped, if it says so.
type Filtered<'a> = Result<Cow<'a, str>, Option<Cow<'static, str>>>;

fn filtered<'a>(text: &'a str, reason: Option<impl Into<Cow<'static, str>>>) -> Filtered<'a> {
    reason.map_or(Ok(Cow::Borrowed(text)), |reason| Err(Some(reason.into())))
}

/// The verdicts on all records, in the form that the case expects.
fn verdicts<'a>(
    case: &Case<'a>,
    filter: impl Fn(&'a str, &'a Json) -> Filtered<'a>,
) -> Result<Json, String> {
    let is_per_doc = case.expected_kind == "keep_reason_per_doc";
    let mut all = case.records().iter().map(|record| {
        let text = record
            .get("text")
            .and_then(Json::as_str)
            .unwrap_or_default();
        let verdict = filter(text, record);
        let text_after = match &verdict {
            Ok(after) if !is_per_doc || after != text => Some(after.as_ref()),
            Err(_) if !is_per_doc => Some(text),
            _ => None,
        };
        let reason = verdict.as_ref().err().cloned().flatten();
        json!({
            "doc": record.get("id"),
            "keep": verdict.is_ok(),
            "reason": reason,
            "text_after": text_after,
        })
    });
    match case.expected_kind {
        "keep_reason_per_doc" => Ok(all.collect()),
        "keep_reason_text" => all.next().ok_or_else(|| "no record".to_owned()),
        other => Err(format!("no output of kind `{other}`")),
    }
}

/// A limit of the case; null switches it off, as 0 does.
fn limit(case: &Case<'_>, name: &str, default: f64) -> f64 {
    if is_null(case, name) {
        0.0
    } else {
        case.number(name, default)
    }
}

fn count(case: &Case<'_>, name: &str, default: usize) -> usize {
    if is_null(case, name) {
        0
    } else {
        case.integer(name, default)
    }
}

/// A limit that a negative number switches off.
fn count_unless_negative(case: &Case<'_>, name: &str, default: Option<usize>) -> Option<usize> {
    if case.number(name, 0.0) < 0.0 {
        return None;
    }
    case.params
        .get(name)
        .and_then(Json::as_u64)
        .and_then(|value| usize::try_from(value).ok())
        .or(default)
}

fn is_null(case: &Case<'_>, name: &str) -> bool {
    case.params.get(name).is_some_and(Json::is_null)
}

fn counts(case: &Case<'_>, name: &str, default: &[usize]) -> Vec<usize> {
    let given = case.params.get(name).and_then(Json::as_array);
    let read = |all: &Vec<Json>| {
        all.iter()
            .filter_map(Json::as_u64)
            .filter_map(|value| usize::try_from(value).ok())
            .collect()
    };
    given.map_or_else(|| default.to_vec(), read)
}

fn limits_by_n(case: &Case<'_>, name: &str, default: &[(usize, f64)]) -> Vec<(usize, f64)> {
    let Some(given) = case.params.get(name).and_then(Json::as_array) else {
        return default.to_vec();
    };
    let pairs = given.iter().filter_map(|pair| {
        let n = usize::try_from(pair.get(0)?.as_u64()?).ok()?;
        Some((n, pair.get(1)?.as_f64()?))
    });
    pairs.collect()
}

fn gopher_quality_filter(case: &Case<'_>) -> Result<Json, String> {
    let usual = GopherQuality::USUAL;
    let limits = GopherQuality {
        min_words: count(case, "min_doc_words", usual.min_words),
        max_words: count(case, "max_doc_words", usual.max_words),
        min_mean_word_len: limit(case, "min_avg_word_length", usual.min_mean_word_len),
        max_mean_word_len: limit(case, "max_avg_word_length", usual.max_mean_word_len),
        max_symbols_per_word: limit(case, "max_symbol_word_ratio", usual.max_symbols_per_word),
        max_bullet_lines: limit(case, "max_bullet_lines_ratio", usual.max_bullet_lines),
        max_ellipsis_lines: limit(case, "max_ellipsis_lines_ratio", usual.max_ellipsis_lines),
        min_alpha_words: limit(case, "max_non_alpha_words_ratio", usual.min_alpha_words),
        min_stop_words: count(case, "min_stop_words", usual.min_stop_words),
    };
    let stop_words = case
        .text_list("stop_words")
        .unwrap_or_else(|| STOP_WORDS.to_vec());
    verdicts(case, |text, _| {
        filtered(
            text,
            gopher_quality(text, &words(text), &stop_words, &limits),
        )
    })
}

fn gopher_repetition_filter(case: &Case<'_>) -> Result<Json, String> {
    let usual = GopherRepetition::USUAL;
    let top_n_grams = limits_by_n(case, "top_n_grams", usual.top_n_grams);
    let duplicate_n_grams = limits_by_n(case, "dup_n_grams", usual.duplicate_n_grams);
    let limits = GopherRepetition {
        max_duplicate_lines: limit(case, "dup_line_frac", usual.max_duplicate_lines),
        max_duplicate_paragraphs: limit(case, "dup_para_frac", usual.max_duplicate_paragraphs),
        max_duplicate_line_chars: limit(case, "dup_line_char_frac", usual.max_duplicate_line_chars),
        max_duplicate_paragraph_chars: limit(
            case,
            "dup_para_char_frac",
            usual.max_duplicate_paragraph_chars,
        ),
        top_n_grams: &top_n_grams,
        duplicate_n_grams: &duplicate_n_grams,
    };
    verdicts(case, |text, _| {
        filtered(text, gopher_repetition(text, &words(text), &limits))
    })
}

fn fineweb_quality_filter(case: &Case<'_>) -> Result<Json, String> {
    let usual = FineWebQuality::USUAL;
    let line_ends = case.text_list("stop_chars");
    let limits = FineWebQuality {
        min_terminal_lines: case.number("line_punct_thr", usual.min_terminal_lines),
        keeps_without_terminal_lines: case.flag("line_punct_exclude_zero", false),
        line_ends: line_ends.as_deref(),
        max_short_lines: case.number("short_line_thr", usual.max_short_lines),
        short_line_len: case.integer("short_line_length", usual.short_line_len),
        max_duplicate_chars: case.number("char_duplicates_ratio", usual.max_duplicate_chars),
        max_line_feeds_per_word: case.number("new_line_ratio", usual.max_line_feeds_per_word),
    };
    verdicts(case, |text, _| {
        filtered(text, fineweb_quality(text, words(text).len(), &limits))
    })
}

fn c4_quality_filter(case: &Case<'_>) -> Result<Json, String> {
    let usual = C4Quality::USUAL;
    let min_words =
        count_unless_negative(case, "min_words_per_line", Some(usual.min_words_per_line));
    let rules = C4Quality {
        by_line: case.flag("split_paragraph", usual.by_line),
        removes_citations: case.flag("remove_citations", usual.removes_citations),
        needs_end_mark: case.flag("filter_no_terminal_punct", usual.needs_end_mark),
        min_sentences: count_unless_negative(case, "min_num_sentences", usual.min_sentences),
        min_words_per_line: min_words.unwrap_or(0),
        max_word_len: count_unless_negative(case, "max_word_length", usual.max_word_len),
        drops_lorem_ipsum: case.flag("filter_lorem_ipsum", usual.drops_lorem_ipsum),
        drops_javascript_lines: case.flag("filter_javascript", usual.drops_javascript_lines),
        drops_curly_brackets: case.flag("filter_curly_bracket", usual.drops_curly_brackets),
        drops_policy_lines: case.flag("filter_policy", usual.drops_policy_lines),
    };
    verdicts(case, |text, _| {
        c4_quality(text, &rules)
            .map(Cow::Owned)
            .map_err(|reason| Some(Cow::Borrowed(reason)))
    })
}

fn c4_paragraph_filter(case: &Case<'_>) -> Result<Json, String> {
    verdicts(case, |text, _| {
        filtered(text, (!has_c4_paragraphs(text)).then_some("< 3 paragraphs"))
    })
}

fn regex_filter(case: &Case<'_>) -> Result<Json, String> {
    let pattern = case.text("regex_exp").ok_or("`regex_exp` is missing")?;
    let regex =
        Regex::new(pattern).map_err(|err| format!("`regex_exp` is not supported: {err}"))?;
    verdicts(case, |text, _| {
        if regex.is_match(text) {
            Err(None)
        } else {
            Ok(Cow::Borrowed(text))
        }
    })
}

fn url_filter(case: &Case<'_>) -> Result<Json, String> {
    let list = |name: &str, read: fn(&str) -> String| -> HashSet<String> {
        let lines = case.text_list(name).unwrap_or_default().into_iter();
        lines
            .filter(|line| !line.starts_with('#'))
            .map(read)
            .collect()
    };
    let blocked = BlockedUrls {
        domains: list("extra_domains", |line| line.trim().to_owned()),
        urls: list("extra_urls", |line| line.trim().to_owned()),
        words: list("banned_words", normalized),
        soft_words: list("soft_banned_words", normalized),
        n_soft_words: case.integer("soft_word_threshold", 2),
        subwords: list("banned_subwords", normalized).into_iter().collect(),
    };
    verdicts(case, |text, record| {
        let url = record
            .pointer("/metadata/url")
            .or_else(|| record.get("url"));
        let url = url.and_then(Json::as_str).unwrap_or_default();
        filtered(text, blocked_url(url, &blocked))
    })
}

/// Statistics per record, or as columns.
fn statistics(case: &Case<'_>, of_text: impl Fn(&str) -> Statistics) -> Result<Json, String> {
    if case.expected_kind == "stats_columns" {
        let mut columns: Map<String, Json> = Map::new();
        for text in case.texts() {
            for (name, value) in of_text(text) {
                let column = columns.entry(name).or_insert_with(|| json!([]));
                if let Json::Array(values) = column {
                    values.push(value.into());
                }
            }
        }
        return Ok(Json::Object(columns));
    }
    Ok(case.per_doc(|text| json!({"stats": of_text(text).into_iter().collect::<std::collections::BTreeMap<_, _>>()})))
}

fn doc_stats(case: &Case<'_>) -> Result<Json, String> {
    statistics(case, document_statistics)
}

fn line_stats(case: &Case<'_>) -> Result<Json, String> {
    let short = counts(case, "max_k_chars_per_line_tresholds", &[10, 30]);
    let long = counts(case, "min_k_chars_per_line_thresholds", &[2000, 10_000]);
    let ignores_blank = case.flag("ignore_empty_lines", false);
    statistics(case, |text| {
        line_statistics(text, &short, &long, ignores_blank)
    })
}

fn sentence_stats(case: &Case<'_>) -> Result<Json, String> {
    let short = counts(case, "short_sentence_max_chars_threshold", &[20]);
    let long = counts(case, "long_sentence_max_chars_threshold", &[75]);
    statistics(case, |text| sentence_statistics(text, &short, &long))
}

fn simplification(case: &Case<'_>) -> Simplification {
    let usual = Simplification::USUAL;
    Simplification {
        lowercases: case.flag("lowercase", usual.lowercases),
        replaces_numbers: case.flag("norm_numbers", usual.replaces_numbers),
        replaces_weekdays: case.flag("norm_weekdays", usual.replaces_weekdays),
        replaces_months: case.flag("norm_monthnames", usual.replaces_months),
        removes_punctuation: case.flag("remove_punctuation", usual.removes_punctuation),
        joins_white_space: case.flag("norm_whitespace", usual.joins_white_space),
        removes_diacritics: case.flag("norm_unicode_diacritics", usual.removes_diacritics),
    }
}

fn simplify(case: &Case<'_>) -> Result<Json, String> {
    let steps = simplification(case);
    if case.expected_kind == "rows" {
        return Ok(case
            .texts()
            .map(|text| json!({"text": simplify_text(text, &steps)}))
            .collect());
    }
    Ok(case.per_doc(|text| json!({"text": simplify_text(text, &steps)})))
}

fn minhash_config(case: &Case<'_>) -> Result<MinHash, String> {
    let usual = MinHash::USUAL;
    let seed = case.integer("seed", 1);
    let hash = match (
        case.text("hash_fc").unwrap_or("xxhash"),
        case.integer("precision", 64),
    ) {
        ("sha1", 32) => TextHash::Sha1Of32Bits,
        ("sha1", 64) => TextHash::Sha1Of64Bits,
        ("xxhash", 32) => TextHash::XxHash32,
        ("xxhash", 64) => TextHash::XxHash64,
        (name, bits) => return Err(format!("no hash function `{name}` of {bits} bits")),
    };
    Ok(MinHash {
        n_grams: case.integer("n_grams", usual.n_grams),
        n_bands: case.integer("num_buckets", usual.n_bands),
        rows_per_band: case.integer("hashes_per_bucket", usual.rows_per_band),
        seed: u32::try_from(seed).map_err(|_| format!("seed {seed} has more than 32 bits"))?,
        hash,
        simplification: simplification(case),
    })
}

fn minhash_signature(case: &Case<'_>) -> Result<Json, String> {
    let config = minhash_config(case)?;
    let n_rows = config.rows_per_band;
    let signatures = Signatures::new(config);
    Ok(case.per_doc(|text| {
        let shingles = signatures.shingles(text);
        let Some(signature) = signatures.signature(&shingles) else {
            return json!({"n_shingles": 0, "signature": null});
        };
        let mut sha1 = Sha1::new();
        for value in &signature {
            sha1.update(value.to_le_bytes());
        }
        let digest: String = sha1
            .finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        json!({
            "n_shingles": shingles.len(),
            "bucket0": signature.iter().take(n_rows).collect::<Vec<_>>(),
            "all_sha1": digest,
            "signature": signature,
        })
    }))
}

fn minhash_dedup(case: &Case<'_>) -> Result<Json, String> {
    Ok(json!(minhash_clusters(
        case.texts(),
        &minhash_config(case)?
    )))
}

/// The hashes of the texts that the expected table has, by function.
fn hash(case: &Case<'_>) -> Result<Json, String> {
    let functions = [
        ("sha132", TextHash::Sha1Of32Bits),
        ("sha164", TextHash::Sha1Of64Bits),
        ("xxhash32", TextHash::XxHash32),
        ("xxhash64", TextHash::XxHash64),
    ];
    let table = functions.map(|(name, function)| {
        let asked = case.expected.get(name).and_then(Json::as_object);
        let row = asked
            .into_iter()
            .flat_map(|row| row.keys())
            .map(|text| (text.clone(), json!(function.of(text))));
        (name.to_owned(), Json::Object(row.collect()))
    });
    Ok(Json::Object(table.into_iter().collect()))
}
