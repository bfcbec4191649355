//! Data-Juicer 1.4.3: YAML recipes, command lines for Ray, and the side file of stats.
//!
//! Operators and parameters have its names here, so that a recipe is read by name. An operator that is not known, or
//! that cannot run with its parameters, is kept as it is written: disabled, with the reason.

mod read;
mod side_files;
#[cfg(test)]
mod tests;
mod write;

pub use read::read;
pub use side_files::{StatsRow, read_stats, write_stats};
pub use write::{ray_command, write};

use super::signatures;
use super::translate::{System, Unlimited};

const SYSTEM: System = System {
    id: "data-juicer",
    title: "Data-Juicer",
    signatures: signatures::DATA_JUICER,
    unlimited: Unlimited::MaxSize,
    has_range_flags: true,
    execution: &[
        "accelerator",
        "audio_key",
        "batch_mode",
        "batch_size",
        "cpu_required",
        "gpu_required",
        "image_bytes_key",
        "image_key",
        "index_key",
        "mem_required",
        "num_gpus",
        "num_proc",
        "skip_op_error",
        "stats_export_path",
        "turbo",
        "video_key",
        "work_dir",
    ],
};

/// Whether a name that is not known here can be one of its operators: they all end like this.
fn is_operator_name(name: &str) -> bool {
    let kinds = [
        "_filter",
        "_mapper",
        "_deduplicator",
        "_selector",
        "_grouper",
        "_aggregator",
    ];
    let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    kinds.iter().any(|kind| name.ends_with(kind)) && name.chars().all(is_word)
}
