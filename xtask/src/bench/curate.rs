//! Speed of curation: native, in Chromium, and beside other programs, on the same texts.

use std::path::Path;

use crate::shell::{self, Result};
use crate::{browser, npm};

pub struct Config {
    /// Size of the texts; the bars are meant for 100.
    pub megabytes: Option<u32>,
    /// Documents of 1 KB for the recipe that is imported; the bars are meant for 100,000.
    pub documents: Option<u32>,
    /// `native`, `browser` or `peers`; the first two when absent.
    pub only: Option<String>,
    /// Whether a bar that is missed is a failure.
    pub is_checked: bool,
}

pub fn bench(config: &Config) -> Result<()> {
    let folder = shell::target_dir().join("bench/curate");
    shell::create_dir(&folder)?;
    // The second part runs even if the first misses a bar.
    let parts: Vec<Result<()>> = match config.only.as_deref() {
        None if has_page() => vec![native(config, &folder), in_browser(config, &folder)],
        None => {
            eprintln!(
                "there is no dist/: the browser is left out until `cargo xtask build` has made it"
            );
            vec![native(config, &folder)]
        }
        Some("native") => vec![native(config, &folder)],
        Some("browser") if has_page() => vec![in_browser(config, &folder)],
        Some("browser") => {
            return Err("there is no dist/ to measure: run `cargo xtask build` first".to_owned());
        }
        Some("peers") => vec![peers(config, &folder)],
        Some(other) => {
            return Err(format!(
                "there is no part `{other}`: choose native, browser or peers"
            ));
        }
    };
    parts.into_iter().collect()
}

fn has_page() -> bool {
    shell::root().join("dist/index.html").is_file()
}

fn native(config: &Config, folder: &Path) -> Result<()> {
    let mut cargo = shell::cargo();
    // The whole workspace, so that polars is built with the features that everything else has built it with.
    cargo
        .args(["bench", "--workspace", "--bench", "curate"])
        .env("SLUICE_BENCH_FOLDER", folder)
        .env("SLUICE_BENCH_MEGABYTES", config.megabytes().to_string())
        .env("SLUICE_BENCH_DOCUMENTS", config.documents().to_string());
    if config.is_checked {
        cargo.args(["--", "--check"]);
    }
    shell::run(&mut cargo, "the rows above say which bar is missed")
}

fn in_browser(config: &Config, folder: &Path) -> Result<()> {
    npm::ensure()?;
    let mut node = npm::node("tests/bench/curate.js")?;
    node.env("CHROMIUM", browser::chromium()?)
        .arg("--cache")
        .arg(folder)
        .args(["--megabytes", &config.megabytes().to_string()])
        .args(["--documents", &config.documents().to_string()]);
    if config.is_checked {
        node.arg("--check");
    }
    shell::run(
        &mut node,
        "the browser's message or the rows above say what failed",
    )
}

/// Other programs on the texts that the native part has left.
fn peers(config: &Config, folder: &Path) -> Result<()> {
    let texts = folder.join(format!("texts-{}mb.jsonl", config.megabytes()));
    if !texts.is_file() {
        return Err(format!(
            "there is no {}: run `cargo xtask bench curate --only native` first",
            texts.display()
        ));
    }
    let python = std::env::var_os("PYTHON").unwrap_or_else(|| "python3".into());
    shell::run(
        shell::command(python)
            .arg("tests/bench/peers.py")
            .arg(texts),
        "Python 3.10 or newer runs it; PYTHON names another one, such as that of a virtual environment",
    )
}

impl Config {
    fn megabytes(&self) -> u32 {
        self.megabytes.unwrap_or(100)
    }

    fn documents(&self) -> u32 {
        self.documents.unwrap_or(100_000)
    }
}
