//! The bytes of a source in blocks: read, unpacked, decoded to UTF-8, and thinned out where a sample is wanted.

use futures_util::future::poll_immediate;

use crate::error::TableError;
use crate::host::{ByteSource, Host, LocalBoxFuture};
use crate::read::encoding::Transcoder;
use crate::read::options::Compression;
use crate::read::unpack::Unpacker;

/// Bytes read from a source at a time: one `Blob.slice`.
pub(crate) const READ_BYTES: u64 = 4 << 20;

/// Packed bytes unpacked between two checkpoints; deflate yields at most about a thousand times as much, and the
/// unpackers stop at their limits within it.
const PACKED_STEP_BYTES: usize = 64 << 10;

/// A piece of the text of a source.
pub(crate) struct Block {
    /// In the source's own encoding if that is UTF-8, else converted to it.
    pub(crate) bytes: Vec<u8>,
    /// It does not continue the block before, so that its first record may be cut.
    pub(crate) is_apart: bool,
    /// The input ends here: its last record is whole even without a line end.
    pub(crate) is_last: bool,
}

/// Which part of a source is read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Part {
    All,
    /// Evenly spaced slices of `slice_bytes`, one in `every`.
    Slices {
        slice_bytes: u64,
        every: u64,
    },
}

impl Part {
    /// A part of about `share` of `size_bytes`, spread over at least 64 slices where there is enough for that.
    pub(crate) fn of_share(share: f64, size_bytes: u64) -> Self {
        if share >= 1.0 {
            return Self::All;
        }
        let every = (1.0 / share).round().max(2.0) as u64;
        // A multiple of four, so that no slice starts within a code unit of UTF-16 or UTF-32.
        let slice_bytes = (size_bytes / (64 * every)).clamp(64 << 10, READ_BYTES) & !3;
        Self::Slices { slice_bytes, every }
    }
}

/// Reads a source's text from its beginning to its end.
pub(crate) struct Blocks<'a> {
    source: &'a dyn ByteSource,
    part: Part,
    /// Bytes to read at a time.
    read_bytes: u64,
    /// Where the next read starts in the source.
    next_at: u64,
    /// The read after the present one, already begun: the source works while the text is parsed.
    ahead: Option<LocalBoxFuture<'a, Result<Vec<u8>, TableError>>>,
    unpacker: Unpacker,
    transcoder: Transcoder,
    /// Unpacked bytes that belong to no finished block.
    pending: Vec<u8>,
    /// Of a packed source: unpacked bytes before `pending`.
    unpacked_before: u64,
    /// Bytes of the source that went into blocks, or unpacked bytes for a packed one.
    n_kept_bytes: u64,
    is_done: bool,
    last_block_end: Option<u64>,
    /// Why the source ended before its end, if it did.
    pub(crate) broken_off: Option<String>,
}

impl<'a> Blocks<'a> {
    pub(crate) fn new(
        source: &'a dyn ByteSource,
        compression: Compression,
        transcoder: Transcoder,
        part: Part,
        read_bytes: u64,
    ) -> Self {
        Self {
            source,
            part,
            read_bytes: read_bytes.max(1),
            next_at: 0,
            ahead: None,
            unpacker: Unpacker::new(compression),
            transcoder,
            pending: Vec::new(),
            unpacked_before: 0,
            n_kept_bytes: 0,
            is_done: false,
            last_block_end: None,
            broken_off: None,
        }
    }

    /// Bytes of the source consumed so far, for progress.
    pub(crate) fn n_source_bytes_done(&self) -> u64 {
        self.next_at.min(self.source.size_bytes())
    }

    /// Share of the bytes that went into blocks, once all was read.
    pub(crate) fn share(&self) -> f64 {
        let total = if self.unpacker.is_plain() {
            self.source.size_bytes()
        } else {
            self.unpacked_before + self.pending.len() as u64
        };
        if total == 0 {
            1.0
        } else {
            (self.n_kept_bytes as f64 / total as f64).min(1.0)
        }
    }

    /// U+FFFD that stand for bytes which the encoding does not know.
    pub(crate) fn n_replaced(&self) -> u64 {
        self.transcoder.n_replaced()
    }

    /// The next block; `None` after the last.
    ///
    /// # Errors
    ///
    /// From the source, on cancel, and [`TableError::Unpacked`] where a packed source grows beyond measure at once;
    /// one that does so after good data ends there, with `broken_off` set.
    pub(crate) async fn next(&mut self, host: &dyn Host) -> Result<Option<Block>, TableError> {
        if self.is_done {
            return Ok(None);
        }
        if self.unpacker.is_plain() {
            self.next_plain().await.map(Some)
        } else {
            self.next_packed(host).await.map(Some)
        }
    }

