//! Puts `dist/` together from what Trunk and the bundler wrote and from `public/`, and fills in what only the
//! finished folder knows: the build, the files to store for offline use, and the security policy.

use std::collections::BTreeMap;
use std::path::Path;

use crate::shell::{self, Result};

/// Who may run, style, show and fetch what. The page's `<meta>` and the service worker (for workers) both carry it.
/// `https:` lets the person open a URL; the service worker refuses every origin that was not confirmed.
const CSP: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' data: blob:; connect-src 'self' https:; worker-src 'self'; object-src 'none'; base-uri 'none'";

/// Programs that run in workers; each gets a copy of app/workers/worker.js as its entry.
const WORKERS: [&str; 1] = ["engine"];

/// Fetched on first use and stored then, rather than with the page.
const ON_DEMAND: &str = "assets/";

pub fn finish(sources: &[&Path], dist: &Path) -> Result<()> {
    let mut files = BTreeMap::new();
    for source in sources {
        for name in shell::files_below(source)? {
            let bytes = shell::read(&source.join(&name))?;
            if files.insert(name.clone(), bytes).is_some() {
                return Err(format!(
                    "two sources of dist/ hold a file `{name}`: rename one of them"
                ));
            }
        }
    }
    let worker = shell::read(&shell::root().join("app/workers/worker.js"))?;
    for name in WORKERS {
        let entry = String::from_utf8_lossy(&worker).replace("{{name}}", name);
        if files
            .insert(format!("{name}_worker.js"), entry.into_bytes())
            .is_some()
        {
            return Err(format!(
                "{name}_worker.js is made from app/workers/worker.js: remove the other file of that name"
            ));
        }
    }

    let build = build_id(&files);
    // The service worker itself is never stored: the browser looks after it.
    let precache: Vec<&str> = std::iter::once("./")
        .chain(files.keys().map(String::as_str).filter(|name| {
            *name != "index.html" && *name != "sw.js" && !name.starts_with(ON_DEMAND)
        }))
        .collect();
    let urls: Vec<String> = precache.iter().map(|name| url_of(name, &build)).collect();
    let fill = |text: &str| {
        text.replace("{{csp}}", CSP)
            .replace(
                "\"{{files}}\"",
                &urls
                    .iter()
                    .map(|url| format!("\"{url}\""))
                    .collect::<Vec<_>>()
                    .join(", "),
            )
            .replace("{{build}}", &build)
    };
    let mut templates = vec!["index.html".to_owned(), "sw.js".to_owned()];
    templates.extend(WORKERS.iter().map(|name| format!("{name}_worker.js")));
    for name in &templates {
        let bytes = files
            .get_mut(name)
            .ok_or_else(|| format!("dist/ would have no `{name}`: the build did not write it"))?;
        *bytes = fill(&String::from_utf8_lossy(bytes)).into_bytes();
    }

    if dist.exists() {
        std::fs::remove_dir_all(dist)
            .map_err(|error| format!("cannot clear {}: {error}", dist.display()))?;
    }
    for (name, bytes) in &files {
        shell::write(&dist.join(name), bytes)?;
    }
    eprintln!("dist/ holds build {build}, {} files", files.len());
    Ok(())
}

/// Names this exact set of files: FNV-1a over names and contents.
/// It tells builds apart and guards against nothing, so no cryptographic hash is needed.
fn build_id(files: &BTreeMap<String, Vec<u8>>) -> String {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for (name, bytes) in files {
        for byte in name
            .bytes()
            .chain([0])
            .chain(bytes.iter().copied())
            .chain([0])
        {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    format!("{hash:016x}")
}

/// The URL under which the page asks for a file. Names with a hash in them need no build.
fn url_of(name: &str, build: &str) -> String {
    let versioned = ["boot.js", "boot.css", "main.css", "echarts.js"].contains(&name)
        || WORKERS.iter().any(|worker| {
            name == format!("{worker}.js")
                || name == format!("{worker}_bg.wasm")
                || name == format!("{worker}_worker.js")
        });
    if versioned {
        format!("{name}?v={build}")
    } else {
        name.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_build_changes_with_a_name_or_a_byte() {
        let build = |files: &[(&str, &str)]| {
            build_id(
                &files
                    .iter()
                    .map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec()))
                    .collect(),
            )
        };
        let base = build(&[("a", "1"), ("b", "2")]);
        assert_eq!(base, build(&[("b", "2"), ("a", "1")]));
        assert_ne!(base, build(&[("a", "1"), ("b", "3")]));
        assert_ne!(base, build(&[("a", "1"), ("c", "2")]));
        assert_ne!(base, build(&[("a", "1b"), ("", "2")]));
    }

    #[test]
    fn the_service_worker_stores_files_under_the_urls_that_are_asked_for() {
        assert_eq!(url_of("engine_bg.wasm", "7"), "engine_bg.wasm?v=7");
        assert_eq!(url_of("engine_worker.js", "7"), "engine_worker.js?v=7");
        assert_eq!(url_of("page-1a2b.js", "7"), "page-1a2b.js");
    }
}
