//! When to let other messages in, without a clock.

use crate::{Host, TableError};

/// Estimated work between two checkpoints: a quarter of what a slice may take, because wasm and
/// slow machines need two to four times the native time.
const SLICE_NANOS: u64 = 5_000_000;

/// Adds up estimated work and asks the host for a checkpoint when enough has come together.
pub(super) struct Pacer<'a> {
    host: &'a dyn Host,
    spent_nanos: u64,
}

impl<'a> Pacer<'a> {
    pub(super) fn new(host: &'a dyn Host) -> Self {
        Self {
            host,
            spent_nanos: 0,
        }
    }

    /// Notes that `n_values` were worked on, each for about `nanos_each` natively.
    pub(super) async fn spend(
        &mut self,
        n_values: usize,
        nanos_each: u64,
    ) -> Result<(), TableError> {
        self.spent_nanos += n_values as u64 * nanos_each;
        if self.spent_nanos >= SLICE_NANOS {
            self.spent_nanos = 0;
            self.host.checkpoint().await?;
        }
        Ok(())
    }
}
