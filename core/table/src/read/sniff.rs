//! What a file is: magic bytes first, then the look of its text, its name last.

use encoding_rs::{Encoding, UTF_8};
use serde::de::IgnoredAny;
use sluice_protocol::load::Guess;

use crate::error::TableError;
use crate::host::ByteSource;
use crate::read::csv;
use crate::read::encoding::{self, Transcoder};
use crate::read::options::{Compression, Format, LoadOptions};
use crate::read::report::guess;
use crate::read::unpack::Unpacker;

/// The beginning of a source, and what it tells.
#[derive(Clone)]
pub(crate) struct Head {
    pub(crate) format: Format,
    pub(crate) compression: Compression,
    pub(crate) encoding: &'static Encoding,
    /// Bytes of the byte order mark.
    pub(crate) bom_len: usize,
    /// The first text, as valid UTF-8; empty for binary formats.
    pub(crate) sample: String,
    /// The sample is the whole text.
    pub(crate) is_whole: bool,
    /// Unpacked bytes per byte of the file, as seen in the sample.
    pub(crate) inflation: f64,
    pub(crate) guesses: Vec<Guess>,
}

impl Head {
    pub(crate) fn transcoder(&self) -> Transcoder {
        Transcoder::new(self.encoding, self.bom_len)
    }

    /// Expected bytes of the text: exact for a file that is not packed.
    pub(crate) fn text_bytes(&self, source: &dyn ByteSource) -> u64 {
        match self.compression {
            Compression::None => source.size_bytes(),
            _ => (source.size_bytes() as f64 * self.inflation) as u64,
        }
    }
}

/// Enough for a few hundred records of most files.
const HEAD_BYTES: u64 = 256 << 10;

/// Reads the beginning of a source and decides on format, compression and encoding.
///
/// # Errors
///
/// [`TableError::Format`] for an empty file, binary content, or an archive that is no spreadsheet.
pub(crate) async fn head(
    source: &dyn ByteSource,
    options: &LoadOptions,
) -> Result<Head, TableError> {
    let raw = source.read(0..HEAD_BYTES).await?;
    let refuse = |format: &'static str, reason: &str| TableError::Format {
        file: source.name().to_owned(),
        format,
        reason: reason.to_owned(),
    };
    if raw.is_empty() {
        return Err(refuse("a table", "the file is empty"));
    }
    let magic = magic(&raw);
    if let Some(format) = options.format.filter(|format| is_binary(*format)) {
        return Ok(binary(format, format_guess(format, "", true)));
    }
    let (compression, compression_reason) = match (options.compression, magic) {
        (Some(compression), _) => (compression, ""),
        (None, Some(Magic::Gzip)) => (Compression::Gzip, "the file starts with gzip's magic bytes"),
        (None, Some(Magic::Zstd)) => (
            Compression::Zstd,
            "the file starts with Zstandard's magic bytes",
        ),
        (None, _) => (
            Compression::None,
            "the file starts with no packer's magic bytes",
        ),
    };
    if let (Some(Magic::Format(format)), None) = (magic, options.format) {
        let reason = format!("the file starts with the magic bytes of {}", format.name());
        return Ok(binary(format, format_guess(format, &reason, false)));
    }
    if magic == Some(Magic::Zip) && options.format.is_none() {
        return Err(refuse(
            "a table",
            "it is a zip archive and no spreadsheet; unpack it first",
        ));
    }

    let is_raw_whole = raw.len() as u64 >= source.size_bytes();
    let (unpacked, is_whole, inflation) = unpack_head(&raw, is_raw_whole, compression, source)?;
    if compression != Compression::None
        && let Some(Magic::Format(format)) = self::magic(&unpacked)
    {
        return Err(refuse(
            format.name(),
            "it is packed once more; unpack it first",
        ));
    }
    let encoding = encoding::guess(&unpacked);
    let (encoding, bom_len, encoding_reason) = match options.encoding {
        // The person's encoding is taken; a byte order mark of it is still no data.
        Some(set) => (
            set,
            if set == encoding.encoding {
                encoding.bom_len
            } else {
                0
            },
            String::new(),
        ),
        None => (encoding.encoding, encoding.bom_len, encoding.reason),
    };
    let mut sample = unpacked;
    Transcoder::new(encoding, bom_len).convert(&mut sample, false, is_whole);
    if !is_whole && encoding == UTF_8 {
        // The last character may be cut.
        let cut = sample
            .utf8_chunks()
            .last()
            .map_or(0, |chunk| chunk.invalid().len());
        sample.truncate(sample.len() - cut);
    }
    let sample = encoding::repaired(&sample).0.into_owned();

    if options.format.is_none() && looks_binary(&sample) {
        return Err(refuse(
            "a table",
            "its content is binary and of no known format",
        ));
    }
    let (format, reason) = match options.format {
        Some(format) => (format, String::new()),
        None => text_format(&sample, is_whole, source.name(), options),
    };
    let mut guesses = vec![format_guess(format, &reason, options.format.is_some())];
    let names = Compression::ALL.map(Compression::name);
    let is_set = options.compression.is_some();
    guesses.push(guess(
        "compression",
        compression.name(),
        compression_reason,
        &names,
        is_set,
    ));
    let labels = [
        "UTF-8",
        "windows-1252",
        "UTF-16LE",
        "UTF-16BE",
        "Shift_JIS",
        "GBK",
        "EUC-KR",
    ];
    guesses.push(guess(
        "encoding",
        encoding.name(),
        encoding_reason,
        &labels,
        options.encoding.is_some(),
    ));
    Ok(Head {
        format,
        compression,
        encoding,
        bom_len,
        sample,
        is_whole,
        inflation,
        guesses,
    })
}

