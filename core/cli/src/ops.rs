//! `sluice ops`: every operation of the registry.

use std::process::ExitCode;

use serde_json::{Value as Json, json};
use sluice_engine::{TableError, operations};
use sluice_protocol::spec::OperationSpec;

use crate::{Common, output};

#[derive(clap::Args)]
pub struct Arguments {
    /// Only operations of this bench: data, shift or serve
    #[arg(long)]
    bench: Option<String>,
    /// The reference page, as Markdown
    #[arg(long)]
    markdown: bool,
}

pub fn run(arguments: &Arguments, common: &Common) -> Result<ExitCode, TableError> {
    if arguments.markdown {
        output::text(&sluice_engine::reference::markdown())?;
        return Ok(ExitCode::SUCCESS);
    }
    let specs: Vec<OperationSpec> = operations()
        .iter()
        .map(|operation| operation.spec())
        .filter(|spec| {
            arguments
                .bench
                .as_ref()
                .is_none_or(|bench| bench_name(spec) == bench.to_lowercase())
        })
        .collect();
    if specs.is_empty()
        && let Some(bench) = &arguments.bench
    {
        let reason = format!("“{bench}” has no operations; benches are data, shift and serve");
        return Err(TableError::Param {
            what: "--bench".to_owned(),
            reason,
        });
    }
    if common.json {
        let operations: Vec<Json> = specs.iter().map(described).collect();
        output::json(&json!({ "operations": operations }))?;
        return Ok(ExitCode::SUCCESS);
    }
    let lines = specs.iter().map(|spec| {
        let bench = bench_name(spec);
        let about = format!(
            "{:<40} {bench:<6} {:<9} {}",
            spec.name,
            spec.kind.label(),
            spec.summary
        );
        format!("{about}\n{:<40} source: {}\n", "", spec.source)
    });
    output::text(&lines.collect::<String>())?;
    Ok(ExitCode::SUCCESS)
}

fn bench_name(spec: &OperationSpec) -> String {
    format!("{:?}", spec.bench).to_lowercase()
}

fn described(spec: &OperationSpec) -> Json {
    let parse = |text: &str| serde_json::from_str::<Json>(text).unwrap_or(Json::Null);
    json!({
        "name": spec.name,
        "version": spec.version,
        "bench": bench_name(spec),
        "kind": spec.kind.label(),
        "title": spec.title,
        "summary": spec.summary,
        "source": spec.source,
        "dialects": spec.dialects,
        "parameters": parse(&spec.params_schema),
        "defaults": parse(&spec.defaults),
    })
}
