//! Tables: sniffing, loading, profiling, steps, export. The only crate that knows polars.
//!
//! Nothing here knows a browser, a clock, a thread or a file path: hosts pass in [`ByteSource`]s and a [`Host`].
//! Drivers are async and await [`Host::checkpoint`] between slices; kernels are plain functions over one slice.

#![forbid(unsafe_code)]

pub mod cells;
mod column;
mod error;
pub mod expr;
pub mod host;
pub mod load;
pub mod operation;
pub mod profile;
pub mod read;
pub mod registry;
mod render;
pub mod steps;
mod table;
mod texts;
pub mod view;
pub mod write;

pub use column::{F64Column, I64Column, Numbers, OwnedColumn};
pub use error::TableError;
pub use host::{ByteSource, Cancelled, Host, LocalBoxFuture};
pub use load::Loaded;
pub use operation::{Operation, Outcome, RunContext};
pub use table::Table;
pub use texts::TextColumn;
