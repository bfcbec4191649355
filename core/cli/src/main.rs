//! `sluice`: the same engine on the command line.
//!
//! Exit status: 0 done, 1 a check or comparison did not hold, 2 bad arguments or unreadable input.

#![forbid(unsafe_code)]

mod conform;
mod host;
mod input;
mod ops;
mod output;
mod profile;
mod recipe;
mod run;
mod threads;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// What is in a dataset, how two datasets differ, how a service behaves under a trace.
#[derive(Parser)]
#[command(name = "sluice", version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    common: Common,
}

/// Taken by every command.
#[derive(clap::Args, Clone)]
pub struct Common {
    /// One JSON document on standard output, nothing else there
    #[arg(long, global = true)]
    json: bool,
    /// Seed of every random stream
    #[arg(long, global = true, default_value_t = 0)]
    seed: u64,
    /// Threads to use; 0 means one per core
    #[arg(long, global = true, default_value_t = 0)]
    threads: usize,
    /// No progress on standard error
    #[arg(long, global = true)]
    quiet: bool,
}

#[derive(Subcommand)]
enum Command {
    /// What is in a table: per column type, missing values, distribution, alerts
    Profile(profile::Arguments),
    /// Lists every operation
    Ops(ops::Arguments),
    /// Runs one operation
    Op(run::OpArguments),
    /// Runs a recipe or analysis on files
    Run(recipe::RunArguments),
    /// Translates a recipe for another system
    Export(recipe::ExportArguments),
    /// Generates a built-in sample
    Generate(run::GenerateArguments),
    /// Runs conformance cases
    Conform(conform::Arguments),
}

fn main() -> ExitCode {
    let Arguments { command, common } = Arguments::parse();
    let result = match command {
        Command::Profile(arguments) => profile::run(&arguments, &common),
        Command::Ops(arguments) => ops::run(&arguments, &common),
        Command::Op(arguments) => run::op(&arguments, &common),
        Command::Run(arguments) => recipe::run(&arguments, &common),
        Command::Export(arguments) => recipe::export(&arguments, &common),
        Command::Generate(arguments) => run::generate(&arguments, &common),
        Command::Conform(arguments) => conform::run(&arguments, &common),
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            eprintln!("sluice: {error}");
            ExitCode::from(2)
        }
    }
}
