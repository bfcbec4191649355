//! One entry for fuzzers and for the corpus of malformed files.

use std::future::Future;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use sluice_analysis::{Params, Value};

use crate::error::TableError;
use crate::host::{ByteSource, Host, LocalBoxFuture, MemorySource};
use crate::load::Loaded;
use crate::read;

/// Reads `bytes` in the way that its first byte chooses: by content, or as each format that content would not reach.
/// Any answer is fine; a panic, or an endless loop, is not.
pub fn fuzz_one(bytes: &[u8]) {
    let Some((choice, content)) = bytes.split_first() else {
        return;
    };
    let format = match choice % 8 {
        0..=2 => None,
        3 => Some("csv"),
        4 => Some("json"),
        5 => Some("jsonl"),
        6 => Some("lines"),
        _ => Some("xlsx"),
    };
    let options: Params = format
        .map(|format| ("format".to_owned(), Value::from(format)))
        .into_iter()
        .collect();
    drop(load_bytes("input", content, &options));
}

/// Loads bytes under a small budget, without a runtime: in memory nothing ever waits.
///
/// # Errors
///
/// As [`read::load`].
pub fn load_bytes(name: &str, bytes: &[u8], options: &Params) -> Result<Loaded, TableError> {
    let source: Rc<dyn ByteSource> = Rc::new(MemorySource::new(name, bytes));
    let sources = [source];
    let mut load = pin!(read::load(&sources, options, &SmallHost));
    match load.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(loaded) => loaded,
        Poll::Pending => Err(TableError::Internal {
            context: "loading bytes in memory",
            reason: "it waited for something".to_owned(),
        }),
    }
}

/// A host whose budget is small enough for a fuzzer's memory limit.
struct SmallHost;

impl Host for SmallHost {
    fn progress(&self, _stage: &str, _done: u64, _total: u64) {}

    fn checkpoint(&self) -> LocalBoxFuture<'_, Result<(), crate::host::Cancelled>> {
        Box::pin(async { Ok(()) })
    }

    fn memory_budget_bytes(&self) -> u64 {
        256 << 20
    }
}
