//! Bench 3: serving traces.

#![forbid(unsafe_code)]

mod sample_requests;

use sluice_table::Operation;

/// Operations of this bench, one line each.
pub fn operations() -> Vec<&'static dyn Operation> {
    vec![&sample_requests::SampleRequests]
}
