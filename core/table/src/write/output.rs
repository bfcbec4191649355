//! Where written bytes go: through compression, to the sink in pieces worth sending.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::error::TableError;

/// Pieces smaller than this are held back, so that a big export is not a million messages.
const PIECE_BYTES: usize = 1 << 20;

pub(super) struct Output<'a> {
    sink: &'a mut dyn FnMut(Vec<u8>),
    stage: Stage,
    bytes: u64,
}

enum Stage {
    Plain(Vec<u8>),
    Gzip(Box<GzEncoder<Vec<u8>>>),
}

impl<'a> Output<'a> {
    pub(super) fn new(sink: &'a mut dyn FnMut(Vec<u8>), gzip: bool) -> Self {
        let stage = match gzip {
            // The encoder writes no file name and no time: equal tables give equal bytes.
            true => Stage::Gzip(Box::new(GzEncoder::new(Vec::new(), Compression::default()))),
            false => Stage::Plain(Vec::new()),
        };
        Self {
            sink,
            stage,
            bytes: 0,
        }
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), TableError> {
        let ready = match &mut self.stage {
            Stage::Plain(ready) => {
                ready.extend_from_slice(bytes);
                ready
            }
            Stage::Gzip(encoder) => {
                encoder.write_all(bytes).map_err(failed)?;
                encoder.get_mut()
            }
        };
        if ready.len() >= PIECE_BYTES {
            self.bytes += ready.len() as u64;
            (self.sink)(std::mem::take(ready));
        }
        Ok(())
    }

    /// Sends the rest; gives the number of bytes sent in all.
    pub(super) fn finish(self) -> Result<u64, TableError> {
        let rest = match self.stage {
            Stage::Plain(rest) => rest,
            Stage::Gzip(encoder) => encoder.finish().map_err(failed)?,
        };
        let bytes = self.bytes + rest.len() as u64;
        if !rest.is_empty() {
            (self.sink)(rest);
        }
        Ok(bytes)
    }
}

#[cold]
fn failed(error: std::io::Error) -> TableError {
    TableError::Internal {
        context: "compressing",
        reason: error.to_string(),
    }
}
