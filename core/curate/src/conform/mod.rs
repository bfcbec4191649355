//! Conformance: other systems' operators by their names, on cases that those systems computed.
//!
//! Adapters stand in one file per system and name the operator, read its parameters and put its output into the form
//! that the case expects. They are for `sluice conform` and tests; no bench calls them.

pub mod compare;
mod data_juicer_filters;
mod data_juicer_mappers;
mod datatrove;
pub mod exceptions;
mod ftfy;
mod nemo_dolma;
pub mod unsupported;

use serde_json::{Map, Value as Json};

/// All adapters.
pub fn adapters() -> Vec<Adapter> {
    [
        data_juicer_filters::adapters(),
        data_juicer_mappers::adapters(),
        datatrove::adapters(),
        ftfy::adapters(),
        nemo_dolma::adapters(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// An operator of another system, run on a case.
pub struct Adapter {
    pub system: &'static str,
    pub op: &'static str,
    /// The output in the form of the case's `expected_kind`, or why there is none.
    pub run: fn(&Case<'_>) -> Result<Json, String>,
}

/// A case whose input has been found.
pub struct Case<'a> {
    /// Empty where the case gives none: the system's defaults apply.
    pub params: &'a Map<String, Json>,
    /// Records, or what else the operator takes; never a path.
    pub input: &'a Json,
    pub expected_kind: &'a str,
    /// What is expected. Adapters look at its keys alone, since a table without input asks by them.
    pub expected: &'a Json,
}

impl<'a> Case<'a> {
    /// The input's records; none where it is no list.
    pub fn records(&self) -> &'a [Json] {
        self.input.as_array().map_or(&[], Vec::as_slice)
    }

    /// The texts of the records; a record without one has the empty text.
    pub fn texts(&self) -> impl Iterator<Item = &'a str> {
        self.records().iter().map(text_of)
    }

    pub fn number(&self, name: &str, default: f64) -> f64 {
        self.params
            .get(name)
            .and_then(Json::as_f64)
            .unwrap_or(default)
    }

    pub fn integer(&self, name: &str, default: usize) -> usize {
        let value = self.params.get(name).and_then(Json::as_u64);
        value
            .and_then(|value| usize::try_from(value).ok())
            .unwrap_or(default)
    }

    pub fn flag(&self, name: &str, default: bool) -> bool {
        self.params
            .get(name)
            .and_then(Json::as_bool)
            .unwrap_or(default)
    }

    pub fn text(&self, name: &str) -> Option<&'a str> {
        self.params.get(name).and_then(Json::as_str)
    }

    /// A list of texts, or one text as a list of one.
    pub fn text_list(&self, name: &str) -> Option<Vec<&'a str>> {
        match self.params.get(name)? {
            Json::String(one) => Some(vec![one]),
            Json::Array(all) => Some(all.iter().filter_map(Json::as_str).collect()),
            _ => None,
        }
    }

    /// `[{doc, …}]`: the fields that `of_text` gives, for each record, with the record's `id`.
    pub fn per_doc(&self, of_text: impl Fn(&str) -> Json) -> Json {
        let records = self.records().iter().map(|record| {
            let mut fields = match of_text(text_of(record)) {
                Json::Object(fields) => fields,
                other => Map::from_iter([("value".to_owned(), other)]),
            };
            if let Some(id) = record.get("id") {
                fields.insert("doc".to_owned(), id.clone());
            }
            Json::Object(fields)
        });
        records.collect()
    }
}

fn text_of(record: &Json) -> &str {
    record
        .get("text")
        .and_then(Json::as_str)
        .unwrap_or_default()
}
