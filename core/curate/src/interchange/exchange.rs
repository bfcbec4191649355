//! Recipes of a document from and to other systems.

use sluice_analysis::{Params, Value};
use sluice_protocol::recipe::{ExportedRecipe, ImportedRecipe, ImportedStep};
use sluice_table::TableError;

use super::dolma::{MixerStream, Threshold, attribute_name, mixer_config};
use super::{Exported, InterchangeError, RecipeOperator, data_juicer, datatrove, nemo};
use crate::operator::Prepared;
use crate::operators;
use crate::recipe::{Member, Work};

/// Reads a recipe of Data-Juicer or NeMo Curator.
///
/// # Errors
///
/// [`TableError::Format`] with line, column and what to do.
pub fn import(text: &str) -> Result<ImportedRecipe, TableError> {
    // Only NeMo's recipes name Python classes.
    let (format, read) = if text.contains("_target_") {
        ("NeMo Curator pipeline", nemo::read(text))
    } else {
        ("Data-Juicer recipe", data_juicer::read(text))
    };
    let imported = read.map_err(|error| TableError::Format {
        file: "recipe".to_owned(),
        format,
        reason: error.to_string(),
    })?;
    let title = imported.header.get("project_name").and_then(Value::as_str);
    let mut notes: Vec<String> = imported
        .issues
        .iter()
        .filter(|issue| issue.operator.is_none())
        .map(|issue| format!("line {}: {}", issue.line, issue.message))
        .collect();
    let n_off = imported
        .operators
        .iter()
        .filter(|operator| !operator.enabled)
        .count();
    if n_off > 0 {
        notes.push(format!(
            "{n_off} of {} operators are kept as they are and switched off",
            imported.operators.len()
        ));
    }
    let steps = imported
        .operators
        .into_iter()
        .enumerate()
        .map(|(idx, operator)| {
            let said = imported
                .issues
                .iter()
                .filter(|issue| issue.operator == Some(idx));
            let mut note: Vec<&str> = operator.note.as_deref().into_iter().collect();
            note.extend(said.map(|issue| issue.message.as_str()));
            let note = note.join("; ");
            ImportedStep {
                op_version: 1,
                params: with_defaults(&operator),
                is_on: operator.enabled,
                note,
                op: operator.name,
            }
        })
        .collect();
    Ok(ImportedRecipe {
        title: title.unwrap_or_default().to_owned(),
        steps,
        notes,
    })
}

/// A document says all parameters, so that a new default changes no old recipe. What is not understood stays as it is.
fn with_defaults(operator: &RecipeOperator) -> Params {
    let known = operators::named(&operator.name).filter(|_| operator.enabled);
    let defaults =
        known.and_then(|known| serde_json::from_str::<Value>(&known.spec().defaults).ok());
    let mut params = match defaults {
        Some(Value::Map(defaults)) => defaults,
        _ => Params::new(),
    };
    params.extend(operator.params.clone());
    params
}

/// Writes a recipe for another system.
///
/// # Errors
///
/// [`TableError::Param`] for a system that is not known, and for a command line that would leave operators out.
pub fn export(members: &[Member], to: &str) -> Result<ExportedRecipe, TableError> {
    let recipe: Vec<RecipeOperator> = members.iter().map(operator).collect();
    let header = Params::new();
    let (file_name, media_type, exported) = match to {
        "data-juicer" => ("recipe.yaml", YAML, data_juicer::write(&recipe, &header)),
        "data-juicer-ray" => {
            let text = data_juicer::ray_command(&recipe, &header).map_err(refused)?;
            let untranslated = Vec::new();
            (
                "run-on-ray.sh",
                "text/x-shellscript",
                Exported { text, untranslated },
            )
        }
        "datatrove" => (
            "pipeline.py",
            "text/x-python",
            datatrove::datatrove_pipeline(&recipe),
        ),
        "nemo-curator" => ("pipeline.yaml", YAML, nemo::write(&recipe, &header)),
        "dolma-mixer" => ("mixer.json", "application/json", mixer(members)),
        _ => {
            return Err(TableError::Param {
                what: format!("export to “{to}”"),
                reason: "there are data-juicer, data-juicer-ray, datatrove, nemo-curator and dolma-mixer".to_owned(),
            });
        }
    };
    Ok(ExportedRecipe {
        file_name: file_name.to_owned(),
        media_type: media_type.to_owned(),
        text: exported.text,
        untranslated: exported
            .untranslated
            .into_iter()
            .map(|missing| (missing.name, missing.reason))
            .collect(),
        differing: differing(members),
    })
}

/// Operators in use whose results are not the other systems'.
fn differing(members: &[Member]) -> Vec<(String, String)> {
    let in_use = members
        .iter()
        .filter(|member| matches!(member.work, Work::On(_)));
    in_use
        .filter_map(|member| {
            let reason = operators::named(&member.op)?.differs();
            (!reason.is_empty()).then(|| (member.op.clone(), reason.to_owned()))
        })
        .collect()
}

const YAML: &str = "application/yaml";

fn operator(member: &Member) -> RecipeOperator {
    let mut params = member.own.clone();
    params.insert(
        "column".to_owned(),
        Value::from(member.common.column.as_str()),
    );
    let common = &member.common;
    for (name, value, usual) in [
        ("min_closed_interval", common.min_closed_interval, true),
        ("max_closed_interval", common.max_closed_interval, true),
        ("reversed_range", common.reversed_range, false),
    ] {
        if value != usual {
            params.insert(name.to_owned(), Value::from(value));
        }
    }
    let is_known = operators::named(&member.op).is_some();
    let (enabled, note) = match &member.work {
        Work::On(_) => (true, None),
        Work::Off(reason) => (false, (!is_known).then(|| reason.clone())),
    };
    if !is_known {
        params.clone_from(&member.own);
    }
    RecipeOperator {
        name: member.op.clone(),
        params,
        enabled,
        note,
    }
}

/// Thresholds on attributes that a tagger of this recipe would have written.
fn mixer(members: &[Member]) -> Exported {
    let mut thresholds = Vec::new();
    let mut untranslated = Vec::new();
    for (index, member) in members.iter().enumerate() {
        let Work::On(prepared) = &member.work else {
            continue;
        };
        let Prepared::Filter(filter) = prepared else {
            untranslated.push(super::Untranslated {
                index,
                name: member.op.clone(),
                reason: "a mixer decides by attributes; only filters measure them".to_owned(),
            });
            continue;
        };
        let measures = filter.measures();
        for condition in member.conditions() {
            let Some(measure) = measures.get(condition.measure) else {
                continue;
            };
            let name = attribute_name("sluice", &member.op, measure.name);
            thresholds.extend(Threshold::of(&name, &condition));
        }
    }
    let stream = MixerStream {
        name: "kept".to_owned(),
        documents: vec!["documents/*.jsonl.gz".to_owned()],
        attributes: vec!["sluice".to_owned()],
        thresholds,
        output_path: "kept".to_owned(),
        max_size_in_bytes: 4 << 30,
    };
    Exported {
        text: mixer_config(&[stream], 1),
        untranslated,
    }
}

fn refused(error: InterchangeError) -> TableError {
    TableError::Param {
        what: "export".to_owned(),
        reason: error.to_string(),
    }
}
