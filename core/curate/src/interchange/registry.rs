//! Our operators by their names here and elsewhere, and values made to fit their forms.

use serde_json::Value as Json;
use sluice_analysis::{Params, Value};
use sluice_protocol::spec::OperationSpec;

use super::yaml::{Kind, Node, Scalar, resolve};
use crate::operator::{Common, Fault, Foreign, Operator};
use crate::operators;

/// Largest whole float that is surely the integer that was meant: 2^53.
const MAX_EXACT: f64 = 9_007_199_254_740_992.0;

/// Numbers from here on mean "no limit": `sys.maxsize` is 2^63 − 1, and some write it as a float.
const MAX_SIZE: f64 = 9_223_372_036_854_775_807.0;

pub(crate) struct Registry<'a> {
    entries: Vec<Entry<'a>>,
}

pub(crate) struct Entry<'a> {
    pub operator: &'a dyn Operator,
    pub spec: OperationSpec,
}

impl Registry<'static> {
    /// All operators there are.
    pub fn standard() -> Self {
        Self::new(operators::all())
    }
}

impl<'a> Registry<'a> {
    pub fn new(operators: &[&'a dyn Operator]) -> Self {
        let entry = |operator: &&'a dyn Operator| Entry {
            operator: *operator,
            spec: operator.spec(),
        };
        Self {
            entries: operators.iter().map(entry).collect(),
        }
    }

    pub fn named(&self, name: &str) -> Option<&Entry<'a>> {
        self.entries.iter().find(|entry| entry.spec.name == name)
    }

    /// The operator that has a name in a system; one of the same name here comes first.
    pub fn foreign(&self, system: &str, name: &str) -> Option<(&Entry<'a>, Foreign)> {
        let found =
            |entry: &'_ Entry<'a>| entry.foreign(system).find(|foreign| foreign.name == name);
        let same = self
            .named(name)
            .and_then(|entry| Some((entry, found(entry)?)));
        same.or_else(|| {
            self.entries
                .iter()
                .find_map(|entry| Some((entry, found(entry)?)))
        })
    }
}

impl Entry<'_> {
    /// Its names in a system.
    pub fn foreign(&self, system: &str) -> impl Iterator<Item = Foreign> {
        self.operator
            .foreign()
            .iter()
            .copied()
            .filter(move |foreign| foreign.system == system)
    }

    /// Whether it can run with these parameters, common ones included.
    pub fn check(&self, params: &Params) -> Result<(), Fault> {
        let (_, own) = Common::split(params)?;
        self.operator.prepare(&own).map(|_| ())
    }

    pub fn form(&self) -> Form {
        let read = |text: &str| serde_json::from_str::<Json>(text).unwrap_or(Json::Null);
        let defaults = match Value::from(read(&self.spec.defaults)) {
            Value::Map(defaults) => defaults,
            _ => Params::new(),
        };
        Form {
            schema: read(&self.spec.params_schema),
            defaults,
        }
    }

    /// The `dialect` that parameters ask for; empty where there is one definition.
    pub fn dialect<'p>(&'p self, params: &'p Params) -> &'p str {
        let first = self.spec.dialects.first().map_or("", String::as_str);
        params
            .get("dialect")
            .and_then(Value::as_str)
            .unwrap_or(first)
    }
}

/// The parameters of an operator, with types and defaults.
pub(crate) struct Form {
    schema: Json,
    defaults: Params,
}

/// The types that a schema allows.
#[derive(Clone, Copy, Default)]
struct Types {
    null: bool,
    boolean: bool,
    integer: bool,
    number: bool,
    text: bool,
    list: bool,
    map: bool,
}

impl Form {
    pub fn has(&self, param: &str) -> bool {
        self.property(param).is_some()
    }

    pub fn default(&self, param: &str) -> Option<&Value> {
        self.defaults.get(param)
    }

    pub fn takes_null(&self, param: &str) -> bool {
        self.property(param)
            .is_some_and(|schema| self.types(schema, 0).null)
    }

    /// A written value as the type that a parameter has: whole floats for integers, no limit for `sys.maxsize`, one
    /// item for a list, the text of a plain scalar for a text. What does not fit stays as it is.
    pub fn fit(&self, param: &str, node: &Node) -> Value {
        match self.property(param) {
            Some(schema) => self.fit_to(schema, node),
            None => node.value(),
        }
    }

    fn property(&self, param: &str) -> Option<&Json> {
        self.schema.get("properties")?.get(param)
    }

    fn fit_to(&self, schema: &Json, node: &Node) -> Value {
        let types = self.types(schema, 0);
        match &node.kind {
            Kind::Scalar(scalar) => {
                let value = fit_scalar(types, scalar);
                let is_lone = types.list && !types.text && !matches!(value, Value::Null);
                if is_lone {
                    Value::List(vec![value])
                } else {
                    value
                }
            }
            Kind::List(items) => {
                let item = self.items(schema);
                let fit =
                    |node: &Node| item.map_or_else(|| node.value(), |item| self.fit_to(item, node));
                Value::List(items.iter().map(fit).collect())
            }
            Kind::Map(_) => node.value(),
        }
    }

