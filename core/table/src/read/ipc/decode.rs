//! Record batches to series, one column at a time.

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

use polars_arrow::datatypes::ArrowDataType;
use polars_arrow::io::ipc::IpcField;
use polars_arrow::io::ipc::read::{Dictionaries, FileMetadata, read_batch, read_dictionary_block};
use polars_arrow_format::ipc::{Block, MessageHeaderRef};
use polars_core::prelude::{DataType, PolarsError, Series};

use crate::error::TableError;
use crate::host::{ByteSource, Host};
use crate::read::columnar::keep_runs;
use crate::read::ipc::layout::{self, BufferSpan};
use crate::read::ipc::messages::{Contents, Message, message_of};
use crate::read::ipc::sparse::Sparse;

/// Why a message was not read.
pub(super) enum Bad {
    /// The load ends.
    Stop(TableError),
    /// The message is left out, for this reason.
    Batch(String),
}

impl From<TableError> for Bad {
    fn from(error: TableError) -> Self {
        Self::Stop(error)
    }
}

impl From<String> for Bad {
    fn from(reason: String) -> Self {
        Self::Batch(reason)
    }
}

/// Bodies up to this size are fetched in one request; of larger ones, a column at a time.
const BODY_BYTES_AT_ONCE: u64 = 16 << 20;

pub(super) struct Decoder<'a> {
    source: &'a dyn ByteSource,
    contents: &'a Contents,
    host: &'a dyn Host,
    dictionaries: Dictionaries,
}

impl<'a> Decoder<'a> {
    pub(super) fn new(
        source: &'a dyn ByteSource,
        contents: &'a Contents,
        host: &'a dyn Host,
    ) -> Self {
        Self {
            source,
            contents,
            host,
            dictionaries: Dictionaries::default(),
        }
    }

    /// Reads a dictionary for the batches after it.
    pub(super) async fn dictionary(&mut self, message: &Message) -> Result<(), Bad> {
        let head = self.head(message).await?;
        let (id, is_compressed, spans) = {
            let header = message_of(&head)?
                .header()
                .map_err(|error| error.to_string())?;
            let Some(MessageHeaderRef::DictionaryBatch(dictionary)) = header else {
                return Err(Bad::Batch("it is no dictionary".to_owned()));
            };
            let id = dictionary.id().map_err(|error| error.to_string())?;
            let values = self
                .dictionary_values(id)
                .ok_or_else(|| "it belongs to no column".to_owned())?;
            let batch = dictionary.data().map_err(|error| error.to_string())?;
            let batch = batch.ok_or_else(|| "it is empty".to_owned())?;
            let is_compressed = batch
                .compression()
                .map_err(|error| error.to_string())?
                .is_some();
            let spans = layout::columns(&batch, std::iter::once(values), message.n_body_bytes)?;
            (id, is_compressed, spans)
        };
        let body = self.body(message, 0..message.n_body_bytes).await?;
        let reader = Sparse {
            head: &head,
            body: &body,
            body_start: 0,
            at: 0,
        };
        if is_compressed {
            spans
                .iter()
                .flatten()
                .try_for_each(|span| reader.check_packed(span))?;
        }
        let dictionaries = &mut self.dictionaries;
        let read = || {
            read_dictionary_block(
                &mut { reader },
                &self.contents.metadata,
                &block(message),
                true,
                dictionaries,
                &mut Vec::new(),
                &mut Vec::new(),
                Default::default(),
            )
        };
        // What panics in spite of the checks costs a dictionary here; in wasm, where panics abort, the worker.
        let result = catch_unwind(AssertUnwindSafe(read)).map_err(|_| gave_up())?;
        result.map_err(|error| Bad::Batch(format!("dictionary {id}: {error}")))?;
        Ok(self.host.checkpoint().await.map_err(TableError::from)?)
    }

