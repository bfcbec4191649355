//! Values as YAML that PyYAML, jsonargparse and YAML 1.2 readers all read as the same values.

use std::fmt::Write as _;

use sluice_analysis::Value;

use super::scalar::resolve;

/// Longest list that is written on one line, in characters.
const LINE_CHARS: usize = 88;

/// Longest key before a colon: readers look ahead 1024 characters at most.
const KEY_CHARS: usize = 512;

/// Text with indentation.
#[derive(Default)]
pub struct Writer {
    pub text: String,
}

impl Writer {
    /// `key: value` at an indentation, values in it two deeper.
    pub fn entry(&mut self, indent: usize, key: &str, value: &Value) {
        self.indent(indent);
        self.key(indent, key);
        self.after_colon(indent, value);
    }

    /// `key:`, for what follows deeper.
    pub fn heading(&mut self, indent: usize, key: &str) {
        self.indent(indent);
        self.key(indent, key);
        self.text.push('\n');
    }

    /// `- key:` with parameters below, or alone.
    pub fn step<'a>(
        &mut self,
        indent: usize,
        key: &str,
        entries: impl Iterator<Item = (&'a str, &'a Value)>,
    ) {
        self.indent(indent);
        self.text.push_str("- ");
        self.key(indent + 2, key);
        self.text.push('\n');
        for (key, value) in entries {
            self.entry(indent + 4, key, value);
        }
    }

    /// An item of a list: what `write` adds at `indent + 2`, with a dash before its first line.
    pub fn item(&mut self, indent: usize, write: impl FnOnce(&mut Self)) {
        let dash = self.text.len() + indent;
        write(self);
        if self.text.get(dash..=dash) == Some(" ") {
            self.text.replace_range(dash..=dash, "-");
        }
    }

    /// Lines that readers skip.
    pub fn comment(&mut self, indent: usize, text: &str) {
        for line in text.lines() {
            self.indent(indent);
            self.text.push('#');
            if !line.is_empty() {
                self.text.push(' ');
            }
            self.text
                .extend(line.chars().map(|c| if is_printable(c) { c } else { ' ' }));
            self.text.push('\n');
        }
    }

    fn indent(&mut self, indent: usize) {
        self.text.extend(std::iter::repeat_n(' ', indent));
    }

    fn key(&mut self, indent: usize, key: &str) {
        let written = scalar(&Value::Text(key.to_owned()));
        if written.len() > KEY_CHARS {
            self.text.push_str("? ");
            self.text.push_str(&written);
            self.text.push('\n');
            self.indent(indent);
        } else {
            self.text.push_str(&written);
        }
        self.text.push(':');
    }

    fn after_colon(&mut self, indent: usize, value: &Value) {
        match value {
            Value::List(items) => match on_one_line(items) {
                Some(line) => self.rest_of_line(&line),
                None => {
                    self.text.push('\n');
                    self.items(indent + 2, items);
                }
            },
            Value::Map(fields) if fields.is_empty() => self.rest_of_line("{}"),
            Value::Map(fields) => {
                self.text.push('\n');
                for (key, value) in fields {
                    self.entry(indent + 2, key, value);
                }
            }
            single => self.rest_of_line(&scalar(single)),
        }
    }

    fn items(&mut self, indent: usize, items: &[Value]) {
        for item in items {
            self.indent(indent);
            self.text.push('-');
            match item {
                // The first key stands beside the dash.
                Value::Map(fields) if !fields.is_empty() => {
                    for (position, (key, value)) in fields.iter().enumerate() {
                        if position == 0 {
                            self.text.push(' ');
                        } else {
                            self.indent(indent + 2);
                        }
                        self.key(indent + 2, key);
                        self.after_colon(indent + 2, value);
                    }
                }
                other => self.after_colon(indent, other),
            }
        }
    }

    fn rest_of_line(&mut self, text: &str) {
        self.text.push(' ');
        self.text.push_str(text);
        self.text.push('\n');
    }
}

/// A single value, on one line; containers in flow style.
pub fn write_value(value: &Value) -> String {
    match value {
        Value::List(items) => {
            let items: Vec<_> = items.iter().map(write_value).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Map(fields) => {
            let fields: Vec<_> = fields
                .iter()
                .map(|(key, value)| {
                    format!(
                        "{}: {}",
                        scalar(&Value::Text(key.clone())),
                        write_value(value)
                    )
                })
                .collect();
            format!("{{{}}}", fields.join(", "))
        }
        single => scalar(single),
    }
}

fn on_one_line(items: &[Value]) -> Option<String> {
    let is_single = |item: &Value| match item {
        Value::Map(_) => false,
        Value::List(items) => items
            .iter()
            .all(|item| !matches!(item, Value::Map(_) | Value::List(_))),
        _ => true,
    };
    if !items.iter().all(is_single) {
        return None;
    }
    let line = format!(
        "[{}]",
        items.iter().map(write_value).collect::<Vec<_>>().join(", ")
    );
    (line.len() <= LINE_CHARS).then_some(line)
}

fn scalar(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Float(value) => float(*value),
        Value::Text(text) => quoted(text),
        Value::List(_) | Value::Map(_) => write_value(value),
    }
}

/// With a point always, so that every reader takes it for a float.
fn float(value: f64) -> String {
    if value.is_nan() {
        return ".nan".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { ".inf" } else { "-.inf" }.to_owned();
    }
    let size = value.abs();
    if value == 0.0 || (1e-5..1e16).contains(&size) {
        return format!("{value:?}");
    }
    let written = format!("{value:e}");
    let (mantissa, exponent) = written.split_once('e').unwrap_or((&written, "0"));
    let point = if mantissa.contains('.') { "" } else { ".0" };
    let sign = if exponent.starts_with('-') { "" } else { "+" };
    format!("{mantissa}{point}e{sign}{exponent}")
}

fn quoted(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    if text.chars().all(is_printable) {
        return format!("'{}'", text.replace('\'', "''"));
    }
    let mut written = String::with_capacity(text.len() + 2);
    written.push('"');
    for character in text.chars() {
        match character {
            '"' => written.push_str("\\\""),
            '\\' => written.push_str("\\\\"),
            '\n' => written.push_str("\\n"),
            '\r' => written.push_str("\\r"),
            '\t' => written.push_str("\\t"),
            c if is_printable(c) => written.push(c),
            c => {
                let code = u32::from(c);
                // Writing into a string does not fail.
                let _ = match code {
                    0..=0xff => write!(written, "\\x{code:02x}"),
                    0x100..=0xffff => write!(written, "\\u{code:04x}"),
                    _ => write!(written, "\\U{code:08x}"),
                };
            }
        }
    }
    written.push('"');
    written
}

/// Words that no reader takes for something else.
fn is_plain(text: &str) -> bool {
    let is_word = |c: char| c.is_ascii_alphanumeric() || "_./+-".contains(c);
    let starts_well = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || c == '/');
    // Single letters are booleans in some YAML 1.1 readers.
    let is_switch = matches!(text, "y" | "Y" | "n" | "N");
    starts_well
        && text.len() <= LINE_CHARS
        && text.chars().all(is_word)
        && !is_switch
        && matches!(resolve(text), Value::Text(_))
        && matches!(resolve(&text.to_ascii_lowercase()), Value::Text(_))
}

/// Characters that stand for themselves between quotes, on one line, in every YAML version.
fn is_printable(character: char) -> bool {
    match character {
        ' '..='~' => true,
        '\u{2028}' | '\u{2029}' | '\u{feff}' => false,
        '\u{a0}'..='\u{fffd}' => true,
        _ => character >= '\u{10000}',
    }
}
