//! Chromium and its driver, for tests and benchmarks.

use std::path::PathBuf;

use crate::shell::{self, Result};
use crate::wasm_std;

/// `CHROMIUM`, else the usual names.
pub fn chromium() -> Result<PathBuf> {
    program(
        "CHROMIUM",
        &["chromium", "chromium-browser", "google-chrome"],
        "chromium",
    )
}

/// `CHROMEDRIVER`, else the usual names. Its version has to be the browser's.
pub fn driver() -> Result<PathBuf> {
    program("CHROMEDRIVER", &["chromedriver"], "chromium-driver")
}

fn program(variable: &str, names: &[&str], package: &str) -> Result<PathBuf> {
    if let Some(path) = std::env::var_os(variable) {
        return Ok(PathBuf::from(path));
    }
    let find = || names.iter().find_map(|name| shell::which(name));
    if let Some(found) = find() {
        return Ok(found);
    }
    wasm_std::apt_install(&[package])
        .and_then(|()| find().ok_or_else(|| "it is still missing after the installation".to_owned()))
        .map_err(|error| {
            format!(
                "{} is missing: install it (Debian: `apt-get install {package}`) or name it in {variable}\n  ({error})",
                names[0]
            )
        })
}
