//! From errors to what the page shows.

use sluice_protocol::message::{Failure, FailureKind};
use sluice_table::TableError;

/// The page's view of an error: a kind to act on and one sentence to show.
pub fn failure(error: TableError) -> Failure {
    let kind = match &error {
        TableError::Cancelled => FailureKind::Cancelled,
        TableError::FileMissing { .. } => FailureKind::FileMissing,
        TableError::TooLarge { .. } => FailureKind::TooLarge,
        TableError::Internal { .. } | TableError::NoPool => FailureKind::Internal,
        TableError::Read { .. }
        | TableError::Format { .. }
        | TableError::Unpacked { .. }
        | TableError::NoColumn { .. }
        | TableError::ColumnType { .. }
        | TableError::Param { .. }
        | TableError::Expression { .. }
        | TableError::Inputs { .. } => FailureKind::BadInput,
    };
    Failure {
        kind,
        message: error.to_string(),
    }
}
