//! Set-up, build, serve, test, size budget and benchmarks: `cargo xtask <command>`.

mod bench;
mod browser;
mod build;
mod finish;
mod licences;
mod npm;
mod policy;
mod serve;
mod shell;
mod size;
mod test;
mod tools;
mod wasm_std;

use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask <command>

  serve [--port N] [--fast]   install what is missing, build the page and serve it on this machine
  build [--fast]              write dist/; --fast skips the slow optimisation
  test [--only STAGE]         every check; STAGE is one of lint, policy, native, build, size, wasm, e2e
  size                        compare dist/ with its committed limits
  bench [--rows N] [--only SYSTEM] [--rounds N]
                              time Sluice and DuckDB-wasm on the same table; SYSTEM is sluice or duckdb
  bench curate [--megabytes N] [--documents N] [--only PART] [--check]
                              time curation of texts; PART is native, browser or peers, the first two without it;
                              with --check a bar that is missed is a failure
  audit                       look for published advisories (needs the network)
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(args: &[String]) -> shell::Result<()> {
    let Some((command, rest)) = args.split_first() else {
        return Err(format!("no command given\n\n{USAGE}"));
    };
    let mut options = Options(rest.to_vec());
    match command.as_str() {
        "serve" => {
            let port = options.number("--port")?.unwrap_or(8080);
            let speed = options.speed();
            options.finish()?;
            build::build(speed)?;
            serve::serve(port)
        }
        "build" => {
            let speed = options.speed();
            options.finish()?;
            build::build(speed)
        }
        "test" => {
            let only = options.value("--only")?;
            options.finish()?;
            test::test(only.as_deref())
        }
        "size" => {
            options.finish()?;
            size::size()
        }
        "bench" if options.word("curate") => {
            let config = bench::curate::Config {
                megabytes: options.number("--megabytes")?,
                documents: options.number("--documents")?,
                only: options.value("--only")?,
                is_checked: options.flag("--check"),
            };
            options.finish()?;
            bench::curate::bench(&config)
        }
        "bench" => {
            let config = bench::Config {
                rows: options.number("--rows")?,
                rounds: options.number("--rounds")?,
                only: options.value("--only")?,
            };
            options.finish()?;
            bench::bench(&config)
        }
        "audit" => {
            options.finish()?;
            policy::audit()
        }
        "help" | "--help" | "-h" => {
            print!("{USAGE}");
            Ok(())
        }
        other => Err(format!("there is no command `{other}`\n\n{USAGE}")),
    }
}

/// What follows the command; taking an option removes it, and what is left over is a mistake.
struct Options(Vec<String>);

impl Options {
    fn flag(&mut self, name: &str) -> bool {
        let before = self.0.len();
        self.0.retain(|arg| arg != name);
        self.0.len() != before
    }

    /// Whether this word comes first; it is then taken.
    fn word(&mut self, name: &str) -> bool {
        let is_first = self.0.first().is_some_and(|arg| arg == name);
        if is_first {
            self.0.remove(0);
        }
        is_first
    }

    fn speed(&mut self) -> build::Speed {
        if self.flag("--fast") {
            build::Speed::Fast
        } else {
            build::Speed::Release
        }
    }

    fn value(&mut self, name: &str) -> shell::Result<Option<String>> {
        let Some(at) = self.0.iter().position(|arg| arg == name) else {
            return Ok(None);
        };
        if at + 1 >= self.0.len() {
            return Err(format!("{name} needs a value\n\n{USAGE}"));
        }
        self.0.remove(at);
        Ok(Some(self.0.remove(at)))
    }

    fn number<T: std::str::FromStr>(&mut self, name: &str) -> shell::Result<Option<T>> {
        self.value(name)?
            .map(|text| {
                text.parse()
                    .map_err(|_| format!("{name} needs a number, got `{text}`"))
            })
            .transpose()
    }

    fn finish(self) -> shell::Result<()> {
        match self.0.first() {
            Some(arg) => Err(format!("do not know what `{arg}` means here\n\n{USAGE}")),
            None => Ok(()),
        }
    }
}
