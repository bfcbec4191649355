//! Gzip and Zstandard, pushed in pieces and bounded.
//!
//! A stream that ends early or breaks keeps what it gave; [`Unpacker::failure`] says why it ended.

use std::io::{self, Read, Write as _};

use flate2::write::MultiGzDecoder;
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use crate::error::TableError;
use crate::read::options::Compression;

/// Below this many unpacked bytes no ratio is suspicious: a small file of equal rows packs extremely well.
const FREE_BYTES: u64 = 64 << 20;
/// Text packs 3 to 20 times, columns of equal values up to about 100 times.
const RATIO_MAX: u64 = 200;
/// No source unpacks to more than this.
const TOTAL_MAX_BYTES: u64 = 64 << 30;
/// A Zstandard window larger than this is refused; `zstd --long=26` still reads.
const WINDOW_MAX_BYTES: u64 = 64 << 20;
/// Largest Zstandard block with its header, and the largest frame header with a skippable frame's.
const ZSTD_STEP_BYTES: usize = (128 << 10) + 64;

/// A decompressor that takes packed bytes as they come.
pub(crate) struct Unpacker {
    kind: Kind,
    n_packed: u64,
    n_unpacked: u64,
    failure: Option<String>,
    too_large: bool,
    is_finished: bool,
}

enum Kind {
    Plain,
    Gzip(Box<MultiGzDecoder<Vec<u8>>>),
    Zstd(Box<Zstd>),
}

impl Unpacker {
    pub(crate) fn new(compression: Compression) -> Self {
        let kind = match compression {
            Compression::None => Kind::Plain,
            Compression::Gzip => Kind::Gzip(Box::new(MultiGzDecoder::new(Vec::new()))),
            Compression::Zstd => Kind::Zstd(Box::default()),
        };
        Self {
            kind,
            n_packed: 0,
            n_unpacked: 0,
            failure: None,
            too_large: false,
            is_finished: false,
        }
    }

    pub(crate) fn is_plain(&self) -> bool {
        matches!(self.kind, Kind::Plain)
    }

    /// Nothing more will come out.
    pub(crate) fn is_done(&self) -> bool {
        self.is_finished || self.failure.is_some()
    }

    /// Why unpacking stopped before the end.
    pub(crate) fn failure(&self) -> Option<&str> {
        self.failure.as_deref()
    }

    /// The failure as an error, for a source that gave nothing at all.
    pub(crate) fn error(&self, file: &str) -> TableError {
        if self.too_large {
            return TableError::Unpacked {
                file: file.to_owned(),
                limit_bytes: self.limit_bytes(),
            };
        }
        let format = match self.kind {
            Kind::Gzip(_) => "gzip",
            Kind::Zstd(_) => "zstd",
            Kind::Plain => "text",
        };
        TableError::Format {
            file: file.to_owned(),
            format,
            reason: self
                .failure
                .clone()
                .unwrap_or_else(|| "it holds no data".to_owned()),
        }
    }

    fn limit_bytes(&self) -> u64 {
        (self.n_packed.saturating_mul(RATIO_MAX)).clamp(FREE_BYTES, TOTAL_MAX_BYTES)
    }

    /// Unpacks `packed` onto the end of `out`.
    pub(crate) fn push(&mut self, packed: &[u8], out: &mut Vec<u8>) {
        if self.is_done() {
            return;
        }
        self.n_packed += packed.len() as u64;
        let limit_bytes = self.limit_bytes();
        let before = out.len();
        let room = limit_bytes.saturating_sub(self.n_unpacked);
        let result = match &mut self.kind {
            Kind::Plain => {
                out.extend_from_slice(packed);
                Ok(())
            }
            Kind::Gzip(decoder) => {
                let result = decoder.write_all(packed);
                out.append(decoder.get_mut());
                result.map_err(|error| format!("the gzip stream is damaged ({error})"))
            }
            Kind::Zstd(decoder) => decoder.push(packed, room, out),
        };
        self.n_unpacked += (out.len() - before) as u64;
        if self.n_unpacked > limit_bytes {
            self.too_large = true;
            self.failure = Some(format!(
                "it unpacks to more than {limit_bytes} bytes and was not read further"
            ));
        } else if let Err(reason) = result {
            self.failure = Some(reason);
        }
    }

