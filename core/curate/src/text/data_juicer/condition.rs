//! Conditions on a record's fields, such as `10 < num <= 30 and text != 'x' and meta.a == 3`.
//!
//! A subset of Python's expressions, as Data-Juicer's `general_field_filter` takes it: `and`, `or`, chained
//! comparisons, dotted names, numbers, texts, `True`, `False`, `None`, parentheses. A minus before a number is taken
//! too. Anything else is an error.

use std::cmp::Ordering;

use serde_json::Value as Json;

use super::condition_tokens::{Comparison, Token, tokens};
use super::fields::{equal, number};

/// A condition, read.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition(Option<Expression>);

#[derive(Clone, Debug, PartialEq)]
enum Expression {
    All(Vec<Expression>),
    Any(Vec<Expression>),
    Compared(Box<Expression>, Vec<(Comparison, Expression)>),
    Field(Vec<String>),
    Constant(Json),
}

impl Condition {
    /// Blank text is the condition that always holds.
    pub fn parse(text: &str) -> Result<Self, String> {
        let tokens = tokens(text)?;
        if tokens.is_empty() {
            return Ok(Self(None));
        }
        let mut parser = Parser {
            tokens: &tokens,
            depth: 0,
        };
        let expression = parser.any()?;
        match parser.tokens.first() {
            None => Ok(Self(Some(expression))),
            Some(token) => Err(format!("unexpected {token:?} in the condition")),
        }
    }

    /// First parts of the dotted names that the condition reads, each once, in order.
    pub fn columns(&self) -> Vec<String> {
        let mut columns = Vec::new();
        if let Some(expression) = &self.0 {
            expression.add_columns(&mut columns);
        }
        columns
    }

    /// Whether the condition holds for the record.
    ///
    /// Comparisons with null, or with a field that is missing, are false. Text and numbers have no order between them:
    /// an error.
    pub fn holds(&self, record: &Json) -> Result<bool, String> {
        match &self.0 {
            None => Ok(true),
            Some(expression) => expression.value(record).map(|value| is_true(&value)),
        }
    }
}

impl Expression {
    fn add_columns(&self, columns: &mut Vec<String>) {
        match self {
            Self::All(parts) | Self::Any(parts) => {
                parts.iter().for_each(|part| part.add_columns(columns));
            }
            Self::Compared(first, rest) => {
                first.add_columns(columns);
                rest.iter().for_each(|(_, part)| part.add_columns(columns));
            }
            Self::Field(path) => {
                if let Some(column) = path.first().filter(|column| !columns.contains(column)) {
                    columns.push(column.clone());
                }
            }
            Self::Constant(_) => {}
        }
    }

    fn value(&self, record: &Json) -> Result<Json, String> {
        match self {
            Self::All(parts) => {
                for part in parts {
                    if !is_true(&part.value(record)?) {
                        return Ok(Json::Bool(false));
                    }
                }
                Ok(Json::Bool(true))
            }
            Self::Any(parts) => {
                for part in parts {
                    if is_true(&part.value(record)?) {
                        return Ok(Json::Bool(true));
                    }
                }
                Ok(Json::Bool(false))
            }
            Self::Compared(first, rest) => {
                let mut left = first.value(record)?;
                for (comparison, right) in rest {
                    let right = right.value(record)?;
                    if left.is_null() || right.is_null() || !comparison.holds(&left, &right)? {
                        return Ok(Json::Bool(false));
                    }
                    left = right;
                }
                Ok(Json::Bool(true))
            }
            Self::Field(path) => {
                let value = path.iter().try_fold(record, |value, name| value.get(name));
                Ok(value.cloned().unwrap_or_default())
            }
            Self::Constant(value) => Ok(value.clone()),
        }
    }
}

impl Comparison {
    fn holds(self, left: &Json, right: &Json) -> Result<bool, String> {
        let order = || match (left, right) {
            (Json::String(left), Json::String(right)) => Ok(Some(left.cmp(right))),
            _ => match (number(left), number(right)) {
                (Some(left), Some(right)) => Ok(left.partial_cmp(&right)),
                _ => Err(format!("{left} and {right} have no order")),
            },
        };
        Ok(match self {
            Self::Equal => equal(left, right),
            Self::NotEqual => !equal(left, right),
            Self::Less => order()? == Some(Ordering::Less),
            Self::Greater => order()? == Some(Ordering::Greater),
            Self::LessOrEqual => order()?.is_some_and(Ordering::is_le),
            Self::GreaterOrEqual => order()?.is_some_and(Ordering::is_ge),
        })
    }
}

/// Python's truth: null, zero and what is empty are false.
fn is_true(value: &Json) -> bool {
    match value {
        Json::Null => false,
        Json::String(text) => !text.is_empty(),
        Json::Array(values) => !values.is_empty(),
        Json::Object(fields) => !fields.is_empty(),
        other => number(other) != Some(0.0),
    }
}

