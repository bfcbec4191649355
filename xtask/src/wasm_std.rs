//! Rust's standard library for the browser.
//!
//! rustup has it ready. Where rustup cannot fetch it, Debian's `rustc-web` has the compiler and its sources,
//! from which the library is built once into a folder of its own below the cargo home.

use std::path::{Path, PathBuf};

use crate::shell::{self, Result};

const TARGET: &str = "wasm32-unknown-unknown";
const HOST: &str = "x86_64-unknown-linux-gnu";
const PACKAGES: [&str; 6] = [
    "rustc-web",
    "cargo-web",
    "rust-web-src",
    "lld-22",
    "clang-19",
    "llvm-19",
];

/// Returns the folder of another toolchain to use, or `None` when the current one knows the browser.
pub fn ensure() -> Result<Option<PathBuf>> {
    if current_toolchain_has_target() {
        return Ok(None);
    }
    if let Some(built) = built_before()? {
        return Ok(Some(built));
    }
    if let Some(rustup) = shell::which("rustup") {
        eprintln!("installing Rust's standard library for {TARGET}");
        let added = shell::run(
            shell::command(rustup).args(["target", "add", TARGET]),
            "trying Debian's packages instead",
        );
        match added {
            Ok(()) => return Ok(None),
            Err(error) => eprintln!("{error}"),
        }
    }
    from_debian().map(Some).map_err(|error| {
        format!(
            "Rust's standard library for {TARGET} is missing: run `rustup target add {TARGET}`, \
             or on Debian, as root, `apt-get install {}` and try again\n  ({error})",
            PACKAGES.join(" ")
        )
    })
}

/// Installs Debian packages; an error anywhere else or without the right to.
pub fn apt_install(packages: &[&str]) -> Result<()> {
    let apt = shell::which("apt-get").ok_or("this system has no apt-get")?;
    let user = shell::output(shell::command("id").arg("-u"))?;
    if user.trim() != "0" {
        return Err("installing packages needs root".to_owned());
    }
    let todo = "apt-get could not install the packages";
    // The package lists may be older than the archive, or absent on a fresh machine.
    shell::run(shell::command(&apt).args(["update", "-qq"]), todo).or_else(|error| {
        eprintln!("{error}");
        Ok::<(), String>(())
    })?;
    shell::run(
        shell::command(&apt)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .args(["install", "-y", "-qq", "--no-install-recommends"])
            .args(packages),
        todo,
    )
}

fn current_toolchain_has_target() -> bool {
    shell::output(shell::command("rustc").args(["--print", "target-libdir", "--target", TARGET]))
        .is_ok_and(|dir| has_core(Path::new(dir.trim())))
}

fn has_core(libdir: &Path) -> bool {
    std::fs::read_dir(libdir).is_ok_and(|entries| {
        entries
            .flatten()
            .any(|entry| entry.file_name().to_string_lossy().starts_with("libcore-"))
    })
}

fn base() -> Result<PathBuf> {
    Ok(shell::cargo_home()?.join("sluice-wasm"))
}

fn built_before() -> Result<Option<PathBuf>> {
    let Some(version) = debian_version() else {
        return Ok(None);
    };
    let sysroot = base()?.join(version);
    let done = has_core(&sysroot.join("lib/rustlib").join(TARGET).join("lib"))
        && sysroot.join("bin/rustc").is_file();
    Ok(done.then_some(sysroot))
}

/// The version of Debian's compiler, such as `1.96.0`.
fn debian_version() -> Option<String> {
    let version = shell::output(shell::command("/usr/bin/rustc").arg("--version")).ok()?;
    version.split_whitespace().nth(1).map(str::to_owned)
}

fn from_debian() -> Result<PathBuf> {
    let sources = |version: &str| PathBuf::from(format!("/usr/src/rustc-{version}/library"));
    if !debian_version().is_some_and(|version| sources(&version).is_dir()) {
        apt_install(&PACKAGES)?;
    }
    let version = debian_version().ok_or("/usr/bin/rustc does not run")?;
    let sources = sources(&version);
    if !sources.is_dir() {
        return Err(format!(
            "{} is missing: the compiler and rust-web-src differ in version",
            sources.display()
        ));
    }
    eprintln!("building Rust's standard library {version} for {TARGET} (half a minute, once)");
    let built = build_std(&sources, &version)?;
    let sysroot = assemble(&built, &version)?;
    std::fs::remove_dir_all(base()?.join(format!("{version}-build"))).ok();
    link_rustup(&sysroot);
    Ok(sysroot)
}

