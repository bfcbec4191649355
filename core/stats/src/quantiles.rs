//! Exact quantiles of columns of any length, without sorting or copying them.
//!
//! A [`QuantilePass`] counts values by the leading bits of an order-preserving integer key and
//! then looks closer only where a wanted rank lies: two passes for most columns, six
//! at worst (64-bit keys with very many equal values). Non-finite values are skipped. Counting is exact, so chunks and merges in any
//! order give the same result.

use std::marker::PhantomData;

use crate::Error;

/// Bits of the key that the first pass resolves.
const FIRST_DIGIT_BITS: u32 = 16;

/// Bits that each further counting pass resolves: fewer, because it has counters for every
/// window, of which there are two per probability at most.
const DIGIT_BITS: u32 = 12;

/// Once so few values are left around the wanted ranks they are collected and sorted,
/// which takes about 10 ms.
const MAX_COLLECTED: u64 = 1 << 18;

/// Slices up to this length are collected at once: counters would cost more than the sort.
const MAX_SORTED: usize = 1 << 14;

/// Values with an order-preserving map to `u64`.
pub trait Ordered: Copy {
    /// `None` for values without a rank (NaN and infinities).
    fn key(self) -> Option<u64>;
    fn from_key(key: u64) -> Self;
    /// Nearest `f64`.
    fn to_f64(self) -> f64;
}

impl Ordered for f64 {
    #[inline]
    fn key(self) -> Option<u64> {
        let bits = (self + 0.0).to_bits();
        // Negative numbers: flip all bits; others: flip the sign.
        self.is_finite()
            .then_some(bits ^ ((bits as i64 >> 63) as u64 | 1 << 63))
    }

    fn from_key(key: u64) -> Self {
        Self::from_bits(if key >> 63 == 1 { key ^ 1 << 63 } else { !key })
    }

    fn to_f64(self) -> f64 {
        self
    }
}

impl Ordered for i64 {
    #[inline]
    fn key(self) -> Option<u64> {
        Some(self as u64 ^ 1 << 63)
    }

    fn from_key(key: u64) -> Self {
        (key ^ 1 << 63) as Self
    }

    fn to_f64(self) -> f64 {
        self as f64
    }
}

/// What a finished pass leads to.
#[derive(Clone, Debug)]
pub enum QuantileStep<T> {
    /// Feed the same values to this pass.
    Again(QuantilePass<T>),
    /// One quantile per probability, in the order asked for; empty if there were no values.
    Done(Vec<f64>),
}

/// One look at every value of a column; see the module.
///
/// # Formula
///
/// Type 7: with the sorted values `x₀ … x₍ₙ₋₁₎` and `h = (n − 1) p`, the quantile is
/// `x_⌊h⌋ + (h − ⌊h⌋)(x_⌈h⌉ − x_⌊h⌋)`.
///
/// # Source
///
/// Hyndman and Fan, “Sample quantiles in statistical packages”, 1996
/// (the default of NumPy, R and Excel's PERCENTILE.INC).
///
/// # Example
///
/// ```
/// use sluice_stats::quantiles::{QuantilePass, QuantileStep};
///
/// let chunks = [[4.0, 1.0], [3.0, 2.0]];
/// let mut pass = QuantilePass::new(&[0.5], 1.0, 4.0)?;
/// let quantiles = loop {
///     chunks.iter().for_each(|chunk| pass.update(chunk));
///     match pass.finish() {
///         QuantileStep::Again(next) => pass = next,
///         QuantileStep::Done(quantiles) => break quantiles,
///     }
/// };
/// assert_eq!(quantiles, [2.5]);
/// # Ok::<(), sluice_stats::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct QuantilePass<T> {
    probs: Vec<f64>,
    /// Number of ranked values, known after the first pass.
    n: Option<u64>,
    min_key: u64,
    /// Largest offset of a key from `min_key`.
    span: u64,
    /// Ascending and disjoint; offsets outside all of them are no longer of interest.
    windows: Vec<Window>,
    /// Index of the first window that may contain an offset, by the offset's leading digit.
    window_of_digit: Vec<u16>,
    leading_shift: u32,
    task: Task,
    value: PhantomData<T>,
}

