//! Putting the values of LaTeX macros for their names.

use std::borrow::Cow;

/// Bytes that are searched for names in one text, so that thousands of macros, or macros that double each other, take
/// no more than about a second.
const MOST_SEARCHED: usize = 1 << 30;

/// A text may grow to this many times its length and a megabyte.
const MOST_GROWTH: usize = 16;

/// Replaces each macro without arguments by its value, in its definition too.
///
/// A definition is `\newcommand{\name}{value}`, also with `*`, or `\def\name{value}`: its name has letters and digits of
/// ASCII, and the brace that closes its value ends a line. Those of `\newcommand` are done first, in the order of the
/// text; of several for one name the last value counts. A name is replaced where one character that is no letter or
/// digit follows it; that character cannot begin the next name. Definitions that would blow up a text are left alone.
///
/// # Source
///
/// Data-Juicer 1.4.3, `expand_macro_mapper`, after RedPajama's.
pub fn expand_macros(text: &str) -> Cow<'_, str> {
    let mut expanded = Cow::Borrowed(text);
    if !text.contains(r"\newcommand") && !text.contains(r"\def") {
        return expanded;
    }
    let most_bytes = text.len().saturating_mul(MOST_GROWTH) + (1 << 20);
    let mut n_searched = 0_usize;
    for (name, value) in definitions(text) {
        n_searched = n_searched.saturating_add(expanded.len());
        if n_searched > MOST_SEARCHED {
            break;
        }
        if let Some(replaced) = replace(&expanded, name, value, most_bytes) {
            expanded = Cow::Owned(replaced);
        }
    }
    expanded
}

/// Names, with their backslash, and values.
fn definitions(text: &str) -> Vec<(&str, &str)> {
    let mut found: Vec<(&str, &str)> = Vec::new();
    let mut idx_of = std::collections::HashMap::new();
    for definition in [newcommand, def] {
        for line in text.split('\n') {
            let mut rest = line;
            while let Some(at) = rest.find('\\') {
                rest = &rest[at + 1..];
                let Some((name, value)) = definition(rest) else {
                    continue;
                };
                let idx = *idx_of.entry(name).or_insert(found.len());
                match found.get_mut(idx) {
                    Some(known) => known.1 = value,
                    None => found.push((name, value)),
                }
                // A definition runs to the end of its line.
                break;
            }
        }
    }
    found
}

/// `newcommand{\name}{value}` at the end of a line.
fn newcommand(line: &str) -> Option<(&str, &str)> {
    let rest = line.strip_prefix("newcommand")?;
    let rest = rest.strip_prefix('*').unwrap_or(rest);
    let (name, rest) = split_name(rest.strip_prefix('{')?)?;
    let value = rest.strip_prefix("}{")?.strip_suffix('}')?;
    Some((name, value))
}

/// `def\name{value}` at the end of a line.
fn def(line: &str) -> Option<(&str, &str)> {
    let (name, rest) = split_name(line.strip_prefix("def")?.trim_start())?;
    let value = rest.trim_start().strip_prefix('{')?.strip_suffix('}')?;
    Some((name, value))
}

fn split_name(text: &str) -> Option<(&str, &str)> {
    let name = text.strip_prefix('\\')?;
    let length = name
        .find(|c: char| !c.is_ascii_alphanumeric())
        .unwrap_or(name.len());
    (length > 0).then(|| text.split_at(length + 1))
}

/// The text with `value` for `name`; none where the name is not in it or the text would be too long.
fn replace(text: &str, name: &str, value: &str, most_bytes: usize) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    // Up to here of the rest no name may begin.
    let mut taken = 0;
    let mut copied = 0;
    while let Some(at) = rest.get(taken..).and_then(|open| open.find(name)) {
        let end = taken + at + name.len();
        let Some(next) = rest[end..].chars().next() else {
            break;
        };
        if next.is_ascii_alphanumeric() {
            taken = end;
            continue;
        }
        out.push_str(&rest[..taken + at]);
        out.push_str(value);
        if out.len() > most_bytes {
            return None;
        }
        copied += end;
        rest = &rest[end..];
        taken = next.len_utf8();
    }
    if copied == 0 {
        return None;
    }
    out.push_str(rest);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(expand_macros(text), expected, "{text:?}");
    }

    #[test]
    fn macros_become_their_values_in_definitions_too() {
        check(
            "\\newcommand{\\R}{real}\n\\R, \\R{} \\Rx\\R",
            "\\newcommand{real}{real}\nreal, real{} \\Rx\\R",
        );
        check("\\def \\a {b\\c}\n\\a.", "\\def b\\c {b\\c}\nb\\c.");
        check("\\newcommand*{\\a}{é}\n\\a\n", "\\newcommand*{é}{é}\né\n");
    }

    #[test]
    fn the_last_value_counts_and_values_are_expanded_by_later_macros() {
        check("\\def\\a{1}\n\\def\\a{2}\n\\a ", "\\def2{1}\n\\def2{2}\n2 ");
        check(
            "\\newcommand{\\a}{\\b}\n\\newcommand{\\b}{c}\n\\a\n",
            "\\newcommand{c}{c}\n\\newcommand{c}{c}\nc\n",
        );
    }

    #[test]
    fn definitions_with_arguments_or_text_after_them_are_none() {
        for text in [
            "\\newcommand{\\a}[1]{b}\n\\a ",
            "\\newcommand{\\a}{b} % c\n\\a ",
            "\\newcommand{\\a}{b",
            "\\def",
            "",
        ] {
            check(text, text);
        }
    }

    #[test]
    fn a_name_that_touches_the_one_before_stays() {
        check(
            "\\def\\a{b}\n\\a\\a\\a ",
            "\\def\\a{b}\n\\a\\a\\a "
                .replace("\\def\\a", "\\defb")
                .replace("\n\\a\\a\\a ", "\nb\\ab ")
                .as_str(),
        );
    }

    #[test]
    fn doubling_macros_do_not_blow_up() {
        let name = |i: u32| format!("\\m{}", char::from(b'a' + i as u8));
        let mut text: String = (0..25)
            .map(|i| format!("\\def{}{{{1} {1} }}\n", name(i), name(i + 1)))
            .collect();
        text.push_str("\\ma ");
        assert!(expand_macros(&text).len() < 3_000_000);
    }
}
