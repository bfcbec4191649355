//! What a host (browser worker, command line, test) provides to the code that works on tables.

use std::future::Future;
use std::ops::Range;
use std::pin::Pin;
use std::rc::Rc;

use sluice_analysis::SourceId;

use crate::error::TableError;

/// A boxed future that stays on its thread.
pub type LocalBoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Random-access bytes: a file, a blob, a buffer.
pub trait ByteSource {
    /// File name, for format guesses and messages.
    fn name(&self) -> &str;

    fn size_bytes(&self) -> u64;

    /// Reads exactly `range`, clipped to the size.
    fn read(&self, range: Range<u64>) -> LocalBoxFuture<'_, Result<Vec<u8>, TableError>>;

    /// The range as a chunk that pool workers read by themselves, where the host has such handles.
    fn chunk(&self, _range: Range<u64>) -> Option<Chunk> {
        None
    }
}

/// Bytes in memory as a source.
pub struct MemorySource {
    pub name: String,
    pub bytes: Rc<[u8]>,
}

impl MemorySource {
    pub fn new(name: impl Into<String>, bytes: impl Into<Rc<[u8]>>) -> Self {
        Self {
            name: name.into(),
            bytes: bytes.into(),
        }
    }
}

impl ByteSource for MemorySource {
    fn name(&self) -> &str {
        &self.name
    }

    fn size_bytes(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn read(&self, range: Range<u64>) -> LocalBoxFuture<'_, Result<Vec<u8>, TableError>> {
        let size = self.bytes.len() as u64;
        // Both ends are at most the length of a slice, so they fit usize.
        let (start, end) = (range.start.min(size) as usize, range.end.min(size) as usize);
        let bytes = self.bytes.get(start..end).unwrap_or_default().to_vec();
        Box::pin(async move { Ok(bytes) })
    }
}

/// The person, or a newer request, does not want the result any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancelled;

/// Input of a kernel: bytes, or a range of a source's file that a pool worker can read by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chunk {
    Bytes(Vec<u8>),
    FileRange {
        source: SourceId,
        file_idx: usize,
        range: Range<u64>,
    },
}

/// Parameter bytes and chunk bytes in, result bytes out.
pub type KernelRun = fn(&[u8], &[u8]) -> Result<Vec<u8>, TableError>;

/// A computation that can run in another worker: closures cannot cross, so it is registered by name.
#[derive(Clone, Copy)]
pub struct Kernel {
    pub name: &'static str,
    pub run: KernelRun,
}

/// What the running task may ask of its surroundings.
pub trait Host {
    /// Says how far the task is. `total` 0 means unknown.
    fn progress(&self, stage: &str, done: u64, total: u64);

    /// Lets other messages in; drivers await it between slices of at most 20 ms.
    fn checkpoint(&self) -> LocalBoxFuture<'_, Result<(), Cancelled>>;

    /// What a table may take in memory, in bytes.
    fn memory_budget_bytes(&self) -> u64;

    /// Seconds from some moment on, where the host wants to know what operators cost; asking costs time itself.
    fn clock(&self) -> Option<fn() -> f64> {
        None
    }

    /// Workers that [`Host::submit`] can use; 0 means that work runs in place.
    fn pool_width(&self) -> usize {
        0
    }

    /// Workers for computing that outweighs copying its data twice, as reading a file does not.
    fn compute_width(&self) -> usize {
        self.pool_width()
    }

    /// Starts a kernel on a chunk now; the future yields its result.
    fn submit(
        &self,
        kernel: Kernel,
        params: Rc<[u8]>,
        chunk: Chunk,
    ) -> LocalBoxFuture<'static, Result<Vec<u8>, TableError>> {
        let result = match chunk {
            Chunk::Bytes(bytes) => (kernel.run)(&params, &bytes),
            Chunk::FileRange { .. } => Err(TableError::NoPool),
        };
        Box::pin(async move { result })
    }
}

/// A host for tests and simple tools: never cancels, reports nothing.
pub struct PlainHost;

impl Host for PlainHost {
    fn progress(&self, _stage: &str, _done: u64, _total: u64) {}

    fn checkpoint(&self) -> LocalBoxFuture<'_, Result<(), Cancelled>> {
        Box::pin(async { Ok(()) })
    }

    fn memory_budget_bytes(&self) -> u64 {
        2 << 30
    }
}
