//! Postcard inside raw deflate, both bounded.

use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::stream::{InflateState, inflate};
use miniz_oxide::{DataFormat, MZFlush, MZStatus};
use postcard::de_flavors::{Flavor, Slice};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::MAX_DOCUMENT_BYTES;
use crate::error::DocumentError;
use crate::forms::{MAX_VALUES, with_value_limit};

const LEVEL: u8 = 9;

/// The most bytes that may be tags, lengths and integers, as opposed to text, floats and embedded bytes.
///
/// Every list item and map entry has at least one. Parameter values have a limit of their own; of the rest a grid with
/// one sized column is the worst, 8 such bytes for some 430 in memory. So reading needs at most about 150 MB besides
/// texts, whatever a link claims. The largest document that `Analysis::validate` accepts has about 1.6 million.
const MAX_STRUCTURE_BYTES: usize = 2 << 20;

/// # Errors
///
/// [`DocumentError::TooLarge`].
pub(super) fn pack(document: &impl Serialize) -> Result<Vec<u8>, DocumentError> {
    let bytes = postcard::to_stdvec(document).map_err(|_| DocumentError::Decode)?;
    if bytes.len() > MAX_DOCUMENT_BYTES {
        return Err(DocumentError::TooLarge {
            limit: MAX_DOCUMENT_BYTES,
        });
    }
    Ok(compress_to_vec(&bytes, LEVEL))
}

/// # Errors
///
/// [`DocumentError::TooLarge`], [`DocumentError::Deflate`] and [`DocumentError::Decode`]; the latter two also
/// if anything follows the stream or the document.
pub(super) fn unpack<T: DeserializeOwned>(packed: &[u8]) -> Result<T, DocumentError> {
    let bytes = bounded_inflate(packed)?;
    let flavor = BoundedSlice {
        slice: Slice::new(&bytes),
        structure_bytes_left: MAX_STRUCTURE_BYTES,
    };
    let mut deserializer = postcard::Deserializer::from_flavor(flavor);
    let document = with_value_limit(MAX_VALUES, || T::deserialize(&mut deserializer));
    let document = document.map_err(|_| DocumentError::Decode)?;
    match deserializer.finalize() {
        Ok([]) => Ok(document),
        _ => Err(DocumentError::Decode),
    }
}

/// Stops as soon as there is more output than allowed.
fn bounded_inflate(mut packed: &[u8]) -> Result<Vec<u8>, DocumentError> {
    let mut state = InflateState::new_boxed(DataFormat::Raw);
    let mut bytes = Vec::new();
    let mut chunk = vec![0; 32 << 10];
    loop {
        let step = inflate(&mut state, packed, &mut chunk, MZFlush::None);
        packed = packed.get(step.bytes_consumed..).unwrap_or_default();
        bytes.extend(chunk.iter().take(step.bytes_written));
        if bytes.len() > MAX_DOCUMENT_BYTES {
            return Err(DocumentError::TooLarge {
                limit: MAX_DOCUMENT_BYTES,
            });
        }
        match step.status {
            Ok(MZStatus::StreamEnd) if packed.is_empty() => return Ok(bytes),
            Ok(MZStatus::Ok) if step.bytes_consumed + step.bytes_written > 0 => {}
            _ => return Err(DocumentError::Deflate),
        }
    }
}

/// [`Slice`] with a budget for what can multiply in memory.
struct BoundedSlice<'de> {
    slice: Slice<'de>,
    structure_bytes_left: usize,
}

impl<'de> Flavor<'de> for BoundedSlice<'de> {
    type Remainder = &'de [u8];
    type Source = &'de [u8];

    fn pop(&mut self) -> postcard::Result<u8> {
        let left = self.structure_bytes_left.checked_sub(1);
        self.structure_bytes_left = left.ok_or(postcard::Error::DeserializeUnexpectedEnd)?;
        self.slice.pop()
    }

    fn size_hint(&self) -> Option<usize> {
        self.slice.size_hint()
    }

    fn try_take_n(&mut self, count: usize) -> postcard::Result<&'de [u8]> {
        self.slice.try_take_n(count)
    }

    fn finalize(self) -> postcard::Result<&'de [u8]> {
        self.slice.finalize()
    }
}
