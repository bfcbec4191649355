//! Heuristics of the field's curation systems, each with that system's arithmetic.
//!
//! Systems share names and differ in values: which lines count, what a ratio divides by, what an empty text gives.
//! Every function therefore belongs to the system in its file name and states its rule.

pub mod boilerplate;
pub mod dolma_gopher;
pub mod dolma_pii;
pub mod dolma_repetitions;
pub mod dolma_taggers;
pub mod hashed_ngrams;
pub mod html_text;
pub mod nemo_code;
pub mod nemo_filters;
pub mod nemo_modifiers;
pub mod nemo_repetition;
pub mod places;
pub mod spans;
pub mod token_runs;
