//! From files to tables: what is it, what would it cost, read it.
//!
//! [`load`] never stops at a bad value: what can be read is kept, and what cannot is an issue that says where.
//! It stops ([`TableError`]) when there is no table to keep.
//!
//! **Invariant.** The table, the guesses and the issues depend on the bytes and the options alone,
//! never on the size of the slices, the order in which pool workers answer, or the number of workers.

mod block;
mod column;
mod columnar;
mod csv;
mod encoding;
mod fuzz;
mod ipc;
mod json;
mod lines;
mod names;
mod options;
mod parquet;
mod report;
mod sample;
mod sniff;
#[cfg(test)]
mod testing;
mod union;
mod unpack;
mod values;
mod xlsx;
mod zip_size;

use std::rc::Rc;

use sluice_analysis::Params;
use sluice_protocol::load::{Guess, LoadEstimate};

use crate::error::TableError;
use crate::host::{ByteSource, Host, Kernel};
use crate::load::Loaded;

pub use fuzz::{fuzz_one, load_bytes};
pub use options::Format;
pub(crate) use options::LoadOptions;

/// What a file is taken for, before it is read.
#[derive(Clone, Debug, PartialEq)]
pub struct Sniffed {
    pub format: Format,
    /// Every decision with its reason; each can be overridden by the load option of the same name.
    pub guesses: Vec<Guess>,
}

/// Loads one table from one or more files.
///
/// Several files are stacked in the order given; they must have the same columns (in any order) of types that widen
/// into one another. No column is added; the issues and the guesses say which file they are of.
///
/// `options` holds overrides by the names of the guesses, and `columns`, `skip_rows`, `sample_share`, `types`.
///
/// # Errors
///
/// [`TableError::Param`] for an option that does not exist or does not fit; [`TableError::Format`] if the content is
/// not of the format; [`TableError::TooLarge`] if not even a sample fits the host's budget;
/// [`TableError::Cancelled`]; [`TableError::Read`] from the source.
pub async fn load(
    sources: &[Rc<dyn ByteSource>],
    options: &Params,
    host: &dyn Host,
) -> Result<Loaded, TableError> {
    let options = LoadOptions::from_params(options)?;
    match sources {
        [] => Err(TableError::Inputs {
            op: "load".to_owned(),
            expected: "at least 1".to_owned(),
            got: 0,
        }),
        [source] => load_one(&**source, &options, host).await,
        sources => union::load_many(sources, &options, host).await,
    }
}

/// What loading one file would cost, from its first bytes or its footer.
///
/// # Errors
///
/// As [`load`].
pub async fn estimate(
    source: &dyn ByteSource,
    options: &Params,
    host: &dyn Host,
) -> Result<LoadEstimate, TableError> {
    let options = LoadOptions::from_params(options)?;
    estimate_one(source, &options, host).await
}

/// Decides what a file is: by content first, by name second.
///
/// # Errors
///
/// [`TableError::Format`] if it is none of the formats; otherwise as [`load`].
pub async fn sniff(source: &dyn ByteSource, options: &Params) -> Result<Sniffed, TableError> {
    let options = LoadOptions::from_params(options)?;
    let head = sniff::head(source, &options).await?;
    let mut guesses = head.guesses.clone();
    if head.format == Format::Csv {
        guesses.extend(csv::sniff(source, &head, &options).await?);
    }
    Ok(Sniffed {
        format: head.format,
        guesses,
    })
}

/// The kernels that pool workers can be asked to run.
pub fn kernels() -> Vec<Kernel> {
    vec![csv::SLICE_KERNEL]
}

async fn estimate_one(
    source: &dyn ByteSource,
    options: &LoadOptions,
    host: &dyn Host,
) -> Result<LoadEstimate, TableError> {
    let head = sniff::head(source, options).await?;
    match head.format {
        Format::Csv => csv::estimate(source, &head, options, host).await,
        Format::Json | Format::Jsonl => json::estimate(source, &head, options, host).await,
        Format::Lines => lines::estimate(source, &head, options, host).await,
        Format::Xlsx => xlsx::estimate(source, &head, options, host).await,
        Format::Parquet => parquet::estimate_parquet(source, options, host).await,
        Format::Ipc => ipc::estimate_ipc(source, options, host).await,
    }
}

/// Loads one file.
async fn load_one(
    source: &dyn ByteSource,
    options: &LoadOptions,
    host: &dyn Host,
) -> Result<Loaded, TableError> {
    let head = sniff::head(source, options).await?;
    match head.format {
        Format::Csv => csv::load(source, head, options, host).await,
        Format::Json | Format::Jsonl => json::load(source, head, options, host).await,
        Format::Lines => lines::load(source, head, options, host).await,
        Format::Xlsx => xlsx::load(source, head, options, host).await,
        Format::Parquet => parquet::load_parquet(source, options, host).await,
        Format::Ipc => ipc::load_ipc(source, options, host).await,
    }
}
