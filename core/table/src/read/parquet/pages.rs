//! Pages of a column chunk: fetched in windows, unpacked, checked, and written out again unpacked.
//!
//! The library decodes what comes out of here. It takes lengths and levels at their word and would panic,
//! which ends a worker; so pages are checked first, and a bad one is an error.

use std::ops::Range;

use polars_parquet::parquet::compression::{Compression, DecompressionContext, decompress};
use polars_parquet::parquet::metadata::{ColumnChunkMetadata, Descriptor};
use polars_parquet_format::thrift::protocol::{TCompactInputProtocol, TCompactOutputProtocol};
use polars_parquet_format::{PageHeader, PageType};

use crate::error::TableError;
use crate::host::ByteSource;
use crate::read::parquet::check::{Levels, PageCheck, check_dictionary};

/// Why a column chunk was not read.
pub(super) enum Bad {
    /// The load ends.
    Stop(TableError),
    /// The row group is left out, for this reason.
    Chunk(String),
}

impl From<TableError> for Bad {
    fn from(error: TableError) -> Self {
        Self::Stop(error)
    }
}

impl From<String> for Bad {
    fn from(reason: String) -> Self {
        Self::Chunk(reason)
    }
}

/// Bytes fetched at a time: few requests, and little to hold.
const WINDOW_BYTES: u64 = 4 << 20;
/// Headers carry statistics, which can be long texts.
const HEADER_BYTES_MAX: usize = 1 << 20;
const HEADER_BYTES_USUAL: usize = 1024;
/// Some old writers understate a chunk's size by up to the header of its dictionary (PARQUET-816).
const CHUNK_SLACK_BYTES: u64 = 100;
/// Unpacked bytes of one page. Writers aim at 1 MB.
const PAGE_BYTES_MAX: usize = 256 << 20;
/// Unpacked bytes per packed byte: beyond what run-length data in any of the codecs reaches in practice.
const INFLATION_MAX: usize = 20_000;

/// The pages of one column chunk.
pub(super) struct Pages<'a> {
    source: &'a dyn ByteSource,
    descriptor: &'a Descriptor,
    compression: Compression,
    context: DecompressionContext,
    /// What is left of the chunk, in the file.
    rest: Range<u64>,
    window: Vec<u8>,
    /// Read position in `window`.
    at: usize,
    n_values_left: i64,
    n_dictionary: Option<usize>,
    is_first: bool,
}

/// A data page that has not been unpacked.
pub(super) struct Packed {
    header: PageHeader,
    n_body_bytes: usize,
    pub(super) n_values: usize,
}

/// Pages with plain bodies and rewritten headers, as one chunk for the library.
#[derive(Default)]
pub(super) struct Unpacked {
    pub(super) bytes: Vec<u8>,
    pub(super) n_values: usize,
    /// Rows that begin in these pages.
    pub(super) n_rows: usize,
    /// Whether the first value begins a row.
    pub(super) starts_row: bool,
}

impl Unpacked {
    pub(super) fn append(&mut self, next: &Self) {
        self.bytes.extend_from_slice(&next.bytes);
        self.n_values += next.n_values;
        self.n_rows += next.n_rows;
    }
}

impl<'a> Pages<'a> {
    pub(super) fn new(
        source: &'a dyn ByteSource,
        chunk: &'a ColumnChunkMetadata,
        data_end: u64,
    ) -> Result<Self, Bad> {
        let data_start = chunk.data_page_offset() as u64;
        // Writers without a dictionary put no offset, or 0.
        let start = match chunk.dictionary_page_offset().map(|offset| offset as u64) {
            Some(offset) if 0 < offset && offset < data_start => offset,
            _ => data_start,
        };
        let end = start.saturating_add(chunk.compressed_size() as u64);
        if start < 4 || end > data_end {
            return Err(Bad::Chunk(format!(
                "it should be at bytes {start} to {end}, outside the file's data"
            )));
        }
        Ok(Self {
            source,
            descriptor: &chunk.descriptor().descriptor,
            compression: chunk.compression(),
            context: DecompressionContext::Unset,
            rest: start..end.saturating_add(CHUNK_SLACK_BYTES).min(data_end),
            window: Vec::new(),
            at: 0,
            n_values_left: chunk.num_values(),
            n_dictionary: None,
            is_first: true,
        })
    }

