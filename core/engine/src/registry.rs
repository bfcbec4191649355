//! Everything the crates register, in one list each.

use sluice_table::Operation;
use sluice_table::host::Kernel;

/// Every operation, by bench.
pub fn operations() -> Vec<&'static dyn Operation> {
    [
        sluice_table::registry::operations(),
        sluice_curate::operations(),
        sluice_shift::operations(),
        sluice_serve::operations(),
    ]
    .concat()
}

pub fn operation_named(name: &str) -> Option<&'static dyn Operation> {
    operations()
        .into_iter()
        .find(|operation| operation.spec().name == name)
}

/// A kernel that pool workers can run.
pub fn kernel_named(name: &str) -> Option<Kernel> {
    sluice_table::read::kernels()
        .into_iter()
        .chain([sluice_curate::recipe::KERNEL])
        .find(|kernel| kernel.name == name)
}
