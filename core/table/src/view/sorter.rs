//! A merge sort that can be interrupted: runs of bounded length, merged in blocks.

use std::cmp::Ordering;

use crate::error::TableError;
use crate::host::Host;

/// What is sorted: a key that decides most comparisons, and the row that it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) key: u64,
    pub(crate) row: u32,
}

/// How expensive it is to order two entries of equal keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TieCost {
    /// Numbers at hand.
    Low,
    /// Texts or several columns, somewhere in memory.
    High,
}

impl TieCost {
    /// Run lengths that take 5 to 8 ms natively, and about twice that in wasm:
    /// 17 comparisons of 3 ns an entry, or 13 of 60 ns.
    fn run_len(self) -> usize {
        match self {
            Self::Low => 1 << 17,
            Self::High => 1 << 13,
        }
    }

    fn block_len(self) -> usize {
        match self {
            Self::Low => 1 << 18,
            Self::High => 1 << 16,
        }
    }
}

/// Sorts by key, then by `tie` of the rows. The order is total when `tie` is, and then it does not
/// depend on the order of `entries`.
///
/// # Errors
///
/// [`TableError::Cancelled`], within a run or a block.
pub(crate) async fn sorted(
    mut entries: Vec<Entry>,
    cost: TieCost,
    tie: &dyn Fn(u32, u32) -> Ordering,
    host: &dyn Host,
) -> Result<Vec<Entry>, TableError> {
    const STAGE: &str = "Sorting";
    let n = entries.len();
    let compare = |a: &Entry, b: &Entry| a.key.cmp(&b.key).then_with(|| tie(a.row, b.row));
    let n_merges = n
        .div_ceil(cost.run_len())
        .max(1)
        .next_power_of_two()
        .ilog2();
    let n_steps = n as u64 * u64::from(1 + n_merges);
    let mut n_done = 0;
    for run in entries.chunks_mut(cost.run_len()) {
        host.progress(STAGE, n_done, n_steps);
        host.checkpoint().await?;
        run.sort_unstable_by(compare);
        n_done += run.len() as u64;
    }
    let mut merged = Vec::new();
    let mut width = cost.run_len();
    while width < n {
        merged.clear();
        merged.reserve_exact(n);
        for start in (0..n).step_by(2 * width) {
            let end = (start + 2 * width).min(n);
            let (left, right) = entries[start..end].split_at(width.min(end - start));
            let mut runs = Runs { left, right };
            while !runs.left.is_empty() || !runs.right.is_empty() {
                host.progress(STAGE, n_done, n_steps);
                host.checkpoint().await?;
                let n_before = merged.len();
                merge_block(&mut runs, cost.block_len(), &mut merged, &compare);
                n_done += (merged.len() - n_before) as u64;
            }
        }
        std::mem::swap(&mut entries, &mut merged);
        width *= 2;
    }
    Ok(entries)
}

/// What is left of two sorted runs.
struct Runs<'a> {
    left: &'a [Entry],
    right: &'a [Entry],
}

fn merge_block(
    runs: &mut Runs<'_>,
    n_most: usize,
    out: &mut Vec<Entry>,
    compare: &impl Fn(&Entry, &Entry) -> Ordering,
) {
    let mut n_left = n_most;
    while n_left > 0 {
        let ([left, ..], [right, ..]) = (runs.left, runs.right) else {
            break;
        };
        if compare(right, left).is_lt() {
            out.push(*right);
            runs.right = &runs.right[1..];
        } else {
            out.push(*left);
            runs.left = &runs.left[1..];
        }
        n_left -= 1;
    }
    if runs.left.is_empty() || runs.right.is_empty() {
        for rest in [&mut runs.left, &mut runs.right] {
            let (taken, kept) = rest.split_at(rest.len().min(n_left));
            out.extend_from_slice(taken);
            *rest = kept;
            n_left -= taken.len();
        }
    }
}