    /// Reads the dictionary page, if the chunk begins with one, into an otherwise empty chunk.
    pub(super) async fn dictionary(&mut self) -> Result<Unpacked, Bad> {
        let mut unpacked = Unpacked::default();
        if self.n_values_left == 0 {
            return Ok(unpacked);
        }
        let (header, n_header_bytes) = self.header().await?;
        let Some(dictionary) = header
            .dictionary_page_header
            .as_ref()
            .filter(|_| header.type_ == PageType::DICTIONARY_PAGE)
        else {
            return Ok(unpacked);
        };
        let n_values =
            usize::try_from(dictionary.num_values).map_err(|_| wrong("dictionary size"))?;
        self.at += n_header_bytes;
        let n_body_bytes = size(header.compressed_page_size)?;
        self.fetch(n_body_bytes).await?;
        let body = self.unpack(&header, n_body_bytes, 0)?;
        check_dictionary(&body, n_values, self.descriptor)?;
        self.n_dictionary = Some(n_values);
        write_page(&mut unpacked.bytes, header, &body)?;
        Ok(unpacked)
    }

    /// The next data page's header; its body is still to be taken or skipped.
    pub(super) async fn next(&mut self) -> Result<Option<Packed>, Bad> {
        while self.n_values_left > 0 {
            let (header, n_header_bytes) = self.header().await?;
            self.at += n_header_bytes;
            let n_body_bytes = size(header.compressed_page_size)?;
            let n_values = match header.type_ {
                PageType::DATA_PAGE => header.data_page_header.as_ref().map(|page| page.num_values),
                PageType::DATA_PAGE_V2 => header
                    .data_page_header_v2
                    .as_ref()
                    .map(|page| page.num_values),
                // Index pages and page types of the future carry no values.
                PageType::DICTIONARY_PAGE => {
                    return Err(Bad::Chunk("it has a second dictionary".to_owned()));
                }
                _ => {
                    self.skip_bytes(n_body_bytes).await?;
                    continue;
                }
            };
            let n_values = n_values.filter(|n| 0 <= *n && i64::from(*n) <= self.n_values_left);
            let n_values = n_values.ok_or_else(|| wrong("number of values"))?;
            self.n_values_left -= i64::from(n_values);
            return Ok(Some(Packed {
                header,
                n_body_bytes,
                n_values: n_values as usize,
            }));
        }
        Ok(None)
    }

    /// Unpacks and checks the page that [`Pages::next`] gave.
    ///
    /// `levels` get those of the page.
    pub(super) async fn take(
        &mut self,
        page: Packed,
        levels: Option<&mut Levels>,
    ) -> Result<Unpacked, Bad> {
        self.fetch(page.n_body_bytes).await?;
        let n_level_bytes = match &page.header.data_page_header_v2 {
            Some(v2) if page.header.type_ == PageType::DATA_PAGE_V2 => {
                size(v2.definition_levels_byte_length)?
                    .saturating_add(size(v2.repetition_levels_byte_length)?)
            }
            _ => 0,
        };
        let mut body = self.unpack(&page.header, page.n_body_bytes, n_level_bytes)?;
        let check = PageCheck {
            descriptor: self.descriptor,
            n_dictionary: self.n_dictionary,
        };
        let rows = check.check(&page.header, &mut body, page.n_values, levels)?;
        if self.is_first && !rows.starts_row {
            return Err(Bad::Chunk("it begins in the middle of a row".to_owned()));
        }
        self.is_first = false;
        let mut unpacked = Unpacked {
            bytes: Vec::new(),
            n_values: page.n_values,
            n_rows: rows.n_rows,
            starts_row: rows.starts_row,
        };
        write_page(&mut unpacked.bytes, page.header, &body)?;
        Ok(unpacked)
    }

    /// Passes over the page that [`Pages::next`] gave.
    pub(super) async fn skip(&mut self, page: &Packed) -> Result<(), Bad> {
        self.is_first = false;
        self.skip_bytes(page.n_body_bytes).await
    }

    /// Parses the header at the read position; gives its length.
    async fn header(&mut self) -> Result<(PageHeader, usize), Bad> {
        let mut n_wanted = HEADER_BYTES_USUAL;
        loop {
            let n_left = (self.window.len() - self.at) as u64 + (self.rest.end - self.rest.start);
            let n_bytes = (n_wanted as u64).min(n_left) as usize;
            self.fetch(n_bytes).await?;
            let bytes = self.window.get(self.at..).unwrap_or_default();
            let mut reader = bytes;
            let mut protocol = TCompactInputProtocol::new(&mut reader, HEADER_BYTES_MAX);
            match PageHeader::read_from_in_protocol(&mut protocol) {
                Ok(header) => return Ok((header, bytes.len() - reader.len())),
                Err(_) if (n_bytes as u64) < n_left && n_wanted < HEADER_BYTES_MAX => {
                    n_wanted *= 16
                }
                Err(error) => {
                    return Err(Bad::Chunk(format!("a page header is damaged ({error})")));
                }
            }
        }
    }

