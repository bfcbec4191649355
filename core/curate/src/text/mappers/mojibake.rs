//! UTF-8 that was read in a single-byte encoding.

use std::collections::HashMap;

use regex::Regex;

use super::badness::badness;
use super::encodings::TABLES;

/// Reads such text again.
pub struct Decoder {
    badness: Regex,
    /// Latin-1, Windows-1252, then the others.
    encodings: Vec<Encoding>,
}

struct Encoding {
    bytes: HashMap<char, u8>,
    lossy: bool,
}

/// Index of Windows-1252 among the encodings.
const WINDOWS_1252: usize = 1;

impl Decoder {
    /// # Errors
    ///
    /// None in practice: the pattern is fixed.
    pub fn new() -> Result<Self, String> {
        let latin_1 = Encoding {
            bytes: ('\u{80}'..='\u{ff}').zip(0x80..=0xff).collect(),
            lossy: false,
        };
        let others = TABLES.iter().map(|table| Encoding {
            bytes: table.bytes(),
            lossy: table.lossy,
        });
        Ok(Self {
            badness: badness()?,
            encodings: std::iter::once(latin_1).chain(others).collect(),
        })
    }

    /// The text in UTF-8 if it, or a part of it, was read in another encoding; none if it needs no change.
    ///
    /// Only text with sequences that speak for it is changed, as a whole in the first encoding that gives UTF-8, else
    /// in those parts that Windows-1252 gives.
    pub fn decode(&self, text: &str) -> Option<String> {
        if text.is_ascii() || !self.badness.is_match(text) {
            return None;
        }
        let whole = self.encodings.iter().find_map(|encoding| {
            let bytes = text
                .chars()
                .map(|c| encoding.byte(c))
                .collect::<Option<Vec<u8>>>()?;
            String::from_utf8(restore_spaces(bytes)).ok()
        });
        let decoded = whole.or_else(|| self.decode_parts(text));
        decoded.filter(|decoded| decoded != text)
    }

    fn decode_parts(&self, text: &str) -> Option<String> {
        let windows = self.encodings.get(WINDOWS_1252)?;
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        let mut after_continuation = false;
        while let Some(c) = rest.chars().next() {
            let part = match after_continuation {
                true => None,
                false => windows
                    .part(rest)
                    .filter(|(len, _)| self.badness.is_match(&rest[..*len])),
            };
            let len = match part {
                Some((len, decoded)) => {
                    out.push_str(&decoded);
                    len
                }
                None => {
                    out.push(c);
                    c.len_utf8()
                }
            };
            after_continuation =
                len == c.len_utf8() && matches!(windows.byte(c), Some(0x80..=0xbf));
            rest = &rest[len..];
        }
        Some(out)
    }
}

impl Encoding {
    fn byte(&self, c: char) -> Option<u8> {
        match u8::try_from(c) {
            // The byte stands for a character that is not known.
            Ok(0x1a) if self.lossy => None,
            Ok(byte) if byte.is_ascii() => Some(byte),
            _ => self.bytes.get(&c).copied(),
        }
    }

    /// The characters beyond ASCII that the text begins with in UTF-8, and the length of what they stand in.
    fn part(&self, text: &str) -> Option<(usize, String)> {
        let mut decoded = String::new();
        let mut len = 0;
        loop {
            let mut chars = text[len..].chars();
            let mut bytes = [0; 4];
            let mut n_bytes = 0;
            let n_needed = match self.byte(chars.clone().next().unwrap_or_default()) {
                Some(0xc2..=0xdf) => 2,
                Some(0xe0..=0xef) => 3,
                Some(0xf0..=0xf4) => 4,
                _ => break,
            };
            let mut n_text = 0;
            for (slot, c) in bytes.iter_mut().zip(chars.by_ref().take(n_needed)) {
                let Some(byte) = self.byte(c) else {
                    break;
                };
                *slot = byte;
                n_bytes += 1;
                n_text += c.len_utf8();
            }
            match std::str::from_utf8(&bytes[..n_bytes]) {
                Ok(found) if n_bytes == n_needed && found.chars().count() == 1 => {
                    decoded.push_str(found);
                    len += n_text;
                }
                _ => break,
            }
        }
        (len > 0).then_some((len, decoded))
    }
}

/// Makes a space the byte 0xA0 again where UTF-8 with that byte was read and its space made a plain one.
fn restore_spaces(bytes: Vec<u8>) -> Vec<u8> {
    let rest = |byte: u8| matches!(byte, 0x80..=0x84 | 0x86..=0x9f | 0xa1..=0xbf);
    let next = |byte: u8| matches!(byte, 0x80..=0xbf);
    // Portuguese contractions of `à`, and what shows that no word follows.
    let joined: [&[u8]; 5] = [b" ", b"quele", b"quela", b"quilo", b"s "];
    let mut out = Vec::with_capacity(bytes.len());
    let mut left = bytes.as_slice();
    while let [first, after @ ..] = left {
        let space = match left {
            [0xc3, b' ', word @ ..] if !joined.iter().any(|end| word.starts_with(end)) => {
                // `à` and the space after it.
                out.extend([0xc3, 0xa0]);
                left = after;
                continue;
            }
            [0xc2 | 0xc3 | 0xc5 | 0xce | 0xd0 | 0xd9, b' ', ..] => 1,
            [0xe2 | 0xe3, b' ', third, ..] if rest(*third) => 1,
            [0xe0..=0xe3, second, b' ', ..] if rest(*second) => 2,
            [0xf0, b' ', third, fourth, ..] if next(*third) && next(*fourth) => 1,
            [0xf0, second, b' ', fourth, ..] if next(*second) && next(*fourth) => 2,
            [0xf0, second, third, b' ', ..] if next(*second) && next(*third) => 3,
            _ => {
                out.push(*first);
                left = after;
                continue;
            }
        };
        out.extend_from_slice(&left[..space]);
        out.push(0xa0);
        left = &left[space + 1..];
    }
    out
}
