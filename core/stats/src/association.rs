//! How strongly two columns go together: numbers with numbers, categories with categories,
//! categories with numbers.
//!
//! Pairs in which a number is not finite are left out; each result says how many were used.
//! Coefficients agree to 1e-9 between platforms and orders of rows, not to the last bit;
//! p-values to 1e-6 relative. [`Contingency`] counts exactly, whatever the chunks.

mod contingency;

use statrs::distribution::{ContinuousCDF, FisherSnedecor, StudentsT};

pub use self::contingency::Contingency;
use crate::Error;
use crate::exact_sum::ExactSum;

/// A coefficient and its test against “no association”.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Association {
    /// Number of pairs used.
    pub n: u64,
    /// `None` where it is undefined: too few pairs, or a column that does not vary.
    pub coefficient: Option<f64>,
    /// In 0–1; `None` where the coefficient is, and without degrees of freedom.
    pub p_value: Option<f64>,
}

/// Pearson's product-moment correlation.
///
/// `x` and `y` are paired by position. The coefficient is in −1–1 and needs two pairs.
///
/// # Formula
///
/// `r = Σ (x − x̄)(y − ȳ) / √(Σ (x − x̄)² · Σ (y − ȳ)²)`; the p-value is two-sided, from
/// `t = r √((n − 2) / (1 − r²))` with `n − 2` degrees of freedom.
///
/// # Errors
///
/// Returns [`Error::LengthMismatch`] if the slices differ in length.
///
/// # Source
///
/// As `scipy.stats.pearsonr`.
///
/// # Example
///
/// ```
/// use sluice_stats::association::pearson;
///
/// let rising = pearson(&[1.0, 2.0, 3.0], &[10.0, 20.0, 30.0])?;
/// assert!(rising.coefficient.is_some_and(|r| (r - 1.0).abs() < 1e-12));
/// # Ok::<(), sluice_stats::Error>(())
/// ```
pub fn pearson(x: &[f64], y: &[f64]) -> Result<Association, Error> {
    let (x, y) = complete_pairs(x, y)?;
    Ok(correlation(&x, &y))
}

/// Spearman's rank correlation: Pearson's of the ranks, equal values sharing their mean rank.
///
/// Shapes, ranges, errors and p-value as for [`pearson`]. Sorts: `n log n`.
///
/// # Source
///
/// As `scipy.stats.spearmanr`.
pub fn spearman(x: &[f64], y: &[f64]) -> Result<Association, Error> {
    let (x, y) = complete_pairs(x, y)?;
    Ok(correlation(&average_ranks(&x), &average_ranks(&y)))
}

/// Ranks from 1; equal values share the mean of their ranks. Values must not be NaN.
pub fn average_ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    // Adding +0 makes −0 and 0 equal in the total order too.
    order.sort_unstable_by(|&a, &b| (values[a] + 0.0).total_cmp(&(values[b] + 0.0)));
    let mut ranks = vec![0.0; values.len()];
    let mut n_before = 0;
    for ties in order.chunk_by(|&a, &b| values[a] == values[b]) {
        let rank = n_before as f64 + (ties.len() + 1) as f64 / 2.0;
        ties.iter().for_each(|&idx| ranks[idx] = rank);
        n_before += ties.len();
    }
    ranks
}

