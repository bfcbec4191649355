//! Bins with round edges, one byte per row saying which bin it is in, and counts of those bytes.
//!
//! Codes are computed once per column; every filter change then only recounts bytes.
//! Non-finite and missing values have codes of their own.

mod edges;

use self::edges::{Decimal, log_edges, resolution};
use crate::Error;
use crate::bits::set_bits;

/// Bins of one histogram at most; codes from here on are reserved.
pub const MAX_BINS: usize = 250;
/// Finite value below the first edge.
pub const CODE_BELOW: u8 = 250;
/// Finite value above the last edge.
pub const CODE_ABOVE: u8 = 251;
pub const CODE_NEGATIVE_INFINITY: u8 = 252;
pub const CODE_POSITIVE_INFINITY: u8 = 253;
pub const CODE_NAN: u8 = 254;
/// Never given by this module; callers write it for nulls.
pub const CODE_MISSING: u8 = 255;

/// Number of rows with each code.
pub type CodeCounts = [u64; 256];

/// How edges are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinKind {
    /// Equal widths of 1, 2 or 5 times a power of ten; a bin is `[low, high)`, the last `[low, high]`.
    Linear,
    /// As `Linear` with whole widths, for columns of integers; every bin is `[low, high)`, so that
    /// each holds equally many integers.
    Integer,
    /// Edges at powers of ten or at 1, 2, 5 or 1, 2, …, 9 times them; bins as in `Linear`.
    Log10,
}

/// What [`Bins::nice`] is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct BinConfig {
    pub kind: BinKind,
    /// Lower end of what must be covered, in the unit of the values: the minimum, or a low
    /// quantile where outliers shall go to [`CODE_BELOW`]. Above 0 for `Log10`.
    pub min: f64,
    /// Upper end of what must be covered, inclusive.
    pub max: f64,
    /// 1–200. Round edges need two bins more at most.
    pub target_bins: usize,
}

/// Consecutive bins, at most [`MAX_BINS`].
#[derive(Clone, Debug, PartialEq)]
pub struct Bins {
    edges: Vec<f64>,
    kind: BinKind,
    /// Of bins of equal width: leads straight to the bin, where others need a search.
    bins_per_unit: Option<f64>,
}

impl Bins {
    /// Bins with round edges that cover `config.min..=config.max`.
    ///
    /// # Errors
    ///
    /// Returns [`Error::OutOfRange`] for bounds that are not finite, out of order, or not
    /// positive for `Log10`, and for a target outside 1–200.
    ///
    /// # Source
    ///
    /// The 1-2-5 rule: Dixon and Kronmal, “The choice of origin and scale for graphs”, 1965.
    ///
    /// # Example
    ///
    /// ```
    /// use sluice_stats::histogram::{BinConfig, BinKind, Bins};
    ///
    /// let config = BinConfig { kind: BinKind::Linear, min: 0.13, max: 0.88, target_bins: 4 };
    /// assert_eq!(Bins::nice(&config)?.edges(), [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]);
    /// # Ok::<(), sluice_stats::Error>(())
    /// ```
    pub fn nice(config: &BinConfig) -> Result<Self, Error> {
        let BinConfig {
            kind,
            min,
            max,
            target_bins,
        } = *config;
        let check = |valid: bool, parameter, requirement, value: f64| {
            if valid {
                Ok(())
            } else {
                Err(Error::OutOfRange {
                    parameter,
                    requirement,
                    value,
                })
            }
        };
        check(min.is_finite(), "lower bound", "finite", min)?;
        check(
            max.is_finite() && min <= max,
            "upper bound",
            "finite and not below the lower",
            max,
        )?;
        check(
            kind != BinKind::Log10 || min > 0.0,
            "lower bound",
            "positive on a log scale",
            min,
        )?;
        let in_range = (1..=200).contains(&target_bins);
        check(in_range, "number of bins", "in 1–200", target_bins as f64)?;
        let edges = match kind {
            BinKind::Log10 => log_edges(min, max, target_bins),
            BinKind::Linear => {
                let width = (max / target_bins as f64 - min / target_bins as f64).max(0.0);
                let least = if min == max {
                    min.abs().max(1.0) * 0.1
                } else {
                    0.0
                };
                let step = Decimal::at_least(width.max(least).max(resolution(min, max)));
                step.multiples_around(min, max, |edge| edge >= max)
            }
            BinKind::Integer => {
                let width = max / target_bins as f64 - min / target_bins as f64;
                // As many integers as `target_bins` may each have their own bin.
                let single = max - min + 1.0 <= target_bins as f64;
                let width = if single { 1.0 } else { width.max(1.0) };
                let step = Decimal::at_least(width.max(resolution(min, max)));
                step.multiples_around(min.floor(), max, |edge| edge > max)
            }
        };
        let width = edges[edges.len() - 1] - edges[0];
        let equal_widths = kind != BinKind::Log10 && width.is_finite();
        let bins_per_unit = equal_widths.then(|| (edges.len() - 1) as f64 / width);
        Ok(Self {
            edges,
            kind,
            bins_per_unit,
        })
    }

