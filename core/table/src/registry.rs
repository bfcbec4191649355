//! Every operation on tables, one line each.

use crate::operation::Operation;
use crate::steps;

pub fn operations() -> Vec<&'static dyn Operation> {
    vec![
        &steps::Derive,
        &steps::Cast,
        &steps::Rename,
        &steps::Drop,
        &steps::Keep,
        &steps::Filter,
        &steps::Sort,
        &steps::Sample,
        &steps::Concatenate,
        &steps::Join,
        &steps::GroupBy,
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value as Json;

    use super::*;
    use crate::column::OwnedColumn;
    use crate::error::TableError;
    use crate::table::Table;
    use crate::view::testing::run;

    fn has_descriptions(name: &str, schema: &Json) {
        let definitions = schema["$defs"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(_, schema)| schema);
        for object in std::iter::once(schema).chain(definitions) {
            for (property, schema) in object["properties"].as_object().into_iter().flatten() {
                let description = schema["description"].as_str().unwrap_or_default();
                assert!(
                    description.len() > 3,
                    "{name}.{property} has no description: {schema}"
                );
            }
            for variant in object["oneOf"].as_array().into_iter().flatten() {
                assert!(
                    variant["description"].is_string(),
                    "{name} has a choice without description: {variant}"
                );
            }
        }
    }

    #[test]
    fn specs_are_complete() {
        let mut names = BTreeSet::new();
        for operation in operations() {
            let spec = operation.spec();
            let name = &spec.name;
            assert!(names.insert(name.clone()), "{name} is there twice");
            assert!(
                name.chars().all(|c| c.is_ascii_lowercase() || c == '_'),
                "{name}"
            );
            assert!(!spec.title.is_empty() && !spec.source.is_empty(), "{name}");
            assert!(
                !spec.summary.is_empty() && !spec.summary.ends_with('.'),
                "{name}"
            );
            assert!(
                1 <= spec.inputs.min && spec.inputs.min <= spec.inputs.max,
                "{name}"
            );
            let schema: Json = serde_json::from_str(&spec.params_schema).expect("schema is JSON");
            has_descriptions(name, &schema);
            let defaults: Json = serde_json::from_str(&spec.defaults).expect("defaults are JSON");
            let properties = schema["properties"]
                .as_object()
                .expect("parameters have names");
            assert!(
                defaults
                    .as_object()
                    .expect("a map")
                    .keys()
                    .eq(properties.keys()),
                "{name}"
            );
        }
    }

    #[test]
    fn defaults_run_or_say_what_is_needed() {
        let column = OwnedColumn::Int(vec![Some(1), None]);
        let table = Table::from_columns(vec![("a".to_owned(), column)]).expect("a table");
        for operation in operations() {
            let spec = operation.spec();
            let inputs = vec![table.clone(); usize::from(spec.inputs.min)];
            let defaults = serde_json::from_str(&spec.defaults).expect("defaults are JSON");
            match run(operation, &inputs, defaults) {
                Ok(outcome) => assert_eq!(outcome.tables.len(), 1, "{}", spec.name),
                Err(TableError::Param { .. }) => {}
                Err(other) => panic!("{}: {other}", spec.name),
            }
        }
    }
}
