//! A message as a reader that holds only the bytes which are read.

use std::io::{self, Read, Seek, SeekFrom};

use crate::read::ipc::layout::BufferSpan;

/// A message of which a part of the body is at hand.
pub(super) struct Sparse<'a> {
    pub(super) head: &'a [u8],
    pub(super) body: &'a [u8],
    /// Where `body` begins in the whole body.
    pub(super) body_start: u64,
    /// Read position in the message.
    pub(super) at: u64,
}

impl Sparse<'_> {
    /// Checks the length that a compressed buffer begins with.
    pub(super) fn check_packed(&self, span: &BufferSpan) -> Result<(), String> {
        let start = span.bytes.start.saturating_sub(self.body_start) as usize;
        let end =
            (span.bytes.end.saturating_sub(self.body_start) as usize).min(start.saturating_add(8));
        span.check_packed(self.body.get(start..end).unwrap_or_default())
    }
}

impl Read for Sparse<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let n_head_bytes = self.head.len() as u64;
        let rest = match self.at.checked_sub(n_head_bytes) {
            None => self.head.get(self.at as usize..),
            Some(at) => at
                .checked_sub(self.body_start)
                .and_then(|at| self.body.get(at as usize..)),
        };
        let rest = rest.unwrap_or_default();
        let n_bytes = rest.len().min(out.len());
        out[..n_bytes].copy_from_slice(&rest[..n_bytes]);
        self.at += n_bytes as u64;
        Ok(n_bytes)
    }
}

impl Seek for Sparse<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
            SeekFrom::End(_) => None,
        };
        self.at = at.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}
