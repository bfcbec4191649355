//! YAML as Data-Juicer and NeMo Curator read it: PyYAML's version 1.1 with jsonargparse's numbers (`5e5` is one).
//!
//! A tree keeps what plain scalars look like, so that a reader who knows which type is wanted can decide.

mod node;
mod parse;
mod scalar;
#[cfg(test)]
mod tests;
mod write;

pub use node::{Kind, Node, Place, Scalar};
pub use parse::{Document, parse};
pub use scalar::resolve;
pub use write::{Writer, write_value};