    /// Bins with edges of the caller's choice, such as the first days of months; a bin is
    /// `[low, high)`, the last `[low, high]`.
    ///
    /// # Errors
    ///
    /// Returns [`Error::OutOfRange`] unless there are 2–251 edges, finite and ascending.
    pub fn from_edges(edges: Vec<f64>) -> Result<Self, Error> {
        let n_edges = edges.len();
        let refuse = |requirement, value| {
            Err(Error::OutOfRange {
                parameter: "edge",
                requirement,
                value,
            })
        };
        if !(2..=MAX_BINS + 1).contains(&n_edges) {
            return refuse("one of 2–251", n_edges as f64);
        }
        if let Some(&edge) = edges.iter().find(|edge| !edge.is_finite()) {
            return refuse("finite", edge);
        }
        if let Some(pair) = edges.windows(2).find(|pair| pair[0] >= pair[1]) {
            return refuse("above the one before", pair[1]);
        }
        Ok(Self {
            edges,
            kind: BinKind::Linear,
            bins_per_unit: None,
        })
    }

    /// Edges in ascending order, one more than bins, in the unit of the values.
    pub fn edges(&self) -> &[f64] {
        &self.edges
    }

    pub fn kind(&self) -> BinKind {
        self.kind
    }

    pub fn n_bins(&self) -> usize {
        self.edges.len() - 1
    }

    /// Appends one code per value.
    pub fn append_codes(&self, values: &[f64], codes: &mut Vec<u8>) {
        let (first, last) = (self.edges[0], self.edges[self.n_bins()]);
        let last_bin = self.n_bins() - 1;
        let closed = self.kind != BinKind::Integer;
        codes.extend(values.iter().map(|&value| {
            if !(first <= value && (value < last || closed && value == last)) {
                return self.code_outside(value);
            }
            let mut bin = match self.bins_per_unit {
                Some(bins_per_unit) => ((value - first) * bins_per_unit) as usize,
                None => self
                    .edges
                    .partition_point(|&edge| edge <= value)
                    .saturating_sub(1),
            }
            .min(last_bin);
            // The quotient may be off by one; the edges decide.
            while value < self.edges[bin] {
                bin -= 1;
            }
            while bin < last_bin && self.edges[bin + 1] <= value {
                bin += 1;
            }
            bin as u8
        }));
    }

    #[cold]
    fn code_outside(&self, value: f64) -> u8 {
        match value {
            f64::INFINITY => CODE_POSITIVE_INFINITY,
            f64::NEG_INFINITY => CODE_NEGATIVE_INFINITY,
            _ if value.is_nan() => CODE_NAN,
            _ if value < self.edges[0] => CODE_BELOW,
            _ => CODE_ABOVE,
        }
    }
}