struct Parser<'a> {
    tokens: &'a [Token],
    /// Of open parentheses.
    depth: usize,
}

/// Deeper parentheses are an error, as they are for Python.
const MAX_DEPTH: usize = 100;

impl Parser<'_> {
    fn any(&mut self) -> Result<Expression, String> {
        let mut parts = vec![self.all()?];
        while self.take_word("or") {
            parts.push(self.all()?);
        }
        Ok(one_or(parts, Expression::Any))
    }

    fn all(&mut self) -> Result<Expression, String> {
        let mut parts = vec![self.compared()?];
        while self.take_word("and") {
            parts.push(self.compared()?);
        }
        Ok(one_or(parts, Expression::All))
    }

    fn compared(&mut self) -> Result<Expression, String> {
        let first = self.operand()?;
        let mut rest = Vec::new();
        while let Some((Token::Compare(comparison), tokens)) = self.tokens.split_first() {
            self.tokens = tokens;
            rest.push((*comparison, self.operand()?));
        }
        if rest.is_empty() {
            return Ok(first);
        }
        Ok(Expression::Compared(Box::new(first), rest))
    }

    fn operand(&mut self) -> Result<Expression, String> {
        match self.next() {
            Some(Token::Constant(value)) => Ok(Expression::Constant(value)),
            Some(Token::Minus) => match self.next() {
                Some(Token::Constant(Json::Number(number))) => {
                    let negative = match number.as_i64() {
                        Some(integer) => Json::from(-integer),
                        None => Json::from(-number.as_f64().unwrap_or_default()),
                    };
                    Ok(Expression::Constant(negative))
                }
                _ => Err("a minus stands before a number only".to_owned()),
            },
            Some(Token::Name(name)) => match name.as_str() {
                "True" => Ok(Expression::Constant(Json::Bool(true))),
                "False" => Ok(Expression::Constant(Json::Bool(false))),
                "None" => Ok(Expression::Constant(Json::Null)),
                "and" | "or" | "not" | "in" | "is" | "if" | "else" | "lambda" => {
                    Err(format!("unexpected {name} in the condition"))
                }
                _ => self.field(name),
            },
            Some(Token::Open) if self.depth < MAX_DEPTH => {
                self.depth += 1;
                let inner = self.any()?;
                self.depth -= 1;
                match self.next() {
                    Some(Token::Close) => Ok(inner),
                    _ => Err("a parenthesis of the condition is not closed".to_owned()),
                }
            }
            Some(token) => Err(format!("unexpected {token:?} in the condition")),
            None => Err("the condition ends too early".to_owned()),
        }
    }

    fn field(&mut self, name: String) -> Result<Expression, String> {
        let mut path = vec![name];
        while let Some((Token::Dot, tokens)) = self.tokens.split_first() {
            self.tokens = tokens;
            match self.next() {
                Some(Token::Name(name)) => path.push(name),
                _ => return Err("a name has to follow the dot".to_owned()),
            }
        }
        Ok(Expression::Field(path))
    }

    fn next(&mut self) -> Option<Token> {
        let (first, rest) = self.tokens.split_first()?;
        self.tokens = rest;
        Some(first.clone())
    }

    fn take_word(&mut self, word: &str) -> bool {
        match self.tokens.split_first() {
            Some((Token::Name(name), rest)) if name == word => {
                self.tokens = rest;
                true
            }
            _ => false,
        }
    }
}

fn one_or(mut parts: Vec<Expression>, join: fn(Vec<Expression>) -> Expression) -> Expression {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        last => {
            parts.extend(last);
            join(parts)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn holds(condition: &str) -> Result<bool, String> {
        let record =
            json!({"num": 5, "flag": true, "text": "it's", "meta": {"a": 2}, "none": null});
        Condition::parse(condition)?.holds(&record)
    }

    #[test]
    fn and_binds_more_than_or() {
        assert_eq!(holds("num == 5 or num == 6 and flag == False"), Ok(true));
        assert_eq!(holds("(num == 5 or num == 6) and flag == False"), Ok(false));
        assert_eq!(
            holds("0 < num <= 5.0 and meta.a == 2 and flag == 1"),
            Ok(true)
        );
        assert_eq!(
            holds("-1 < num and text == 'it\\'s' and text != \"x\""),
            Ok(true)
        );
        assert_eq!(holds("  "), Ok(true));
    }

    #[test]
    fn comparisons_with_null_are_false() {
        assert_eq!(holds("none == None"), Ok(false));
        assert_eq!(holds("missing != 3"), Ok(false));
        assert_eq!(holds("meta.b.c < 3"), Ok(false));
    }

    #[test]
    fn what_is_not_supported_is_an_error() {
        for condition in [
            "num <",
            "num + 1 > 2",
            "not flag",
            "num in text",
            "'a",
            "(num",
            "text < 3",
            "num num",
        ] {
            assert!(holds(condition).is_err(), "{condition}");
        }
        assert!(holds(&"(".repeat(100_000)).is_err());
    }
}
