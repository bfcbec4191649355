//! The page as static files: `dist/`.

use crate::finish;
use crate::npm;
use crate::shell::{self, Result};
use crate::tools::Wasm;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Speed {
    /// What is shipped: link-time optimisation and wasm-opt.
    Release,
    /// Optimised enough to use, built in a fraction of the time.
    Fast,
}

pub fn build(speed: Speed) -> Result<()> {
    let wasm = Wasm::ensure()?;
    let root = shell::root();
    let site = shell::target_dir().join("site");
    let cores = std::thread::available_parallelism().map_or(2, usize::from);

    let mut trunk = wasm.command("trunk");
    trunk
        .arg("build")
        .arg("--dist")
        .arg(&site)
        // Trunk compiles both programs at once: half of the cores each.
        .env("CARGO_BUILD_JOBS", (cores / 2).max(1).to_string())
        // Trunk takes only the words true and false here, and other tools set it to 1.
        .env_remove("NO_COLOR");
    if speed == Speed::Release {
        trunk.arg("--release");
    }
    shell::run(
        &mut trunk,
        "the compiler's message above says what is wrong",
    )?;

    let bundled = shell::target_dir().join("bundled");
    shell::run(
        npm::node("tests/tools/bundle.js")?.arg(&bundled),
        "a style or a chart import does not resolve; the message above names the file",
    )?;
    finish::finish(&[&site, &bundled, &root.join("public")], &root.join("dist"))
}
