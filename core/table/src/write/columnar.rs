//! Parquet, page by page, and Arrow IPC files, record batch by record batch.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use polars_arrow::datatypes::ArrowSchema;
use polars_arrow::io::ipc::write::default_ipc_fields;
use polars_core::prelude::CompatLevel;
use polars_io::SerWriter;
use polars_io::ipc::{IpcCompression, IpcWriter};
use polars_io::parquet::write::{ParquetCompression, ParquetWriter, get_encodings};
use polars_parquet::write::{
    CompressionOptions, StatisticsOptions, Version, WriteOptions, array_to_columns, compress,
};

use crate::error::TableError;
use crate::host::Host;
use crate::write::output::Output;
use crate::write::{Source, internal, slices};

/// Rows of a row group: enough for dictionaries and compression to pay, few enough for readers to skip by.
const ROWS_PER_GROUP: usize = 128 * 1024;
/// Values of a record batch, which is written without a checkpoint inside.
const VALUES_PER_BATCH: usize = 512 * 1024;
const ROWS_PER_BATCH_MIN: usize = 4 * 1024;

/// Zstandard-compressed Parquet with statistics, page by page.
pub(super) async fn write_parquet(
    source: &Source<'_>,
    output: &mut Output<'_>,
    host: &dyn Host,
) -> Result<(), TableError> {
    let buffer = Buffer::default();
    let compression = CompressionOptions::Zstd(None);
    let options = WriteOptions {
        statistics: StatisticsOptions::default(),
        compression,
        version: Version::V1,
        data_page_size: None,
    };
    let schema = source.frame.schema();
    let arrow_schema: ArrowSchema = schema
        .iter()
        .map(|(name, dtype)| {
            (
                name.clone(),
                dtype.to_arrow_field(name.clone(), CompatLevel::newest()),
            )
        })
        .collect();
    let encodings = get_encodings(&arrow_schema);
    let mut writer = ParquetWriter::new(buffer.clone())
        .with_compression(ParquetCompression::Zstd(None))
        .set_parallel(false)
        .batched(schema)
        .map_err(internal)?;
    let types = writer.parquet_schema().fields().to_vec();
    for range in slices(source.n_rows(), ROWS_PER_GROUP) {
        host.progress("writing", range.start as u64, source.n_rows() as u64);
        let n_rows = range.len() as u64;
        let frame = source.slice(range)?;
        let mut group = Vec::new();
        for ((column, parquet_type), encoding) in
            frame.columns().iter().zip(&types).zip(&*encodings)
        {
            let array = column
                .as_materialized_series()
                .to_arrow(0, CompatLevel::newest());
            let leaves = array_to_columns(array, parquet_type.clone(), options, encoding)
                .map_err(internal)?;
            for leaf in leaves {
                let mut pages = Vec::new();
                for page in leaf {
                    let page = compress(page.map_err(internal)?, Vec::new(), compression);
                    pages.push(page.map_err(|error| internal(error.into()))?);
                    host.checkpoint().await?;
                }
                group.push(pages);
            }
        }
        writer.write_row_group(n_rows, &group).map_err(internal)?;
        output.write(&buffer.take())?;
    }
    writer.finish().map_err(internal)?;
    output.write(&buffer.take())
}

/// An Arrow IPC file with LZ4 bodies and the types that the oldest readers know.
pub(super) async fn write_arrow(
    source: &Source<'_>,
    output: &mut Output<'_>,
    host: &dyn Host,
) -> Result<(), TableError> {
    let buffer = Buffer::default();
    let schema = source.frame.schema();
    let compat_level = CompatLevel::oldest();
    let arrow_fields: Vec<_> = schema
        .iter()
        .map(|(name, dtype)| dtype.to_arrow_field(name.clone(), compat_level))
        .collect();
    let mut writer = IpcWriter::new(buffer.clone())
        .with_compression(Some(IpcCompression::LZ4))
        .with_compat_level(compat_level)
        .with_parallel(false)
        .batched(schema, default_ipc_fields(arrow_fields.iter()))
        .map_err(internal)?;
    let rows_per_batch =
        (VALUES_PER_BATCH / source.frame.width().max(1)).clamp(ROWS_PER_BATCH_MIN, ROWS_PER_GROUP);
    for range in slices(source.n_rows(), rows_per_batch) {
        host.progress("writing", range.start as u64, source.n_rows() as u64);
        writer
            .write_batch(&source.slice(range)?)
            .map_err(internal)?;
        output.write(&buffer.take())?;
        host.checkpoint().await?;
    }
    writer.finish().map_err(internal)?;
    output.write(&buffer.take())
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
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
