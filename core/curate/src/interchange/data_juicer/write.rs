//! Our recipes as Data-Juicer's.

use std::collections::BTreeMap;

use sluice_analysis::{Params, Value};

use super::read::text_key;
use super::{SYSTEM, is_operator_name};
use crate::interchange::registry::Registry;
use crate::interchange::translate::Call;
use crate::interchange::yaml::Writer;
use crate::interchange::{Exported, InterchangeError, RecipeOperator, Untranslated};

/// The order in which people write the header; the rest follows by name.
const HEADER: [&str; 12] = [
    "project_name",
    "dataset_path",
    "dataset",
    "validators",
    "export_path",
    "export_type",
    "np",
    "text_keys",
    "executor_type",
    "ray_address",
    "open_tracer",
    "op_fusion",
];

/// Writes a recipe that Data-Juicer 1.4.3 reads.
///
/// An operator that was read and cannot run here is written back as it was. One that a person disabled, and one that
/// Data-Juicer lacks, become comments; the enabled ones of the latter are listed. Parameters that are absent and have
/// the same default there are left out, as are limits that are none.
pub fn write(recipe: &[RecipeOperator], header: &Params) -> Exported {
    write_with(&Registry::standard(), recipe, header)
}

/// A command line for a shell that writes the recipe into a file and runs it on a Ray cluster.
///
/// Ray has its own exact and MinHash deduplicators, which are named instead.
///
/// # Errors
///
/// [`InterchangeError::Untranslated`] for the first enabled operator that Data-Juicer lacks, and for any that it does
/// not run on Ray.
pub fn ray_command(recipe: &[RecipeOperator], header: &Params) -> Result<String, InterchangeError> {
    ray_command_with(&Registry::standard(), recipe, header)
}

/// What stands in the place of an operator.
enum Step {
    Call(String, Vec<(String, Value)>),
    Comment(String, Vec<(String, Value)>, String),
    Missing(String),
}

pub(super) fn write_with(
    registry: &Registry<'_>,
    recipe: &[RecipeOperator],
    header: &Params,
) -> Exported {
    let (key, mut steps) = translate(registry, recipe, header);
    let header = with_text_key(header, &key);
    let untranslated = missing(recipe, &mut steps);
    Exported {
        text: text(&header, &steps),
        untranslated,
    }
}

pub(super) fn ray_command_with(
    registry: &Registry<'_>,
    recipe: &[RecipeOperator],
    header: &Params,
) -> Result<String, InterchangeError> {
    let (key, mut steps) = translate(registry, recipe, header);
    if let Some(Untranslated {
        index,
        name,
        reason,
    }) = missing(recipe, &mut steps).into_iter().next()
    {
        return Err(InterchangeError::Untranslated {
            index,
            name,
            reason,
            advice: "disable the step, or run the recipe here",
        });
    }
    for (index, step) in steps.iter_mut().enumerate() {
        let Step::Call(name, _) = step else {
            continue;
        };
        match name.as_str() {
            "document_deduplicator" => *name = "ray_document_deduplicator".to_owned(),
            "document_minhash_deduplicator" => *name = "ray_bts_minhash_deduplicator".to_owned(),
            _ => {}
        }
        let is_ray =
            name.starts_with("ray_") || name.ends_with("_filter") || name.ends_with("_mapper");
        if !is_ray {
            return Err(InterchangeError::Untranslated {
                index,
                name: name.clone(),
                reason: "Data-Juicer does not run it on Ray".to_owned(),
                advice: "disable the step and run it here afterwards",
            });
        }
    }
    let mut header = with_text_key(header, &key);
    header.insert("executor_type".to_owned(), Value::from("ray"));
    header
        .entry("ray_address".to_owned())
        .or_insert_with(|| Value::from("auto"));
    let yaml = text(&header, &steps);
    // No line of the recipe may end it early.
    let mut end = "END_OF_RECIPE".to_owned();
    while yaml.lines().any(|line| line == end) {
        end.push('_');
    }
    Ok(format!(
        "cat > recipe.yaml <<'{end}'\n{yaml}{end}\ndj-process --config recipe.yaml\n"
    ))
}

