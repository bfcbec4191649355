//! From file names to tables.

use sluice_analysis::{Params, Value};
use sluice_engine::TableError;
use sluice_table::{Loaded, read};

use crate::host::{TerminalHost, open};

/// Loads one file; `format` overrides what its content and name say.
pub fn load(path: &str, format: Option<&str>, host: &TerminalHost) -> Result<Loaded, TableError> {
    let mut options = Params::new();
    if let Some(format) = format {
        options.insert("format".to_owned(), Value::from(format));
    }
    pollster::block_on(read::load(&[open(path)?], &options, host))
}

/// Parameters given as a JSON object.
pub fn params(json: Option<&str>) -> Result<Params, TableError> {
    let Some(json) = json else {
        return Ok(Params::new());
    };
    let bad = |reason: String| TableError::Param {
        what: "--params".to_owned(),
        reason,
    };
    match serde_json::from_str::<Value>(json) {
        Ok(Value::Map(params)) => Ok(params),
        Ok(_) => Err(bad(
            "a JSON object is needed, such as {\"n\": 10}".to_owned()
        )),
        Err(error) => Err(bad(error.to_string())),
    }
}
