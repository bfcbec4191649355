//! Text encodings: which one, and to UTF-8.

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// An encoding, and why it was chosen.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct EncodingGuess {
    pub(crate) encoding: &'static Encoding,
    /// Bytes of the byte order mark.
    pub(crate) bom_len: usize,
    pub(crate) reason: String,
}

/// Guesses the encoding of a text from its first bytes.
pub(crate) fn guess(head: &[u8]) -> EncodingGuess {
    if let Some((encoding, bom_len)) = Encoding::for_bom(head) {
        let reason = "the file starts with its byte order mark".to_owned();
        return EncodingGuess {
            encoding,
            bom_len,
            reason,
        };
    }
    let chosen = |encoding, reason: &str| EncodingGuess {
        encoding,
        bom_len: 0,
        reason: reason.to_owned(),
    };
    if let Some(encoding) = utf_16_without_bom(head) {
        return chosen(
            encoding,
            "every second byte is zero, as in Latin text in UTF-16",
        );
    }
    let (n_valid, n_invalid) = utf_8_sequences(head);
    if n_invalid == 0 {
        let reason = if n_valid == 0 {
            "all bytes read are ASCII"
        } else {
            "all bytes read are valid UTF-8"
        };
        return chosen(UTF_8, reason);
    }
    // One damaged character among many good ones is damage, not another encoding.
    if n_valid > 10 * n_invalid {
        return chosen(UTF_8, "nearly all characters beyond ASCII are valid UTF-8");
    }
    chosen(
        WINDOWS_1252,
        "it is not valid UTF-8; Windows-1252 (Latin-1) can read any byte",
    )
}