/// Compiles the library and returns the folder with its `.rlib` files.
fn build_std(sources: &Path, version: &str) -> Result<PathBuf> {
    let work = base()?.join(format!("{version}-build"));
    // A copy: the build must not write into a folder that the package manager owns.
    let library = work.join("library");
    // Only an interrupted build leaves one behind, perhaps half copied.
    std::fs::remove_dir_all(&work).ok();
    shell::create_dir(&work)?;
    shell::run(
        shell::command("cp").arg("-r").arg(sources).arg(&library),
        "the disk may be full",
    )?;
    shell::run(
        shell::command("/usr/bin/cargo")
            .current_dir(&library)
            .args([
                "build",
                "--release",
                "--locked",
                "--package",
                "sysroot",
                "--target",
                TARGET,
            ])
            .args(["--features", "panic-unwind compiler-builtins-mem"])
            .env("PATH", shell::path_with(&[PathBuf::from("/usr/bin")])?)
            .env("RUSTC", "/usr/bin/rustc")
            .env("RUSTC_BOOTSTRAP", "1")
            .env(
                "RUSTFLAGS",
                "-Cembed-bitcode=yes -Zforce-unstable-if-unmarked",
            )
            .env("CARGO_TARGET_DIR", work.join("target")),
        "cargo fetches the library's few dependencies; check the connection",
    )?;
    Ok(work.join("target").join(TARGET).join("release/deps"))
}

/// A toolchain folder that shares everything with Debian's except the library just built.
fn assemble(built: &Path, version: &str) -> Result<PathBuf> {
    let sysroot = base()?.join(version);
    let rustlib = sysroot.join("lib/rustlib");
    let libraries = rustlib.join(TARGET).join("lib");
    shell::create_dir(&libraries)?;
    for name in shell::files_below(built)? {
        if name.ends_with(".rlib") {
            shell::write(&libraries.join(&name), shell::read(&built.join(&name))?)?;
        }
    }
    link(
        &Path::new("/usr/lib/rustlib").join(HOST).join("lib"),
        &rustlib.join(HOST).join("lib"),
    )?;
    let linker = shell::which("lld-22")
        .or_else(|| shell::which("lld"))
        .ok_or("lld is missing")?;
    link(&linker, &rustlib.join(HOST).join("bin/rust-lld"))?;
    link(Path::new("/usr/bin/cargo"), &sysroot.join("bin/cargo"))?;
    // The compiler finds its library next to its own shared objects, which stay in /usr: tell it where this one is.
    for program in ["rustdoc", "rustc"] {
        let script = format!(
            "#!/bin/sh\nexec /usr/bin/{program} --sysroot \"{}\" \"$@\"\n",
            sysroot.display()
        );
        let path = sysroot.join("bin").join(program);
        shell::write(&path, script)?;
        shell::run(
            shell::command("chmod").arg("+x").arg(&path),
            "the cargo home must allow programs",
        )?;
    }
    Ok(sysroot)
}

fn link(to: &Path, at: &Path) -> Result<()> {
    if let Some(parent) = at.parent() {
        shell::create_dir(parent)?;
    }
    shell::run(
        shell::command("ln").arg("-sfn").arg(to).arg(at),
        "the cargo home must allow links",
    )
}

/// For work by hand: `cargo +sluice-wasm build …`. Builds of xtask do not need it.
fn link_rustup(sysroot: &Path) {
    if let Some(rustup) = shell::which("rustup") {
        let linked = shell::run(
            shell::command(rustup)
                .args(["toolchain", "link", "sluice-wasm"])
                .arg(sysroot),
            "",
        );
        if let Err(error) = linked {
            eprintln!("note: {error}");
        }
    }
}