    /// The schema of a list's items, where they all have the same.
    fn items<'s>(&'s self, schema: &'s Json) -> Option<&'s Json> {
        let schema = self.target(schema);
        schema.get("items").or_else(|| {
            let choices = schema.get("anyOf").or_else(|| schema.get("oneOf"))?;
            choices
                .as_array()?
                .iter()
                .find_map(|choice| self.target(choice).get("items"))
        })
    }

    fn target<'s>(&'s self, schema: &'s Json) -> &'s Json {
        let name = schema
            .get("$ref")
            .and_then(Json::as_str)
            .and_then(|path| path.strip_prefix("#/$defs/"));
        name.and_then(|name| self.schema.get("$defs")?.get(name))
            .unwrap_or(schema)
    }

    fn types(&self, schema: &Json, depth: usize) -> Types {
        let schema = self.target(schema);
        let mut types = Types::default();
        let mut is_said = false;
        let names = match schema.get("type") {
            Some(Json::Array(names)) => names.as_slice(),
            Some(name) => std::slice::from_ref(name),
            None => &[],
        };
        for name in names {
            is_said = true;
            types.allow(name.as_str().unwrap_or_default());
        }
        let values = schema
            .get("enum")
            .and_then(Json::as_array)
            .map_or(&[][..], Vec::as_slice);
        for value in values.iter().chain(schema.get("const")) {
            is_said = true;
            types.allow(match value {
                Json::Null => "null",
                Json::Bool(_) => "boolean",
                Json::Number(_) => "number",
                Json::String(_) => "string",
                Json::Array(_) => "array",
                Json::Object(_) => "object",
            });
        }
        for key in ["anyOf", "oneOf"] {
            let choices = schema
                .get(key)
                .and_then(Json::as_array)
                .map_or(&[][..], Vec::as_slice);
            for choice in choices {
                is_said = true;
                // A schema may refer to itself; ours do not go deep.
                if depth < 8 {
                    types.join(self.types(choice, depth + 1));
                }
            }
        }
        if is_said { types } else { Types::all() }
    }
}

impl Types {
    fn all() -> Self {
        Self {
            null: true,
            boolean: true,
            integer: true,
            number: true,
            text: true,
            list: true,
            map: true,
        }
    }

    fn allow(&mut self, name: &str) {
        match name {
            "null" => self.null = true,
            "boolean" => self.boolean = true,
            "integer" => self.integer = true,
            "number" => self.number = true,
            "string" => self.text = true,
            "array" => self.list = true,
            "object" => self.map = true,
            _ => {}
        }
    }

    fn join(&mut self, other: Self) {
        self.null |= other.null;
        self.boolean |= other.boolean;
        self.integer |= other.integer;
        self.number |= other.number;
        self.text |= other.text;
        self.list |= other.list;
        self.map |= other.map;
    }
}

fn fit_scalar(types: Types, scalar: &Scalar) -> Value {
    let value = scalar.value();
    let text = || Value::Text(scalar.text.clone());
    match value {
        _ if is_unlimited(&value) && types.null && (types.integer || types.number) => Value::Null,
        Value::Int(_) if types.integer || types.number => value,
        Value::Float(_) if types.number => value,
        Value::Float(number)
            if types.integer && number.trunc() == number && number.abs() < MAX_EXACT =>
        {
            Value::Int(number as i64)
        }
        Value::Bool(_) if types.boolean => value,
        Value::Int(_) | Value::Float(_) | Value::Bool(_) if types.text => text(),
        // Numbers between quotes count as numbers in other systems, too.
        Value::Text(_) if !types.text && !scalar.plain => match resolve(&scalar.text) {
            Value::Text(_) | Value::Null => value,
            _ => {
                let plain = Scalar {
                    text: scalar.text.clone(),
                    plain: true,
                };
                fit_scalar(types, &plain)
            }
        },
        _ => value,
    }
}

/// Whether a number stands for "no limit", up or down.
pub(crate) fn is_unlimited(value: &Value) -> bool {
    value
        .as_f64()
        .is_some_and(|number| number.abs() >= MAX_SIZE)
}

/// Whether two values are the same parameter: `0` and `0.0` are.
pub(crate) fn same(a: &Value, b: &Value) -> bool {
    match (a.as_f64(), b.as_f64()) {
        (Some(a), Some(b)) => a == b || (a.is_nan() && b.is_nan()),
        _ => match (a, b) {
            (Value::List(a), Value::List(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
            }
            _ => a == b,
        },
    }
}
