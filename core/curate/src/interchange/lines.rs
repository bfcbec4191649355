//! JSON lines, with the place of what is wrong.

use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use super::InterchangeError;

/// Reads one value per line; blank lines are skipped.
///
/// # Errors
///
/// The first line that cannot be read.
pub(crate) fn read<T: DeserializeOwned>(
    text: &str,
    expected: &'static str,
    advice: &'static str,
) -> Result<Vec<T>, InterchangeError> {
    let lines = text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty());
    let read = |(index, line): (usize, &str)| {
        let line = line.strip_prefix('\u{feff}').unwrap_or(line);
        serde_json::from_str(line).map_err(|error| {
            let problem = error.to_string();
            // The place is given in fields.
            let problem = problem
                .split(" at line ")
                .next()
                .unwrap_or_default()
                .to_owned();
            if error.is_data() {
                InterchangeError::Shape {
                    line: index + 1,
                    column: error.column(),
                    expected,
                    found: problem,
                    advice,
                }
            } else {
                InterchangeError::Syntax {
                    line: index + 1,
                    column: error.column(),
                    problem,
                    advice: "check that every line is one JSON object",
                }
            }
        })
    };
    lines.map(read).collect()
}

/// Adds a value as a line.
pub(crate) fn push(text: &mut String, value: &Json) {
    text.push_str(&value.to_string());
    text.push('\n');
}

/// A number, or null where JSON has none.
pub(crate) fn number(value: f64) -> Json {
    serde_json::Number::from_f64(value).map_or(Json::Null, Json::Number)
}
