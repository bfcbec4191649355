//! The `.sluice.json` file: `{"sluice": 1, "analysis": {…}}`.

use serde::{Deserialize, Serialize};

use super::{MAX_DOCUMENT_BYTES, VERSION, check_length};
use crate::error::DocumentError;
use crate::forms::{MAX_VALUES, with_value_limit};
use crate::v1::Analysis;

/// Other floats, those of polygons above all, are read in the same form; `Analysis::validate` is exact.
const MAX_JSON_VALUES: usize = 2 * MAX_VALUES;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File<T> {
    sluice: u32,
    analysis: T,
}

/// What every version's file has, whatever else is in it.
#[derive(Deserialize)]
#[serde(expecting = "a Sluice analysis file")]
struct AnyFile {
    sluice: u32,
}

/// The document as the text of a `.sluice.json` file, for people to read and edit.
///
/// # Errors
///
/// What [`Analysis::validate`] finds, and [`DocumentError::TooLong`].
pub fn to_json(analysis: &Analysis) -> Result<String, DocumentError> {
    analysis.validate()?;
    let file = File {
        sluice: VERSION,
        analysis,
    };
    let mut text = serde_json::to_string_pretty(&file).map_err(|error| json_error(&error))?;
    text.push('\n');
    check_length(&text, MAX_DOCUMENT_BYTES)?;
    Ok(text)
}

/// Reads the text of a `.sluice.json` file. Misspelt fields are refused, since ignoring them would change results.
///
/// # Errors
///
/// [`DocumentError::TooLong`], [`DocumentError::NewerVersion`], [`DocumentError::Json`] with the place of the
/// fault, or what [`Analysis::validate`] finds.
pub fn from_json(text: &str) -> Result<Analysis, DocumentError> {
    check_length(text, MAX_DOCUMENT_BYTES)?;
    let AnyFile { sluice: version } = serde_json::from_str(text).map_err(|e| json_error(&e))?;
    // A document of version N is read as the type of module `vN` and then upgraded.
    let analysis = match version {
        1 => {
            let file: Result<File<Analysis>, _> =
                with_value_limit(MAX_JSON_VALUES, || serde_json::from_str(text));
            file.map_err(|error| json_error(&error))?.analysis
        }
        0 => {
            let reason = "there is no version 0".to_owned();
            return Err(DocumentError::Json {
                line: 0,
                column: 0,
                reason,
            });
        }
        _ => return Err(DocumentError::NewerVersion { version }),
    };
    analysis.validate()?;
    Ok(analysis)
}

fn json_error(error: &serde_json::Error) -> DocumentError {
    let message = error.to_string();
    // serde_json appends the place, which has fields of its own here.
    let reason = message
        .rsplit_once(" at line ")
        .map_or(message.as_str(), |(reason, _)| reason);
    DocumentError::Json {
        line: error.line(),
        column: error.column(),
        reason: reason.to_owned(),
    }
}
