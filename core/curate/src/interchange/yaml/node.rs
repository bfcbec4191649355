//! A document as a tree with places.

use sluice_analysis::{Params, Value};

use super::scalar::resolve;

/// Where a node starts, from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    pub line: usize,
    pub column: usize,
}

/// A part of a document.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub place: Place,
    pub kind: Kind,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    Scalar(Scalar),
    List(Vec<Node>),
    /// In the order of the text; every key once, merged keys (`<<`) first.
    Map(Vec<(String, Node)>),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Scalar {
    pub text: String,
    /// Whether the look of the text says what it means; a quoted text is a text.
    pub plain: bool,
}

impl Scalar {
    pub fn value(&self) -> Value {
        if self.plain {
            resolve(&self.text)
        } else {
            Value::Text(self.text.clone())
        }
    }
}

impl Node {
    pub fn value(&self) -> Value {
        match &self.kind {
            Kind::Scalar(scalar) => scalar.value(),
            Kind::List(items) => Value::List(items.iter().map(Self::value).collect()),
            Kind::Map(entries) => Value::Map(params(entries)),
        }
    }

    pub fn is_null(&self) -> bool {
        matches!(&self.kind, Kind::Scalar(scalar) if scalar.value() == Value::Null)
    }

    /// What it is, for a message.
    pub fn describe(&self) -> String {
        match &self.kind {
            Kind::Scalar(scalar) => match scalar.value() {
                Value::Null => "nothing".to_owned(),
                Value::Text(text) => {
                    format!("the text `{}`", text.chars().take(40).collect::<String>())
                }
                _ => format!("`{}`", scalar.text),
            },
            Kind::List(items) => format!("a list of {}", items.len()),
            Kind::Map(entries) => format!("a mapping with {} keys", entries.len()),
        }
    }
}

/// Values by key.
pub(crate) fn params(entries: &[(String, Node)]) -> Params {
    entries
        .iter()
        .map(|(key, node)| (key.clone(), node.value()))
        .collect()
}
