//! How a file was read, in one line: `csv · ; · no header`.

use sluice_analysis::Value;
use sluice_protocol::load::{Guess, TableInfo};

use crate::{format, text};

/// Names what differs from the plainest reading: what goes without saying is left out.
pub fn format_line(info: &TableInfo) -> String {
    // Of a sample it is the name of the operation that makes it.
    let is_sample = info.format.starts_with("sample_");
    let mut parts = vec![if is_sample {
        text::BUILT_IN.to_owned()
    } else {
        info.format.clone()
    }];
    parts.extend(info.guesses.iter().filter_map(worth_saying));
    if let Some(sampling) = &info.sampling {
        parts.push(text::sampled(&format::percent(sampling.share)));
    }
    if info.guesses.iter().any(|guess| guess.overridden) {
        parts.push(text::AS_SET.to_owned());
    }
    parts.join(" · ")
}

fn worth_saying(guess: &Guess) -> Option<String> {
    let shown = || match &guess.value {
        Value::Text(text) => format::visible(text),
        other => format::value(other),
    };
    match (guess.name.as_str(), &guess.value) {
        ("delimiter", _) | ("sheet", _) => Some(shown()),
        ("header", Value::Bool(true)) => Some(text::WITH_HEADER.to_owned()),
        ("header", Value::Bool(false)) => Some(text::WITHOUT_HEADER.to_owned()),
        ("encoding", Value::Text(name)) if !name.eq_ignore_ascii_case("utf-8") => {
            Some(name.clone())
        }
        ("compression", Value::Text(name)) if name != "none" => Some(name.clone()),
        ("decimal", Value::Text(mark)) if mark == "," => Some(text::DECIMAL_COMMA.to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use sluice_analysis::{Ref, SourceId};

    use super::*;

    #[test]
    fn only_what_is_unusual_is_said() {
        let guess = |name: &str, value: Value| Guess {
            name: name.to_owned(),
            value,
            reason: String::new(),
            overridden: false,
            choices: Vec::new(),
        };
        let info = TableInfo {
            table: Ref::Source(SourceId(1)),
            name: "adult".to_owned(),
            rows: 3,
            columns: Vec::new(),
            format: "csv".to_owned(),
            guesses: vec![
                guess("format", "csv".into()),
                guess("encoding", "UTF-8".into()),
                guess("delimiter", ";".into()),
                guess("header", false.into()),
                guess("decimal", ".".into()),
            ],
            n_issues: 0,
            issues: Vec::new(),
            sampling: None,
            memory_bytes: 0,
            figures: Vec::new(),
        };
        assert_eq!(format_line(&info), "csv · ; · no header");
    }
}
