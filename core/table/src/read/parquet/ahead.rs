//! Small row groups, read in one request.

use std::ops::Range;

use polars_parquet::parquet::metadata::RowGroupMetadata;

use crate::error::TableError;
use crate::host::{ByteSource, LocalBoxFuture};
use crate::read::parquet::footer::Footer;

/// A source of which one range, where all wanted columns of a row group are, has been read in one request.
pub(super) struct Ahead<'a> {
    source: &'a dyn ByteSource,
    start: u64,
    bytes: Vec<u8>,
}

/// Row groups of this size are read at once: a request per column would take longer than the reading.
const AHEAD_BYTES: u64 = 8 << 20;

impl<'a> Ahead<'a> {
    /// Reads the range, if the wanted columns fill most of it.
    pub(super) async fn read(
        source: &'a dyn ByteSource,
        footer: &Footer,
        group: &RowGroupMetadata,
        part_idxs: &[usize],
    ) -> Result<Self, TableError> {
        let parts = part_idxs
            .iter()
            .filter_map(|&part_idx| footer.parts.get(part_idx));
        let mut all = Range {
            start: u64::MAX,
            end: 0,
        };
        let mut n_wanted: u64 = 0;
        for part in parts {
            for chunk in group
                .parquet_columns()
                .get(part.leaves.clone())
                .unwrap_or_default()
            {
                let range = chunk.byte_range();
                all = all.start.min(range.start)..all.end.max(range.end);
                n_wanted = n_wanted.saturating_add(range.end - range.start);
            }
        }
        // Between the wanted columns there may be others.
        let is_dense = all.start < all.end
            && all.end - all.start <= AHEAD_BYTES.min(n_wanted.saturating_mul(2));
        let bytes = if is_dense {
            source.read(all.clone()).await?
        } else {
            Vec::new()
        };
        Ok(Self {
            source,
            start: all.start,
            bytes,
        })
    }
}

impl ByteSource for Ahead<'_> {
    fn name(&self) -> &str {
        self.source.name()
    }

    fn size_bytes(&self) -> u64 {
        self.source.size_bytes()
    }

    fn read(&self, range: Range<u64>) -> LocalBoxFuture<'_, Result<Vec<u8>, TableError>> {
        let start = range
            .start
            .checked_sub(self.start)
            .map(|start| start as usize);
        let end = start.map(|start| start.saturating_add((range.end - range.start) as usize));
        let ready = start
            .zip(end)
            .and_then(|(start, end)| self.bytes.get(start..end));
        match ready {
            Some(bytes) => {
                let bytes = bytes.to_vec();
                Box::pin(async move { Ok(bytes) })
            }
            None => self.source.read(range),
        }
    }
}
