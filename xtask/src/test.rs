//! Every check, in the order in which a mistake shows soonest.

use std::time::Instant;

use crate::build::Speed;
use crate::shell::{self, Result};
use crate::tools::Wasm;
use crate::{browser, build, npm, policy, size};

type Stage = (&'static str, fn() -> Result<()>);

const STAGES: [Stage; 7] = [
    ("lint", lint),
    ("policy", policy::check),
    ("native", native),
    ("build", || build::build(Speed::Release)),
    ("size", size::size),
    ("wasm", wasm),
    ("e2e", end_to_end),
];

pub fn test(only: Option<&str>) -> Result<()> {
    let stages: Vec<&Stage> = STAGES
        .iter()
        .filter(|(name, _)| only.is_none_or(|only| only == *name))
        .collect();
    if stages.is_empty() {
        let names = STAGES.map(|(name, _)| name).join(", ");
        return Err(format!(
            "there is no stage `{}`: choose one of {names}",
            only.unwrap_or_default()
        ));
    }
    let mut times = Vec::new();
    for (name, stage) in stages {
        eprintln!("\n== {name}");
        let start = Instant::now();
        stage().map_err(|error| {
            format!("stage `{name}`: {error}\n  repeat it with `cargo xtask test --only {name}`")
        })?;
        times.push(format!("{name} {:.0} s", start.elapsed().as_secs_f64()));
    }
    println!("\nall stages passed: {}", times.join(", "));
    Ok(())
}

fn lint() -> Result<()> {
    shell::run(
        shell::cargo().args(["fmt", "--all", "--check"]),
        "`cargo fmt --all` puts it right",
    )?;
    let clippy = |arguments: &[&str]| {
        let mut cargo = shell::cargo();
        cargo
            .args(["clippy", "--locked", "--all-targets"])
            .args(arguments)
            .args(["--", "--deny", "warnings"]);
        shell::run(&mut cargo, "the warnings above say what to change")
    };
    clippy(&["--workspace"])?;
    // The two programs of the app are never built together.
    clippy(&["--package", "sluice-app", "--features", "page"])?;
    clippy(&["--package", "sluice-app", "--features", "engine"])
}

fn native() -> Result<()> {
    let todo = "the first failing test above names its file and line";
    shell::run(
        shell::cargo().args(["test", "--locked", "--workspace"]),
        todo,
    )?;
    // The page's logic is tested natively too; the workspace's default leaves it out.
    shell::run(
        shell::cargo().args([
            "test",
            "--locked",
            "--package",
            "sluice-app",
            "--features",
            "page",
        ]),
        todo,
    )
}

/// Runs the `tests/web.rs` of every package that has one, inside the browser.
fn wasm() -> Result<()> {
    let tools = Wasm::ensure()?;
    let driver = browser::driver()?;
    browser::chromium()?;
    let root = shell::root();
    let packages = [
        "app",
        "core/analysis",
        "core/curate",
        "core/engine",
        "core/protocol",
        "core/serve",
        "core/shift",
        "core/stats",
        "core/table",
    ];
    let tested: Vec<&str> = packages
        .into_iter()
        .filter(|dir| root.join(dir).join("tests/web.rs").is_file())
        .collect();
    if tested.is_empty() {
        return Err(
            "no package has a tests/web.rs: the browser's arithmetic would go untested".to_owned(),
        );
    }
    for dir in tested {
        let package = format!("sluice-{}", dir.trim_start_matches("core/"));
        let mut cargo = tools.command("cargo");
        // The engine's profile: what is tested is what ships, and its dependencies are compiled already.
        cargo.args([
            "test",
            "--locked",
            "--target",
            "wasm32-unknown-unknown",
            "--profile",
            "engine",
        ]);
        cargo.args(["--package", &package, "--test", "web"]);
        if dir == "app" {
            cargo.args(["--no-default-features", "--features", "engine"]);
        }
        cargo
            .env(
                "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER",
                "wasm-bindgen-test-runner",
            )
            .env("CHROMEDRIVER", &driver)
            .env(
                "WASM_BINDGEN_TEST_WEBDRIVER_JSON",
                root.join("tests/tools/webdriver.json"),
            );
        shell::run(
            &mut cargo,
            "the browser's console above says which test failed",
        )?;
    }
    Ok(())
}

fn end_to_end() -> Result<()> {
    npm::ensure()?;
    let chromium = browser::chromium()?;
    let root = shell::root();
    if !root.join("dist/index.html").is_file() {
        return Err("there is no dist/ to open: run `cargo xtask build` first".to_owned());
    }
    let specs: Vec<String> = shell::files_below(&root.join("tests/e2e"))?
        .into_iter()
        .filter(|name| name.ends_with(".spec.js"))
        .map(|name| format!("tests/e2e/{name}"))
        .collect();
    let mut node = npm::node("--test")?;
    // One browser at a time: two of them on two cores make both slow enough to time out.
    node.args(["--test-concurrency=1", "--test-reporter=spec"])
        .args(&specs)
        .env("CHROMIUM", chromium);
    shell::run(
        &mut node,
        "tests/e2e/README.md says how to watch one test in a window",
    )
}
