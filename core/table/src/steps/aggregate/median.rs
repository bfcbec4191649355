//! Medians of all groups by one sort.

use crate::error::TableError;
use crate::host::Host;
use crate::view::column_order::float_key;
use crate::view::slices::SLICE_ROWS;
use crate::view::sorter::{Entry, TieCost, sorted};

/// The entry of a value in a group.
pub(super) fn entry(value: f64, group: u32) -> Entry {
    let key = if value.is_nan() {
        u64::MAX
    } else {
        float_key(value)
    };
    Entry { key, row: group }
}

/// The values in the middle of a group.
#[derive(Clone, Copy, Default)]
pub(super) struct Middle {
    n: u32,
    n_seen: u32,
    low: f64,
    high: f64,
}

impl Middle {
    /// `None` for a group without values.
    pub(super) fn median(self) -> Option<f64> {
        let halfway = match self.low == self.high {
            true => self.low,
            // The sum of two large numbers may overflow, that of their halves does not.
            false => self.low / 2.0 + self.high / 2.0,
        };
        (self.n > 0).then_some(halfway)
    }
}

/// The middle of each group.
pub(super) async fn middles(
    values: Vec<Entry>,
    n_groups: usize,
    host: &dyn Host,
) -> Result<Vec<Middle>, TableError> {
    let mut middles = vec![Middle::default(); n_groups];
    for slice in values.chunks(SLICE_ROWS) {
        host.checkpoint().await?;
        slice
            .iter()
            .for_each(|entry| middles[entry.row as usize].n += 1);
    }
    let by_value = sorted(values, TieCost::Low, &|a, b| a.cmp(&b), host).await?;
    for slice in by_value.chunks(SLICE_ROWS) {
        host.checkpoint().await?;
        for entry in slice {
            let middle = &mut middles[entry.row as usize];
            let value = value_of_key(entry.key);
            if middle.n_seen == (middle.n - 1) / 2 {
                middle.low = value;
            }
            if middle.n_seen == middle.n / 2 {
                middle.high = value;
            }
            // NaN comes last, so one NaN in the group shows at its end.
            if value.is_nan() {
                (middle.low, middle.high) = (value, value);
            }
            middle.n_seen += 1;
        }
    }
    Ok(middles)
}

/// The inverse of [`float_key`], with the last key for NaN.
fn value_of_key(key: u64) -> f64 {
    match key {
        u64::MAX => f64::NAN,
        key if key >> 63 == 1 => f64::from_bits(key ^ (1 << 63)),
        key => f64::from_bits(!key),
    }
}
