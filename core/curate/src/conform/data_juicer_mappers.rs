//! Data-Juicer's mappers by their names.

use serde_json::{Value as Json, json};

use crate::conform::{Adapter, Case};
use crate::text::mappers::characters::{self, Kept};
use crate::text::mappers::chunk::Chunker;
use crate::text::mappers::pattern::Substitution;
use crate::text::mappers::sentences::{self, Repeats};
use crate::text::mappers::unicode::{Form, UnicodeFixer};
use crate::text::mappers::{clean, html, latex, latex_macros, table, words};

pub fn adapters() -> Vec<Adapter> {
    type Run = fn(&Case<'_>) -> Result<Json, String>;
    let all: [(&'static str, Run); 20] = [
        ("whitespace_normalization_mapper", |case| {
            one(case, characters::whitespace_normalization)
        }),
        ("punctuation_normalization_mapper", |case| {
            one(case, characters::punctuation_normalization)
        }),
        ("fix_unicode_mapper", fix_unicode),
        ("clean_copyright_mapper", |case| one(case, clean::copyright)),
        ("clean_email_mapper", |case| cleaned(case, clean::EMAIL)),
        ("clean_html_mapper", |case| one(case, html::clean_html)),
        ("clean_ip_mapper", |case| cleaned(case, clean::IP)),
        ("clean_links_mapper", |case| cleaned(case, clean::LINK)),
        ("expand_macro_mapper", |case| {
            one(case, latex_macros::expand_macros)
        }),
        ("remove_bibliography_mapper", |case| {
            one(case, latex::remove_bibliography)
        }),
        ("remove_comments_mapper", |case| {
            let (inline, multiline) = (case.flag("inline", true), case.flag("multiline", true));
            one(case, |text| latex::remove_comments(text, inline, multiline))
        }),
        ("remove_header_mapper", |case| {
            one(case, latex::remove_header)
        }),
        ("remove_long_words_mapper", |case| {
            let (min, max) = (
                case.integer("min_len", 1),
                case.integer("max_len", usize::MAX),
            );
            one(case, |text| words::remove_long_words(text, min, max))
        }),
        (
            "remove_words_with_incorrect_substrings_mapper",
            incorrect_substrings,
        ),
        ("remove_non_chinese_character_mapper", |case| {
            let kept = Kept {
                alphabet: case.flag("keep_alphabet", true),
                number: case.flag("keep_number", true),
                punctuation: case.flag("keep_punc", true),
            };
            one(case, |text| {
                characters::remove_non_chinese_character(text, kept)
            })
        }),
        ("remove_repeat_sentences_mapper", |case| {
            let repeats = Repeats {
                lowercase: case.flag("lowercase", false),
                ignore_special_character: case.flag("ignore_special_character", true),
                min_repeat_sentence_length: case.integer("min_repeat_sentence_length", 2),
            };
            one(case, |text| {
                sentences::remove_repeat_sentences(text, repeats)
            })
        }),
        ("remove_specific_chars_mapper", specific_chars),
        ("remove_table_text_mapper", |case| {
            let (min, max) = (case.integer("min_col", 2), case.integer("max_col", 20));
            one(case, |text| table::remove_table_text(text, min, max))
        }),
        ("replace_content_mapper", replace_content),
        ("text_chunk_mapper", text_chunk),
    ];
    let adapter = |(op, run)| Adapter {
        system: "data-juicer",
        op,
        run,
    };
    all.into_iter().map(adapter).collect()
}

fn cleaned(case: &Case<'_>, usual: &str) -> Result<Json, String> {
    let repl = case.text("repl").unwrap_or_default();
    let cleaner = clean::cleaner(usual, case.text("pattern"), repl)?;
    one(case, |text| cleaner.apply(text))
}

fn fix_unicode(case: &Case<'_>) -> Result<Json, String> {
    let form = match case
        .text("normalization")
        .map(str::to_ascii_uppercase)
        .as_deref()
    {
        None | Some("" | "NFC") => Form::Nfc,
        Some("NFD") => Form::Nfd,
        Some("NFKC") => Form::Nfkc,
        Some("NFKD") => Form::Nfkd,
        Some(other) => return Err(format!("normal form {other:?} is not known")),
    };
    let fixer = UnicodeFixer::new(form)?;
    one(case, |text| fixer.fix(text))
}

fn incorrect_substrings(case: &Case<'_>) -> Result<Json, String> {
    if case.flag("tokenization", false) {
        return Err("words by a SentencePiece model are not supported".to_owned());
    }
    let substrings = case.text_list("substrings");
    let substrings = substrings.as_deref().unwrap_or(words::INCORRECT_SUBSTRINGS);
    one(case, |text| {
        words::remove_words_with_incorrect_substrings(text, substrings)
    })
}

fn specific_chars(case: &Case<'_>) -> Result<Json, String> {
    let listed = case
        .params
        .get("chars_to_remove")
        .is_some_and(|chars| !chars.is_string());
    let items: Vec<&str> = match case.text_list("chars_to_remove") {
        Some(items) if listed => items,
        None if listed => Vec::new(),
        given => {
            let chars = given.and_then(|given| given.first().copied());
            let chars = chars.unwrap_or(characters::SPECIFIC_CHARS).split("");
            chars.filter(|c| !c.is_empty()).collect()
        }
    };
    let remove = characters::specific_chars(items)?;
    one(case, |text| match &remove {
        Some(remove) => remove.apply(text),
        None => text.into(),
    })
}

fn replace_content(case: &Case<'_>) -> Result<Json, String> {
    let patterns = case.text_list("pattern").unwrap_or_default();
    let templates = case.text_list("repl").unwrap_or_else(|| vec![""]);
    let listed = case.params.get("repl").is_some_and(Json::is_array);
    if listed && templates.len() < patterns.len() {
        return Err(format!(
            "{} patterns, {} replacements",
            patterns.len(),
            templates.len()
        ));
    }
    let substitutions = patterns.iter().zip(templates.iter().cycle());
    let substitutions = substitutions
        .map(|(pattern, template)| Substitution::new(pattern, template))
        .collect::<Result<Vec<_>, _>>()?;
    one(case, |text| {
        let replaced = text.to_owned();
        substitutions
            .iter()
            .fold(replaced, |text, by| by.apply(&text).into_owned())
    })
}

fn text_chunk(case: &Case<'_>) -> Result<Json, String> {
    if case.text("tokenizer").is_some() {
        return Err("lengths by a tokenizer are not supported".to_owned());
    }
    let split = match case.params.get("split_pattern") {
        None => Some(r"\n\n"),
        Some(_) => case.text("split_pattern"),
    };
    let max_len = case.params.get("max_len").and_then(Json::as_u64);
    let max_len = max_len.map(|len| usize::try_from(len).unwrap_or(usize::MAX));
    let chunker = Chunker::new(split, max_len, case.integer("overlap_len", 0))?;
    many(case, |text| {
        Ok(chunker
            .chunks(text)?
            .into_iter()
            .map(str::to_owned)
            .collect())
    })
}

/// A mapper that gives one text for each.
fn one<'a, T: Into<std::borrow::Cow<'a, str>>>(
    case: &Case<'a>,
    map: impl Fn(&'a str) -> T,
) -> Result<Json, String> {
    many(case, |text| Ok(vec![map(text).into().into_owned()]))
}

/// A mapper that gives any number of texts for each, as records or by document.
fn many<'a>(
    case: &Case<'a>,
    map: impl Fn(&'a str) -> Result<Vec<String>, String>,
) -> Result<Json, String> {
    let mut out = Vec::new();
    for (record, text) in case.records().iter().zip(case.texts()) {
        let texts = map(text)?;
        match case.expected_kind {
            "texts_per_doc" => out.push(json!({ "doc": record.get("id"), "texts": texts })),
            "text_per_doc" => out.push(json!({ "doc": record.get("id"), "text": texts.first() })),
            _ => out.extend(texts.into_iter().map(|text| {
                let mut record = record.clone();
                if let Some(field) = record.get_mut("text") {
                    *field = Json::String(text);
                }
                record
            })),
        }
    }
    Ok(Json::Array(out))
}
