//! The words and signs that a condition on a record's fields is written in.

use serde_json::Value as Json;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Comparison {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
    NotEqual,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Name(String),
    Constant(Json),
    Compare(Comparison),
    Dot,
    Minus,
    Open,
    Close,
}

/// Text that is no token of a condition is an error.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let after = |n_bytes: usize| rest.get(n_bytes..).unwrap_or_default();
        if first.is_whitespace() {
            rest = after(first.len_utf8());
        } else if first == '_' || first.is_alphabetic() {
            let end = rest.find(|c: char| c != '_' && !c.is_alphanumeric());
            let end = end.unwrap_or(rest.len());
            tokens.push(Token::Name(rest.get(..end).unwrap_or_default().to_owned()));
            rest = after(end);
        } else if first.is_ascii_digit() || (first == '.' && after(1).starts_with(is_digit)) {
            let end = end_of_number(rest);
            tokens.push(Token::Constant(number_constant(
                rest.get(..end).unwrap_or_default(),
            )?));
            rest = after(end);
        } else if matches!(first, '\'' | '"') {
            let (constant, end) = text_constant(rest, first)?;
            tokens.push(Token::Constant(Json::String(constant)));
            rest = after(end);
        } else {
            let found = SYMBOLS.iter().find(|(symbol, _)| rest.starts_with(symbol));
            let (symbol, token) =
                found.ok_or_else(|| format!("unexpected {first:?} in the condition"))?;
            tokens.push(token.clone());
            rest = after(symbol.len());
        }
    }
    Ok(tokens)
}

/// Longer ones before those that they start with.
const SYMBOLS: [(&str, Token); 10] = [
    ("<=", Token::Compare(Comparison::LessOrEqual)),
    (">=", Token::Compare(Comparison::GreaterOrEqual)),
    ("==", Token::Compare(Comparison::Equal)),
    ("!=", Token::Compare(Comparison::NotEqual)),
    ("<", Token::Compare(Comparison::Less)),
    (">", Token::Compare(Comparison::Greater)),
    (".", Token::Dot),
    ("-", Token::Minus),
    ("(", Token::Open),
    (")", Token::Close),
];

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

/// Digits, letters, `_`, `.`, and the sign of an exponent.
fn end_of_number(text: &str) -> usize {
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        let is_sign = matches!(c, '+' | '-') && matches!(before, 'e' | 'E');
        if !is_sign && c != '.' && c != '_' && !c.is_ascii_alphanumeric() {
            return at;
        }
        before = c;
    }
    text.len()
}

fn number_constant(text: &str) -> Result<Json, String> {
    let error = || format!("{text} is no number");
    let digits = text.replace('_', "");
    if let Ok(integer) = digits.parse::<i64>() {
        return Ok(Json::from(integer));
    }
    let number: f64 = digits.parse().map_err(|_| error())?;
    Ok(Json::from(number))
}

/// The text that starts with `quote`, and where it ends in bytes.
fn text_constant(text: &str, quote: char) -> Result<(String, usize), String> {
    let mut constant = String::new();
    let mut chars = text.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        if c == quote {
            return Ok((constant, at + 1));
        }
        if c != '\\' {
            constant.push(c);
            continue;
        }
        match chars.next().map(|(_, escaped)| escaped) {
            Some('n') => constant.push('\n'),
            Some('t') => constant.push('\t'),
            Some('r') => constant.push('\r'),
            Some(same @ ('\\' | '\'' | '"')) => constant.push(same),
            Some(other) => constant.extend(['\\', other]),
            None => break,
        }
    }
    Err("a text of the condition is not closed".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_texts_are_constants() {
        let constants = |text| {
            let constant = |token| match token {
                Token::Constant(value) => Some(value),
                _ => None,
            };
            let tokens: Vec<Token> = tokens(text).unwrap();
            tokens.into_iter().filter_map(constant).collect::<Json>()
        };
        assert_eq!(
            constants("1_000 .5 1e-3 5."),
            serde_json::json!([1000, 0.5, 0.001, 5.0])
        );
        assert_eq!(
            constants(r#"'é\'"' "\\" "#),
            serde_json::json!(["é'\"", "\\"])
        );
    }

    #[test]
    fn other_signs_are_errors() {
        assert!(tokens("a + b").is_err() && tokens("0x").is_err() && tokens("'a\\").is_err());
    }
}
