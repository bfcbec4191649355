//! From JSON Schema to the fields that a form shows.

use serde_json::{Map, Value as Json};

/// One input of a form.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Its key in the parameters.
    pub name: String,
    pub label: String,
    pub help: String,
    /// Empty for pure numbers and names.
    pub unit: String,
    pub kind: Kind,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    Bool,
    Integer {
        min: Option<f64>,
        max: Option<f64>,
    },
    Number {
        min: Option<f64>,
        max: Option<f64>,
    },
    Text,
    /// An expression over the table's columns.
    Expression,
    /// The name of a column.
    Column,
    /// Names of columns.
    Columns,
    /// Some of these names, in the order of choosing.
    Names(Vec<String>),
    /// A text for some of the columns, by name of the column.
    TextByColumn,
    /// Another table of the document.
    Table,
    /// A list of conditions, as pills are.
    Predicate,
    Choice(Vec<Choice>),
    /// One of several shapes, each with its own fields.
    Variant(Vec<Variant>),
    Object(Vec<Field>),
    /// With the number of items that it makes no sense without.
    List {
        item: Box<Field>,
        min: usize,
    },
    Nullable(Box<Field>),
    /// A shape the form has no input for; edited as JSON text.
    Json,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    pub value: Json,
    pub label: String,
    pub help: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    pub label: String,
    /// How its value is recognised and begun.
    pub shape: Shape,
    pub field: Field,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// `{"tag": "name", …}`: the field is the whole object.
    Tagged { tag: String, name: String },
    /// `{"name": value}`: the field is the value below the key.
    Keyed(String),
    /// The bare text of a variant without fields.
    Bare(String),
}

/// References deeper than this are a recursive type, which a form cannot show.
const MAX_DEPTH: usize = 8;

/// The fields of an operation's parameters.
pub fn fields(schema: &str) -> Vec<Field> {
    let root: Json = serde_json::from_str(schema).unwrap_or_default();
    match kind_of(&root, &root, 0) {
        Kind::Object(fields) => fields,
        _ => Vec::new(),
    }
}

