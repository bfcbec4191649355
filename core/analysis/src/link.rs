//! The text forms of a document: the code in a link, and the `.sluice.json` file.
//!
//! A link's code is `<version>.<base64url(deflate-raw(postcard(document)))>`, after `#a=` in an address. Both forms
//! are deterministic: one document, one text, on every platform. Reading is bounded in input, output, memory and
//! stack, never panics, and ends in [`Analysis::validate`]; so does writing, so that what was shared can be opened.
//!
//! The code has no checksum. Damage mostly shows as an error, but a changed character can also give another
//! valid document; key numbers are what tells.

mod json;
mod packing;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::error::DocumentError;
use crate::v1::Analysis;

pub use json::{from_json, to_json};

/// The version that is written. All versions from 1 to this one are read.
pub const VERSION: u32 = 1;

/// The longest code that is read or written, in characters after `#a=`.
pub const MAX_CODE_BYTES: usize = 1 << 20;

/// The most that a code may unpack to, and the longest `.sluice.json`.
pub const MAX_DOCUMENT_BYTES: usize = 8 << 20;

/// Precedes the code in an address.
const FRAGMENT: &str = "#a=";

/// The code of a link, without `#a=`.
///
/// # Errors
///
/// What [`Analysis::validate`] finds, [`DocumentError::TooLarge`] and [`DocumentError::TooLong`].
pub fn encode(analysis: &Analysis) -> Result<String, DocumentError> {
    analysis.validate()?;
    let packed = packing::pack(analysis)?;
    let code = format!("{VERSION}.{}", URL_SAFE_NO_PAD.encode(packed));
    check_length(&code, MAX_CODE_BYTES)?;
    Ok(code)
}

/// [`encode`] as the fragment of an address, `#a=` included.
pub fn to_fragment(analysis: &Analysis) -> Result<String, DocumentError> {
    encode(analysis).map(|code| format!("{FRAGMENT}{code}"))
}

/// Reads a bare code, a fragment that starts with `#a=` or a whole address that contains it. White space around
/// it is ignored.
///
/// # Errors
///
/// [`DocumentError::NotALink`] for other text, [`DocumentError::NewerVersion`] for a version not known yet;
/// else the bound that was exceeded, how the code is damaged, or what [`Analysis::validate`] finds.
pub fn decode(text: &str) -> Result<Analysis, DocumentError> {
    let text = text.trim();
    let code = text.split_once(FRAGMENT).map_or(text, |(_, code)| code);
    let (version, payload) = code.split_once('.').ok_or(DocumentError::NotALink)?;
    let version = parse_version(version).ok_or(DocumentError::NotALink)?;
    if version > VERSION {
        return Err(DocumentError::NewerVersion { version });
    }
    check_length(code, MAX_CODE_BYTES)?;
    let packed = URL_SAFE_NO_PAD
        .decode(payload)
        .map_err(|_| DocumentError::Base64)?;
    // A document of version N is read as the type of module `vN` and then upgraded.
    let analysis = match version {
        1 => packing::unpack::<Analysis>(&packed)?,
        _ => return Err(DocumentError::NotALink),
    };
    analysis.validate()?;
    Ok(analysis)
}

/// A decimal number as it would be printed: no sign, no leading zero.
fn parse_version(text: &str) -> Option<u32> {
    let version: u32 = text.parse().ok()?;
    (version > 0 && version.to_string() == text).then_some(version)
}

fn check_length(text: &str, limit: usize) -> Result<(), DocumentError> {
    let length = text.len();
    if length <= limit {
        Ok(())
    } else {
        Err(DocumentError::TooLong { length, limit })
    }
}
