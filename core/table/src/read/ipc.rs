//! Arrow IPC, record batch by record batch.

use sluice_protocol::load::LoadEstimate;

use crate::error::TableError;
use crate::host::{ByteSource, Host};
use crate::load::Loaded;
use crate::read::LoadOptions;

pub(crate) async fn load_ipc(
    _source: &dyn ByteSource,
    _options: &LoadOptions,
    _host: &dyn Host,
) -> Result<Loaded, TableError> {
    Err(TableError::NoPool)
}

pub(crate) async fn estimate_ipc(
    _source: &dyn ByteSource,
    _options: &LoadOptions,
    _host: &dyn Host,
) -> Result<LoadEstimate, TableError> {
    Err(TableError::NoPool)
}
