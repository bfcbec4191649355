//! Data-Juicer's filters, deduplicators, selectors and grouper by their names and parameters.

use std::collections::HashSet;
use std::num::NonZeroUsize;

use regex::Regex;
use serde_json::{Map, Value as Json, json};
use sha1::{Digest as _, Sha1};

use crate::conform::{Adapter, Case};
use crate::text::data_juicer::condition::Condition;
use crate::text::data_juicer::deduplicate::{Ignored, document_md5, first_of_each};
use crate::text::data_juicer::keep::Keep;
use crate::text::data_juicer::locality::{ErrorWeights, optimal_banding};
use crate::text::data_juicer::minhash::{self, Banding, Permutations};
use crate::text::data_juicer::selectors::{self, RankBounds, Top};
use crate::text::data_juicer::shingles::{Shingles, Shingling, Tokenization};
use crate::text::data_juicer::simhash;
use crate::text::data_juicer::words::Groups;
use crate::text::data_juicer::{characters, fields, lines, repetition, words};
use crate::text::python;

pub fn adapters() -> Vec<Adapter> {
    let adapter = |(op, run)| Adapter {
        system: "data-juicer",
        op,
        run,
    };
    OPERATORS.iter().copied().map(adapter).collect()
}

type Run = fn(&Case<'_>) -> Result<Json, String>;

const OPERATORS: [(&str, Run); 23] = [
    ("alphanumeric_filter", alphanumeric),
    ("average_line_length_filter", average_line_length),
    ("character_repetition_filter", character_repetition),
    ("document_deduplicator", exact_duplicates),
    ("document_minhash_deduplicator", minhash_duplicates),
    ("document_simhash_deduplicator", simhash_duplicates),
    ("flagged_words_filter", flagged_words),
    ("frequency_specified_field_selector", frequency),
    ("general_field_filter", general_field),
    ("key_value_grouper", key_value_groups),
    ("maximum_line_length_filter", maximum_line_length),
    ("minhash_optimal_param", optimal_param),
    ("range_specified_field_selector", range),
    ("special_characters_filter", special_characters),
    ("specified_field_filter", specified_field),
    ("specified_numeric_field_filter", specified_numeric_field),
    ("stopwords_filter", stopwords),
    ("suffix_filter", suffix),
    ("tags_specified_field_selector", tags),
    ("text_length_filter", text_length),
    ("topk_specified_field_selector", topk),
    ("word_repetition_filter", word_repetition),
    ("words_num_filter", words_num),
];

fn alphanumeric(case: &Case<'_>) -> Result<Json, String> {
    needs_no_tokenizer(case)?;
    let keep = keep(case, ("min_ratio", 0.25), ("max_ratio", f64::INFINITY));
    by_measure(case, "alnum_ratio", &keep, characters::alphanumeric_ratio)
}

fn special_characters(case: &Case<'_>) -> Result<Json, String> {
    let keep = keep(case, ("min_ratio", 0.0), ("max_ratio", 0.25));
    by_measure(
        case,
        "special_char_ratio",
        &keep,
        characters::special_characters_ratio,
    )
}

fn text_length(case: &Case<'_>) -> Result<Json, String> {
    let keep = keep(case, ("min_len", 10.0), ("max_len", f64::INFINITY));
    by_measure(case, "text_len", &keep, characters::text_length)
}

fn average_line_length(case: &Case<'_>) -> Result<Json, String> {
    let keep = keep(case, ("min_len", 10.0), ("max_len", f64::INFINITY));
    by_measure(case, "avg_line_length", &keep, lines::average_line_length)
}

fn maximum_line_length(case: &Case<'_>) -> Result<Json, String> {
    let keep = keep(case, ("min_len", 10.0), ("max_len", f64::INFINITY));
    by_measure(case, "max_line_length", &keep, lines::maximum_line_length)
}

fn words_num(case: &Case<'_>) -> Result<Json, String> {
    needs_no_tokenizer(case)?;
    let keep = keep(case, ("min_num", 10.0), ("max_num", f64::INFINITY));
    by_measure(case, "num_words", &keep, words::words_num)
}

fn character_repetition(case: &Case<'_>) -> Result<Json, String> {
    let n_chars = positive(case, "rep_len", 10)?;
    let keep = keep(case, ("min_ratio", 0.0), ("max_ratio", 0.5));
    by_measure(case, "char_rep_ratio", &keep, |text| {
        repetition::character_repetition_ratio(text, n_chars)
    })
}

fn word_repetition(case: &Case<'_>) -> Result<Json, String> {
    needs_no_tokenizer(case)?;
    let n_words = positive(case, "rep_len", 10)?;
    let keep = keep(case, ("min_ratio", 0.0), ("max_ratio", 0.5));
    by_measure(case, "word_rep_ratio", &keep, |text| {
        repetition::word_repetition_ratio(text, n_words)
    })
}

fn stopwords(case: &Case<'_>) -> Result<Json, String> {
    let keep = keep(case, ("min_ratio", 0.3), ("max_ratio", 1.0));
    by_listed_words(case, "stopwords", "stopwords_ratio", &keep)
}

fn flagged_words(case: &Case<'_>) -> Result<Json, String> {
    let keep = keep(case, ("min_ratio", 0.0), ("max_ratio", 0.045));
    by_listed_words(case, "flagged_words", "flagged_words_ratio", &keep)
}

fn by_listed_words(case: &Case<'_>, list: &str, stat: &str, keep: &Keep) -> Result<Json, String> {
    needs_no_tokenizer(case)?;
    let list = case.text_list(list);
    let list = list.ok_or("Data-Juicer's own word lists are not included")?;
    let list: HashSet<&str> = list.into_iter().collect();
    let sizes = match case
        .params
        .get("words_aug_group_sizes")
        .and_then(Json::as_array)
    {
        Some(sizes) => {
            let sizes = sizes.iter().filter_map(Json::as_u64);
            sizes
                .filter_map(|size| usize::try_from(size).ok())
                .collect()
        }
        None => vec![2],
    };
    let groups = case.flag("use_words_aug", false).then(|| Groups {
        sizes: &sizes,
        joined_by: case.text("words_aug_join_char").unwrap_or_default(),
    });
    by_measure(case, stat, keep, |text| {
        words::listed_words_ratio(text, &list, groups.as_ref())
    })
}

fn suffix(case: &Case<'_>) -> Result<Json, String> {
    let suffixes: Vec<Json> = texts(case, "suffixes");
    let reversed = case.flag("reversed_range", false) && !suffixes.is_empty();
    kept(case, |record| {
        let suffix = record.get("__dj__suffix__");
        Ok(fields::is_all_among(suffix, &suffixes) != reversed)
    })
}

fn specified_field(case: &Case<'_>) -> Result<Json, String> {
    let key = case.text("field_key").unwrap_or_default();
    let targets = case.params.get("target_value").and_then(Json::as_array);
    let targets = targets.map(Vec::as_slice).unwrap_or_default();
    if key.is_empty() || targets.is_empty() {
        return kept(case, |_| Ok(true));
    }
    let reversed = case.flag("reversed_range", false);
    kept(case, |record| {
        Ok(fields::is_all_among(fields::field(record, key), targets) != reversed)
    })
}

fn specified_numeric_field(case: &Case<'_>) -> Result<Json, String> {
    let key = case.text("field_key").unwrap_or_default();
    if key.is_empty() {
        return kept(case, |_| Ok(true));
    }
    let keep = keep(
        case,
        ("min_value", f64::NEG_INFINITY),
        ("max_value", f64::INFINITY),
    );
    kept(case, |record| {
        Ok(fields::is_number_kept(fields::field(record, key), &keep))
    })
}

fn general_field(case: &Case<'_>) -> Result<Json, String> {
    let condition = Condition::parse(case.text("filter_condition").unwrap_or_default())?;
    kept(case, |record| condition.holds(record))
}

fn exact_duplicates(case: &Case<'_>) -> Result<Json, String> {
    let ignored = Ignored {
        case: case.flag("lowercase", false),
        non_characters: case.flag("ignore_non_character", false),
    };
    let hash = |text: &str| document_md5(text, ignored);
    if case.expected_kind == "md5_per_doc" {
        return Ok(case.per_doc(|text| json!({ "hash": hexadecimal(&hash(text)) })));
    }
    Ok(rows(case, &first_of_each(case.texts().map(hash))))
}

fn minhash_duplicates(case: &Case<'_>) -> Result<Json, String> {
    let ignore = ignore_pattern(case)?;
    let shingling = shingling(case, 5, ignore.as_ref())?;
    let n_permutations = positive(case, "num_permutations", 256)?.get();
    let given = |name| case.params.get(name).is_some_and(|value| !value.is_null());
    let banding = if given("num_bands") && given("num_rows_per_band") {
        Banding {
            n_bands: positive(case, "num_bands", 1)?.get(),
            rows_per_band: positive(case, "num_rows_per_band", 1)?.get(),
        }
    } else {
        let threshold = case.number("jaccard_threshold", 0.7);
        optimal_banding(threshold, n_permutations, EVEN_ERRORS)
    };
    let permutations = Permutations::new(n_permutations);
    let signature = |text: &str| permutations.signature(&Shingles::of(text, &shingling));
    if case.expected_kind == "minhash_bands_per_doc" {
        return Ok(case.per_doc(|text| match signature(text) {
            Some(signature) => bands_digest(&signature, banding),
            None => json!({ "error": "fewer tokens than the window" }),
        }));
    }
    let signatures: Vec<_> = case.texts().map(signature).collect();
    Ok(rows(
        case,
        &minhash::clusters(&signatures, banding).firsts(),
    ))
}

fn simhash_duplicates(case: &Case<'_>) -> Result<Json, String> {
    let ignore = ignore_pattern(case)?;
    let shingling = shingling(case, 6, ignore.as_ref())?;
    let max_bits = positive(case, "hamming_distance", 4)?.get();
    if max_bits >= positive(case, "num_blocks", 6)?.get() {
        return Err("hamming_distance has to be less than num_blocks".to_owned());
    }
    // Texts without shingles are all duplicates of each other for Data-Juicer.
    let hash = |text: &str| simhash::simhash(&Shingles::of(text, &shingling)).unwrap_or(0);
    if case.expected_kind == "simhash_per_doc" {
        return Ok(case.per_doc(|text| json!({ "simhash": hash(text).to_string() })));
    }
    let hashes: Vec<_> = case.texts().map(|text| Some(hash(text))).collect();
    let max_bits = u32::try_from(max_bits).unwrap_or(u32::MAX);
    Ok(rows(case, &simhash::clusters(&hashes, max_bits).firsts()))
}

fn optimal_param(case: &Case<'_>) -> Result<Json, String> {
    let weights = ErrorWeights {
        false_positive: case.number("false_positive_weight", EVEN_ERRORS.false_positive),
        false_negative: case.number("false_negative_weight", EVEN_ERRORS.false_negative),
    };
    let row = |threshold: f64, n_permutations: usize| {
        let banding = optimal_banding(threshold, n_permutations, weights);
        json!({
            "threshold": threshold,
            "num_perm": n_permutations,
            "bands_rows": [banding.n_bands, banding.rows_per_band],
        })
    };
    let asked = case.expected.as_array().map_or(&[][..], Vec::as_slice);
    let number = |asked: &Json, name: &str| asked.get(name).and_then(Json::as_f64);
    let rows = asked.iter().map(|asked| {
        let threshold = number(asked, "threshold").ok_or("a row asks for no threshold")?;
        let n_permutations = number(asked, "num_perm").ok_or("a row asks for no num_perm")?;
        Ok(row(threshold, n_permutations as usize))
    });
    rows.collect()
}

fn topk(case: &Case<'_>) -> Result<Json, String> {
    let key = case.text("field_key").unwrap_or_default();
    let selected =
        selectors::top_records(case.records(), key, top(case), case.flag("reverse", true));
    Ok(rows(case, &selected))
}

fn frequency(case: &Case<'_>) -> Result<Json, String> {
    let key = case.text("field_key").unwrap_or_default();
    let most_frequent = case.flag("reverse", true);
    let selected = selectors::records_by_frequency(case.records(), key, top(case), most_frequent);
    Ok(rows(case, &selected))
}

fn range(case: &Case<'_>) -> Result<Json, String> {
    let key = case.text("field_key").unwrap_or_default();
    let bounds = RankBounds {
        lower_share: case.params.get("lower_percentile").and_then(Json::as_f64),
        lower_rank: optional_integer(case, "lower_rank"),
        upper_share: case.params.get("upper_percentile").and_then(Json::as_f64),
        upper_rank: optional_integer(case, "upper_rank"),
    };
    Ok(rows(
        case,
        &selectors::records_in_range(case.records(), key, bounds),
    ))
}

fn tags(case: &Case<'_>) -> Result<Json, String> {
    let key = case.text("field_key").unwrap_or_default();
    let tags = texts(case, "target_tags");
    Ok(rows(
        case,
        &selectors::records_with_tags(case.records(), key, &tags),
    ))
}

fn key_value_groups(case: &Case<'_>) -> Result<Json, String> {
    let keys = case
        .text_list("group_by_keys")
        .filter(|keys| !keys.is_empty());
    let keys = keys.unwrap_or_else(|| vec!["text"]);
    let groups = selectors::groups_by_values(case.records(), &keys);
    let joined = groups.iter().map(|group| {
        let records: Vec<&Json> = group
            .iter()
            .filter_map(|idx| case.records().get(*idx))
            .collect();
        selectors::joined_record(&records)
    });
    Ok(joined.collect())
}

const EVEN_ERRORS: ErrorWeights = ErrorWeights {
    false_positive: 0.5,
    false_negative: 0.5,
};

/// The output of a filter by a measure of the text, in any form that cases of filters have.
///
/// Rows kept also get their lines, which Data-Juicer's measures of lines leave in the record's context.
fn by_measure(
    case: &Case<'_>,
    stat: &str,
    keep: &Keep,
    measure: impl Fn(&str) -> f64,
) -> Result<Json, String> {
    match case.expected_kind {
        "kept_rows" => {
            let text = |record: &Json| {
                record
                    .get("text")
                    .and_then(Json::as_str)
                    .unwrap_or_default()
                    .to_owned()
            };
            let mut rows = kept(case, |record| Ok(keep.holds(measure(&text(record)))))?;
            for record in rows.as_array_mut().into_iter().flatten() {
                let lines = json!({ "__dj__lines": python::splitlines(&text(record)) });
                if let Some(record) = record.as_object_mut() {
                    record.insert("__dj__context__".to_owned(), lines);
                }
            }
            Ok(rows)
        }
        "stats_and_keep_per_doc" | "stats_per_doc" => Ok(case.per_doc(|text| {
            let value = measure(text);
            json!({ "stats": { stat: value }, "keep": keep.holds(value) })
        })),
        "stats_columns" => {
            let column: Json = case.texts().map(measure).collect();
            Ok(Json::Object(Map::from_iter([(stat.to_owned(), column)])))
        }
        kind => Err(format!("filters have no output of the form {kind}")),
    }
}

fn kept(case: &Case<'_>, holds: impl Fn(&Json) -> Result<bool, String>) -> Result<Json, String> {
    let mut rows = Vec::new();
    for record in case.records() {
        if holds(record)? {
            rows.push(record.clone());
        }
    }
    Ok(Json::Array(rows))
}

fn rows(case: &Case<'_>, indices: &[usize]) -> Json {
    let records = case.records();
    indices
        .iter()
        .filter_map(|idx| records.get(*idx).cloned())
        .collect()
}

/// The range of a filter from its parameters, each given by name and default.
fn keep(case: &Case<'_>, min: (&str, f64), max: (&str, f64)) -> Keep {
    Keep {
        min: case.number(min.0, min.1),
        max: case.number(max.0, max.1),
        min_closed: case.flag("min_closed_interval", true),
        max_closed: case.flag("max_closed_interval", true),
        reversed: case.flag("reversed_range", false),
    }
}

fn top(case: &Case<'_>) -> Top {
    Top {
        share: case.params.get("top_ratio").and_then(Json::as_f64),
        number: optional_integer(case, "topk"),
    }
}

fn shingling<'a>(
    case: &Case<'_>,
    window: usize,
    ignore: Option<&'a Regex>,
) -> Result<Shingling<'a>, String> {
    let tokenization = match case.text("tokenization") {
        None | Some("space") => Tokenization::Space,
        Some("punctuation") => Tokenization::Punctuation,
        Some("character") => Tokenization::Character,
        Some(other) => return Err(format!("the tokenization {other} is not supported")),
    };
    Ok(Shingling {
        tokenization,
        window: positive(case, "window_size", window)?,
        lowercase: case.flag("lowercase", true),
        ignore,
    })
}

