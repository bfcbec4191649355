//! How strongly two categories go together.

use statrs::distribution::{ChiSquared, ContinuousCDF};

use super::Association;
use crate::Error;

/// Counts of pairs of categories.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contingency {
    n_columns: usize,
    /// Row by row.
    counts: Vec<u64>,
}

impl Contingency {
    pub fn new(n_rows: usize, n_columns: usize) -> Self {
        Self {
            n_columns,
            counts: vec![0; n_rows * n_columns],
        }
    }

    /// Counts pairs of codes; pairs with a code at or beyond the table's size are left out,
    /// so that reserved codes can say “missing”.
    ///
    /// # Errors
    ///
    /// Returns [`Error::LengthMismatch`] if the slices differ in length.
    pub fn update(&mut self, rows: &[u32], columns: &[u32]) -> Result<(), Error> {
        if rows.len() != columns.len() {
            return Err(Error::LengthMismatch {
                left: rows.len(),
                right: columns.len(),
            });
        }
        for (&row, &column) in rows.iter().zip(columns) {
            let (row, column) = (row as usize, column as usize);
            if column < self.n_columns
                && let Some(count) = self.counts.get_mut(row * self.n_columns + column)
            {
                *count += 1;
            }
        }
        Ok(())
    }

    /// # Errors
    ///
    /// Returns [`Error::MergeMismatch`] if the tables differ in shape.
    pub fn merge(&mut self, other: &Self) -> Result<(), Error> {
        if (self.n_columns, self.counts.len()) != (other.n_columns, other.counts.len()) {
            return Err(Error::MergeMismatch {
                setting: "the shape of their tables",
            });
        }
        self.counts
            .iter_mut()
            .zip(&other.counts)
            .for_each(|(count, other)| *count += other);
        Ok(())
    }

    /// Cramér's V, corrected for its bias in small samples, in 0–1.
    ///
    /// # Formula
    ///
    /// With `φ² = χ²/n` over the `r` rows and `c` columns that occur:
    /// `φ̃² = max(0, φ² − (r − 1)(c − 1)/(n − 1))`, `r̃ = r − (r − 1)²/(n − 1)`, `c̃` alike,
    /// `V = √(φ̃² / min(r̃ − 1, c̃ − 1))`. The p-value is that of Pearson's χ² test without
    /// continuity correction; it is rough where expected counts are below 5.
    ///
    /// # Source
    ///
    /// Bergsma, “A bias-correction for Cramér's V and Tschuprow's T”, 2013.
    pub fn cramers_v(&self) -> Association {
        let Margins { n, rows, columns } = self.margins();
        let undefined = Association {
            n,
            coefficient: None,
            p_value: None,
        };
        let n_used = |margin: &[u64]| margin.iter().filter(|&&count| count > 0).count() as f64;
        let (r, c) = (n_used(&rows), n_used(&columns));
        if r < 2.0 || c < 2.0 {
            return undefined;
        }
        let n_pairs = n as f64;
        let phi2 = self
            .cells(&rows, &columns)
            .map(Cell::share_of_product)
            .sum::<f64>()
            - 1.0;
        let corrected = (phi2 - (r - 1.0) * (c - 1.0) / (n_pairs - 1.0)).max(0.0);
        let shrunk = |size: f64| size - (size - 1.0) * (size - 1.0) / (n_pairs - 1.0);
        let largest = (shrunk(r) - 1.0).min(shrunk(c) - 1.0);
        let p_value = ChiSquared::new((r - 1.0) * (c - 1.0))
            .ok()
            .map(|law| law.sf((phi2 * n_pairs).max(0.0)));
        // `largest` is 0 only if every pair is of a category of its own.
        let coefficient = (largest > 0.0).then(|| (corrected / largest).sqrt().min(1.0));
        Association {
            n,
            coefficient,
            p_value,
        }
    }

