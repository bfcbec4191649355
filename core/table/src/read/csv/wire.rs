//! A slice's result as bytes, for the way from a pool worker.
//!
//! Layout: a postcard header with its length before it (u32), then for each column its values, and its null rows, as
//! little-endian arrays with their number of elements before them (u32). Numbers stay fixed-width: varints would cost
//! more than the parsing.

use serde::{Deserialize, Serialize};

use super::slice::{ColumnStats, LineProblem, SliceColumn, SliceTable};
use crate::error::TableError;
use crate::read::column::{Kind, Values};

#[derive(Serialize, Deserialize)]
struct Header {
    n_rows: u32,
    problems: Vec<LineProblem>,
    n_problems: u64,
    n_lines: u64,
    n_blank_lines: u64,
    n_replaced: u64,
    columns: Vec<(Option<Kind>, ColumnStats)>,
}

pub(crate) fn encode(table: &SliceTable) -> Result<Vec<u8>, TableError> {
    let header = Header {
        n_rows: table.n_rows,
        problems: table.problems.clone(),
        n_problems: table.n_problems,
        n_lines: table.n_lines,
        n_blank_lines: table.n_blank_lines,
        n_replaced: table.n_replaced,
        columns: table
            .columns
            .iter()
            .map(|column| (kind_of(&column.values), column.stats.clone()))
            .collect(),
    };
    let header = postcard::to_stdvec(&header).map_err(|error| broken(&error.to_string()))?;
    let mut out =
        Vec::with_capacity(header.len() + table.n_rows as usize * table.columns.len() * 10);
    put_bytes(&mut out, &header)?;
    for column in &table.columns {
        match &column.values {
            Values::Skipped => {}
            Values::Boolean(values) => put_bytes(&mut out, values)?,
            Values::Integer(values) | Values::DateTime(values) => {
                put_array(&mut out, values, |value| value.to_le_bytes())?;
            }
            Values::Float(values) => put_array(&mut out, values, |value| value.to_le_bytes())?,
            Values::Date(values) => put_array(&mut out, values, |value| value.to_le_bytes())?,
            Values::Text { bytes, ends } => {
                put_bytes(&mut out, bytes.as_bytes())?;
                put_array(&mut out, ends, |end| end.to_le_bytes())?;
            }
        }
        put_array(&mut out, &column.null_rows, |row| row.to_le_bytes())?;
    }
    Ok(out)
}

pub(crate) fn decode(bytes: &[u8]) -> Result<SliceTable, TableError> {
    let mut rest = bytes;
    let header: Header =
        postcard::from_bytes(take_bytes(&mut rest)?).map_err(|error| broken(&error.to_string()))?;
    let mut columns = Vec::with_capacity(header.columns.len());
    for (kind, stats) in header.columns {
        let values = match kind {
            None => Values::Skipped,
            Some(Kind::Boolean) => Values::Boolean(take_bytes(&mut rest)?.to_vec()),
            Some(Kind::Integer) => Values::Integer(take_array(&mut rest, i64::from_le_bytes)?),
            Some(Kind::DateTime) => Values::DateTime(take_array(&mut rest, i64::from_le_bytes)?),
            Some(Kind::Float) => Values::Float(take_array(&mut rest, f64::from_le_bytes)?),
            Some(Kind::Date) => Values::Date(take_array(&mut rest, i32::from_le_bytes)?),
            Some(Kind::Text) => {
                let bytes = String::from_utf8(take_bytes(&mut rest)?.to_vec());
                let bytes = bytes.map_err(|_| broken("text is not UTF-8"))?;
                Values::Text {
                    bytes,
                    ends: take_array(&mut rest, u32::from_le_bytes)?,
                }
            }
        };
        columns.push(SliceColumn {
            values,
            null_rows: take_array(&mut rest, u32::from_le_bytes)?,
            stats,
        });
    }
    Ok(SliceTable {
        n_rows: header.n_rows,
        columns,
        problems: header.problems,
        n_problems: header.n_problems,
        n_lines: header.n_lines,
        n_blank_lines: header.n_blank_lines,
        n_replaced: header.n_replaced,
    })
}

fn kind_of(values: &Values) -> Option<Kind> {
    match values {
        Values::Skipped => None,
        Values::Boolean(_) => Some(Kind::Boolean),
        Values::Integer(_) => Some(Kind::Integer),
        Values::Float(_) => Some(Kind::Float),
        Values::Date(_) => Some(Kind::Date),
        Values::DateTime(_) => Some(Kind::DateTime),
        Values::Text { .. } => Some(Kind::Text),
    }
}

fn put_len(out: &mut Vec<u8>, len: usize) -> Result<(), TableError> {
    let len = u32::try_from(len).map_err(|_| broken("a slice has more than 2³² values"))?;
    out.extend_from_slice(&len.to_le_bytes());
    Ok(())
}

fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) -> Result<(), TableError> {
    put_len(out, bytes.len())?;
    out.extend_from_slice(bytes);
    Ok(())
}

fn put_array<T: Copy, const N: usize>(
    out: &mut Vec<u8>,
    values: &[T],
    to_bytes: impl Fn(T) -> [u8; N],
) -> Result<(), TableError> {
    put_len(out, values.len())?;
    out.reserve(values.len() * N);
    values
        .iter()
        .for_each(|value| out.extend_from_slice(&to_bytes(*value)));
    Ok(())
}

fn take_bytes<'a>(rest: &mut &'a [u8]) -> Result<&'a [u8], TableError> {
    take(rest, 1)
}

fn take_array<T, const N: usize>(
    rest: &mut &[u8],
    from_bytes: impl Fn([u8; N]) -> T,
) -> Result<Vec<T>, TableError> {
    let (elements, _) = take(rest, N)?.as_chunks::<N>();
    Ok(elements
        .iter()
        .map(|element| from_bytes(*element))
        .collect())
}

/// A length and that many elements of `width` bytes.
fn take<'a>(rest: &mut &'a [u8], width: usize) -> Result<&'a [u8], TableError> {
    let short = || broken("it ends early");
    let (len, after_len) = rest.split_first_chunk::<4>().ok_or_else(short)?;
    let n_bytes = (u32::from_le_bytes(*len) as usize)
        .checked_mul(width)
        .ok_or_else(short)?;
    let (taken, after) = after_len.split_at_checked(n_bytes).ok_or_else(short)?;
    *rest = after;
    Ok(taken)
}

fn broken(reason: &str) -> TableError {
    TableError::Internal {
        context: "a worker's slice",
        reason: reason.to_owned(),
    }
}