    /// Reads `runs` of rows of a record batch: one series for each of `field_idxs`.
    pub(super) async fn batch(
        &self,
        message: &Message,
        field_idxs: &[usize],
        runs: &[Range<usize>],
    ) -> Result<Vec<Series>, Bad> {
        let head = self.head(message).await?;
        let (is_compressed, spans) = self.layout(&head, message)?;
        let whole = match message.n_body_bytes <= BODY_BYTES_AT_ONCE {
            true => Some(self.body(message, 0..message.n_body_bytes).await?),
            false => None,
        };
        let metadata = FileMetadata {
            blocks: vec![block(message)],
            ..self.contents.metadata.clone()
        };
        let mut columns = Vec::with_capacity(field_idxs.len());
        for together in fields_together(field_idxs, &spans) {
            let of_fields = || {
                together
                    .iter()
                    .filter_map(|&field_idx| spans.get(field_idx))
                    .flatten()
            };
            let range = extent(of_fields());
            let (fetched, body_start) = match &whole {
                Some(_) => (None, 0),
                None => (Some(self.body(message, range.clone()).await?), range.start),
            };
            let body = fetched
                .as_ref()
                .or(whole.as_ref())
                .map(Vec::as_slice)
                .unwrap_or_default();
            let reader = Sparse {
                head: &head,
                body,
                body_start,
                at: 0,
            };
            if is_compressed {
                of_fields().try_for_each(|span| reader.check_packed(span))?;
            }
            for series in self.columns(reader, &metadata, together)? {
                columns
                    .push(keep_runs(&series, runs).map_err(|error| Bad::Batch(error.to_string()))?);
            }
            self.host.checkpoint().await.map_err(TableError::from)?;
        }
        Ok(columns)
    }

    /// Memory that each of `field_idxs` of a batch will take.
    ///
    /// # Errors
    ///
    /// From the source. A batch that cannot be read takes nothing.
    pub(super) async fn first_batch_bytes(
        &self,
        message: &Message,
        field_idxs: &[usize],
    ) -> Result<Vec<(usize, u64)>, TableError> {
        let head = match self.head(message).await {
            Ok(head) => head,
            Err(Bad::Stop(error)) => return Err(error),
            Err(Bad::Batch(_)) => return Ok(Vec::new()),
        };
        let Ok((is_compressed, spans)) = self.layout(&head, message) else {
            return Ok(Vec::new());
        };
        let mut sizes = Vec::with_capacity(field_idxs.len());
        for &field_idx in field_idxs {
            let mut n_bytes: u64 = 0;
            for span in spans.get(field_idx).into_iter().flatten() {
                let n_packed = span.bytes.end - span.bytes.start;
                let mut inflation = 1.0;
                if is_compressed && span.is_of_unknown_size() && n_packed > 8 {
                    let prefix = self
                        .body(message, span.bytes.start..span.bytes.start + 8)
                        .await;
                    if let Ok(&[a, b, c, d, e, f, g, h]) = prefix.as_deref() {
                        let n_unpacked = i64::from_le_bytes([a, b, c, d, e, f, g, h]);
                        inflation = (n_unpacked as f64 / n_packed as f64).max(1.0);
                    }
                }
                n_bytes = n_bytes.saturating_add(span.memory_bytes(inflation));
            }
            sizes.push((field_idx, n_bytes));
        }
        Ok(sizes)
    }

    fn layout(
        &self,
        head: &[u8],
        message: &Message,
    ) -> Result<(bool, Vec<Vec<BufferSpan>>), String> {
        let header = message_of(head)?
            .header()
            .map_err(|error| error.to_string())?;
        let Some(MessageHeaderRef::RecordBatch(batch)) = header else {
            return Err("it is no record batch".to_owned());
        };
        let is_compressed = batch
            .compression()
            .map_err(|error| error.to_string())?
            .is_some();
        let dtypes = self
            .contents
            .metadata
            .schema
            .iter_values()
            .map(|field| &field.dtype);
        Ok((
            is_compressed,
            layout::columns(&batch, dtypes, message.n_body_bytes)?,
        ))
    }

    fn columns(
        &self,
        reader: Sparse<'_>,
        metadata: &FileMetadata,
        field_idxs: &[usize],
    ) -> Result<Vec<Series>, String> {
        let fields = field_idxs
            .iter()
            .map(|&field_idx| {
                let field = self
                    .contents
                    .fields
                    .get(field_idx)
                    .ok_or("it lacks a field")?;
                field.decoded.as_ref().map_err(Clone::clone)
            })
            .collect::<Result<Vec<_>, String>>()?;
        let read = || {
            let batch = read_batch(
                &mut { reader },
                &self.dictionaries,
                metadata,
                Some(field_idxs),
                None,
                0,
                true,
                &mut Vec::new(),
                &mut Vec::new(),
                Default::default(),
            )?;
            fields
                .into_iter()
                .zip(batch.into_arrays())
                .map(Series::try_from)
                .collect()
        };
        let result: Result<Vec<Series>, PolarsError> =
            catch_unwind(AssertUnwindSafe(read)).map_err(|_| gave_up())?;
        let series = result.map_err(|error| error.to_string())?;
        if series.len() == field_idxs.len() {
            Ok(series)
        } else {
            Err("it lacks a column".to_owned())
        }
    }