fn binary(format: Format, format_guess: Guess) -> Head {
    Head {
        format,
        compression: Compression::None,
        encoding: UTF_8,
        bom_len: 0,
        sample: String::new(),
        is_whole: false,
        inflation: 1.0,
        guesses: vec![format_guess],
    }
}

fn is_binary(format: Format) -> bool {
    matches!(format, Format::Xlsx | Format::Parquet | Format::Ipc)
}

fn format_guess(format: Format, reason: &str, overridden: bool) -> Guess {
    guess(
        "format",
        format.name(),
        reason,
        &Format::ALL.map(Format::name),
        overridden,
    )
}

/// The beginning of the text, whether it is all of it, and unpacked bytes per packed byte.
fn unpack_head(
    raw: &[u8],
    is_raw_whole: bool,
    compression: Compression,
    source: &dyn ByteSource,
) -> Result<(Vec<u8>, bool, f64), TableError> {
    if compression == Compression::None {
        return Ok((raw.to_vec(), is_raw_whole, 1.0));
    }
    let mut unpacker = Unpacker::new(compression);
    let mut unpacked = Vec::new();
    let mut n_packed = 0;
    for step in raw.chunks(4 << 10) {
        unpacker.push(step, &mut unpacked);
        n_packed += step.len();
        if unpacked.len() as u64 >= HEAD_BYTES || unpacker.is_done() {
            break;
        }
    }
    if n_packed == raw.len() && is_raw_whole {
        unpacker.finish(&mut unpacked);
    }
    if unpacked.is_empty() {
        return match unpacker.failure() {
            Some(_) => Err(unpacker.error(source.name())),
            None => Err(TableError::Format {
                file: source.name().to_owned(),
                format: compression.name(),
                reason: "it holds no data".to_owned(),
            }),
        };
    }
    let inflation = unpacked.len() as f64 / n_packed.max(1) as f64;
    let is_whole = unpacker.is_done() && unpacked.len() as u64 <= HEAD_BYTES;
    unpacked.truncate(HEAD_BYTES as usize);
    Ok((unpacked, is_whole, inflation))
}

#[derive(Clone, Copy, PartialEq)]
enum Magic {
    Format(Format),
    Gzip,
    Zstd,
    /// An archive that is no spreadsheet.
    Zip,
}

fn magic(bytes: &[u8]) -> Option<Magic> {
    match bytes {
        [b'P', b'A', b'R', b'1', ..] => Some(Magic::Format(Format::Parquet)),
        [b'A', b'R', b'R', b'O', b'W', b'1', ..] => Some(Magic::Format(Format::Ipc)),
        // Continuation marker, then the length of the first message, a schema of sensible size.
        [0xFF, 0xFF, 0xFF, 0xFF, len @ ..]
            if len
                .first_chunk()
                .is_some_and(|len| (8..1 << 24).contains(&u32::from_le_bytes(*len))) =>
        {
            Some(Magic::Format(Format::Ipc))
        }
        [0x1F, 0x8B, ..] => Some(Magic::Gzip),
        [0x28, 0xB5, 0x2F, 0xFD, ..] => Some(Magic::Zstd),
        [b'P', b'K', 3, 4, ..] => {
            let is_spreadsheet = ["xl/", "[Content_Types].xml"]
                .iter()
                .any(|name| memchr::memmem::find(bytes, name.as_bytes()).is_some());
            Some(if is_spreadsheet {
                Magic::Format(Format::Xlsx)
            } else {
                Magic::Zip
            })
        }
        _ => None,
    }
}

