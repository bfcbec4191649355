//! Guesses, issues and the memory decision, written the same way by every format.

use sluice_analysis::Value;
use sluice_protocol::load::{Guess, LoadEstimate, LoadIssue, LoadVerdict, Sampling};

use crate::error::TableError;
use crate::load::Issues;
use crate::read::block::Part;
use crate::read::options::LoadOptions;

pub(crate) fn guess(
    name: &str,
    value: impl Into<Value>,
    reason: impl Into<String>,
    choices: &[&str],
    overridden: bool,
) -> Guess {
    let reason = if overridden {
        "set by you".to_owned()
    } else {
        reason.into()
    };
    let choices = choices.iter().map(|choice| Value::from(*choice)).collect();
    Guess {
        name: name.to_owned(),
        value: value.into(),
        reason,
        overridden,
        choices,
    }
}

/// An issue of a place in a file.
pub(crate) fn issue(
    file: &str,
    row: Option<u64>,
    column: Option<&str>,
    reason: impl Into<String>,
) -> LoadIssue {
    LoadIssue {
        file: file.to_owned(),
        row,
        column: column.map(str::to_owned),
        reason: reason.into(),
    }
}

/// Issues of the whole file first, then those with a row, by row and column. What was only counted is added.
pub(crate) fn sorted_issues(mut issues: Vec<LoadIssue>, n_uncounted: u64) -> Issues {
    issues.sort_by(|a, b| (a.row, &a.column, &a.reason).cmp(&(b.row, &b.column, &b.reason)));
    let mut sorted = Issues::default();
    issues.into_iter().for_each(|issue| sorted.push(issue));
    sorted.add_uncounted(n_uncounted);
    sorted
}

/// Shares below this are no sample of anything.
const SHARE_MIN: f64 = 1e-4;
/// A proposed sample fills this much of the budget: the estimate may be off by a quarter.
const SAMPLE_FILL: f64 = 0.8;

/// The verdict on an expected size.
pub(crate) fn estimate_from(
    file_bytes: u64,
    memory_bytes: u64,
    budget_bytes: u64,
    can_sample: bool,
    columns: Vec<(String, u64)>,
) -> LoadEstimate {
    let share = SAMPLE_FILL * budget_bytes as f64 / memory_bytes.max(1) as f64;
    let verdict = if memory_bytes <= budget_bytes {
        LoadVerdict::Fits
    } else if !can_sample {
        LoadVerdict::Refuse {
            reason: "this format is read whole; convert it to CSV, JSONL or Parquet".to_owned(),
        }
    } else if share < SHARE_MIN {
        LoadVerdict::Refuse {
            reason: "less than one row in 10,000 would fit; choose fewer columns".to_owned(),
        }
    } else {
        LoadVerdict::Sample { share }
    };
    LoadEstimate {
        file_bytes,
        memory_bytes,
        budget_bytes,
        verdict,
        columns,
    }
}

/// What part to read: all, the share asked for, or the share that fits.
///
/// # Errors
///
/// [`TableError::TooLarge`] if the share asked for does not fit, or none does.
pub(crate) fn part_to_read(
    file: &str,
    estimate: &LoadEstimate,
    options: &LoadOptions,
    text_bytes: u64,
) -> Result<Part, TableError> {
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
                return Err(too_large(needed_bytes, "lower the sample share".to_owned()));
            }
            Ok(Part::of_share(share, text_bytes))
        }
        (None, LoadVerdict::Fits) => Ok(Part::All),
        (None, LoadVerdict::Sample { share }) => Ok(Part::of_share(*share, text_bytes)),
        (None, LoadVerdict::Refuse { reason }) => {
            Err(too_large(estimate.memory_bytes, reason.clone()))
        }
    }
}

/// How the rows were chosen, for what was read of `part`.
pub(crate) fn sampling(part: &Part, share: f64) -> Option<Sampling> {
    match part {
        Part::All => None,
        Part::Slices { slice_bytes, every } => Some(Sampling {
            method: format!(
                "one in {every} slices of {:.1} MB, evenly spaced; row counts are those of the sample",
                *slice_bytes as f64 / 1e6
            ),
            share,
        }),
    }
}

/// Stops a load whose estimate was far too low before it fills the heap.
///
/// # Errors
///
/// [`TableError::TooLarge`] above the budget by more than a quarter.
pub(crate) fn check_budget(
    file: &str,
    memory_bytes: u64,
    budget_bytes: u64,
) -> Result<(), TableError> {
    if memory_bytes <= budget_bytes.saturating_add(budget_bytes / 4) {
        return Ok(());
    }
    Err(TableError::TooLarge {
        what: format!("reading {file}"),
        needed_bytes: memory_bytes,
        budget_bytes,
        advice: "set a sample share or choose fewer columns".to_owned(),
    })
}
