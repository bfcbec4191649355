//! What a zip archive really unpacks to, found out without keeping it: the sizes in its directory can lie.

use flate2::{Decompress, FlushDecompress, Status};

use crate::host::{Cancelled, Host};

/// Why an archive is not to be opened.
#[derive(Debug, PartialEq)]
pub(crate) enum ZipRefusal {
    Cancelled,
    /// The directory at its end is missing or damaged.
    Damaged,
    /// It unpacks to more than the limit.
    TooLarge,
}

impl From<Cancelled> for ZipRefusal {
    fn from(_: Cancelled) -> Self {
        Self::Cancelled
    }
}

/// Bytes unpacked between two checkpoints.
const STEP_BYTES: usize = 2 << 20;
/// Method numbers of the format's specification (APPNOTE 4.4.5).
const METHOD_DEFLATE: u16 = 8;

/// Unpacks every entry into nothing and adds up the bytes, up to `limit_bytes`.
pub(crate) async fn unpacked_bytes(
    zip: &[u8],
    limit_bytes: u64,
    host: &dyn Host,
) -> Result<u64, ZipRefusal> {
    let mut scratch = vec![0; STEP_BYTES];
    let mut total = 0u64;
    for entry in entries(zip).ok_or(ZipRefusal::Damaged)? {
        if entry.method != METHOD_DEFLATE {
            total += entry.data.len() as u64;
        } else {
            let mut inflate = Decompress::new(false);
            let mut data = entry.data;
            loop {
                let (in_before, out_before) = (inflate.total_in(), inflate.total_out());
                // A damaged entry is the spreadsheet reader's to report; only its size is of interest here.
                let Ok(status) = inflate.decompress(data, &mut scratch, FlushDecompress::None)
                else {
                    break;
                };
                let n_in = usize::try_from(inflate.total_in() - in_before).unwrap_or(usize::MAX);
                let n_out = inflate.total_out() - out_before;
                data = data.get(n_in..).unwrap_or_default();
                total += n_out;
                if total > limit_bytes {
                    return Err(ZipRefusal::TooLarge);
                }
                if status == Status::StreamEnd || n_in == 0 && n_out == 0 {
                    break;
                }
                host.checkpoint().await?;
            }
        }
        if total > limit_bytes {
            return Err(ZipRefusal::TooLarge);
        }
    }
    Ok(total)
}

struct Entry<'a> {
    method: u16,
    data: &'a [u8],
}

/// The entries of the central directory; `None` if it is damaged, or of the 64-bit form, which no spreadsheet of
/// sensible size needs.
fn entries(zip: &[u8]) -> Option<Vec<Entry<'_>>> {
    // The end record has 22 bytes and a comment of up to 65,535 after it.
    let tail_start = zip.len().saturating_sub(22 + 0xFFFF);
    let end = tail_start + memchr::memmem::rfind(zip.get(tail_start..)?, b"PK\x05\x06")?;
    let n_entries = u16_at(zip, end + 10)?;
    let mut at = u32_at(zip, end + 16)? as usize;
    let mut entries = Vec::new();
    for _ in 0..n_entries {
        if zip.get(at..at.checked_add(4)?)? != b"PK\x01\x02" {
            return None;
        }
        let method = u16_at(zip, at + 10)?;
        let n_packed = u32_at(zip, at + 20)? as usize;
        let local = u32_at(zip, at + 42)? as usize;
        // Name and extra field of the local header may differ from those of the directory.
        let data_start = local
            .checked_add(30)?
            .checked_add(usize::from(u16_at(zip, local.checked_add(26)?)?))?
            .checked_add(usize::from(u16_at(zip, local.checked_add(28)?)?))?;
        let data = zip.get(data_start..data_start.checked_add(n_packed)?)?;
        entries.push(Entry { method, data });
        let lens = [at + 28, at + 30, at + 32].map(|at| u16_at(zip, at));
        for len in lens {
            at = at.checked_add(usize::from(len?))?;
        }
        at = at.checked_add(46)?;
    }
    Some(entries)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes
        .get(at..)?
        .first_chunk()
        .map(|chunk| u16::from_le_bytes(*chunk))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes
        .get(at..)?
        .first_chunk()
        .map(|chunk| u32::from_le_bytes(*chunk))
}
