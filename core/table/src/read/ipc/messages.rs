//! Where the messages of a file or stream are.

use polars_arrow::datatypes::{ArrowSchema, Field as ArrowField};
use polars_arrow::io::ipc::read::{FileMetadata, deserialize_footer, read_stream_metadata};
use polars_arrow_format::ipc::planus::ReadAsRoot;
use polars_arrow_format::ipc::{Block, MessageHeaderRef, MessageRef};
use sluice_protocol::load::LoadIssue;

use crate::error::TableError;
use crate::host::{ByteSource, Host};
use crate::read::columnar::readable;
use crate::read::report::issue;

/// What a file holds.
pub(super) struct Contents {
    /// The schema as it is decoded; `blocks` and `dictionaries` are not used.
    pub(super) metadata: FileMetadata,
    pub(super) fields: Vec<FileField>,
    /// In the order in which they must be read.
    pub(super) messages: Vec<Message>,
    pub(super) issues: Vec<LoadIssue>,
    /// Why it is Arrow IPC.
    pub(super) reason: &'static str,
}

impl Contents {
    pub(super) fn batches(&self) -> impl Iterator<Item = usize> {
        self.messages
            .iter()
            .filter_map(|message| match message.kind {
                Kind::Batch { n_rows } => Some(n_rows),
                Kind::Dictionary => None,
            })
    }

    pub(super) fn n_rows(&self) -> u64 {
        self.batches().map(|n_rows| n_rows as u64).sum()
    }
}

/// A top-level field of the schema.
pub(super) struct FileField {
    pub(super) name: String,
    /// As it is decoded, or why it cannot be.
    pub(super) decoded: Result<ArrowField, String>,
}

/// A dictionary or record batch: its description, then its body.
#[derive(Clone, Copy, Debug)]
pub(super) struct Message {
    pub(super) kind: Kind,
    /// In the file.
    pub(super) start: u64,
    /// Of the description, its length prefix included.
    pub(super) n_head_bytes: u64,
    pub(super) n_body_bytes: u64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    Dictionary,
    Batch { n_rows: usize },
}

const MAGIC: &[u8] = b"ARROW1";
/// The magic number and two bytes of padding.
const FILE_HEAD_BYTES: u64 = 8;
/// Length of the footer and the closing magic number.
const FILE_TAIL_BYTES: u64 = 10;
const CONTINUATION: [u8; 4] = [0xff; 4];
/// Most descriptions are smaller, so that one read is enough.
const HEAD_READ_BYTES: u64 = 16 * 1024;
/// Descriptions of tables with tens of thousands of columns stay below.
const HEAD_BYTES_MAX: u64 = 64 << 20;
/// Descriptions read between two checkpoints.
const HEADS_PER_SLICE: usize = 256;

#[cold]
pub(super) fn damaged(file: &str, reason: String) -> TableError {
    TableError::Format {
        file: file.to_owned(),
        format: "Arrow IPC",
        reason,
    }
}

/// Finds the messages.
///
/// # Errors
///
/// [`TableError::Format`] says what is damaged and what to do; [`TableError::Read`]; [`TableError::Cancelled`].
pub(super) async fn read(source: &dyn ByteSource, host: &dyn Host) -> Result<Contents, TableError> {
    let head = source.read(0..FILE_HEAD_BYTES).await?;
    if head.starts_with(b"FEA1") {
        let reason =
            "it is Feather version 1, which is outdated; write it again as version 2 or as Parquet";
        return Err(damaged(source.name(), reason.to_owned()));
    }
    if !head.starts_with(MAGIC) {
        return stream(
            source,
            0,
            "begins with an Arrow schema message",
            Vec::new(),
            host,
        )
        .await;
    }
    match footer(source).await? {
        Ok(metadata) => file(source, metadata, host).await,
        Err(reason) => {
            let reason = format!(
                "the index at its end is damaged ({reason}); it was read from the front instead"
            );
            let issues = vec![issue(source.name(), None, None, reason)];
            stream(source, FILE_HEAD_BYTES, "begins with ARROW1", issues, host).await
        }
    }
}

