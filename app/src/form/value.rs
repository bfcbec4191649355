//! Places inside a JSON value, and the value a new item begins with.

use serde_json::{Map, Value as Json};

use super::schema::{Field, Kind, Shape, Variant};

/// Where in the parameters a field's value is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Path(Vec<Segment>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Segment {
    Key(String),
    Index(usize),
}

impl Path {
    pub fn key(&self, key: &str) -> Self {
        self.with(Segment::Key(key.to_owned()))
    }

    pub fn index(&self, index: usize) -> Self {
        self.with(Segment::Index(index))
    }

    fn with(&self, segment: Segment) -> Self {
        let mut segments = self.0.clone();
        segments.push(segment);
        Self(segments)
    }

    /// As an element id.
    pub fn id(&self) -> String {
        let parts = self.0.iter().map(|segment| match segment {
            Segment::Key(key) => key.clone(),
            Segment::Index(index) => index.to_string(),
        });
        format!("field-{}", parts.collect::<Vec<_>>().join("-"))
    }
}

/// The value at a path; null where there is none.
pub fn get(root: &Json, path: &Path) -> Json {
    let mut value = root;
    for segment in &path.0 {
        let next = match segment {
            Segment::Key(key) => value.get(key),
            Segment::Index(index) => value.get(index),
        };
        match next {
            Some(next) => value = next,
            None => return Json::Null,
        }
    }
    value.clone()
}

/// Sets the value at a path, making the objects on the way.
pub fn set(root: &mut Json, path: &Path, new: Json) {
    let mut value = root;
    for segment in &path.0 {
        match segment {
            Segment::Key(key) => {
                if !value.is_object() {
                    *value = Json::Object(Map::new());
                }
                let Json::Object(fields) = value else { return };
                value = fields.entry(key.clone()).or_insert(Json::Null);
            }
            Segment::Index(index) => match value.get_mut(index) {
                Some(item) => value = item,
                None => return,
            },
        }
    }
    *value = new;
}

/// What a field holds before anything is chosen.
pub fn initial(field: &Field) -> Json {
    match &field.kind {
        Kind::Bool => Json::Bool(false),
        Kind::Integer { min, .. } => Json::from(min.unwrap_or(0.0) as i64),
        Kind::Number { min, .. } => Json::from(min.unwrap_or(0.0)),
        Kind::Text | Kind::Expression | Kind::Column => Json::String(String::new()),
        Kind::Columns | Kind::Names(_) | Kind::List { .. } | Kind::Predicate => {
            Json::Array(Vec::new())
        }
        Kind::Choice(choices) => choices.first().map(|c| c.value.clone()).unwrap_or_default(),
        Kind::Variant(variants) => variants.first().map(initial_variant).unwrap_or_default(),
        Kind::Object(fields) => Json::Object(
            fields
                .iter()
                .map(|f| (f.name.clone(), initial(f)))
                .collect(),
        ),
        Kind::TextByColumn => Json::Object(Map::new()),
        Kind::Nullable(_) | Kind::Table | Kind::Json => Json::Null,
    }
}

pub fn initial_variant(variant: &Variant) -> Json {
    match &variant.shape {
        Shape::Bare(name) => Json::String(name.clone()),
        Shape::Keyed(key) => Json::Object(Map::from_iter([(key.clone(), initial(&variant.field))])),
        Shape::Tagged { tag, name } => {
            let mut value = initial(&variant.field);
            set(
                &mut value,
                &Path::default().key(tag),
                Json::String(name.clone()),
            );
            value
        }
    }
}

/// Which variant a value is of.
pub fn variant_idx(variants: &[Variant], value: &Json) -> Option<usize> {
    variants.iter().position(|variant| match &variant.shape {
        Shape::Bare(name) => value.as_str() == Some(name),
        Shape::Keyed(key) => value.get(key).is_some(),
        Shape::Tagged { tag, name } => value.get(tag).and_then(Json::as_str) == Some(name),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::schema::fields;
    use super::*;

    #[test]
    fn values_are_set_where_the_path_says() {
        let mut root = json!({"list": [{"a": 1}]});
        let path = Path::default().key("list").index(0).key("a");
        assert_eq!(get(&root, &path), json!(1));
        set(&mut root, &path, json!(2));
        set(
            &mut root,
            &Path::default().key("new").key("deep"),
            json!(true),
        );
        assert_eq!(root, json!({"list": [{"a": 2}], "new": {"deep": true}}));
        // No item is made where none is.
        set(&mut root, &Path::default().key("list").index(7), json!(0));
        assert_eq!(
            get(&root, &Path::default().key("list").index(7)),
            Json::Null
        );
    }

    #[test]
    fn a_variant_begins_in_its_shape() {
        let fields = fields(
            r#"{"type":"object","properties":{"take":{"oneOf":[
              {"type":"object","properties":{"kind":{"const":"rows"},"n":{"type":"integer","minimum":1}}},
              {"type":"object","properties":{"kind":{"const":"all"}}}]}}}"#,
        );
        assert_eq!(initial(&fields[0]), json!({"kind": "rows", "n": 1}));
        let Kind::Variant(variants) = &fields[0].kind else {
            panic!()
        };
        assert_eq!(variant_idx(variants, &json!({"kind": "all"})), Some(1));
        assert_eq!(variant_idx(variants, &json!({"kind": "other"})), None);
    }
}
