//! `sluice op` and `sluice generate`: one operation on files.

use std::process::ExitCode;

use serde_json::json;
use sluice_analysis::Params;
use sluice_engine::{TableError, operation_named, operations};
use sluice_protocol::spec::OperationKind;
use sluice_table::{Operation, Outcome, RunContext, Table};

use crate::host::TerminalHost;
use crate::{Common, input, output};

#[derive(clap::Args)]
pub struct OpArguments {
    /// Name of the operation, as `sluice ops` lists it
    name: String,
    /// Parameters as a JSON object; what is absent has its default
    #[arg(long)]
    params: Option<String>,
    /// Input table; repeat it for operations of several tables
    #[arg(long)]
    input: Vec<String>,
    /// Where the table goes; `-` is standard output
    #[arg(long, default_value = "-")]
    output: String,
    /// Format of the input, when content and name mislead
    #[arg(long)]
    format: Option<String>,
    /// Which output table, where the operation has several
    #[arg(long, default_value_t = 0)]
    port: usize,
}

#[derive(clap::Args)]
pub struct GenerateArguments {
    /// A sample (`sample_web_text`, …), or a JSON file `{"op": …, "params": {…}}`
    spec: String,
    /// Where the table goes; the format follows the name
    #[arg(long)]
    output: String,
    /// Parameters as a JSON object
    #[arg(long)]
    params: Option<String>,
    /// Which output table, where the operation has several
    #[arg(long, default_value_t = 0)]
    port: usize,
}

pub fn op(arguments: &OpArguments, common: &Common) -> Result<ExitCode, TableError> {
    let operation = named(&arguments.name)?;
    let params = input::params(arguments.params.as_deref())?;
    let host = TerminalHost::new(common);
    let mut tables = Vec::new();
    for path in &arguments.input {
        let loaded = input::load(path, arguments.format.as_deref(), &host)?;
        if loaded.issues.total() > 0 && !common.quiet {
            eprintln!(
                "{path}: {} values or rows could not be read as they are",
                loaded.issues.total()
            );
        }
        tables.push(loaded.table);
    }
    let rows_in = tables.first().map_or(0, Table::n_rows);
    let outcome = execute(operation, &tables, &params, common, &host)?;
    drop(host);
    finish(&outcome, arguments.port, &arguments.output, rows_in, common)
}

pub fn generate(arguments: &GenerateArguments, common: &Common) -> Result<ExitCode, TableError> {
    let (name, mut params) = if arguments.spec.ends_with(".json") {
        spec_file(&arguments.spec)?
    } else {
        (arguments.spec.clone(), Params::new())
    };
    params.extend(input::params(arguments.params.as_deref())?);
    let operation = named(&name)?;
    if operation.spec().kind != OperationKind::Generate {
        return Err(TableError::Param {
            what: name,
            reason: "it does not generate; use “sluice op”".to_owned(),
        });
    }
    let host = TerminalHost::new(common);
    let outcome = execute(operation, &[], &params, common, &host)?;
    drop(host);
    finish(&outcome, arguments.port, &arguments.output, 0, common)
}

fn spec_file(path: &str) -> Result<(String, Params), TableError> {
    #[derive(serde::Deserialize)]
    struct Spec {
        op: String,
        #[serde(default)]
        params: Params,
    }
    let unreadable = |reason: String| TableError::Read {
        file: path.to_owned(),
        reason,
    };
    let text = std::fs::read_to_string(path).map_err(|error| unreadable(error.to_string()))?;
    let spec: Spec = serde_json::from_str(&text).map_err(|error| unreadable(error.to_string()))?;
    Ok((spec.op, spec.params))
}

fn named(name: &str) -> Result<&'static dyn Operation, TableError> {
    operation_named(name).ok_or_else(|| TableError::Param {
        what: format!("operation “{name}”"),
        reason: format!(
            "it does not exist; there are {}",
            operations()
                .iter()
                .map(|operation| operation.spec().name)
                .collect::<Vec<_>>()
                .join(", ")
        ),
    })
}

fn execute(
    operation: &'static dyn Operation,
    tables: &[Table],
    params: &Params,
    common: &Common,
    host: &TerminalHost,
) -> Result<Outcome, TableError> {
    let spec = operation.spec();
    let expected = usize::from(spec.inputs.min)..=usize::from(spec.inputs.max);
    if !expected.contains(&tables.len()) {
        return Err(TableError::Inputs {
            op: spec.name,
            expected: format!("{} to {}", expected.start(), expected.end()),
            got: tables.len(),
        });
    }
    let context = RunContext {
        host,
        seed: common.seed,
        stream_name: format!("op {}", spec.name),
    };
    pollster::block_on(operation.run(tables, params, &context))
}

fn finish(
    outcome: &Outcome,
    port: usize,
    path: &str,
    rows_in: usize,
    common: &Common,
) -> Result<ExitCode, TableError> {
    if common.json && path == "-" {
        let reason = "with --json, standard output holds the report; name a file".to_owned();
        return Err(TableError::Param {
            what: "--output".to_owned(),
            reason,
        });
    }
    let rows_out = output::outcome(outcome, port, path, None)?;
    if common.json {
        output::json(
            &json!({ "rows_in": rows_in, "rows_out": rows_out, "issues": outcome.issues.total() }),
        )?;
    } else if path != "-" && !common.quiet {
        eprintln!("{rows_out} rows written to {path}");
    }
    Ok(ExitCode::SUCCESS)
}
