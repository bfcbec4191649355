use crate::v1::{PanelId, Ref, StepId};

/// Why a document could not be read, written or changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    #[error("this is not a link to a Sluice analysis: it must contain “#a=1.”")]
    NotALink,
    #[error(
        "this analysis was made by a newer version ({version}) of Sluice; reload the page and try again"
    )]
    NewerVersion { version: u32 },
    #[error("the analysis is {length} bytes long as text; at most {limit} are accepted")]
    TooLong { length: usize, limit: usize },
    #[error("the analysis unpacks to more than {limit} bytes and was not opened")]
    TooLarge { limit: usize },
    #[error("the link is damaged (its text is not valid base64url); copy it again in full")]
    Base64,
    #[error("the link is damaged (its contents do not unpack); copy it again in full")]
    Deflate,
    #[error("the link is damaged (its contents do not decode); copy it again in full")]
    Decode,
    /// `line` and `column` are 1-based; both are 0 where the text as a whole is at fault.
    #[error("this file is not a Sluice analysis: {reason} (line {line}, column {column})")]
    Json {
        line: usize,
        column: usize,
        reason: String,
    },
    #[error("the analysis has {count} {what}; at most {limit} are accepted")]
    TooMany {
        what: &'static str,
        count: usize,
        limit: usize,
    },
    #[error("a {what} is {length} bytes long; at most {limit} are accepted")]
    TextTooLong {
        what: &'static str,
        length: usize,
        limit: usize,
    },
    #[error("parameters are nested more than {limit} deep")]
    TooDeep { limit: usize },
    #[error("id {id} is used twice in the analysis")]
    DuplicateId { id: u32 },
    #[error("id {id} was never given out: the next one is {next_id}")]
    IdNotGivenOut { id: u32, next_id: u32 },
    #[error("the analysis has nothing with id {id}")]
    UnknownId { id: u32 },
    #[error("{step} reads {input}, which does not exist")]
    MissingInput { step: StepId, input: Ref },
    #[error("{step} reads {input}, which comes after it")]
    LaterInput { step: StepId, input: Ref },
    #[error("{step} depends on itself")]
    Cycle { step: StepId },
    #[error("{step} cannot move there: {other} is not in one chain with it")]
    NotAChain { step: StepId, other: StepId },
    /// `what` is the reader: a panel, the view or a grid.
    #[error("the {what} looks at {table}, which does not exist")]
    MissingTable { what: &'static str, table: Ref },
    #[error("a note belongs to {panel}, which does not exist")]
    MissingPanel { panel: PanelId },
    #[error("the selected rows are not in ascending order")]
    UnorderedRows,
    #[error("the selected polygon has a corner that is not a finite number")]
    UnboundedPolygon,
}

const _: () = assert!(
    size_of::<DocumentError>() <= 64,
    "errors are returned by value"
);
