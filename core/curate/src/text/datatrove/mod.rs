//! DataTrove's operators: quality filters, statistics of documents, and deduplication by MinHash.
//!
//! Lengths count code points. A filter returns why it drops a text, or `None` for a text that it keeps.
//! Words are those of [`tokenizer`]; a caller that runs several filters cuts a text into words once.

pub mod affixes;
pub mod c4;
pub mod characters;
pub mod exceptions;
pub mod fineweb;
pub mod gopher;
pub mod hashes;
pub mod minhash;
pub mod punctuation;
pub mod repetition;
pub mod simplify;
pub mod statistics;
pub mod tokenizer;
pub mod url;
pub mod url_filter;
