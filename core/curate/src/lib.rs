//! Bench 1: what is in a dataset.

#![forbid(unsafe_code)]

mod as_operation;
mod clean_text;
#[cfg(not(target_arch = "wasm32"))]
pub mod conform;
mod deduplicate_text;
pub mod interchange;
mod measure_text;
mod operation;
pub mod operator;
pub mod operators;
mod phrases;
pub mod recipe;
mod sample_web_text;
pub mod text;

use sluice_table::Operation;

/// Operations of this bench, one line each.
pub fn operations() -> Vec<&'static dyn Operation> {
    let mut operations = as_operation::all();
    operations.extend([
        &measure_text::MeasureText as &dyn Operation,
        &clean_text::CleanText,
        &deduplicate_text::DeduplicateText,
        &sample_web_text::SampleWebText,
    ]);
    operations
}
