//! Dolma: attribute sidecars and mixer configurations.

mod mixer;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{InterchangeError, lines};
pub use mixer::{MixerStream, Threshold, mixer_config};

/// What taggers say of one document: a line of an attribute file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Attributes {
    pub id: String,
    /// By full name, see [`attribute_name`].
    pub attributes: BTreeMap<String, Vec<AttributeSpan>>,
}

/// A scored part of a document. A score of the whole document spans all of it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "(u64, u64, Option<f64>)", into = "(u64, u64, Option<f64>)")]
pub struct AttributeSpan {
    /// First code point.
    pub start: u64,
    /// Exclusive end, in code points.
    pub end: u64,
    /// NaN where undefined.
    pub score: f64,
}

impl From<(u64, u64, Option<f64>)> for AttributeSpan {
    fn from((start, end, score): (u64, u64, Option<f64>)) -> Self {
        let score = score.unwrap_or(f64::NAN);
        Self { start, end, score }
    }
}

impl From<AttributeSpan> for (u64, u64, Option<f64>) {
    fn from(span: AttributeSpan) -> Self {
        (
            span.start,
            span.end,
            span.score.is_finite().then_some(span.score),
        )
    }
}

/// The full name of an attribute: `experiment__tagger__attribute`.
///
/// Characters that the mixer's paths cannot name become underscores.
pub fn attribute_name(experiment: &str, tagger: &str, attribute: &str) -> String {
    let parts = [experiment, tagger, attribute];
    parts
        .map(|part| part.replace(|c: char| !c.is_ascii_alphanumeric() && c != '_', "_"))
        .join("__")
}

/// Writes attributes as JSON lines, one document each.
///
/// Spans with an undefined score are left out: the mixer's comparisons hold for null.
pub fn write_attributes<'a>(documents: impl Iterator<Item = &'a Attributes>) -> String {
    let mut text = String::new();
    for document in documents {
        let mut document = document.clone();
        for spans in document.attributes.values_mut() {
            spans.retain(|span| span.score.is_finite());
        }
        // Strings and numbers can always be written.
        text.push_str(&serde_json::to_string(&document).unwrap_or_default());
        text.push('\n');
    }
    text
}

/// Reads attributes from JSON lines; blank lines are skipped.
///
/// # Errors
///
/// [`InterchangeError`] with the line that is no object with `id` and `attributes`.
pub fn read_attributes(text: &str) -> Result<Vec<Attributes>, InterchangeError> {
    lines::read(
        text,
        "an object with an id and attributes, each a list of [start, end, score]",
        "read an attribute file of Dolma, not its documents",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_read_as_written() {
        let name = attribute_name("exp-1", "gopher_v1", "word count");
        assert_eq!(name, "exp_1__gopher_v1__word_count");
        let span = |score| AttributeSpan {
            start: 0,
            end: 9,
            score,
        };
        let document = Attributes {
            id: "a/1".to_owned(),
            attributes: [
                (name, vec![span(0.5), span(3.0)]),
                ("x__y__z".to_owned(), vec![]),
            ]
            .into(),
        };
        let text = write_attributes([&document, &document].into_iter());
        let line = r#"{"id":"a/1","attributes":{"exp_1__gopher_v1__word_count":[[0,9,0.5],[0,9,3.0]],"x__y__z":[]}}"#;
        assert_eq!(text.lines().next().unwrap(), line);
        assert_eq!(
            read_attributes(&text).unwrap(),
            [document.clone(), document]
        );
        let undefined = "{\"id\":\"1\",\"attributes\":{\"a\":[[0,1,null]]},\"source\":\"x\"}";
        assert!(
            read_attributes(undefined).unwrap()[0].attributes["a"][0]
                .score
                .is_nan()
        );
    }

    #[test]
    fn mistakes_have_a_line() {
        let check = |text: &str, line: usize| {
            let error = read_attributes(text).unwrap_err();
            assert_eq!(error.place().unwrap().0, line, "{error}");
        };
        check(
            "{\"id\":\"1\",\"attributes\":{}}\n{\"id\":\"1\",\"text\":\"x\"}",
            2,
        );
        check("{\"id\":\"1\",\"attributes\":{\"a\":[[0,-1,2]]}}", 1);
        check("\n{", 2);
    }
}
