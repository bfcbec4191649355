//! The messages themselves. Encoded with postcard; files and big buffers travel beside them as transferables.

use serde::{Deserialize, Serialize};
use sluice_analysis::{
    Analysis, FileIdentity, KeyNumber, Params, Pill, Ref, Selection, SortKey, SourceId,
};

use crate::cells::RowPage;
use crate::figure::Figure;
use crate::load::{LoadEstimate, LoadIssue, TableInfo};
use crate::profile::{ColumnProfile, Distribution, TableProfile};
use crate::recipe::{RecipeAnswer, RecipeQuery};
use crate::spec::OperationSpec;

pub type RequestId = u32;

/// Page to engine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ToEngine {
    /// First message. A worker with another build id asks for a reload.
    Hello {
        build: String,
        /// Of the machine, as the page is told.
        n_cores: u32,
    },
    Request {
        id: RequestId,
        body: Request,
    },
    Cancel {
        id: RequestId,
    },
}

/// Engine to page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum FromEngine {
    Ready {
        build: String,
        operations: Vec<OperationSpec>,
    },
    Progress {
        id: RequestId,
        progress: Progress,
    },
    /// An early part of the answer; the same request is still running.
    Partial {
        id: RequestId,
        body: Response,
    },
    Done {
        id: RequestId,
        result: Result<Response, Failure>,
    },
    Status(EngineStatus),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// What is being done, in words: "reading adult.csv".
    pub stage: String,
    pub done: u64,
    /// 0 when unknown.
    pub total: u64,
}

/// Memory and workers, for the status bar.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EngineStatus {
    /// wasm memory of the engine and its pool workers together.
    pub memory_bytes: u64,
    pub memory_limit_bytes: u64,
    /// The engine itself and its pool.
    pub n_workers: u32,
}

/// A question to the engine. Tables are named by reference into the document set last.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Request {
    /// The document to evaluate from now on. Answered by [`Response::Ok`].
    SetDocument(Box<Analysis>),
    /// The files of a source; the handles travel beside the message, in this order.
    Attach {
        source: SourceId,
        files: Vec<AttachedFile>,
    },
    /// Forget a source's files and tables.
    Detach {
        source: SourceId,
    },
    /// Estimates what loading would cost, without loading.
    Estimate {
        source: SourceId,
    },
    /// Loads the source or runs the step. Answered by [`Response::Table`].
    Evaluate {
        table: Ref,
    },
    /// Partial answers are [`Response::Column`] as they come, then [`Response::Profile`].
    Profile {
        table: Ref,
        pills: Vec<Pill>,
        level: ProfileLevel,
    },
    /// Counts per bar of each column's distribution under the pills, each column ignoring its own.
    Distributions {
        table: Ref,
        pills: Vec<Pill>,
        columns: Vec<String>,
    },
    Rows {
        table: Ref,
        window: RowWindow,
    },
    /// Where a row of the table stands in the view, if it is in it.
    Position {
        table: Ref,
        row: u64,
        pills: Vec<Pill>,
        sort: Vec<SortKey>,
    },
    /// One cell in full.
    Cell {
        table: Ref,
        row: u64,
        column: String,
    },
    Issues {
        table: Ref,
        start: u64,
        count: u32,
    },
    /// Computes the data of a panel. `kind` names the panel in the engine's registry.
    Figure {
        kind: String,
        a: Ref,
        b: Option<Ref>,
        pills: Vec<Pill>,
        selection: Selection,
        spec: Params,
    },
    /// Number of rows in the selection, of the rows in view.
    CountSelection {
        table: Ref,
        pills: Vec<Pill>,
        selection: Selection,
    },
    /// Partial answers are [`Response::Bytes`], in order; then [`Response::Exported`].
    Export {
        table: Ref,
        pills: Vec<Pill>,
        selection: Selection,
        sort: Vec<SortKey>,
        columns: Vec<String>,
        format: String,
    },
    /// Full content hashes of a source's files, for links.
    Identify {
        source: SourceId,
    },
    /// About the recipe that ends at a step. Partial answers are overviews of the rows measured so far.
    Recipe {
        table: Ref,
        query: RecipeQuery,
    },
    /// A recipe of another system, as its file has it. Answered by [`RecipeAnswer::Imported`].
    ReadRecipe {
        text: String,
    },
    /// Recomputes the numbers that a link carries.
    KeyNumbers,
    /// Memory and workers; answered by [`Response::Status`].
    Status,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachedFile {
    pub name: String,
    pub size_bytes: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ProfileLevel {
    /// Type, nulls, distinct, range, quantiles, moments, histogram, top values.
    Base,
    /// And associations, languages, duplicates, patterns of missing values, alerts.
    Full,
}

/// A rectangle of the view: rows `start..start + count` in view order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RowWindow {
    pub pills: Vec<Pill>,
    pub sort: Vec<SortKey>,
    pub start: u64,
    pub count: u32,
    /// Columns to fetch, in this order; empty means all.
    pub columns: Vec<String>,
    /// Rows in this selection come back marked.
    pub selection: Selection,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Response {
    Ok,
    Table(Box<TableInfo>),
    Estimate(LoadEstimate),
    Column(Box<ColumnProfile>),
    Profile(Box<TableProfile>),
    Distributions {
        rows_in_view: u64,
        columns: Vec<Distribution>,
    },
    Rows(Box<RowPage>),
    Position(Option<u64>),
    Cell(String),
    Issues {
        total: u64,
        issues: Vec<LoadIssue>,
    },
    Figure(Box<Figure>),
    Count(u64),
    Bytes(Vec<u8>),
    Exported {
        rows: u64,
        bytes: u64,
        file_name: String,
        media_type: String,
    },
    Identity(Vec<FileIdentity>),
    Recipe(Box<RecipeAnswer>),
    KeyNumbers(Vec<KeyNumber>),
    Status(EngineStatus),
}

/// Why a request was not answered: one sentence for people, and a kind for the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    pub kind: FailureKind,
    /// What, where and what to do; no final full stop.
    pub message: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FailureKind {
    Cancelled,
    /// The input, a parameter or an expression is at fault.
    BadInput,
    /// A source's file has not been offered (after a reload, or from a link).
    FileMissing,
    /// The work does not fit the memory budget; the message has the numbers.
    TooLarge,
    /// A fault of ours.
    Internal,
    /// The worker that ran it is gone, through a fault or for want of memory.
    EngineLost,
}
