//! What curation computes of a text: plain functions over `&str`, one file per family of operators.
//!
//! Where a function gives another system's value it says which system and version. Lists that a definition consists of
//! (special characters, contractions that a tokeniser splits, terminal punctuation, phrases) follow what these systems
//! publish: Data-Juicer, datatrove, Dolma and NeMo Curator (Apache-2.0), spaCy and ftfy (MIT or Apache-2.0), `emoji`
//! (BSD). The code is our own.

pub mod band_index;
pub mod bloom;
pub mod buckets;
pub mod clusters;
pub mod data_juicer;
pub mod datatrove;
pub mod decontamination;
pub mod diff;
pub mod diversity;
pub mod edits;
pub mod heuristics;
pub mod language;
pub mod mappers;
pub mod measures;
pub mod minhash;
pub mod minhash_shingles;
pub mod personal_data;
pub mod python;
pub mod random_state;
pub mod readability;
pub mod repeats;
pub mod s_curve;
pub mod shared_spans;
pub mod simhash_index;
pub mod standing;
pub mod substring_index;
pub mod substrings;
pub mod views;
pub mod word_lists;
