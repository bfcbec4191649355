//! What curation computes of a text: plain functions over `&str`, one file per family of operators.
//!
//! Where a function gives another system's value it says which system and version. Lists that a definition consists of
//! (special characters, contractions that a tokeniser splits, terminal punctuation, phrases) follow what these systems
//! publish: Data-Juicer, datatrove, Dolma and NeMo Curator (Apache-2.0), spaCy and ftfy (MIT or Apache-2.0), `emoji`
//! (BSD). The code is our own.

pub mod clusters;
pub mod data_juicer;
pub mod datatrove;
pub mod edits;
pub mod heuristics;
pub mod mappers;
pub mod measures;
pub mod minhash;
pub mod python;
pub mod random_state;
