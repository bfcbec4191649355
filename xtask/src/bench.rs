//! Sluice and DuckDB-wasm on the same table, in one Chromium.

pub mod curate;

use crate::shell::{self, Result};
use crate::{browser, npm};

pub struct Config {
    /// Rows of the generated table; the published numbers use a million.
    pub rows: Option<u64>,
    /// How often each system is measured; the table shows medians.
    pub rounds: Option<u32>,
    /// `sluice` or `duckdb`; both when absent.
    pub only: Option<String>,
}

pub fn bench(config: &Config) -> Result<()> {
    npm::ensure()?;
    npm::ensure_in(&shell::root().join("tests/bench"))?;
    let chromium = browser::chromium()?;
    if config.only.as_deref() != Some("duckdb") && !shell::root().join("dist/index.html").is_file()
    {
        return Err("there is no dist/ to measure: run `cargo xtask build` first".to_owned());
    }
    let mut node = npm::node("tests/bench/bench.js")?;
    node.env("CHROMIUM", chromium)
        .arg("--cache")
        .arg(shell::target_dir().join("bench"));
    if let Some(rows) = config.rows {
        node.args(["--rows", &rows.to_string()]);
    }
    if let Some(rounds) = config.rounds {
        node.args(["--rounds", &rounds.to_string()]);
    }
    if let Some(only) = &config.only {
        node.args(["--only", only]);
    }
    shell::run(
        &mut node,
        "the browser's message above says which step failed",
    )
}
