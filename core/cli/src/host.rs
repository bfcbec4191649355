//! Files, progress and threads for the engine.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, IsTerminal as _, Read as _, Seek as _, SeekFrom, Write as _};
use std::ops::Range;
use std::path::Path;
use std::rc::Rc;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use sluice_engine::{
    ByteSource, Cancelled, Chunk, Host, Kernel, LocalBoxFuture, MemorySource, TableError,
};

use crate::Common;
use crate::threads::Threads;

/// Progress lines closer together than this only flicker.
const PROGRESS_EVERY: Duration = Duration::from_millis(100);

/// Memory that tables may take; the operating system swaps or refuses beyond it.
const BUDGET_BYTES: u64 = 64 << 30;

/// The terminal as a host.
pub struct TerminalHost {
    shows_progress: bool,
    last: Cell<Option<Instant>>,
    threads: Threads,
}

impl TerminalHost {
    pub fn new(common: &Common) -> Self {
        let n_cores = std::thread::available_parallelism().map_or(1, usize::from);
        let n_threads = if common.threads == 0 {
            n_cores
        } else {
            common.threads
        };
        Self {
            shows_progress: !common.quiet && io::stderr().is_terminal(),
            last: Cell::new(None),
            // This thread works too.
            threads: Threads::new(n_threads - 1),
        }
    }

    /// Shows nothing and works alone.
    pub fn quiet() -> Self {
        Self {
            shows_progress: false,
            last: Cell::new(None),
            threads: Threads::new(0),
        }
    }
}

impl Drop for TerminalHost {
    fn drop(&mut self) {
        if self.last.get().is_some() {
            eprint!("\r\x1b[K");
        }
    }
}

impl Host for TerminalHost {
    fn progress(&self, stage: &str, done: u64, total: u64) {
        if !self.shows_progress
            || self
                .last
                .get()
                .is_some_and(|last| last.elapsed() < PROGRESS_EVERY)
        {
            return;
        }
        self.last.set(Some(Instant::now()));
        match done.saturating_mul(100).checked_div(total) {
            Some(percent) => eprint!("\r\x1b[K{stage} {percent} %"),
            None => eprint!("\r\x1b[K{stage}"),
        }
        io::stderr().flush().ok();
    }

    fn checkpoint(&self) -> LocalBoxFuture<'_, Result<(), Cancelled>> {
        // Ctrl-C ends the process; there is nothing to save.
        Box::pin(async { Ok(()) })
    }

    fn memory_budget_bytes(&self) -> u64 {
        BUDGET_BYTES
    }

    fn clock(&self) -> Option<fn() -> f64> {
        Some(|| {
            static BEGAN: LazyLock<Instant> = LazyLock::new(Instant::now);
            BEGAN.elapsed().as_secs_f64()
        })
    }

    fn pool_width(&self) -> usize {
        self.threads.width()
    }

    fn submit(
        &self,
        kernel: Kernel,
        params: Rc<[u8]>,
        chunk: Chunk,
    ) -> LocalBoxFuture<'static, Result<Vec<u8>, TableError>> {
        self.threads.submit(kernel, params, chunk)
    }
}

/// A file read in ranges.
struct FileSource {
    name: String,
    size_bytes: u64,
    file: File,
}

impl ByteSource for FileSource {
    fn name(&self) -> &str {
        &self.name
    }

    fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    fn read(&self, range: Range<u64>) -> LocalBoxFuture<'_, Result<Vec<u8>, TableError>> {
        let result = read_range(
            &self.file,
            range.start.min(self.size_bytes)..range.end.min(self.size_bytes),
        )
        .map_err(|error| TableError::Read {
            file: self.name.clone(),
            reason: error.to_string(),
        });
        Box::pin(async move { result })
    }
}

fn read_range(mut file: &File, range: Range<u64>) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(range.start))?;
    let n_bytes = range.end.saturating_sub(range.start);
    let mut bytes = Vec::with_capacity(usize::try_from(n_bytes).unwrap_or(0));
    file.take(n_bytes).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Opens a file, or standard input for `-`.
pub fn open(path: &str) -> Result<Rc<dyn ByteSource>, TableError> {
    let unreadable = |error: io::Error| TableError::Read {
        file: path.to_owned(),
        reason: error.to_string(),
    };
    if path == "-" {
        let mut bytes = Vec::new();
        io::stdin()
            .lock()
            .read_to_end(&mut bytes)
            .map_err(unreadable)?;
        return Ok(Rc::new(MemorySource::new("standard input", bytes)));
    }
    let file = File::open(path).map_err(unreadable)?;
    let metadata = file.metadata().map_err(unreadable)?;
    if metadata.is_dir() {
        return Err(TableError::Read {
            file: path.to_owned(),
            reason: "it is a folder; name its files".to_owned(),
        });
    }
    let name = Path::new(path).file_name().map_or_else(
        || path.to_owned(),
        |name| name.to_string_lossy().into_owned(),
    );
    Ok(Rc::new(FileSource {
        name,
        size_bytes: metadata.len(),
        file,
    }))
}
