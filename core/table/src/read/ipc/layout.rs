//! Which buffers of a record batch belong to which column, and whether they can hold what they should.
//!
//! The decoder would panic at a compressed buffer too short for its length, and allocate whatever one claims;
//! so all of them are checked first.

use std::ops::Range;

use polars_arrow::datatypes::ArrowDataType;
use polars_arrow_format::ipc::RecordBatchRef;

/// A buffer in the body of a message.
pub(super) struct BufferSpan {
    pub(super) bytes: Range<u64>,
    role: Role,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Role {
    /// Never looked at.
    Unused,
    Validity,
    /// As many values as there are rows, of this many bits each.
    Values {
        n: u64,
        bits: u64,
    },
    /// Offsets, of which at least one is read.
    Offsets {
        n: u64,
        n_bytes: u64,
    },
    /// As many bytes as the offsets say.
    Bytes,
    /// Bytes that views point into; all are unpacked.
    ViewBytes,
}

impl BufferSpan {
    /// Checks the length that a compressed buffer begins with: `head` is the buffer's first eight bytes.
    pub(super) fn check_packed(&self, head: &[u8]) -> Result<(), String> {
        let n_packed = self.bytes.end - self.bytes.start;
        let empty_is_fine = match self.role {
            Role::Unused | Role::Bytes => true,
            Role::Values { n, .. } => n == 0,
            Role::Validity | Role::Offsets { .. } | Role::ViewBytes => false,
        };
        if self.role == Role::Unused || (n_packed == 0 && empty_is_fine) {
            return Ok(());
        }
        let &[a, b, c, d, e, f, g, h, ..] = head else {
            return Err("a compressed buffer is too short".to_owned());
        };
        let n_unpacked = match i64::from_le_bytes([a, b, c, d, e, f, g, h]) {
            -1 => n_packed.saturating_sub(8),
            length => u64::try_from(length).map_err(|_| "a negative length".to_owned())?,
        };
        let n_needed = match self.role {
            Role::Offsets { n_bytes, .. } => n_bytes,
            Role::Values { n, bits } => n.saturating_mul(bits).div_ceil(8),
            _ => 0,
        };
        if n_unpacked < n_needed
            || n_unpacked / INFLATION_MAX > n_packed
            || n_unpacked > BUFFER_BYTES_MAX
        {
            return Err("a compressed buffer of an impossible length".to_owned());
        }
        Ok(())
    }

    /// Bytes in memory, if the buffer unpacks to `inflation` times its size.
    pub(super) fn memory_bytes(&self, inflation: f64) -> u64 {
        let n_bytes = ((self.bytes.end - self.bytes.start) as f64 * inflation) as u64;
        match self.role {
            Role::Unused => 0,
            Role::Validity | Role::Bytes | Role::ViewBytes => n_bytes,
            Role::Values { n, bits } => n.saturating_mul(bits) / 8,
            // Texts are held as views, lists as 64-bit offsets.
            Role::Offsets { n, .. } => n.saturating_mul(16),
        }
    }

    /// Whether its unpacked size stands nowhere but in itself.
    pub(super) fn is_of_unknown_size(&self) -> bool {
        matches!(self.role, Role::Bytes | Role::ViewBytes)
    }
}

/// Unpacked bytes per packed byte: beyond what LZ4 and Zstandard reach on columns in practice.
const INFLATION_MAX: u64 = 20_000;
/// Unpacked bytes of one buffer.
const BUFFER_BYTES_MAX: u64 = 1 << 31;

/// The buffers of each column of `batch`, in the order of `dtypes`.
///
/// # Errors
///
/// What does not fit, in words.
pub(super) fn columns<'a>(
    batch: &RecordBatchRef<'_>,
    dtypes: impl Iterator<Item = &'a ArrowDataType>,
    n_body_bytes: u64,
) -> Result<Vec<Vec<BufferSpan>>, String> {
    let words = |error: polars_arrow_format::ipc::planus::Error| {
        format!("its description is damaged ({error})")
    };
    let nodes = batch.nodes().map_err(words)?.ok_or("it has no nodes")?;
    let buffers = batch.buffers().map_err(words)?.ok_or("it has no buffers")?;
    let variadic = batch.variadic_buffer_counts().map_err(words)?;
    let mut walk = Walk {
        nodes: nodes
            .iter()
            .map(|node| (node.length(), node.null_count()))
            .collect::<Vec<_>>()
            .into_iter(),
        buffers: buffers
            .iter()
            .map(|buffer| (buffer.offset(), buffer.length()))
            .collect::<Vec<_>>()
            .into_iter(),
        variadic: variadic
            .iter()
            .flat_map(|counts| counts.iter())
            .collect::<Vec<_>>()
            .into_iter(),
        n_body_bytes,
        spans: Vec::new(),
    };
    let n_rows = batch.length().map_err(words)?;
    dtypes
        .map(|dtype| {
            if walk
                .nodes
                .as_slice()
                .first()
                .is_none_or(|(length, _)| *length != n_rows)
            {
                return Err("a column of another length".to_owned());
            }
            walk.column(dtype, 0)?;
            Ok(std::mem::take(&mut walk.spans))
        })
        .collect()
}