/// A range of offsets, both ends inclusive.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Window {
    first: u64,
    last: u64,
    n_before: u64,
    n_inside: u64,
}

#[derive(Clone, Debug)]
enum Task {
    /// Count by `(offset − window.first) >> shift`, `n_digits` counters for each window.
    Count {
        shift: u32,
        n_digits: usize,
        counters: Vec<u64>,
    },
    Collect {
        offsets: Vec<u64>,
    },
}

const NO_WINDOW: u16 = u16::MAX;

impl<T: Ordered> QuantilePass<T> {
    /// Starts the first pass.
    ///
    /// `probs` are at most 256 numbers in 0–1, in any order.
    /// `min` and `max` are the extremes of the values (any bounds do, but close ones
    /// save passes); values beyond them count as equal to the bound.
    ///
    /// # Errors
    ///
    /// Returns [`Error::OutOfRange`] for a probability outside 0–1, for too many of them, and
    /// for bounds that are not finite or out of order.
    pub fn new(probs: &[f64], min: T, max: T) -> Result<Self, Error> {
        let out_of_range = |parameter, requirement, value| Error::OutOfRange {
            parameter,
            requirement,
            value,
        };
        if let Some(&prob) = probs.iter().find(|prob| !(0.0..=1.0).contains(*prob)) {
            return Err(out_of_range("probability", "in 0–1", prob));
        }
        if probs.len() > 256 {
            return Err(out_of_range(
                "number of quantiles",
                "at most 256",
                probs.len() as f64,
            ));
        }
        let bound_error = |bound: T| out_of_range("bound", "finite and in order", bound.to_f64());
        let min_key = min.key().ok_or_else(|| bound_error(min))?;
        let max_key = max.key().ok_or_else(|| bound_error(max))?;
        let span = max_key
            .checked_sub(min_key)
            .ok_or_else(|| bound_error(max))?;
        let shift = (u64::BITS - span.leading_zeros()).saturating_sub(FIRST_DIGIT_BITS);
        let n_digits = (span >> shift) as usize + 1;
        Ok(Self {
            probs: probs.to_vec(),
            n: None,
            min_key,
            span,
            windows: vec![Window {
                first: 0,
                last: span,
                n_before: 0,
                n_inside: 0,
            }],
            window_of_digit: vec![0; n_digits],
            leading_shift: shift,
            task: Task::Count {
                shift,
                n_digits,
                counters: vec![0; n_digits],
            },
            value: PhantomData,
        })
    }

    pub fn update(&mut self, values: &[T]) {
        let Self {
            windows,
            window_of_digit,
            leading_shift,
            task,
            ..
        } = self;
        let (min_key, span) = (self.min_key, self.span);
        let offsets = values
            .iter()
            .filter_map(|value| value.key())
            .map(|key| key.saturating_sub(min_key).min(span));
        let window_idx = |offset: u64| {
            let mut idx = window_of_digit[(offset >> *leading_shift) as usize] as usize;
            loop {
                let window = windows.get(idx)?;
                if offset <= window.last {
                    return (window.first <= offset).then_some((idx, window.first));
                }
                idx += 1;
            }
        };
        match task {
            Task::Count {
                shift, counters, ..
            } if self.n.is_none() => {
                offsets.for_each(|offset| counters[(offset >> *shift) as usize] += 1);
            }
            Task::Count {
                shift,
                n_digits,
                counters,
            } => {
                for (offset, (idx, first)) in offsets.filter_map(|o| Some((o, window_idx(o)?))) {
                    counters[idx * *n_digits + ((offset - first) >> *shift) as usize] += 1;
                }
            }
            Task::Collect { offsets: collected } => {
                collected.extend(offsets.filter(|&offset| window_idx(offset).is_some()));
            }
        }
    }