    async fn head(&self, message: &Message) -> Result<Vec<u8>, Bad> {
        self.exactly(message.start..message.start + message.n_head_bytes)
            .await
    }

    async fn body(&self, message: &Message, range: Range<u64>) -> Result<Vec<u8>, Bad> {
        let start = message.start + message.n_head_bytes;
        self.exactly(start + range.start..start + range.end).await
    }

    async fn exactly(&self, range: Range<u64>) -> Result<Vec<u8>, Bad> {
        let n_bytes = range.end - range.start;
        let bytes = self.source.read(range).await?;
        if bytes.len() as u64 == n_bytes {
            Ok(bytes)
        } else {
            Err(Bad::Batch(
                "the file became shorter while it was read".to_owned(),
            ))
        }
    }

    /// The type of the values of dictionary `id`.
    fn dictionary_values(&self, id: i64) -> Option<&ArrowDataType> {
        fn find<'a>(
            id: i64,
            dtype: &'a ArrowDataType,
            field: &IpcField,
        ) -> Option<&'a ArrowDataType> {
            use ArrowDataType as D;
            match dtype {
                D::Dictionary(_, values, _) if field.dictionary_id == Some(id) => Some(values),
                D::List(items)
                | D::LargeList(items)
                | D::FixedSizeList(items, _)
                | D::Map(items, _) => find(id, &items.dtype, field.fields.first()?),
                D::Struct(inner) => inner
                    .iter()
                    .zip(&field.fields)
                    .find_map(|(inner, field)| find(id, &inner.dtype, field)),
                _ => None,
            }
        }
        let metadata = &self.contents.metadata;
        let fields = metadata
            .schema
            .iter_values()
            .zip(&metadata.ipc_schema.fields);
        fields
            .into_iter()
            .find_map(|(field, ipc)| find(id, &field.dtype, ipc))
    }
}

/// The columns of a table without rows.
pub(super) fn empty(contents: &Contents, field_idxs: &[usize]) -> Vec<Series> {
    field_idxs
        .iter()
        .filter_map(|&field_idx| contents.fields.get(field_idx)?.decoded.as_ref().ok())
        .map(|field| {
            Series::new_empty(
                field.name.clone(),
                &DataType::from_arrow_dtype(&field.dtype),
            )
        })
        .collect()
}

#[cold]
fn gave_up() -> String {
    "the decoder gave up on damaged data".to_owned()
}

/// The message as the first thing in its reader.
fn block(message: &Message) -> Block {
    Block {
        offset: 0,
        meta_data_length: message.n_head_bytes as i32,
        body_length: message.n_body_bytes as i64,
    }
}

fn extent<'a>(spans: impl Iterator<Item = &'a BufferSpan>) -> Range<u64> {
    let all = spans.fold(
        Range {
            start: u64::MAX,
            end: 0,
        },
        |all, span| all.start.min(span.bytes.start)..all.end.max(span.bytes.end),
    );
    all.start.min(all.end)..all.end
}

/// Bytes of the columns that are decoded between two checkpoints, unless a single column has more.
const BYTES_TOGETHER: u64 = 2 << 20;

/// Cuts `field_idxs` into runs: every call of the decoder walks all fields, so a call per column would be quadratic.
fn fields_together<'a>(field_idxs: &'a [usize], spans: &[Vec<BufferSpan>]) -> Vec<&'a [usize]> {
    let n_bytes = |field_idx: usize| -> u64 {
        spans
            .get(field_idx)
            .into_iter()
            .flatten()
            .map(|span| span.bytes.end - span.bytes.start)
            .sum()
    };
    let mut runs = Vec::new();
    let (mut start, mut n_together) = (0, 0);
    for (at, &field_idx) in field_idxs.iter().enumerate() {
        let n_field = n_bytes(field_idx);
        if at > start && n_together + n_field > BYTES_TOGETHER {
            runs.push(&field_idxs[start..at]);
            (start, n_together) = (at, 0);
        }
        n_together += n_field;
    }
    if start < field_idxs.len() {
        runs.push(&field_idxs[start..]);
    }
    runs
}
