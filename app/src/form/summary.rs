//! A step's parameters in one line.

use sluice_analysis::{Pill, Step, Value};
use sluice_protocol::spec::OperationSpec;

use super::schema::{Field, Kind, fields};
use crate::state::pills;
use crate::{format, text};

/// The rail has room for about this much.
const MAX_CHARS: usize = 64;

/// What was chosen, leaving out what is as it was.
pub fn of_step(step: &Step, spec: Option<&OperationSpec>) -> String {
    let Some(spec) = spec else {
        return String::new();
    };
    let defaults: serde_json::Value = serde_json::from_str(&spec.defaults).unwrap_or_default();
    let parts = fields(&spec.params_schema).into_iter().filter_map(|field| {
        let value = step.params.get(&field.name)?;
        let default = defaults.get(&field.name).cloned().map(Value::from);
        (default.as_ref() != Some(value))
            .then(|| part(&field, value))
            .flatten()
    });
    format::shortened(&parts.collect::<Vec<_>>().join(", "), MAX_CHARS)
}

fn part(field: &Field, value: &Value) -> Option<String> {
    match (&field.kind, value) {
        (_, Value::Null) => None,
        (Kind::Bool, Value::Bool(true)) => Some(field.label.to_lowercase()),
        (Kind::Bool, _) => Some(text::not(&field.label.to_lowercase())),
        (Kind::Predicate, value) => {
            let pills: Vec<Pill> = value
                .deserialize_into()
                .or_else(|_| value.deserialize_into::<Pill>().map(|pill| vec![pill]))
                .ok()?;
            let sentences = pills.iter().map(|pill| pills::sentence(pill, None));
            Some(sentences.collect::<Vec<_>>().join(", "))
        }
        (
            Kind::Column
            | Kind::Columns
            | Kind::Names(_)
            | Kind::Expression
            | Kind::Text
            | Kind::Choice(_),
            value,
        ) => Some(format::value(value)).filter(|text| !text.is_empty()),
        (Kind::TextByColumn, Value::Map(texts)) => {
            let pairs = texts
                .iter()
                .map(|(column, text)| text::from_to_name(column, &format::value(text)));
            Some(pairs.collect::<Vec<_>>().join(", "))
        }
        (Kind::List { .. }, Value::List(items)) => {
            Some(items.iter().map(compact).collect::<Vec<_>>().join(", "))
        }
        (_, value) => {
            let unit = if field.unit.is_empty() {
                String::new()
            } else {
                format!(" {}", field.unit)
            };
            Some(format!(
                "{} {}{unit}",
                field.label.to_lowercase(),
                compact(value)
            ))
        }
    }
}

/// The values of a nested parameter, without the names of their keys.
fn compact(value: &Value) -> String {
    match value {
        Value::Map(fields) => {
            let values = fields.values().filter(|value| **value != Value::Null);
            values.map(compact).collect::<Vec<_>>().join(" ")
        }
        value => format::value(value),
    }
}

#[cfg(test)]
mod tests {
    use sluice_analysis::{Bench, Params, StepId};
    use sluice_protocol::spec::{Inputs, OperationKind, Scope};

    use super::*;

    #[test]
    fn only_choices_are_told() {
        let spec = OperationSpec {
            name: "sort".to_owned(),
            version: 1,
            bench: Bench::Data,
            kind: OperationKind::Map,
            title: "Sort".to_owned(),
            summary: String::new(),
            inputs: Inputs { min: 1, max: 1 },
            scope: Scope::Corpus,
            source: String::new(),
            dialects: Vec::new(),
            params_schema: r#"{"type":"object","properties":{
                "by":{"type":"array","items":{"type":"string"},"role":"columns"},
                "descending":{"type":"boolean"},"limit":{"type":["integer","null"],"unit":"rows"}}}"#
                .to_owned(),
            defaults: r#"{"by":[],"descending":false,"limit":null}"#.to_owned(),
        };
        let params = Params::from([
            (
                "by".to_owned(),
                Value::List(vec!["age".into(), "sex".into()]),
            ),
            ("descending".to_owned(), false.into()),
            ("limit".to_owned(), Value::Int(1000)),
        ]);
        let step = Step {
            id: StepId(1),
            op: "sort".to_owned(),
            op_version: 1,
            params,
            inputs: Vec::new(),
            enabled: true,
        };
        let line = of_step(&step, Some(&spec)).replace(format::THIN_SPACE, "_");
        assert_eq!(line, "age, sex, limit 1_000 rows");
    }
}
