//! Bench 2: how two datasets differ.

#![forbid(unsafe_code)]

mod sample_census;

use sluice_table::Operation;

/// Operations of this bench, one line each.
pub fn operations() -> Vec<&'static dyn Operation> {
    vec![&sample_census::SampleCensus]
}
