//! Evaluates an [`Analysis`](sluice_analysis::Analysis): requests in, answers out; progress, cancel, memory budget, memo.
//!
//! **Invariant.** Nothing here knows a browser, a clock, a thread or a file path. Results are memoised by the content
//! of what led to them, so that undo, redo and a reload never compute twice what is still at hand.

#![forbid(unsafe_code)]

#[cfg(not(target_arch = "wasm32"))]
pub mod conformance;
mod describe;
mod evaluate;
mod export;
mod failure;
mod figures;
mod identity;
mod key_numbers;
mod memo;
mod profile;
mod recipe;
#[cfg(not(target_arch = "wasm32"))]
pub mod reference;
mod registry;
mod view;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use sluice_analysis::{Analysis, SourceId};
use sluice_protocol::message::{Failure, Request, Response};
use sluice_protocol::spec::OperationSpec;

pub use failure::failure;
pub use recipe::translate_recipe;
pub use registry::{kernel_named, operation_named, operations};
pub use sluice_table::host::{Chunk, Kernel, MemorySource, PlainHost};
pub use sluice_table::{ByteSource, Cancelled, Host, LocalBoxFuture, TableError};

use memo::Memo;

/// A host of one request: it can also send parts of the answer ahead.
pub trait TaskHost: Host {
    fn partial(&self, body: Response);
}

/// The engine of one session. Requests may overlap: they take turns at their hosts' checkpoints.
pub struct Engine {
    document: RefCell<Arc<Analysis>>,
    files: RefCell<BTreeMap<SourceId, Vec<Rc<dyn ByteSource>>>>,
    memo: RefCell<Memo>,
    recipes: recipe::Recipes,
}

impl Default for Engine {
    fn default() -> Self {
        Self::new()
    }
}

impl Engine {
    pub fn new() -> Self {
        Self {
            document: RefCell::new(Arc::new(Analysis::new(0))),
            files: RefCell::default(),
            memo: RefCell::default(),
            recipes: recipe::Recipes::default(),
        }
    }

    /// Every operation of every bench, in registry order.
    pub fn operation_specs(&self) -> Vec<OperationSpec> {
        operations()
            .iter()
            .map(|operation| operation.spec())
            .collect()
    }

    pub fn set_document(&self, document: Arc<Analysis>) {
        *self.document.borrow_mut() = document;
        self.drop_unused();
    }

    /// The files of a source, in order.
    pub fn attach(&self, source: SourceId, files: Vec<Rc<dyn ByteSource>>) {
        self.files.borrow_mut().insert(source, files);
    }

    /// Answers one request.
    ///
    /// # Errors
    ///
    /// A [`Failure`] with a sentence for people. A failed or cancelled request changes nothing that was there before.
    pub async fn handle(&self, request: Request, host: &dyn TaskHost) -> Result<Response, Failure> {
        self.answer(request, host).await.map_err(failure)
    }

    async fn answer(&self, request: Request, host: &dyn TaskHost) -> Result<Response, TableError> {
        match request {
            Request::SetDocument(document) => {
                self.set_document(Arc::from(document));
                Ok(Response::Ok)
            }
            // Handles cannot be in the message: hosts that have files call `attach`.
            Request::Attach { .. } => Ok(Response::Ok),
            Request::Detach { source } => {
                self.files.borrow_mut().remove(&source);
                Ok(Response::Ok)
            }
            Request::Estimate { source } => {
                self.estimate(source, host).await.map(Response::Estimate)
            }
            Request::Evaluate { table } => {
                let evaluated = self.evaluate(table, host).await?;
                Ok(Response::Table(Box::new(describe::table_info(
                    table, &evaluated,
                ))))
            }
            Request::Profile {
                table,
                pills,
                level,
            } => self.profile(table, &pills, level, host).await,
            Request::Distributions {
                table,
                pills,
                columns,
            } => self.distributions(table, &pills, &columns, host).await,
            Request::Rows { table, window } => self.rows(table, &window, host).await,
            Request::Position {
                table,
                row,
                pills,
                sort,
            } => self
                .position(table, row, &pills, &sort, host)
                .await
                .map(Response::Position),
            Request::Cell { table, row, column } => {
                let evaluated = self.evaluate(table, host).await?;
                sluice_table::cells::cell_text(&evaluated.table, row, &column).map(Response::Cell)
            }
            Request::Issues {
                table,
                start,
                count,
            } => {
                let evaluated = self.evaluate(table, host).await?;
                Ok(describe::issues(&evaluated, start, count))
            }
            Request::Figure {
                kind,
                a,
                b,
                pills,
                selection,
                spec,
            } => {
                let request = figures::FigureRequest {
                    kind: &kind,
                    spec: &spec,
                };
                self.figure(request, a, b, &pills, &selection, host).await
            }
            Request::CountSelection {
                table,
                pills,
                selection,
            } => self
                .count_selection(table, &pills, &selection, host)
                .await
                .map(Response::Count),
            Request::Export {
                table,
                pills,
                selection,
                sort,
                columns,
                format,
            } => {
                let what = export::What {
                    pills,
                    selection,
                    sort,
                    columns,
                    format,
                };
                self.export(table, &what, host).await
            }
            Request::Identify { source } => {
                self.identify(source, host).await.map(Response::Identity)
            }
            Request::Recipe { table, query } => self.recipe(table, &query, host).await,
            Request::ReadRecipe { text } => recipe::read(&text),
            Request::KeyNumbers => self.key_numbers(host).await.map(Response::KeyNumbers),
            Request::Status => Ok(Response::Ok),
        }
    }
}