/// Counts every row.
pub fn count_codes(codes: &[u8]) -> CodeCounts {
    // Four tables, because counting runs of one code in one table waits for each store.
    let mut tables = [[0_u64; 256]; 4];
    let (quads, rest) = codes.as_chunks::<4>();
    for quad in quads {
        for (table, &code) in tables.iter_mut().zip(quad) {
            table[usize::from(code)] += 1;
        }
    }
    rest.iter()
        .for_each(|&code| tables[0][usize::from(code)] += 1);
    let mut counts = [0; 256];
    for table in &tables {
        counts
            .iter_mut()
            .zip(table)
            .for_each(|(count, part)| *count += part);
    }
    counts
}

/// Counts the selected rows.
///
/// `selection` has one bit per row, 64 to a word, lowest first ([`crate::bits::Bitmap::words`]);
/// rows without a bit are not selected.
pub fn count_codes_filtered(codes: &[u8], selection: &[u64]) -> CodeCounts {
    let mut tables = [[0_u64; 256]; 2];
    for (rows, &word) in codes.chunks(64).zip(selection) {
        match word.count_ones() {
            0 => {}
            // Few: visit the ones. Many: visit all and add the bit, without branches.
            n_set if n_set < 24 => {
                for bit in set_bits(word) {
                    if let Some(&code) = rows.get(bit) {
                        tables[bit & 1][usize::from(code)] += 1;
                    }
                }
            }
            _ => {
                let mut bits = word;
                for (bit, &code) in rows.iter().enumerate() {
                    tables[bit & 1][usize::from(code)] += bits & 1;
                    bits >>= 1;
                }
            }
        }
    }
    let [mut counts, odd] = tables;
    counts
        .iter_mut()
        .zip(odd)
        .for_each(|(count, odd)| *count += odd);
    counts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::bits::Bitmap;

    fn bins(kind: BinKind, min: f64, max: f64, target_bins: usize) -> Bins {
        Bins::nice(&BinConfig {
            kind,
            min,
            max,
            target_bins,
        })
        .unwrap()
    }

    fn check(kind: BinKind, (min, max): (f64, f64), target_bins: usize, expected: &[f64]) {
        let bins = bins(kind, min, max, target_bins);
        assert_eq!(bins.edges(), expected, "{kind:?} edges for {min}–{max}");
    }

    #[test]
    fn edges_are_round() {
        use BinKind::*;
        check(Linear, (0.0, 10.0), 5, &[0.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
        check(Linear, (0.3, 0.6), 3, &[0.3, 0.4, 0.5, 0.6]);
        check(
            Linear,
            (-7.0, 12.0),
            4,
            &[-10.0, -5.0, 0.0, 5.0, 10.0, 15.0],
        );
        check(Linear, (5.0, 5.0), 10, &[5.0, 5.5]);
        check(Linear, (0.0, 0.0), 10, &[0.0, 0.1]);
        check(Integer, (1.0, 4.0), 10, &[1.0, 2.0, 3.0, 4.0, 5.0]);
        check(
            Integer,
            (0.0, 10.0),
            5,
            &[0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0],
        );
        check(Integer, (3.0, 3.0), 10, &[3.0, 4.0]);
        check(
            Log10,
            (1.0, 100.0),
            6,
            &[1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0],
        );
        check(
            Log10,
            (0.003, 7000.0),
            10,
            &[0.001, 0.01, 0.1, 1.0, 10.0, 100.0, 1000.0, 10000.0],
        );
        check(
            Log10,
            (1.0, 1e12),
            6,
            &[1.0, 1e2, 1e4, 1e6, 1e8, 1e10, 1e12],
        );
    }

    #[test]
    fn impossible_bins_are_refused() {
        for (kind, min, max, target_bins) in [
            (BinKind::Linear, 1.0, 0.0, 10),
            (BinKind::Linear, f64::NAN, 0.0, 10),
            (BinKind::Linear, 0.0, f64::INFINITY, 10),
            (BinKind::Log10, 0.0, 1.0, 10),
            (BinKind::Linear, 0.0, 1.0, 0),
            (BinKind::Linear, 0.0, 1.0, 201),
        ] {
            let refused = Bins::nice(&BinConfig {
                kind,
                min,
                max,
                target_bins,
            });
            assert!(
                matches!(refused, Err(Error::OutOfRange { .. })),
                "{kind:?} {min}–{max}"
            );
        }
    }

    #[test]
    fn edges_may_be_given() {
        let months = Bins::from_edges(vec![0.0, 31.0, 59.0, 90.0]).unwrap();
        let mut codes = Vec::new();
        months.append_codes(&[0.0, 30.9, 31.0, 58.0, 59.0, 90.0, 90.1, -1.0], &mut codes);
        assert_eq!(codes, [0, 0, 1, 1, 2, 2, CODE_ABOVE, CODE_BELOW]);
        for edges in [
            vec![0.0],
            vec![0.0, 0.0],
            vec![1.0, 0.0],
            vec![0.0, f64::NAN],
            vec![0.0; 300],
        ] {
            assert!(Bins::from_edges(edges).is_err());
        }
    }

    #[test]
    fn values_get_the_code_of_their_bin() {
        let mut codes = Vec::new();
        let values = [
            0.3,
            0.39,
            0.4,
            0.6,
            0.29,
            0.61,
            f64::NAN,
            f64::INFINITY,
            f64::NEG_INFINITY,
        ];
        bins(BinKind::Linear, 0.3, 0.6, 3).append_codes(&values, &mut codes);
        assert_eq!(
            codes,
            [0, 0, 1, 2, CODE_BELOW, CODE_ABOVE, CODE_NAN, 253, 252]
        );
        codes.clear();
        bins(BinKind::Integer, 1.0, 3.0, 9).append_codes(&[1.0, 3.0, 4.0, 0.0], &mut codes);
        assert_eq!(codes, [0, 2, CODE_ABOVE, CODE_BELOW]);
    }

    proptest! {
        #[test]
        fn bins_cover_their_range_and_contain_their_values(
            ends in (any::<f64>(), any::<f64>()).prop_filter("finite", |(a, b)| a.is_finite() && b.is_finite()),
            target_bins in 1usize..=200,
            between in prop::collection::vec(0.0..=1.0, 20),
        ) {
            let (min, max) = (ends.0.min(ends.1), ends.0.max(ends.1));
            let kinds = [
                (BinKind::Linear, min, max),
                (BinKind::Integer, min.trunc(), max.trunc()),
                (BinKind::Log10, min.abs().min(max.abs()).max(1e-300), min.abs().max(max.abs()).max(1e-300)),
            ];
            for (kind, min, max) in kinds {
                let bins = bins(kind, min, max, target_bins);
                let edges = bins.edges();
                prop_assert!(edges.is_sorted_by(|a, b| a < b), "{kind:?}: {edges:?}");
                prop_assert!(bins.n_bins() <= (target_bins + 2).min(MAX_BINS), "{}", bins.n_bins());
                prop_assert!(edges[0] <= min && max <= edges[bins.n_bins()], "{kind:?} {edges:?}");
                let values: Vec<f64> = between.iter().map(|t| min * (1.0 - t) + max * t).collect();
                let mut codes = Vec::new();
                bins.append_codes(&values, &mut codes);
                for (&value, &code) in values.iter().zip(&codes) {
                    if min <= value && value <= max && code < CODE_BELOW {
                        let bin = usize::from(code);
                        let inside = value < edges[bin + 1] || bin + 1 == bins.n_bins();
                        prop_assert!(edges[bin] <= value && inside, "{value} in bin {bin}");
                    }
                }
            }
        }

        #[test]
        fn filtered_counts_are_counts_of_selected_rows(
            rows in prop::collection::vec((any::<u8>(), 0u8..8), 0..1_000),
            density in 0u8..=8,
        ) {
            let codes: Vec<u8> = rows.iter().map(|row| row.0).collect();
            let selection = Bitmap::from_fn(rows.len(), |row| rows[row].1 < density);
            let kept: Vec<u8> = selection.iter_ones().map(|row| codes[row]).collect();
            prop_assert_eq!(count_codes_filtered(&codes, selection.words()), count_codes(&kept));
        }
    }
}
