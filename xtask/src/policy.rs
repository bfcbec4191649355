//! Which dependencies are acceptable: the lists of deny.toml, checked against the locked graph without a network.
//!
//! `cargo deny` reads the same file, but takes longer to compile than the whole workspace;
//! it is only used for advisories, which need the network anyway.

use std::collections::BTreeSet;

use crate::licences::allowed;
use crate::shell::{self, Result};

const WASM: &str = "wasm32-unknown-unknown";

/// Crates that must not reach the page: it has to open before the engine is loaded.
const NOT_IN_PAGE: [&str; 3] = ["polars-core", "polars-io", "sluice-table"];

pub fn check() -> Result<()> {
    let policy = shell::read_text(&shell::root().join("deny.toml"))?;
    let licences = list(&policy, "licenses", "allow")?;
    let banned = list(&policy, "bans", "deny")?;

    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for target in [None, Some(WASM)] {
        for dependency in graph(
            &["--workspace", "--all-features"],
            "normal,build,dev",
            target,
        )? {
            if !seen.insert((dependency.name.clone(), dependency.version.clone())) {
                continue;
            }
            let Dependency {
                name,
                version,
                licence,
                crates_io,
            } = &dependency;
            match allowed(licence, &licences) {
                Ok(true) => {}
                Ok(false) => wrong.push(format!(
                    "{name} {version} has the licence `{licence}`, which deny.toml does not allow"
                )),
                Err(reason) => wrong.push(format!(
                    "{name} {version} has the licence `{licence}`: {reason}"
                )),
            }
            if !crates_io {
                wrong.push(format!("{name} {version} does not come from crates.io"));
            }
        }
    }
    for feature in ["page", "engine"] {
        let arguments = [
            "--package",
            "sluice-app",
            "--no-default-features",
            "--features",
            feature,
        ];
        for dependency in graph(&arguments, "normal", Some(WASM))? {
            let name = &dependency.name;
            if banned.contains(name) {
                wrong.push(format!(
                    "{name} is banned in deny.toml but reaches the {feature} program"
                ));
            }
            if feature == "page" && NOT_IN_PAGE.contains(&name.as_str()) {
                wrong.push(format!(
                    "{name} reaches the page program: only the engine may load tables"
                ));
            }
        }
    }
    if wrong.is_empty() {
        eprintln!("{} packages keep to deny.toml", seen.len());
        Ok(())
    } else {
        wrong.sort();
        wrong.dedup();
        let wrong = wrong.join("\n  ");
        Err(format!(
            "dependency policy:\n  {wrong}\n  `cargo tree --invert NAME` shows who asks for a crate"
        ))
    }
}

/// Published advisories, for crates and for npm packages.
pub fn audit() -> Result<()> {
    if shell::which("cargo-deny").is_none() {
        return Err(
            "cargo-deny is missing: run `cargo install cargo-deny --version 0.20.2 --locked`"
                .to_owned(),
        );
    }
    let todo =
        "update what the message names, or record in deny.toml why it does not concern Sluice";
    shell::run(shell::cargo().args(["deny", "check", "advisories"]), todo)?;
    let npm = shell::which("npm").ok_or("npm is missing: it comes with Node.js")?;
    shell::run(shell::command(npm).args(["audit", "--omit=dev"]), todo)
}

struct Dependency {
    name: String,
    version: String,
    licence: String,
    /// Whether it comes from crates.io or is part of this workspace.
    crates_io: bool,
}

fn graph(packages: &[&str], edges: &str, target: Option<&str>) -> Result<Vec<Dependency>> {
    let mut tree = shell::cargo();
    tree.args([
        "tree",
        "--locked",
        "--prefix",
        "none",
        "--format",
        "{p}\t{l}",
        "--no-dedupe",
        "--edges",
        edges,
    ])
    .args(packages);
    if let Some(target) = target {
        tree.args(["--target", target]);
    }
    let root = shell::root().to_string_lossy().into_owned();
    let lines: BTreeSet<String> = shell::output(&mut tree)?
        .lines()
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect();
    lines
        .iter()
        .map(|line| {
            let (package, licence) = line.split_once('\t')?;
            let mut words = package.split(' ');
            let name = words.next()?.to_owned();
            let version = words.next()?.to_owned();
            // A folder, a repository or another registry stands in brackets; crates.io goes without saying.
            let source = words
                .filter(|word| *word != "(proc-macro)")
                .collect::<Vec<_>>()
                .join(" ");
            Some(Dependency {
                name,
                version,
                licence: licence.trim().to_owned(),
                crates_io: source.is_empty() || source.contains(&root),
            })
        })
        .collect::<Option<Vec<_>>>()
        .ok_or_else(|| "`cargo tree` printed what is not a list of packages".to_owned())
}

/// The strings of `key = [...]` in `[section]` of a TOML file that keeps one entry per line.
fn list(toml: &str, section: &str, key: &str) -> Result<Vec<String>> {
    let strings: Vec<String> = toml
        .lines()
        .skip_while(|line| line.trim() != format!("[{section}]"))
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .skip_while(|line| !line.starts_with(&format!("{key} = [")))
        .skip(1)
        .take_while(|line| !line.starts_with(']'))
        .filter(|line| !line.trim_start().starts_with('#'))
        .filter_map(|line| line.split('"').nth(1))
        .map(str::to_owned)
        .collect();
    if strings.is_empty() {
        return Err(format!(
            "deny.toml has no list `{key}` in [{section}] with one entry per line"
        ));
    }
    Ok(strings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read_from_their_section() {
        let toml = "[licenses]\nallow = [\n  # why\n  \"MIT\",\n  \"Zlib\",\n]\n\n[bans]\ndeny = [\n  { crate = \"x\" },\n]\n";
        assert_eq!(
            list(toml, "licenses", "allow"),
            Ok(vec!["MIT".to_owned(), "Zlib".to_owned()])
        );
        assert_eq!(list(toml, "bans", "deny"), Ok(vec!["x".to_owned()]));
        assert!(list(toml, "sources", "allow").is_err());
    }
}
