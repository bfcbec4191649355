//! The reference page of all operations, from what they say of themselves.

use std::fmt::Write as _;

use serde_json::Value as Json;
use sluice_protocol::spec::{OperationKind, OperationSpec};

use crate::operations;

/// The page `docs/operations.md`, as Markdown.
pub fn markdown() -> String {
    let specs: Vec<OperationSpec> = operations()
        .iter()
        .map(|operation| operation.spec())
        .collect();
    let mut page = String::from(
        "# Operations\n\n\
         Every operation of this version, with its parameters, their defaults and the definition it follows.\n\
         The page is made by `sluice ops --markdown`; a test keeps it up to date.\n\n\
         Operators of a recipe (the sections map, filter, dedup and select whose names end so) can be chained: a chain is measured once and decides at once.\n\
         What was compared with other systems, and where results differ, is in [conformance.md](conformance.md).\n",
    );
    for kind in [
        OperationKind::Map,
        OperationKind::Filter,
        OperationKind::Dedup,
        OperationKind::Select,
        OperationKind::Score,
        OperationKind::Report,
        OperationKind::Generate,
        OperationKind::Simulate,
    ] {
        let of_kind: Vec<&OperationSpec> = specs.iter().filter(|spec| spec.kind == kind).collect();
        if of_kind.is_empty() {
            continue;
        }
        write!(page, "\n## {}\n", sentence_case(kind.label())).ok();
        for spec in of_kind {
            section(&mut page, spec);
        }
    }
    page
}

fn section(page: &mut String, spec: &OperationSpec) {
    write!(
        page,
        "\n### {} · `{}`\n\n{}.\n",
        spec.title, spec.name, spec.summary
    )
    .ok();
    writeln!(page, "Source: {}.", spec.source.trim_end_matches('.')).ok();
    if !spec.dialects.is_empty() {
        writeln!(page, "Dialects: {}.", spec.dialects.join(", ")).ok();
    }
    let schema: Json = serde_json::from_str(&spec.params_schema).unwrap_or_default();
    let defaults: Json = serde_json::from_str(&spec.defaults).unwrap_or_default();
    let Some(fields) = schema.get("properties").and_then(Json::as_object) else {
        return;
    };
    // Stands in every operator, and would drown the rest.
    let usual = [
        "min_closed_interval",
        "max_closed_interval",
        "reversed_range",
        "keep_column",
        "keep_order",
    ];
    let own: Vec<_> = fields
        .iter()
        .filter(|(name, _)| !usual.contains(&name.as_str()))
        .collect();
    if own.is_empty() {
        return;
    }
    page.push_str("\n| parameter | default | unit | meaning |\n|---|---|---|---|\n");
    for (name, field) in own {
        let text = |key: &str| field.get(key).and_then(Json::as_str).unwrap_or_default();
        let default = defaults.get(name).map_or_else(String::new, shown);
        let meaning = cell(text("description"));
        writeln!(
            page,
            "| `{name}` | {default} | {} | {meaning} |",
            text("unit")
        )
        .ok();
    }
}

fn shown(default: &Json) -> String {
    match default {
        Json::Null => "none".to_owned(),
        Json::String(text) if text.is_empty() => "empty".to_owned(),
        other => {
            let json: String = other.to_string().chars().take(60).collect();
            format!("`{}`", cell(&json).replace('`', "'"))
        }
    }
}

/// Text that stays within its cell.
fn cell(text: &str) -> String {
    text.replace(['\n', '\r'], " ").replace('|', "\\|")
}

fn sentence_case(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
