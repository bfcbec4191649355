//! Load options: what a person may override, checked once.

use std::collections::BTreeMap;

use encoding_rs::Encoding;
use sluice_analysis::{Params, Value};

use crate::error::TableError;
use crate::read::column::Kind;

/// A file format that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    Csv,
    /// One JSON value, or an array of them.
    Json,
    /// One JSON value per line.
    Jsonl,
    /// Lines of text without further structure.
    Lines,
    Xlsx,
    Parquet,
    /// Arrow IPC, file or stream.
    Ipc,
}

impl Format {
    pub const ALL: [Self; 7] = [
        Self::Csv,
        Self::Json,
        Self::Jsonl,
        Self::Lines,
        Self::Xlsx,
        Self::Parquet,
        Self::Ipc,
    ];

    /// The name in options, guesses and [`Loaded::format`](crate::Loaded::format).
    pub fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::Lines => "lines",
            Self::Xlsx => "xlsx",
            Self::Parquet => "parquet",
            Self::Ipc => "ipc",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}

/// How the bytes of a file are packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compression {
    None,
    Gzip,
    Zstd,
}

impl Compression {
    pub(crate) const ALL: [Self; 3] = [Self::None, Self::Gzip, Self::Zstd];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }
}

/// Overrides of the guesses, and choices that have no guess. `None` leaves the decision to the sniffer.
#[derive(Clone, Debug, Default)]
pub(crate) struct LoadOptions {
    pub(crate) format: Option<Format>,
    pub(crate) compression: Option<Compression>,
    pub(crate) encoding: Option<&'static Encoding>,
    pub(crate) delimiter: Option<u8>,
    /// `Some(None)`: quotes have no meaning.
    pub(crate) quote: Option<Option<u8>>,
    /// `Some(None)`: no line is a comment.
    pub(crate) comment: Option<Option<u8>>,
    pub(crate) header: Option<bool>,
    /// The decimal mark, `.` or `,`.
    pub(crate) decimal: Option<u8>,
    /// Whether spaces around delimiters are dropped.
    pub(crate) trim: Option<bool>,
    /// Words that stand for a missing value in every column, instead of the guessed ones.
    pub(crate) null_values: Option<Vec<String>>,
    pub(crate) sheet: Option<String>,
    /// Of a JSON file that is one object: the field that holds the rows; empty for the object itself.
    pub(crate) records: Option<String>,
    /// Share of the input to read, in (0, 1].
    pub(crate) sample_share: Option<f64>,
    /// Columns to keep, in this order.
    pub(crate) columns: Option<Vec<String>>,
    /// Lines (CSV, lines) or rows (spreadsheets) before the table.
    pub(crate) skip_rows: u64,
    /// Types set by the person, by column name.
    pub(crate) types: BTreeMap<String, Kind>,
}

impl LoadOptions {
    /// Reads options by name.
    ///
    /// # Errors
    ///
    /// [`TableError::Param`] names the option that is unknown or does not fit.
    pub(crate) fn from_params(params: &Params) -> Result<Self, TableError> {
        let mut options = Self::default();
        for (name, value) in params {
            // A null means "as guessed", so that a form can send every field.
            if *value == Value::Null {
                continue;
            }
            options.set(name, value)?;
        }
        Ok(options)
    }

