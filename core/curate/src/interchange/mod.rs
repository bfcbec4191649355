//! Recipes and side files of other systems: plain functions over text and plain data.
//!
//! A recipe that is read keeps everything that it says. What cannot run here stays in it, disabled, with the reason,
//! and is written back as it was. What is written says only what the other system understands; the rest is named.

pub mod data_juicer;
pub mod datatrove;
pub mod dolma;
mod exchange;
pub mod nemo;
pub mod yaml;

mod lines;
mod registry;
mod signatures;
mod translate;

#[cfg(test)]
mod fakes;

pub use exchange::{export, import};

use sluice_analysis::Params;

/// Longest text of a recipe that is read, in bytes.
pub const MAX_RECIPE_BYTES: usize = 1_000_000;

/// Most operators of a recipe that is read.
pub const MAX_RECIPE_OPERATORS: usize = 4096;

/// One step of a recipe.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RecipeOperator {
    /// Ours; of an operator that is not known here, as the other system writes it.
    pub name: String,
    /// Its own and the common parameters; absent ones have their defaults.
    pub params: Params,
    pub enabled: bool,
    /// For a person: why it is disabled.
    pub note: Option<String>,
}

/// A recipe of another system.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Imported {
    /// Everything beside the list of operators, by its name there.
    pub header: Params,
    pub operators: Vec<RecipeOperator>,
    /// What a person should know; none of it stopped the reading.
    pub issues: Vec<Issue>,
}

/// Something about a recipe that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// From 1.
    pub line: usize,
    /// Position in [`Imported::operators`], if it is about one.
    pub operator: Option<usize>,
    /// A sentence.
    pub message: String,
}

/// A recipe in another system's form.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Exported {
    /// YAML, or Python where the system has no recipes.
    pub text: String,
    /// Enabled operators that are missing from it; they are named in a comment at their place.
    pub untranslated: Vec<Untranslated>,
}

/// An operator that another system lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Untranslated {
    /// Position in the recipe.
    pub index: usize,
    pub name: String,
    pub reason: String,
}

/// Why a text cannot be read, or a recipe cannot be written. Lines and columns count from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InterchangeError {
    /// Not the format at all.
    #[error("line {line}, column {column}: {problem}; {advice}")]
    Syntax {
        line: usize,
        column: usize,
        problem: String,
        /// What to do.
        advice: &'static str,
    },
    /// The format, but something else than expected in it.
    #[error("line {line}, column {column}: expected {expected}, found {found}; {advice}")]
    Shape {
        line: usize,
        column: usize,
        expected: &'static str,
        found: String,
        /// What to do.
        advice: &'static str,
    },
    #[error("{what}: {got} is more than the limit of {limit}; {advice}")]
    TooLarge {
        what: &'static str,
        got: usize,
        limit: usize,
        /// What to do.
        advice: &'static str,
    },
    /// The recipe cannot be handed over whole.
    #[error("step {}, {name}: {reason}; {advice}", index + 1)]
    Untranslated {
        /// Position in the recipe.
        index: usize,
        name: String,
        reason: String,
        /// What to do.
        advice: &'static str,
    },
}

impl InterchangeError {
    /// Line and column, where there is a place to show.
    pub fn place(&self) -> Option<(usize, usize)> {
        match self {
            Self::Syntax { line, column, .. } | Self::Shape { line, column, .. } => {
                Some((*line, *column))
            }
            Self::TooLarge { .. } | Self::Untranslated { .. } => None,
        }
    }

    /// What to do about it.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Syntax { advice, .. }
            | Self::Shape { advice, .. }
            | Self::TooLarge { advice, .. }
            | Self::Untranslated { advice, .. } => advice,
        }
    }
}
