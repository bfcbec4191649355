//! `sluice profile`: what is in a table.

use std::process::ExitCode;

use serde_json::{Map, Value as Json, json};
use sluice_analysis::{Ref, SourceId};
use sluice_engine::TableError;
use sluice_protocol::message::ProfileLevel;
use sluice_protocol::profile::{ColumnProfile, TableProfile};
use sluice_table::{Loaded, profile};

use crate::host::TerminalHost;
use crate::{Common, input, output};

#[derive(clap::Args)]
pub struct Arguments {
    /// Tables of any readable format; `-` is standard input
    #[arg(required = true)]
    files: Vec<String>,
    /// Format, when content and name mislead
    #[arg(long)]
    format: Option<String>,
    /// Only types, counts, quantiles, histograms and top values
    #[arg(long)]
    base: bool,
}

pub fn run(arguments: &Arguments, common: &Common) -> Result<ExitCode, TableError> {
    let level = if arguments.base {
        ProfileLevel::Base
    } else {
        ProfileLevel::Full
    };
    let mut tables = Vec::new();
    for path in &arguments.files {
        let host = TerminalHost::new(common);
        let loaded = input::load(path, arguments.format.as_deref(), &host)?;
        let reference = Ref::Source(SourceId(0));
        let profile = pollster::block_on(profile::profile_table(
            &loaded.table,
            reference,
            level,
            &host,
        ))?;
        drop(host);
        if common.json {
            tables.push(described(path, &loaded, &profile));
        } else {
            output::text(&report(path, &loaded, &profile))?;
        }
    }
    if common.json {
        output::json(&json!({ "tables": tables }))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn described(path: &str, loaded: &Loaded, profile: &TableProfile) -> Json {
    let issues: Vec<Json> = loaded
        .issues
        .first()
        .iter()
        .map(|issue| json!({ "file": issue.file, "row": issue.row, "column": issue.column, "reason": issue.reason }))
        .collect();
    json!({
        "name": path,
        "format": loaded.format,
        "rows": profile.rows,
        "guesses": loaded.guesses,
        "sampling": loaded.sampling,
        "columns": profile.columns.iter().map(column).collect::<Vec<_>>(),
        "duplicates": profile.duplicates,
        "missing_patterns": profile.missing_patterns,
        "associations": profile.associations,
        "alerts": profile.alerts,
        "n_issues": loaded.issues.total(),
        "issues": issues,
    })
}

/// The column's profile, with the fields that others rely on first: `name`, `type`, `nulls`, `distinct`.
fn column(profile: &ColumnProfile) -> Json {
    let mut fields = Map::new();
    fields.insert("name".to_owned(), json!(profile.name));
    fields.insert("type".to_owned(), json!(profile.column_type.label()));
    fields.insert("meaning".to_owned(), json!(profile.meaning.label()));
    fields.insert("n".to_owned(), json!(profile.n));
    fields.insert("nulls".to_owned(), json!(profile.nulls));
    fields.insert("empties".to_owned(), json!(profile.empties));
    fields.insert("distinct".to_owned(), json!(profile.distinct.count));
    fields.insert("distinct_exact".to_owned(), json!(profile.distinct.exact));
    fields.insert("numeric".to_owned(), json!(profile.numeric));
    fields.insert("text".to_owned(), json!(profile.text));
    fields.insert("histogram".to_owned(), json!(profile.histogram));
    fields.insert("top_values".to_owned(), json!(profile.top_values));
    fields.insert("examples".to_owned(), json!(profile.examples));
    fields.insert("alerts".to_owned(), json!(profile.alerts));
    Json::Object(fields)
}

/// The report for people.
fn report(path: &str, loaded: &Loaded, profile: &TableProfile) -> String {
    let mut out = String::new();
    let mut line = |text: String| {
        out.push_str(&text);
        out.push('\n');
    };
    line(format!(
        "{path}: {}, {} rows, {} columns",
        loaded.format,
        profile.rows,
        profile.columns.len()
    ));
    for guess in &loaded.guesses {
        line(format!(
            "  {} {}: {}",
            guess.name,
            Json::from(&guess.value),
            guess.reason
        ));
    }
    if let Some(sampling) = &loaded.sampling {
        line(format!(
            "  sampled: {}, {:.4} of the input",
            sampling.method, sampling.share
        ));
    }
    line(String::new());
    line(format!(
        "{:<24} {:<10} {:<11} {:>9} {:>10}  range or most frequent",
        "column", "type", "meaning", "nulls", "distinct"
    ));
    for column in &profile.columns {
        let distinct = format!(
            "{}{}",
            if column.distinct.exact { "" } else { "≈" },
            column.distinct.count
        );
        let shown = match (&column.numeric, column.top_values.first()) {
            (Some(numeric), _) => {
                format!("{} to {}, mean {}", numeric.min, numeric.max, numeric.mean)
            }
            (None, Some(top)) => format!("{} ({})", Json::from(&top.value), top.count),
            (None, None) => column.examples.first().cloned().unwrap_or_default(),
        };
        line(format!(
            "{:<24} {:<10} {:<11} {:>9} {:>10}  {}",
            column.name,
            column.column_type.label(),
            column.meaning.label(),
            column.nulls,
            distinct,
            shown
                .chars()
                .take(80)
                .collect::<String>()
                .replace('\n', " ")
        ));
    }
    let alerts: Vec<_> = profile
        .alerts
        .iter()
        .chain(profile.columns.iter().flat_map(|c| &c.alerts))
        .collect();
    if !alerts.is_empty() {
        line("\nAlerts".to_owned());
        for alert in alerts {
            line(format!(
                "  {}: {}",
                alert.column.as_deref().unwrap_or("table"),
                alert.reason
            ));
        }
    }
    if loaded.issues.total() > 0 {
        line(format!(
            "\n{} values or rows could not be read as they are; the first:",
            loaded.issues.total()
        ));
        for issue in loaded.issues.first().iter().take(5) {
            let row = issue
                .row
                .map_or_else(String::new, |row| format!(", row {row}"));
            let column = issue
                .column
                .as_ref()
                .map_or_else(String::new, |column| format!(", column {column}"));
            line(format!("  {}{row}{column}: {}", issue.file, issue.reason));
        }
    }
    line(String::new());
    out
}
