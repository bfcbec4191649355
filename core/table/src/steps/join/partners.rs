//! Which right rows have which key.

use polars_core::prelude::Column;

use crate::error::TableError;
use crate::host::Host;
use crate::steps::join::JoinParams;
use crate::steps::keys::{KeyKind, KeyTable, encode, kind_of_pair};
use crate::steps::param_error;
use crate::table::Table;
use crate::view::gather::NO_ROW;
use crate::view::slices::row_slices;

/// Key columns of both tables, and how they are compared.
pub(super) struct Keys<'a> {
    pub(super) left: Vec<(&'a Column, KeyKind)>,
    pub(super) right: Vec<(&'a Column, KeyKind)>,
}

impl<'a> Keys<'a> {
    pub(super) fn new(
        params: &JoinParams,
        left: &'a Table,
        right: &'a Table,
    ) -> Result<Self, TableError> {
        let right_names = match params.right_keys.is_empty() {
            true => &params.left_keys,
            false => &params.right_keys,
        };
        let n_left = params.left_keys.len();
        if n_left == 0 {
            return Err(param_error(
                "left_keys",
                "name the columns whose values must be equal",
            ));
        }
        if right_names.len() != n_left {
            let reason = format!("{n_left} left keys, but {} right ones", right_names.len());
            return Err(param_error("right_keys", reason));
        }
        let mut keys = Self {
            left: Vec::new(),
            right: Vec::new(),
        };
        for (left_name, right_name) in params.left_keys.iter().zip(right_names) {
            let (a, b) = (left.column(left_name)?, right.column(right_name)?);
            let kind = kind_of_pair(a, b)?;
            keys.left.push((a, kind));
            keys.right.push((b, kind));
        }
        Ok(keys)
    }
}

pub(super) fn columns_of<'a>(keys: &[(&'a Column, KeyKind)]) -> Vec<&'a Column> {
    keys.iter().map(|(column, _)| *column).collect()
}

/// Right rows by key, each list in row order.
pub(super) struct RightRows {
    pub(super) known: KeyTable,
    pub(super) first: Vec<u32>,
    pub(super) count: Vec<u32>,
    /// The next row with the same key.
    pub(super) next: Vec<u32>,
}

pub(super) async fn right_rows(
    keys: &Keys<'_>,
    n_rows: usize,
    host: &dyn Host,
) -> Result<RightRows, TableError> {
    let mut rows = RightRows {
        known: KeyTable::new(),
        first: Vec::new(),
        count: Vec::new(),
        next: vec![NO_ROW; n_rows],
    };
    let mut last: Vec<u32> = Vec::new();
    for slice in row_slices(&columns_of(&keys.right), n_rows) {
        host.progress("Reading keys", slice.start as u64, n_rows as u64);
        host.checkpoint().await?;
        let encoded = encode(&keys.right, slice.clone())?;
        for (idx, row) in slice.enumerate() {
            if encoded.any_missing[idx] {
                continue;
            }
            let key = rows.known.insert(encoded.get(idx)) as usize;
            // Row numbers fit: the table was checked.
            let row_number = row as u32;
            if key == rows.first.len() {
                rows.first.push(row_number);
                rows.count.push(1);
                last.push(row_number);
            } else {
                rows.next[last[key] as usize] = row_number;
                last[key] = row_number;
                rows.count[key] += 1;
            }
        }
    }
    Ok(rows)
}