/// Correlation ratio η of numbers by category: the share of standard deviation that lies
/// between categories, in 0–1.
///
/// `categories[i]` is the category of `values[i]`: small numbers, as codes of a dictionary.
///
/// # Formula
///
/// `η = √(SS_between / SS_total)`; the p-value is that of the one-way analysis of variance,
/// `F = (SS_between / (k − 1)) / (SS_within / (n − k))`.
///
/// # Errors
///
/// Returns [`Error::LengthMismatch`] if the slices differ in length.
///
/// # Source
///
/// Fisher, “Statistical Methods for Research Workers”, 1925; F as `scipy.stats.f_oneway`.
pub fn correlation_ratio(categories: &[u32], values: &[f64]) -> Result<Association, Error> {
    if categories.len() != values.len() {
        return Err(Error::LengthMismatch {
            left: categories.len(),
            right: values.len(),
        });
    }
    let (categories, values): (Vec<u32>, Vec<f64>) = categories
        .iter()
        .zip(values)
        .filter(|(_, value)| value.is_finite())
        .unzip();
    let n = values.len() as u64;
    let deviations = scaled_deviations(&values);
    let n_codes = categories.iter().max().map_or(0, |&code| code as usize + 1);
    let mut groups = vec![(0_u64, 0.0); n_codes];
    for (&category, deviation) in categories.iter().zip(&deviations) {
        let (n_in_group, sum) = &mut groups[category as usize];
        *n_in_group += 1;
        *sum += deviation;
    }
    groups.retain(|&(n_in_group, _)| n_in_group > 0);
    let total: f64 = deviations
        .iter()
        .map(|deviation| deviation * deviation)
        .sum();
    let between: f64 = groups.iter().map(|&(n, sum)| sum * sum / n as f64).sum();
    if total == 0.0 || groups.len() < 2 {
        return Ok(Association {
            n,
            coefficient: None,
            p_value: None,
        });
    }
    let ratio = (between / total).clamp(0.0, 1.0);
    let (df_between, df_within) = (
        (groups.len() - 1) as f64,
        (n as usize - groups.len()) as f64,
    );
    let f = (ratio / df_between) / ((1.0 - ratio) / df_within);
    let p_value = match f {
        _ if df_within == 0.0 => None,
        f64::INFINITY => Some(0.0),
        _ => FisherSnedecor::new(df_between, df_within)
            .ok()
            .map(|law| law.sf(f)),
    };
    Ok(Association {
        n,
        coefficient: Some(ratio.sqrt()),
        p_value,
    })
}

fn complete_pairs(x: &[f64], y: &[f64]) -> Result<(Vec<f64>, Vec<f64>), Error> {
    if x.len() != y.len() {
        return Err(Error::LengthMismatch {
            left: x.len(),
            right: y.len(),
        });
    }
    Ok(x.iter()
        .zip(y)
        .filter(|(x, y)| x.is_finite() && y.is_finite())
        .unzip())
}

fn correlation(x: &[f64], y: &[f64]) -> Association {
    let n = x.len() as u64;
    let (dx, dy) = (scaled_deviations(x), scaled_deviations(y));
    let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let norm = (product(&dx, &dx) * product(&dy, &dy)).sqrt();
    if norm == 0.0 {
        return Association {
            n,
            coefficient: None,
            p_value: None,
        };
    }
    let r = (product(&dx, &dy) / norm).clamp(-1.0, 1.0);
    let df = n as f64 - 2.0;
    let t = r * (df / ((1.0 - r) * (1.0 + r))).sqrt();
    let p_value = match t.abs() {
        _ if df <= 0.0 => None,
        f64::INFINITY => Some(0.0),
        t => StudentsT::new(0.0, 1.0, df)
            .ok()
            .map(|law| (2.0 * law.sf(t)).min(1.0)),
    };
    Association {
        n,
        coefficient: Some(r),
        p_value,
    }
}

