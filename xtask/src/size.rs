//! What a visitor downloads, against limits that only a decision may raise.

use std::path::Path;

use crate::npm;
use crate::shell::{self, Result};

/// Compressed as a static host does it (gzip); brotli is shown because some hosts do better.
struct Limit {
    what: &'static str,
    kib: u64,
    /// Whether a file of `dist/` belongs to this part.
    holds: fn(&str) -> bool,
}

const LIMITS: [Limit; 3] = [
    Limit {
        what: "page: everything before the first file is opened",
        kib: 1500,
        holds: is_page,
    },
    Limit {
        what: "engine",
        kib: 6000,
        holds: |name| name.starts_with("engine"),
    },
    Limit {
        what: "charts, on first use",
        kib: 400,
        holds: |name| name == "echarts.js",
    },
];

fn is_page(name: &str) -> bool {
    name.starts_with("page-")
        || [
            "index.html",
            "boot.js",
            "boot.css",
            "main.css",
            "sw.js",
            "manifest.webmanifest",
            "icon.svg",
        ]
        .contains(&name)
}

pub fn size() -> Result<()> {
    let dist = shell::root().join("dist");
    if !dist.join("index.html").is_file() {
        return Err("there is no dist/ to measure: run `cargo xtask build` first".to_owned());
    }
    let files = compressed(&dist)?;
    println!(
        "{:<52}{:>12}{:>12}{:>12}{:>12}",
        "KiB", "raw", "brotli", "gzip", "limit"
    );
    let mut over = Vec::new();
    for limit in &LIMITS {
        let part: Vec<&File> = files
            .iter()
            .filter(|file| (limit.holds)(&file.name))
            .collect();
        if part.is_empty() {
            return Err(format!(
                "dist/ has no file for `{}`: is it a whole build?",
                limit.what
            ));
        }
        let sum = |bytes: fn(&File) -> u64| {
            part.iter()
                .map(|file| bytes(file))
                .sum::<u64>()
                .div_ceil(1024)
        };
        let gzip = sum(|file| file.gzip);
        println!(
            "{:<52}{:>12}{:>12}{gzip:>12}{:>12}",
            limit.what,
            sum(|file| file.raw),
            sum(|file| file.brotli),
            limit.kib
        );
        if gzip > limit.kib {
            over.push(format!(
                "{} is {gzip} KiB, its limit is {} KiB",
                limit.what, limit.kib
            ));
        }
    }
    if over.is_empty() {
        Ok(())
    } else {
        let over = over.join("\n  ");
        Err(format!(
            "too large to download:\n  {over}\n  make it smaller, or change xtask/src/size.rs with a reason"
        ))
    }
}

struct File {
    name: String,
    raw: u64,
    gzip: u64,
    brotli: u64,
}

fn compressed(dist: &Path) -> Result<Vec<File>> {
    let table = shell::output(npm::node("tests/tools/compress.js")?.arg(dist))?;
    table
        .lines()
        .map(|line| {
            let mut cells = line.split('\t');
            let name = cells.next()?.to_owned();
            let mut number = || cells.next()?.parse().ok();
            Some(File {
                name,
                raw: number()?,
                gzip: number()?,
                brotli: number()?,
            })
        })
        .collect::<Option<Vec<_>>>()
        .ok_or_else(|| format!("tests/tools/compress.js printed what is not a table:\n{table}"))
}
