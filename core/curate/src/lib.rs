//! Bench 1: what is in a dataset.

#![forbid(unsafe_code)]

mod phrases;
mod sample_web_text;

use sluice_table::Operation;

/// Operations of this bench, one line each.
pub fn operations() -> Vec<&'static dyn Operation> {
    vec![&sample_web_text::SampleWebText]
}