    /// # Errors
    ///
    /// Returns [`Error::MergeMismatch`] if the two are not the same pass for the same question.
    pub fn merge(&mut self, other: &Self) -> Result<(), Error> {
        let question = |pass: &Self| (pass.n, pass.min_key, pass.span);
        let same = question(self) == question(other)
            && self.probs == other.probs
            && self.windows == other.windows;
        match (&mut self.task, &other.task) {
            (
                Task::Count { counters, .. },
                Task::Count {
                    counters: others, ..
                },
            ) if same => {
                counters
                    .iter_mut()
                    .zip(others)
                    .for_each(|(count, other)| *count += other);
                Ok(())
            }
            (Task::Collect { offsets }, Task::Collect { offsets: others }) if same => {
                offsets.extend_from_slice(others);
                Ok(())
            }
            _ => Err(Error::MergeMismatch {
                setting: "their pass over the values",
            }),
        }
    }

    /// Ends a pass that has seen every value.
    ///
    /// # Panics
    ///
    /// May panic if a later pass was fed other values than the first.
    pub fn finish(mut self) -> QuantileStep<T> {
        let n_seen = match &self.task {
            Task::Count { counters, .. } => counters.iter().sum(),
            Task::Collect { offsets } => offsets.len() as u64,
        };
        let n = *self.n.get_or_insert(n_seen);
        if n == 0 {
            return QuantileStep::Done(Vec::new());
        }
        let ranks = self.wanted_ranks(n);
        match self.task {
            Task::Collect { mut offsets } => {
                offsets.sort_unstable();
                let mut n_collected_before = 0;
                let mut offset_of_rank = Vec::with_capacity(ranks.len());
                let mut windows = self.windows.iter().peekable();
                for &rank in &ranks {
                    while let Some(window) =
                        windows.next_if(|window| window.n_before + window.n_inside <= rank)
                    {
                        n_collected_before += window.n_inside;
                    }
                    let n_before = windows.peek().map_or(0, |window| window.n_before);
                    offset_of_rank.push(offsets[(n_collected_before + rank - n_before) as usize]);
                }
                let found = (ranks, offset_of_rank);
                QuantileStep::Done(interpolated::<T>(&self.probs, n, self.min_key, &found))
            }
            Task::Count {
                shift,
                n_digits,
                counters,
            } => {
                let windows = narrowed(&self.windows, &ranks, shift, &counters, n_digits);
                if shift == 0 {
                    let offset_of_rank = ranks
                        .iter()
                        .map(|&rank| windows[window_of_rank(&windows, rank)].first)
                        .collect();
                    let found = (ranks, offset_of_rank);
                    return QuantileStep::Done(interpolated::<T>(
                        &self.probs,
                        n,
                        self.min_key,
                        &found,
                    ));
                }
                let n_left: u64 = windows.iter().map(|window| window.n_inside).sum();
                self.task = if n_left <= MAX_COLLECTED {
                    Task::Collect {
                        offsets: Vec::new(),
                    }
                } else {
                    let next_shift = shift.saturating_sub(DIGIT_BITS);
                    let n_digits = 1 << (shift - next_shift);
                    let counters = vec![0; n_digits * windows.len()];
                    Task::Count {
                        shift: next_shift,
                        n_digits,
                        counters,
                    }
                };
                self.window_of_digit.fill(NO_WINDOW);
                for (idx, window) in windows.iter().enumerate().rev() {
                    self.window_of_digit[(window.first >> self.leading_shift) as usize] =
                        idx as u16;
                }
                self.windows = windows;
                QuantileStep::Again(self)
            }
        }
    }

    /// Ranks between which the quantiles lie, ascending.
    fn wanted_ranks(&self, n: u64) -> Vec<u64> {
        let mut ranks: Vec<u64> = self
            .probs
            .iter()
            .flat_map(|&prob| {
                let (below, above, _) = position(prob, n);
                [below, above]
            })
            .collect();
        ranks.sort_unstable();
        ranks.dedup();
        ranks
    }
}

/// The ranks next to the quantile and its share of the way from one to the other.
fn position(prob: f64, n: u64) -> (u64, u64, f64) {
    let h = (n - 1) as f64 * prob;
    let below = (h.floor() as u64).min(n - 1);
    (below, (below + 1).min(n - 1), h - h.floor())
}

