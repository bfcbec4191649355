//! Which rows of a columnar file are read when not all are.

use std::ops::Range;

use sluice_protocol::load::{LoadEstimate, LoadVerdict};

use crate::error::TableError;
use crate::read::options::LoadOptions;

/// The share of the rows to read; `None` for all of them.
///
/// # Errors
///
/// [`TableError::TooLarge`] if the share asked for does not fit, or none does.
pub(crate) fn share_to_read(
    file: &str,
    estimate: &LoadEstimate,
    options: &LoadOptions,
) -> Result<Option<f64>, TableError> {
    let too_large = |needed_bytes: u64, advice: String| TableError::TooLarge {
        what: format!("reading {file}"),
        needed_bytes,
        budget_bytes: estimate.budget_bytes,
        advice,
    };
    match (options.sample_share, &estimate.verdict) {
        (Some(share), _) => {
            let needed_bytes = (share * estimate.memory_bytes as f64) as u64;
            if needed_bytes > estimate.budget_bytes {
                return Err(too_large(
                    needed_bytes,
                    "lower the sample share or choose fewer columns".to_owned(),
                ));
            }
            Ok((share < 1.0).then_some(share))
        }
        (None, LoadVerdict::Fits) => Ok(None),
        (None, LoadVerdict::Sample { share }) => Ok(Some(*share)),
        (None, LoadVerdict::Refuse { reason }) => {
            Err(too_large(estimate.memory_bytes, reason.clone()))
        }
    }
}

/// Which rows of which groups a sample takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Sample {
    All,
    /// Whole groups, evenly spaced.
    Groups {
        share: f64,
    },
    /// Evenly spaced runs of rows in every group.
    Runs {
        share: f64,
    },
}

/// With fewer groups than this in the sample, it is taken from all of them instead.
const SAMPLE_GROUPS_MIN: f64 = 8.0;
/// Runs per group: enough to see a trend in the file, long enough to hold whole pages.
const SAMPLE_RUNS: usize = 16;

impl Sample {
    pub(crate) fn new(share: Option<f64>, n_groups: usize) -> Self {
        match share {
            None => Self::All,
            Some(share) if share * n_groups as f64 >= SAMPLE_GROUPS_MIN => Self::Groups { share },
            Some(share) => Self::Runs { share },
        }
    }

    /// Rows of group `group_idx`, which has `n_rows`, as ascending ranges; empty to skip it.
    pub(crate) fn rows(self, group_idx: usize, n_rows: usize) -> Vec<Range<usize>> {
        match self {
            Self::All => std::iter::once(0..n_rows).collect(),
            Self::Groups { share } => {
                // Group i is taken when the running share passes a whole number there.
                let taken = |n_groups: usize| (n_groups as f64 * share).floor();
                if taken(group_idx + 1) > taken(group_idx) {
                    std::iter::once(0..n_rows).collect()
                } else {
                    Vec::new()
                }
            }
            Self::Runs { share } => {
                let n_taken = ((n_rows as f64 * share).ceil() as usize).min(n_rows);
                let n_runs = SAMPLE_RUNS.min(n_taken);
                (0..n_runs)
                    .map(|run| {
                        let start = n_rows * run / n_runs;
                        let length = n_taken * (run + 1) / n_runs - n_taken * run / n_runs;
                        start..start + length
                    })
                    .collect()
            }
        }
    }

    /// In words, where `group` is "row group" or "record batch".
    pub(crate) fn method(self, group: &str) -> Option<String> {
        match self {
            Self::All => None,
            Self::Groups { share } => {
                Some(format!("one in {:.0} {group}s, evenly spaced", 1.0 / share))
            }
            Self::Runs { share } => Some(format!(
                "{SAMPLE_RUNS} evenly spaced runs of rows of each {group}, {:.1} % of it",
                share * 100.0
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_evenly_spaced_and_of_the_share_asked_for() {
        let check = |share: f64, groups: &[usize]| {
            let sample = Sample::new(Some(share), groups.len());
            let taken: usize = groups
                .iter()
                .enumerate()
                .flat_map(|(group_idx, &n_rows)| {
                    let runs = sample.rows(group_idx, n_rows);
                    assert!(
                        runs.windows(2).all(|pair| pair[0].end <= pair[1].start),
                        "{runs:?}"
                    );
                    assert!(runs.iter().all(|run| run.end <= n_rows), "{runs:?}");
                    runs
                })
                .map(|run| run.len())
                .sum();
            let expected = share * groups.iter().sum::<usize>() as f64;
            assert!(
                (taken as f64 - expected).abs() <= 0.15 * expected + 1.0,
                "{taken} of {expected}"
            );
        };
        check(0.1, &[1000; 200]);
        check(0.5, &[1000; 20]);
        check(0.1, &[1_000_000]);
        check(0.001, &[10_000, 500]);
        check(0.9, &[7, 7]);
        check(1.0, &[5]);
    }
}
