//! Files and blobs as byte sources, read in ranges and never whole.

use std::ops::Range;

use js_sys::Uint8Array;
use sluice_analysis::SourceId;
use sluice_engine::{ByteSource, Chunk, LocalBoxFuture, TableError};
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

pub struct FileSource {
    name: String,
    file: File,
    source: SourceId,
    file_idx: usize,
}

impl FileSource {
    pub fn new(file: File, source: SourceId, file_idx: usize) -> Self {
        Self {
            name: file.name(),
            file,
            source,
            file_idx,
        }
    }
}

impl ByteSource for FileSource {
    fn name(&self) -> &str {
        &self.name
    }

    fn size_bytes(&self) -> u64 {
        // A JavaScript number: whole, and below 2^53.
        self.file.size() as u64
    }

    fn read(&self, range: Range<u64>) -> LocalBoxFuture<'_, Result<Vec<u8>, TableError>> {
        Box::pin(async move {
            read_range(&self.file, range)
                .await
                .map_err(|reason| TableError::Read {
                    file: self.name.clone(),
                    reason,
                })
        })
    }

    fn chunk(&self, range: Range<u64>) -> Option<Chunk> {
        Some(Chunk::FileRange {
            source: self.source,
            file_idx: self.file_idx,
            range,
        })
    }
}

/// The bytes of a range; fails when the file was changed, moved or deleted since it was chosen.
pub async fn read_range(file: &File, range: Range<u64>) -> Result<Vec<u8>, String> {
    let explain = |error: wasm_bindgen::JsValue| {
        format!("it may have been changed or moved since it was opened; open it again ({error:?})")
    };
    let blob = file
        .slice_with_f64_and_f64(range.start as f64, range.end as f64)
        .map_err(explain)?;
    let buffer = JsFuture::from(blob.array_buffer()).await.map_err(explain)?;
    Ok(Uint8Array::new(&buffer).to_vec())
}