/// Index of the window that holds the value of `rank`.
fn window_of_rank(windows: &[Window], rank: u64) -> usize {
    windows
        .partition_point(|window| window.n_before <= rank)
        .saturating_sub(1)
}

/// The digits of `windows` that hold the values of `ranks`, as windows of their own.
fn narrowed(
    windows: &[Window],
    ranks: &[u64],
    shift: u32,
    counters: &[u64],
    n_digits: usize,
) -> Vec<Window> {
    let mut narrow: Vec<Window> = Vec::with_capacity(ranks.len());
    let mut ranks = ranks.iter().copied().peekable();
    for (window, counts) in windows.iter().zip(counters.chunks_exact(n_digits)) {
        let mut n_before = window.n_before;
        for (digit, &n_inside) in counts.iter().enumerate() {
            let mut wanted = false;
            while ranks.next_if(|&rank| rank < n_before + n_inside).is_some() {
                wanted = true;
            }
            if wanted {
                let first = window.first + ((digit as u64) << shift);
                let last = (first + ((1 << shift) - 1)).min(window.last);
                narrow.push(Window {
                    first,
                    last,
                    n_before,
                    n_inside,
                });
            }
            n_before += n_inside;
        }
    }
    narrow
}

fn interpolated<T: Ordered>(
    probs: &[f64],
    n: u64,
    min_key: u64,
    (ranks, offsets): &(Vec<u64>, Vec<u64>),
) -> Vec<f64> {
    let value_of = |rank: u64| {
        let offset = offsets[ranks.partition_point(|&known| known < rank)];
        T::from_key(min_key + offset).to_f64()
    };
    let quantile = |&prob: &f64| {
        let (below, above, share) = position(prob, n);
        let (low, high) = (value_of(below), value_of(above));
        let step = high - low;
        if step.is_finite() {
            low + step * share
        } else {
            low * (1.0 - share) + high * share
        }
    };
    probs.iter().map(quantile).collect()
}

