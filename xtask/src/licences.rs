//! Licence expressions, as crates write them: `MIT OR Apache-2.0`, `(A OR B) AND C`, the older `A/B`.

use crate::shell::Result;

/// Whether an expression can be met with allowed licences only.
pub fn allowed(expression: &str, allow: &[String]) -> Result<bool> {
    if expression.trim().is_empty() {
        return Err("it names none".to_owned());
    }
    let spaced = expression
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace('/', " OR ");
    let mut words = spaced.split_whitespace().peekable();
    let result = any_of(&mut words, allow)?;
    match words.next() {
        None => Ok(result),
        Some(word) => Err(format!("`{word}` is not expected there")),
    }
}

type Words<'a> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

fn any_of(words: &mut Words, allow: &[String]) -> Result<bool> {
    let mut result = all_of(words, allow)?;
    while words.next_if_eq(&"OR").is_some() {
        result |= all_of(words, allow)?;
    }
    Ok(result)
}

fn all_of(words: &mut Words, allow: &[String]) -> Result<bool> {
    let mut result = one(words, allow)?;
    while words.next_if_eq(&"AND").is_some() {
        result &= one(words, allow)?;
    }
    Ok(result)
}

fn one(words: &mut Words, allow: &[String]) -> Result<bool> {
    match words.next() {
        None => Err("it ends too early".to_owned()),
        Some("(") => {
            let result = any_of(words, allow)?;
            match words.next() {
                Some(")") => Ok(result),
                _ => Err("a bracket is not closed".to_owned()),
            }
        }
        Some(name) => {
            // An exception only adds rights, so the licence alone decides.
            if words.next_if_eq(&"WITH").is_some() && words.next().is_none() {
                return Err("it ends too early".to_owned());
            }
            Ok(allow.iter().any(|allowed| allowed == name))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_met_by_allowed_licences() {
        let allow = ["MIT".to_owned(), "Apache-2.0".to_owned()];
        let p = |expression: &str| allowed(expression, &allow);
        assert_eq!(p("MIT"), Ok(true));
        assert_eq!(p("GPL-3.0"), Ok(false));
        assert_eq!(p("GPL-3.0 OR MIT"), Ok(true));
        assert_eq!(p("GPL-3.0 AND MIT"), Ok(false));
        assert_eq!(
            p("(MIT OR GPL-3.0) AND Apache-2.0 WITH LLVM-exception"),
            Ok(true)
        );
        assert_eq!(p("Unlicense/MIT"), Ok(true));
        assert!(p("").is_err());
        assert!(p("(MIT").is_err());
        assert!(p("MIT GPL-3.0").is_err());
    }
}