fn field_of(root: &Json, name: &str, schema: &Json, depth: usize) -> Field {
    let text = |key: &str| {
        find(root, schema, key)
            .and_then(Json::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let title = schema
        .get("title")
        .and_then(Json::as_str)
        .map(str::to_owned);
    Field {
        name: name.to_owned(),
        label: title.unwrap_or_else(|| words(name)),
        help: text("description"),
        unit: text("unit"),
        kind: kind_of(root, schema, depth),
    }
}

fn kind_of(root: &Json, schema: &Json, depth: usize) -> Kind {
    if depth > MAX_DEPTH {
        return Kind::Json;
    }
    match find(root, schema, "role").and_then(Json::as_str) {
        Some("column") => return nullable_if(schema, root, Kind::Column),
        Some("columns") if type_name(resolved(root, schema)).0 == "object" => {
            return Kind::TextByColumn;
        }
        Some("columns") => return Kind::Columns,
        Some("expression") => return Kind::Expression,
        Some("table") => return nullable_if(schema, root, Kind::Table),
        Some("predicate") => return Kind::Predicate,
        _ => {}
    }
    let schema = resolved(root, schema);
    if let Some(values) = schema.get("enum").and_then(Json::as_array) {
        return choice_of(
            values
                .iter()
                .map(|value| (value.clone(), String::new()))
                .collect(),
        );
    }
    if let Some(alternatives) = alternatives(schema) {
        return alternatives_kind(root, alternatives, depth);
    }
    let (name, is_nullable) = type_name(schema);
    let bound = |key: &str| schema.get(key).and_then(Json::as_f64);
    let kind = match name {
        "boolean" => Kind::Bool,
        "integer" => Kind::Integer {
            min: bound("minimum"),
            max: bound("maximum"),
        },
        "number" => Kind::Number {
            min: bound("minimum").or_else(|| bound("exclusiveMinimum")),
            max: bound("maximum").or_else(|| bound("exclusiveMaximum")),
        },
        "string" => Kind::Text,
        "array" => match schema.get("items") {
            Some(items) if names_of(items).is_some() => {
                Kind::Names(names_of(items).unwrap_or_default())
            }
            Some(items) if items.is_object() => Kind::List {
                item: Box::new(field_of(root, "", items, depth + 1)),
                min: bound("minItems").map_or(0, |min| min as usize),
            },
            _ => Kind::Json,
        },
        "object" => match schema.get("properties").and_then(Json::as_object) {
            Some(properties) => Kind::Object(object_fields(root, properties, depth)),
            None => Kind::Json,
        },
        _ => Kind::Json,
    };
    if is_nullable { nullable(kind) } else { kind }
}

/// The names that an item of a list can be, if it is one of a few.
fn names_of(items: &Json) -> Option<Vec<String>> {
    let names = items.get("enum")?.as_array()?;
    names
        .iter()
        .map(|name| name.as_str().map(str::to_owned))
        .collect()
}

fn object_fields(root: &Json, properties: &Map<String, Json>, depth: usize) -> Vec<Field> {
    let fields = properties
        .iter()
        .filter(|(_, schema)| schema.get("const").is_none());
    let mut fields: Vec<Field> = fields
        .map(|(name, schema)| field_of(root, name, schema, depth + 1))
        .collect();
    // JSON has no order of keys. What an operation is applied to comes first, how it does so after.
    fields.sort_by_key(|field| match field.kind {
        Kind::Column
        | Kind::Columns
        | Kind::Names(_)
        | Kind::TextByColumn
        | Kind::Table
        | Kind::Predicate => 0,
        Kind::Expression => 1,
        Kind::List { .. } | Kind::Object(_) | Kind::Variant(_) => 2,
        _ => 3,
    });
    fields
}

fn alternatives_kind(root: &Json, alternatives: &[Json], depth: usize) -> Kind {
    let is_null = |schema: &Json| schema.get("type").and_then(Json::as_str) == Some("null");
    let others: Vec<&Json> = alternatives
        .iter()
        .filter(|schema| !is_null(schema))
        .collect();
    let kind = match others.as_slice() {
        [only] => kind_of(root, only, depth + 1),
        others if others.iter().all(|schema| is_constant(root, schema)) => {
            let mut choices = Vec::new();
            for schema in others {
                let schema = resolved(root, schema);
                let help = schema
                    .get("description")
                    .and_then(Json::as_str)
                    .unwrap_or_default();
                match schema.get("const") {
                    Some(value) => choices.push((value.clone(), help.to_owned())),
                    None => {
                        let values = schema.get("enum").and_then(Json::as_array);
                        choices.extend(
                            values
                                .into_iter()
                                .flatten()
                                .map(|v| (v.clone(), help.to_owned())),
                        );
                    }
                }
            }
            choice_of(choices)
        }
        others => {
            let variants: Option<Vec<Variant>> = others
                .iter()
                .map(|schema| variant_of(root, resolved(root, schema), depth))
                .collect();
            variants.map_or(Kind::Json, Kind::Variant)
        }
    };
    if others.len() < alternatives.len() {
        nullable(kind)
    } else {
        kind
    }
}

fn variant_of(root: &Json, schema: &Json, depth: usize) -> Option<Variant> {
    let help = schema
        .get("description")
        .and_then(Json::as_str)
        .unwrap_or_default()
        .to_owned();
    if let Some(name) = schema.get("const").and_then(Json::as_str) {
        let field = Field {
            name: String::new(),
            label: words(name),
            help,
            unit: String::new(),
            kind: Kind::Object(Vec::new()),
        };
        return Some(Variant {
            label: words(name),
            shape: Shape::Bare(name.to_owned()),
            field,
        });
    }
    let properties = schema.get("properties")?.as_object()?;
    let tag = properties
        .iter()
        .find_map(|(key, s)| Some((key, s.get("const")?.as_str()?)));
    let (shape, name, field) = match tag {
        Some((tag, name)) => {
            let kind = Kind::Object(object_fields(root, properties, depth));
            let field = Field {
                name: String::new(),
                label: words(name),
                help,
                unit: String::new(),
                kind,
            };
            (
                Shape::Tagged {
                    tag: tag.clone(),
                    name: name.to_owned(),
                },
                name.to_owned(),
                field,
            )
        }
        None => {
            let (key, inner) = properties.iter().next().filter(|_| properties.len() == 1)?;
            (
                Shape::Keyed(key.clone()),
                key.clone(),
                field_of(root, key, inner, depth + 1),
            )
        }
    };
    Some(Variant {
        label: words(&name),
        shape,
        field,
    })
}

fn choice_of(values: Vec<(Json, String)>) -> Kind {
    let choices = values.into_iter().map(|(value, help)| {
        let label = match &value {
            Json::String(name) => words(name),
            Json::Null => "none".to_owned(),
            other => other.to_string(),
        };
        Choice { value, label, help }
    });
    Kind::Choice(choices.collect())
}

fn nullable(kind: Kind) -> Kind {
    let field = Field {
        name: String::new(),
        label: String::new(),
        help: String::new(),
        unit: String::new(),
        kind,
    };
    Kind::Nullable(Box::new(field))
}

fn nullable_if(schema: &Json, root: &Json, kind: Kind) -> Kind {
    let resolved = resolved(root, schema);
    let has_null = type_name(resolved).1
        || alternatives(resolved).is_some_and(|all| {
            all.iter()
                .any(|one| one.get("type").and_then(Json::as_str) == Some("null"))
        });
    if has_null { nullable(kind) } else { kind }
}

fn is_constant(root: &Json, schema: &Json) -> bool {
    let schema = resolved(root, schema);
    schema.get("const").is_some() || schema.get("enum").is_some()
}

fn alternatives(schema: &Json) -> Option<&[Json]> {
    let all = schema.get("oneOf").or_else(|| schema.get("anyOf"))?;
    all.as_array().map(Vec::as_slice)
}

/// The type's name, and whether null is allowed beside it.
fn type_name(schema: &Json) -> (&str, bool) {
    match schema.get("type") {
        Some(Json::String(name)) => (name, false),
        Some(Json::Array(names)) => {
            let is_null = |name: &&Json| name.as_str() == Some("null");
            let name = names
                .iter()
                .find(|name| !is_null(name))
                .and_then(Json::as_str);
            (
                name.unwrap_or_default(),
                names.iter().any(|name| is_null(&name)),
            )
        }
        _ => ("", false),
    }
}

fn resolved<'a>(root: &'a Json, schema: &'a Json) -> &'a Json {
    let mut schema = schema;
    for _ in 0..MAX_DEPTH {
        let target = schema
            .get("$ref")
            .and_then(Json::as_str)
            .and_then(|reference| root.pointer(reference.strip_prefix('#')?));
        match target {
            Some(target) => schema = target,
            None => break,
        }
    }
    schema
}

/// A key of the schema or of what it refers to.
fn find<'a>(root: &'a Json, schema: &'a Json, key: &str) -> Option<&'a Json> {
    schema.get(key).or_else(|| resolved(root, schema).get(key))
}

/// `sample_share` as “Sample share”.
pub fn words(name: &str) -> String {
    let mut text = String::new();
    for (i, part) in name.split('_').enumerate() {
        if i > 0 {
            text.push(' ');
        }
        text.push_str(part);
    }
    crate::text::sentence(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(schema: &str) -> Kind {
        let json: Json = serde_json::from_str(schema).unwrap();
        kind_of(&json, &json, 0)
    }

    #[test]
    fn plain_types_become_plain_fields() {
        assert_eq!(kind(r#"{"type":"boolean"}"#), Kind::Bool);
        assert_eq!(
            kind(r#"{"type":"integer","minimum":0,"format":"uint32"}"#),
            Kind::Integer {
                min: Some(0.0),
                max: None
            }
        );
        assert_eq!(
            kind(r#"{"type":"string","role":"expression"}"#),
            Kind::Expression
        );
        assert_eq!(
            kind(r#"{"type":"array","items":{"type":"string"},"role":"columns"}"#),
            Kind::Columns
        );
        assert_eq!(
            kind(r#"{"type":"object","additionalProperties":{"type":"string"},"role":"columns"}"#),
            Kind::TextByColumn
        );
        assert!(matches!(
            kind(r#"{"type":["number","null"]}"#),
            Kind::Nullable(_)
        ));
        assert_eq!(kind("true"), Kind::Json);
    }

    #[test]
    fn names_become_words_and_references_are_followed() {
        let fields = fields(
            r##"{"type":"object","properties":{
                "sample_share":{"type":"number","unit":"%","description":"How much."},
                "how":{"$ref":"#/$defs/How"}},
              "$defs":{"How":{"type":"string","enum":["left","full_outer"]}}}"##,
        );
        assert_eq!(fields.len(), 2);
        let share = fields.iter().find(|f| f.name == "sample_share").unwrap();
        assert_eq!(
            (share.label.as_str(), share.unit.as_str()),
            ("Sample share", "%")
        );
        let how = fields.iter().find(|f| f.name == "how").unwrap();
        let Kind::Choice(choices) = &how.kind else {
            panic!("{how:?}")
        };
        assert_eq!(choices[1].label, "Full outer");
    }

    #[test]
    fn enums_with_fields_become_variants() {
        let tagged = kind(
            r#"{"oneOf":[
              {"type":"object","properties":{"kind":{"const":"rows"},"n":{"type":"integer"}}},
              {"type":"object","properties":{"kind":{"const":"share"},"share":{"type":"number"}}}]}"#,
        );
        let Kind::Variant(variants) = tagged else {
            panic!()
        };
        assert_eq!(
            variants[1].shape,
            Shape::Tagged {
                tag: "kind".to_owned(),
                name: "share".to_owned()
            }
        );
        let keyed = kind(
            r#"{"oneOf":[{"const":"all"},{"type":"object","properties":{"first":{"type":"integer"}}}]}"#,
        );
        let Kind::Variant(variants) = keyed else {
            panic!()
        };
        assert_eq!(variants[0].shape, Shape::Bare("all".to_owned()));
        assert_eq!(variants[1].shape, Shape::Keyed("first".to_owned()));
    }

    #[test]
    fn constants_with_descriptions_are_a_choice() {
        let choice = kind(
            r#"{"oneOf":[{"const":"mean","description":"Average"},{"type":"string","enum":["min","max"]}]}"#,
        );
        let Kind::Choice(choices) = choice else {
            panic!()
        };
        let labels: Vec<&str> = choices.iter().map(|c| c.label.as_str()).collect();
        assert_eq!(labels, ["Mean", "Min", "Max"]);
        assert_eq!(choices[0].help, "Average");
    }

    #[test]
    fn a_type_that_contains_itself_ends_in_text() {
        let schema = r##"{"$ref":"#/$defs/T","$defs":{"T":{"type":"object","properties":{"t":{"$ref":"#/$defs/T"}}}}}"##;
        assert!(matches!(kind(schema), Kind::Object(_)));
    }
}
