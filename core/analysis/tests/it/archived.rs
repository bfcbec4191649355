//! Links that were once shipped must open for ever.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use sluice_analysis::link;

fn archive() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/links")
}

/// Each `v<version>_<name>.txt` holds a link as it was shared, each `.json` beside it what it says today.
#[test]
fn every_archived_link_still_opens() {
    let mut versions = BTreeSet::new();
    for entry in fs::read_dir(archive()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "txt") {
            continue;
        }
        let name = path.file_stem().unwrap().to_str().unwrap();
        let version = name.strip_prefix('v').and_then(|rest| rest.split_once('_'));
        versions.insert(version.unwrap().0.parse::<u32>().unwrap());
        let analysis = link::decode(&fs::read_to_string(&path).unwrap());
        let json = link::to_json(&analysis.unwrap_or_else(|error| panic!("{name}: {error}")));
        let expected = fs::read_to_string(path.with_extension("json")).unwrap();
        assert_eq!(
            json.unwrap(),
            expected,
            "{name} says something else than it did"
        );
    }
    assert!(
        versions.into_iter().eq(1..=link::VERSION),
        "every version has a link in the archive"
    );
}