/// Quantiles of a whole slice, one per probability; empty if no value is finite.
///
/// See [`QuantilePass`] for the definition.
///
/// # Errors
///
/// Returns [`Error::OutOfRange`] for a probability outside 0–1 and for more than 256 of them.
pub fn quantiles<T: Ordered>(values: &[T], probs: &[f64]) -> Result<Vec<f64>, Error> {
    let keys = || values.iter().filter_map(|value| value.key());
    let min = T::from_key(keys().min().unwrap_or(1 << 63));
    let max = T::from_key(keys().max().unwrap_or(1 << 63));
    let mut pass = QuantilePass::new(probs, min, max)?;
    if values.len() <= MAX_SORTED {
        pass.task = Task::Collect {
            offsets: Vec::new(),
        };
    }
    loop {
        pass.update(values);
        match pass.finish() {
            QuantileStep::Again(next) => pass = next,
            QuantileStep::Done(quantiles) => return Ok(quantiles),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PROBS: [f64; 7] = [0.5, 0.0, 0.005, 0.25, 0.9, 0.995, 1.0];

    fn by_sorting<T: Ordered>(values: &[T], probs: &[f64]) -> Vec<f64> {
        let mut keys: Vec<u64> = values.iter().filter_map(|value| value.key()).collect();
        keys.sort_unstable();
        let ranks = (0..keys.len() as u64).collect();
        match keys.len() {
            0 => Vec::new(),
            n => interpolated::<T>(probs, n as u64, 0, &(ranks, keys)),
        }
    }

    /// Merges one pass per chunk, in reverse order.
    fn by_passes<T: Ordered>(values: &[T], bounds: (T, T), chunk_len: usize) -> (Vec<f64>, usize) {
        let mut pass = QuantilePass::new(&PROBS, bounds.0, bounds.1).unwrap();
        for n_passes in 1.. {
            let fresh = pass.clone();
            for chunk in values.chunks(chunk_len).rev() {
                let mut part = fresh.clone();
                part.update(chunk);
                pass.merge(&part).unwrap();
            }
            match pass.finish() {
                QuantileStep::Again(next) => pass = next,
                QuantileStep::Done(quantiles) => return (quantiles, n_passes),
            }
        }
        unreachable!("passes end when no bits are left")
    }

    fn check(values: &[f64], probs: &[f64], expected: &[f64]) {
        assert_eq!(
            quantiles(values, probs).unwrap(),
            expected,
            "quantiles of {values:?}"
        );
    }

    #[test]
    fn type_seven_interpolates_between_order_statistics() {
        check(&[], &[0.5], &[]);
        check(&[f64::NAN, f64::INFINITY], &[0.5], &[]);
        check(&[7.0], &[0.0, 0.5, 1.0], &[7.0, 7.0, 7.0]);
        check(
            &[3.0, 1.0, 2.0, 4.0],
            &[0.25, 0.5, 0.75],
            &[1.75, 2.5, 3.25],
        );
        check(&[3.0, f64::NAN, 1.0, f64::NEG_INFINITY], &[0.5], &[2.0]);
        check(&[-0.0, 0.0], &[0.0], &[0.0]);
        check(&[-f64::MAX, f64::MAX], &[0.5, 1.0], &[0.0, f64::MAX]);
        // numpy.quantile([15, 20, 35, 40, 50], [.05, .3, .4, .95])
        check(
            &[15.0, 20.0, 35.0, 40.0, 50.0],
            &[0.05, 0.3, 0.4, 0.95],
            &[16.0, 23.0, 29.0, 48.0],
        );
    }

    #[test]
    fn probabilities_and_bounds_are_checked() {
        assert!(matches!(
            quantiles(&[1.0], &[1.5]),
            Err(Error::OutOfRange { value: 1.5, .. })
        ));
        assert!(quantiles(&[1.0], &[f64::NAN]).is_err());
        assert!(quantiles(&[1.0], &[0.5; 257]).is_err());
        assert!(QuantilePass::new(&[0.5], 2.0, 1.0).is_err());
        assert!(QuantilePass::new(&[0.5], f64::NAN, 1.0).is_err());
    }

    #[test]
    fn few_integers_need_one_pass() {
        let values: Vec<i64> = (0..100_000).map(|i| i * i % 1_000 - 500).collect();
        let (found, n_passes) = by_passes(&values, (-500, 499), 10_000);
        assert_eq!((found, n_passes), (by_sorting(&values, &PROBS), 1));
    }

    #[test]
    fn masses_of_equal_values_are_refined() {
        let values: Vec<f64> = (0..600_000)
            .map(|i| if i % 3 == 0 { i as f64 } else { 0.1 })
            .collect();
        let (found, n_passes) = by_passes(&values, (-1e300, 1e300), 100_000);
        assert_eq!(found, by_sorting(&values, &PROBS));
        assert!(n_passes <= 6, "{n_passes} passes");
    }

    #[test]
    fn different_passes_do_not_merge() {
        let mut pass = QuantilePass::new(&[0.5], 0.0, 1.0).unwrap();
        let other = QuantilePass::new(&[0.5], 0.0, 2.0).unwrap();
        assert!(matches!(
            pass.merge(&other),
            Err(Error::MergeMismatch { .. })
        ));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]

        #[test]
        fn chunks_and_bounds_do_not_matter(
            values in prop::collection::vec(any::<f64>(), 1..300),
            chunk_len in 1usize..300,
        ) {
            let expected = by_sorting(&values, &PROBS);
            let (found, _) = by_passes(&values, (-f64::MAX, f64::MAX), chunk_len.max(60));
            prop_assert_eq!(&found, &expected);
            prop_assert_eq!(&quantiles(&values, &PROBS).unwrap(), &expected);
        }

        #[test]
        fn integers_of_any_size_are_ranked(values in prop::collection::vec(any::<i64>(), 1..300)) {
            let (found, _) = by_passes(&values, (i64::MIN, i64::MAX), 100);
            prop_assert_eq!(found, by_sorting(&values, &PROBS));
        }
    }
}
