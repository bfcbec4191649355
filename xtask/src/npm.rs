//! The packages of package.json: fonts and charts that ship, and the tools around them.

use std::path::Path;

use crate::shell::{self, Result};

/// Installs what package-lock.json names, unless that very lock is installed already.
pub fn ensure() -> Result<()> {
    ensure_in(&shell::root())
}

/// The same for another folder with a package.json.
pub fn ensure_in(folder: &Path) -> Result<()> {
    let lock = shell::read(&folder.join("package-lock.json"))?;
    let stamp = folder.join("node_modules/.installed-lock");
    if std::fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    let npm = shell::which("npm")
        .ok_or("npm is missing: it comes with Node.js 20 or newer, which Sluice needs to bundle its charts and fonts")?;
    shell::run(
        shell::command(npm)
            .current_dir(folder)
            .args(["ci", "--no-audit", "--no-fund"]),
        "npm needs the network the first time; check the connection and run the command again",
    )?;
    shell::write(&stamp, lock)
}

/// A Node.js script of this repository.
pub fn node(script: &str) -> Result<std::process::Command> {
    let node = shell::which("node").ok_or("node is missing: install Node.js 20 or newer")?;
    let mut command = shell::command(node);
    command.arg(script);
    Ok(command)
}
