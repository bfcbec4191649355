//! Our recipes as pipelines.

use sluice_analysis::{Params, Value};

use super::{SYSTEM, TARGET, TEXT_FIELD};
use crate::interchange::registry::Registry;
use crate::interchange::yaml::Writer;
use crate::interchange::{Exported, RecipeOperator, Untranslated};

const SCORE_FILTER: &str = "nemo_curator.stages.text.filters.score_filter.ScoreFilter";
const MODIFY: &str = "nemo_curator.stages.text.modifiers.modifier.Modify";
const READER: &str = "nemo_curator.stages.text.io.reader.JsonlReader";
const WRITER: &str = "nemo_curator.stages.text.io.writer.JsonlWriter";

/// Writes a pipeline of NeMo Curator at 1e2e4275 that reads and writes JSON lines.
///
/// Operators that it lacks are named in comments at their place, and listed if they are enabled.
pub fn write(recipe: &[RecipeOperator], header: &Params) -> Exported {
    write_with(&Registry::standard(), recipe, header)
}

pub(super) fn write_with(
    registry: &Registry<'_>,
    recipe: &[RecipeOperator],
    header: &Params,
) -> Exported {
    let text_field = header
        .get("text_field")
        .and_then(Value::as_str)
        .unwrap_or("text");
    let mut writer = Writer::default();
    let absent = Value::from("???");
    for key in ["input_path", "output_path"] {
        writer.entry(0, key, header.get(key).unwrap_or(&absent));
    }
    writer.entry(0, "text_field", &Value::from(text_field));
    writer.text.push('\n');
    writer.heading(0, "stages");
    stage(
        &mut writer,
        READER,
        &[
            ("file_paths", "${input_path}".into()),
            ("fields", Value::Null),
        ],
    );
    let mut untranslated = Vec::new();
    for (index, operator) in recipe.iter().enumerate() {
        let mut step = Writer::default();
        let reason = match registry
            .named(&operator.name)
            .map(|entry| SYSTEM.call(entry, &operator.params))
        {
            Some(Ok(call)) => {
                let target = format!("{}.{}", call.module, call.name);
                let column = if call.column == text_field {
                    TEXT_FIELD
                } else {
                    &call.column
                };
                filter(&mut step, &target, &call.args, column);
                (!operator.enabled).then(|| "disabled".to_owned())
            }
            // Read from there, and written back.
            None if operator.name.starts_with("nemo_curator.") => {
                let args: Vec<_> = operator.params.clone().into_iter().collect();
                filter(&mut step, &operator.name, &args, TEXT_FIELD);
                None
            }
            other => {
                let reason = match other {
                    Some(Err(reason)) => reason,
                    _ => "there is no such operator".to_owned(),
                };
                step.text.clone_from(&operator.name);
                if operator.enabled {
                    untranslated.push(Untranslated {
                        index,
                        name: operator.name.clone(),
                        reason: reason.clone(),
                    });
                }
                Some(format!("left out: {reason}"))
            }
        };
        match reason {
            None => writer.text.push_str(&step.text),
            Some(reason) => writer.comment(2, &format!("{reason}\n{}", step.text)),
        }
    }
    stage(&mut writer, WRITER, &[("path", "${output_path}".into())]);
    Exported {
        text: writer.text,
        untranslated,
    }
}

fn stage(writer: &mut Writer, target: &str, args: &[(&str, Value)]) {
    writer.item(2, |writer| {
        writer.entry(4, TARGET, &Value::from(target));
        for (name, value) in args {
            writer.entry(4, name, value);
        }
    });
}

/// A class within the stage that applies it; a stage by itself if it is neither a filter nor a modifier.
fn filter(writer: &mut Writer, target: &str, args: &[(String, Value)], column: &str) {
    let (outer, slot, field) = if target.contains(".filters.") {
        (SCORE_FILTER, "filter_obj", "text_field")
    } else if target.contains(".modifiers.") {
        (MODIFY, "modifier_fn", "input_fields")
    } else {
        let args: Vec<_> = args
            .iter()
            .map(|(name, value)| (name.as_str(), value.clone()))
            .collect();
        return stage(writer, target, &args);
    };
    writer.item(2, |writer| {
        writer.entry(4, TARGET, &Value::from(outer));
        writer.heading(4, slot);
        writer.entry(6, TARGET, &Value::from(target));
        for (name, value) in args {
            writer.entry(6, name, value);
        }
        writer.entry(4, field, &Value::from(column));
    });
}
