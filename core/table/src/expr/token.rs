//! Text to tokens.

use crate::error::TableError;

/// A token and where it starts: its 1-based character (code point) in the text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub(super) at: usize,
    pub(super) kind: TokenKind,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum TokenKind {
    Int(i64),
    Float(f64),
    Text(String),
    /// `date'…'`, unread.
    Date(String),
    /// `datetime'…'`, unread.
    DateTime(String),
    /// An identifier or keyword as written.
    Word(String),
    /// A name in backticks.
    Name(String),
    Symbol(&'static str),
    End,
}

impl TokenKind {
    /// For messages: what the person wrote.
    pub(super) fn describe(&self) -> String {
        match self {
            Self::Int(value) => format!("“{value}”"),
            Self::Float(value) => format!("“{value}”"),
            Self::Text(text) => format!("the text '{text}'"),
            Self::Date(text) => format!("date'{text}'"),
            Self::DateTime(text) => format!("datetime'{text}'"),
            Self::Word(word) | Self::Name(word) => format!("“{word}”"),
            Self::Symbol(symbol) => format!("“{symbol}”"),
            Self::End => "the end".to_owned(),
        }
    }

    pub(super) fn is_keyword(&self, keyword: &str) -> bool {
        matches!(self, Self::Word(word) if word.eq_ignore_ascii_case(keyword))
    }
}

/// Longest first, so that `<=` is not read as `<`.
const SYMBOLS: [&str; 17] = [
    "==", "!=", "<>", "<=", ">=", "(", ")", ",", "+", "-", "*", "/", "%", "^", "=", "<", ">",
];

/// What people write who come from other languages, and what it is called here.
const FOREIGN: [(&str, &str); 5] = [
    ("&&", "and"),
    ("||", "or"),
    ("!", "not"),
    ("&", "and"),
    ("|", "or"),
];

/// # Errors
///
/// [`TableError::Expression`] for text without an end and characters that stand for nothing.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, TableError> {
    let mut lexer = Lexer { rest: text, at: 1 };
    let mut tokens = Vec::new();
    loop {
        let token = lexer.next()?;
        let ended = token.kind == TokenKind::End;
        tokens.push(token);
        if ended {
            return Ok(tokens);
        }
    }
}

pub(super) fn error(at: usize, reason: impl Into<String>) -> TableError {
    TableError::Expression {
        position: at,
        reason: reason.into(),
    }
}

struct Lexer<'a> {
    rest: &'a str,
    at: usize,
}

impl<'a> Lexer<'a> {
    fn next(&mut self) -> Result<Token, TableError> {
        let blank = self.rest.len() - self.rest.trim_start().len();
        self.take(blank);
        let at = self.at;
        let Some(first) = self.rest.chars().next() else {
            return Ok(Token {
                at,
                kind: TokenKind::End,
            });
        };
        let kind = if first.is_ascii_digit() || self.starts_with_fraction() {
            self.number(at)?
        } else if first == '\'' || first == '"' {
            TokenKind::Text(self.quoted(first, "this text")?)
        } else if first == '`' {
            TokenKind::Name(self.quoted(first, "this name")?)
        } else if first.is_alphabetic() || first == '_' {
            self.word()?
        } else if let Some(symbol) = SYMBOLS
            .iter()
            .find(|symbol| self.rest.starts_with(**symbol))
        {
            self.take(symbol.len());
            TokenKind::Symbol(symbol)
        } else if let Some((symbol, ours)) = FOREIGN
            .iter()
            .find(|(symbol, _)| self.rest.starts_with(symbol))
        {
            return Err(error(at, format!("“{symbol}” is written “{ours}” here")));
        } else {
            return Err(error(
                at,
                format!(
                    "“{first}” is not understood; a column name with signs goes in `backticks`"
                ),
            ));
        };
        Ok(Token { at, kind })
    }

    fn take(&mut self, n_bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(n_bytes);
        self.at += taken.chars().count();
        self.rest = rest;
        taken
    }