    /// Makes `n_bytes` available from the read position on.
    async fn fetch(&mut self, n_bytes: usize) -> Result<(), Bad> {
        let n_ready = self.window.len() - self.at;
        if n_ready >= n_bytes {
            return Ok(());
        }
        let n_missing = (n_bytes - n_ready) as u64;
        if n_missing > self.rest.end - self.rest.start {
            return Err(Bad::Chunk("a page is longer than its column".to_owned()));
        }
        let end = self
            .rest
            .end
            .min(self.rest.start + n_missing.max(WINDOW_BYTES));
        let fetched = self.source.read(self.rest.start..end).await?;
        if fetched.len() as u64 != end - self.rest.start {
            return Err(Bad::Chunk(
                "the file became shorter while it was read".to_owned(),
            ));
        }
        self.rest.start = end;
        if n_ready == 0 {
            self.window = fetched;
        } else {
            self.window.drain(..self.at);
            self.window.extend_from_slice(&fetched);
        }
        self.at = 0;
        Ok(())
    }

    async fn skip_bytes(&mut self, n_bytes: usize) -> Result<(), Bad> {
        let n_ready = self.window.len() - self.at;
        if n_bytes <= n_ready {
            self.at += n_bytes;
            return Ok(());
        }
        let n_beyond = (n_bytes - n_ready) as u64;
        if n_beyond > self.rest.end - self.rest.start {
            return Err(Bad::Chunk("a page is longer than its column".to_owned()));
        }
        // What is skipped need not be fetched.
        self.rest.start += n_beyond;
        self.window.clear();
        self.at = 0;
        Ok(())
    }

    /// Takes `n_body_bytes` from the window, of which the first `n_level_bytes` are not packed.
    fn unpack(
        &mut self,
        header: &PageHeader,
        n_body_bytes: usize,
        n_level_bytes: usize,
    ) -> Result<Vec<u8>, Bad> {
        let n_unpacked = size(header.uncompressed_page_size)?;
        let body = self
            .window
            .get(self.at..self.at + n_body_bytes)
            .ok_or_else(|| wrong("page size"))?;
        self.at += n_body_bytes;
        let is_packed = self.compression != Compression::Uncompressed
            && header
                .data_page_header_v2
                .as_ref()
                .and_then(|v2| v2.is_compressed)
                .unwrap_or(true);
        if !is_packed {
            return Ok(body.to_vec());
        }
        if n_unpacked > PAGE_BYTES_MAX
            || n_unpacked / INFLATION_MAX > n_body_bytes
            || n_level_bytes > n_body_bytes.min(n_unpacked)
        {
            return Err(wrong("page size"));
        }
        let mut unpacked = vec![0; n_unpacked];
        let (levels, packed) = body.split_at(n_level_bytes);
        unpacked[..n_level_bytes].copy_from_slice(levels);
        // Pages of nulls only have no values to unpack.
        if n_unpacked > n_level_bytes && !packed.is_empty() {
            decompress(
                self.compression,
                packed,
                &mut unpacked[n_level_bytes..],
                &mut self.context,
            )
            .map_err(|error| Bad::Chunk(format!("a page does not unpack ({error})")))?;
        }
        Ok(unpacked)
    }
}

fn write_page(out: &mut Vec<u8>, mut header: PageHeader, body: &[u8]) -> Result<(), Bad> {
    let n_bytes = i32::try_from(body.len()).map_err(|_| wrong("page size"))?;
    header.compressed_page_size = n_bytes;
    header.uncompressed_page_size = n_bytes;
    header.crc = None;
    if let Some(page) = &mut header.data_page_header {
        page.statistics = None;
    }
    if let Some(page) = &mut header.data_page_header_v2 {
        page.statistics = None;
        page.is_compressed = Some(false);
    }
    header
        .write_to_out_protocol(&mut TCompactOutputProtocol::new(&mut *out))
        .map_err(|error| Bad::Chunk(error.to_string()))?;
    out.extend_from_slice(body);
    Ok(())
}

fn size(bytes: i32) -> Result<usize, Bad> {
    usize::try_from(bytes).map_err(|_| wrong("page size"))
}

#[cold]
fn wrong(what: &str) -> Bad {
    Bad::Chunk(format!("a page header has an impossible {what}"))
}
