//! What parameters of several operators share.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::operator::{Fault, Span};
use crate::text::data_juicer::lower_words::{LowerWords, WordList};
use crate::text::heuristics::spans::CodePoints;

/// Refuses `tokenization: true`.
///
/// # Errors
///
/// [`Fault`] with what to do.
pub fn without_tokenizer(tokenization: bool) -> Result<(), Fault> {
    if tokenization {
        return Err(Fault::new(
            "tokenization",
            "needs a tokenizer model, which is not here; set it to false for words between blanks",
        ));
    }
    Ok(())
}

/// The given words, or else the list of the language, or the lists of all languages.
///
/// `lists` are languages with their words between blanks; the language comes with the name of its parameter.
///
/// # Errors
///
/// [`Fault`] if there is neither.
pub fn word_list_words<'a>(
    lists: &[(&'a str, &'a str)],
    (lang_param, lang): (&str, &str),
    words: &'a [String],
) -> Result<Vec<&'a str>, Fault> {
    if !words.is_empty() {
        return Ok(words.iter().map(String::as_str).collect());
    }
    let is_asked = |language: &str| lang == "all" || lang == language;
    if !lists.iter().any(|(language, _)| is_asked(language)) {
        let known: Vec<&str> = lists.iter().map(|(language, _)| *language).collect();
        let known = known.join(", ");
        return Err(Fault::new(
            lang_param,
            format!("no list of `{lang}`: choose one of {known} or all, or give `words`"),
        ));
    }
    let asked = lists.iter().filter(|(language, _)| is_asked(language));
    Ok(asked
        .flat_map(|(_, words)| words.split_ascii_whitespace())
        .collect())
}

/// As [`word_list_words`], ready to be asked.
///
/// # Errors
///
/// As there.
pub fn word_list(lists: &[(&str, &str)], lang: &str, words: &[String]) -> Result<WordList, Fault> {
    Ok(WordList::new(word_list_words(
        lists,
        ("lang", lang),
        words,
    )?))
}

/// Where words of the list stand in a text.
pub fn listed_spans(text: &str, list: &WordList, kind: &'static str) -> Vec<Span> {
    let mut points = CodePoints::new(text);
    let mut start = 0;
    let mut spans = Vec::new();
    for piece in text.split([' ', '\n', '\t']) {
        let end = start + piece.len();
        let is_listed = LowerWords::of(piece).iter().any(|word| list.contains(word));
        if is_listed {
            let is_around = |c: char| !c.is_alphanumeric();
            let word = piece.trim_start_matches(is_around);
            let word_start = end - word.len();
            let word_end = word_start + word.trim_end_matches(is_around).len();
            let (first, last) = (points.before(word_start), points.before(word_end));
            spans.push(Span::new(first, last, kind, 1.0));
        }
        start = end + 1;
    }
    spans
}

/// The column of a dotted key; none of an empty one.
pub fn first_part(dotted_key: &str) -> Vec<String> {
    let first = dotted_key.split('.').next().unwrap_or_default();
    Vec::from_iter((!first.is_empty()).then(|| first.to_owned()))
}

/// One text, or a list of texts, as recipes write either.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    pub fn as_slice(&self) -> &[String] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(many) => many,
        }
    }

    /// All that are not empty.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.as_slice()
            .iter()
            .map(String::as_str)
            .filter(|text| !text.is_empty())
    }
}

impl Default for OneOrMany {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

/// Puts the values of measures where they belong.
pub fn fill(slots: &mut [f64], values: impl IntoIterator<Item = f64>) {
    for (slot, value) in slots.iter_mut().zip(values) {
        *slot = value;
    }
}

/// Whose definitions of web filters count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WebDialect {
    #[default]
    Datatrove,
    Dolma,
    Nemo,
}

/// The limit, unless it is 0, which switches rules of datatrove off.
pub fn unless_zero(limit: Option<f64>) -> Option<f64> {
    limit.filter(|limit| *limit != 0.0)
}

#[cfg(test)]
pub mod testing {
    use crate::operator::{Operator, Prepared, TextFilter, TextViews};

    pub fn filter(operator: &dyn Operator, params: &str) -> Box<dyn TextFilter> {
        let params = serde_json::from_str(params).unwrap();
        match operator.prepare(&params) {
            Ok(Prepared::Filter(filter)) => filter,
            Ok(_) => panic!("no filter of texts"),
            Err(fault) => panic!("{fault}"),
        }
    }

    pub fn values(operator: &dyn Operator, params: &str, text: &str) -> Vec<f64> {
        let filter = filter(operator, params);
        let mut values = vec![f64::NAN; filter.measures().len()];
        filter.measure(&TextViews::new(text), &mut values);
        values
    }

    /// The first condition that does not hold.
    pub fn reason(operator: &dyn Operator, params: &str, text: &str) -> Option<usize> {
        let values = values(operator, params, text);
        let conditions = filter(operator, params).conditions();
        conditions
            .iter()
            .position(|condition| !condition.holds(values[condition.measure]))
    }
}