    fn take_while(&mut self, belongs: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|c| !belongs(c)).unwrap_or(self.rest.len());
        self.take(end)
    }

    fn starts_with_fraction(&self) -> bool {
        let mut chars = self.rest.chars();
        chars.next() == Some('.') && chars.next().is_some_and(|c| c.is_ascii_digit())
    }

    fn number(&mut self, at: usize) -> Result<TokenKind, TableError> {
        let is_digit = |c: char| c.is_ascii_digit() || c == '_';
        let mut digits = self.take_while(is_digit).replace('_', "");
        let mut is_float = false;
        if self.starts_with_fraction() || (self.rest.starts_with('.') && !digits.is_empty()) {
            is_float = true;
            digits.push_str(self.take(1));
            digits.push_str(&self.take_while(is_digit).replace('_', ""));
        }
        if let Some(exponent) = self.rest.strip_prefix(['e', 'E']) {
            let sign_bytes = usize::from(exponent.starts_with(['+', '-']));
            if exponent[sign_bytes..].starts_with(|c: char| c.is_ascii_digit()) {
                is_float = true;
                digits.push_str(self.take(1 + sign_bytes));
                digits.push_str(self.take_while(|c| c.is_ascii_digit()));
            }
        }
        if self.rest.starts_with(|c: char| c.is_alphanumeric()) {
            return Err(error(
                at,
                "a number is followed directly by letters; a column name that starts with a digit goes in `backticks`",
            ));
        }
        if !is_float && let Ok(value) = digits.parse() {
            return Ok(TokenKind::Int(value));
        }
        digits
            .parse()
            .map(TokenKind::Float)
            .map_err(|_| error(at, format!("“{digits}” is not a number")))
    }

    /// Reads up to the closing quote; a doubled quote stands for one.
    fn quoted(&mut self, quote: char, what: &str) -> Result<String, TableError> {
        let at = self.at;
        self.take(quote.len_utf8());
        let mut text = String::new();
        loop {
            text.push_str(self.take_while(|c| c != quote));
            if self.rest.is_empty() {
                return Err(error(at, format!("{what} has no closing {quote}")));
            }
            self.take(quote.len_utf8());
            if !self.rest.starts_with(quote) {
                return Ok(text);
            }
            text.push(quote);
            self.take(quote.len_utf8());
        }
    }

    fn word(&mut self) -> Result<TokenKind, TableError> {
        let word = self.take_while(|c| c.is_alphanumeric() || c == '_');
        let Some(quote) = self.rest.chars().next().filter(|c| matches!(c, '\'' | '"')) else {
            return Ok(TokenKind::Word(word.to_owned()));
        };
        match word.to_ascii_lowercase().as_str() {
            "date" => Ok(TokenKind::Date(self.quoted(quote, "this date")?)),
            "datetime" => Ok(TokenKind::DateTime(self.quoted(quote, "this date-time")?)),
            _ => Ok(TokenKind::Word(word.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(usize, TokenKind)]) {
        let read: Vec<(usize, TokenKind)> = tokens(text)
            .expect(text)
            .into_iter()
            .map(|token| (token.at, token.kind))
            .collect();
        assert_eq!(read[..read.len() - 1], *expected, "{text}");
    }

    #[test]
    fn tokens_know_their_character() {
        use TokenKind::*;
        check(
            "1 + 2.5e-1",
            &[(1, Int(1)), (3, Symbol("+")), (5, Float(0.25))],
        );
        check(
            "1_000 .5 2.",
            &[(1, Int(1000)), (7, Float(0.5)), (10, Float(2.0))],
        );
        check(
            "'it''s' \"a\"\"b\"",
            &[(1, Text("it's".into())), (9, Text("a\"b".into()))],
        );
        check(
            "`a ``b``` größe",
            &[(1, Name("a `b`".into())), (11, Word("größe".into()))],
        );
        check(
            "ü<=date'2026-01-31'",
            &[
                (1, Word("ü".into())),
                (2, Symbol("<=")),
                (4, Date("2026-01-31".into())),
            ],
        );
        check("99999999999999999999", &[(1, Float(1e20))]);
        check("", &[]);
    }

    #[test]
    fn mistakes_are_located() {
        let check = |text: &str, expected: &str| {
            assert_eq!(tokens(text).expect_err(text).to_string(), expected);
        };
        check(
            "a && b",
            "expression, character 3: “&&” is written “and” here",
        );
        check(
            "a = 'x",
            "expression, character 5: this text has no closing '",
        );
        check(
            "é + 2nd",
            "expression, character 5: a number is followed directly by letters; a column name that starts with a digit goes in `backticks`",
        );
        check(
            "a § b",
            "expression, character 3: “§” is not understood; a column name with signs goes in `backticks`",
        );
    }
}
