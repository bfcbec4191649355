//! Data-Juicer's filters, selectors, grouper and deduplicators, as pure functions that give its values (1.4.3).
//!
//! Lengths and ratios count Unicode code points. Ratios are shares from 0 to 1. Nothing here reads a file: word lists
//! are parameters, as Data-Juicer downloads its own.

pub mod characters;
pub mod condition;
mod condition_tokens;
pub mod deduplicate;
pub mod fields;
pub mod keep;
pub mod lines;
pub mod locality;
pub mod lower_words;
pub mod minhash;
pub mod repetition;
pub mod selectors;
pub mod shingles;
pub mod simhash;
pub mod special;
pub mod windows;
pub mod words;
