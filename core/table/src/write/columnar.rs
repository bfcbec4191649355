//! Parquet and Arrow IPC files, row group by row group.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use polars_arrow::io::ipc::write::default_ipc_fields;
use polars_core::prelude::{CompatLevel, DataFrame};
use polars_io::SerWriter;
use polars_io::ipc::{IpcCompression, IpcWriter};
use polars_io::parquet::write::{ParquetCompression, ParquetWriter};

use crate::error::TableError;
use crate::host::Host;
use crate::write::output::Output;
use crate::write::{Source, internal, slices};

/// Rows of a row group or record batch: small enough for short slices and for readers to skip by,
/// large enough for dictionaries and compression to pay.
const ROWS_PER_GROUP: usize = 128 * 1024;

/// Zstandard-compressed Parquet with statistics.
pub(super) async fn write_parquet(
    source: &Source<'_>,
    output: &mut Output<'_>,
    host: &dyn Host,
) -> Result<(), TableError> {
    let buffer = Buffer::default();
    let mut writer = ParquetWriter::new(buffer.clone())
        .with_compression(ParquetCompression::Zstd(None))
        .set_parallel(false)
        .batched(source.frame.schema())
        .map_err(internal)?;
    let write = &mut |frame: &DataFrame| writer.write_batch(frame).map_err(internal);
    write_groups(source, &buffer, write, output, host).await?;
    writer.finish().map_err(internal)?;
    output.write(&buffer.take())
}

/// An Arrow IPC file with Zstandard bodies and the types that the oldest readers know.
pub(super) async fn write_arrow(
    source: &Source<'_>,
    output: &mut Output<'_>,
    host: &dyn Host,
) -> Result<(), TableError> {
    let buffer = Buffer::default();
    let schema = source.frame.schema();
    let compat_level = CompatLevel::oldest();
    let arrow_fields: Vec<_> =
        schema.iter().map(|(name, dtype)| dtype.to_arrow_field(name.clone(), compat_level)).collect();
    let fields = default_ipc_fields(arrow_fields.iter());
    let mut writer = IpcWriter::new(buffer.clone())
        .with_compression(Some(IpcCompression::default()))
        .with_compat_level(compat_level)
        .with_parallel(false)
        .batched(schema, fields)
        .map_err(internal)?;
    let write = &mut |frame: &DataFrame| writer.write_batch(frame).map_err(internal);
    write_groups(source, &buffer, write, output, host).await?;
    writer.finish().map_err(internal)?;
    output.write(&buffer.take())
}

async fn write_groups(
    source: &Source<'_>,
    buffer: &Buffer,
    write: &mut dyn FnMut(&DataFrame) -> Result<(), TableError>,
    output: &mut Output<'_>,
    host: &dyn Host,
) -> Result<(), TableError> {
    for range in slices(source.n_rows(), ROWS_PER_GROUP) {
        host.progress("writing", range.start as u64, source.n_rows() as u64);
        write(&source.slice(range)?)?;
        output.write(&buffer.take())?;
        host.checkpoint().await?;
    }
    Ok(())
}

/// Bytes that a writer of polars has put out and that are not sent yet.
#[derive(Clone, Default)]
struct Buffer(Arc<Mutex<Vec<u8>>>);

impl Buffer {
    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
