//! Recipes into ours.

use sluice_analysis::{Params, Value};

use super::SYSTEM;
use crate::interchange::registry::Registry;
use crate::interchange::translate::verbatim;
use crate::interchange::yaml::{self, Kind, Node};
use crate::interchange::{
    Imported, InterchangeError, Issue, MAX_RECIPE_BYTES, MAX_RECIPE_OPERATORS, RecipeOperator,
};

/// Reads a recipe.
///
/// `text_keys` becomes the column of every operator that has one, unless the operator says its own; of a list the
/// first counts, as there. Everything beside `process` is the header, `text_keys` included.
///
/// # Errors
///
/// [`InterchangeError`] with the place if it is no YAML, no recipe, or too large. Unknown operators and parameters that
/// do not fit are no errors.
pub fn read(yaml: &str) -> Result<Imported, InterchangeError> {
    read_with(&Registry::standard(), yaml)
}

pub(super) fn read_with(registry: &Registry<'_>, text: &str) -> Result<Imported, InterchangeError> {
    if text.len() > MAX_RECIPE_BYTES {
        return Err(InterchangeError::TooLarge {
            what: "bytes of the recipe",
            got: text.len(),
            limit: MAX_RECIPE_BYTES,
            advice: "check that this is a recipe, not data",
        });
    }
    let document = yaml::parse(text)?;
    let Kind::Map(fields) = &document.root.kind else {
        return Err(shape(
            &document.root,
            "a mapping with the key `process`",
            "check that this is a Data-Juicer recipe",
        ));
    };
    let mut imported = Imported::default();
    for (place, key) in &document.repeated_keys {
        imported.issues.push(Issue {
            line: place.line,
            operator: None,
            message: format!("{key} stands twice; the last value counts"),
        });
    }
    let mut steps: &[Node] = &[];
    for (key, node) in fields {
        match &node.kind {
            Kind::List(items) if key == "process" => steps = items,
            _ if key == "process" && node.is_null() => {}
            _ if key == "process" => {
                return Err(shape(
                    node,
                    "a list of operators",
                    "start every operator with `- ` below `process:`",
                ));
            }
            _ => {
                imported.header.insert(key.clone(), node.value());
            }
        }
    }
    if !fields.iter().any(|(key, _)| key == "process") {
        let is_nemo = fields
            .iter()
            .any(|(key, _)| key == "stages" || key == "filters");
        let is_other = is_nemo || !imported.header.keys().any(|key| is_header(key));
        if is_other {
            return Err(shape(
                &document.root,
                "the key `process`",
                if is_nemo {
                    "read it as a NeMo Curator pipeline"
                } else {
                    "check that this is a Data-Juicer recipe"
                },
            ));
        }
    }
    if steps.len() > MAX_RECIPE_OPERATORS {
        return Err(InterchangeError::TooLarge {
            what: "operators",
            got: steps.len(),
            limit: MAX_RECIPE_OPERATORS,
            advice: "split the recipe",
        });
    }
    let column = text_key(&imported.header).map(str::to_owned);
    for (index, node) in steps.iter().enumerate() {
        let (name, fields) = step(node)?;
        let operator = operator(registry, name, fields, column.as_deref(), |message| {
            imported.issues.push(Issue {
                line: node.place.line,
                operator: Some(index),
                message,
            });
        });
        imported.operators.push(operator);
    }
    Ok(imported)
}

/// The field that operators read, if the header says one.
pub(super) fn text_key(header: &Params) -> Option<&str> {
    match header.get("text_keys")? {
        Value::List(keys) => keys.first()?.as_str(),
        key => key.as_str(),
    }
}

fn is_header(key: &str) -> bool {
    [
        "project_name",
        "dataset_path",
        "dataset",
        "export_path",
        "text_keys",
        "np",
    ]
    .contains(&key)
}

/// The name of an operator and its parameters.
type Step<'n> = (&'n str, &'n [(String, Node)]);

/// The name and parameters of `- name: {…}`, `- name:` or `- name`.
fn step(node: &Node) -> Result<Step<'_>, InterchangeError> {
    let advice = "write `- operator_name:` and its parameters below, six spaces in";
    match &node.kind {
        Kind::Scalar(scalar) if matches!(scalar.value(), Value::Text(_)) => Ok((&scalar.text, &[])),
        Kind::Map(entries) => match entries.as_slice() {
            [(name, params)] => match &params.kind {
                Kind::Map(fields) => Ok((name, fields)),
                _ if params.is_null() => Ok((name, &[])),
                _ => Err(shape(params, "parameters by name", advice)),
            },
            _ => Err(shape(
                node,
                "one operator",
                "indent its parameters deeper than its name",
            )),
        },
        _ => Err(shape(node, "an operator", advice)),
    }
}

fn operator(
    registry: &Registry<'_>,
    name: &str,
    fields: &[(String, Node)],
    column: Option<&str>,
    mut issue: impl FnMut(String),
) -> RecipeOperator {
    let preserved = |name: &str, note: String| RecipeOperator {
        name: name.to_owned(),
        params: verbatim(fields.iter().map(|(key, node)| (key.as_str(), node))),
        enabled: false,
        note: Some(note),
    };
    let Some((entry, foreign)) = registry.foreign(SYSTEM.id, name) else {
        let note = match registry.named(name) {
            Some(_) => {
                "this operator gives other results here than in Data-Juicer; enable it to use it all the same"
            }
            None => "this operator of Data-Juicer is not available here",
        };
        return preserved(name, note.to_owned());
    };
    let own = fields.iter().filter(|(key, _)| key != "text_key");
    match SYSTEM.adopt(entry, foreign, own.map(|(key, node)| (key.as_str(), node))) {
        Err(reason) => {
            // Written back by its name here only where that leads to the same name there.
            let is_only = entry.foreign(SYSTEM.id).count() == 1;
            preserved(if is_only { &entry.spec.name } else { name }, reason)
        }
        Ok(mut adopted) => {
            adopted.left_out.drain(..).for_each(&mut issue);
            if let Some(pattern) = adopted.params.get_mut("pattern") {
                unwrap_raw(pattern);
            }
            let key = fields
                .iter()
                .find(|(key, _)| key == "text_key")
                .map(|(_, node)| node.value());
            let column = key.as_ref().and_then(Value::as_str).or(column);
            if let Some(column) = column
                && entry.form().has("column")
            {
                adopted
                    .params
                    .insert("column".to_owned(), Value::from(column));
            }
            RecipeOperator {
                name: entry.spec.name.clone(),
                params: adopted.params,
                enabled: true,
                note: None,
            }
        }
    }
}

/// Recipes may write a pattern as Python does, `r'…'`; the operators there take that off.
fn unwrap_raw(pattern: &mut Value) {
    match pattern {
        Value::Text(text) => {
            let inner = [("r'", '\''), ("r\"", '"')]
                .into_iter()
                .find_map(|(start, end)| text.strip_prefix(start)?.strip_suffix(end));
            if let Some(inner) = inner {
                *text = inner.to_owned();
            }
        }
        Value::List(patterns) => patterns.iter_mut().for_each(unwrap_raw),
        _ => {}
    }
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
