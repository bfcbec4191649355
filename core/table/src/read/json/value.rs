//! A JSON value that keeps the order of keys and borrows text where it can.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// A parsed value. Nesting is bounded by the parser (128 levels).
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Json<'a> {
    Null,
    Boolean(bool),
    Integer(i64),
    /// A number with a fraction or an exponent, or beyond 64 bits.
    Float(f64),
    Text(Cow<'a, str>),
    List(Vec<Json<'a>>),
    /// In the order of the file; a key may stand twice.
    Object(Vec<(Cow<'a, str>, Json<'a>)>),
}

impl Json<'_> {
    /// What a person calls such a value.
    pub(crate) fn label(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean(_) => "a boolean",
            Self::Integer(_) => "an integer",
            Self::Float(_) => "a number",
            Self::Text(_) => "a text",
            Self::List(_) => "a list",
            Self::Object(_) => "an object",
        }
    }

    /// The value as JSON text.
    pub(crate) fn to_json_text(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }

    /// The value as the text of a text column: texts as they are, everything else as JSON.
    pub(crate) fn to_cell_text(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            value => Cow::Owned(value.to_json_text()),
        }
    }

    fn write(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Boolean(value) => out.push_str(if *value { "true" } else { "false" }),
            // Writing into a string cannot fail.
            Self::Integer(value) => drop(write!(out, "{value}")),
            Self::Float(value) => drop(write!(out, "{value:?}")),
            Self::Text(text) => write_text(text, out),
            Self::List(items) => {
                out.push('[');
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    item.write(out);
                }
                out.push(']');
            }
            Self::Object(fields) => {
                out.push('{');
                for (at, (key, value)) in fields.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    write_text(key, out);
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
        }
    }
}

fn write_text(text: &str, out: &mut String) {
    match serde_json::to_string(text) {
        Ok(quoted) => out.push_str(&quoted),
        // A text is always representable; an empty one stands in for the impossible.
        Err(_) => out.push_str("\"\""),
    }
}

impl<'de> Deserialize<'de> for Json<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonVisitor)
    }
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Json<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Json<'de>, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Json<'de>, E> {
        Ok(Json::Boolean(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Json<'de>, E> {
        Ok(Json::Integer(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Json<'de>, E> {
        // An unsigned number beyond i64 is most often an identifier or a hash: its digits must survive.
        Ok(i64::try_from(value)
            .map_or_else(|_| Json::Text(value.to_string().into()), Json::Integer))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Json<'de>, E> {
        Ok(Json::Float(value))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Json<'de>, E> {
        Ok(Json::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Json<'de>, E> {
        Ok(Json::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Json<'de>, E> {
        Ok(Json::Text(Cow::Owned(text)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json<'de>, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Json<'de>, A::Error> {
        let mut object = Vec::new();
        while let Some(Key(key)) = fields.next_key()? {
            object.push((key, fields.next_value()?));
        }
        Ok(Json::Object(object))
    }
}

/// A key, borrowed where it has no escapes; `Cow`'s own implementation always copies.
struct Key<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;
        impl<'de> Visitor<'de> for KeyVisitor {
            type Value = Key<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a key")
            }

            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Borrowed(text)))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(KeyVisitor)
    }
}

/// Parses one value. Python writes `NaN`, `Infinity` and `-Infinity`, which are no JSON: they become null, and the
/// number of them is returned.
///
/// # Errors
///
/// The parser's words, with the character's position.
pub(crate) fn parse(
    text: &str,
    scratch: &mut String,
    use_value: &mut dyn FnMut(Json<'_>),
) -> Result<u64, String> {
    match serde_json::from_str::<Json<'_>>(text) {
        Ok(value) => {
            use_value(value);
            Ok(0)
        }
        Err(error) => {
            let n_replaced = without_non_finite(text, scratch);
            if n_replaced > 0
                && let Ok(value) = serde_json::from_str::<Json<'_>>(scratch)
            {
                use_value(value);
                return Ok(n_replaced);
            }
            let words = error.to_string();
            // The parser sees one value, so its line number says nothing about the file.
            let words = words
                .split(" at line ")
                .next()
                .unwrap_or_default()
                .to_owned();
            Err(format!("{words} (character {})", error.column()))
        }
    }
}

/// Copies `text` with `NaN`, `Infinity` and `-Infinity` outside of strings as `null`; returns how many there were.
fn without_non_finite(text: &str, out: &mut String) -> u64 {
    out.clear();
    let mut n_replaced = 0;
    let mut rest = text;
    while let Some(at) = rest.find(['"', 'N', 'I', '-']) {
        let (before, from_mark) = rest.split_at(at);
        out.push_str(before);
        if let Some(inside) = from_mark.strip_prefix('"') {
            let len = 2 + string_len(inside);
            let (string, after) = from_mark.split_at(len.min(from_mark.len()));
            out.push_str(string);
            rest = after;
        } else if let Some(after) = ["NaN", "-Infinity", "Infinity"]
            .iter()
            .find_map(|word| from_mark.strip_prefix(word))
        {
            out.push_str("null");
            n_replaced += 1;
            rest = after;
        } else {
            let (mark, after) = from_mark.split_at(1);
            out.push_str(mark);
            rest = after;
        }
    }
    out.push_str(rest);
    n_replaced
}

/// Bytes up to the closing quote, which does not count.
fn string_len(inside: &str) -> usize {
    let bytes = inside.as_bytes();
    let mut at = 0;
    while let Some(found) = memchr::memchr2(b'"', b'\\', bytes.get(at..).unwrap_or_default()) {
        at += found;
        if bytes.get(at) == Some(&b'"') {
            return at;
        }
        at += 2;
        // An escape before a character of several bytes is no JSON; the cut must still be between characters.
        while at < bytes.len() && !inside.is_char_boundary(at) {
            at += 1;
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_parsed_in_order_or_refused_in_words() {
        let check = |text: &str, expected: Result<(&str, u64), &str>| {
            let mut out = String::new();
            let got = parse(text, &mut String::new(), &mut |value| {
                out = value.to_json_text()
            });
            match expected {
                Ok((json, n_replaced)) => {
                    assert_eq!((got, out.as_str()), (Ok(n_replaced), json), "{text}")
                }
                Err(words) => assert!(
                    got.clone().is_err_and(|e| e.contains(words)),
                    "{text}: {got:?}"
                ),
            }
        };
        check(
            r#"{"b": 1, "a": [1.5, null, true]}"#,
            Ok((r#"{"b":1,"a":[1.5,null,true]}"#, 0)),
        );
        check(
            r#"{"a": NaN, "b": -Infinity, "c": "NaN"}"#,
            Ok((r#"{"a":null,"b":null,"c":"NaN"}"#, 2)),
        );
        check(r#"["\"NaN", NaN]"#, Ok((r#"["\"NaN",null]"#, 1)));
        check("18446744073709551615", Ok((r#""18446744073709551615""#, 0)));
        check(r#""\ud83d\ude00""#, Ok(("\"😀\"", 0)));
        check("{", Err("EOF"));
        check(r#"{"a": }"#, Err("character 7"));
        check(r#"{"a": NaN, "b": nope}"#, Err("character"));
        check(&"[".repeat(200), Err("recursion limit"));
        check("\"\\é", Err("escape"));
        check("-NaN \"\\", Err("character"));
    }
}