/// Text has next to no control characters; one in twenty is binary.
fn looks_binary(sample: &str) -> bool {
    let is_odd = |byte: &u8| {
        *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0B | 0x0C | 0x1B) || *byte == 0x7F
    };
    let n_odd = sample.bytes().filter(|byte| is_odd(byte)).count();
    n_odd * 20 > sample.len()
}

/// Which text format, and why.
fn text_format(
    sample: &str,
    is_whole: bool,
    file_name: &str,
    options: &LoadOptions,
) -> (Format, String) {
    let extension = extension(file_name);
    let said = |format: Format, reason: &str| (format, reason.to_owned());
    if let Some((format, reason)) = json_format(sample, is_whole, &extension) {
        return said(format, reason);
    }
    match extension.as_str() {
        "json" | "geojson" => return said(Format::Json, "the name ends in .json"),
        "jsonl" | "ndjson" => return said(Format::Jsonl, "the name says one JSON value per line"),
        "csv" | "tsv" | "tab" | "psv" => {
            return (
                Format::Csv,
                format!("it is text and the name ends in .{extension}"),
            );
        }
        _ => {}
    }
    let regularity = csv::regularity(sample, is_whole, options);
    if regularity.n_columns >= 2 && regularity.share >= 0.9 {
        let reason = format!(
            "{:.0} % of the records have {} fields",
            100.0 * regularity.share,
            regularity.n_columns
        );
        (Format::Csv, reason)
    } else {
        said(
            Format::Lines,
            "no delimiter makes records of equal length, and it is not JSON",
        )
    }
}

/// The extension in lower case, without that of a packer.
pub(crate) fn extension(file_name: &str) -> String {
    let lower = file_name.to_lowercase();
    let inner = [".gz", ".gzip", ".zst", ".zstd"]
        .iter()
        .find_map(|packed| lower.strip_suffix(packed));
    inner
        .unwrap_or(&lower)
        .rsplit_once('.')
        .map(|(_, extension)| extension.to_owned())
        .unwrap_or_default()
}

/// Lines looked at to tell JSON lines from other text.
const JSON_LINES_LOOKED_AT: usize = 20;

fn json_format(sample: &str, is_whole: bool, extension: &str) -> Option<(Format, &'static str)> {
    let text = sample.trim_start();
    let is_json = |line: &str| serde_json::from_str::<IgnoredAny>(line).is_ok();
    if !text.starts_with(['{', '[']) {
        let lines = || {
            text.lines()
                .filter(|line| !line.trim().is_empty())
                .take(JSON_LINES_LOOKED_AT)
        };
        let n_objects = lines()
            .filter(|line| line.trim_start().starts_with('{') && is_json(line))
            .count();
        return (n_objects * 2 > lines().count())
            .then_some((Format::Jsonl, "most lines are JSON objects"));
    }
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let first = lines.next().unwrap_or_default();
    let second = lines.next();
    let is_first_json = is_json(first);
    if is_first_json && let Some(second) = second {
        // The sample may cut the second line.
        let is_line_start = second.trim_start().starts_with(['{', '[']);
        if is_line_start {
            return Some((Format::Jsonl, "every line is a JSON value"));
        }
    }
    if text.starts_with('{') {
        if is_first_json {
            return Some((
                if extension == "json" {
                    Format::Json
                } else {
                    Format::Jsonl
                },
                "it is a JSON object",
            ));
        }
        let n_objects = text
            .lines()
            .take(JSON_LINES_LOOKED_AT)
            .filter(|line| line.trim_start().starts_with('{') && is_json(line))
            .count();
        if n_objects >= 2 {
            return Some((Format::Jsonl, "many lines are JSON objects"));
        }
    }
    // A whole value, or the beginning of one: the sample's end is the only fault.
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>();
    match values.next() {
        Some(Ok(_)) => Some((Format::Json, "it is a JSON value")),
        Some(Err(error))
            if error.is_eof() && (!is_whole || matches!(extension, "json" | "geojson")) =>
        {
            Some((Format::Json, "it starts as a JSON value"))
        }
        // One very long first line of JSON lines.
        Some(Err(error))
            if error.is_eof() && extension != "json" && matches!(extension, "jsonl" | "ndjson") =>
        {
            Some((Format::Jsonl, "the name says one JSON value per line"))
        }
        _ if extension == "json" => Some((
            Format::Json,
            "it starts like JSON and the name ends in .json",
        )),
        _ => None,
    }
}