async fn footer(source: &dyn ByteSource) -> Result<Result<FileMetadata, String>, TableError> {
    let size = source.size_bytes();
    let tail = source
        .read(size.saturating_sub(FILE_TAIL_BYTES)..size)
        .await?;
    let [a, b, c, d, magic @ ..] = tail.as_slice() else {
        return Ok(Err("it is cut off".to_owned()));
    };
    let length = u64::from(u32::from_le_bytes([*a, *b, *c, *d]));
    let start = (size - FILE_TAIL_BYTES.min(size)).checked_sub(length);
    let Some(start) = start.filter(|_| magic == MAGIC && length <= HEAD_BYTES_MAX) else {
        return Ok(Err("it is cut off".to_owned()));
    };
    let footer = source.read(start..start + length).await?;
    Ok(deserialize_footer(&footer, size).map_err(|error| error.to_string()))
}

async fn file(
    source: &dyn ByteSource,
    metadata: FileMetadata,
    host: &dyn Host,
) -> Result<Contents, TableError> {
    let mut issues = Vec::new();
    let mut messages = Vec::new();
    let dictionaries = metadata.dictionaries.iter().flatten();
    for (block_idx, block) in dictionaries.chain(&metadata.blocks).enumerate() {
        if block_idx % HEADS_PER_SLICE == 0 {
            host.checkpoint().await?;
        }
        match message_of_block(source, block).await? {
            Ok(message) => messages.push(message),
            Err(reason) => {
                let reason = format!(
                    "block {} of its index was left out: {reason}",
                    block_idx + 1
                );
                issues.push(issue(source.name(), None, None, reason));
            }
        }
    }
    contents(source, metadata, messages, issues, "begins with ARROW1")
}

async fn message_of_block(
    source: &dyn ByteSource,
    block: &Block,
) -> Result<Result<Message, String>, TableError> {
    let (Ok(start), Ok(n_head_bytes), Ok(n_body_bytes)) = (
        u64::try_from(block.offset),
        u64::try_from(block.meta_data_length),
        u64::try_from(block.body_length),
    ) else {
        return Ok(Err("impossible sizes".to_owned()));
    };
    Ok(match message_at(source, start).await? {
        Ok(Some(message))
            if message.n_body_bytes == n_body_bytes && message.n_head_bytes == n_head_bytes =>
        {
            Ok(message)
        }
        Ok(_) => Err("the index does not fit it".to_owned()),
        Err(reason) => Err(reason),
    })
}

async fn stream(
    source: &dyn ByteSource,
    start: u64,
    reason: &'static str,
    mut issues: Vec<LoadIssue>,
    host: &dyn Host,
) -> Result<Contents, TableError> {
    let broken = |reason: String| {
        damaged(
            source.name(),
            format!("its schema is damaged ({reason}); copy or download it again"),
        )
    };
    let head = head_at(source, start)
        .await?
        .map_err(broken)?
        .ok_or_else(|| broken("it is empty".to_owned()))?;
    let schema =
        read_stream_metadata(&mut head.as_slice()).map_err(|error| broken(error.to_string()))?;
    let metadata = FileMetadata {
        schema: schema.schema.into(),
        custom_schema_metadata: None,
        ipc_schema: schema.ipc_schema,
        blocks: Vec::new(),
        dictionaries: None,
        size: source.size_bytes(),
    };
    let mut messages = Vec::new();
    let mut at = start + head.len() as u64;
    loop {
        if messages.len() % HEADS_PER_SLICE == 0 {
            host.checkpoint().await?;
        }
        match message_at(source, at).await? {
            Ok(Some(message)) => {
                at = message.start + message.n_head_bytes + message.n_body_bytes;
                messages.push(message);
            }
            Ok(None) => break,
            // Behind the messages of a file comes its footer, which is no message.
            Err(_) if start > 0 => break,
            Err(reason) => {
                let reason = format!("nothing was read from byte {at} on: {reason}");
                issues.push(issue(source.name(), None, None, reason));
                break;
            }
        }
    }
    contents(source, metadata, messages, issues, reason)
}