    /// Says that no packed bytes follow.
    pub(crate) fn finish(&mut self, out: &mut Vec<u8>) {
        if self.is_done() {
            return;
        }
        let before = out.len();
        let room = self.limit_bytes().saturating_sub(self.n_unpacked);
        let result = match &mut self.kind {
            Kind::Plain => Ok(()),
            Kind::Gzip(decoder) => {
                let result = decoder.try_finish();
                out.append(decoder.get_mut());
                result.map_err(|error| format!("the gzip stream ends early ({error})"))
            }
            Kind::Zstd(decoder) => decoder.finish(room, out),
        };
        self.n_unpacked += (out.len() - before) as u64;
        self.failure = result.err();
        self.is_finished = true;
    }
}

/// Zstandard frames one after another.
#[derive(Default)]
struct Zstd {
    decoder: Option<FrameDecoder>,
    /// Packed bytes not yet decoded.
    pending: Vec<u8>,
    in_frame: bool,
    /// Bytes of a skippable frame still to come.
    n_to_skip: u64,
    n_frames: u64,
}

impl Zstd {
    fn push(&mut self, packed: &[u8], room: u64, out: &mut Vec<u8>) -> Result<(), String> {
        self.pending.extend_from_slice(packed);
        self.drain(room, false, out)
    }

    fn finish(&mut self, room: u64, out: &mut Vec<u8>) -> Result<(), String> {
        self.drain(room, true, out)?;
        if self.in_frame || self.n_to_skip > 0 || self.n_frames == 0 {
            return Err("the zstd stream ends early".to_owned());
        }
        Ok(())
    }

    /// Decodes while a whole block is at hand, or while anything is when nothing follows.
    fn drain(&mut self, room: u64, is_last: bool, out: &mut Vec<u8>) -> Result<(), String> {
        let mut pending = std::mem::take(&mut self.pending);
        let mut rest = pending.as_slice();
        let before = out.len();
        let mut result = Ok(());
        // The library reads from a slice, so each step must find all it needs: one block at most.
        while (rest.len() >= ZSTD_STEP_BYTES || is_last && !rest.is_empty())
            && (out.len() - before) as u64 <= room
            && result.is_ok()
        {
            result = self.step(&mut rest, out);
        }
        let n_used = pending.len() - rest.len();
        pending.drain(..n_used);
        self.pending = pending;
        result
    }

    fn step(&mut self, rest: &mut &[u8], out: &mut Vec<u8>) -> Result<(), String> {
        if self.n_to_skip > 0 {
            let n = usize::try_from(self.n_to_skip)
                .unwrap_or(usize::MAX)
                .min(rest.len());
            *rest = rest.get(n..).unwrap_or_default();
            self.n_to_skip -= n as u64;
            return Ok(());
        }
        let damaged =
            |error: &dyn std::fmt::Display| format!("the zstd stream is damaged ({error})");
        if !self.in_frame {
            if let Some((header, after)) = rest.split_first_chunk::<8>() {
                let [m0, m1, m2, m3, n0, n1, n2, n3] = *header;
                // Skippable frames: magic number 0x184D2A50 to 0x184D2A5F, then their length (RFC 8878, 3.1.2).
                if u32::from_le_bytes([m0, m1, m2, m3]) & 0xFFFF_FFF0 == 0x184D_2A50 {
                    self.n_to_skip = u64::from(u32::from_le_bytes([n0, n1, n2, n3]));
                    self.n_frames += 1;
                    *rest = after;
                    return Ok(());
                }
            }
            let decoder = self.decoder.get_or_insert_with(|| {
                let mut decoder = FrameDecoder::new();
                decoder.set_max_window_size(WINDOW_MAX_BYTES);
                decoder
            });
            decoder.init(&mut *rest).map_err(|error| damaged(&error))?;
            self.in_frame = true;
            self.n_frames += 1;
            return Ok(());
        }
        let Some(decoder) = &mut self.decoder else {
            return Ok(());
        };
        let result = decoder.decode_blocks(&mut *rest, BlockDecodingStrategy::UptoBlocks(1));
        if let Some(bytes) = decoder.collect() {
            out.extend_from_slice(&bytes);
        }
        match result {
            Ok(is_frame_done) => {
                if is_frame_done {
                    self.in_frame = false;
                    if let (Some(stated), Some(computed)) = (
                        decoder.get_checksum_from_data(),
                        decoder.get_calculated_checksum(),
                    ) && stated != computed
                    {
                        return Err("the zstd stream is damaged (wrong checksum)".to_owned());
                    }
                }
                Ok(())
            }
            Err(error) => {
                // What the window still holds was decoded before the fault.
                let mut tail = Vec::new();
                decoder
                    .read_to_end(&mut tail)
                    .map_err(|error: io::Error| damaged(&error))?;
                out.append(&mut tail);
                Err(damaged(&error))
            }
        }
    }
}
