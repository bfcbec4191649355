//! The programs that building the page needs, installed when missing.

use std::path::PathBuf;
use std::process::Command;

use crate::shell::{self, Result};
use crate::{npm, wasm_std};

/// Same versions as Trunk.toml; wasm-bindgen also the same as Cargo.lock (a test compares all three).
const TRUNK: &str = "0.21.14";
const WASM_BINDGEN: &str = "0.2.130";

/// How to call programs so that they compile for the browser.
pub struct Wasm {
    path: std::ffi::OsString,
    env: Vec<(&'static str, PathBuf)>,
}

impl Wasm {
    /// Installs whatever is missing.
    pub fn ensure() -> Result<Self> {
        npm::ensure()?;
        let mut path = vec![
            shell::root().join("node_modules/.bin"),
            shell::cargo_home()?.join("bin"),
        ];
        let mut env = Vec::new();
        if let Some(toolchain) = wasm_std::ensure()? {
            path.insert(0, toolchain.join("bin"));
            env.push(("RUSTC", toolchain.join("bin/rustc")));
        }
        // zstd, inside Parquet, is C.
        env.push(("CC_wasm32_unknown_unknown", find("clang", "clang")?));
        env.push(("AR_wasm32_unknown_unknown", find("llvm-ar", "llvm")?));
        let wasm = Self {
            path: shell::path_with(&path)?,
            env,
        };
        wasm.ensure_tool("trunk", TRUNK, &["trunk", "--version", TRUNK, "--locked"])?;
        // Without --locked: its published lock file asks for crates that have since been withdrawn.
        wasm.ensure_tool(
            "wasm-bindgen",
            WASM_BINDGEN,
            &["wasm-bindgen-cli", "--version", WASM_BINDGEN],
        )?;
        Ok(wasm)
    }

    pub fn command(&self, program: &str) -> Command {
        // Looked up here: Command would search the PATH of this process, not the one given to the child.
        let program = std::env::split_paths(&self.path)
            .map(|dir| dir.join(program))
            .find(|file| file.is_file())
            .unwrap_or_else(|| PathBuf::from(program));
        let mut command = shell::command(program);
        command
            .env("PATH", &self.path)
            .envs(self.env.iter().map(|(key, value)| (key, value)));
        command
    }

    fn ensure_tool(&self, program: &str, version: &str, install: &[&str]) -> Result<()> {
        let found = shell::output(self.command(program).arg("--version")).unwrap_or_default();
        if found.split_whitespace().any(|word| word == version) {
            return Ok(());
        }
        eprintln!("installing {program} {version} (some minutes, once)");
        shell::run(
            // Outside the workspace, whose settings for the browser must not touch a native program.
            shell::cargo()
                .current_dir(shell::cargo_home()?)
                .arg("install")
                .args(install),
            "cargo needs the network to install programs; check the connection and run the command again",
        )
    }
}

/// A program of LLVM, which Debian installs with its version in the name.
fn find(program: &str, package: &str) -> Result<PathBuf> {
    let versions = (14..=30)
        .rev()
        .map(|version| format!("{program}-{version}"));
    if let Some(found) = std::iter::once(program.to_owned())
        .chain(versions)
        .find_map(|name| shell::which(&name))
    {
        return Ok(found);
    }
    wasm_std::apt_install(&[package]).map_err(|error| {
        format!("{program} is missing, and Parquet's zstd needs it: install the package `{package}` of your system\n  ({error})")
    })?;
    shell::which(program)
        .ok_or_else(|| format!("{program} is still missing after installing `{package}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tool_versions_agree() {
        let read = |name: &str| {
            std::fs::read_to_string(shell::root().join(name)).expect("a file of the repository")
        };
        let trunk = read("Trunk.toml");
        assert!(
            trunk.contains(&format!("wasm_bindgen = \"{WASM_BINDGEN}\"")),
            "Trunk.toml names another wasm-bindgen"
        );
        let lock = read("Cargo.lock");
        let locked = format!("name = \"wasm-bindgen\"\nversion = \"{WASM_BINDGEN}\"");
        assert!(
            lock.contains(&locked),
            "Cargo.lock holds another wasm-bindgen"
        );
        let binaryen = trunk
            .split("version_")
            .nth(1)
            .and_then(|rest| rest.split('"').next())
            .expect("Trunk.toml names a wasm-opt");
        assert!(
            read("package.json").contains(&format!("\"binaryen\": \"{binaryen}.")),
            "package.json holds another binaryen"
        );
    }
}
