//! What reading showed: guesses that only the whole file settles, and issues.

use std::collections::BTreeMap;

use sluice_analysis::{Params, Value};
use sluice_protocol::load::{Guess, LoadIssue};

use super::decide::Sniffed;
use super::pass::Pass;
use super::split::ProblemKind;
use crate::read::column::Kind;
use crate::read::options::LoadOptions;
use crate::read::report::{guess, issue};
use crate::read::values::NULL_WORDS;

/// What only reading showed: the words for a missing value, and types that the sample had wrong.
pub(super) fn later_guesses(
    pass: &Pass,
    sniffed: &Sniffed,
    options: &LoadOptions,
    again: &BTreeMap<usize, Kind>,
) -> Vec<Guess> {
    let words: Vec<Value> = match &options.null_values {
        Some(words) => words
            .iter()
            .map(|word| Value::from(word.as_str()))
            .collect(),
        None => {
            let met = pass
                .columns
                .iter()
                .fold(0, |met, state| met | state.stats.null_words);
            let is_met = |at: &usize| met & (1 << at) != 0;
            NULL_WORDS
                .iter()
                .enumerate()
                .filter(|(at, _)| is_met(at))
                .map(|(_, word)| (*word).into())
                .collect()
        }
    };
    let mut guesses = vec![guess(
        "null_values",
        Value::List(words),
        "empty fields are missing values, and these words are in columns of numbers, dates or booleans",
        &[],
        options.null_values.is_some(),
    )];
    if !again.is_empty() || !options.types.is_empty() {
        let mut types = Params::new();
        for (column, kind) in again {
            types.insert(sniffed.names[*column].clone(), Value::from(kind.name()));
        }
        types.extend(
            options
                .types
                .iter()
                .map(|(name, kind)| (name.clone(), Value::from(kind.name()))),
        );
        guesses.push(guess(
            "types",
            Value::Map(types),
            format!(
                "later values of {} did not fit the type that the first ones have, so they were read a second time",
                listed(again, &sniffed.names)
            ),
            &[],
            !options.types.is_empty(),
        ));
    }
    guesses
}

/// The issues that are described, and the number of those that are only counted.
pub(super) fn issues_of(file: &str, pass: &Pass, sniffed: &Sniffed) -> (Vec<LoadIssue>, u64) {
    let mut issues = Vec::new();
    let mut n_uncounted = pass.n_problems - pass.problems.len() as u64;
    let n_columns = sniffed.names.len();
    for renamed in &sniffed.renamed {
        let reason = if renamed.from.is_empty() {
            format!(
                "column {} has no name and is called “{}”",
                renamed.column_idx + 1,
                renamed.to
            )
        } else {
            format!(
                "a column before has the name “{}” too, so this one is called “{}”",
                renamed.from, renamed.to
            )
        };
        issues.push(issue(file, None, Some(&renamed.to), reason));
    }
    for problem in &pass.problems {
        let reason = match &problem.kind {
            ProblemKind::TooFew { found } => {
                format!(
                    "{found} fields where {n_columns} are expected; the rest of the row is missing values"
                )
            }
            ProblemKind::TooMany { found, first } => {
                format!(
                    "{found} fields where {n_columns} are expected; “{first}” and what follows was left out"
                )
            }
            ProblemKind::UnclosedQuote => {
                "a quoted field is never closed, so its quote was read as an ordinary character"
                    .to_owned()
            }
            ProblemKind::TextAfterQuote => {
                "text between a closing quote and the next delimiter was kept".to_owned()
            }
            ProblemKind::TooLong => "the record is longer than 8 MB and was cut there".to_owned(),
        };
        issues.push(issue(
            file,
            problem.line,
            None,
            pass.located(problem.slice_at, problem.line, reason),
        ));
    }
    for (name, state) in sniffed.names.iter().zip(&pass.columns) {
        let stats = &state.stats;
        let expected = state.kind().map_or("text", Kind::name);
        for misfit in &state.misfits {
            let reason = format!(
                "“{}” is no {expected} and became a missing value",
                misfit.text
            );
            issues.push(issue(
                file,
                misfit.line,
                Some(name),
                pass.located(misfit.slice_at, misfit.line, reason),
            ));
        }
        n_uncounted += stats.n_misfits - state.misfits.len() as u64;
        if stats.n_cut > 0 {
            let reason = format!(
                "{} date-times have digits below a microsecond, which were cut",
                stats.n_cut
            );
            issues.push(issue(file, None, Some(name), reason));
        }
    }
    if pass.n_replaced > 0 {
        let reason = format!(
            "{} byte sequences are not valid in the encoding and became U+FFFD; set another encoding if text looks wrong",
            pass.n_replaced
        );
        issues.push(issue(file, None, None, reason));
    }
    if n_columns == 1 && pass.n_blank_lines > 0 {
        issues.push(issue(
            file,
            None,
            None,
            format!("{} blank lines were skipped", pass.n_blank_lines),
        ));
    }
    if let Some(reason) = &pass.broken_off {
        issues.push(issue(
            file,
            None,
            None,
            format!("only a part was read: {reason}"),
        ));
    }
    (issues, n_uncounted)
}

pub(super) fn listed(columns: &BTreeMap<usize, Kind>, names: &[String]) -> String {
    let names: Vec<&str> = columns
        .keys()
        .filter_map(|column| names.get(*column))
        .map(String::as_str)
        .collect();
    match names.as_slice() {
        [first, second, third, rest @ ..] if !rest.is_empty() => {
            format!("{first}, {second}, {third} and {} more", rest.len())
        }
        names => names.join(", "),
    }
}