/// The field most operators read, and every operator as a step.
fn translate(
    registry: &Registry<'_>,
    recipe: &[RecipeOperator],
    header: &Params,
) -> (String, Vec<Step>) {
    let calls: Vec<_> = recipe
        .iter()
        .map(|operator| {
            registry
                .named(&operator.name)
                .map(|entry| (entry, SYSTEM.call(entry, &operator.params)))
        })
        .collect();
    let key = text_key(header).map_or_else(
        || {
            most_frequent(
                calls
                    .iter()
                    .flatten()
                    .filter_map(|(_, call)| call.as_ref().ok()),
            )
        },
        str::to_owned,
    );
    let step = |(operator, call): (&RecipeOperator, Option<(_, Result<Call, String>)>)| {
        let verbatim = || operator.params.clone().into_iter().collect::<Vec<_>>();
        match call {
            None if is_foreign(operator) => Step::Call(operator.name.clone(), verbatim()),
            None => Step::Missing("there is no such operator".to_owned()),
            Some((_, Ok(call))) => {
                let mut args = call.args;
                if call.column != key {
                    args.push(("text_key".to_owned(), Value::from(call.column)));
                }
                if operator.enabled {
                    Step::Call(call.name.to_owned(), args)
                } else {
                    Step::Comment(call.name.to_owned(), args, "disabled".to_owned())
                }
            }
            Some((entry, Err(reason))) => {
                let entry: &crate::interchange::registry::Entry<'_> = entry;
                let foreign = entry.foreign(SYSTEM.id).next();
                // Only what was read has a note.
                let was_read = !operator.enabled && operator.note.is_some();
                match foreign {
                    Some(foreign)
                        if !operator.enabled && entry.check(&operator.params).is_err() =>
                    {
                        Step::Call(foreign.name.to_owned(), verbatim())
                    }
                    None if was_read && is_operator_name(&operator.name) => {
                        Step::Call(operator.name.clone(), verbatim())
                    }
                    _ if operator.enabled => Step::Missing(reason),
                    _ => Step::Comment(operator.name.clone(), verbatim(), "disabled".to_owned()),
                }
            }
        }
    };
    let steps = recipe.iter().zip(calls).map(step).collect();
    (key, steps)
}

/// Whether an operator that is not known here comes from a recipe of Data-Juicer.
fn is_foreign(operator: &RecipeOperator) -> bool {
    let is_nemo = operator.name.starts_with("nemo_curator.");
    is_operator_name(&operator.name) || !(operator.enabled || is_nemo)
}

/// Lists enabled operators that are missing, and leaves a comment in their place.
fn missing(recipe: &[RecipeOperator], steps: &mut [Step]) -> Vec<Untranslated> {
    let mut untranslated = Vec::new();
    for (index, (operator, step)) in recipe.iter().zip(steps).enumerate() {
        let Step::Missing(reason) = step else {
            continue;
        };
        let reason = std::mem::take(reason);
        let args = operator.params.clone().into_iter().collect();
        *step = Step::Comment(operator.name.clone(), args, format!("left out: {reason}"));
        if operator.enabled {
            untranslated.push(Untranslated {
                index,
                name: operator.name.clone(),
                reason,
            });
        }
    }
    untranslated
}

fn most_frequent<'a>(calls: impl Iterator<Item = &'a Call>) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for call in calls {
        *counts.entry(&call.column).or_default() += 1;
    }
    let by_count = counts
        .into_iter()
        .max_by_key(|(column, count)| (*count, std::cmp::Reverse(*column)));
    by_count.map_or_else(|| "text".to_owned(), |(column, _)| column.to_owned())
}

fn with_text_key(header: &Params, key: &str) -> Params {
    let mut header = header.clone();
    if key != "text" && text_key(&header) != Some(key) {
        header.insert("text_keys".to_owned(), Value::from(key));
    }
    header
}

fn text(header: &Params, steps: &[Step]) -> String {
    let mut writer = Writer::default();
    let known = HEADER.iter().filter_map(|key| header.get_key_value(*key));
    let rest = header
        .iter()
        .filter(|(key, _)| !HEADER.contains(&key.as_str()) && *key != "process");
    for (key, value) in known.chain(rest) {
        writer.entry(0, key, value);
    }
    if !writer.text.is_empty() {
        writer.text.push('\n');
    }
    if !steps.iter().any(|step| matches!(step, Step::Call(..))) {
        writer.entry(0, "process", &Value::List(Vec::new()));
    } else {
        writer.heading(0, "process");
    }
    for step in steps {
        match step {
            Step::Call(name, args) => {
                writer.step(
                    2,
                    name,
                    args.iter().map(|(name, value)| (name.as_str(), value)),
                );
            }
            Step::Comment(name, args, reason) => {
                let mut entry = Writer::default();
                entry.step(
                    0,
                    name,
                    args.iter().map(|(name, value)| (name.as_str(), value)),
                );
                writer.comment(2, &format!("{reason}\n{}", entry.text));
            }
            Step::Missing(_) => {}
        }
    }
    writer.text
}
