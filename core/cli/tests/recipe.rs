//! `sluice run` and `sluice export` as a person or a program calls them.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests may stop at the first fault"
)]

use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value as Json;

const RECIPE: &str = "
project_name: try
process:
  - whitespace_normalization_mapper:
  - text_length_filter:
      min_len: 10
  - image_blurriness_filter:
      min: 3
  - document_deduplicator:
";

/// Five texts: one short, one twice, one missing, and one that is half of a character pair, which no JSON can hold.
const TEXTS: &str = r#"{"id": 1, "text": "short"}
{"id": 2, "text": "a text that is long enough"}
{"id": 3, "text": "a text that is long enough"}
{"id": 4, "text": null}
{"id": 5, "text": "half a pair \ud83d and more"}
"#;

/// A folder of its own for a test, with the recipe and the texts.
fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("sluice-recipe-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("recipe.yaml"), RECIPE).unwrap();
    std::fs::write(folder.join("texts.jsonl"), TEXTS).unwrap();
    folder
}

fn sluice(folder: &PathBuf, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sluice"))
        .current_dir(folder)
        .args(arguments)
        .output()
        .unwrap()
}

fn json(output: &Output) -> Json {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

#[test]
fn a_recipe_runs_and_says_what_every_step_did() {
    let folder = folder("run");
    let arguments = [
        "run",
        "recipe.yaml",
        "--input",
        "texts.jsonl",
        "--output",
        "kept.jsonl",
        "--removed",
        "removed.jsonl",
        "--ledger",
        "ledger.csv",
        "--side-file",
        "data-juicer-stats=stats.jsonl",
        "--without-measures",
        "--json",
    ];
    let report = json(&sluice(&folder, &arguments));
    assert_eq!(
        (&report["rows_in"], &report["rows_out"]),
        (&4.into(), &1.into())
    );
    let after: Vec<u64> = report["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["rows_out"].as_u64().unwrap())
        .collect();
    assert_eq!(after, [4, 2, 2, 1]);
    assert_eq!(report["steps"][2]["enabled"], false);
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let kept = read("kept.jsonl");
    assert_eq!(kept.lines().count(), 1);
    assert!(
        kept.contains("\"id\":2") && !kept.contains("text_len"),
        "{kept}"
    );
    assert_eq!(read("removed.jsonl").lines().count(), 3);
    assert!(
        read("ledger.csv").contains("repeats row 2"),
        "{}",
        read("ledger.csv")
    );
    assert_eq!(read("stats.jsonl").lines().count(), 1);
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn threads_change_nothing() {
    let folder = folder("threads");
    let line = |n: usize| {
        format!(
            "{{\"id\": {n}, \"text\": \"{} {}\"}}\n",
            "word ".repeat(n % 90),
            n % 700
        )
    };
    let texts: String = (0..20_000).map(line).collect();
    std::fs::write(folder.join("many.jsonl"), texts).unwrap();
    let kept = |threads: &str| {
        let arguments = [
            "run",
            "recipe.yaml",
            "--input",
            "many.jsonl",
            "--output",
            "-",
            "--quiet",
            "--threads",
            threads,
        ];
        sluice(&folder, &arguments).stdout
    };
    let one = kept("1");
    assert!(one.len() > 10_000);
    assert!(one == kept("4"), "four threads kept other rows than one");
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn an_export_names_what_it_leaves_out() {
    let folder = folder("export");
    let report = json(&sluice(
        &folder,
        &["export", "recipe.yaml", "--to", "data-juicer", "--json"],
    ));
    let text = report["text"].as_str().unwrap();
    for name in [
        "text_length_filter",
        "image_blurriness_filter",
        "document_deduplicator",
    ] {
        assert!(text.contains(name), "{text}");
    }
    let report = json(&sluice(
        &folder,
        &["export", "recipe.yaml", "--to", "datatrove", "--json"],
    ));
    assert!(!report["untranslated"].as_array().unwrap().is_empty());
    std::fs::remove_dir_all(folder).unwrap();
}

/// What cannot be run ends with status 2 and one sentence that names what is wrong.
#[test]
fn what_is_wrong_is_named() {
    let folder = folder("wrong");
    let check = |arguments: &[&str], said: &str| {
        let output = sluice(&folder, arguments);
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{error}");
        assert!(error.contains(said), "{error}");
        assert!(!error.contains("panicked"), "{error}");
    };
    std::fs::write(folder.join("broken.yaml"), "process: [").unwrap();
    std::fs::write(folder.join("other.csv"), "a,b\n1,2\n").unwrap();
    check(&["run", "none.yaml", "--input", "texts.jsonl"], "none.yaml");
    check(&["run", "broken.yaml", "--input", "texts.jsonl"], "line 1");
    check(&["run", "recipe.yaml"], "--input");
    check(
        &["run", "recipe.yaml", "--input", "other.csv"],
        "“text” does not exist",
    );
    check(&["export", "recipe.yaml", "--to", "nowhere"], "nowhere");
    std::fs::remove_dir_all(folder).unwrap();
}