struct Walk {
    /// Length and null count.
    nodes: std::vec::IntoIter<(i64, i64)>,
    /// Offset and length.
    buffers: std::vec::IntoIter<(i64, i64)>,
    variadic: std::vec::IntoIter<i64>,
    n_body_bytes: u64,
    spans: Vec<BufferSpan>,
}

/// Deeper types than this are no tables, and would exhaust the stack.
const DEPTH_MAX: usize = 32;

impl Walk {
    fn column(&mut self, dtype: &ArrowDataType, depth: usize) -> Result<(), String> {
        use ArrowDataType as D;
        if depth > DEPTH_MAX {
            return Err("it is nested too deeply".to_owned());
        }
        let (length, null_count) = self.nodes.next().ok_or("columns are missing")?;
        let length =
            u64::from(u32::try_from(length).map_err(|_| format!("a column of {length} values"))?);
        if *dtype == D::Null {
            return Ok(());
        }
        if let D::Union(_) = dtype {
            return Err("union columns stand in the way".to_owned());
        }
        if !(0..=length as i64).contains(&null_count) {
            return Err(format!("{null_count} nulls in {length} values"));
        }
        self.buffer(if null_count > 0 {
            Role::Validity
        } else {
            Role::Unused
        })?;
        let values = |bits: u64| Role::Values { n: length, bits };
        let offsets = |n_bytes: u64| Role::Offsets { n: length, n_bytes };
        match dtype {
            D::Struct(fields) => fields
                .iter()
                .try_for_each(|field| self.column(&field.dtype, depth + 1)),
            D::FixedSizeList(items, _) => self.column(&items.dtype, depth + 1),
            D::List(items) | D::Map(items, _) => {
                self.buffer(offsets(4))?;
                self.column(&items.dtype, depth + 1)
            }
            D::LargeList(items) => {
                self.buffer(offsets(8))?;
                self.column(&items.dtype, depth + 1)
            }
            D::Utf8 | D::Binary => {
                self.buffer(offsets(4))?;
                self.buffer(Role::Bytes)
            }
            D::LargeUtf8 | D::LargeBinary => {
                self.buffer(offsets(8))?;
                self.buffer(Role::Bytes)
            }
            D::Utf8View | D::BinaryView => {
                self.buffer(values(128))?;
                let n_buffers = self
                    .variadic
                    .next()
                    .ok_or("counts of buffers are missing")?;
                (0..n_buffers).try_for_each(|_| self.buffer(Role::ViewBytes))
            }
            D::Boolean => self.buffer(values(1)),
            D::FixedSizeBinary(size) => self.buffer(values(8 * *size as u64)),
            D::Dictionary(keys, _, _) => {
                let keys = ArrowDataType::from(*keys);
                self.buffer(values(bits(&keys)))
            }
            other => self.buffer(values(bits(other))),
        }
    }

    fn buffer(&mut self, role: Role) -> Result<(), String> {
        let (offset, length) = self.buffers.next().ok_or("buffers are missing")?;
        let (Ok(start), Ok(length)) = (u64::try_from(offset), u64::try_from(length)) else {
            return Err("a buffer of a negative length".to_owned());
        };
        let end = start
            .checked_add(length)
            .filter(|end| *end <= self.n_body_bytes);
        let end = end.ok_or("a buffer outside its record batch")?;
        self.spans.push(BufferSpan {
            bytes: start..end,
            role,
        });
        Ok(())
    }
}

fn bits(dtype: &ArrowDataType) -> u64 {
    use ArrowDataType as D;
    match dtype {
        D::Int8 | D::UInt8 => 8,
        D::Int16 | D::UInt16 | D::Float16 => 16,
        D::Int32 | D::UInt32 | D::Float32 | D::Date32 | D::Time32(_) | D::Decimal32(..) => 32,
        D::Int128 | D::UInt128 | D::Decimal(..) => 128,
        D::Decimal256(..) => 256,
        _ => 64,
    }
}
