//! Mappers: what turns a text into another, as Data-Juicer 1.4.3 defines them.
//!
//! Every mapper takes the empty text and gives it back, apart from `chunk`, which may give no chunk. Lengths count code
//! points. Where a rule is a pattern, it is the one of Python's `re`.

mod badness;
pub mod characters;
pub mod chunk;
pub mod clean;
mod encodings;
pub mod html;
mod html_references;
pub mod latex;
pub mod latex_macros;
mod mojibake;
pub mod pattern;
pub mod sentence_split;
pub mod sentences;
pub mod special;
pub mod table;
pub mod translate;
pub mod unicode;
pub mod words;