fn ignore_pattern(case: &Case<'_>) -> Result<Option<Regex>, String> {
    let pattern = case
        .text("ignore_pattern")
        .filter(|pattern| !pattern.is_empty());
    let regex = pattern.map(Regex::new).transpose();
    regex.map_err(|error| error.to_string())
}

fn needs_no_tokenizer(case: &Case<'_>) -> Result<(), String> {
    if case.flag("tokenization", false) {
        return Err("Data-Juicer's tokenizers are not included".to_owned());
    }
    Ok(())
}

fn positive(case: &Case<'_>, name: &str, default: usize) -> Result<NonZeroUsize, String> {
    NonZeroUsize::new(case.integer(name, default))
        .ok_or_else(|| format!("{name} has to be positive"))
}

fn optional_integer(case: &Case<'_>, name: &str) -> Option<usize> {
    let value = case.params.get(name).and_then(Json::as_u64)?;
    usize::try_from(value).ok()
}

fn texts(case: &Case<'_>, name: &str) -> Vec<Json> {
    let texts = case.text_list(name).unwrap_or_default();
    texts.into_iter().map(Json::from).collect()
}

/// The form of `minhash_bands_per_doc`: each value as 8 bytes, greatest first.
fn bands_digest(signature: &[u32], banding: Banding) -> Json {
    let bytes = |band: &[u32]| -> Vec<u8> {
        band.iter()
            .flat_map(|value| u64::from(*value).to_be_bytes())
            .collect()
    };
    let bands: Vec<Vec<u8>> = banding.bands(signature).map(bytes).collect();
    json!({
        "n_bands": bands.len(),
        "band0_hex": bands.first().map(|band| hexadecimal(band)),
        "all_bands_sha1": hexadecimal(&Sha1::digest(bands.concat())),
    })
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
