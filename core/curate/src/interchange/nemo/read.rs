//! Pipelines into our recipes.

use sluice_analysis::Value;

use super::{SYSTEM, TARGET, TEXT_FIELD};
use crate::interchange::registry::Registry;
use crate::interchange::translate::verbatim;
use crate::interchange::yaml::{self, Kind, Node};
use crate::interchange::{
    Imported, InterchangeError, Issue, MAX_RECIPE_BYTES, MAX_RECIPE_OPERATORS, RecipeOperator,
};

/// Reads a pipeline: `stages` with `ScoreFilter` and `Modify` of the present releases, or `filters` with names and
/// parameters of those before.
///
/// Filters and modifiers are found by class name, wherever the release keeps the class. Other stages are kept,
/// disabled, under their full name; readers and writers go into the header as `reader` and `writer`.
///
/// # Errors
///
/// [`InterchangeError`] with the place if it is no YAML, no pipeline, or too large.
pub fn read(yaml: &str) -> Result<Imported, InterchangeError> {
    read_with(&Registry::standard(), yaml)
}

pub(super) fn read_with(registry: &Registry<'_>, text: &str) -> Result<Imported, InterchangeError> {
    if text.len() > MAX_RECIPE_BYTES {
        return Err(InterchangeError::TooLarge {
            what: "bytes of the pipeline",
            got: text.len(),
            limit: MAX_RECIPE_BYTES,
            advice: "check that this is a pipeline, not data",
        });
    }
    let document = yaml::parse(text)?;
    let advice = "check that this is a NeMo Curator pipeline";
    let Kind::Map(fields) = &document.root.kind else {
        return Err(shape(
            &document.root,
            "a mapping with the key `stages`",
            advice,
        ));
    };
    let is_list = |key: &str| key == "stages" || key == "filters";
    let mut reader = Reader {
        registry,
        text_field: "text".to_owned(),
        imported: Imported::default(),
    };
    for (key, node) in fields.iter().filter(|(key, _)| !is_list(key)) {
        let value = node.value();
        if let ("text_field" | "input_field", Value::Text(field)) = (key.as_str(), &value) {
            reader.text_field.clone_from(field);
        }
        reader.imported.header.insert(key.clone(), value);
    }
    let Some((key, list)) = fields.iter().find(|(key, _)| is_list(key)) else {
        return Err(shape(&document.root, "the key `stages`", advice));
    };
    let Kind::List(stages) = &list.kind else {
        return Err(shape(
            list,
            "a list of stages",
            "start every stage with `- `",
        ));
    };
    for stage in stages {
        if key == "filters" {
            reader.old_filter(stage)?
        } else {
            reader.stage(stage)?
        }
        if reader.imported.operators.len() > MAX_RECIPE_OPERATORS {
            return Err(InterchangeError::TooLarge {
                what: "operators",
                got: stages.len(),
                limit: MAX_RECIPE_OPERATORS,
                advice: "split the pipeline",
            });
        }
    }
    Ok(reader.imported)
}

struct Reader<'r> {
    registry: &'r Registry<'r>,
    text_field: String,
    imported: Imported,
}