    /// Mutual information of the two categories in nats, at least 0; `None` without pairs.
    ///
    /// # Formula
    ///
    /// `Σ p_ij · ln(p_ij / (p_i· p_·j))`, the plug-in estimate, biased upwards by about
    /// `(r − 1)(c − 1) / 2n`.
    ///
    /// # Source
    ///
    /// Cover and Thomas, “Elements of Information Theory”, 2006, equation 2.28.
    pub fn mutual_information(&self) -> Option<f64> {
        let Margins { n, rows, columns } = self.margins();
        let n_pairs = n as f64;
        let term = |cell: Cell| {
            let count = cell.count as f64;
            let ratio = count * n_pairs / (cell.row as f64 * cell.column as f64);
            count / n_pairs * libm::log(ratio)
        };
        (n > 0).then(|| self.cells(&rows, &columns).map(term).sum::<f64>().max(0.0))
    }

    fn margins(&self) -> Margins {
        let rows: Vec<u64> = self
            .counts
            .chunks(self.n_columns.max(1))
            .map(|row| row.iter().sum())
            .collect();
        let mut columns = vec![0; self.n_columns];
        for row in self.counts.chunks(self.n_columns.max(1)) {
            columns
                .iter_mut()
                .zip(row)
                .for_each(|(column, count)| *column += count);
        }
        Margins {
            n: rows.iter().sum(),
            rows,
            columns,
        }
    }

    /// The cells that are not empty.
    fn cells(&self, rows: &[u64], columns: &[u64]) -> impl Iterator<Item = Cell> {
        self.counts
            .chunks(self.n_columns.max(1))
            .zip(rows)
            .flat_map(move |(counts, &row)| {
                counts
                    .iter()
                    .zip(columns)
                    .map(move |(&count, &column)| Cell { count, row, column })
            })
            .filter(|cell| cell.count > 0)
    }
}

struct Margins {
    n: u64,
    rows: Vec<u64>,
    columns: Vec<u64>,
}

/// A count with the totals of its row and column.
struct Cell {
    count: u64,
    row: u64,
    column: u64,
}

impl Cell {
    /// `n_ij² / (n_i· n_·j)`: these sum to `χ²/n + 1`.
    fn share_of_product(self) -> f64 {
        (self.count as f64 / self.row as f64) * (self.count as f64 / self.column as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;
    use super::*;

    fn table(counts: &[&[u64]]) -> Contingency {
        Contingency {
            n_columns: counts[0].len(),
            counts: counts.concat(),
        }
    }

    #[test]
    fn cramers_v_matches_scipy() {
        // scipy 1.17.1: chi2_contingency(correction=False); V corrected by Bergsma's formula.
        let related = table(&[&[30, 5, 5], &[4, 28, 8]]);
        check(
            related.cramers_v(),
            80,
            Some((0.6616548951157538, 1.1254679582523342e-08)),
        );
        let unrelated = table(&[&[10, 20, 30], &[6, 9, 17]]);
        check(unrelated.cramers_v(), 92, Some((0.0, 0.873028283380073)));
        // Categories that do not occur change nothing.
        let padded = table(&[&[30, 0, 5, 5], &[0, 0, 0, 0], &[4, 0, 28, 8]]);
        check(
            padded.cramers_v(),
            80,
            Some((0.6616548951157538, 1.1254679582523342e-08)),
        );
        check(table(&[&[3, 4]]).cramers_v(), 7, None);
        check(Contingency::new(0, 0).cramers_v(), 0, None);
    }

    #[test]
    fn mutual_information_is_in_nats() {
        let found = table(&[&[30, 5, 5], &[4, 28, 8]]).mutual_information();
        assert!(
            found.is_some_and(|nats| (nats - 0.25548952586852414).abs() < 1e-12),
            "{found:?}"
        );
        assert_eq!(Contingency::new(2, 2).mutual_information(), None);
    }

    #[test]
    fn pairs_are_counted_in_any_chunks() {
        let (rows, columns) = ([0, 1, 1, 9, 0], [2, 0, 2, 0, 7]);
        let mut whole = Contingency::new(2, 3);
        whole.update(&rows, &columns).unwrap();
        assert_eq!(whole, table(&[&[0, 0, 1], &[1, 0, 1]]));
        let mut merged = Contingency::new(2, 3);
        for (rows, columns) in rows.chunks(2).zip(columns.chunks(2)).rev() {
            let mut part = Contingency::new(2, 3);
            part.update(rows, columns).unwrap();
            merged.merge(&part).unwrap();
        }
        assert_eq!(merged, whole);
        assert!(whole.merge(&Contingency::new(3, 2)).is_err());
    }
}