/// UTF-16 shows as zeros in the high bytes of at least nine tenths of the code units.
fn utf_16_without_bom(head: &[u8]) -> Option<&'static Encoding> {
    let (units, _) = head.as_chunks::<2>();
    if units.len() < 8 {
        return None;
    }
    let share = |is_hit: &dyn Fn(&[u8; 2]) -> bool| {
        units.iter().filter(|unit| is_hit(unit)).count() * 10 >= units.len() * 9
    };
    if share(&|unit| unit[1] == 0 && unit[0] != 0) {
        Some(UTF_16LE)
    } else if share(&|unit| unit[0] == 0 && unit[1] != 0) {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// Counts characters of more than one byte, and invalid sequences. A character cut off by the end counts as neither.
fn utf_8_sequences(bytes: &[u8]) -> (usize, usize) {
    let multi_byte = |text: &str| text.bytes().filter(|byte| *byte >= 0xC0).count();
    let (mut n_valid, mut n_invalid) = (0, 0);
    let chunks: Vec<_> = bytes.utf8_chunks().collect();
    for (at, chunk) in chunks.iter().enumerate() {
        n_valid += multi_byte(chunk.valid());
        let is_cut_off = at + 1 == chunks.len()
            && std::str::from_utf8(chunk.invalid()).is_err_and(|error| error.error_len().is_none());
        n_invalid += usize::from(!chunk.invalid().is_empty() && !is_cut_off);
    }
    (n_valid, n_invalid)
}

/// Converts blocks to UTF-8. UTF-8 itself passes unchanged: whoever splits it into records repairs it.
pub(crate) struct Transcoder {
    encoding: &'static Encoding,
    decoder: Option<Decoder>,
    /// Bytes of the byte order mark that are still to come.
    n_to_skip: usize,
    n_replaced: u64,
}

impl Transcoder {
    pub(crate) fn new(encoding: &'static Encoding, bom_len: usize) -> Self {
        Self {
            encoding,
            decoder: None,
            n_to_skip: bom_len,
            n_replaced: 0,
        }
    }

    pub(crate) fn n_replaced(&self) -> u64 {
        self.n_replaced
    }

    /// Converts a block in place. `is_apart` says that it does not continue the one before,
    /// `is_end` that nothing continues it.
    pub(crate) fn convert(&mut self, bytes: &mut Vec<u8>, is_apart: bool, is_end: bool) {
        if self.n_to_skip > 0 {
            let n = self.n_to_skip.min(bytes.len());
            bytes.drain(..n);
            self.n_to_skip -= n;
        }
        if self.encoding == UTF_8 {
            return;
        }
        if is_apart {
            self.decoder = None;
        }
        let decoder = self
            .decoder
            .get_or_insert_with(|| self.encoding.new_decoder_without_bom_handling());
        let mut text = String::with_capacity(bytes.len() + bytes.len() / 2 + 16);
        let mut rest = bytes.as_slice();
        loop {
            let (result, n_read) =
                decoder.decode_to_string_without_replacement(rest, &mut text, is_end);
            rest = rest.get(n_read..).unwrap_or_default();
            match result {
                DecoderResult::InputEmpty => break,
                DecoderResult::OutputFull => text.reserve(rest.len().max(64)),
                DecoderResult::Malformed(..) => {
                    text.push(char::REPLACEMENT_CHARACTER);
                    self.n_replaced += 1;
                }
            }
        }
        if is_end {
            self.decoder = None;
        }
        *bytes = text.into_bytes();
    }
}

/// Valid UTF-8, with U+FFFD for each invalid sequence, and their number.
pub(crate) fn repaired(bytes: &[u8]) -> (std::borrow::Cow<'_, str>, u64) {
    match std::str::from_utf8(bytes) {
        Ok(text) => (text.into(), 0),
        Err(_) => {
            let n_replaced = bytes
                .utf8_chunks()
                .filter(|chunk| !chunk.invalid().is_empty())
                .count();
            (String::from_utf8_lossy(bytes), n_replaced as u64)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guesses() {
        let check = |bytes: &[u8], expected: &'static Encoding, bom_len: usize| {
            let got = guess(bytes);
            assert_eq!(
                (got.encoding, got.bom_len),
                (expected, bom_len),
                "{bytes:?}"
            );
        };
        check(b"", UTF_8, 0);
        check(b"plain", UTF_8, 0);
        check("größer".as_bytes(), UTF_8, 0);
        check(b"\xEF\xBB\xBFa", UTF_8, 3);
        check(b"\xFF\xFEa\0", UTF_16LE, 2);
        check(b"\xFE\xFF\0a", UTF_16BE, 2);
        check(b"a\0,\0b\0\n\x001\0,\x002\0\n\0", UTF_16LE, 0);
        check(b"gr\xF6\xDFer als", WINDOWS_1252, 0);
        // A character cut off by the end of the sample is no fault.
        check(&"größe ü".as_bytes()[..8], UTF_8, 0);
        let mut mostly_good = "ä".repeat(50).into_bytes();
        mostly_good.extend(b" \xFF ok");
        check(&mostly_good, UTF_8, 0);
    }

    #[test]
    fn conversion_does_not_depend_on_the_blocks() {
        let check = |encoding: &'static Encoding, bytes: &[u8], expected: &str, n_replaced: u64| {
            for step in [1, 2, 3, bytes.len().max(1)] {
                let mut transcoder = Transcoder::new(encoding, 0);
                let mut text = Vec::new();
                let mut chunks = bytes.chunks(step).peekable();
                while let Some(chunk) = chunks.next() {
                    let mut chunk = chunk.to_vec();
                    transcoder.convert(&mut chunk, false, chunks.peek().is_none());
                    text.extend(chunk);
                }
                assert_eq!(
                    (
                        String::from_utf8_lossy(&text).as_ref(),
                        transcoder.n_replaced()
                    ),
                    (expected, n_replaced)
                );
            }
        };
        check(WINDOWS_1252, b"caf\xE9", "café", 0);
        check(UTF_16LE, b"a\0\xE9\0", "aé", 0);
        check(UTF_16BE, b"\0a\0\xE9", "aé", 0);
        check(UTF_16LE, b"a\0\0\xD8b\0", "a\u{FFFD}b", 1);
        check(UTF_16LE, b"a\0b", "a\u{FFFD}", 1);
    }
}