    async fn next_plain(&mut self) -> Result<Block, TableError> {
        let size = self.source.size_bytes();
        let (start, end, after) = self.range_from(self.next_at);
        let mut bytes = match self.ahead.take() {
            Some(begun) => begun.await?,
            None => self.source.read(start..end).await?,
        };
        if (bytes.len() as u64) < end - start {
            // A file that shrank while it was read; what was there is kept.
            self.broken_off = Some("the file ended earlier than its size says".to_owned());
            self.is_done = true;
        }
        self.n_kept_bytes += bytes.len() as u64;
        self.next_at = after.min(size);
        self.is_done |= after >= size;
        if !self.is_done {
            let (start, end, _) = self.range_from(self.next_at);
            let mut ahead = self.source.read(start..end);
            // A read begins when it is first polled.
            self.ahead = Some(match poll_immediate(&mut ahead).await {
                Some(ready) => Box::pin(async { ready }),
                None => ahead,
            });
        }
        let is_apart = start != 0 && self.last_block_end != Some(start);
        self.last_block_end = Some(end);
        self.transcoder
            .convert(&mut bytes, is_apart, self.is_done || is_gap(&self.part));
        Ok(Block {
            bytes,
            is_apart,
            is_last: end >= size,
        })
    }

    /// Start and end of the block of a plain source at `start`, and where the one after it starts.
    fn range_from(&self, start: u64) -> (u64, u64, u64) {
        let size = self.source.size_bytes();
        match self.part {
            Part::All => {
                let end = start.saturating_add(self.read_bytes).min(size);
                (start, end, end)
            }
            Part::Slices { slice_bytes, every } => {
                let end = start.saturating_add(slice_bytes).min(size);
                let after = start.saturating_add(slice_bytes.saturating_mul(every));
                (start, end, after)
            }
        }
    }

    async fn next_packed(&mut self, host: &dyn Host) -> Result<Block, TableError> {
        loop {
            let wanted = match self.part {
                Part::All => self.read_bytes,
                Part::Slices { slice_bytes, .. } => slice_bytes,
            };
            if self.pending.len() as u64 >= wanted || self.unpacker.is_done() {
                let take = self
                    .pending
                    .len()
                    .min(usize::try_from(wanted).unwrap_or(usize::MAX));
                let is_end = self.unpacker.is_done() && take == self.pending.len();
                let rest = self.pending.split_off(take);
                let mut bytes = std::mem::replace(&mut self.pending, rest);
                let start = self.unpacked_before;
                self.unpacked_before += take as u64;
                let is_kept = match self.part {
                    Part::All => true,
                    Part::Slices { slice_bytes, every } => {
                        (start / slice_bytes).is_multiple_of(every)
                    }
                };
                if !is_kept && !is_end {
                    continue;
                }
                if !is_kept {
                    bytes.clear();
                }
                self.n_kept_bytes += bytes.len() as u64;
                let is_apart = start != 0 && self.last_block_end != Some(start);
                self.last_block_end = is_kept.then_some(self.unpacked_before);
                self.is_done = is_end;
                self.transcoder
                    .convert(&mut bytes, is_apart, is_end || is_gap(&self.part));
                return Ok(Block {
                    bytes,
                    is_apart,
                    is_last: is_end && is_kept,
                });
            }
            self.unpack_more(host).await?;
        }
    }

    async fn unpack_more(&mut self, host: &dyn Host) -> Result<(), TableError> {
        let size = self.source.size_bytes();
        let end = self.next_at.saturating_add(self.read_bytes).min(size);
        let packed = self.source.read(self.next_at..end).await?;
        self.next_at = end;
        for step in packed.chunks(PACKED_STEP_BYTES) {
            self.unpacker.push(step, &mut self.pending);
            host.checkpoint().await?;
            if self.unpacker.is_done() {
                break;
            }
        }
        if end >= size || packed.is_empty() {
            self.unpacker.finish(&mut self.pending);
        }
        if let Some(reason) = self.unpacker.failure() {
            if self.pending.is_empty() && self.unpacked_before == 0 {
                return Err(self.unpacker.error(self.source.name()));
            }
            self.broken_off = Some(reason.to_owned());
        }
        Ok(())
    }
}

/// Whether blocks of this part are followed by a gap, at which a decoder must not wait for the rest of a character.
fn is_gap(part: &Part) -> bool {
    *part != Part::All
}
