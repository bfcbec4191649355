//! Bench 1: what is in a dataset.

#![forbid(unsafe_code)]

mod clean_text;
#[cfg(not(target_arch = "wasm32"))]
pub mod conform;
mod deduplicate_text;
mod measure_text;
mod operation;
mod phrases;
mod sample_web_text;
pub mod text;

use sluice_table::Operation;

/// Operations of this bench, one line each.
pub fn operations() -> Vec<&'static dyn Operation> {
    vec![
        &measure_text::MeasureText,
        &clean_text::CleanText,
        &deduplicate_text::DeduplicateText,
        &sample_web_text::SampleWebText,
    ]
}
