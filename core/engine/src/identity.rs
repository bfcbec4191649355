//! Content hashes of files, so that a link can say whether a file is the same.

use std::sync::Arc;

use sluice_analysis::{FileIdentity, SourceId};
use sluice_table::{ByteSource, TableError};

use crate::{Engine, TaskHost};

/// Bytes at each end that the quick identity covers.
const HEAD_TAIL_BYTES: u64 = 64 << 10;
/// Bytes hashed between checkpoints: about 5 ms of blake3.
const SLICE_BYTES: u64 = 2 << 20;

impl Engine {
    pub(crate) async fn identify(
        &self,
        id: SourceId,
        host: &dyn TaskHost,
    ) -> Result<Vec<FileIdentity>, TableError> {
        let document = Arc::clone(&self.document.borrow());
        let source = document.source(id).ok_or_else(|| TableError::FileMissing {
            name: format!("source {}", id.0),
        })?;
        let mut identities = Vec::new();
        for file in self.files_of(source)? {
            identities.push(identify_file(&*file, host).await?);
        }
        Ok(identities)
    }
}

async fn identify_file(
    file: &dyn ByteSource,
    host: &dyn TaskHost,
) -> Result<FileIdentity, TableError> {
    let size = file.size_bytes();
    let mut ends = blake3::Hasher::new();
    ends.update(&file.read(0..HEAD_TAIL_BYTES.min(size)).await?);
    ends.update(
        &file
            .read(size.saturating_sub(HEAD_TAIL_BYTES)..size)
            .await?,
    );
    let mut whole = blake3::Hasher::new();
    let mut at = 0;
    while at < size {
        let end = (at + SLICE_BYTES).min(size);
        whole.update(&file.read(at..end).await?);
        at = end;
        host.progress(&format!("hashing {}", file.name()), at, size);
        host.checkpoint().await?;
    }
    Ok(FileIdentity {
        name: file.name().to_owned(),
        size_bytes: size,
        head_tail_blake3: Some(ends.finalize().to_hex().to_string()),
        blake3: Some(whole.finalize().to_hex().to_string()),
    })
}