fn contents(
    source: &dyn ByteSource,
    mut metadata: FileMetadata,
    messages: Vec<Message>,
    issues: Vec<LoadIssue>,
    reason: &'static str,
) -> Result<Contents, TableError> {
    let refuse = |reason: &str| Err(damaged(source.name(), reason.to_owned()));
    if !metadata.ipc_schema.is_little_endian {
        return refuse("its numbers are big-endian; write it again on another machine");
    }
    if metadata.ipc_schema.fields.len() != metadata.schema.len() {
        return refuse("two of its columns have the same name; rename one");
    }
    let fields: Vec<FileField> = metadata
        .schema
        .iter()
        .map(|(name, field)| FileField {
            name: name.to_string(),
            decoded: readable(&field.dtype)
                .map(|dtype| ArrowField::new(name.clone(), dtype, field.is_nullable)),
        })
        .collect();
    let schema: ArrowSchema = metadata
        .schema
        .iter_values()
        .zip(&fields)
        .map(|(field, read)| {
            (
                field.name.clone(),
                read.decoded.as_ref().unwrap_or(field).clone(),
            )
        })
        .collect();
    metadata.schema = schema.into();
    // The messages say it; these would be copied for each of them.
    metadata.blocks = Vec::new();
    metadata.dictionaries = None;
    Ok(Contents {
        metadata,
        fields,
        messages,
        issues,
        reason,
    })
}

/// The message that begins at `start`; `None` at the end of the stream.
async fn message_at(
    source: &dyn ByteSource,
    start: u64,
) -> Result<Result<Option<Message>, String>, TableError> {
    let head = match head_at(source, start).await? {
        Ok(Some(head)) => head,
        Ok(None) => return Ok(Ok(None)),
        Err(reason) => return Ok(Err(reason)),
    };
    Ok(describe(&head, start).and_then(|message| {
        let end = message
            .n_body_bytes
            .checked_add(start + message.n_head_bytes);
        match end {
            Some(end) if end <= source.size_bytes() => Ok(Some(message)),
            _ => Err("the file ends in the middle of it".to_owned()),
        }
    }))
}

fn describe(head: &[u8], start: u64) -> Result<Message, String> {
    let words = |error: polars_arrow_format::ipc::planus::Error| {
        format!("its description is damaged ({error})")
    };
    let message = message_of(head)?;
    let n_body_bytes = message.body_length().map_err(words)?;
    let n_body_bytes = u64::try_from(n_body_bytes).map_err(|_| "a negative length".to_owned())?;
    let kind = match message.header().map_err(words)? {
        Some(MessageHeaderRef::DictionaryBatch(_)) => Kind::Dictionary,
        Some(MessageHeaderRef::RecordBatch(batch)) => {
            let n_rows = batch.length().map_err(words)?;
            let n_rows =
                u32::try_from(n_rows).map_err(|_| format!("a record batch of {n_rows} rows"))?;
            Kind::Batch {
                n_rows: n_rows as usize,
            }
        }
        _ => return Err("it is neither a dictionary nor a record batch".to_owned()),
    };
    Ok(Message {
        kind,
        start,
        n_head_bytes: head.len() as u64,
        n_body_bytes,
    })
}

/// The description in a message's head.
pub(super) fn message_of(head: &[u8]) -> Result<MessageRef<'_>, String> {
    let prefix = if head.starts_with(&CONTINUATION) {
        8
    } else {
        4
    };
    MessageRef::read_as_root(head.get(prefix..).unwrap_or_default())
        .map_err(|error| format!("its description is damaged ({error})"))
}

/// The description of the message at `start`, with its length prefix; `None` at the end of the stream.
async fn head_at(
    source: &dyn ByteSource,
    start: u64,
) -> Result<Result<Option<Vec<u8>>, String>, TableError> {
    let mut head = source
        .read(start..start.saturating_add(HEAD_READ_BYTES))
        .await?;
    let (prefix, length) = match head.as_slice() {
        [] => return Ok(Ok(None)),
        [0xff, 0xff, 0xff, 0xff, a, b, c, d, ..] => (8, [*a, *b, *c, *d]),
        // Before Arrow 0.15 there was no continuation marker.
        [a, b, c, d, ..] if head.len() >= 8 => (4, [*a, *b, *c, *d]),
        _ => return Ok(Err("the file ends in the middle of it".to_owned())),
    };
    let length = u64::from(u32::from_le_bytes(length));
    if length == 0 {
        return Ok(Ok(None));
    }
    let n_bytes = prefix + length;
    if length > HEAD_BYTES_MAX || start.saturating_add(n_bytes) > source.size_bytes() {
        return Ok(Err(format!("its description claims {length} bytes")));
    }
    if (head.len() as u64) < n_bytes {
        head = source.read(start..start + n_bytes).await?;
    }
    head.truncate(n_bytes as usize);
    Ok(Ok(Some(head)))
}