    fn set(&mut self, name: &str, value: &Value) -> Result<(), TableError> {
        let refuse = |expected: String| TableError::Param {
            what: format!("load option “{name}”"),
            reason: format!("{expected} is needed"),
        };
        let one_of = |names: &[&str]| refuse(format!("one of {}", names.join(", ")));
        match name {
            "format" => {
                let format = value.as_str().and_then(Format::named);
                self.format = Some(format.ok_or_else(|| one_of(&Format::ALL.map(Format::name)))?);
            }
            "compression" => {
                let found = Compression::ALL
                    .into_iter()
                    .find(|compression| Some(compression.name()) == value.as_str());
                self.compression =
                    Some(found.ok_or_else(|| one_of(&Compression::ALL.map(Compression::name)))?);
            }
            "encoding" => {
                let encoding = value
                    .as_str()
                    .and_then(|label| Encoding::for_label(label.as_bytes()));
                self.encoding = Some(encoding.ok_or_else(|| {
                    refuse("an encoding label such as utf-8 or windows-1252".to_owned())
                })?);
            }
            "delimiter" => {
                let byte = ascii_mark(value).flatten();
                self.delimiter =
                    Some(byte.ok_or_else(|| refuse("one ASCII character".to_owned()))?);
            }
            "quote" | "comment" => {
                let mark = ascii_mark(value)
                    .ok_or_else(|| refuse("one ASCII character or empty text".to_owned()))?;
                if name == "quote" {
                    self.quote = Some(mark)
                } else {
                    self.comment = Some(mark)
                }
            }
            "header" | "trim" => {
                let flag = value
                    .as_bool()
                    .ok_or_else(|| refuse("true or false".to_owned()))?;
                if name == "header" {
                    self.header = Some(flag)
                } else {
                    self.trim = Some(flag)
                }
            }
            "decimal" => {
                let mark = value.as_str().and_then(|text| match text {
                    "." => Some(b'.'),
                    "," => Some(b','),
                    _ => None,
                });
                self.decimal = Some(mark.ok_or_else(|| one_of(&[".", ","]))?);
            }
            "sheet" => {
                self.sheet = Some(
                    value
                        .as_str()
                        .ok_or_else(|| refuse("the name of a sheet".to_owned()))?
                        .to_owned(),
                );
            }
            "records" => {
                self.records = Some(
                    value
                        .as_str()
                        .ok_or_else(|| refuse("the name of a field".to_owned()))?
                        .to_owned(),
                );
            }
            "sample_share" => {
                let share = value.as_f64().filter(|share| *share > 0.0 && *share <= 1.0);
                self.sample_share =
                    Some(share.ok_or_else(|| refuse("a share above 0 and at most 1".to_owned()))?);
            }
            "columns" | "null_values" => {
                let texts: Option<Vec<String>> = value.as_list().and_then(|items| {
                    items
                        .iter()
                        .map(|item| item.as_str().map(str::to_owned))
                        .collect()
                });
                let texts = texts.ok_or_else(|| refuse("a list of texts".to_owned()))?;
                if name == "null_values" {
                    self.null_values = Some(texts);
                } else if !texts.is_empty() {
                    self.columns = Some(texts);
                }
            }
            "skip_rows" => {
                let rows = value.as_int().and_then(|rows| u64::try_from(rows).ok());
                self.skip_rows = rows.ok_or_else(|| refuse("a count of rows".to_owned()))?;
            }
            "types" => {
                let Value::Map(types) = value else {
                    return Err(refuse("a map from column name to type".to_owned()));
                };
                for (column, kind) in types {
                    let kind = kind.as_str().and_then(Kind::named);
                    let kind = kind.ok_or_else(|| one_of(&Kind::ALL.map(Kind::name)))?;
                    self.types.insert(column.clone(), kind);
                }
            }
            // Which table of a sample the source stands for; the engine's matter.
            "table" => {}
            _ => {
                return Err(TableError::Param {
                    what: format!("load option “{name}”"),
                    reason: format!("it does not exist; there are {}", NAMES.join(", ")),
                });
            }
        }
        Ok(())
    }
}

/// Names that [`LoadOptions::from_params`] takes.
const NAMES: [&str; 16] = [
    "format",
    "compression",
    "encoding",
    "delimiter",
    "quote",
    "comment",
    "header",
    "decimal",
    "trim",
    "null_values",
    "sheet",
    "records",
    "sample_share",
    "columns",
    "skip_rows",
    "types",
];

/// One ASCII character as its byte, empty text as `Some(None)`; anything else is no mark.
/// NUL and line ends are refused: they cannot be told from padding and record ends.
fn ascii_mark(value: &Value) -> Option<Option<u8>> {
    match value.as_str()?.as_bytes() {
        [] => Some(None),
        [byte] if byte.is_ascii() && !matches!(byte, 0 | b'\n' | b'\r') => Some(Some(*byte)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_read_or_refused_with_the_name() {
        let check = |name: &str, value: Value, expected: Result<(), &str>| {
            let params = Params::from([(name.to_owned(), value.clone())]);
            let got = LoadOptions::from_params(&params)
                .map(|_| ())
                .map_err(|error| error.to_string());
            match expected {
                Ok(()) => assert_eq!(got, Ok(()), "{name} = {value:?}"),
                Err(part) => assert!(
                    got.clone().is_err_and(|e| e.contains(part)),
                    "{name} = {value:?}: {got:?}"
                ),
            }
        };
        check("format", "csv".into(), Ok(()));
        check("format", Value::Null, Ok(()));
        check("format", "exe".into(), Err("one of csv"));
        check("delimiter", "\t".into(), Ok(()));
        check("delimiter", "".into(), Err("one ASCII character"));
        check("delimiter", "\n".into(), Err("one ASCII character"));
        check("quote", "".into(), Ok(()));
        check("quote", "„".into(), Err("one ASCII character"));
        check("encoding", "latin1".into(), Ok(()));
        check("encoding", "klingon".into(), Err("encoding label"));
        check("sample_share", Value::Float(0.0), Err("above 0"));
        check("sample_share", Value::Int(1), Ok(()));
        check("sample_share", Value::Float(f64::NAN), Err("above 0"));
        check("skip_rows", Value::Int(-1), Err("count of rows"));
        check("columns", Value::List(vec!["a".into()]), Ok(()));
        check(
            "columns",
            Value::List(vec![Value::Int(1)]),
            Err("list of texts"),
        );
        check(
            "types",
            Value::Map(Params::from([("a".to_owned(), "text".into())])),
            Ok(()),
        );
        check(
            "types",
            Value::Map(Params::from([("a".to_owned(), "blob".into())])),
            Err("one of"),
        );
        check("colour", "red".into(), Err("does not exist"));
    }
}