/// Deviations from the mean, divided by the largest, so that their squares neither overflow
/// nor vanish; zeros for a constant.
fn scaled_deviations(values: &[f64]) -> Vec<f64> {
    let mut sum = ExactSum::new();
    values.iter().for_each(|&value| sum.add(value * 0.5));
    let half_mean = sum.mean_of(values.len() as u64).unwrap_or(0.0);
    let constant = values.windows(2).all(|pair| pair[0] == pair[1]);
    let halves = values.iter().map(|value| value * 0.5 - half_mean);
    let largest = halves
        .clone()
        .fold(0.0, |largest: f64, half| largest.max(half.abs()));
    // The rounded mean of a constant may differ from it.
    let scale = if constant || largest == 0.0 {
        f64::INFINITY
    } else {
        largest
    };
    halves.map(|half| half / scale).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn check(found: Association, n: u64, expected: Option<(f64, f64)>) {
        let near = |found: Option<f64>, expected: f64, tolerance: f64| {
            found.is_some_and(|found| {
                (found - expected).abs() <= tolerance * expected.abs().max(1e-12)
            })
        };
        assert_eq!(found.n, n);
        match expected {
            Some((coefficient, p_value)) => assert!(
                near(found.coefficient, coefficient, 1e-9) && near(found.p_value, p_value, 1e-6),
                "{found:?} for {coefficient}, {p_value}"
            ),
            None => assert_eq!((found.coefficient, found.p_value), (None, None)),
        }
    }

    #[test]
    fn correlations_match_scipy() {
        // scipy 1.17.1: pearsonr, spearmanr.
        let x = [
            106.0, 100.0, 86.0, 101.0, 99.0, 103.0, 97.0, 113.0, 112.0, 110.0,
        ];
        let y = [7.0, 27.0, 2.0, 50.0, 28.0, 29.0, 20.0, 12.0, 6.0, 17.0];
        check(
            pearson(&x, &y).unwrap(),
            10,
            Some((-0.07021632602905671, 0.8471568394789463)),
        );
        check(
            spearman(&x, &y).unwrap(),
            10,
            Some((-0.17575757575757575, 0.6271883447764846)),
        );
        let x = [1.0, 2.0, 2.0, 3.0, 4.0, 4.0, 4.0, 5.0];
        let y = [2.0, 1.0, 3.0, 3.0, 5.0, 4.0, 6.0, 6.0];
        check(
            pearson(&x, &y).unwrap(),
            8,
            Some((0.8767227853705732, 0.004261325702533633)),
        );
        check(
            spearman(&x, &y).unwrap(),
            8,
            Some((0.9007775105401477, 0.0022640090646742616)),
        );
    }

    #[test]
    fn incomplete_and_constant_columns() {
        let nan = f64::NAN;
        check(
            pearson(&[1.0, nan, 2.0, 3.0], &[2.0, 1.0, 4.0, 6.0]).unwrap(),
            3,
            Some((1.0, 0.0)),
        );
        check(
            pearson(&[0.1; 7], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]).unwrap(),
            7,
            None,
        );
        check(spearman(&[], &[]).unwrap(), 0, None);
        let two = pearson(&[1.0, 2.0], &[5.0, 3.0]).unwrap();
        assert_eq!(
            (two.coefficient.map(f64::round), two.p_value),
            (Some(-1.0), None)
        );
        let wide = pearson(&[f64::MAX, -f64::MAX, 0.0], &[1e-300, -1e-300, 0.0]).unwrap();
        assert!(
            wide.coefficient.is_some_and(|r| (r - 1.0).abs() < 1e-9),
            "{wide:?}"
        );
        assert!(matches!(
            pearson(&[1.0], &[]),
            Err(Error::LengthMismatch { left: 1, right: 0 })
        ));
    }

    #[test]
    fn the_correlation_ratio_matches_one_way_anova() {
        // scipy 1.17.1: f_oneway gives F = 14.223776223776223.
        let groups: [&[f64]; 3] = [
            &[45.0, 70.0, 29.0, 15.0, 21.0],
            &[40.0, 20.0, 30.0, 42.0],
            &[65.0, 95.0, 80.0, 70.0, 85.0, 73.0],
        ];
        let pairs = [7, 2, 5]
            .into_iter()
            .zip(groups)
            .flat_map(|(category, values)| values.iter().map(move |&value| (category, value)));
        let (categories, values): (Vec<u32>, Vec<f64>) = pairs.unzip();
        let found = correlation_ratio(&categories, &values).unwrap();
        check(found, 15, Some((0.8386414621724166, 0.000681920890799404)));
        check(correlation_ratio(&[1, 1], &[3.0, 4.0]).unwrap(), 2, None);
        check(
            correlation_ratio(&[0, 0, 1, 1], &[1.0, 1.0, 2.0, 2.0]).unwrap(),
            4,
            Some((1.0, 0.0)),
        );
    }
}
