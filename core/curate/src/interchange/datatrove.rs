//! datatrove: summary statistics, and pipelines as Python scripts, since it has no recipe format.

mod script;
mod statistics;

pub use script::datatrove_pipeline;
pub use statistics::{Summary, merge_statistics, read_statistics, write_statistics};