impl Reader<'_> {
    fn stage(&mut self, stage: &Node) -> Result<(), InterchangeError> {
        let Kind::Map(fields) = &stage.kind else {
            return Err(shape(
                stage,
                "a stage",
                "write `- _target_:` and its parameters below",
            ));
        };
        let get = |key: &str| {
            fields
                .iter()
                .find(|(name, _)| name == key)
                .map(|(_, node)| node)
        };
        let Some(target) = get(TARGET) else {
            // Releases before 2026 have a reader and a writer without a class.
            let kind = match (get("input_file_type"), get("output_file_type")) {
                (Some(_), _) => "reader",
                (None, Some(_)) => "writer",
                _ => {
                    return Err(shape(
                        stage,
                        "a stage with `_target_`",
                        "name the class of the stage",
                    ));
                }
            };
            self.imported.header.insert(kind.to_owned(), stage.value());
            return Ok(());
        };
        let target = class_path(target)?;
        let inner = match class(target) {
            "ScoreFilter" => get("filter_obj"),
            "Modify" => get("modifier_fn"),
            _ => None,
        };
        let Some(inner) = inner else {
            let kind = ["reader", "writer"]
                .into_iter()
                .find(|kind| target.contains(&format!(".io.{kind}.")));
            match kind {
                Some(kind) => {
                    self.imported.header.insert(kind.to_owned(), stage.value());
                }
                None => self.preserve(
                    target,
                    fields,
                    "this stage of NeMo Curator is not available here".to_owned(),
                ),
            }
            return Ok(());
        };
        let column = get("text_field")
            .or_else(|| get("input_fields"))
            .map(Node::value);
        let column = match column.as_ref().and_then(Value::as_str) {
            Some(TEXT_FIELD) | None => self.text_field.clone(),
            Some(column) => column.to_owned(),
        };
        let is_inverted = get("invert").is_some_and(|node| node.value() == Value::Bool(true));
        for key in ["score_field", "output_fields"] {
            if get(key).is_some_and(|node| !node.is_null()) {
                self.issue(
                    stage,
                    format!("{key} is left out: measured values are columns here anyway"),
                );
            }
        }
        let objects = match &inner.kind {
            Kind::List(objects) => objects.as_slice(),
            _ => std::slice::from_ref(inner),
        };
        for object in objects {
            let Kind::Map(fields) = &object.kind else {
                return Err(shape(
                    object,
                    "a filter with `_target_`",
                    "name the class of the filter",
                ));
            };
            let Some((_, target)) = fields.iter().find(|(key, _)| key == TARGET) else {
                return Err(shape(
                    object,
                    "a filter with `_target_`",
                    "name the class of the filter",
                ));
            };
            let target = class_path(target)?;
            if is_inverted {
                self.preserve(
                    target,
                    fields,
                    "`invert` has no counterpart here".to_owned(),
                );
            } else {
                self.operator(object, target, fields, &column);
            }
        }
        Ok(())
    }

    fn old_filter(&mut self, filter: &Node) -> Result<(), InterchangeError> {
        let advice = "write `- name:` with a class and `params:` below";
        let Kind::Map(fields) = &filter.kind else {
            return Err(shape(filter, "a filter", advice));
        };
        let get = |key: &str| {
            fields
                .iter()
                .find(|(name, _)| name == key)
                .map(|(_, node)| node)
        };
        let Some(target) = get("name") else {
            return Err(shape(filter, "a filter with a name", advice));
        };
        let params: &[(String, Node)] = match get("params").map(|node| (node, &node.kind)) {
            Some((_, Kind::Map(params))) => params,
            Some((node, _)) if !node.is_null() => {
                return Err(shape(node, "parameters by name", advice));
            }
            _ => &[],
        };
        let column = self.text_field.clone();
        self.operator(filter, class_path(target)?, params, &column);
        Ok(())
    }

    fn operator(&mut self, node: &Node, target: &str, fields: &[(String, Node)], column: &str) {
        let Some((entry, foreign)) = self.registry.foreign(SYSTEM.id, class(target)) else {
            return self.preserve(
                target,
                fields,
                format!("{} is not available here", class(target)),
            );
        };
        match SYSTEM.adopt(entry, foreign, own(fields)) {
            Err(reason) => self.preserve(target, fields, reason),
            Ok(mut adopted) => {
                for message in adopted.left_out {
                    self.issue(node, message);
                }
                if column != "text" {
                    adopted
                        .params
                        .insert("column".to_owned(), Value::from(column));
                }
                self.imported.operators.push(RecipeOperator {
                    name: entry.spec.name.clone(),
                    params: adopted.params,
                    enabled: true,
                    note: None,
                });
            }
        }
    }

    fn preserve(&mut self, target: &str, fields: &[(String, Node)], note: String) {
        self.imported.operators.push(RecipeOperator {
            name: target.to_owned(),
            params: verbatim(own(fields)),
            enabled: false,
            note: Some(note),
        });
    }

    fn issue(&mut self, node: &Node, message: String) {
        self.imported.issues.push(Issue {
            line: node.place.line,
            operator: Some(self.imported.operators.len()),
            message,
        });
    }
}

fn own(fields: &[(String, Node)]) -> impl Iterator<Item = (&str, &Node)> {
    let own = fields.iter().filter(|(key, _)| key != TARGET);
    own.map(|(key, node)| (key.as_str(), node))
}

fn class_path(node: &Node) -> Result<&str, InterchangeError> {
    match &node.kind {
        Kind::Scalar(scalar) => Ok(&scalar.text),
        _ => Err(shape(
            node,
            "the name of a class",
            "write it as package.module.Class",
        )),
    }
}

pub(super) fn class(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

#[cold]
fn shape(node: &Node, expected: &'static str, advice: &'static str) -> InterchangeError {
    InterchangeError::Shape {
        line: node.place.line,
        column: node.place.column,
        expected,
        found: node.describe(),
        advice,
    }
}
