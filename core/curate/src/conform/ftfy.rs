//! ftfy as datatrove and NeMo Curator call it.

use serde_json::{Value as Json, json};

use crate::conform::{Adapter, Case};
use crate::text::mappers::unicode::{Fixes, Form, UnicodeFixer};

pub fn adapters() -> Vec<Adapter> {
    [
        ("datatrove", "FTFYFormatter"),
        ("nemo-curator", "UnicodeReformatter"),
    ]
    .map(|(system, op)| Adapter {
        system,
        op,
        run: fixed,
    })
    .into()
}

fn fixed(case: &Case<'_>) -> Result<Json, String> {
    for name in [
        "restore_byte_a0",
        "replace_lossy_sequences",
        "decode_inconsistent_utf8",
        "fix_surrogates",
    ] {
        if !case.flag(name, true) {
            return Err(format!("{name} cannot be turned off"));
        }
    }
    if case
        .params
        .get("config")
        .is_some_and(|config| !config.is_null())
    {
        return Err("settings in an object are not read".to_owned());
    }
    let usual = Fixes::broken_only();
    let flag = |name, usual| case.flag(name, usual);
    let fixer = UnicodeFixer::of(Fixes {
        unescape_html: case.params.get("unescape_html").and_then(Json::as_bool),
        remove_terminal_escapes: flag("remove_terminal_escapes", usual.remove_terminal_escapes),
        fix_encoding: flag("fix_encoding", usual.fix_encoding),
        fix_c1_controls: flag("fix_c1_controls", usual.fix_c1_controls),
        fix_latin_ligatures: flag("fix_latin_ligatures", usual.fix_latin_ligatures),
        fix_character_width: flag("fix_character_width", usual.fix_character_width),
        uncurl_quotes: flag("uncurl_quotes", usual.uncurl_quotes),
        fix_line_breaks: flag("fix_line_breaks", usual.fix_line_breaks),
        remove_control_chars: flag("remove_control_chars", usual.remove_control_chars),
        normalization: match case.text("normalization") {
            None => None,
            Some("NFC") => Some(Form::Nfc),
            Some("NFD") => Some(Form::Nfd),
            Some("NFKC") => Some(Form::Nfkc),
            Some("NFKD") => Some(Form::Nfkd),
            Some(other) => return Err(format!("normal form {other:?} is not known")),
        },
    })?;
    let fix = |text: &str| json!({ "text": fixer.fix(text) });
    if case.expected_kind == "text_per_doc" {
        return Ok(case.per_doc(fix));
    }
    Ok(case.texts().map(fix).collect())
}
