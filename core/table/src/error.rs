use crate::host::Cancelled;

/// Why work on a table failed. The display text is one sentence for people: what, where, what to do.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum TableError {
    #[error("cancelled")]
    Cancelled,
    #[error("{file} could not be read: {reason}")]
    Read { file: String, reason: String },
    #[error("{file} is not readable as {format}: {reason}")]
    Format {
        file: String,
        format: &'static str,
        reason: String,
    },
    #[error("{file} unpacks to more than {limit_bytes} bytes and was not read further")]
    Unpacked { file: String, limit_bytes: u64 },
    #[error("column “{column}” does not exist; the table has {available}")]
    NoColumn { column: String, available: String },
    #[error("column “{column}” is {found}; {expected} is needed")]
    ColumnType {
        column: String,
        found: &'static str,
        expected: &'static str,
    },
    #[error("{what}: {reason}")]
    Param { what: String, reason: String },
    #[error("expression, character {position}: {reason}")]
    Expression { position: usize, reason: String },
    #[error("{what} needs about {needed_bytes} bytes and {budget_bytes} are allowed; {advice}")]
    TooLarge {
        what: String,
        needed_bytes: u64,
        budget_bytes: u64,
        advice: String,
    },
    #[error("{op} needs {expected} input tables and got {got}")]
    Inputs {
        op: String,
        expected: String,
        got: usize,
    },
    /// A fault of ours or of a library, with its own words.
    #[error("{context}: {reason}")]
    Internal {
        context: &'static str,
        reason: String,
    },
    #[error("{name} is not open in this tab; offer its file again")]
    FileMissing { name: String },
    #[error("no worker pool is available")]
    NoPool,
}

impl From<Cancelled> for TableError {
    fn from(_: Cancelled) -> Self {
        Self::Cancelled
    }
}

impl From<sluice_stats::Error> for TableError {
    fn from(error: sluice_stats::Error) -> Self {
        Self::Param {
            what: "a parameter".to_owned(),
            reason: error.to_string(),
        }
    }
}
