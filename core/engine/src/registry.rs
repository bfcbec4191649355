//! Everything the crates register, in one list each.

use std::collections::BTreeMap;
use std::sync::LazyLock;

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
    // Saying what an operation is makes its form's schema; a lookup must not make all of them.
    static BY_NAME: LazyLock<BTreeMap<String, &dyn Operation>> = LazyLock::new(|| {
        let entry = |operation: &'static dyn Operation| (operation.spec().name, operation);
        operations().into_iter().map(entry).collect()
    });
    BY_NAME.get(name).copied()
}

/// A kernel that pool workers can run.
pub fn kernel_named(name: &str) -> Option<Kernel> {
    sluice_table::read::kernels()
        .into_iter()
        .chain([sluice_curate::recipe::KERNEL])
        .find(|kernel| kernel.name == name)
}
