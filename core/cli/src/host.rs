//! Files, progress and threads for the engine.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, IsTerminal as _, Read as _, Seek as _, SeekFrom, Write as _};
use std::ops::Range;
use std::path::Path;
use std::rc::Rc;
use std::time::{Duration, Instant};

use sluice_engine::{ByteSource, Cancelled, Host, LocalBoxFuture, MemorySource, TableError};

use crate::Common;

/// Progress lines closer together than this only flicker.
const PROGRESS_EVERY: Duration = Duration::from_millis(100);

/// Memory that tables may take; the operating system swaps or refuses beyond it.
const BUDGET_BYTES: u64 = 64 << 30;

/// The terminal as a host.
pub struct TerminalHost {
    shows_progress: bool,
    last: Cell<Option<Instant>>,
}

impl TerminalHost {
    pub fn new(common: &Common) -> Self {
        Self {
            shows_progress: !common.quiet && io::stderr().is_terminal(),
            last: Cell::new(None),
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
