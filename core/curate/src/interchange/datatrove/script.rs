//! Pipelines as Python scripts.

use std::collections::{BTreeMap, BTreeSet};

use sluice_analysis::Value;

use crate::interchange::registry::Registry;
use crate::interchange::signatures;
use crate::interchange::translate::{Call, System, Unlimited};
use crate::interchange::{Exported, RecipeOperator, Untranslated};

const SYSTEM: System = System {
    id: "datatrove",
    title: "datatrove",
    signatures: signatures::DATATROVE,
    unlimited: Unlimited::Null,
    has_range_flags: false,
    execution: &[],
};

/// Writes a recipe as a Python script that runs datatrove on JSON lines in `data/`.
///
/// Operators whose numbers datatrove does not give are named in comments at their place, and listed if they are
/// enabled. Its filters read one text field: operators on another than the first count as missing.
pub fn datatrove_pipeline(recipe: &[RecipeOperator]) -> Exported {
    pipeline_with(&Registry::standard(), recipe)
}

fn pipeline_with(registry: &Registry<'_>, recipe: &[RecipeOperator]) -> Exported {
    let mut imports: BTreeMap<&str, BTreeSet<&str>> = [
        (
            "datatrove.executor",
            BTreeSet::from(["LocalPipelineExecutor"]),
        ),
        (
            "datatrove.pipeline.readers",
            BTreeSet::from(["JsonlReader"]),
        ),
        (
            "datatrove.pipeline.writers",
            BTreeSet::from(["JsonlWriter"]),
        ),
    ]
    .into();
    let mut column: Option<String> = None;
    let mut untranslated = Vec::new();
    let mut blocks = String::new();
    for (index, operator) in recipe.iter().enumerate() {
        let call = match registry.named(&operator.name) {
            Some(entry) => SYSTEM.call(entry, &operator.params),
            None => Err("there is no such operator".to_owned()),
        };
        let call = call.and_then(|call| match &column {
            _ if call.module.is_empty() => Err("datatrove has no single block for it".to_owned()),
            Some(column) if *column != call.column => {
                Err(format!("it reads {}, not {column}", call.column))
            }
            _ => Ok(call),
        });
        match call {
            Ok(call) if operator.enabled => {
                imports.entry(call.module).or_default().insert(call.name);
                blocks.push_str(&format!("    {},\n", block(&call)));
                column.get_or_insert(call.column);
            }
            Ok(call) => blocks.push_str(&format!("    # Disabled: {}\n", block(&call))),
            Err(reason) => {
                let name = one_line(&operator.name);
                blocks.push_str(&format!("    # Left out: {name}: {}\n", one_line(&reason)));
                if operator.enabled {
                    untranslated.push(Untranslated {
                        index,
                        name: operator.name.clone(),
                        reason,
                    });
                }
            }
        }
    }
    let imports: String = imports
        .iter()
        .map(|(module, names)| {
            let names: Vec<&str> = names.iter().copied().collect();
            format!("from {module} import {}\n", names.join(", "))
        })
        .collect();
    let text_key = match column.as_deref() {
        None | Some("text") => String::new(),
        Some(column) => format!(", text_key={}", python(&Value::from(column))),
    };
    let text = format!(
        "{imports}\npipeline = [\n    JsonlReader(\"data/\"{text_key}),\n{blocks}    JsonlWriter(\"kept/\"),\n]\n\n\
         if __name__ == \"__main__\":\n    LocalPipelineExecutor(pipeline=pipeline, tasks=1).run()\n"
    );
    Exported { text, untranslated }
}

fn block(call: &Call) -> String {
    let args: Vec<_> = call
        .args
        .iter()
        .map(|(name, value)| format!("{name}={}", python(value)))
        .collect();
    format!("{}({})", call.name, args.join(", "))
}

/// For a comment.
fn one_line(text: &str) -> String {
    text.replace(char::is_control, " ")
}

/// A Python literal. Lists are tuples, which these constructors ask for in places.
fn python(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Int(value) => value.to_string(),
        Value::Float(value) if value.is_finite() => format!("{value:?}"),
        Value::Float(value) => format!("float(\"{value}\")"),
        Value::Text(text) => python_text(text),
        Value::List(items) => match items.as_slice() {
            [item] => format!("({},)", python(item)),
            items => format!(
                "({})",
                items.iter().map(python).collect::<Vec<_>>().join(", ")
            ),
        },
        Value::Map(fields) => {
            let fields = fields
                .iter()
                .map(|(key, value)| format!("{}: {}", python_text(key), python(value)));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
        }
    }
}

fn python_text(text: &str) -> String {
    let mut written = "\"".to_owned();
    for character in text.chars() {
        match character {
            '"' => written.push_str("\\\""),
            '\\' => written.push_str("\\\\"),
            '\n' => written.push_str("\\n"),
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                written.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => written.push(c),
        }
    }
    written.push('"');
    written
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interchange::fakes;

    fn operator(name: &str, params: &[(&str, Value)]) -> RecipeOperator {
        RecipeOperator {
            name: name.to_owned(),
            params: params
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.clone()))
                .collect(),
            enabled: true,
            note: None,
        }
    }

    #[test]
    fn blocks_are_written_in_order_and_the_rest_is_named() {
        let registry = fakes::registry();
        let recipe = [
            operator(
                "gopher_filter",
                &[
                    ("max_doc_words", Value::Null),
                    ("stop_words", Value::List(vec!["a\"b".into()])),
                ],
            ),
            operator("gopher_filter", &[("dialect", "dolma".into())]),
            operator("words_num_filter", &[]),
            RecipeOperator {
                enabled: false,
                ..operator("gopher_filter", &[("min_doc_words", Value::Int(7))])
            },
            operator("gopher_filter", &[("column", "body".into())]),
        ];
        let exported = pipeline_with(&registry, &recipe);
        let reasons: Vec<_> = exported
            .untranslated
            .iter()
            .map(|lost| (lost.index, lost.reason.as_str()))
            .collect();
        let expected = [
            (1, "the dialect dolma gives other numbers than datatrove"),
            (2, "datatrove has no such operator"),
            (4, "it reads body, not text"),
        ];
        assert_eq!(reasons, expected);
        let expected = "\
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.filters import GopherQualityFilter
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter

pipeline = [
    JsonlReader(\"data/\"),
    GopherQualityFilter(max_doc_words=None, stop_words=(\"a\\\"b\",)),
    # Left out: gopher_filter: the dialect dolma gives other numbers than datatrove
    # Left out: words_num_filter: datatrove has no such operator
    # Disabled: GopherQualityFilter(min_doc_words=7)
    # Left out: gopher_filter: it reads body, not text
    JsonlWriter(\"kept/\"),
]

if __name__ == \"__main__\":
    LocalPipelineExecutor(pipeline=pipeline, tasks=1).run()
";
        assert_eq!(exported.text, expected);
    }
}
