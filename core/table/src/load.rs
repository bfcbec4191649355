//! What loading gives: the table, what was guessed, what was wrong.

use sluice_protocol::load::{Guess, LoadIssue, Sampling};

use crate::table::Table;

/// A loaded table and everything a person must know about how it came about.
#[derive(Clone, Debug)]
pub struct Loaded {
    pub table: Table,
    /// "csv", "jsonl", "parquet", …
    pub format: String,
    pub guesses: Vec<Guess>,
    pub issues: Issues,
    pub sampling: Option<Sampling>,
}

/// Issues, all counted, the first [`Issues::KEPT`] kept.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Issues {
    total: u64,
    first: Vec<LoadIssue>,
}

impl Issues {
    /// Enough to find a pattern by eye; the count goes on.
    pub const KEPT: usize = 1000;

    pub fn push(&mut self, issue: LoadIssue) {
        self.total += 1;
        if self.first.len() < Self::KEPT {
            self.first.push(issue);
        }
    }

    /// Counts issues that are not described one by one.
    pub fn add_uncounted(&mut self, n: u64) {
        self.total += n;
    }

    pub fn total(&self) -> u64 {
        self.total
    }

    pub fn first(&self) -> &[LoadIssue] {
        &self.first
    }
}
